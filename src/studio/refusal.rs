//! What the studio answers instead of what was asked: FLORA's error bodies.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::store::StoreError;
use crate::wire::{ErrorBody, ErrorDetail, FieldError};

/// An answer that is not 2xx, with FLORA's body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    status: StatusCode,
    detail: ErrorDetail,
}

impl Refusal {
    /// A refusal with one of FLORA's codes.
    pub(super) fn new(status: StatusCode, code: &str, message: impl Into<String>) -> Self {
        Self {
            status,
            detail: ErrorDetail {
                code: code.to_owned(),
                message: message.into(),
                fields: Vec::new(),
            },
        }
    }

    /// 400 with a message a field.
    pub(super) fn fields(fields: Vec<FieldError>) -> Self {
        let message = match fields.as_slice() {
            [only] => format!("{}: {}", only.field, only.message),
            many => format!("{} fields need attention", many.len()),
        };
        let mut refusal = Self::new(StatusCode::BAD_REQUEST, "input_validation_error", message);
        refusal.detail.fields = fields;
        refusal
    }

    /// 400 at one field.
    pub(super) fn field(field: &str, message: impl Into<String>) -> Self {
        Self::fields(vec![field_error(field, message)])
    }

    pub(super) fn invalid_json(why: impl std::fmt::Display) -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "invalid_json",
            format!("The body is not valid JSON: {why}"),
        )
    }

    pub(super) fn not_found(what: &str) -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "not_found",
            format!("{what} was not found"),
        )
    }

    pub(super) fn too_large(message: impl Into<String>) -> Self {
        let mut refusal = Self::field("file", message);
        refusal.status = StatusCode::PAYLOAD_TOO_LARGE;
        refusal
    }

    /// As FLORA answers a `ws_` or `prj_` id it cannot parse: with a 500.
    pub(super) fn malformed_id() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal_error",
            "Something went wrong on our side",
        )
    }

    /// The second use of an idempotency key. Says nothing of the first one's run, as measured.
    pub(super) fn duplicate() -> Self {
        Self::new(
            StatusCode::CONFLICT,
            "idempotency_duplicate",
            "A request with this idempotency key was already accepted",
        )
    }
}

/// A field and what is wrong with it.
pub(super) fn field_error(field: &str, message: impl Into<String>) -> FieldError {
    FieldError {
        field: field.to_owned(),
        message: message.into(),
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        if let StoreError::Duplicate = error {
            return Self::duplicate();
        }
        tracing::error!(%error, "the studio's store failed");
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal_error",
            "The studio could not read or write its data",
        )
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let body = ErrorBody { error: self.detail };
        (self.status, Json(body)).into_response()
    }
}
