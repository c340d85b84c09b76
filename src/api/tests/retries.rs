//! What is sent again, when, and what never is.

use std::time::{Duration, Instant};

use serde_json::json;

use super::client;
use super::server::{Server, error, ok};
use crate::api::{ApiError, Client};
use crate::wire;

fn start() -> wire::StartRun {
    wire::StartRun {
        inputs: vec![wire::RunInput {
            id: "words".to_owned(),
            kind: wire::IoType::Text,
            value: wire::InputValue::Text("hat".to_owned()),
        }],
        mode: wire::RunMode::Async,
        idempotency_key: Some("key-1".to_owned()),
        callback_url: None,
    }
}

fn quick() -> wire::QuickRun {
    wire::QuickRun {
        technique_id: "tech_1".to_owned(),
        workspace_id: "ws_1".to_owned(),
        inputs: serde_json::Map::new(),
    }
}

/// Fails the first `failures` requests with a status and headers, then answers `workspaces`.
async fn flaky(
    failures: usize,
    status: u16,
    headers: &'static [(&'static str, &'static str)],
) -> Server {
    Server::start(move |index, _| {
        if index < failures {
            error(status, "x", headers)
        } else {
            ok(json!({
                "workspaces": [], "run_id": "run_1", "status": "pending", "created_at": 1,
            }))
        }
    })
    .await
}

#[tokio::test]
async fn a_get_outlasts_a_server_in_trouble() {
    for status in [408, 429, 500, 502, 503, 504] {
        let server = flaky(2, status, &[]).await;
        client(&server.base).workspaces().await.unwrap();
        assert_eq!(server.seen().len(), 3, "{status}");
    }
}

#[tokio::test]
async fn patience_ends() {
    let server = flaky(usize::MAX, 503, &[]).await;
    let error = client(&server.base).workspaces().await.unwrap_err();
    assert_eq!(error.status(), Some(503));
    assert_eq!(server.seen().len(), 4, "once, and three times more");
}

#[tokio::test]
async fn what_would_fail_again_is_asked_once() {
    for status in [400, 401, 402, 403, 404, 409, 422] {
        let server = flaky(usize::MAX, status, &[]).await;
        let error = client(&server.base).workspaces().await.unwrap_err();
        assert_eq!(error.status(), Some(status));
        assert_eq!(error.request_id(), Some("req_test"));
        assert_eq!(server.seen().len(), 1, "{status}");
    }
}

#[tokio::test]
async fn the_server_may_decide_by_header() {
    let server = flaky(usize::MAX, 503, &[("x-should-retry", "false")]).await;
    client(&server.base).workspaces().await.unwrap_err();
    assert_eq!(server.seen().len(), 1);

    let server = flaky(1, 409, &[("x-should-retry", "true")]).await;
    client(&server.base).workspaces().await.unwrap();
    assert_eq!(server.seen().len(), 2);
}

#[tokio::test]
async fn the_asked_for_wait_is_kept_and_felt_as_pressure() {
    let server = flaky(1, 429, &[("retry-after-ms", "250")]).await;
    let client = client(&server.base);
    assert_eq!(client.pressure().recent, 0);
    let began = Instant::now();
    client.workspaces().await.unwrap();
    assert!(
        began.elapsed() >= Duration::from_millis(250),
        "{:?}",
        began.elapsed()
    );
    let pressure = client.clone().pressure();
    assert_eq!(pressure.recent, 1);
    assert!(pressure.last.is_some_and(|last| last >= began));
}

#[tokio::test]
async fn a_429_without_a_wait_gets_the_longer_default() {
    let server = flaky(1, 429, &[]).await;
    let began = Instant::now();
    client(&server.base).workspaces().await.unwrap();
    assert!(
        began.elapsed() >= Duration::from_millis(30),
        "{:?}",
        began.elapsed()
    );
}

#[tokio::test]
async fn a_wait_too_long_to_sit_out_is_handed_to_the_caller() {
    let server = flaky(1, 429, &[("retry-after", "3600")]).await;
    let client = client(&server.base);
    let error = client.workspaces().await.unwrap_err();
    assert_eq!(error.retry_after(), Some(Duration::from_secs(3600)));
    assert_eq!(server.seen().len(), 1);
    assert!(client.pressure().quiet_until.is_some());
}

async fn started_once(client: &Client, server: &Server) -> ApiError {
    let before = server.seen().len();
    let error = client.start_run("tech_1", &start()).await.unwrap_err();
    assert_eq!(server.seen().len(), before + 1, "{error}");
    let quick = client.start_quick_run(&quick(), "key-2").await.unwrap_err();
    assert_eq!(server.seen().len(), before + 2, "{quick}");
    error
}

#[tokio::test]
async fn a_start_is_never_sent_twice_by_itself() {
    for status in [408, 500, 502, 503, 504] {
        let server = flaky(usize::MAX, status, &[("x-should-retry", "true")]).await;
        let error = started_once(&client(&server.base), &server).await;
        assert!(error.outcome_unknown(), "{error}");
    }
    for status in [400, 401, 402, 403, 404, 409, 422] {
        let server = flaky(usize::MAX, status, &[]).await;
        let error = started_once(&client(&server.base), &server).await;
        assert!(!error.outcome_unknown(), "{error}");
    }
}

#[tokio::test]
async fn a_429_is_waited_out_because_it_took_no_effect() {
    let server = flaky(2, 429, &[("retry-after-ms", "5")]).await;
    let started = client(&server.base)
        .start_run("tech_1", &start())
        .await
        .unwrap();
    assert_eq!(started.value.run_id, "run_1");
    let seen = server.seen();
    assert_eq!(seen.len(), 3);
    for request in &seen {
        assert_eq!(
            request.json()["idempotency_key"],
            "key-1",
            "the same key each time"
        );
    }
}

#[tokio::test]
async fn a_duplicate_is_recognised() {
    let server = Server::start(|_, _| error(409, "idempotency_duplicate", &[])).await;
    let duplicate = client(&server.base)
        .start_run("tech_1", &start())
        .await
        .unwrap_err();
    assert!(duplicate.is_duplicate());
    let server = Server::start(|_, _| error(409, "conflict", &[])).await;
    let conflict = client(&server.base)
        .start_run("tech_1", &start())
        .await
        .unwrap_err();
    assert!(!conflict.is_duplicate());
}
