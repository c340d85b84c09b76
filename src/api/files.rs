//! Fetching outputs from wherever they are, without the key.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use futures_util::stream::{self, BoxStream, StreamExt};
use reqwest::header::{CONTENT_RANGE, CONTENT_TYPE, ETAG, HeaderMap, HeaderName, RANGE};
use reqwest::{Response, StatusCode, Url};
use tokio::time::timeout;

use super::transport::{MAX_HOPS, from_body, from_reqwest, readable, redirect_target};
use super::{ApiError, Client, origin, retry};

/// The bytes of a download as they come; an end that comes early is [`ApiError::Cut`].
pub type DownloadStream = BoxStream<'static, Result<Bytes, ApiError>>;

/// A file on its way here.
pub struct Download {
    /// 200, or 206 when it goes on from where was asked. After a 200 the file begins anew.
    pub status: u16,
    /// Bytes in this transfer, when the server says.
    pub content_length: Option<u64>,
    /// Bytes in the whole file, when the server says.
    pub total: Option<u64>,
    /// What the server takes it for; the content decides.
    pub content_type: Option<String>,
    /// Tells one version of a file from another.
    pub etag: Option<String>,
    pub stream: DownloadStream,
}

impl Download {
    /// Whether the transfer goes on from where was asked.
    pub fn is_resumed(&self) -> bool {
        self.status == StatusCode::PARTIAL_CONTENT.as_u16()
    }
}

impl fmt::Debug for Download {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Download")
            .field("status", &self.status)
            .field("content_length", &self.content_length)
            .field("total", &self.total)
            .field("content_type", &self.content_type)
            .field("etag", &self.etag)
            .finish_non_exhaustive()
    }
}

impl Client {
    /// Begins to fetch a file, from its byte `range_from` on when that is asked for.
    ///
    /// The file's server is anybody: it gets no key, no cookies and no referer; the address, and each of at most
    /// five redirects, must be https (or on loopback when the base URL is). Not repeated here: the caller has
    /// the bytes so far, and asks for the rest.
    ///
    /// # Errors
    /// [`ApiError::FileServer`] when the server says no, [`ApiError::Refused`] for an address not to be asked, else
    /// as every request.
    pub async fn download(&self, url: &str, range_from: Option<u64>) -> Result<Download, ApiError> {
        let from = range_from.filter(|from| *from > 0);
        let response = self.fetch(origin::parse(url)?, from).await?;
        if !response.status().is_success() {
            return Err(ApiError::FileServer {
                status: response.status().as_u16(),
                advice: retry::advice(response.headers()),
            });
        }
        download(response, from, self.timeout())
    }

    async fn fetch(&self, mut url: Url, from: Option<u64>) -> Result<Response, ApiError> {
        for _ in 0..=MAX_HOPS {
            origin::check_file(&url, self.is_loopback())?;
            let mut request = self.files().get(url);
            if let Some(from) = from {
                request = request.header(RANGE, format!("bytes={from}-"));
            }
            let response = timeout(self.timeout(), request.send())
                .await
                .map_err(|_| ApiError::Timeout)?
                .map_err(from_reqwest)?;
            match redirect_target(&response)? {
                Some(target) => url = target,
                None => return Ok(response),
            }
        }
        Err(ApiError::refused("too many redirects"))
    }
}

fn download(
    response: Response,
    from: Option<u64>,
    longest_standstill: Duration,
) -> Result<Download, ApiError> {
    let headers = response.headers();
    let content_length = response.content_length();
    let total = match (response.status(), from) {
        (StatusCode::PARTIAL_CONTENT, Some(from)) => match content_range(headers) {
            Some((start, total)) if start == from => total,
            Some(_) => {
                return Err(ApiError::refused(
                    "the server sent another part of the file",
                ));
            }
            None => content_length.map(|rest| from + rest),
        },
        (StatusCode::PARTIAL_CONTENT, None) => {
            return Err(ApiError::refused(
                "the server sent a part of the file unasked",
            ));
        }
        _ => content_length,
    };
    Ok(Download {
        status: response.status().as_u16(),
        content_length,
        total,
        content_type: text(headers, CONTENT_TYPE),
        etag: text(headers, ETAG),
        stream: chunks(response, longest_standstill),
    })
}

fn chunks(response: Response, longest_standstill: Duration) -> DownloadStream {
    stream::try_unfold(response, move |mut response| async move {
        match timeout(longest_standstill, response.chunk()).await {
            Ok(Ok(chunk)) => Ok(chunk.map(|chunk| (chunk, response))),
            Ok(Err(error)) => Err(from_body(&error, None)),
            Err(_) => Err(ApiError::Timeout),
        }
    })
    .boxed()
}

/// The first byte and the whole length out of `bytes 5-9/10`.
fn content_range(headers: &HeaderMap) -> Option<(u64, Option<u64>)> {
    let value = headers.get(CONTENT_RANGE)?.to_str().ok()?;
    let (range, total) = value.trim().strip_prefix("bytes ")?.split_once('/')?;
    let (start, _) = range.split_once('-')?;
    Some((start.trim().parse().ok()?, total.trim().parse().ok()))
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<String> {
    headers.get(name).and_then(readable)
}
