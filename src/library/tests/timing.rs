//! How long a hundred thousand runs take. To be run by hand:
//! `cargo test --release --lib library::tests::timing -- --ignored --nocapture`

use std::time::{Duration, Instant};

use crate::library::Library;
use crate::library::testing::{self, image, text, time, update};
use crate::model::{
    Column, HistoryQuery, Match, RunStatus, RunUpdate, SortKey, SortOrder, StatusFilter,
    TechniqueId, Usd,
};

const RUNS: usize = 100_000;
const PAGE: usize = 100;

fn run(number: usize) -> RunUpdate {
    let words = ["sea", "lemon", "moon", "tree", "glass", "winter", "mask"];
    let word = |shift: usize| words[(number + number / 7 * shift + shift) % words.len()];
    let mut told = update(&format!("run_{number:020}"), RunStatus::Completed);
    if number % 20 == 7 {
        told.status = RunStatus::Failed;
    }
    told.technique = TechniqueId::new(format!("tech_{:020}", number % 40));
    told.technique_name = Some(format!("Technique {} {}", number % 40, word(0)).into());
    let created = 1_000 * (RUNS - number) as i64;
    told.created_at = time(created);
    told.started_at = Some(time(created + 500));
    told.completed_at = Some(time(created + 500 + (number as i64 * 7_919) % 60_000));
    told.charged_cost = Some(Usd::from_micros((number as i64 * 31) % 900_000));
    told.outputs = vec![
        image(&format!("output_{number:016}_1")),
        text(
            &format!("output_{number:016}_2"),
            &format!(
                "A {} in the {} with a {} number {number}",
                word(1),
                word(2),
                word(3)
            ),
        ),
    ];
    told
}

fn timed<T>(what: &str, work: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let done = work();
    let taken = start.elapsed();
    println!("{what:<40} {:>9.1} ms", taken.as_secs_f64() * 1e3);
    (done, taken)
}

fn import(library: &Library) {
    let mut taken = Duration::ZERO;
    for first in (0..RUNS).step_by(PAGE) {
        let page: Vec<RunUpdate> = (first..first + PAGE).map(run).collect();
        let start = Instant::now();
        library.save_page(&testing::profile(), &page).unwrap();
        taken += start.elapsed();
    }
    let rate = RUNS as f64 / taken.as_secs_f64();
    println!(
        "{:<40} {:>9.1} ms, {rate:.0} rows/s",
        "import, pages of 100",
        taken.as_secs_f64() * 1e3
    );
}

#[test]
#[ignore = "measures; run it by hand in release"]
fn a_hundred_thousand_runs() {
    let (dir, library) = testing::library();
    let profile = testing::profile();
    import(&library);
    timed("the newest page again", || {
        let page: Vec<RunUpdate> = (0..PAGE).map(run).collect();
        library.save_page(&profile, &page).unwrap()
    });
    let ask = |what: &str, query: HistoryQuery| {
        let now = time(0);
        let (answer, _) = timed(what, || library.row_keys(&profile, &query, now).unwrap());
        println!("{:<40} {:>9} runs", "", answer.keys.len());
        answer
    };
    let all = ask("default order", HistoryQuery::default());
    for column in [
        Column::Status,
        Column::Outputs,
        Column::Technique,
        Column::Summary,
        Column::Created,
        Column::Duration,
        Column::Cost,
        Column::Saved,
    ] {
        let sort = Some(SortKey {
            column,
            order: SortOrder::Descending,
        });
        ask(
            &format!("by {column:?}"),
            HistoryQuery {
                sort,
                ..Default::default()
            },
        );
    }
    for words in ["lemon", "number 4242", "s", "lemon sea moon"] {
        let text = words.to_owned();
        ask(
            &format!("text “{words}”"),
            HistoryQuery {
                text,
                ..Default::default()
            },
        );
    }
    let status = Some(Match::Is(StatusFilter::Failed));
    ask(
        "failed",
        HistoryQuery {
            status,
            ..Default::default()
        },
    );
    timed("50 rows", || {
        library.rows(&all.keys[50_000..50_050]).unwrap()
    });
    timed("counts", || library.counts(&profile, time(0)).unwrap());
    timed("uses of 40 techniques", || {
        library.technique_uses(&profile).unwrap()
    });
    timed("activity", || library.activity(&profile, time(0)).unwrap());
    timed("one technique's rows", || {
        library.technique_rows(&profile, &run(0).technique).unwrap()
    });
    timed("close", || library.close().unwrap());
    timed("open", || Library::open(dir.path()).unwrap());
    let size = std::fs::metadata(dir.path().join(crate::library::DATABASE))
        .unwrap()
        .len();
    println!("{:<40} {:>9.1} MB", "database", size as f64 / 1e6);
}
