//! What can go wrong between us and FLORA, and what follows from it.

use std::fmt;
use std::time::Duration;

use crate::wire::FieldError;

/// The API room's only error. Its text never holds the key or a page of HTML; FLORA's own message may quote a
/// prompt, so logs and details for support use [`Self::brief`].
#[derive(Clone, Debug, thiserror::Error)]
pub enum ApiError {
    /// There seems to be no network at all: the name does not resolve, or nothing routes there.
    #[error("no network: {message}")]
    Offline { message: String },
    /// The server could not be reached. Nothing was sent.
    #[error("cannot connect: {message}")]
    Connect { message: String },
    /// No answer, or no progress, within the time limit.
    #[error("no answer in time")]
    Timeout,
    /// The server's certificate or TLS failed. Nothing was sent.
    #[error("the connection is not secure: {message}")]
    Tls { message: String },
    /// FLORA answered with an error of its own.
    #[error("{0}")]
    Http(Box<HttpError>),
    /// The answer is not JSON: a proxy's page, or nothing.
    #[error("HTTP {status} without a readable answer{}", Id(request_id))]
    NotJson {
        status: u16,
        request_id: Option<String>,
        advice: Advice,
    },
    /// The answer is JSON and not what was expected at `path`.
    #[error("unexpected answer at {path}: {message}{}", Id(request_id))]
    Decode {
        path: String,
        message: String,
        request_id: Option<String>,
    },
    /// We did not do it: a foreign `poll_url`, plain http, a redirect elsewhere.
    #[error("refused: {why}")]
    Refused { why: String },
    /// The connection ended before the answer did.
    #[error("the answer was cut off{}", Id(request_id))]
    Cut { request_id: Option<String> },
    /// The answer is larger than any answer should be.
    #[error("the answer is larger than {limit} bytes{}", Id(request_id))]
    TooLarge {
        limit: usize,
        request_id: Option<String>,
    },
    /// A server of files (outputs, signed uploads) answered with an error.
    #[error("the file server answered HTTP {status}")]
    FileServer { status: u16, advice: Advice },
    /// FLORA took the file and could not make an asset of it.
    #[error("asset {asset} failed: {message}")]
    AssetFailed { asset: String, message: String },
    /// A local file could not be read.
    #[error("cannot read the file: {message}")]
    File { message: String },
    /// The HTTP client could not be built.
    #[error("cannot set up the connection: {message}")]
    Setup { message: String },
}

/// FLORA's error body and what its headers said about trying again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpError {
    pub status: u16,
    /// FLORA's word, such as `insufficient_credits`; may be empty.
    pub code: String,
    pub message: String,
    /// The inputs at fault, by input id.
    pub fields: Vec<FieldError>,
    pub request_id: Option<String>,
    pub advice: Advice,
}

/// What an answer's headers say about trying again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Advice {
    /// From `retry-after` or `retry-after-ms`.
    pub retry_after: Option<Duration>,
    /// From `x-should-retry`; it decides when present.
    pub should_retry: Option<bool>,
}

impl ApiError {
    /// Whether the same request, if it can be repeated without harm, is worth repeating.
    pub fn is_retryable_get(&self) -> bool {
        match self {
            Self::Offline { .. } | Self::Connect { .. } | Self::Timeout | Self::Cut { .. } => true,
            Self::Http(error) => worth_repeating(error.status, error.advice),
            Self::NotJson { status, advice, .. } | Self::FileServer { status, advice } => {
                worth_repeating(*status, *advice)
            }
            _ => false,
        }
    }

    /// Whether FLORA asked us to slow down: the request took no effect.
    pub fn is_rate_limited(&self) -> bool {
        self.status() == Some(429)
    }

    /// How long the server asked us to wait.
    pub fn retry_after(&self) -> Option<Duration> {
        self.advice().retry_after
    }

    /// For a `POST` that was sent once: could it have taken effect although it failed?
    ///
    /// No when it never left (no connection, refused) and when FLORA said no (4xx but 408); yes when the answer
    /// is missing, cut, unreadable or 5xx.
    pub fn outcome_unknown(&self) -> bool {
        match self {
            Self::Timeout | Self::Cut { .. } | Self::TooLarge { .. } | Self::Decode { .. } => true,
            Self::Http(error) => may_have_worked(error.status),
            Self::NotJson { status, .. } => may_have_worked(*status),
            _ => false,
        }
    }

    /// Whether an earlier request with the same idempotency key took effect: 409 as measured.
    pub fn is_duplicate(&self) -> bool {
        matches!(self, Self::Http(error) if error.status == 409 && error.code != "conflict")
    }

