//! The three ways in: bytes, a URL, a signed upload.

use std::time::Duration;

use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

use super::support::{Answer, Bench, png, send, text, wav};
use crate::studio::{Fault, Rule, Twist};

async fn reserve(bench: &Bench) -> Value {
    let body = json!({
        "source": "signed-url", "workspace_id": "ws_studio", "file_name": "big.png",
        "content_type": "image/png", "folder": "work",
    });
    let answer = bench.post("/assets", &body).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    answer.body
}

/// Sends the form as the reservation says.
async fn send_form(bench: &Bench, reservation: &Value, bytes: Vec<u8>) -> Answer {
    let upload = &reservation["upload"];
    let mut form = Form::new();
    for (name, value) in upload["form_fields"].as_object().unwrap() {
        form = form.text(name.clone(), text(value).to_owned());
    }
    let field = text(&upload["file_field"]).to_owned();
    let form = form.part(field, Part::bytes(bytes).file_name("big.png"));
    send(bench.client.post(text(&upload["url"])).multipart(form)).await
}

async fn act(bench: &Bench, asset: &Value, action: &str) -> Answer {
    let path = format!("/assets/{}/{action}", text(&asset["asset_id"]));
    send(bench.request(Method::POST, &path)).await
}

async fn retrieve(bench: &Bench, asset: &Value) -> Value {
    let answer = bench
        .get(&format!("/assets/{}", text(&asset["asset_id"])))
        .await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.body
}

#[tokio::test]
async fn a_direct_upload_is_ready_at_once_and_served_as_it_came() {
    let bench = Bench::new().await;
    let bytes = png(31, 17);
    let asset = bench.upload(bytes.clone(), "C:\\Bilder\\Möwe.PNG").await;
    assert_eq!(asset.status, 201, "{}", asset.body);
    assert_eq!(asset.body["status"], "ready");
    assert_eq!(asset.body["uploaded_via"], "direct");
    let about = retrieve(&bench, &asset.body).await;
    assert_eq!(about["name"], "Möwe.PNG");
    assert_eq!(about["content_type"], "image/png");
    assert_eq!(
        (&about["width"], &about["height"]),
        (&json!(31), &json!(17))
    );
    assert_eq!(about["size_bytes"], bytes.len());
    assert!(text(&about["created_at"]).contains('T'), "{about}");
    let served = bench.client.get(text(&about["url"])).send().await.unwrap();
    assert_eq!(served.headers()["content-type"], "image/png");
    assert_eq!(served.bytes().await.unwrap(), bytes);
}

#[tokio::test]
async fn content_decides_what_a_file_is() {
    let bench = Bench::new().await;
    let sound = bench.upload(wav(1), "picture.png").await;
    assert_eq!(sound.status, 201, "{}", sound.body);
    assert_eq!(
        retrieve(&bench, &sound.body).await["content_type"],
        "audio/wav"
    );
    let program = bench
        .upload(b"MZ not a picture at all".to_vec(), "a.png")
        .await;
    program.assert_refused(400, "input_validation_error");
    assert_eq!(program.fields(), ["file"]);
    let empty = bench.upload(Vec::new(), "a.png").await;
    empty.assert_refused(400, "input_validation_error");
    assert_eq!(
        files_on_disk(&bench),
        1,
        "refused uploads leave nothing behind"
    );
}

fn files_on_disk(bench: &Bench) -> usize {
    std::fs::read_dir(bench.home.path().join("files"))
        .unwrap()
        .count()
}

#[tokio::test]
async fn a_direct_upload_ends_at_4_mb() {
    let bench = Bench::new().await;
    let mut bytes = wav(1);
    bytes.resize(4 << 20, 0);
    assert_eq!(bench.upload(bytes.clone(), "fits.wav").await.status, 201);
    bytes.resize((4 << 20) + 1, 0);
    let answer = bench.upload(bytes.clone(), "over.wav").await;
    answer.assert_refused(413, "input_validation_error");
    assert_eq!(answer.fields(), ["file"]);
    bytes.resize(20 << 20, 0);
    bench
        .upload(bytes, "far over.wav")
        .await
        .assert_refused(413, "input_validation_error");
    assert_eq!(files_on_disk(&bench), 1);
}

#[tokio::test]
async fn a_form_needs_a_file_and_a_workspace() {
    let bench = Bench::new().await;
    for (form, field) in [
        (Form::new().text("workspace_id", "ws_studio"), "file"),
        (
            Form::new().part("file", Part::bytes(png(2, 2))),
            "workspace_id",
        ),
    ] {
        let answer = send(bench.request(Method::POST, "/assets").multipart(form)).await;
        answer.assert_refused(400, "input_validation_error");
        assert_eq!(answer.fields(), [field]);
    }
    assert_eq!(files_on_disk(&bench), 0);
}

