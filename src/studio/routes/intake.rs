//! Bytes that come in: streamed to disk, hashed and counted on the way, examined at the end.

use std::fmt::Display;
use std::pin::pin;

use axum::body::Bytes;
use futures_util::{Stream, StreamExt as _};
use sha2::{Digest as _, Sha256};
use tokio::fs::File;
use tokio::io::AsyncWriteExt as _;

use crate::studio::accept::{self, Facts};
use crate::studio::context::Cx;
use crate::studio::refusal::Refusal;
use crate::studio::store::StoreError;
use crate::studio::store::files::{FileRow, hex};

/// A sender of more than the limit is listened to this much further, so that it reads the answer and not a reset.
const PATIENCE: u64 = 256 << 20;
/// Until the content was examined.
const UNKNOWN: &str = "application/octet-stream";

/// Writes a stream to a new file. The row is not in the store yet.
///
/// # Errors
/// 413 above `limit` bytes; 400 when the stream breaks off. Nothing is left on disk then.
pub(super) async fn receive<E: Display>(
    cx: &Cx,
    stream: impl Stream<Item = Result<Bytes, E>>,
    limit: u64,
) -> Result<FileRow, Refusal> {
    let mut row = FileRow::new(UNKNOWN, 0, String::new());
    let path = cx.data.join(&row.path);
    let part = path.with_extension("part");
    let result = async {
        let written = write(&part, stream, limit).await?;
        tokio::fs::rename(&part, &path)
            .await
            .map_err(StoreError::Io)?;
        Ok(written)
    }
    .await;
    match result {
        Ok((size, sha256)) => {
            row.size = size;
            row.sha256 = sha256;
            Ok(row)
        }
        Err(refusal) => {
            // It may not have been made; there is nothing more to do about it either way.
            let _ = tokio::fs::remove_file(&part).await;
            Err(refusal)
        }
    }
}

async fn write<E: Display>(
    part: &std::path::Path,
    stream: impl Stream<Item = Result<Bytes, E>>,
    limit: u64,
) -> Result<(u64, String), Refusal> {
    let mut file = File::create(part).await.map_err(StoreError::Io)?;
    let mut hash = Sha256::new();
    let mut size = 0_u64;
    let mut stream = pin!(stream);
    while let Some(chunk) = stream.next().await {
        let chunk = chunk
            .map_err(|error| Refusal::field("file", format!("The upload broke off: {error}")))?;
        size += chunk.len() as u64;
        if size > limit.saturating_add(PATIENCE) {
            break;
        }
        if size <= limit {
            hash.update(&chunk);
            file.write_all(&chunk).await.map_err(StoreError::Io)?;
        }
    }
    if size > limit {
        return Err(Refusal::too_large(format!(
            "is larger than {} MB",
            limit >> 20
        )));
    }
    file.flush().await.map_err(StoreError::Io)?;
    Ok((size, hex(&hash.finalize())))
}

/// Says what a received file is, or why it is not accepted.
pub(super) async fn examine(cx: &Cx, file: &FileRow) -> Result<Result<Facts, String>, Refusal> {
    let path = cx.data.join(&file.path);
    let facts = tokio::task::spawn_blocking(move || accept::examine(&path))
        .await
        .map_err(|_| StoreError::Cancelled)?
        .map_err(StoreError::Io)?;
    Ok(facts)
}

/// Removes a file that will not be kept.
pub(super) async fn discard(cx: &Cx, file: &FileRow) {
    if let Err(error) = tokio::fs::remove_file(cx.data.join(&file.path)).await {
        tracing::warn!(%error, "a refused upload could not be removed");
    }
}
