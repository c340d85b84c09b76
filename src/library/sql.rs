//! Small passages between Rust's values and SQLite's.

use rusqlite::{Connection, OptionalExtension, Row};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::Result;
use crate::model::{ProfileId, Timestamp, Usd};

/// For SQL text: the key of the profile whose id is the first parameter.
pub(super) const PROFILE: &str = "(SELECT key FROM profiles WHERE id = ?1)";

/// A profile's key; it gets one when it is new.
pub(super) fn profile_key(connection: &Connection, profile: &ProfileId) -> Result<i64> {
    let known = connection
        .prepare_cached("SELECT key FROM profiles WHERE id = ?1")?
        .query_row([profile.as_str()], |row| row.get(0))
        .optional()?;
    if let Some(key) = known {
        return Ok(key);
    }
    connection.execute("INSERT INTO profiles (id) VALUES (?1)", [profile.as_str()])?;
    Ok(connection.last_insert_rowid())
}

/// Stored milliseconds as a time; what is out of range reads as 1970.
pub(super) fn time(ms: i64) -> Timestamp {
    Timestamp::from_millisecond(ms).unwrap_or(Timestamp::UNIX_EPOCH)
}

pub(super) fn time_at(row: &Row<'_>, column: &str) -> rusqlite::Result<Option<Timestamp>> {
    Ok(row.get::<_, Option<i64>>(column)?.map(time))
}

pub(super) fn ms(time: Option<Timestamp>) -> Option<i64> {
    time.map(Timestamp::as_millisecond)
}

pub(super) fn usd_at(row: &Row<'_>, column: &str) -> rusqlite::Result<Option<Usd>> {
    Ok(row.get::<_, Option<i64>>(column)?.map(Usd::from_micros))
}

pub(super) fn micros(amount: Option<Usd>) -> Option<i64> {
    amount.map(Usd::micros)
}

/// A stored size or count.
pub(super) fn unsigned(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    Ok(row.get::<_, i64>(column)?.max(0).unsigned_abs())
}

/// [`unsigned`], for counting in memory.
pub(super) fn count(row: &Row<'_>, column: usize) -> rusqlite::Result<usize> {
    Ok(usize::try_from(row.get::<_, i64>(column)?).unwrap_or(0))
}

/// A JSON column. What cannot be read (another version wrote it) counts as absent: one odd detail never
/// hides a row.
pub(super) fn json_at<T: DeserializeOwned>(
    row: &Row<'_>,
    column: &str,
) -> rusqlite::Result<Option<T>> {
    let text = row.get_ref(column)?.as_str_or_null()?;
    Ok(text.and_then(|text| serde_json::from_str(text).ok()))
}

pub(super) fn json<T: Serialize>(value: Option<&T>) -> Result<Option<String>> {
    Ok(value.map(serde_json::to_string).transpose()?)
}

/// Keys as one parameter, for `json_each(?)`.
pub(super) fn key_list(keys: impl Iterator<Item = i64>) -> String {
    let keys: Vec<String> = keys.map(|key| key.to_string()).collect();
    format!("[{}]", keys.join(","))
}
