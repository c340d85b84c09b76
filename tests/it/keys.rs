//! Keys: none, a bad one, and one that is withdrawn in the middle.

use egui::accesskit::Role;
use florist::model::{Connection, RunStage};
use florist::state::Action;
use florist::studio::Hold;
use secrecy::SecretString;

use crate::support::app::{Opening, TestStudio, Window};

/// Gives the dialog another key, as a person would.
fn enter_key(window: &mut Window, key: &str) {
    window.click(Role::Link, "Update key…");
    window.type_into("API key", key);
    window.wait_for("Workspace ");
    window.until("the key was tried", |window| {
        window.state().session.key_check.value().is_some()
    });
    window.click(Role::Button, "Connect");
    window.until("it is connected", |window| {
        window.state().session.connection == Connection::Connected
    });
}

fn refuses_the_key(window: &Window) -> bool {
    matches!(window.state().session.connection, Connection::KeyRefused(_))
}

#[test]
fn without_a_key_one_works_in_the_local_studio() {
    let data = tempfile::tempdir().expect("a folder");
    let mut window = Opening::alone(data.path()).open();
    window.wait_for("You are in the local studio");
    window.wait_for("Pattern Maker");
    assert!(window.state().session.is_studio());
}

#[test]
fn a_bad_key_is_said_to_be_one_and_another_is_asked_for() {
    let home = tempfile::tempdir().expect("a folder");
    let studio = TestStudio::start(&home.path().join("studio"));
    let mut opening = Opening::with(&home.path().join("data"), &studio);
    opening.environment.key = Some(SecretString::from("sk_test_nobody_has_this"));
    let mut window = opening.open();
    window.until("the key is refused", refuses_the_key);
    window.wait_for("Everything is kept; it goes on with another key");
    enter_key(&mut window, "sk_test_window");
    window.launch("Note", "with the right key");
    window.all_done(1);
}

#[test]
fn a_key_withdrawn_in_the_middle_pauses_and_another_goes_on() {
    let home = tempfile::tempdir().expect("a folder");
    let mut studio = TestStudio::start(&home.path().join("studio"));
    let mut window = Opening::with(&home.path().join("data"), &studio).open();
    studio.studio().faults().hold(Hold::Ending);
    window.launch("Note", "under way");
    window.until("the run is under way", |_| studio.runs().len() == 1);

    studio.change_key("sk_test_another");
    window.perform(Action::Refresh);
    window.until("the key is refused", refuses_the_key);
    window.launch("Note", "ordered without a key");
    window.click(Role::Tab, "History");
    window.until("the second run waits", |window| {
        window.stages().first() == Some(&RunStage::Waiting)
    });
    assert_eq!(window.runs().len(), 2);
    assert_eq!(studio.runs().len(), 1, "started with a refused key");

    enter_key(&mut window, "sk_test_another");
    window.all_done(2);
    studio.assert_started_once(2);
}
