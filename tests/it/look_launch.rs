//! The launch place, to be looked at.

use egui::accesskit::Role;
use egui::{Event, HoveredFile, Key, Modifiers, Pos2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use florist::message::Event as Told;
use florist::model::*;
use florist::settings::Theme;
use florist::state::Action;

use crate::support::launch::{
    SIZE, every_kind, filled, hand_in, launch, many_techniques, mockup, odd_runs, over, picture,
    type_into, world_of,
};
use crate::support::stage::{Stage, settings, shoot, stage};
use crate::support::world::World;

const THEMES: [(Theme, &str); 2] = [(Theme::Dark, "dark"), (Theme::Light, "light")];

fn scroll(harness: &mut Harness<'static, Stage>, at: Pos2, points: f32) {
    harness.event(Event::PointerMoved(at));
    harness.step();
    harness.event(Event::MouseWheel {
        unit: egui::MouseWheelUnit::Point,
        delta: egui::vec2(0.0, -points),
        phase: egui::TouchPhase::Move,
        modifiers: Modifiers::NONE,
        source: egui::MouseWheelSource::Wheel,
    });
    harness.run_steps(30);
}

#[test]
fn the_launch_place_in_both_themes() {
    for (theme, name) in THEMES {
        let mut harness = launch(theme, SIZE);
        harness
            .get_by_role_and_label(Role::MultilineTextInput, "Words")
            .focus();
        harness.run_steps(3);
        shoot(&mut harness, &format!("launch-{name}"));
    }
}

#[test]
fn sizes() {
    for (size, name) in [
        ([960.0, 600.0], "small"),
        ([1200.0, 760.0], "narrow"),
        ([2560.0, 1440.0], "huge"),
    ] {
        let mut harness = launch(Theme::Dark, size);
        shoot(&mut harness, &format!("launch-{name}"));
        if size[0] < 1200.0 {
            harness
                .get_by_role_and_label(Role::RadioButton, "Results")
                .click();
            harness.run_steps(3);
            shoot(&mut harness, &format!("launch-{name}-results"));
        }
    }
}

#[test]
fn every_kind_of_input() {
    let mut harness = stage(world_of(Theme::Dark, every_kind()), SIZE);
    shoot(&mut harness, "kinds-empty");
    harness.get_by_label("Run · $0.15").click();
    harness.run_steps(4);
    shoot(&mut harness, "kinds-errors");
    for (theme, name) in THEMES {
        let mut harness = stage(filled(theme), SIZE);
        shoot(&mut harness, &format!("kinds-filled-{name}"));
        scroll(&mut harness, Pos2::new(700.0, 500.0), 420.0);
        harness.get_by_role(Role::DisclosureTriangle).click();
        harness.run_steps(4);
        scroll(&mut harness, Pos2::new(700.0, 500.0), 1000.0);
        shoot(&mut harness, &format!("kinds-optional-{name}"));
    }
}

#[test]
fn what_hangs_over_the_window() {
    let mut harness = launch(Theme::Dark, SIZE);
    harness.input_mut().hovered_files.push(HoveredFile {
        path: Some("/home/ada/tile.png".into()),
        mime: String::new(),
    });
    harness.run_steps(2);
    shoot(&mut harness, "launch-hovering");
}

#[test]
fn menus_and_popups() {
    for (theme, name) in THEMES {
        for (label, shot) in [
            ("Fill from…", "fill"),
            ("More", "more"),
            ("Use a web address for Border", "url"),
            ("Choose Border from the library", "library"),
        ] {
            let mut harness = launch(theme, SIZE);
            harness.get_by_label(label).click();
            harness.run_steps(6);
            shoot(&mut harness, &format!("launch-{shot}-{name}"));
        }
        let mut harness = launch(theme, SIZE);
        harness
            .get_by_label("Picture 2 of 4, quiet harbour at dawn, teal and rust")
            .click_secondary();
        harness.run_steps(4);
        shoot(&mut harness, &format!("launch-output-menu-{name}"));
        let mut harness = launch(theme, SIZE);
        harness.get_by_label("Slow Zoom").hover();
        harness.run_steps(4);
        shoot(&mut harness, &format!("launch-row-hover-{name}"));
    }
    let mut harness = launch(Theme::Dark, SIZE);
    harness
        .get_by_role_and_label(Role::MultilineTextInput, "Words")
        .focus();
    harness.run_steps(2);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::E);
    harness.run_steps(5);
    shoot(&mut harness, "launch-editor");
}

