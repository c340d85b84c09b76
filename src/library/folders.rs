//! Where a run's files go: `<library>/<workspace>/<yyyy>/<mm>/<run-id>/`.

use std::fs;
use std::path::{Path, PathBuf};

use jiff::tz::TimeZone;

use super::error::at;
use super::sidecar::{SIDECAR, run_id_in};
use super::sql::time;
use super::{DATABASE, Library, Result, names};
use crate::model::{OutputKey, RowKey, Timestamp};

/// Where an output's file goes: what [`super::PartFile`] needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutputPlace {
    pub folder: PathBuf,
    /// The name without its extension, which the content decides.
    pub stem: String,
}

impl Library {
    /// The folder of a run, made when there is none yet. Once given it stays, whatever is renamed at FLORA.
    ///
    /// # Errors
    /// What the disk and the database say.
    pub fn run_folder(&self, run: RowKey) -> Result<PathBuf> {
        let place = self.place(run)?;
        let relative = match place.folder.clone() {
            Some(folder) => folder,
            None => self.choose_folder(run, &place)?,
        };
        let folder = self.absolute(&relative);
        fs::create_dir_all(&folder).map_err(at(&folder))?;
        Ok(folder)
    }

    /// Where to put an output.
    ///
    /// # Errors
    /// What the disk and the database say.
    pub fn output_place(&self, output: OutputKey) -> Result<OutputPlace> {
        let sql = "SELECT o.run, o.idx, r.technique_name FROM outputs o JOIN runs r ON r.key = o.run WHERE o.key = ?1";
        let mut statement = self.connection().prepare_cached(sql)?;
        let (run, index, technique): (i64, u32, String) = statement
            .query_row([output.get()], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?))
            })?;
        let technique = names::component(&technique, "Output");
        Ok(OutputPlace {
            folder: self.run_folder(RowKey::new(run))?,
            stem: format!("{technique} {}", index.saturating_add(1)),
        })
    }

    fn place(&self, run: RowKey) -> Result<Place> {
        let sql = "SELECT r.folder, r.created_ms, COALESCE(r.run_id, r.launch_id, r.key), \
                   CASE WHEN r.workspace_id IS NULL OR r.workspace_id = p.workspace_id THEN p.workspace_name END, \
                   COALESCE(r.workspace_id, p.id) FROM runs r JOIN profiles p ON p.key = r.profile WHERE r.key = ?1";
        let mut statement = self.connection().prepare_cached(sql)?;
        Ok(statement.query_row([run.get()], |row| {
            let name: Option<String> = row.get(3)?;
            let id: String = row.get(4)?;
            Ok(Place {
                folder: row.get(0)?,
                created_at: time(row.get(1)?),
                run_id: row.get(2)?,
                workspace: name.filter(|name| !name.trim().is_empty()).unwrap_or(id),
            })
        })?)
    }

    fn choose_folder(&self, run: RowKey, place: &Place) -> Result<String> {
        let month = place.created_at.to_zoned_datetime(TimeZone::system());
        let parent = format!(
            "{}/{}",
            workspace_name(&place.workspace),
            month.strftime("%Y/%m")
        );
        let wanted = names::component(&place.run_id, "run");
        let name = names::unique(&wanted, |name| {
            !is_free(&self.absolute(&parent).join(name), &place.run_id)
        });
        let relative = format!("{parent}/{name}");
        let sql = "UPDATE runs SET folder = ?2 WHERE key = ?1";
        self.connection()
            .prepare_cached(sql)?
            .execute((run.get(), &relative))?;
        Ok(relative)
    }
}

struct Place {
    folder: Option<String>,
    created_at: Timestamp,
    run_id: String,
    workspace: String,
}

/// A workspace's folder must not be taken for one of the library's own files.
fn workspace_name(workspace: &str) -> String {
    let name = names::component(workspace, "Workspace");
    let folded = names::fold(&name);
    let program = DATABASE.split('.').next().unwrap_or(DATABASE);
    if folded == "inputs" || folded.split('.').next() == Some(program) {
        format!("{name}_")
    } else {
        name
    }
}

/// Whether a folder is this run's to use: not there, or its own from an earlier library. On a disk that ignores case,
/// another run's folder may answer to this name.
fn is_free(folder: &Path, run_id: &str) -> bool {
    !folder.exists() || run_id_in(&folder.join(SIDECAR)).as_deref() == Some(run_id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::library::testing::{self, update};
    use crate::model::RunStatus;

    #[test]
    fn a_run_keeps_its_folder_and_two_runs_never_share_one() {
        let (dir, library) = testing::library();
        let profile = testing::profile();
        let completed = |id| update(id, RunStatus::Completed);
        let first = library.save_run(&profile, &completed("run_a")).unwrap().key;
        let second = library.save_run(&profile, &completed("run:a")).unwrap().key;
        let third = library.save_run(&profile, &completed("run/a")).unwrap().key;
        let folders: Vec<PathBuf> = [first, second, third, first]
            .map(|run| library.run_folder(run).unwrap())
            .into();
        assert!(folders[0].starts_with(dir.path()));
        assert!(folders[0].ends_with("run_a"));
        assert_ne!(
            names::fold(&folders[1].to_string_lossy()),
            names::fold(&folders[0].to_string_lossy())
        );
        assert_ne!(folders[1], folders[2]);
        assert_eq!(folders[0], folders[3]);
    }

    #[test]
    fn a_workspace_cannot_be_named_like_the_database() {
        assert_eq!(workspace_name("florist.db"), "florist.db_");
        assert_eq!(workspace_name("Inputs"), "Inputs_");
        assert_eq!(workspace_name("North Studio"), "North Studio");
        assert_eq!(workspace_name("Florists"), "Florists");
    }
}
