//! Following: what it hears of, and what that costs.

use std::time::Duration;

use super::elsewhere;
use super::florist::{Florist, World};
use crate::message::Command;
use crate::model::{Cost, RunStage, Source};
use crate::studio::{Fault, Hold, Rule};

const LIST: &str = "GET /technique-runs";
const RETRIEVE: &str = "GET /techniques/*/runs/*";

#[tokio::test(flavor = "multi_thread")]
async fn a_run_from_elsewhere_comes_when_the_window_asks() {
    let world = World::new().await;
    let mut florist = world.florist().await;
    let run = elsewhere::start(&world, "text").await;
    florist.send(Command::PollNow);
    florist
        .until("it is here", |florist| {
            florist.rows.values().any(|row| {
                row.source == Source::Elsewhere
                    && row.stage == RunStage::Done
                    && row.run_id.as_ref().is_some_and(|id| id.as_str() == run)
            })
        })
        .await;
}

/// Requests of a route during a while in which nothing is asked for.
async fn requests_while_idle(world: &World, florist: &mut Florist) -> u64 {
    let count = || world.requests(LIST) + world.requests(RETRIEVE);
    // The scale of these tests is a fiftieth: this is a minute of a person's.
    let while_idle = Duration::from_millis(1200);
    let before = count();
    let never = florist.until("never", |_| false);
    tokio::time::timeout(while_idle, never).await.unwrap_err();
    count() - before
}

