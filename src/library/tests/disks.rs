//! Disks that are full, read-only, or gone: a clear problem with something to do, and nothing lost.
//!
//! Where the test may mount, a real small disk; in any case the same through a seam, so that no machine tests nothing.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::library::testing::{self, image, order, update};
use crate::library::{InputContent, Library, LibraryError, PartFile, store_input, store_text};
use crate::model::{MediaKind, Problem, ProblemAction, RunStatus, RunUpdate};

/// A disk of its own for a test; unmounted when it is dropped.
struct Disk {
    _home: tempfile::TempDir,
    at: PathBuf,
}

impl Disk {
    /// `None`, said aloud, where this machine does not let the test mount.
    fn of(bytes: usize) -> Option<Self> {
        let home = tempfile::tempdir().unwrap();
        let at = home.path().join("disk");
        fs::create_dir(&at).unwrap();
        let size = format!("size={bytes}");
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &size, "florist-test"])
            .arg(&at)
            .output();
        match mounted {
            Ok(done) if done.status.success() => Some(Self { _home: home, at }),
            other => {
                eprintln!("no disk of its own for this test, only the seam is tested: {other:?}");
                None
            }
        }
    }

    fn remount(&self, option: &str) {
        let done = Command::new("mount")
            .args(["-o", &format!("remount,{option}")])
            .arg(&self.at)
            .status();
        assert!(done.unwrap().success());
    }

    /// Takes up all room but a little.
    fn fill(&self) -> PathBuf {
        let path = self.at.join("ballast");
        let mut file = fs::File::create(&path).unwrap();
        while std::io::Write::write_all(&mut file, &[7; 4096]).is_ok() {}
        path
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let done = Command::new("umount").arg("-l").arg(&self.at).status();
        if !done.is_ok_and(|status| status.success()) {
            eprintln!("{} stays mounted", self.at.display());
        }
    }
}

fn assert_leads_to_a_folder(error: &LibraryError) {
    let problem = Problem::from(error);
    assert_eq!(problem.action, ProblemAction::ChooseFolder, "{problem:?}");
    assert!(!problem.summary.is_empty() && !problem.hint.is_empty());
}

