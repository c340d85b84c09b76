//! Where requests go, what comes back, and what is made of it.

use std::process::Command;
use std::time::Duration;

use axum::response::Response;
use reqwest::Url;
use secrecy::SecretString;
use serde_json::json;

use super::server::{Server, error, nobody, ok, raw, reply};
use super::{KEY, client, config};
use crate::api::{ApiError, Client, TechniqueQuery};
use crate::model::Problem;
use crate::wire;

fn no_workspaces() -> Response {
    ok(json!({"workspaces": []}))
}

fn start() -> wire::StartRun {
    wire::StartRun {
        inputs: Vec::new(),
        mode: wire::RunMode::Async,
        idempotency_key: Some("key-1".to_owned()),
        callback_url: None,
    }
}

#[tokio::test]
async fn a_request_carries_the_key_and_who_we_are() {
    let server = Server::start(|_, _| no_workspaces()).await;
    client(&server.base).workspaces().await.unwrap();
    let seen = &server.seen()[0];
    assert_eq!(seen.path, "/api/v1/workspaces");
    assert_eq!(
        seen.header("authorization"),
        Some(format!("Bearer {KEY}").as_str())
    );
    assert_eq!(seen.header("accept"), Some("application/json"));
    assert!(seen.header("user-agent").unwrap().starts_with("florist/"));
}

#[tokio::test]
async fn a_slash_at_the_end_of_the_base_url_changes_nothing() {
    let server = Server::start(|_, _| no_workspaces()).await;
    let base = Url::parse(&format!("{}/", server.base)).unwrap();
    client(&base).workspaces().await.unwrap();
    assert_eq!(server.seen()[0].path, "/api/v1/workspaces");
}

#[tokio::test]
async fn a_redirect_to_another_origin_is_refused_before_anything_is_sent_there() {
    let other = Server::start(|_, _| no_workspaces()).await;
    let target = other.base.to_string();
    let server = Server::start(move |_, _| reply(302, &[("location", &target)], "")).await;
    let error = client(&server.base).workspaces().await.unwrap_err();
    assert!(matches!(error, ApiError::Refused { .. }), "{error:?}");
    assert_eq!(
        other.seen().len(),
        0,
        "neither the key nor any header went there"
    );
}

#[tokio::test]
async fn a_redirect_on_the_same_origin_is_followed_with_the_key() {
    let server = Server::start(|_, seen| match seen.path.as_str() {
        "/api/v1/workspaces" => reply(307, &[("location", "/api/v2/workspaces")], ""),
        _ => no_workspaces(),
    })
    .await;
    client(&server.base).workspaces().await.unwrap();
    let last = &server.seen()[1];
    assert_eq!(last.path, "/api/v2/workspaces");
    assert!(last.header("authorization").is_some());
}

#[tokio::test]
async fn redirects_end_after_five_hops() {
    let server = Server::start(|_, seen| reply(302, &[("location", &seen.path)], "")).await;
    let error = client(&server.base).workspaces().await.unwrap_err();
    assert!(error.to_string().contains("too many redirects"), "{error}");
    assert_eq!(server.seen().len(), 6);
}

