//! Everything an errand works with, for its tests: a studio, a library, a session, and the window's end of the outbox.

use std::collections::VecDeque;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use secrecy::SecretString;
use tempfile::TempDir;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::kit;
use crate::api::{self, RetryPolicy, RunQuery, convert};
use crate::library::{Library, LibraryError, Places};
use crate::message::Event;
use crate::model::{
    Archive, Connection, InputId, KeyStore, LaunchId, LaunchOrder, MediaKind, OrderInput,
    OrderValue, Output, OutputKey, Profile, ProfileId, ProfileKind, RowKey, Run, TechniqueId,
    WorkspaceId,
};
use crate::settings::Settings;
use crate::studio::{self, Studio};
use crate::wire;
use crate::worker::cx::{Cx, Environment, StudioOptions, Timings, WorkerConfig};
use crate::worker::db::DbThread;
use crate::worker::outbox::{self, Received};
use crate::worker::session::Session;
use crate::worker::{Desktop, MemoryVault};

/// How long a test waits for what must come.
const PATIENCE: Duration = Duration::from_secs(20);

/// What an errand works with.
pub(super) struct Desk {
    pub cx: Cx,
    pub session: Session,
    pub studio: Studio,
    pub desktop: Arc<Recorder>,
    pub home: TempDir,
    library: DbThread,
    received: Received,
    arrived: Arc<Notify>,
    /// Events that were received and not looked at.
    seen: VecDeque<Event>,
}

impl Desk {
    pub(super) async fn new() -> Self {
        let home = tempfile::tempdir().expect("a folder for the test");
        Self::at(home).await
    }

    /// On what an earlier desk left.
    pub(super) async fn at(home: TempDir) -> Self {
        let studio = start_studio(home.path()).await;
        let arrived = Arc::new(Notify::new());
        let bell = Arc::clone(&arrived);
        let (outbox, received) = outbox::channel(move || bell.notify_one());
        let places = Places::under(home.path());
        let library = DbThread::start(places.library.clone(), |_| {}).expect("a thread");
        let desktop = Arc::new(Recorder::default());
        let config = WorkerConfig {
            places,
            settings: Settings::default(),
            environment: Environment::default(),
            desktop: Arc::clone(&desktop) as Arc<dyn Desktop>,
            vault: Arc::new(MemoryVault::default()),
            studio: StudioOptions::default(),
            timings: quick(),
        };
        let cx = Cx::new(config, library.db(), outbox);
        let session = session(&studio, &cx);
        cx.replace_session(session.clone());
        let profile = session.profile();
        cx.db()
            .call(move |library| library.save_profile(&profile))
            .await
            .expect("a profile");
        Self {
            cx,
            session,
            studio,
            desktop,
            home,
            library,
            received,
            arrived,
            seen: VecDeque::new(),
        }
    }

