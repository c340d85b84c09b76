//! What every request passes first: it gets an id, must be meant for this computer, and must bring the key.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::{AUTHORIZATION, HOST, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use url::Host;

use super::context::Cx;
use super::refusal::Refusal;
use super::{ids, origin};

/// Counts the request and puts a `request-id` on its answer, whatever the answer is.
pub(super) async fn identify(State(cx): State<Arc<Cx>>, request: Request, next: Next) -> Response {
    cx.tally.request(request.method(), request.uri().path());
    let mut response = next.run(request).await;
    let id = HeaderValue::try_from(ids::fresh("req_")).expect("an id is plain ASCII");
    response.headers_mut().insert("request-id", id);
    response
}

/// Refuses requests that name another host: a web page whose own name was pointed at this computer sends that name.
pub(super) async fn same_host(request: Request, next: Next) -> Response {
    let host = request
        .headers()
        .get(HOST)
        .and_then(|host| host.to_str().ok())
        .map(|host| host.rsplit_once(':').map_or(host, |(name, _port)| name))
        .and_then(|name| Host::parse(name).ok());
    if host.is_some_and(|host| origin::is_loopback(&host)) {
        next.run(request).await
    } else {
        Refusal::new(
            StatusCode::MISDIRECTED_REQUEST,
            "forbidden",
            "The studio answers only to this computer's own name",
        )
        .into_response()
    }
}

/// Refuses requests without the key.
pub(super) async fn authorize(State(cx): State<Arc<Cx>>, request: Request, next: Next) -> Response {
    let given = request
        .headers()
        .get(AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "));
    let refusal = match given {
        Some(key) if same(key.trim(), &cx.key) => return next.run(request).await,
        Some(_) => Refusal::new(
            StatusCode::UNAUTHORIZED,
            "invalid_api_key",
            "This API key is not valid",
        ),
        None => Refusal::new(
            StatusCode::UNAUTHORIZED,
            "unauthorized",
            "An API key is required: Authorization: Bearer …",
        ),
    };
    let mut response = refusal.into_response();
    response
        .headers_mut()
        .insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    response
}

/// Compares in a time that does not tell where the two differ.
fn same(given: &str, key: &str) -> bool {
    given.len() == key.len()
        && given
            .bytes()
            .zip(key.bytes())
            .fold(0, |difference, (a, b)| difference | (a ^ b))
            == 0
}
