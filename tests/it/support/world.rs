//! A fixed world to look at: techniques, runs in every stage, pictures made of arithmetic.

use std::collections::HashMap;
use std::sync::Arc;

use florist::message::{Command, Event, HistoryAnswer};
use florist::model::*;
use florist::settings::Settings;
use florist::state::{Action, AppState};

/// The instant at which every fixed picture is taken.
pub fn noon() -> Timestamp {
    "2026-11-24T14:36:12Z".parse().expect("a time")
}

/// A state and a puppet in the worker's place that answers at once.
pub struct World {
    pub state: AppState,
    /// Every errand the worker was given.
    pub sent: Vec<Command>,
    runs: Vec<Run>,
    /// Where each of them is: reading rows costs the same in any history.
    rows: HashMap<RowKey, usize>,
    previews: bool,
}

impl World {
    /// With the techniques, `runs`, and a connection to the studio.
    pub fn new(settings: Settings, runs: Vec<Run>) -> Self {
        let mut world = Self {
            state: AppState::new(settings),
            sent: Vec::new(),
            rows: (0..).zip(&runs).map(|(at, run)| (run.key, at)).collect(),
            runs,
            previews: true,
        };
        let opening = world.state.opening_commands();
        world.tell(Event::ProfileChanged(studio()));
        world.tell(Event::ConnectionChanged(Connection::Connected));
        world.tell(Event::CatalogLoaded(
            techniques().into_iter().map(Arc::new).collect(),
        ));
        world.tell(Event::ActivityChanged(Activity {
            running: 3,
            waiting: 5,
            arriving: 2,
            spent_today: Spent {
                known: Usd::from_micros(1_420_000),
                settling: false,
            },
            import: None,
        }));
        world.tell(Event::CountsChanged(ViewCounts {
            today: 18,
            failed: 2,
            in_progress: 2,
            needs_you: 1,
        }));
        world.answer(opening);
        world
    }

    /// From now on no preview is ever made.
    pub fn without_previews(&mut self) {
        self.previews = false;
    }

    /// Carries out an action as the app would.
    pub fn act(&mut self, action: Action) {
        let commands = self.state.perform(action, noon());
        self.answer(commands);
    }

    pub fn tell(&mut self, event: Event) {
        let commands = self.state.apply(event, noon());
        self.answer(commands);
    }

    fn answer(&mut self, commands: Vec<Command>) {
        for command in commands {
            self.sent.push(command.clone());
            match command {
                Command::AskHistory { generation, .. } => {
                    let answer = self.history();
                    self.tell(Event::HistoryAnswered { generation, answer });
                }
                Command::AskResults(technique) => {
                    let of_it = self.runs.iter().filter(|run| run.technique == technique);
                    let keys = of_it.map(|run| run.key).collect();
                    self.tell(Event::ResultsAnswered { technique, keys });
                }
                Command::LoadRows(keys) => {
                    let at = keys.iter().filter_map(|key| self.rows.get(key));
                    let rows = at.map(|at| self.runs[*at].clone()).collect();
                    self.tell(Event::RowsLoaded(rows));
                }
                Command::ReadRuns { rows, what } => {
                    let at = rows.iter().filter_map(|key| self.rows.get(key));
                    let runs = Ok(at.map(|at| self.runs[*at].clone()).collect());
                    self.tell(Event::RunsRead { runs, what });
                }
                Command::LoadDetail(row) => self.answer_detail(row),
                Command::WantPreviews(keys) if self.previews => {
                    for key in keys {
                        let preview = Ok(picture(&key));
                        self.tell(Event::PreviewMade { key, preview });
                    }
                }
                Command::LoadText(output) => {
                    let text = TextContent {
                        text: NOTES.into(),
                        truncated: false,
                        words: NOTES.split_whitespace().count(),
                        lines: NOTES.lines().count(),
                    };
                    self.tell(Event::TextLoaded {
                        output,
                        text: Ok(text),
                    });
                }
                _ => {}
            }
        }
    }

