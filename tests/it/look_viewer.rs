//! Looks of the large view.

use florist::model::{OutputKey, RowKey};
use florist::settings::{InspectorPanel, Theme};
use florist::state::{Action, Place};

use crate::support::stage::{Window, settings, shoot, stage};
use crate::support::world::{World, runs};

const SIZES: [(&str, [f32; 2]); 2] = [("", [1440.0, 900.0]), ("-small", [960.0, 600.0])];

#[test]
fn every_kind_has_its_large_view() {
    let kinds = [
        ("picture", 401),
        ("text", 500),
        ("sound", 900),
        ("document", 1000),
        ("film", 1300),
    ];
    for (theme, shade) in [(Theme::Dark, "dark"), (Theme::Light, "light")] {
        for (size_name, size) in SIZES {
            for (kind, output) in kinds {
                let mut world = World::new(settings(theme), runs());
                world.act(Action::Go(Place::History));
                world.act(Action::ShowRows((1..15).map(RowKey::new).collect()));
                world.act(Action::OpenViewer(OutputKey::new(output)));
                let mut harness = stage(world, size);
                shoot(&mut harness, &format!("viewer-{kind}-{shade}{size_name}"));
            }
        }
    }
}

#[test]
fn a_picture_alone_on_its_stage_in_dark() {
    alone(Theme::Dark).snapshot("viewer-dark");
}

#[test]
fn a_picture_alone_on_its_stage_in_light() {
    alone(Theme::Light).snapshot("viewer-light");
}

fn alone(theme: Theme) -> Window {
    let mut chosen = settings(theme);
    chosen.panels.inspector = InspectorPanel::Hidden;
    let mut world = World::new(chosen, runs());
    world.act(Action::Go(Place::History));
    world.act(Action::ShowRows((1..15).map(RowKey::new).collect()));
    world.act(Action::OpenViewer(OutputKey::new(401)));
    stage(world, [960.0, 600.0])
}
