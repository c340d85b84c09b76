//! The techniques: as last seen at once, as they are now soon after.

use std::sync::Arc;

use super::cx::Cx;
use super::session::Session;
use super::{connect, db::DbError};
use crate::api::{ApiError, TechniqueQuery, convert};
use crate::message::Event;
use crate::model::{Problem, Technique, WorkspaceId};

/// Reads the techniques anew; without a connection the kept ones stay.
pub fn refresh(cx: &Cx) {
    let Some(session) = cx.session() else {
        return;
    };
    let (cx, owner) = (cx.clone(), session.clone());
    session.spawn(async move { load(&cx, &owner).await });
}

/// Shows the techniques as last seen, so that a start without a network has them.
pub(super) async fn show_kept(cx: &Cx, session: &Session) {
    let profile = session.id().clone();
    let kept = cx
        .db()
        .call(move |library| library.techniques(&profile))
        .await;
    match kept {
        Ok(techniques) if techniques.is_empty() => {}
        Ok(techniques) => show(cx, techniques).await,
        Err(error) => tracing::warn!(%error, "the kept techniques cannot be read"),
    }
}

/// Reads, keeps and shows the techniques of the session's workspace.
pub(super) async fn load(cx: &Cx, session: &Session) {
    match fetch(session).await {
        Ok(techniques) => {
            keep(cx, session, &techniques).await;
            show(cx, techniques).await;
        }
        Err(error) => {
            connect::note_error(cx, session, &error).await;
            let problem = Problem::from(error);
            cx.outbox().send(Event::CatalogFailed(problem)).await;
        }
    }
}

async fn fetch(session: &Session) -> Result<Vec<Technique>, ApiError> {
    let Some(client) = session.client() else {
        return Err(ApiError::Offline {
            message: "not connected".to_owned(),
        });
    };
    let query = TechniqueQuery {
        workspace: session.workspace().as_ref().map(WorkspaceId::to_string),
        ..TechniqueQuery::default()
    };
    let all = client.all_techniques(&query).await?;
    for skipped in &all.skipped {
        tracing::warn!(path = %skipped.path, message = %skipped.message, "a technique cannot be read");
    }
    Ok(all.items.into_iter().map(convert::technique).collect())
}

async fn keep(cx: &Cx, session: &Session, techniques: &[Technique]) {
    let (profile, techniques) = (session.id().clone(), techniques.to_vec());
    let kept: Result<(), DbError> = cx
        .db()
        .call(move |library| library.save_techniques(&profile, &techniques))
        .await;
    if let Err(error) = kept {
        tracing::warn!(%error, "the techniques cannot be kept");
    }
}

async fn show(cx: &Cx, techniques: Vec<Technique>) {
    let techniques: Arc<[Arc<Technique>]> = techniques.into_iter().map(Arc::new).collect();
    cx.outbox().send(Event::CatalogLoaded(techniques)).await;
}
