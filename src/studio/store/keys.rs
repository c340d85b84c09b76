//! Idempotency keys: who used which one, and when.

use rusqlite::{Connection, OptionalExtension, params};

use super::StoreError;

/// How long a used key is kept: two hours, in milliseconds.
pub(in crate::studio) const KEPT: i64 = 2 * 60 * 60 * 1000;

/// Takes a key for good, unless it was taken in the last two hours. Called in the transaction of what the key is for, so
/// a request that fails frees its key by not committing.
///
/// # Errors
/// [`StoreError::Duplicate`] when it was.
pub(in crate::studio) fn claim(
    connection: &Connection,
    scope: &str,
    key: &str,
    now: i64,
) -> Result<(), StoreError> {
    let used_at: Option<i64> = connection
        .query_row(
            "SELECT used_at FROM keys WHERE scope = ?1 AND key = ?2",
            params![scope, key],
            |row| row.get(0),
        )
        .optional()?;
    if used_at.is_some_and(|used_at| now < used_at + KEPT) {
        return Err(StoreError::Duplicate);
    }
    connection.execute(
        "INSERT INTO keys (scope, key, used_at) VALUES (?1, ?2, ?3)
         ON CONFLICT (scope, key) DO UPDATE SET used_at = excluded.used_at",
        params![scope, key, now],
    )?;
    Ok(())
}

/// Forgets keys older than two hours.
pub(in crate::studio) fn sweep(connection: &Connection, now: i64) -> Result<(), StoreError> {
    connection.execute("DELETE FROM keys WHERE used_at <= ?1", [now - KEPT])?;
    Ok(())
}
