//! Files on their way to FLORA: once per content and workspace, four at a time.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use futures_util::future::try_join_all;
use tokio::sync::{Mutex as Turn, Semaphore};
use url::Url;

use super::cx::Cx;
use super::db::DbError;
use super::session::Session;
use crate::api::{ApiError, Client, UploadFile, UploadSource};
use crate::library::KnownAsset;
use crate::model::{
    AssetId, InputFile, InputId, LaunchOrder, MediaKind, OrderInput, OrderValue, Problem,
    ProblemAction, Timestamp, WorkspaceId, now,
};

/// Uploads at the same time: FLORA asks for no more.
const AT_ONCE: usize = 4;

/// Hosts whose files FLORA reads as they are; everything else on the web becomes an asset first.
const READ_AS_THEY_ARE: [&str; 4] = [
    "flora.ai",
    "storage.googleapis.com",
    "amazonaws.com",
    "imagekit.io",
];

/// What uploading remembers between launches.
pub struct State {
    slots: Semaphore,
    /// One at a time for the same content, so that the second finds what the first has uploaded.
    turns: Mutex<HashMap<String, Weak<Turn<()>>>>,
}

impl Default for State {
    fn default() -> Self {
        Self {
            slots: Semaphore::new(AT_ONCE),
            turns: Mutex::default(),
        }
    }
}

/// Why a launch's files are not at FLORA.
#[derive(Debug, thiserror::Error)]
pub enum UploadError {
    #[error(transparent)]
    Api(#[from] ApiError),
    /// What FLORA said about the file of one input.
    #[error("{input}: {error}")]
    Input { input: InputId, error: ApiError },
    #[error(transparent)]
    Library(#[from] DbError),
    #[error("the bytes of {name} are not in the library any more")]
    Gone { name: String },
    #[error("FLORA made an asset without an address")]
    NoAddress,
}

impl UploadError {
    /// FLORA's part in it.
    pub fn api(&self) -> Option<&ApiError> {
        match self {
            Self::Api(error) | Self::Input { error, .. } => Some(error),
            Self::Library(_) | Self::Gone { .. } | Self::NoAddress => None,
        }
    }
}

impl From<UploadError> for Problem {
    fn from(error: UploadError) -> Self {
        match error {
            UploadError::Input { input, error } => {
                let problem = Self::from(error);
                let words = match problem.hint.as_str() {
                    "" => problem.summary.clone(),
                    hint => hint.to_owned(),
                };
                Self {
                    fields: vec![(input.to_string(), words)],
                    ..problem.with_action(ProblemAction::EditInputs)
                }
            }
            UploadError::Api(error) => {
                let problem = Self::from(error);
                match problem.action {
                    ProblemAction::None => problem.with_action(ProblemAction::Retry),
                    _ => problem,
                }
            }
            UploadError::Library(error) => error.into(),
            UploadError::Gone { name } => Self::new(format!("{name} is not here any more"))
                .with_hint("Choose the file again")
                .with_action(ProblemAction::EditInputs),
            UploadError::NoAddress => Self::new("FLORA took the file and did not say where it is")
                .with_action(ProblemAction::Retry),
        }
    }
}

/// Whether a launch has anything to upload.
pub fn has_files(order: &LaunchOrder) -> bool {
    order.inputs.iter().any(|input| match &input.value {
        OrderValue::File(_) => true,
        OrderValue::Url(url) => !is_read_as_it_is(url),
        OrderValue::Text(_) | OrderValue::Element(_) => false,
    })
}

/// Brings a launch's files to FLORA; the addresses by input.
///
/// # Errors
/// The first thing that failed. What was uploaded until then is found again the next time.
pub async fn assets(
    cx: &Cx,
    session: &Session,
    workspace: &WorkspaceId,
    order: &LaunchOrder,
) -> Result<HashMap<InputId, String>, UploadError> {
    let uploads = order.inputs.iter().map(|input| {
        let upload = Upload {
            cx,
            session,
            workspace,
            since: order.created_at,
        };
        async move {
            let address = upload.address(input).await.map_err(|error| match error {
                UploadError::Api(error) => UploadError::Input {
                    input: input.id.clone(),
                    error,
                },
                other => other,
            })?;
            Ok::<_, UploadError>(address.map(|address| (input.id.clone(), address)))
        }
    });
    Ok(try_join_all(uploads).await?.into_iter().flatten().collect())
}

struct Upload<'a> {
    cx: &'a Cx,
    session: &'a Session,
    workspace: &'a WorkspaceId,
    /// The click: an address on the web is read anew for each, as what is there may change.
    since: Timestamp,
}

impl Upload<'_> {
    async fn address(&self, input: &OrderInput) -> Result<Option<String>, UploadError> {
        match &input.value {
            OrderValue::File(file) => self.file(file, &input.kind).await.map(Some),
            OrderValue::Url(url) if !is_read_as_it_is(url) => self.web(url).await.map(Some),
            OrderValue::Url(_) | OrderValue::Text(_) | OrderValue::Element(_) => Ok(None),
        }
    }

