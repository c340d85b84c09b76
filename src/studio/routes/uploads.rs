//! Signed uploads, on the file origin: a form with a token, or the raw bytes. The key has no business here.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{FromRequest as _, Multipart, Path, Request, State};
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::Response;

use super::asset_create::broken_form;
use super::intake;
use crate::studio::answer::{FILE_FIELD, TOKEN_FIELD};
use crate::studio::context::Cx;
use crate::studio::page::Params;
use crate::studio::refusal::Refusal;
use crate::studio::store::assets::{self, AssetRow};
use crate::studio::store::files::{self, FileRow};
use crate::wire::AssetStatus;

/// The largest signed upload, in bytes.
const LIMIT: u64 = 512 << 20;

/// Counts requests that brought a key to where none belongs.
pub(super) async fn count_stray_keys(
    State(cx): State<Arc<Cx>>,
    request: Request,
    next: Next,
) -> Response {
    if request.headers().contains_key(AUTHORIZATION) {
        cx.tally.stray_key();
    }
    next.run(request).await
}

/// `POST`: the form fields of the reservation first, then the file. What follows the file is not read.
pub(super) async fn form(
    State(cx): State<Arc<Cx>>,
    Path(asset_id): Path<String>,
    request: Request,
) -> Result<StatusCode, Refusal> {
    refuse_key(request.headers())?;
    let mut parts = Multipart::from_request(request, &())
        .await
        .map_err(|error| Refusal::field("file", error.body_text()))?;
    let mut token = None;
    while let Some(part) = parts.next_field().await.map_err(broken_form)? {
        let name = part.name().unwrap_or_default().to_owned();
        if name == TOKEN_FIELD {
            token = Some(part.text().await.map_err(broken_form)?);
        } else if name == FILE_FIELD {
            let asset = permitted(&cx, asset_id, token.as_deref()).await?;
            let file = intake::receive(&cx, part, LIMIT).await?;
            return keep(&cx, asset, file).await;
        }
    }
    Err(Refusal::field(FILE_FIELD, "is required"))
}

/// `PUT`: the raw bytes, the token in the query.
pub(super) async fn raw(
    State(cx): State<Arc<Cx>>,
    Path(asset_id): Path<String>,
    headers: HeaderMap,
    uri: Uri,
    body: Body,
) -> Result<StatusCode, Refusal> {
    refuse_key(&headers)?;
    let token = Params::of(&uri).text("token");
    let asset = permitted(&cx, asset_id, token.as_deref()).await?;
    let file = intake::receive(&cx, body.into_data_stream(), LIMIT).await?;
    keep(&cx, asset, file).await
}

fn refuse_key(headers: &HeaderMap) -> Result<(), Refusal> {
    if headers.contains_key(AUTHORIZATION) {
        Err(Refusal::new(
            StatusCode::BAD_REQUEST,
            "forbidden",
            "A signed upload must not carry an Authorization header",
        ))
    } else {
        Ok(())
    }
}

/// The asset these bytes are for, if its token came first and still holds.
async fn permitted(cx: &Cx, asset_id: String, token: Option<&str>) -> Result<AssetRow, Refusal> {
    let asset = cx.store.run(move |db| assets::find(db, &asset_id)).await?;
    let asset = asset.filter(|asset| asset.token.is_some() && asset.token.as_deref() == token);
    let forbidden = |message: &str| Refusal::new(StatusCode::FORBIDDEN, "forbidden", message);
    let asset =
        asset.ok_or_else(|| forbidden("This upload is not signed, or signed for another file"))?;
    if asset.expires_at.is_some_and(|at| at <= cx.clock.now()) {
        return Err(forbidden("This upload has expired"));
    }
    if asset.file_id.is_some() || asset.state != AssetStatus::PendingUpload {
        return Err(Refusal::new(
            StatusCode::CONFLICT,
            "conflict",
            "This file was uploaded already",
        ));
    }
    Ok(asset)
}

/// What it is, `complete` will find out.
async fn keep(cx: &Cx, mut asset: AssetRow, file: FileRow) -> Result<StatusCode, Refusal> {
    asset.file_id = Some(file.file_id.clone());
    cx.store
        .run(move |db| {
            files::insert(db, &file)?;
            assets::update(db, &asset)
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
