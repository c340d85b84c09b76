//! The two ways to start a run: `POST /techniques/{technique}/runs` and `POST /runs/technique`.

use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::{Extension, Path, State};
use axum::http::{HeaderMap, StatusCode};
use serde_json::{Map, Value};
use url::Url;

use super::body::Json as JsonBody;
use crate::studio::catalog::Entry;
use crate::studio::context::Cx;
use crate::studio::faults::Twist;
use crate::studio::idempotency::{Key, Scope};
use crate::studio::refusal::{Refusal, field_error};
use crate::studio::store::runs::{self, RunRow, StoredInputs};
use crate::studio::{answer, ids, page, validate};
use crate::wire::{FieldError, QuickRunStarted, Run, RunStatus};

/// The nested route. Its idempotency key is a body field; the header is ignored.
pub(super) async fn nested(
    State(cx): State<Arc<Cx>>,
    Path(technique): Path<String>,
    twist: Option<Extension<Twist>>,
    body: Body,
) -> Result<(StatusCode, Json<Run>), Refusal> {
    let entry = find(&cx, &technique)?;
    let body = JsonBody::read(body).await?;
    let key = Key::from_body(Scope::NestedStart, body.text("idempotency_key")?)?;
    let _in_flight = cx.tally.key_in_flight(key.as_str());
    let mut faults: Vec<FieldError> = Vec::new();
    faults.extend(check_mode(&body).err());
    faults.extend(check_callback(&body).err());
    let inputs = validate::nested(&entry.spec, body.get("inputs").unwrap_or(&Value::Null))
        .unwrap_or_else(|errors| {
            faults.extend(errors);
            StoredInputs::new()
        });
    if !faults.is_empty() {
        return Err(Refusal::fields(faults));
    }
    let run = start(&cx, entry, inputs, key, twist).await?;
    Ok((StatusCode::CREATED, Json(answer::started(&cx, &run))))
}

/// The quick route. Its idempotency key is a header; a body field is ignored.
pub(super) async fn quick(
    State(cx): State<Arc<Cx>>,
    headers: HeaderMap,
    twist: Option<Extension<Twist>>,
    body: Body,
) -> Result<(StatusCode, Json<QuickRunStarted>), Refusal> {
    let body = JsonBody::read(body).await?;
    let key = Key::from_header(Scope::QuickStart, &headers)?;
    let _in_flight = cx.tally.key_in_flight(key.as_str());
    page::check_workspace(&body.required_text("workspace_id")?)?;
    let technique = body.required_text("technique_id")?;
    if !ids::well_formed(ids::TECHNIQUE_PREFIX, &technique) {
        return Err(Refusal::field("technique_id", "must start with tech_"));
    }
    let entry = find(&cx, &technique)?;
    let none = Map::new();
    let inputs = match body.get("inputs") {
        None => &none,
        Some(Value::Object(inputs)) => inputs,
        Some(_) => return Err(Refusal::field("inputs", "must be an object")),
    };
    let inputs = validate::quick(&entry.spec, inputs).map_err(Refusal::fields)?;
    let run = start(&cx, entry, inputs, key, twist).await?;
    Ok((StatusCode::CREATED, Json(answer::quick_started(&cx, &run))))
}

fn find<'a>(cx: &'a Cx, technique: &str) -> Result<&'a Entry, Refusal> {
    cx.catalog
        .find(technique)
        .ok_or_else(|| Refusal::not_found("The technique"))
}

/// Writes the run and its key in one transaction, then calls a worker.
async fn start(
    cx: &Cx,
    entry: &Entry,
    inputs: StoredInputs,
    key: Key,
    twist: Option<Extension<Twist>>,
) -> Result<RunRow, Refusal> {
    let now = cx.clock.now();
    let run = RunRow {
        seq: 0,
        run_id: ids::fresh("run_"),
        technique_id: entry.spec.technique_id.clone(),
        technique_name: entry.spec.name.clone(),
        project_id: ids::PROJECT.to_owned(),
        inputs,
        status: RunStatus::Pending,
        attempt: 0,
        created_at: now,
        started_at: None,
        completed_at: None,
        quote: entry.spec.run_cost.unwrap_or(0.0),
        charge: None,
        charge_at: None,
        error_code: None,
        error_message: None,
        outputs: Vec::new(),
        idempotency_key: key.as_str().map(str::to_owned),
        twist: twist.map(|Extension(twist)| twist).unwrap_or_default(),
    };
    let row = run.clone();
    cx.store
        .run(move |db| {
            key.claim(db, now)?;
            runs::insert(db, &row)
        })
        .await?;
    cx.engine.call();
    Ok(run)
}

fn check_mode(body: &JsonBody) -> Result<(), FieldError> {
    match body.required_text("mode")?.as_str() {
        "async" => Ok(()),
        "stream" => Err(field_error("mode", "stream is not implemented: use async")),
        _ => Err(field_error("mode", "must be async")),
    }
}

fn check_callback(body: &JsonBody) -> Result<(), FieldError> {
    match body.text("callback_url")? {
        Some(url) if Url::parse(&url).map_or(true, |url| url.scheme() != "https") => {
            Err(field_error("callback_url", "must be an https URL"))
        }
        _ => Ok(()),
    }
}
