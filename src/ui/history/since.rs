//! "Today" and "this week" as points in time, and back.

use jiff::tz::TimeZone;
use jiff::{ToSpan as _, ZonedDateTime};

use crate::model::Timestamp;

/// Periods to filter by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    Today,
    ThisWeek,
    ThisMonth,
}

impl Period {
    pub const ALL: [Self; 3] = [Self::Today, Self::ThisWeek, Self::ThisMonth];

    /// As a choice and in a chip.
    pub fn word(self) -> &'static str {
        match self {
            Self::Today => "Today",
            Self::ThisWeek => "This week",
            Self::ThisMonth => "This month",
        }
    }

    /// When it began, local time. Weeks begin on Monday.
    pub fn start(self, now: Timestamp) -> Option<Timestamp> {
        let today = now
            .to_zoned_datetime(TimeZone::system())
            .start_of_day()
            .ok()?;
        let start: ZonedDateTime = match self {
            Self::Today => today,
            Self::ThisWeek => {
                let days = i64::from(today.weekday().to_monday_zero_offset());
                today.checked_sub(days.days()).ok()?
            }
            Self::ThisMonth => today.first_of_month().ok()?,
        };
        Some(start.timestamp())
    }
}

/// What to call a filter's beginning: the period it is the start of, else its date.
pub fn name(since: Timestamp, now: Timestamp) -> String {
    let period = Period::ALL
        .into_iter()
        .find(|period| period.start(now) == Some(since));
    match period {
        Some(period) => period.word().to_owned(),
        None => {
            let zoned = since.to_zoned_datetime(TimeZone::system());
            format!("Since {}", zoned.strftime("%-d %b"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_is_called_by_its_name_until_it_is_over() {
        let tuesday: Timestamp = "2026-11-24T14:36:12Z".parse().unwrap();
        let start = Period::Today.start(tuesday).unwrap();
        assert!(start < tuesday);
        assert_eq!(name(start, tuesday), "Today");
        let next_day = tuesday + 30.hours();
        assert_ne!(name(start, next_day), "Today");
        assert!(name(start, next_day).starts_with("Since"));
    }

    #[test]
    fn a_week_holds_its_today() {
        let now: Timestamp = "2026-11-26T09:00:00Z".parse().unwrap();
        let week = Period::ThisWeek.start(now).unwrap();
        assert!(week < Period::Today.start(now).unwrap());
        assert!(now.as_millisecond() - week.as_millisecond() < 7 * 24 * 3_600_000);
    }
}
