//! The whole worker as the window sees it, beside a studio that outlives it.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use secrecy::SecretString;
use tempfile::TempDir;
use tokio::sync::Notify;
use tokio::time::Instant;

use super::desk::Recorder;
use super::kit;
use crate::api::RetryPolicy;
use crate::library::Places;
use crate::message::{Command, Event};
use crate::model::{
    Connection, InputId, LaunchId, LaunchOrder, MediaKind, OrderInput, OrderValue, Profile, RowKey,
    Run, RunStage, TechniqueId,
};
use crate::settings::Settings;
use crate::studio::{self, Studio};
use crate::worker::{
    Environment, Handle, KeyVault, MemoryVault, StudioOptions, Timings, WorkerConfig, start,
};

/// How long a test waits for what must come.
const PATIENCE: Duration = Duration::from_secs(30);

/// A folder for a test, with a studio in it that runs by itself.
pub(super) struct World {
    pub home: TempDir,
    pub studio: Studio,
}

impl World {
    pub async fn new() -> Self {
        Self::with(|_| {}).await
    }

    pub async fn with(adjust: impl FnOnce(&mut studio::Config)) -> Self {
        let home = tempfile::tempdir().expect("a folder for the test");
        let studio = start_studio(home.path(), adjust).await;
        Self { home, studio }
    }

    /// A Florist that the environment points at the studio.
    pub async fn florist(&self) -> Florist {
        let mut florist = Florist::start(self.config());
        florist.connected().await;
        florist
    }

    pub fn config(&self) -> WorkerConfig {
        let environment = Environment {
            base_url: Some(self.studio.base_url()),
            key: Some(SecretString::from(self.studio.api_key().to_owned())),
        };
        WorkerConfig {
            environment,
            ..config(self.home.path())
        }
    }

    /// What the studio was asked, by route.
    pub fn requests(&self, route: &str) -> u64 {
        self.studio.requests_to(route)
    }
}

/// A studio under a test's folder; the same again after it was ended.
pub(super) async fn start_studio(home: &Path, adjust: impl FnOnce(&mut studio::Config)) -> Studio {
    let mut config = studio::Config {
        techniques: kit::techniques(),
        ..studio::Config::quick(home.join("service"))
    };
    adjust(&mut config);
    Studio::start(config).await.expect("a studio")
}

/// A configuration without any environment.
pub(super) fn config(home: &Path) -> WorkerConfig {
    WorkerConfig {
        places: Places::under(&home.join("florist")),
        settings: Settings::default(),
        environment: Environment::default(),
        desktop: Arc::new(Recorder::default()),
        vault: Arc::new(MemoryVault::default()) as Arc<dyn KeyVault>,
        studio: StudioOptions {
            adjust: Some(Arc::new(|config: &mut studio::Config| {
                let quick = studio::Config::quick(config.data.clone());
                *config = studio::Config {
                    techniques: kit::techniques(),
                    ..quick
                };
            })),
            started: None,
        },
        timings: quick(),
    }
}

/// Waits of milliseconds in place of seconds.
fn quick() -> Timings {
    Timings {
        scale: 0.02,
        retry: RetryPolicy {
            retries: 1,
            first: Duration::from_millis(5),
            cap: Duration::from_millis(50),
            unadvised: Duration::from_millis(20),
            longest: Duration::from_millis(50),
            ..RetryPolicy::default()
        },
        request: Duration::from_secs(10),
    }
}

/// A running worker and what it has said so far.
pub(super) struct Florist {
    handle: Handle,
    woken: Arc<Notify>,
    pub rows: HashMap<RowKey, Run>,
    /// Every stage that a row was shown in, in order.
    pub stages: HashMap<RowKey, Vec<RunStage>>,
    pub gone: HashSet<RowKey>,
    /// Rows that were asked for.
    asked: HashSet<RowKey>,
    pub connection: Connection,
    pub connections: Vec<Connection>,
    pub profile: Option<Profile>,
    /// Everything else.
    pub events: Vec<Event>,
}

impl Florist {
    pub fn start(config: WorkerConfig) -> Self {
        let woken = Arc::new(Notify::new());
        let bell = Arc::clone(&woken);
        let handle = start(config, move || bell.notify_one()).expect("a worker");
        Self {
            handle,
            woken,
            rows: HashMap::new(),
            stages: HashMap::new(),
            gone: HashSet::new(),
            asked: HashSet::new(),
            connection: Connection::Connecting,
            connections: Vec::new(),
            profile: None,
            events: Vec::new(),
        }
    }

    pub fn send(&self, command: Command) {
        self.handle.send(command);
    }

    /// Clicks Run for one run a text.
    pub fn launch(&self, texts: &[&str]) -> Vec<LaunchId> {
        let orders: Vec<LaunchOrder> = texts.iter().map(|text| order(text)).collect();
        let ids = orders.iter().map(|order| order.id).collect();
        self.send(Command::Launch(orders));
        ids
    }

    /// Takes in what has happened.
    pub fn look(&mut self) {
        for event in self.handle.try_events() {
            self.apply(event);
        }
    }

