//! Which previews are wanted, which are being made, and which wait for their file. Pure.

use std::collections::HashSet;

use crate::model::{OutputKey, PreviewKey, PreviewSource};

/// Previews that are made at the same time.
const MAKERS: usize = 2;

/// The wish list and what has been begun of it.
#[derive(Default)]
pub(super) struct Wishes {
    /// Most wanted first.
    wanted: Vec<PreviewKey>,
    making: HashSet<PreviewKey>,
    /// Their file is on its way here.
    awaited: HashSet<PreviewKey>,
    makers: usize,
}

impl Wishes {
    /// A new list in place of the former one: what was not begun and is not on it is forgotten.
    pub fn replace(&mut self, keys: Vec<PreviewKey>) {
        self.awaited.retain(|key| keys.contains(key));
        self.wanted = keys;
    }

    /// Whether a preview is still wanted.
    pub fn is_wanted(&self, key: &PreviewKey) -> bool {
        self.wanted.contains(key)
    }

    /// Whether any preview of this output waits for its file.
    pub fn awaits(&self, output: OutputKey) -> bool {
        let source = PreviewSource::Output(output);
        self.awaited.iter().any(|key| key.source == source)
    }

    /// How many makers to start; they count as started.
    pub fn hire(&mut self) -> usize {
        let to_make = self.wanted.iter().filter(|key| self.is_open(key)).count();
        let hired = to_make.min(MAKERS - self.makers);
        self.makers += hired;
        hired
    }

    /// The most wanted preview that nobody has begun. A maker that gets none has left.
    pub fn begin(&mut self) -> Option<PreviewKey> {
        let next = self.wanted.iter().find(|key| self.is_open(key)).cloned();
        match &next {
            Some(key) => {
                self.making.insert(key.clone());
            }
            None => self.makers -= 1,
        }
        next
    }

    /// A preview is made, or it cannot be; true when it is still wanted.
    pub fn finish(&mut self, key: &PreviewKey) -> bool {
        self.making.remove(key);
        self.awaited.remove(key);
        let before = self.wanted.len();
        self.wanted.retain(|wanted| wanted != key);
        self.wanted.len() < before
    }

    /// A preview has to wait for its file; false when it is not wanted any more.
    pub fn wait(&mut self, key: &PreviewKey) -> bool {
        self.making.remove(key);
        self.is_wanted(key) && self.awaited.insert(key.clone())
    }

    /// The file is here: the preview can be made.
    pub fn arrived(&mut self, key: &PreviewKey) {
        self.awaited.remove(key);
    }

    fn is_open(&self, key: &PreviewKey) -> bool {
        !self.making.contains(key) && !self.awaited.contains(key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(number: i64) -> PreviewKey {
        PreviewKey::thumb(OutputKey::new(number))
    }

    fn wishes(numbers: &[i64]) -> Wishes {
        let mut wishes = Wishes::default();
        wishes.replace(numbers.iter().copied().map(key).collect());
        wishes
    }

    #[test]
    fn the_most_wanted_is_begun_first_and_none_twice() {
        let mut wishes = wishes(&[3, 1, 2]);
        assert_eq!(wishes.hire(), MAKERS);
        assert_eq!(wishes.hire(), 0, "they are there");
        assert_eq!(wishes.begin(), Some(key(3)));
        assert_eq!(wishes.begin(), Some(key(1)));
        assert!(wishes.finish(&key(3)));
        assert_eq!(wishes.begin(), Some(key(2)));
        assert_eq!(wishes.begin(), None);
    }

    #[test]
    fn a_wish_that_was_scrolled_away_is_never_begun() {
        let mut wishes = wishes(&[1, 2, 3]);
        wishes.hire();
        assert_eq!(wishes.begin(), Some(key(1)));
        wishes.replace(vec![key(9)]);
        assert_eq!(wishes.begin(), Some(key(9)));
        assert_eq!(wishes.begin(), None);
        assert!(!wishes.finish(&key(1)), "nobody waits for it any more");
    }

    #[test]
    fn what_is_being_made_and_wanted_again_is_not_begun_again() {
        let mut wishes = wishes(&[1]);
        wishes.hire();
        wishes.begin();
        wishes.replace(vec![key(1), key(2)]);
        assert_eq!(wishes.begin(), Some(key(2)));
        assert!(wishes.finish(&key(1)));
    }

    #[test]
    fn a_preview_that_waits_for_its_file_holds_up_no_other() {
        let mut wishes = wishes(&[1, 2]);
        wishes.hire();
        wishes.begin();
        assert!(wishes.wait(&key(1)));
        assert!(wishes.awaits(OutputKey::new(1)));
        assert_eq!(wishes.begin(), Some(key(2)));
        wishes.arrived(&key(1));
        assert_eq!(wishes.begin(), Some(key(1)));
    }

    #[test]
    fn a_file_that_nobody_wants_to_see_any_more_is_not_waited_for() {
        let mut wishes = wishes(&[1]);
        wishes.hire();
        wishes.begin();
        wishes.replace(vec![key(2)]);
        assert!(!wishes.wait(&key(1)));
        wishes.begin();
        wishes.wait(&key(2));
        wishes.replace(Vec::new());
        assert!(!wishes.awaits(OutputKey::new(2)));
    }

    #[test]
    fn makers_leave_when_there_is_nothing_to_do_and_are_hired_again() {
        let mut wishes = wishes(&[1]);
        assert_eq!(wishes.hire(), 1, "one wish needs one maker");
        wishes.begin();
        wishes.finish(&key(1));
        assert_eq!(wishes.begin(), None);
        wishes.replace(vec![key(2)]);
        assert_eq!(wishes.hire(), 1);
    }
}
