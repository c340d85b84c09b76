//! When a request is sent again, and after what wait.

use std::time::{Duration, SystemTime};

use backon::{ExponentialBuilder, Retryable};
use reqwest::header::{DATE, HeaderMap, HeaderName, RETRY_AFTER};

use super::ApiError;
use super::error::Advice;

/// How patient a client is. The default is FLORA's own advice; tests shorten it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetryPolicy {
    /// How many times a request is sent again.
    pub retries: usize,
    /// The first wait; doubled each time, with jitter.
    pub first: Duration,
    /// No planned wait is longer.
    pub cap: Duration,
    /// The wait after a 429 that names none.
    pub unadvised: Duration,
    /// Asked to wait longer than this, the request fails and its caller decides.
    pub longest: Duration,
    /// Between two looks at an asset that is not ready yet.
    pub asset_poll: Duration,
    /// How long an asset may take to become ready.
    pub asset_patience: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            retries: 4,
            first: Duration::from_millis(500),
            cap: Duration::from_secs(30),
            unadvised: Duration::from_secs(5),
            longest: Duration::from_secs(60),
            asset_poll: Duration::from_secs(1),
            asset_patience: Duration::from_secs(120),
        }
    }
}

/// What may be sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Repeat {
    /// A `GET`, or a `POST` with an idempotency key that costs nothing.
    Freely,
    /// A start: only after a 429, which took no effect.
    WhenRateLimited,
}

impl Repeat {
    fn allows(self, error: &ApiError) -> bool {
        error.is_retryable_get() && (self == Self::Freely || error.is_rate_limited())
    }
}

impl RetryPolicy {
    /// Calls `attempt` until it succeeds, may not be repeated, or patience ends.
    pub(super) async fn run<T, F>(
        &self,
        repeat: Repeat,
        attempt: impl FnMut() -> F,
    ) -> Result<T, ApiError>
    where
        F: Future<Output = Result<T, ApiError>>,
    {
        attempt
            .retry(self.backoff())
            .when(|error| repeat.allows(error))
            .adjust(|error, planned| self.wait(error, planned))
            .notify(|error, wait| {
                let error = error.brief();
                tracing::debug!(error, ?wait, "asking again");
            })
            .await
    }

    fn backoff(&self) -> ExponentialBuilder {
        ExponentialBuilder::new()
            .with_min_delay(self.first)
            .with_factor(2.0)
            .with_max_delay(self.cap)
            .with_max_times(self.retries)
            .with_jitter()
    }

    /// The wait before the next attempt; `None` ends the attempts.
    fn wait(&self, error: &ApiError, planned: Option<Duration>) -> Option<Duration> {
        let planned = planned?.min(self.cap);
        match error.retry_after() {
            Some(asked) => (asked <= self.longest).then_some(asked),
            None if error.is_rate_limited() => Some(planned.max(self.unadvised)),
            None => Some(planned),
        }
    }
}

const RETRY_AFTER_MS: HeaderName = HeaderName::from_static("retry-after-ms");
const SHOULD_RETRY: HeaderName = HeaderName::from_static("x-should-retry");

/// Reads what an answer's headers say about trying again.
pub(super) fn advice(headers: &HeaderMap) -> Advice {
    Advice {
        retry_after: milliseconds(headers).or_else(|| seconds_or_date(headers)),
        should_retry: match text(headers, SHOULD_RETRY) {
            Some("true") => Some(true),
            Some("false") => Some(false),
            _ => None,
        },
    }
}

fn milliseconds(headers: &HeaderMap) -> Option<Duration> {
    seconds(text(headers, RETRY_AFTER_MS)?, 1000.0)
}

fn seconds_or_date(headers: &HeaderMap) -> Option<Duration> {
    let value = text(headers, RETRY_AFTER)?;
    seconds(value, 1.0).or_else(|| {
        let until = httpdate::parse_http_date(value).ok()?;
        Some(
            until
                .duration_since(server_now(headers))
                .unwrap_or_default(),
        )
    })
}

fn seconds(value: &str, unit: f64) -> Option<Duration> {
    let number: f64 = value
        .parse()
        .ok()
        .filter(|number: &f64| number.is_finite())?;
    Duration::try_from_secs_f64(number.max(0.0) / unit).ok()
}

/// The server's clock, which is the one its dates are written by.
fn server_now(headers: &HeaderMap) -> SystemTime {
    text(headers, DATE)
        .and_then(|date| httpdate::parse_http_date(date).ok())
        .unwrap_or_else(SystemTime::now)
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok().map(str::trim)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

    use super::{RetryPolicy, advice};
    use crate::api::ApiError;
    use crate::api::error::{Advice, HttpError};

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| {
                (
                    HeaderName::from_static(name),
                    HeaderValue::from_static(value),
                )
            })
            .collect()
    }

    fn asked(pairs: &[(&'static str, &'static str)]) -> Option<Duration> {
        advice(&headers(pairs)).retry_after
    }

    #[test]
    fn the_wait_is_read_from_every_form() {
        assert_eq!(asked(&[("retry-after", "7")]), Some(Duration::from_secs(7)));
        assert_eq!(
            asked(&[("retry-after", "0.5")]),
            Some(Duration::from_millis(500))
        );
        assert_eq!(
            asked(&[("retry-after-ms", "250"), ("retry-after", "9")]),
            Some(Duration::from_millis(250))
        );
        let date = [
            ("date", "Sun, 06 Nov 1994 08:49:37 GMT"),
            ("retry-after", "Sun, 06 Nov 1994 08:49:47 GMT"),
        ];
        assert_eq!(asked(&date), Some(Duration::from_secs(10)));
        assert_eq!(
            asked(&[("retry-after", "Sun, 06 Nov 1994 08:49:47 GMT")]),
            Some(Duration::ZERO),
            "a moment that has passed is now"
        );
        for nonsense in ["soon", "", "nan", "1e400"] {
            assert_eq!(asked(&[("retry-after", nonsense)]), None, "{nonsense:?}");
        }
        assert_eq!(asked(&[]), None);
    }

    fn limited(retry_after: Option<Duration>) -> ApiError {
        ApiError::Http(Box::new(HttpError {
            status: 429,
            code: "rate_limited".to_owned(),
            message: String::new(),
            fields: Vec::new(),
            request_id: None,
            advice: Advice {
                retry_after,
                should_retry: None,
            },
        }))
    }

    #[test]
    fn the_server_s_wait_outweighs_the_planned_one() {
        let policy = RetryPolicy::default();
        let planned = Some(Duration::from_secs(1));
        let wait = |asked| policy.wait(&limited(asked), planned);
        assert_eq!(
            wait(Some(Duration::from_secs(9))),
            Some(Duration::from_secs(9))
        );
        assert_eq!(wait(Some(Duration::ZERO)), Some(Duration::ZERO));
        assert_eq!(wait(None), Some(Duration::from_secs(5)));
        assert_eq!(
            wait(Some(Duration::from_secs(3600))),
            None,
            "too long to sit out here"
        );
        assert_eq!(policy.wait(&limited(None), None), None, "patience ends");
    }

    #[test]
    fn a_planned_wait_keeps_under_its_cap() {
        let policy = RetryPolicy::default();
        let wait = policy.wait(&ApiError::Timeout, Some(Duration::from_secs(55)));
        assert_eq!(wait, Some(Duration::from_secs(30)));
    }
}