#[tokio::test]
async fn a_start_is_never_turned_into_something_else_by_a_redirect() {
    let server = Server::start(|_, _| reply(303, &[("location", "/api/v1/x")], "")).await;
    let error = client(&server.base)
        .start_run("tech_1", &start())
        .await
        .unwrap_err();
    assert!(matches!(error, ApiError::Refused { .. }), "{error:?}");
    assert!(!error.outcome_unknown());
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn a_start_that_is_led_on_as_a_post_keeps_its_body() {
    let server = Server::start(|index, _| match index {
        0 => reply(308, &[("location", "/api/v1/moved")], ""),
        _ => ok(json!({"run_id": "run_1", "status": "pending", "created_at": 1})),
    })
    .await;
    let started = client(&server.base)
        .start_run("tech_1", &start())
        .await
        .unwrap();
    assert_eq!(started.value.run_id, "run_1");
    let seen = server.seen();
    assert_eq!(
        (&seen[1].method, seen[1].path.as_str()),
        (&reqwest::Method::POST, "/api/v1/moved")
    );
    assert_eq!(seen[0].body, seen[1].body);
}

#[tokio::test]
async fn a_page_of_html_is_an_error_with_its_status_and_request_id_and_without_the_page() {
    let server =
        Server::start(|_, _| reply(404, &[], "<html>Nothing here, dear visitor</html>")).await;
    let error = client(&server.base).workspaces().await.unwrap_err();
    assert!(
        matches!(error, ApiError::NotJson { status: 404, .. }),
        "{error:?}"
    );
    assert_eq!(error.request_id(), Some("req_test"));
    let shown = format!("{error} {error:?} {:?}", Problem::from(error.clone()));
    assert!(
        shown.contains("404") && shown.contains("req_test"),
        "{shown}"
    );
    assert!(!shown.contains("visitor"), "{shown}");
}

#[tokio::test]
async fn a_sign_in_page_instead_of_an_answer_leaves_a_start_in_doubt() {
    let server = Server::start(|_, _| reply(200, &[], "<html>Sign in to the hotel</html>")).await;
    let error = client(&server.base)
        .start_run("tech_1", &start())
        .await
        .unwrap_err();
    assert!(
        matches!(error, ApiError::NotJson { status: 200, .. }),
        "{error:?}"
    );
    assert!(error.outcome_unknown());
    let empty = Server::start(|_, _| reply(201, &[], "")).await;
    let error = client(&empty.base)
        .start_run("tech_1", &start())
        .await
        .unwrap_err();
    assert!(
        matches!(error, ApiError::NotJson { status: 201, .. }),
        "{error:?}"
    );
}

#[tokio::test]
async fn an_answer_cut_short_is_told_apart_from_a_wrong_one() {
    let cut = raw(
        b"HTTP/1.1 200 OK\r\nrequest-id: req_9\r\ncontent-length: 500\r\n\r\n{\"workspaces\": [",
    )
    .await;
    let error = client(&cut).workspaces().await.unwrap_err();
    assert!(matches!(error, ApiError::Cut { .. }), "{error:?}");
    assert_eq!(error.request_id(), Some("req_9"));
    assert!(error.outcome_unknown() && error.is_retryable_get());

    let short = Server::start(|_, _| reply(200, &[], "{\"workspaces\": [")).await;
    let error = client(&short.base).workspaces().await.unwrap_err();
    assert!(matches!(error, ApiError::Cut { .. }), "{error:?}");

    let silent = raw(b"").await;
    let error = client(&silent)
        .start_run("tech_1", &start())
        .await
        .unwrap_err();
    assert!(matches!(error, ApiError::Cut { .. }), "{error:?}");
    assert!(
        error.outcome_unknown(),
        "the request was read before the line went dead"
    );
}

#[tokio::test]
async fn a_cut_error_page_is_still_its_status() {
    let base = raw(b"HTTP/1.1 402 Payment Required\r\ncontent-length: 500\r\n\r\n{\"err").await;
    let error = client(&base).workspaces().await.unwrap_err();
    assert_eq!(error.status(), Some(402), "{error:?}");
    assert!(!error.outcome_unknown());
}

#[tokio::test]
async fn an_answer_larger_than_any_should_be_is_not_read() {
    let base = raw(b"HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\n{").await;
    let error = client(&base).workspaces().await.unwrap_err();
    assert!(matches!(error, ApiError::TooLarge { .. }), "{error:?}");
}

#[tokio::test]
async fn silence_is_a_timeout_and_leaves_a_start_in_doubt() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = Url::parse(&format!("http://{}/", listener.local_addr().unwrap())).unwrap();
    let mut config = config(&base);
    config.timeout = Duration::from_millis(100);
    let client = Client::new(config).unwrap();
    let error = client.start_run("tech_1", &start()).await.unwrap_err();
    assert!(matches!(error, ApiError::Timeout), "{error:?}");
    assert!(error.outcome_unknown());
}

#[tokio::test]
async fn nobody_there_means_nothing_was_sent() {
    let error = client(&nobody().await)
        .start_run("tech_1", &start())
        .await
        .unwrap_err();
    assert!(matches!(error, ApiError::Connect { .. }), "{error:?}");
    assert!(!error.outcome_unknown());
}

#[tokio::test]
async fn a_connection_that_is_not_secure_is_said_to_be_so() {
    let server = Server::start(|_, _| no_workspaces()).await;
    let mut base = server.base.clone();
    base.set_scheme("https").unwrap();
    let error = client(&base).workspaces().await.unwrap_err();
    assert!(matches!(error, ApiError::Tls { .. }), "{error:?}");
    assert!(!error.outcome_unknown() && !error.is_retryable_get());
}

#[tokio::test]
async fn a_decode_error_names_the_path_and_not_the_content() {
    let server = Server::start(|_, _| {
        ok(json!({
            "technique_id": "tech_1", "name": "T",
            "inputs": [
                {"id": "a", "name": "A", "type": "text"},
                {"id": "b", "name": "B", "type": "text", "specified_duration": "my secret words, expected"},
            ],
        }))
    })
    .await;
    let error = client(&server.base).technique("tech_1").await.unwrap_err();
    let ApiError::Decode { path, .. } = &error else {
        panic!("{error:?}");
    };
    assert_eq!(path, "inputs[1].specified_duration");
    let text = error.to_string();
    assert!(text.contains("f64") && text.contains("req_test"), "{text}");
    assert!(!text.contains("secret"), "{text}");
}

