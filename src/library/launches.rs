//! The ledger: every launch is on disk before anything is sent, so that ending at any moment loses nothing and
//! starts nothing twice.

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::facts::Facts;
use super::run_row::RunRow;
use super::runs::{Before, Saved};
use super::sql::{PROFILE, json_at, profile_key, time_at};
use super::{Library, LibraryError, Result, inputs, problem, search};
use crate::model::{
    LaunchId, LaunchOrder, Problem, ProfileId, RowKey, RunStage, SavedState, Timestamp, WorkspaceId,
};

/// Where a launch stands, as far as sending it goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LaunchState {
    /// On disk; nothing was sent.
    Recorded,
    /// Its files are being uploaded.
    Uploading,
    /// The start is in flight, or was when the program ended.
    Sending,
    /// FLORA gave it a run id.
    Sent,
    /// Its run is over and filed.
    Settled,
    /// In doubt whether it started.
    Unknown,
    /// It will not be sent any more, and no run came of it.
    Abandoned,
    /// Held back by the budget or the key, until the person resumes.
    Stopped,
}

impl LaunchState {
    const ALL: [Self; 8] = [
        Self::Recorded,
        Self::Uploading,
        Self::Sending,
        Self::Sent,
        Self::Settled,
        Self::Unknown,
        Self::Abandoned,
        Self::Stopped,
    ];

    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Recorded => "recorded",
            Self::Uploading => "uploading",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Settled => "settled",
            Self::Unknown => "unknown",
            Self::Abandoned => "abandoned",
            Self::Stopped => "stopped",
        }
    }

    /// A word this version does not know is a launch in doubt: it is not sent by itself.
    fn parse(word: &str) -> Self {
        let known = Self::ALL.into_iter().find(|state| state.as_str() == word);
        known.unwrap_or(Self::Unknown)
    }

    /// The stage of a run that FLORA has not spoken of yet.
    fn stage(self) -> Option<RunStage> {
        match self {
            Self::Recorded | Self::Stopped => Some(RunStage::Waiting),
            Self::Uploading => Some(RunStage::Uploading),
            Self::Sending => Some(RunStage::Sending),
            Self::Sent => Some(RunStage::Sent),
            Self::Unknown => Some(RunStage::Unknown),
            Self::Abandoned => Some(RunStage::Failed),
            Self::Settled => None,
        }
    }

    fn needs_you(self) -> bool {
        matches!(self, Self::Unknown | Self::Stopped)
    }
}

/// A launch that is not sent, or in doubt: what a start of the program has to see to.
#[derive(Clone, Debug, PartialEq)]
pub struct OpenLaunch {
    pub order: LaunchOrder,
    pub row: RowKey,
    pub workspace: Option<WorkspaceId>,
    pub state: LaunchState,
    /// When its start was first put on the wire; the idempotency key is good for two hours from here.
    pub first_sent_at: Option<Timestamp>,
    pub last_sent_at: Option<Timestamp>,
    pub attempts: u32,
    pub problem: Option<Problem>,
}

impl Library {
    /// Records one launch, before anything of it is sent. Recording it again changes nothing.
    ///
    /// # Errors
    /// What the database says; then the launch must not be sent.
    pub fn record_launch(
        &self,
        profile: &ProfileId,
        workspace: Option<&WorkspaceId>,
        order: &LaunchOrder,
    ) -> Result<RowKey> {
        let keys = self.record_launches(profile, workspace, std::slice::from_ref(order))?;
        keys.first().copied().ok_or(LibraryError::NoSuchRow)
    }

    /// Records the launches of one click: all of them, or none.
    ///
    /// # Errors
    /// What the database says; then none of them must be sent.
    pub fn record_launches(
        &self,
        profile: &ProfileId,
        workspace: Option<&WorkspaceId>,
        orders: &[LaunchOrder],
    ) -> Result<Vec<RowKey>> {
        self.write(|transaction| {
            let profile = profile_key(transaction, profile)?;
            orders
                .iter()
                .map(|order| record(transaction, profile, workspace, order))
                .collect()
        })
    }

