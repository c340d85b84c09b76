//! Settings files as people, other versions and bad disks leave them.

use std::fs;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use serde_json::{Value, json};

use super::file::beside;
use super::*;
use crate::model::{SortKey, SortOrder};

fn with_file(text: &str) -> (tempfile::TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("settings.json");
    fs::write(&path, text).unwrap();
    (dir, path)
}

fn file(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

fn changed() -> Settings {
    Settings {
        theme: Theme::Light,
        text_scale: 1.25,
        profile: ProfileKind::Flora,
        flora_base_url: Some("https://flora.test/api/v1".into()),
        library_folder: Some("/pictures/flora".into()),
        confirm_above: Usd::from_micros(1_250_000),
        window: Some(WindowGeometry {
            x: 10.0,
            y: -20.0,
            width: 1440.0,
            height: 900.0,
            maximized: true,
        }),
        panels: Panels {
            sidebar: SidebarWidth::Icons,
            inspector_width: 400.0,
            ..Panels::default()
        },
        studio_banner: StudioBanner::Hidden,
        place: PlaceChoice::History,
        open_technique: Some(TechniqueId::new("tech_2")),
        pinned: vec![TechniqueId::new("tech_1")],
        history: HistoryChoices {
            query: HistoryQuery {
                text: "lemon".into(),
                sort: Some(SortKey {
                    column: Column::Cost,
                    order: SortOrder::Descending,
                }),
                ..HistoryQuery::default()
            },
            row_height: RowHeight::Large,
            widths: BTreeMap::from([("summary".to_owned(), 220.0)]),
        },
        last_save_folder: Some("/tmp".into()),
        other: serde_json::Map::new(),
    }
}

#[test]
fn what_is_saved_is_read_again() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("deep/settings.json");
    changed().save(&path).unwrap();
    let (read, notes) = Settings::load(&path);
    assert!(notes.is_empty(), "{notes:?}");
    assert_eq!(read, changed());
    assert_eq!(
        fs::read_dir(dir.path().join("deep")).unwrap().count(),
        1,
        "no .part is left"
    );
}

#[test]
fn a_missing_file_is_no_problem() {
    let dir = tempfile::tempdir().unwrap();
    let (settings, notes) = Settings::load(&dir.path().join("none.json"));
    assert_eq!(settings, Settings::default());
    assert!(notes.is_empty());
}

#[test]
fn one_bad_part_costs_only_itself() {
    let (_dir, path) = with_file(
        r#"{"theme": "light", "studio_banner": 7, "confirm_above": 20000,
            "panels": {"inspector": "hidden", "inspector_width": "wide"},
            "window": {"x": 1}, "place": "moon", "text_scale": 9.5,
            "history": {"row_height": "compact", "query": {"text": "sea", "sort": 5}}}"#,
    );
    let (settings, notes) = Settings::load(&path);
    assert_eq!(settings.theme, Theme::Light);
    assert_eq!(settings.studio_banner, StudioBanner::Shown, "the default");
    assert_eq!(settings.confirm_above, Usd::from_micros(20_000));
    assert_eq!(settings.panels.inspector, InspectorPanel::Hidden);
    assert_eq!(
        settings.panels.inspector_width,
        Panels::default().inspector_width
    );
    assert_eq!(
        (settings.window, settings.place),
        (None, PlaceChoice::Launch)
    );
    assert_eq!(settings.text_scale, 2.0);
    assert_eq!(settings.history.row_height, RowHeight::Compact);
    assert_eq!(settings.history.query.text, "sea");
    let told = |name: &str| notes.iter().any(|note| note.details.contains(name));
    for name in [
        "studio_banner",
        "panels.inspector_width",
        "window",
        "place",
        "text_scale",
        "history.query.sort",
    ] {
        assert!(told(name), "{name} in {notes:?}");
    }
    assert_eq!(notes.len(), 6, "{notes:?}");
}

