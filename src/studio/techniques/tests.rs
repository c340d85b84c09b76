//! The catalogue as a whole, and a contact sheet of everything for the eye.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::{all, samples};
use crate::studio::job::{Body, Input, Job, Made, Media, Technique};
use crate::wire::{self, IoType};

fn specs() -> Vec<wire::Technique> {
    all().iter().map(|technique| technique.spec()).collect()
}

#[test]
fn the_catalogue_is_in_the_order_people_know() {
    let listed: Vec<(String, f64)> = specs()
        .into_iter()
        .map(|spec| (spec.name, spec.run_cost.unwrap_or(-1.0)))
        .collect();
    let wanted = [
        ("Pattern Maker", 0.0),
        ("Colour Transfer", 0.02),
        ("Slow Zoom", 0.08),
        ("Palette Pull", 0.0),
        ("Poster", 0.03),
        ("Halftone Print", 0.01),
        ("Kaleidoscope Loop", 0.06),
        ("Picture to Sound", 0.01),
        ("Field Guide", 0.04),
        ("Composition Notes", 0.0),
        ("Layout Resizer", 0.02),
        ("Lookbook Grid", 0.02),
        ("Duotone Print", 0.01),
        ("Pixel Sort", 0.01),
        ("Film Strip", 0.02),
        ("Sound Portrait", 0.01),
        ("Document Notes", 0.0),
    ];
    assert_eq!(listed, wanted.map(|(name, cost)| (name.to_owned(), cost)));
}

#[test]
fn ids_are_unique_and_well_formed() {
    let specs = specs();
    let ids: BTreeSet<&str> = specs
        .iter()
        .map(|spec| spec.technique_id.as_str())
        .collect();
    assert_eq!(ids.len(), specs.len());
    for spec in &specs {
        assert!(
            spec.technique_id.starts_with("tech_"),
            "{}",
            spec.technique_id
        );
        assert!(
            spec.slug
                .as_deref()
                .is_some_and(|slug| !slug.contains([' ', '_'])),
            "{:?}",
            spec.slug
        );
        let inputs: BTreeSet<&str> = spec.inputs.iter().map(|input| input.id.as_str()).collect();
        assert_eq!(
            inputs.len(),
            spec.inputs.len(),
            "{}: two inputs share an id",
            spec.name
        );
        assert!(!spec.outputs.is_empty(), "{} gives nothing", spec.name);
        for input in &spec.inputs {
            let described = input
                .description
                .as_deref()
                .is_some_and(|text| !text.ends_with('.') && !text.is_empty());
            assert!(
                described,
                "{}: {} has no placeholder",
                spec.name, input.name
            );
        }
    }
}

#[test]
fn every_flag_and_every_kind_is_used() {
    let specs = specs();
    let inputs: Vec<&wire::InputSpec> = specs.iter().flat_map(|spec| &spec.inputs).collect();
    assert!(inputs.iter().any(|input| input.optional));
    assert!(inputs.iter().any(|input| input.allow_multiple));
    assert!(inputs.iter().any(|input| input.accepts_element));
    assert!(
        inputs
            .iter()
            .any(|input| input.specified_aspect_ratio.is_some())
    );
    assert!(
        inputs
            .iter()
            .any(|input| input.specified_duration.is_some())
    );
    for kind in [
        IoType::Text,
        IoType::ImageUrl,
        IoType::VideoUrl,
        IoType::AudioUrl,
        IoType::DocumentUrl,
    ] {
        assert!(
            inputs.iter().any(|input| input.kind == kind),
            "no input takes {kind}"
        );
        let given = specs
            .iter()
            .flat_map(|spec| &spec.outputs)
            .any(|output| output.kind == kind);
        assert!(given, "no output gives {kind}");
    }
}

#[test]
fn every_technique_stops_when_the_studio_is_closed() {
    for technique in all() {
        let spec = technique.spec();
        // Only those that need no film, sound or document of ours; the others stop in the same way.
        if spec
            .inputs
            .iter()
            .any(|input| !matches!(input.kind, IoType::Text | IoType::ImageUrl))
        {
            continue;
        }
        let job = Job {
            inputs: answers(&spec, &BTreeMap::new()),
            progress: &|_| false,
        };
        let failure = technique.run(&job).expect_err(&spec.name);
        assert_eq!(failure.code, "internal_error", "{}: {failure}", spec.name);
    }
}

