//! What a rebuilding saves besides the archived runs (for those see `lost`), and what may come in its way.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::library::testing::{self, image, order, text, update};
use crate::library::{DATABASE, LaunchState, Library, PartFile, store_text};
use crate::model::{
    Cost, HistoryQuery, LaunchDraft, LaunchOrder, MediaKind, Run, RunStage, RunStatus, RunUpdate,
    SavedState, Source, TechniqueId, Usd, now,
};

const GIF: &[u8] = b"GIF89a and so on";

/// A library with a run of every fate, closed.
struct Before {
    dir: TempDir,
    done: LaunchOrder,
    failed: LaunchOrder,
    waiting: LaunchOrder,
    doubtful: LaunchOrder,
    runs: Vec<Run>,
}

/// FLORA's word on a finished run with a picture and a text.
fn finished(id: &str) -> RunUpdate {
    RunUpdate {
        charged_cost: Usd::from_dollars(0.16),
        outputs: vec![image(&format!("{id}_1")), text(&format!("{id}_2"), "tart")],
        ..update(id, RunStatus::Completed)
    }
}

fn failed(id: &str) -> RunUpdate {
    RunUpdate {
        error_code: Some("model_timeout".to_owned()),
        error_message: Some("It took too long".to_owned()),
        ..update(id, RunStatus::Failed)
    }
}

fn archive(library: &Library) {
    for wanted in library.wanted_outputs(&testing::profile()).unwrap() {
        let place = library.output_place(wanted.key).unwrap();
        let file = if wanted.kind == MediaKind::Text {
            store_text(&place.folder, &place.stem, "tart").unwrap()
        } else {
            let mut part = PartFile::begin(&place.folder, &place.stem).unwrap();
            part.write(GIF).unwrap();
            part.finish(Some(GIF.len() as u64), &wanted.kind).unwrap()
        };
        library.output_stored(wanted.key, &file).unwrap();
    }
}

fn library_with_every_fate() -> Before {
    let (dir, library) = testing::library();
    let profile = testing::profile();
    let [done, lost, waiting, doubtful] = ["a lemon", "a storm", "a queue", "a doubt"].map(order);
    for order in [&done, &lost, &waiting, &doubtful] {
        library.record_launch(&profile, None, order).unwrap();
    }
    library
        .claim_run(done.id, &finished("run_1"), Some("req_1"))
        .unwrap();
    let elsewhere = library.save_run(&profile, &finished("run_2")).unwrap().key;
    library.want_outputs(elsewhere).unwrap();
    library.claim_run(lost.id, &failed("run_3"), None).unwrap();
    library.mark_sending(doubtful.id, now()).unwrap();
    let mut draft = LaunchDraft::new(TechniqueId::new("tech_poster"));
    draft.count = 7;
    library.save_draft(&profile, &draft, now()).unwrap();
    archive(&library);
    assert!(library.write_due_sidecars(None, 100).unwrap().is_some());
    assert!(library.write_due_sidecars(None, 100).unwrap().is_none());
    let runs = all(&library);
    assert_eq!(runs.len(), 5);
    library.close().unwrap();
    Before {
        dir,
        done,
        failed: lost,
        waiting,
        doubtful,
        runs,
    }
}

/// Every run, by what tells it apart in any database.
fn all(library: &Library) -> Vec<Run> {
    let query = HistoryQuery::default();
    let answer = library
        .row_keys(&testing::profile(), &query, now())
        .unwrap();
    let mut runs = library.rows(&answer.keys).unwrap();
    runs.sort_by_key(|run| (run.run_id.clone(), run.launch));
    runs
}

fn database(dir: &Path) -> PathBuf {
    dir.join(DATABASE)
}

/// Opens the library and holds the runs with folders against what was there.
fn reopened(before: &Before) -> Library {
    let opened = Library::open(before.dir.path()).unwrap();
    assert_eq!(opened.notes.len(), 1, "{:?}", opened.notes);
    let said = &opened.notes[0].summary;
    assert!(said.contains("built anew"), "{said}");
    let library = opened.library;
    let runs = all(&library);
    for (id, launch) in [("run_1", Some(before.done.id)), ("run_2", None)] {
        let is_it = |run: &&Run| {
            run.run_id
                .as_ref()
                .is_some_and(|known| known.as_str() == id)
        };
        let was = before.runs.iter().find(is_it).unwrap();
        let run = runs
            .iter()
            .find(is_it)
            .unwrap_or_else(|| panic!("no {id} in {runs:?}"));
        assert_eq!(
            (run.stage, run.saved()),
            (RunStage::Done, SavedState::OnDisk)
        );
        assert_eq!((run.launch, run.source), (launch, was.source));
        assert_eq!((&run.summary, run.cost), (&was.summary, was.cost));
        assert_eq!(
            (run.created_at, run.completed_at),
            (was.created_at, was.completed_at)
        );
        assert_eq!(run.cost, Cost::Charged(Usd::from_dollars(0.16).unwrap()));
        let files = |run: &Run| -> Vec<_> {
            let outputs = run.outputs.iter();
            outputs
                .map(|output| (output.file.clone(), output.bytes))
                .collect()
        };
        assert_eq!(files(run), files(was));
        assert_eq!(run.outputs[1].excerpt.as_deref(), Some("tart"));
    }
    let row = library.launch_row(before.done.id).unwrap();
    assert_eq!(library.order(row).unwrap().as_ref(), Some(&before.done));
    assert_eq!(
        library.run_detail(row).unwrap().request_id.as_deref(),
        Some("req_1")
    );
    library
}

