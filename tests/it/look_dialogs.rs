//! Looks of the dialogs.

use egui::Key;
use florist::message::Event;
use florist::model::{KeyStore, OutputKey, Usd};
use florist::settings::Theme;
use florist::state::{Action, Confirm, PickOutcome, PickPurpose, PickRequest, Picked};

use crate::support::flora::{bad_key, good_key, key_checked, north_studio, orders};
use crate::support::stage::{settings, shoot, stage};
use crate::support::world::{World, runs};

const SIZES: [(&str, [f32; 2]); 2] = [("", [1440.0, 900.0]), ("-small", [960.0, 600.0])];

fn every(
    name: &str,
    prepare: impl Fn(&mut World),
    then: impl Fn(&mut crate::support::stage::Window),
) {
    for (theme, shade) in [(Theme::Dark, "dark"), (Theme::Light, "light")] {
        for (size_name, size) in SIZES {
            let mut world = World::new(settings(theme), runs());
            prepare(&mut world);
            let mut harness = stage(world, size);
            then(&mut harness);
            shoot(&mut harness, &format!("dialog-{name}-{shade}{size_name}"));
        }
    }
}

#[test]
fn money_is_asked_about_plainly() {
    every(
        "confirm",
        |world| {
            world.tell(Event::ProfileChanged(north_studio(KeyStore::Keychain)));
            let each = Usd::from_dollars(0.15);
            world.state.launch.confirm = Some(Confirm::Launch {
                orders: orders(6, each),
                total: each.map(|each| each * 6),
            });
        },
        |_| {},
    );
}

#[test]
fn a_key_is_taken_with_what_there_is_to_know() {
    every("connect", |world| world.act(Action::OpenConnect), |_| {});
    every(
        "connect-good",
        |world| world.act(Action::OpenConnect),
        |harness| {
            harness.event(egui::Event::Paste("sk_live_51Hx8aaaaaaaa".to_owned()));
            harness.run_steps(2);
            let world = &mut harness.state_mut().world;
            world.tell(key_checked(&world.sent, Ok(good_key(false))));
            harness.run_steps(2);
        },
    );
    every(
        "connect-bad",
        |world| world.act(Action::OpenConnect),
        |harness| {
            harness.event(egui::Event::Paste("sk_live_51Hx8aaaaaaaa".to_owned()));
            harness.run_steps(2);
            let world = &mut harness.state_mut().world;
            world.tell(key_checked(&world.sent, Err(bad_key())));
            harness.run_steps(2);
        },
    );
}

#[test]
fn a_path_is_typed_where_there_is_no_dialog() {
    every(
        "path",
        |world| {
            let request = PickRequest {
                purpose: PickPurpose::SaveOutput {
                    output: OutputKey::new(401),
                    name: "Pattern Maker quiet harbour at dawn 2.png".to_owned(),
                },
                title: "Save as".to_owned(),
                folder: Some("/home/ada/Pictures".into()),
            };
            let outcome = PickOutcome::NoDialog;
            world.act(Action::Picked(Picked { request, outcome }));
        },
        |_| {},
    );
}

#[test]
fn the_keys_are_listed() {
    every(
        "keys",
        |_| {},
        |harness| {
            harness.key_press(Key::F1);
            harness.run_steps(4);
        },
    );
}
