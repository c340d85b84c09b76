//! Runs: the history, and the queue.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::{Conditions, Place, StoreError, unsigned};
use crate::studio::faults::Twist;
use crate::wire::{IoType, RunStatus};

/// The answered inputs of a run, by input id.
pub(in crate::studio) type StoredInputs = BTreeMap<String, StoredInput>;

/// An answered input, as validated.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(in crate::studio) struct StoredInput {
    pub(in crate::studio) kind: IoType,
    /// Text, one of our own URLs, or an element's id.
    pub(in crate::studio) value: String,
}

/// An output, without the origin it is served from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(in crate::studio) struct StoredOutput {
    pub(in crate::studio) output_id: String,
    pub(in crate::studio) kind: IoType,
    pub(in crate::studio) body: StoredBody,
}

/// Where an output's content is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::studio) enum StoredBody {
    Text(String),
    File { file_id: String, name: String },
}

/// A run.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::studio) struct RunRow {
    pub(in crate::studio) seq: i64,
    pub(in crate::studio) run_id: String,
    pub(in crate::studio) technique_id: String,
    pub(in crate::studio) technique_name: String,
    pub(in crate::studio) project_id: String,
    pub(in crate::studio) inputs: StoredInputs,
    pub(in crate::studio) status: RunStatus,
    /// How often a worker took it: a restart takes it again.
    pub(in crate::studio) attempt: i64,
    pub(in crate::studio) created_at: i64,
    pub(in crate::studio) started_at: Option<i64>,
    pub(in crate::studio) completed_at: Option<i64>,
    /// USD, told at the start.
    pub(in crate::studio) quote: f64,
    /// USD, told from `charge_at` on.
    pub(in crate::studio) charge: Option<f64>,
    pub(in crate::studio) charge_at: Option<i64>,
    pub(in crate::studio) error_code: Option<String>,
    pub(in crate::studio) error_message: Option<String>,
    pub(in crate::studio) outputs: Vec<StoredOutput>,
    pub(in crate::studio) idempotency_key: Option<String>,
    pub(in crate::studio) twist: Twist,
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::studio) struct Ending {
    pub(in crate::studio) completed_at: i64,
    pub(in crate::studio) charge: f64,
    pub(in crate::studio) charge_at: i64,
    /// The outputs, or the error's code and message.
    pub(in crate::studio) result: Result<Vec<StoredOutput>, (String, String)>,
}

/// Which runs a list is about.
#[derive(Clone, Debug, Default)]
pub(in crate::studio) struct RunFilter {
    pub(in crate::studio) project_id: Option<String>,
    pub(in crate::studio) technique_id: Option<String>,
    pub(in crate::studio) status: Option<RunStatus>,
}

impl RunFilter {
    fn conditions(&self) -> Conditions {
        let mut conditions = Conditions::default();
        conditions.add_if("project_id = ?", self.project_id.clone());
        conditions.add_if("technique_id = ?", self.technique_id.clone());
        let status = self
            .status
            .as_ref()
            .map(|status| status.as_str().to_owned());
        conditions.add_if("status = ?", status);
        conditions
    }
}

const COLUMNS: &str = "seq, run_id, technique_id, technique_name, project_id, inputs, status, attempt, created_at, \
    started_at, completed_at, quote, charge, charge_at, error_code, error_message, outputs, idempotency_key, twist";

/// Writes a run as it stands; its `seq` is given by the database.
pub(in crate::studio) fn insert(connection: &Connection, run: &RunRow) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "INSERT INTO runs (run_id, technique_id, technique_name, project_id, inputs, status, attempt, created_at,
                 started_at, completed_at, quote, charge, charge_at, error_code, error_message, outputs,
                 idempotency_key, twist)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)",
        )?
        .execute(params![
            run.run_id,
            run.technique_id,
            run.technique_name,
            run.project_id,
            serde_json::to_string(&run.inputs)?,
            run.status.as_str(),
            run.attempt,
            run.created_at,
            run.started_at,
            run.completed_at,
            run.quote,
            run.charge,
            run.charge_at,
            run.error_code,
            run.error_message,
            serde_json::to_string(&run.outputs)?,
            run.idempotency_key,
            serde_json::to_string(&run.twist)?,
        ])?;
    Ok(())
}

pub(in crate::studio) fn find(
    connection: &Connection,
    run_id: &str,
) -> Result<Option<RunRow>, StoreError> {
    Ok(connection
        .prepare_cached(&format!("SELECT {COLUMNS} FROM runs WHERE run_id = ?1"))?
        .query_row([run_id], read)
        .optional()?)
}

