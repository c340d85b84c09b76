//! A run: from the click that ordered it, or from FLORA's history, to the files it made.

use std::path::PathBuf;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{
    Failure, LaunchId, MediaFacts, MediaKind, OrderInput, OutputId, OutputKey, Problem, ProjectId,
    RowKey, RunId, TechniqueId, Timestamp, Usd, WorkspaceId,
};

/// FLORA's word on a run. Only this decides, never `progress`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum RunStatus {
    Pending,
    Running,
    Completed,
    Failed,
    /// A status this version does not know: followed like a running one.
    Other(String),
}

impl RunStatus {
    /// Whether nothing will change any more (but the cost).
    pub fn is_over(&self) -> bool {
        matches!(self, Self::Completed | Self::Failed)
    }

    /// FLORA's word, as the library keeps it.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Pending => "pending",
            Self::Running => "running",
            Self::Completed => "completed",
            Self::Failed => "failed",
            Self::Other(word) => word,
        }
    }

    /// Reads what [`Self::as_str`] wrote.
    pub fn parse(word: &str) -> Self {
        match word {
            "pending" => Self::Pending,
            "running" => Self::Running,
            "completed" => Self::Completed,
            "failed" => Self::Failed,
            other => Self::Other(other.to_owned()),
        }
    }
}

/// Where a run stands, seen from this computer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunStage {
    /// Recorded here, not sent: queued, offline, or stopped by an empty budget or a refused key.
    Waiting,
    /// Its files are on their way to FLORA.
    Uploading,
    /// The start is in flight.
    Sending,
    /// Accepted; FLORA has not said more yet.
    Sent,
    Pending,
    Running,
    /// Completed; its files are on their way here.
    Downloading,
    Done,
    Failed,
    /// In doubt whether FLORA started it: being looked up, or left to the person.
    Unknown,
}

/// What the coloured pill of a run says. Always an icon and a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StatusPill {
    Waiting,
    Running,
    Done,
    Failed,
    NeedsYou,
    CloudOnly,
}

impl RunStage {
    /// Every stage, in the order a launch passes them.
    pub const ALL: [Self; 10] = [
        Self::Waiting,
        Self::Uploading,
        Self::Sending,
        Self::Sent,
        Self::Pending,
        Self::Running,
        Self::Downloading,
        Self::Done,
        Self::Failed,
        Self::Unknown,
    ];

    /// The word in the pill.
    pub fn word(self) -> &'static str {
        match self {
            Self::Waiting => "Waiting",
            Self::Uploading => "Uploading",
            Self::Sending => "Sending",
            Self::Sent => "Sent",
            Self::Pending => "Pending",
            Self::Running => "Running",
            Self::Downloading => "Downloading",
            Self::Done => "Done",
            Self::Failed => "Failed",
            Self::Unknown => "Unknown",
        }
    }

    /// A stable word for the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Uploading => "uploading",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Pending => "pending",
            Self::Running => "running",
            Self::Downloading => "downloading",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
        }
    }

    /// Reads what [`Self::as_str`] wrote.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.as_str() == word)
    }

    /// The colour and icon family of the pill.
    pub fn pill(self) -> StatusPill {
        match self {
            Self::Waiting | Self::Pending | Self::Sent => StatusPill::Waiting,
            Self::Uploading | Self::Sending | Self::Running | Self::Downloading => {
                StatusPill::Running
            }
            Self::Done => StatusPill::Done,
            Self::Failed => StatusPill::Failed,
            Self::Unknown => StatusPill::NeedsYou,
        }
    }

    /// Whether something is still going to happen by itself.
    pub fn is_live(self) -> bool {
        !matches!(self, Self::Done | Self::Failed | Self::Unknown)
    }
}

/// What a run costs, as far as it is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cost {
    #[default]
    Unknown,
    /// Listed or quoted; nothing is charged yet.
    Quote(Usd),
    /// The run is over, the charge is not there yet; the amount is the quote.
    Settling(Usd),
    Charged(Usd),
}

impl Cost {
    /// The amount, whatever its certainty.
    pub fn amount(self) -> Option<Usd> {
        match self {
            Self::Unknown => None,
            Self::Quote(amount) | Self::Settling(amount) | Self::Charged(amount) => Some(amount),
        }
    }

    /// `$0.15`, `~ $0.15` while settling, `—` when unknown.
    pub fn words(self) -> String {
        match self {
            Self::Unknown => "—".to_owned(),
            Self::Quote(amount) | Self::Charged(amount) => amount.price(),
            Self::Settling(amount) if amount.is_zero() => amount.price(),
            Self::Settling(amount) => format!("~ {amount}"),
        }
    }
}