/// Writes what every technique makes of the samples to the directory named by `FLORIST_SHEET`, to be looked at:
/// `FLORIST_SHEET=/tmp/sheet cargo test --release --lib contact_sheet -- --ignored`.
#[test]
#[ignore = "for the eye: writes files"]
fn contact_sheet() {
    let Some(directory) = std::env::var_os("FLORIST_SHEET") else {
        return;
    };
    let directory = Path::new(&directory);
    std::fs::create_dir_all(directory).expect("a directory");
    let mut files: BTreeMap<&str, Media> = BTreeMap::new();
    for sample in samples::samples() {
        std::fs::write(directory.join(sample.name), &sample.bytes).expect("written");
        files.insert(sample.name, media(sample.name, sample.bytes));
    }
    for technique in all() {
        let spec = technique.spec();
        let made = run(technique.as_ref(), answers(&spec, &files));
        for (output, made) in spec.outputs.iter().zip(&made) {
            assert_eq!(made.kind, output.kind, "{}: {}", spec.name, output.id);
            let (extension, bytes) = content(made);
            let name = format!(
                "{}-{}.{extension}",
                spec.slug.as_deref().unwrap_or_default(),
                output.id
            );
            std::fs::write(directory.join(&name), bytes).expect("written");
            // What one technique makes is what another takes.
            match extension {
                "mp4" => drop(files.insert("film.mp4", media(&name, bytes.to_vec()))),
                "wav" => drop(files.insert("sound.wav", media(&name, bytes.to_vec()))),
                "pdf" => drop(files.insert("book.pdf", media(&name, bytes.to_vec()))),
                _ => {}
            }
        }
        assert_eq!(made.len(), spec.outputs.len(), "{}", spec.name);
    }
}

fn run(technique: &dyn Technique, inputs: BTreeMap<String, Input>) -> Vec<Made> {
    let job = Job {
        inputs,
        progress: &|_| true,
    };
    technique
        .run(&job)
        .unwrap_or_else(|failure| panic!("{}: {failure}", technique.spec().name))
}

fn content(made: &Made) -> (&'static str, &[u8]) {
    match &made.body {
        Body::Text(text) => ("md", text.as_bytes()),
        Body::File {
            extension, bytes, ..
        } => (extension, bytes),
    }
}

fn media(name: &str, bytes: Vec<u8>) -> Media {
    Media {
        name: name.to_owned(),
        content_type: String::new(),
        bytes: bytes.into(),
    }
}

/// A plausible answer for every input: words, and a different sample for each picture.
fn answers(spec: &wire::Technique, files: &BTreeMap<&str, Media>) -> BTreeMap<String, Input> {
    let mut pictures = samples::names().cycle();
    let mut picture = || {
        let name = pictures.next().unwrap_or_default();
        let known = files.get(name).cloned();
        known.unwrap_or_else(|| {
            media(
                name,
                crate::studio::kit::answers::tests::test_picture(96, 64),
            )
        })
    };
    spec.inputs
        .iter()
        .filter_map(|input| {
            let value = match (&input.kind, input.id.as_str()) {
                (IoType::Text, "words") => {
                    Input::Text("quiet harbour at dawn, teal and rust".into())
                }
                (IoType::Text, "title") => Input::Text("Six views of the north shore".into()),
                (IoType::Text, _) => return None,
                (IoType::ImageUrl, "border") => return None,
                (IoType::ImageUrl, _) => Input::Media(picture()),
                (IoType::VideoUrl, _) => Input::Media(files.get("film.mp4")?.clone()),
                (IoType::AudioUrl, _) => Input::Media(files.get("sound.wav")?.clone()),
                (IoType::DocumentUrl, _) => Input::Media(files.get("book.pdf")?.clone()),
                (IoType::Unknown(kind), _) => panic!("unknown kind {kind}"),
            };
            Some((input.id.clone(), value))
        })
        .collect()
}