/// At most `limit` runs after `place`, newest first.
pub(in crate::studio) fn list(
    connection: &Connection,
    filter: &RunFilter,
    place: Option<Place>,
    limit: usize,
) -> Result<Vec<RunRow>, StoreError> {
    let mut conditions = filter.conditions();
    conditions.add_place(place);
    let sql = format!(
        "SELECT {COLUMNS} FROM runs{} ORDER BY created_at DESC, seq DESC LIMIT {limit}",
        conditions.clause()
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let rows = statement.query_map(conditions.params(), read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(in crate::studio) fn count(
    connection: &Connection,
    filter: &RunFilter,
) -> Result<u64, StoreError> {
    let conditions = filter.conditions();
    let sql = format!("SELECT COUNT(*) FROM runs{}", conditions.clause());
    Ok(connection
        .prepare_cached(&sql)?
        .query_row(conditions.params(), |row| unsigned(row, 0))?)
}

/// Takes the run that waits longest, if there is one: it is `running` now.
pub(in crate::studio) fn claim(
    connection: &Connection,
    now: i64,
) -> Result<Option<RunRow>, StoreError> {
    let sql = format!(
        "UPDATE runs SET status = 'running', started_at = ?1, attempt = attempt + 1
         WHERE seq = (SELECT seq FROM runs WHERE status = 'pending' ORDER BY seq LIMIT 1)
         RETURNING {COLUMNS}"
    );
    Ok(connection
        .prepare_cached(&sql)?
        .query_row([now], read)
        .optional()?)
}

/// Writes how a run ended. Nothing changes when another attempt has taken the run over since.
pub(in crate::studio) fn finish(
    connection: &Connection,
    run: &RunRow,
    ending: &Ending,
) -> Result<(), StoreError> {
    let (status, outputs, code, message) = match &ending.result {
        Ok(outputs) => (RunStatus::Completed, outputs.as_slice(), None, None),
        Err((code, message)) => (RunStatus::Failed, &[][..], Some(code), Some(message)),
    };
    connection.execute(
        "UPDATE runs SET status = ?3, completed_at = ?4, charge = ?5, charge_at = ?6, outputs = ?7,
             error_code = ?8, error_message = ?9
         WHERE run_id = ?1 AND attempt = ?2 AND status = 'running'",
        params![
            run.run_id,
            run.attempt,
            status.as_str(),
            ending.completed_at,
            ending.charge,
            ending.charge_at,
            serde_json::to_string(outputs)?,
            code,
            message,
        ],
    )?;
    Ok(())
}

/// What was in flight when the studio ended waits again. Returns how many.
pub(in crate::studio) fn resume(connection: &Connection) -> Result<usize, StoreError> {
    Ok(connection.execute(
        "UPDATE runs SET status = 'pending', started_at = NULL WHERE status = 'running'",
        [],
    )?)
}

/// Removes a run, as if the service had deleted it.
pub(in crate::studio) fn delete(connection: &Connection, run_id: &str) -> Result<bool, StoreError> {
    Ok(connection.execute("DELETE FROM runs WHERE run_id = ?1", [run_id])? > 0)
}

/// How many runs were started with each idempotency key.
pub(in crate::studio) fn starts_by_key(
    connection: &Connection,
) -> Result<BTreeMap<String, u64>, StoreError> {
    let mut statement = connection.prepare(
        "SELECT idempotency_key, COUNT(*) FROM runs WHERE idempotency_key IS NOT NULL GROUP BY 1",
    )?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, unsigned(row, 1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn read(row: &Row<'_>) -> rusqlite::Result<RunRow> {
    Ok(RunRow {
        seq: row.get(0)?,
        run_id: row.get(1)?,
        technique_id: row.get(2)?,
        technique_name: row.get(3)?,
        project_id: row.get(4)?,
        inputs: json(row, 5)?,
        status: RunStatus::from(row.get_ref(6)?.as_str()?),
        attempt: row.get(7)?,
        created_at: row.get(8)?,
        started_at: row.get(9)?,
        completed_at: row.get(10)?,
        quote: row.get(11)?,
        charge: row.get(12)?,
        charge_at: row.get(13)?,
        error_code: row.get(14)?,
        error_message: row.get(15)?,
        outputs: json(row, 16)?,
        idempotency_key: row.get(17)?,
        twist: json(row, 18)?,
    })
}

fn json<T: DeserializeOwned>(row: &Row<'_>, column: usize) -> rusqlite::Result<T> {
    serde_json::from_str(row.get_ref(column)?.as_str()?).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(
            column,
            rusqlite::types::Type::Text,
            Box::new(error),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::studio::store::Store;

    fn waiting() -> RunRow {
        RunRow {
            seq: 0,
            run_id: "run_1".to_owned(),
            technique_id: "tech_1".to_owned(),
            technique_name: "One".to_owned(),
            project_id: "prj_1".to_owned(),
            inputs: StoredInputs::new(),
            status: RunStatus::Pending,
            attempt: 0,
            created_at: 1,
            started_at: None,
            completed_at: None,
            quote: 0.1,
            charge: None,
            charge_at: None,
            error_code: None,
            error_message: None,
            outputs: Vec::new(),
            idempotency_key: None,
            twist: Twist::default(),
        }
    }

    #[test]
    fn a_worker_whose_run_was_taken_over_writes_nothing() {
        let store = Store::open(std::path::Path::new(":memory:")).unwrap();
        let ending = |completed_at| Ending {
            completed_at,
            charge: 0.1,
            charge_at: completed_at,
            result: Err(("code".to_owned(), "message".to_owned())),
        };
        store
            .now(|db| {
                insert(db, &waiting())?;
                let first = claim(db, 10)?.expect("it waits");
                resume(db)?;
                let second = claim(db, 20)?.expect("it waits again");
                assert_eq!((first.attempt, second.attempt), (1, 2));
                finish(db, &first, &ending(30))?;
                let run = find(db, "run_1")?.unwrap();
                assert_eq!(run.status, RunStatus::Running);
                finish(db, &second, &ending(40))?;
                let run = find(db, "run_1")?.unwrap();
                assert_eq!(
                    (run.status, run.completed_at),
                    (RunStatus::Failed, Some(40))
                );
                assert!(claim(db, 50)?.is_none());
                Ok(())
            })
            .unwrap();
    }
}
