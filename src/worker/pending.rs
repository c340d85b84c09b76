//! Values that change faster than they should be written: the last one is, a moment later or when the app closes.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// The last value of each key that is not written yet.
pub(super) struct Pending<K, V>(Mutex<Inner<K, V>>);

struct Inner<K, V> {
    values: Vec<(K, V)>,
    writer: Writer,
}

/// Whether somebody is going to take what is waiting.
#[derive(PartialEq, Eq)]
enum Writer {
    Due,
    None,
}

impl<K, V> Default for Pending<K, V> {
    fn default() -> Self {
        Self(Mutex::new(Inner {
            values: Vec::new(),
            writer: Writer::None,
        }))
    }
}

impl<K: PartialEq, V> Pending<K, V> {
    /// Keeps a value in place of the former one of its key. True when the caller is to write, a moment later, what
    /// [`Self::take`] gives then.
    #[must_use]
    pub fn put(&self, key: K, value: V) -> bool {
        let mut inner = self.lock();
        inner.values.retain(|(known, _)| *known != key);
        inner.values.push((key, value));
        std::mem::replace(&mut inner.writer, Writer::Due) == Writer::None
    }

    /// What is to be written now; whoever puts something after this writes it.
    pub fn take(&self) -> Vec<(K, V)> {
        let mut inner = self.lock();
        inner.writer = Writer::None;
        std::mem::take(&mut inner.values)
    }

    fn lock(&self) -> MutexGuard<'_, Inner<K, V>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::Pending;

    #[test]
    fn the_last_value_of_each_key_is_written_by_the_first_who_put_one() {
        let pending = Pending::default();
        assert!(pending.put("a", 1), "the first is to write");
        assert!(!pending.put("b", 2));
        assert!(!pending.put("a", 3));
        assert_eq!(pending.take(), [("b", 2), ("a", 3)]);
        assert!(pending.take().is_empty());
        assert!(pending.put("a", 4), "after the writer there is another");
    }
}
