//! When to ask FLORA next. Pure: it knows no clock but the figures handed in.

use std::time::{Duration, Instant, SystemTime};

/// What the decision hangs on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Situation {
    /// Whether requests may be sent at all.
    pub link: Link,
    /// For how long the youngest run in flight has been; `None` with nothing in flight.
    pub youngest: Option<Duration>,
    /// In how long the next charge is worth asking for; `None` when none is awaited.
    pub charge: Option<Duration>,
    /// For how long FLORA wants to be left alone.
    pub quiet: Option<Duration>,
    /// Ticks that failed in a row.
    pub failures: u32,
    /// From 0 to 1, at random: so that many Florists do not ask in step.
    pub jitter: f64,
}

/// Whether requests may be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    Open,
    /// Offline, or the key was refused.
    Closed,
}

/// When to ask next, counted from the last time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    After(Duration),
    /// Only when the person (or the window's focus) asks, or something is started.
    WhenAsked,
}

const NEW: Duration = Duration::from_secs(30);
const RECENT: Duration = Duration::from_secs(5 * 60);
const LONGEST: Duration = Duration::from_secs(60);

/// Decides when to ask next.
pub fn next(situation: &Situation) -> Next {
    if situation.link == Link::Closed {
        return Next::WhenAsked;
    }
    let follow = situation.youngest.map(interval);
    let Some(base) = follow.into_iter().chain(situation.charge).min() else {
        return Next::WhenAsked;
    };
    let patient = base
        .saturating_mul(1 << situation.failures.min(5))
        .min(LONGEST)
        .max(base);
    // A tenth either way.
    let jittered = patient.mul_f64(0.9 + 0.2 * situation.jitter.clamp(0.0, 1.0));
    Next::After(jittered.max(situation.quiet.unwrap_or_default()))
}

/// How often a run of this age is asked for.
fn interval(age: Duration) -> Duration {
    Duration::from_secs(match age {
        age if age < NEW => 2,
        age if age < RECENT => 5,
        _ => 15,
    })
}

/// How long after a run's end its charge is asked for, counted by how often it was asked for before; `None` once
/// that was often enough.
pub fn charge_wait(asked: u32) -> Option<Duration> {
    match asked {
        0 => Some(Duration::from_secs(2)),
        1 => Some(Duration::from_secs(8)),
        2 => Some(Duration::from_secs(30)),
        _ => None,
    }
}

/// How long to wait before seeing whether the service is back, counted by attempts.
pub fn recheck_wait(attempts: u32) -> Duration {
    Duration::from_secs(1 << attempts.min(5)).min(Duration::from_secs(30))
}

/// Both clocks at one moment. The monotonic one stands still while the computer sleeps, the wall clock does not.
#[derive(Clone, Copy, Debug)]
pub struct Clocks {
    pub wall: SystemTime,
    pub monotonic: Instant,
}

impl Clocks {
    pub fn now() -> Self {
        Self {
            wall: SystemTime::now(),
            monotonic: Instant::now(),
        }
    }

    /// Whether the clocks went apart since `earlier`: the computer slept, or its clock was set.
    pub fn went_apart(&self, earlier: &Self) -> bool {
        const TOLERANCE: Duration = Duration::from_secs(5);
        let monotonic = self.monotonic.saturating_duration_since(earlier.monotonic);
        match self.wall.duration_since(earlier.wall) {
            Ok(wall) => wall.abs_diff(monotonic) > TOLERANCE,
            Err(_) => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    /// Open, nothing in flight, no jitter.
    const CALM: Situation = Situation {
        link: Link::Open,
        youngest: None,
        charge: None,
        quiet: None,
        failures: 0,
        jitter: 0.5,
    };

    #[test]
    fn the_table_of_waits() {
        let in_flight = |age| Situation {
            youngest: Some(seconds(age)),
            ..CALM
        };
        let cases = [
            ("nothing in flight", CALM, Next::WhenAsked),
            ("just started", in_flight(0), Next::After(seconds(2))),
            ("half a minute", in_flight(30), Next::After(seconds(5))),
            ("five minutes", in_flight(300), Next::After(seconds(15))),
            ("hours", in_flight(9999), Next::After(seconds(15))),
            (
                "offline",
                Situation {
                    link: Link::Closed,
                    ..in_flight(0)
                },
                Next::WhenAsked,
            ),
            (
                "a charge is due earlier",
                Situation {
                    charge: Some(seconds(1)),
                    ..in_flight(400)
                },
                Next::After(seconds(1)),
            ),
            (
                "only a charge is awaited",
                Situation {
                    charge: Some(seconds(8)),
                    ..CALM
                },
                Next::After(seconds(8)),
            ),
            (
                "asked to wait",
                Situation {
                    quiet: Some(seconds(20)),
                    ..in_flight(0)
                },
                Next::After(seconds(20)),
            ),
            (
                "two failures",
                Situation {
                    failures: 2,
                    ..in_flight(0)
                },
                Next::After(seconds(8)),
            ),
            (
                "many failures",
                Situation {
                    failures: 40,
                    ..in_flight(400)
                },
                Next::After(seconds(60)),
            ),
        ];
        for (name, situation, expected) in cases {
            assert_eq!(next(&situation), expected, "{name}");
        }
    }

    #[test]
    fn jitter_stays_within_a_tenth_and_never_undercuts_what_flora_asked_for() {
        for jitter in [0.0, 0.3, 1.0, 7.0] {
            let situation = Situation {
                youngest: Some(seconds(60)),
                jitter,
                ..CALM
            };
            let Next::After(wait) = next(&situation) else {
                panic!("something is in flight");
            };
            assert!((seconds(5).mul_f64(0.9)..=seconds(5).mul_f64(1.1)).contains(&wait));
            let asked = Situation {
                quiet: Some(seconds(7)),
                ..situation
            };
            assert_eq!(next(&asked), Next::After(seconds(7)));
        }
    }

    #[test]
    fn a_charge_is_asked_for_three_times_and_then_let_be() {
        let waits: Vec<_> = (0..5).map(charge_wait).collect();
        assert!(waits[..3].iter().all(Option::is_some), "{waits:?}");
        assert!(waits[..3].is_sorted(), "{waits:?}");
        assert_eq!(waits[3..], [None, None]);
    }

    #[test]
    fn a_night_in_the_bag_and_a_clock_that_was_set_are_noticed() {
        let before = Clocks::now();
        let later = |wall: Duration, monotonic: Duration| Clocks {
            wall: before.wall + wall,
            monotonic: before.monotonic + monotonic,
        };
        assert!(!later(seconds(2), seconds(2)).went_apart(&before));
        assert!(later(seconds(8 * 3600), seconds(2)).went_apart(&before));
        let set_back = Clocks {
            wall: before.wall - seconds(3600),
            monotonic: before.monotonic + seconds(1),
        };
        assert!(set_back.went_apart(&before));
    }
}
