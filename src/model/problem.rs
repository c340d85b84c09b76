//! The only error a person sees.

use serde::{Deserialize, Serialize};

use super::{shown_line, shown_text};

/// What went wrong, in words for a person. Each room's own error becomes one of these in exactly one place.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// A short sentence without a full stop.
    pub summary: String,
    /// For support: codes, ids, paths. May be empty; never a key or a prompt.
    #[serde(default)]
    pub details: String,
    /// What helps, in a sentence. May be empty.
    #[serde(default)]
    pub hint: String,
    #[serde(default)]
    pub action: ProblemAction,
    /// FLORA's messages by input id, shown at the fields.
    #[serde(default)]
    pub fields: Vec<(String, String)>,
}

/// The one thing to do next about a [`Problem`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProblemAction {
    #[default]
    None,
    /// The same again, free of charge (a fetch, a check).
    Retry,
    /// The key was refused or is missing.
    EnterKey,
    /// Money: the plan and usage page at FLORA.
    OpenPlan,
    /// The form needs a change.
    EditInputs,
    /// The technique is gone.
    ChooseAnother,
    /// Not sure whether it started: look again.
    CheckNow,
    /// The library's folder or disk needs attention.
    ChooseFolder,
}

impl Problem {
    /// A problem of one sentence.
    ///
    /// Names and messages from outside may be part of it: here and in the other parts nothing stays that acts
    /// instead of being read.
    pub fn new(summary: impl AsRef<str>) -> Self {
        Self {
            summary: shown_line(summary.as_ref()).into_owned(),
            ..Self::default()
        }
    }

    #[must_use]
    pub fn with_details(mut self, details: impl AsRef<str>) -> Self {
        self.details = shown_text(details.as_ref()).into_owned();
        self
    }

    #[must_use]
    pub fn with_hint(mut self, hint: impl AsRef<str>) -> Self {
        self.hint = shown_text(hint.as_ref()).into_owned();
        self
    }

    #[must_use]
    pub fn with_action(mut self, action: ProblemAction) -> Self {
        self.action = action;
        self
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.summary)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_in_a_problem_cannot_turn_its_sentence_around() {
        let problem = Problem::new("\u{202e}gnp.exe\nis damaged")
            .with_hint("\u{1b}[2JTry \u{7}again")
            .with_details("run \u{2066}1\n\u{9b}31mtwo");
        assert_eq!(problem.summary, "⟨U+202E⟩gnp.exe is damaged");
        assert_eq!(problem.hint, "Try ␇again");
        assert_eq!(problem.details, "run ⟨U+2066⟩1\ntwo");
    }
}
