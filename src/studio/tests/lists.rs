//! Lists: pages, cursors, limits, filters.

use serde_json::Value;

use super::support::{Bench, echo, text};
use crate::studio::Hold;
use crate::wire;

#[tokio::test]
async fn there_is_one_workspace_and_one_project() {
    let bench = Bench::new().await;
    let body = bench.get("/workspaces").await.body;
    let list: wire::WorkspaceList = serde_json::from_value(body).unwrap();
    let [workspace] = list.workspaces.as_slice() else {
        panic!("{list:?}");
    };
    assert_eq!(workspace.name, "Local studio");
    assert_eq!(workspace.role.as_deref(), Some("owner"));
    assert!(workspace.created_at.unwrap().0 > 1_700_000_000_000);

    let path = format!("/projects?workspace_id={}", workspace.workspace_id);
    let list: wire::ProjectList = serde_json::from_value(bench.get(&path).await.body).unwrap();
    assert_eq!(list.projects.len(), 1);
    assert_eq!(list.projects[0].workspace_id, workspace.workspace_id);
    assert_eq!(list.meta.total_estimate, Some(1));
    let none = bench.get(&format!("{path}&query=nowhere")).await.body;
    assert_eq!(none["projects"], Value::Array(Vec::new()));
}

#[tokio::test]
async fn malformed_ids_are_a_500_and_others_workspaces_are_forbidden() {
    let bench = Bench::new().await;
    for path in [
        "/projects?workspace_id=studio",
        "/techniques?workspace_id=prj_1",
        "/technique-runs?project_id=nonsense",
        "/assets?project_id=ws_studio",
    ] {
        bench.get(path).await.assert_refused(500, "internal_error");
    }
    let other = bench.get("/techniques?workspace_id=ws_other").await;
    other.assert_refused(403, "forbidden");
    let other = bench.get("/technique-runs?project_id=prj_other").await;
    other.assert_refused(404, "not_found");
    let missing = bench.get("/projects").await;
    missing.assert_refused(400, "input_validation_error");
    assert_eq!(missing.fields(), ["workspace_id"]);
}

#[tokio::test]
async fn techniques_come_in_pages_by_search_and_by_id_or_slug() {
    let bench = Bench::new().await;
    let first = bench
        .get("/techniques?limit=2&workspace_id=ws_studio")
        .await
        .body;
    assert_eq!(
        ids(&first["techniques"], "technique_id"),
        ["tech_echo", "tech_one"]
    );
    assert_eq!(first["meta"]["total_estimate"], 3);
    let cursor = text(&first["meta"]["next_cursor"]);
    let second = bench
        .get(&format!("/techniques?limit=2&cursor={cursor}"))
        .await
        .body;
    assert_eq!(ids(&second["techniques"], "technique_id"), ["tech_two"]);
    assert_eq!(second["meta"]["next_cursor"], Value::Null);

    let found = bench.get("/techniques?query=THE%20Two").await.body;
    assert_eq!(ids(&found["techniques"], "technique_id"), ["tech_two"]);
    let by_id = bench.get("/techniques/tech_echo").await;
    let by_slug = bench.get("/techniques/echo").await;
    assert_eq!(by_id.body, by_slug.body);
    let technique: wire::Technique = serde_json::from_value(by_id.body).unwrap();
    assert_eq!(technique.run_cost, Some(0.25));
    let missing = bench.get("/techniques/tech_none").await;
    missing.assert_refused(404, "not_found");
}

#[tokio::test]
async fn new_runs_do_not_shift_the_pages_of_a_walk() {
    let bench = Bench::new().await;
    let mut started = Vec::new();
    for n in 0..5 {
        started.push(text(&bench.start(&format!("run {n}")).await["run_id"]).to_owned());
    }
    started.reverse();
    let mut walked = Vec::new();
    let mut path = "/technique-runs?limit=2".to_owned();
    loop {
        let page = bench.get(&path).await.body;
        walked.extend(ids(&page["technique_runs"], "run_id"));
        assert_eq!(page["meta"]["total_estimate"], 5);
        bench.start("in between").await;
        match page["meta"]["next_cursor"].as_str() {
            Some(cursor) => path = format!("/technique-runs?limit=2&cursor={cursor}"),
            None => break,
        }
    }
    assert_eq!(walked, started);
}

#[tokio::test]
async fn runs_are_filtered_by_technique_status_and_project() {
    let bench = Bench::new().await;
    let done = bench.start("done").await;
    bench.over(&done).await;
    let failed = bench.start("fail").await;
    bench.over(&failed).await;
    bench.studio.faults().hold(Hold::Queue);
    let waiting = bench.start("waiting").await;
    for (query, expected) in [
        ("status=completed", vec![&done]),
        ("status=failed&technique_id=tech_echo", vec![&failed]),
        (
            "status=pending&technique_id=echo&project_id=prj_studio",
            vec![&waiting],
        ),
        ("status=running", vec![]),
        ("technique_id=tech_one", vec![]),
        ("technique_id=tech_unknown", vec![]),
        ("workspace_id=ws_studio", vec![&waiting, &failed, &done]),
    ] {
        let page = bench.get(&format!("/technique-runs?{query}")).await.body;
        let expected: Vec<&str> = expected.iter().map(|run| text(&run["run_id"])).collect();
        assert_eq!(ids(&page["technique_runs"], "run_id"), expected, "{query}");
        assert_eq!(page["meta"]["total_estimate"], expected.len(), "{query}");
    }
}

#[tokio::test]
async fn a_listed_run_is_the_retrieved_one_and_says_where_it_belongs() {
    let bench = Bench::new().await;
    let run = bench.start("hello").await;
    let run = bench.over(&run).await;
    let page = bench.get("/technique-runs").await.body;
    let item = &page["technique_runs"][0];
    for (name, value) in run.as_object().unwrap() {
        assert_eq!(&item[name], value, "{name}");
    }
    assert_eq!(item["technique"]["name"], "The echo");
    assert_eq!(item["technique_run_id"], run["run_id"]);
    assert_eq!(item["project_id"], "prj_studio");
    assert_eq!(item["workspace_id"], "ws_studio");
    let list: wire::RunList = serde_json::from_value(page).unwrap();
    assert!(list.technique_runs[0].run.extra.is_empty(), "{list:?}");
    let elsewhere = format!("/techniques/tech_one/runs/{}", text(&run["run_id"]));
    bench.get(&elsewhere).await.assert_refused(404, "not_found");
}

#[tokio::test]
async fn limits_cursors_and_words_that_are_none_are_refused_at_their_field() {
    let bench = Bench::new().await;
    bench.post("/techniques/echo/runs", &echo("a")).await;
    bench.post("/techniques/echo/runs", &echo("b")).await;
    let runs = bench.get("/technique-runs?limit=1").await.body;
    let of_runs = format!("/assets?cursor={}", text(&runs["meta"]["next_cursor"]));
    for (path, field) in [
        ("/technique-runs?limit=0", "limit"),
        ("/techniques?limit=101", "limit"),
        ("/assets?limit=many", "limit"),
        ("/technique-runs?cursor=nonsense", "cursor"),
        (of_runs.as_str(), "cursor"),
        ("/technique-runs?status=finished", "status"),
    ] {
        let answer = bench.get(path).await;
        answer.assert_refused(400, "input_validation_error");
        assert_eq!(answer.fields(), [field], "{path}");
    }
}

fn ids(items: &Value, field: &str) -> Vec<String> {
    let items = items.as_array().expect("a list");
    items
        .iter()
        .map(|item| text(&item[field]).to_owned())
        .collect()
}
