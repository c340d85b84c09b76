//! Copies to places of the person's choice: the bytes as they are, and nothing replaced behind anyone's back.

use std::path::{Path, PathBuf};

use egui::accesskit::Role;
use florist::state::{PickOutcome, PickPurpose};

use crate::support::app::{Opening, TestStudio, Window};

/// A finished run of two outputs, selected in the history.
fn with_a_run(home: &Path, studio: &TestStudio) -> Window {
    let mut window = Opening::with(&home.join("data"), studio).open();
    window.launch("Pair", "salt and rust");
    window.all_done(1);
    window.click(Role::Row, "Pair, done");
    window.wait_for("Save as…");
    window
}

fn archived(window: &Window, index: usize) -> PathBuf {
    let runs = window.runs();
    runs[0].outputs[index]
        .file
        .clone()
        .expect("an archived file")
}

fn read(path: &Path) -> Vec<u8> {
    std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn one_output_is_saved_as_it_is_and_shown() {
    let home = tempfile::tempdir().expect("a folder");
    let studio = TestStudio::start(&home.path().join("studio"));
    let mut window = with_a_run(home.path(), &studio);
    let target = home.path().join("chosen.png");
    window.picker.will(PickOutcome::Paths(vec![target.clone()]));
    window.click(Role::Button, "Save as…");
    window.wait_for("Saved to ");
    assert_eq!(read(&target), read(&archived(&window, 0)));
    let asked = window.picker.asked();
    let PickPurpose::SaveOutput { name, .. } = &asked[0].purpose else {
        panic!("asked for something else: {asked:?}");
    };
    assert!(
        name.starts_with("Pair salt and rust") && name.ends_with(".png"),
        "{name}"
    );

    window.click(Role::Link, "Reveal");
    let expected = format!("reveal {}", target.display());
    window.until("the copy is revealed", |window| {
        window.desktop.shown().contains(&expected)
    });
}

#[test]
fn a_typed_path_never_replaces_a_file() {
    let home = tempfile::tempdir().expect("a folder");
    let studio = TestStudio::start(&home.path().join("studio"));
    let mut window = with_a_run(home.path(), &studio);
    let taken = home.path().join("mine.png");
    std::fs::write(&taken, "irreplaceable").expect("a file");
    window.picker.will(PickOutcome::Typed(taken.clone()));
    window.click(Role::Button, "Save as…");
    window.wait_for("Saved to ");
    assert_eq!(read(&taken), b"irreplaceable");
    let beside = home.path().join("mine (2).png");
    assert_eq!(read(&beside), read(&archived(&window, 0)));
}

#[test]
fn a_whole_run_is_saved_into_a_folder() {
    let home = tempfile::tempdir().expect("a folder");
    let studio = TestStudio::start(&home.path().join("studio"));
    let mut window = with_a_run(home.path(), &studio);
    let folder = home.path().join("copies");
    std::fs::create_dir(&folder).expect("a folder");
    window.picker.will(PickOutcome::Paths(vec![folder.clone()]));
    window.click(Role::Button, "Save all 2…");
    window.wait_for("Saved 2 files to ");
    let entries = std::fs::read_dir(&folder).expect("the folder");
    let mut copies: Vec<Vec<u8>> = entries
        .map(|entry| read(&entry.expect("an entry").path()))
        .collect();
    let mut originals = vec![read(&archived(&window, 0)), read(&archived(&window, 1))];
    copies.sort();
    originals.sort();
    assert_eq!(copies, originals);
}

#[test]
fn an_archived_file_is_revealed_where_it_is() {
    let home = tempfile::tempdir().expect("a folder");
    let studio = TestStudio::start(&home.path().join("studio"));
    let mut window = with_a_run(home.path(), &studio);
    let expected = format!("reveal {}", archived(&window, 0).display());
    window.click(Role::Button, "Reveal in folder");
    window.until("the file is revealed", |window| {
        window.desktop.shown() == [expected.clone()]
    });
}
