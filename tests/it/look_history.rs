//! The history and the inspector, to be looked at.

use egui::accesskit::Role;
use egui_kittest::kittest::Queryable as _;
use florist::model::*;
use florist::settings::{RowHeight, Theme};
use florist::state::{Action, InspectorTab, Place, SelectMode, SettingsChange};

use crate::support::history::{history, row, select};
use crate::support::stage::{settings, shoot, stage};
use crate::support::world::{World, runs};

/// The size of the mockups.
const SIZE: [f32; 2] = [1440.0, 900.0];

#[test]
fn the_history_in_both_themes() {
    for (theme, name) in [
        (Theme::Dark, "history-dark"),
        (Theme::Light, "history-light"),
    ] {
        let mut harness = history(theme, SIZE);
        select(&mut harness, 4);
        shoot(&mut harness, name);
    }
}

#[test]
fn the_history_in_dark() {
    let mut harness = history(Theme::Dark, [1200.0, 720.0]);
    select(&mut harness, 4);
    harness.snapshot("history-dark");
}

#[test]
fn the_history_in_light() {
    let mut harness = history(Theme::Light, [1200.0, 720.0]);
    select(&mut harness, 4);
    harness.snapshot("history-light");
}

#[test]
fn every_page_of_the_inspector() {
    for theme in [Theme::Dark, Theme::Light] {
        let name = if theme == Theme::Dark {
            "dark"
        } else {
            "light"
        };
        let mut harness = history(theme, SIZE);
        for row in [3, 5, 6, 8, 9, 10, 13] {
            select(&mut harness, row);
            shoot(&mut harness, &format!("inspector-{row}-{name}"));
        }
        select(&mut harness, 4);
        for (tab, page) in [(InspectorTab::Inputs, "inputs"), (InspectorTab::Run, "run")] {
            harness.state_mut().world.act(Action::ShowTab(tab));
            harness.run_steps(3);
            shoot(&mut harness, &format!("inspector-{page}-{name}"));
        }
    }
}

#[test]
fn row_heights_and_sizes() {
    for (height, name) in [(RowHeight::Compact, "compact"), (RowHeight::Large, "large")] {
        let mut harness = history(Theme::Dark, SIZE);
        let change = SettingsChange::RowHeight(height);
        harness
            .state_mut()
            .world
            .act(Action::ChangeSettings(change));
        harness.run_steps(4);
        select(&mut harness, 8);
        shoot(&mut harness, &format!("history-{name}"));
    }
    for (size, name) in [([960.0, 600.0], "small"), ([2560.0, 1440.0], "huge")] {
        let mut harness = history(Theme::Dark, size);
        select(&mut harness, 4);
        shoot(&mut harness, &format!("history-{name}"));
    }
}

#[test]
fn several_selected_filtered_and_importing() {
    let mut harness = history(Theme::Dark, SIZE);
    for row in [4, 7, 9] {
        let (row, mode) = (RowKey::new(row), SelectMode::Toggle);
        harness.state_mut().world.act(Action::Select { row, mode });
    }
    let query = HistoryQuery {
        text: "harb pattern".to_owned(),
        status: Some(Match::IsNot(StatusFilter::Failed)),
        ..HistoryQuery::default()
    };
    harness.state_mut().world.act(Action::SetQuery(query));
    let import = Activity {
        running: 1,
        import: Some(ImportProgress {
            seen: 1200,
            total: Some(2318),
            paused: false,
        }),
        ..Activity::default()
    };
    let event = florist::message::Event::ActivityChanged(import);
    harness.state_mut().world.tell(event);
    harness.run_steps(4);
    shoot(&mut harness, "history-several");
}

#[test]
fn menus_and_what_is_under_the_pointer() {
    for (theme, name) in [(Theme::Dark, "dark"), (Theme::Light, "light")] {
        let mut harness = history(theme, SIZE);
        row(&harness, 12).click_secondary();
        harness.run_steps(4);
        shoot(&mut harness, &format!("history-menu-{name}"));
        let mut harness = history(theme, SIZE);
        harness
            .get_by_role_and_label(Role::Button, "Status")
            .click();
        harness.run_steps(4);
        shoot(&mut harness, &format!("history-filter-{name}"));
    }
    let mut harness = history(Theme::Dark, SIZE);
    harness.key_press(egui::Key::ArrowDown);
    harness.run_steps(3);
    harness.key_press(egui::Key::ArrowDown);
    row(&harness, 9).hover();
    harness.run_steps(4);
    shoot(&mut harness, "history-hover");
}

#[test]
fn the_states_without_rows() {
    let mut settings = settings(Theme::Dark);
    settings.history.query.text = "lighthouse".to_owned();
    settings.history.query.status = Some(Match::Is(StatusFilter::Failed));
    for (settings, name) in [
        (settings, "history-nothing-found"),
        (
            crate::support::stage::settings(Theme::Dark),
            "history-no-runs",
        ),
    ] {
        let mut world = World::new(settings, Vec::new());
        world.act(Action::Go(Place::History));
        let mut harness = stage(world, SIZE);
        shoot(&mut harness, name);
    }
}

/// Runs that strain the layout: long names, many outputs, files that are gone, charges that grew, runs from elsewhere.
fn odd_runs() -> Vec<Run> {
    let mut runs = runs();
    let grid = runs[3].outputs.clone();
    let copy = |index: u32, run: i64, output: &Output| Output {
        key: OutputKey::new(run * 100 + i64::from(index)),
        run: RowKey::new(run),
        index,
        ..output.clone()
    };
    runs[3].technique_name =
        "Pattern Maker for very wide walls and narrow corridors, second edition".into();
    runs[3].summary = "quiet\u{a0}harbour at dawn, and then a great deal more about the light on the water, the gulls and the cold".into();
    runs[4].source = Source::Elsewhere;
    runs[6].cost = Cost::Charged(Usd::from_micros(31_000));
    runs[6].outputs = (0..30).map(|index| copy(index, 7, &grid[0])).collect();
    runs[8].outputs[0].archive = Archive::LinkDead;
    runs[9].outputs[0].archive = Archive::Failed("The connection dropped".to_owned());
    runs[10].outputs[2].archive = Archive::Remote;
    runs[11].summary = "".into();
    runs[11].cost = Cost::Charged(Usd::from_micros(12_345_678));
    runs[12].failure = Some(Failure {
        code: "model_timeout".to_owned(),
        message: "The model did not answer in time".to_owned(),
    });
    runs[12].stage = RunStage::Failed;
    runs[12].outputs.clear();
    runs[1].problem =
        Some(Problem::new("FLORA did not accept the key").with_action(ProblemAction::EnterKey));
    runs
}

#[test]
fn runs_that_strain_the_layout() {
    let mut world = World::new(settings(Theme::Dark), odd_runs());
    world.act(Action::Go(Place::History));
    let mut harness = stage(world, SIZE);
    for row in [4, 7, 10, 13, 2, 5] {
        select(&mut harness, row);
        shoot(&mut harness, &format!("odd-{row}"));
    }
    harness
        .state_mut()
        .world
        .act(Action::ShowTab(InspectorTab::Inputs));
    harness.run_steps(3);
    shoot(&mut harness, "odd-elsewhere");
}
