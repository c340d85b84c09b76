//! Taking in what FLORA says of runs.

use rusqlite::{Connection, OptionalExtension};

use super::facts::Facts;
use super::run_row::RunRow;
use super::sql::{PROFILE, profile_key};
use super::{Library, Result, output_merge, output_rows, search};
use crate::model::{
    ProfileId, RowKey, RunId, RunStage, RunUpdate, SavedState, TechniqueId, Timestamp,
};

/// Whether a save made a difference that shows. Only then is there anything to report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    New,
    Changed,
    Same,
}

/// What a save did to a run's row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Saved {
    pub key: RowKey,
    pub change: Change,
    /// `None` for a new row.
    pub stage_before: Option<RunStage>,
    pub stage_after: RunStage,
}

/// A run that FLORA has and that is not settled: what following needs to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FollowedRun {
    pub key: RowKey,
    pub run_id: RunId,
    pub technique: TechniqueId,
    pub stage: RunStage,
    pub created_at: Timestamp,
    pub poll_url: Option<String>,
}

impl Library {
    /// Takes in what FLORA said of one run: a line of a list, or the answer to a retrieve. A run is never moved
    /// backwards.
    ///
    /// # Errors
    /// What the database says; then nothing of it was saved.
    pub fn save_run(&self, profile: &ProfileId, update: &RunUpdate) -> Result<Saved> {
        self.write(|transaction| {
            let profile = profile_key(transaction, profile)?;
            save(transaction, profile, update)
        })
    }

    /// Takes in a page of the history in one transaction.
    ///
    /// # Errors
    /// What the database says; then nothing of the page was saved.
    pub fn save_page(&self, profile: &ProfileId, page: &[RunUpdate]) -> Result<Vec<Saved>> {
        self.write(|transaction| {
            let profile = profile_key(transaction, profile)?;
            page.iter()
                .map(|update| save(transaction, profile, update))
                .collect()
        })
    }

    /// Gives up waiting for the charge of a run that is over.
    ///
    /// # Errors
    /// What the database says.
    pub fn close_cost(&self, run: RowKey) -> Result<Saved> {
        self.write(|transaction| {
            let before = Before::load(transaction, run)?;
            let mut after = before.0.clone();
            after.cost_closed = true;
            before.store(transaction, &after)
        })
    }

    /// Takes a run out of every list. Its row and its files stay.
    ///
    /// # Errors
    /// What the database says.
    pub fn hide(&self, run: RowKey) -> Result<()> {
        let sql = "UPDATE runs SET hidden = 1 WHERE key = ?1";
        self.connection()
            .prepare_cached(sql)?
            .execute([run.get()])?;
        Ok(())
    }

    /// The row of a run, if it is known.
    ///
    /// # Errors
    /// What the database says.
    pub fn run_key(&self, profile: &ProfileId, run: &RunId) -> Result<Option<RowKey>> {
        let sql = format!("SELECT key FROM runs WHERE profile = {PROFILE} AND run_id = ?2");
        let mut statement = self.connection().prepare_cached(&sql)?;
        let key = statement.query_row((profile.as_str(), run.as_str()), |row| row.get(0));
        Ok(key.optional()?.map(RowKey::new))
    }

    /// Runs that FLORA has and that are not over, oldest first.
    ///
    /// # Errors
    /// What the database says.
    pub fn runs_in_flight(&self, profile: &ProfileId) -> Result<Vec<FollowedRun>> {
        self.followed(
            profile,
            "stage NOT IN ('done', 'failed') AND status NOT IN ('completed', 'failed')",
        )
    }

    /// Runs that are over and whose charge is awaited, oldest first.
    ///
    /// # Errors
    /// What the database says.
    pub fn runs_settling(&self, profile: &ProfileId) -> Result<Vec<FollowedRun>> {
        self.followed(profile, "cost_state = 'settling'")
    }

    fn followed(&self, profile: &ProfileId, which: &str) -> Result<Vec<FollowedRun>> {
        let sql = format!(
            "SELECT key, run_id, technique_id, stage, created_ms, poll_url FROM runs \
             WHERE profile = {PROFILE} AND run_id IS NOT NULL AND {which} ORDER BY created_ms, key"
        );
        let mut statement = self.connection().prepare_cached(&sql)?;
        let runs = statement.query_map([profile.as_str()], |row| {
            Ok(FollowedRun {
                key: RowKey::new(row.get(0)?),
                run_id: RunId::new(row.get::<_, String>(1)?),
                technique: TechniqueId::new(row.get::<_, String>(2)?),
                stage: RunStage::parse(row.get_ref(3)?.as_str()?).unwrap_or(RunStage::Unknown),
                created_at: super::sql::time(row.get(4)?),
                poll_url: row.get(5)?,
            })
        })?;
        Ok(runs.collect::<rusqlite::Result<_>>()?)
    }
}

