//! When a thread of ours breaks down: a report beside the log, and a word about it at the next start.
//!
//! A report says where it happened and how it got there, and never what was being worked on: a panic's message may hold
//! a prompt or a key, so of a message that was put together only what the language itself says is kept.

use std::any::Any;
use std::backtrace::Backtrace;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::panic::{self, PanicHookInfo};
use std::path::{Path, PathBuf};

use crate::library::Places;
use crate::media;
use crate::model::{Notice, NoticeAction, NoticeLevel};

/// How a report is called until a start has told of it.
const NEW: &str = " new.txt";

/// Reports that are kept.
const KEPT: usize = 20;

/// From now on, a panic on any thread is written down, except those that `media` keeps inside a preview.
pub fn watch(places: &Places) {
    let folder = places.data.clone();
    panic::set_hook(Box::new(move |info| {
        if media::is_guarded() {
            return;
        }
        let Ok(path) = write(&folder, info) else {
            eprintln!("florist: a part of it broke down, and no report could be written");
            return;
        };
        eprintln!("florist: a part of it broke down; see {}", path.display());
    }));
}

/// What to say of reports that no start has told of yet; from now on they are told.
pub(super) fn notice(places: &Places) -> Option<Notice> {
    let mut reports = reports(&places.data);
    reports.sort();
    let older = reports.len().saturating_sub(KEPT);
    for report in reports.drain(..older) {
        fs::remove_file(report).ok();
    }
    let mut told = None;
    for report in reports {
        let name = report.file_name()?.to_string_lossy().into_owned();
        if let Some(stem) = name.strip_suffix(NEW) {
            let path = report.with_file_name(format!("{stem}.txt"));
            // One that cannot be renamed is told of again: better twice than never.
            let moved = fs::rename(&report, &path).is_ok();
            told = Some(if moved { path } else { report });
        }
    }
    let path = told?;
    Some(Notice {
        level: NoticeLevel::Warning,
        text: "Florist broke down the last time. There is a report, without keys or prompts"
            .to_owned(),
        details: path.display().to_string(),
        actions: vec![NoticeAction::Reveal(path)],
    })
}

fn reports(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let paths = entries.map(|entry| entry.path());
    paths
        .filter(|path| {
            let name = path.file_name().and_then(|name| name.to_str());
            name.is_some_and(|name| name.starts_with("florist crash ") && name.ends_with(".txt"))
        })
        .collect()
}

fn write(folder: &Path, info: &PanicHookInfo<'_>) -> std::io::Result<PathBuf> {
    let report = report(info);
    fs::create_dir_all(folder)?;
    let moment = jiff::ZonedDateTime::now()
        .strftime("%Y-%m-%d %H.%M.%S")
        .to_string();
    for number in 1..100 {
        let path = folder.join(format!("florist crash {moment} {number}{NEW}"));
        match OpenOptions::new().write(true).create_new(true).open(&path) {
            Ok(mut file) => {
                file.write_all(report.as_bytes())?;
                file.sync_all()?;
                return Ok(path);
            }
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(std::io::ErrorKind::AlreadyExists.into())
}

fn report(info: &PanicHookInfo<'_>) -> String {
    let thread = std::thread::current();
    let location = info.location().map_or_else(
        || "unknown".to_owned(),
        |location| format!("{}:{}", location.file(), location.line()),
    );
    format!(
        "Florist {}\nsystem: {} {}\ntime: {}\nthread: {}\nat: {location}\nmessage: {}\n\n{}\n",
        env!("CARGO_PKG_VERSION"),
        std::env::consts::OS,
        std::env::consts::ARCH,
        jiff::Timestamp::now(),
        thread.name().unwrap_or("without a name"),
        scrubbed(info.payload()),
        Backtrace::force_capture(),
    )
}

/// What may be told of a panic's message: words from the source, and sums that the language did itself.
fn scrubbed(payload: &(dyn Any + Send)) -> String {
    if let Some(words) = payload.downcast_ref::<&'static str>() {
        return (*words).to_owned();
    }
    let Some(message) = payload.downcast_ref::<String>() else {
        return "of another kind".to_owned();
    };
    numbers_only(message).unwrap_or_else(|| {
        const BEGINNINGS: [&str; 4] = [
            "called `Result::unwrap()` on an `Err` value",
            "called `Result::unwrap_err()` on an `Ok` value",
            "assertion `left == right` failed",
            "assertion `left != right` failed",
        ];
        let known = BEGINNINGS
            .into_iter()
            .find(|known| message.starts_with(known));
        known.map_or_else(
            || "left out, as it may hold what was being worked on".to_owned(),
            |known| format!("{known} (the rest is left out)"),
        )
    })
}

/// Messages of the language that hold nothing but numbers.
fn numbers_only(message: &str) -> Option<String> {
    const SHAPES: [&str; 5] = [
        "index out of bounds: the len is # but the index is #",
        "range start index # out of range for slice of length #",
        "range end index # out of range for slice of length #",
        "slice index starts at # but ends at #",
        "copy_from_slice: source slice length (#) does not match destination slice length (#)",
    ];
    let mut shape = String::new();
    for c in message.chars() {
        match c {
            '0'..='9' if shape.ends_with('#') => {}
            '0'..='9' => shape.push('#'),
            other => shape.push(other),
        }
    }
    SHAPES.contains(&shape.as_str()).then(|| message.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(message: &str) -> String {
        scrubbed(&message.to_owned())
    }

    #[test]
    fn only_words_of_the_source_and_numbers_are_told() {
        assert_eq!(scrubbed(&"a place of ours"), "a place of ours");
        let sum = "index out of bounds: the len is 3 but the index is 17";
        assert_eq!(told(sum), sum);
        for secret in [
            "cannot parse a woman in a red dress",
            "sk_live_1234",
            "index out of bounds: the len is sk_live_1 but the index is 3",
            "called `Result::unwrap()` on an `Err` value: Key(\"sk_live_1234\")",
            "assertion `left == right` failed: red dress\n  left: \"sk_live_1234\"",
        ] {
            let told = told(secret);
            assert!(
                !told.contains("sk_live") && !told.contains("dress"),
                "{told}"
            );
            assert!(told.contains("left out"), "{told}");
        }
    }

    #[test]
    fn each_report_is_told_of_once_and_old_ones_go() {
        let dir = tempfile::tempdir().unwrap();
        let places = Places::under(dir.path());
        assert_eq!(notice(&places), None);
        for number in 10..40 {
            let name = format!("florist crash 2026-01-01 00.00.{number} 1{NEW}");
            fs::write(dir.path().join(name), "report").unwrap();
        }
        fs::write(dir.path().join("florist.log"), "log").unwrap();
        let told = notice(&places).unwrap();
        assert!(told.details.ends_with("00.00.39 1.txt"), "{told:?}");
        assert!(Path::new(&told.details).is_file());
        assert_eq!(reports(dir.path()).len(), KEPT);
        assert!(dir.path().join("florist.log").exists());
        assert_eq!(notice(&places), None);
    }
}
