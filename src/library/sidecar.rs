//! `run.json` beside a run's files: what it was made of, readable without Florist, and enough to have the run back
//! when the database is lost.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use rusqlite::OptionalExtension;
use serde::{Deserialize, Serialize};

use super::files::replace;
use super::run_row::RunRow;
use super::sql::json_at;
use super::{Change, Library, Result, Saved};
use crate::model::{
    Failure, MediaFacts, OrderInput, OrderValue, ProjectId, RowKey, RunId, RunStatus, Timestamp,
    Usd, WorkspaceId,
};

/// The file's name.
pub(super) const SIDECAR: &str = "run.json";

/// More than any run has to say; what is longer is no sidecar of ours.
const MOST_BYTES: u64 = 32 << 20;

/// A run as its sidecar tells it. Everything may be missing: people edit files, and versions differ.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Sidecar {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub run_id: Option<String>,
    /// Set for runs started here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub launch_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// Whose run it is: the studio's, or FLORA's at one origin.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    pub technique: SidecarTechnique,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub workspace_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub project_id: Option<String>,
    /// In our words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// In FLORA's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flora_status: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub started_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub completed_at: Option<Timestamp>,
    pub cost: SidecarCost,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure: Option<Failure>,
    pub inputs: Vec<SidecarInput>,
    pub outputs: Vec<SidecarOutput>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct SidecarTechnique {
    pub id: String,
    pub name: String,
}

/// In dollars, for people; a millionth is exact.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct SidecarCost {
    pub listed_usd: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quoted_usd: Option<f64>,
    pub charged_usd: Option<f64>,
    /// FLORA was asked often enough for a charge that does not come.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub given_up: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct SidecarInput {
    pub id: String,
    pub name: String,
    pub kind: String,
    /// text, file, url, element.
    pub form: String,
    /// The text, the address, the element's id, or the file's name.
    pub value: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bytes: Option<u64>,
    /// Where the library keeps the file, relative to its folder, with `/`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kept_as: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub facts: Option<MediaFacts>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct SidecarOutput {
    pub output_id: String,
    pub index: u32,
    pub kind: String,
    /// Beside the sidecar.
    pub file: Option<String>,
    pub bytes: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// A text that is in no file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// remote, fetching, stored, failed, link_dead, missing.
    pub archive: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub facts: Option<MediaFacts>,
}

impl Library {
    /// Writes a run's `run.json` anew, if the run has a folder. To be called when a file of it arrives.
    ///
    /// # Errors
    /// What the disk says; then the old one is still whole.
    pub fn write_sidecar(&self, run: RowKey) -> Result<Option<PathBuf>> {
        let sql = "SELECT folder FROM runs WHERE key = ?1";
        let mut statement = self.connection().prepare_cached(sql)?;
        let folder: Option<String> = statement.query_row([run.get()], |row| row.get(0))?;
        let folder = folder.map(|folder| self.absolute(&folder));
        let Some(folder) = folder.filter(|folder| folder.exists()) else {
            return Ok(None);
        };
        let path = folder.join(SIDECAR);
        let mut text = serde_json::to_string_pretty(&self.describe(run)?)?;
        text.push('\n');
        replace(&path, text.as_bytes())?;
        Ok(Some(path))
    }

    /// After news of runs: those that were filed before are told anew, so that a charge that comes late is in the
    /// folder too. What cannot be written is no reason to lose the news.
    pub(super) fn refresh_sidecars(&self, saved: &[Saved]) {
        let changed = saved.iter().filter(|saved| {
            saved.change == Change::Changed
                && saved.stage_before.is_some()
                && !saved.stage_after.is_live()
        });
        for saved in changed {
            if let Err(error) = self.write_sidecar(saved.key) {
                tracing::warn!(%error, "no run.json");
            }
        }
    }

