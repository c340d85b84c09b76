//! Every kind of output: launched through the form, followed to its end, kept on disk as FLORA made it.

use std::fmt::Write as _;
use std::path::Path;

use florist::model::{Archive, MediaKind, Output};
use florist::studio::OutputFact;
use sha2::{Digest, Sha256};

use crate::support::app::{Opening, TestStudio};

const KINDS: [(&str, MediaKind); 5] = [
    ("Still", MediaKind::Image),
    ("Reel", MediaKind::Video),
    ("Chime", MediaKind::Audio),
    ("Note", MediaKind::Text),
    ("Paper", MediaKind::Document),
];

/// Whether these bytes begin as a file of this kind does.
fn is_of_kind(kind: &MediaKind, bytes: &[u8]) -> bool {
    match kind {
        MediaKind::Image => image::load_from_memory(bytes).is_ok(),
        MediaKind::Video => bytes.get(4..8) == Some(b"ftyp".as_slice()),
        MediaKind::Audio => hound::WavReader::new(bytes).is_ok(),
        MediaKind::Document => bytes.starts_with(b"%PDF-"),
        _ => std::str::from_utf8(bytes).is_ok(),
    }
}

fn sha256(bytes: &[u8]) -> String {
    let mut hex = String::new();
    for byte in Sha256::digest(bytes) {
        write!(hex, "{byte:02x}").expect("a string");
    }
    hex
}

fn assert_kept(library: &Path, output: &Output, made: &OutputFact, words: &str) {
    assert_eq!(output.archive, Archive::Stored, "{output:?}");
    let path = output.file.as_ref().expect("a file");
    assert!(path.starts_with(library), "{}", path.display());
    let bytes = std::fs::read(path).expect("the archived file");
    assert!(is_of_kind(&output.kind, &bytes), "{}", path.display());
    match &made.sha256 {
        Some(hash) => assert_eq!(&sha256(&bytes), hash, "{}", path.display()),
        None => assert_eq!(String::from_utf8(bytes).expect("text"), words),
    }
}

#[test]
fn every_kind_of_output_is_made_through_the_form_and_kept() {
    let home = tempfile::tempdir().expect("a folder");
    let studio = TestStudio::start(&home.path().join("studio"));
    let mut window = Opening::with(&home.path().join("data"), &studio).open();
    for (technique, kind) in &KINDS {
        window.launch(technique, &format!("a {} of the harbour", kind.noun()));
    }
    window.all_done(KINDS.len());

    let made = studio.runs();
    for (technique, kind) in KINDS {
        let runs = window.runs();
        let run = runs.iter().find(|run| &*run.technique_name == technique);
        let run = run.unwrap_or_else(|| panic!("no run of {technique}"));
        let id = run.run_id.as_ref().expect("an id");
        let fact = made.iter().find(|fact| fact.run_id == id.as_str());
        let fact = fact.unwrap_or_else(|| panic!("the studio does not know {id}"));
        assert_eq!(run.outputs.len(), 1, "{run:?}");
        assert_eq!(run.outputs[0].kind, kind);
        let words = format!("a {} of the harbour", kind.noun());
        assert_kept(&window.data, &run.outputs[0], &fact.outputs[0], &words);
    }
}