#[tokio::test(flavor = "multi_thread")]
async fn with_nothing_in_flight_nothing_is_asked() {
    let world = World::new().await;
    let mut florist = world.florist().await;
    let launches = florist.launch(&["text"]);
    florist.done(&launches).await;
    florist
        .until("its cost is there", |florist| {
            matches!(florist.row(launches[0]).unwrap().cost, Cost::Charged(_))
        })
        .await;
    // What began before the last answer may still end.
    requests_while_idle(&world, &mut florist).await;
    assert_eq!(requests_while_idle(&world, &mut florist).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_was_deleted_is_not_followed_for_ever() {
    let world = World::new().await;
    let mut florist = world.florist().await;
    world.studio.faults().hold(Hold::Ending);
    let launches = florist.launch(&["text", "text"]);
    florist
        .until("both are running", |florist| {
            florist
                .rows
                .values()
                .filter(|run| run.run_id.is_some())
                .count()
                == 2
        })
        .await;
    let gone = florist.row(launches[0]).unwrap().run_id.clone().unwrap();
    assert!(world.studio.forget_run(gone.as_str()).unwrap());
    florist
        .until("it is said to be gone", |florist| {
            let row = florist.row(launches[0]).unwrap();
            row.stage == RunStage::Failed
                && row
                    .failure
                    .as_ref()
                    .is_some_and(|failure| failure.code == "not_found")
        })
        .await;
    world.studio.faults().hold(Hold::Nothing);
    florist.done(&launches[1..]).await;
}

/// Requests of one tick with this many runs in flight; then all of them end, and none is missed.
async fn requests_of_a_tick(runs: usize) -> u64 {
    let world = World::new().await;
    world.studio.faults().hold(Hold::Queue);
    let client = elsewhere::client(&world);
    for _ in 0..runs {
        elsewhere::start_with(&client, "text").await;
    }
    let mut config = world.config();
    // A person's pace: ticks are seconds apart, so that one can be told from the next.
    config.timings.scale = 1.0;
    let mut florist = Florist::start(config);
    florist.connected().await;
    florist
        .until("all are here", |florist| florist.rows.len() == runs)
        .await;
    let mut least = u64::MAX;
    for _ in 0..3 {
        quiet(&world, &mut florist).await;
        let before = world.requests(LIST);
        florist.send(Command::PollNow);
        quiet(&world, &mut florist).await;
        // A tick of its own may have come between.
        least = least.min(world.requests(LIST) - before);
    }
    assert_eq!(world.requests(RETRIEVE), 0, "none is read by itself");
    world.studio.faults().hold(Hold::Nothing);
    florist
        .until("all are over", |florist| {
            let is_over = |stage| matches!(stage, RunStage::Downloading | RunStage::Done);
            florist.rows.values().all(|run| is_over(run.stage))
        })
        .await;
    least
}

/// Lets what is under way come to its end: nothing is asked for a while.
async fn quiet(world: &World, florist: &mut Florist) {
    loop {
        let before = world.requests(LIST);
        let never = florist.until("never", |_| false);
        let while_quiet = Duration::from_millis(400);
        tokio::time::timeout(while_quiet, never).await.unwrap_err();
        if world.requests(LIST) == before {
            return;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tick_costs_one_request_a_hundred_runs_and_misses_none() {
    for (runs, most) in [(1, 1), (100, 2), (1_000, 12)] {
        let requests = requests_of_a_tick(runs).await;
        eprintln!("{runs} runs in flight: {requests} requests a tick");
        assert!((1..=most).contains(&requests), "{runs} runs: {requests}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_status_nobody_knows_is_followed_like_running() {
    let world = World::new().await;
    let mut florist = world.florist().await;
    world.studio.faults().hold(Hold::Ending);
    let odd = Rule::on("GET /technique-runs", Fault::UnknownStatus("simmering"));
    world.studio.faults().add(odd.times(3));
    let launches = florist.launch(&["text"]);
    florist
        .until("it runs", |florist| {
            florist.stage(launches[0]) == Some(RunStage::Running)
        })
        .await;
    world.studio.faults().hold(Hold::Nothing);
    florist.done(&launches).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_charge_that_comes_late_is_heard_of() {
    let world = World::new().await;
    let late = Fault::late_cost(Duration::from_millis(100));
    world
        .studio
        .faults()
        .add(Rule::on("POST /techniques/*/runs", late));
    let mut florist = world.florist().await;
    let launch = florist.launch(&["text"])[0];
    florist
        .until("it is charged", |florist| {
            florist
                .row(launch)
                .is_some_and(|run| matches!(run.cost, Cost::Charged(_)))
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_charge_that_never_comes_is_not_asked_for_for_ever() {
    let world = World::new().await;
    let never = Fault::late_cost(Duration::from_secs(100_000));
    world
        .studio
        .faults()
        .add(Rule::on("POST /techniques/*/runs", never));
    let mut florist = world.florist().await;
    let launch = florist.launch(&["text"])[0];
    florist
        .until("it is let be", |florist| {
            florist
                .row(launch)
                .is_some_and(|run| run.stage == RunStage::Done && run.cost == Cost::Unknown)
        })
        .await;
    requests_while_idle(&world, &mut florist).await;
    assert_eq!(requests_while_idle(&world, &mut florist).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_fails_says_why_and_is_not_tried_again() {
    let world = World::new().await;
    let moderated = Fault::moderated_run();
    world
        .studio
        .faults()
        .add(Rule::on("POST /techniques/*/runs", moderated));
    let mut florist = world.florist().await;
    let launch = florist.launch(&["text"])[0];
    florist
        .until("it has failed", |florist| {
            florist.stage(launch) == Some(RunStage::Failed)
        })
        .await;
    let failure = florist.row(launch).unwrap().failure.clone().unwrap();
    assert!(!failure.message.is_empty());
    assert_eq!(world.requests("POST /techniques/*/runs"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_whole_history_comes_once_and_later_only_what_is_new() {
    let world = World::new().await;
    let client = elsewhere::client(&world);
    for _ in 0..230 {
        elsewhere::start_with(&client, "text").await;
    }
    let mut florist = world.florist().await;
    florist
        .until("all are here and done", |florist| {
            florist.rows.len() == 230
                && florist.rows.values().all(|run| run.stage == RunStage::Done)
        })
        .await;
    requests_while_idle(&world, &mut florist).await;
    drop(florist);

    let before = world.requests(LIST);
    let mut florist = world.florist().await;
    requests_while_idle(&world, &mut florist).await;
    let asked = world.requests(LIST) - before;
    assert!((1..=3).contains(&asked), "{asked} pages for nothing new");
}
