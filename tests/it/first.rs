//! The first minute: no key, a technique, words, Run, a result, and it is still there the next time.

use egui::accesskit::Role;
use florist::model::RunStage;

use crate::support::app::{Opening, Window};

fn stages(window: &Window) -> Vec<RunStage> {
    let keys = window.state().history.keys();
    let runs = keys.iter().filter_map(|key| window.state().rows.get(*key));
    runs.map(|run| run.stage).collect()
}

#[test]
fn words_become_pictures_and_are_found_again_after_a_restart() {
    let data = tempfile::tempdir().expect("a folder");
    let mut window = Opening::alone(data.path()).open();
    window.click(Role::ListBoxOption, "Poster");
    window.type_into("Words", "Regatta at the old pier");
    window.click(Role::Button, "Run ·");
    window.click(Role::Tab, "History");
    window.until("the run is done", |window| {
        stages(window) == [RunStage::Done]
    });
    assert!(window.sees("Regatta at the old pier"));
    drop(window);

    let mut again = Opening::alone(data.path()).open();
    again.until("the history is there", |window| {
        stages(window) == [RunStage::Done]
    });
}
