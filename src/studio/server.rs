//! Starts and ends a studio: its data directory, its two listeners, its workers.

use std::fs::{self, File, TryLockError};
use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::catalog::Catalog;
use super::clock::Clock;
use super::config::Config;
use super::context::Cx;
use super::engine::Engine;
use super::faults::{Faults, Tally};
use super::line::{Lines, Scissors};
use super::store::{self, Store, StoreError, keys, runs};
use super::{ids, origin, routes, samples};

/// The path of the base URL.
pub(super) const API_PATH: &str = "/api/v1";

/// The notes that keep the ports from one start to the next.
const API_PORT: &str = "api_port";
const FILE_PORT: &str = "file_port";

/// How long an end waits for requests and technique work to stop.
const PATIENCE: Duration = Duration::from_secs(5);

/// Why a studio could not be started.
#[derive(Debug, thiserror::Error)]
pub enum StudioError {
    /// The studio is for this computer only.
    #[error("{0} is not a loopback address: the studio listens on loopback only")]
    NotLoopback(SocketAddr),
    /// Two studios on one data directory would run each other's runs.
    #[error("another studio is using {}", .0.display())]
    InUse(PathBuf),
    #[error("cannot listen on {addr}: {source}")]
    Listen { addr: SocketAddr, source: io::Error },
    #[error("cannot use {}: {source}", .path.display())]
    Data { path: PathBuf, source: io::Error },
    #[error("cannot use the studio's database: {0}")]
    Store(#[from] StoreError),
}

/// A running studio. Dropping it ends it; [`Studio::shutdown`] also waits for that.
pub struct Studio {
    pub(super) cx: Arc<Cx>,
    tasks: TaskTracker,
    all_lines: Scissors,
    /// Held for as long as the studio lives.
    _lock: File,
}

impl Studio {
    /// Starts a studio: when this returns, it answers. Runs that were in flight when it last ended run again.
    ///
    /// # Errors
    /// An address that is not loopback or is taken; a data directory that cannot be used or is in use.
    pub async fn start(config: Config) -> Result<Self, StudioError> {
        if !config.addr.ip().is_loopback() {
            return Err(StudioError::NotLoopback(config.addr));
        }
        let (data, fixed_key) = (config.data.clone(), config.key.clone());
        let home = tokio::task::spawn_blocking(move || Home::open(&data, fixed_key))
            .await
            .map_err(|_| StoreError::Cancelled)??;
        let api = listen(config.addr, home.api_port).await?;
        let files = listen(SocketAddr::new(config.addr.ip(), 0), home.file_port).await?;
        let (api_addr, file_addr) = (address(&api)?, address(&files)?);
        keep_ports(&home.store, api_addr, file_addr).await?;

        let make_samples = config.samples;
        let cx = Arc::new(Cx {
            store: home.store,
            data: config.data,
            catalog: Catalog::new(config.techniques),
            engine: Engine::default(),
            clock: Clock::default(),
            faults: Faults::new(),
            tally: Tally::default(),
            pace: config.pace,
            cost_delay: config.cost_delay,
            key: home.key,
            base_url: format!("{}{API_PATH}", origin::origin(api_addr)),
            file_origin: origin::origin(file_addr),
            closing: CancellationToken::new(),
        });
        let studio = Self {
            cx: Arc::clone(&cx),
            tasks: TaskTracker::new(),
            all_lines: Scissors::default(),
            _lock: home.lock,
        };
        studio.serve(api, routes::api(&cx));
        studio.serve(files, routes::files(&cx));
        Engine::start(&cx, config.workers, &studio.tasks);
        studio.tasks.spawn(samples::provide(cx, make_samples));
        Ok(studio)
    }

    fn serve(&self, listener: TcpListener, router: axum::Router) {
        let lines = Lines {
            listener,
            all: self.all_lines.clone(),
        };
        let closing = self.cx.closing.clone().cancelled_owned();
        let server = axum::serve(
            lines,
            router.into_make_service_with_connect_info::<Scissors>(),
        )
        .with_graceful_shutdown(closing);
        self.tasks.spawn(async move {
            if let Err(error) = server.await {
                tracing::error!(%error, "a listener of the studio ended");
            }
        });
    }

    /// `http://127.0.0.1:PORT/api/v1`, what `FLORA_BASE_URL` is for.
    pub fn base_url(&self) -> String {
        self.cx.base_url.clone()
    }

    /// What `FLORA_API_KEY` is for.
    pub fn api_key(&self) -> &str {
        &self.cx.key
    }

    /// `http://127.0.0.1:PORT`, another port: where outputs and assets are served and signed uploads go.
    pub fn file_origin(&self) -> String {
        self.cx.file_origin.clone()
    }

