//! What an input takes and an output gives.

use serde::{Deserialize, Serialize};

/// The five kinds of FLORA, and room for those to come.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MediaKind {
    Image,
    Video,
    Audio,
    Text,
    Document,
    /// A type this version does not know, by its wire word.
    Other(String),
}

impl MediaKind {
    /// "picture", "film", …: the singular noun in sentences.
    pub fn noun(&self) -> &str {
        match self {
            Self::Image => "picture",
            Self::Video => "video",
            Self::Audio => "sound",
            Self::Text => "text",
            Self::Document => "document",
            Self::Other(word) => word,
        }
    }

    /// "1 picture", "4 pictures".
    pub fn counted(&self, count: usize) -> String {
        let noun = self.noun();
        if count == 1 {
            format!("1 {noun}")
        } else {
            format!("{count} {noun}s")
        }
    }

    /// A short, stable word for the database and for tests.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Image => "image",
            Self::Video => "video",
            Self::Audio => "audio",
            Self::Text => "text",
            Self::Document => "document",
            Self::Other(word) => word,
        }
    }

    /// Reads what [`Self::as_str`] wrote.
    pub fn parse(word: &str) -> Self {
        match word {
            "image" => Self::Image,
            "video" => Self::Video,
            "audio" => Self::Audio,
            "text" => Self::Text,
            "document" => Self::Document,
            other => Self::Other(other.to_owned()),
        }
    }

    /// Whether a value of this kind is a file (and not text typed into a field).
    pub fn is_file(&self) -> bool {
        matches!(
            self,
            Self::Image | Self::Video | Self::Audio | Self::Document
        )
    }
}