#[test]
fn what_another_version_wrote_is_kept() {
    let (_dir, path) = with_file(
        r#"{"theme": "system", "batches": {"at_once": 4}, "panels": {"dock_open": true}}"#,
    );
    let (mut settings, notes) = Settings::load(&path);
    assert!(notes.is_empty(), "{notes:?}");
    settings.theme = Theme::Light;
    settings.panels.inspector = InspectorPanel::Hidden;
    settings.save(&path).unwrap();
    let file = file(&path);
    assert_eq!(file["theme"], "light");
    assert_eq!(file["batches"], json!({"at_once": 4}));
    assert_eq!(file["panels"]["dock_open"], true);
    assert_eq!(file["panels"]["inspector"], "hidden");
}

#[test]
fn what_was_cleared_stays_cleared() {
    let (_dir, path) =
        with_file(r#"{"library_folder": "/old", "window": {"x":1,"y":2,"width":3,"height":4}}"#);
    let (mut settings, _) = Settings::load(&path);
    assert_eq!(settings.library_folder.as_deref(), Some(Path::new("/old")));
    settings.library_folder = None;
    settings.window = None;
    settings.save(&path).unwrap();
    let (settings, _) = Settings::load(&path);
    assert_eq!((settings.library_folder, settings.window), (None, None));
}

#[test]
fn a_file_that_is_no_json_is_kept_beside() {
    let (_dir, path) = with_file("{ half a fi");
    let (settings, notes) = Settings::load(&path);
    assert_eq!(settings, Settings::default());
    assert_eq!(notes.len(), 1);
    settings.save(&path).unwrap();
    assert_eq!(
        fs::read_to_string(beside(&path, "unreadable")).unwrap(),
        "{ half a fi"
    );
}

#[test]
fn no_name_or_password_gets_into_the_file() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("settings.json");
    let settings = Settings {
        flora_base_url: Some("https://me:sk_live_1@flora.test/api/v1?key=sk_live_2".into()),
        ..Settings::default()
    };
    settings.save(&path).unwrap();
    let text = fs::read_to_string(&path).unwrap();
    assert!(!text.contains("sk_live"), "{text}");
    assert!(text.contains("https://flora.test/api/v1"));
}

#[test]
fn a_save_that_fails_leaves_the_old_file() {
    let (dir, path) = with_file(r#"{"theme": "system"}"#);
    // A folder where the `.part` should go.
    fs::create_dir(beside(&path, "part")).unwrap();
    let error = Settings::default().save(&path).unwrap_err();
    assert!(error.details.contains("settings.json"));
    assert_eq!(file(&path), json!({"theme": "system"}));
    drop(dir);
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        // Eighths: JSON text keeps them exactly.
        any::<i32>().prop_map(|eighths| Value::from(f64::from(eighths) / 8.0)),
        "[a-z]{0,6}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        let names = prop_oneof![
            Just("theme".to_owned()),
            Just("panels".to_owned()),
            Just("history".to_owned()),
            Just("query".to_owned()),
            Just("window".to_owned()),
            Just("text_scale".to_owned()),
            "[a-z_]{1,8}",
        ];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::hash_map(names, inner, 0..5)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn any_file_is_read_and_written_again_without_loss(value in any_json()) {
        let (_dir, path) = with_file(&value.to_string());
        let (settings, _) = Settings::load(&path);
        prop_assert!(Settings::TEXT_SCALES.contains(&settings.text_scale));
        settings.save(&path).unwrap();
        let (again, notes) = Settings::load(&path);
        prop_assert!(notes.is_empty(), "{:?}", notes);
        prop_assert_eq!(again.tree(), settings.tree());
        let known = Settings::default().tree();
        for (name, told) in value.as_object().into_iter().flatten() {
            if known.get(name).is_none() {
                prop_assert_eq!(&file(&path)[name], told);
            }
        }
    }
}
