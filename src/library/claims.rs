//! Bringing a launch and its run together: by the answer to the start, or, when that was lost, by finding the run in
//! the history.

use rusqlite::Connection;

use super::launches::set_request_id;
use super::run_row::RunRow;
use super::runs::{self, Before, Change, Saved};
use super::sql::{PROFILE, time};
use super::{Library, LibraryError, Result, output_merge, output_rows, search};
use crate::model::{
    LaunchId, ProfileId, RowKey, RunId, RunStage, RunUpdate, TechniqueId, Timestamp,
};

/// A launch that has its run now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claimed {
    /// The launch's row, which keeps its key.
    pub saved: Saved,
    /// A row that the history's import had made for the same run. It is gone.
    pub replaced: Option<RowKey>,
}

/// A run of the history that no launch of this library has claimed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnclaimedRun {
    pub key: RowKey,
    pub run_id: RunId,
    pub created_at: Timestamp,
}

impl Library {
    /// Notes the run that a launch became, by the answer to its start.
    ///
    /// # Errors
    /// [`LibraryError::Claimed`] when the launch has another run, or the run another launch;
    /// [`LibraryError::NoSuchRow`] for a launch that is not in the ledger.
    pub fn claim_run(
        &self,
        launch: LaunchId,
        update: &RunUpdate,
        request_id: Option<&str>,
    ) -> Result<Claimed> {
        self.write(|transaction| {
            let claimed = claim(transaction, launch, &update.run_id)?;
            if let Some(request_id) = request_id {
                set_request_id(transaction, launch, request_id)?;
            }
            let row = RunRow::load(transaction, claimed.saved.key)?;
            let saved = runs::advance(transaction, Before(row), update)?;
            Ok(Claimed {
                saved: Saved {
                    change: either(claimed.saved.change, saved.change),
                    stage_before: claimed.saved.stage_before,
                    ..saved
                },
                ..claimed
            })
        })
    }

    /// Notes that a run of the history is what a launch became.
    ///
    /// # Errors
    /// As [`Library::claim_run`], and [`LibraryError::NoSuchRow`] when the run is not in the library.
    pub fn claim_known_run(&self, launch: LaunchId, run: RowKey) -> Result<Claimed> {
        self.write(|transaction| {
            let run_id = RunRow::load(transaction, run)?.run_id;
            claim(transaction, launch, &run_id.ok_or(LibraryError::NoSuchRow)?)
        })
    }

    /// Runs of a technique since a moment that no launch has claimed, oldest first: where to look for a launch whose
    /// answer was lost.
    ///
    /// # Errors
    /// What the database says.
    pub fn unclaimed_runs(
        &self,
        profile: &ProfileId,
        technique: &TechniqueId,
        since: Timestamp,
    ) -> Result<Vec<UnclaimedRun>> {
        let sql = format!(
            "SELECT key, run_id, created_ms FROM runs WHERE profile = {PROFILE} AND technique_id = ?2 \
             AND created_ms >= ?3 AND launch_id IS NULL AND run_id IS NOT NULL ORDER BY created_ms, key"
        );
        let mut statement = self.connection().prepare_cached(&sql)?;
        let values = (profile.as_str(), technique.as_str(), since.as_millisecond());
        let runs = statement.query_map(values, |row| {
            Ok(UnclaimedRun {
                key: RowKey::new(row.get(0)?),
                run_id: RunId::new(row.get::<_, String>(1)?),
                created_at: time(row.get(2)?),
            })
        })?;
        Ok(runs.collect::<rusqlite::Result<_>>()?)
    }
}

fn either(first: Change, second: Change) -> Change {
    if first == Change::Same { second } else { first }
}

/// Joins a launch's row with its run, merging the row that an import may have made for it.
fn claim(connection: &Connection, launch: LaunchId, run: &RunId) -> Result<Claimed> {
    let before = Before(RunRow::of_launch(connection, launch)?);
    if let Some(known) = &before.0.run_id
        && known != run
    {
        return Err(LibraryError::Claimed(format!(
            "launch {launch} has run {known}, not {run}"
        )));
    }
    let profile = profile_of(connection, before.0.key)?;
    let imported = RunRow::find(connection, profile, run)?.filter(|row| row.key != before.0.key);
    if let Some(other) = imported.as_ref().and_then(|row| row.launch) {
        return Err(LibraryError::Claimed(format!(
            "run {run} belongs to launch {other}"
        )));
    }
    let mut row = before.0.clone();
    row.run_id = Some(run.clone());
    if let Some(imported) = &imported {
        absorb(connection, &mut row, imported)?;
    }
    if row.facts.status.is_none() {
        row.stage = RunStage::Sent;
    }
    row.needs_you = false;
    row.problem = None;
    row.settle(&output_rows::archives(connection, row.key)?);
    mark_sent(connection, launch)?;
    let saved = before.store(connection, &row)?;
    if imported.is_some() {
        search::index(connection, row.key)?;
    }
    Ok(Claimed {
        saved,
        replaced: imported.map(|row| row.key),
    })
}

fn mark_sent(connection: &Connection, launch: LaunchId) -> Result<()> {
    let sql = "UPDATE launches SET state = 'sent' WHERE launch_id = ?1 AND state <> 'settled'";
    connection
        .prepare_cached(sql)?
        .execute([launch.to_string()])?;
    Ok(())
}

/// Takes over what the import knew, and deletes its row. The click's time and price stay.
fn absorb(connection: &Connection, row: &mut RunRow, imported: &RunRow) -> Result<()> {
    output_merge::move_to_launch(connection, imported.key, row.key)?;
    connection.execute("DELETE FROM runs WHERE key = ?1", [imported.key.get()])?;
    search::forget(connection, imported.key)?;
    let workspace = row.facts.workspace.take();
    row.facts = imported.facts.clone();
    row.facts.workspace = imported.facts.workspace.clone().or(workspace);
    row.poll_url.clone_from(&imported.poll_url);
    Ok(())
}

fn profile_of(connection: &Connection, run: RowKey) -> Result<i64> {
    let sql = "SELECT profile FROM runs WHERE key = ?1";
    let mut statement = connection.prepare_cached(sql)?;
    Ok(statement.query_row([run.get()], |row| row.get(0))?)
}
