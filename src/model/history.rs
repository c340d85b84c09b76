//! The question the history asks: filters and order.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{RowKey, TechniqueId, Timestamp, Usd};

/// Which runs, in which order.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct HistoryQuery {
    /// Words to find in names, inputs and text outputs; every word must be there, the last may be a beginning.
    #[serde(default)]
    pub text: String,
    #[serde(default)]
    pub status: Option<Match<StatusFilter>>,
    #[serde(default)]
    pub technique: Option<Match<TechniqueFilter>>,
    /// Only runs created at or after this.
    #[serde(default)]
    pub since: Option<Timestamp>,
    /// Chosen by clicking a header; `None` is the default: newest first, with what is in progress pinned above.
    #[serde(default)]
    pub sort: Option<SortKey>,
    /// A second key, by Shift + click.
    #[serde(default)]
    pub then: Option<SortKey>,
}

impl HistoryQuery {
    /// Whether anything narrows the list.
    pub fn is_filtered(&self) -> bool {
        !self.text.trim().is_empty()
            || self.status.is_some()
            || self.technique.is_some()
            || self.since.is_some()
    }
}

/// A filter and its opposite.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Match<T> {
    Is(T),
    IsNot(T),
}

/// A technique to filter by, with its name for the chip.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TechniqueFilter {
    pub id: TechniqueId,
    pub name: String,
}

/// Families of stages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StatusFilter {
    InProgress,
    Done,
    Failed,
    NeedsYou,
}

impl StatusFilter {
    pub const ALL: [Self; 4] = [Self::InProgress, Self::Done, Self::Failed, Self::NeedsYou];

    pub fn word(self) -> &'static str {
        match self {
            Self::InProgress => "In progress",
            Self::Done => "Done",
            Self::Failed => "Failed",
            Self::NeedsYou => "Needs you",
        }
    }
}

/// A column of the history that can be sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Column {
    Status,
    Outputs,
    Technique,
    Summary,
    Created,
    Duration,
    Cost,
    Saved,
}

impl Column {
    /// A stable word for settings and accessibility.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Status => "status",
            Self::Outputs => "outputs",
            Self::Technique => "technique",
            Self::Summary => "summary",
            Self::Created => "created",
            Self::Duration => "duration",
            Self::Cost => "cost",
            Self::Saved => "saved",
        }
    }
}

/// A sort direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SortOrder {
    Descending,
    Ascending,
}

/// A column and its direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SortKey {
    pub column: Column,
    pub order: SortOrder,
}

/// The whole answer to a question: eight bytes a run, so that a list of any length has a true scrollbar.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HistoryAnswer {
    pub keys: Arc<[RowKey]>,
    /// How many of the first keys are the group "In progress"; 0 once a header was clicked.
    pub pinned: usize,
    pub totals: HistoryTotals,
}

/// What a question's rows add up to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HistoryTotals {
    pub runs: usize,
    /// What was charged, as far as it is known.
    pub cost: Usd,
    /// Some charges are not there yet: say "at least".
    pub settling: bool,
}
