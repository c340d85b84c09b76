//! One attempt to bring a file here: from where the last one ended, checked, and under its name only when whole.

use std::path::PathBuf;

use futures_util::TryStreamExt;

use crate::api::{self, ApiError, Download};
use crate::library::{LibraryError, OutputPlace, PartFile, StoredFile};
use crate::media::{self, Format};
use crate::model::{MediaKind, Problem, ProblemAction};

/// Bytes that are gathered before they are written.
const GATHER: usize = 256 * 1024;

/// Why an attempt did not bring the file, and how many bytes are here.
#[derive(Debug)]
pub(super) struct Failure {
    pub why: Why,
    pub offset: u64,
}

/// Why an attempt did not bring the file.
#[derive(Debug)]
pub(super) enum Why {
    /// The network or the file's server.
    Api(ApiError),
    /// The disk.
    Library(LibraryError),
    /// Something came that is not the file.
    Wrong(Problem),
}

/// What to fetch and where to put it.
pub(super) struct Transfer {
    pub url: String,
    pub place: OutputPlace,
    pub kind: MediaKind,
    /// Which version of the file the bytes so far belong to, when the server says.
    pub etag: Option<String>,
}

impl Transfer {
    /// Goes on with what is here, or begins.
    pub async fn attempt(&mut self, client: &api::Client) -> Result<StoredFile, Failure> {
        let place = self.place.clone();
        let part = on_disk(move || PartFile::resume(&place.folder, &place.stem)).await;
        let mut part = part.map_err(|why| Failure { why, offset: 0 })?;
        let offset = part.offset();
        let download = match self.begin(client, offset).await {
            Ok(download) => download,
            Err(error) => {
                return Err(Failure {
                    why: Why::Api(error),
                    offset,
                });
            }
        };
        let goes_on = download.is_resumed();
        let total = download.total;
        self.etag.clone_from(&download.etag);
        if !goes_on && offset > 0 {
            part = restarted(part)
                .await
                .map_err(|why| Failure { why, offset: 0 })?;
        }
        part = receive(download, part).await?;
        self.finish(part, total).await
    }

    /// Asks for the rest of the file, or for all of it when the rest of this version is not to be had.
    async fn begin(&self, client: &api::Client, offset: u64) -> Result<Download, ApiError> {
        if offset == 0 {
            return client.download(&self.url, None).await;
        }
        match client.download(&self.url, Some(offset)).await {
            Ok(rest) if rest.is_resumed() && self.is_another_version(&rest) => {
                client.download(&self.url, None).await
            }
            // "Range not satisfiable": what is here is no beginning of that file.
            Err(ApiError::FileServer { status: 416, .. }) => client.download(&self.url, None).await,
            other => other,
        }
    }

    fn is_another_version(&self, rest: &Download) -> bool {
        matches!((&self.etag, &rest.etag), (Some(before), Some(now)) if before != now)
    }

    async fn finish(&self, part: PartFile, total: Option<u64>) -> Result<StoredFile, Failure> {
        let offset = part.offset();
        let kind = self.kind.clone();
        if offset == 0 {
            part.discard();
            let why = Why::Wrong(wrong("The file is empty"));
            return Err(Failure { why, offset });
        }
        let file = on_disk(move || part.finish(total, &kind)).await;
        let file = file.map_err(|why| Failure { why, offset })?;
        match self.content_of(&file).await {
            Some(problem) => Err(Failure {
                why: Why::Wrong(problem),
                offset: 0,
            }),
            None => Ok(file),
        }
    }

    /// A sign-in page of a hotel's network comes with status 200: it is not kept as a picture.
    async fn content_of(&self, file: &StoredFile) -> Option<Problem> {
        if !self.kind.is_file() {
            return None;
        }
        let path = file.path.clone();
        let is_page = tokio::task::spawn_blocking(move || discard_page(path)).await;
        is_page
            .unwrap_or(false)
            .then(|| wrong("A web page came in place of the file"))
    }
}

/// Removes the file if it is a web page; whether it was.
fn discard_page(path: PathBuf) -> bool {
    let is_page = media::sniff_file(&path).is_ok_and(|sniffed| sniffed.format == Format::Html);
    if is_page && let Err(error) = std::fs::remove_file(&path) {
        tracing::warn!(%error, "a web page in place of a file was not removed");
    }
    is_page
}

fn wrong(summary: &str) -> Problem {
    Problem::new(summary)
        .with_hint("A proxy or a sign-in page may be in between; fetching again is free")
        .with_action(ProblemAction::Retry)
}

/// Writes what comes, a good handful at a time.
async fn receive(mut download: Download, mut part: PartFile) -> Result<PartFile, Failure> {
    let mut gathered: Vec<u8> = Vec::new();
    loop {
        let chunk = match download.stream.try_next().await {
            Ok(chunk) => chunk,
            Err(error) => {
                // What came before the cut is kept: the next attempt goes on from there.
                let part = written(part, gathered).await?;
                return Err(Failure {
                    why: Why::Api(error),
                    offset: part.offset(),
                });
            }
        };
        let is_over = chunk.is_none();
        gathered.extend_from_slice(chunk.as_deref().unwrap_or_default());
        if is_over || gathered.len() >= GATHER {
            part = written(part, std::mem::take(&mut gathered)).await?;
        }
        if is_over {
            return Ok(part);
        }
    }
}

async fn written(mut part: PartFile, bytes: Vec<u8>) -> Result<PartFile, Failure> {
    let offset = part.offset();
    on_disk(move || part.write(&bytes).map(|()| part))
        .await
        .map_err(|why| Failure { why, offset })
}

async fn restarted(mut part: PartFile) -> Result<PartFile, Why> {
    on_disk(move || part.restart().map(|()| part)).await
}

/// Small steps on the disk, on a thread that may block. Not one of the few for decoding: a download must not wait for
/// a picture to be made.
async fn on_disk<T: Send + 'static>(
    step: impl FnOnce() -> Result<T, LibraryError> + Send + 'static,
) -> Result<T, Why> {
    match tokio::task::spawn_blocking(step).await {
        Ok(done) => done.map_err(Why::Library),
        Err(_) => Err(Why::Wrong(Problem::new("Florist is closing"))),
    }
}
