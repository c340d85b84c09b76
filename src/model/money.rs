//! Money in USD, exact to a millionth, so that sums are what people expect.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Mul};

use serde::{Deserialize, Serialize};

/// An amount in millionths of a US dollar.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Usd(i64);

impl Usd {
    pub const ZERO: Self = Self(0);

    /// From millionths of a dollar, as the library stores them.
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// In millionths of a dollar.
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// From dollars, as FLORA writes them. Nothing for what is not finite or is negative.
    pub fn from_dollars(dollars: f64) -> Option<Self> {
        let micros = (dollars * 1e6).round();
        (micros.is_finite() && (0.0..9e18).contains(&micros)).then_some(Self(micros as i64))
    }

    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// "Free" for nothing, else as [`fmt::Display`]: what a price tag says.
    pub fn price(self) -> String {
        if self.is_zero() {
            "Free".to_owned()
        } else {
            self.to_string()
        }
    }
}

impl fmt::Display for Usd {
    /// `$0.15`, and as many more digits as there are: `$0.253`, `$0.0004`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "−" } else { "" };
        let micros = self.0.unsigned_abs();
        let (dollars, rest) = (micros / 1_000_000, micros % 1_000_000);
        let digits = format!("{rest:06}");
        let kept = digits.trim_end_matches('0').len().max(2);
        write!(f, "{sign}${dollars}.{}", &digits[..kept])
    }
}

impl Add for Usd {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl AddAssign for Usd {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Mul<usize> for Usd {
    type Output = Self;
    fn mul(self, count: usize) -> Self {
        Self(
            self.0
                .saturating_mul(i64::try_from(count).unwrap_or(i64::MAX)),
        )
    }
}

impl Sum for Usd {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, Add::add)
    }
}

#[cfg(test)]
mod tests {
    use super::Usd;

    #[test]
    fn amounts_read_as_people_write_them() {
        let shown = |dollars| Usd::from_dollars(dollars).unwrap().to_string();
        assert_eq!(shown(0.15), "$0.15");
        assert_eq!(shown(0.253), "$0.253");
        assert_eq!(shown(12.0), "$12.00");
        assert_eq!(shown(0.0004), "$0.0004");
        assert_eq!(Usd::ZERO.price(), "Free");
    }

    #[test]
    fn ten_dimes_are_a_dollar() {
        let dimes = std::iter::repeat_n(Usd::from_dollars(0.1).unwrap(), 10);
        assert_eq!(dimes.sum::<Usd>(), Usd::from_dollars(1.0).unwrap());
    }

    #[test]
    fn nonsense_is_no_amount() {
        assert_eq!(Usd::from_dollars(f64::NAN), None);
        assert_eq!(Usd::from_dollars(-0.01), None);
        assert_eq!(Usd::from_dollars(1e300), None);
    }
}
