//! Starting runs: what is accepted, what is refused, and at which field.

use serde_json::{Value, json};

use super::support::{Answer, Bench, echo, png, text, wav};

async fn start(bench: &Bench, inputs: Value) -> Answer {
    let body = json!({"mode": "async", "inputs": inputs});
    bench.post("/techniques/echo/runs", &body).await
}

#[tokio::test]
async fn a_start_is_answered_with_a_quote_and_where_to_poll() {
    let bench = Bench::new().await;
    let run = bench.start("hello").await;
    assert_eq!(run["status"], "pending");
    assert_eq!(run["progress"], 0.0);
    assert_eq!(run["charged_cost"], 0.25);
    assert_eq!(run["outputs"], json!([]));
    let poll = text(&run["poll_url"]);
    let path = poll.strip_prefix(&bench.studio.base_url()).unwrap();
    let polled = bench.get(path).await;
    assert_eq!(polled.body["run_id"], run["run_id"]);
    assert!(text(&run["run_id"]).starts_with("run_"));
}

#[tokio::test]
async fn every_fault_in_the_inputs_is_told_at_its_field() {
    let bench = Bench::new().await;
    let words = json!({"id": "words", "type": "text", "value": "hi"});
    let elsewhere = "https://example.com/a.png";
    let ours = format!("{}/files/file_1/a.png", bench.studio.file_origin());
    for (inputs, fields) in [
        (json!([]), vec!["inputs"]),
        (json!("words"), vec!["inputs"]),
        (Value::Null, vec!["inputs"]),
        (
            json!([{"type": "text", "value": "hi"}]),
            vec!["inputs[0].id", "words"],
        ),
        (
            json!([{"id": "words", "type": "text", "value": ""}]),
            vec!["words"],
        ),
        (json!([{"id": "words", "type": "text"}]), vec!["words"]),
        (
            json!([{"id": "words", "type": "text", "value": 7}]),
            vec!["words"],
        ),
        (
            json!([{"id": "words", "type": "text", "value": ["a", "b"]}]),
            vec!["words"],
        ),
        (
            json!([{"id": "words", "type": "imageUrl", "value": "hi"}]),
            vec!["words"],
        ),
        (json!([{"id": "words", "value": "hi"}]), vec!["words"]),
        (json!([words, words]), vec!["words"]),
        (
            json!([{"id": "word", "type": "text", "value": "hi"}]),
            vec!["word", "words"],
        ),
        (
            json!([words, {"id": "picture", "type": "imageUrl", "value": elsewhere}]),
            vec!["picture"],
        ),
        (
            json!([words, {"id": "picture", "type": "imageUrl", "value": "a.png"}]),
            vec!["picture"],
        ),
        (
            json!([words, {"id": "element", "type": "imageUrl", "value": "asset_1"}]),
            vec!["element"],
        ),
        (
            json!([words, {"id": "sound", "type": "audioUrl", "value": ours}]),
            vec!["sound"],
        ),
        (
            json!([{"id": "picture", "type": "text", "value": "x"}, {"id": "nope", "value": 1}]),
            vec!["picture", "nope", "words"],
        ),
    ] {
        let answer = start(&bench, inputs.clone()).await;
        answer.assert_refused(400, "input_validation_error");
        assert_eq!(answer.fields(), fields, "{inputs}");
    }
    assert_eq!(bench.studio.runs().unwrap().len(), 0, "nothing was started");
}

#[tokio::test]
async fn the_mode_must_be_async_and_a_callback_https() {
    let bench = Bench::new().await;
    let mut body = echo("hi");
    body["mode"] = json!("stream");
    body["callback_url"] = json!("http://example.com/hook");
    let answer = bench.post("/techniques/echo/runs", &body).await;
    answer.assert_refused(400, "input_validation_error");
    assert_eq!(answer.fields(), ["mode", "callback_url"]);
    body.as_object_mut().unwrap().remove("mode");
    body["callback_url"] = json!("https://example.com/hook");
    let answer = bench.post("/techniques/echo/runs", &body).await;
    assert_eq!(answer.fields(), ["mode"]);
    let missing = bench.post("/techniques/tech_none/runs", &echo("hi")).await;
    missing.assert_refused(404, "not_found");
}

