//! The rows that are or were in view: a bounded store, so that a history of any length costs the same.

use std::collections::HashSet;
use std::num::NonZeroUsize;
use std::sync::Arc;

use lru::LruCache;

use super::{AppState, nothing};
use crate::message::Command;
use crate::model::{Archive, Output, OutputKey, RowKey, Run};

/// Rows kept in memory at most; some screens' worth for every place that shows rows.
const CAPACITY: NonZeroUsize = NonZeroUsize::new(4096).expect("not zero");

/// Runs by their row.
pub struct RowStore {
    rows: LruCache<RowKey, Arc<Run>>,
    asked: HashSet<RowKey>,
}

impl Default for RowStore {
    fn default() -> Self {
        Self {
            rows: LruCache::new(CAPACITY),
            asked: HashSet::new(),
        }
    }
}

impl RowStore {
    /// The run in this row, if it has been read.
    pub fn get(&self, key: RowKey) -> Option<&Arc<Run>> {
        self.rows.peek(&key)
    }

    /// An output of a run that has been read.
    pub fn output(&self, run: RowKey, output: OutputKey) -> Option<&Output> {
        self.get(run)?
            .outputs
            .iter()
            .find(|candidate| candidate.key == output)
    }

    /// An output of any run that has been read, and its run.
    pub fn find_output(&self, output: OutputKey) -> Option<(&Arc<Run>, &Output)> {
        self.rows.iter().find_map(|(_, run)| {
            let found = run
                .outputs
                .iter()
                .find(|candidate| candidate.key == output)?;
            Some((run, found))
        })
    }

    /// Asks for the rows in view that are not here.
    pub(super) fn want(&mut self, keys: &[RowKey]) -> Vec<Command> {
        let mut missing = Vec::new();
        for &key in keys {
            if self.rows.get(&key).is_none() && self.asked.insert(key) {
                missing.push(key);
            }
        }
        if missing.is_empty() {
            nothing()
        } else {
            vec![Command::LoadRows(missing)]
        }
    }

    /// Keeps a row. True when one of its files is here that was not before.
    fn put(&mut self, run: Run) -> bool {
        self.asked.remove(&run.key);
        let stored = |run: &Run| {
            run.outputs
                .iter()
                .filter(|output| output.archive == Archive::Stored)
                .count()
        };
        let after = stored(&run);
        let before = self
            .rows
            .put(run.key, Arc::new(run))
            .map_or(0, |run| stored(&run));
        after > before
    }

    pub(super) fn reset(&mut self) {
        *self = Self::default();
    }
}

impl AppState {
    pub(super) fn rows_loaded(&mut self, runs: Vec<Run>) -> Vec<Command> {
        let shown = self.inspector.row();
        let detail_changed = runs.iter().any(|run| Some(run.key) == shown);
        let mut arrived = false;
        for run in runs {
            arrived |= self.rows.put(run);
        }
        if arrived {
            self.previews.forget_failures();
        }
        match shown {
            Some(row) if detail_changed => self.inspector.reload(row),
            _ => nothing(),
        }
    }

    pub(super) fn rows_gone(&mut self, keys: &[RowKey]) -> Vec<Command> {
        for key in keys {
            self.rows.rows.pop(key);
            self.rows.asked.remove(key);
        }
        self.history.deselect(keys);
        nothing()
    }
}