#[tokio::test]
async fn only_our_own_files_are_fetched() {
    let bench = Bench::new().await;
    let first = bench.upload(png(5, 5), "first.png").await.body;
    let fetch = async |source: &str| {
        let body = json!({"source": source, "workspace_id": "ws_studio", "file_name": "again.png"});
        bench.post("/assets", &body).await
    };
    let again = fetch(text(&first["url"])).await;
    assert_eq!(again.status, 201, "{}", again.body);
    assert_eq!(again.body["status"], "ready");
    assert_eq!(again.body["uploaded_via"], "url");
    assert_ne!(again.body["asset_id"], first["asset_id"]);
    assert_eq!(
        retrieve(&bench, &again.body).await["content_type"],
        "image/png"
    );
    let gone = format!("{}/files/file_gone/a.png", bench.studio.file_origin());
    for source in [
        "https://example.com/a.png",
        "http://127.0.0.1:1/",
        "file:///etc/passwd",
        gone.as_str(),
    ] {
        let answer = fetch(source).await;
        answer.assert_refused(400, "input_validation_error");
        assert_eq!(answer.fields(), ["source"], "{source}");
    }
}

#[tokio::test]
async fn a_signed_upload_goes_to_the_file_origin_and_is_completed() {
    let bench = Bench::new().await;
    let reservation = reserve(&bench).await;
    assert_eq!(reservation["status"], "pending_upload");
    assert_eq!(reservation["url"], Value::Null);
    assert!(text(&reservation["upload"]["url"]).starts_with(&bench.studio.file_origin()));
    assert!(text(&reservation["expires_at"]).ends_with('Z'));
    act(&bench, &reservation, "complete")
        .await
        .assert_refused(409, "conflict");

    let bytes = png(1200, 1200);
    assert_eq!(
        send_form(&bench, &reservation, bytes.clone()).await.status,
        204
    );
    assert_eq!(
        retrieve(&bench, &reservation).await["status"],
        "pending_upload"
    );
    send_form(&bench, &reservation, bytes.clone())
        .await
        .assert_refused(409, "conflict");

    let done = act(&bench, &reservation, "complete").await.body;
    assert_eq!(done["status"], "ready");
    assert_eq!(done.get("upload"), None);
    let about = retrieve(&bench, &reservation).await;
    assert_eq!(
        (&about["width"], &about["folder"]),
        (&json!(1200), &json!("work"))
    );
    let served = bench.client.get(text(&about["url"])).send().await.unwrap();
    assert_eq!(served.headers()["content-type"], "image/png");
    assert_eq!(served.bytes().await.unwrap(), bytes);
    assert_eq!(
        act(&bench, &reservation, "complete").await.body["status"],
        "ready"
    );
    act(&bench, &reservation, "retry")
        .await
        .assert_refused(409, "conflict");
    assert_eq!(bench.studio.stray_keys(), 0);
}

#[tokio::test]
async fn a_signed_upload_takes_its_token_and_never_the_key() {
    let bench = Bench::new().await;
    let reservation = reserve(&bench).await;
    let url = text(&reservation["upload"]["url"]);
    let file = || Part::bytes(png(2, 2)).file_name("a.png");
    let token = text(&reservation["upload"]["form_fields"]["x-studio-token"]).to_owned();

    let signed = Form::new()
        .text("x-studio-token", token.clone())
        .part("file", file());
    let with_key = bench
        .client
        .post(url)
        .bearer_auth(bench.studio.api_key())
        .multipart(signed);
    send(with_key).await.assert_refused(400, "forbidden");
    assert_eq!(bench.studio.stray_keys(), 1);

    for form in [
        Form::new().part("file", file()),
        Form::new()
            .text("x-studio-token", "upl_other")
            .part("file", file()),
        Form::new()
            .part("file", file())
            .text("x-studio-token", token.clone()),
    ] {
        let answer = send(bench.client.post(url).multipart(form)).await;
        answer.assert_refused(403, "forbidden");
    }
    let no_file = Form::new().text("x-studio-token", token);
    let answer = send(bench.client.post(url).multipart(no_file)).await;
    answer.assert_refused(400, "input_validation_error");
}

#[tokio::test]
async fn raw_bytes_may_be_put_instead() {
    let bench = Bench::new().await;
    bench
        .studio
        .faults()
        .add(Rule::on("POST /assets", Fault::RawUpload));
    let reservation = reserve(&bench).await;
    assert_eq!(reservation.get("upload"), None);
    let url = text(&reservation["upload_url"]);
    let unsigned = url.split('?').next().unwrap();
    let refused = send(bench.client.put(unsigned).body(png(4, 4))).await;
    refused.assert_refused(403, "forbidden");
    assert_eq!(
        send(bench.client.put(url).body(png(4, 4))).await.status,
        204
    );
    assert_eq!(
        act(&bench, &reservation, "complete").await.body["status"],
        "ready"
    );
}

