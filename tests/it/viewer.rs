//! The large view, by keys and by accessible name.

use egui::accesskit::Role;
use egui::{Key, Modifiers};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use florist::message::Command;
use florist::model::{Archive, OutputKey, RowKey};
use florist::settings::{InspectorPanel, Settings, Theme};
use florist::state::{Action, PickPurpose, Place, Request};

use crate::support::stage::{Window, settings, stage, state};
use crate::support::world::{NOTES, World, runs};

/// The history with every row read, and this output open.
fn viewing(output: i64) -> Window {
    viewing_in(World::new(without_inspector(), runs()), output)
}

/// The inspector has the same buttons: alone, the viewer's are found by name.
fn without_inspector() -> Settings {
    let mut settings = settings(Theme::Dark);
    settings.panels.inspector = InspectorPanel::Hidden;
    settings
}

fn viewing_in(mut world: World, output: i64) -> Window {
    world.act(Action::Go(Place::History));
    world.act(Action::ShowRows((1..15).map(RowKey::new).collect()));
    world.act(Action::OpenViewer(OutputKey::new(output)));
    let window = stage(world, [1200.0, 800.0]);
    assert_eq!(shown(&window), Some(output), "the output is open");
    window
}

fn shown(window: &Window) -> Option<i64> {
    let open = state(window).viewer.open.as_ref();
    open.map(|viewing| viewing.output.get())
}

fn press(window: &mut Window, key: Key) {
    window.key_press(key);
    window.run_steps(2);
}

fn press_with(window: &mut Window, modifiers: Modifiers, key: Key) {
    window.key_press_modifiers(modifiers, key);
    window.run_steps(2);
}

fn requests(window: &mut Window) -> Vec<Request> {
    window.state_mut().world.state.take_requests()
}

fn zoom(window: &Window) -> String {
    let buttons: Vec<_> = window.get_all_by_role(Role::Button).collect();
    let names = buttons
        .iter()
        .filter_map(|node| node.accesskit_node().label());
    let mut zooms = names.filter(|name| name.starts_with("Zoom") || name.starts_with("Fitted"));
    zooms.next().expect("a zoom button")
}

#[test]
fn a_picture_says_what_it_is_and_where_it_stands() {
    let window = viewing(402);
    window.get_by_role_and_label(Role::Image, "Picture 3 of 4, Pattern Maker, done");
    window.get_by_label("Pattern Maker, 3 of 4 · quiet harbour at dawn, teal and rust");
}

#[test]
fn arrows_step_through_outputs_and_runs() {
    let mut window = viewing(400);
    press(&mut window, Key::ArrowRight);
    assert_eq!(shown(&window), Some(401));
    press(&mut window, Key::ArrowDown);
    assert_eq!(shown(&window), Some(500), "the next run");
    press(&mut window, Key::ArrowLeft);
    assert_eq!(
        shown(&window),
        Some(403),
        "back over a run's edge to its last output"
    );
    press(&mut window, Key::End);
    assert_eq!(shown(&window), Some(1400));
    // On a button, arrows still step.
    window
        .get_by_role_and_label(Role::Button, "Save as…")
        .focus();
    window.run_steps(2);
    press(&mut window, Key::ArrowUp);
    assert_eq!(shown(&window), Some(1300));
}

#[test]
fn escape_and_space_close_it_and_the_keyboard_goes_back() {
    let mut world = World::new(settings(Theme::Dark), runs());
    world.act(Action::Go(Place::Settings));
    world.act(Action::ShowRows((1..15).map(RowKey::new).collect()));
    let mut window = stage(world, [1200.0, 800.0]);
    window
        .get_by_role_and_label(Role::Button, "Choose folder…")
        .focus();
    window.run_steps(2);
    for key in [Key::Escape, Key::Space] {
        let world = &mut window.state_mut().world;
        world.act(Action::OpenViewer(OutputKey::new(401)));
        window.run_steps(3);
        assert_eq!(shown(&window), Some(401));
        press(&mut window, key);
        window.run_steps(2);
        assert_eq!(shown(&window), None, "{key:?}");
        let button = window.get_by_role_and_label(Role::Button, "Choose folder…");
        assert!(button.is_focused(), "after {key:?}");
    }
}

