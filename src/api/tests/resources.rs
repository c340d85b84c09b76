//! Every resource: what is asked and how it is read.

use serde_json::json;

use super::client;
use super::server::{Server, ok, reply};
use crate::api::{AssetQuery, ProjectQuery, RunQuery, TechniqueQuery};
use crate::wire;

#[tokio::test]
async fn workspaces_are_listed_and_an_odd_one_skipped() {
    let server = Server::start(|_, _| {
        ok(json!({"workspaces": [
            {"workspace_id": "ws_1", "name": "North", "role": "editor", "created_at": null},
            {"name": "no id"},
        ]}))
    })
    .await;
    let workspaces = client(&server.base).workspaces().await.unwrap();
    assert_eq!(workspaces.len(), 1);
    assert_eq!(workspaces[0].name, "North");
}

#[tokio::test]
async fn lists_send_their_filters_and_always_a_limit() {
    let server = Server::start(|_, _| {
        ok(json!({"projects": [], "techniques": [], "technique_runs": [], "assets": [], "meta": {}}))
    })
    .await;
    let client = client(&server.base);
    let projects = ProjectQuery {
        workspace: "ws_1".to_owned(),
        words: Some("a&b".to_owned()),
        limit: Some(1000),
    };
    client.projects(&projects, None).await.unwrap();
    client
        .techniques(&TechniqueQuery::default(), Some("c=1"))
        .await
        .unwrap();
    let runs = RunQuery {
        workspace: Some("ws_1".to_owned()),
        project: Some("prj_1".to_owned()),
        technique: Some("tech_1".to_owned()),
        status: Some(wire::RunStatus::Failed),
        limit: Some(5),
    };
    client.runs(&runs, None).await.unwrap();
    let assets = AssetQuery {
        project: Some("prj_1".to_owned()),
        ..AssetQuery::default()
    };
    client.assets(&assets, Some("c")).await.unwrap();
    let paths: Vec<String> = server.seen().into_iter().map(|seen| seen.path).collect();
    assert_eq!(
        paths,
        [
            "/api/v1/projects?workspace_id=ws_1&query=a%26b&limit=100",
            "/api/v1/techniques?cursor=c%3D1&limit=100",
            "/api/v1/technique-runs?workspace_id=ws_1&project_id=prj_1&technique_id=tech_1&status=failed&limit=5",
            "/api/v1/assets?project_id=prj_1&cursor=c&limit=100",
        ]
    );
}

#[tokio::test]
async fn all_techniques_are_every_page_with_what_was_skipped() {
    let server = Server::start(|index, _| {
        let item = json!({"technique_id": format!("tech_{index}"), "name": "T"});
        let next = ["b", "c", ""]
            .get(index)
            .copied()
            .filter(|cursor| !cursor.is_empty());
        ok(json!({"techniques": [item, {"name": 1}], "meta": {"next_cursor": next}}))
    })
    .await;
    let all = client(&server.base)
        .all_techniques(&TechniqueQuery::default())
        .await
        .unwrap();
    let ids: Vec<_> = all
        .items
        .iter()
        .map(|item| item.technique_id.as_str())
        .collect();
    assert_eq!(ids, ["tech_0", "tech_1", "tech_2"]);
    assert_eq!(all.skipped.len(), 3);
    let seen = server.seen();
    assert!(
        seen[1].path.contains("cursor=b") && seen[2].path.contains("cursor=c"),
        "{seen:?}"
    );
}

#[tokio::test]
async fn a_cursor_that_leads_to_itself_ends_the_list() {
    let server =
        Server::start(|_, _| ok(json!({"techniques": [], "meta": {"next_cursor": "same"}}))).await;
    client(&server.base)
        .all_techniques(&TechniqueQuery::default())
        .await
        .unwrap();
    assert_eq!(server.seen().len(), 2);
}

#[tokio::test]
async fn a_history_page_keeps_odd_runs_out_and_strange_ones_in() {
    let server = Server::start(|_, _| {
        ok(json!({
            "technique_runs": [
                {
                    "technique_run_id": "run_1", "run_id": "run_1", "status": "hibernating", "progress": 5,
                    "created_at": 1_760_000_000_000_i64, "technique": {"technique_id": "t", "name": "T"},
                    "project_id": null, "outputs": [{"output_id": "o", "type": "splat", "url": "u"}],
                },
                {"run_id": "run_2", "status": "completed", "created_at": "not a time",
                 "technique": {"technique_id": "t"}},
            ],
            "meta": {"next_cursor": "n", "total_estimate": 2},
        }))
    })
    .await;
    let page = client(&server.base)
        .runs(&RunQuery::default(), None)
        .await
        .unwrap();
    assert_eq!(
        page.items[0].run.status,
        wire::RunStatus::Unknown("hibernating".to_owned())
    );
    assert_eq!(page.items[0].run.outputs[0].kind.as_str(), "splat");
    assert_eq!(page.skipped[0].path, "technique_runs[1].created_at");
    assert_eq!(
        (page.next_cursor.as_deref(), page.total_estimate),
        (Some("n"), Some(2))
    );
}

#[tokio::test]
async fn the_nested_start_has_its_key_in_the_body_and_the_quick_one_in_a_header() {
    let server = Server::start(|_, _| {
        let body = json!({"run_id": "run_1", "status": "pending", "created_at": 1, "estimated_seconds": null});
        reply(201, &[("idempotent-replayed", "true")], body.to_string())
    })
    .await;
    let client = client(&server.base);
    let nested = wire::StartRun {
        inputs: Vec::new(),
        mode: wire::RunMode::Async,
        idempotency_key: Some("key-1".to_owned()),
        callback_url: None,
    };
    let started = client.start_run("my-slug", &nested).await.unwrap();
    assert_eq!(started.request_id.as_deref(), Some("req_test"));
    assert!(started.replayed);
    let quick = wire::QuickRun {
        technique_id: "tech_1".to_owned(),
        workspace_id: "ws_1".to_owned(),
        inputs: serde_json::Map::new(),
    };
    client.start_quick_run(&quick, "key-2").await.unwrap();

    let seen = server.seen();
    assert_eq!(seen[0].path, "/api/v1/techniques/my-slug/runs");
    assert_eq!(seen[0].header("idempotency-key"), None);
    assert_eq!(
        seen[0].json(),
        json!({"inputs": [], "mode": "async", "idempotency_key": "key-1"})
    );
    assert_eq!(seen[1].path, "/api/v1/runs/technique");
    assert_eq!(seen[1].header("idempotency-key"), Some("key-2"));
    assert_eq!(
        seen[1].json(),
        json!({"technique_id": "tech_1", "workspace_id": "ws_1", "inputs": {}})
    );
}

#[tokio::test]
async fn one_run_is_read_by_its_technique() {
    let server = Server::start(|_, _| {
        ok(json!({
            "run_id": "run_1", "status": "completed", "progress": 100, "created_at": 1_760_000_000_000_i64,
            "outputs": [{"output_id": "o", "type": "text", "url": "The words themselves"}],
        }))
    })
    .await;
    let run = client(&server.base).run("tech_1", "run_1").await.unwrap();
    assert_eq!(
        server.seen()[0].path,
        "/api/v1/techniques/tech_1/runs/run_1"
    );
    assert_eq!(run.outputs[0].url, "The words themselves");
}
