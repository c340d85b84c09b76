//! The settings, and the keys that mean the same everywhere.

use egui::accesskit::Role;
use egui::{Event as Input, Key, Modifiers};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use florist::message::{Command, Event};
use florist::model::{KeyStore, Usd};
use florist::settings::{InspectorPanel, RowHeight, SidebarWidth, Theme};
use florist::state::{Action, ConnectDialog, PickPurpose, Place, Request};

use crate::support::flora::north_studio;
use crate::support::stage::{Window, settings, stage, state};
use crate::support::world::{World, runs};

fn open() -> Window {
    let mut world = World::new(settings(Theme::Dark), runs());
    world.act(Action::Go(Place::History));
    world.act(Action::Go(Place::Settings));
    stage(world, [1200.0, 1200.0])
}

fn click(window: &mut Window, role: Role, name: &str) {
    window.get_by_role_and_label(role, name).click();
    window.run_steps(3);
}

#[test]
fn theme_and_row_height_change_at_once() {
    let mut window = open();
    click(&mut window, Role::RadioButton, "Light");
    assert_eq!(state(&window).settings.theme, Theme::Light);
    assert_eq!(window.ctx.theme(), egui::Theme::Light);
    click(&mut window, Role::RadioButton, "Large");
    assert_eq!(state(&window).settings.history.row_height, RowHeight::Large);
}

#[test]
fn the_text_grows_and_shrinks_within_its_limits() {
    let mut window = open();
    click(&mut window, Role::Button, "Larger text");
    window.get_by_label("Text size 110 %");
    assert!((window.ctx.zoom_factor() - 1.1).abs() < 1e-4);
    for _ in 0..5 {
        window.key_press_modifiers(Modifiers::COMMAND, Key::Minus);
        window.run_steps(3);
    }
    window.get_by_label("Text size 80 %");
    let smaller = window.get_by_role_and_label(Role::Button, "Smaller text");
    assert!(smaller.accesskit_node().is_disabled());
    window.key_press_modifiers(Modifiers::COMMAND, Key::Num0);
    window.run_steps(3);
    assert!((state(&window).settings.text_scale - 1.0).abs() < 1e-6);
    assert!(
        (window.ctx.zoom_factor() - 1.0).abs() < 1e-4,
        "egui's own zoom keys are off"
    );
}

#[test]
fn the_limit_for_asking_is_checked() {
    let mut window = open();
    window.get_by_label("Ask above, in dollars").focus();
    window.run_steps(1);
    window.key_press_modifiers(Modifiers::COMMAND, Key::A);
    window.event(Input::Text("much".to_owned()));
    window.run_steps(2);
    window.get_by_label("Type an amount such as 0.50");
    window.key_press(Key::Enter);
    window.run_steps(2);
    let half = Usd::from_micros(500_000);
    assert_eq!(state(&window).settings.confirm_above, half);
    window.get_by_label("Ask above, in dollars").focus();
    window.run_steps(1);
    window.key_press_modifiers(Modifiers::COMMAND, Key::A);
    window.event(Input::Text("2,5".to_owned()));
    window.run_steps(2);
    window.key_press(Key::Enter);
    window.run_steps(2);
    assert_eq!(
        state(&window).settings.confirm_above,
        Usd::from_micros(2_500_000)
    );
}

#[test]
fn escape_goes_back_to_where_one_was() {
    let mut window = open();
    window.key_press(Key::Escape);
    window.run_steps(2);
    assert_eq!(state(&window).navigation.place, Place::History);
}

#[test]
fn the_account_is_switched_and_its_key_forgotten() {
    let mut window = open();
    window.get_by_label("Key: The local studio needs none");
    click(&mut window, Role::Button, "Connect FLORA…");
    assert_eq!(state(&window).session.dialog, ConnectDialog::Open);
    window.key_press(Key::Escape);
    window.run_steps(2);
    let world = &mut window.state_mut().world;
    world.act(Action::CloseConnect);
    world.tell(Event::ProfileChanged(north_studio(KeyStore::Session)));
    window.run_steps(2);
    window.get_by_label("Key: Kept for this session only, then forgotten");
    click(&mut window, Role::Button, "Forget key");
    let sent = &window.state().world.sent;
    assert!(
        sent.iter().any(|c| matches!(c, Command::ForgetKey)),
        "{sent:?}"
    );
    click(&mut window, Role::RadioButton, "Local studio");
    let sent = &window.state().world.sent;
    let studio = |c: &Command| matches!(c, Command::Connect(florist::message::ConnectTo::Studio));
    assert!(sent.iter().any(studio), "{sent:?}");
}

#[test]
fn another_library_folder_counts_from_the_next_start() {
    let mut window = open();
    click(&mut window, Role::Button, "Choose folder…");
    let requests = window.state_mut().world.state.take_requests();
    let [Request::Pick(request)] = requests.as_slice() else {
        panic!("{requests:?}");
    };
    assert_eq!(request.purpose, PickPurpose::LibraryFolder);
    let state = &mut window.state_mut().world.state;
    state.library_folder = Some("/home/ada/Florist".into());
    state.settings.library_folder = Some("/mnt/florist".into());
    window.run_steps(2);
    window.get_by_label("Folder: /home/ada/Florist");
    window.get_by_label_contains("From the next start on: /mnt/florist");
}

#[test]
fn global_keys_lead_to_places_and_panels() {
    let mut window = open();
    let press = |window: &mut Window, key| {
        window.key_press_modifiers(Modifiers::COMMAND, key);
        window.run_steps(2);
    };
    press(&mut window, Key::Num1);
    assert_eq!(state(&window).navigation.place, Place::Launch);
    press(&mut window, Key::Num2);
    assert_eq!(state(&window).navigation.place, Place::History);
    press(&mut window, Key::Comma);
    assert_eq!(state(&window).navigation.place, Place::Settings);
    press(&mut window, Key::Backslash);
    assert_eq!(state(&window).settings.panels.sidebar, SidebarWidth::Icons);
    window.key_press(Key::I);
    window.run_steps(2);
    assert_eq!(
        state(&window).settings.panels.inspector,
        InspectorPanel::Hidden
    );
}

#[test]
fn a_letter_that_is_typed_is_only_a_letter() {
    let mut window = open();
    window.get_by_label("Ask above, in dollars").focus();
    window.run_steps(2);
    window.key_press(Key::I);
    window.key_press_modifiers(Modifiers::SHIFT, Key::Questionmark);
    window.run_steps(2);
    assert_eq!(
        state(&window).settings.panels.inspector,
        InspectorPanel::Shown
    );
    assert!(window.query_by_label("Search keys").is_none());
}
