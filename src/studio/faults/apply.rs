//! Carries out what the script has for a request.

use std::io;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use futures_util::{StreamExt as _, stream};
use serde_json::Value;

use super::tally::api_path;
use super::{Fault, RetryAfter, rewrite};
use crate::studio::context::Cx;
use crate::studio::line::Scissors;
use crate::studio::refusal::Refusal;

/// As much as an answer may have to be rewritten or cut.
const LARGEST: usize = 1 << 30;
/// Long enough for the first half of a cut answer to be on its way.
const HALF_WAY: Duration = Duration::from_millis(15);

/// Lets a request through, unless the script says otherwise.
pub(in crate::studio) async fn apply(
    State(cx): State<Arc<Cx>>,
    ConnectInfo(scissors): ConnectInfo<Scissors>,
    mut request: Request,
    next: Next,
) -> Response {
    let plan = cx
        .faults
        .plan(request.method(), api_path(request.uri().path()));
    if let Some(twist) = plan.twist {
        request.extensions_mut().insert(twist);
    }
    let mut response = match plan.interruption {
        None => next.run(request).await,
        Some(fault) => interrupt(&fault, &scissors, request, next).await,
    };
    for fault in &plan.rewritings {
        response = rewritten(fault, response).await;
    }
    response
}

async fn interrupt(fault: &Fault, scissors: &Scissors, request: Request, next: Next) -> Response {
    match fault {
        Fault::Slow(wait) => {
            tokio::time::sleep(*wait).await;
            next.run(request).await
        }
        Fault::Cut => cut(next.run(request).await).await,
        Fault::LostBefore => {
            scissors.cut();
            StatusCode::OK.into_response()
        }
        Fault::LostAfter => {
            let response = next.run(request).await;
            scissors.cut();
            response
        }
        other => answer(other),
    }
}

fn answer(fault: &Fault) -> Response {
    match fault {
        Fault::RateLimited(after) => rate_limited(*after),
        Fault::Error {
            status,
            code,
            message,
        } => Refusal::new(status_code(*status), code, *message).into_response(),
        Fault::Html(status) => (
            status_code(*status),
            Html("<html><head><title>Bad gateway</title></head><body><h1>Bad gateway</h1></body></html>"),
        )
            .into_response(),
        Fault::Empty(status) => status_code(*status).into_response(),
        Fault::ShouldRetry { status, retry } => {
            let refusal = Refusal::new(status_code(*status), "unknown_error", "Something went wrong");
            let header = (
                HeaderName::from_static("x-should-retry"),
                HeaderValue::from_static(if *retry { "true" } else { "false" }),
            );
            ([header], refusal).into_response()
        }
        other => unreachable!("{other:?} is no answer by itself"),
    }
}

fn rate_limited(after: RetryAfter) -> Response {
    let refusal = Refusal::new(
        StatusCode::TOO_MANY_REQUESTS,
        "rate_limited",
        "Too many requests: slow down",
    );
    let header = match after {
        RetryAfter::Unsaid => return refusal.into_response(),
        RetryAfter::Seconds(seconds) => (RETRY_AFTER, seconds.to_string()),
        RetryAfter::Millis(millis) => (
            HeaderName::from_static("retry-after-ms"),
            millis.to_string(),
        ),
        RetryAfter::Date(from_now) => (
            RETRY_AFTER,
            httpdate::fmt_http_date(SystemTime::now() + from_now),
        ),
    };
    ([header], refusal).into_response()
}

/// A status a test asked for.
fn status_code(status: u16) -> StatusCode {
    StatusCode::from_u16(status).expect("a rule has a valid status")
}

/// The head and the first half of an answer; then the connection closes.
async fn cut(response: Response) -> Response {
    let (mut head, body) = response.into_parts();
    let Ok(bytes) = to_bytes(body, LARGEST).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    head.headers
        .insert(CONTENT_LENGTH, HeaderValue::from(bytes.len().max(1)));
    let half = bytes.slice(..bytes.len() / 2);
    let first = stream::once(async move { Ok::<Bytes, io::Error>(half) });
    let then = stream::once(async {
        tokio::time::sleep(HALF_WAY).await;
        Err(io::Error::other("cut by the script"))
    });
    Response::from_parts(head, Body::from_stream(first.chain(then)))
}

/// The same answer, spelt otherwise. One that is not JSON stays as it is.
async fn rewritten(fault: &Fault, response: Response) -> Response {
    let is_json = response
        .headers()
        .get(CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"application/json"));
    if !is_json {
        return response;
    }
    let (mut head, body) = response.into_parts();
    let bytes = to_bytes(body, LARGEST).await.unwrap_or_default();
    let Ok(mut value) = serde_json::from_slice::<Value>(&bytes) else {
        return Response::from_parts(head, Body::from(bytes));
    };
    rewrite::rewrite(fault, &mut value);
    head.headers.remove(CONTENT_LENGTH);
    Response::from_parts(head, Body::from(value.to_string()))
}
