//! A thread that breaks down: the report beside the log, what is not in it, and what the next start says.

use std::path::{Path, PathBuf};

use egui::accesskit::Role;
use florist::library::Places;
use florist::media::{MediaError, guarded};

use crate::support::app::Opening;
use crate::support::child;

const PROMPT: &str = "a woman in a red dress";
const KEY: &str = "sk_live_breakdown_0123456789";

/// Breaks down on the main thread of a test and on one with a name, and inside a decoder.
#[test]
#[ignore = "carried out in a process of its own, which breaks down"]
fn child_that_breaks_down() {
    let Some(home) = child::home() else { return };
    florist::app::watch(&Places::under(&home));
    let kept: Result<(), MediaError> = guarded(|| panic!("a decoder met {PROMPT}"));
    assert!(matches!(kept, Err(MediaError::Panicked { .. })));
    assert_eq!(
        reports(&home).len(),
        0,
        "a preview's failure is nobody else's"
    );
    let thread = std::thread::Builder::new().name("library".to_owned());
    let broken = thread.spawn(|| panic!("cannot file {PROMPT} with {KEY}"));
    broken.expect("a thread").join().expect_err("it broke down");
    let refused: Result<u32, String> = KEY.parse::<u32>().map_err(|_| format!("{PROMPT} {KEY}"));
    refused.unwrap();
}

fn reports(data: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(data).expect("the folder");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let mut reports: Vec<PathBuf> = paths
        .filter(|path| path.to_string_lossy().contains("florist crash "))
        .collect();
    reports.sort();
    reports
}

#[test]
fn a_breakdown_is_written_down_without_secrets_and_told_at_the_next_start() {
    let home = tempfile::tempdir().expect("a folder");
    let done = child::carry_out("breakdowns::child_that_breaks_down", home.path());
    assert!(!done.status.success());
    let reports = reports(home.path());
    let texts: Vec<String> = reports
        .iter()
        .map(|path| std::fs::read_to_string(path).expect("a report"))
        .collect();
    assert_eq!(texts.len(), 2, "{}", String::from_utf8_lossy(&done.stderr));
    for text in &texts {
        assert!(text.contains(env!("CARGO_PKG_VERSION")), "{text}");
        assert!(text.contains("at: tests/it/breakdowns.rs:"), "{text}");
        assert!(
            text.contains("breakdowns::child_that_breaks_down"),
            "{text}"
        );
    }
    assert!(texts.iter().any(|text| text.contains("thread: library")));
    let said = String::from_utf8_lossy(&done.stderr);
    let all = format!("{}{said}", texts.concat());
    for secret in [PROMPT, KEY] {
        assert!(!all.contains(secret), "{secret:?} is in\n{all}");
    }

    let mut window = Opening::alone(home.path()).open();
    window.wait_for("Florist broke down the last time");
    window.click(Role::Link, "Reveal");
    window.until("the report is shown", |window| {
        let shown = window.desktop.shown();
        shown.iter().any(|line| line.contains("florist crash "))
    });
    drop(window);
    let mut window = Opening::alone(home.path()).open();
    window.wait_for("Poster");
    assert!(
        !window.sees("broke down"),
        "told once\n{}",
        window.outline()
    );
}
