//! Image snapshots of the screens, from fixed states.

use florist::settings::Theme;

use crate::support::stage::{settings, shoot, stage};
use crate::support::world::{World, runs};

#[test]
fn the_launch_screen_looks_as_it_should() {
    for (theme, name) in [(Theme::Dark, "launch-dark"), (Theme::Light, "launch-light")] {
        let mut harness = stage(World::new(settings(theme), runs()), [1440.0, 900.0]);
        shoot(&mut harness, name);
    }
}
