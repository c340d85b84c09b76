//! `POST /assets`, its three forms: bytes, a URL to fetch, a reservation for a signed upload.

use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::multipart::Field;
use axum::extract::{Extension, FromRequest as _, Multipart, Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};

use super::body::Json as JsonBody;
use super::intake;
use crate::studio::clock::millis;
use crate::studio::context::Cx;
use crate::studio::faults::Twist;
use crate::studio::idempotency::{Key, Scope};
use crate::studio::refusal::Refusal;
use crate::studio::store::assets::{self, AssetRow};
use crate::studio::store::files::{self, FileRow};
use crate::studio::{answer, ids, origin, page};
use crate::wire::{Asset, AssetStatus, SIGNED_URL};

/// The largest file sent directly, in bytes.
const DIRECT_LIMIT: u64 = 4 << 20;
/// How long a reservation holds, in milliseconds.
pub(super) const RESERVED_FOR: i64 = 15 * 60 * 1000;

type Created = Result<(StatusCode, Json<Asset>), Refusal>;

pub(super) async fn create(
    State(cx): State<Arc<Cx>>,
    twist: Option<Extension<Twist>>,
    headers: HeaderMap,
    request: Request,
) -> Created {
    let key = Key::from_header(Scope::CreateAsset, &headers)?;
    let is_form = headers
        .get(CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"multipart/form-data"));
    let delay = twist.and_then(|Extension(twist)| twist.asset_delay);
    let ready_at = delay.map(|delay| cx.clock.now() + millis(delay));
    if is_form {
        direct(&cx, key, ready_at, request).await
    } else {
        by_source(&cx, key, ready_at, request.into_body()).await
    }
}

/// Bytes in one request: ready at once.
async fn direct(cx: &Cx, key: Key, ready_at: Option<i64>, request: Request) -> Created {
    let form = Form::read(cx, request).await?;
    let Some(file) = form.file else {
        return Err(Refusal::field("file", "is required"));
    };
    let result = keep_direct(cx, key, ready_at, form.about, &file).await;
    if result.is_err() {
        intake::discard(cx, &file).await;
    }
    result
}

async fn keep_direct(
    cx: &Cx,
    key: Key,
    ready_at: Option<i64>,
    about: About,
    file: &FileRow,
) -> Created {
    let mut asset = about.asset(cx, "direct")?;
    let facts = intake::examine(cx, file)
        .await?
        .map_err(|why| Refusal::field("file", why))?;
    let mut file = file.clone();
    file.content_type = facts.content_type.to_owned();
    asset.state = AssetStatus::Ready;
    asset.ready_at = ready_at;
    asset.file_id = Some(file.file_id.clone());
    asset.content_type = Some(file.content_type.clone());
    (asset.width, asset.height) = facts.size.unzip();
    let row = asset.clone();
    let now = asset.created_at;
    cx.store
        .run(move |db| {
            key.claim(db, now)?;
            files::insert(db, &file)?;
            assets::insert(db, &row)
        })
        .await?;
    Ok((StatusCode::CREATED, Json(answer::reservation(cx, &asset))))
}

async fn by_source(cx: &Cx, key: Key, ready_at: Option<i64>, body: Body) -> Created {
    let body = JsonBody::read(body).await?;
    let about = About {
        workspace_id: body.text("workspace_id")?,
        project_id: body.text("project_id")?,
        file_name: body.text("file_name")?,
        content_type: body.text("content_type")?,
        folder: body.text("folder")?,
    };
    match body.required_text("source")?.as_str() {
        SIGNED_URL => reserve(cx, key, about).await,
        url => fetch(cx, key, ready_at, about, url).await,
    }
}

/// A place and a token for bytes that come over the file origin.
async fn reserve(cx: &Cx, key: Key, about: About) -> Created {
    let mut asset = about.asset(cx, "signed_url")?;
    asset.token = Some(ids::fresh("upl_"));
    asset.expires_at = Some(asset.created_at + RESERVED_FOR);
    let row = asset.clone();
    cx.store
        .run(move |db| {
            key.claim(db, row.created_at)?;
            assets::insert(db, &row)
        })
        .await?;
    Ok((StatusCode::CREATED, Json(answer::reservation(cx, &asset))))
}

