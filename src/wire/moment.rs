//! Times as FLORA writes them: unix milliseconds, sometimes seconds, sometimes ISO 8601.

use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A point in time, in milliseconds since the Unix epoch. Written as a number of milliseconds.
///
/// Read from a number (anything below 10^11 counts as seconds), from an ISO 8601 text (UTC when it names no zone),
/// or from a number in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(pub i64);

const SECONDS_BELOW: f64 = 1e11;

impl Moment {
    fn from_number(number: f64) -> Self {
        let milliseconds = if number.abs() < SECONDS_BELOW {
            number * 1000.0
        } else {
            number
        };
        Self(milliseconds.round() as i64)
    }

    fn from_text(text: &str) -> Option<Self> {
        if let Ok(time) = text.parse::<jiff::Timestamp>() {
            return Some(Self(time.as_millisecond()));
        }
        if let Ok(number) = text.parse::<f64>() {
            return number.is_finite().then(|| Self::from_number(number));
        }
        let local = text.parse::<jiff::civil::DateTime>().ok()?;
        let time = jiff::tz::TimeZone::UTC.to_timestamp(local).ok()?;
        Some(Self(time.as_millisecond()))
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(self.0)
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;

        impl Visitor<'_> for Reader {
            type Value = Moment;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a unix time or an ISO 8601 text")
            }

            fn visit_i64<E: Error>(self, value: i64) -> Result<Moment, E> {
                Ok(Moment::from_number(value as f64))
            }

            fn visit_u64<E: Error>(self, value: u64) -> Result<Moment, E> {
                Ok(Moment::from_number(value as f64))
            }

            fn visit_f64<E: Error>(self, value: f64) -> Result<Moment, E> {
                if value.is_finite() {
                    Ok(Moment::from_number(value))
                } else {
                    Err(E::custom("a time must be finite"))
                }
            }

            fn visit_str<E: Error>(self, value: &str) -> Result<Moment, E> {
                Moment::from_text(value.trim())
                    .ok_or_else(|| E::custom(format!("not a time: {value:?}")))
            }
        }

        deserializer.deserialize_any(Reader)
    }
}

#[cfg(test)]
mod tests {
    use super::Moment;

    fn read(json: &str) -> Result<Moment, serde_json::Error> {
        serde_json::from_str(json)
    }

    #[test]
    fn milliseconds_seconds_and_iso_texts_are_the_same_moment() {
        let expected = Moment(1_760_000_000_000);
        assert_eq!(read("1760000000000").unwrap(), expected);
        assert_eq!(read("1760000000").unwrap(), expected);
        assert_eq!(read("1760000000.0").unwrap(), expected);
        assert_eq!(read("\"2025-10-09T08:53:20Z\"").unwrap(), expected);
        assert_eq!(read("\"2025-10-09T10:53:20.000+02:00\"").unwrap(), expected);
        assert_eq!(read("\"2025-10-09T08:53:20.000\"").unwrap(), expected);
        assert_eq!(read("\"1760000000000\"").unwrap(), expected);
    }

    #[test]
    fn nonsense_is_refused_with_its_text() {
        let error = read("\"yesterday\"").unwrap_err().to_string();
        assert!(error.contains("yesterday"), "{error}");
    }
}
