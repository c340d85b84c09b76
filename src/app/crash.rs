//! A crash leaves a report beside the log, and the next start says so.
//!
//! A report tells where and in which version it happened. It holds neither keys nor what anybody typed: of a panic's
//! message only what is known to come from the code itself is kept.

use std::backtrace::Backtrace;
use std::fs;
use std::io::Write;
use std::panic::PanicHookInfo;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::library::Places;
use crate::media;
use crate::model::{Notice, NoticeAction, NoticeLevel, now};

/// Begins the name of every report.
const NAME: &str = "crash ";

/// Ends the name of one that was not told of yet, and of one that was.
const NEW: &str = ".new.txt";
const TOLD: &str = ".txt";

/// Reports that are kept.
const KEPT: usize = 10;

/// Beginnings of messages that the standard library formats; what follows them may be anybody's words.
const KNOWN: [&str; 10] = [
    "index out of bounds",
    "range start index",
    "range end index",
    "byte index",
    "called `Option::unwrap()` on a `None` value",
    "called `Result::unwrap()` on an `Err` value",
    "attempt to ",
    "already borrowed",
    "already mutably borrowed",
    "internal error: entered unreachable code",
];

/// From now on a panic of this process writes a report, unless it is a decoder's that will be caught.
pub fn install(places: &Places) {
    let folder = folder(places);
    std::panic::set_hook(Box::new(move |panic| {
        if media::is_guarded() {
            return;
        }
        // Nothing here may panic, or the process would end without another word.
        let report = report(panic);
        // What a desktop's programs say may end in the system's journal: no more than the report holds.
        writeln!(std::io::stderr(), "{report}").ok();
        write(&folder, &report).ok();
    }));
}

/// What to say of crashes since this was asked the last time.
pub(super) fn notice(places: &Places) -> Option<Notice> {
    let reports = reports(&folder(places));
    let mut last = None;
    for path in reports.iter().filter(|path| has_end(path, NEW)) {
        let told = told(path);
        last = Some(fs::rename(path, &told).map_or_else(|_| path.clone(), |()| told));
    }
    for old in reports.iter().rev().skip(KEPT) {
        fs::remove_file(told(old)).ok();
    }
    last.map(|path| Notice {
        level: NoticeLevel::Warning,
        text:
            "Florist ended unexpectedly the last time. A report was kept, without keys or prompts"
                .to_owned(),
        details: fs::read_to_string(&path).unwrap_or_default(),
        actions: vec![NoticeAction::Reveal(path)],
    })
}

fn folder(places: &Places) -> PathBuf {
    let log = places.log();
    log.parent().unwrap_or(Path::new(".")).to_owned()
}

/// The reports there are, oldest first.
fn reports(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let is_one = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.starts_with(NAME) && name.ends_with(TOLD)
    };
    let mut reports: Vec<PathBuf> = entries.map(|entry| entry.path()).filter(is_one).collect();
    reports.sort();
    reports
}

fn has_end(path: &Path, end: &str) -> bool {
    path.to_string_lossy().ends_with(end)
}

fn told(path: &Path) -> PathBuf {
    let name = path.to_string_lossy();
    match name.strip_suffix(NEW) {
        Some(stem) => PathBuf::from(format!("{stem}{TOLD}")),
        None => path.to_owned(),
    }
}

fn write(folder: &Path, report: &str) -> std::io::Result<()> {
    fs::create_dir_all(folder)?;
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    let milliseconds = since.unwrap_or_default().as_millis();
    // A panic while another one unwinds comes within the same millisecond: both are told in one file.
    let path = folder.join(format!("{NAME}{milliseconds}{NEW}"));
    let before = fs::read_to_string(&path).unwrap_or_default();
    fs::write(path, before + report)
}

fn report(panic: &PanicHookInfo<'_>) -> String {
    let thread = std::thread::current();
    let place = panic.location().map(ToString::to_string);
    format!(
        "Florist {} on {} {}\nTime: {}\nThread: {}\nPlace: {}\nMessage: {}\n\n{}\n",
        env!("CARGO_PKG_VERSION"),
        std::env::consts::OS,
        std::env::consts::ARCH,
        now(),
        thread.name().unwrap_or("unnamed"),
        place.as_deref().unwrap_or("unknown"),
        message(panic),
        Backtrace::force_capture()
    )
}

/// A literal is the code's own; what was formatted may hold anything.
fn message(panic: &PanicHookInfo<'_>) -> &'static str {
    if let Some(literal) = panic.payload().downcast_ref::<&'static str>() {
        return literal;
    }
    let formatted = panic.payload().downcast_ref::<String>();
    let formatted = formatted.map(String::as_str).unwrap_or_default();
    let known = KNOWN.into_iter().find(|known| formatted.starts_with(known));
    known.unwrap_or("left out, since it may hold what was typed")
}
