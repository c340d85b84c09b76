//! The first minute: no key, a technique, words, Run, a result, and it is still there the next time.

use egui::accesskit::Role;
use florist::model::RunStage;

use crate::support::app::Opening;

#[test]
fn words_become_pictures_and_are_found_again_after_a_restart() {
    let data = tempfile::tempdir().expect("a folder");
    let mut window = Opening::alone(data.path()).open();
    window.click(Role::ListBoxOption, "Poster");
    window.type_into("Words", "Regatta at the old pier");
    window.click(Role::Button, "Run ·");
    window.all_done(1);
    assert!(window.sees("Regatta at the old pier"));
    drop(window);

    let mut again = Opening::alone(data.path()).open();
    again.until("the history is there", |window| {
        window.stages() == [RunStage::Done]
    });
}
