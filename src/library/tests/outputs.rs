//! From FLORA's listing to a file in the library.

use std::fs;

use crate::library::testing::{self, image, order, text, time, update};
use crate::library::{LaunchState, Library, OutputContent, PartFile, StoredFile, store_text};
use crate::model::{Archive, MediaFacts, RowKey, RunStage, RunStatus, RunUpdate, SavedState, Usd};

const GIF: &[u8] = b"GIF89a and so on";

/// A launch of ours whose run has completed with a picture and a text.
fn completed(library: &Library) -> RowKey {
    let order = order("a lemon");
    let profile = testing::profile();
    let row = library.record_launch(&profile, None, &order).unwrap();
    library
        .claim_run(order.id, &update("run_1", RunStatus::Running), None)
        .unwrap();
    let mut done = update("run_1", RunStatus::Completed);
    done.outputs = vec![image("o_1"), text("o_2", "tart")];
    let saved = library.save_run(&profile, &done).unwrap();
    assert_eq!(saved.stage_after, RunStage::Downloading);
    row
}

fn fetch(library: &Library, number: usize) -> (crate::model::OutputKey, StoredFile) {
    let wanted = library.wanted_outputs(&testing::profile()).unwrap();
    let wanted = &wanted[number];
    let place = library.output_place(wanted.key).unwrap();
    let file = match &wanted.content {
        OutputContent::Text(text) => store_text(&place.folder, &place.stem, text).unwrap(),
        OutputContent::Url(_) => {
            let mut part = PartFile::begin(&place.folder, &place.stem).unwrap();
            part.write(GIF).unwrap();
            part.finish(Some(GIF.len() as u64), &wanted.kind).unwrap()
        }
    };
    (wanted.key, file)
}

#[test]
fn a_run_is_done_when_each_of_its_outputs_is_here() {
    let (dir, library) = testing::library();
    let row = completed(&library);
    let (picture, file) = fetch(&library, 0);
    assert!(
        file.path.ends_with("run_1/Poster 1.gif"),
        "{}",
        file.path.display()
    );
    let saved = library.output_stored(picture, &file).unwrap();
    assert_eq!(saved.stage_after, RunStage::Downloading);
    assert_eq!(
        library.launch_of(row).unwrap().unwrap().state,
        LaunchState::Sent
    );
    let facts = MediaFacts {
        width: Some(8),
        ..Default::default()
    };
    library.set_output_facts(picture, &facts).unwrap();
    let (note, file) = fetch(&library, 0);
    let saved = library.output_stored(note, &file).unwrap();
    assert_eq!(saved.stage_after, RunStage::Done);
    assert_eq!(
        library.launch_of(row).unwrap().unwrap().state,
        LaunchState::Settled
    );

    let run = library.run(row).unwrap();
    assert_eq!(run.saved(), SavedState::OnDisk);
    assert_eq!(run.outputs[0].facts, facts);
    assert_eq!(run.outputs[0].bytes, Some(GIF.len() as u64));
    let path = run.outputs[1].file.as_ref().unwrap();
    assert!(path.starts_with(dir.path()));
    assert_eq!(fs::read_to_string(path).unwrap(), "tart");
    assert!(
        library
            .wanted_outputs(&testing::profile())
            .unwrap()
            .is_empty()
    );
}

#[test]
fn a_fetch_that_failed_is_said_and_can_be_tried_again() {
    let (_dir, library) = testing::library();
    let row = completed(&library);
    let wanted = library.wanted_outputs(&testing::profile()).unwrap();
    library.output_retried(wanted[0].key).unwrap();
    let saved = library
        .output_failed(wanted[0].key, "connection lost")
        .unwrap();
    assert_eq!(saved.stage_after, RunStage::Downloading);
    let saved = library.output_link_dead(wanted[1].key).unwrap();
    assert_eq!(saved.stage_after, RunStage::Done);
    let run = library.run(row).unwrap();
    assert_eq!(
        run.outputs[0].archive,
        Archive::Failed("connection lost".into())
    );
    assert_eq!(run.saved(), SavedState::LinkDead);

    let saved = library.want_outputs(row).unwrap();
    assert_eq!(saved.stage_after, RunStage::Downloading);
    let saved = library.leave_outputs(row).unwrap();
    assert_eq!(saved.stage_after, RunStage::Done);
    let run = library.run(row).unwrap();
    assert_eq!(run.outputs[0].archive, Archive::Remote);
    assert_eq!(
        run.outputs[1].archive,
        Archive::Stored,
        "the text is here in any case"
    );
}

