//! Plain values: what the other rooms speak about. No I/O, no clocks, no other room.

mod activity;
mod draft;
mod draft_edit;
mod element;
mod failure;
mod history;
mod ids;
mod input_file;
mod kind;
mod launch;
mod media;
mod money;
mod notice;
mod preview;
mod problem;
mod profile;
mod run;
mod run_update;
mod save;
mod shown;
mod technique;
mod text_content;
mod time;

pub use activity::{Activity, ImportProgress, TechniqueUse, TechniqueUses, ViewCounts};
pub use draft::{DraftError, FieldDraft, FileDraft, LaunchDraft, MediaSource, carry_over};
pub use element::ElementId;
pub use failure::{Failure, NextStep};
pub use history::{
    Column, HistoryAnswer, HistoryQuery, HistoryTotals, Match, SortKey, SortOrder, StatusFilter,
    TechniqueFilter,
};
pub use ids::{
    AssetId, InputId, LaunchId, OutputId, OutputKey, ProjectId, RowKey, RunId, TechniqueId,
    WorkspaceId,
};
pub use input_file::{FileCheck, InputFile, InputFileId};
pub use kind::MediaKind;
pub use launch::{LaunchOrder, OrderInput, OrderValue};
pub use media::MediaFacts;
pub use money::Usd;
pub use notice::{Notice, NoticeAction, NoticeLevel};
pub use preview::{Pixels, PreviewKey, PreviewSize, PreviewSource};
pub use problem::{Problem, ProblemAction};
pub use profile::{Connection, KeyStore, Profile, ProfileId, ProfileKind, Spent};
pub use run::{
    Archive, Cost, Output, Run, RunDetail, RunStage, RunStatus, SavedState, Source, StatusPill,
};
pub use run_update::{OutputUpdate, RunUpdate};
pub use save::{ConflictRule, RunText, SaveRequest, SaveWhat, SavedFile, TextFormat};
pub use shown::{shown_line, shown_text};
pub use technique::{InputSpec, OutputSpec, Technique};
pub use text_content::TextContent;
pub use time::{Timestamp, now};