#[test]
fn zoom_is_toggled_stepped_and_kept_within_a_run() {
    let mut window = viewing(400);
    assert!(zoom(&window).starts_with("Fitted"), "{}", zoom(&window));
    press(&mut window, Key::Z);
    assert_eq!(zoom(&window), "Zoom 100 %, fit the picture");
    press(&mut window, Key::Plus);
    assert_eq!(zoom(&window), "Zoom 150 %, fit the picture");
    press(&mut window, Key::ArrowRight);
    assert_eq!(
        zoom(&window),
        "Zoom 150 %, fit the picture",
        "kept within the run"
    );
    press(&mut window, Key::Minus);
    assert_eq!(zoom(&window), "Zoom 100 %, fit the picture");
    press(&mut window, Key::Num0);
    assert!(zoom(&window).starts_with("Fitted"));
    window.get_by_label(&zoom(&window)).click();
    window.run_steps(3);
    assert_eq!(zoom(&window), "Zoom 100 %, fit the picture");
}

#[test]
fn the_wheel_zooms_and_does_not_step() {
    let mut window = viewing(400);
    let middle = window
        .get_by_role_and_label(Role::Image, "Picture 1 of 4, Pattern Maker, done")
        .rect()
        .center();
    window.hover_at(middle);
    window.run_steps(1);
    for _ in 0..4 {
        window.event(egui::Event::MouseWheel {
            unit: egui::MouseWheelUnit::Line,
            delta: egui::vec2(0.0, 4.0),
            phase: egui::TouchPhase::Move,
            modifiers: Modifiers::NONE,
            source: egui::MouseWheelSource::Unknown,
        });
        window.run_steps(3);
    }
    let zoomed = zoom(&window);
    assert!(zoomed.starts_with("Zoom"), "{zoomed}");
    assert_eq!(shown(&window), Some(400), "a wheel does not step");
}

#[test]
fn the_strip_shows_neighbours_and_leads_to_them() {
    let mut window = viewing(401);
    window
        .get_by_role_and_label(
            Role::Tab,
            "picture 4 of 4, Pattern Maker, quiet harbour at dawn, teal and rust",
        )
        .click();
    window.run_steps(3);
    assert_eq!(shown(&window), Some(403));
    window
        .get_by_role_and_label(Role::Tab, "sound 1 of 1, Picture to Sound, dunes.jpg")
        .click();
    window.run_steps(3);
    assert_eq!(shown(&window), Some(900));
}

#[test]
fn a_text_is_read_copied_and_turned_plain() {
    let mut window = viewing(500);
    window.get_by_label("66 words · 11 lines");
    window.get_by_label("Dominant hue: violet, 41 % of the picture");
    window
        .get_by_role_and_label(Role::RadioButton, "Plain")
        .click();
    window.run_steps(3);
    window.get_by_label("- Dominant hue: violet, 41 % of the picture");
    press_with(&mut window, Modifiers::COMMAND | Modifiers::SHIFT, Key::C);
    assert_eq!(requests(&mut window), [Request::CopyText(NOTES.to_owned())]);
}

#[test]
fn copying_gives_the_path_and_with_shift_the_pixels() {
    let mut window = viewing(401);
    window.event(egui::Event::Copy);
    window.run_steps(2);
    let path = "/home/ada/Florist/ws_studio/2026/11/run_4/2.png";
    assert_eq!(requests(&mut window), [Request::CopyText(path.to_owned())]);
    press_with(&mut window, Modifiers::COMMAND | Modifiers::SHIFT, Key::C);
    let sent = &window.state().world.sent;
    let reads =
        |command: &Command| matches!(command, Command::ReadPicture(output) if output.get() == 401);
    assert!(sent.iter().any(reads), "{sent:?}");
}

