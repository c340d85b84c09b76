//! The whole app without a window: real state, worker, library and studio, clicked by accessible name.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use egui::accesskit::Role;
use egui::{Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use florist::app::{Florist, Launcher, ScriptedPicker};
use florist::library::Places;
use florist::model::{Run, RunStage};
use florist::settings::Settings;
use florist::state::{Action, AppState};
use florist::studio::{self, Studio};
use florist::worker::{Desktop, Environment, MemoryVault, StudioOptions, Timings};
use secrecy::SecretString;

use super::kit;

/// How long anything may take before the test says what did not happen.
const PATIENCE: Duration = Duration::from_secs(60);

/// Keeps what would have been shown on the desktop.
#[derive(Clone, Default)]
pub struct RecordingDesktop {
    shown: Arc<Mutex<Vec<String>>>,
}

impl RecordingDesktop {
    /// "reveal PATH", "open PATH", "browse URL", in order.
    pub fn shown(&self) -> Vec<String> {
        self.shown
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn keep(&self, line: String) -> std::io::Result<()> {
        self.shown
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(line);
        Ok(())
    }
}

impl Desktop for RecordingDesktop {
    fn reveal(&self, path: &Path) -> std::io::Result<()> {
        self.keep(format!("reveal {}", path.display()))
    }

    fn open(&self, path: &Path) -> std::io::Result<()> {
        self.keep(format!("open {}", path.display()))
    }

    fn open_url(&self, url: &str) -> std::io::Result<()> {
        self.keep(format!("browse {url}"))
    }
}

/// A studio of the test's own: its faults can be scripted, it can be killed and come back.
pub struct TestStudio {
    runtime: tokio::runtime::Runtime,
    studio: Option<Studio>,
    data: PathBuf,
    key: String,
    addr: std::net::SocketAddr,
}

impl TestStudio {
    /// Answers on any port, with its data under `data`; offers the quick techniques of [`kit`].
    pub fn start(data: &Path) -> Self {
        prepare_tls();
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .expect("a runtime");
        let mut this = Self {
            runtime,
            studio: None,
            data: data.to_owned(),
            key: "sk_test_window".to_owned(),
            addr: "127.0.0.1:0".parse().expect("an address"),
        };
        this.come_back();
        let base: url::Url = this.studio().base_url().parse().expect("a URL");
        this.addr.set_port(base.port().expect("a port"));
        this
    }

    pub fn studio(&self) -> &Studio {
        self.studio.as_ref().expect("the studio runs")
    }

    /// Every connection is cut and nothing answers any more.
    pub fn kill(&mut self) {
        if let Some(studio) = self.studio.take() {
            self.runtime.block_on(studio.kill());
        }
    }

    /// On the same address, with what it had on disk, and with this key from now on.
    pub fn come_back(&mut self) {
        let config = studio::Config {
            addr: self.addr,
            key: Some(self.key.clone()),
            techniques: kit::techniques(),
            ..studio::Config::quick(&self.data)
        };
        let started = self.runtime.block_on(Studio::start(config));
        self.studio = Some(started.expect("the studio starts"));
    }

    /// The former key is refused from now on.
    pub fn change_key(&mut self, key: &str) {
        self.kill();
        self.key = key.to_owned();
        self.come_back();
    }

    /// Starts a run of a technique that takes words as another program with the same key would. Returns its id.
    pub fn start_elsewhere(&self, technique: &str, words: &str) -> String {
        let url = format!("{}/techniques/{technique}/runs", self.studio().base_url());
        let inputs = serde_json::json!([{"id": "words", "type": "text", "value": words}]);
        let body = serde_json::json!({"mode": "async", "inputs": inputs});
        let request = reqwest::Client::new().post(url).bearer_auth(&self.key);
        let answer = self.runtime.block_on(async {
            let answer = request.json(&body).send().await.expect("an answer");
            answer.json::<serde_json::Value>().await.expect("JSON")
        });
        let id = answer["run_id"].as_str();
        id.unwrap_or_else(|| panic!("no run: {answer}")).to_owned()
    }

    /// What was started at the studio, newest first.
    pub fn runs(&self) -> Vec<studio::RunFact> {
        self.studio().runs().expect("the studio's runs")
    }

    /// Fails when a run was started more than once, or tried twice at the same time.
    pub fn assert_started_once(&self, runs: usize) {
        let starts = self.studio().starts_by_key().expect("the studio's starts");
        assert_eq!(self.runs().len(), runs, "runs at the studio: {starts:?}");
        assert_eq!(starts.len(), runs, "{starts:?}");
        assert!(starts.values().all(|count| *count == 1), "{starts:?}");
        assert_eq!(self.studio().overlapping_starts(), 0);
    }

    /// As `FLORA_BASE_URL` and `FLORA_API_KEY` would say it.
    pub fn environment(&self) -> Environment {
        Environment {
            base_url: Some(self.studio().base_url()),
            key: Some(SecretString::from(self.key.clone())),
        }
    }
}

impl Drop for TestStudio {
    fn drop(&mut self) {
        self.kill();
    }
}

fn prepare_tls() {
    rustls::crypto::ring::default_provider()
        .install_default()
        .ok();
}

/// The app under test and what stands in for the person's desktop.
pub struct Window {
    pub harness: Harness<'static, Florist>,
    pub picker: ScriptedPicker,
    pub desktop: RecordingDesktop,
    pub data: PathBuf,
}

/// How a window is opened.
pub struct Opening {
    pub data: PathBuf,
    pub environment: Environment,
    pub vault: MemoryVault,
    pub size: [f32; 2],
    pub settings: Settings,
}

impl Opening {
    /// Without a key: the app starts its own studio under `data`.
    pub fn alone(data: &Path) -> Self {
        Self {
            data: data.to_owned(),
            environment: Environment::default(),
            vault: MemoryVault::default(),
            size: [1440.0, 900.0],
            settings: Settings::default(),
        }
    }

    /// With the test's studio in FLORA's place.
    pub fn with(data: &Path, studio: &TestStudio) -> Self {
        Self {
            environment: studio.environment(),
            ..Self::alone(data)
        }
    }

    /// Opens the window.
    pub fn open(self) -> Window {
        prepare_tls();
        let picker = ScriptedPicker::default();
        let desktop = RecordingDesktop::default();
        let places = Places::under(&self.data);
        if !places.settings().exists() {
            std::fs::create_dir_all(&self.data).expect("a folder");
            self.settings.save(&places.settings()).expect("settings");
        }
        let launcher = Launcher {
            places,
            environment: self.environment,
            picker: Box::new(picker.clone()),
            desktop: Arc::new(desktop.clone()),
            vault: Arc::new(self.vault),
            studio: quick_studio(),
            timings: Timings {
                scale: 0.1,
                ..Timings::default()
            },
        };
        let harness = Harness::builder()
            .with_size(self.size)
            .with_pixels_per_point(1.0)
            .with_max_steps(8)
            .build_eframe(|cc| launcher.build(&cc.egui_ctx).expect("threads"));
        Window {
            harness,
            picker,
            desktop,
            data: self.data,
        }
    }
}

/// The app's own studio at a test's pace.
fn quick_studio() -> StudioOptions {
    let adjust = |config: &mut studio::Config| {
        let quick = studio::Config::quick(&config.data);
        config.pace = quick.pace;
        config.cost_delay = quick.cost_delay;
        config.samples = quick.samples;
    };
    StudioOptions {
        adjust: Some(Arc::new(adjust)),
        started: None,
    }
}

impl Window {
    pub fn state(&self) -> &AppState {
        self.harness.state().state()
    }

    /// The runs of the history that were read, from the top.
    pub fn runs(&self) -> Vec<Arc<Run>> {
        let keys = self.state().history.keys().iter();
        keys.filter_map(|key| self.state().rows.get(*key).cloned())
            .collect()
    }

    /// Where these runs stand.
    pub fn stages(&self) -> Vec<RunStage> {
        self.runs().iter().map(|run| run.stage).collect()
    }

    /// Opens a technique. The list moves as techniques come into use, maybe between look and click: then clicks again.
    pub fn open_technique(&mut self, name: &str) {
        for _ in 0..5 {
            self.click(Role::ListBoxOption, name);
            let open = self.state().open_technique_spec();
            if open.is_some_and(|technique| &*technique.name == name) {
                return;
            }
        }
        panic!("{name:?} does not open\n{}", self.outline());
    }

    /// Opens a technique, types its words and runs it.
    pub fn launch(&mut self, technique: &str, words: &str) {
        self.click(Role::Tab, "Launch");
        self.open_technique(technique);
        self.type_into("Words", words);
        self.click(Role::Button, "Run ·");
    }

    /// Goes to the history and waits until it has so many runs and all of them are done.
    pub fn all_done(&mut self, count: usize) {
        self.click(Role::Tab, "History");
        self.until(&format!("{count} runs are done"), |window| {
            window.stages() == vec![RunStage::Done; count]
        });
    }

    /// Steps until `probe` holds; fails with what was on the screen.
    pub fn until(&mut self, what: &str, mut probe: impl FnMut(&Self) -> bool) {
        let deadline = Instant::now() + PATIENCE;
        loop {
            self.harness.step();
            if probe(self) {
                return;
            }
            assert!(
                Instant::now() < deadline,
                "never happened: {what}\n{}",
                self.outline()
            );
            // The worker has its own threads; it wakes us in a real window.
            std::thread::park_timeout(Duration::from_millis(5));
        }
    }

    /// Some frames, for what a click sets off.
    pub fn settle(&mut self) {
        self.harness.run_steps(4);
    }

    pub fn wait_for(&mut self, label: &str) {
        self.until(&format!("{label:?} is on the screen"), |window| {
            window.sees(label)
        });
    }

    /// Whether something's name contains this.
    pub fn sees(&self, label: &str) -> bool {
        self.harness
            .query_all_by_label_contains(label)
            .next()
            .is_some()
    }

    /// Clicks the first thing of this role whose name contains `label`.
    pub fn click(&mut self, role: Role, label: &str) {
        self.until(&format!("{role:?} {label:?} is on the screen"), |window| {
            window.find(role, label).is_some()
        });
        self.find(role, label).expect("just seen").click();
        self.settle();
    }

    fn find<'a>(&'a self, role: Role, label: &'a str) -> Option<egui_kittest::Node<'a>> {
        let mut found = self.harness.query_all_by_label_contains(label);
        found.find(|node| node.accesskit_node().role() == role)
    }

    /// Types into the field with this name, in place of what it holds.
    pub fn type_into(&mut self, label: &str, text: &str) {
        self.until(&format!("the field {label:?} is on the screen"), |window| {
            window.field(label).is_some()
        });
        self.field(label).expect("just seen").focus();
        self.settle();
        self.harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
        self.settle();
        self.field(label).expect("still there").type_text(text);
        self.settle();
    }

    /// What the field with this name holds.
    pub fn text_in(&self, label: &str) -> Option<String> {
        self.field(label)?.accesskit_node().value()
    }

    fn field<'a>(&'a self, label: &'a str) -> Option<egui_kittest::Node<'a>> {
        let mut found = self.harness.query_all_by_label(label);
        found.find(|node| {
            matches!(
                node.accesskit_node().role(),
                Role::TextInput | Role::MultilineTextInput | Role::PasswordInput
            )
        })
    }

    /// Carries out an action as if a control had asked for it; for what is not this test's subject.
    pub fn perform(&mut self, action: Action) {
        self.harness.state_mut().perform(action);
        self.settle();
    }

    /// Every name on the screen, for a failure's evidence.
    pub fn outline(&self) -> String {
        let nodes = self.harness.query_all_by(|_| true);
        let lines = nodes.filter_map(|node| {
            let node = node.accesskit_node();
            let name = node.label().or_else(|| node.value())?;
            Some(format!(
                "  {:?}: {}",
                node.role(),
                name.chars().take(90).collect::<String>()
            ))
        });
        lines.collect::<Vec<_>>().join("\n")
    }
}
