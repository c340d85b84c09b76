//! The house's table of rooms, held against the code: who may import whom, and what stands where.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// A room, the rooms it may import, and the crates it must not name.
struct Room {
    name: &'static str,
    rooms: &'static [&'static str],
    banned: &'static [&'static str],
}

const GRAPHICS: &[&str] = &["egui", "eframe", "egui_extras"];

const ROOMS: &[Room] = &[
    Room {
        name: "model",
        rooms: &[],
        banned: &["egui", "eframe", "tokio", "reqwest", "rusqlite", "axum"],
    },
    Room {
        name: "wire",
        rooms: &[],
        banned: &["egui", "eframe", "tokio", "reqwest", "rusqlite", "axum"],
    },
    Room {
        name: "settings",
        rooms: &["model"],
        banned: &["egui", "eframe", "tokio", "reqwest", "rusqlite"],
    },
    Room {
        name: "message",
        rooms: &["model", "settings"],
        banned: &["egui", "eframe", "tokio", "reqwest", "rusqlite"],
    },
    Room {
        name: "state",
        rooms: &["message", "model", "settings"],
        banned: &[
            "egui",
            "eframe",
            "tokio",
            "reqwest",
            "rusqlite",
            "std::fs",
            "std::thread",
        ],
    },
    Room {
        name: "ui",
        rooms: &["state", "model", "settings"],
        banned: &[
            "tokio",
            "reqwest",
            "rusqlite",
            "std::fs",
            "std::thread",
            "rfd",
        ],
    },
    Room {
        name: "api",
        rooms: &["wire", "model"],
        banned: &["egui", "eframe", "rusqlite", "rfd"],
    },
    Room {
        name: "library",
        rooms: &["model"],
        banned: &["egui", "eframe", "reqwest", "tokio", "rfd"],
    },
    Room {
        name: "media",
        rooms: &["model"],
        banned: &["egui", "eframe", "tokio", "reqwest", "std::thread", "rfd"],
    },
    Room {
        name: "studio",
        rooms: &["wire"],
        banned: &["egui", "eframe", "rfd"],
    },
    Room {
        name: "worker",
        rooms: &[
            "message", "api", "library", "media", "studio", "model", "settings", "wire",
        ],
        banned: &["egui", "eframe", "rfd"],
    },
    Room {
        name: "app",
        rooms: &[
            "message", "state", "ui", "worker", "library", "settings", "model",
        ],
        banned: &["reqwest", "rusqlite", "axum"],
    },
];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let Ok(entries) = fs::read_dir(folder) else {
        return files;
    };
    for entry in entries {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}

/// The files of a room: `src/NAME.rs` and everything below `src/NAME/`.
fn files_of(room: &str) -> Vec<PathBuf> {
    let source = root().join("src");
    let mut files = rust_files(&source.join(room));
    let single = source.join(format!("{room}.rs"));
    if single.exists() {
        files.push(single);
    }
    files
}

/// A file's code without its comments: what is said there binds nobody.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).expect("a source file");
    let lines = text.lines().map(|line| match line.find("//") {
        // A URL in a string is no comment.
        Some(at) if !line[..at].ends_with(':') => &line[..at],
        _ => line,
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Whether `name` stands in `code` as a path's beginning (`name::` not within a longer word).
fn names(code: &str, name: &str) -> bool {
    let needle = format!("{name}::");
    code.match_indices(&needle).any(|(at, _)| {
        let before = code[..at].chars().next_back();
        !before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':')
    })
}

fn rooms_named(code: &str) -> BTreeSet<&'static str> {
    let by_path = |room: &&Room| names(code, &format!("crate::{}", room.name));
    let mut found: BTreeSet<_> = ROOMS.iter().filter(by_path).map(|room| room.name).collect();
    // `use crate::{message, model::…}`
    for (at, _) in code.match_indices("use crate::{") {
        let group = &code[at..code[at..].find(';').map_or(code.len(), |end| at + end)];
        for room in ROOMS {
            let words = group.split(|c: char| !(c.is_alphanumeric() || c == '_'));
            if words.into_iter().any(|word| word == room.name) {
                found.insert(room.name);
            }
        }
    }
    found
}

#[test]
fn rooms_import_only_what_the_table_allows() {
    let mut wrong = Vec::new();
    for room in ROOMS {
        for path in files_of(room.name) {
            let code = code(&path);
            for other in rooms_named(&code) {
                if other != room.name && !room.rooms.contains(&other) {
                    wrong.push(format!(
                        "{}: {} may not import {other}",
                        path.display(),
                        room.name
                    ));
                }
            }
            for name in room.banned {
                if names(&code, name) {
                    wrong.push(format!(
                        "{}: {} must not name {name}",
                        path.display(),
                        room.name
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_room_is_in_the_table_and_on_the_map() {
    let known: BTreeSet<&str> = ROOMS.iter().map(|room| room.name).collect();
    let map = fs::read_to_string(root().join("src/lib.rs")).expect("the map");
    let rooms: BTreeSet<&str> = map
        .lines()
        .filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'))
        .collect();
    assert_eq!(rooms, known, "src/lib.rs and the table differ");
    for room in &known {
        let mentioned = map
            .lines()
            .any(|line| line.starts_with("//!") && line.contains(room));
        assert!(mentioned, "the map in lib.rs does not mention {room}");
        assert!(!files_of(room).is_empty(), "{room} has no files");
    }
}

#[test]
fn only_the_app_is_an_eframe_app_and_shows_dialogs() {
    for path in rust_files(&root().join("src")) {
        let in_app = path.starts_with(root().join("src/app"));
        let code = code(&path);
        if !in_app {
            assert!(
                !code.contains("eframe::App for"),
                "{} is an eframe app",
                path.display()
            );
            assert!(!names(&code, "rfd"), "{} names rfd", path.display());
        }
    }
}

#[test]
fn the_worker_is_the_only_room_that_starts_threads_for_the_window() {
    for room in ["state", "ui", "media", "model", "wire"] {
        for path in files_of(room) {
            let spawns = code(&path).contains("spawn(");
            assert!(!spawns, "{} spawns something", path.display());
        }
    }
    // The graphics crates stay on the window's side.
    for room in [
        "worker", "library", "media", "api", "studio", "state", "message", "model",
    ] {
        for path in files_of(room) {
            let code = code(&path);
            for name in GRAPHICS {
                assert!(!names(&code, name), "{} names {name}", path.display());
            }
        }
    }
}

#[test]
fn files_open_with_their_purpose() {
    let mut without = Vec::new();
    for folder in ["src", "tests/it", "benches"] {
        for path in rust_files(&root().join(folder)) {
            let text = fs::read_to_string(&path).expect("a source file");
            if !text.starts_with("//!") {
                without.push(path.display().to_string());
            }
        }
    }
    assert!(
        without.is_empty(),
        "no purpose sentence:\n{}",
        without.join("\n")
    );
}

#[test]
fn the_top_level_holds_what_the_house_names() {
    let allowed = [
        "Cargo.toml",
        "Cargo.lock",
        "README.md",
        "src",
        "assets",
        "tests",
        "benches",
        "target",
    ];
    for entry in fs::read_dir(root()).expect("the top level") {
        let name = entry
            .expect("an entry")
            .file_name()
            .to_string_lossy()
            .into_owned();
        let fine = allowed.contains(&name.as_str())
            || name.starts_with('.')
            || name.starts_with("LICENSE-");
        assert!(fine, "{name} does not belong at the top level");
    }
}