#[tokio::test]
async fn the_key_is_in_no_text_we_make() {
    let server = Server::start(|_, seen| {
        let quoted = seen.header("authorization").unwrap_or_default().to_owned();
        let body =
            json!({"error": {"code": "unauthorized", "message": format!("Bad key {quoted}")}});
        reply(401, &[], body.to_string())
    })
    .await;
    let config = config(&server.base);
    let client = Client::new(config.clone()).unwrap();
    let error = client.workspaces().await.unwrap_err();
    assert!(error.to_string().contains("Bad key Bearer ***"), "{error}");
    let texts = format!(
        "{config:?} {client:?} {error} {error:?} {:?}",
        Problem::from(error.clone())
    );
    assert!(texts.contains("***"), "{texts}");
    assert!(!texts.contains(KEY), "{texts}");
}

#[tokio::test]
async fn a_key_that_cannot_be_one_is_refused_without_being_quoted() {
    for bad in ["", "  ", "sk_test\nwith-newline", "sk_tést"] {
        let mut config = config(&nobody().await);
        config.key = SecretString::from(bad);
        let error = Client::new(config).unwrap_err();
        assert!(matches!(error, ApiError::Refused { .. }), "{error:?}");
        assert!(
            bad.trim().is_empty() || !error.to_string().contains(bad),
            "{error}"
        );
    }
}

#[tokio::test]
async fn a_pasted_key_may_have_white_space_around_it() {
    let server = Server::start(|_, _| no_workspaces()).await;
    let mut config = config(&server.base);
    config.key = SecretString::from(format!(" {KEY}\n"));
    Client::new(config).unwrap().workspaces().await.unwrap();
    assert_eq!(
        server.seen()[0].header("authorization"),
        Some(format!("Bearer {KEY}").as_str())
    );
}

#[test]
fn plain_http_elsewhere_is_refused() {
    let base = Url::parse("http://app.flora.ai/api/v1").unwrap();
    assert!(matches!(
        Client::new(config(&base)),
        Err(ApiError::Refused { .. })
    ));
}

#[tokio::test]
async fn an_id_is_one_segment_whatever_is_in_it() {
    let server = Server::start(|_, _| error(404, "not_found", &[])).await;
    let client = client(&server.base);
    client.technique("a/../b?c#d e").await.unwrap_err();
    assert_eq!(
        server.seen()[0].path,
        "/api/v1/techniques/a%2F..%2Fb%3Fc%23d%20e"
    );
    for nowhere in ["", ".", ".."] {
        let error = client.technique(nowhere).await.unwrap_err();
        assert!(
            matches!(error, ApiError::Refused { .. }),
            "{nowhere:?}: {error:?}"
        );
    }
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn a_poll_url_elsewhere_is_refused_before_anything_is_sent() {
    let other = Server::start(|_, _| no_workspaces()).await;
    let server =
        Server::start(|_, _| ok(json!({"run_id": "run_1", "status": "running", "created_at": 1})))
            .await;
    let client = client(&server.base);
    let error = client.poll(&other.at("/api/v1/x")).await.unwrap_err();
    assert!(matches!(error, ApiError::Refused { .. }), "{error:?}");
    assert_eq!(other.seen().len(), 0);
    let run = client.poll(&server.at("/api/v1/runs/run_1")).await.unwrap();
    assert_eq!(run.run_id, "run_1");
}

/// Set in the child process of the next test.
const IN_CHILD: &str = "FLORIST_TEST_BEHIND_A_PROXY";

#[test]
fn requests_to_this_computer_pass_no_proxy() {
    if std::env::var_os(IN_CHILD).is_some() {
        return behind_a_proxy();
    }
    let output = Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "api::tests::transport::requests_to_this_computer_pass_no_proxy",
            "--nocapture",
        ])
        .env(IN_CHILD, "1")
        .env("http_proxy", "http://127.0.0.1:9")
        .env("HTTP_PROXY", "http://127.0.0.1:9")
        .env_remove("no_proxy")
        .env_remove("NO_PROXY")
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success(),
        "{text}\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(text.contains("1 passed"), "the child ran nothing: {text}");
}

#[tokio::main(flavor = "current_thread")]
async fn behind_a_proxy() {
    let server = Server::start(|_, _| no_workspaces()).await;
    let client = client(&server.base);
    let plain = reqwest::Client::new();
    let control = plain.get(server.at("/api/v1/workspaces")).send().await;
    assert!(
        control.is_err(),
        "the proxy of the environment is not in use: this test shows nothing"
    );
    client.workspaces().await.unwrap();
    client.download(&server.at("/file"), None).await.unwrap();
    assert_eq!(server.seen().len(), 2);
}

#[tokio::test]
async fn a_field_in_both_spellings_is_read() {
    let server = Server::start(|_, _| {
        ok(json!({
            "techniques": [{"technique_id": "t", "techniqueId": "t", "name": "T", "run_cost": 0.1, "runCost": 0.2}],
            "meta": {},
        }))
    })
    .await;
    let page = client(&server.base)
        .techniques(&TechniqueQuery::default(), None)
        .await
        .unwrap();
    assert_eq!(page.skipped, []);
    assert_eq!(page.items[0].run_cost, Some(0.1));
}
