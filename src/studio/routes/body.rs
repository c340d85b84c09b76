//! JSON bodies, read with FLORA's errors.

use axum::body::{Body, to_bytes};
use axum::http::StatusCode;
use serde_json::{Map, Value};

use crate::studio::refusal::{Refusal, field_error};
use crate::wire::FieldError;

/// The largest JSON body, in bytes.
const LARGEST: usize = 4 << 20;

/// A JSON object.
pub(super) struct Json(Map<String, Value>);

impl Json {
    /// # Errors
    /// `invalid_json`, or 413 for a body that is no reasonable request.
    pub(super) async fn read(body: Body) -> Result<Self, Refusal> {
        let bytes = to_bytes(body, LARGEST).await.map_err(|_| {
            Refusal::new(
                StatusCode::PAYLOAD_TOO_LARGE,
                "input_validation_error",
                "The body is larger than 4 MB",
            )
        })?;
        let value = serde_json::from_slice(&bytes).map_err(Refusal::invalid_json)?;
        match value {
            Value::Object(object) => Ok(Self(object)),
            _ => Err(Refusal::invalid_json("an object is expected")),
        }
    }

    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    /// A text that may be left out.
    pub(super) fn text(&self, name: &str) -> Result<Option<String>, FieldError> {
        match self.get(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(_) => Err(field_error(name, "must be a text")),
        }
    }

    /// A text that must be there.
    pub(super) fn required_text(&self, name: &str) -> Result<String, FieldError> {
        self.text(name)?
            .filter(|text| !text.is_empty())
            .ok_or_else(|| field_error(name, "is required"))
    }
}

impl From<FieldError> for Refusal {
    fn from(error: FieldError) -> Self {
        Self::fields(vec![error])
    }
}
