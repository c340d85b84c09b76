//! A library whose database is lost while the app is closed, or whose folder is in use: what the window says, and
//! what is there again.

use std::fs;

use florist::library::{DATABASE, Library};
use florist::model::{RunStage, SavedState};

use crate::support::app::{Opening, TestStudio};

#[test]
fn a_damaged_library_is_rebuilt_said_and_merged_with_the_history() {
    let home = tempfile::tempdir().expect("a folder");
    let data = home.path().join("data");
    let studio = TestStudio::start(&home.path().join("studio"));
    let mut window = Opening::with(&data, &studio).open();
    window.launch("Pair", "salt and rust");
    window.launch("Still", "a lemon");
    window.all_done(2);
    let before = window.runs();
    drop(window);
    let database = data.join("library").join(DATABASE);
    let junk = "no database any more ".repeat(3000);
    fs::write(&database, &junk).expect("the database");
    // Known to FLORA alone.
    studio.start_elsewhere(&technique(&before[0]), "from elsewhere");

    let mut window = Opening::with(&data, &studio).open();
    window.wait_for("was built anew: 2 runs are back");
    window.all_done(3);
    for run in &before {
        let runs = window.runs();
        let again = runs.iter().find(|again| again.run_id == run.run_id);
        let again = again.unwrap_or_else(|| panic!("{:?} is lost", run.run_id));
        assert_eq!(again.summary, run.summary);
        assert_eq!(again.launch, run.launch);
        assert_eq!(again.saved(), SavedState::OnDisk);
        let files = |run: &florist::model::Run| {
            let files = run.outputs.iter().map(|output| output.file.clone());
            files.collect::<Vec<_>>()
        };
        assert_eq!(files(again), files(run));
    }
    assert_eq!(studio.runs().len(), 3, "ours, and the one from elsewhere");
    let starts = studio.studio().starts_by_key().expect("the starts");
    assert_eq!(starts.len(), 2, "{starts:?}");
    assert!(starts.values().all(|count| *count == 1), "{starts:?}");
    let kept = fs::read_dir(data.join("library")).expect("the library");
    let kept = kept
        .map(|entry| entry.expect("an entry").path())
        .find(|path| path.to_string_lossy().contains(" damaged "));
    let kept = fs::read_to_string(kept.expect("set aside")).expect("text");
    assert_eq!(kept, junk);
    drop(window);

    let mut window = Opening::with(&data, &studio).open();
    window.all_done(3);
    assert!(
        !window.sees("built anew"),
        "said once\n{}",
        window.outline()
    );
}

fn technique(run: &florist::model::Run) -> String {
    run.technique.to_string()
}

#[test]
fn a_second_florist_says_so_and_offers_another_folder() {
    let home = tempfile::tempdir().expect("a folder");
    let mut first = Opening::alone(home.path()).open();
    let library = home.path().join("library");
    first.until("the library is open", |_| {
        matches!(
            Library::open(&library),
            Err(florist::library::LibraryError::Locked { .. })
        )
    });
    let mut second = Opening::alone(home.path()).open();
    second.wait_for("Another Florist has this library open");
    second.wait_for("Choose another folder…");
    drop(second);
    // Undisturbed.
    first.click(egui::accesskit::Role::ListBoxOption, "Poster");
    first.type_into("Words", "still mine");
    first.click(egui::accesskit::Role::Button, "Run ·");
    first.click(egui::accesskit::Role::Tab, "History");
    first.until("its run is done", |window| {
        window.stages().contains(&RunStage::Done)
    });
}