/// FLORA's history comes in afterwards: nothing is there twice.
fn assert_history_merges(library: &Library, runs: usize) {
    let page = [finished("run_1"), finished("run_2"), failed("run_3")];
    library.save_page(&testing::profile(), &page).unwrap();
    assert_eq!(all(library).len(), runs);
    let row = all(library)
        .iter()
        .find(|run| run.run_id.is_some())
        .unwrap()
        .key;
    assert_eq!(library.run(row).unwrap().saved(), SavedState::OnDisk);
}

#[test]
fn launches_and_forms_are_saved_from_a_damaged_database() {
    let before = library_with_every_fate();
    damage_an_index(&database(before.dir.path()));
    let library = reopened(&before);
    assert_eq!(all(&library).len(), 5, "those without a folder, too");
    let state = |order: &LaunchOrder| {
        let row = library.launch_row(order.id).unwrap();
        library.launch_of(row).unwrap().unwrap()
    };
    // It may have been sent after the last page that can be read: it is looked for first.
    let waiting = state(&before.waiting);
    assert_eq!(waiting.state, LaunchState::Sending);
    assert_eq!(waiting.first_sent_at, Some(before.waiting.created_at));
    assert_eq!(state(&before.doubtful).state, LaunchState::Sending);
    let failed = library.launch_row(before.failed.id).unwrap();
    let failed = library.run(failed).unwrap();
    assert_eq!(
        (failed.stage, failed.source),
        (RunStage::Failed, Source::Here)
    );
    assert_eq!(failed.failure.unwrap().code, "model_timeout");
    let drafts = library.drafts(&testing::profile()).unwrap();
    assert_eq!(
        drafts.iter().map(|draft| draft.count).collect::<Vec<_>>(),
        [7]
    );
    assert_history_merges(&library, 5);
}

#[test]
fn a_bad_page_in_another_table_hides_no_launch() {
    for table in ["runs", "sqlite_autoindex_runs_1", "profiles"] {
        let before = library_with_every_fate();
        damage(&database(before.dir.path()), table);
        let library = reopened(&before);
        for order in [&before.waiting, &before.doubtful] {
            let row = library.launch_row(order.id);
            let row = row.unwrap_or_else(|error| panic!("{table}: {error}"));
            let launch = library.launch_of(row).unwrap().unwrap();
            assert_eq!(&launch.order, order, "{table}");
            let in_doubt = [LaunchState::Sending, LaunchState::Unknown];
            assert!(in_doubt.contains(&launch.state), "{table}: {launch:?}");
        }
    }
}

#[test]
fn an_old_copy_gives_what_it_had_once() {
    let before = library_with_every_fate();
    let dir = before.dir.path();
    damage_an_index(&database(dir));
    let library = reopened(&before);
    let row = library.launch_row(before.waiting.id).unwrap();
    assert!(
        library.give_up(row).unwrap(),
        "the person has changed their mind"
    );
    drop(library);
    fs::remove_file(database(dir)).unwrap();
    let library = reopened(&before);
    assert!(library.launch_row(before.waiting.id).is_err());
}

#[test]
fn a_rebuilding_that_was_interrupted_begins_again() {
    let before = library_with_every_fate();
    let dir = before.dir.path();
    // As a kill in the middle leaves it: set aside, and half a new one.
    fs::rename(
        database(dir),
        dir.join(format!("{DATABASE} damaged 2026-11-24 10.00.00")),
    )
    .unwrap();
    fs::write(dir.join(format!("{DATABASE}.new")), b"half").unwrap();
    let library = reopened(&before);
    assert_eq!(all(&library).len(), 5);
    assert!(!dir.join(format!("{DATABASE}.new")).exists());
}

#[test]
fn odd_folders_are_left_alone_and_counted() {
    let before = library_with_every_fate();
    let dir = before.dir.path();
    let odd = dir.join("Elsewhere/2026/11/run_x");
    fs::create_dir_all(&odd).unwrap();
    fs::write(odd.join("run.json"), b"{\"run_id\": 7}").unwrap();
    // A story that names a file outside of its folder does not get it.
    let story = dir.join("outside.txt");
    fs::write(&story, "mine").unwrap();
    fs::remove_file(database(dir)).unwrap();
    let opened = Library::open(dir).unwrap();
    assert!(
        opened.notes[0].hint.contains("1 folder"),
        "{:?}",
        opened.notes
    );
    assert_eq!(all(&opened.library).len(), 2);
    assert!(odd.join("run.json").exists());
}

/// Writes rubbish over the first page of an index: the check fails, the tables can still be read.
fn damage_an_index(path: &Path) {
    damage(path, "runs_question");
}

fn damage(path: &Path, name: &str) {
    let connection = rusqlite::Connection::open(path).unwrap();
    let sql = "SELECT rootpage FROM sqlite_schema WHERE name = ?1";
    let page: usize = connection
        .query_row(sql, [name], |row| row.get::<_, i64>(0))
        .unwrap()
        .try_into()
        .unwrap();
    let size: i64 = connection
        .pragma_query_value(None, "page_size", |row| row.get(0))
        .unwrap();
    drop(connection);
    let size = usize::try_from(size).unwrap();
    let mut bytes = fs::read(path).unwrap();
    bytes[(page - 1) * size..page * size].fill(0xA5);
    fs::write(path, bytes).unwrap();
}
