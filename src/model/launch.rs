//! A complete, sendable order: parsed once from a draft, then nobody checks again.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{ElementId, InputFile, InputId, LaunchId, MediaKind, TechniqueId, Timestamp, Usd};

/// One run to be started: what is written to the ledger before anything is sent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LaunchOrder {
    pub id: LaunchId,
    pub technique: TechniqueId,
    pub technique_name: Arc<str>,
    /// The price that was on the button.
    pub listed_cost: Option<Usd>,
    /// Answered inputs only, in the schema's order.
    pub inputs: Vec<OrderInput>,
    /// When the person clicked.
    pub created_at: Timestamp,
}

/// One answered input.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OrderInput {
    pub id: InputId,
    /// The input's name in the schema at the click.
    pub name: String,
    pub kind: MediaKind,
    pub value: OrderValue,
}

/// What an input was answered with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderValue {
    Text(String),
    /// Becomes an asset, once per content and workspace.
    File(InputFile),
    /// A public URL; FLORA fetches it into an asset.
    Url(String),
    Element(ElementId),
}

impl LaunchOrder {
    /// One line that tells this run from its neighbours: its first text, else its files' names.
    pub fn summary(&self) -> String {
        let text = self.inputs.iter().find_map(|input| match &input.value {
            OrderValue::Text(text) => Some(one_line(text)),
            _ => None,
        });
        text.filter(|line| !line.is_empty())
            .unwrap_or_else(|| self.file_names())
    }

    fn file_names(&self) -> String {
        let names = self.inputs.iter().filter_map(|input| match &input.value {
            OrderValue::File(file) => Some(file.name.clone()),
            OrderValue::Url(url) => Some(url.clone()),
            OrderValue::Element(id) => Some(id.to_string()),
            OrderValue::Text(_) => None,
        });
        names.collect::<Vec<_>>().join(", ")
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .chars()
        .take(200)
        .collect()
}
