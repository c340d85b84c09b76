//! The launch place on stage: techniques with every kind of input, forms filled in, runs that strain the cards.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use egui_kittest::Harness;
use florist::message::Event;
use florist::model::*;
use florist::settings::{Settings, Theme};
use florist::state::Action;

use super::stage::{Stage, settings, stage};
use super::world::{World, noon, runs, techniques};

/// The size of the mockups.
pub const SIZE: [f32; 2] = [1440.0, 900.0];

/// The launch place as in the mockups: a form half filled, runs at all stages.
pub fn launch(theme: Theme, size: [f32; 2]) -> Harness<'static, Stage> {
    stage(mockup(settings(theme)), size)
}

/// The world of the mockups.
pub fn mockup(settings: Settings) -> World {
    let mut world = World::new(settings, runs());
    world.act(Action::OpenTechnique(technique_id("pattern_maker")));
    used(&mut world);
    type_into(
        &mut world,
        "words",
        "quiet harbour at dawn, teal and rust, paper grain",
    );
    type_into(&mut world, "scale", "small motifs, generous ground");
    hand_in(
        &mut world,
        "reference",
        picture("harbour-07.jpg", 2400, 1600),
    );
    let recent = BTreeMap::from([(
        InputId::new("words"),
        vec![
            "quiet harbour at dawn, teal and rust".to_owned(),
            "lichen on slate, winter light".to_owned(),
        ],
    )]);
    world.tell(Event::RecentTexts {
        technique: technique_id("pattern_maker"),
        texts: recent,
    });
    world
}

pub fn technique_id(name: &str) -> TechniqueId {
    TechniqueId::new(format!("tech_{name}"))
}

/// All techniques were used, the first ones last.
fn used(world: &mut World) {
    let covers = [
        401, 1200, 1300, 1400, 403, 1201, 1301, 402, 1101, 1102, 700, 702,
    ];
    let uses: HashMap<TechniqueId, TechniqueUse> = techniques()
        .iter()
        .zip(covers)
        .enumerate()
        .map(|(index, (technique, cover))| {
            let used = TechniqueUse {
                last_used: Timestamp::from_millisecond(
                    noon().as_millisecond() - index as i64 * 60_000,
                )
                .expect("in range"),
                cover: (index % 5 != 4).then(|| OutputKey::new(cover)),
                usual_seconds: Some((6, 9)),
            };
            (technique.id.clone(), used)
        })
        .collect();
    world.tell(Event::UsesChanged(Arc::new(uses)));
}

pub fn type_into(world: &mut World, input: &str, text: &str) {
    world.act(Action::EditText {
        input: InputId::new(input),
        index: 0,
        text: text.to_owned(),
    });
}

/// Hands a file in and lets its check succeed.
pub fn hand_in(world: &mut World, input: &str, file: InputFile) {
    let path = format!("/home/ada/{}", file.name);
    world.act(Action::HandIn {
        input: InputId::new(input),
        source: MediaSource::Path(path.into()),
    });
    settle(world, FileCheck::Ready(file));
}

/// Answers the check that is under way in the open form.
pub fn settle(world: &mut World, check: FileCheck) {
    let draft = world.state.launch.draft().expect("an open form").clone();
    let id = draft
        .fields
        .values()
        .flat_map(|field| &field.files)
        .find_map(|file| match file {
            FileDraft::Checking { id, .. } => Some(*id),
            _ => None,
        })
        .expect("a file under check");
    world.tell(Event::FileChecked { id, check });
}

pub fn picture(name: &str, width: u32, height: u32) -> InputFile {
    InputFile {
        name: name.to_owned(),
        kind: MediaKind::Image,
        hash: format!("{name}-hash").into(),
        bytes: 1_800_000,
        facts: MediaFacts {
            width: Some(width),
            height: Some(height),
            format: Some("JPEG".to_owned()),
            ..MediaFacts::default()
        },
    }
}

