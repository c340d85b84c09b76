//! What surrounds the payload: list metadata and the error body.

use serde::{Deserialize, Serialize};

use super::lenient::null_as_default;

/// The `meta` object of every list.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Meta {
    /// Opaque; pass it back as `cursor`. `None` on the last page.
    #[serde(default, alias = "nextCursor")]
    pub next_cursor: Option<String>,
    /// How many items the whole list may have, when the server says.
    #[serde(
        default,
        alias = "totalEstimate",
        skip_serializing_if = "Option::is_none"
    )]
    pub total_estimate: Option<u64>,
}

/// The body of every answer that is not 2xx: `{"error":{…}}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorBody {
    pub error: ErrorDetail,
}

/// What went wrong, in FLORA's words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorDetail {
    #[serde(default, deserialize_with = "null_as_default")]
    pub code: String,
    #[serde(default, deserialize_with = "null_as_default")]
    pub message: String,
    /// The inputs at fault, by input id.
    #[serde(
        default,
        deserialize_with = "null_as_default",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub fields: Vec<FieldError>,
}

/// One input at fault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    pub field: String,
    #[serde(default, deserialize_with = "null_as_default")]
    pub message: String,
}
