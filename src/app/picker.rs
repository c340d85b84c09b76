//! File dialogs: the system's, or scripted ones for tests.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::model::MediaKind;
use crate::state::{PickOutcome, PickPurpose, PickRequest, Picked};

/// Shows dialogs and tells what came of them.
pub trait Picker {
    /// Shows a dialog. Never waits; `wake` is called when there is an answer.
    fn ask(&mut self, request: PickRequest, wake: Box<dyn Fn() + Send>);

    /// What has been answered since the last call.
    fn answers(&mut self) -> Vec<Picked>;
}

/// A dialog that nobody could have closed this fast was never shown: "none" means both to the system.
const TOO_FAST: Duration = Duration::from_millis(200);

/// The system's dialogs, through the desktop's portal.
pub struct NativePicker {
    answered: Receiver<Picked>,
    sender: SyncSender<Picked>,
}

impl Default for NativePicker {
    fn default() -> Self {
        let (sender, answered) = sync_channel(16);
        Self { answered, sender }
    }
}

impl Picker for NativePicker {
    fn ask(&mut self, request: PickRequest, wake: Box<dyn Fn() + Send>) {
        let sender = self.sender.clone();
        // A thread of its own: the dialog may stay open for as long as the person likes.
        let shown = std::thread::Builder::new()
            .name("dialog".to_owned())
            .spawn({
                let request = request.clone();
                move || {
                    let begin = Instant::now();
                    let paths = show(&request);
                    let outcome = match paths {
                        Some(paths) if !paths.is_empty() => PickOutcome::Paths(paths),
                        _ if begin.elapsed() < TOO_FAST => PickOutcome::NoDialog,
                        _ => PickOutcome::Cancelled,
                    };
                    sender.send(Picked { request, outcome }).ok();
                    wake();
                }
            });
        if shown.is_err() {
            self.sender
                .try_send(Picked {
                    request,
                    outcome: PickOutcome::NoDialog,
                })
                .ok();
        }
    }

    fn answers(&mut self) -> Vec<Picked> {
        self.answered.try_iter().collect()
    }
}

fn show(request: &PickRequest) -> Option<Vec<PathBuf>> {
    let mut dialog = rfd::FileDialog::new().set_title(&request.title);
    if let Some(folder) = &request.folder {
        dialog = dialog.set_directory(folder);
    }
    match &request.purpose {
        PickPurpose::Input { kind, several, .. } => {
            if let Some((name, extensions)) = accepted(kind) {
                dialog = dialog
                    .add_filter(name, extensions)
                    .add_filter("All files", &["*"]);
            }
            if *several {
                dialog.pick_files()
            } else {
                dialog.pick_file().map(|path| vec![path])
            }
        }
        PickPurpose::SaveOutput { name, .. } => dialog
            .set_file_name(name)
            .save_file()
            .map(|path| vec![path]),
        PickPurpose::SaveFolder { .. } | PickPurpose::LibraryFolder => {
            dialog.pick_folder().map(|path| vec![path])
        }
    }
}

/// What FLORA takes as an asset of this kind.
fn accepted(kind: &MediaKind) -> Option<(&'static str, &'static [&'static str])> {
    match kind {
        MediaKind::Image => Some((
            "Pictures",
            &["jpg", "jpeg", "png", "webp", "gif", "avif", "heic", "heif"],
        )),
        MediaKind::Video => Some(("Videos", &["mp4", "webm", "mov"])),
        MediaKind::Audio => Some(("Sounds", &["mp3", "wav", "ogg"])),
        MediaKind::Document => Some(("Documents", &["pdf"])),
        MediaKind::Text | MediaKind::Other(_) => None,
    }
}

/// Answers dialogs from a script, and keeps what was asked.
#[derive(Clone, Default)]
pub struct ScriptedPicker {
    inner: Arc<Mutex<Script>>,
}

#[derive(Default)]
struct Script {
    outcomes: VecDeque<PickOutcome>,
    asked: Vec<PickRequest>,
    answered: Vec<Picked>,
}

impl ScriptedPicker {
    /// What the next dialog will end with.
    pub fn will(&self, outcome: PickOutcome) {
        self.lock().outcomes.push_back(outcome);
    }

    /// Every dialog that was asked for.
    pub fn asked(&self) -> Vec<PickRequest> {
        self.lock().asked.clone()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Script> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Picker for ScriptedPicker {
    fn ask(&mut self, request: PickRequest, wake: Box<dyn Fn() + Send>) {
        let mut script = self.lock();
        let outcome = script
            .outcomes
            .pop_front()
            .unwrap_or(PickOutcome::Cancelled);
        script.asked.push(request.clone());
        script.answered.push(Picked { request, outcome });
        wake();
    }

    fn answers(&mut self) -> Vec<Picked> {
        std::mem::take(&mut self.lock().answered)
    }
}
