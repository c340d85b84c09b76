//! `GET /assets`, `GET /assets/{asset}`, and what ends or renews a signed upload.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Extension, Path, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use serde_json::json;

use super::asset_create::RESERVED_FOR;
use super::intake;
use crate::studio::clock::millis;
use crate::studio::context::Cx;
use crate::studio::faults::Twist;
use crate::studio::idempotency::{Key, Scope};
use crate::studio::page::{self, Params, Start};
use crate::studio::refusal::Refusal;
use crate::studio::store::assets::{self, AssetFilter, AssetRow};
use crate::studio::store::{Place, files};
use crate::studio::{answer, ids};
use crate::wire::{Asset, AssetList, AssetStatus};

const LIST: &str = "assets";

pub(super) async fn list(State(cx): State<Arc<Cx>>, uri: Uri) -> Result<Json<AssetList>, Refusal> {
    let params = Params::of(&uri);
    params.workspace()?;
    let limit = params.limit()?;
    let start = params.start(LIST)?;
    let filter = AssetFilter {
        project_id: params.project()?,
        query: params.text("query"),
    };
    let (rows, total) = cx
        .store
        .run(move |db| {
            let rows = assets::list(db, &filter, start.place(), limit + 1)?;
            let total = match start {
                Start::First => assets::count(db, &filter)?,
                Start::After { total, .. } => total,
            };
            Ok((rows, total))
        })
        .await?;
    let (rows, meta) = page::cut(LIST, rows, limit, total, |row| Place {
        created_at: row.created_at,
        seq: row.seq,
    });
    let assets = rows
        .iter()
        .map(|row| answer::asset(&cx, row, json!(row.created_at)))
        .collect();
    Ok(Json(AssetList { assets, meta }))
}

pub(super) async fn retrieve(
    State(cx): State<Arc<Cx>>,
    Path(asset_id): Path<String>,
) -> Result<Json<Asset>, Refusal> {
    let row = find(&cx, asset_id).await?;
    let created_at = json!(answer::iso(row.created_at));
    Ok(Json(answer::asset(&cx, &row, created_at)))
}

/// Looks at what was uploaded: the asset is ready, or has failed and says why.
pub(super) async fn complete(
    State(cx): State<Arc<Cx>>,
    Path(asset_id): Path<String>,
    twist: Option<Extension<Twist>>,
    headers: HeaderMap,
) -> Result<Json<Asset>, Refusal> {
    let key = Key::from_header(Scope::CompleteAsset, &headers)?;
    let mut asset = find(&cx, asset_id).await?;
    if asset.state == AssetStatus::PendingUpload {
        settle(&cx, &mut asset).await?;
        let delay = twist.and_then(|Extension(twist)| twist.asset_delay);
        asset.ready_at = delay.map(|delay| cx.clock.now() + millis(delay));
    }
    save(&cx, key, &asset).await?;
    Ok(Json(answer::reservation(&cx, &asset)))
}

async fn settle(cx: &Cx, asset: &mut AssetRow) -> Result<(), Refusal> {
    let file = match asset.file_id.clone() {
        Some(file_id) => cx.store.run(move |db| files::find(db, &file_id)).await?,
        None => None,
    };
    let Some(file) = file else {
        if asset.expires_at.is_some_and(|at| at <= cx.clock.now()) {
            fail(
                asset,
                "The reservation expired before the file was uploaded",
            );
            return Ok(());
        }
        return Err(conflict("The file has not been uploaded yet"));
    };
    match intake::examine(cx, &file).await? {
        Ok(facts) => {
            asset.state = AssetStatus::Ready;
            asset.content_type = Some(facts.content_type.to_owned());
            (asset.width, asset.height) = facts.size.unzip();
        }
        Err(why) => {
            intake::discard(cx, &file).await;
            fail(asset, &why);
        }
    }
    Ok(())
}

fn fail(asset: &mut AssetRow, why: &str) {
    asset.state = AssetStatus::Failed;
    asset.failure_message = Some(why.to_owned());
    asset.token = None;
}

/// A fresh reservation for an upload that failed or expired.
pub(super) async fn retry(
    State(cx): State<Arc<Cx>>,
    Path(asset_id): Path<String>,
    headers: HeaderMap,
) -> Result<Json<Asset>, Refusal> {
    let key = Key::from_header(Scope::RetryAsset, &headers)?;
    let mut asset = find(&cx, asset_id).await?;
    if asset.state == AssetStatus::Ready {
        return Err(conflict("The asset is ready: there is nothing to retry"));
    }
    asset.state = AssetStatus::PendingUpload;
    asset.failure_message = None;
    asset.file_id = None;
    asset.token = Some(ids::fresh("upl_"));
    asset.expires_at = Some(cx.clock.now() + RESERVED_FOR);
    save(&cx, key, &asset).await?;
    Ok(Json(answer::reservation(&cx, &asset)))
}

async fn find(cx: &Cx, asset_id: String) -> Result<AssetRow, Refusal> {
    cx.store
        .run(move |db| assets::find(db, &asset_id))
        .await?
        .ok_or_else(|| Refusal::not_found("The asset"))
}

async fn save(cx: &Cx, key: Key, asset: &AssetRow) -> Result<(), Refusal> {
    let now = cx.clock.now();
    let asset = asset.clone();
    cx.store
        .run(move |db| {
            key.claim(db, now)?;
            if let (Some(file_id), Some(content_type)) = (&asset.file_id, &asset.content_type) {
                files::set_content_type(db, file_id, content_type)?;
            }
            assets::update(db, &asset)
        })
        .await?;
    Ok(())
}

fn conflict(message: &str) -> Refusal {
    Refusal::new(StatusCode::CONFLICT, "conflict", message)
}
