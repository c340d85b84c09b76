//! Times, durations and sizes as people read them.

use jiff::ZonedDateTime;
use jiff::tz::TimeZone;

use crate::model::Timestamp;

/// "14:32" today, "Tue 14:32" within a week, "12 Mar 14:32" this year, else "12 Mar 2025".
pub fn when(time: Timestamp, now: Timestamp) -> String {
    let zone = TimeZone::system();
    let (then, now) = (
        ZonedDateTime::new(time, zone.clone()),
        ZonedDateTime::new(now, zone),
    );
    let days = (now.date() - then.date()).get_days();
    let format = match days {
        0 => "%H:%M",
        1..=6 => "%a %H:%M",
        _ if then.year() == now.year() => "%-d %b %H:%M",
        _ => "%-d %b %Y",
    };
    then.strftime(format).to_string()
}

/// The exact time, here and in UTC, for a tooltip.
pub fn when_exactly(time: Timestamp) -> String {
    let local = ZonedDateTime::new(time, TimeZone::system());
    format!(
        "{}\n{} UTC",
        local.strftime("%A, %-d %B %Y, %H:%M:%S"),
        time.strftime("%Y-%m-%d %H:%M:%S")
    )
}

/// The beginning of `now`'s day, here.
pub fn midnight(now: Timestamp) -> Timestamp {
    let today = ZonedDateTime::new(now, TimeZone::system());
    today.start_of_day().map_or(now, |start| start.timestamp())
}

/// "14:32:08"
pub fn clock(time: Timestamp) -> String {
    ZonedDateTime::new(time, TimeZone::system())
        .strftime("%H:%M:%S")
        .to_string()
}

/// "24 Nov 2026, 14:32:08"
pub fn date_and_clock(time: Timestamp) -> String {
    ZonedDateTime::new(time, TimeZone::system())
        .strftime("%-d %b %Y, %H:%M:%S")
        .to_string()
}

/// A finished duration: "7 s", "1 min 20 s", "2 h 5 min".
pub fn took(milliseconds: i64) -> String {
    let seconds = (milliseconds + 500) / 1000;
    match seconds {
        0 => "< 1 s".to_owned(),
        1..60 => format!("{seconds} s"),
        60..3600 if seconds % 60 == 0 => format!("{} min", seconds / 60),
        60..3600 => format!("{} min {} s", seconds / 60, seconds % 60),
        _ => format!("{} h {} min", seconds / 3600, seconds % 3600 / 60),
    }
}

/// A running duration: "0:42", "12:05", "1:02:05".
pub fn elapsed(milliseconds: i64) -> String {
    let seconds = milliseconds / 1000;
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 {
        format!("{hours}:{minutes:02}:{seconds:02}")
    } else {
        format!("{minutes}:{seconds:02}")
    }
}

/// "1.8 MB"
pub fn bytes(bytes: u64) -> String {
    const UNITS: [&str; 5] = ["bytes", "KB", "MB", "GB", "TB"];
    if bytes == 1 {
        return "1 byte".to_owned();
    }
    let mut amount = bytes as f64;
    let mut unit = 0;
    while amount >= 999.5 && unit + 1 < UNITS.len() {
        amount /= 1000.0;
        unit += 1;
    }
    match unit {
        0 => format!("{bytes} bytes"),
        _ if amount < 9.95 => format!("{amount:.1} {}", UNITS[unit]),
        _ => format!("{amount:.0} {}", UNITS[unit]),
    }
}

/// "2,318"
pub fn count(number: usize) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// "1 run", "3 runs"
pub fn counted(number: usize, noun: &str) -> String {
    if number == 1 {
        format!("1 {noun}")
    } else {
        format!("{} {noun}s", count(number))
    }
}

/// The text, cut to so many characters with "…" where it is longer.
pub fn shortened(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", text[..end].trim_end()),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_read_as_people_write_them() {
        assert_eq!(count(0), "0");
        assert_eq!(count(2318), "2,318");
        assert_eq!(count(1_000_000), "1,000,000");
        assert_eq!(bytes(999), "999 bytes");
        assert_eq!(bytes(1_800_000), "1.8 MB");
        assert_eq!(bytes(12_400_000), "12 MB");
        assert_eq!(took(7_100), "7 s");
        assert_eq!(took(80_000), "1 min 20 s");
        assert_eq!(elapsed(42_900), "0:42");
    }
}