pub fn input(id: &str, name: &str, kind: MediaKind) -> InputSpec {
    InputSpec {
        id: InputId::new(id),
        name: name.to_owned(),
        kind,
        description: None,
        optional: false,
        allow_multiple: false,
        accepts_element: false,
        aspect_ratio: None,
        duration: None,
    }
}

/// A technique with every kind of input.
pub fn every_kind() -> Technique {
    let optional = |spec| InputSpec {
        optional: true,
        ..spec
    };
    Technique {
        id: technique_id("every_kind"),
        name: "Every Kind".into(),
        slug: None,
        description: Some("Takes everything there is".to_owned()),
        run_cost: Usd::from_dollars(0.15),
        inputs: vec![
            InputSpec {
                allow_multiple: true,
                description: Some("One motif a run".to_owned()),
                ..input("motifs", "Motifs", MediaKind::Text)
            },
            InputSpec {
                aspect_ratio: Some("1:1".to_owned()),
                ..input("picture", "Picture", MediaKind::Image)
            },
            InputSpec {
                duration: Some(8.0),
                ..input("film", "Film", MediaKind::Video)
            },
            optional(input("sound", "Sound", MediaKind::Audio)),
            optional(input("paper", "Paper", MediaKind::Document)),
            optional(InputSpec {
                accepts_element: true,
                ..input("character", "Character", MediaKind::Image)
            }),
            optional(InputSpec {
                allow_multiple: true,
                ..input("swatches", "Swatches", MediaKind::Image)
            }),
            optional(input(
                "mood",
                "Mood",
                MediaKind::Other("hologram".to_owned()),
            )),
        ],
        outputs: vec![OutputSpec {
            name: "picture".to_owned(),
            kind: MediaKind::Image,
            description: None,
            aspect_ratio: None,
            duration: None,
        }],
    }
}

/// A world whose only technique this is, with its form open.
pub fn world_of(theme: Theme, technique: Technique) -> World {
    let id = technique.id.clone();
    let mut world = World::new(settings(theme), Vec::new());
    world.tell(Event::CatalogLoaded([Arc::new(technique)].into()));
    world.act(Action::OpenTechnique(id));
    world
}

/// Every Kind with everything filled in, and what can be wrong with it.
pub fn filled(theme: Theme) -> World {
    let mut world = world_of(theme, every_kind());
    type_into(&mut world, "motifs", "waves");
    world.act(Action::AddText(InputId::new("motifs")));
    world.act(Action::EditText {
        input: InputId::new("motifs"),
        index: 1,
        text: "gulls over a breakwater, seen from below, in the last light of a long summer day"
            .to_owned(),
    });
    hand_in(&mut world, "picture", picture("harbour-07.jpg", 2400, 1600));
    let film = InputFile {
        kind: MediaKind::Video,
        facts: MediaFacts {
            duration_ms: Some(8_100),
            width: Some(960),
            height: Some(540),
            ..MediaFacts::default()
        },
        ..picture(
            "a-very-long-name-of-a-film-from-the-north-quay-in-winter.mp4",
            0,
            0,
        )
    };
    hand_in(&mut world, "film", film);
    let sound = InputFile {
        kind: MediaKind::Audio,
        facts: MediaFacts {
            duration_ms: Some(12_000),
            format: Some("WAV".to_owned()),
            peaks: (0..96)
                .map(|i| (i as f32 * 0.7).sin().abs() * 0.8 + 0.1)
                .collect(),
            ..MediaFacts::default()
        },
        ..picture("bells.wav", 0, 0)
    };
    hand_in(&mut world, "sound", sound);
    world.act(Action::HandIn {
        input: InputId::new("paper"),
        source: MediaSource::Path("/home/ada/notes.pdf".into()),
    });
    settle(
        &mut world,
        FileCheck::Refused(
            Problem::new("This is no PDF, whatever its name says")
                .with_hint("Export it anew from where it was written"),
        ),
    );
    world.act(Action::SetElement {
        input: InputId::new("character"),
        element: Some("elem_ada".to_owned()),
    });
    hand_in(&mut world, "swatches", picture("rust.png", 600, 600));
    world.act(Action::HandIn {
        input: InputId::new("swatches"),
        source: MediaSource::Url("https://example.com/teal.png".to_owned()),
    });
    world.act(Action::HandIn {
        input: InputId::new("swatches"),
        source: MediaSource::Path("/home/ada/moss.png".into()),
    });
    world
}