    fn history(&self) -> HistoryAnswer {
        let live = self.runs.iter().filter(|run| run.stage.is_live());
        let over = self.runs.iter().filter(|run| !run.stage.is_live());
        let pinned = live.clone().count();
        HistoryAnswer {
            keys: live.chain(over).map(|run| run.key).collect(),
            pinned,
            totals: HistoryTotals {
                runs: if self.runs.is_empty() { 0 } else { 312 },
                cost: Usd::from_micros(if self.runs.is_empty() { 0 } else { 9_640_000 }),
                settling: true,
            },
        }
    }

    fn answer_detail(&mut self, row: RowKey) {
        let Some(run) = self.runs.iter().find(|run| run.key == row).cloned() else {
            return;
        };
        let text = |id: &str, name: &str, value: &str| OrderInput {
            id: InputId::new(id),
            name: name.to_owned(),
            kind: MediaKind::Text,
            value: OrderValue::Text(value.to_owned()),
        };
        let detail = RunDetail {
            inputs: vec![
                text("words", "Words", &run.summary),
                text("scale", "Scale", "small motifs, generous ground"),
            ],
            folder: Some("/home/ada/Florist/ws_studio/2026/11/run_9f2c".into()),
            request_id: Some("req_8821ac".to_owned()),
            run,
        };
        self.tell(Event::DetailLoaded {
            row,
            detail: Ok(Arc::new(detail)),
        });
    }
}

pub const NOTES: &str = "# Composition\n\nThe horizon sits at 0.62, close to the lower third. \
The eye enters at the left edge and follows the light to the upper right.\n\n## Colour\n\n\
- Dominant hue: violet, 41 % of the picture\n- Accent: rust, 12 %\n- Contrast: moderate (RMS 0.21)\n\n\
The balance of masses leans 0.08 to the right, which the bright area at the left evens out.";

fn studio() -> Profile {
    Profile {
        id: ProfileId::studio(),
        kind: ProfileKind::Studio,
        base_url: "http://127.0.0.1:4000/api/v1".to_owned(),
        workspace: Some(WorkspaceId::new("ws_studio")),
        workspace_name: "Local studio".to_owned(),
        role: Some("owner".to_owned()),
        key: KeyStore::NotNeeded,
    }
}

fn input(id: &str, name: &str, kind: MediaKind, optional: bool) -> InputSpec {
    InputSpec {
        id: InputId::new(id),
        name: name.to_owned(),
        kind,
        description: None,
        optional,
        allow_multiple: false,
        accepts_element: false,
        aspect_ratio: None,
        duration: None,
    }
}

fn output(kind: MediaKind, ratio: Option<&str>) -> OutputSpec {
    OutputSpec {
        name: kind.noun().to_owned(),
        kind,
        description: None,
        aspect_ratio: ratio.map(str::to_owned),
        duration: None,
    }
}

/// The catalogue of the mockups.
pub fn techniques() -> Vec<Technique> {
    use MediaKind::{Audio, Document, Image, Text, Video};
    let make = |name: &str, cost: f64, about: &str, inputs, outputs| Technique {
        id: TechniqueId::new(format!("tech_{}", name.to_lowercase().replace(' ', "_"))),
        name: name.into(),
        slug: None,
        description: Some(about.to_owned()),
        run_cost: Usd::from_dollars(cost),
        inputs,
        outputs,
    };
    let words = || vec![input("words", "Words", Text, false)];
    let one = || vec![input("picture", "Picture", Image, false)];
    let pattern = vec![
        InputSpec {
            description: Some(
                "What the pattern is about, such as quiet harbour at dawn".to_owned(),
            ),
            ..input("words", "Words", Text, false)
        },
        InputSpec {
            accepts_element: true,
            ..input("reference", "Reference picture", Image, true)
        },
        InputSpec {
            aspect_ratio: Some("1:1".to_owned()),
            ..input("border", "Border", Image, true)
        },
        input("scale", "Scale", Text, true),
    ];
    let square = || output(Image, Some("1:1"));
    vec![
        make(
            "Pattern Maker",
            0.0,
            "Turns a few words into four seamless tiles. The same words always give the same tiles.",
            pattern,
            vec![square(), square(), square(), square()],
        ),
        make(
            "Colour Transfer",
            0.02,
            "The light of one picture on another",
            vec![
                input("picture", "Picture", Image, false),
                input("light", "Light", Image, false),
            ],
            vec![output(Image, None)],
        ),
        make(
            "Slow Zoom",
            0.08,
            "A picture → a film of any length",
            one(),
            vec![output(Video, None)],
        ),
        make(
            "Palette Pull",
            0.0,
            "Swatches and hex codes",
            one(),
            vec![output(Image, None), output(Text, None)],
        ),
        make(
            "Poster",
            0.03,
            "Words → a typeset poster",
            words(),
            vec![output(Image, None)],
        ),
        make(
            "Halftone Print",
            0.01,
            "Two inks, honest dots",
            one(),
            vec![output(Image, None)],
        ),
        make(
            "Kaleidoscope Loop",
            0.06,
            "Words → a loop",
            words(),
            vec![output(Video, None)],
        ),
        make(
            "Picture to Sound",
            0.01,
            "Hear the horizon",
            one(),
            vec![output(Audio, None)],
        ),
        make(
            "Field Guide",
            0.04,
            "Pictures and a title → a document",
            one(),
            vec![output(Document, None)],
        ),
        make(
            "Composition Notes",
            0.0,
            "Measured, in words",
            one(),
            vec![output(Text, None)],
        ),
        make(
            "Layout Resizer",
            0.02,
            "1:1, 4:5 and 16:9",
            one(),
            vec![
                output(Image, Some("1:1")),
                output(Image, Some("4:5")),
                output(Image, Some("16:9")),
            ],
        ),
        make(
            "Lookbook Grid",
            0.02,
            "Many → one sheet",
            one(),
            vec![output(Image, None)],
        ),
    ]
}

