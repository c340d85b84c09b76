//! `GET /technique-runs` and `GET /techniques/{technique}/runs/{run}`.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::Uri;

use crate::studio::answer;
use crate::studio::context::Cx;
use crate::studio::page::{self, Params, Start};
use crate::studio::refusal::Refusal;
use crate::studio::store::Place;
use crate::studio::store::runs::{self, RunFilter};
use crate::wire::{Run, RunList};

const LIST: &str = "technique-runs";

pub(super) async fn list(State(cx): State<Arc<Cx>>, uri: Uri) -> Result<Json<RunList>, Refusal> {
    let params = Params::of(&uri);
    params.workspace()?;
    let limit = params.limit()?;
    let start = params.start(LIST)?;
    let filter = RunFilter {
        project_id: params.project()?,
        technique_id: params.text("technique_id").map(|id| technique_id(&cx, id)),
        status: params.status()?,
    };
    let (rows, total) = cx
        .store
        .run(move |db| {
            let rows = runs::list(db, &filter, start.place(), limit + 1)?;
            let total = match start {
                Start::First => runs::count(db, &filter)?,
                Start::After { total, .. } => total,
            };
            Ok((rows, total))
        })
        .await?;
    let (rows, meta) = page::cut(LIST, rows, limit, total, |row| Place {
        created_at: row.created_at,
        seq: row.seq,
    });
    Ok(Json(RunList {
        technique_runs: rows.iter().map(|row| answer::list_item(&cx, row)).collect(),
        meta,
    }))
}

/// A filter by slug means the technique's id.
fn technique_id(cx: &Cx, id_or_slug: String) -> String {
    cx.catalog
        .find(&id_or_slug)
        .map_or(id_or_slug, |entry| entry.spec.technique_id.clone())
}

pub(super) async fn retrieve(
    State(cx): State<Arc<Cx>>,
    Path((technique, run_id)): Path<(String, String)>,
) -> Result<Json<Run>, Refusal> {
    let technique_id = technique_id(&cx, technique);
    let row = cx.store.run(move |db| runs::find(db, &run_id)).await?;
    row.filter(|row| row.technique_id == technique_id)
        .map(|row| Json(answer::run(&cx, &row)))
        .ok_or_else(|| Refusal::not_found("The run"))
}
