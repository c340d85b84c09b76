//! What every errand may use, and what the worker is started with.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use secrecy::SecretString;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::db::Db;
use super::outbox::Outbox;
use super::{
    Desktop, KeyVault, Session, activity, connect, download, drafts, follow, import, launch,
    preview, questions, settings, sidecars, upload,
};
use crate::library::Places;
use crate::settings::Settings;
use crate::studio;

/// What the worker is started with.
pub struct WorkerConfig {
    /// Where library, settings and cache are.
    pub places: Places,
    pub settings: Settings,
    pub environment: Environment,
    pub desktop: Arc<dyn Desktop>,
    pub vault: Arc<dyn KeyVault>,
    pub studio: StudioOptions,
    pub timings: Timings,
}

impl WorkerConfig {
    /// The library's folder: the person's choice, or the usual one.
    pub(super) fn library_folder(&self) -> PathBuf {
        let chosen = self.settings.library_folder.clone();
        chosen.unwrap_or_else(|| self.places.library.clone())
    }
}

/// What the environment says for this session; never stored.
#[derive(Clone, Default)]
pub struct Environment {
    /// `FLORA_BASE_URL`
    pub base_url: Option<String>,
    /// `FLORA_API_KEY`
    pub key: Option<SecretString>,
}

/// How the studio is started. Tests change its pace and script its faults.
#[derive(Clone, Default)]
pub struct StudioOptions {
    /// Changes the configuration a person gets.
    pub adjust: Option<Adjust>,
    /// Sees the studio once it runs.
    pub started: Option<Started>,
}

/// Changes a studio's configuration.
pub type Adjust = Arc<dyn Fn(&mut studio::Config) + Send + Sync>;

/// Sees a studio that was started.
pub type Started = Arc<dyn Fn(&studio::Studio) + Send + Sync>;

/// How long the worker waits for this and that. Tests scale it down.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Timings {
    /// Every wait of our own is multiplied by this: 1 for people.
    pub scale: f64,
    /// How often and how patiently requests are repeated.
    pub retry: crate::api::RetryPolicy,
    /// One request from its first byte to its answer's last.
    pub request: Duration,
}

impl Default for Timings {
    fn default() -> Self {
        Self {
            scale: 1.0,
            retry: crate::api::RetryPolicy::default(),
            request: Duration::from_secs(60),
        }
    }
}

impl Timings {
    /// A wait of ours, scaled.
    pub fn wait(&self, wait: Duration) -> Duration {
        wait.mul_f64(self.scale.max(0.0))
    }

    /// What has to be scaled to become this wait: for waits that are not ours.
    pub fn unscaled(&self, wait: Duration) -> Duration {
        wait.div_f64(self.scale.max(1e-6))
    }
}

/// What every errand may use. Cheap to clone.
#[derive(Clone)]
pub struct Cx(Arc<Inner>);

struct Inner {
    places: Places,
    settings: Mutex<Arc<Settings>>,
    environment: Environment,
    desktop: Arc<dyn Desktop>,
    vault: Arc<dyn KeyVault>,
    studio: StudioOptions,
    timings: Timings,
    db: Db,
    outbox: Outbox,
    session: Mutex<Option<Session>>,
    cancel: CancellationToken,
    tasks: TaskTracker,
    blocking: Arc<Semaphore>,
    memory: Memory,
}

/// What the errands remember between commands, one a file.
#[derive(Default)]
pub struct Memory {
    pub activity: activity::State,
    pub connect: connect::State,
    pub download: download::State,
    pub drafts: drafts::State,
    pub follow: follow::State,
    pub import: import::State,
    pub launch: launch::State,
    pub preview: preview::State,
    pub questions: questions::State,
    pub settings: settings::State,
    pub sidecars: sidecars::State,
    pub upload: upload::State,
}

/// Threads that may decode, hash or copy at the same time.
const BLOCKING: usize = 3;

impl Cx {
    pub(super) fn new(config: WorkerConfig, db: Db, outbox: Outbox) -> Self {
        Self(Arc::new(Inner {
            places: config.places,
            settings: Mutex::new(Arc::new(config.settings)),
            environment: config.environment,
            desktop: config.desktop,
            vault: config.vault,
            studio: config.studio,
            timings: config.timings,
            db,
            outbox,
            session: Mutex::new(None),
            cancel: CancellationToken::new(),
            tasks: TaskTracker::new(),
            blocking: Arc::new(Semaphore::new(BLOCKING)),
            memory: Memory::default(),
        }))
    }

    pub fn places(&self) -> &Places {
        &self.0.places
    }

    /// The settings as they are now.
    pub fn settings(&self) -> Arc<Settings> {
        Arc::clone(
            &self
                .0
                .settings
                .lock()
                .unwrap_or_else(PoisonError::into_inner),
        )
    }

    /// Notes changed settings; the former ones are handed back.
    pub fn replace_settings(&self, settings: Arc<Settings>) -> Arc<Settings> {
        let mut current = self
            .0
            .settings
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut *current, settings)
    }

    pub fn environment(&self) -> &Environment {
        &self.0.environment
    }

    pub fn desktop(&self) -> Arc<dyn Desktop> {
        Arc::clone(&self.0.desktop)
    }

    pub fn vault(&self) -> Arc<dyn KeyVault> {
        Arc::clone(&self.0.vault)
    }

    pub fn studio_options(&self) -> &StudioOptions {
        &self.0.studio
    }

    pub fn timings(&self) -> &Timings {
        &self.0.timings
    }

    /// The library.
    pub fn db(&self) -> &Db {
        &self.0.db
    }

    /// Where to report.
    pub fn outbox(&self) -> &Outbox {
        &self.0.outbox
    }

    /// The profile in use; `None` until the first one is settled on.
    pub fn session(&self) -> Option<Session> {
        self.0
            .session
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    pub fn memory(&self) -> &Memory {
        &self.0.memory
    }

    /// Runs a task until it ends or the app closes.
    pub fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        let cancelled = self.0.cancel.clone().cancelled_owned();
        self.0.tasks.spawn(async move {
            tokio::select! {
                () = cancelled => {}
                () = task => {}
            }
        });
    }

    /// Does what blocks (decoding, hashing, copying) on a thread for it, a few at a time, first come first served.
    /// `None` when it panicked or the app is closing.
    pub async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Option<T> {
        let permit = Arc::clone(&self.0.blocking).acquire_owned().await.ok()?;
        tokio::task::spawn_blocking(move || {
            let done = work();
            drop(permit);
            done
        })
        .await
        .ok()
    }

    /// Whether the app is closing.
    pub fn is_ending(&self) -> bool {
        self.0.cancel.is_cancelled()
    }

    pub(super) fn cancel_token(&self) -> &CancellationToken {
        &self.0.cancel
    }

    pub(super) fn tasks(&self) -> &TaskTracker {
        &self.0.tasks
    }

    /// Puts a session in use; the one before is handed back.
    pub(super) fn replace_session(&self, session: Session) -> Option<Session> {
        let mut current = self
            .0
            .session
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        current.replace(session)
    }
}