/// Runs in every stage, as in the mockups.
pub fn runs() -> Vec<Run> {
    use MediaKind::{Audio, Document, Image, Text, Video};
    use RunStage::{Done, Failed, Running, Unknown, Waiting};
    let pattern = [Image, Image, Image, Image];
    let mut runs = vec![
        run(
            1,
            "Slow Zoom",
            Running,
            "harbour-07.jpg, 8 seconds",
            12,
            &[],
        ),
        run(
            2,
            "Colour Transfer",
            Waiting,
            "portrait-3.png with dunes.jpg",
            5,
            &[],
        ),
        run(
            3,
            "Pattern Maker",
            Running,
            "quiet harbour at dawn, teal and rust, paper grain",
            4,
            &[],
        ),
        run(
            4,
            "Pattern Maker",
            Done,
            "quiet harbour at dawn, teal and rust",
            240,
            &pattern,
        ),
        run(
            5,
            "Composition Notes",
            Done,
            "“The horizon sits at 0.62, close to the lower third”",
            420,
            &[Text],
        ),
        run(
            6,
            "Poster",
            Unknown,
            "Regatta, 14 June at the old pier",
            660,
            &[],
        ),
        run(
            7,
            "Layout Resizer",
            Done,
            "harbour-07.jpg",
            900,
            &[Image, Image, Image],
        ),
        run(
            8,
            "Pattern Maker",
            Failed,
            "the old lighthouse, again",
            1080,
            &[],
        ),
        run(9, "Picture to Sound", Done, "dunes.jpg", 2040, &[Audio]),
        run(
            10,
            "Field Guide",
            Done,
            "Six lichens of the north quay",
            2280,
            &[Document],
        ),
        run(
            11,
            "Pattern Maker",
            Done,
            "lichen on slate, winter light",
            2460,
            &pattern,
        ),
        run(
            12,
            "Halftone Print",
            Done,
            "portrait-3.png, red and blue",
            71_000,
            &[Image],
        ),
        run(
            13,
            "Kaleidoscope Loop",
            Done,
            "amber, moss, slow",
            72_000,
            &[Video],
        ),
        run(
            14,
            "Palette Pull",
            Done,
            "dunes.jpg — #C9A178",
            73_000,
            &[Image, Text],
        ),
    ];
    runs[7].failure = Some(Failure {
        code: "GENERATION_PROMPT_MODERATED".to_owned(),
        message: "The request was refused by the safety system".to_owned(),
    });
    runs[5].problem =
        Some(Problem::new("Not sure whether it started").with_action(ProblemAction::CheckNow));
    runs[2].progress = Some(0.62);
    runs
}

