//! A run's row while it is being changed. Everything that changes a run loads one, changes it and stores it, so
//! that what is derived (stage, cost, saved) is derived in one place.

use rusqlite::types::ToSql;
use rusqlite::{Connection, OptionalExtension, Row, named_params};

use super::facts::Facts;
use super::sql::{json, micros, ms, time, time_at, usd_at};
use super::{LibraryError, Result};
use crate::model::{
    Archive, Cost, LaunchId, Problem, ProjectId, RowKey, RunId, RunStage, RunStatus, SavedState,
    TechniqueId, Timestamp, Usd, WorkspaceId,
};

#[derive(Clone, Debug, PartialEq)]
pub(super) struct RunRow {
    pub key: RowKey,
    pub run_id: Option<RunId>,
    /// Set for runs started here.
    pub launch: Option<LaunchId>,
    pub facts: Facts,
    pub stage: RunStage,
    pub needs_you: bool,
    pub summary: String,
    pub created_at: Timestamp,
    pub listed: Option<Usd>,
    pub cost_closed: bool,
    pub output_count: u32,
    pub saved: SavedState,
    pub problem: Option<Problem>,
    pub poll_url: Option<String>,
}

impl RunRow {
    /// # Errors
    /// [`LibraryError::NoSuchRow`] when it is gone.
    pub fn load(connection: &Connection, key: RowKey) -> Result<Self> {
        let sql = "SELECT * FROM runs WHERE key = ?1";
        let mut statement = connection.prepare_cached(sql)?;
        Ok(statement.query_row([key.get()], read)?)
    }

    pub fn find(connection: &Connection, profile: i64, run: &RunId) -> Result<Option<Self>> {
        let sql = "SELECT * FROM runs WHERE profile = ?1 AND run_id = ?2";
        let mut statement = connection.prepare_cached(sql)?;
        Ok(statement
            .query_row((profile, run.as_str()), read)
            .optional()?)
    }

    pub fn of_launch(connection: &Connection, launch: LaunchId) -> Result<Self> {
        let sql = "SELECT * FROM runs WHERE launch_id = ?1";
        let mut statement = connection.prepare_cached(sql)?;
        statement
            .query_row([launch.to_string()], read)
            .optional()?
            .ok_or(LibraryError::NoSuchRow)
    }

    /// Derives what follows from FLORA's status and from where the outputs are.
    pub fn settle(&mut self, outputs: &[Archive]) {
        self.output_count = u32::try_from(outputs.len()).unwrap_or(u32::MAX);
        self.saved = SavedState::of(outputs.iter());
        let fetching = outputs.contains(&Archive::Fetching);
        self.stage = match &self.facts.status {
            None => self.stage,
            Some(RunStatus::Pending) => RunStage::Pending,
            Some(RunStatus::Running | RunStatus::Other(_)) => RunStage::Running,
            Some(RunStatus::Completed) if fetching => RunStage::Downloading,
            Some(RunStatus::Completed) => RunStage::Done,
            Some(RunStatus::Failed) => RunStage::Failed,
        };
        if self.facts.status.is_some() {
            // FLORA has it: whatever held the launch is past.
            self.needs_you = false;
            self.problem = None;
        }
    }

    /// Its cost as it is shown. What never started costs nothing that could be told.
    pub fn cost(&self) -> Cost {
        let never_started = self.facts.status.is_none() && self.stage == RunStage::Failed;
        if never_started {
            return Cost::Unknown;
        }
        self.facts.cost(self.listed, self.cost_closed)
    }

    /// Writes a new row and returns its key.
    pub fn insert(&self, connection: &Connection, profile: i64) -> Result<RowKey> {
        let sql = "INSERT INTO runs (profile, run_id, launch_id, summary, created_ms, listed_micros, \
             technique_id, technique_name, workspace_id, project_id, stage, status, progress, needs_you, \
             started_ms, completed_ms, quoted_micros, charged_micros, cost_closed, cost_state, cost_micros, \
             output_count, saved, error_code, error_message, problem, poll_url) \
             VALUES (:profile, :run_id, :launch_id, :summary, :created_ms, :listed_micros, \
             :technique_id, :technique_name, :workspace_id, :project_id, :stage, :status, :progress, :needs_you, \
             :started_ms, :completed_ms, :quoted_micros, :charged_micros, :cost_closed, :cost_state, :cost_micros, \
             :output_count, :saved, :error_code, :error_message, :problem, :poll_url)";
        let launch = self.launch.map(|launch| launch.to_string());
        let own: [(&str, &dyn ToSql); 4] = [
            (":profile", &profile),
            (":launch_id", &launch),
            (":summary", &self.summary),
            (":listed_micros", &micros(self.listed)),
        ];
        self.execute(connection, sql, &own)?;
        Ok(RowKey::new(connection.last_insert_rowid()))
    }

