//! Finding runs again: sorted, filtered, searched; and those that were started elsewhere.

use egui::accesskit::Role;
use florist::model::{RunStage, Source};
use florist::state::Action;

use crate::support::app::{Opening, TestStudio, Window};
use crate::support::kit;

fn summaries(window: &Window) -> Vec<String> {
    let runs = window.runs();
    runs.iter().map(|run| run.summary.to_string()).collect()
}

fn shows(window: &mut Window, expected: &[&str]) {
    window.until(&format!("the history shows {expected:?}"), |window| {
        summaries(window) == expected
    });
}

#[test]
fn runs_are_sorted_filtered_and_searched() {
    let home = tempfile::tempdir().expect("a folder");
    let studio = TestStudio::start(&home.path().join("studio"));
    let mut window = Opening::with(&home.path().join("data"), &studio).open();
    window.launch("Note", "moss on slate");
    window.launch("Still", "amber light");
    window.launch("Note", kit::REFUSED_WORDS);
    window.click(Role::Tab, "History");
    window.until("all three are over", |window| {
        window.runs().len() == 3 && window.stages().iter().all(|stage| !stage.is_live())
    });
    shows(
        &mut window,
        &[kit::REFUSED_WORDS, "amber light", "moss on slate"],
    );

    window.click(Role::ColumnHeader, "Summary");
    window.click(Role::ColumnHeader, "Summary");
    shows(
        &mut window,
        &["amber light", "moss on slate", kit::REFUSED_WORDS],
    );
    window.click(Role::ColumnHeader, "Summary");

    window.click(Role::Button, "Status");
    window.click(Role::MenuItemRadio, "Failed");
    shows(&mut window, &[kit::REFUSED_WORDS]);
    window.click(Role::Button, "Remove Status is Failed");
    window.click(Role::Button, "Technique");
    window.click(Role::MenuItemRadio, "Still");
    shows(&mut window, &["amber light"]);
    window.click(Role::Link, "Reset");

    window.type_into("Search runs", "slate");
    shows(&mut window, &["moss on slate"]);
}

#[test]
fn a_run_started_elsewhere_with_the_same_key_appears() {
    let home = tempfile::tempdir().expect("a folder");
    let studio = TestStudio::start(&home.path().join("studio"));
    let mut window = Opening::with(&home.path().join("data"), &studio).open();
    window.launch("Note", "from here");
    window.all_done(1);

    let id = studio.start_elsewhere("note", "from a script");
    window.perform(Action::WindowFocused);
    window.until("the other run is in the history", |window| {
        let runs = window.runs();
        let found = runs.iter().find(|run| {
            run.run_id
                .as_ref()
                .is_some_and(|known| known.as_str() == id)
        });
        found.is_some_and(|run| run.source == Source::Elsewhere && run.stage == RunStage::Done)
    });
    assert_eq!(window.runs().len(), 2, "{}", window.outline());
}
