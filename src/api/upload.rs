//! A local file, or a public URL, becomes an asset that a run can read.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::{Stream, StreamExt, stream};
use reqwest::Body;
use tokio::io::AsyncReadExt;
use tokio::time::Instant;
use tokio_util::io::ReaderStream;

use super::stall::Motion;
use super::{ApiError, Client, DIRECT_LIMIT};
use crate::wire;

/// Bytes handed on at a time; also the grain of the progress.
const CHUNK: usize = 64 << 10;

/// How often a signed upload is sent before it counts as failed.
const SENDS: u32 = 3;

/// Called with the bytes sent so far and the bytes there are; starts over when a transfer does.
pub(super) type Progress = Arc<dyn Fn(u64, u64) + Send + Sync>;

/// A file to upload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UploadFile {
    /// The name FLORA shows.
    pub name: String,
    /// MIME type, such as `image/png`.
    pub content_type: String,
    pub source: UploadSource,
}

/// Where an upload's bytes are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UploadSource {
    Path(PathBuf),
    Bytes(Bytes),
}

impl UploadFile {
    /// Its length in bytes.
    ///
    /// # Errors
    /// [`ApiError::File`] when the file is not there.
    pub(super) async fn size(&self) -> Result<u64, ApiError> {
        match &self.source {
            UploadSource::Bytes(bytes) => Ok(bytes.len() as u64),
            UploadSource::Path(path) => {
                let facts = tokio::fs::metadata(path).await.map_err(unreadable)?;
                Ok(facts.len())
            }
        }
    }

    /// Its bytes as a request's body, reporting as they go.
    ///
    /// # Errors
    /// [`ApiError::File`] when the file cannot be opened.
    pub(super) async fn body(
        &self,
        size: u64,
        motion: &Motion,
        progress: &Progress,
    ) -> Result<Body, ApiError> {
        progress(0, size);
        match &self.source {
            UploadSource::Bytes(bytes) => {
                let chunks = stream::iter(slices(bytes.clone())).map(Ok::<_, std::io::Error>);
                Ok(reporting(chunks, size, motion, progress))
            }
            UploadSource::Path(path) => {
                let file = tokio::fs::File::open(path).await.map_err(unreadable)?;
                // A file that is being written to must not outgrow the length announced for it.
                let chunks = ReaderStream::with_capacity(file.take(size), CHUNK);
                Ok(reporting(chunks, size, motion, progress))
            }
        }
    }
}

impl Client {
    /// Uploads a file by the route its size calls for and waits until it is ready.
    ///
    /// `progress` gets the bytes sent and the bytes in all, and starts over when a transfer is repeated. An asset
    /// costs nothing, so everything here is repeated as the policy allows.
    ///
    /// # Errors
    /// As every request; [`ApiError::AssetFailed`] when FLORA cannot use the file, [`ApiError::File`] when it
    /// cannot be read here, [`ApiError::FileServer`] when the storage refuses it.
    pub async fn upload(
        &self,
        workspace: &str,
        file: &UploadFile,
        progress: impl Fn(u64, u64) + Send + Sync + 'static,
    ) -> Result<wire::Asset, ApiError> {
        let progress: Progress = Arc::new(progress);
        let asset = if file.size().await? <= DIRECT_LIMIT {
            self.direct(workspace, file, &progress).await?
        } else {
            self.signed(workspace, file, &progress).await?
        };
        self.when_ready(asset).await
    }

    /// Has FLORA fetch a public https URL (up to 50 MB) into an asset and waits until it is ready.
    ///
    /// # Errors
    /// As [`Self::upload`].
    pub async fn upload_from_url(
        &self,
        workspace: &str,
        url: &str,
    ) -> Result<wire::Asset, ApiError> {
        let asset = self.create_from_source(workspace, url).await?;
        self.when_ready(asset).await
    }

    /// Reserves, sends and completes; a reservation that has run out is renewed.
    async fn signed(
        &self,
        workspace: &str,
        file: &UploadFile,
        progress: &Progress,
    ) -> Result<wire::Asset, ApiError> {
        let mut reservation = self.reserve_signed(workspace, file).await?;
        let mut sends = 1;
        while let Err(error) = self.send_to_storage(&reservation, file, progress).await {
            let expired = has_expired(&error);
            if sends == SENDS || !(expired || error.is_retryable_get()) {
                return Err(error);
            }
            tracing::debug!(error = error.brief(), expired, "sending the file again");
            tokio::time::sleep(self.pause(sends)).await;
            if expired {
                reservation = self.retry_asset(&reservation.asset_id).await?;
            }
            sends += 1;
        }
        self.complete(&reservation.asset_id).await
    }

    fn pause(&self, sends: u32) -> Duration {
        (self.retry().first * sends).min(self.retry().cap)
    }

    /// Looks at an asset until it is ready.
    async fn when_ready(&self, mut asset: wire::Asset) -> Result<wire::Asset, ApiError> {
        let deadline = Instant::now() + self.retry().asset_patience;
        loop {
            match asset.status {
                wire::AssetStatus::Ready if asset.url.is_some() => return Ok(asset),
                wire::AssetStatus::Failed => return Err(failed(asset)),
                _ if Instant::now() >= deadline => return Err(ApiError::Timeout),
                _ => {}
            }
            tokio::time::sleep(self.retry().asset_poll).await;
            asset = self.asset(&asset.asset_id).await?;
        }
    }
}

/// Storage refuses an upload whose policy has run out with one of these, S3 and Google each in its own way.
fn has_expired(error: &ApiError) -> bool {
    matches!(
        error,
        ApiError::FileServer {
            status: 400 | 401 | 403 | 404 | 410,
            ..
        }
    )
}

fn failed(asset: wire::Asset) -> ApiError {
    ApiError::AssetFailed {
        asset: asset.asset_id,
        message: asset
            .failure_message
            .unwrap_or_else(|| "no reason given".to_owned()),
    }
}

fn unreadable(error: std::io::Error) -> ApiError {
    ApiError::File {
        message: error.to_string(),
    }
}

fn slices(bytes: Bytes) -> impl Iterator<Item = Bytes> + Send {
    (0..bytes.len())
        .step_by(CHUNK)
        .map(move |start| bytes.slice(start..bytes.len().min(start + CHUNK)))
}

fn reporting(
    chunks: impl Stream<Item = std::io::Result<Bytes>> + Send + 'static,
    size: u64,
    motion: &Motion,
    progress: &Progress,
) -> Body {
    let (motion, progress, mut sent) = (motion.clone(), progress.clone(), 0_u64);
    Body::wrap_stream(chunks.inspect(move |chunk| {
        if let Ok(chunk) = chunk {
            sent += chunk.len() as u64;
            motion.note();
            progress(sent, size);
        }
    }))
}
