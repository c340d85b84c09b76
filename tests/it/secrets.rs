//! The key is in none of the places where something is kept: a whole session with a key that can be recognised, then a
//! look into every file of it.

use std::fs;
use std::path::{Path, PathBuf};

use egui::accesskit::Role;
use florist::library::Places;
use florist::model::RunStage;
use florist::state::PickOutcome;

use crate::support::app::{Opening, TestStudio};
use crate::support::child;
use crate::support::kit::REFUSED_WORDS;

/// Of characters that differ when they are written in an address or in base64.
const KEY: &str = "sk_live_Zq7+Kd/9w=ForgetMeNot~0815";

/// Connects, runs, fails, exports, saves, is refused, breaks down, and logs all of it.
#[test]
#[ignore = "carried out in a process of its own, whose arguments and files are looked at"]
fn child_with_a_session() {
    let Some(home) = child::home() else { return };
    let data = home.join("data");
    fs::create_dir_all(&data).expect("a folder");
    let places = Places::under(&data);
    let log = fs::File::create(places.log()).expect("a log");
    tracing_subscriber::fmt()
        .with_max_level(tracing_subscriber::filter::LevelFilter::TRACE)
        .with_ansi(false)
        .with_writer(std::sync::Mutex::new(log))
        .init();
    florist::app::crash::install(&places);

    let mut studio = TestStudio::start(&home.join("studio"));
    studio.change_key(KEY);
    let mut window = Opening::with(&data, &studio).open();
    window.launch("Pair", "salt and rust");
    window.all_done(1);
    window.click(Role::Row, "Pair, done");
    window.wait_for("Save as…");
    let copy = home.join("copy.png");
    window.picker.will(PickOutcome::Paths(vec![copy]));
    window.click(Role::Button, "Save as…");
    window.wait_for("Saved to ");
    window.launch("Note", REFUSED_WORDS);
    window.click(Role::Tab, "History");
    window.until("one run has failed", |window| {
        window.stages().contains(&RunStage::Failed)
    });
    fs::copy("/proc/self/cmdline", home.join("arguments")).expect("the arguments");
    studio.change_key("sk_another");
    window.launch("Note", "too late");
    window.wait_for("Update key…");
    drop(window);
    let thread = std::thread::spawn(|| panic!("could not send {KEY}"));
    thread.join().expect_err("it broke down");
}

#[test]
fn a_whole_session_leaves_the_key_nowhere() {
    let home = tempfile::tempdir().expect("a folder");
    let done = child::carry_out("secrets::child_with_a_session", home.path());
    let said = format!(
        "{}{}",
        String::from_utf8_lossy(&done.stdout),
        String::from_utf8_lossy(&done.stderr)
    );
    assert!(done.status.success(), "{said}");
    assert_without_key(Path::new("what the child said"), said.as_bytes());

    let mut files = Vec::new();
    walk(home.path(), &mut files);
    // The studio is a service like FLORA: it has to know the key that it checks.
    files.retain(|file| !file.starts_with(home.path().join("studio")));
    let mut bytes = 0;
    for file in &files {
        let content = fs::read(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        bytes += content.len();
        assert_without_key(file, &content);
    }
    assert!(bytes > 100_000, "only {bytes} bytes in {files:#?}");
    // What has to be among them, so that looking means something.
    for kept in [
        "florist.db",
        "settings.json",
        "florist.log",
        "run.json",
        "crash ",
        "thumbs",
        "copy.png",
        "arguments",
    ] {
        let found = files
            .iter()
            .any(|file| file.to_string_lossy().contains(kept));
        assert!(found, "no {kept:?} in {files:#?}");
    }
    let log = fs::read_to_string(home.path().join("data/florist.log")).expect("the log");
    assert!(log.contains("TRACE") && log.contains("127.0.0.1"), "{log}");
}

#[test]
fn no_argument_takes_a_key() {
    let help = std::process::Command::new(env!("CARGO_BIN_EXE_florist"))
        .arg("--help")
        .env("FLORA_API_KEY", KEY)
        .output()
        .expect("the app");
    let text = String::from_utf8_lossy(&help.stdout).to_lowercase();
    assert!(text.contains("--data") && !text.contains("--key"), "{text}");
    assert_without_key(Path::new("the help"), &help.stdout);
}

#[test]
fn the_look_into_files_would_find_a_key() {
    for form in forms() {
        let text = format!("before {form} after");
        let found =
            std::panic::catch_unwind(|| assert_without_key(Path::new("x"), text.as_bytes()));
        assert!(found.is_err(), "{form} was not found");
    }
}

fn assert_without_key(file: &Path, content: &[u8]) {
    for form in forms() {
        let found = content
            .windows(form.len())
            .position(|window| window == form.as_bytes());
        if let Some(at) = found {
            let around = &content[at.saturating_sub(80)..(at + form.len() + 40).min(content.len())];
            panic!(
                "the key is in {} as {form:?}: {}",
                file.display(),
                String::from_utf8_lossy(around)
            );
        }
    }
}

/// The key as it is, its longest plain part, as an address holds it, and its middle in base64 at each of three places.
fn forms() -> Vec<String> {
    let escaped: String = url::form_urlencoded::byte_serialize(KEY.as_bytes()).collect();
    let mut forms = vec![KEY.to_owned(), "ForgetMeNot".to_owned(), escaped];
    for skipped in 0..3 {
        // Whole groups of three bytes only: what stands around the key changes the rest.
        let part = &KEY.as_bytes()[skipped..];
        let whole = &part[..part.len() / 3 * 3];
        forms.push(base64(whole, b"+/"));
        forms.push(base64(whole, b"-_"));
    }
    forms.dedup();
    forms
}

fn base64(bytes: &[u8], last: &[u8; 2]) -> String {
    let mut digits: Vec<u8> = (b'A'..=b'Z')
        .chain(b'a'..=b'z')
        .chain(b'0'..=b'9')
        .collect();
    digits.extend(last);
    let digit = |bits: u32| char::from(digits[(bits & 63) as usize]);
    let groups = bytes.chunks_exact(3).map(|group| {
        let bits = u32::from_be_bytes([0, group[0], group[1], group[2]]);
        [bits >> 18, bits >> 12, bits >> 6, bits].map(digit)
    });
    groups.flatten().collect()
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            walk(&path, files);
        } else {
            files.push(path);
        }
    }
}
