//! What the studio keeps: one SQLite database, one file a table.

pub(super) mod assets;
pub(super) mod files;
pub(super) mod keys;
pub(super) mod runs;
mod schema;

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::{Connection, OptionalExtension, Row, TransactionBehavior, params};

/// The note of when this data directory became a studio, in unix milliseconds.
pub(super) const CREATED_AT: &str = "created_at";

/// Why the store could not do it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The idempotency key was used in the last two hours.
    #[error("the idempotency key is in use")]
    Duplicate,
    #[error(transparent)]
    Sqlite(#[from] rusqlite::Error),
    #[error("a kept value cannot be read or written: {0}")]
    Json(#[from] serde_json::Error),
    #[error(transparent)]
    Io(#[from] std::io::Error),
    #[error("a task of the store was cancelled")]
    Cancelled,
}

/// The database. Clones share one connection: its statements are short, and one writer is all SQLite has.
#[derive(Clone)]
pub(super) struct Store {
    connection: Arc<Mutex<Connection>>,
}

impl Store {
    /// Opens or creates the database.
    pub(super) fn open(path: &Path) -> Result<Self, StoreError> {
        let mut connection = Connection::open(path)?;
        schema::prepare(&mut connection)?;
        Ok(Self {
            connection: Arc::new(Mutex::new(connection)),
        })
    }

    /// Runs `work` in a transaction, on this thread. For threads that may block.
    pub(super) fn now<T>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let mut connection = self
            .connection
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        // Immediate: one that reads first and writes later cannot wait for the lock, as SQLite sees it, and a studio that
        // is just ending may still hold it.
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let value = work(&transaction)?;
        transaction.commit()?;
        Ok(value)
    }

    /// Runs `work` in a transaction, on a blocking thread.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let store = self.clone();
        tokio::task::spawn_blocking(move || store.now(work))
            .await
            .map_err(|_| StoreError::Cancelled)?
    }
}

/// Reads one of the studio's own notes (ports, whether the samples were made).
pub(super) fn note(connection: &Connection, name: &str) -> Result<Option<String>, StoreError> {
    Ok(connection
        .query_row("SELECT value FROM notes WHERE name = ?1", [name], |row| {
            row.get(0)
        })
        .optional()?)
}

/// Writes one of the studio's own notes.
pub(super) fn set_note(connection: &Connection, name: &str, value: &str) -> Result<(), StoreError> {
    connection.execute(
        "INSERT INTO notes (name, value) VALUES (?1, ?2)
         ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        params![name, value],
    )?;
    Ok(())
}

/// A place in a list that is newest first: what follows it is older, whatever was added since.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) created_at: i64,
    pub(super) seq: i64,
}

/// The conditions of a list and their values, kept in step.
#[derive(Default)]
struct Conditions {
    sql: Vec<&'static str>,
    values: Vec<Box<dyn rusqlite::ToSql>>,
}

impl Conditions {
    fn add(&mut self, sql: &'static str, value: impl rusqlite::ToSql + 'static) {
        self.sql.push(sql);
        self.values.push(Box::new(value));
    }

    fn add_if<T: rusqlite::ToSql + 'static>(&mut self, sql: &'static str, value: Option<T>) {
        if let Some(value) = value {
            self.add(sql, value);
        }
    }

    fn add_place(&mut self, place: Option<Place>) {
        if let Some(place) = place {
            self.add("(created_at, seq) < (?, ?)", place.created_at);
            self.values.push(Box::new(place.seq));
        }
    }

    /// ` WHERE …`, or nothing.
    fn clause(&self) -> String {
        if self.sql.is_empty() {
            String::new()
        } else {
            format!(" WHERE {}", self.sql.join(" AND "))
        }
    }

    fn params(&self) -> impl rusqlite::Params + '_ {
        rusqlite::params_from_iter(self.values.iter())
    }
}

/// Reads a count or a size: SQLite's integers have a sign, ours do not.
fn unsigned(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    let number: i64 = row.get(column)?;
    u64::try_from(number).map_err(|_| rusqlite::Error::IntegralValueOutOfRange(column, number))
}