    /// Asks the library.
    pub(super) async fn db<T: Send + 'static>(
        &self,
        ask: impl FnOnce(&mut Library) -> Result<T, LibraryError> + Send + 'static,
    ) -> T {
        self.cx.db().call(ask).await.expect("the library answers")
    }

    /// Has the studio make things, as somebody elsewhere would, and takes the finished run in.
    pub(super) async fn run_elsewhere(&self, things: &str) -> Run {
        let update = self.finished(things).await;
        let profile = self.session.id().clone();
        let saved = self.db(move |library| library.save_run(&profile, &update));
        self.row(saved.await.key).await
    }

    /// Has the studio make things for a launch of ours, and takes the finished run in.
    pub(super) async fn run_here(&self, things: &str) -> Run {
        let order = order(things);
        let (profile, id) = (self.session.id().clone(), order.id);
        self.db(move |library| library.record_launch(&profile, None, &order))
            .await;
        let update = self.finished(things).await;
        let claimed = self.db(move |library| library.claim_run(id, &update, None));
        self.row(claimed.await.saved.key).await
    }

    async fn finished(&self, things: &str) -> crate::model::RunUpdate {
        let client = self.session.client().expect("a client");
        let body = wire::StartRun {
            inputs: vec![wire::RunInput {
                id: "things".to_owned(),
                kind: wire::IoType::Text,
                value: wire::InputValue::Text(things.to_owned()),
            }],
            mode: wire::RunMode::Async,
            idempotency_key: Some(LaunchId::fresh().to_string()),
            callback_url: None,
        };
        let started = client.start_run(kit::ID, &body).await.expect("a start");
        loop {
            let page = client
                .runs(&RunQuery::default(), None)
                .await
                .expect("a list");
            let run = page
                .items
                .into_iter()
                .map(convert::listed_run)
                .find(|run| run.run_id.as_str() == started.value.run_id)
                .expect("the run is listed");
            if run.status.is_over() {
                return run;
            }
            // The studio works in this process: others get their turn, and then it is asked again.
            tokio::task::yield_now().await;
        }
    }

    /// What the studio says of a run.
    pub(super) async fn studio_update(&self, run: &Run) -> crate::model::RunUpdate {
        let client = self.session.client().expect("a client");
        let id = run.run_id.as_ref().expect("the studio has it").as_str();
        let told = client
            .run(run.technique.as_str(), id)
            .await
            .expect("the run");
        convert::run(run.technique.clone(), told)
    }

    pub(super) async fn row(&self, row: RowKey) -> Run {
        self.db(move |library| library.run(row)).await
    }

    pub(super) async fn output(&self, output: OutputKey) -> Output {
        self.db(move |library| library.output(output)).await
    }

    /// Waits for an event that `pick` makes something of. Others are kept for later calls.
    pub(super) async fn until<T>(&mut self, what: &str, pick: impl Fn(&Event) -> Option<T>) -> T {
        let deadline = tokio::time::Instant::now() + PATIENCE;
        loop {
            self.seen.extend(self.received.drain());
            let found = self
                .seen
                .iter()
                .enumerate()
                .find_map(|(at, event)| Some((at, pick(event)?)));
            if let Some((at, found)) = found {
                self.seen.remove(at);
                return found;
            }
            let waited = tokio::time::timeout_at(deadline, self.arrived.notified()).await;
            assert!(
                waited.is_ok(),
                "no event says that {what}: {:#?}",
                self.seen
            );
        }
    }

    /// Waits until the window has been told that an output is so.
    pub(super) async fn until_output(
        &mut self,
        output: OutputKey,
        what: &str,
        so: impl Fn(&Archive) -> bool,
    ) -> Output {
        self.until(what, |event| match event {
            Event::RowsLoaded(runs) => runs
                .iter()
                .flat_map(|run| &run.outputs)
                .find(|known| known.key == output && so(&known.archive))
                .cloned(),
            _ => None,
        })
        .await
    }

    /// Waits until the window has been told that every output of a run is so.
    pub(super) async fn until_outputs(
        &mut self,
        row: RowKey,
        what: &str,
        so: impl Fn(&Output) -> bool,
    ) -> Run {
        self.until(what, |event| match event {
            Event::RowsLoaded(runs) => runs
                .iter()
                .find(|run| run.key == row && run.outputs.iter().all(&so))
                .cloned(),
            _ => None,
        })
        .await
    }

    /// Everything that has happened up to now and was not looked at.
    pub(super) fn rest(&mut self) -> Vec<Event> {
        self.seen.extend(self.received.drain());
        self.seen.drain(..).collect()
    }

    /// Closes the app in order and leaves what is on disk.
    pub(super) async fn close(mut self) -> TempDir {
        crate::worker::drafts::flush(&self.cx).await;
        crate::worker::settings::flush(&self.cx).await;
        self.cx.cancel_token().cancel();
        self.received.close();
        self.cx.tasks().close();
        self.cx.tasks().wait().await;
        self.studio.shutdown().await;
        assert!(self.library.end(PATIENCE), "the library closes");
        self.home
    }
}

/// Waits of milliseconds in place of seconds.
fn quick() -> Timings {
    Timings {
        scale: 0.02,
        retry: no_retries(),
        request: Duration::from_secs(10),
    }
}