    fn apply(&mut self, event: Event) {
        match event {
            Event::RowsLoaded(runs) => {
                for run in runs {
                    let stages = self.stages.entry(run.key).or_default();
                    if stages.last() != Some(&run.stage) {
                        stages.push(run.stage);
                    }
                    self.gone.remove(&run.key);
                    self.rows.insert(run.key, run);
                }
            }
            Event::RowsGone(rows) => {
                for row in rows {
                    self.rows.remove(&row);
                    self.gone.insert(row);
                }
            }
            Event::ConnectionChanged(connection) => {
                self.connections.push(connection.clone());
                self.connection = connection;
            }
            Event::ProfileChanged(profile) => {
                let is_known = self
                    .profile
                    .as_ref()
                    .is_some_and(|known| known.id == profile.id);
                self.profile = Some(profile);
                if !is_known {
                    self.ask_for_history();
                }
            }
            Event::HistoryAnswered { answer, .. } => self.ask_for_rows(&answer.keys),
            other => self.events.push(other),
        }
    }

    fn ask_for_history(&self) {
        self.send(Command::AskHistory {
            generation: 1,
            query: Arc::default(),
        });
    }

    /// A window that shows every row of the history.
    fn ask_for_rows(&mut self, keys: &[RowKey]) {
        let missing: Vec<RowKey> = keys
            .iter()
            .copied()
            .filter(|key| !self.rows.contains_key(key) && self.asked.insert(*key))
            .collect();
        if !missing.is_empty() {
            self.send(Command::LoadRows(missing));
        }
    }

    /// Waits until this holds, and fails with what is known when it does not.
    pub async fn until(&mut self, what: &str, holds: impl Fn(&Self) -> bool) {
        let deadline = Instant::now() + PATIENCE;
        loop {
            self.look();
            if holds(self) {
                return;
            }
            let woken = tokio::time::timeout_at(deadline, self.woken.notified()).await;
            assert!(woken.is_ok(), "not in time: {what}\n{}", self.story());
        }
    }

    /// Waits for an event that this makes something of.
    pub async fn event<T>(&mut self, what: &str, pick: impl Fn(&Event) -> Option<T>) -> T {
        self.until(what, |florist| {
            florist.events.iter().any(|event| pick(event).is_some())
        })
        .await;
        let found = self.events.iter().find_map(pick);
        found.expect("it was there a moment ago")
    }

    pub async fn connected(&mut self) {
        self.until("it is connected", |florist| {
            let open = [Connection::Connected, Connection::Throttled];
            open.contains(&florist.connection)
        })
        .await;
    }

    /// The row of a launch.
    pub fn row(&self, launch: LaunchId) -> Option<&Run> {
        self.rows.values().find(|run| run.launch == Some(launch))
    }

    pub fn stage(&self, launch: LaunchId) -> Option<RunStage> {
        self.row(launch).map(|run| run.stage)
    }

    /// Waits until all of these are over.
    pub async fn done(&mut self, launches: &[LaunchId]) {
        self.until("all runs are done", |florist| {
            launches
                .iter()
                .all(|launch| florist.stage(*launch) == Some(RunStage::Done))
        })
        .await;
    }

    fn story(&self) -> String {
        let rows: Vec<String> = self
            .rows
            .values()
            .map(|run| {
                let problem = run.problem.as_ref().map(|problem| &problem.summary);
                format!(
                    "{:?} {:?} {:?} {:?} {problem:?} {:?}",
                    run.key, run.launch, run.run_id, run.stage, self.stages[&run.key]
                )
            })
            .collect();
        let told: Vec<&Event> = self
            .events
            .iter()
            .filter(|event| matches!(event, Event::Noticed(_) | Event::LaunchRefused { .. }))
            .collect();
        format!(
            "connections {:?}\nrows {rows:#?}\ngone {:?}\ntold {told:?}",
            self.connections, self.gone
        )
    }
}

/// An order of the test technique.
pub(super) fn order(things: &str) -> LaunchOrder {
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

/// One start a launch, no other, and never two of one key at the same time.
pub(super) fn assert_started(world: &World, launches: &[LaunchId]) {
    let starts = world.studio.starts_by_key().expect("the studio answers");
    let expected: BTreeMap<String, u64> = launches
        .iter()
        .map(|launch| (launch.to_string(), 1))
        .collect();
    assert_eq!(starts, expected, "starts by key");
    assert_eq!(
        world.studio.overlapping_starts(),
        0,
        "starts in flight at once"
    );
}

/// What every test about starts holds the studio to: one run a launch, the right one, and no key used twice.
pub(super) fn assert_each_started_once(world: &World, florist: &Florist, launches: &[LaunchId]) {
    assert_started(world, launches);
    let runs = world.studio.runs().expect("the studio answers");
    for launch in launches {
        let row = florist.row(*launch).expect("the launch has a row");
        let run = runs
            .iter()
            .find(|run| Some(run.run_id.as_str()) == row.run_id.as_ref().map(|id| id.as_str()))
            .expect("the row's run is the studio's");
        // Of equal launches each run is as good as the other.
        assert_eq!(
            run.inputs["things"], *row.summary,
            "the row has its own run"
        );
    }
}

/// Where a test's Florist keeps its library.
pub(super) fn library_folder(home: &Path) -> PathBuf {
    let places = Places::under(&home.join("florist"));
    std::fs::create_dir_all(&places.data).expect("the data folder");
    places.library
}
