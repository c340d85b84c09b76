//! The history's order and filters, against the plainest way to do the same.

use std::cmp::Ordering;

use proptest::prelude::*;

use crate::library::testing::{self, image, order, time, update};
use crate::library::{LaunchState, Library};
use crate::model::{
    Column, HistoryQuery, Match, Run, RunStage, RunStatus, RunUpdate, SavedState, SortKey,
    SortOrder, StatusFilter, TechniqueFilter, Timestamp, Usd,
};

const COLUMNS: [Column; 8] = [
    Column::Status,
    Column::Outputs,
    Column::Technique,
    Column::Summary,
    Column::Created,
    Column::Duration,
    Column::Cost,
    Column::Saved,
];

/// A run's properties, from small ranges so that there are ties.
#[derive(Clone, Debug)]
struct Sample {
    ours: bool,
    technique: usize,
    status: usize,
    created: i64,
    started: Option<i64>,
    length: i64,
    charged: Option<i64>,
    outputs: usize,
    words: usize,
}

fn samples() -> impl Strategy<Value = Vec<Sample>> {
    let sample = (
        any::<bool>(),
        0usize..3,
        0usize..6,
        0i64..5,
        prop::option::of(0i64..4),
        0i64..4,
        prop::option::of(0i64..3),
        0usize..3,
        0usize..4,
    );
    let sample = sample.prop_map(
        |(ours, technique, status, created, started, length, charged, outputs, words)| Sample {
            ours,
            technique,
            status,
            created,
            started,
            length,
            charged,
            outputs,
            words,
        },
    );
    prop::collection::vec(sample, 0..25)
}

const TECHNIQUES: [&str; 3] = ["Poster", "áčko", "palette"];
const WORDS: [&str; 4] = ["", "Zebra at night", "a lemon", "夏の海"];

fn fill(library: &Library, samples: &[Sample]) {
    let profile = testing::profile();
    for (number, sample) in samples.iter().enumerate() {
        let statuses = [
            RunStatus::Pending,
            RunStatus::Running,
            RunStatus::Completed,
            RunStatus::Failed,
            RunStatus::Other("polishing".into()),
        ];
        let status = statuses.get(sample.status).cloned();
        let run = |status: RunStatus| RunUpdate {
            technique: format!("tech_{}", sample.technique).as_str().into_id(),
            technique_name: Some(TECHNIQUES[sample.technique].into()),
            created_at: time(sample.created),
            started_at: sample.started.map(time),
            completed_at: status
                .is_over()
                .then(|| time(sample.created + sample.length)),
            charged_cost: sample.charged.map(Usd::from_micros),
            outputs: (0..sample.outputs)
                .map(|n| image(&format!("o_{n}")))
                .collect(),
            ..update(&format!("run_{number}"), status)
        };
        if !sample.ours {
            let status = status.unwrap_or(RunStatus::Completed);
            library.save_run(&profile, &run(status)).unwrap();
            continue;
        }
        let mut order = order(WORDS[sample.words]);
        order.technique = run(RunStatus::Pending).technique;
        order.technique_name = TECHNIQUES[sample.technique].into();
        order.created_at = time(sample.created);
        library.record_launch(&profile, None, &order).unwrap();
        match status {
            Some(status) => {
                library.claim_run(order.id, &run(status), None).unwrap();
            }
            None => {
                library
                    .set_launch_state(order.id, LaunchState::Stopped, None)
                    .unwrap();
            }
        }
    }
}

trait IntoId {
    fn into_id(self) -> crate::model::TechniqueId;
}

impl IntoId for &str {
    fn into_id(self) -> crate::model::TechniqueId {
        crate::model::TechniqueId::new(self)
    }
}

