//! What the archive holds of an output, and asking for what it lacks.

use std::path::PathBuf;
use std::sync::Arc;

use rusqlite::Connection;

use super::output_rows;
use super::runs::{Before, Saved};
use super::sql::{PROFILE, json_at, key_list};
use super::{Library, Result};
use crate::model::{Archive, MediaFacts, MediaKind, OutputKey, ProfileId, RowKey};

/// An output and its file.
#[derive(Clone, Debug, PartialEq)]
pub struct ArchivedOutput {
    pub key: OutputKey,
    pub run: RowKey,
    pub kind: MediaKind,
    pub archive: Archive,
    /// Where its file is, or was when somebody removed it.
    pub path: Option<PathBuf>,
    /// Of the file's content, in lower-case hex.
    pub sha256: Option<Arc<str>>,
    /// Empty until it was measured.
    pub facts: MediaFacts,
}

impl Library {
    /// What the archive holds of an output.
    ///
    /// # Errors
    /// [`super::LibraryError::NoSuchRow`] when it is gone.
    pub fn archived_output(&self, output: OutputKey) -> Result<ArchivedOutput> {
        let sql = "SELECT key, run, kind, archive, failure, file, sha256, facts FROM outputs WHERE key = ?1";
        let mut statement = self.connection().prepare_cached(sql)?;
        let archived = statement.query_row([output.get()], |row| {
            let file: Option<String> = row.get("file")?;
            Ok(ArchivedOutput {
                key: OutputKey::new(row.get("key")?),
                run: RowKey::new(row.get("run")?),
                kind: MediaKind::parse(row.get_ref("kind")?.as_str()?),
                archive: output_rows::archive_of(
                    row.get_ref("archive")?.as_str()?,
                    row.get("failure")?,
                ),
                path: file.map(|file| self.absolute(&file)),
                sha256: row.get("sha256")?,
                facts: json_at(row, "facts")?.unwrap_or_default(),
            })
        });
        Ok(archived?)
    }

    /// Asks for single outputs that are not here. Returns the runs that changed.
    ///
    /// # Errors
    /// What the database says; then nothing was asked for.
    pub fn want_output(&self, outputs: &[OutputKey]) -> Result<Vec<Saved>> {
        let outputs = key_list(outputs.iter().map(|output| output.get()));
        self.want_where(
            "key IN (SELECT value FROM json_each(?1)) AND (archive <> 'stored' OR file IS NULL)",
            &outputs,
        )
    }

    /// Asks once more for what could not be fetched before. Returns the runs that changed.
    ///
    /// # Errors
    /// What the database says; then nothing was asked for.
    pub fn want_failed_again(&self, profile: &ProfileId) -> Result<Vec<Saved>> {
        let condition = format!(
            "archive = 'failed' AND run IN (SELECT key FROM runs WHERE profile = {PROFILE})"
        );
        self.want_where(&condition, profile.as_str())
    }

    /// Outputs of a run that are to be fetched, in their order.
    ///
    /// # Errors
    /// What the database says.
    pub fn wanted_of(&self, run: RowKey) -> Result<Vec<OutputKey>> {
        let sql = "SELECT key FROM outputs WHERE run = ?1 AND archive = 'fetching' ORDER BY idx";
        let mut statement = self.connection().prepare_cached(sql)?;
        let outputs = statement.query_map([run.get()], |row| Ok(OutputKey::new(row.get(0)?)))?;
        Ok(outputs.collect::<rusqlite::Result<_>>()?)
    }

    /// Marks the outputs of a condition with one parameter as to be fetched.
    fn want_where(&self, condition: &str, parameter: &str) -> Result<Vec<Saved>> {
        self.write(|transaction| {
            let runs = runs_where(transaction, condition, parameter)?;
            let before = runs
                .into_iter()
                .map(|run| Before::load(transaction, run))
                .collect::<Result<Vec<_>>>()?;
            let sql = format!(
                "UPDATE outputs SET archive = 'fetching', failure = NULL WHERE {condition}"
            );
            transaction.prepare_cached(&sql)?.execute([parameter])?;
            before
                .iter()
                .map(|before| before.settled(transaction))
                .collect()
        })
    }
}

fn runs_where(connection: &Connection, condition: &str, parameter: &str) -> Result<Vec<RowKey>> {
    let sql = format!("SELECT DISTINCT run FROM outputs WHERE {condition}");
    let mut statement = connection.prepare_cached(&sql)?;
    let runs = statement.query_map([parameter], |row| Ok(RowKey::new(row.get(0)?)))?;
    Ok(runs.collect::<rusqlite::Result<_>>()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::library::store_text;
    use crate::library::testing::{self, image, update};
    use crate::model::{RunStage, RunStatus, RunUpdate};

    fn completed(id: &str) -> RunUpdate {
        RunUpdate {
            outputs: vec![image("one"), image("two")],
            ..update(id, RunStatus::Completed)
        }
    }

    /// A run from elsewhere with two outputs at FLORA.
    fn run(library: &Library) -> (RowKey, Vec<OutputKey>) {
        let saved = library.save_run(&testing::profile(), &completed("run_1"));
        let row = saved.unwrap().key;
        let outputs = library.run(row).unwrap().outputs;
        (row, outputs.iter().map(|output| output.key).collect())
    }

    #[test]
    fn single_outputs_can_be_asked_for() {
        let (_dir, library) = testing::library();
        let (row, outputs) = run(&library);
        assert_eq!(library.wanted_of(row).unwrap(), []);
        let changed = library.want_output(&outputs[1..]).unwrap();
        assert_eq!(changed.len(), 1);
        assert_eq!(changed[0].stage_after, RunStage::Downloading);
        assert_eq!(library.wanted_of(row).unwrap(), outputs[1..]);
        assert_eq!(library.want_output(&[]).unwrap(), []);
    }

    #[test]
    fn what_is_here_is_not_asked_for_again() {
        let (dir, library) = testing::library();
        let (row, outputs) = run(&library);
        let file = store_text(&dir.path().join("files"), "one", "content").unwrap();
        library.output_stored(outputs[0], &file).unwrap();
        library.want_output(&outputs).unwrap();
        assert_eq!(library.wanted_of(row).unwrap(), outputs[1..]);
        let archived = library.archived_output(outputs[0]).unwrap();
        assert_eq!(archived.archive, Archive::Stored);
        assert_eq!(archived.path, Some(file.path));
        assert_eq!(archived.sha256.as_deref(), Some(file.sha256.as_str()));
    }

    #[test]
    fn what_failed_is_asked_for_again_and_what_is_dead_is_not() {
        let (_dir, library) = testing::library();
        let (row, outputs) = run(&library);
        library.output_failed(outputs[0], "no network").unwrap();
        library.output_link_dead(outputs[1]).unwrap();
        assert_eq!(library.run(row).unwrap().stage, RunStage::Done);
        let elsewhere = library.want_failed_again(&ProfileId::studio()).unwrap();
        assert_eq!(elsewhere, [], "another profile's are left alone");
        let changed = library.want_failed_again(&testing::profile()).unwrap();
        assert_eq!(changed.len(), 1);
        assert_eq!(library.wanted_of(row).unwrap(), outputs[..1]);
        let dead = library.archived_output(outputs[1]).unwrap();
        assert_eq!((dead.archive, dead.path), (Archive::LinkDead, None));
    }
}
