//! Saving copies where a person wants them: original bytes, readable names, nothing replaced silently.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use jiff::tz::TimeZone;

use super::error::at;
use super::files::{discard, part_beside, publish, read_chunks, sync_folder};
use super::{Library, LibraryError, Result, names};
use crate::model::{
    Archive, ConflictRule, MediaKind, Output, OutputKey, Run, SaveRequest, SaveWhat, SavedFile,
    TextFormat,
};

/// What to copy where, worked out by the library and carried out by [`copy`] on any thread.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CopyJob {
    pub output: OutputKey,
    pub source: CopySource,
    pub target: CopyTarget,
}

/// Where a copy's bytes come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CopySource {
    File(PathBuf),
    Text(String),
}

/// Where a copy goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CopyTarget {
    /// Exactly here, also in place of a file: the dialog has asked.
    Exactly(PathBuf),
    Named {
        folder: PathBuf,
        name: String,
        conflict: ConflictRule,
    },
}

/// A save request, worked out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CopyPlan {
    pub jobs: Vec<CopyJob>,
    /// Outputs that are not on this computer: fetch them first.
    pub missing: Vec<OutputKey>,
}

impl Library {
    /// Works out what a save request means.
    ///
    /// # Errors
    /// [`LibraryError::NoSuchRow`] when an output is gone, and what the database says.
    pub fn plan_copies(&self, request: &SaveRequest) -> Result<CopyPlan> {
        let mut plan = CopyPlan::default();
        match request {
            SaveRequest::File {
                output,
                path,
                conflict,
            } => {
                let source = self.copy_source(*output)?;
                plan.add(*output, source, target_at(path, *conflict));
            }
            SaveRequest::Folder {
                what,
                folder,
                text,
                conflict,
            } => {
                for output in self.outputs_to_save(what)? {
                    let target = CopyTarget::Named {
                        folder: folder.clone(),
                        name: self.suggested_name(output, *text)?,
                        conflict: *conflict,
                    };
                    plan.add(output, self.copy_source(output)?, target);
                }
            }
        }
        Ok(plan)
    }

    /// A readable file name for a copy of an output: `Duotone poster 2026-11-24 14.32-1.png`. The number is left out
    /// when the run made one thing only.
    ///
    /// # Errors
    /// [`LibraryError::NoSuchRow`] when it is gone.
    pub fn suggested_name(&self, output: OutputKey, text: TextFormat) -> Result<String> {
        let output = self.output(output)?;
        let run = self.run(output.run)?;
        Ok(readable_name(&run, &output, text))
    }

    fn outputs_to_save(&self, what: &SaveWhat) -> Result<Vec<OutputKey>> {
        match what {
            SaveWhat::Outputs(outputs) => Ok(outputs.clone()),
            SaveWhat::Runs(rows) => {
                let runs = self.rows(rows)?;
                let outputs = runs.iter().flat_map(|run| &run.outputs);
                Ok(outputs.map(|output| output.key).collect())
            }
        }
    }

    fn copy_source(&self, output: OutputKey) -> Result<Option<CopySource>> {
        if let Some(text) = self.output_text(output)? {
            return Ok(Some(CopySource::Text(text)));
        }
        let output = self.output(output)?;
        let file = output.file.filter(|_| output.archive == Archive::Stored);
        Ok(file.filter(|file| file.exists()).map(CopySource::File))
    }
}

impl CopyPlan {
    fn add(&mut self, output: OutputKey, source: Option<CopySource>, target: CopyTarget) {
        match source {
            Some(source) => self.jobs.push(CopyJob {
                output,
                source,
                target,
            }),
            None => self.missing.push(output),
        }
    }
}

/// A file at a path of the person's choice.
fn target_at(path: &Path, conflict: ConflictRule) -> CopyTarget {
    match (conflict, path.parent(), path.file_name()) {
        (ConflictRule::Replace, _, _) | (_, None, _) | (_, _, None) => {
            CopyTarget::Exactly(path.to_owned())
        }
        (_, Some(folder), Some(name)) => CopyTarget::Named {
            folder: folder.to_owned(),
            name: name.to_string_lossy().into_owned(),
            conflict,
        },
    }
}

/// Makes one copy. Blocking; needs no open library. `None` when the name was taken and the rule is to skip.
///
/// # Errors
/// What the disk says; then no file has appeared and none has changed.
pub fn copy(job: &CopyJob) -> Result<Option<SavedFile>> {
    let path = match &job.target {
        CopyTarget::Exactly(path) => {
            let part = write_part(&job.source, path)?;
            fs::rename(&part, path).map_err(|error| {
                discard(&part);
                LibraryError::io(path, error)
            })?;
            Some(path.clone())
        }
        CopyTarget::Named {
            folder,
            name,
            conflict,
        } => copy_named(&job.source, folder, name, *conflict)?,
    };
    if let Some(folder) = path.as_deref().and_then(Path::parent) {
        sync_folder(folder);
    }
    Ok(path.map(|path| SavedFile {
        output: job.output,
        path,
    }))
}

fn copy_named(
    source: &CopySource,
    folder: &Path,
    name: &str,
    conflict: ConflictRule,
) -> Result<Option<PathBuf>> {
    let wanted = folder.join(name);
    if conflict == ConflictRule::Skip && wanted.exists() {
        return Ok(None);
    }
    let part = write_part(source, &wanted)?;
    if conflict == ConflictRule::Replace {
        return match fs::rename(&part, &wanted) {
            Ok(()) => Ok(Some(wanted)),
            Err(error) => {
                discard(&part);
                Err(LibraryError::io(wanted, error))
            }
        };
    }
    loop {
        let free = names::unique(name, |name| folder.join(name).exists());
        let path = folder.join(free);
        match publish(&part, &path) {
            Ok(()) => return Ok(Some(path)),
            // Somebody else took the name in this moment: the next number, or none.
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
                if conflict == ConflictRule::Skip {
                    discard(&part);
                    return Ok(None);
                }
            }
            Err(error) => {
                discard(&part);
                return Err(LibraryError::io(path, error));
            }
        }
    }
}

/// Writes a whole copy beside where it goes.
fn write_part(source: &CopySource, path: &Path) -> Result<PathBuf> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(at(folder))?;
    }
    let part = part_beside(path);
    let written = write_to(source, &part);
    if written.is_err() {
        discard(&part);
    }
    written.map(|()| part)
}

fn write_to(source: &CopySource, part: &Path) -> Result<()> {
    let mut copy = File::create_new(part).map_err(at(part))?;
    match source {
        CopySource::Text(text) => copy.write_all(text.as_bytes()).map_err(at(part))?,
        CopySource::File(original) => {
            let mut file = File::open(original).map_err(at(original))?;
            read_chunks(&mut file, |chunk| copy.write_all(chunk)).map_err(at(part))?;
        }
    }
    copy.sync_all().map_err(at(part))
}

fn readable_name(run: &Run, output: &Output, text: TextFormat) -> String {
    let technique = names::component(&run.technique_name, "Output");
    let time = run.created_at.to_zoned_datetime(TimeZone::system());
    let mut stem = format!("{technique} {}", time.strftime("%Y-%m-%d %H.%M"));
    if run.outputs.len() > 1 {
        stem.push_str(&format!("-{}", output.index.saturating_add(1)));
    }
    let stored = output.file.as_ref().and_then(|file| file.extension());
    let extension = match stored {
        _ if output.kind == MediaKind::Text => text.extension().to_owned(),
        Some(extension) => extension.to_string_lossy().into_owned(),
        None => String::new(),
    };
    names::file_name(&stem, &extension)
}
