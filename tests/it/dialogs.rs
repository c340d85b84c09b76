//! The dialogs, by keys and by accessible name.

use egui::accesskit::Role;
use egui::{Event as Input, Key, Modifiers};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use florist::message::{Command, Event, KeyReport};
use florist::model::{KeyStore, OutputKey, Problem, SaveRequest, Usd};
use florist::settings::Theme;
use florist::state::{
    Action, Confirm, ConnectDialog, PickOutcome, PickPurpose, PickRequest, Picked, Place,
};
use secrecy::ExposeSecret;

use crate::support::flora::{bad_key, good_key, key_checked, north_studio, orders};
use crate::support::stage::{Window, settings, stage, state};
use crate::support::world::{World, runs};

const KEY: &str = "sk_live_0123456789abcdef";

fn world() -> World {
    World::new(settings(Theme::Dark), runs())
}

fn asking(count: usize, each: f64) -> Window {
    let mut world = world();
    world.tell(Event::ProfileChanged(north_studio(KeyStore::Keychain)));
    let each = Usd::from_dollars(each);
    world.state.launch.confirm = Some(Confirm::Launch {
        orders: orders(count, each),
        total: each.map(|each| each * count),
    });
    stage(world, [1200.0, 800.0])
}

fn launched(window: &Window) -> usize {
    let sent = window.state().world.sent.iter();
    sent.map(|command| match command {
        Command::Launch(orders) => orders.len(),
        _ => 0,
    })
    .sum()
}

#[test]
fn money_is_named_and_return_runs_it() {
    let mut window = asking(6, 0.15);
    window.get_by_role_and_label(Role::Dialog, "Run Slow Zoom 6 times?");
    window.get_by_label("Runs: 6 × $0.15");
    window.get_by_label("Listed price: $0.90");
    window.get_by_label("Workspace: North Studio");
    window.get_by_label("Final charge is set by FLORA and can differ");
    assert!(
        window
            .get_by_role_and_label(Role::Button, "Run · $0.90")
            .is_focused()
    );
    window.key_press(Key::Enter);
    window.run_steps(3);
    assert_eq!(launched(&window), 6);
    assert!(state(&window).launch.confirm.is_none());
}

#[test]
fn above_five_dollars_the_keyboard_rests_on_cancel() {
    let mut window = asking(40, 0.15);
    assert!(
        window
            .get_by_role_and_label(Role::Button, "Cancel")
            .is_focused()
    );
    window.key_press(Key::Enter);
    window.run_steps(3);
    assert_eq!(launched(&window), 0);
    assert!(state(&window).launch.confirm.is_none());
}

#[test]
fn escape_cancels_and_nothing_behind_the_dialog_gets_a_key() {
    let mut window = asking(6, 0.15);
    window.key_press_modifiers(Modifiers::COMMAND, Key::Num2);
    window.key_press(Key::I);
    window.run_steps(2);
    assert_eq!(state(&window).navigation.place, Place::Launch);
    let inspector = state(&window).settings.panels.inspector;
    assert_eq!(inspector, florist::settings::InspectorPanel::Shown);
    window.key_press(Key::Escape);
    window.run_steps(2);
    assert!(state(&window).launch.confirm.is_none());
    assert_eq!(launched(&window), 0);
}

#[test]
fn the_keyboard_stays_in_the_dialog() {
    let mut window = asking(6, 0.15);
    for _ in 0..7 {
        window.key_press(Key::Tab);
        window.run_steps(2);
        let focused = ["Cancel", "Run · $0.90"].into_iter().any(|name| {
            window
                .get_by_role_and_label(Role::Button, name)
                .is_focused()
        });
        let nothing = window.query_by(|node| node.is_focused() && node.label().is_some());
        assert!(focused || nothing.is_none(), "{nothing:?}");
    }
}

fn connecting() -> Window {
    let mut world = world();
    world.act(Action::OpenConnect);
    stage(world, [1200.0, 800.0])
}

