//! FLORA elements: saved references that some inputs take in place of a file.

use std::fmt;

use serde::{Deserialize, Serialize};

/// An element's id, as a person pasted it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ElementId(String);

impl ElementId {
    /// Takes a pasted id; nothing when it is blank or has white space in it.
    pub fn parse(text: &str) -> Option<Self> {
        let id = text.trim();
        (!id.is_empty() && !id.contains(char::is_whitespace)).then(|| Self(id.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ElementId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
