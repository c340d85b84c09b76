//! Bodies damaged by the thousand, and bodies that unpack without end: no answer takes the client down.
//!
//! `FLORIST_HOSTILE_CASES` sets how many of each kind are tried; `FLORIST_HOSTILE_SEED` where to begin.

use std::time::{Duration, Instant};

use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode};
use miniz_oxide::deflate::compress_to_vec;
use secrecy::SecretString;
use serde_json::{Map, Value, json};

use super::super::answer::Answer;
use super::super::error::Advice;
use super::super::key::Key;
use super::super::{ApiError, convert};
use super::server::{Server, reply};
use super::{KEY, client};
use crate::model::{Problem, TechniqueId, Timestamp};
use crate::wire;

/// Mutations of each kind of body in the ordinary run.
const CASES: u64 = 1_500;

/// A small generator, so that a failure can be repeated by its seed.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ z >> 31
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }
}

fn setting(name: &str, otherwise: u64) -> u64 {
    let set = std::env::var(name).ok();
    set.and_then(|value| value.parse().ok())
        .unwrap_or(otherwise)
}

/// A value where another one was expected.
fn odd(random: &mut Random) -> Value {
    match random.below(16) {
        0 => Value::Null,
        1 => json!(true),
        2 => json!(-1),
        3 => json!(u64::MAX),
        4 => json!(i64::MIN),
        5 => json!(1e308),
        6 => json!(-1e-308),
        7 => json!(""),
        8 => json!("x".repeat(100_000)),
        9 => json!("\u{202e}\u{1b}[31m\u{0}\u{feff}"),
        10 => json!([]),
        11 => json!({}),
        12 => json!([[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]),
        13 => json!("9999-99-99T99:99:99Z"),
        14 => json!({"run_id": {"runId": [null]}, "runId": "twice", "status": []}),
        _ => json!(vec![0; 1_000]),
    }
}

/// Puts something odd in a place within `value`, or takes a place away.
fn bend(value: &mut Value, random: &mut Random) {
    match value {
        Value::Array(items) if !items.is_empty() && random.below(5) > 0 => {
            let at = random.below(items.len());
            bend(&mut items[at], random);
        }
        Value::Object(fields) if !fields.is_empty() && random.below(5) > 0 => {
            bend_a_field(fields, random);
        }
        other => *other = odd(random),
    }
}

fn bend_a_field(fields: &mut Map<String, Value>, random: &mut Random) {
    let at = random.below(fields.len());
    let Some(name) = fields.keys().nth(at).cloned() else {
        return;
    };
    match random.below(6) {
        0 => drop(fields.remove(&name)),
        1 => drop(fields.insert(name.to_uppercase(), odd(random))),
        _ => {
            if let Some(field) = fields.get_mut(&name) {
                bend(field, random);
            }
        }
    }
}

/// Changes bytes the way broken proxies and cut connections do.
fn damage(mut bytes: Vec<u8>, random: &mut Random) -> Vec<u8> {
    for _ in 0..=random.below(4) {
        let at = random.below(bytes.len());
        match random.below(6) {
            0 => bytes.truncate(at),
            1 => {
                let piece: Vec<u8> = bytes[at..].iter().take(random.below(64)).copied().collect();
                bytes.splice(at..at, piece);
            }
            2 => drop(bytes.splice(at..at, br#"{"a":["#.repeat(random.below(400)))),
            3 => drop(bytes.splice(at..at, *b"\xff\xfe\0")),
            4 => drop(bytes.drain(at..bytes.len().min(at + random.below(64)))),
            _ => {
                if let Some(byte) = bytes.get_mut(at) {
                    *byte ^= 1 << random.below(8);
                }
            }
        }
        if bytes.is_empty() {
            break;
        }
    }
    bytes
}

fn damaged(original: &Value, case: u64) -> Vec<u8> {
    let mut random = Random(case);
    let mut value = original.clone();
    for _ in 0..random.below(4) {
        bend(&mut value, &mut random);
    }
    let bytes = value.to_string().into_bytes();
    if random.below(2) == 0 {
        damage(bytes, &mut random)
    } else {
        bytes
    }
}

fn run() -> Value {
    json!({
        "run_id": "run_1", "status": "completed", "progress": 100.0, "created_at": 1_760_000_000_000_i64,
        "started_at": "2025-10-09T08:53:20Z", "completed_at": 1_760_000_002, "charged_cost": 0.873,
        "error_code": "LLM_REFUSAL", "error_message": "no", "poll_url": "https://app.flora.ai/api/v1/x",
        "outputs": [
            {"output_id": "o", "type": "imageUrl", "url": "https://x.test/o.png"},
            {"output_id": "p", "type": "text", "url": "words"},
        ],
        "queue": {"position": 3},
    })
}

fn listed_run() -> Value {
    let mut item = run();
    item["technique"] = json!({"technique_id": "tech_1", "name": "Palette"});
    item["workspace_id"] = json!("ws_1");
    item["project_id"] = json!("prj_1");
    item
}

fn technique() -> Value {
    json!({
        "technique_id": "tech_1", "name": "Palette", "slug": "palette", "description": "d", "run_cost": 0.05,
        "inputs": [{
            "id": "in", "name": "Input", "type": "imageUrl", "description": "d", "optional": true,
            "allow_multiple": true, "specified_aspect_ratio": "1:1", "specified_duration": 4.5,
        }],
        "outputs": [{"id": "out", "name": "Output", "type": "videoUrl", "specified_duration": 5.0}],
    })
}

fn asset() -> Value {
    json!({
        "asset_id": "asset_1", "status": "ready", "url": "https://x.test/a",
        "upload": {
            "url": "https://storage.test/b", "method": "POST", "file_field": "file",
            "form_fields": {"key": "a", "x-goog-date": "20260101"},
        },
        "upload_url": "https://storage.test/put", "expires_at": 1_760_000_000_000_i64,
        "file_name": "a.png", "content_type": "image/png",
    })
}

fn list(name: &str, item: &Value) -> Value {
    json!({name: [item, item, item], "meta": {"next_cursor": "c", "total_estimate": 7}})
}

/// Reads damaged bodies of one kind, and everything that is made of what was read.
fn survive(kind: &str, original: &Value, read: impl Fn(Answer) -> Result<(), ApiError>) {
    let (cases, seed) = (
        setting("FLORIST_HOSTILE_CASES", CASES),
        setting("FLORIST_HOSTILE_SEED", 0),
    );
    let (mut read_well, mut refused) = (0_u64, 0_u64);
    for case in seed..seed + cases {
        let body = Bytes::from(damaged(original, case));
        let start = Instant::now();
        let answer = Answer::new(StatusCode::OK, &HeaderMap::new(), None, body);
        match read(answer) {
            Ok(()) => read_well += 1,
            Err(error) => {
                refused += 1;
                let said = error.to_string();
                assert!(said.len() < 5_000, "{kind}, case {case}: {said}");
                assert!(
                    !Problem::from(error).summary.is_empty(),
                    "{kind}, case {case}"
                );
            }
        }
        let took = start.elapsed();
        assert!(
            took < Duration::from_secs(5),
            "{kind}, case {case} took {took:?}"
        );
    }
    println!("{kind}: {cases} damaged bodies, {read_well} read, {refused} refused");
    assert!(
        read_well > 0 && refused > 0,
        "{kind}: the mutations do not bite"
    );
}

#[test]
fn damaged_bodies_of_runs() {
    let technique = || TechniqueId::new("tech_1");
    survive("run", &run(), |answer| {
        let run = answer.decode::<wire::Run>()?;
        let update = convert::run(technique(), run);
        assert!((0.0..=100.0).contains(&update.progress));
        Ok(())
    });
    let started = json!({
        "run_id": "run_1", "type": "technique", "charged_cost": 0.1, "estimated_seconds": 3,
        "poll_url": "https://app.flora.ai/x", "project_id": "prj_1", "technique": {"name": "T"},
    });
    survive("quick start", &started, |answer| {
        let started = answer.decode::<wire::QuickRunStarted>()?;
        convert::quick_started(technique(), started, Timestamp::UNIX_EPOCH);
        Ok(())
    });
    let runs = list("technique_runs", &listed_run());
    survive("list of runs", &runs, |answer| {
        let page = answer.page::<wire::RunListItem>()?;
        page.items
            .into_iter()
            .map(convert::listed_run)
            .for_each(drop);
        Ok(())
    });
}

#[test]
fn damaged_bodies_of_techniques() {
    let techniques = list("techniques", &technique());
    survive("list of techniques", &techniques, |answer| {
        let page = answer.page::<wire::Technique>()?;
        page.items
            .into_iter()
            .map(convert::technique)
            .for_each(drop);
        Ok(())
    });
    survive("technique", &technique(), |answer| {
        convert::technique(answer.decode()?);
        Ok(())
    });
}

#[test]
fn damaged_bodies_of_assets_workspaces_and_projects() {
    survive("asset", &asset(), |answer| {
        answer.decode::<wire::Asset>().map(drop)
    });
    survive("list of assets", &list("assets", &asset()), |answer| {
        answer.page::<wire::Asset>().map(drop)
    });
    let workspace =
        json!({"workspace_id": "ws_1", "name": "North", "role": "editor", "created_at": null});
    survive(
        "list of workspaces",
        &list("workspaces", &workspace),
        |answer| answer.page::<wire::Workspace>().map(drop),
    );
    let project = json!({
        "project_id": "prj_1", "workspace_id": "ws_1", "name": "P", "origin": null,
        "created_at": 1_760_000_000_000_i64, "last_modified": null,
    });
    survive("list of projects", &list("projects", &project), |answer| {
        answer.page::<wire::Project>().map(drop)
    });
}

#[test]
fn damaged_bodies_of_errors() {
    let body = json!({"error": {
        "code": "invalid_inputs", "message": "Two inputs are wrong",
        "fields": [{"field": "a", "message": "too long"}, {"field": "b", "message": null}],
    }});
    let key = Key::new(&SecretString::from(KEY)).unwrap();
    let (mut understood, mut not) = (0, 0);
    for case in 0..setting("FLORIST_HOSTILE_CASES", CASES) {
        let bytes = Bytes::from(damaged(&body, case));
        let answer = Answer::new(StatusCode::BAD_REQUEST, &HeaderMap::new(), None, bytes);
        let error = answer.into_error(&key, Advice::default());
        assert_eq!(error.status(), Some(400), "case {case}: {error:?}");
        match &error {
            ApiError::Http(_) => understood += 1,
            _ => not += 1,
        }
        let problem = Problem::from(error);
        let shown = format!("{}{}{}", problem.summary, problem.hint, problem.details);
        assert!(
            !shown.contains(['\u{202e}', '\u{1b}', '\0']),
            "case {case}: {shown:?}"
        );
        assert!(shown.len() < 20_000, "case {case}");
    }
    println!("error: {understood} understood, {not} not");
    assert!(understood > 0 && not > 0, "the mutations do not bite");
}

#[test]
fn a_body_nested_without_end_is_an_error() {
    for opening in ["[", "{\"a\":", "{\"run_id\":["] {
        let body = Bytes::from(opening.repeat(1_000_000));
        let answer = Answer::new(StatusCode::OK, &HeaderMap::new(), None, body);
        let error = answer.decode::<wire::Run>().unwrap_err();
        assert!(matches!(error, ApiError::NotJson { .. }), "{error:?}");
    }
}

/// `megabytes` of spaces in a few kilobytes.
fn packed(megabytes: usize) -> Vec<u8> {
    let mut packed = b"\x1f\x8b\x08\0\0\0\0\0\0\xff".to_vec();
    packed.extend(compress_to_vec(&vec![b' '; megabytes << 20], 6));
    packed.extend([0; 8]);
    packed
}

#[tokio::test]
async fn a_small_answer_that_unpacks_without_end_is_not_read_to_its_end() {
    let bomb = packed(80);
    assert!(bomb.len() < 200_000, "{} bytes are sent", bomb.len());
    let server = Server::start(move |_, _| {
        let headers = [
            ("content-type", "application/json"),
            ("content-encoding", "gzip"),
        ];
        reply(200, &headers, bomb.clone())
    })
    .await;
    let error = client(&server.base).workspaces().await.unwrap_err();
    assert!(matches!(error, ApiError::TooLarge { .. }), "{error:?}");
    assert_eq!(server.seen().len(), 1, "it is not asked for again");
}
