//! A run from its start to its end, as a follower sees it.

use std::cell::RefCell;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::support::{Bench, text};
use crate::studio::{Fault, Hold, Pace, Rule, Twist};

#[tokio::test]
async fn a_run_waits_runs_and_completes_with_every_time_in_order() {
    let bench = Bench::new().await;
    bench.studio.faults().hold(Hold::Queue);
    let run = bench.start("hello").await;
    let waiting = bench.when(&run, |_| true).await;
    assert_eq!(waiting["status"], "pending");
    assert_eq!(waiting.get("charged_cost"), None);
    assert_eq!(waiting.get("started_at"), None);

    bench.studio.faults().hold(Hold::Ending);
    let running = bench.when(&run, |run| run["progress"] == 99.0).await;
    assert_eq!(running["status"], "running");
    assert_eq!(running["outputs"], json!([]));
    assert_eq!(running.get("completed_at"), None);

    bench.studio.faults().hold(Hold::Nothing);
    let done = bench.over(&run).await;
    assert_eq!(done["status"], "completed");
    assert_eq!(done["progress"], 100.0);
    let times: Vec<i64> = ["created_at", "started_at", "completed_at"]
        .iter()
        .map(|name| done[name].as_i64().unwrap())
        .collect();
    assert!(times.is_sorted(), "{times:?}");
    assert_eq!(done["outputs"][0]["type"], "text");
    assert_eq!(done["outputs"][0]["url"], "hello");
    assert_eq!(done["outputs"][1]["type"], "imageUrl");
    let url = text(&done["outputs"][1]["url"]);
    assert!(
        url.starts_with(&bench.studio.file_origin()) && url.ends_with(".png"),
        "{url}"
    );
    assert_ne!(
        bench.studio.file_origin(),
        bench.studio.base_url().replace("/api/v1", "")
    );
}

#[tokio::test]
async fn progress_moves_with_the_pace_and_the_run_takes_its_time() {
    let pace = Duration::from_millis(400);
    let bench = Bench::with(|config| config.pace = Pace::exactly(pace)).await;
    let begun = Instant::now();
    let run = bench.start("slowly").await;
    let seen = RefCell::new(Vec::new());
    bench
        .when(&run, |run| {
            seen.borrow_mut().push(run["progress"].as_f64().unwrap());
            run["status"] == "completed"
        })
        .await;
    let seen = seen.into_inner();
    assert!(begun.elapsed() >= pace, "{:?}", begun.elapsed());
    assert!(seen.is_sorted(), "{seen:?}");
    assert!(
        seen.iter().any(|progress| (10.0..90.0).contains(progress)),
        "{seen:?}"
    );
}

#[tokio::test]
async fn the_cost_appears_a_little_after_the_end() {
    let bench = Bench::with(|config| config.cost_delay = Duration::from_secs(600)).await;
    let run = bench.start("hello").await;
    assert_eq!(run["charged_cost"], 0.25);
    let done = bench.over(&run).await;
    assert_eq!(done.get("charged_cost"), None);
    bench.studio.skip_time(Duration::from_secs(601));
    let later = bench.over(&run).await;
    assert_eq!(later["charged_cost"], 0.25);
}

#[tokio::test]
async fn a_failed_run_looks_finished_and_is_refunded() {
    let bench = Bench::new().await;
    let run = bench.start("fail").await;
    let failed = bench.over(&run).await;
    assert_eq!(failed["status"], "failed");
    assert_eq!(failed["progress"], 100.0);
    assert!(failed["completed_at"].is_number());
    assert_eq!(failed["error_code"], "GENERATION_INVALID_PARAMS");
    assert_eq!(failed["error_message"], "As told");
    assert_eq!(failed["charged_cost"], 0.0);
    assert_eq!(failed["outputs"], json!([]));
    let nothing = bench.start("nothing").await;
    assert_eq!(
        bench.over(&nothing).await["error_code"],
        "GENERATION_NO_RESULT"
    );
}

#[tokio::test]
async fn a_technique_that_panics_fails_its_run_and_nothing_else() {
    let bench = Bench::with(|config| config.workers = 1).await;
    let bad = bench.start("panic").await;
    let good = bench.start("fine").await;
    assert_eq!(bench.over(&bad).await["error_code"], "internal_error");
    assert_eq!(bench.over(&good).await["status"], "completed");
}

#[tokio::test]
async fn no_more_runs_work_at_a_time_than_there_are_workers() {
    let bench = Bench::with(|config| config.workers = 2).await;
    bench.studio.faults().hold(Hold::Ending);
    let mut runs = Vec::new();
    for n in 0..5 {
        runs.push(bench.start(&format!("run {n}")).await);
    }
    bench.when(&runs[0], |run| run["status"] == "running").await;
    bench.when(&runs[1], |run| run["status"] == "running").await;
    let running = bench.get("/technique-runs?status=running").await.body;
    assert_eq!(running["technique_runs"].as_array().unwrap().len(), 2);
    let pending = bench.get("/technique-runs?status=pending").await.body;
    assert_eq!(pending["technique_runs"].as_array().unwrap().len(), 3);
    bench.studio.faults().hold(Hold::Nothing);
    for run in &runs {
        assert_eq!(bench.over(run).await["status"], "completed");
    }
}

#[tokio::test]
async fn twists_make_runs_fail_cost_and_last_otherwise() {
    let bench = Bench::new().await;
    let faults = bench.studio.faults();
    let start = "POST /techniques/*/runs";
    faults.add(Rule::on(
        start,
        Fault::failing_run("model_timeout", "Too slow"),
    ));
    faults.add(Rule::on(start, Fault::moderated_run()));
    faults.add(Rule::on(start, Fault::late_cost(Duration::from_secs(60))));
    let dear = Twist {
        charge: Some(0.873),
        ..Twist::default()
    };
    faults.add(Rule::on(start, Fault::Twist(dear)));
    faults.add(Rule::on(start, Fault::slow_run(Duration::from_millis(150))));
    let mut runs = Vec::new();
    for _ in 0..5 {
        let run = bench.start("hi").await;
        runs.push(bench.over(&run).await);
    }
    assert_eq!(runs[0]["error_code"], "model_timeout");
    assert_eq!(runs[1]["error_code"], "GPU_PROVIDER_ERROR");
    assert!(text(&runs[1]["error_message"]).contains("moderation"));
    assert_eq!(runs[2].get("charged_cost"), None);
    assert_eq!(runs[3]["charged_cost"], 0.873);
    let took =
        |run: &Value| run["completed_at"].as_i64().unwrap() - run["started_at"].as_i64().unwrap();
    assert!(took(&runs[4]) >= 150, "{}", runs[4]);
    assert_eq!(faults.waiting(), 0);
}
