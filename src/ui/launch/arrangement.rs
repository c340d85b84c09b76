//! Where the cards of a long list are, when most of them were never painted: known heights, and guesses for the rest.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use egui::Rangef;

use crate::model::RowKey;

/// Points between cards.
pub const GAP: f32 = 12.0;

/// Cards in rows of one or more, each row as high as its highest card.
#[derive(Default)]
pub struct Arrangement {
    keys: Arc<[RowKey]>,
    columns: usize,
    card_width: f32,
    /// By position; measured or guessed.
    heights: Vec<f32>,
    /// What was measured at this width, for when the keys change.
    known: HashMap<RowKey, f32>,
    /// Where each row of cards begins, and where the list ends.
    tops: Vec<f32>,
    dirty: bool,
}

/// A card in view that the eye holds on to while the list around it changes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Anchor {
    pub key: RowKey,
    /// Points between the card's top and the top of what is in view.
    pub within: f32,
}

impl Arrangement {
    /// Takes these cards at this width; `guess` is asked for those that were never measured.
    /// True when anything moved.
    pub fn arrange(
        &mut self,
        keys: &Arc<[RowKey]>,
        columns: usize,
        card_width: f32,
        guess: impl Fn(RowKey) -> f32,
    ) -> bool {
        let resized = self.columns != columns || (self.card_width - card_width).abs() > 0.5;
        if !resized && (Arc::ptr_eq(&self.keys, keys) || self.keys == *keys) {
            return false;
        }
        if resized {
            self.known.clear();
            self.columns = columns.max(1);
            self.card_width = card_width;
        }
        self.keys = Arc::clone(keys);
        let height = |key: &RowKey| self.known.get(key).copied().unwrap_or_else(|| guess(*key));
        self.heights = keys.iter().map(height).collect();
        self.stack();
        true
    }

    /// A card was painted and found to be this high.
    pub fn measured(&mut self, index: usize, height: f32) {
        let Some(known) = self.heights.get_mut(index) else {
            return;
        };
        self.known.insert(self.keys[index], height);
        if (*known - height).abs() > 0.5 {
            *known = height;
            self.dirty = true;
        }
    }

    /// Takes the measures of this frame into account. True when anything moved.
    pub fn settle(&mut self) -> bool {
        let moved = self.dirty;
        if moved {
            self.stack();
        }
        moved
    }

    fn stack(&mut self) {
        self.dirty = false;
        self.tops.clear();
        let mut top = 0.0;
        for row in self.heights.chunks(self.columns) {
            self.tops.push(top);
            top += row.iter().copied().fold(0.0, f32::max) + GAP;
        }
        self.tops.push(top);
    }

    /// Height of the whole list, in points.
    pub fn height(&self) -> f32 {
        self.tops.last().copied().unwrap_or(0.0)
    }

    /// The rows of cards that touch this part of the list.
    pub fn rows_in(&self, view: Rangef) -> Range<usize> {
        let rows = self.tops.len().saturating_sub(1);
        let first = self.tops.partition_point(|top| *top <= view.min);
        let end = self.tops.partition_point(|top| *top < view.max);
        first.saturating_sub(1).min(rows)..end.min(rows)
    }

    /// The cards of a row, by position.
    pub fn cards_in(&self, row: usize) -> Range<usize> {
        let begin = row * self.columns;
        begin.min(self.keys.len())..(begin + self.columns).min(self.keys.len())
    }

    pub fn key(&self, index: usize) -> RowKey {
        self.keys[index]
    }

    /// Where a row of cards begins, in points from the list's top.
    pub fn top(&self, row: usize) -> f32 {
        self.tops.get(row).copied().unwrap_or(0.0)
    }

    /// Height of a row's highest card, in points.
    pub fn row_height(&self, row: usize) -> f32 {
        (self.top(row + 1) - self.top(row) - GAP).max(0.0)
    }

    /// What is at this distance from the list's top. Nothing at the very top: there, new cards push the others down.
    pub fn anchor(&self, offset: f32) -> Option<Anchor> {
        if offset < 1.0 {
            return None;
        }
        let row = self.rows_in(Rangef::new(offset, offset + 1.0)).start;
        let key = *self.keys.get(row * self.columns)?;
        Some(Anchor {
            key,
            within: offset - self.top(row),
        })
    }

    /// The distance from the list's top at which an anchor is where it was. Nothing when its card is gone.
    pub fn offset_of(&self, anchor: Anchor) -> Option<f32> {
        let index = self.keys.iter().position(|key| *key == anchor.key)?;
        Some(self.top(index / self.columns) + anchor.within)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(range: Range<i64>) -> Arc<[RowKey]> {
        range.map(RowKey::new).collect()
    }

    fn list(count: i64) -> Arrangement {
        let mut list = Arrangement::default();
        list.arrange(&keys(0..count), 1, 400.0, |_| 100.0);
        list
    }

    #[test]
    fn only_the_cards_in_view_are_painted_however_long_the_list() {
        let list = list(5_000);
        assert_eq!(list.height(), 5_000.0 * 112.0);
        assert_eq!(list.rows_in(Rangef::new(0.0, 300.0)), 0..3);
        assert_eq!(
            list.rows_in(Rangef::new(112.0 * 2_000.0, 112.0 * 2_003.0)),
            2_000..2_003
        );
        assert_eq!(list.rows_in(Rangef::new(1e9, 2e9)), 5_000..5_000);
    }

    #[test]
    fn a_measured_card_moves_those_below_it_and_the_eye_stays_where_it_was() {
        let mut list = list(100);
        let anchor = list.anchor(112.0 * 50.0 + 30.0).expect("scrolled down");
        assert_eq!(anchor.key, RowKey::new(50));
        list.measured(10, 300.0);
        assert!(list.settle());
        assert_eq!(list.offset_of(anchor), Some(112.0 * 50.0 + 30.0 + 200.0));
        assert!(!list.settle(), "nothing new was measured");
    }

    #[test]
    fn a_new_card_at_the_top_keeps_what_was_measured() {
        let mut list = list(3);
        list.measured(0, 250.0);
        list.settle();
        assert!(list.arrange(&keys(-1..3), 1, 400.0, |_| 100.0));
        assert_eq!(list.top(2) - list.top(1), 262.0);
        assert_eq!(list.anchor(0.0), None, "at the top the newest is shown");
    }

    #[test]
    fn a_row_of_two_is_as_high_as_the_higher_one() {
        let mut list = Arrangement::default();
        list.arrange(&keys(0..5), 2, 400.0, |key| 100.0 + key.get() as f32);
        assert_eq!(list.row_height(0), 101.0);
        assert_eq!(list.cards_in(2), 4..5);
        assert_eq!(list.rows_in(Rangef::new(0.0, 10_000.0)), 0..3);
    }

    #[test]
    fn another_width_measures_anew() {
        let mut list = list(2);
        list.measured(0, 250.0);
        list.settle();
        assert!(list.arrange(&keys(0..2), 1, 500.0, |_| 100.0));
        assert_eq!(list.row_height(0), 100.0);
    }
}