/// "Fetches" one of our own files: the new asset shares it. Nothing else is ever fetched.
async fn fetch(cx: &Cx, key: Key, ready_at: Option<i64>, about: About, source: &str) -> Created {
    let Some(file_id) = origin::own_file(source) else {
        return Err(Refusal::field(
            "source",
            "must be signed-url or a file of this studio: the local studio fetches nothing from elsewhere, so upload \
             the file instead",
        ));
    };
    let mut asset = about.asset(cx, "url")?;
    asset.state = AssetStatus::Ready;
    asset.ready_at = ready_at;
    let asset = cx
        .store
        .run(move |db| {
            let Some(file) = files::find(db, &file_id)? else {
                return Ok(None);
            };
            key.claim(db, asset.created_at)?;
            asset.content_type = Some(file.content_type);
            asset.file_id = Some(file.file_id);
            assets::insert(db, &asset)?;
            Ok(Some(asset))
        })
        .await?
        .ok_or_else(|| Refusal::field("source", "is not a file of this studio (any more)"))?;
    Ok((StatusCode::CREATED, Json(answer::reservation(cx, &asset))))
}

/// What a request says about the asset.
#[derive(Default)]
struct About {
    workspace_id: Option<String>,
    project_id: Option<String>,
    file_name: Option<String>,
    content_type: Option<String>,
    folder: Option<String>,
}

impl About {
    /// A new asset that waits for its bytes.
    fn asset(self, cx: &Cx, uploaded_via: &str) -> Result<AssetRow, Refusal> {
        let Some(workspace) = &self.workspace_id else {
            return Err(Refusal::field("workspace_id", "is required"));
        };
        page::check_workspace(workspace)?;
        page::check_project(self.project_id.as_deref())?;
        Ok(AssetRow {
            seq: 0,
            asset_id: ids::fresh(ids::ASSET_PREFIX),
            project_id: self.project_id,
            name: base_name(self.file_name.as_deref().unwrap_or_default()),
            folder: self.folder,
            state: AssetStatus::PendingUpload,
            uploaded_via: uploaded_via.to_owned(),
            upload_content_type: self.content_type,
            content_type: None,
            width: None,
            height: None,
            file_id: None,
            size: None,
            token: None,
            expires_at: None,
            ready_at: None,
            failure_message: None,
            created_at: cx.clock.now(),
        })
    }

    /// Takes a form's text part; one we do not know is read and left.
    async fn part(&mut self, name: &str, part: Field<'_>) -> Result<(), Refusal> {
        let text = part.text().await.map_err(broken_form)?;
        match name {
            "workspace_id" => self.workspace_id = Some(text),
            "project_id" => self.project_id = Some(text),
            "file_name" => self.file_name = Some(text),
            "content_type" => self.content_type = Some(text),
            "folder" => self.folder = Some(text),
            _ => {}
        }
        Ok(())
    }
}

/// A direct upload's form. The parts may come in any order.
#[derive(Default)]
struct Form {
    about: About,
    file: Option<FileRow>,
}

impl Form {
    async fn read(cx: &Cx, request: Request) -> Result<Self, Refusal> {
        let mut parts = Multipart::from_request(request, &())
            .await
            .map_err(|error| Refusal::field("file", error.body_text()))?;
        let mut form = Self::default();
        let result = form.read_parts(cx, &mut parts).await;
        match (result, &form.file) {
            (Err(refusal), Some(file)) => {
                intake::discard(cx, file).await;
                Err(refusal)
            }
            (result, _) => result.map(|()| form),
        }
    }

    async fn read_parts(&mut self, cx: &Cx, parts: &mut Multipart) -> Result<(), Refusal> {
        while let Some(part) = parts.next_field().await.map_err(broken_form)? {
            let name = part.name().unwrap_or_default().to_owned();
            if name != answer::FILE_FIELD {
                self.about.part(&name, part).await?;
            } else if self.file.is_some() {
                return Err(Refusal::field("file", "was given twice"));
            } else {
                let file_name = part.file_name().map(str::to_owned);
                self.about.file_name = self.about.file_name.take().or(file_name);
                self.file = Some(intake::receive(cx, part, DIRECT_LIMIT).await?);
            }
        }
        Ok(())
    }
}

/// A form that cannot be read on.
pub(super) fn broken_form(error: axum::extract::multipart::MultipartError) -> Refusal {
    Refusal::field(
        "file",
        format!("The form cannot be read: {}", error.body_text()),
    )
}

/// The last part of what may be a path, as some clients send.
fn base_name(name: &str) -> String {
    let name = name.rsplit(['/', '\\']).next().unwrap_or(name).trim();
    if name.is_empty() {
        "upload".to_owned()
    } else {
        name.to_owned()
    }
}
