//! Points in time.

/// A point in time; the library stores it as unix milliseconds.
pub type Timestamp = jiff::Timestamp;

/// The wall clock, rounded to the millisecond that is stored.
pub fn now() -> Timestamp {
    let now = jiff::Timestamp::now();
    jiff::Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now)
}
