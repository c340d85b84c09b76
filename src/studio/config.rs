//! What a studio is started with.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use super::job::Technique;
use super::samples::{self, Sample};
use super::techniques;

/// What a studio is started with. Take [`Config::new`] or [`Config::quick`] and change what differs.
pub struct Config {
    /// Where the API listens. Must be loopback. Port 0: the port of the last time if it is free, else any.
    pub addr: SocketAddr,
    /// The directory for the database, the files and the generated key. Created if missing.
    pub data: PathBuf,
    /// How long a run takes at least.
    pub pace: Pace,
    /// How many runs work at the same time; the others wait as `pending`.
    pub workers: usize,
    /// How long after its end a run tells its `charged_cost`.
    pub cost_delay: Duration,
    /// A fixed key. `None`: one is generated on the first start and kept in the data directory.
    pub key: Option<String>,
    /// What can be run, in the order it is listed.
    pub techniques: Vec<Box<dyn Technique>>,
    /// Makes the pictures that are there as assets from the first start. Called once, in the background.
    pub samples: fn() -> Vec<Sample>,
}

impl Config {
    /// The studio as a person gets it: any loopback port, two workers, visible time a run.
    pub fn new(data: impl Into<PathBuf>) -> Self {
        Self {
            addr: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            data: data.into(),
            pace: Pace::visible(),
            workers: 2,
            cost_delay: Duration::from_millis(1500),
            key: None,
            techniques: techniques::all(),
            samples: samples::bundled,
        }
    }

    /// The studio as tests want it: runs end as soon as their work is done, costs are there at once, no samples.
    pub fn quick(data: impl Into<PathBuf>) -> Self {
        Self {
            pace: Pace::none(),
            cost_delay: Duration::ZERO,
            samples: Vec::new,
            ..Self::new(data)
        }
    }
}

/// How long a run takes at least, whatever its work takes: a run that is over at once cannot be watched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// The quickest run.
    pub minimum: Duration,
    /// Runs are spread between `minimum` and this, each by its id.
    pub maximum: Duration,
}

impl Pace {
    /// A run takes as long as its work.
    pub const fn none() -> Self {
        Self::exactly(Duration::ZERO)
    }

    /// Long enough to be seen, short enough not to be waited for.
    pub const fn visible() -> Self {
        Self {
            minimum: Duration::from_millis(2500),
            maximum: Duration::from_millis(6000),
        }
    }

    /// Every run takes at least `minimum`.
    pub const fn exactly(minimum: Duration) -> Self {
        Self {
            minimum,
            maximum: minimum,
        }
    }

    /// The least time of one run. The same id always gets the same time, so a resumed run does not jump.
    pub(super) fn of(&self, run_id: &str) -> Duration {
        let spread = self.maximum.saturating_sub(self.minimum);
        let hash = run_id.bytes().fold(0_u32, |hash, byte| {
            hash.wrapping_mul(31).wrapping_add(u32::from(byte))
        });
        self.minimum + spread.mul_f64(f64::from(hash % 1000) / 1000.0)
    }

    /// What `estimated_seconds` says: the middle. `None` when runs are not paced.
    pub(super) fn estimate(&self) -> Option<f64> {
        let middle = (self.minimum + self.maximum).as_secs_f64() / 2.0;
        (middle > 0.0).then_some((middle * 10.0).round() / 10.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_keeps_its_time_and_stays_within_the_pace() {
        let pace = Pace::visible();
        let times: Vec<Duration> = (0..50).map(|n| pace.of(&format!("run_{n}"))).collect();
        assert!(
            times
                .iter()
                .all(|time| (pace.minimum..=pace.maximum).contains(time)),
            "{times:?}"
        );
        assert!(times.iter().any(|time| *time != times[0]), "no spread");
        assert_eq!(times[7], pace.of("run_7"));
        assert_eq!(Pace::none().of("run_7"), Duration::ZERO);
        assert_eq!(Pace::none().estimate(), None);
    }
}
