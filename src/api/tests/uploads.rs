//! Files become assets: by the right route, without the key where it does not belong, through every mishap.

use std::io::Write;
use std::sync::{Arc, Mutex};

use axum::response::Response;
use bytes::Bytes;
use serde_json::{Value, json};

use super::client;
use super::server::{Seen, Server, error, ok, reply};
use crate::api::{ApiError, DIRECT_LIMIT, UploadFile, UploadSource};

fn picture(bytes: impl Into<Bytes>) -> UploadFile {
    UploadFile {
        name: "hât.png".to_owned(),
        content_type: "image/png".to_owned(),
        source: UploadSource::Bytes(bytes.into()),
    }
}

fn large() -> UploadFile {
    picture(vec![7; DIRECT_LIMIT as usize + 1])
}

fn ready() -> Value {
    json!({"asset_id": "asset_1", "status": "ready", "url": "https://media.flora.ai/a.png"})
}

fn text(seen: &Seen) -> String {
    String::from_utf8_lossy(&seen.body).into_owned()
}

type Steps = Arc<Mutex<Vec<(u64, u64)>>>;

fn steps() -> (Steps, impl Fn(u64, u64) + Send + Sync + 'static) {
    let steps = Steps::default();
    let into = Arc::clone(&steps);
    (steps, move |sent, all| {
        into.lock().unwrap().push((sent, all))
    })
}

#[tokio::test]
async fn a_small_file_goes_in_one_request() {
    let server = Server::start(|_, _| ok(ready())).await;
    let (steps, progress) = steps();
    let asset = client(&server.base)
        .upload("ws_1", &picture("PIXELS"), progress)
        .await
        .unwrap();
    assert_eq!(asset.url.as_deref(), Some("https://media.flora.ai/a.png"));
    let seen = server.seen();
    assert_eq!(seen.len(), 1, "ready at once: nothing to wait for");
    assert_eq!(seen[0].path, "/api/v1/assets");
    assert!(seen[0].header("idempotency-key").is_some());
    assert!(
        seen[0]
            .header("content-type")
            .unwrap()
            .starts_with("multipart/form-data")
    );
    let body = text(&seen[0]);
    for part in [
        "name=\"workspace_id\"",
        "ws_1",
        "name=\"file_name\"",
        "hât.png",
        "image/png",
        "PIXELS",
    ] {
        assert!(body.contains(part), "{part} is missing in {body}");
    }
    assert_eq!(*steps.lock().unwrap(), [(0, 6), (6, 6)]);
}

#[tokio::test]
async fn a_direct_upload_is_repeated_under_its_key() {
    let server = Server::start(|index, _| match index {
        0 => error(503, "service_unavailable", &[]),
        _ => ok(ready()),
    })
    .await;
    client(&server.base)
        .upload("ws_1", &picture("x"), |_, _| {})
        .await
        .unwrap();
    let seen = server.seen();
    assert_eq!(seen.len(), 2);
    assert_eq!(
        seen[0].header("idempotency-key"),
        seen[1].header("idempotency-key")
    );
}

#[tokio::test]
async fn an_upload_whose_answer_was_lost_is_done_again_under_another_key() {
    let server = Server::start(|index, _| match index {
        0 => error(503, "service_unavailable", &[]),
        1 => error(409, "idempotency_duplicate", &[]),
        _ => ok(ready()),
    })
    .await;
    client(&server.base)
        .upload("ws_1", &picture("x"), |_, _| {})
        .await
        .unwrap();
    let seen = server.seen();
    assert_eq!(seen.len(), 3);
    assert_ne!(
        seen[1].header("idempotency-key"),
        seen[2].header("idempotency-key")
    );
}

/// FLORA and a storage in one: signed reservations lead to `/store…` on this server.
fn signed(seen: &Seen, storage: impl Fn(&Seen) -> Response, looks: usize) -> Response {
    let host = seen.header("host").unwrap_or_default();
    let upload = |path: &str| {
        json!({
            "asset_id": "asset_1", "status": "pending_upload", "url": null,
            "upload": {
                "url": format!("http://{host}{path}"), "method": "POST", "file_field": "file",
                "form_fields": {"key": "uploads/1", "policy": "p", "size": 3},
            },
        })
    };
    match (seen.method.as_str(), seen.path.as_str()) {
        ("POST", "/api/v1/assets") => ok(upload("/store")),
        ("POST", "/api/v1/assets/asset_1/retry") => ok(upload("/store-again")),
        ("POST", "/api/v1/assets/asset_1/complete") => {
            ok(json!({"asset_id": "asset_1", "status": "pending_upload", "url": null}))
        }
        ("GET", "/api/v1/assets/asset_1") if looks < 2 => {
            ok(json!({"asset_id": "asset_1", "status": "pending_upload", "url": null}))
        }
        ("GET", _) => ok(ready()),
        _ => storage(seen),
    }
}

