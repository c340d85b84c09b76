//! Who is let in, and what every answer carries.

use reqwest::Method;
use serde_json::json;

use super::support::{Bench, config, send};
use crate::studio::{Config, Studio, StudioError};

#[tokio::test]
async fn without_the_key_nothing_is_answered() {
    let bench = Bench::new().await;
    let url = format!("{}/workspaces", bench.studio.base_url());
    let none = send(bench.client.get(&url)).await;
    none.assert_refused(401, "unauthorized");
    let basic = send(bench.client.get(&url).basic_auth("me", Some("x"))).await;
    basic.assert_refused(401, "unauthorized");
    let key = bench.studio.api_key();
    for key in [
        "sk_test_wrong",
        "",
        &key[1..],
        &key[..8],
        &format!("{key}0"),
    ] {
        let wrong = send(bench.client.get(&url).bearer_auth(key)).await;
        assert_eq!(wrong.status, 401, "{key}");
    }
    let wrong = send(bench.client.get(&url).bearer_auth("sk_test_wrong")).await;
    wrong.assert_refused(401, "invalid_api_key");
    let start = send(
        bench
            .client
            .post(format!("{}/runs/technique", bench.studio.base_url())),
    )
    .await;
    start.assert_refused(401, "unauthorized");
    assert_eq!(bench.get("/workspaces").await.status, 200);
}

#[tokio::test]
async fn every_answer_has_its_own_request_id() {
    let bench = Bench::new().await;
    let file = format!("{}/files/file_1/a.png", bench.studio.file_origin());
    let answers = [
        bench.get("/workspaces").await,
        bench.get("/nowhere").await,
        bench.get("/techniques?limit=0").await,
        send(bench.request(Method::DELETE, "/workspaces")).await,
        send(
            bench
                .client
                .get(format!("{}/workspaces", bench.studio.base_url())),
        )
        .await,
        send(bench.client.get(file)).await,
    ];
    let statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
    assert_eq!(statuses, [200, 404, 400, 405, 401, 404]);
    let mut ids: Vec<&str> = answers
        .iter()
        .map(|answer| answer.headers["request-id"].to_str().unwrap())
        .collect();
    assert!(ids.iter().all(|id| id.starts_with("req_")), "{ids:?}");
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), answers.len());
    answers[1].assert_refused(404, "not_found");
}

#[tokio::test]
async fn a_request_for_another_host_is_refused() {
    let bench = Bench::new().await;
    let file = bench
        .client
        .get(format!("{}/files/file_1/a.png", bench.studio.file_origin()));
    for request in [bench.request(Method::GET, "/workspaces"), file] {
        let answer = send(request.header("host", "evil.example:80")).await;
        answer.assert_refused(421, "forbidden");
    }
    let local = bench
        .request(Method::GET, "/workspaces")
        .header("host", "localhost:80");
    assert_eq!(send(local).await.status, 200);
}

#[tokio::test]
async fn only_loopback_is_listened_on() {
    let home = tempfile::tempdir().unwrap();
    let config = Config {
        addr: "0.0.0.0:0".parse().unwrap(),
        ..config(home.path())
    };
    let error = Studio::start(config).await.err().unwrap();
    assert!(matches!(error, StudioError::NotLoopback(_)), "{error}");
}

#[tokio::test]
async fn a_generated_key_is_kept_for_its_owner_only_and_a_fixed_one_is_not_kept() {
    let bench = Bench::new().await;
    let key = bench.studio.api_key().to_owned();
    assert!(key.starts_with("sk_test_") && key.len() > 30, "{key}");
    let path = bench.home.path().join("studio.key");
    #[cfg(unix)]
    {
        let mode = std::os::unix::fs::MetadataExt::mode(&std::fs::metadata(&path).unwrap());
        assert_eq!(mode & 0o777, 0o600);
    }
    let bench = bench.restarted().await;
    assert_eq!(bench.studio.api_key(), key);

    let fixed = Bench::with(|config| config.key = Some("sk_test_fixed".to_owned())).await;
    assert_eq!(fixed.studio.api_key(), "sk_test_fixed");
    assert!(!fixed.home.path().join("studio.key").exists());
}

#[tokio::test]
async fn bodies_that_are_no_json_objects_are_refused_as_such() {
    let bench = Bench::new().await;
    for body in ["", "{", "[]", "\"x\"", "nul"] {
        let request = bench
            .request(Method::POST, "/techniques/echo/runs")
            .body(body);
        send(request).await.assert_refused(400, "invalid_json");
    }
    let huge = json!({"inputs": "x".repeat(5 << 20)});
    let answer = bench.post("/techniques/echo/runs", &huge).await;
    answer.assert_refused(413, "input_validation_error");
}
