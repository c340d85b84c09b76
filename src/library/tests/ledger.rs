//! The ledger at each moment at which a program can end.

use crate::library::testing::{self, image, order, text, time, update};
use crate::library::{Change, LaunchState, Library, LibraryError};
use crate::model::{
    Archive, Cost, LaunchOrder, Problem, ProblemAction, RowKey, RunStage, RunStatus, Source, Usd,
    WorkspaceId,
};

/// A power cut: what is on disk now is all there is.
fn cut(dir: &tempfile::TempDir, library: Library) -> Library {
    // No orderly close: the connection is forgotten with its write-ahead log as it stands.
    let copy = tempfile::tempdir().unwrap();
    for entry in std::fs::read_dir(dir.path()).unwrap() {
        let entry = entry.unwrap();
        if entry.path().is_file() {
            std::fs::copy(entry.path(), copy.path().join(entry.file_name())).unwrap();
        }
    }
    drop(library);
    Library::open(&copy.keep()).unwrap().library
}

fn recorded(library: &Library) -> (LaunchOrder, RowKey) {
    let order = order("a lemon in the sea");
    let workspace = WorkspaceId::new("ws_1");
    let row = library
        .record_launch(&testing::profile(), Some(&workspace), &order)
        .unwrap();
    (order, row)
}

#[test]
fn a_recorded_launch_survives_and_waits() {
    let (dir, library) = testing::library();
    let (order, row) = recorded(&library);
    let library = cut(&dir, library);
    let open = library.open_launches(&testing::profile()).unwrap();
    assert_eq!(open.len(), 1);
    assert_eq!((&open[0].order, open[0].row), (&order, row));
    assert_eq!(open[0].state, LaunchState::Recorded);
    assert_eq!((open[0].attempts, open[0].first_sent_at), (0, None));
    let run = library.run(row).unwrap();
    assert_eq!(run.stage, RunStage::Waiting);
    assert_eq!(run.source, Source::Here);
    assert_eq!(&*run.summary, "a lemon in the sea");
    assert_eq!(run.cost, Cost::Quote(Usd::from_dollars(0.15).unwrap()));
    let detail = library.run_detail(row).unwrap();
    assert_eq!(detail.inputs, order.inputs);
}

#[test]
fn a_cut_while_sending_tells_when_it_was_first_sent() {
    let (dir, library) = testing::library();
    let (order, row) = recorded(&library);
    library.mark_sending(order.id, time(100)).unwrap();
    library.mark_sending(order.id, time(900)).unwrap();
    let library = cut(&dir, library);
    let open = library.open_launches(&testing::profile()).unwrap();
    assert_eq!(open[0].state, LaunchState::Sending);
    assert_eq!(open[0].first_sent_at, Some(time(100)));
    assert_eq!(open[0].last_sent_at, Some(time(900)));
    assert_eq!(open[0].attempts, 2);
    assert!(!library.forget_waiting(row).unwrap(), "it may have started");
    assert_eq!(library.run(row).unwrap().stage, RunStage::Sending);
}

#[test]
fn a_claimed_launch_is_followed_and_not_sent_again() {
    let (dir, library) = testing::library();
    let (order, row) = recorded(&library);
    library.mark_sending(order.id, time(100)).unwrap();
    let quoted = crate::model::RunUpdate {
        charged_cost: Usd::from_dollars(0.2),
        ..update("run_1", RunStatus::Pending)
    };
    let claimed = library.claim_run(order.id, &quoted, Some("req_7")).unwrap();
    assert_eq!(claimed.saved.key, row);
    assert_eq!(claimed.replaced, None);
    assert_eq!(claimed.saved.stage_before, Some(RunStage::Sending));
    assert_eq!(claimed.saved.stage_after, RunStage::Pending);

    let library = cut(&dir, library);
    assert!(
        library
            .open_launches(&testing::profile())
            .unwrap()
            .is_empty()
    );
    let followed = library.runs_in_flight(&testing::profile()).unwrap();
    assert_eq!(followed.len(), 1);
    assert_eq!(followed[0].run_id.as_str(), "run_1");
    let detail = library.run_detail(row).unwrap();
    assert_eq!(detail.request_id.as_deref(), Some("req_7"));
    assert_eq!(
        detail.run.cost,
        Cost::Quote(Usd::from_dollars(0.2).unwrap())
    );
    assert_eq!(
        detail.run.created_at, order.created_at,
        "the click's time stays"
    );
}

