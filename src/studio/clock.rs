//! The studio's clock: the wall clock, plus what a test skipped.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

/// Unix milliseconds. Can be moved forward, so that "two hours later" needs no waiting.
#[derive(Debug, Default)]
pub(super) struct Clock {
    skipped: AtomicI64,
}

impl Clock {
    /// Now, in unix milliseconds.
    pub(super) fn now(&self) -> i64 {
        jiff::Timestamp::now().as_millisecond() + self.skipped.load(Ordering::Relaxed)
    }

    /// Moves the clock forward.
    pub(super) fn skip(&self, by: Duration) {
        self.skipped.fetch_add(millis(by), Ordering::Relaxed);
    }
}

/// A duration in whole milliseconds, saturating.
pub(super) fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}
