//! A database that is lost, in every way a disk knows, and what comes back.

use std::fs;
use std::path::{Path, PathBuf};

use crate::library::testing::{self, image, text, time, update};
use crate::library::{
    DATABASE, InputContent, LaunchState, Library, Opened, OutputContent, PartFile, store_input,
    store_text,
};
use crate::model::{
    Cost, InputFile, InputId, LaunchOrder, MediaFacts, MediaKind, OrderInput, OrderValue, RowKey,
    RunDetail, RunStage, RunStatus, RunUpdate, SavedState, Source, Usd,
};

const GIF: &[u8] = b"GIF89a and so on";
const RUNS: usize = 40;

/// A library of settled runs with pictures, texts, files as inputs, charges and failures, and one launch under way.
struct Lived {
    dir: tempfile::TempDir,
    before: Vec<RunDetail>,
    updates: Vec<RunUpdate>,
    open: LaunchOrder,
}

fn lived() -> Lived {
    let (dir, library) = testing::library();
    let profile = testing::profile();
    let mut updates = Vec::new();
    let rows: Vec<RowKey> = (0..RUNS)
        .map(|number| {
            let (row, update) = filed(&library, dir.path(), number);
            updates.push(update);
            row
        })
        .collect();
    let open = testing::order("not sent yet");
    library.record_launch(&profile, None, &open).unwrap();
    let before = rows.iter().map(|row| library.run_detail(*row).unwrap());
    let before = before.collect();
    library.close().unwrap();
    Lived {
        dir,
        before,
        updates,
        open,
    }
}

/// One run of ours, from the click to its files, and what FLORA's history says of it from then on.
fn filed(library: &Library, root: &Path, number: usize) -> (RowKey, RunUpdate) {
    let profile = testing::profile();
    let stored = store_input(root, InputContent::Bytes(GIF)).unwrap();
    let file = InputFile {
        name: "sketch.gif".to_owned(),
        kind: MediaKind::Image,
        hash: stored.hash.as_str().into(),
        bytes: stored.bytes,
        facts: MediaFacts::default(),
    };
    library.save_input_file(&file, &stored).unwrap();
    let mut order = testing::order(&format!("lemon number {number} {}", "and more ".repeat(40)));
    order.inputs.push(OrderInput {
        id: InputId::new("picture"),
        name: "Picture".to_owned(),
        kind: MediaKind::Image,
        value: OrderValue::File(file),
    });
    let row = library.record_launch(&profile, None, &order).unwrap();
    library.mark_sending(order.id, time(10)).unwrap();
    let run = format!("run_{number:03}");
    let started = update(&run, RunStatus::Running);
    library
        .claim_run(order.id, &started, Some("req_1"))
        .unwrap();
    let done = RunUpdate {
        outputs: vec![
            image(&format!("{run}_a")),
            text(&format!("{run}_b"), &format!("tart {number}")),
        ],
        charged_cost: None,
        ..update(&run, RunStatus::Completed)
    };
    library.save_run(&profile, &done).unwrap();
    for key in library.wanted_of(row).unwrap() {
        let wanted = library.output_content(key).unwrap();
        let place = library.output_place(key).unwrap();
        let file = match &wanted.content {
            OutputContent::Text(text) => store_text(&place.folder, &place.stem, text).unwrap(),
            OutputContent::Url(_) => {
                let mut part = PartFile::begin(&place.folder, &place.stem).unwrap();
                part.write(GIF).unwrap();
                part.finish(Some(GIF.len() as u64), &wanted.kind).unwrap()
            }
        };
        library.output_stored(key, &file).unwrap();
        library.write_sidecar(row).unwrap().unwrap();
    }
    // The charge comes after the files, as it does at FLORA.
    let charged = RunUpdate {
        charged_cost: Usd::from_dollars(0.16 + number as f64 / 100.0),
        ..done
    };
    library.save_run(&profile, &charged).unwrap();
    (row, charged)
}

/// Opens a library, and hands back what was said.
fn reopened(dir: &Path) -> (Library, Vec<String>) {
    let Opened { library, notes } = Library::open(dir).unwrap();
    (
        library,
        notes.into_iter().map(|note| note.summary).collect(),
    )
}