    fn describe(&self, run: RowKey) -> Result<Sidecar> {
        let row = RunRow::load(self.connection(), run)?;
        let detail = self.run_detail(run)?;
        let dollars = |amount: Option<Usd>| amount.map(|amount| amount.micros() as f64 / 1e6);
        let facts = &row.facts;
        let inputs = detail.inputs.iter().map(|input| self.describe_input(input));
        Ok(Sidecar {
            run_id: row.run_id.as_ref().map(RunId::to_string),
            launch_id: row.launch.map(|launch| launch.to_string()),
            request_id: detail.request_id.clone(),
            profile: self
                .profile_of(run)?
                .map(|profile| profile.as_str().to_owned()),
            technique: SidecarTechnique {
                id: facts.technique.to_string(),
                name: facts.technique_name.to_string(),
            },
            workspace_id: facts.workspace.as_ref().map(WorkspaceId::to_string),
            project_id: facts.project.as_ref().map(ProjectId::to_string),
            status: Some(row.stage.as_str().to_owned()),
            flora_status: facts
                .status
                .as_ref()
                .map(|status| status.as_str().to_owned()),
            created_at: Some(row.created_at),
            started_at: facts.started_at,
            completed_at: facts.completed_at,
            cost: SidecarCost {
                listed_usd: dollars(row.listed),
                quoted_usd: dollars(facts.quoted),
                charged_usd: dollars(facts.charged),
                given_up: row.cost_closed,
            },
            failure: failure(facts.status.as_ref(), &row),
            inputs: inputs.collect::<Result<_>>()?,
            outputs: self.describe_outputs(run)?,
        })
    }

    fn describe_input(&self, input: &OrderInput) -> Result<SidecarInput> {
        let told = |form: &str, value: &str| SidecarInput {
            id: input.id.to_string(),
            name: input.name.clone(),
            kind: input.kind.as_str().to_owned(),
            form: form.to_owned(),
            value: value.to_owned(),
            ..SidecarInput::default()
        };
        Ok(match &input.value {
            OrderValue::Text(text) => told("text", text),
            OrderValue::Url(url) => told("url", url),
            OrderValue::Element(id) => told("element", id.as_str()),
            OrderValue::File(file) => {
                let sql = "SELECT file FROM input_files WHERE hash = ?1";
                let mut statement = self.connection().prepare_cached(sql)?;
                SidecarInput {
                    sha256: Some(file.hash.to_string()),
                    bytes: Some(file.bytes),
                    kept_as: statement
                        .query_row([&*file.hash], |row| row.get(0))
                        .optional()?,
                    facts: Some(file.facts.clone()),
                    ..told("file", &file.name)
                }
            }
        })
    }

    fn describe_outputs(&self, run: RowKey) -> Result<Vec<SidecarOutput>> {
        let sql = "SELECT output_id, idx, kind, file, bytes, sha256, url, archive, failure, facts, \
                   CASE WHEN file IS NULL THEN text END AS loose FROM outputs WHERE run = ?1 ORDER BY idx";
        let mut statement = self.connection().prepare_cached(sql)?;
        let outputs = statement.query_map([run.get()], |row| {
            let file: Option<String> = row.get("file")?;
            let bytes: Option<i64> = row.get("bytes")?;
            Ok(SidecarOutput {
                output_id: row.get("output_id")?,
                index: row.get("idx")?,
                kind: row.get("kind")?,
                file: file.and_then(|file| file.rsplit('/').next().map(str::to_owned)),
                bytes: bytes.map(|bytes| bytes.max(0).unsigned_abs()),
                sha256: row.get("sha256")?,
                url: row.get("url")?,
                text: row.get("loose")?,
                archive: row.get("archive")?,
                failure: row.get("failure")?,
                facts: json_at(row, "facts")?,
            })
        })?;
        Ok(outputs.collect::<rusqlite::Result<_>>()?)
    }
}

/// Reads a sidecar; `None` for what is none.
pub(super) fn read(path: &Path) -> Option<Sidecar> {
    let file = fs::File::open(path).ok()?;
    let mut bytes = Vec::new();
    file.take(MOST_BYTES).read_to_end(&mut bytes).ok()?;
    serde_json::from_slice(&bytes).ok()
}

/// The run id in a sidecar, if it is one.
pub(super) fn run_id_in(path: &Path) -> Option<String> {
    read(path)?.run_id
}

fn failure(status: Option<&RunStatus>, row: &RunRow) -> Option<Failure> {
    let (code, message) = (&row.facts.error_code, &row.facts.error_message);
    let is_told = code.is_some() || message.is_some();
    (status == Some(&RunStatus::Failed) && is_told).then(|| Failure {
        code: code.clone().unwrap_or_default(),
        message: message.clone().unwrap_or_default(),
    })
}