/// Keys that were tried, in order.
fn tried(window: &Window) -> Vec<String> {
    let sent = window.state().world.sent.iter();
    sent.filter_map(|command| match command {
        Command::CheckKey { key, .. } => Some(key.expose_secret().to_owned()),
        _ => None,
    })
    .collect()
}

/// Answers the last check of a key.
fn answer_check(window: &mut Window, result: Result<KeyReport, Problem>) {
    let world = &mut window.state_mut().world;
    let event = key_checked(&world.sent, result);
    world.tell(event);
    window.run_steps(2);
}

#[test]
fn a_pasted_key_is_cleaned_tried_at_once_and_used() {
    let mut window = connecting();
    window.event(Input::Paste(format!(" Bearer {KEY}\n")));
    window.run_steps(1);
    assert_eq!(tried(&window), [KEY]);
    assert!(
        window
            .get_by_role_and_label(Role::Button, "Connect")
            .accesskit_node()
            .is_disabled()
    );
    answer_check(&mut window, Ok(good_key(true)));
    window.get_by_label("Workspace North Studio, role editor, 41 techniques");
    window.get_by_label_contains("will be kept in the system's keychain");
    window
        .get_by_role_and_label(Role::Button, "Connect")
        .click();
    window.run_steps(3);
    assert_eq!(state(&window).session.dialog, ConnectDialog::Closed);
    let used = window.state().world.sent.iter().any(|command| {
        matches!(command, Command::Connect(florist::message::ConnectTo::Flora { key: Some(key), .. })
            if key.expose_secret() == KEY)
    });
    assert!(used);
}

#[test]
fn a_typed_key_is_tried_after_a_pause_and_not_before() {
    let mut window = connecting();
    window.event(Input::Text(KEY.to_owned()));
    window.step();
    assert_eq!(tried(&window), Vec::<String>::new(), "still typing");
    window.run_steps(4);
    assert_eq!(tried(&window), [KEY]);
    answer_check(&mut window, Err(bad_key()));
    window.get_by_label("FLORA did not accept the key");
    window.event(Input::Text("x".to_owned()));
    window.step();
    window.step();
    assert!(
        window
            .query_by_label("FLORA did not accept the key")
            .is_none(),
        "another key, another answer"
    );
}

#[test]
fn the_key_is_masked_and_gone_when_the_dialog_closes() {
    let mut window = connecting();
    window.event(Input::Paste(KEY.to_owned()));
    window.run_steps(2);
    let value = window.get_by_label("API key").value().unwrap_or_default();
    assert!(!value.contains("sk_live"), "{value}");
    window
        .get_by_role_and_label(Role::Button, "Show the key")
        .click();
    window.run_steps(2);
    let value = window.get_by_label("API key").value().unwrap_or_default();
    assert_eq!(value, KEY);
    window.key_press(Key::Escape);
    window.run_steps(2);
    if state(&window).session.dialog == ConnectDialog::Open {
        window.key_press(Key::Escape);
        window.run_steps(2);
    }
    assert_eq!(state(&window).session.dialog, ConnectDialog::Closed);
    window.state_mut().world.act(Action::OpenConnect);
    window.run_steps(3);
    let value = window.get_by_label("API key").value().unwrap_or_default();
    assert_eq!(value, "", "nothing is left of it");
    // Not even to undo.
    window.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    window.run_steps(2);
    let value = window.get_by_label("API key").value().unwrap_or_default();
    assert_eq!(value, "");
}