/// The value of a column, as plainly as it can be said.
fn value(run: &Run, column: Column, now: Timestamp) -> Option<(i64, String)> {
    let number = |number: i64| Some((number, String::new()));
    match column {
        Column::Status => number(run.stage as i64),
        Column::Outputs => number(run.outputs.len() as i64),
        Column::Technique => Some((0, run.technique_name.to_lowercase())),
        Column::Summary => {
            Some((0, run.summary.to_lowercase())).filter(|(_, text)| !text.is_empty())
        }
        Column::Created => number(run.created_at.as_millisecond()),
        Column::Duration => run.duration_ms(now).and_then(number),
        Column::Cost => run.cost.amount().map(Usd::micros).and_then(number),
        Column::Saved => match run.saved() {
            SavedState::Nothing => None,
            SavedState::LinkDead => number(0),
            SavedState::CloudOnly => number(1),
            SavedState::Partly => number(2),
            SavedState::OnDisk => number(3),
        },
    }
}

fn naive(a: &Run, b: &Run, key: SortKey, now: Timestamp) -> Ordering {
    match (value(a, key.column, now), value(b, key.column, now)) {
        (None, None) => Ordering::Equal,
        (None, _) => Ordering::Greater,
        (_, None) => Ordering::Less,
        (Some(a), Some(b)) if key.order == SortOrder::Ascending => a.cmp(&b),
        (Some(a), Some(b)) => b.cmp(&a),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn every_column_sorts_both_ways_as_the_plainest_sort_does(
        samples in samples(), second in 0usize..8, second_up in any::<bool>(), two in any::<bool>()
    ) {
        let (_dir, library) = testing::library();
        fill(&library, &samples);
        let profile = testing::profile();
        let now = time(20);
        let unsorted = library.row_keys(&profile, &HistoryQuery::default(), now).unwrap();
        let runs = library.rows(&unsorted.keys).unwrap();
        prop_assert_eq!(runs.len(), samples.len());
        let order = |up| if up { SortOrder::Ascending } else { SortOrder::Descending };
        let then = two.then(|| SortKey { column: COLUMNS[second], order: order(second_up) });
        for column in COLUMNS {
            for up in [true, false] {
                let sort = SortKey { column, order: order(up) };
                let query = HistoryQuery { sort: Some(sort), then, ..Default::default() };
                let answer = library.row_keys(&profile, &query, now).unwrap();
                let mut expected = runs.clone();
                expected.sort_by(|a, b| {
                    naive(a, b, sort, now)
                        .then_with(|| then.map_or(Ordering::Equal, |then| naive(a, b, then, now)))
                        .then(b.created_at.cmp(&a.created_at))
                        .then(b.key.cmp(&a.key))
                });
                let expected: Vec<_> = expected.iter().map(|run| run.key).collect();
                prop_assert_eq!(answer.keys.to_vec(), expected, "{:?} then {:?}", sort, then);
                prop_assert_eq!(answer.pinned, 0);
            }
        }
    }

    #[test]
    fn a_filter_and_its_opposite_share_the_runs_between_them(samples in samples()) {
        let (_dir, library) = testing::library();
        fill(&library, &samples);
        let profile = testing::profile();
        let keys = |query: HistoryQuery| library.row_keys(&profile, &query, time(20)).unwrap();
        let all = keys(HistoryQuery::default());
        let live = library.rows(&all.keys).unwrap().iter().filter(|run| run.stage.is_live()).count();
        prop_assert_eq!(all.pinned, live);
        prop_assert!(library.rows(&all.keys[..live]).unwrap().iter().all(|run| run.stage.is_live()));

        let mut families = 0;
        for status in StatusFilter::ALL {
            let is = keys(HistoryQuery { status: Some(Match::Is(status)), ..Default::default() });
            let not = keys(HistoryQuery { status: Some(Match::IsNot(status)), ..Default::default() });
            prop_assert_eq!(is.keys.len() + not.keys.len(), all.keys.len());
            families += is.keys.len();
            for run in library.rows(&is.keys).unwrap() {
                let fits = match status {
                    StatusFilter::InProgress | StatusFilter::NeedsYou => run.stage.is_live(),
                    StatusFilter::Done => run.stage == RunStage::Done,
                    StatusFilter::Failed => run.stage == RunStage::Failed,
                };
                prop_assert!(fits, "{:?} is not {:?}", run.stage, status);
            }
        }
        prop_assert_eq!(families, all.keys.len(), "the families cover everything once");

        let technique = TechniqueFilter { id: "tech_1".into_id(), name: String::new() };
        let is = keys(HistoryQuery { technique: Some(Match::Is(technique.clone())), ..Default::default() });
        let not = keys(HistoryQuery { technique: Some(Match::IsNot(technique)), ..Default::default() });
        prop_assert_eq!(is.keys.len(), samples.iter().filter(|sample| sample.technique == 1).count());
        prop_assert_eq!(is.keys.len() + not.keys.len(), all.keys.len());

        let since = keys(HistoryQuery { since: Some(time(3)), ..Default::default() });
        prop_assert_eq!(since.keys.len(), samples.iter().filter(|sample| sample.created >= 3).count());

        let charged: i64 = samples.iter().filter(|s| matches!(s.status, 2 | 3) || (s.status == 5 && !s.ours))
            .filter_map(|sample| sample.charged).sum();
        prop_assert_eq!(all.totals.cost, Usd::from_micros(charged));
        prop_assert_eq!(all.totals.runs, samples.len());
    }
}

#[test]
fn what_is_in_progress_is_pinned_until_a_header_is_clicked() {
    let (_dir, library) = testing::library();
    let profile = testing::profile();
    let at = |id: &str, status, created| RunUpdate {
        created_at: time(created),
        ..update(id, status)
    };
    let page = [
        at("new", RunStatus::Completed, 30),
        at("running", RunStatus::Running, 20),
        at("old", RunStatus::Completed, 10),
    ];
    let saved = library.save_page(&profile, &page).unwrap();
    let answer = library
        .row_keys(&profile, &HistoryQuery::default(), time(40))
        .unwrap();
    assert_eq!(*answer.keys, [saved[1].key, saved[0].key, saved[2].key]);
    assert_eq!(answer.pinned, 1);
    let sort = Some(SortKey {
        column: Column::Created,
        order: SortOrder::Descending,
    });
    let clicked = HistoryQuery {
        sort,
        ..Default::default()
    };
    let answer = library.row_keys(&profile, &clicked, time(40)).unwrap();
    assert_eq!(*answer.keys, [saved[0].key, saved[1].key, saved[2].key]);
    assert_eq!(answer.pinned, 0);
}

#[test]
fn words_are_found_in_names_inputs_and_outputs() {
    let (_dir, library) = testing::library();
    let profile = testing::profile();
    let order = order("A lemon in the sea");
    let launched = library.record_launch(&profile, None, &order).unwrap();
    let mut told = update("run_1", RunStatus::Completed);
    told.technique_name = Some("Palette pull".into());
    told.outputs = vec![testing::text("o_1", "Žlutá, #FFE600; 夏の海")];
    let saved = library.save_run(&profile, &told).unwrap();
    let found = |text: &str| {
        let query = HistoryQuery {
            text: text.to_owned(),
            ..Default::default()
        };
        library.row_keys(&profile, &query, time(0)).unwrap().keys
    };
    assert_eq!(*found("lemon sea"), [launched]);
    assert_eq!(*found("poster lem"), [launched], "across name and input");
    assert_eq!(*found("zluta"), [saved.key]);
    assert_eq!(*found("ffe600"), [saved.key]);
    assert_eq!(*found("の海"), [saved.key]);
    assert_eq!(found("p").len(), 2);
    assert!(found("lemon palette").is_empty());

    told.outputs[0].url_or_text = "Modrá".into();
    library.save_run(&profile, &told).unwrap();
    assert!(found("zluta").is_empty(), "the old words are forgotten");
    assert_eq!(*found("modra"), [saved.key]);
}

#[test]
fn rows_come_in_the_order_asked_and_without_those_that_are_gone() {
    let (_dir, library) = testing::library();
    let page: Vec<RunUpdate> = (0..3)
        .map(|n| update(&format!("run_{n}"), RunStatus::Completed))
        .collect();
    let saved = library.save_page(&testing::profile(), &page).unwrap();
    let keys = [saved[2].key, crate::model::RowKey::new(999), saved[0].key];
    let rows = library.rows(&keys).unwrap();
    let ids: Vec<&str> = rows
        .iter()
        .filter_map(|run| run.run_id.as_ref())
        .map(|id| id.as_str())
        .collect();
    assert_eq!(ids, ["run_2", "run_0"]);
}
