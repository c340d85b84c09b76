//! How many starts may be on their way at the same time: four, fewer when FLORA asks us to slow down.

use std::time::{Duration, Instant};

use crate::api::Pressure;

/// Starts on their way when nobody minds.
const MOST: usize = 4;

/// After a 429, answers to what was sent before it may still be 429: one cut covers them.
const SAME_CUT: Duration = Duration::from_secs(2);

/// Quiet for this long, everything is as before.
const RECOVERY: Duration = Duration::from_secs(120);

/// Four, two, one by 429; four again after two quiet minutes.
#[derive(Debug)]
pub(super) struct Throttle {
    limit: usize,
    /// The last 429 that was taken into account.
    last: Option<Instant>,
    cut: Option<Instant>,
}

/// What may be sent now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Allowed {
    /// So many on their way.
    UpTo(usize),
    /// Nothing until then: FLORA said so.
    NothingUntil(Instant),
}

impl Default for Throttle {
    fn default() -> Self {
        Self {
            limit: MOST,
            last: None,
            cut: None,
        }
    }
}

impl Throttle {
    /// Takes in what the client has seen and says what may be sent.
    pub fn allow(&mut self, pressure: Pressure, now: Instant) -> Allowed {
        match pressure.last {
            Some(last) if self.last.is_none_or(|known| last > known) => self.slow_down(last),
            _ => self.recover(now),
        }
        match pressure.quiet_until {
            Some(until) if until > now => Allowed::NothingUntil(until),
            _ => Allowed::UpTo(self.limit),
        }
    }

    fn slow_down(&mut self, last: Instant) {
        self.last = Some(last);
        let is_same_cut = self
            .cut
            .is_some_and(|cut| last.saturating_duration_since(cut) < SAME_CUT);
        if !is_same_cut {
            self.limit = (self.limit / 2).max(1);
            self.cut = Some(last);
        }
    }

    fn recover(&mut self, now: Instant) {
        let is_quiet = self
            .last
            .is_some_and(|last| now.saturating_duration_since(last) >= RECOVERY);
        if is_quiet {
            *self = Self::default();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pressure(last: Instant) -> Pressure {
        Pressure {
            recent: 1,
            last: Some(last),
            quiet_until: None,
        }
    }

    #[test]
    fn four_two_one_and_back_after_two_quiet_minutes() {
        let begin = Instant::now();
        let at = |seconds| begin + Duration::from_secs(seconds);
        let mut throttle = Throttle::default();
        assert_eq!(throttle.allow(Pressure::default(), begin), Allowed::UpTo(4));
        assert_eq!(throttle.allow(pressure(at(1)), at(1)), Allowed::UpTo(2));
        assert_eq!(
            throttle.allow(pressure(at(2)), at(2)),
            Allowed::UpTo(2),
            "answers to what was on its way already"
        );
        assert_eq!(throttle.allow(pressure(at(9)), at(9)), Allowed::UpTo(1));
        assert_eq!(throttle.allow(pressure(at(20)), at(20)), Allowed::UpTo(1));
        assert_eq!(throttle.allow(pressure(at(20)), at(139)), Allowed::UpTo(1));
        assert_eq!(throttle.allow(pressure(at(20)), at(140)), Allowed::UpTo(4));
    }

    #[test]
    fn nothing_is_sent_before_flora_said() {
        let now = Instant::now();
        let until = now + Duration::from_secs(30);
        let asked = Pressure {
            quiet_until: Some(until),
            ..pressure(now)
        };
        let mut throttle = Throttle::default();
        assert_eq!(throttle.allow(asked, now), Allowed::NothingUntil(until));
        assert_eq!(throttle.allow(asked, until), Allowed::UpTo(2));
    }
}