    /// Moves a launch on. Once FLORA has spoken of its run, its stage is no longer the ledger's to say.
    ///
    /// # Errors
    /// [`LibraryError::NoSuchRow`] for a launch that was forgotten.
    pub fn set_launch_state(
        &self,
        launch: LaunchId,
        state: LaunchState,
        problem: Option<Problem>,
    ) -> Result<Saved> {
        self.write(|transaction| set_state(transaction, launch, state, problem))
    }

    /// Notes that the start goes on the wire now. Must be on disk before the first byte is sent.
    ///
    /// # Errors
    /// [`LibraryError::NoSuchRow`] for a launch that was forgotten: it must not be sent.
    pub fn mark_sending(&self, launch: LaunchId, now: Timestamp) -> Result<Saved> {
        self.write(|transaction| {
            let sql = "UPDATE launches SET attempts = attempts + 1, last_sent_ms = ?2, \
                       first_sent_ms = COALESCE(first_sent_ms, ?2) WHERE launch_id = ?1";
            let values = (launch.to_string(), now.as_millisecond());
            transaction.prepare_cached(sql)?.execute(values)?;
            set_state(transaction, launch, LaunchState::Sending, None)
        })
    }

    /// Keeps FLORA's `request-id` of the last attempt, also of a failed one.
    ///
    /// # Errors
    /// What the database says.
    pub fn set_request_id(&self, launch: LaunchId, request_id: &str) -> Result<()> {
        set_request_id(self.connection(), launch, request_id)
    }

    /// The launches that are not sent, or in doubt, oldest first. One that cannot be read back becomes
    /// [`LaunchState::Unknown`] and is left to the person.
    ///
    /// # Errors
    /// What the database says.
    pub fn open_launches(&self, profile: &ProfileId) -> Result<Vec<OpenLaunch>> {
        let sql = format!(
            "SELECT l.*, r.key, r.workspace_id, r.problem FROM launches l JOIN runs r ON r.launch_id = l.launch_id \
             WHERE l.profile = {PROFILE} AND l.state NOT IN ('sent', 'settled', 'abandoned') \
             ORDER BY l.created_ms, r.key"
        );
        let mut open = Vec::new();
        let mut unreadable = Vec::new();
        let mut statement = self.connection().prepare_cached(&sql)?;
        let mut rows = statement.query([profile.as_str()])?;
        while let Some(row) = rows.next()? {
            match serde_json::from_str(row.get_ref("order_json")?.as_str()?) {
                Ok(order) => open.push(read_open(row, order)?),
                Err(error) => unreadable.push((row.get::<_, String>("launch_id")?, error)),
            }
        }
        drop(rows);
        for (launch, error) in unreadable {
            if let Ok(launch) = LaunchId::parse(&launch) {
                let problem = problem::unreadable_launch(&error);
                self.set_launch_state(launch, LaunchState::Unknown, Some(problem))?;
            }
        }
        Ok(open)
    }

    /// What was ordered, for "Run again…" and for sending. `None` for runs from elsewhere.
    ///
    /// # Errors
    /// What the database says, or an order that another version wrote.
    pub fn order(&self, run: RowKey) -> Result<Option<LaunchOrder>> {
        let sql = "SELECT l.order_json FROM runs r JOIN launches l ON l.launch_id = r.launch_id WHERE r.key = ?1";
        let mut statement = self.connection().prepare_cached(sql)?;
        let json: Option<String> = statement
            .query_row([run.get()], |row| row.get(0))
            .optional()?;
        Ok(json.map(|json| serde_json::from_str(&json)).transpose()?)
    }

    /// The row of a launch.
    ///
    /// # Errors
    /// [`LibraryError::NoSuchRow`] when it was forgotten.
    pub fn launch_row(&self, launch: LaunchId) -> Result<RowKey> {
        Ok(RunRow::of_launch(self.connection(), launch)?.key)
    }

