//! `POST /assets` in its three forms, and reading assets.

use std::sync::Arc;
use std::time::Duration;

use reqwest::multipart::{Form, Part};
use uuid::Uuid;

use super::client::{finish, with_query};
use super::retry::Repeat;
use super::stall::Motion;
use super::upload::Progress;
use super::{ApiError, Client, Page, UploadFile};
use crate::wire;

/// The largest file, in bytes, that goes in one multipart request.
pub const DIRECT_LIMIT: u64 = 4 << 20;

/// No upload takes longer, however steadily it moves.
pub(super) const UPLOAD_AT_MOST: Duration = Duration::from_secs(3600);

/// Which assets to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AssetQuery {
    /// `ws_…`
    pub workspace: Option<String>,
    /// `prj_…`
    pub project: Option<String>,
    /// Words in the name.
    pub words: Option<String>,
    /// 1 to 100; 100 when absent.
    pub limit: Option<u32>,
}

impl Client {
    /// Uploads a file of up to [`DIRECT_LIMIT`] in one request. [`Self::upload`] chooses the route by itself.
    ///
    /// # Errors
    /// As every request; [`ApiError::File`] when the file cannot be read.
    pub async fn upload_direct(
        &self,
        workspace: &str,
        file: &UploadFile,
        progress: impl Fn(u64, u64) + Send + Sync + 'static,
    ) -> Result<wire::Asset, ApiError> {
        self.direct(workspace, file, &(Arc::new(progress) as Progress))
            .await
    }

    /// Has FLORA fetch a public https URL of up to 50 MB.
    ///
    /// # Errors
    /// As every request.
    pub async fn create_from_source(
        &self,
        workspace: &str,
        url: &str,
    ) -> Result<wire::Asset, ApiError> {
        self.create(&wire::SourceAsset {
            workspace_id: workspace.to_owned(),
            source: url.to_owned(),
            file_name: None,
            content_type: None,
            folder: None,
            project_id: None,
        })
        .await
    }

    /// Reserves a signed upload; [`Self::send_signed`] and [`Self::complete`] follow.
    ///
    /// # Errors
    /// As every request.
    pub async fn reserve_signed(
        &self,
        workspace: &str,
        file: &UploadFile,
    ) -> Result<wire::Asset, ApiError> {
        self.create(&wire::SourceAsset {
            workspace_id: workspace.to_owned(),
            source: wire::SIGNED_URL.to_owned(),
            file_name: Some(file.name.clone()),
            content_type: Some(file.content_type.clone()),
            folder: None,
            project_id: None,
        })
        .await
    }

    /// Tells FLORA that a signed upload has arrived.
    ///
    /// # Errors
    /// As every request.
    pub async fn complete(&self, asset: &str) -> Result<wire::Asset, ApiError> {
        let url = self.url(&["assets", asset, "complete"])?;
        match self.post_keyed(url, None::<&()>, &fresh_key()).await {
            // An earlier attempt was heard, only its answer was lost.
            Err(error) if error.is_duplicate() => self.asset(asset).await,
            answer => answer,
        }
    }

    /// A fresh reservation for a failed or expired upload.
    ///
    /// # Errors
    /// As every request.
    pub async fn retry_asset(&self, asset: &str) -> Result<wire::Asset, ApiError> {
        let url = self.url(&["assets", asset, "retry"])?;
        self.unless_duplicate(|key| {
            let url = url.clone();
            async move { self.post_keyed(url, None::<&()>, &key).await }
        })
        .await
    }

    /// One asset.
    ///
    /// # Errors
    /// As every request; 404 when it is gone or not ours to see.
    pub async fn asset(&self, id: &str) -> Result<wire::Asset, ApiError> {
        self.get(self.url(&["assets", id])?).await
    }

    /// A page of assets.
    ///
    /// # Errors
    /// As every request.
    pub async fn assets(
        &self,
        query: &AssetQuery,
        cursor: Option<&str>,
    ) -> Result<Page<wire::Asset>, ApiError> {
        let mut url = self.url(&["assets"])?;
        with_query(
            &mut url,
            &[
                ("workspace_id", query.workspace.as_deref()),
                ("project_id", query.project.as_deref()),
                ("query", query.words.as_deref()),
                ("cursor", cursor),
            ],
            query.limit,
        );
        self.get_page(url).await
    }

    async fn create(&self, body: &wire::SourceAsset) -> Result<wire::Asset, ApiError> {
        let url = self.url(&["assets"])?;
        self.unless_duplicate(|key| {
            let url = url.clone();
            async move { self.post_keyed(url, Some(body), &key).await }
        })
        .await
    }

    pub(super) async fn direct(
        &self,
        workspace: &str,
        file: &UploadFile,
        progress: &Progress,
    ) -> Result<wire::Asset, ApiError> {
        let policy = *self.retry();
        self.unless_duplicate(|key| async move {
            let attempt = || self.direct_once(workspace, file, &key, progress);
            policy.run(Repeat::Freely, attempt).await
        })
        .await
    }

    async fn direct_once(
        &self,
        workspace: &str,
        file: &UploadFile,
        idempotency_key: &str,
        progress: &Progress,
    ) -> Result<wire::Asset, ApiError> {
        let motion = Motion::begin();
        let form = Form::new()
            .text("workspace_id", workspace.to_owned())
            .text("file_name", file.name.clone())
            .text("content_type", file.content_type.clone())
            .part("file", file_part(file, &motion, progress).await?);
        let request = self
            .keyed(self.url(&["assets"])?, idempotency_key)?
            .timeout(UPLOAD_AT_MOST)
            .multipart(form);
        let sending = self.send(finish(request)?);
        motion.watch(self.timeout(), sending).await?.decode()
    }

    /// Does something free of charge; when its key turns out to be used, an earlier attempt took effect and its
    /// answer was lost. Nothing tells us which asset that made, so it is done again under another key.
    async fn unless_duplicate<F>(&self, act: impl Fn(String) -> F) -> Result<wire::Asset, ApiError>
    where
        F: Future<Output = Result<wire::Asset, ApiError>>,
    {
        match act(fresh_key()).await {
            Err(error) if error.is_duplicate() => act(fresh_key()).await,
            answer => answer,
        }
    }
}

fn fresh_key() -> String {
    Uuid::new_v4().to_string()
}

/// The form part that carries the bytes.
///
/// # Errors
/// [`ApiError::File`], or [`ApiError::Refused`] for a content type that is none.
pub(super) async fn file_part(
    file: &UploadFile,
    motion: &Motion,
    progress: &Progress,
) -> Result<Part, ApiError> {
    let size = file.size().await?;
    let body = file.body(size, motion, progress).await?;
    Part::stream_with_length(body, size)
        .file_name(file.name.clone())
        .mime_str(&file.content_type)
        .map_err(|_| ApiError::refused("the file's content type is not one"))
}
