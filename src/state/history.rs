//! The history: a question, the order of its rows, and what is selected.

use std::collections::HashSet;
use std::sync::Arc;

use super::{AppState, Load, SelectMode, Step, nothing};
use crate::message::{Command, HistoryAnswer};
use crate::model::{Column, HistoryQuery, Problem, RowKey, SortKey, SortOrder};
use crate::settings::Settings;

/// What the history shows.
#[derive(Debug, Default)]
pub struct HistoryState {
    pub query: HistoryQuery,
    pub answer: Load<HistoryAnswer>,
    pub selected: HashSet<RowKey>,
    /// The row the keyboard is at.
    pub cursor: Option<RowKey>,
    /// Where a range began.
    anchor: Option<RowKey>,
    pub pinned_group: PinnedGroup,
    generation: u64,
}

/// Whether the "In progress" group is unfolded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PinnedGroup {
    #[default]
    Unfolded,
    Folded,
}

impl HistoryState {
    pub(super) fn restore(settings: &Settings) -> Self {
        Self {
            query: settings.history.query.clone(),
            ..Self::default()
        }
    }

    /// The rows in order, fresh or not.
    pub fn keys(&self) -> &[RowKey] {
        self.answer.value().map_or(&[], |answer| &answer.keys)
    }

    /// How many rows at the front are the "In progress" group. Any sort of the person's own dissolves it.
    pub fn pinned(&self) -> usize {
        match self.answer.value() {
            Some(answer) if self.query.sort.is_none() => answer.pinned.min(answer.keys.len()),
            _ => 0,
        }
    }

    /// The rows in view, in order: without the "In progress" group while it is folded.
    pub fn shown(&self) -> &[RowKey] {
        match self.pinned_group {
            PinnedGroup::Unfolded => self.keys(),
            PinnedGroup::Folded => &self.keys()[self.pinned()..],
        }
    }

    /// The selected rows, in the order they are shown.
    pub fn selection(&self) -> Vec<RowKey> {
        self.shown()
            .iter()
            .copied()
            .filter(|key| self.selected.contains(key))
            .collect()
    }

    pub(super) fn ask(&mut self) -> Command {
        self.generation += 1;
        self.answer.start();
        Command::AskHistory {
            generation: self.generation,
            query: Arc::new(self.query.clone()),
        }
    }

    pub(super) fn answered(&mut self, generation: u64, answer: HistoryAnswer) -> Vec<Command> {
        if generation == self.generation {
            self.answer = Load::Ready(answer);
        }
        nothing()
    }

    pub(super) fn failed(&mut self, generation: u64, problem: Problem) -> Vec<Command> {
        if generation == self.generation {
            self.answer.fail(problem);
        }
        nothing()
    }

    pub(super) fn toggle_pinned(&mut self) -> Vec<Command> {
        self.pinned_group = match self.pinned_group {
            PinnedGroup::Unfolded => {
                // What is out of sight must not be acted on.
                let hidden = self.keys()[..self.pinned()].to_vec();
                self.deselect(&hidden);
                PinnedGroup::Folded
            }
            PinnedGroup::Folded => PinnedGroup::Unfolded,
        };
        nothing()
    }

    pub(super) fn deselect(&mut self, keys: &[RowKey]) {
        for key in keys {
            self.selected.remove(key);
            self.cursor.take_if(|cursor| cursor == key);
            self.anchor.take_if(|anchor| anchor == key);
        }
    }

    pub(super) fn reset(&mut self) {
        let query = std::mem::take(&mut self.query);
        let generation = self.generation;
        *self = Self {
            query,
            generation,
            ..Self::default()
        };
    }

    fn choose(&mut self, row: RowKey, mode: SelectMode) {
        match mode {
            SelectMode::Only => {
                self.selected = HashSet::from([row]);
                self.anchor = Some(row);
            }
            SelectMode::Toggle => {
                if !self.selected.remove(&row) {
                    self.selected.insert(row);
                }
                self.anchor = Some(row);
            }
            SelectMode::Range => self.select_range_to(row),
        }
        self.cursor = Some(row);
    }

    fn select_range_to(&mut self, row: RowKey) {
        let position = |key| self.shown().iter().position(|candidate| *candidate == key);
        let begin = self.anchor.and_then(position);
        let (Some(begin), Some(end)) = (begin, position(row)) else {
            self.selected = HashSet::from([row]);
            self.anchor = Some(row);
            return;
        };
        let range = begin.min(end)..=begin.max(end);
        self.selected = self.shown()[range].iter().copied().collect();
    }

    /// The run to look at after a click on `row`: itself, or the only one left when the click took it off.
    fn to_inspect(&self, row: RowKey) -> Option<RowKey> {
        if self.selected.contains(&row) {
            return Some(row);
        }
        match self.selected.len() {
            1 => self.selected.iter().next().copied(),
            _ => None,
        }
    }

    /// The row a step away from the cursor; the first row when there is no cursor.
    fn stepped(&self, step: Step) -> Option<RowKey> {
        let keys = self.shown();
        let last = keys.len().checked_sub(1)?;
        let at = self
            .cursor
            .and_then(|cursor| keys.iter().position(|key| *key == cursor));
        let target = match (step, at) {
            (Step::First, _) | (Step::By(_) | Step::RunBy(_), None) => 0,
            (Step::Last, _) => last,
            (Step::By(count) | Step::RunBy(count), Some(at)) => {
                at.saturating_add_signed(count as isize).min(last)
            }
        };
        keys.get(target).copied()
    }
}