/// Counts how often the asset was looked at before this request.
fn looked(log: &Mutex<usize>, seen: &Seen) -> usize {
    let mut looks = log.lock().unwrap();
    if seen.method.as_str() == "GET" {
        *looks += 1;
    }
    looks.saturating_sub(1)
}

async fn signed_server(storage: impl Fn(&Seen) -> Response + Send + Sync + 'static) -> Server {
    let looks = Mutex::new(0);
    Server::start(move |_, seen| signed(seen, &storage, looked(&looks, seen))).await
}

fn paths(server: &Server) -> Vec<String> {
    let seen = server.seen().into_iter();
    seen.map(|seen| seen.path.replace("/api/v1/assets", ""))
        .collect()
}

#[tokio::test]
async fn a_large_file_goes_to_the_storage_without_the_key() {
    let server = signed_server(|_| reply(204, &[], "")).await;
    let (steps, progress) = steps();
    let asset = client(&server.base)
        .upload("ws_1", &large(), progress)
        .await
        .unwrap();
    assert_eq!(asset.url.as_deref(), Some("https://media.flora.ai/a.png"));
    assert_eq!(
        paths(&server),
        [
            "",
            "/store",
            "/asset_1/complete",
            "/asset_1",
            "/asset_1",
            "/asset_1"
        ]
    );
    let seen = server.seen();
    assert_eq!(seen[0].json()["source"], "signed-url");
    assert_eq!(seen[0].json()["file_name"], "hât.png");

    let store = &seen[1];
    for name in ["authorization", "cookie", "referer", "idempotency-key"] {
        assert_eq!(store.header(name), None, "{name}");
    }
    assert!(
        store.header("content-length").is_some(),
        "storage wants to know the length"
    );
    let body = text(store);
    let at = |part: &str| {
        body.find(part)
            .unwrap_or_else(|| panic!("{part} is missing"))
    };
    let file = at("name=\"file\"");
    for field in [
        "name=\"key\"",
        "uploads/1",
        "name=\"policy\"",
        "name=\"size\"",
    ] {
        assert!(at(field) < file, "{field} comes before the file");
    }
    let size = DIRECT_LIMIT + 1;
    let steps = steps.lock().unwrap();
    assert_eq!(
        (steps[0], steps[steps.len() - 1]),
        ((0, size), (size, size))
    );
    assert!(steps.len() > 10, "progress moves in steps");
}

#[tokio::test]
async fn an_expired_reservation_is_renewed() {
    let server = signed_server(|seen| match seen.path.as_str() {
        "/store" => reply(403, &[], "<Error><Code>AccessDenied</Code></Error>"),
        _ => reply(204, &[], ""),
    })
    .await;
    client(&server.base)
        .upload("ws_1", &large(), |_, _| {})
        .await
        .unwrap();
    assert_eq!(
        paths(&server)[1..5],
        [
            "/store",
            "/asset_1/retry",
            "/store-again",
            "/asset_1/complete"
        ]
    );
}

#[tokio::test]
async fn a_storage_in_trouble_is_tried_again_and_then_given_up() {
    let server = signed_server(|_| reply(503, &[], "")).await;
    let error = client(&server.base)
        .upload("ws_1", &large(), |_, _| {})
        .await
        .unwrap_err();
    assert!(
        matches!(error, ApiError::FileServer { status: 503, .. }),
        "{error:?}"
    );
    assert_eq!(paths(&server), ["", "/store", "/store", "/store"]);
}

