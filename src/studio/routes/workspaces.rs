//! `GET /workspaces`: the one the key belongs to.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;

use crate::studio::context::Cx;
use crate::studio::refusal::Refusal;
use crate::studio::{ids, store};
use crate::wire::{Extra, Moment, Workspace, WorkspaceList};

pub(super) async fn list(State(cx): State<Arc<Cx>>) -> Result<Json<WorkspaceList>, Refusal> {
    let workspace = Workspace {
        workspace_id: ids::WORKSPACE.to_owned(),
        name: "Local studio".to_owned(),
        role: Some("owner".to_owned()),
        created_at: created_at(&cx).await?,
        extra: Extra::new(),
    };
    Ok(Json(WorkspaceList {
        workspaces: vec![workspace],
    }))
}

/// When this data directory became a studio.
pub(super) async fn created_at(cx: &Cx) -> Result<Option<Moment>, Refusal> {
    let note = cx
        .store
        .run(|db| store::note(db, store::CREATED_AT))
        .await?;
    Ok(note.and_then(|millis| millis.parse().ok()).map(Moment))
}