/// Every run is back with what it was given, what it made and what it cost, and the history adds none of them again.
fn assert_all_back(lived: &Lived, library: &Library) {
    let profile = testing::profile();
    library.save_page(&profile, &lived.updates).unwrap();
    for (before, update) in lived.before.iter().zip(&lived.updates) {
        let row = library.run_key(&profile, &update.run_id).unwrap();
        let row = row.unwrap_or_else(|| panic!("{} is lost", update.run_id));
        let after = library.run_detail(row).unwrap();
        let id = &update.run_id;
        assert_eq!(after.inputs, before.inputs, "{id}");
        assert_eq!(after.folder, before.folder, "{id}");
        assert_eq!(after.request_id, before.request_id, "{id}");
        assert_eq!(after.run.cost, Cost::Charged(update.charged_cost.unwrap()));
        assert_eq!(after.run.listed_cost, before.run.listed_cost, "{id}");
        assert_eq!(after.run.stage, RunStage::Done, "{id}");
        assert_eq!(after.run.launch, before.run.launch, "{id}");
        assert_eq!(after.run.source, Source::Here, "{id}");
        assert_eq!(after.run.summary, before.run.summary, "{id}");
        assert_eq!(after.run.created_at, before.run.created_at, "{id}");
        assert_eq!(after.run.completed_at, before.run.completed_at, "{id}");
        assert_eq!(after.run.workspace, before.run.workspace, "{id}");
        assert_eq!(after.run.project, before.run.project, "{id}");
        assert_eq!(after.run.saved(), SavedState::OnDisk, "{id}");
        let told = |detail: &RunDetail| {
            let outputs = detail.run.outputs.iter().map(|output| {
                let same = (output.output_id.clone(), output.index, output.kind.clone());
                (
                    same,
                    output.file.clone(),
                    output.bytes,
                    output.excerpt.clone(),
                )
            });
            outputs.collect::<Vec<_>>()
        };
        assert_eq!(told(&after), told(before), "{id}");
        for output in &after.run.outputs {
            let archived = library.archived_output(output.key).unwrap();
            assert!(archived.sha256.is_some(), "{id}");
        }
        assert!(
            library.input_path(hash_of(&after)).unwrap().is_some(),
            "{id}: its file can be handed in again"
        );
    }
    let runs: usize = count(
        library,
        "SELECT COUNT(*) FROM runs WHERE run_id IS NOT NULL",
    );
    assert_eq!(runs, RUNS, "none of them twice");
    assert_eq!(count(library, "SELECT COUNT(*) FROM outputs"), RUNS * 2);
    assert!(library.wanted_outputs(&profile).unwrap().is_empty());
}

fn hash_of(detail: &RunDetail) -> &str {
    let hash = detail.inputs.iter().find_map(|input| match &input.value {
        OrderValue::File(file) => Some(&*file.hash),
        _ => None,
    });
    hash.expect("a file among the inputs")
}

fn count(library: &Library, sql: &str) -> usize {
    let count: u32 = library
        .connection()
        .query_row(sql, [], |row| row.get(0))
        .unwrap();
    count as usize
}

fn database(lived: &Lived) -> PathBuf {
    lived.dir.path().join(DATABASE)
}

/// What was set aside, by its content.
fn kept_aside(lived: &Lived) -> Vec<Vec<u8>> {
    let entries = fs::read_dir(lived.dir.path()).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    let aside = paths.filter(|path| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        name.contains(" damaged ") && !name.ends_with("-wal") && !name.ends_with("-shm")
    });
    aside.map(|path| fs::read(path).unwrap()).collect()
}

#[test]
fn something_that_is_no_database_is_set_aside_and_every_run_is_back() {
    let lived = lived();
    let junk = "this was a database ".repeat(5000);
    fs::write(database(&lived), &junk).unwrap();
    let (library, said) = reopened(lived.dir.path());
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(said[0].contains("runs are back"), "{said:?}");
    assert_all_back(&lived, &library);
    assert_eq!(kept_aside(&lived), [junk.as_bytes()]);
    drop(library);
    let (_library, said) = reopened(lived.dir.path());
    assert!(said.is_empty(), "said once: {said:?}");
}