#[tokio::test]
async fn an_expired_reservation_fails_and_can_be_renewed() {
    let bench = Bench::new().await;
    let reservation = reserve(&bench).await;
    bench.studio.skip_time(Duration::from_secs(16 * 60));
    send_form(&bench, &reservation, png(2, 2))
        .await
        .assert_refused(403, "forbidden");
    let failed = act(&bench, &reservation, "complete").await.body;
    assert_eq!(failed["status"], "failed");
    assert!(
        text(&failed["failure_message"]).contains("expired"),
        "{failed}"
    );

    let renewed = act(&bench, &reservation, "retry").await.body;
    assert_eq!(renewed["status"], "pending_upload");
    assert_ne!(
        renewed["upload"]["form_fields"],
        reservation["upload"]["form_fields"]
    );
    assert_eq!(send_form(&bench, &renewed, png(2, 2)).await.status, 204);
    assert_eq!(
        act(&bench, &renewed, "complete").await.body["status"],
        "ready"
    );
}

#[tokio::test]
async fn an_upload_of_something_else_fails_with_a_message() {
    let bench = Bench::new().await;
    let reservation = reserve(&bench).await;
    let html = b"<html><body>not a picture</body></html>".to_vec();
    assert_eq!(send_form(&bench, &reservation, html).await.status, 204);
    let failed = act(&bench, &reservation, "complete").await.body;
    assert_eq!(failed["status"], "failed");
    let about = retrieve(&bench, &reservation).await;
    assert!(
        text(&about["failure_message"]).contains("not accepted"),
        "{about}"
    );
    assert_eq!(about["url"], Value::Null);
}

#[tokio::test]
async fn an_asset_may_stay_pending_for_a_while() {
    let bench = Bench::new().await;
    let late = Twist {
        asset_delay: Some(Duration::from_secs(60)),
        ..Twist::default()
    };
    bench
        .studio
        .faults()
        .add(Rule::on("POST /assets", Fault::Twist(late)));
    let asset = bench.upload(png(2, 2), "late.png").await.body;
    assert_eq!(asset["status"], "pending_upload");
    assert_eq!(asset["url"], Value::Null);
    bench.studio.skip_time(Duration::from_secs(61));
    assert_eq!(retrieve(&bench, &asset).await["status"], "ready");
}

#[tokio::test]
async fn assets_are_listed_newest_first_and_found_by_name_or_folder() {
    let bench = Bench::new().await;
    for name in ["Beach.png", "100%.png", "hill.png"] {
        bench.upload(png(2, 2), name).await;
    }
    reserve(&bench).await;
    let names = async |query: &str| -> Vec<String> {
        let body = bench.get(&format!("/assets?{query}")).await.body;
        let assets = body["assets"].as_array().unwrap().clone();
        assets
            .iter()
            .map(|asset| text(&asset["name"]).to_owned())
            .collect()
    };
    assert_eq!(
        names("limit=100").await,
        ["big.png", "hill.png", "100%.png", "Beach.png"]
    );
    assert_eq!(names("query=beach").await, ["Beach.png"]);
    assert_eq!(names("query=%25").await, ["100%.png"]);
    assert_eq!(names("query=work").await, ["big.png"]);
    assert_eq!(names("project_id=prj_studio").await, Vec::<String>::new());
    let first = bench.get("/assets?limit=3").await.body;
    let cursor = text(&first["meta"]["next_cursor"]);
    bench.upload(png(2, 2), "new.png").await;
    assert_eq!(
        names(&format!("limit=3&cursor={cursor}")).await,
        ["Beach.png"]
    );
    assert!(first["assets"][0]["created_at"].is_number());
    bench
        .get("/assets/asset_none")
        .await
        .assert_refused(404, "not_found");
}

#[tokio::test]
async fn samples_are_there_from_the_first_start_and_only_once() {
    let bench = Bench::with(|config| config.samples = two_samples).await;
    let list = async |bench: &Bench| {
        bench.get("/assets?query=samples").await.body["assets"]
            .as_array()
            .unwrap()
            .clone()
    };
    while list(&bench).await.is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let Bench {
        studio,
        client,
        home,
    } = bench;
    studio.shutdown().await;
    let mut config = super::support::config(home.path());
    config.samples = two_samples;
    let studio = crate::studio::Studio::start(config).await.unwrap();
    let bench = Bench {
        studio,
        client,
        home,
    };
    let samples = list(&bench).await;
    assert_eq!(samples.len(), 2);
    assert_eq!(samples[0]["status"], "ready");
    assert_eq!(samples[0]["width"], 6);
    let served = bench
        .client
        .get(text(&samples[0]["url"]))
        .send()
        .await
        .unwrap();
    assert_eq!(served.status(), 200);
}

fn two_samples() -> Vec<crate::studio::Sample> {
    ["dune.png", "reef.png"]
        .map(|name| crate::studio::Sample {
            name,
            bytes: png(6, 4),
            content_type: "image/png",
        })
        .into()
}
