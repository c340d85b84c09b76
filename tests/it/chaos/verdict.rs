//! What the child said, held against what the studio counted and what is on the disk.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;
use std::path::Path;

use florist::library::{Library, Places};
use florist::model::{LaunchId, Output, Run, RunStage};
use florist::studio::{OutputFact, RunFact};
use florist::wire::RunStatus;
use sha2::{Digest, Sha256};

use super::plan::Click;
use crate::support::app::TestStudio;

/// What the test has seen.
#[derive(Default)]
pub struct Tally {
    clicks: Vec<Click>,
    /// The last that was heard of each launch: it is recorded.
    heard: BTreeMap<LaunchId, String>,
    pub over: BTreeSet<LaunchId>,
    pub restarts: u64,
    pub in_storm: usize,
    overlaps: u64,
}

/// The figures of a trial.
#[derive(Debug)]
pub struct Report {
    pub recorded: usize,
    /// Started while things went wrong; the rest in the last, calm life.
    pub in_storm: usize,
    lost_before: usize,
    done: usize,
    failed: usize,
    files: usize,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} launches recorded ({} clicks died with the process), {} of them started in the storm, {} done, \
             {} failed, {} files whole",
            self.recorded, self.lost_before, self.in_storm, self.done, self.failed, self.files
        )
    }
}

impl Tally {
    pub fn clicked(&mut self, click: &Click) {
        self.clicks.push(click.clone());
    }

    /// "stage ID STAGE" or "over ID STAGE"
    pub fn heard(&mut self, line: &str) {
        let mut parts = line.splitn(3, ' ');
        let word = parts.next().unwrap_or_default();
        let launch = parts.next().and_then(|id| LaunchId::parse(id).ok());
        let Some(launch) = launch else {
            return;
        };
        match word {
            "over" => {
                self.over.insert(launch);
            }
            "refused" => panic!("{line}"),
            _ => {}
        }
        self.heard
            .insert(launch, parts.next().unwrap_or_default().to_owned());
    }

    pub fn stages_of<'a>(
        &self,
        launches: impl Iterator<Item = &'a LaunchId>,
    ) -> Vec<(LaunchId, Option<&String>)> {
        launches
            .map(|launch| (*launch, self.heard.get(launch)))
            .collect()
    }

    /// Before a studio is killed: its counts go with it.
    pub fn count_overlaps(&mut self, studio: &TestStudio) {
        self.overlaps += studio.studio().overlapping_starts();
    }

    /// The launches that the library knows. What the child told of, it must know.
    pub fn recorded_in(&self, data: &Path) -> BTreeSet<LaunchId> {
        let library = open(data);
        let clicks = self.clicks.iter().map(|click| click.id);
        let recorded: BTreeSet<LaunchId> = clicks
            .filter(|launch| library.launch_row(*launch).is_ok())
            .collect();
        let told: BTreeSet<LaunchId> = self.heard.keys().copied().collect();
        assert!(
            told.is_subset(&recorded),
            "forgotten: {:?}",
            told.difference(&recorded)
        );
        recorded
    }

    /// Holds everything against everything.
    pub fn verify(&mut self, studio: &TestStudio, data: &Path) -> Report {
        self.count_overlaps(studio);
        assert_eq!(self.overlaps, 0, "two starts with one key at the same time");
        let recorded = self.recorded_in(data);
        let starts = studio.studio().starts_by_key().expect("the starts");
        let expected: BTreeMap<String, u64> = recorded
            .iter()
            .map(|launch| (launch.to_string(), 1))
            .collect();
        assert_eq!(starts, expected, "starts by key");
        let facts: HashMap<String, RunFact> = studio
            .runs()
            .into_iter()
            .map(|fact| (fact.run_id.clone(), fact))
            .collect();
        assert_eq!(facts.len(), recorded.len(), "runs at the studio");

        let library = open(data);
        // What a close in a hurry left due is written by the next start.
        library.write_due_sidecars(None, u32::MAX).expect("written");
        let mut report = Report {
            recorded: recorded.len(),
            in_storm: self.in_storm,
            lost_before: self.clicks.len() - recorded.len(),
            done: 0,
            failed: 0,
            files: 0,
        };
        for click in self
            .clicks
            .iter()
            .filter(|click| recorded.contains(&click.id))
        {
            let row = library.launch_row(click.id).expect("its row");
            let run = library.run(row).expect("its run");
            let fact = &facts[run.run_id.as_ref().expect("a run id").as_str()];
            check_run(click, &run, fact);
            match run.stage {
                RunStage::Done => {
                    report.done += 1;
                    report.files += check_files(&library, &run, fact);
                }
                RunStage::Failed => report.failed += 1,
                other => panic!("{:?} is {other:?}", click.id),
            }
        }
        assert_eq!(parts(&Places::under(data).library), [""; 0], "half files");
        report
    }
}

fn open(data: &Path) -> Library {
    let opened = Library::open(&Places::under(data).library).expect("the library opens");
    assert!(opened.notes.is_empty(), "{:?}", opened.notes);
    opened.library
}

/// The row of a click has the run that was started with its key and its words.
fn check_run(click: &Click, run: &Run, fact: &RunFact) {
    let key = fact.idempotency_key.as_deref();
    assert_eq!(key, Some(click.id.to_string().as_str()), "{run:?}");
    assert_eq!(fact.inputs["words"], click.words);
    assert_eq!(run.technique.as_str(), format!("tech_{}", click.technique));
    let is_completed = fact.status == RunStatus::Completed;
    assert_eq!(
        run.stage == RunStage::Done,
        is_completed,
        "{run:?} {fact:?}"
    );
}

/// Every output is on the disk as the studio made it, and its folder says what it is. How many files that are.
fn check_files(library: &Library, run: &Run, fact: &RunFact) -> usize {
    assert_eq!(run.outputs.len(), fact.outputs.len(), "{run:?}");
    for output in &run.outputs {
        let made = fact
            .outputs
            .iter()
            .find(|made| made.output_id == output.output_id.as_str())
            .expect("the studio made it");
        check_file(library, output, made);
    }
    let folder = library.run_folder(run.key).expect("a folder");
    let sidecar = std::fs::read(folder.join("run.json")).expect("a sidecar");
    let sidecar: serde_json::Value = serde_json::from_slice(&sidecar).expect("JSON");
    assert_eq!(sidecar["run_id"], fact.run_id.as_str());
    assert_eq!(
        sidecar["outputs"].as_array().map(Vec::len),
        Some(run.outputs.len())
    );
    run.outputs.len()
}

fn check_file(library: &Library, output: &Output, made: &OutputFact) {
    let path = output.file.as_ref().expect("a file");
    let bytes = std::fs::read(path).expect("readable");
    let sha256: String = Sha256::digest(&bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    if let Some(text) = &made.text {
        assert_eq!(&String::from_utf8_lossy(&bytes), text, "{path:?}");
    } else {
        assert_eq!(Some(&sha256), made.sha256.as_ref(), "{path:?}");
    }
    let archived = library.archived_output(output.key).expect("archived");
    assert_eq!(
        archived.sha256.as_deref(),
        Some(sha256.as_str()),
        "{path:?}"
    );
}

/// What is left of downloads that did not end.
fn parts(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let Ok(entries) = std::fs::read_dir(folder) else {
        return found;
    };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(parts(&path));
        } else if path
            .extension()
            .is_some_and(|extension| extension == "part")
        {
            found.push(path.display().to_string());
        }
    }
    found
}
