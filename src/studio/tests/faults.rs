//! Every scripted fault, as a client sees it.

use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::{Value, json};

use super::support::{Bench, echo, png, send, text};
use crate::studio::{Chaos, Fault, RetryAfter, Rule};
use crate::wire::{IoType, Run, RunStatus};

const RUNS: &str = "GET /technique-runs";

#[tokio::test]
async fn a_429_says_when_to_come_back_in_each_way_and_in_none() {
    let bench = Bench::new().await;
    let faults = bench.studio.faults();
    for after in [
        RetryAfter::Unsaid,
        RetryAfter::Seconds(3),
        RetryAfter::Millis(250),
        RetryAfter::Date(Duration::from_secs(60)),
    ] {
        faults.add(Rule::on(RUNS, Fault::RateLimited(after)));
    }
    let mut answers = Vec::new();
    for _ in 0..4 {
        let answer = bench.get("/technique-runs").await;
        answer.assert_refused(429, "rate_limited");
        assert!(answer.headers.contains_key("request-id"));
        answers.push(answer);
    }
    let header = |n: usize, name: &str| {
        let value = answers[n].headers.get(name)?;
        Some(value.to_str().unwrap().to_owned())
    };
    assert_eq!(
        (header(0, "retry-after"), header(0, "retry-after-ms")),
        (None, None)
    );
    assert_eq!(header(1, "retry-after").as_deref(), Some("3"));
    assert_eq!(header(2, "retry-after-ms").as_deref(), Some("250"));
    let date = httpdate::parse_http_date(&header(3, "retry-after").unwrap()).unwrap();
    let wait = date.duration_since(std::time::SystemTime::now()).unwrap();
    assert!(wait > Duration::from_secs(50), "{wait:?}");
    assert_eq!(bench.get("/technique-runs").await.status, 200);
}

#[tokio::test]
async fn errors_come_as_json_as_a_web_page_as_nothing_or_with_advice() {
    let bench = Bench::new().await;
    let faults = bench.studio.faults();
    faults.add(Rule::on(
        RUNS,
        Fault::Error {
            status: 402,
            code: "insufficient_credits",
            message: "No credits left",
        },
    ));
    faults.add(Rule::on(RUNS, Fault::Html(502)));
    faults.add(Rule::on(RUNS, Fault::Empty(504)));
    faults.add(Rule::on(
        RUNS,
        Fault::ShouldRetry {
            status: 500,
            retry: false,
        },
    ));
    bench
        .get("/technique-runs")
        .await
        .assert_refused(402, "insufficient_credits");
    let page = bench.get("/technique-runs").await;
    assert_eq!(page.status, 502);
    assert!(
        page.headers["content-type"]
            .to_str()
            .unwrap()
            .starts_with("text/html")
    );
    assert!(text(&page.body).contains("<html>"));
    let empty = bench.get("/technique-runs").await;
    assert_eq!((empty.status, empty.body), (504, json!("")));
    let advised = bench.get("/technique-runs").await;
    assert_eq!(advised.status, 500);
    assert_eq!(advised.headers["x-should-retry"], "false");
}

#[tokio::test]
async fn a_slow_answer_comes_late_and_a_cut_one_breaks_off() {
    let bench = Bench::new().await;
    let faults = bench.studio.faults();
    faults.add(Rule::on(RUNS, Fault::Slow(Duration::from_millis(120))));
    let begun = Instant::now();
    assert_eq!(bench.get("/technique-runs").await.status, 200);
    assert!(begun.elapsed() >= Duration::from_millis(120));

    faults.add(Rule::on("GET /techniques", Fault::Cut));
    let response = bench
        .request(Method::GET, "/techniques")
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 200);
    assert!(response.text().await.is_err(), "the body came whole");

    let asset = bench.upload(png(300, 300), "a.png").await.body;
    faults.add(Rule::on("GET /files/**", Fault::Cut));
    let mut response = bench.client.get(text(&asset["url"])).send().await.unwrap();
    let length = response.content_length().unwrap();
    let mut got = 0;
    let end = loop {
        match response.chunk().await {
            Ok(Some(chunk)) => got += chunk.len() as u64,
            other => break other,
        }
    };
    assert!(end.is_err(), "{end:?}");
    assert!(got > 0 && got < length, "{got} of {length} bytes");
}