    /// What goes wrong, for tests.
    pub fn faults(&self) -> &Faults {
        &self.cx.faults
    }

    /// Cancelled, it makes the studio stop answering while its owner still holds it, as when its listener fails.
    pub fn closing(&self) -> CancellationToken {
        self.cx.closing.clone()
    }

    /// Ends the studio and waits until its ports are free, at most a few seconds. Runs in flight wait for the next start.
    pub async fn shutdown(self) {
        self.cx.closing.cancel();
        self.tasks.close();
        if tokio::time::timeout(PATIENCE, self.tasks.wait())
            .await
            .is_err()
        {
            tracing::warn!("the studio ended before all its work did");
        }
    }

    /// Ends as a killed process would: answers under way break off, nothing is finished.
    pub async fn kill(self) {
        self.all_lines.cut();
        self.shutdown().await;
    }
}

impl Drop for Studio {
    fn drop(&mut self) {
        self.cx.closing.cancel();
    }
}

/// Runs a studio until `shutdown`. `announce` is called once it answers.
///
/// # Errors
/// As [`Studio::start`].
pub async fn serve(
    config: Config,
    announce: impl FnOnce(&Studio),
    shutdown: impl Future<Output = ()>,
) -> Result<(), StudioError> {
    let studio = Studio::start(config).await?;
    announce(&studio);
    shutdown.await;
    studio.shutdown().await;
    Ok(())
}

/// The data directory, opened.
struct Home {
    lock: File,
    store: Store,
    key: String,
    /// Of the last time.
    api_port: Option<u16>,
    file_port: Option<u16>,
}

impl Home {
    fn open(data: &Path, fixed_key: Option<String>) -> Result<Self, StudioError> {
        let unusable = |source| StudioError::Data {
            path: data.to_owned(),
            source,
        };
        fs::create_dir_all(data.join("files")).map_err(unusable)?;
        let lock = lock(data)?;
        let key = match fixed_key {
            Some(key) => key,
            None => kept_key(&data.join("studio.key")).map_err(unusable)?,
        };
        let store = Store::open(&data.join("studio.db"))?;
        let (api_port, file_port) = store.now(|db| {
            let now = Clock::default().now();
            if store::note(db, store::CREATED_AT)?.is_none() {
                store::set_note(db, store::CREATED_AT, &now.to_string())?;
            }
            keys::sweep(db, now)?;
            runs::resume(db)?;
            Ok((port(db, API_PORT)?, port(db, FILE_PORT)?))
        })?;
        Ok(Self {
            lock,
            store,
            key,
            api_port,
            file_port,
        })
    }
}

fn lock(data: &Path) -> Result<File, StudioError> {
    let path = data.join("studio.lock");
    let unusable = |source| StudioError::Data {
        path: path.clone(),
        source,
    };
    let file = File::create(&path).map_err(unusable)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StudioError::InUse(data.to_owned())),
        Err(TryLockError::Error(source)) => Err(unusable(source)),
    }
}

/// The key made on the first start, readable by its owner only.
fn kept_key(path: &Path) -> io::Result<String> {
    match fs::read_to_string(path) {
        Ok(key) if !key.trim().is_empty() => return Ok(key.trim().to_owned()),
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    let key = ids::fresh("sk_test_");
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?.write_all(key.as_bytes())?;
    Ok(key)
}

fn port(db: &rusqlite::Connection, name: &str) -> Result<Option<u16>, StoreError> {
    Ok(store::note(db, name)?.and_then(|port| port.parse().ok()))
}

async fn keep_ports(store: &Store, api: SocketAddr, files: SocketAddr) -> Result<(), StoreError> {
    store
        .run(move |db| {
            store::set_note(db, API_PORT, &api.port().to_string())?;
            store::set_note(db, FILE_PORT, &files.port().to_string())
        })
        .await
}

/// Listens on the wanted port; when any will do, on the last one if it is free.
async fn listen(wanted: SocketAddr, last: Option<u16>) -> Result<TcpListener, StudioError> {
    if wanted.port() == 0
        && let Some(port) = last
        && let Ok(listener) = TcpListener::bind(SocketAddr::new(wanted.ip(), port)).await
    {
        return Ok(listener);
    }
    TcpListener::bind(wanted)
        .await
        .map_err(|source| StudioError::Listen {
            addr: wanted,
            source,
        })
}

fn address(listener: &TcpListener) -> Result<SocketAddr, StudioError> {
    listener.local_addr().map_err(|source| StudioError::Listen {
        addr: SocketAddr::from(([127, 0, 0, 1], 0)),
        source,
    })
}
