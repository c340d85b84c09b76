//! What is known and how it changes. Pure: no clock but the one handed in, no files, no threads.
//!
//! The window reads [`AppState`] and answers with [`Action`]s. [`AppState::perform`] turns an action into
//! [`Command`]s for the worker; [`AppState::apply`] takes in what happened. One slice a file, each with its own
//! transitions.

mod action;
mod activity;
mod catalog;
mod history;
mod inspector;
mod launch;
mod load;
mod navigation;
mod notices;
mod previews;
mod request;
mod results;
mod rows;
mod saving;
mod session;
mod viewer;

pub use action::{Action, InspectorTab, Place, SelectMode, SettingsChange, Step};
pub use activity::ActivityState;
pub use catalog::CatalogState;
pub use history::{HistoryState, PinnedGroup};
pub use inspector::InspectorState;
pub use launch::{Confirm, FormErrors, LaunchState};
pub use load::Load;
pub use navigation::Navigation;
pub use notices::NoticeState;
pub use previews::{Preview, PreviewState};
pub use request::{PickOutcome, PickPurpose, PickRequest, Picked, Request};
pub use results::ResultsState;
pub use rows::RowStore;
pub use saving::{LastSave, SavingState};
pub use session::{ConnectDialog, SessionState};
pub use viewer::{ViewerState, Viewing};

use std::path::PathBuf;
use std::sync::Arc;

use crate::message::{Command, Event};
use crate::model::Timestamp;
use crate::settings::Settings;

/// Everything the window shows.
pub struct AppState {
    pub settings: Settings,
    pub session: SessionState,
    pub navigation: Navigation,
    pub catalog: CatalogState,
    pub launch: LaunchState,
    pub results: ResultsState,
    pub history: HistoryState,
    pub rows: RowStore,
    pub inspector: InspectorState,
    pub viewer: ViewerState,
    pub previews: PreviewState,
    pub saving: SavingState,
    pub activity: ActivityState,
    pub notices: NoticeState,
    /// Where the library is in this session, once the app has said so. The settings may name another for the next.
    pub library_folder: Option<PathBuf>,
    /// What only the app can do: dialogs and the clipboard.
    requests: Vec<Request>,
}

impl AppState {
    /// The state at the start, as the settings left it.
    pub fn new(settings: Settings) -> Self {
        Self {
            session: SessionState::default(),
            navigation: Navigation::restore(&settings),
            catalog: CatalogState::default(),
            launch: LaunchState::restore(&settings),
            results: ResultsState::default(),
            history: HistoryState::restore(&settings),
            rows: RowStore::default(),
            inspector: InspectorState::default(),
            viewer: ViewerState::default(),
            previews: PreviewState::default(),
            saving: SavingState::default(),
            activity: ActivityState::default(),
            notices: NoticeState::default(),
            library_folder: None,
            requests: Vec::new(),
            settings,
        }
    }

    /// What the app should do for us, once.
    pub fn take_requests(&mut self) -> Vec<Request> {
        std::mem::take(&mut self.requests)
    }

    /// What must be asked of the worker when the window opens.
    pub fn opening_commands(&mut self) -> Vec<Command> {
        vec![self.history.ask()]
    }

