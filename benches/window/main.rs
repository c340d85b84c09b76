//! The real window beside a bare eframe window of the same size, in one run: first frame, memory, idle paints.
//!
//! Needs a display (`xvfb-run -s "-screen 0 1440x900x24" cargo bench --bench window`). Every measured window is a process
//! of its own, so that none warms up another.

mod seed;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use florist::app::{Florist, Launcher};
use florist::library::Places;
use florist::settings::{PlaceChoice, Settings};
use florist::worker::Environment;

/// When the window counts as idle: everything that comes after the start has come.
const SETTLE: Duration = Duration::from_secs(6);
/// How long paints are counted then.
const IDLE: Duration = Duration::from_secs(10);
/// Starts of each kind; the middle one counts.
const STARTS: usize = 5;
const RUNS: usize = 100_000;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    match arguments.get(1).map(String::as_str) {
        Some("child-bare") => child_bare(),
        Some("child-florist") => child_florist(Path::new(&arguments[2])),
        _ => compare(),
    }
}

/// What one window showed.
struct Figures {
    first_frame_ms: f64,
    rss_mb: f64,
    idle_paints: u64,
}

fn compare() {
    if std::env::var_os("DISPLAY").is_none() && std::env::var_os("WAYLAND_DISPLAY").is_none() {
        println!("window: no display, nothing measured (use xvfb-run)");
        return;
    }
    rustls::crypto::ring::default_provider()
        .install_default()
        .ok();
    let folder = tempfile::tempdir().expect("a folder");
    let empty = folder.path().join("empty");
    let full = folder.path().join("full");
    prepare(&empty, 0);
    prepare(&full, RUNS);
    let mut kinds: Vec<(&str, Vec<String>, Vec<Figures>)> = vec![
        (
            "bare eframe window",
            vec!["child-bare".to_owned()],
            Vec::new(),
        ),
        (
            "Florist, empty library",
            vec!["child-florist".to_owned(), text(&empty)],
            Vec::new(),
        ),
        (
            "Florist, 100,000 runs",
            vec!["child-florist".to_owned(), text(&full)],
            Vec::new(),
        ),
    ];
    // Interleaved: a noisy moment hits every kind.
    for _ in 0..STARTS {
        for (_, arguments, figures) in &mut kinds {
            figures.push(measure(arguments));
        }
    }
    println!(
        "| window, 1440 × 900 | first frame | RSS | paints in {} idle s |",
        IDLE.as_secs()
    );
    println!("|---|---|---|---|");
    let middle = |values: Vec<f64>| {
        let mut values = values;
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    };
    let mut floor = None;
    for (name, _, figures) in &kinds {
        let first = middle(figures.iter().map(|f| f.first_frame_ms).collect());
        let rss = middle(figures.iter().map(|f| f.rss_mb).collect());
        let paints = figures.iter().map(|f| f.idle_paints).max().unwrap_or(0);
        let (first_floor, rss_floor) = *floor.get_or_insert((first, rss));
        println!(
            "| {name} | {first:.0} ms ({:.2} ×) | {rss:.0} MB ({:.2} ×) | {paints} |",
            first / first_floor,
            rss / rss_floor
        );
    }
}

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

/// A data directory whose window opens on the history.
fn prepare(data: &Path, runs: usize) {
    let places = Places::under(data);
    std::fs::create_dir_all(data).expect("a folder");
    let settings = Settings {
        place: PlaceChoice::History,
        ..Settings::default()
    };
    settings.save(&places.settings()).expect("settings");
    seed::fill(&places, runs);
}