/// Pattern Maker's runs, each with something else to show.
pub fn odd_runs() -> Vec<Run> {
    let kept = runs();
    let pattern = kept[3].clone();
    let like = |key: i64, from: usize| Run {
        key: RowKey::new(key),
        technique: pattern.technique.clone(),
        technique_name: pattern.technique_name.clone(),
        listed_cost: Usd::from_dollars(0.05),
        outputs: kept[from]
            .outputs
            .iter()
            .map(|output| Output {
                key: OutputKey::new(key * 100 + i64::from(output.index)),
                run: RowKey::new(key),
                ..output.clone()
            })
            .collect(),
        ..kept[from].clone()
    };
    let failed = |key: i64, code: &str, message: &str| Run {
        failure: Some(Failure {
            code: code.to_owned(),
            message: message.to_owned(),
        }),
        ..like(key, 7)
    };
    let held = |key: i64, problem: Problem| Run {
        problem: Some(problem),
        ..like(key, 1)
    };
    let mut downloading = Run {
        stage: RunStage::Downloading,
        ..like(105, 3)
    };
    downloading.outputs[1].archive = Archive::Fetching;
    downloading.outputs[3].archive = Archive::Fetching;
    let mut lost = like(106, 3);
    lost.outputs[2].archive = Archive::Failed("The connection dropped".to_owned());
    let mut many = like(107, 3);
    let grid = many.outputs.clone();
    many.outputs = (0..9)
        .map(|index| Output {
            key: OutputKey::new(10_700 + i64::from(index)),
            index,
            ..grid[0].clone()
        })
        .collect();
    vec![
        Run {
            progress: None,
            ..like(101, 2)
        },
        held(102, Problem::new("FLORA did not accept the key").with_hint("Nothing is lost: it is sent once a key is accepted").with_action(ProblemAction::EnterKey)),
        like(103, 5),
        like(104, 1),
        downloading,
        lost,
        many,
        like(108, 13),
        like(109, 8),
        like(110, 9),
        like(111, 12),
        like(112, 4),
        failed(113, "model_timeout", "The model did not answer in time"),
        failed(114, "brand_new_code", "A thing happened that nobody foresaw, and it was written down at length so that support can tell what it was"),
        failed(115, "BILLING_LIMIT", "Out of credits"),
        Run {
            source: Source::Elsewhere,
            ..failed(116, "input_unreachable", "404")
        },
        Run {
            cost: Cost::Settling(Usd::from_micros(150_000)),
            summary: "a summary that goes on and on about the light on the water, the gulls, the cold, and everything else that was on the mind of whoever typed it".into(),
            ..like(117, 6)
        },
    ]
}

/// Pattern Maker open over these runs.
pub fn over(theme: Theme, runs: Vec<Run>) -> World {
    let mut world = World::new(settings(theme), runs);
    world.act(Action::OpenTechnique(technique_id("pattern_maker")));
    world
}

/// This many techniques, two of them with names that strain the row.
pub fn many_techniques(count: usize) -> Vec<Arc<Technique>> {
    let all = techniques();
    (0..count)
        .map(|index| {
            let like = &all[index % all.len()];
            let name = match index {
                1 => "A technique with a name that nobody would ever want to read to its end"
                    .to_owned(),
                _ => format!("{} {index}", like.name),
            };
            Arc::new(Technique {
                id: TechniqueId::new(format!("tech_{index}")),
                name: name.into(),
                ..like.clone()
            })
        })
        .collect()
}