#[test]
fn the_states_without_a_form_or_results() {
    let show = |world: World, name: &str| {
        let mut harness = stage(world, SIZE);
        shoot(&mut harness, name);
    };
    let mut world = mockup(settings(Theme::Dark));
    world.tell(Told::CatalogLoaded([].into()));
    show(world, "state-no-techniques");
    let mut world = over(Theme::Dark, Vec::new());
    world.tell(Told::ConnectionChanged(Connection::Offline));
    show(world, "state-no-results-offline");
    let mut world = over(Theme::Dark, Vec::new());
    world.state = florist::state::AppState::new(settings(Theme::Dark));
    world.tell(Told::CatalogFailed(
        Problem::new("FLORA cannot be reached").with_hint("Check the network, then try again"),
    ));
    show(world, "state-failed");
    let mut world = over(Theme::Light, Vec::new());
    world.tell(Told::LaunchRefused {
        launch: LaunchId::fresh(),
        technique: TechniqueId::new("tech_pattern_maker"),
        problem: Problem {
            fields: vec![("words".to_owned(), "Use fewer than 400 words".to_owned())],
            ..Problem::new("1 input needs a change")
                .with_details("req_8821ac · input_validation_error")
                .with_hint("Nothing was charged")
        },
    });
    show(world, "state-refused");
}

#[test]
fn searching_and_many() {
    let mut world = over(Theme::Dark, Vec::new());
    world.tell(Told::CatalogLoaded(many_techniques(3_000).into()));
    let mut harness = stage(world, SIZE);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::F);
    harness.run_steps(2);
    for _ in 0..3 {
        harness.key_press(Key::ArrowDown);
        harness.run_steps(2);
    }
    shoot(&mut harness, "techniques-many");
    harness.key_press_modifiers(Modifiers::COMMAND, Key::F);
    harness.run_steps(2);
    harness.event(Event::Text("lighthouse keeper".to_owned()));
    harness.run_steps(3);
    shoot(&mut harness, "techniques-no-match");
}

#[test]
fn cards_of_every_sort() {
    for (theme, name) in THEMES {
        let mut harness = stage(over(theme, odd_runs()), [1440.0, 1600.0]);
        shoot(&mut harness, &format!("cards-1-{name}"));
        scroll(&mut harness, Pos2::new(1200.0, 500.0), 1460.0);
        shoot(&mut harness, &format!("cards-2-{name}"));
    }
    let mut harness = stage(over(Theme::Dark, odd_runs()), [1200.0, 1600.0]);
    scroll(&mut harness, Pos2::new(1100.0, 500.0), 2000.0);
    shoot(&mut harness, "cards-narrow");
    let mut harness = launch(Theme::Dark, SIZE);
    harness.get_by_label("Details").click();
    harness
        .get_by_label("Picture 2 of 4, quiet harbour at dawn, teal and rust")
        .hover();
    harness.run_steps(4);
    shoot(&mut harness, "cards-details");
    harness.state_mut().world.act(Action::SetCount(6));
    harness.run_steps(3);
    shoot(&mut harness, "launch-six");
}

#[test]
fn the_launch_place_in_the_dark_is_as_it_was() {
    as_it_was(Theme::Dark, "launch-dark");
}

#[test]
fn the_launch_place_in_the_light_is_as_it_was() {
    as_it_was(Theme::Light, "launch-light");
}

/// What must not change unseen. Without live runs: a turning ring is never the same twice.
fn as_it_was(theme: Theme, name: &str) {
    let runs: Vec<Run> = odd_runs()
        .into_iter()
        .filter(|run| [103, 109, 112, 113].contains(&run.key.get()))
        .collect();
    let mut harness = stage(over_filled(theme, runs), [1240.0, 760.0]);
    harness.snapshot(name);
}

fn over_filled(theme: Theme, runs: Vec<Run>) -> World {
    let mut world = over(theme, runs);
    type_into(&mut world, "words", "quiet harbour at dawn");
    hand_in(&mut world, "border", picture("wide.png", 2400, 1600));
    world
}
