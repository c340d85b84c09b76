//! A service that goes away in the middle and comes back: everything ends, and nothing was started twice.

use egui::accesskit::Role;
use florist::model::{Connection, RunStage};
use florist::studio::{Fault, Hold, Rule};

use crate::support::app::{Opening, TestStudio};

#[test]
fn runs_under_way_and_runs_that_wait_survive_an_outage() {
    let home = tempfile::tempdir().expect("a folder");
    let mut studio = TestStudio::start(&home.path().join("studio"));
    let mut window = Opening::with(&home.path().join("data"), &studio).open();
    studio.studio().faults().hold(Hold::Ending);
    window.launch("Note", "before the outage");
    window.until("the run is under way", |_| studio.runs().len() == 1);

    studio.kill();
    window.until("it is offline", |window| {
        window.state().session.connection == Connection::Offline
    });
    window.launch("Note", "during the outage");
    window.click(Role::Tab, "History");
    window.until("the second run waits", |window| {
        window.stages().first() == Some(&RunStage::Waiting)
    });

    studio.come_back();
    window.all_done(2);
    studio.assert_started_once(2);
}

#[test]
fn a_start_whose_answer_is_lost_is_not_paid_twice() {
    let home = tempfile::tempdir().expect("a folder");
    let studio = TestStudio::start(&home.path().join("studio"));
    let mut window = Opening::with(&home.path().join("data"), &studio).open();
    window.wait_for("Note");
    let lost = Rule::on("POST /techniques/*/runs", Fault::LostAfter);
    studio.studio().faults().add(lost);
    window.launch("Note", "answered into the void");
    window.all_done(1);
    assert_eq!(studio.runs().len(), 1);
    assert_eq!(studio.studio().overlapping_starts(), 0);
}
