//! The process that is killed: a worker without a window, told what to launch on its stdin, telling on its stdout.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command as Process, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::{Duration, Instant};

use florist::api::RetryPolicy;
use florist::library::Places;
use florist::message::{Command, Event};
use florist::model::{
    FileCheck, InputFileId, InputId, LaunchId, LaunchOrder, MediaKind, MediaSource, OrderInput,
    OrderValue, RowKey, Run, RunStage, TechniqueId, now,
};
use florist::settings::Settings;
use florist::worker::{
    Environment, Handle, MemoryVault, StudioOptions, Timings, WorkerConfig, start,
};
use secrecy::{ExposeSecret, SecretString};

use super::plan::Click;
use super::verdict::Tally;
use crate::support::app::{RecordingDesktop, TestStudio};
use crate::support::kit;

/// How long the last life may take before the test says what did not end.
const PATIENCE: Duration = Duration::from_secs(90);

/// Begins every line of ours on the child's stdout, among those of the test harness.
const MARK: char = '@';

/// The child, as the test holds it.
pub struct Child {
    process: std::process::Child,
    lines: Receiver<String>,
}

impl Child {
    pub fn start(home: &Path, studio: &TestStudio) -> Self {
        let environment = studio.environment();
        let key = environment.key.expect("a key");
        let mut process = Process::new(std::env::current_exe().expect("this test"))
            .args([
                "--exact",
                "chaos::child_process",
                "--ignored",
                "--nocapture",
            ])
            .env("FLORIST_CHAOS_HOME", home)
            .env("FLORA_BASE_URL", environment.base_url.expect("an address"))
            .env("FLORA_API_KEY", key.expose_secret())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the child starts");
        let out = process.stdout.take().expect("its stdout");
        let (sender, lines) = sync_channel(100_000);
        std::thread::spawn(move || {
            for line in BufReader::new(out).lines().map_while(Result::ok) {
                if let Some((_, said)) = line.split_once(MARK)
                    && sender.send(said.to_owned()).is_err()
                {
                    return;
                }
            }
        });
        Self { process, lines }
    }

    /// Hands over a click. A child that is gone by now never hears of it.
    pub fn launch(&mut self, click: &Click) {
        let picture = click.picture.unwrap_or_default();
        let line = format!(
            "{} {} {picture} {}\n",
            click.id, click.technique, click.words
        );
        let stdin = self.process.stdin.as_mut().expect("its stdin");
        stdin.write_all(line.as_bytes()).ok();
    }

    /// Takes in what it says for a while.
    pub fn listen_for(&mut self, time: Duration, tally: &mut Tally) {
        let deadline = Instant::now() + time;
        while let Some(left) = deadline.checked_duration_since(Instant::now()) {
            match self.lines.recv_timeout(left) {
                Ok(line) => tally.heard(&line),
                Err(RecvTimeoutError::Timeout) => return,
                Err(RecvTimeoutError::Disconnected) => panic!("the child ended by itself"),
            }
        }
    }

    /// Waits until it has said of all of these that they are over.
    pub fn until_over(&mut self, launches: &BTreeSet<LaunchId>, tally: &mut Tally) {
        let deadline =
            Instant::now() + PATIENCE + Duration::from_millis(60) * launches.len() as u32;
        while !launches.is_subset(&tally.over) {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.lines.recv_timeout(left) {
                Ok(line) => tally.heard(&line),
                Err(error) => panic!(
                    "{error}: not over are {:?}",
                    tally.stages_of(launches.difference(&tally.over))
                ),
            }
        }
    }

    /// Ends it wherever it is, as a crash or a power cut would.
    pub fn kill(mut self, tally: &mut Tally) {
        self.process.kill().expect("it can be killed");
        self.process.wait().expect("it is gone");
        self.rest(tally);
    }

    /// Lets it close in order.
    pub fn end(mut self, tally: &mut Tally) {
        drop(self.process.stdin.take());
        let status = self.process.wait().expect("it ends");
        assert!(status.success(), "{status}");
        self.rest(tally);
    }

    fn rest(&self, tally: &mut Tally) {
        while let Ok(line) = self.lines.recv() {
            tally.heard(&line);
        }
    }
}

/// What reaches the child's loop.
enum Heard {
    Woken,
    Told(String),
    End,
}

/// The child's whole life, in its own process.
pub fn run() {
    let Some(home) = std::env::var_os("FLORIST_CHAOS_HOME") else {
        panic!("this is not a test of its own");
    };
    rustls::crypto::ring::default_provider()
        .install_default()
        .ok();
    tracing_subscriber::fmt()
        .with_max_level(tracing::Level::WARN)
        .with_writer(std::io::stderr)
        .try_init()
        .ok();
    let (sender, heard) = sync_channel(64);
    read_stdin(sender.clone());
    let handle = start(config(Path::new(&home)), move || {
        // Full: it will look anyway.
        sender.try_send(Heard::Woken).ok();
    });
    let mut mind = Mind {
        handle: handle.expect("a worker"),
        known: HashSet::new(),
        checks: HashMap::new(),
        early: Some(Vec::new()),
    };
    for heard in heard {
        match heard {
            Heard::Woken => mind.look(),
            Heard::Told(line) => mind.told(line),
            Heard::End => return,
        }
    }
}

