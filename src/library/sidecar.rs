//! `run.json` beside a run's files: what it was made of, readable without Florist, and enough to put the run back when
//! the database is lost.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::files::replace;
use super::{Library, Result};
use crate::model::{
    Cost, Failure, LaunchId, LaunchOrder, OrderInput, OrderValue, RowKey, Run, Timestamp, Usd,
};

/// The file's name.
pub(super) const SIDECAR: &str = "run.json";

/// How it is written today. Readers take what they know of any format.
const FORMAT: u32 = 2;

/// A larger file is no sidecar of ours, in bytes.
const LONGEST: u64 = 64 << 20;

/// A run as its folder tells it.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Sidecar {
    #[serde(default)]
    pub format: u32,
    pub run_id: Option<String>,
    pub launch_id: Option<LaunchId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// Absent in the first format.
    #[serde(default)]
    pub profile: Option<Whose>,
    pub technique: Named,
    pub workspace_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub project_id: Option<String>,
    /// `done` or `failed`.
    pub status: String,
    pub created_at: Timestamp,
    #[serde(default)]
    pub started_at: Option<Timestamp>,
    #[serde(default)]
    pub completed_at: Option<Timestamp>,
    pub cost: Costs,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<Failure>,
    /// For people; [`Self::order`] has them exactly.
    #[serde(default)]
    pub inputs: Vec<InputLine>,
    #[serde(default)]
    pub outputs: Vec<OutputLine>,
    /// What was ordered, word by word. Absent for runs from elsewhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<LaunchOrder>,
}

/// The source of techniques that the run belongs to. Never a key.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Whose {
    pub id: String,
    pub kind: Option<String>,
    pub base_url: Option<String>,
    pub workspace_id: Option<String>,
    pub workspace_name: Option<String>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Named {
    pub id: String,
    pub name: Arc<str>,
}

