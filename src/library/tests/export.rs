//! Saving copies.

use std::fs;
use std::path::Path;

use crate::library::testing::{self, image, text, update};
use crate::library::{Library, PartFile, copy};
use crate::model::{
    ConflictRule, OutputKey, RunStatus, SaveRequest, SaveWhat, SavedFile, TextFormat,
};

/// A run with a stored picture, a text, and a picture that is only at FLORA.
fn outputs(library: &Library) -> Vec<OutputKey> {
    let mut done = update("run_1", RunStatus::Completed);
    done.technique_name = Some("Night: sky".into());
    done.outputs = vec![image("o_1"), text("o_2", "tart"), image("o_3")];
    let saved = library.save_run(&testing::profile(), &done).unwrap();
    let run = library.run(saved.key).unwrap();
    let keys: Vec<OutputKey> = run.outputs.iter().map(|output| output.key).collect();
    let place = library.output_place(keys[0]).unwrap();
    let mut part = PartFile::begin(&place.folder, &place.stem).unwrap();
    part.write(b"GIF89a").unwrap();
    let file = part.finish(None, &run.outputs[0].kind).unwrap();
    library.output_stored(keys[0], &file).unwrap();
    keys
}

fn names(saved: &[Option<SavedFile>]) -> Vec<Option<String>> {
    let name = |file: &SavedFile| {
        file.path
            .file_name()
            .unwrap()
            .to_string_lossy()
            .into_owned()
    };
    saved.iter().map(|file| file.as_ref().map(name)).collect()
}

fn save(library: &Library, request: &SaveRequest) -> Vec<Option<SavedFile>> {
    let plan = library.plan_copies(request).unwrap();
    plan.jobs.iter().map(|job| copy(job).unwrap()).collect()
}

fn folder(outputs: &[OutputKey], folder: &Path, conflict: ConflictRule) -> SaveRequest {
    SaveRequest::Folder {
        what: SaveWhat::Outputs(outputs.to_vec()),
        folder: folder.to_owned(),
        text: TextFormat::Markdown,
        conflict,
    }
}

#[test]
fn copies_have_readable_names_and_never_replace() {
    let (dir, library) = testing::library();
    let keys = outputs(&library);
    let target = dir.path().join("out/deep");
    let request = folder(&keys, &target, ConflictRule::AddNumber);
    assert_eq!(library.plan_copies(&request).unwrap().missing, [keys[2]]);

    let first = names(&save(&library, &request));
    let picture = first[0].clone().unwrap();
    assert!(
        picture.starts_with("Night_ sky 20") && picture.ends_with("-1.gif"),
        "{picture}"
    );
    assert!(first[1].as_ref().unwrap().ends_with("-2.md"), "{first:?}");

    let second = names(&save(&library, &request));
    assert_eq!(second[0], Some(picture.replace("-1.gif", "-1 (2).gif")));
    let skipping = folder(&keys, &target, ConflictRule::Skip);
    assert_eq!(names(&save(&library, &skipping)), [None, None]);
    assert_eq!(
        fs::read_dir(&target).unwrap().count(),
        4,
        "and no .part is left"
    );
    assert_eq!(fs::read(target.join(picture)).unwrap(), b"GIF89a");
}

#[test]
fn one_file_goes_exactly_where_the_dialog_said() {
    let (dir, library) = testing::library();
    let keys = outputs(&library);
    let path = dir.path().join("mine.txt");
    fs::write(&path, "to be replaced: the dialog has asked").unwrap();
    let request = SaveRequest::File {
        output: keys[1],
        path: path.clone(),
        conflict: ConflictRule::Replace,
    };
    let saved = save(&library, &request);
    assert_eq!(saved[0].as_ref().unwrap().path, path);
    assert_eq!(fs::read_to_string(&path).unwrap(), "tart");
}

#[test]
fn a_copy_that_fails_leaves_nothing_behind() {
    let (dir, library) = testing::library();
    let keys = outputs(&library);
    let target = dir.path().join("out");
    let plan = library
        .plan_copies(&folder(&keys[..1], &target, ConflictRule::AddNumber))
        .unwrap();
    let original = library.output(keys[0]).unwrap().file.unwrap();
    fs::remove_file(original).unwrap();
    assert!(copy(&plan.jobs[0]).is_err());
    assert_eq!(fs::read_dir(&target).unwrap().count(), 0);
}

#[test]
fn whole_runs_are_saved_though_nobody_looked_at_them() {
    let (dir, library) = testing::library();
    let keys = outputs(&library);
    let run = library.output(keys[0]).unwrap().run;
    let of_run = library.rows(&[run]).unwrap()[0].outputs.len();
    let request = SaveRequest::Folder {
        what: SaveWhat::Runs(vec![run]),
        folder: dir.path().join("runs"),
        text: TextFormat::Txt,
        conflict: ConflictRule::AddNumber,
    };
    let plan = library.plan_copies(&request).unwrap();
    assert!(of_run > 0);
    assert_eq!(plan.jobs.len() + plan.missing.len(), of_run);
}
