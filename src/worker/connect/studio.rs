//! The local studio, started in this process when it is wanted and ended with it.

use tokio::sync::Mutex;

use super::super::cx::Cx;
use crate::studio::{Config, Studio, StudioError};

/// The studio, once it runs.
#[derive(Default)]
pub(super) struct Running(Mutex<Option<Studio>>);

/// How to reach it.
pub(super) struct Reach {
    pub base_url: String,
    pub key: String,
}

impl Running {
    /// The running studio, started if need be.
    ///
    /// # Errors
    /// What its data directory or the network says.
    pub async fn ensure(&self, cx: &Cx) -> Result<Reach, StudioError> {
        let mut running = self.0.lock().await;
        let studio = match running.take() {
            Some(studio) => studio,
            None => start(cx).await?,
        };
        let studio = running.insert(studio);
        Ok(Reach {
            base_url: studio.base_url(),
            key: studio.api_key().to_owned(),
        })
    }

    /// Starts it anew: it does not answer any more.
    ///
    /// # Errors
    /// As [`Self::ensure`].
    pub async fn restart(&self, cx: &Cx) -> Result<Reach, StudioError> {
        self.end().await;
        self.ensure(cx).await
    }

    pub async fn end(&self) {
        if let Some(studio) = self.0.lock().await.take() {
            studio.shutdown().await;
        }
    }
}

async fn start(cx: &Cx) -> Result<Studio, StudioError> {
    let mut config = Config::new(cx.places().studio());
    let options = cx.studio_options();
    if let Some(adjust) = &options.adjust {
        adjust(&mut config);
    }
    let studio = Studio::start(config).await?;
    tracing::info!(base_url = studio.base_url(), "the studio runs");
    if let Some(started) = &options.started {
        started(&studio);
    }
    Ok(studio)
}