#[test]
fn a_file_that_somebody_removed_is_noticed_and_noticed_when_it_is_back() {
    let (_dir, library) = testing::library();
    let row = completed(&library);
    for _ in 0..2 {
        let (output, file) = fetch(&library, 0);
        library.output_stored(output, &file).unwrap();
    }
    assert!(library.verify_outputs(&[row]).unwrap().is_empty());
    let path = library.run(row).unwrap().outputs[0].file.clone().unwrap();
    fs::remove_file(&path).unwrap();
    assert_eq!(library.verify_outputs(&[row]).unwrap().len(), 1);
    let run = library.run(row).unwrap();
    assert_eq!(
        (&run.outputs[0].archive, &run.outputs[0].file),
        (&Archive::Missing, &None)
    );
    assert_eq!(run.saved(), SavedState::Partly);
    assert!(
        library.verify_outputs(&[row]).unwrap().is_empty(),
        "said once"
    );

    fs::write(&path, b"too short").unwrap();
    assert!(
        library.verify_outputs(&[row]).unwrap().is_empty(),
        "another file is not it"
    );
    fs::write(&path, GIF).unwrap();
    assert_eq!(library.verify_outputs(&[row]).unwrap().len(), 1);
    assert_eq!(library.run(row).unwrap().saved(), SavedState::OnDisk);
}

#[test]
fn the_sidecar_tells_the_whole_story() {
    let (_dir, library) = testing::library();
    let row = completed(&library);
    assert_eq!(library.write_sidecar(row).unwrap(), None, "no folder yet");
    let (output, file) = fetch(&library, 0);
    library.output_stored(output, &file).unwrap();
    let charged = RunUpdate {
        charged_cost: Usd::from_dollars(0.16),
        ..update("run_1", RunStatus::Completed)
    };
    library.save_run(&testing::profile(), &charged).unwrap();
    let path = library.write_sidecar(row).unwrap().unwrap();
    library.write_sidecar(row).unwrap();
    let told: serde_json::Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    assert_eq!(told["run_id"], "run_1");
    assert_eq!(told["technique"]["name"], "Poster");
    assert_eq!(told["inputs"][0]["value"], "a lemon");
    assert_eq!(told["outputs"][0]["file"], "Poster 1.gif");
    assert_eq!(told["cost"]["charged_usd"], 0.16);
    assert_eq!(told["created_at"], time(0).to_string());
}

#[test]
fn a_sidecar_that_was_interrupted_is_due_and_leaves_nothing_behind() {
    let (_dir, library) = testing::library();
    let row = completed(&library);
    for _ in 0..2 {
        let (output, file) = fetch(&library, 0);
        library.output_stored(output, &file).unwrap();
    }
    let folder = library.run_folder(row).unwrap();
    // As a kill between its first byte and its name leaves it.
    fs::write(folder.join("run.json.part"), "{\"run_id\": \"ru").unwrap();
    assert_eq!(library.write_due_sidecars(None, 10).unwrap(), Some(row));
    let names = fs::read_dir(&folder).unwrap().flatten();
    let mut names: Vec<_> = names.map(|entry| entry.file_name()).collect();
    names.sort();
    assert_eq!(names, ["Poster 1.gif", "Poster 2.txt", "run.json"]);
    assert_eq!(library.write_due_sidecars(None, 10).unwrap(), None);

    let charged = RunUpdate {
        charged_cost: Usd::from_dollars(0.16),
        ..update("run_1", RunStatus::Completed)
    };
    library.save_run(&testing::profile(), &charged).unwrap();
    let due = library.write_due_sidecars(None, 10).unwrap();
    assert_eq!(due, Some(row), "the cost came later");
    let told = fs::read_to_string(folder.join("run.json")).unwrap();
    assert!(told.contains("0.16"), "{told}");
}
