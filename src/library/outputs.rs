//! Outputs: what a run made, and where its bytes are.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};

use super::output_rows::{COLUMNS, archive_word, of_run, read};
use super::runs::{Before, Saved};
use super::sql::{PROFILE, json};
use super::{Library, LibraryError, Result, StoredFile};
use crate::model::{Archive, MediaFacts, MediaKind, Output, OutputKey, ProfileId, RowKey};

/// Where an output's content comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OutputContent {
    /// To be fetched, without any key.
    Url(String),
    /// It came with the run itself.
    Text(String),
}

/// An output that should come into the archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WantedOutput {
    pub key: OutputKey,
    pub run: RowKey,
    pub kind: MediaKind,
    pub content: OutputContent,
    /// How often fetching failed so far.
    pub attempts: u32,
}

impl Library {
    /// Outputs that are to be fetched: of runs started here, and those asked for by [`Library::want_outputs`].
    ///
    /// # Errors
    /// What the database says.
    pub fn wanted_outputs(&self, profile: &ProfileId) -> Result<Vec<WantedOutput>> {
        let sql = format!(
            "SELECT o.key, o.run, o.kind, o.attempts, o.url, o.text FROM outputs o JOIN runs r ON r.key = o.run \
             WHERE o.archive = 'fetching' AND r.profile = {PROFILE} ORDER BY r.created_ms DESC, o.run, o.idx"
        );
        let mut statement = self.connection().prepare_cached(&sql)?;
        let wanted = statement.query_map([profile.as_str()], read_wanted)?;
        Ok(wanted.collect::<rusqlite::Result<_>>()?)
    }

    /// One output with where it comes from.
    ///
    /// # Errors
    /// [`LibraryError::NoSuchRow`] when it is gone.
    pub fn output_content(&self, output: OutputKey) -> Result<WantedOutput> {
        let sql = "SELECT key, run, kind, attempts, url, text FROM outputs WHERE key = ?1";
        let mut statement = self.connection().prepare_cached(sql)?;
        Ok(statement.query_row([output.get()], read_wanted)?)
    }

    /// One output as the window shows it.
    ///
    /// # Errors
    /// [`LibraryError::NoSuchRow`] when it is gone.
    pub fn output(&self, output: OutputKey) -> Result<Output> {
        let sql = format!("SELECT {COLUMNS} FROM outputs o WHERE o.key = ?1");
        let mut statement = self.connection().prepare_cached(&sql)?;
        Ok(statement.query_row([output.get()], |row| read(row, self.root()))?)
    }

    /// The whole of a text output; `None` for other kinds.
    ///
    /// # Errors
    /// [`LibraryError::NoSuchRow`] when it is gone.
    pub fn output_text(&self, output: OutputKey) -> Result<Option<String>> {
        let sql = "SELECT text FROM outputs WHERE key = ?1";
        let mut statement = self.connection().prepare_cached(sql)?;
        Ok(statement.query_row([output.get()], |row| row.get(0))?)
    }

    /// Asks for a run's outputs that are not here: "Fetch again", or archiving a run from elsewhere.
    ///
    /// # Errors
    /// What the database says.
    pub fn want_outputs(&self, run: RowKey) -> Result<Saved> {
        self.change_outputs(
            run,
            "UPDATE outputs SET archive = 'fetching', failure = NULL, attempts = 0 \
             WHERE run = ?1 AND (archive <> 'stored' OR file IS NULL)",
        )
    }

    /// Lets a run's outputs stay at FLORA, when archiving is off.
    ///
    /// # Errors
    /// What the database says.
    pub fn leave_outputs(&self, run: RowKey) -> Result<Saved> {
        self.change_outputs(
            run,
            "UPDATE outputs SET archive = CASE WHEN text IS NULL THEN 'remote' ELSE 'stored' END \
             WHERE run = ?1 AND archive = 'fetching'",
        )
    }

    /// Files an output that has arrived whole.
    ///
    /// # Errors
    /// What the database says. When the output is gone, its file is left where it is.
    pub fn output_stored(&self, output: OutputKey, file: &StoredFile) -> Result<Saved> {
        let relative = self.relative(&file.path)?;
        self.change_output(output, |transaction| {
            let sql = "UPDATE outputs SET archive = 'stored', failure = NULL, file = ?2, sha256 = ?3, bytes = ?4 \
                       WHERE key = ?1";
            let bytes = i64::try_from(file.bytes).unwrap_or(i64::MAX);
            let values = params![output.get(), relative, file.sha256, bytes];
            transaction.prepare_cached(sql)?.execute(values)?;
            Ok(())
        })
    }

    /// Notes that fetching failed: `words` say why. It can be tried again for free.
    ///
    /// # Errors
    /// What the database says.
    pub fn output_failed(&self, output: OutputKey, words: &str) -> Result<Saved> {
        self.output_gone(output, &Archive::Failed(words.to_owned()))
    }

    /// Notes that FLORA no longer serves an output.
    ///
    /// # Errors
    /// What the database says.
    pub fn output_link_dead(&self, output: OutputKey) -> Result<Saved> {
        self.output_gone(output, &Archive::LinkDead)
    }

