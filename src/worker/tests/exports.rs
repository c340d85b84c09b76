//! Copies are the original bytes under readable names, and replace nothing unasked.

use std::path::{Path, PathBuf};

use super::desk::{Desk, files_in};
use super::kit;
use crate::message::Event;
use crate::model::{
    ConflictRule, OutputKey, Problem, Run, SaveRequest, SaveWhat, SavedFile, TextFormat,
};
use crate::studio::{Fault, Rule};
use crate::worker::{desktop, export};

impl Desk {
    async fn saved(&mut self, request: SaveRequest) -> (Vec<SavedFile>, Option<Problem>) {
        export::save(&self.cx, request);
        self.until("something is saved", |event| match event {
            Event::Saved { files, problem } => Some((files.clone(), problem.clone())),
            _ => None,
        })
        .await
    }
}

fn keys(run: &Run) -> Vec<OutputKey> {
    run.outputs.iter().map(|output| output.key).collect()
}

fn folder(outputs: Vec<OutputKey>, folder: &Path, conflict: ConflictRule) -> SaveRequest {
    SaveRequest::Folder {
        what: SaveWhat::Outputs(outputs),
        folder: folder.to_owned(),
        text: TextFormat::Markdown,
        conflict,
    }
}

fn extensions(files: &[SavedFile]) -> Vec<String> {
    let extension = |path: &PathBuf| path.extension().unwrap().to_string_lossy().into_owned();
    files.iter().map(|file| extension(&file.path)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn one_output_goes_exactly_where_it_was_asked_for() {
    let mut desk = Desk::new().await;
    let run = desk.run_elsewhere("picture").await;
    let path = desk.home.path().join("desktop/my picture.png");
    let request = SaveRequest::File {
        output: run.outputs[0].key,
        path: path.clone(),
        conflict: ConflictRule::Replace,
    };
    let (files, problem) = desk.saved(request).await;
    assert_eq!(problem, None);
    assert_eq!(files[0].path, path);
    assert_eq!(std::fs::read(&path).unwrap(), kit::picture(1));
    desk.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_whole_run_is_fetched_and_saved_with_readable_names() {
    let mut desk = Desk::new().await;
    let run = desk.run_elsewhere("picture text sound document").await;
    let target = desk.home.path().join("target");
    let (files, problem) = desk
        .saved(folder(keys(&run), &target, ConflictRule::AddNumber))
        .await;
    assert_eq!(problem, None);
    assert_eq!(extensions(&files), ["png", "md", "wav", "pdf"]);
    assert_eq!(std::fs::read(&files[3].path).unwrap(), kit::document());
    let text = std::fs::read_to_string(&files[1].path).unwrap();
    assert!(text.starts_with("Thing number 2"), "{text}");
    assert!(files.iter().all(|file| file.path.starts_with(&target)));
    desk.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_taken_name_gets_a_number_or_is_skipped_and_is_never_replaced() {
    let mut desk = Desk::new().await;
    let run = desk.run_elsewhere("picture").await;
    let target = desk.home.path().join("target");
    let first = folder(keys(&run), &target, ConflictRule::AddNumber);
    let (files, _) = desk.saved(first.clone()).await;
    let taken = files[0].path.clone();
    std::fs::write(&taken, "somebody's own").unwrap();

    let (files, problem) = desk.saved(first).await;
    assert_eq!(problem, None);
    assert_ne!(files[0].path, taken);
    assert_eq!(std::fs::read(&files[0].path).unwrap(), kit::picture(1));

    let skip = folder(keys(&run), &target, ConflictRule::Skip);
    let (files, problem) = desk.saved(skip).await;
    assert_eq!((files, problem), (Vec::new(), None));
    assert_eq!(std::fs::read(&taken).unwrap(), b"somebody's own");
    assert_eq!(files_in(&target).len(), 2);
    desk.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_fetched_keeps_nothing_else_from_being_saved() {
    let mut desk = Desk::new().await;
    let run = desk.run_elsewhere("text picture picture").await;
    desk.studio
        .faults()
        .add(Rule::on("GET /files/**", Fault::Empty(404)).always());
    let target = desk.home.path().join("target");
    let (files, problem) = desk
        .saved(folder(keys(&run), &target, ConflictRule::AddNumber))
        .await;
    assert_eq!(extensions(&files), ["md"]);
    let problem = problem.unwrap();
    assert!(
        problem.summary.starts_with("2 files were not saved"),
        "{problem:?}"
    );
    desk.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_cannot_be_made_is_a_problem_and_no_file() {
    let mut desk = Desk::new().await;
    let run = desk.run_elsewhere("picture").await;
    let blocked = desk.home.path().join("a file");
    std::fs::write(&blocked, "in the way").unwrap();
    let (files, problem) = desk
        .saved(folder(
            keys(&run),
            &blocked.join("below"),
            ConflictRule::AddNumber,
        ))
        .await;
    assert_eq!(files, Vec::new());
    assert!(problem.is_some());
    desk.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_desktop_shows_and_opens_what_it_is_given() {
    let mut desk = Desk::new().await;
    let run = desk.run_elsewhere("document").await;
    desktop::open_output(&desk.cx, run.outputs[0].key);
    desktop::reveal(&desk.cx, PathBuf::from("/somewhere/a.png"));
    desktop::open_url(&desk.cx, "https://app.flora.ai".to_owned());
    desktop::open_url(&desk.cx, "file:///bin/sh".to_owned());
    let refused = desk.until("a page is refused", |event| match event {
        Event::Noticed(notice) => Some(notice.text.clone()),
        _ => None,
    });
    assert_eq!(refused.await, "The page could not be opened");
    let asked = desk.desktop.asked(3).await;
    assert_eq!(
        asked[1..],
        ["reveal /somewhere/a.png", "url https://app.flora.ai"]
    );
    assert!(asked[0].ends_with("Kit 1.pdf"), "{asked:?}");
    desk.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desktop_that_fails_is_said() {
    let mut desk = Desk::new().await;
    desk.desktop.break_down();
    desktop::reveal(&desk.cx, PathBuf::from("/somewhere/a.png"));
    let said = desk.until("it failed", |event| match event {
        Event::Noticed(notice) => Some((notice.text.clone(), notice.details.clone())),
        _ => None,
    });
    let (text, details) = said.await;
    assert_eq!(text, "a.png could not be shown");
    assert_eq!(details, "no file manager");
    desk.close().await;
}
