//! A crash leaves a report without keys or prompts, and the next start says so.

use std::path::{Path, PathBuf};
use std::process::Command;

use egui::accesskit::Role;
use florist::app::crash;
use florist::library::Places;

use crate::support::app::Opening;

/// What must not be in a report.
const KEY: &str = "sk_live_crash_7391";
const PROMPT: &str = "a lighthouse that nobody may know of";

/// Runs inside the child process only: it crashes in the way that is asked for.
#[test]
#[ignore = "the process that the tests about crashes start"]
fn child_process() {
    let data = std::env::var_os("FLORIST_CRASH_DATA").expect("this is not a test of its own");
    crash::install(&Places::under(Path::new(&data)));
    match std::env::var("FLORIST_CRASH_KIND").as_deref() {
        Ok("formatted") => panic!("cannot run {PROMPT} with {KEY}"),
        Ok("index") => {
            let at = PROMPT.len();
            let numbers = [1, 2, 3];
            assert!(numbers[at] > 0);
        }
        Ok("thread") => {
            let thread = std::thread::Builder::new().name("porter".to_owned());
            let thread = thread.spawn(|| panic!("a literal")).expect("a thread");
            thread.join().expect_err("it has panicked");
        }
        Ok("decoder") => {
            let broken = b"\x89PNG\r\n\x1a\n and then nothing that makes sense".repeat(40);
            let path = Path::new(&data).join("broken.png");
            std::fs::create_dir_all(&data).expect("a folder");
            std::fs::write(&path, broken).expect("written");
            florist::media::facts(&path, &florist::media::Limits::default()).ok();
        }
        other => panic!("which crash is {other:?}?"),
    }
}

/// Crashes a process with its data here, and hands back what it wrote.
fn crash_in(data: &Path, kind: &str) -> Vec<String> {
    let output = Command::new(std::env::current_exe().expect("this test"))
        .args([
            "--exact",
            "crash::child_process",
            "--ignored",
            "--nocapture",
        ])
        .env("FLORIST_CRASH_DATA", data)
        .env("FLORIST_CRASH_KIND", kind)
        .env("FLORA_API_KEY", KEY)
        .output()
        .expect("it starts");
    assert_eq!(
        output.status.success(),
        ["thread", "decoder"].contains(&kind)
    );
    reports(data)
        .iter()
        .map(|path| std::fs::read_to_string(path).expect("readable"))
        .collect()
}

fn reports(data: &Path) -> Vec<PathBuf> {
    let log = Places::under(data).log();
    let entries = std::fs::read_dir(log.parent().expect("a folder"))
        .into_iter()
        .flatten();
    let paths = entries.flatten().map(|entry| entry.path());
    let is_one = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.starts_with("crash ")
    };
    paths.filter(is_one).collect()
}

#[test]
fn a_report_says_where_and_never_what_was_typed() {
    for (kind, message) in [
        ("formatted", "left out"),
        ("index", "index out of bounds"),
        ("thread", "a literal"),
    ] {
        let home = tempfile::tempdir().expect("a folder");
        let written = crash_in(home.path(), kind);
        assert_eq!(written.len(), 1, "{kind}: {written:?}");
        let report = &written[0];
        for expected in [
            message,
            "tests/it/crash.rs:",
            "child_process",
            env!("CARGO_PKG_VERSION"),
        ] {
            assert!(report.contains(expected), "{kind}, no {expected}: {report}");
        }
        for secret in [KEY, PROMPT] {
            assert!(!report.contains(secret), "{kind}: {report}");
        }
    }
}

#[test]
fn a_file_that_cannot_be_read_is_no_crash() {
    let home = tempfile::tempdir().expect("a folder");
    assert_eq!(crash_in(home.path(), "decoder"), [""; 0]);
}

#[test]
fn the_next_start_says_it_once_and_leads_to_the_report() {
    let home = tempfile::tempdir().expect("a folder");
    crash_in(home.path(), "formatted");
    let mut window = Opening::alone(home.path()).open();
    window.until("the crash is told", |window| {
        window.outline().contains("Florist ended unexpectedly")
    });
    window.click(Role::Link, "Reveal");
    window.until("the folder is shown", |window| {
        !window.desktop.shown().is_empty()
    });
    let shown = window.desktop.shown();
    assert!(
        shown[0].starts_with("reveal ") && shown[0].contains("crash "),
        "{shown:?}"
    );
    let told = PathBuf::from(shown[0].trim_start_matches("reveal "));
    assert!(told.is_file(), "{told:?}");
    drop(window);

    let mut again = Opening::alone(home.path()).open();
    again.until("it is connected", |window| {
        window.outline().contains("Connected")
    });
    assert!(!again.outline().contains("Florist ended unexpectedly"));
    assert_eq!(reports(home.path()).len(), 1, "it is kept");
}
