//! A database that is lost is built anew: from the folders, which tell their own story, and from what can still be
//! read of the damaged one. What FLORA's history knows besides comes in by the import, as for a new library.

use std::fs;
use std::path::{Path, PathBuf};

use super::files::INPUTS;
use super::open::beside;
use super::sidecar::{self, OutputLine, SIDECAR, Sidecar};
use super::{
    DATABASE, LaunchState, Library, LibraryError, Result, StoredFile, StoredInput, salvage,
};
use crate::model::{
    InputFile, KeyStore, MediaKind, OrderValue, OutputId, OutputUpdate, Profile, ProfileId,
    ProfileKind, ProjectId, RowKey, RunId, RunStatus, RunUpdate, TechniqueId, Usd, WorkspaceId,
};

/// What a rebuilding brought back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Rebuilt {
    /// Runs told by their folders.
    pub runs: usize,
    /// Launches and runs that only the damaged database knew.
    pub salvaged: usize,
    /// Folders whose story cannot be read.
    pub unread: usize,
}

/// Ends the name of a damaged database that was read already.
const SALVAGED: &str = " salvaged";

/// Whether there are runs in this folder that a new database would not know.
pub(super) fn has_stories(root: &Path) -> bool {
    stories(root).next().is_some()
}

/// The database damaged last that was set aside here and not read since.
pub(super) fn last_set_aside(root: &Path) -> Option<PathBuf> {
    let prefix = format!("{DATABASE} damaged ");
    let is_one = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let is_own = ["-wal", "-shm", SALVAGED]
            .iter()
            .any(|end| name.ends_with(end));
        name.starts_with(&prefix) && !is_own
    };
    let entries = fs::read_dir(root).ok()?.flatten();
    entries.map(|entry| entry.path()).filter(is_one).max()
}

/// Marks a damaged database as one that has given what it had. Where it is now.
pub(super) fn note_salvaged(damaged: &Path) -> PathBuf {
    let kept = beside(damaged, SALVAGED);
    for suffix in ["-wal", "-shm"] {
        fs::rename(beside(damaged, suffix), beside(&kept, suffix)).ok();
    }
    match fs::rename(damaged, &kept) {
        Ok(()) => kept,
        Err(error) => {
            tracing::warn!(%error, "the damaged database keeps its name");
            damaged.to_owned()
        }
    }
}

impl Library {
    /// Fills a new database.
    ///
    /// # Errors
    /// What the new database says. What is odd in a folder or in the damaged one is left out.
    pub(super) fn rebuild(&self, damaged: Option<&Path>) -> Result<Rebuilt> {
        let mut rebuilt = Rebuilt::default();
        for path in stories(self.root()) {
            match self.put_back(&path) {
                Ok(()) => rebuilt.runs += 1,
                Err(error @ (LibraryError::DiskFull { .. } | LibraryError::ReadOnly { .. })) => {
                    return Err(error);
                }
                Err(error) => {
                    rebuilt.unread += 1;
                    tracing::warn!(%error, path = %path.display(), "a run cannot be put back");
                }
            }
        }
        if let Some(damaged) = damaged {
            rebuilt.salvaged = salvage::salvage(self, damaged);
        }
        Ok(rebuilt)
    }

    fn put_back(&self, path: &Path) -> Result<()> {
        let Some((story, folder)) = sidecar::read(path).zip(path.parent()) else {
            return Err(LibraryError::NotFound {
                path: path.to_owned(),
            });
        };
        let run_id = story.run_id.clone().ok_or(LibraryError::NoSuchRow)?;
        let profile = self.profile_told(&story)?;
        let update = update(&story, &run_id, folder);
        let row = self.put_back_run(&profile, &story, &update)?;
        let folder_name = self.relative(folder)?;
        let sql = "UPDATE runs SET folder = ?2 WHERE key = ?1";
        self.connection().execute(sql, (row.get(), &folder_name))?;
        self.put_back_files(row, &story, folder)?;
        let written = "DELETE FROM sidecars_due WHERE run = ?1";
        self.connection().execute(written, [row.get()])?;
        Ok(())
    }

    fn put_back_run(
        &self,
        profile: &ProfileId,
        story: &Sidecar,
        update: &RunUpdate,
    ) -> Result<RowKey> {
        let Some(order) = &story.order else {
            return Ok(self.save_run(profile, update)?.key);
        };
        let workspace = story.workspace_id.clone().map(WorkspaceId::new);
        self.record_launch(profile, workspace.as_ref(), order)?;
        let claimed = self.claim_run(order.id, update, story.request_id.as_deref())?;
        self.set_launch_state(order.id, LaunchState::Settled, None)?;
        for input in &order.inputs {
            if let OrderValue::File(file) = &input.value {
                self.put_back_input(file)?;
            }
        }
        Ok(claimed.saved.key)
    }

