//! A whole answer, and how it is read.

use bytes::Bytes;
use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::error::{Advice, HttpError};
use super::key::Key;
use super::page::Listed;
use super::{ApiError, Page, page};
use crate::wire::{self, ErrorBody, FieldError};

/// FLORA's messages are sentences; anything longer is not one.
const MESSAGE_LIMIT: usize = 2000;

/// A read answer.
#[derive(Debug)]
pub(super) struct Answer {
    status: StatusCode,
    pub(super) request_id: Option<String>,
    /// Whether FLORA repeated an earlier answer instead of acting again.
    pub(super) replayed: bool,
    body: Bytes,
}

impl Answer {
    pub(super) fn new(
        status: StatusCode,
        headers: &HeaderMap,
        request_id: Option<String>,
        body: Bytes,
    ) -> Self {
        Self {
            status,
            request_id,
            replayed: headers
                .get("idempotent-replayed")
                .is_some_and(|value| value == "true"),
            body,
        }
    }

    /// Reads a value; a failure names the field's path.
    pub(super) fn decode<T: DeserializeOwned>(&self) -> Result<T, ApiError> {
        from_value(&self.json()?).map_err(|wrong| self.decode_error(wrong))
    }

    /// Reads a page of a list, item by item.
    pub(super) fn page<T: Listed>(&self) -> Result<Page<T>, ApiError> {
        page::read(self.json()?).map_err(|wrong| self.decode_error(wrong))
    }

    /// What an answer that is not 2xx means.
    pub(super) fn into_error(self, key: &Key, advice: Advice) -> ApiError {
        let Ok(body) = serde_json::from_slice::<ErrorBody>(&self.body) else {
            return self.not_json(advice);
        };
        let clean = |text: String| key.redact(text.chars().take(MESSAGE_LIMIT).collect());
        let fields = body.error.fields.into_iter().map(|field| FieldError {
            field: clean(field.field),
            message: clean(field.message),
        });
        ApiError::Http(Box::new(HttpError {
            status: self.status.as_u16(),
            code: clean(body.error.code),
            message: clean(body.error.message),
            fields: fields.collect(),
            request_id: self.request_id,
            advice,
        }))
    }

    fn json(&self) -> Result<Value, ApiError> {
        let mut value: Value = serde_json::from_slice(&self.body).map_err(|error| {
            if error.is_eof() && !self.body.is_empty() {
                ApiError::Cut {
                    request_id: self.request_id.clone(),
                }
            } else {
                self.not_json(Advice::default())
            }
        })?;
        wire::settle_spelling(&mut value);
        Ok(value)
    }

    fn not_json(&self, advice: Advice) -> ApiError {
        ApiError::NotJson {
            status: self.status.as_u16(),
            request_id: self.request_id.clone(),
            advice,
        }
    }

    fn decode_error(&self, wrong: Wrong) -> ApiError {
        ApiError::Decode {
            path: if wrong.path.is_empty() {
                "its top".to_owned()
            } else {
                wrong.path
            },
            message: wrong.message,
            request_id: self.request_id.clone(),
        }
    }
}

/// What could not be read, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wrong {
    /// Such as `inputs[0].type`; empty when it is the whole.
    pub(super) path: String,
    pub(super) message: String,
}

/// Reads a value, keeping the path of what is wrong with it.
pub(super) fn from_value<T: DeserializeOwned>(value: &Value) -> Result<T, Wrong> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        let path = error.path().to_string();
        Wrong {
            path: if path == "." { String::new() } else { path },
            message: without_content(&error.into_inner().to_string()),
        }
    })
}

/// serde quotes the text it did not expect, which may be somebody's words.
fn without_content(message: &str) -> String {
    match (message.find("string \""), message.rfind(", expected")) {
        (Some(start), Some(end)) if start < end => {
            format!("{}a string{}", &message[..start], &message[end..])
        }
        _ => message.chars().take(200).collect(),
    }
}
