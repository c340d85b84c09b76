//! Forms: every kind of input in every way there is, several values, refusals at their field, drafts.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use egui::accesskit::Role;
use egui::{Color32, ColorImage, Event};
use florist::model::InputId;
use florist::state::PickOutcome;

use crate::support::app::{Opening, TestStudio, Window};
use crate::support::kit;

/// A file as the window's system hands it over.
#[derive(Debug)]
struct Dropped(PathBuf);

impl egui::DroppedFile for Dropped {
    fn path(&self) -> &Path {
        &self.0
    }

    fn bytes(&self) -> Result<Vec<u8>, String> {
        std::fs::read(&self.0).map_err(|error| error.to_string())
    }
}

/// Tall enough for every field of a form.
fn tall(home: &Path, studio: &TestStudio) -> Window {
    let mut opening = Opening::with(&home.join("data"), studio);
    opening.size = [1440.0, 1300.0];
    opening.open()
}

/// Opens the technique that takes everything, with its optional fields in view.
fn open_everything(window: &mut Window) {
    window.open_technique("Everything");
    window.click(Role::DisclosureTriangle, "5 fields optional");
}

fn drop_file(window: &mut Window, path: PathBuf) {
    let files = &mut window.harness.input_mut().dropped_files;
    files.push(Arc::new(Dropped(path)));
    window.settle();
}

fn file(home: &Path, name: &str, bytes: &[u8]) -> PathBuf {
    let path = home.join(name);
    std::fs::write(&path, bytes).expect("a file");
    path
}

#[test]
fn a_form_with_every_kind_of_input_is_filled_and_run() {
    let home = tempfile::tempdir().expect("a folder");
    let studio = TestStudio::start(&home.path().join("studio"));
    let mut window = tall(home.path(), &studio);
    open_everything(&mut window);
    window.type_into("Words", "quiet harbour");

    for (name, bytes) in [
        ("tide.mp4", kit::mp4()),
        ("gull.wav", kit::wav()),
        ("chart.pdf", kit::pdf()),
    ] {
        let path = file(home.path(), name, &bytes);
        drop_file(&mut window, path);
        window.wait_for(&format!(": {name}, "));
    }
    let pasted = Arc::new(ColorImage::filled([32, 32], Color32::BLUE));
    window.harness.event(Event::PasteImage(pasted));
    window.wait_for("Picture: ");
    let browsed = kit::png(40, 30);
    let path = file(home.path(), "quay.png", &browsed);
    window.picker.will(PickOutcome::Paths(vec![path]));
    window.click(Role::Link, "Browse for Reference");
    window.wait_for("Reference: quay.png, ");
    window.click(Role::Button, "Run ·");
    window.all_done(1);

    let runs = studio.runs();
    let given: Vec<&str> = runs[0].inputs.keys().map(String::as_str).collect();
    let all = ["document", "film", "picture", "reference", "sound", "words"];
    assert_eq!(given, all);
    let said = runs[0].outputs[0].text.as_deref().expect("a text");
    for line in [
        "words: quiet harbour".to_owned(),
        format!("film: video/mp4, {} bytes", kit::mp4().len()),
        format!("sound: audio/wav, {} bytes", kit::wav().len()),
        format!("document: application/pdf, {} bytes", kit::pdf().len()),
        format!("reference: image/png, {} bytes", browsed.len()),
        "picture: image/png, ".to_owned(),
    ] {
        assert!(said.contains(&line), "{line} is not in:\n{said}");
    }
}

#[test]
fn an_element_goes_by_its_id() {
    let home = tempfile::tempdir().expect("a folder");
    let studio = TestStudio::start(&home.path().join("studio"));
    let mut window = tall(home.path(), &studio);
    open_everything(&mut window);
    window.type_into("Words", "in her colours");
    window.click(Role::RadioButton, "FLORA element");
    window.type_into("Reference", "elem_harbour");
    window.click(Role::Button, "Run ·");
    window.until("the studio has the run", |_| studio.runs().len() == 1);
    assert_eq!(studio.runs()[0].inputs["reference"], "elem_harbour");
}

#[test]
fn several_values_become_one_run_each() {
    let home = tempfile::tempdir().expect("a folder");
    let studio = TestStudio::start(&home.path().join("studio"));
    let mut window = tall(home.path(), &studio);
    window.open_technique("Several");
    let words = ["dawn", "noon", "dusk"];
    for (index, word) in words.iter().enumerate() {
        if index > 0 {
            window.click(Role::Link, "Add another value");
        }
        window.type_into(&format!("Words {}", index + 1), word);
    }
    window.click(Role::Button, "Run 3 ·");
    window.all_done(3);
    let started: BTreeSet<String> = studio
        .runs()
        .iter()
        .map(|run| run.inputs["words"].clone())
        .collect();
    assert_eq!(started, words.map(str::to_owned).into());
    studio.assert_started_once(3);
}

#[test]
fn what_the_service_refuses_is_said_at_its_field_and_nothing_typed_is_lost() {
    let home = tempfile::tempdir().expect("a folder");
    let studio = TestStudio::start(&home.path().join("studio"));
    let mut window = tall(home.path(), &studio);
    open_everything(&mut window);
    window.type_into("Words", "kept as typed");
    // Nothing is wrong with it until the service looks: it takes ids and its own files' addresses only.
    window.click(Role::RadioButton, "FLORA element");
    window.type_into("Reference", "https://example.com/elsewhere.png");
    window.click(Role::Button, "Run ·");
    window.wait_for("must be the URL of an asset");
    let wrong = |window: &Window, id: &str| {
        let launch = &window.state().launch;
        launch.field_error(&InputId::new(id)).is_some()
    };
    assert!(wrong(&window, "reference") && !wrong(&window, "words"));
    assert_eq!(window.text_in("Words").as_deref(), Some("kept as typed"));
    assert_eq!(studio.runs(), [], "nothing was started");

    window.type_into("Reference", "elem_harbour");
    window.click(Role::Button, "Run ·");
    window.until("the studio has the run", |_| studio.runs().len() == 1);
    let runs = studio.runs();
    assert_eq!(runs[0].inputs["words"], "kept as typed");
    assert_eq!(runs[0].inputs["reference"], "elem_harbour");
}

#[test]
fn a_draft_survives_another_technique_and_a_restart() {
    let home = tempfile::tempdir().expect("a folder");
    let studio = TestStudio::start(&home.path().join("studio"));
    let mut window = tall(home.path(), &studio);
    window.open_technique("Note");
    window.type_into("Words", "half a thought");
    window.open_technique("Several");
    window.type_into("Words 1", "something else");
    window.open_technique("Note");
    assert_eq!(window.text_in("Words").as_deref(), Some("half a thought"));
    drop(window);

    let mut again = tall(home.path(), &studio);
    again.open_technique("Several");
    again.until("the other draft is there", |window| {
        window.text_in("Words 1").as_deref() == Some("something else")
    });
    again.open_technique("Note");
    assert_eq!(again.text_in("Words").as_deref(), Some("half a thought"));
    assert_eq!(studio.runs(), [], "nobody pressed Run");
}