    /// A handed-in file whose bytes are still under their hash.
    fn put_back_input(&self, file: &InputFile) -> Result<()> {
        let Some(folder) = file.hash.get(..2) else {
            return Ok(());
        };
        let entries = fs::read_dir(self.root().join(INPUTS).join(folder));
        let mut paths = entries
            .into_iter()
            .flatten()
            .flatten()
            .map(|entry| entry.path());
        let Some(path) =
            paths.find(|path| path.file_stem().is_some_and(|stem| *stem == *file.hash))
        else {
            return Ok(());
        };
        let stored = StoredInput {
            path,
            hash: file.hash.to_string(),
            bytes: file.bytes,
        };
        self.save_input_file(file, &stored)
    }

    fn put_back_files(&self, row: RowKey, story: &Sidecar, folder: &Path) -> Result<()> {
        let outputs = self.run(row)?.outputs;
        for line in &story.outputs {
            let output = outputs.iter().find(|output| output.index == line.index);
            if let Some((output, file)) = output.zip(stored(line, folder)) {
                self.output_stored(output.key, &file)?;
            }
        }
        Ok(())
    }

    /// The profile of a run; the first format did not say.
    fn profile_told(&self, story: &Sidecar) -> Result<ProfileId> {
        let Some(whose) = &story.profile else {
            return Ok(ProfileId::studio());
        };
        let id = ProfileId::parse(&whose.id);
        if let (Some(base_url), None) = (&whose.base_url, self.profile(&id)?) {
            let is_studio = whose.kind.as_deref() == Some("studio");
            self.save_profile(&Profile {
                id: id.clone(),
                kind: if is_studio {
                    ProfileKind::Studio
                } else {
                    ProfileKind::Flora
                },
                base_url: base_url.clone(),
                workspace: whose.workspace_id.clone().map(WorkspaceId::new),
                workspace_name: whose.workspace_name.clone().unwrap_or_default(),
                role: None,
                key: if is_studio {
                    KeyStore::NotNeeded
                } else {
                    KeyStore::Keychain
                },
            })?;
        }
        Ok(id)
    }
}

/// Every `run.json` of `<workspace>/<yyyy>/<mm>/<run-id>/`.
fn stories(root: &Path) -> impl Iterator<Item = PathBuf> + use<> {
    let below = |folder: PathBuf| {
        let entries = fs::read_dir(folder).into_iter().flatten().flatten();
        let folders = entries.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()));
        folders.map(|entry| entry.path())
    };
    below(root.to_owned())
        .flat_map(below)
        .flat_map(below)
        .flat_map(below)
        .map(|folder| folder.join(SIDECAR))
        .filter(|path| path.is_file())
}

/// The run as FLORA would tell it.
fn update(story: &Sidecar, run_id: &str, folder: &Path) -> RunUpdate {
    let failure = story.failure.as_ref();
    let is_failed = story.status == "failed";
    RunUpdate {
        run_id: RunId::new(run_id),
        technique: TechniqueId::new(story.technique.id.as_str()),
        technique_name: Some(story.technique.name.clone()),
        workspace: story.workspace_id.clone().map(WorkspaceId::new),
        project: story.project_id.clone().map(ProjectId::new),
        status: if is_failed {
            RunStatus::Failed
        } else {
            RunStatus::Completed
        },
        progress: 100.0,
        created_at: story.created_at,
        started_at: story.started_at,
        completed_at: story.completed_at,
        charged_cost: story.cost.charged_usd.and_then(Usd::from_dollars),
        error_code: failure.map(|failure| failure.code.clone()),
        error_message: failure.map(|failure| failure.message.clone()),
        outputs: story
            .outputs
            .iter()
            .map(|line| output(line, folder))
            .collect(),
        poll_url: None,
    }
}

fn output(line: &OutputLine, folder: &Path) -> OutputUpdate {
    let kind = MediaKind::parse(&line.kind);
    let text = || {
        let path = path_of(line, folder)?;
        fs::read_to_string(path).ok()
    };
    OutputUpdate {
        output_id: OutputId::new(line.output_id.as_str()),
        url_or_text: match kind {
            MediaKind::Text => text().unwrap_or_default(),
            _ => line.url.clone().unwrap_or_default(),
        },
        kind,
    }
}

/// The file of an output, when it is there and as long as it was. Its content is not read here: a rebuilding must not
/// take as long as hashing the archive.
fn stored(line: &OutputLine, folder: &Path) -> Option<StoredFile> {
    let (path, sha256) = path_of(line, folder).zip(line.sha256.clone())?;
    let bytes = fs::metadata(&path).ok()?.len();
    (line.bytes == Some(bytes)).then_some(StoredFile {
        path,
        sha256,
        bytes,
    })
}

/// Within the folder: a name from a file is no path.
fn path_of(line: &OutputLine, folder: &Path) -> Option<PathBuf> {
    let name = Path::new(line.file.as_deref()?);
    let is_name = name.file_name() == Some(name.as_os_str());
    is_name.then(|| folder.join(name))
}
