//! Starting runs, by either route, and reading them.

use reqwest::{Method, Url};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::client::{finish, with_query};
use super::retry::Repeat;
use super::{ApiError, Client, Page, origin};
use crate::wire;

/// Which runs to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RunQuery {
    /// `ws_…`
    pub workspace: Option<String>,
    /// `prj_…`
    pub project: Option<String>,
    /// `tech_…`
    pub technique: Option<String>,
    pub status: Option<wire::RunStatus>,
    /// 1 to 100; 100 when absent.
    pub limit: Option<u32>,
}

/// A run that was started.
#[derive(Clone, Debug, PartialEq)]
pub struct Started<T> {
    pub value: T,
    /// FLORA's `request-id`, for support.
    pub request_id: Option<String>,
    /// FLORA repeated its answer to an earlier start with the same key; nothing new was started.
    pub replayed: bool,
}

impl Client {
    /// Starts a run by the nested route: text, picture and video inputs, at least one. The idempotency key is in
    /// the body.
    ///
    /// Sent once; only a 429 is waited out. After a failure ask [`ApiError::outcome_unknown`].
    ///
    /// # Errors
    /// As every request; [`ApiError::is_duplicate`] when this key started a run before.
    pub async fn start_run(
        &self,
        technique: &str,
        body: &wire::StartRun,
    ) -> Result<Started<wire::Run>, ApiError> {
        let url = self.url(&["techniques", technique, "runs"])?;
        self.start(url, body, None).await
    }

    /// Starts a run by the second route: any kind of input, or none. The idempotency key is a header.
    ///
    /// Sent once; only a 429 is waited out. After a failure ask [`ApiError::outcome_unknown`].
    ///
    /// # Errors
    /// As [`Self::start_run`].
    pub async fn start_quick_run(
        &self,
        body: &wire::QuickRun,
        idempotency_key: &str,
    ) -> Result<Started<wire::QuickRunStarted>, ApiError> {
        let url = self.url(&["runs", "technique"])?;
        self.start(url, body, Some(idempotency_key)).await
    }

    /// A page of the history, newest first.
    ///
    /// # Errors
    /// As every request.
    pub async fn runs(
        &self,
        query: &RunQuery,
        cursor: Option<&str>,
    ) -> Result<Page<wire::RunListItem>, ApiError> {
        let mut url = self.url(&["technique-runs"])?;
        with_query(
            &mut url,
            &[
                ("workspace_id", query.workspace.as_deref()),
                ("project_id", query.project.as_deref()),
                ("technique_id", query.technique.as_deref()),
                ("status", query.status.as_ref().map(|word| word.as_str())),
                ("cursor", cursor),
            ],
            query.limit,
        );
        self.get_page(url).await
    }

    /// One run by itself. For many runs, list them: that is one request.
    ///
    /// # Errors
    /// As every request.
    pub async fn run(&self, technique: &str, run: &str) -> Result<wire::Run, ApiError> {
        self.get(self.url(&["techniques", technique, "runs", run])?)
            .await
    }

    /// One run by its `poll_url`, which must be on the base URL's origin.
    ///
    /// # Errors
    /// As every request; [`ApiError::Refused`] for an address elsewhere, before anything is sent.
    pub async fn poll(&self, poll_url: &str) -> Result<wire::Run, ApiError> {
        let url = origin::parse(poll_url)?;
        origin::check_file(&url, self.is_loopback())?;
        self.get(url).await
    }

    async fn start<T: DeserializeOwned>(
        &self,
        url: Url,
        body: &(impl Serialize + Sync),
        idempotency_key: Option<&str>,
    ) -> Result<Started<T>, ApiError> {
        let attempt = || async {
            let request = match idempotency_key {
                Some(key) => self.keyed(url.clone(), key)?,
                None => self.request(Method::POST, url.clone())?,
            };
            let answer = self.send(finish(request.json(body))?).await?;
            Ok(Started {
                value: answer.decode()?,
                request_id: answer.request_id,
                replayed: answer.replayed,
            })
        };
        self.retry().run(Repeat::WhenRateLimited, attempt).await
    }
}