/// What a click on a header makes of the sort: descending, ascending, default.
fn cycled(current: Option<SortKey>, column: Column) -> Option<SortKey> {
    match current {
        Some(SortKey {
            column: c,
            order: SortOrder::Descending,
        }) if c == column => Some(SortKey {
            column,
            order: SortOrder::Ascending,
        }),
        Some(SortKey {
            column: c,
            order: SortOrder::Ascending,
        }) if c == column => None,
        _ => Some(SortKey {
            column,
            order: SortOrder::Descending,
        }),
    }
}

impl AppState {
    pub(super) fn set_query(&mut self, query: HistoryQuery) -> Vec<Command> {
        if query == self.history.query {
            return nothing();
        }
        self.history.query = query.clone();
        let mut commands = vec![self.history.ask()];
        commands.extend(self.change_settings(|settings| settings.history.query = query));
        commands
    }

    pub(super) fn click_header(&mut self, column: Column, second: bool) -> Vec<Command> {
        let mut query = self.history.query.clone();
        if second && query.sort.is_some() {
            query.then = cycled(query.then, column);
        } else {
            query.sort = cycled(query.sort, column);
            query.then = None;
        }
        self.set_query(query)
    }

    pub(super) fn select(&mut self, row: RowKey, mode: SelectMode) -> Vec<Command> {
        self.history.choose(row, mode);
        match self.history.to_inspect(row) {
            Some(row) => self.inspect(row),
            None => nothing(),
        }
    }

    /// Asks the same question once more, after it failed.
    pub(super) fn ask_again(&mut self) -> Vec<Command> {
        vec![self.history.ask()]
    }

    pub(super) fn select_all(&mut self) -> Vec<Command> {
        self.history.selected = self.history.shown().iter().copied().collect();
        nothing()
    }

    pub(super) fn clear_selection(&mut self) -> Vec<Command> {
        self.history.selected.clear();
        nothing()
    }

    pub(super) fn move_selection(&mut self, step: Step, extend: bool) -> Vec<Command> {
        let mode = if extend {
            SelectMode::Range
        } else {
            SelectMode::Only
        };
        match self.history.stepped(step) {
            Some(row) => self.select(row, mode),
            None => nothing(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn history(count: i64) -> HistoryState {
        let keys: Vec<RowKey> = (0..count).map(RowKey::new).collect();
        let answer = HistoryAnswer {
            keys: keys.into(),
            ..HistoryAnswer::default()
        };
        HistoryState {
            answer: Load::Ready(answer),
            ..HistoryState::default()
        }
    }

    #[test]
    fn a_range_runs_from_the_anchor_and_can_shrink_again() {
        let mut history = history(10);
        history.choose(RowKey::new(2), SelectMode::Only);
        history.choose(RowKey::new(6), SelectMode::Range);
        assert_eq!(history.selection().len(), 5);
        history.choose(RowKey::new(3), SelectMode::Range);
        assert_eq!(history.selection(), vec![RowKey::new(2), RowKey::new(3)]);
    }

    #[test]
    fn steps_stop_at_the_ends() {
        let mut history = history(3);
        assert_eq!(history.stepped(Step::By(1)), Some(RowKey::new(0)));
        history.cursor = Some(RowKey::new(2));
        assert_eq!(history.stepped(Step::By(1)), Some(RowKey::new(2)));
        assert_eq!(history.stepped(Step::By(-9)), Some(RowKey::new(0)));
    }

    #[test]
    fn a_folded_group_is_neither_stepped_into_nor_selected() {
        let mut history = history(5);
        history.answer.value_mut().unwrap().pinned = 2;
        history.choose(RowKey::new(1), SelectMode::Only);
        history.toggle_pinned();
        assert!(history.selected.is_empty());
        assert_eq!(history.shown().len(), 3);
        assert_eq!(history.stepped(Step::By(1)), Some(RowKey::new(2)));
        history.query.sort = cycled(None, Column::Cost);
        assert_eq!(history.shown().len(), 5, "a sort dissolves the group");
    }

    #[test]
    fn taking_a_run_off_the_selection_leaves_the_other_one_to_look_at() {
        let mut history = history(5);
        history.choose(RowKey::new(1), SelectMode::Only);
        history.choose(RowKey::new(2), SelectMode::Toggle);
        history.choose(RowKey::new(2), SelectMode::Toggle);
        assert_eq!(history.to_inspect(RowKey::new(2)), Some(RowKey::new(1)));
        history.choose(RowKey::new(1), SelectMode::Toggle);
        assert_eq!(history.to_inspect(RowKey::new(1)), None);
    }

    #[test]
    fn a_late_answer_to_an_old_question_is_dropped() {
        let mut history = history(3);
        history.ask();
        history.ask();
        history.answered(1, HistoryAnswer::default());
        assert_eq!(
            history.keys().len(),
            3,
            "the former rows stay until the new ones are there"
        );
        history.answered(2, HistoryAnswer::default());
        assert_eq!(history.keys().len(), 0);
    }

    #[test]
    fn a_header_goes_down_up_and_back_to_the_default() {
        let down = cycled(None, Column::Cost);
        assert_eq!(down.unwrap().order, SortOrder::Descending);
        let up = cycled(down, Column::Cost);
        assert_eq!(up.unwrap().order, SortOrder::Ascending);
        assert_eq!(cycled(up, Column::Cost), None);
        assert_eq!(cycled(up, Column::Created).unwrap().column, Column::Created);
    }
}