async fn start_studio(home: &Path) -> Studio {
    let config = studio::Config {
        techniques: kit::techniques(),
        ..studio::Config::quick(home.join("studio"))
    };
    Studio::start(config).await.expect("a studio")
}

fn session(studio: &Studio, cx: &Cx) -> Session {
    let base_url = studio.base_url();
    let key = SecretString::from(studio.api_key().to_owned());
    let config = api::Config {
        retry: no_retries(),
        ..api::Config::new(base_url.parse().expect("a URL"), key)
    };
    let profile = Profile {
        id: ProfileId::studio(),
        kind: ProfileKind::Studio,
        base_url,
        workspace: Some(WorkspaceId::new("ws_studio")),
        workspace_name: "Local studio".to_owned(),
        role: None,
        key: KeyStore::NotNeeded,
    };
    let client = api::Client::new(config).expect("a client");
    let session = Session::new(
        profile,
        Some(client),
        &CancellationToken::new(),
        TaskTracker::new(),
    );
    session.set_connection(Connection::Connected);
    let _ = cx;
    session
}

fn order(things: &str) -> LaunchOrder {
    LaunchOrder {
        id: LaunchId::fresh(),
        technique: TechniqueId::new(kit::ID),
        technique_name: "Kit".into(),
        listed_cost: None,
        inputs: vec![OrderInput {
            id: InputId::new("things"),
            name: "Things".to_owned(),
            kind: MediaKind::Text,
            value: OrderValue::Text(things.to_owned()),
        }],
        created_at: crate::model::now(),
    }
}

/// Writes down what was asked of the desktop; fails when told to.
#[derive(Default)]
pub(super) struct Recorder {
    asked: Mutex<Vec<String>>,
    noted: Notify,
    broken: std::sync::atomic::AtomicBool,
}

impl Recorder {
    /// What was asked, sorted, once it is so many things.
    pub(super) async fn asked(&self, count: usize) -> Vec<String> {
        loop {
            let noted = self.noted.notified();
            let mut asked = self.asked.lock().expect("no test panics here").clone();
            if asked.len() >= count {
                asked.sort();
                return asked;
            }
            let waited = tokio::time::timeout(PATIENCE, noted).await;
            assert!(waited.is_ok(), "the desktop was only asked to {asked:?}");
        }
    }

    pub(super) fn break_down(&self) {
        self.broken.store(true, std::sync::atomic::Ordering::SeqCst);
    }

    fn note(&self, what: String) -> io::Result<()> {
        self.asked.lock().expect("no test panics here").push(what);
        self.noted.notify_one();
        if self.broken.load(std::sync::atomic::Ordering::SeqCst) {
            return Err(io::Error::other("no file manager"));
        }
        Ok(())
    }
}

impl Desktop for Recorder {
    fn reveal(&self, path: &Path) -> io::Result<()> {
        self.note(format!("reveal {}", path.display()))
    }

    fn open(&self, path: &Path) -> io::Result<()> {
        self.note(format!("open {}", path.display()))
    }

    fn open_url(&self, url: &str) -> io::Result<()> {
        self.note(format!("url {url}"))
    }
}

/// The files below a folder, by their path in it; sorted.
pub(super) fn files_in(folder: &Path) -> Vec<String> {
    fn walk(folder: &Path, root: &Path, found: &mut Vec<String>) {
        let entries = std::fs::read_dir(folder).into_iter().flatten();
        for entry in entries.map(|entry| entry.expect("an entry").path()) {
            if entry.is_dir() {
                walk(&entry, root, found);
            } else {
                let inside: PathBuf = entry.strip_prefix(root).expect("inside").into();
                found.push(inside.to_string_lossy().replace('\\', "/"));
            }
        }
    }
    let mut found = Vec::new();
    walk(folder, folder, &mut found);
    found.sort();
    found
}

/// What is tested here has patience of its own.
fn no_retries() -> RetryPolicy {
    RetryPolicy {
        retries: 0,
        ..RetryPolicy::default()
    }
}
