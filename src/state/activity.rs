//! What goes on in the background.

use super::nothing;
use crate::message::Command;
use crate::model::{Activity, ViewCounts};

/// Figures for the activity bar and the sidebar.
#[derive(Debug, Default)]
pub struct ActivityState {
    pub now: Activity,
    pub counts: ViewCounts,
}

impl ActivityState {
    pub(super) fn changed(&mut self, activity: Activity) -> Vec<Command> {
        self.now = activity;
        nothing()
    }

    pub(super) fn counts_changed(&mut self, counts: ViewCounts) -> Vec<Command> {
        self.counts = counts;
        nothing()
    }

    pub(super) fn reset(&mut self) {
        *self = Self::default();
    }
}