    /// Writes what may change of a row.
    pub fn update(&self, connection: &Connection) -> Result<()> {
        let sql = "UPDATE runs SET run_id = :run_id, created_ms = :created_ms, \
             technique_id = :technique_id, technique_name = :technique_name, workspace_id = :workspace_id, \
             project_id = :project_id, stage = :stage, status = :status, progress = :progress, \
             needs_you = :needs_you, started_ms = :started_ms, completed_ms = :completed_ms, \
             quoted_micros = :quoted_micros, charged_micros = :charged_micros, cost_closed = :cost_closed, \
             cost_state = :cost_state, cost_micros = :cost_micros, output_count = :output_count, saved = :saved, \
             error_code = :error_code, error_message = :error_message, problem = :problem, poll_url = :poll_url \
             WHERE key = :key";
        self.execute(connection, sql, &[(":key", &self.key.get())])
    }

    /// Runs `sql` with the columns that both an insert and an update write, and `own`.
    fn execute(
        &self,
        connection: &Connection,
        sql: &str,
        own: &[(&str, &dyn ToSql)],
    ) -> Result<()> {
        let facts = &self.facts;
        let cost = self.cost();
        let shared = named_params! {
            ":run_id": self.run_id.as_ref().map(RunId::as_str),
            ":created_ms": self.created_at.as_millisecond(),
            ":technique_id": facts.technique.as_str(),
            ":technique_name": &*facts.technique_name,
            ":workspace_id": facts.workspace.as_ref().map(WorkspaceId::as_str),
            ":project_id": facts.project.as_ref().map(ProjectId::as_str),
            ":stage": self.stage.as_str(),
            ":status": facts.status.as_ref().map(RunStatus::as_str),
            ":progress": facts.progress,
            ":needs_you": self.needs_you,
            ":started_ms": ms(facts.started_at),
            ":completed_ms": ms(facts.completed_at),
            ":quoted_micros": micros(facts.quoted),
            ":charged_micros": micros(facts.charged),
            ":cost_closed": self.cost_closed,
            ":cost_state": cost_word(cost),
            ":cost_micros": micros(cost.amount()),
            ":output_count": self.output_count,
            ":saved": saved_rank(self.saved),
            ":error_code": facts.error_code,
            ":error_message": facts.error_message,
            ":problem": json(self.problem.as_ref())?,
            ":poll_url": self.poll_url,
        };
        let all: Vec<(&str, &dyn ToSql)> = shared.iter().chain(own).copied().collect();
        connection.prepare_cached(sql)?.execute(all.as_slice())?;
        Ok(())
    }
}

fn read(row: &Row<'_>) -> rusqlite::Result<RunRow> {
    let text = |column: &str| row.get::<_, Option<String>>(column);
    let launch: Option<String> = text("launch_id")?;
    let stage: String = row.get("stage")?;
    Ok(RunRow {
        key: RowKey::new(row.get("key")?),
        run_id: text("run_id")?.map(RunId::new),
        launch: launch.and_then(|id| LaunchId::parse(&id).ok()),
        facts: Facts {
            technique: TechniqueId::new(row.get::<_, String>("technique_id")?),
            technique_name: row.get::<_, String>("technique_name")?.into(),
            workspace: text("workspace_id")?.map(WorkspaceId::new),
            project: text("project_id")?.map(ProjectId::new),
            status: text("status")?.map(|word| RunStatus::parse(&word)),
            progress: row.get("progress")?,
            started_at: time_at(row, "started_ms")?,
            completed_at: time_at(row, "completed_ms")?,
            quoted: usd_at(row, "quoted_micros")?,
            charged: usd_at(row, "charged_micros")?,
            error_code: text("error_code")?,
            error_message: text("error_message")?,
        },
        stage: RunStage::parse(&stage).unwrap_or(RunStage::Unknown),
        needs_you: row.get("needs_you")?,
        summary: row.get("summary")?,
        created_at: time(row.get("created_ms")?),
        listed: usd_at(row, "listed_micros")?,
        cost_closed: row.get("cost_closed")?,
        output_count: row.get("output_count")?,
        saved: saved_of_rank(row.get("saved")?),
        problem: super::sql::json_at(row, "problem")?,
        poll_url: text("poll_url")?,
    })
}

/// The word in `runs.cost_state`.
pub(super) fn cost_word(cost: Cost) -> &'static str {
    match cost {
        Cost::Unknown => "unknown",
        Cost::Quote(_) => "quote",
        Cost::Settling(_) => "settling",
        Cost::Charged(_) => "charged",
    }
}

/// Reads [`cost_word`] and its amount.
pub(super) fn cost_of_word(word: &str, amount: Option<Usd>) -> Cost {
    match (word, amount) {
        ("quote", Some(amount)) => Cost::Quote(amount),
        ("settling", Some(amount)) => Cost::Settling(amount),
        ("charged", Some(amount)) => Cost::Charged(amount),
        _ => Cost::Unknown,
    }
}

/// The number in `runs.saved`, by which the column is sorted: the safest is the highest.
pub(super) fn saved_rank(saved: SavedState) -> Option<i64> {
    match saved {
        SavedState::Nothing => None,
        SavedState::LinkDead => Some(0),
        SavedState::CloudOnly => Some(1),
        SavedState::Partly => Some(2),
        SavedState::OnDisk => Some(3),
    }
}

fn saved_of_rank(rank: Option<i64>) -> SavedState {
    match rank {
        Some(0) => SavedState::LinkDead,
        Some(1) => SavedState::CloudOnly,
        Some(2) => SavedState::Partly,
        Some(3) => SavedState::OnDisk,
        _ => SavedState::Nothing,
    }
}
