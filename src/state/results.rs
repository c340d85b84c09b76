//! The open technique's runs, newest first: the column beside the form.

use std::sync::Arc;

use super::{Load, nothing};
use crate::message::Command;
use crate::model::{RowKey, TechniqueId};

/// Which runs the results column shows.
#[derive(Debug, Default)]
pub struct ResultsState {
    pub technique: Option<TechniqueId>,
    pub keys: Load<Arc<[RowKey]>>,
}

impl ResultsState {
    pub(super) fn ask(&mut self, technique: &TechniqueId) -> Vec<Command> {
        if self.technique.as_ref() == Some(technique) {
            return nothing();
        }
        self.technique = Some(technique.clone());
        self.keys = Load::Loading { previous: None };
        vec![Command::AskResults(technique.clone())]
    }

    pub(super) fn answered(
        &mut self,
        technique: &TechniqueId,
        keys: Arc<[RowKey]>,
    ) -> Vec<Command> {
        if self.technique.as_ref() == Some(technique) {
            self.keys = Load::Ready(keys);
        }
        nothing()
    }

    pub(super) fn reset(&mut self) {
        *self = Self::default();
    }
}
