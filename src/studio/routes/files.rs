//! `GET /files/{file}/{name}`: outputs and assets, whole or in part, for anyone who knows the URL.

use std::io::SeekFrom;
use std::ops::Range;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, ETAG, IF_NONE_MATCH,
    IF_RANGE, RANGE, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, StatusCode, response};
use axum::response::{IntoResponse as _, Response};
use tokio::fs::File;
use tokio::io::{AsyncReadExt as _, AsyncSeekExt as _};
use tokio_util::io::ReaderStream;

use crate::studio::context::Cx;
use crate::studio::origin;
use crate::studio::refusal::Refusal;
use crate::studio::store::StoreError;
use crate::studio::store::files::{self, FileRow};

/// The name is decoration: the id says which file, and the store says where it lies.
pub(super) async fn serve(
    State(cx): State<Arc<Cx>>,
    Path((file_id, _name)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let missing = || Refusal::not_found("The file");
    if !origin::is_file_id(&file_id) {
        return Err(missing());
    }
    let row = cx.store.run(move |db| files::find(db, &file_id)).await?;
    let row = row.ok_or_else(missing)?;
    let file = File::open(cx.data.join(&row.path))
        .await
        .map_err(|_| missing())?;
    let etag = format!("\"{}\"", row.sha256);
    if header(&headers, IF_NONE_MATCH) == Some(etag.as_str()) {
        return Ok((StatusCode::NOT_MODIFIED, [(ETAG, etag)]).into_response());
    }
    let wanted = match header(&headers, RANGE) {
        // A range of another version of the file would not fit what the client has.
        Some(_) if header(&headers, IF_RANGE).is_some_and(|known| known != etag) => Wanted::Whole,
        Some(range) => Wanted::parse(range, row.size),
        None => Wanted::Whole,
    };
    answer(file, &row, &etag, wanted).await
}

async fn answer(
    mut file: File,
    row: &FileRow,
    etag: &str,
    wanted: Wanted,
) -> Result<Response, Refusal> {
    let builder = Response::builder()
        .header(ETAG, etag)
        .header(ACCEPT_RANGES, "bytes")
        .header(CONTENT_TYPE, &row.content_type)
        .header(X_CONTENT_TYPE_OPTIONS, "nosniff")
        .header(CACHE_CONTROL, "public, max-age=31536000, immutable");
    match wanted {
        Wanted::Whole => finish(
            builder.header(CONTENT_LENGTH, row.size),
            Body::from_stream(ReaderStream::new(file)),
        ),
        Wanted::Part(range) => {
            file.seek(SeekFrom::Start(range.start))
                .await
                .map_err(StoreError::Io)?;
            let length = range.end - range.start;
            let told = format!("bytes {}-{}/{}", range.start, range.end - 1, row.size);
            finish(
                builder
                    .status(StatusCode::PARTIAL_CONTENT)
                    .header(CONTENT_LENGTH, length)
                    .header(CONTENT_RANGE, told),
                Body::from_stream(ReaderStream::new(file.take(length))),
            )
        }
        Wanted::Beyond => finish(
            builder
                .status(StatusCode::RANGE_NOT_SATISFIABLE)
                .header(CONTENT_RANGE, format!("bytes */{}", row.size)),
            Body::empty(),
        ),
    }
}

fn finish(builder: response::Builder, body: Body) -> Result<Response, Refusal> {
    builder.body(body).map_err(|error| {
        Refusal::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal_error",
            error.to_string(),
        )
    })
}

fn header(headers: &HeaderMap, name: axum::http::HeaderName) -> Option<&str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// What of a file is asked for.
#[derive(Debug, PartialEq, Eq)]
enum Wanted {
    Whole,
    Part(Range<u64>),
    Beyond,
}

impl Wanted {
    /// Reads a `range` header. What is no single range of bytes is answered with the whole, as HTTP allows.
    fn parse(header: &str, size: u64) -> Self {
        let Some((first, last)) = header
            .strip_prefix("bytes=")
            .and_then(|range| range.trim().split_once('-'))
        else {
            return Self::Whole;
        };
        let range = match (first.parse::<u64>(), last.parse::<u64>()) {
            (Ok(first), Ok(last)) if first <= last => first..last.saturating_add(1).min(size),
            (Ok(first), Err(_)) if last.is_empty() => first..size,
            (Err(_), Ok(count)) if first.is_empty() => size.saturating_sub(count)..size,
            _ => return Self::Whole,
        };
        if range.start < range.end {
            Self::Part(range)
        } else {
            Self::Beyond
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_as_http_says() {
        assert_eq!(Wanted::parse("bytes=0-9", 100), Wanted::Part(0..10));
        assert_eq!(Wanted::parse("bytes=90-", 100), Wanted::Part(90..100));
        assert_eq!(Wanted::parse("bytes=-10", 100), Wanted::Part(90..100));
        assert_eq!(Wanted::parse("bytes=-500", 100), Wanted::Part(0..100));
        assert_eq!(Wanted::parse("bytes=50-5000", 100), Wanted::Part(50..100));
        assert_eq!(Wanted::parse("bytes=100-", 100), Wanted::Beyond);
        assert_eq!(Wanted::parse("bytes=-0", 100), Wanted::Beyond);
        for odd in ["bytes=5-1", "bytes=0-1,4-5", "lines=0-1", "bytes=a-b", ""] {
            assert_eq!(Wanted::parse(odd, 100), Wanted::Whole, "{odd}");
        }
    }
}