#[tokio::test]
async fn an_answer_lost_before_takes_no_effect_and_one_lost_after_does() {
    let bench = Bench::new().await;
    let faults = bench.studio.faults();
    let start = |key: &str| {
        let mut body = echo("lost");
        body["idempotency_key"] = json!(key);
        bench
            .request(Method::POST, "/techniques/echo/runs")
            .json(&body)
    };
    faults.add(Rule::on("POST /techniques/*/runs", Fault::LostBefore));
    assert!(start("before").send().await.is_err());
    faults.add(Rule::on("POST /techniques/*/runs", Fault::LostAfter));
    assert!(start("after").send().await.is_err());
    let starts = bench.studio.starts_by_key().unwrap();
    assert_eq!(
        (starts.get("before"), starts.get("after")),
        (None, Some(&1))
    );
    send(start("after"))
        .await
        .assert_refused(409, "idempotency_duplicate");
    assert_eq!(send(start("before")).await.status, 201);
    assert_eq!(bench.studio.requests_to("POST /techniques/*/runs"), 4);
    assert_eq!(bench.studio.overlapping_starts(), 0);
}

#[tokio::test]
async fn answers_in_other_spellings_are_still_read_by_the_wire() {
    let bench = Bench::new().await;
    let run = bench.start("hello").await;
    bench.over(&run).await;
    let faults = bench.studio.faults();
    for fault in [
        Fault::CamelCase,
        Fault::UnknownFields,
        Fault::UnknownStatus("hibernating"),
        Fault::UnknownOutputType("hologramUrl"),
    ] {
        faults.add(Rule::on("GET /techniques/*/runs/*", fault).always());
    }
    let path = format!("/techniques/echo/runs/{}", text(&run["run_id"]));
    let body = bench.get(&path).await.body;
    assert_eq!(body["runId"], run["run_id"]);
    let read: Run = serde_json::from_value(body).unwrap();
    assert_eq!(read.status, RunStatus::Unknown("hibernating".to_owned()));
    assert_eq!(
        read.outputs[0].kind,
        IoType::Unknown("hologramUrl".to_owned())
    );
    assert!(!read.extra.is_empty() && !read.outputs[0].extra.is_empty());
    assert_eq!(read.charged_cost, Some(0.25));
    faults.clear();
    assert_eq!(bench.get(&path).await.body["status"], "completed");
}

#[tokio::test]
async fn overlapping_starts_with_one_key_are_noticed() {
    let bench = Bench::new().await;
    let mut body = echo("twice");
    body["idempotency_key"] = json!("key-1");
    // The handling itself takes well under a millisecond, so try until two of many meet.
    for _ in 0..50 {
        let start = || {
            send(
                bench
                    .request(Method::POST, "/techniques/echo/runs")
                    .json(&body),
            )
        };
        tokio::join!(start(), start(), start(), start());
        if bench.studio.overlapping_starts() > 0 {
            break;
        }
    }
    assert!(bench.studio.overlapping_starts() > 0);
    assert_eq!(
        bench.studio.starts_by_key().unwrap()["key-1"],
        1,
        "and still only one started"
    );
}

#[tokio::test]
async fn a_run_can_vanish() {
    let bench = Bench::new().await;
    let run = bench.start("gone soon").await;
    bench.over(&run).await;
    assert!(bench.studio.forget_run(text(&run["run_id"])).unwrap());
    let path = format!("/techniques/echo/runs/{}", text(&run["run_id"]));
    bench.get(&path).await.assert_refused(404, "not_found");
    assert_eq!(
        bench.get("/technique-runs").await.body["technique_runs"],
        json!([])
    );
    assert!(!bench.studio.forget_run(text(&run["run_id"])).unwrap());
}

#[tokio::test]
async fn chaos_ends_and_leaves_a_sound_studio() {
    let bench = Bench::new().await;
    bench.studio.faults().chaos(Chaos::bad_day(11));
    let mut outcomes = Vec::new();
    for n in 0..150 {
        let mut body = echo(&format!("run {n}"));
        body["idempotency_key"] = json!(format!("key-{n}"));
        let request = bench
            .request(Method::POST, "/techniques/echo/runs")
            .json(&body);
        let outcome = match request.send().await {
            Ok(response) => {
                let status = response.status().as_u16();
                response.text().await.map(|_| status).ok()
            }
            Err(_) => None,
        };
        outcomes.push(outcome);
    }
    bench.studio.faults().calm();
    for wanted in [Some(201), Some(429), Some(502), None] {
        assert!(outcomes.contains(&wanted), "no {wanted:?} in {outcomes:?}");
    }
    let told = outcomes
        .iter()
        .filter(|status| **status == Some(201))
        .count();
    let starts = bench.studio.starts_by_key().unwrap();
    assert!(starts.values().all(|count| *count == 1), "{starts:?}");
    assert!(
        starts.len() > told,
        "some took effect without an answer: {} and {told}",
        starts.len()
    );
    for run in bench.studio.runs().unwrap() {
        let run: Value = json!({"run_id": run.run_id});
        bench.over(&run).await;
    }
}
