//! Why a run failed after it started, and what the person should do next.

use serde::{Deserialize, Serialize};

/// A failed run's code and message, with the next step they call for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// FLORA's `error_code`; may be empty.
    pub code: String,
    /// FLORA's `error_message`; may be empty.
    pub message: String,
}

/// What the person should do about a failed run. A retry is a new run and bills again, so none happens by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NextStep {
    TryAgain,
    TryAgainLater,
    ChangeInput,
    /// The content was refused: like [`Self::ChangeInput`], and a plain retry is not even offered.
    ChangeRefusedInput,
    /// FLORA could not read a file: upload it again.
    UploadAgain,
    DoNotRetry,
    /// An unknown code: shown, with a retry by hand.
    Unknown,
}

impl Failure {
    /// Decides by code and message. A message that speaks of safety, moderation, refusal or policy is a
    /// refusal whatever the code says: `GPU_PROVIDER_ERROR` and `GENERATION_NO_RESULT` often are.
    pub fn next_step(&self) -> NextStep {
        if self.is_refusal() {
            return NextStep::ChangeRefusedInput;
        }
        match self.code.as_str() {
            "input_unreachable" | "GENERATION_INVALID_URL" => NextStep::UploadAgain,
            "GENERATION_INPUT_VALIDATION" | "GENERATION_INVALID_PARAMS" => NextStep::ChangeInput,
            "model_timeout"
            | "internal_error"
            | "provider_error"
            | "SERVER_ERROR"
            | "GPU_PROVIDER_ERROR"
            | "GENERATION_PROVIDER_TIMEOUT"
            | "GENERATION_GENERIC_ERROR"
            | "GENERATION_PREGENERATION_FAILED"
            | "GENERATION_POSTGENERATION_FAILED" => NextStep::TryAgain,
            "GENERATION_DOWNSTREAM_SERVICE_ERROR"
            | "GENERATION_CIRCUIT_BREAKER_OPEN"
            | "GENERATION_INVALID_PROVIDER_RESPONSE"
            | "GENERATION_NO_RESULT"
            | "AUDIO_GENERATION_ERROR" => NextStep::TryAgainLater,
            "GENERATION_NOT_PAID" | "GENERATION_CANCELLED" => NextStep::DoNotRetry,
            code if code.starts_with("GENERATION_FAILED_TO_") => NextStep::TryAgain,
            code if code.starts_with("GENERATION_QUEUE_") => NextStep::TryAgainLater,
            code if code.starts_with("BILLING_") || code.starts_with("ACCESS_") => {
                NextStep::DoNotRetry
            }
            code if code.ends_with("_ENTITLEMENT_REQUIRED") => NextStep::DoNotRetry,
            _ => NextStep::Unknown,
        }
    }

    fn is_refusal(&self) -> bool {
        let refused = [
            "safety_blocked",
            "GENERATION_PROMPT_MODERATED",
            "LLM_REFUSAL",
        ];
        if refused.contains(&self.code.as_str()) {
            return true;
        }
        let message = self.message.to_lowercase();
        ["safety", "moderat", "refus", "policy", "policies"]
            .iter()
            .any(|word| message.contains(word))
    }

    /// A plain title for a card or row.
    pub fn title(&self) -> &'static str {
        match self.next_step() {
            NextStep::ChangeRefusedInput => "The model refused this content",
            NextStep::UploadAgain => "FLORA could not read the input file",
            NextStep::ChangeInput => "The technique rejected an input",
            NextStep::TryAgain if self.is_timeout() => "The model took too long",
            NextStep::TryAgain => "The model stumbled",
            NextStep::TryAgainLater => "The provider is busy",
            NextStep::DoNotRetry
                if self.code.starts_with("BILLING_") || self.code == "GENERATION_NOT_PAID" =>
            {
                "Workspace budget is used up"
            }
            NextStep::DoNotRetry if self.code == "GENERATION_CANCELLED" => "The run was cancelled",
            NextStep::DoNotRetry => "This workspace may not run it",
            NextStep::Unknown => "Something failed at FLORA",
        }
    }

    /// One sentence on the cause and what helps.
    pub fn advice(&self) -> &'static str {
        match self.next_step() {
            NextStep::ChangeRefusedInput => "Change the words or the picture, then run again",
            NextStep::UploadAgain => "Choose the file again, so that it is uploaded anew",
            NextStep::ChangeInput => "Edit the inputs, then run again",
            NextStep::TryAgain => "The same inputs may well work the next time",
            NextStep::TryAgainLater => "Try again in a few minutes",
            NextStep::DoNotRetry => "Running it again would not help",
            NextStep::Unknown => "Copy the details for FLORA's support, or try once more",
        }
    }

    fn is_timeout(&self) -> bool {
        self.code == "model_timeout"
            || self.code.ends_with("_TIMEOUT")
            || self.code == "SERVER_ERROR"
    }
}

#[cfg(test)]
mod tests {
    use super::{Failure, NextStep};

    fn step(code: &str, message: &str) -> NextStep {
        Failure {
            code: code.to_owned(),
            message: message.to_owned(),
        }
        .next_step()
    }

    #[test]
    fn each_family_of_codes_has_its_next_step() {
        assert_eq!(step("model_timeout", ""), NextStep::TryAgain);
        assert_eq!(step("GENERATION_FAILED_TO_UPLOAD", ""), NextStep::TryAgain);
        assert_eq!(step("GENERATION_QUEUE_FULL", ""), NextStep::TryAgainLater);
        assert_eq!(step("GENERATION_INVALID_PARAMS", ""), NextStep::ChangeInput);
        assert_eq!(step("input_unreachable", ""), NextStep::UploadAgain);
        assert_eq!(step("BILLING_LIMIT", ""), NextStep::DoNotRetry);
        assert_eq!(step("VEO_ENTITLEMENT_REQUIRED", ""), NextStep::DoNotRetry);
        assert_eq!(step("brand_new_code", ""), NextStep::Unknown);
    }

    #[test]
    fn a_message_that_names_a_refusal_outweighs_its_code() {
        for message in [
            "Blocked by safety system",
            "content policy",
            "Request was moderated",
            "refused",
        ] {
            assert_eq!(
                step("GPU_PROVIDER_ERROR", message),
                NextStep::ChangeRefusedInput,
                "{message}"
            );
        }
    }
}