    async fn file(&self, file: &InputFile, kind: &MediaKind) -> Result<String, UploadError> {
        let turn = self.turn(&file.hash);
        let _turn = turn.lock().await;
        if let Some(known) = self.known(&file.hash).await? {
            return Ok(known.url);
        }
        let source = UploadFile {
            name: file.name.clone(),
            content_type: content_type(file, kind),
            source: UploadSource::Path(self.path(file).await?),
        };
        let _slot = self.slot().await?;
        let client = self.client()?;
        let asset = client
            .upload(self.workspace.as_str(), &source, |_, _| {})
            .await?;
        self.keep(&file.hash, asset.asset_id, asset.url).await
    }

    async fn web(&self, url: &str) -> Result<String, UploadError> {
        // Not a hash, so it cannot be taken for one.
        let name = format!("url {url}");
        let turn = self.turn(&name);
        let _turn = turn.lock().await;
        if let Some(known) = self.known(&name).await?
            && known.created_at >= self.since
        {
            return Ok(known.url);
        }
        let _slot = self.slot().await?;
        let client = self.client()?;
        let asset = client.upload_from_url(self.workspace.as_str(), url).await?;
        self.keep(&name, asset.asset_id, asset.url).await
    }

    async fn known(&self, hash: &str) -> Result<Option<KnownAsset>, DbError> {
        let (profile, workspace) = (self.session.id().clone(), self.workspace.clone());
        let hash = hash.to_owned();
        self.cx
            .db()
            .call(move |library| library.asset(&profile, &workspace, &hash))
            .await
    }

    async fn path(&self, file: &InputFile) -> Result<PathBuf, UploadError> {
        let hash = Arc::clone(&file.hash);
        let path = self
            .cx
            .db()
            .call(move |library| library.input_path(&hash))
            .await?;
        path.ok_or_else(|| UploadError::Gone {
            name: file.name.clone(),
        })
    }

    async fn keep(
        &self,
        hash: &str,
        id: String,
        url: Option<String>,
    ) -> Result<String, UploadError> {
        let url = url.ok_or(UploadError::NoAddress)?;
        let known = KnownAsset {
            id: AssetId::new(id),
            url: url.clone(),
            created_at: now(),
        };
        let (profile, workspace) = (self.session.id().clone(), self.workspace.clone());
        let hash = hash.to_owned();
        self.cx
            .db()
            .call(move |library| library.save_asset(&profile, &workspace, &hash, &known))
            .await?;
        Ok(url)
    }

    fn client(&self) -> Result<&Client, ApiError> {
        self.session.client().ok_or_else(|| ApiError::Offline {
            message: "not connected".to_owned(),
        })
    }

    async fn slot(&self) -> Result<tokio::sync::SemaphorePermit<'_>, ApiError> {
        let slots = &self.cx.memory().upload.slots;
        // The slots are never closed; were they, nothing could be sent.
        slots.acquire().await.map_err(|_| ApiError::Offline {
            message: "closing".to_owned(),
        })
    }

    fn turn(&self, name: &str) -> Arc<Turn<()>> {
        let turns = &self.cx.memory().upload.turns;
        let mut turns = turns.lock().unwrap_or_else(PoisonError::into_inner);
        turns.retain(|_, turn| turn.strong_count() > 0);
        let key = format!("{} {} {name}", self.session.id(), self.workspace);
        let known = turns.get(&key).and_then(Weak::upgrade);
        known.unwrap_or_else(|| {
            let turn = Arc::default();
            turns.insert(key, Arc::downgrade(&turn));
            turn
        })
    }
}

/// What the content was found to be; else what the input takes.
fn content_type(file: &InputFile, kind: &MediaKind) -> String {
    let by_kind = || match kind {
        MediaKind::Image => "image/png",
        MediaKind::Video => "video/mp4",
        MediaKind::Audio => "audio/mpeg",
        MediaKind::Document => "application/pdf",
        MediaKind::Text | MediaKind::Other(_) => "application/octet-stream",
    };
    let found = file.facts.mime.clone();
    found.unwrap_or_else(|| by_kind().to_owned())
}

/// Whether FLORA reads this address itself. Files of a service on loopback are its own.
fn is_read_as_it_is(url: &str) -> bool {
    let Ok(url) = Url::parse(url.trim()) else {
        return false;
    };
    match url.host() {
        Some(url::Host::Domain(host)) => {
            host == "localhost"
                || READ_AS_THEY_ARE.iter().any(|known| {
                    host == *known
                        || host
                            .strip_suffix(known)
                            .is_some_and(|rest| rest.ends_with('.'))
                })
        }
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_hosts_that_flora_reads_are_left_as_they_are() {
        for url in [
            "https://media.flora.ai/a.png",
            "https://storage.googleapis.com/b/a.png",
            "https://bucket.s3.amazonaws.com/a.png",
            "http://127.0.0.1:9/files/a",
        ] {
            assert!(is_read_as_it_is(url), "{url}");
        }
        for url in [
            "https://example.com/a.png",
            "https://notflora.ai/a.png",
            "https://flora.ai.example.com/a.png",
            "no address",
        ] {
            assert!(!is_read_as_it_is(url), "{url}");
        }
    }
}
