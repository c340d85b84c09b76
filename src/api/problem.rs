//! The one place where an [`ApiError`] becomes the [`Problem`] a person sees.

use super::{ApiError, HttpError};
use crate::model::{Problem, ProblemAction, shown_line};

impl ApiError {
    /// The problem of a start that failed: when it may have taken effect, that is what the person must know.
    pub fn into_start_problem(self) -> Problem {
        if self.is_duplicate() || !self.outcome_unknown() {
            return self.into();
        }
        Problem::new("Not sure it started")
            .with_details(self.brief())
            .with_hint("It is looked up before anything is sent again")
            .with_action(ProblemAction::CheckNow)
    }

    /// The problem of an output that could not be fetched: it costs nothing to try again.
    pub fn into_download_problem(self) -> Problem {
        let details = self.brief();
        match self {
            Self::FileServer {
                status: 404 | 410, ..
            } => Problem::new("FLORA no longer serves this file").with_details(details),
            error => {
                let cause = Problem::from(error);
                Problem::new("Finished, file not fetched yet")
                    .with_details(details)
                    .with_hint(cause.summary)
                    .with_action(ProblemAction::Retry)
            }
        }
    }
}

impl From<ApiError> for Problem {
    fn from(error: ApiError) -> Self {
        let details = error.brief();
        let problem = match error {
            ApiError::Http(error) => of_answer(*error),
            other => of_transport(other),
        };
        problem.with_details(details)
    }
}

/// FLORA answered, and said no.
fn of_answer(error: HttpError) -> Problem {
    let HttpError {
        status,
        code,
        message,
        fields,
        ..
    } = error;
    match (status, code.as_str()) {
        (401, _) | (_, "invalid_api_key") => of_key(),
        (402, _) | (_, "insufficient_credits") => of_budget(),
        (403, _) | (_, "paid_plan_required") => of_plan(),
        (400, _) => {
            let fields = fields
                .into_iter()
                .map(|wrong| (wrong.field, shown_line(&wrong.message).into_owned()));
            of_inputs(fields.collect(), message)
        }
        (404, _) => of_absence(message),
        (409, "conflict") => Problem::new("FLORA is busy with the same thing")
            .with_hint(message)
            .with_action(ProblemAction::CheckNow),
        (409, _) => {
            Problem::new("Already started, finding it…").with_action(ProblemAction::CheckNow)
        }
        (422, _) => Problem::new("FLORA rejected the request")
            .with_hint(message)
            .with_action(ProblemAction::EditInputs),
        (429, _) => Problem::new("FLORA asked us to slow down")
            .with_hint("It goes on by itself in a moment"),
        (408 | 500.., _) => Problem::new("FLORA has trouble right now")
            .with_hint(message)
            .with_action(ProblemAction::Retry),
        _ => Problem::new(format!("FLORA answered with error {status}"))
            .with_hint(message)
            .with_action(ProblemAction::Retry),
    }
}

fn of_key() -> Problem {
    Problem::new("FLORA did not accept the key")
        .with_hint("Creating a new key in FLORA switches off the old one")
        .with_action(ProblemAction::EnterKey)
}

fn of_budget() -> Problem {
    Problem::new("Workspace budget is used up")
        .with_hint("What was not sent is kept and waits")
        .with_action(ProblemAction::OpenPlan)
}

fn of_plan() -> Problem {
    Problem::new("This workspace cannot use the API")
        .with_hint("The API needs the Starter plan or a higher one")
        .with_action(ProblemAction::OpenPlan)
}

fn of_inputs(fields: Vec<(String, String)>, message: String) -> Problem {
    let summary = match fields.len() {
        0 => "FLORA rejected the inputs".to_owned(),
        1 => "1 input needs a change".to_owned(),
        count => format!("{count} inputs need a change"),
    };
    let mut problem = Problem::new(summary)
        .with_hint(message)
        .with_action(ProblemAction::EditInputs);
    problem.fields = fields;
    problem
}

fn of_absence(message: String) -> Problem {
    if message.to_lowercase().contains("technique") {
        Problem::new("This technique is gone or archived")
            .with_hint("Choose another; what you typed is kept")
            .with_action(ProblemAction::ChooseAnother)
    } else {
        Problem::new("FLORA does not have this any more").with_hint(message)
    }
}

