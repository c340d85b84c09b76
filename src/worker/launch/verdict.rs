//! What an answer to a start means for what happens next. Pure.

use super::super::connect;
use crate::api::ApiError;

/// What an error says about a start that was sent once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It had no effect, and later it may: no connection, the key, the rate.
    Later,
    /// It had no effect, and neither would the next: the budget, the plan.
    StopAll,
    /// FLORA will not have it like this.
    Refused,
    /// It may have had effect.
    Doubt,
    /// The key was used: it had effect, now or before.
    Duplicate,
}

/// What an error says about a start, or an upload for one.
pub(super) fn verdict(error: &ApiError) -> Verdict {
    if error.is_duplicate() || error.status() == Some(422) && is_conflict(error) {
        return Verdict::Duplicate;
    }
    if error.outcome_unknown() || error.status() == Some(409) {
        return Verdict::Doubt;
    }
    match error {
        ApiError::Offline { .. } | ApiError::Connect { .. } | ApiError::Tls { .. } => {
            Verdict::Later
        }
        error if connect::is_key_refused(error) || error.is_rate_limited() => Verdict::Later,
        error => match (error.status(), error.code()) {
            (Some(402 | 403), _) | (_, Some("insufficient_credits" | "paid_plan_required")) => {
                Verdict::StopAll
            }
            _ => Verdict::Refused,
        },
    }
}

fn is_conflict(error: &ApiError) -> bool {
    error
        .code()
        .is_some_and(|code| code.contains("idempotency"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::{Advice, HttpError};

    fn http(status: u16, code: &str) -> ApiError {
        ApiError::Http(Box::new(HttpError {
            status,
            code: code.to_owned(),
            message: String::new(),
            fields: Vec::new(),
            request_id: None,
            advice: Advice::default(),
        }))
    }

    #[test]
    fn every_answer_to_a_start_has_its_verdict() {
        let cases = [
            (http(401, "invalid_api_key"), Verdict::Later),
            (http(429, "rate_limited"), Verdict::Later),
            (http(402, "insufficient_credits"), Verdict::StopAll),
            (http(403, "paid_plan_required"), Verdict::StopAll),
            (http(400, "input_validation_error"), Verdict::Refused),
            (http(404, "not_found"), Verdict::Refused),
            (http(409, "idempotency_duplicate"), Verdict::Duplicate),
            (http(409, "conflict"), Verdict::Doubt),
            (http(422, "idempotency_conflict"), Verdict::Duplicate),
            (http(500, "internal_error"), Verdict::Doubt),
            (http(408, ""), Verdict::Doubt),
            (ApiError::Timeout, Verdict::Doubt),
            (ApiError::Cut { request_id: None }, Verdict::Doubt),
            (
                ApiError::Connect {
                    message: String::new(),
                },
                Verdict::Later,
            ),
        ];
        for (error, expected) in cases {
            assert_eq!(verdict(&error), expected, "{error}");
        }
    }
}