fn run(
    key: i64,
    technique: &str,
    stage: RunStage,
    summary: &str,
    ago: i64,
    kinds: &[MediaKind],
) -> Run {
    let spec = techniques()
        .into_iter()
        .find(|t| &*t.name == technique)
        .expect("a known technique");
    let created = at(ago);
    let over = !stage.is_live();
    let cost = spec.run_cost.map_or(Cost::Unknown, |cost| match stage {
        RunStage::Done | RunStage::Failed => Cost::Charged(cost),
        RunStage::Running => Cost::Settling(cost),
        RunStage::Unknown => Cost::Unknown,
        _ => Cost::Quote(cost),
    });
    Run {
        key: RowKey::new(key),
        launch: None,
        run_id: (stage != RunStage::Waiting).then(|| RunId::new(format!("run_{key}"))),
        technique: spec.id.clone(),
        technique_name: spec.name.clone(),
        workspace: None,
        project: None,
        stage,
        progress: None,
        summary: summary.into(),
        created_at: created,
        started_at: (stage != RunStage::Waiting).then_some(created),
        completed_at: over.then(|| at(ago - 3 - key % 5)),
        listed_cost: spec.run_cost,
        cost,
        outputs: kinds
            .iter()
            .enumerate()
            .map(|(index, kind)| made(key, index, kind))
            .collect(),
        failure: None,
        problem: None,
        source: Source::Here,
    }
}

fn at(seconds_ago: i64) -> Timestamp {
    Timestamp::from_millisecond(noon().as_millisecond() - seconds_ago * 1000).expect("in range")
}

fn made(run: i64, index: usize, kind: &MediaKind) -> Output {
    let facts = match kind {
        MediaKind::Image => MediaFacts {
            width: Some(1024),
            height: Some(1024),
            format: Some("PNG".into()),
            ..MediaFacts::default()
        },
        MediaKind::Video => MediaFacts {
            duration_ms: Some(8000),
            width: Some(960),
            height: Some(540),
            ..MediaFacts::default()
        },
        MediaKind::Audio => MediaFacts {
            duration_ms: Some(12_000),
            peaks: (0..96)
                .map(|i| (i as f32 * 0.7).sin().abs() * 0.8 + 0.1)
                .collect(),
            ..MediaFacts::default()
        },
        MediaKind::Document => MediaFacts {
            pages: Some(6),
            ..MediaFacts::default()
        },
        _ => MediaFacts {
            words: Some(62),
            ..MediaFacts::default()
        },
    };
    Output {
        key: OutputKey::new(run * 100 + index as i64),
        run: RowKey::new(run),
        output_id: OutputId::new(format!("out_{run}_{index}")),
        index: index as u32,
        kind: kind.clone(),
        excerpt: (*kind == MediaKind::Text)
            .then(|| NOTES.trim_start_matches("# Composition").trim().into()),
        file: Some(
            format!(
                "/home/ada/Florist/ws_studio/2026/11/run_{run}/{}.png",
                index + 1
            )
            .into(),
        ),
        bytes: Some(1_800_000),
        facts,
        archive: Archive::Stored,
    }
}

/// A picture that is different for every key and the same every time.
fn picture(key: &PreviewKey) -> Pixels {
    let seed = match &key.source {
        PreviewSource::Output(output) => output.get() as u32,
        PreviewSource::Input(hash) => hash.bytes().map(u32::from).sum(),
    };
    let side = if key.size == PreviewSize::Full {
        1024
    } else {
        320
    };
    let channel = |x: u32, y: u32, shift: u32| {
        let wave = ((x * (seed % 7 + 1) + y * (seed % 5 + 2)) / 24 + seed * shift) % 64;
        (60 + wave * 2 + (seed * (shift + 3)) % 90).min(255) as u8
    };
    // Plain loops: this is not optimised in test builds.
    let mut rgba = Vec::with_capacity((side * side * 4) as usize);
    let mut y = 0;
    while y < side {
        let v = y * 320 / side;
        let mut x = 0;
        while x < side {
            let u = x * 320 / side;
            rgba.push(channel(u, v, 1));
            rgba.push(channel(u, v, 5));
            rgba.push(channel(u, v, 11));
            rgba.push(255);
            x += 1;
        }
        y += 1;
    }
    Pixels {
        width: side,
        height: side,
        rgba: rgba.into(),
        original: (1024, 1024),
    }
}
