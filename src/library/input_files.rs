//! Handed-in files, kept once per content, so that a run can be done again when the original has moved.

use std::path::PathBuf;
use std::sync::Arc;

use rusqlite::{OptionalExtension, params};

use super::sql::{json, json_at, unsigned};
use super::{Library, Result, StoredInput};
use crate::model::{InputFile, MediaKind};

impl Library {
    /// Notes a checked file whose bytes [`super::store_input`] has put into the library.
    ///
    /// # Errors
    /// What the database says.
    pub fn save_input_file(&self, file: &InputFile, stored: &StoredInput) -> Result<()> {
        let sql = "INSERT INTO input_files (hash, name, kind, bytes, facts, file) VALUES (?1, ?2, ?3, ?4, ?5, ?6) \
                   ON CONFLICT (hash) DO UPDATE SET name = excluded.name, kind = excluded.kind, \
                   facts = excluded.facts, file = excluded.file";
        self.connection().prepare_cached(sql)?.execute(params![
            &*file.hash,
            file.name,
            file.kind.as_str(),
            i64::try_from(file.bytes).unwrap_or(i64::MAX),
            json(Some(&file.facts))?,
            self.relative(&stored.path)?,
        ])?;
        Ok(())
    }

    /// A handed-in file by its content's hash.
    ///
    /// # Errors
    /// What the database says.
    pub fn input_file(&self, hash: &str) -> Result<Option<InputFile>> {
        let sql = "SELECT name, kind, bytes, facts FROM input_files WHERE hash = ?1";
        let mut statement = self.connection().prepare_cached(sql)?;
        let file = statement.query_row([hash], |row| {
            Ok(InputFile {
                name: row.get(0)?,
                kind: MediaKind::parse(row.get_ref(1)?.as_str()?),
                hash: Arc::from(hash),
                bytes: unsigned(row, 2)?,
                facts: json_at(row, "facts")?.unwrap_or_default(),
            })
        });
        Ok(file.optional()?)
    }

    /// Where a handed-in file's bytes are; `None` when they are not there any more.
    ///
    /// # Errors
    /// What the database says.
    pub fn input_path(&self, hash: &str) -> Result<Option<PathBuf>> {
        let sql = "SELECT file FROM input_files WHERE hash = ?1";
        let mut statement = self.connection().prepare_cached(sql)?;
        let file: Option<String> = statement.query_row([hash], |row| row.get(0)).optional()?;
        Ok(file
            .map(|file| self.absolute(&file))
            .filter(|path| path.exists()))
    }
}
