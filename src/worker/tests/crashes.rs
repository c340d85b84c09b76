//! Ended at any moment and started again, on a bad day: nothing is lost, nothing starts twice.

use std::collections::HashSet;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::time::Duration;

use super::florist::{Florist, World, assert_each_started_once};
use crate::model::{LaunchId, RunStage};
use crate::studio::Chaos;

/// What is launched before each end: some alike, some not.
const BATCH: [&str; 6] = [
    "text",
    "text text",
    "text text",
    "text text text",
    "text",
    "picture",
];

/// Launches of the ordinary run.
const LAUNCHES: usize = 42;

/// How often the worker is ended in it.
const KILLS: u64 = 8;

/// Where a launch may stay: its run is over.
fn is_over(stage: RunStage) -> bool {
    matches!(stage, RunStage::Done | RunStage::Failed)
}

/// Lets it work for a while, and ends it wherever it is then.
async fn kill_after(mut florist: Florist, milliseconds: u64) {
    let never = florist.until("never", |_| false);
    tokio::time::timeout(Duration::from_millis(milliseconds), never)
        .await
        .unwrap_err();
    tokio::task::spawn_blocking(move || drop(florist))
        .await
        .unwrap();
}

/// From a seed that is printed, so that a failure can be looked at again.
fn seed() -> u64 {
    let given = std::env::var("FLORIST_SEED")
        .ok()
        .and_then(|seed| seed.parse().ok());
    let seed = given.unwrap_or_else(|| RandomState::new().build_hasher().finish() % 1_000_000);
    eprintln!("FLORIST_SEED={seed}");
    seed
}

#[tokio::test(flavor = "multi_thread")]
async fn ended_at_random_on_a_bad_day_nothing_is_lost_and_nothing_starts_twice() {
    let seed = seed();
    let world = World::new().await;
    world.studio.faults().chaos(Chaos {
        failing_run: 0.0,
        longest_wait: Duration::from_millis(40),
        ..Chaos::bad_day(seed)
    });
    let mut launches: Vec<LaunchId> = Vec::new();
    for kill in 0..KILLS {
        let mut florist = Florist::start(world.config());
        florist.connected().await;
        if launches.len() < LAUNCHES {
            launches.extend(florist.launch(&BATCH));
        }
        kill_after(florist, 20 + (seed.wrapping_mul(kill + 7) % 180)).await;
    }

    world.studio.faults().calm();
    let mut florist = world.florist().await;
    let wanted: HashSet<LaunchId> = launches.iter().copied().collect();
    florist
        .until("every launch has its run, and all are over", |florist| {
            let over = florist.rows.values().filter(|run| {
                is_over(run.stage)
                    && run.run_id.is_some()
                    && run.launch.is_some_and(|launch| wanted.contains(&launch))
            });
            over.count() == wanted.len()
        })
        .await;
    assert_each_started_once(&world, &florist, &launches);
    assert_eq!(world.studio.runs().unwrap().len(), launches.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_click_right_before_closing_is_recorded_and_sent_the_next_time() {
    let world = World::new().await;
    let florist = world.florist().await;
    let launches = florist.launch(&["text", "picture"]);
    tokio::task::spawn_blocking(move || drop(florist))
        .await
        .unwrap();
    let mut florist = world.florist().await;
    florist.done(&launches).await;
    assert_each_started_once(&world, &florist, &launches);
}

#[tokio::test(flavor = "multi_thread")]
async fn ending_never_takes_long_however_much_is_going_on() {
    let world = World::new().await;
    world.studio.faults().add(
        crate::studio::Rule::on(
            "POST /techniques/*/runs",
            crate::studio::Fault::Slow(Duration::from_secs(20)),
        )
        .always(),
    );
    let mut florist = world.florist().await;
    let launches = florist.launch(&["text"; 8]);
    florist
        .until("some are being sent", |florist| {
            launches
                .iter()
                .any(|launch| florist.stage(*launch) == Some(RunStage::Sending))
        })
        .await;
    let begun = std::time::Instant::now();
    tokio::task::spawn_blocking(move || drop(florist))
        .await
        .unwrap();
    let took = begun.elapsed();
    assert!(took < Duration::from_secs(3), "{took:?}");
}