/// No half file under a final name.
fn assert_no_file(folder: &Path) {
    let left: Vec<_> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .map(|entry| entry.unwrap().file_name())
        .filter(|name| !name.to_string_lossy().ends_with(".part"))
        .collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn a_full_disk_is_said_loses_nothing_and_goes_on_when_there_is_room() {
    let Some(disk) = Disk::of(3 << 20) else {
        return;
    };
    let root = disk.at.join("library");
    let library = Library::open(&root).unwrap().library;
    let profile = testing::profile();
    let first = order("before it was full");
    library.record_launch(&profile, None, &first).unwrap();
    let ballast = disk.fill();

    let mut refused = None;
    for number in 0..2000 {
        let order = order(&format!("{number} {}", "words ".repeat(500)));
        if let Err(error) = library.record_launch(&profile, None, &order) {
            refused = Some((order, error));
            break;
        }
    }
    let (order, error) = refused.expect("the disk is full");
    assert!(matches!(error, LibraryError::DiskFull { .. }), "{error:?}");
    assert_leads_to_a_folder(&error);
    assert!(
        matches!(library.launch_row(order.id), Err(LibraryError::NoSuchRow)),
        "a launch that is not on disk must not be known"
    );

    let folder = root.join("files");
    let error = fs::create_dir_all(&folder)
        .map_err(|error| LibraryError::io(&folder, error))
        .and_then(|()| store_text(&folder, "one", &"long ".repeat(200_000)).map(|_| ()))
        .unwrap_err();
    assert!(matches!(error, LibraryError::DiskFull { .. }), "{error:?}");
    assert_no_file(&folder);
    let error = store_input(&root, InputContent::Bytes(&[1; 500_000])).unwrap_err();
    assert!(matches!(error, LibraryError::DiskFull { .. }), "{error:?}");

    fs::remove_file(ballast).unwrap();
    library.record_launch(&profile, None, &order).unwrap();
    store_text(&folder, "one", "short").unwrap();
    let open = library.open_launches(&profile).unwrap();
    assert!(open.iter().any(|launch| launch.order == first));
    assert!(open.iter().any(|launch| launch.order == order));
    drop(library);
    let again = Library::open(&root).unwrap();
    assert!(again.notes.is_empty(), "{:?}", again.notes);
}

#[test]
fn a_full_database_refuses_a_launch_whole() {
    let (_dir, library) = testing::library();
    let pages: i64 = library
        .connection()
        .pragma_query_value(None, "page_count", |row| row.get(0))
        .unwrap();
    library
        .connection()
        .pragma_update(None, "max_page_count", pages + 1)
        .unwrap();
    let profile = testing::profile();
    let order = order(&"words ".repeat(20_000));
    let error = library.record_launch(&profile, None, &order).unwrap_err();
    assert!(matches!(error, LibraryError::DiskFull { .. }), "{error:?}");
    assert_leads_to_a_folder(&error);
    assert!(matches!(
        library.launch_row(order.id),
        Err(LibraryError::NoSuchRow)
    ));
    library
        .connection()
        .pragma_update(None, "max_page_count", 1_000_000)
        .unwrap();
    library.record_launch(&profile, None, &order).unwrap();
}

#[test]
fn a_disk_that_became_read_only_is_said_and_everything_can_still_be_read() {
    let Some(disk) = Disk::of(8 << 20) else {
        return;
    };
    let root = disk.at.join("library");
    let library = Library::open(&root).unwrap().library;
    let profile = testing::profile();
    let mut done = update("run_1", RunStatus::Completed);
    done.outputs = vec![image("o_1")];
    let row = library.save_run(&profile, &done).unwrap().key;
    library.close().unwrap();
    disk.remount("ro");
    let error = Library::open(&root).err().expect("nothing can be written");
    assert!(matches!(error, LibraryError::ReadOnly { .. }), "{error:?}");
    assert_leads_to_a_folder(&error);
    for error in [
        PartFile::begin(&root.join("files"), "one").err(),
        store_input(&root, InputContent::Bytes(b"GIF89a")).err(),
    ] {
        let error = error.expect("nothing can be written");
        assert!(matches!(error, LibraryError::ReadOnly { .. }), "{error:?}");
    }
    disk.remount("rw");
    let library = Library::open(&root).unwrap().library;
    assert_eq!(library.run(row).unwrap().outputs.len(), 1);
}

#[test]
fn a_folder_that_cannot_be_made_is_said() {
    let dir = tempfile::tempdir().unwrap();
    // A file in the way: no right of the system's administrator helps against that.
    let blocked = dir.path().join("file");
    fs::write(&blocked, "in the way").unwrap();
    let error = Library::open(&blocked.join("library")).err().unwrap();
    assert_leads_to_a_folder(&error);
    let part = PartFile::begin(&blocked.join("run"), "one").err().unwrap();
    assert_leads_to_a_folder(&part);
    assert_eq!(fs::read_to_string(&blocked).unwrap(), "in the way");
}

#[test]
fn a_drive_that_is_gone_is_said_and_its_files_are_known_to_be_missing() {
    let (dir, library) = testing::library();
    let profile = testing::profile();
    let done = RunUpdate {
        outputs: vec![image("o_1")],
        ..update("run_1", RunStatus::Completed)
    };
    let row = library.save_run(&profile, &done).unwrap().key;
    library.want_outputs(row).unwrap();
    let output = library.wanted_of(row).unwrap()[0];
    let place = library.output_place(output).unwrap();
    let mut part = PartFile::begin(&place.folder, &place.stem).unwrap();
    part.write(b"GIF89a and so on").unwrap();
    let file = part.finish(None, &MediaKind::Image).unwrap();
    library.output_stored(output, &file).unwrap();

    let elsewhere = dir.path().with_extension("unplugged");
    fs::rename(dir.path(), &elsewhere).unwrap();
    assert_eq!(library.verify_outputs(&[row]).unwrap_or_default().len(), 1);
    assert!(library.write_sidecar(row).unwrap().is_none());
    fs::rename(&elsewhere, dir.path()).unwrap();
    assert_eq!(
        library.verify_outputs(&[row]).unwrap().len(),
        1,
        "and it is back"
    );
    assert!(library.run(row).unwrap().outputs[0].file.is_some());
}

#[test]
fn a_library_on_a_drive_that_is_not_connected_is_not_begun_anew() {
    let dir = tempfile::tempdir().unwrap();
    let library = dir.path().join("drive").join("Florist");
    let error = Library::open(&library)
        .err()
        .expect("the drive is not there");
    assert!(matches!(error, LibraryError::Gone { .. }), "{error:?}");
    assert_leads_to_a_folder(&error);
    assert!(!dir.path().join("drive").exists());
}

#[test]
fn a_second_florist_is_told_what_to_do() {
    let (dir, library) = testing::library();
    let error = Library::open(dir.path()).err().expect("it is in use");
    assert!(matches!(error, LibraryError::Locked { .. }));
    assert_leads_to_a_folder(&error);
    library
        .record_launch(&testing::profile(), None, &order("undisturbed"))
        .unwrap();
}
