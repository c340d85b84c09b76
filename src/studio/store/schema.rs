//! The tables, and how an older database becomes a newer one.

use std::time::Duration;

use rusqlite::Connection;

use super::StoreError;

/// One step a version: the first leads from 0 to 1.
const MIGRATIONS: &[&str] = &["
    CREATE TABLE notes (
        name  TEXT PRIMARY KEY,
        value TEXT NOT NULL
    ) WITHOUT ROWID;

    -- Bytes on disk. Several outputs or assets may share one.
    CREATE TABLE files (
        file_id      TEXT PRIMARY KEY,
        path         TEXT NOT NULL,      -- relative to the data directory
        content_type TEXT NOT NULL,
        size         INTEGER NOT NULL,
        sha256       TEXT NOT NULL
    ) WITHOUT ROWID;

    CREATE TABLE runs (
        seq             INTEGER PRIMARY KEY AUTOINCREMENT,
        run_id          TEXT NOT NULL UNIQUE,
        technique_id    TEXT NOT NULL,
        technique_name  TEXT NOT NULL,
        project_id      TEXT NOT NULL,
        inputs          TEXT NOT NULL,   -- JSON: input id to {kind, value}
        status          TEXT NOT NULL,
        attempt         INTEGER NOT NULL DEFAULT 0,
        created_at      INTEGER NOT NULL,
        started_at      INTEGER,
        completed_at    INTEGER,
        quote           REAL NOT NULL,
        charge          REAL,
        charge_at       INTEGER,         -- when the charge begins to be told
        error_code      TEXT,
        error_message   TEXT,
        outputs         TEXT NOT NULL DEFAULT '[]',
        idempotency_key TEXT,
        twist           TEXT NOT NULL DEFAULT '{}'
    );
    CREATE INDEX runs_newest ON runs (created_at, seq);
    CREATE INDEX runs_by_status ON runs (status, created_at, seq);
    CREATE INDEX runs_by_technique ON runs (technique_id, created_at, seq);
    CREATE INDEX runs_waiting ON runs (seq) WHERE status = 'pending';

    CREATE TABLE assets (
        seq                 INTEGER PRIMARY KEY AUTOINCREMENT,
        asset_id            TEXT NOT NULL UNIQUE,
        project_id          TEXT,
        name                TEXT NOT NULL,
        folder              TEXT,
        state               TEXT NOT NULL,   -- pending_upload, ready, failed
        uploaded_via        TEXT NOT NULL,
        upload_content_type TEXT,
        content_type        TEXT,
        width               INTEGER,
        height              INTEGER,
        file_id             TEXT,            -- what was uploaded, checked or not
        token               TEXT,            -- of the signed upload
        expires_at          INTEGER,
        ready_at            INTEGER,         -- a ready asset says so from then on
        failure_message     TEXT,
        created_at          INTEGER NOT NULL
    );
    CREATE INDEX assets_newest ON assets (created_at, seq);
    CREATE INDEX assets_by_file ON assets (file_id);

    CREATE TABLE keys (
        scope   TEXT NOT NULL,
        key     TEXT NOT NULL,
        used_at INTEGER NOT NULL,
        PRIMARY KEY (scope, key)
    ) WITHOUT ROWID;
"];

/// Sets the connection up and brings the schema to this version.
pub(super) fn prepare(connection: &mut Connection) -> Result<(), StoreError> {
    connection.busy_timeout(Duration::from_secs(5))?;
    // WAL with NORMAL: a killed process loses nothing, and a start does not wait for the disk.
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    let version: u32 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    for (to, step) in (1_u32..).zip(MIGRATIONS).skip(version as usize) {
        let transaction = connection.transaction()?;
        transaction.execute_batch(step)?;
        transaction.pragma_update(None, "user_version", to)?;
        transaction.commit()?;
    }
    Ok(())
}