    /// FLORA's `request-id`, for support.
    pub fn request_id(&self) -> Option<&str> {
        match self {
            Self::Http(error) => error.request_id.as_deref(),
            Self::NotJson { request_id, .. }
            | Self::Decode { request_id, .. }
            | Self::Cut { request_id }
            | Self::TooLarge { request_id, .. } => request_id.as_deref(),
            _ => None,
        }
    }

    /// The HTTP status, when there was an answer.
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Http(error) => Some(error.status),
            Self::NotJson { status, .. } | Self::FileServer { status, .. } => Some(*status),
            _ => None,
        }
    }

    /// FLORA's error code, when it gave one.
    pub fn code(&self) -> Option<&str> {
        match self {
            Self::Http(error) if !error.code.is_empty() => Some(&error.code),
            _ => None,
        }
    }

    /// What support needs: status, code and request id, without FLORA's message.
    pub fn brief(&self) -> String {
        match self {
            Self::Http(error) => HttpError {
                message: String::new(),
                ..(**error).clone()
            }
            .to_string(),
            other => other.to_string(),
        }
    }

    /// What the answer's headers said about trying again.
    pub(super) fn advice(&self) -> Advice {
        match self {
            Self::Http(error) => error.advice,
            Self::NotJson { advice, .. } | Self::FileServer { advice, .. } => *advice,
            _ => Advice::default(),
        }
    }

    pub(super) fn refused(why: impl Into<String>) -> Self {
        Self::Refused { why: why.into() }
    }
}

fn worth_repeating(status: u16, advice: Advice) -> bool {
    advice
        .should_retry
        .unwrap_or(matches!(status, 408 | 429 | 500..))
}

/// A 2xx whose body is unreadable worked in all likelihood; a redirect or a 4xx did not.
fn may_have_worked(status: u16) -> bool {
    matches!(status, 200..300 | 408 | 500..)
}

impl fmt::Display for HttpError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HTTP {}", self.status)?;
        if !self.code.is_empty() {
            write!(f, " {}", self.code)?;
        }
        if !self.message.is_empty() {
            write!(f, ": {}", self.message)?;
        }
        write!(f, "{}", Id(&self.request_id))
    }
}

/// ` (request req_…)`, or nothing.
struct Id<'a>(&'a Option<String>);

impl fmt::Display for Id<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(id) => write!(f, " (request {id})"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Advice, ApiError, HttpError};

    fn http(status: u16, code: &str) -> ApiError {
        ApiError::Http(Box::new(HttpError {
            status,
            code: code.to_owned(),
            message: "m".to_owned(),
            fields: Vec::new(),
            request_id: Some("req_1".to_owned()),
            advice: Advice::default(),
        }))
    }

    #[test]
    fn a_post_is_in_doubt_only_when_flora_may_have_acted() {
        let refused = ApiError::refused("x");
        let connect = ApiError::Connect {
            message: String::new(),
        };
        for certain in [
            &refused,
            &connect,
            &http(400, ""),
            &http(402, ""),
            &http(429, ""),
        ] {
            assert!(!certain.outcome_unknown(), "{certain}");
        }
        let cut = ApiError::Cut { request_id: None };
        let page = ApiError::NotJson {
            status: 200,
            request_id: None,
            advice: Advice::default(),
        };
        for doubt in [
            &ApiError::Timeout,
            &cut,
            &page,
            &http(408, ""),
            &http(503, ""),
        ] {
            assert!(doubt.outcome_unknown(), "{doubt}");
        }
    }

    #[test]
    fn only_what_may_pass_is_repeated() {
        for status in [401, 402, 403, 404, 409, 422, 400] {
            assert!(!http(status, "").is_retryable_get(), "{status}");
        }
        for status in [408, 429, 500, 502, 503, 504] {
            assert!(http(status, "").is_retryable_get(), "{status}");
        }
    }

    #[test]
    fn x_should_retry_decides_when_present() {
        let mut told = http(500, "");
        if let ApiError::Http(error) = &mut told {
            error.advice.should_retry = Some(false);
        }
        assert!(!told.is_retryable_get());
        let mut told = http(409, "");
        if let ApiError::Http(error) = &mut told {
            error.advice.should_retry = Some(true);
        }
        assert!(told.is_retryable_get());
    }

    #[test]
    fn the_text_names_status_code_and_request() {
        assert_eq!(
            http(404, "not_found").to_string(),
            "HTTP 404 not_found: m (request req_1)"
        );
    }
}
