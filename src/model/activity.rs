//! What goes on in the background, for the activity bar.

use std::collections::HashMap;

use super::{OutputKey, Spent, TechniqueId, Timestamp};

/// Counts of live work.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Activity {
    /// Runs at FLORA that are not over.
    pub running: usize,
    /// Launches that were not sent.
    pub waiting: usize,
    /// Outputs on their way here.
    pub arriving: usize,
    /// Charged today, local time.
    pub spent_today: Spent,
    pub import: Option<ImportProgress>,
}

/// The remote history on its way into the library.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ImportProgress {
    /// Runs read so far.
    pub seen: u64,
    /// How many there may be, when FLORA said.
    pub total: Option<u64>,
    pub paused: bool,
}

/// Figures beside the saved views.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ViewCounts {
    pub today: usize,
    pub failed: usize,
    pub in_progress: usize,
    pub needs_you: usize,
}

/// What the library knows of a technique's use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TechniqueUse {
    pub last_used: Timestamp,
    /// The newest picture it made here: its tile.
    pub cover: Option<OutputKey>,
    /// Usual duration of a run in seconds (25th and 75th percentile), from five runs on.
    pub usual_seconds: Option<(u32, u32)>,
}

/// Techniques by use.
pub type TechniqueUses = HashMap<TechniqueId, TechniqueUse>;