/// Who started a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// This app, on this computer.
    Here,
    /// Anyone else with the same workspace.
    Elsewhere,
}

/// Where a run's outputs are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SavedState {
    /// Nothing to keep (yet).
    Nothing,
    CloudOnly,
    /// Some are here, some are not.
    Partly,
    OnDisk,
    /// FLORA no longer serves at least one that is not here.
    LinkDead,
}

impl SavedState {
    /// Sums up where a run's outputs are.
    pub fn of<'a>(outputs: impl Iterator<Item = &'a Archive>) -> Self {
        let (mut here, mut gone, mut all) = (0, 0, 0);
        for archive in outputs {
            all += 1;
            match archive {
                Archive::Stored => here += 1,
                Archive::LinkDead => gone += 1,
                _ => {}
            }
        }
        match (here, gone) {
            _ if all == 0 => Self::Nothing,
            (_, 1..) => Self::LinkDead,
            (0, _) => Self::CloudOnly,
            (here, _) if here == all => Self::OnDisk,
            _ => Self::Partly,
        }
    }
}

/// Where one output's bytes are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Archive {
    /// Only at FLORA.
    Remote,
    Fetching,
    /// In the library folder, whole and verified.
    Stored,
    /// Fetching failed; it can be tried again for free.
    Failed(String),
    /// FLORA no longer serves it.
    LinkDead,
    /// It was in the library folder and somebody removed it.
    Missing,
}

/// One run, as a row of the history shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    pub key: RowKey,
    /// Set for runs started here.
    pub launch: Option<LaunchId>,
    /// Set once FLORA knows of it.
    pub run_id: Option<RunId>,
    pub technique: TechniqueId,
    pub technique_name: Arc<str>,
    pub workspace: Option<WorkspaceId>,
    pub project: Option<ProjectId>,
    pub stage: RunStage,
    /// 0 to 1, only when the API moves it.
    pub progress: Option<f32>,
    /// A label, else the first text input, else a file name: one line.
    pub summary: Arc<str>,
    /// When it was ordered here, or created at FLORA.
    pub created_at: Timestamp,
    pub started_at: Option<Timestamp>,
    pub completed_at: Option<Timestamp>,
    /// Listed at the click.
    pub listed_cost: Option<Usd>,
    pub cost: Cost,
    pub outputs: Vec<Output>,
    pub failure: Option<Failure>,
    /// Why a launch waits or is unknown, when there is more to say than its stage.
    pub problem: Option<Problem>,
    pub source: Source,
}

impl Run {
    /// How long it took, or has been taking at `now`; milliseconds.
    pub fn duration_ms(&self, now: Timestamp) -> Option<i64> {
        let begin = self
            .started_at
            .or(self.run_id.as_ref().map(|_| self.created_at))?;
        let end = match self.completed_at {
            Some(end) => end,
            None if self.stage.is_live() => now,
            None => return None,
        };
        Some((end.as_millisecond() - begin.as_millisecond()).max(0))
    }

    /// Where its outputs are, all taken together.
    pub fn saved(&self) -> SavedState {
        SavedState::of(self.outputs.iter().map(|output| &output.archive))
    }
}

/// One thing a run made.
#[derive(Clone, Debug, PartialEq)]
pub struct Output {
    pub key: OutputKey,
    pub run: RowKey,
    pub output_id: OutputId,
    /// Position within its run, from 0.
    pub index: u32,
    pub kind: MediaKind,
    /// The beginning of a text output (up to [`Output::EXCERPT`] bytes).
    pub excerpt: Option<Arc<str>>,
    /// Absolute path of the archived file, when [`Archive::Stored`]. A text of a run from elsewhere is kept
    /// without a file of its own.
    pub file: Option<PathBuf>,
    pub bytes: Option<u64>,
    pub facts: MediaFacts,
    pub archive: Archive,
}

impl Output {
    /// Bytes of a text output that travel with its row.
    pub const EXCERPT: usize = 2000;
}

/// Everything about one run, for the inspector.
#[derive(Clone, Debug, PartialEq)]
pub struct RunDetail {
    pub run: Run,
    /// Empty for runs from elsewhere: FLORA's history keeps no inputs.
    pub inputs: Vec<OrderInput>,
    /// The folder its files are in, once there is one.
    pub folder: Option<PathBuf>,
    /// FLORA's `request-id` of the start, for support.
    pub request_id: Option<String>,
}
