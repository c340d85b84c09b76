//! Copies to places of the person's choice, and the clipboard.

use std::path::PathBuf;

use super::{AppState, PickOutcome, PickPurpose, PickRequest, Picked, Request, nothing};
use crate::message::Command;
use crate::model::{
    ConflictRule, MediaKind, MediaSource, Notice, NoticeLevel, OutputKey, Pixels, Problem, RowKey,
    Run, RunText, SaveRequest, SaveWhat, SavedFile, TextFormat, Timestamp,
};

/// Where copies go.
#[derive(Debug, Default)]
pub struct SavingState {
    pub last: Option<LastSave>,
    /// No dialog of the system could be shown: a path is typed for this.
    pub typing: Option<PickRequest>,
}

/// What was saved last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastSave {
    pub files: Vec<SavedFile>,
    /// The file, or the folder of several.
    pub path: PathBuf,
}

impl AppState {
    pub(super) fn save_runs(&mut self, rows: &[RowKey]) -> Vec<Command> {
        let known: Option<Vec<_>> = rows.iter().map(|row| self.rows.get(*row)).collect();
        match known {
            Some(runs) => {
                let outputs = runs.into_iter().flat_map(|run| &run.outputs);
                self.save_outputs(outputs.map(|output| output.key).collect())
            }
            // Selected without having been in view, as by Ctrl+A: the library knows what they made.
            None => {
                let title = format!("Choose a folder for {} runs", rows.len());
                self.ask_for_folder(SaveWhat::Runs(rows.to_vec()), title)
            }
        }
    }

    fn ask_for_folder(&mut self, what: SaveWhat, title: String) -> Vec<Command> {
        let folder = self.settings.last_save_folder.clone();
        let purpose = PickPurpose::SaveFolder { what };
        self.request(Request::Pick(PickRequest {
            purpose,
            title,
            folder,
        }))
    }

    pub(super) fn save_outputs(&mut self, outputs: Vec<OutputKey>) -> Vec<Command> {
        let folder = self.settings.last_save_folder.clone();
        let request = match outputs.as_slice() {
            [] => return nothing(),
            [output] => PickRequest {
                purpose: PickPurpose::SaveOutput {
                    output: *output,
                    name: self.suggested_name(*output),
                },
                title: "Save as".to_owned(),
                folder,
            },
            several => {
                let title = format!("Choose a folder for {} files", several.len());
                return self.ask_for_folder(SaveWhat::Outputs(outputs), title);
            }
        };
        self.request(Request::Pick(request))
    }

    /// A readable name: technique, summary's first words, number; the extension is that of the archived file.
    fn suggested_name(&self, output: OutputKey) -> String {
        let Some((run, output)) = self.rows.find_output(output) else {
            return "output".to_owned();
        };
        let extension = match (&output.file, &output.kind) {
            (_, MediaKind::Text) => "txt".to_owned(),
            (Some(file), _) => file
                .extension()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned(),
            (None, _) => String::new(),
        };
        let number = if run.outputs.len() > 1 {
            format!(" {}", output.index + 1)
        } else {
            String::new()
        };
        let words: Vec<&str> = run.summary.split_whitespace().take(5).collect();
        let stem: String = format!("{} {}{number}", run.technique_name, words.join(" "))
            .chars()
            .map(|c| {
                if c.is_control() || r#"/\:*?"<>|"#.contains(c) {
                    '-'
                } else {
                    c
                }
            })
            .collect();
        let stem = stem.split_whitespace().collect::<Vec<_>>().join(" ");
        if extension.is_empty() {
            stem
        } else {
            format!("{stem}.{extension}")
        }
    }

    pub(super) fn picked(&mut self, picked: Picked) -> Vec<Command> {
        let Picked { request, outcome } = picked;
        self.saving.typing = None;
        match outcome {
            PickOutcome::Paths(paths) => {
                self.use_paths(request.purpose, paths, ConflictRule::Replace)
            }
            PickOutcome::Typed(path) => {
                self.use_paths(request.purpose, vec![path], ConflictRule::AddNumber)
            }
            PickOutcome::Cancelled => nothing(),
            PickOutcome::NoDialog => {
                self.saving.typing = Some(request);
                nothing()
            }
        }
    }

    fn use_paths(
        &mut self,
        purpose: PickPurpose,
        mut paths: Vec<PathBuf>,
        conflict: ConflictRule,
    ) -> Vec<Command> {
        if paths.is_empty() {
            return nothing();
        }
        match purpose {
            PickPurpose::Input {
                technique,
                input,
                several,
                ..
            } => {
                if !several {
                    paths.truncate(1);
                }
                let sources = paths.into_iter().map(MediaSource::Path);
                self.hand_in_to(&technique, &input, sources.collect())
            }
            PickPurpose::SaveOutput { output, .. } => {
                let path = paths.swap_remove(0);
                let mut commands = self.remember_folder(path.parent().map(PathBuf::from));
                commands.push(Command::Save(SaveRequest::File {
                    output,
                    path,
                    conflict,
                }));
                commands
            }
            PickPurpose::SaveFolder { what } => {
                let folder = paths.swap_remove(0);
                let mut commands = self.remember_folder(Some(folder.clone()));
                commands.push(Command::Save(SaveRequest::Folder {
                    what,
                    folder,
                    text: TextFormat::default(),
                    conflict: ConflictRule::AddNumber,
                }));
                commands
            }
            PickPurpose::LibraryFolder => {
                let folder = paths.swap_remove(0);
                self.change_settings(|settings| settings.library_folder = Some(folder))
            }
        }
    }

    fn remember_folder(&mut self, folder: Option<PathBuf>) -> Vec<Command> {
        self.change_settings(|settings| settings.last_save_folder = folder)
    }

    pub(super) fn choose_library_folder(&mut self) -> Vec<Command> {
        let request = PickRequest {
            purpose: PickPurpose::LibraryFolder,
            title: "Choose a folder for the library".to_owned(),
            folder: self.settings.library_folder.clone(),
        };
        self.request(Request::Pick(request))
    }

    pub(super) fn saved(
        &mut self,
        files: Vec<SavedFile>,
        problem: Option<Problem>,
        now: Timestamp,
    ) -> Vec<Command> {
        if let Some(problem) = problem {
            self.notices.add_problem(problem, now);
        }
        let path = match files.as_slice() {
            [] => return nothing(),
            [file] => file.path.clone(),
            [file, ..] => file
                .path
                .parent()
                .map_or_else(|| file.path.clone(), PathBuf::from),
        };
        self.saving.last = Some(LastSave { files, path });
        nothing()
    }

    pub(super) fn picture_read(
        &mut self,
        _output: OutputKey,
        picture: Result<Pixels, Problem>,
    ) -> Vec<Command> {
        match picture {
            Ok(pixels) => self.request(Request::CopyPicture(pixels)),
            Err(problem) => self.not_copied(problem),
        }
    }

    pub(super) fn runs_read(
        &mut self,
        runs: Result<Vec<Run>, Problem>,
        what: RunText,
    ) -> Vec<Command> {
        match runs {
            Ok(runs) => self.request(Request::CopyRuns { runs, what }),
            Err(problem) => self.not_copied(problem),
        }
    }

    fn not_copied(&mut self, problem: Problem) -> Vec<Command> {
        let notice = Notice {
            level: NoticeLevel::Error,
            text: problem.summary,
            details: problem.details,
            actions: Vec::new(),
        };
        self.notices.add(notice, crate::model::now())
    }
}