/// There was no usable answer.
fn of_transport(error: ApiError) -> Problem {
    let retry = |summary: &str, hint: &str| {
        Problem::new(summary)
            .with_hint(hint)
            .with_action(ProblemAction::Retry)
    };
    match error {
        ApiError::Offline { .. } => retry("No network", "Everything that is here can be used"),
        ApiError::Connect { .. } => retry(
            "The service cannot be reached",
            "The network or a proxy may be in the way",
        ),
        ApiError::Timeout => retry("No answer in time", "The network or the service is slow"),
        ApiError::Tls { .. } => retry(
            "The connection is not secure",
            "A proxy in between or a wrong clock may be the cause",
        ),
        ApiError::NotJson { .. } => retry(
            "The answer could not be read",
            "A proxy or a sign-in page may be in between",
        ),
        ApiError::Cut { .. } => retry("The answer was cut off", "The connection broke"),
        ApiError::Decode { .. } => retry(
            "The answer was not understood",
            "FLORA may have changed; a newer Florist may know more",
        ),
        ApiError::TooLarge { .. } => Problem::new("The answer is too large"),
        ApiError::Refused { why } => Problem::new("Not done, to be safe").with_hint(why),
        ApiError::FileServer { .. } => {
            retry("The file server said no", "Trying again costs nothing")
        }
        ApiError::AssetFailed { message, .. } => Problem::new("FLORA could not use the file")
            .with_hint(message)
            .with_action(ProblemAction::EditInputs),
        ApiError::File { message } => Problem::new("The file could not be read")
            .with_hint(message)
            .with_action(ProblemAction::EditInputs),
        ApiError::Setup { message } => {
            Problem::new("A secure connection cannot be set up").with_hint(message)
        }
        ApiError::Http(error) => of_answer(*error),
    }
}

#[cfg(test)]
mod tests {
    use crate::api::{Advice, ApiError, HttpError};
    use crate::model::{Problem, ProblemAction};
    use crate::wire::FieldError;

    fn http(status: u16, code: &str, message: &str, fields: &[&str]) -> ApiError {
        let fields = fields.iter().map(|field| FieldError {
            field: (*field).to_owned(),
            message: "too short".to_owned(),
        });
        ApiError::Http(Box::new(HttpError {
            status,
            code: code.to_owned(),
            message: message.to_owned(),
            fields: fields.collect(),
            request_id: Some("req_7".to_owned()),
            advice: Advice::default(),
        }))
    }

    #[test]
    fn every_signal_has_its_title_and_action() {
        let cases = [
            (
                401,
                "unauthorized",
                "FLORA did not accept the key",
                ProblemAction::EnterKey,
            ),
            (
                403,
                "forbidden",
                "This workspace cannot use the API",
                ProblemAction::OpenPlan,
            ),
            (
                402,
                "insufficient_credits",
                "Workspace budget is used up",
                ProblemAction::OpenPlan,
            ),
            (
                404,
                "not_found",
                "This technique is gone or archived",
                ProblemAction::ChooseAnother,
            ),
            (
                409,
                "idempotency_duplicate",
                "Already started, finding it…",
                ProblemAction::CheckNow,
            ),
            (
                429,
                "rate_limited",
                "FLORA asked us to slow down",
                ProblemAction::None,
            ),
            (
                503,
                "service_unavailable",
                "FLORA has trouble right now",
                ProblemAction::Retry,
            ),
        ];
        for (status, code, title, action) in cases {
            let problem = Problem::from(http(status, code, "The technique …", &[]));
            assert_eq!((problem.summary.as_str(), problem.action), (title, action));
            assert_eq!(
                problem.details,
                format!("HTTP {status} {code} (request req_7)")
            );
        }
    }

    #[test]
    fn messages_about_fields_arrive_at_their_fields() {
        let problem = Problem::from(http(400, "input_validation_error", "No", &["a", "b"]));
        assert_eq!(problem.summary, "2 inputs need a change");
        assert_eq!(problem.action, ProblemAction::EditInputs);
        assert_eq!(problem.fields[1], ("b".to_owned(), "too short".to_owned()));
    }

    #[test]
    fn a_start_in_doubt_says_so_and_one_that_is_certain_does_not() {
        let doubt = http(502, "", "", &[]).into_start_problem();
        assert_eq!(doubt.summary, "Not sure it started");
        assert_eq!(doubt.action, ProblemAction::CheckNow);
        assert!(doubt.details.contains("req_7"), "{}", doubt.details);

        let certain = http(402, "insufficient_credits", "", &[]).into_start_problem();
        assert_eq!(certain.action, ProblemAction::OpenPlan);
    }

    #[test]
    fn a_prompt_quoted_by_flora_stays_out_of_the_details() {
        let problem = Problem::from(http(
            500,
            "internal_error",
            "failed on: my secret plan",
            &[],
        ));
        assert!(
            !problem.details.contains("secret plan"),
            "{}",
            problem.details
        );
    }

    #[test]
    fn a_file_that_is_gone_is_not_worth_fetching_again() {
        let server = |status| ApiError::FileServer {
            status,
            advice: Advice::default(),
        };
        let gone = server(404).into_download_problem();
        assert_eq!(gone.action, ProblemAction::None);
        let later = server(503).into_download_problem();
        assert_eq!(later.action, ProblemAction::Retry);
    }
}
