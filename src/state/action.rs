//! What the person wants.

use std::path::PathBuf;

use secrecy::SecretString;

use super::request::Picked;
use crate::model::{
    Column, HistoryQuery, InputId, MediaSource, OutputKey, PreviewKey, RowKey, RunText,
    TechniqueId, Usd,
};
use crate::settings::{RowHeight, Settings, Theme};

/// One wish of the person, or of the window on their behalf. Carried out by [`super::AppState::perform`].
#[derive(Clone, Debug)]
pub enum Action {
    Go(Place),
    ToggleSidebar,
    ToggleInspector,
    /// Ask for techniques and runs now.
    Refresh,
    WindowFocused,
    ChangeSettings(SettingsChange),

    ConnectStudio,
    /// Show the dialog that takes a key.
    OpenConnect,
    CloseConnect,
    CheckKey {
        base_url: Option<String>,
        key: SecretString,
    },
    /// Switch to FLORA with a checked key.
    UseKey {
        base_url: Option<String>,
        key: SecretString,
    },
    /// Switch to FLORA with the key that is kept.
    UseStoredKey,
    ForgetKey,
    /// The key field changed: its last check no longer counts.
    ForgetKeyCheck,

    OpenTechnique(TechniqueId),
    /// `Ctrl+N`
    OpenLastTechnique,
    TogglePin(TechniqueId),
    EditText {
        input: InputId,
        index: usize,
        text: String,
    },
    /// One more value of a text input that takes several.
    AddText(InputId),
    RemoveText {
        input: InputId,
        index: usize,
    },
    /// `Some` switches to "FLORA element", `None` back to "File".
    SetElement {
        input: InputId,
        element: Option<String>,
    },
    SetCount(u32),
    /// Dropped, pasted, browsed, typed as a URL or chosen from the library.
    HandIn {
        input: InputId,
        source: MediaSource,
    },
    Browse(InputId),
    RemoveFile {
        input: InputId,
        index: usize,
    },
    /// A field lost focus.
    FieldLeft(InputId),
    ClearDraft,
    /// Fill the form with a run's inputs.
    FillFrom(RowKey),
    Launch,
    ConfirmLaunch,
    CancelConfirm,

    /// Forget launches that were never sent.
    Discard(Vec<RowKey>),
    CheckNow(RowKey),
    SendAgain(RowKey),
    /// Start a new run with the same inputs; costs money.
    Repeat(RowKey),
    /// Fetch outputs again, for free.
    Fetch(Vec<OutputKey>),

    /// The rows in view.
    ShowRows(Vec<RowKey>),
    SetQuery(HistoryQuery),
    /// The history could not be read: try once more.
    AskHistoryAgain,
    ClickHeader {
        column: Column,
        second: bool,
    },
    Select {
        row: RowKey,
        mode: SelectMode,
    },
    SelectAll,
    ClearSelection,
    MoveSelection {
        step: Step,
        extend: bool,
    },
    /// Fold or unfold the "In progress" group.
    ToggleInProgress,
    /// Which output the inspector shows.
    SelectOutput(OutputKey),
    ShowTab(InspectorTab),

    OpenViewer(OutputKey),
    CloseViewer,
    StepViewer(Step),
    /// The pictures in view, most wanted first; sent when the set changes.
    ShowPreviews(Vec<PreviewKey>),
    /// The picture is a texture now: its pixels can go.
    PreviewUploaded(PreviewKey),
    /// Textures that were dropped to stay within the budget.
    PreviewsEvicted(Vec<PreviewKey>),

    /// One: a place is asked for; several: a folder.
    SaveOutputs(Vec<OutputKey>),
    SaveRuns(Vec<RowKey>),
    Picked(Picked),
    ChooseLibraryFolder,
    Reveal(PathBuf),
    OpenOutput(OutputKey),
    OpenUrl(String),
    CopyText(String),
    /// Of runs that were never in view, too.
    CopyRuns {
        rows: Vec<RowKey>,
        what: RunText,
    },
    CopyPicture(OutputKey),
    /// A text output, whole: read first when only its beginning is here.
    CopyOutputText(OutputKey),
    DismissNotice(usize),
    PauseImport,
    ResumeImport,
}

/// Where in the window one is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Place {
    #[default]
    Launch,
    History,
    Settings,
}

/// How a click changes the selection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SelectMode {
    /// Plain click.
    Only,
    /// `Ctrl` + click.
    Toggle,
    /// `Shift` + click.
    Range,
}

/// A move through a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Rows or outputs, negative for back.
    By(i32),
    /// Runs, in the viewer.
    RunBy(i32),
    First,
    Last,
}

/// The inspector's pages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum InspectorTab {
    #[default]
    Output,
    Inputs,
    Run,
}

/// One changed setting.
#[derive(Clone, Debug, PartialEq)]
pub enum SettingsChange {
    Theme(Theme),
    /// 0.8 to 2.0.
    TextScale(f32),
    RowHeight(RowHeight),
    ConfirmAbove(Usd),
    /// A history column's width in points.
    ColumnWidth(Column, f32),
    InspectorWidth(f32),
    FormWidth(f32),
    StudioBanner(crate::settings::StudioBanner),
    Window(crate::settings::WindowGeometry),
}

impl SettingsChange {
    /// Writes it into the settings.
    pub fn apply(self, settings: &mut Settings) {
        match self {
            Self::Theme(theme) => settings.theme = theme,
            Self::TextScale(scale) => settings.text_scale = scale.clamp(0.8, 2.0),
            Self::RowHeight(height) => settings.history.row_height = height,
            Self::ConfirmAbove(amount) => settings.confirm_above = amount,
            Self::ColumnWidth(column, width) => settings.history.set_width(column, width),
            Self::InspectorWidth(width) => settings.panels.inspector_width = width,
            Self::FormWidth(width) => settings.panels.form_width = width,
            Self::StudioBanner(banner) => settings.studio_banner = banner,
            Self::Window(geometry) => settings.window = Some(geometry),
        }
    }
}