#[test]
fn a_file_of_no_bytes_is_not_taken_for_a_new_library() {
    let lived = lived();
    fs::write(database(&lived), b"").unwrap();
    let (library, said) = reopened(lived.dir.path());
    assert_eq!(said.len(), 1, "{said:?}");
    assert_all_back(&lived, &library);
}

#[test]
fn a_database_that_somebody_deleted_is_rebuilt_from_the_folders() {
    let lived = lived();
    for suffix in ["", "-wal", "-shm"] {
        fs::remove_file(lived.dir.path().join(format!("{DATABASE}{suffix}"))).ok();
    }
    let (library, said) = reopened(lived.dir.path());
    assert_eq!(said.len(), 1, "{said:?}");
    assert_all_back(&lived, &library);
}

#[test]
fn a_truncated_database_gives_what_is_left_of_it_and_the_folders_the_rest() {
    let whole = lived();
    let length = fs::metadata(database(&whole)).unwrap().len();
    drop(whole);
    for part in [2, 3, 7, 9] {
        let lived = lived();
        let bytes = fs::read(database(&lived)).unwrap();
        let kept = usize::try_from(length * part / 10).unwrap();
        fs::write(database(&lived), &bytes[..kept]).unwrap();
        let (library, said) = reopened(lived.dir.path());
        assert_eq!(said.len(), 1, "at {part}/10: {said:?}");
        assert_all_back(&lived, &library);
        assert_eq!(kept_aside(&lived).len(), 1);
    }
}

#[test]
fn rubbish_in_any_page_costs_no_archived_run() {
    const PAGE: usize = 4096;
    let lived = lived();
    let bytes = fs::read(database(&lived)).unwrap();
    let pages = bytes.len() / PAGE;
    assert!(pages > 20, "{pages} pages are too few to mean anything");
    let mut noticed = 0;
    for page in (0..pages).step_by(pages / 12) {
        let mut broken = bytes.clone();
        broken[page * PAGE..(page + 1) * PAGE].fill(0xA5);
        for suffix in ["-wal", "-shm"] {
            fs::remove_file(lived.dir.path().join(format!("{DATABASE}{suffix}"))).ok();
        }
        fs::write(database(&lived), &broken).unwrap();
        let (library, said) = reopened(lived.dir.path());
        noticed += usize::from(said.len() == 1);
        assert_all_back(&lived, &library);
    }
    assert!(noticed >= 8, "only {noticed} were noticed");
}

#[test]
fn a_launch_under_way_comes_back_in_doubt_and_is_not_sent_by_itself() {
    let lived = lived();
    // An index is enough for the database to be damaged; the tables can be read.
    spoil_an_index(&database(&lived));
    let (library, said) = reopened(lived.dir.path());
    assert_eq!(said.len(), 1, "{said:?}");
    let open = library.open_launches(&testing::profile()).unwrap();
    assert_eq!(open.len(), 1);
    assert_eq!(open[0].order, lived.open);
    assert!(
        matches!(open[0].state, LaunchState::Sending | LaunchState::Unknown),
        "looked for before it is sent"
    );
    assert!(open[0].first_sent_at.is_some());
    let row = library.launch_row(lived.open.id).unwrap();
    assert!(!library.forget_waiting(row).unwrap(), "it may have started");
    assert_all_back(&lived, &library);
}

/// Fills the root page of the runs' question index with rubbish.
fn spoil_an_index(database: &Path) {
    let connection = rusqlite::Connection::open(database).unwrap();
    let page: usize = connection
        .query_row(
            "SELECT rootpage FROM sqlite_schema WHERE name = 'runs_question'",
            [],
            |row| row.get::<_, u32>(0),
        )
        .unwrap() as usize;
    connection.close().unwrap();
    let mut bytes = fs::read(database).unwrap();
    bytes[(page - 1) * 4096..page * 4096].fill(0xA5);
    fs::write(database, bytes).unwrap();
}
