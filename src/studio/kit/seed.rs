//! Chance that can be repeated: the same words always give the same numbers.

/// Hashes words to a number that never changes between versions or machines.
///
/// Case and spacing do not count, so `Quiet  harbour` and `quiet harbour ` are the same words.
pub fn hash(words: &str) -> u64 {
    let mut state: u64 = 0xcbf2_9ce4_8422_2325;
    for (index, word) in words.split_whitespace().enumerate() {
        if index > 0 {
            state = fnv_step(state, b' ');
        }
        for byte in word.to_lowercase().bytes() {
            state = fnv_step(state, byte);
        }
    }
    state
}

fn fnv_step(state: u64, byte: u8) -> u64 {
    (state ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
}

/// Hashes bytes, for techniques that are seeded by a picture instead of words.
pub fn hash_bytes(bytes: &[u8]) -> u64 {
    // A sample is enough to tell pictures apart and keeps this cheap for large ones.
    let stride = (bytes.len() / 4096).max(1);
    bytes
        .iter()
        .step_by(stride)
        .fold(0xcbf2_9ce4_8422_2325 ^ bytes.len() as u64, |state, byte| {
            fnv_step(state, *byte)
        })
}

/// A small, fast generator (SplitMix64). Not for secrets.
#[derive(Clone, Debug)]
pub struct Rng(u64);

impl Rng {
    /// Starts from a number.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Starts from words; `salt` gives each use of the same words a sequence of its own.
    pub fn from_words(words: &str, salt: &str) -> Self {
        Self(hash(words) ^ hash(salt).rotate_left(17))
    }

    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// From 0.0 up to, not including, 1.0.
    pub fn unit(&mut self) -> f32 {
        (self.bits() >> 40) as f32 / (1u64 << 24) as f32
    }

    /// From `low` up to `high`.
    pub fn between(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low) * self.unit()
    }

    /// A whole number below `count`, which must not be zero.
    pub fn below(&mut self, count: usize) -> usize {
        (self.bits() % count as u64) as usize
    }

    /// True with the given probability.
    pub fn chance(&mut self, probability: f32) -> bool {
        self.unit() < probability
    }

    /// One of the items, which must not be empty.
    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }

    /// Normally distributed around 0.0 with a standard deviation of 1.0, near enough.
    pub fn normal(&mut self) -> f32 {
        let sum: f32 = (0..6).map(|_| self.unit()).sum();
        (sum - 3.0) * std::f32::consts::SQRT_2
    }

    /// A generator of its own, so that drawing one thing does not disturb the next.
    pub fn fork(&mut self) -> Self {
        Self(self.bits())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_hash_to_the_same_number_for_ever() {
        assert_eq!(hash("quiet harbour"), 0x97b9_1d68_267c_d878);
        assert_eq!(hash("quiet harbour"), hash("  Quiet\n harbour "));
        assert_ne!(hash("quiet harbour"), hash("harbour quiet"));
    }

    #[test]
    fn units_fill_their_interval_evenly() {
        let mut rng = Rng::new(7);
        let mean = (0..10_000).map(|_| rng.unit()).sum::<f32>() / 10_000.0;
        assert!((mean - 0.5).abs() < 0.02, "mean is {mean}");
    }
}
