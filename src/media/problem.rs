//! The one place where a [`MediaError`] becomes words for a person.

use crate::model::{Problem, ProblemAction};

use super::MediaError;

const OPEN_OUTSIDE: &str = "Open it in the default app";

impl From<MediaError> for Problem {
    fn from(error: MediaError) -> Self {
        let details = error.to_string();
        words(&error).with_details(details)
    }
}

fn words(error: &MediaError) -> Problem {
    match error {
        MediaError::Unsupported { format } => {
            Problem::new(format!("{format} cannot be shown here")).with_hint(OPEN_OUTSIDE)
        }
        MediaError::Broken { .. } => Problem::new("This file is damaged")
            .with_hint("Download it again, or try to open it in the default app"),
        MediaError::TooLarge { what } => {
            Problem::new(format!("Too large for a preview: {what}")).with_hint(OPEN_OUTSIDE)
        }
        MediaError::TooSlow { .. } => {
            Problem::new("The preview took too long").with_hint(OPEN_OUTSIDE)
        }
        MediaError::Empty => Problem::new("This file is empty"),
        MediaError::Mismatch { expected, found } => {
            Problem::new(format!("This is {found}, not a {}", expected.noun()))
                .with_hint(OPEN_OUTSIDE)
        }
        MediaError::Io(_) => Problem::new("The file could not be read")
            .with_hint("Check that it is still in the library's folder")
            .with_action(ProblemAction::Retry),
        MediaError::Panicked { .. } => {
            Problem::new("This file could not be decoded").with_hint(OPEN_OUTSIDE)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::MediaKind;

    #[test]
    fn an_unsupported_format_is_named_and_has_a_way_out() {
        let problem = Problem::from(MediaError::Unsupported {
            format: "HEIC".into(),
        });
        assert_eq!(problem.summary, "HEIC cannot be shown here");
        assert_eq!(problem.hint, OPEN_OUTSIDE);
    }

    #[test]
    fn a_web_page_instead_of_a_picture_says_so() {
        let problem = Problem::from(MediaError::Mismatch {
            expected: MediaKind::Image,
            found: "HTML".into(),
        });
        assert_eq!(problem.summary, "This is HTML, not a picture");
    }

    #[test]
    fn what_a_decoder_said_is_for_support_and_not_in_the_summary() {
        let problem = Problem::from(MediaError::broken("bad zlib header"));
        assert!(!problem.summary.contains("zlib"));
        assert!(problem.details.contains("zlib"));
    }
}
