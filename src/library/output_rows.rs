//! Reading outputs from their table.

use std::path::Path;
use std::sync::Arc;

use rusqlite::{Connection, Row};

use super::Result;
use super::sql::json_at;
use crate::model::{Archive, MediaKind, Output, OutputId, OutputKey, RowKey, shown_text};

/// Columns for [`read`], from `outputs o`.
pub(super) const COLUMNS: &str = "o.key, o.run, o.output_id, o.idx, o.kind, o.excerpt, o.archive, o.failure, o.file, o.bytes, o.facts";

/// Reads an output by the order of [`COLUMNS`].
pub(super) fn read(row: &Row<'_>, root: &Path) -> rusqlite::Result<Output> {
    let archive = archive_of(row.get_ref(6)?.as_str()?, row.get(7)?);
    let file: Option<String> = row.get(8)?;
    let kind = MediaKind::parse(row.get_ref(4)?.as_str()?);
    Ok(Output {
        key: OutputKey::new(row.get(0)?),
        run: RowKey::new(row.get(1)?),
        output_id: OutputId::new(row.get::<_, String>(2)?),
        index: row.get(3)?,
        kind,
        excerpt: row
            .get::<_, Option<String>>(5)?
            .map(|excerpt| Arc::from(shown_text(&excerpt))),
        file: file
            .filter(|_| archive == Archive::Stored)
            .map(|file| root.join(file)),
        bytes: row
            .get::<_, Option<i64>>(9)?
            .map(|bytes| bytes.max(0).unsigned_abs()),
        facts: json_at(row, "facts")?.unwrap_or_default(),
        archive,
    })
}

/// A run's outputs in their order.
pub(super) fn of_run(connection: &Connection, run: RowKey, root: &Path) -> Result<Vec<Output>> {
    let sql = format!("SELECT {COLUMNS} FROM outputs o WHERE o.run = ?1 ORDER BY o.idx");
    let mut statement = connection.prepare_cached(&sql)?;
    let outputs = statement.query_map([run.get()], |row| read(row, root))?;
    Ok(outputs.collect::<rusqlite::Result<_>>()?)
}

/// Where each output of a run is: what its stage and its saved mark follow from.
pub(super) fn archives(connection: &Connection, run: RowKey) -> Result<Vec<Archive>> {
    let sql = "SELECT archive FROM outputs WHERE run = ?1";
    let mut statement = connection.prepare_cached(sql)?;
    let archives = statement.query_map([run.get()], |row| {
        Ok(archive_of(row.get_ref(0)?.as_str()?, None))
    })?;
    Ok(archives.collect::<rusqlite::Result<_>>()?)
}

pub(super) fn archive_word(archive: &Archive) -> &'static str {
    match archive {
        Archive::Remote => "remote",
        Archive::Fetching => "fetching",
        Archive::Stored => "stored",
        Archive::Failed(_) => "failed",
        Archive::LinkDead => "link_dead",
        Archive::Missing => "missing",
    }
}

pub(super) fn archive_of(word: &str, failure: Option<String>) -> Archive {
    match word {
        "fetching" => Archive::Fetching,
        "stored" => Archive::Stored,
        "failed" => Archive::Failed(failure.unwrap_or_default()),
        "link_dead" => Archive::LinkDead,
        "missing" => Archive::Missing,
        _ => Archive::Remote,
    }
}
