//! Idempotency as FLORA was measured to do it.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use super::support::{Answer, Bench, echo, png, send, text};

async fn nested(bench: &Bench, words: &str, key: &str) -> Answer {
    let mut body = echo(words);
    body["idempotency_key"] = json!(key);
    bench.post("/techniques/echo/runs", &body).await
}

async fn quick(bench: &Bench, body: &Value, key: &str) -> Answer {
    let request = bench
        .request(Method::POST, "/runs/technique")
        .header("Idempotency-Key", key)
        .json(body);
    send(request).await
}

#[tokio::test]
async fn the_second_use_is_a_409_that_does_not_say_which_run() {
    let bench = Bench::new().await;
    let first = nested(&bench, "one", "key-1").await;
    assert_eq!(first.status, 201);
    for words in ["one", "another body"] {
        let second = nested(&bench, words, "key-1").await;
        second.assert_refused(409, "idempotency_duplicate");
        let body = second.body.to_string();
        assert!(!body.contains(text(&first.body["run_id"])), "{body}");
    }
    assert_eq!(nested(&bench, "one", "key-2").await.status, 201);
    let starts = bench.studio.starts_by_key().unwrap();
    assert_eq!(
        starts.into_iter().collect::<Vec<_>>(),
        [("key-1".to_owned(), 1), ("key-2".to_owned(), 1)]
    );
}

#[tokio::test]
async fn a_refused_request_frees_its_key_and_a_failed_run_does_not() {
    let bench = Bench::new().await;
    nested(&bench, "", "key-1")
        .await
        .assert_refused(400, "input_validation_error");
    let run = nested(&bench, "fail", "key-1").await;
    assert_eq!(run.status, 201);
    assert_eq!(bench.over(&run.body).await["status"], "failed");
    nested(&bench, "fail", "key-1")
        .await
        .assert_refused(409, "idempotency_duplicate");
}

#[tokio::test]
async fn a_key_is_kept_two_hours() {
    let bench = Bench::new().await;
    assert_eq!(nested(&bench, "one", "key-1").await.status, 201);
    bench
        .studio
        .skip_time(Duration::from_secs(2 * 60 * 60 - 60));
    nested(&bench, "one", "key-1")
        .await
        .assert_refused(409, "idempotency_duplicate");
    bench.studio.skip_time(Duration::from_secs(120));
    assert_eq!(nested(&bench, "one", "key-1").await.status, 201);
    assert_eq!(bench.studio.starts_by_key().unwrap()["key-1"], 2);
}

#[tokio::test]
async fn each_route_ignores_the_others_form() {
    let bench = Bench::new().await;
    for _ in 0..2 {
        let request = bench
            .request(Method::POST, "/techniques/echo/runs")
            .header("Idempotency-Key", "key-1")
            .json(&echo("by header"));
        assert_eq!(send(request).await.status, 201);
    }
    let body = json!({
        "technique_id": "tech_one", "workspace_id": "ws_studio", "idempotency_key": "key-1",
    });
    for _ in 0..2 {
        assert_eq!(bench.post("/runs/technique", &body).await.status, 201);
    }
    assert_eq!(quick(&bench, &body, "key-1").await.status, 201);
    quick(&bench, &body, "key-1")
        .await
        .assert_refused(409, "idempotency_duplicate");
    assert_eq!(nested(&bench, "by body", "key-1").await.status, 201);
    nested(&bench, "by body", "key-1")
        .await
        .assert_refused(409, "idempotency_duplicate");
}

#[tokio::test]
async fn assets_take_the_header_too() {
    let bench = Bench::new().await;
    let reserve = async |body: Value| {
        let request = bench
            .request(Method::POST, "/assets")
            .header("idempotency-key", "key-1")
            .json(&body);
        send(request).await
    };
    let wrong =
        reserve(json!({"source": "https://example.com/a.png", "workspace_id": "ws_studio"})).await;
    wrong.assert_refused(400, "input_validation_error");
    let right = json!({"source": "signed-url", "workspace_id": "ws_studio"});
    assert_eq!(reserve(right.clone()).await.status, 201);
    reserve(right)
        .await
        .assert_refused(409, "idempotency_duplicate");
    assert_eq!(bench.upload(png(2, 2), "a.png").await.status, 201);
}

#[tokio::test]
async fn a_key_must_be_reasonable() {
    let bench = Bench::new().await;
    for key in [String::new(), "k".repeat(300)] {
        let answer = nested(&bench, "hi", &key).await;
        answer.assert_refused(400, "input_validation_error");
        assert_eq!(answer.fields(), ["idempotency_key"]);
    }
}