#[test]
fn another_address_can_be_given() {
    let mut window = connecting();
    window
        .get_by_role_and_label(Role::Link, "Another address…")
        .click();
    window.run_steps(2);
    window.get_by_label("API key").focus();
    window.run_steps(1);
    window.event(Input::Paste(KEY.to_owned()));
    window.run_steps(2);
    window
        .get_by_role_and_label(Role::TextInput, "Address")
        .focus();
    window.run_steps(1);
    window.event(Input::Text("http://127.0.0.1:4000/api/v1".to_owned()));
    window.run_steps(5);
    let last = window
        .state()
        .world
        .sent
        .iter()
        .rev()
        .find_map(|command| match command {
            Command::CheckKey { base_url, .. } => Some(base_url.clone()),
            _ => None,
        });
    assert_eq!(last, Some(Some("http://127.0.0.1:4000/api/v1".to_owned())));
}

fn typing_a_path() -> Window {
    let mut world = world();
    let request = PickRequest {
        purpose: PickPurpose::SaveOutput {
            output: OutputKey::new(401),
            name: "tile 2.png".to_owned(),
        },
        title: "Save as".to_owned(),
        folder: Some("/home/ada/Pictures".into()),
    };
    let outcome = PickOutcome::NoDialog;
    world.act(Action::Picked(Picked { request, outcome }));
    stage(world, [1200.0, 800.0])
}

#[test]
fn a_path_is_typed_with_its_name_selected() {
    let mut window = typing_a_path();
    let value = window.get_by_label("Path").value();
    assert_eq!(value.as_deref(), Some("/home/ada/Pictures/tile 2.png"));
    // The name is selected: typing replaces it and leaves the folder and the extension.
    window.event(Input::Text("harbour".to_owned()));
    window.run_steps(2);
    window.key_press(Key::Enter);
    window.run_steps(3);
    let saved = window
        .state()
        .world
        .sent
        .iter()
        .find_map(|command| match command {
            Command::Save(SaveRequest::File { path, .. }) => Some(path.clone()),
            _ => None,
        });
    assert_eq!(saved, Some("/home/ada/Pictures/harbour.png".into()));
    assert!(state(&window).saving.typing.is_none());
}

#[test]
fn half_a_path_is_not_taken() {
    let mut window = typing_a_path();
    window.key_press_modifiers(Modifiers::COMMAND, Key::A);
    window.event(Input::Text("tile.png".to_owned()));
    window.run_steps(2);
    window.get_by_role_and_label(Role::Button, "Save").click();
    window.run_steps(2);
    window.get_by_label("Type the whole path, from / or ~/ on");
    assert!(state(&window).saving.typing.is_some());
    window.get_by_role_and_label(Role::Button, "Cancel").click();
    window.run_steps(2);
    assert!(state(&window).saving.typing.is_none());
}

#[test]
fn the_list_of_keys_opens_is_searched_and_closes() {
    let mut window = stage(world(), [1200.0, 800.0]);
    window.key_press(Key::F1);
    window.run_steps(3);
    window.get_by_label("Ctrl 1: Launch");
    window.event(Input::Text("larger text".to_owned()));
    window.run_steps(2);
    window.get_by_label("Ctrl +: Larger text");
    assert!(window.query_by_label("Ctrl 1: Launch").is_none());
    window.get_by_role_and_label(Role::Button, "Close").click();
    window.run_steps(3);
    assert!(window.query_by_label("Ctrl +: Larger text").is_none());
}

#[test]
fn nothing_is_launched_behind_a_dialog() {
    let mut window = connecting();
    let state = &mut window.state_mut().world;
    state.act(Action::OpenTechnique(florist::model::TechniqueId::new(
        "tech_pattern_maker",
    )));
    state.act(Action::EditText {
        input: florist::model::InputId::new("words"),
        index: 0,
        text: "quiet harbour".to_owned(),
    });
    window.run_steps(2);
    window.key_press_modifiers(Modifiers::COMMAND, Key::Enter);
    window.run_steps(3);
    assert_eq!(launched(&window), 0, "the dialog is in front");
    window.state_mut().world.act(Action::CloseConnect);
    window.run_steps(3);
    window.key_press_modifiers(Modifiers::COMMAND, Key::Enter);
    window.run_steps(3);
    assert_eq!(launched(&window), 1, "the same key without the dialog");
}