/// A row as it was, to tell what a change made of it.
pub(super) struct Before(pub RunRow);

impl Before {
    pub fn load(connection: &Connection, key: RowKey) -> Result<Self> {
        Ok(Self(RunRow::load(connection, key)?))
    }

    /// After outputs were changed: derives the row anew. The outputs themselves are a change.
    pub fn settled(&self, connection: &Connection) -> Result<Saved> {
        let mut after = self.0.clone();
        after.settle(&output_rows::archives(connection, after.key)?);
        let saved = self.store(connection, &after)?;
        Ok(Saved {
            change: Change::Changed,
            ..saved
        })
    }

    /// Writes the row if it differs.
    pub fn store(&self, connection: &Connection, after: &RunRow) -> Result<Saved> {
        if *after != self.0 {
            after.update(connection)?;
            settle_launch(connection, after)?;
        }
        Ok(Saved {
            key: after.key,
            change: if self.shows(after) {
                Change::Changed
            } else {
                Change::Same
            },
            stage_before: Some(self.0.stage),
            stage_after: after.stage,
        })
    }

    /// Whether a person could see the difference: the address to poll is none.
    fn shows(&self, after: &RunRow) -> bool {
        let mut before = self.0.clone();
        before.poll_url.clone_from(&after.poll_url);
        before != *after
    }
}

/// The ledger's line is closed once its run is over and filed.
fn settle_launch(connection: &Connection, row: &RunRow) -> Result<()> {
    let is_settled = matches!(row.stage, RunStage::Done | RunStage::Failed);
    if let (Some(launch), true) = (row.launch, is_settled && row.facts.is_over()) {
        let sql = "UPDATE launches SET state = 'settled' WHERE launch_id = ?1 AND state = 'sent'";
        connection
            .prepare_cached(sql)?
            .execute([launch.to_string()])?;
    }
    Ok(())
}

/// Inserts or advances one run, inside a transaction.
pub(super) fn save(connection: &Connection, profile: i64, update: &RunUpdate) -> Result<Saved> {
    match RunRow::find(connection, profile, &update.run_id)? {
        Some(row) => advance(connection, Before(row), update),
        None => insert(connection, profile, update),
    }
}

/// Advances a known row by an update.
pub(super) fn advance(
    connection: &Connection,
    before: Before,
    update: &RunUpdate,
) -> Result<Saved> {
    let mut row = before.0.clone();
    row.facts.advance(update);
    if row.launch.is_none() {
        row.created_at = update.created_at;
    }
    if update.poll_url.is_some() {
        row.poll_url.clone_from(&update.poll_url);
    }
    let outputs = output_merge::merge(connection, &row, &update.outputs)?;
    row.settle(&output_rows::archives(connection, row.key)?);
    let mut saved = before.store(connection, &row)?;
    if outputs.changed {
        saved.change = Change::Changed;
    }
    if outputs.texts || row.facts.technique_name != before.0.facts.technique_name {
        search::index(connection, row.key)?;
    }
    Ok(saved)
}

fn insert(connection: &Connection, profile: i64, update: &RunUpdate) -> Result<Saved> {
    let mut row = RunRow {
        key: RowKey::new(0),
        run_id: Some(update.run_id.clone()),
        launch: None,
        facts: Facts::first(update),
        stage: RunStage::Sent,
        needs_you: false,
        summary: String::new(),
        created_at: update.created_at,
        listed: None,
        cost_closed: false,
        output_count: 0,
        saved: SavedState::Nothing,
        problem: None,
        poll_url: update.poll_url.clone(),
    };
    row.settle(&output_merge::first_archives(&update.outputs));
    row.key = row.insert(connection, profile)?;
    output_merge::merge(connection, &row, &update.outputs)?;
    search::index(connection, row.key)?;
    Ok(Saved {
        key: row.key,
        change: Change::New,
        stage_before: None,
        stage_after: row.stage,
    })
}
