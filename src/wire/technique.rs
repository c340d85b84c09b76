//! Techniques and the schema of their inputs and outputs.

use serde::{Deserialize, Serialize};

use super::lenient::null_as_default;
use super::open::open_enum;
use super::{Extra, Meta};

open_enum! {
    /// What an input takes or an output gives.
    IoType {
        ImageUrl = "imageUrl",
        VideoUrl = "videoUrl",
        AudioUrl = "audioUrl",
        Text = "text",
        DocumentUrl = "documentUrl",
    }
}

/// A technique, as `GET /techniques` lists it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Technique {
    #[serde(alias = "techniqueId")]
    pub technique_id: String,
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slug: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// USD a run.
    #[serde(default, alias = "runCost")]
    pub run_cost: Option<f64>,
    #[serde(default, deserialize_with = "null_as_default")]
    pub inputs: Vec<InputSpec>,
    #[serde(default, deserialize_with = "null_as_default")]
    pub outputs: Vec<OutputSpec>,
    #[serde(flatten)]
    pub extra: Extra,
}

/// One input of a technique.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct InputSpec {
    pub id: String,
    pub name: String,
    #[serde(rename = "type")]
    pub kind: IoType,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// May be left out.
    #[serde(default, deserialize_with = "null_as_default")]
    pub optional: bool,
    /// Takes several values: one run a value.
    #[serde(default, alias = "allowMultiple", deserialize_with = "null_as_default")]
    pub allow_multiple: bool,
    /// An element id is a valid value.
    #[serde(
        default,
        alias = "acceptsElement",
        deserialize_with = "null_as_default"
    )]
    pub accepts_element: bool,
    /// Such as `"1:1"`.
    #[serde(
        default,
        alias = "specifiedAspectRatio",
        skip_serializing_if = "Option::is_none"
    )]
    pub specified_aspect_ratio: Option<String>,
    /// Seconds.
    #[serde(
        default,
        alias = "specifiedDuration",
        skip_serializing_if = "Option::is_none"
    )]
    pub specified_duration: Option<f64>,
    #[serde(flatten)]
    pub extra: Extra,
}

/// One output of a technique.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OutputSpec {
    pub id: String,
    pub name: String,
    #[serde(rename = "type")]
    pub kind: IoType,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(
        default,
        alias = "specifiedAspectRatio",
        skip_serializing_if = "Option::is_none"
    )]
    pub specified_aspect_ratio: Option<String>,
    /// Seconds.
    #[serde(
        default,
        alias = "specifiedDuration",
        skip_serializing_if = "Option::is_none"
    )]
    pub specified_duration: Option<f64>,
    #[serde(flatten)]
    pub extra: Extra,
}

/// The technique a listed run belongs to.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TechniqueRef {
    #[serde(alias = "techniqueId")]
    pub technique_id: String,
    #[serde(default, deserialize_with = "null_as_default")]
    pub name: String,
    #[serde(flatten)]
    pub extra: Extra,
}

/// A page of `GET /techniques`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TechniqueList {
    pub techniques: Vec<Technique>,
    #[serde(default, deserialize_with = "null_as_default")]
    pub meta: Meta,
}