fn read_stdin(sender: SyncSender<Heard>) {
    std::thread::spawn(move || {
        for line in std::io::stdin().lines().map_while(Result::ok) {
            if sender.send(Heard::Told(line)).is_err() {
                return;
            }
        }
        sender.send(Heard::End).ok();
    });
}

fn config(home: &Path) -> WorkerConfig {
    WorkerConfig {
        places: Places::under(&home.join("florist")),
        settings: Settings::default(),
        environment: Environment {
            base_url: std::env::var("FLORA_BASE_URL").ok(),
            key: std::env::var("FLORA_API_KEY").ok().map(SecretString::from),
        },
        desktop: Arc::new(RecordingDesktop::default()),
        vault: Arc::new(MemoryVault::absent()),
        studio: StudioOptions::default(),
        timings: Timings {
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
        },
    }
}

/// The part of a window that a launch needs.
struct Mind {
    handle: Handle,
    known: HashSet<RowKey>,
    /// Launches that wait for their picture to be checked.
    checks: HashMap<InputFileId, LaunchOrder>,
    /// What was told before there was anybody to launch with.
    early: Option<Vec<String>>,
}

impl Mind {
    fn look(&mut self) {
        for event in self.handle.try_events() {
            match event {
                Event::ProfileChanged(_) => self.begin(),
                Event::HistoryAnswered { answer, .. } => {
                    let keys = answer.keys.iter().copied();
                    let new: Vec<RowKey> = keys.filter(|key| self.known.insert(*key)).collect();
                    if !new.is_empty() {
                        self.handle.send(Command::LoadRows(new));
                    }
                }
                Event::RowsLoaded(runs) => runs.iter().for_each(tell),
                Event::FileChecked { id, check } => self.checked(id, check),
                Event::LaunchRefused {
                    launch, problem, ..
                } => say(&format!("refused {launch} {problem}")),
                _ => {}
            }
        }
    }

    fn begin(&mut self) {
        self.handle.send(Command::AskHistory {
            generation: 1,
            query: Arc::default(),
        });
        for line in self.early.take().into_iter().flatten() {
            self.launch(&line);
        }
    }

    fn told(&mut self, line: String) {
        match &mut self.early {
            Some(early) => early.push(line),
            None => self.launch(&line),
        }
    }

    /// "ID TECHNIQUE PICTURE WORDS…"
    fn launch(&mut self, line: &str) {
        let mut parts = line.splitn(4, ' ');
        let mut next = || parts.next().expect("four parts");
        let id = LaunchId::parse(next()).expect("an id");
        let technique = next();
        let picture: u32 = next().parse().expect("a size");
        let words = OrderValue::Text(next().to_owned());
        let order = LaunchOrder {
            id,
            technique: TechniqueId::new(format!("tech_{technique}")),
            technique_name: technique.into(),
            listed_cost: None,
            inputs: vec![input("words", MediaKind::Text, words)],
            created_at: now(),
        };
        if picture == 0 {
            self.handle.send(Command::Launch(vec![order]));
            return;
        }
        let id = InputFileId::fresh();
        self.checks.insert(id, order);
        self.handle.send(Command::CheckFile {
            id,
            kind: MediaKind::Image,
            source: MediaSource::Bytes {
                name: format!("{picture}.png"),
                bytes: kit::png(picture, picture).into(),
            },
        });
    }

    fn checked(&mut self, id: InputFileId, check: FileCheck) {
        let Some(mut order) = self.checks.remove(&id) else {
            return;
        };
        match check {
            FileCheck::Ready(file) => {
                let picture = OrderValue::File(file);
                order
                    .inputs
                    .push(input("picture", MediaKind::Image, picture));
                self.handle.send(Command::Launch(vec![order]));
            }
            FileCheck::Refused(problem) => panic!("a good picture is refused: {problem}"),
        }
    }
}

fn input(id: &str, kind: MediaKind, value: OrderValue) -> OrderInput {
    OrderInput {
        id: InputId::new(id),
        name: id.to_owned(),
        kind,
        value,
    }
}

fn tell(run: &Run) {
    let Some(launch) = run.launch else {
        return;
    };
    let over = matches!(run.stage, RunStage::Done | RunStage::Failed) && run.run_id.is_some();
    let word = if over { "over" } else { "stage" };
    // What a failure says why it did not end.
    let why = (&run.problem, &run.failure);
    say(&format!("{word} {launch} {:?} {why:?}", run.stage));
}

fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{MARK}{line}").ok();
    out.flush().ok();
}
