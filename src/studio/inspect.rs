//! What tests ask the studio behind the API's back. All of it is quick and may be called from any thread.

use std::collections::BTreeMap;
use std::time::Duration;

use super::server::{Studio, StudioError};
use super::store::runs::{self, RunFilter, RunRow, StoredBody, StoredOutput};
use super::store::{StoreError, files};
use crate::wire::{IoType, RunStatus};

/// A run as the studio knows it.
#[derive(Clone, Debug, PartialEq)]
pub struct RunFact {
    pub run_id: String,
    pub technique_id: String,
    pub status: RunStatus,
    pub error_code: Option<String>,
    pub idempotency_key: Option<String>,
    /// The text inputs and URLs it was started with, by input id.
    pub inputs: BTreeMap<String, String>,
    /// Unix milliseconds.
    pub created_at: i64,
    /// How often its work was begun: more than once when a restart came between.
    pub attempts: i64,
    pub outputs: Vec<OutputFact>,
}

/// An output as the studio knows it.
#[derive(Clone, Debug, PartialEq)]
pub struct OutputFact {
    pub output_id: String,
    pub kind: IoType,
    /// Of a text output.
    pub text: Option<String>,
    /// Of a file, in lower-case hex.
    pub sha256: Option<String>,
    /// Bytes, of a file.
    pub size: Option<u64>,
}

impl Studio {
    /// Every run, newest first.
    ///
    /// # Errors
    /// The database's.
    pub fn runs(&self) -> Result<Vec<RunFact>, StudioError> {
        Ok(self.cx.store.now(|db| {
            runs::list(db, &RunFilter::default(), None, i64::MAX as usize)?
                .into_iter()
                .map(|row| run_fact(db, row))
                .collect()
        })?)
    }

    /// How many runs were started with each idempotency key, by either route, before and after restarts.
    ///
    /// # Errors
    /// The database's.
    pub fn starts_by_key(&self) -> Result<BTreeMap<String, u64>, StudioError> {
        Ok(self.cx.store.now(runs::starts_by_key)?)
    }

    /// How many requests came since the start, by route: `GET /technique-runs`, `POST /techniques/*/runs`, `GET /files/*`…
    pub fn requests(&self) -> BTreeMap<String, u64> {
        self.cx.tally.requests()
    }

    /// How many requests of one route came since the start.
    pub fn requests_to(&self, route: &str) -> u64 {
        self.requests().get(route).copied().unwrap_or_default()
    }

    /// How often a start came while another one with the same idempotency key was still being handled.
    pub fn overlapping_starts(&self) -> u64 {
        self.cx.tally.overlaps()
    }

    /// How many requests brought an `Authorization` header to the file origin, where none belongs.
    pub fn stray_keys(&self) -> u64 {
        self.cx.tally.stray_keys()
    }

    /// Moves the studio's clock forward: keys and reservations age, costs come due. Runs under way do not hurry.
    pub fn skip_time(&self, by: Duration) {
        self.cx.clock.skip(by);
    }

    /// Removes a run, as if FLORA had deleted it. Returns whether it was there.
    ///
    /// # Errors
    /// The database's.
    pub fn forget_run(&self, run_id: &str) -> Result<bool, StudioError> {
        Ok(self.cx.store.now(|db| runs::delete(db, run_id))?)
    }
}

fn run_fact(db: &rusqlite::Connection, row: RunRow) -> Result<RunFact, StoreError> {
    Ok(RunFact {
        run_id: row.run_id,
        technique_id: row.technique_id,
        status: row.status,
        error_code: row.error_code,
        idempotency_key: row.idempotency_key,
        inputs: row
            .inputs
            .into_iter()
            .map(|(id, input)| (id, input.value))
            .collect(),
        created_at: row.created_at,
        attempts: row.attempt,
        outputs: row
            .outputs
            .into_iter()
            .map(|output| output_fact(db, output))
            .collect::<Result<_, _>>()?,
    })
}

fn output_fact(db: &rusqlite::Connection, output: StoredOutput) -> Result<OutputFact, StoreError> {
    let (text, file) = match output.body {
        StoredBody::Text(text) => (Some(text), None),
        StoredBody::File { file_id, .. } => (None, files::find(db, &file_id)?),
    };
    Ok(OutputFact {
        output_id: output.output_id,
        kind: output.kind,
        text,
        size: file.as_ref().map(|file| file.size),
        sha256: file.map(|file| file.sha256),
    })
}