#[test]
fn recording_the_same_launch_twice_makes_one_row() {
    let (_dir, library) = testing::library();
    let (order, row) = recorded(&library);
    let again = library
        .record_launch(&testing::profile(), None, &order)
        .unwrap();
    assert_eq!(again, row);
    assert_eq!(library.open_launches(&testing::profile()).unwrap().len(), 1);
}

#[test]
fn an_import_that_was_faster_than_the_answer_is_merged_into_the_launch() {
    let (_dir, library) = testing::library();
    let profile = testing::profile();
    let (order, row) = recorded(&library);
    library.mark_sending(order.id, time(0)).unwrap();
    let mut listed = update("run_1", RunStatus::Completed);
    listed.outputs = vec![image("o_1"), text("o_2", "tart and blue")];
    let imported = library.save_run(&profile, &listed).unwrap();
    assert_eq!(imported.change, Change::New);
    assert_ne!(imported.key, row);

    // The answer to the start is older than the page.
    let answer = update("run_1", RunStatus::Pending);
    let claimed = library.claim_run(order.id, &answer, None).unwrap();
    assert_eq!(claimed.replaced, Some(imported.key));
    assert_eq!(claimed.saved.key, row);
    assert_eq!(
        claimed.saved.stage_after,
        RunStage::Downloading,
        "ours are fetched"
    );

    assert!(matches!(
        library.run(imported.key),
        Err(LibraryError::NoSuchRow)
    ));
    assert_eq!(
        library.run_key(&profile, &listed.run_id).unwrap(),
        Some(row)
    );
    let run = library.run(row).unwrap();
    assert_eq!(run.outputs.len(), 2);
    assert!(
        run.outputs
            .iter()
            .all(|output| output.archive == Archive::Fetching)
    );
    let by_text = |words: &str| {
        let query = crate::model::HistoryQuery {
            text: words.to_owned(),
            ..Default::default()
        };
        library.row_keys(&profile, &query, time(0)).unwrap().keys
    };
    assert_eq!(*by_text("tart"), [row], "found by its output");
    assert_eq!(*by_text("lemon"), [row], "and by its input");

    let again = library.claim_run(order.id, &answer, None).unwrap();
    assert_eq!(again.saved.change, Change::Same);
}

#[test]
fn a_lost_answer_is_found_again_among_the_unclaimed_runs() {
    let (_dir, library) = testing::library();
    let profile = testing::profile();
    let (order, row) = recorded(&library);
    let other = order_of_another_launch(&library);
    library.mark_sending(order.id, time(0)).unwrap();
    let mut old = update("run_old", RunStatus::Completed);
    old.created_at = time(-60_000);
    let mut lost = update("run_lost", RunStatus::Running);
    lost.created_at = time(500);
    library.save_page(&profile, &[lost, old]).unwrap();

    let found = library
        .unclaimed_runs(&profile, &order.technique, time(-1_000))
        .unwrap();
    let ids: Vec<&str> = found.iter().map(|run| run.run_id.as_str()).collect();
    assert_eq!(ids, ["run_lost"]);
    let claimed = library.claim_known_run(order.id, found[0].key).unwrap();
    assert_eq!(claimed.saved.key, row);
    assert_eq!(claimed.saved.stage_after, RunStage::Running);
    assert!(
        library
            .unclaimed_runs(&profile, &order.technique, time(-1_000))
            .unwrap()
            .is_empty()
    );

    let taken = library.claim_run(other, &update("run_lost", RunStatus::Running), None);
    assert!(matches!(taken, Err(LibraryError::Claimed(_))), "{taken:?}");
    let second = library.claim_run(order.id, &update("run_other", RunStatus::Running), None);
    assert!(
        matches!(second, Err(LibraryError::Claimed(_))),
        "{second:?}"
    );
}

fn order_of_another_launch(library: &Library) -> crate::model::LaunchId {
    recorded(library).0.id
}

