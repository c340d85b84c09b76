//! The start itself: written, sent once, filed.

use super::super::cx::Cx;
use super::super::db::DbError;
use super::super::session::Session;
use super::super::upload::UploadError;
use super::super::{follow, upload};
use crate::api::{ApiError, StartRequest, Started, convert, start_request};
use crate::model::{LaunchOrder, RunUpdate, WorkspaceId, now};

/// A run FLORA has started.
pub(super) struct StartedRun {
    pub update: RunUpdate,
    pub request_id: Option<String>,
}

/// Uploads what a launch needs and writes its start.
///
/// # Errors
/// What uploading said.
pub(super) async fn prepare(
    cx: &Cx,
    session: &Session,
    workspace: &WorkspaceId,
    order: &LaunchOrder,
) -> Result<StartRequest, UploadError> {
    let assets = upload::assets(cx, session, workspace, order).await?;
    Ok(start_request(order, workspace, &assets)?)
}

/// Sends a start, once.
///
/// # Errors
/// As [`crate::api::Client::start_run`].
pub(super) async fn post(
    session: &Session,
    order: &LaunchOrder,
    request: StartRequest,
) -> Result<StartedRun, ApiError> {
    let Some(client) = session.client() else {
        return Err(ApiError::Offline {
            message: "not connected".to_owned(),
        });
    };
    let technique = order.technique.clone();
    match request {
        StartRequest::Nested(body) => {
            let started = client.start_run(technique.as_str(), &body).await?;
            Ok(with_id(started, |run| convert::run(technique, run)))
        }
        StartRequest::Quick(body) => {
            let key = order.id.to_string();
            let started = client.start_quick_run(&body, &key).await?;
            Ok(with_id(started, |run| {
                convert::quick_started(technique, run, now())
            }))
        }
    }
}

fn with_id<T>(started: Started<T>, update: impl FnOnce(T) -> RunUpdate) -> StartedRun {
    StartedRun {
        request_id: started.request_id,
        update: update(started.value),
    }
}

/// Files a started run as what its launch became, and has it followed.
///
/// # Errors
/// What the library says.
pub(super) async fn claim(
    cx: &Cx,
    session: &Session,
    order: &LaunchOrder,
    started: StartedRun,
) -> Result<(), DbError> {
    let id = order.id;
    let claimed = cx
        .db()
        .call(move |library| library.claim_run(id, &started.update, started.request_id.as_deref()))
        .await?;
    follow::claimed(cx, session, claimed).await;
    Ok(())
}

/// Keeps FLORA's `request-id` of a failed start, for support.
pub(super) fn keep_request_id(cx: &Cx, order: &LaunchOrder, error: &ApiError) {
    if let Some(request_id) = error.request_id().map(str::to_owned) {
        let id = order.id;
        // In order with what is noted next, so nobody needs to wait for it.
        drop(
            cx.db()
                .call(move |library| library.set_request_id(id, &request_id)),
        );
    }
}
