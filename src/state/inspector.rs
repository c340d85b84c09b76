//! The panel on the right: everything about one run.

use std::sync::Arc;

use super::{AppState, InspectorTab, Load, nothing};
use crate::message::Command;
use crate::model::{OutputKey, Problem, RowKey, RunDetail};

/// What the inspector shows.
#[derive(Debug, Default)]
pub struct InspectorState {
    row: Option<RowKey>,
    pub detail: Load<Arc<RunDetail>>,
    pub tab: InspectorTab,
    /// The chosen output; the first one when nothing was chosen.
    pub output: Option<OutputKey>,
}

impl InspectorState {
    /// The run it is about.
    pub fn row(&self) -> Option<RowKey> {
        self.row
    }

    pub(super) fn show_tab(&mut self, tab: InspectorTab) -> Vec<Command> {
        self.tab = tab;
        nothing()
    }

    pub(super) fn reload(&mut self, row: RowKey) -> Vec<Command> {
        self.detail.start();
        vec![Command::LoadDetail(row)]
    }

    pub(super) fn detail_loaded(
        &mut self,
        row: RowKey,
        detail: Result<Arc<RunDetail>, Problem>,
    ) -> Vec<Command> {
        if self.row == Some(row) {
            match detail {
                Ok(detail) => self.detail = Load::Ready(detail),
                Err(problem) => self.detail.fail(problem),
            }
        }
        nothing()
    }

    pub(super) fn reset(&mut self) {
        *self = Self {
            tab: self.tab,
            ..Self::default()
        };
    }
}

impl AppState {
    /// Shows a run; fetches what the row does not hold.
    pub(super) fn inspect(&mut self, row: RowKey) -> Vec<Command> {
        if self.inspector.row == Some(row) {
            return nothing();
        }
        let tab = self.inspector.tab;
        self.inspector = InspectorState {
            row: Some(row),
            detail: Load::Loading { previous: None },
            tab,
            output: None,
        };
        vec![Command::LoadDetail(row)]
    }

    pub(super) fn select_output(&mut self, output: OutputKey) -> Vec<Command> {
        let run = self.rows.find_output(output).map(|(run, _)| run.key);
        let commands = run.map(|row| self.inspect(row)).unwrap_or_default();
        self.inspector.output = Some(output);
        commands
    }
}
