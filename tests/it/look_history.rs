//! The history and the inspector, to be looked at.

use florist::model::*;
use florist::settings::{RowHeight, Theme};
use florist::state::{Action, InspectorTab, Place, SelectMode, SettingsChange};

use crate::support::history::{history, select};
use crate::support::stage::{settings, shoot, stage};
use crate::support::world::{World, runs};

/// The window without sidebar and activity bar at the mockups' size.
const SIZE: [f32; 2] = [1216.0, 872.0];

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
    for (size, name) in [([736.0, 572.0], "small"), ([2336.0, 1412.0], "huge")] {
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
    harness.run_steps(4);
    shoot(&mut harness, "history-several");
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
    let _ = runs();
}
