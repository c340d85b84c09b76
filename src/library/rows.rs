//! Runs as rows of the history: read in batches, for the part of the list that is in view.

use std::collections::HashMap;
use std::sync::Arc;

use rusqlite::Row;

use super::run_row::cost_of_word;
use super::sql::{json_at, key_list, time, time_at, usd_at};
use super::{Library, LibraryError, Result, output_rows};
use crate::model::{
    Failure, LaunchId, Output, ProjectId, RowKey, Run, RunDetail, RunId, RunStage, Source,
    TechniqueId, WorkspaceId,
};

/// Everything of a row that the window shows.
const COLUMNS: &str = "r.key, r.launch_id, r.run_id, r.technique_id, r.technique_name, r.workspace_id, \
    r.project_id, r.stage, r.progress, r.summary, r.created_ms, r.started_ms, r.completed_ms, r.listed_micros, \
    r.cost_state, r.cost_micros, r.error_code, r.error_message, r.problem";

impl Library {
    /// These runs, in this order. Keys that are gone are left out.
    ///
    /// # Errors
    /// What the database says.
    pub fn rows(&self, keys: &[RowKey]) -> Result<Vec<Run>> {
        let wanted = key_list(keys.iter().map(|key| key.get()));
        let mut outputs = self.outputs_of(&wanted)?;
        let sql = format!(
            "SELECT {COLUMNS} FROM json_each(?1) AS wanted JOIN runs r ON r.key = wanted.value ORDER BY wanted.key"
        );
        let mut statement = self.connection().prepare_cached(&sql)?;
        let runs = statement.query_map([&wanted], read)?;
        runs.map(|run| {
            let mut run = run?;
            run.outputs = outputs.remove(&run.key).unwrap_or_default();
            Ok(run)
        })
        .collect()
    }

    /// One run.
    ///
    /// # Errors
    /// [`LibraryError::NoSuchRow`] when it is gone.
    pub fn run(&self, key: RowKey) -> Result<Run> {
        self.rows(&[key])?.pop().ok_or(LibraryError::NoSuchRow)
    }

    /// Everything about one run.
    ///
    /// # Errors
    /// [`LibraryError::NoSuchRow`] when it is gone.
    pub fn run_detail(&self, key: RowKey) -> Result<RunDetail> {
        let sql = "SELECT r.folder, l.request_id FROM runs r \
                   LEFT JOIN launches l ON l.launch_id = r.launch_id WHERE r.key = ?1";
        let mut statement = self.connection().prepare_cached(sql)?;
        let (folder, request_id): (Option<String>, Option<String>) =
            statement.query_row([key.get()], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(RunDetail {
            run: self.run(key)?,
            inputs: self.inputs(key)?,
            folder: folder
                .map(|folder| self.absolute(&folder))
                .filter(|folder| folder.exists()),
            request_id,
        })
    }

    fn outputs_of(&self, wanted: &str) -> Result<HashMap<RowKey, Vec<Output>>> {
        let sql = format!(
            "SELECT {} FROM json_each(?1) AS wanted JOIN outputs o ON o.run = wanted.value ORDER BY o.run, o.idx",
            output_rows::COLUMNS
        );
        let mut statement = self.connection().prepare_cached(&sql)?;
        let outputs = statement.query_map([wanted], |row| output_rows::read(row, self.root()))?;
        let mut by_run: HashMap<RowKey, Vec<Output>> = HashMap::new();
        for output in outputs {
            let output = output?;
            let of_run = by_run.entry(output.run).or_default();
            // A key asked for twice brings its outputs twice.
            if of_run.last().is_none_or(|last| last.key != output.key) {
                of_run.push(output);
            }
        }
        Ok(by_run)
    }
}

/// Reads a run without its outputs.
fn read(row: &Row<'_>) -> rusqlite::Result<Run> {
    let text = |column: &str| row.get::<_, Option<String>>(column);
    let launch = text("launch_id")?.and_then(|id| LaunchId::parse(&id).ok());
    let stage = RunStage::parse(row.get_ref("stage")?.as_str()?).unwrap_or(RunStage::Unknown);
    let word = row.get_ref("cost_state")?.as_str()?;
    Ok(Run {
        key: RowKey::new(row.get("key")?),
        launch,
        run_id: text("run_id")?.map(RunId::new),
        technique: TechniqueId::new(row.get::<_, String>("technique_id")?),
        technique_name: row.get::<_, Arc<str>>("technique_name")?,
        workspace: text("workspace_id")?.map(WorkspaceId::new),
        project: text("project_id")?.map(ProjectId::new),
        stage,
        progress: row
            .get::<_, Option<f64>>("progress")?
            .map(|progress| progress as f32),
        summary: row.get::<_, Arc<str>>("summary")?,
        created_at: time(row.get("created_ms")?),
        started_at: time_at(row, "started_ms")?,
        completed_at: time_at(row, "completed_ms")?,
        listed_cost: usd_at(row, "listed_micros")?,
        cost: cost_of_word(word, usd_at(row, "cost_micros")?),
        outputs: Vec::new(),
        failure: failure(stage, text("error_code")?, text("error_message")?),
        problem: json_at(row, "problem")?,
        source: if launch.is_some() {
            Source::Here
        } else {
            Source::Elsewhere
        },
    })
}

/// A failed run has a failure even when FLORA gave no reason; a launch that never became a run has a problem.
fn failure(stage: RunStage, code: Option<String>, message: Option<String>) -> Option<Failure> {
    let is_told = code.is_some() || message.is_some();
    (stage == RunStage::Failed && is_told).then(|| Failure {
        code: code.unwrap_or_default(),
        message: message.unwrap_or_default(),
    })
}
