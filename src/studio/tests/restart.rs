//! What survives an end, gentle or not.

use std::net::TcpListener;

use serde_json::json;

use super::support::{Bench, config, echo, png, text};
use crate::studio::{Fault, Hold, Rule, Studio, StudioError};

#[tokio::test]
async fn history_assets_and_files_are_there_again_under_the_same_urls() {
    let bench = Bench::new().await;
    let run = bench.start("before").await;
    let run = bench.over(&run).await;
    let asset = bench.upload(png(9, 9), "kept.png").await.body;
    let (base, origin) = (bench.studio.base_url(), bench.studio.file_origin());
    let bench = bench.restarted().await;
    assert_eq!(bench.studio.base_url(), base);
    assert_eq!(bench.studio.file_origin(), origin);
    assert_eq!(bench.over(&run).await, run);
    let url = text(&run["outputs"][1]["url"]);
    assert_eq!(bench.client.get(url).send().await.unwrap().status(), 200);
    let path = format!("/assets/{}", text(&asset["asset_id"]));
    assert_eq!(bench.get(&path).await.body["url"], asset["url"]);
}

#[tokio::test]
async fn when_the_ports_are_taken_urls_move_and_old_ones_still_name_their_files() {
    let bench = Bench::new().await;
    let asset = bench.upload(png(9, 9), "kept.png").await.body;
    let run = bench.start("before").await;
    let run = bench.over(&run).await;
    let Bench {
        studio,
        client,
        home,
    } = bench;
    let ports = [studio.base_url(), studio.file_origin()]
        .map(|url| url::Url::parse(&url).unwrap().port().unwrap());
    studio.shutdown().await;
    let _taken = ports.map(|port| TcpListener::bind(("127.0.0.1", port)).unwrap());
    let studio = Studio::start(config(home.path())).await.unwrap();
    let bench = Bench {
        studio,
        client,
        home,
    };

    let moved = bench.over(&run).await;
    let url = text(&moved["outputs"][1]["url"]);
    assert_ne!(url, text(&run["outputs"][1]["url"]));
    assert_eq!(bench.client.get(url).send().await.unwrap().status(), 200);

    let mut body = echo("old url:");
    let old = json!({"id": "picture", "type": "imageUrl", "value": asset["url"]});
    body["inputs"].as_array_mut().unwrap().push(old);
    let again = bench.post("/techniques/echo/runs", &body).await;
    assert_eq!(again.status, 201, "{}", again.body);
    let again = bench.over(&again.body).await;
    assert!(
        text(&again["outputs"][0]["url"]).contains("kept.png"),
        "{again}"
    );
}

#[tokio::test]
async fn runs_in_flight_at_a_kill_run_again_and_complete_once() {
    let bench = Bench::new().await;
    let faults = bench.studio.faults();
    faults.hold(Hold::Ending);
    faults.add(
        Rule::on(
            "POST /techniques/*/runs",
            Fault::failing_run("model_timeout", "As told"),
        )
        .after(3),
    );
    let mut runs = Vec::new();
    for n in 0..4 {
        runs.push(bench.start(&format!("run {n}")).await);
    }
    bench.when(&runs[0], |run| run["status"] == "running").await;
    bench.when(&runs[1], |run| run["status"] == "running").await;
    let Bench {
        studio,
        client,
        home,
    } = bench;
    studio.kill().await;
    let studio = Studio::start(config(home.path())).await.unwrap();
    let bench = Bench {
        studio,
        client,
        home,
    };
    for (n, run) in runs[..3].iter().enumerate() {
        let run = bench.over(run).await;
        assert_eq!(run["outputs"][0]["url"], format!("run {n}"), "{run}");
    }
    assert_eq!(
        bench.over(&runs[3]).await["error_code"],
        "model_timeout",
        "a twist is kept"
    );
    let attempts: Vec<i64> = bench
        .studio
        .runs()
        .unwrap()
        .iter()
        .rev()
        .map(|run| run.attempts)
        .collect();
    assert_eq!(attempts, [2, 2, 1, 1]);
}

#[tokio::test]
async fn a_used_key_is_still_used_after_a_restart() {
    let bench = Bench::new().await;
    let mut body = echo("once");
    body["idempotency_key"] = json!("key-1");
    assert_eq!(bench.post("/techniques/echo/runs", &body).await.status, 201);
    let bench = bench.restarted().await;
    let again = bench.post("/techniques/echo/runs", &body).await;
    again.assert_refused(409, "idempotency_duplicate");
    assert_eq!(bench.studio.starts_by_key().unwrap()["key-1"], 1);
}

#[tokio::test]
async fn a_run_whose_technique_is_gone_fails() {
    let bench = Bench::new().await;
    bench.studio.faults().hold(Hold::Queue);
    let run = bench.start("orphan").await;
    let Bench {
        studio,
        client,
        home,
    } = bench;
    studio.shutdown().await;
    let mut config = config(home.path());
    config.techniques.remove(0);
    let studio = Studio::start(config).await.unwrap();
    let bench = Bench {
        studio,
        client,
        home,
    };
    assert_eq!(bench.over(&run).await["error_code"], "internal_error");
}

#[tokio::test]
async fn one_directory_has_one_studio() {
    let bench = Bench::new().await;
    let error = Studio::start(config(bench.home.path()))
        .await
        .err()
        .unwrap();
    assert!(matches!(error, StudioError::InUse(_)), "{error}");
    let Bench { studio, home, .. } = bench;
    drop(studio);
    Studio::start(config(home.path())).await.unwrap();
}
