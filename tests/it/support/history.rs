//! The history on stage.

use egui_kittest::Harness;
use florist::model::RowKey;
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
