//! What happens and when, by a seed.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::time::Duration;

use florist::model::LaunchId;

/// The seed of this run: `FLORIST_SEED`, else a new one.
pub fn seed() -> u64 {
    let given = std::env::var("FLORIST_SEED")
        .ok()
        .and_then(|seed| seed.parse().ok());
    let seed = given.unwrap_or_else(|| RandomState::new().build_hasher().finish() % 1_000_000);
    eprintln!("FLORIST_SEED={seed}");
    seed
}

/// The whole schedule.
pub struct Plan {
    pub seed: u64,
    pub lives: Vec<Life>,
}

/// One life of the worker's process.
pub struct Life {
    /// Makes the studio's day a bad one in its own way.
    pub salt: u64,
    pub clicks: Vec<Click>,
    /// After the launches were handed over.
    pub dies_after: Duration,
    /// Before that, the studio is killed and comes back.
    pub studio_dies_after: Option<Duration>,
}

/// One press of Run.
#[derive(Clone)]
pub struct Click {
    pub id: LaunchId,
    /// Of `support::kit`.
    pub technique: &'static str,
    /// Tell this run from every other one.
    pub words: String,
    /// A picture to hand in, by its size in pixels: the same one becomes an asset once.
    pub picture: Option<u32>,
}

impl Plan {
    pub fn new(seed: u64, launches: usize, kills: usize) -> Self {
        let mut random = Random(seed);
        let mut number = 0;
        let lives = (0..kills)
            .map(|life| {
                let until = launches * (life + 1) / kills;
                let clicks = (number..until)
                    .map(|number| Click::new(number, &mut random))
                    .collect();
                number = until;
                Life {
                    salt: random.next(),
                    clicks,
                    dies_after: random.wait(40, 2_400),
                    studio_dies_after: random
                        .next()
                        .is_multiple_of(4)
                        .then(|| random.wait(30, 330)),
                }
            })
            .collect();
        Self { seed, lives }
    }
}

impl Click {
    fn new(number: usize, random: &mut Random) -> Self {
        let (technique, picture) = match random.next() % 10 {
            0..4 => ("note", None),
            4..6 => ("still", None),
            6..8 => ("pair", None),
            _ => ("everything", Some(16 + (random.next() % 5) as u32)),
        };
        Self {
            id: id(random),
            technique,
            words: format!("click {number}"),
            picture,
        }
    }
}

/// A UUID like any other, but of the seed.
fn id(random: &mut Random) -> LaunchId {
    let (high, low) = (random.next(), random.next());
    let text = format!(
        "{:08x}-{:04x}-4{:03x}-8{:03x}-{:012x}",
        high >> 32,
        (high >> 16) & 0xffff,
        high & 0xfff,
        low & 0xfff,
        low >> 16
    );
    LaunchId::parse(&text).expect("a UUID")
}

/// `SplitMix64`: small, and enough for a schedule.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Between two numbers of milliseconds.
    fn wait(&mut self, from: u64, to: u64) -> Duration {
        Duration::from_millis(from + self.next() % (to - from))
    }
}

#[test]
fn a_seed_repeats_its_schedule_and_no_launch_is_left_out() {
    let (one, two) = (Plan::new(7, 300, 15), Plan::new(7, 300, 15));
    let ids = |plan: &Plan| -> Vec<LaunchId> {
        let clicks = plan.lives.iter().flat_map(|life| &life.clicks);
        clicks.map(|click| click.id).collect()
    };
    assert_eq!(ids(&one), ids(&two));
    assert_eq!(ids(&one).len(), 300);
    assert_ne!(ids(&one), ids(&Plan::new(8, 300, 15)));
    assert!(
        one.lives
            .iter()
            .any(|life| life.studio_dies_after.is_some())
    );
}
