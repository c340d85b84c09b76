//! The history on stage.

use egui::accesskit::Role;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use egui_kittest::{Harness, Node};
use florist::model::{RowKey, Run};
use florist::settings::Theme;
use florist::state::{Action, Place, SelectMode};

use super::stage::{Stage, settings, stage};
use super::world::{World, runs};

/// The history over the runs of the mockups, at this size (points).
pub fn history(theme: Theme, size: [f32; 2]) -> Harness<'static, Stage> {
    let mut world = World::new(settings(theme), runs());
    world.act(Action::Go(Place::History));
    stage(world, size)
}

/// Selects a run as a click would, and lets it be painted.
pub fn select(harness: &mut Harness<'static, Stage>, row: i64) {
    let (row, mode) = (RowKey::new(row), SelectMode::Only);
    harness.state_mut().world.act(Action::Select { row, mode });
    harness.run_steps(4);
}

/// The history over this many finished runs, each named by its number.
pub fn many(count: i64, size: [f32; 2]) -> Harness<'static, Stage> {
    let pattern = runs().remove(11);
    let numbered = |number: i64| Run {
        key: RowKey::new(number),
        summary: format!("run number {number}").into(),
        outputs: Vec::new(),
        ..pattern.clone()
    };
    let mut world = World::new(settings(Theme::Dark), (0..count).map(numbered).collect());
    world.act(Action::Go(Place::History));
    stage(world, size)
}

/// The row of this run, which must be in view.
pub fn row<'h>(harness: &'h Harness<'static, Stage>, key: i64) -> Node<'h> {
    let run = harness.state().world.state.rows.get(RowKey::new(key));
    let run = run.expect("a run that was read");
    let begin = format!(
        "{}, {}, {}, ",
        run.technique_name,
        run.stage.word().to_lowercase(),
        run.summary
    );
    // After it come the time and the cost, and nothing else.
    let is_it = |name: &str| {
        name.strip_prefix(&begin)
            .is_some_and(|rest| rest.split(", ").count() == 2)
    };
    harness
        .query_all_by_role(Role::Row)
        .find(|row| {
            row.accesskit_node()
                .label()
                .is_some_and(|name| is_it(&name))
        })
        .unwrap_or_else(|| panic!("run {key} is not in view"))
}

/// The accessible names of the rows in view, from the top.
pub fn rows_named(harness: &Harness<'static, Stage>) -> Vec<String> {
    let mut rows: Vec<_> = harness
        .query_all_by_role(Role::Row)
        .map(|row| {
            (
                row.rect().top(),
                row.accesskit_node().label().unwrap_or_default(),
            )
        })
        .collect();
    rows.sort_by(|a, b| a.0.total_cmp(&b.0));
    rows.into_iter().map(|(_, name)| name).collect()
}

/// How many rows are painted.
pub fn row_count(harness: &Harness<'static, Stage>) -> usize {
    harness.query_all_by_role(Role::Row).count()
}
