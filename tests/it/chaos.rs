//! The worker in a process of its own, killed again and again on a bad day: nothing is lost, nothing starts twice.
//!
//! The studio runs here, so that what really happened can be counted. `FLORIST_SEED` repeats a schedule; the long one is
//! `cargo test --test it chaos -- --ignored`, and `FLORIST_CHAOS=LAUNCHES,KILLS` scales it.

mod child;
mod plan;
mod verdict;

use std::path::Path;
use std::time::{Duration, Instant};

use florist::studio::Chaos;

use crate::support::app::TestStudio;
use child::Child;
use plan::{Life, Plan};
use verdict::Tally;

#[test]
fn killed_at_random_on_a_bad_day_every_start_counts_once_and_every_file_is_whole() {
    trial(300, 15);
}

#[test]
#[ignore = "takes long: ten thousand launches, three hundred kills"]
fn killed_three_hundred_times_ten_thousand_starts_count_once() {
    let scale = std::env::var("FLORIST_CHAOS").ok();
    let scale = scale.as_deref().and_then(|scale| scale.split_once(','));
    let number = |text: &str| text.parse().expect("FLORIST_CHAOS=LAUNCHES,KILLS");
    let (launches, kills) = scale.map_or((10_000, 300), |(launches, kills)| {
        (number(launches), number(kills))
    });
    trial(launches, kills);
}

/// Runs inside the child process only.
#[test]
#[ignore = "the process that the chaos tests start and kill"]
fn child_process() {
    child::run();
}

fn trial(launches: usize, kills: usize) {
    let plan = Plan::new(plan::seed(), launches, kills);
    let home = tempfile::tempdir().expect("a folder");
    let mut studio = TestStudio::start(&home.path().join("studio"));
    let begun = Instant::now();
    let mut tally = Tally::default();
    for life in &plan.lives {
        live(life, &plan, home.path(), &mut studio, &mut tally);
    }
    settle(home.path(), &studio, &mut tally);
    let report = tally.verify(&studio, &home.path().join("florist"));
    eprintln!(
        "chaos: seed {}, {kills} kills, {} studio restarts: {report}, {:.0} s",
        plan.seed,
        tally.restarts,
        begun.elapsed().as_secs_f64()
    );
    assert!(
        report.recorded > launches * 4 / 5,
        "most clicks got through: {report}"
    );
    assert!(
        report.in_storm > report.recorded / 4,
        "a good part of them when things went wrong: {report}"
    );
}

/// One life of the child: it is given its launches and killed wherever it is then.
fn live(life: &Life, plan: &Plan, home: &Path, studio: &mut TestStudio, tally: &mut Tally) {
    studio.studio().faults().chaos(chaos(plan.seed ^ life.salt));
    let mut child = Child::start(home, studio);
    for click in &life.clicks {
        tally.clicked(click);
        child.launch(click);
    }
    if let Some(after) = life.studio_dies_after {
        child.listen_for(after, tally);
        restart(studio, tally);
        studio
            .studio()
            .faults()
            .chaos(chaos(plan.seed ^ !life.salt));
    }
    child.listen_for(life.dies_after, tally);
    child.kill(tally);
}

fn restart(studio: &mut TestStudio, tally: &mut Tally) {
    tally.count_overlaps(studio);
    tally.restarts += 1;
    studio.kill();
    studio.come_back();
}

fn chaos(seed: u64) -> Chaos {
    Chaos {
        longest_wait: Duration::from_millis(60),
        ..Chaos::bad_day(seed)
    }
}

/// The sky clears: a last life in which everything comes to its end.
fn settle(home: &Path, studio: &TestStudio, tally: &mut Tally) {
    studio.studio().faults().calm();
    tally.in_storm = studio.runs().len();
    let recorded = tally.recorded_in(&home.join("florist"));
    let mut child = Child::start(home, studio);
    child.until_over(&recorded, tally);
    child.end(tally);
}
