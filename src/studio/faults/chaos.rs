//! Failures at random, by a seed.

use std::collections::HashMap;
use std::time::Duration;

use super::{Fault, Plan, RetryAfter, Twist};
use crate::studio::random::Random;

/// How likely each failure is, from 0.0 to 1.0 a request. At most one befalls a request.
///
/// What happens to the n-th request of a route depends on the seed, the route and n alone, so a seed reproduces its
/// schedule whatever else goes on.
#[derive(Clone, Debug, PartialEq)]
pub struct Chaos {
    pub seed: u64,
    /// 429, with and without `retry-after-ms`.
    pub rate_limited: f64,
    /// 500, 502, 503 and 504 with FLORA's body.
    pub server_error: f64,
    /// 502 with a web page.
    pub html: f64,
    /// Up to [`Chaos::longest_wait`].
    pub slow: f64,
    /// The connection closes in the middle of the answer.
    pub cut: f64,
    /// The connection closes; the request took no effect.
    pub lost_before: f64,
    /// The connection closes; the request took effect.
    pub lost_after: f64,
    /// Of the runs that start, these fail.
    pub failing_run: f64,
    /// The longest a slow request waits.
    pub longest_wait: Duration,
}

impl Chaos {
    /// Nothing fails; set what should.
    pub fn new(seed: u64) -> Self {
        Self {
            seed,
            rate_limited: 0.0,
            server_error: 0.0,
            html: 0.0,
            slow: 0.0,
            cut: 0.0,
            lost_before: 0.0,
            lost_after: 0.0,
            failing_run: 0.0,
            longest_wait: Duration::from_millis(200),
        }
    }

    /// About one request in four fails, in every way there is.
    pub fn bad_day(seed: u64) -> Self {
        Self {
            rate_limited: 0.03,
            server_error: 0.04,
            html: 0.02,
            slow: 0.05,
            cut: 0.04,
            lost_before: 0.04,
            lost_after: 0.04,
            failing_run: 0.05,
            ..Self::new(seed)
        }
    }
}

/// Chaos under way: how many requests of each route there were.
pub(super) struct Dice {
    chaos: Chaos,
    rolls: HashMap<String, u64>,
}

impl Dice {
    pub(super) fn new(chaos: Chaos) -> Self {
        Self {
            chaos,
            rolls: HashMap::new(),
        }
    }

    /// Adds to the plan of the next request of this route what befalls it.
    pub(super) fn roll(&mut self, route: &str, plan: &mut Plan) {
        let nth = self.rolls.entry(route.to_owned()).or_default();
        *nth += 1;
        let mut random = Random::of(self.chaos.seed, route, *nth);
        if plan.interruption.is_none() {
            plan.interruption = self.chaos.interruption(&mut random);
        }
        let starts = matches!(route, "POST /techniques/*/runs" | "POST /runs/technique");
        if starts && plan.twist.is_none() && random.chance() < self.chaos.failing_run {
            plan.twist = Some(Twist::failing(
                "provider_error",
                "The provider failed, by the studio's chaos",
            ));
        }
    }
}

impl Chaos {
    fn interruption(&self, random: &mut Random) -> Option<Fault> {
        let roll = random.chance();
        let detail = random.next();
        let mut reached = 0.0;
        let mut hit = |probability: f64| {
            reached += probability;
            roll < reached
        };
        if hit(self.rate_limited) {
            Some(Fault::RateLimited(match detail % 2 {
                0 => RetryAfter::Unsaid,
                _ => RetryAfter::Millis(detail % 100),
            }))
        } else if hit(self.server_error) {
            Some(server_error(detail))
        } else if hit(self.html) {
            Some(Fault::Html(502))
        } else if hit(self.slow) {
            let fraction = (detail % 1000) as f64 / 1000.0;
            Some(Fault::Slow(self.longest_wait.mul_f64(fraction)))
        } else if hit(self.cut) {
            Some(Fault::Cut)
        } else if hit(self.lost_before) {
            Some(Fault::LostBefore)
        } else if hit(self.lost_after) {
            Some(Fault::LostAfter)
        } else {
            None
        }
    }
}

fn server_error(detail: u64) -> Fault {
    let (status, code) = match detail % 4 {
        0 => (500, "internal_error"),
        1 => (502, "unknown_error"),
        2 => (503, "service_unavailable"),
        _ => (504, "unknown_error"),
    };
    Fault::Error {
        status,
        code,
        message: "The service failed, by the studio's chaos",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schedule(seed: u64, route: &str, requests: usize) -> Vec<Option<Fault>> {
        let mut dice = Dice::new(Chaos::bad_day(seed));
        (0..requests)
            .map(|_| {
                let mut plan = Plan::default();
                dice.roll(route, &mut plan);
                plan.interruption
            })
            .collect()
    }

    #[test]
    fn a_seed_reproduces_its_schedule_and_another_seed_has_another() {
        let first = schedule(7, "GET /assets", 200);
        assert_eq!(first, schedule(7, "GET /assets", 200));
        assert_ne!(first, schedule(8, "GET /assets", 200));
        assert_ne!(first, schedule(7, "GET /techniques", 200));
    }

    #[test]
    fn failures_come_about_as_often_as_asked() {
        let failed = schedule(1, "GET /assets", 10_000)
            .iter()
            .filter(|fault| fault.is_some())
            .count();
        assert!((2_400..=2_800).contains(&failed), "{failed} of 10,000");
    }
}