    /// Deletes a launch that never went on the wire. Says whether it did: one that may have started stays.
    ///
    /// # Errors
    /// What the database says.
    pub fn forget_waiting(&self, run: RowKey) -> Result<bool> {
        self.write(|transaction| {
            let sql = "SELECT l.launch_id FROM runs r JOIN launches l ON l.launch_id = r.launch_id \
                       WHERE r.key = ?1 AND r.run_id IS NULL AND l.first_sent_ms IS NULL";
            let launch: Option<String> = transaction
                .prepare_cached(sql)?
                .query_row([run.get()], |row| row.get(0))
                .optional()?;
            let Some(launch) = launch else {
                return Ok(false);
            };
            transaction.execute("DELETE FROM runs WHERE key = ?1", [run.get()])?;
            transaction.execute("DELETE FROM launches WHERE launch_id = ?1", [launch])?;
            search::forget(transaction, run)?;
            Ok(true)
        })
    }
}

pub(super) fn set_request_id(
    connection: &Connection,
    launch: LaunchId,
    request_id: &str,
) -> Result<()> {
    let sql = "UPDATE launches SET request_id = ?2 WHERE launch_id = ?1";
    connection
        .prepare_cached(sql)?
        .execute((launch.to_string(), request_id))?;
    Ok(())
}

pub(super) fn set_state(
    connection: &Connection,
    launch: LaunchId,
    state: LaunchState,
    problem: Option<Problem>,
) -> Result<Saved> {
    let before = Before(RunRow::of_launch(connection, launch)?);
    let is_claimed = before.0.run_id.is_some();
    // A late word about sending must not reopen a launch that has its run.
    if !is_claimed || matches!(state, LaunchState::Sent | LaunchState::Settled) {
        let sql = "UPDATE launches SET state = ?2 WHERE launch_id = ?1";
        connection
            .prepare_cached(sql)?
            .execute((launch.to_string(), state.as_str()))?;
    }
    let mut row = before.0.clone();
    if !is_claimed {
        row.stage = state.stage().unwrap_or(row.stage);
        row.needs_you = state.needs_you();
        row.problem = problem;
    }
    before.store(connection, &row)
}

fn record(
    connection: &Connection,
    profile: i64,
    workspace: Option<&WorkspaceId>,
    order: &LaunchOrder,
) -> Result<RowKey> {
    let sql = "INSERT OR IGNORE INTO launches (launch_id, profile, order_json, state, created_ms) \
               VALUES (?1, ?2, ?3, ?4, ?5)";
    let inserted = connection.prepare_cached(sql)?.execute(params![
        order.id.to_string(),
        profile,
        serde_json::to_string(order)?,
        LaunchState::Recorded.as_str(),
        order.created_at.as_millisecond(),
    ])?;
    if inserted == 0 {
        return Ok(RunRow::of_launch(connection, order.id)?.key);
    }
    let mut facts = Facts::new(order.technique.clone(), order.technique_name.clone());
    facts.workspace = workspace.cloned();
    let row = RunRow {
        key: RowKey::new(0),
        run_id: None,
        launch: Some(order.id),
        facts,
        stage: RunStage::Waiting,
        needs_you: false,
        summary: order.summary(),
        created_at: order.created_at,
        listed: order.listed_cost,
        cost_closed: false,
        output_count: 0,
        saved: SavedState::Nothing,
        problem: None,
        poll_url: None,
    };
    let key = row.insert(connection, profile)?;
    inputs::insert(connection, key, &order.inputs)?;
    search::index(connection, key)?;
    Ok(key)
}

pub(super) fn read_open(row: &Row<'_>, order: LaunchOrder) -> rusqlite::Result<OpenLaunch> {
    Ok(OpenLaunch {
        order,
        row: RowKey::new(row.get("key")?),
        workspace: row
            .get::<_, Option<String>>("workspace_id")?
            .map(WorkspaceId::new),
        state: LaunchState::parse(row.get_ref("state")?.as_str()?),
        first_sent_at: time_at(row, "first_sent_ms")?,
        last_sent_at: time_at(row, "last_sent_ms")?,
        attempts: row.get("attempts")?,
        problem: json_at(row, "problem")?,
    })
}
