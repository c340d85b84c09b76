//! `GET /projects`: the one where everything goes.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::Uri;

use super::workspaces;
use crate::studio::context::Cx;
use crate::studio::ids;
use crate::studio::page::Params;
use crate::studio::refusal::Refusal;
use crate::studio::store::runs::{self, RunFilter};
use crate::wire::{Extra, Meta, Moment, Project, ProjectList};

const NAME: &str = "Local project";

pub(super) async fn list(
    State(cx): State<Arc<Cx>>,
    uri: Uri,
) -> Result<Json<ProjectList>, Refusal> {
    let params = Params::of(&uri);
    params.required_workspace()?;
    params.limit()?;
    // One project makes one page, so no cursor was ever given out; one that comes is refused.
    if params.cursor("projects")?.is_some() {
        return Err(Refusal::field("cursor", "is not a cursor of this list"));
    }
    let query = params.text("query").unwrap_or_default().to_lowercase();
    let projects = if NAME.to_lowercase().contains(&query) {
        vec![project(&cx).await?]
    } else {
        Vec::new()
    };
    let meta = Meta {
        next_cursor: None,
        total_estimate: Some(projects.len() as u64),
    };
    Ok(Json(ProjectList { projects, meta }))
}

async fn project(cx: &Cx) -> Result<Project, Refusal> {
    let newest = cx
        .store
        .run(|db| runs::list(db, &RunFilter::default(), None, 1))
        .await?;
    Ok(Project {
        project_id: ids::PROJECT.to_owned(),
        workspace_id: ids::WORKSPACE.to_owned(),
        name: NAME.to_owned(),
        origin: None,
        created_at: workspaces::created_at(cx).await?,
        last_modified: newest.first().map(|run| Moment(run.created_at)),
        extra: Extra::new(),
    })
}