#[test]
fn a_launch_stopped_by_money_waits_for_a_person() {
    let (_dir, library) = testing::library();
    let profile = testing::profile();
    let (order, row) = recorded(&library);
    let problem = Problem::new("Workspace budget is used up").with_action(ProblemAction::OpenPlan);
    let saved = library
        .set_launch_state(order.id, LaunchState::Stopped, Some(problem.clone()))
        .unwrap();
    assert_eq!(saved.change, Change::Changed);
    let run = library.run(row).unwrap();
    assert_eq!(
        (run.stage, run.problem),
        (RunStage::Waiting, Some(problem.clone()))
    );
    assert_eq!(library.counts(&profile, time(0)).unwrap().needs_you, 1);
    assert_eq!(
        library.open_launches(&profile).unwrap()[0].problem,
        Some(problem)
    );

    library
        .set_launch_state(order.id, LaunchState::Recorded, None)
        .unwrap();
    let counts = library.counts(&profile, time(0)).unwrap();
    assert_eq!((counts.needs_you, counts.in_progress), (0, 1));
    assert!(library.forget_waiting(row).unwrap());
    assert!(matches!(library.run(row), Err(LibraryError::NoSuchRow)));
    assert!(library.open_launches(&profile).unwrap().is_empty());
}

#[test]
fn a_launch_that_will_never_be_sent_costs_nothing() {
    let (_dir, library) = testing::library();
    let (order, row) = recorded(&library);
    let problem = Problem::new("2 inputs need a change");
    library
        .set_launch_state(order.id, LaunchState::Abandoned, Some(problem))
        .unwrap();
    let run = library.run(row).unwrap();
    assert_eq!((run.stage, run.cost), (RunStage::Failed, Cost::Unknown));
    assert!(run.failure.is_none() && run.problem.is_some());
}

#[test]
fn a_late_word_about_sending_does_not_reopen_a_claimed_launch() {
    let (_dir, library) = testing::library();
    let (order, row) = recorded(&library);
    library
        .claim_run(order.id, &update("run_1", RunStatus::Running), None)
        .unwrap();
    let late = library
        .set_launch_state(
            order.id,
            LaunchState::Unknown,
            Some(Problem::new("No answer")),
        )
        .unwrap();
    assert_eq!(late.change, Change::Same);
    assert_eq!(library.run(row).unwrap().stage, RunStage::Running);
    assert!(
        library
            .open_launches(&testing::profile())
            .unwrap()
            .is_empty()
    );
}

#[test]
fn an_order_that_cannot_be_read_is_left_to_the_person() {
    let (_dir, library) = testing::library();
    let (_, row) = recorded(&library);
    let sql = "UPDATE launches SET order_json = '{\"shape\": \"of later days\"}'";
    library.connection().execute(sql, []).unwrap();
    assert!(
        library
            .open_launches(&testing::profile())
            .unwrap()
            .is_empty()
    );
    let run = library.run(row).unwrap();
    assert_eq!(run.stage, RunStage::Unknown);
    assert!(run.problem.is_some());
    assert!(
        library
            .mark_sending(crate::model::LaunchId::fresh(), time(0))
            .is_err()
    );
    assert!(library.order(row).is_err());
    let detail = library.run_detail(row).unwrap();
    assert!(
        detail.inputs.is_empty(),
        "the rest can be seen all the same"
    );
}

#[test]
fn a_click_is_recorded_whole_or_not_at_all() {
    let (_dir, library) = testing::library();
    let pages: i64 = library
        .connection()
        .pragma_query_value(None, "page_count", |row| row.get(0))
        .unwrap();
    library
        .connection()
        .pragma_update(None, "max_page_count", pages + 4)
        .unwrap();
    let orders: Vec<LaunchOrder> = (0..50)
        .map(|n| order(&format!("{n} ").repeat(400)))
        .collect();
    let full = library.record_launches(&testing::profile(), None, &orders);
    assert!(
        matches!(full, Err(LibraryError::DiskFull { .. })),
        "{full:?}"
    );
    library
        .connection()
        .pragma_update(None, "max_page_count", 1_000_000)
        .unwrap();
    assert!(
        library
            .open_launches(&testing::profile())
            .unwrap()
            .is_empty()
    );
    library
        .record_launches(&testing::profile(), None, &orders)
        .unwrap();
    assert_eq!(
        library.open_launches(&testing::profile()).unwrap().len(),
        50
    );
}