#[tokio::test]
async fn a_picture_goes_from_upload_to_the_technique() {
    let bench = Bench::new().await;
    let bytes = png(30, 20);
    let asset = bench.upload(bytes.clone(), "Strand.png").await.body;
    let inputs = json!([
        {"id": "words", "type": "text", "value": "seen:"},
        {"id": "picture", "type": "imageUrl", "value": asset["url"]},
    ]);
    let run = start(&bench, inputs).await.body;
    let run = bench.over(&run).await;
    let said = format!("seen: Strand.png image/png {}", bytes.len());
    assert_eq!(run["outputs"][0]["url"], said.as_str());
}

#[tokio::test]
async fn the_quick_route_carries_sound_elements_and_nothing() {
    let bench = Bench::new().await;
    let sound = bench.upload(wav(1), "tide.wav").await.body;
    let picture = bench.upload(png(3, 3), "me.png").await.body;
    let body = json!({
        "technique_id": "tech_echo",
        "workspace_id": "ws_studio",
        "inputs": {"words": "heard:", "sound": sound["url"], "element": picture["asset_id"]},
    });
    let started = bench.post("/runs/technique", &body).await;
    assert_eq!(started.status, 201, "{}", started.body);
    assert_eq!(started.body["type"], "technique");
    assert_eq!(started.body["charged_cost"], 0.25);
    assert_eq!(started.body["technique"]["technique_id"], "tech_echo");
    assert_eq!(started.body["project_id"], "prj_studio");
    let run = bench.over(&started.body).await;
    let said = text(&run["outputs"][0]["url"]);
    assert!(
        said.contains("tide.wav audio/wav") && said.contains("me.png image/png"),
        "{said}"
    );

    let nothing = json!({"technique_id": "tech_one", "workspace_id": "ws_studio"});
    let started = bench.post("/runs/technique", &nothing).await;
    assert_eq!(started.status, 201, "{}", started.body);
}

#[tokio::test]
async fn the_quick_route_checks_as_much() {
    let bench = Bench::new().await;
    let body = |technique: &str, workspace: &str, inputs: Value| json!({"technique_id": technique, "workspace_id": workspace, "inputs": inputs});
    let post = async |body: Value| bench.post("/runs/technique", &body).await;
    let words = json!({"words": "hi"});
    post(body("echo", "ws_studio", words.clone()))
        .await
        .assert_refused(400, "input_validation_error");
    post(body("tech_none", "ws_studio", words.clone()))
        .await
        .assert_refused(404, "not_found");
    post(body("tech_echo", "studio", words.clone()))
        .await
        .assert_refused(500, "internal_error");
    post(body("tech_echo", "ws_other", words))
        .await
        .assert_refused(403, "forbidden");
    let answer = post(body(
        "tech_echo",
        "ws_studio",
        json!({"words": "", "nope": "x"}),
    ))
    .await;
    assert_eq!(answer.fields(), ["words", "nope"]);
    let answer = post(body("tech_echo", "ws_studio", json!([]))).await;
    assert_eq!(answer.fields(), ["inputs"]);
    let answer = post(json!({"technique_id": "tech_echo"})).await;
    assert_eq!(answer.fields(), ["workspace_id"]);
    assert_eq!(bench.studio.runs().unwrap().len(), 0);
}

#[tokio::test]
async fn an_input_that_cannot_be_read_fails_the_run() {
    let bench = Bench::new().await;
    let gone = format!("{}/files/file_gone/a.png", bench.studio.file_origin());
    let inputs = json!([
        {"id": "words", "type": "text", "value": "hi"},
        {"id": "picture", "type": "imageUrl", "value": gone},
    ]);
    let run = start(&bench, inputs).await.body;
    let run = bench.over(&run).await;
    assert_eq!(run["status"], "failed");
    assert_eq!(run["error_code"], "input_unreachable");
    let unknown = json!({
        "technique_id": "tech_echo",
        "workspace_id": "ws_studio",
        "inputs": {"words": "hi", "element": "elem_unknown"},
    });
    let run = bench.post("/runs/technique", &unknown).await.body;
    assert_eq!(bench.over(&run).await["error_code"], "input_unreachable");
}
