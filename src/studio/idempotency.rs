//! Idempotency as measured: a duplicate suppressor, not a replayer.
//!
//! The second use of a key within two hours answers 409 without the first one's id. A request that fails frees its key,
//! because the key is written in the transaction of what it is for. A run that fails later keeps its key.

use axum::http::HeaderMap;
use rusqlite::Connection;

use super::refusal::Refusal;
use super::store::{StoreError, keys};

/// The header form, for every POST but the nested start of a run.
const HEADER: &str = "idempotency-key";
const LONGEST: usize = 255;

/// What a key is for. The same key may be used once for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    NestedStart,
    QuickStart,
    CreateAsset,
    CompleteAsset,
    RetryAsset,
}

impl Scope {
    fn name(self) -> &'static str {
        match self {
            Self::NestedStart => "nested_start",
            Self::QuickStart => "quick_start",
            Self::CreateAsset => "create_asset",
            Self::CompleteAsset => "complete_asset",
            Self::RetryAsset => "retry_asset",
        }
    }
}

/// A key, if the request has one, and what it is for.
#[derive(Clone, Debug)]
pub(super) struct Key {
    scope: Scope,
    key: Option<String>,
}

impl Key {
    /// From the header. A body field of that name is ignored.
    pub(super) fn from_header(scope: Scope, headers: &HeaderMap) -> Result<Self, Refusal> {
        let key = match headers.get(HEADER).map(|value| value.to_str()) {
            None => None,
            Some(Ok(key)) => Some(key.to_owned()),
            Some(Err(_)) => return Err(Refusal::field("Idempotency-Key", "must be plain text")),
        };
        Self::new(scope, "Idempotency-Key", key)
    }

    /// From the body's `idempotency_key`. A header is ignored.
    pub(super) fn from_body(scope: Scope, key: Option<String>) -> Result<Self, Refusal> {
        Self::new(scope, "idempotency_key", key)
    }

    fn new(scope: Scope, field: &str, key: Option<String>) -> Result<Self, Refusal> {
        match &key {
            Some(key) if key.is_empty() || key.len() > LONGEST => {
                Err(Refusal::field(field, "must have 1 to 255 characters"))
            }
            _ => Ok(Self { scope, key }),
        }
    }

    pub(super) fn as_str(&self) -> Option<&str> {
        self.key.as_deref()
    }

    /// Takes the key, in the transaction of what it is for.
    ///
    /// # Errors
    /// [`StoreError::Duplicate`] when it was used in the last two hours.
    pub(super) fn claim(&self, connection: &Connection, now: i64) -> Result<(), StoreError> {
        match &self.key {
            Some(key) => keys::claim(connection, self.scope.name(), key, now),
            None => Ok(()),
        }
    }
}