fn measure(arguments: &[String]) -> Figures {
    let begin = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .expect("a clock")
        .as_nanos();
    let output = Command::new(std::env::current_exe().expect("this program"))
        .args(arguments)
        .env("FLORIST_BENCH_BEGIN", begin.to_string())
        .env_remove("FLORA_API_KEY")
        .env_remove("FLORA_BASE_URL")
        .output()
        .expect("a child");
    let out = String::from_utf8_lossy(&output.stdout);
    let line = out
        .lines()
        .find(|line| line.starts_with("figures "))
        .unwrap_or_else(|| {
            panic!(
                "no figures: {out}\n{}",
                String::from_utf8_lossy(&output.stderr)
            )
        });
    let mut words = line
        .split_whitespace()
        .skip(1)
        .map(|word| word.parse::<f64>().expect("a figure"));
    let mut next = || words.next().expect("three figures");
    Figures {
        first_frame_ms: next(),
        rss_mb: next(),
        idle_paints: next() as u64,
    }
}

/// An app whose frames are counted; it closes itself when the figures are there.
struct Counted<A> {
    inner: A,
    frames: Arc<std::sync::atomic::AtomicU64>,
    first: Option<f64>,
}

impl<A: eframe::App> eframe::App for Counted<A> {
    fn logic(&mut self, ctx: &egui::Context, frame: &mut eframe::Frame) {
        self.inner.logic(ctx, frame);
    }

    fn ui(&mut self, ui: &mut egui::Ui, frame: &mut eframe::Frame) {
        self.inner.ui(ui, frame);
        self.frames
            .fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        if self.first.is_none() {
            let first = since_begin_ms();
            self.first = Some(first);
            watch(self.frames.clone(), first);
        }
    }

    fn persist_egui_memory(&self) -> bool {
        false
    }
}

fn since_begin_ms() -> f64 {
    let begin: u128 = std::env::var("FLORIST_BENCH_BEGIN")
        .expect("begin")
        .parse()
        .expect("a number");
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .expect("a clock")
        .as_nanos();
    (now - begin) as f64 / 1e6
}

/// Counts from outside the window, so that counting does not paint; then ends the process.
fn watch(frames: Arc<std::sync::atomic::AtomicU64>, first: f64) {
    std::thread::spawn(move || {
        let read = || frames.load(std::sync::atomic::Ordering::Relaxed);
        wait(SETTLE);
        let rss = rss_mb();
        let before = read();
        wait(IDLE);
        println!("figures {first} {rss} {}", read() - before);
        std::process::exit(0);
    });
}

fn wait(time: Duration) {
    let until = Instant::now() + time;
    while let Some(left) = until.checked_duration_since(Instant::now()) {
        std::thread::park_timeout(left);
    }
}

fn rss_mb() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|rest| rest.split_whitespace().next()?.parse::<f64>().ok());
    kilobytes.unwrap_or(f64::NAN) / 1024.0
}

fn options() -> eframe::NativeOptions {
    eframe::NativeOptions {
        viewport: egui::ViewportBuilder::default()
            .with_title("Bench")
            .with_inner_size([1440.0, 900.0]),
        renderer: eframe::Renderer::Glow,
        persist_window: false,
        ..eframe::NativeOptions::default()
    }
}

struct Bare;

impl eframe::App for Bare {
    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        egui::CentralPanel::default().show(ui, |ui| ui.label("Nothing"));
    }
}

fn child_bare() {
    open(|_| Bare);
}

fn child_florist(data: &Path) {
    rustls::crypto::ring::default_provider()
        .install_default()
        .ok();
    let data: PathBuf = data.to_owned();
    open(move |cc| -> Florist {
        let launcher = Launcher::for_person(Places::under(&data), Environment::default());
        launcher.build(&cc.egui_ctx).expect("threads")
    });
}

fn open<A: eframe::App + 'static>(make: impl FnOnce(&eframe::CreationContext<'_>) -> A + 'static) {
    let create = move |cc: &eframe::CreationContext<'_>| -> Result<Box<dyn eframe::App>, _> {
        Ok(Box::new(Counted {
            inner: make(cc),
            frames: Arc::default(),
            first: None,
        }))
    };
    eframe::run_native("Bench", options(), Box::new(create)).expect("a window");
}
