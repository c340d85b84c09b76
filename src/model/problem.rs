//! The only error a person sees.

use serde::{Deserialize, Serialize};

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
    pub fn new(summary: impl Into<String>) -> Self {
        Self {
            summary: summary.into(),
            ..Self::default()
        }
    }

    #[must_use]
    pub fn with_details(mut self, details: impl Into<String>) -> Self {
        self.details = details.into();
        self
    }

    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
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