    /// Notes one more failed attempt of a fetch that goes on.
    ///
    /// # Errors
    /// What the database says.
    pub fn output_retried(&self, output: OutputKey) -> Result<()> {
        let sql = "UPDATE outputs SET attempts = attempts + 1 WHERE key = ?1";
        self.connection()
            .prepare_cached(sql)?
            .execute([output.get()])?;
        Ok(())
    }

    /// Keeps what `media` measured of an output.
    ///
    /// # Errors
    /// What the database says.
    pub fn set_output_facts(&self, output: OutputKey, facts: &MediaFacts) -> Result<()> {
        let sql = "UPDATE outputs SET facts = ?2 WHERE key = ?1";
        let values = params![output.get(), json(Some(facts))?];
        self.connection().prepare_cached(sql)?.execute(values)?;
        Ok(())
    }

    /// Looks whether the archived files of these runs are still there, and notes what is missing or back.
    /// Returns the runs that changed.
    ///
    /// # Errors
    /// What the database says.
    pub fn verify_outputs(&self, runs: &[RowKey]) -> Result<Vec<Saved>> {
        let mut changed = Vec::new();
        for run in runs {
            let mut found = Vec::new();
            for output in of_run(self.connection(), *run, self.root())? {
                if let Some(archive) = self.verdict(&output) {
                    found.push((output.key, archive));
                }
            }
            if !found.is_empty() {
                changed.push(self.write(|transaction| {
                    let before = Before::load(transaction, *run)?;
                    for (output, archive) in &found {
                        set_archive(transaction, *output, archive)?;
                    }
                    before.settled(transaction)
                })?);
            }
        }
        Ok(changed)
    }

    /// What has become of an archived file, if that is news.
    fn verdict(&self, output: &Output) -> Option<Archive> {
        let stored = self.stored_path(output.key).ok().flatten()?;
        let there = stored.metadata().is_ok_and(|meta| {
            meta.is_file() && output.bytes.is_none_or(|bytes| bytes == meta.len())
        });
        match (&output.archive, there) {
            (Archive::Stored, false) => Some(Archive::Missing),
            (Archive::Missing, true) => Some(Archive::Stored),
            _ => None,
        }
    }

    /// Where an output was archived, whether or not the file is still there.
    fn stored_path(&self, output: OutputKey) -> Result<Option<PathBuf>> {
        let sql = "SELECT file FROM outputs WHERE key = ?1";
        let mut statement = self.connection().prepare_cached(sql)?;
        let file: Option<String> = statement.query_row([output.get()], |row| row.get(0))?;
        Ok(file.map(|file| self.absolute(&file)))
    }

    fn output_gone(&self, output: OutputKey, archive: &Archive) -> Result<Saved> {
        self.change_output(output, |transaction| {
            let sql = "UPDATE outputs SET attempts = attempts + 1 WHERE key = ?1";
            transaction.prepare_cached(sql)?.execute([output.get()])?;
            set_archive(transaction, output, archive)
        })
    }

    fn change_outputs(&self, run: RowKey, sql: &str) -> Result<Saved> {
        self.write(|transaction| {
            let before = Before::load(transaction, run)?;
            transaction.prepare_cached(sql)?.execute([run.get()])?;
            before.settled(transaction)
        })
    }

    fn change_output(
        &self,
        output: OutputKey,
        change: impl FnOnce(&Transaction<'_>) -> Result<()>,
    ) -> Result<Saved> {
        self.write(|transaction| {
            let before = Before::load(transaction, run_of(transaction, output)?)?;
            change(transaction)?;
            before.settled(transaction)
        })
    }

    /// A path inside the library as it is stored: relative, with `/`.
    pub(super) fn relative(&self, path: &Path) -> Result<String> {
        let inside = path
            .strip_prefix(self.root())
            .map_err(|_| LibraryError::NotFound {
                path: path.to_owned(),
            })?;
        let parts = inside
            .components()
            .map(|part| part.as_os_str().to_string_lossy());
        Ok(parts.collect::<Vec<_>>().join("/"))
    }
}

fn read_wanted(row: &Row<'_>) -> rusqlite::Result<WantedOutput> {
    let text: Option<String> = row.get("text")?;
    let url: Option<String> = row.get("url")?;
    Ok(WantedOutput {
        key: OutputKey::new(row.get("key")?),
        run: RowKey::new(row.get("run")?),
        kind: MediaKind::parse(&row.get::<_, String>("kind")?),
        content: match text {
            Some(text) => OutputContent::Text(text),
            None => OutputContent::Url(url.unwrap_or_default()),
        },
        attempts: row.get("attempts")?,
    })
}

fn run_of(connection: &Connection, output: OutputKey) -> Result<RowKey> {
    let sql = "SELECT run FROM outputs WHERE key = ?1";
    let run = connection
        .prepare_cached(sql)?
        .query_row([output.get()], |row| row.get(0))
        .optional()?;
    run.map(RowKey::new).ok_or(LibraryError::NoSuchRow)
}

fn set_archive(connection: &Connection, output: OutputKey, archive: &Archive) -> Result<()> {
    let failure = match archive {
        Archive::Failed(words) => Some(words.as_str()),
        _ => None,
    };
    let sql = "UPDATE outputs SET archive = ?2, failure = ?3 WHERE key = ?1";
    let values = params![output.get(), archive_word(archive), failure];
    connection.prepare_cached(sql)?.execute(values)?;
    Ok(())
}
