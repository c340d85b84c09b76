//! One exchange with a server: redirects on a short leash, bodies under a limit, failures told apart.

use std::error::Error;
use std::io::ErrorKind;
use std::time::Instant;

use bytes::{Bytes, BytesMut};
use reqwest::header::{HeaderMap, HeaderValue, LOCATION};
use reqwest::{Method, Request, Response, StatusCode, Url};

use super::answer::Answer;
use super::{ApiError, Client, origin, retry};

/// No JSON answer is larger.
const BODY_LIMIT: usize = 64 << 20;

/// No request is led on more often.
pub(super) const MAX_HOPS: usize = 5;

impl Client {
    /// Sends a request with the key once, follows it on its own origin, and reads the whole answer.
    ///
    /// # Errors
    /// Every way an exchange can fail, an answer that is not 2xx among them.
    pub(super) async fn send(&self, request: Request) -> Result<Answer, ApiError> {
        let began = Instant::now();
        let (method, path) = (request.method().clone(), request.url().path().to_owned());
        let result = self.exchange(request).await;
        let took = began.elapsed();
        match &result {
            Ok(answer) => {
                let request_id = answer.request_id.as_deref();
                tracing::debug!(%method, path, ?took, request_id, "answered");
            }
            Err(error) => {
                let error = error.brief();
                tracing::debug!(%method, path, ?took, error, "failed");
            }
        }
        result
    }

    async fn exchange(&self, request: Request) -> Result<Answer, ApiError> {
        let response = self.follow(request).await?;
        let (status, headers) = (response.status(), response.headers().clone());
        if status == StatusCode::TOO_MANY_REQUESTS {
            self.note_pressure(&headers);
        }
        let request_id = request_id(&headers);
        let body = match read_limited(response, request_id.as_deref()).await {
            Ok(body) => body,
            // The status alone says what to do; a cut page must not turn a 503 into something else.
            Err(_) if !status.is_success() => Bytes::new(),
            Err(error) => return Err(error),
        };
        let answer = Answer::new(status, &headers, request_id, body);
        if status.is_success() {
            Ok(answer)
        } else {
            Err(answer.into_error(self.key(), retry::advice(&headers)))
        }
    }

    async fn follow(&self, mut request: Request) -> Result<Response, ApiError> {
        for _ in 0..=MAX_HOPS {
            let again = request.try_clone();
            let method = request.method().clone();
            let response = self.http().execute(request).await.map_err(from_reqwest)?;
            let Some(target) = redirect_target(&response)? else {
                return Ok(response);
            };
            if !origin::same_origin(&target, self.base_url()) {
                return Err(ApiError::refused(format!(
                    "redirected to {}, where the key must not go",
                    target.origin().ascii_serialization()
                )));
            }
            request = again
                .filter(|_| keeps_method(&method, response.status()))
                .ok_or_else(|| ApiError::refused("redirected in a way that changes the request"))?;
            *request.url_mut() = target;
        }
        Err(ApiError::refused("too many redirects"))
    }

    fn note_pressure(&self, headers: &HeaderMap) {
        let advised = retry::advice(headers).retry_after;
        let wait = advised.unwrap_or(self.retry().unadvised);
        self.gauge().note(Instant::now(), wait);
    }
}

/// A `POST` may only be led on by the two statuses that keep it a `POST`.
fn keeps_method(method: &Method, status: StatusCode) -> bool {
    *method == Method::GET
        || matches!(
            status,
            StatusCode::TEMPORARY_REDIRECT | StatusCode::PERMANENT_REDIRECT
        )
}

/// Where an answer leads, when it is a redirect.
///
/// # Errors
/// [`ApiError::Refused`] for a redirect to nowhere.
pub(super) fn redirect_target(response: &Response) -> Result<Option<Url>, ApiError> {
    if !matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
        return Ok(None);
    }
    let target = response
        .headers()
        .get(LOCATION)
        .and_then(|location| location.to_str().ok())
        .and_then(|location| response.url().join(location).ok());
    target
        .map(Some)
        .ok_or_else(|| ApiError::refused("redirected to nowhere"))
}

/// FLORA's `request-id` (or a proxy's own).
pub(super) fn request_id(headers: &HeaderMap) -> Option<String> {
    ["request-id", "x-request-id"]
        .iter()
        .find_map(|name| headers.get(*name))
        .and_then(readable)
}

/// A header's text, cut to a sane length.
pub(super) fn readable(value: &HeaderValue) -> Option<String> {
    let text: String = value.to_str().ok()?.trim().chars().take(200).collect();
    (!text.is_empty()).then_some(text)
}

async fn read_limited(mut response: Response, request_id: Option<&str>) -> Result<Bytes, ApiError> {
    let too_large = || ApiError::TooLarge {
        limit: BODY_LIMIT,
        request_id: request_id.map(str::to_owned),
    };
    if response.content_length() > Some(BODY_LIMIT as u64) {
        return Err(too_large());
    }
    let mut body = BytesMut::new();
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) if body.len() + chunk.len() > BODY_LIMIT => return Err(too_large()),
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Ok(None) => return Ok(body.freeze()),
            Err(error) => return Err(from_body(&error, request_id)),
        }
    }
}

/// What a failure while reading an answer means.
pub(super) fn from_body(error: &reqwest::Error, request_id: Option<&str>) -> ApiError {
    if error.is_timeout() {
        ApiError::Timeout
    } else {
        ApiError::Cut {
            request_id: request_id.map(str::to_owned),
        }
    }
}

/// What a failure before an answer means.
pub(super) fn from_reqwest(error: reqwest::Error) -> ApiError {
    let message = reason(&error);
    if error.is_dns() || has_no_route(&error) {
        ApiError::Offline { message }
    } else if error.is_connect() && is_tls(&error) {
        ApiError::Tls { message }
    } else if error.is_connect() {
        ApiError::Connect { message }
    } else if error.is_timeout() {
        ApiError::Timeout
    } else if error.is_builder() {
        ApiError::Refused { why: message }
    } else {
        ApiError::Cut { request_id: None }
    }
}

/// The cause at the bottom, which is the one that says something; never a URL.
pub(super) fn reason(error: &reqwest::Error) -> String {
    causes(error)
        .last()
        .map_or_else(|| "unknown error".to_owned(), ToString::to_string)
}

fn causes(error: &reqwest::Error) -> impl Iterator<Item = &(dyn Error + 'static)> {
    std::iter::successors(error.source(), |&cause| beneath(cause))
}

/// The next cause. An `io::Error` hides the error it wraps from `source`.
fn beneath<'a>(cause: &'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    let wrapped = cause
        .downcast_ref::<std::io::Error>()
        .and_then(std::io::Error::get_ref);
    match wrapped {
        Some(inner) => Some(inner),
        None => cause.source(),
    }
}

fn has_no_route(error: &reqwest::Error) -> bool {
    let unroutable = |cause: &std::io::Error| {
        matches!(
            cause.kind(),
            ErrorKind::NetworkUnreachable | ErrorKind::NetworkDown
        )
    };
    error.is_connect() && causes(error).any(|cause| cause.downcast_ref().is_some_and(unroutable))
}

fn is_tls(error: &reqwest::Error) -> bool {
    causes(error).any(|cause| cause.is::<rustls::Error>())
}
