//! `GET /techniques` and `GET /techniques/{id or slug}`.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::Uri;

use crate::studio::context::Cx;
use crate::studio::page::{self, Params};
use crate::studio::refusal::Refusal;
use crate::wire::{Meta, Technique, TechniqueList};

const LIST: &str = "techniques";

pub(super) async fn list(
    State(cx): State<Arc<Cx>>,
    uri: Uri,
) -> Result<Json<TechniqueList>, Refusal> {
    let params = Params::of(&uri);
    params.workspace()?;
    let limit = params.limit()?;
    let found = cx.catalog.search(params.text("query").as_deref());
    // The cursor names the last technique told, so the page after it is right whatever stands before it.
    let start = match params.cursor(LIST)?.as_deref() {
        None => 0,
        Some([last]) => 1 + position(&found, last)?,
        Some(_) => return Err(Refusal::field("cursor", "is not a cursor of this list")),
    };
    let techniques: Vec<Technique> = found
        .iter()
        .skip(start)
        .take(limit)
        .copied()
        .cloned()
        .collect();
    let more = start + techniques.len() < found.len();
    let meta = Meta {
        next_cursor: techniques
            .last()
            .filter(|_| more)
            .map(|last| page::cursor(LIST, &[&last.technique_id])),
        total_estimate: Some(found.len() as u64),
    };
    Ok(Json(TechniqueList { techniques, meta }))
}

fn position(found: &[&Technique], id: &str) -> Result<usize, Refusal> {
    found
        .iter()
        .position(|technique| technique.technique_id == id)
        .ok_or_else(|| Refusal::field("cursor", "belongs to another search"))
}

pub(super) async fn retrieve(
    State(cx): State<Arc<Cx>>,
    Path(technique): Path<String>,
) -> Result<Json<Technique>, Refusal> {
    cx.catalog
        .find(&technique)
        .map(|entry| Json(entry.spec.clone()))
        .ok_or_else(|| Refusal::not_found("The technique"))
}