#[tokio::test]
async fn bytes_are_not_led_elsewhere_by_the_storage() {
    let other = Server::start(|_, _| reply(204, &[], "")).await;
    let target = other.at("/take-it");
    let server = signed_server(move |_| reply(307, &[("location", &target)], "")).await;
    let error = client(&server.base)
        .upload("ws_1", &large(), |_, _| {})
        .await
        .unwrap_err();
    assert!(
        matches!(error, ApiError::FileServer { status: 307, .. }),
        "{error:?}"
    );
    assert_eq!(other.seen().len(), 0);
}

#[tokio::test]
async fn a_reservation_without_a_form_takes_a_raw_put() {
    let server = Server::start(|_, _| reply(200, &[], "")).await;
    let reservation = serde_json::from_value(json!({
        "asset_id": "asset_1", "status": "pending_upload", "upload_url": server.at("/put?sig=1"),
    }))
    .unwrap();
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(b"from the disk").unwrap();
    let upload = UploadFile {
        source: UploadSource::Path(file.path().to_owned()),
        ..picture("")
    };
    client(&server.base)
        .send_signed(&reservation, &upload, |_, _| {})
        .await
        .unwrap();
    let seen = &server.seen()[0];
    assert_eq!(
        (seen.method.as_str(), seen.path.as_str()),
        ("PUT", "/put?sig=1")
    );
    assert_eq!(seen.header("content-type"), Some("image/png"));
    assert_eq!(seen.header("content-length"), Some("13"));
    assert_eq!(seen.header("authorization"), None);
    assert_eq!(text(seen), "from the disk");
}

#[tokio::test]
async fn a_reservation_that_leads_nowhere_safe_is_refused() {
    let server = Server::start(|_, _| reply(500, &[], "")).await;
    for target in [
        json!(null),
        json!("http://example.com/put"),
        json!("https://me:pw@example.com/"),
    ] {
        let reservation = serde_json::from_value(json!({
            "asset_id": "asset_1", "status": "pending_upload", "upload_url": target,
        }))
        .unwrap();
        let sent = client(&server.base)
            .send_signed(&reservation, &picture("x"), |_, _| {})
            .await;
        assert!(
            matches!(sent, Err(ApiError::Refused { .. })),
            "{target}: {sent:?}"
        );
    }
}

#[tokio::test]
async fn an_asset_that_fails_says_why() {
    let server = Server::start(|_, _| {
        ok(json!({"asset_id": "asset_1", "status": "failed", "failure_message": "More than 150 megapixels"}))
    })
    .await;
    let error = client(&server.base)
        .upload("ws_1", &picture("x"), |_, _| {})
        .await
        .unwrap_err();
    let ApiError::AssetFailed { message, .. } = &error else {
        panic!("{error:?}");
    };
    assert_eq!(message, "More than 150 megapixels");
}

#[tokio::test]
async fn a_file_that_is_not_there_is_a_problem_here() {
    let server = Server::start(|_, _| ok(ready())).await;
    let upload = UploadFile {
        source: UploadSource::Path("/nowhere/at/all.png".into()),
        ..picture("")
    };
    let error = client(&server.base)
        .upload("ws_1", &upload, |_, _| {})
        .await
        .unwrap_err();
    assert!(matches!(error, ApiError::File { .. }), "{error:?}");
    assert_eq!(server.seen().len(), 0);
}

#[tokio::test]
async fn a_public_url_is_fetched_by_flora() {
    let server = Server::start(|index, _| match index {
        0 => ok(json!({"asset_id": "asset_1", "status": "pending_upload", "url": "https://later.test/"})),
        _ => ok(ready()),
    })
    .await;
    let asset = client(&server.base)
        .upload_from_url("ws_1", "https://example.com/cat.png")
        .await
        .unwrap();
    assert_eq!(asset.url.as_deref(), Some("https://media.flora.ai/a.png"));
    assert_eq!(
        server.seen()[0].json(),
        json!({"workspace_id": "ws_1", "source": "https://example.com/cat.png"})
    );
}

#[tokio::test]
async fn a_completion_whose_answer_was_lost_counts() {
    let server = Server::start(|index, _| match index {
        0 => error(502, "unknown_error", &[]),
        1 => error(409, "idempotency_duplicate", &[]),
        _ => ok(ready()),
    })
    .await;
    let asset = client(&server.base).complete("asset_1").await.unwrap();
    assert_eq!(asset.status, crate::wire::AssetStatus::Ready);
    assert_eq!(paths(&server)[2], "/asset_1");
}
