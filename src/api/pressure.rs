//! How often FLORA has asked us to slow down lately.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// For how long a 429 counts as recent.
const RECENT: Duration = Duration::from_secs(120);

/// What is known about the rate limit right now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pressure {
    /// 429 answers in the last two minutes.
    pub recent: usize,
    /// When the last of them came.
    pub last: Option<Instant>,
    /// Until when FLORA asked us to wait.
    pub quiet_until: Option<Instant>,
}

/// Remembers 429 answers; shared by every request of a client.
#[derive(Debug, Default)]
pub(super) struct PressureGauge(Mutex<Seen>);

#[derive(Debug, Default)]
struct Seen {
    times: VecDeque<Instant>,
    quiet_until: Option<Instant>,
}

impl PressureGauge {
    /// Notes a 429 that asked for `wait`.
    pub(super) fn note(&self, now: Instant, wait: Duration) {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        seen.forget_before(now);
        seen.times.push_back(now);
        seen.quiet_until = seen.quiet_until.max(now.checked_add(wait));
    }

    /// The state at `now`.
    pub(super) fn read(&self, now: Instant) -> Pressure {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        seen.forget_before(now);
        Pressure {
            recent: seen.times.len(),
            last: seen.times.back().copied(),
            quiet_until: seen.quiet_until.filter(|until| *until > now),
        }
    }
}

impl Seen {
    fn forget_before(&mut self, now: Instant) {
        let is_old = |time: &Instant| now.duration_since(*time) > RECENT;
        while self.times.front().is_some_and(is_old) {
            self.times.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::{Pressure, PressureGauge};

    #[test]
    fn a_429_counts_for_two_minutes() {
        let gauge = PressureGauge::default();
        let start = Instant::now();
        assert_eq!(gauge.read(start), Pressure::default());

        gauge.note(start, Duration::from_secs(5));
        let later = start + Duration::from_secs(60);
        gauge.note(later, Duration::from_secs(5));
        let busy = gauge.read(later);
        assert_eq!((busy.recent, busy.last), (2, Some(later)));
        assert_eq!(busy.quiet_until, Some(later + Duration::from_secs(5)));

        assert_eq!(gauge.read(start + Duration::from_secs(121)).recent, 1);
        let calm = gauge.read(later + Duration::from_secs(121));
        assert_eq!(calm, Pressure::default());
    }
}