/// In US dollars.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Costs {
    pub listed_usd: Option<f64>,
    pub charged_usd: Option<f64>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct InputLine {
    pub id: String,
    pub name: String,
    pub kind: String,
    pub value: String,
    /// Of a file, which is kept under `inputs`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<Arc<str>>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct OutputLine {
    pub output_id: String,
    #[serde(default)]
    pub index: u32,
    pub kind: String,
    /// Within the folder; absent when it is not here.
    pub file: Option<String>,
    #[serde(default)]
    pub sha256: Option<String>,
    pub bytes: Option<u64>,
    /// Where FLORA served it; absent for texts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// What the database knows of an output beyond its row.
type Whereabouts = HashMap<u32, (Option<String>, Option<String>)>;

impl Library {
    /// Writes a run's `run.json` anew, if the run has a folder. To be called when a run is filed and when its cost
    /// is there.
    ///
    /// # Errors
    /// What the disk says; then the old one is still whole.
    pub fn write_sidecar(&self, run: RowKey) -> Result<Option<PathBuf>> {
        let described = self.describe(run)?;
        if let Some((path, sidecar)) = &described {
            let mut text = serde_json::to_string_pretty(sidecar)?;
            text.push('\n');
            replace(path, text.as_bytes())?;
        }
        let sql = "DELETE FROM sidecars_due WHERE run = ?1";
        self.connection()
            .prepare_cached(sql)?
            .execute([run.get()])?;
        Ok(described.map(|(path, _)| path))
    }

    /// Writes some of the `run.json` that are older than what is known: at most `most`, of runs after this one. The
    /// last run looked at; nothing when there is none. What cannot be written stays due.
    ///
    /// # Errors
    /// What the database says.
    pub fn write_due_sidecars(&self, after: Option<RowKey>, most: u32) -> Result<Option<RowKey>> {
        let sql = "SELECT run FROM sidecars_due WHERE run > ?1 ORDER BY run LIMIT ?2";
        let after = after.map_or(0, RowKey::get);
        let due: Vec<i64> = self
            .connection()
            .prepare_cached(sql)?
            .query_map((after, most), |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        for run in due.iter().copied().map(RowKey::new) {
            if let Err(error) = self.write_sidecar(run) {
                tracing::warn!(%error, ?run, "a run.json was not written");
            }
        }
        Ok(due.last().copied().map(RowKey::new))
    }

    fn describe(&self, run: RowKey) -> Result<Option<(PathBuf, Sidecar)>> {
        let detail = self.run_detail(run)?;
        let Some(folder) = &detail.folder else {
            return Ok(None);
        };
        let run = &detail.run;
        let whereabouts = self.whereabouts(run.key)?;
        let sidecar = Sidecar {
            format: FORMAT,
            run_id: run.run_id.as_ref().map(ToString::to_string),
            launch_id: run.launch,
            request_id: detail.request_id.clone(),
            profile: self.whose(run.key)?,
            technique: Named {
                id: run.technique.to_string(),
                name: Arc::clone(&run.technique_name),
            },
            workspace_id: run.workspace.as_ref().map(ToString::to_string),
            project_id: run.project.as_ref().map(ToString::to_string),
            status: run.stage.as_str().to_owned(),
            created_at: run.created_at,
            started_at: run.started_at,
            completed_at: run.completed_at,
            cost: costs(run),
            failure: run.failure.clone(),
            inputs: detail.inputs.iter().map(input).collect(),
            outputs: run
                .outputs
                .iter()
                .map(|output| OutputLine {
                    output_id: output.output_id.to_string(),
                    index: output.index,
                    kind: output.kind.as_str().to_owned(),
                    file: output
                        .file
                        .as_ref()
                        .and_then(|file| file.file_name())
                        .map(|name| name.to_string_lossy().into_owned()),
                    sha256: whereabouts
                        .get(&output.index)
                        .and_then(|(_, sha256)| sha256.clone()),
                    bytes: output.bytes,
                    url: whereabouts
                        .get(&output.index)
                        .and_then(|(url, _)| url.clone()),
                })
                .collect(),
            order: self.order(run.key).unwrap_or_default(),
        };
        Ok(Some((folder.join(SIDECAR), sidecar)))
    }

    fn whereabouts(&self, run: RowKey) -> Result<Whereabouts> {
        let sql = "SELECT idx, url, sha256 FROM outputs WHERE run = ?1";
        let mut statement = self.connection().prepare_cached(sql)?;
        let outputs = statement.query_map([run.get()], |row| {
            Ok((row.get(0)?, (row.get(1)?, row.get(2)?)))
        })?;
        Ok(outputs.collect::<rusqlite::Result<_>>()?)
    }

    fn whose(&self, run: RowKey) -> Result<Option<Whose>> {
        let sql = "SELECT p.id, p.kind, p.base_url, p.workspace_id, p.workspace_name \
                   FROM runs r JOIN profiles p ON p.key = r.profile WHERE r.key = ?1";
        let mut statement = self.connection().prepare_cached(sql)?;
        let whose = statement.query_row([run.get()], |row| {
            Ok(Whose {
                id: row.get(0)?,
                kind: row.get(1)?,
                base_url: row.get(2)?,
                workspace_id: row.get(3)?,
                workspace_name: row.get(4)?,
            })
        });
        Ok(Some(whose?))
    }
}

/// Reads a sidecar of any format; nothing for what is none.
pub(super) fn read(path: &Path) -> Option<Sidecar> {
    let length = fs::metadata(path).ok()?.len();
    if length > LONGEST {
        return None;
    }
    serde_json::from_slice(&fs::read(path).ok()?).ok()
}

/// The run id in a sidecar, if it is one.
pub(super) fn run_id_in(path: &Path) -> Option<String> {
    read(path)?.run_id
}

fn costs(run: &Run) -> Costs {
    let dollars = |amount: Usd| amount.micros() as f64 / 1e6;
    Costs {
        listed_usd: run.listed_cost.map(dollars),
        charged_usd: match run.cost {
            Cost::Charged(amount) => Some(dollars(amount)),
            _ => None,
        },
    }
}

fn input(input: &OrderInput) -> InputLine {
    let (value, sha256) = match &input.value {
        OrderValue::Text(text) => (text.as_str(), None),
        OrderValue::File(file) => (file.name.as_str(), Some(Arc::clone(&file.hash))),
        OrderValue::Url(url) => (url.as_str(), None),
        OrderValue::Element(id) => (id.as_str(), None),
    };
    InputLine {
        id: input.id.to_string(),
        name: input.name.clone(),
        kind: input.kind.as_str().to_owned(),
        value: value.to_owned(),
        sha256,
    }
}