    /// Carries out what the person wants; what the worker must do for it is returned.
    pub fn perform(&mut self, action: Action, now: Timestamp) -> Vec<Command> {
        match action {
            Action::Go(place) => self.go(place),
            Action::ToggleSidebar => self.toggle_sidebar(),
            Action::ToggleInspector => self.toggle_inspector(),
            Action::Refresh => vec![Command::RefreshCatalog, Command::PollNow],
            Action::WindowFocused => vec![Command::PollNow],
            Action::ChangeSettings(change) => {
                self.change_settings(|settings| change.apply(settings))
            }

            Action::ConnectStudio => self.connect_studio(),
            Action::OpenConnect => self.session.open_dialog(),
            Action::CloseConnect => self.session.close_dialog(),
            Action::CheckKey { base_url, key } => self.session.check_key(base_url, key),
            Action::UseKey { base_url, key } => self.use_key(base_url, key),
            Action::UseStoredKey => self.use_stored_key(),
            Action::ForgetKey => vec![Command::ForgetKey],
            Action::ForgetKeyCheck => self.session.forget_check(),

            Action::OpenTechnique(id) => self.open_technique(id),
            Action::OpenLastTechnique => self.open_last_technique(),
            Action::TogglePin(id) => self.toggle_pin(id),
            Action::EditText { input, index, text } => {
                self.edit_draft(|draft| draft.edit_text(&input, index, text))
            }
            Action::AddText(input) => self.edit_draft(|draft| draft.add_text(&input)),
            Action::RemoveText { input, index } => {
                self.edit_draft(|draft| draft.remove_text(&input, index))
            }
            Action::SetElement { input, element } => {
                self.edit_draft(|draft| draft.set_element(&input, element))
            }
            Action::SetCount(count) => self.edit_draft(|draft| draft.set_count(count)),
            Action::RemoveFile { input, index } => {
                self.edit_draft(|draft| draft.remove_file(&input, index))
            }
            Action::HandIn { input, source } => self.hand_in(&input, source),
            Action::Browse(input) => self.browse_input(&input),
            Action::FieldLeft(input) => self.field_left(&input),
            Action::ClearDraft => self.clear_draft(),
            Action::FillFrom(row) => self.fill_from(row),
            Action::Launch => self.launch_draft(now),
            Action::ConfirmLaunch => self.confirm_launch(now),
            Action::CancelConfirm => self.cancel_confirm(),

            Action::Discard(rows) => vec![Command::Discard(rows)],
            Action::CheckNow(row) => vec![Command::CheckNow(row)],
            Action::SendAgain(row) => vec![Command::SendAgain(row)],
            Action::Repeat(row) => self.repeat(row),
            Action::Fetch(outputs) => vec![Command::Fetch(outputs)],

            Action::ShowRows(keys) => self.rows.want(&keys),
            Action::SetQuery(query) => self.set_query(query),
            Action::AskHistoryAgain => self.ask_again(),
            Action::ClickHeader { column, second } => self.click_header(column, second),
            Action::Select { row, mode } => self.select(row, mode),
            Action::SelectAll => self.select_all(),
            Action::ClearSelection => self.clear_selection(),
            Action::MoveSelection { step, extend } => self.move_selection(step, extend),
            Action::ToggleInProgress => self.history.toggle_pinned(),
            Action::SelectOutput(output) => self.select_output(output),
            Action::ShowTab(tab) => self.inspector.show_tab(tab),

            Action::OpenViewer(output) => self.open_viewer(output),
            Action::CloseViewer => self.viewer.close(),
            Action::StepViewer(step) => self.step_viewer(step),
            Action::ShowPreviews(keys) => self.previews.want(keys),
            Action::PreviewUploaded(key) => self.previews.uploaded(&key),
            Action::PreviewsEvicted(keys) => self.previews.evicted(&keys),

            Action::SaveOutputs(outputs) => self.save_outputs(outputs),
            Action::SaveRuns(rows) => self.save_runs(&rows),
            Action::Picked(picked) => self.picked(picked),
            Action::ChooseLibraryFolder => self.choose_library_folder(),
            Action::Reveal(path) => vec![Command::Reveal(path)],
            Action::OpenOutput(output) => vec![Command::OpenOutput(output)],
            Action::OpenUrl(url) => vec![Command::OpenUrl(url)],
            Action::CopyText(text) => self.request(Request::CopyText(text)),
            Action::CopyRuns { rows, what } => vec![Command::ReadRuns { rows, what }],
            Action::CopyOutputText(output) => self.copy_output_text(output),
            Action::CopyPicture(output) => vec![Command::ReadPicture(output)],
            Action::DismissNotice(index) => self.notices.dismiss(index),
            Action::PauseImport => vec![Command::PauseImport],
            Action::ResumeImport => vec![Command::ResumeImport],
        }
    }

    /// Takes in what happened. Late answers are dropped; what they cause is asked for at once.
    pub fn apply(&mut self, event: Event, now: Timestamp) -> Vec<Command> {
        match event {
            Event::ProfileChanged(profile) => self.profile_changed(profile),
            Event::ConnectionChanged(connection) => self.session.connection_changed(connection),
            Event::KeyChecked(result) => self.session.key_checked(result),
            Event::CatalogLoaded(techniques) => self.catalog_loaded(techniques),
            Event::CatalogFailed(problem) => self.catalog.failed(problem),
            Event::UsesChanged(uses) => self.catalog.uses_changed(uses),
            Event::DraftsLoaded(drafts) => self.launch.drafts_loaded(drafts),
            Event::FileChecked { id, check } => self.file_checked(id, check),
            Event::LaunchRefused {
                launch,
                technique,
                problem,
            } => self.launch_refused(launch, technique, problem),
            Event::HistoryAnswered { generation, answer } => {
                self.history.answered(generation, answer)
            }
            Event::HistoryFailed {
                generation,
                problem,
            } => self.history.failed(generation, problem),
            Event::ResultsAnswered { technique, keys } => self.results.answered(&technique, keys),
            Event::RowsLoaded(runs) => self.rows_loaded(runs),
            Event::RowsGone(keys) => self.rows_gone(&keys),
            Event::DetailLoaded { row, detail } => self.detail_loaded(row, detail),
            Event::RecentTexts { technique, texts } => self.launch.recent_texts(technique, texts),
            Event::PreviewMade { key, preview } => self.previews.made(key, preview),
            Event::TextLoaded { output, text } => self.text_loaded(output, text),
            Event::PictureRead { output, picture } => self.picture_read(output, picture),
            Event::RunsRead { runs, what } => self.runs_read(runs, what),
            Event::Saved { files, problem } => self.saved(files, problem, now),
            Event::ActivityChanged(activity) => self.activity.changed(activity),
            Event::CountsChanged(counts) => self.activity.counts_changed(counts),
            Event::Noticed(notice) => self.notices.add(notice, now),
        }
    }

    fn request(&mut self, request: Request) -> Vec<Command> {
        self.requests.push(request);
        Vec::new()
    }

    fn save_settings(&self) -> Vec<Command> {
        vec![Command::SaveSettings(Arc::new(self.settings.clone()))]
    }

    fn change_settings(&mut self, change: impl FnOnce(&mut Settings)) -> Vec<Command> {
        let before = self.settings.clone();
        change(&mut self.settings);
        if before == self.settings {
            Vec::new()
        } else {
            self.save_settings()
        }
    }
}

/// Nothing for the worker to do.
fn nothing() -> Vec<Command> {
    Vec::new()
}
