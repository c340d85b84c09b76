//! Looks of the settings, and of the frame around the places.

use egui_kittest::kittest::Queryable as _;
use florist::message::Event;
use florist::model::{Connection, KeyStore, Notice, NoticeLevel, SavedFile};
use florist::settings::{Settings, SidebarWidth, Theme};
use florist::state::{Action, Place};

use crate::support::flora::{bad_key, north_studio};
use crate::support::stage::{settings, shoot, stage};
use crate::support::world::{World, runs};

const SIZES: [(&str, [f32; 2]); 2] = [("", [1440.0, 900.0]), ("-small", [960.0, 600.0])];

fn shades() -> [(Theme, &'static str); 2] {
    [(Theme::Dark, "dark"), (Theme::Light, "light")]
}

fn in_settings(theme: Theme) -> World {
    let mut world = World::new(settings(theme), runs());
    world.tell(Event::ProfileChanged(north_studio(KeyStore::Session)));
    world.state.library_folder = Some("/home/ada/Florist".into());
    world.state.settings.library_folder = Some("/mnt/pictures/florist library".into());
    world.act(Action::Go(Place::Settings));
    world
}

#[test]
fn the_settings_in_light() {
    stage(in_settings(Theme::Light), [960.0, 600.0]).snapshot("settings-light");
}

#[test]
fn the_settings_are_one_calm_column() {
    for (theme, shade) in shades() {
        for (size_name, size) in SIZES {
            let mut harness = stage(in_settings(theme), size);
            shoot(&mut harness, &format!("settings-{shade}{size_name}"));
        }
    }
}

#[test]
fn a_notice_never_covers_run() {
    let mut world = World::new(settings(Theme::Dark), runs());
    world.act(Action::Go(Place::Launch));
    world.tell(Event::Noticed(Notice {
        level: NoticeLevel::Warning,
        text: "The disk is nearly full: 1.2 GB left. What arrives is still kept".to_owned(),
        details: String::new(),
        actions: Vec::new(),
    }));
    let harness = stage(world, [960.0, 600.0]);
    let run = harness.get_by_label_contains("Run ·").rect();
    let shown: Vec<_> = harness
        .query_all_by_label_contains("The disk is nearly full")
        .map(|node| node.rect())
        .collect();
    assert!(!shown.is_empty(), "the notice is there");
    for notice in shown {
        assert!(notice.bottom() < run.top(), "{notice:?} {run:?}");
    }
}

#[test]
fn the_frame_tells_where_one_is_and_what_goes_on() {
    for (theme, shade) in shades() {
        for sidebar in [SidebarWidth::Full, SidebarWidth::Icons] {
            let mut chosen: Settings = settings(theme);
            chosen.panels.sidebar = sidebar;
            let mut world = World::new(chosen, runs());
            world.act(Action::Go(Place::History));
            world.tell(Event::ConnectionChanged(Connection::KeyRefused(bad_key())));
            world.tell(Event::Saved {
                files: vec![SavedFile {
                    output: florist::model::OutputKey::new(401),
                    path: "/home/ada/Pictures/Florist/Harbour posters/tile 2.png".into(),
                }],
                problem: None,
            });
            for (level, text) in [
                (
                    NoticeLevel::Warning,
                    "The disk is nearly full: 1.2 GB left. What arrives is still kept",
                ),
                (
                    NoticeLevel::Error,
                    "The copy was not saved: no permission to write to /mnt/pictures",
                ),
            ] {
                world.tell(Event::Noticed(Notice {
                    level,
                    text: text.to_owned(),
                    details: "os error 13".to_owned(),
                    actions: Vec::new(),
                }));
            }
            let mut harness = stage(world, [960.0, 600.0]);
            shoot(&mut harness, &format!("frame-{shade}-{sidebar:?}"));
        }
    }
}