#[test]
fn saving_asks_for_a_place_once() {
    let mut window = viewing(401);
    for modifiers in [Modifiers::COMMAND, Modifiers::COMMAND | Modifiers::SHIFT] {
        press_with(&mut window, modifiers, Key::S);
        let requests = requests(&mut window);
        let [Request::Pick(request)] = requests.as_slice() else {
            panic!("{requests:?}");
        };
        let of_it = matches!(&request.purpose,
            PickPurpose::SaveOutput { output, .. } if output.get() == 401);
        assert!(of_it, "{request:?}");
    }
}

#[test]
fn a_file_that_is_not_here_says_why_and_is_fetched_for_free() {
    let states = [
        (
            Archive::Failed("The connection was cut".to_owned()),
            "Finished, file not fetched yet",
            Some("Fetch again (free)"),
        ),
        (
            Archive::Missing,
            "The file is gone from the library folder",
            Some("Fetch again (free)"),
        ),
        (
            Archive::Remote,
            "Only at FLORA so far",
            Some("Fetch (free)"),
        ),
        (Archive::LinkDead, "FLORA no longer serves this file", None),
    ];
    for (archive, title, button) in states {
        let mut all = runs();
        all[3].outputs[1].archive = archive;
        let mut world = World::new(without_inspector(), all);
        world.without_previews();
        let mut window = viewing_in(world, 401);
        window.get_by_label(title);
        let Some(button) = button else {
            assert!(window.query_by_label_contains("Fetch").is_none());
            continue;
        };
        window.get_by_role_and_label(Role::Button, button).click();
        window.run_steps(3);
        let sent = &window.state().world.sent;
        let fetched = Command::Fetch(vec![OutputKey::new(401)]);
        let asked = sent
            .iter()
            .any(|c| format!("{c:?}") == format!("{fetched:?}"));
        assert!(asked, "{title}: {sent:?}");
    }
}

#[test]
fn other_kinds_lead_to_their_own_app() {
    for output in [900, 1000, 1300] {
        let mut window = viewing(output);
        window
            .get_by_role_and_label(Role::Button, "Open in default app")
            .click();
        window.run_steps(3);
        let sent = &window.state().world.sent;
        let opens = |c: &Command| matches!(c, Command::OpenOutput(key) if key.get() == output);
        assert!(sent.iter().any(opens), "{output}: {sent:?}");
    }
}

#[test]
fn f_hides_everything_else_and_escape_leaves_at_once() {
    let mut window = viewing(401);
    press(&mut window, Key::F);
    assert!(window.query_by_label("Save as…").is_none());
    assert!(window.query_by_label("Connected").is_none());
    press(&mut window, Key::Escape);
    window.run_steps(2);
    assert_eq!(shown(&window), None);
    window.get_by_label("Connected");
}

#[test]
fn running_again_opens_the_form_with_these_inputs() {
    let mut window = viewing(401);
    press(&mut window, Key::E);
    window.run_steps(2);
    let state = state(&window);
    assert_eq!(state.navigation.place, Place::Launch);
    assert!(state.viewer.open.is_none());
    let open = state.launch.open.as_ref().map(ToString::to_string);
    assert_eq!(open.as_deref(), Some("tech_pattern_maker"));
}

#[test]
fn going_to_a_place_closes_it() {
    let mut window = viewing(401);
    press_with(&mut window, Modifiers::COMMAND, Key::Num2);
    assert_eq!(shown(&window), None);
}

#[test]
fn the_inspector_comes_and_goes_beside_the_stage() {
    let mut window = viewing(401);
    let name = "Picture 2 of 4, Pattern Maker, done";
    let wide = window.get_by_role_and_label(Role::Image, name).rect();
    press(&mut window, Key::I);
    let narrow = window.get_by_role_and_label(Role::Image, name).rect();
    assert!(narrow.width() <= wide.width() - 260.0, "{narrow} {wide}");
    window.get_by_role_and_label(Role::Tab, "Inputs");
}

#[test]
fn v_goes_round_the_grounds() {
    let mut window = viewing(401);
    let grounds = ["black", "18 % grey", "white", "as the window"];
    for ground in grounds {
        press(&mut window, Key::V);
        let name = format!("Ground: {ground} (V)");
        window.get_by_role_and_label(Role::Button, &name);
    }
}
