//! A long history at once: finished runs as months of work would have left them, for tests and benches of size.

use std::io::Cursor;

use image::{ImageFormat, Rgb, RgbImage};

use super::ids;
use super::random::Random;
use super::server::{Studio, StudioError};
use super::store::files::FileRow;
use super::store::runs::{
    self, RunFilter, RunRow, StoredBody, StoredInput, StoredInputs, StoredOutput,
};
use super::store::{StoreError, files};
use crate::studio::context::Cx;
use crate::studio::faults::Twist;
use crate::wire::{IoType, RunStatus, Technique};

/// How many different pictures the runs share.
const PICTURES: u64 = 24;
/// Between two runs, on average, in milliseconds.
const GAP: u64 = 7 * 60 * 1000;
/// One run in this many failed.
const FAILED_ONE_IN: u64 = 14;

const FAILURES: [(&str, &str); 5] = [
    ("model_timeout", "The model took too long to answer"),
    ("provider_error", "The provider failed"),
    ("GPU_PROVIDER_ERROR", "Content flagged by safety moderation"),
    ("input_unreachable", "The input file could not be read"),
    (
        "GENERATION_QUEUE_TIMEOUT",
        "The queue was too long; try again later",
    ),
];

const SUBJECTS: [&str; 12] = [
    "a paper lantern",
    "the old harbour",
    "two foxes",
    "a glass of tea",
    "winter branches",
    "a bicycle shop",
    "the night market",
    "a clay vase",
    "morning fog",
    "a tiled roof",
    "wild poppies",
    "an empty theatre",
];

const MANNERS: [&str; 10] = [
    "in soft evening light",
    "seen from above",
    "as a linocut",
    "in three colours",
    "with long shadows",
    "after the rain",
    "in the style of a field guide",
    "very close",
    "for a poster",
    "on rough paper",
];

impl Studio {
    /// Adds `count` finished runs to the history, the newest a few minutes old. The same studio gets the same ones.
    /// Blocks: a hundred thousand take a few seconds.
    ///
    /// # Errors
    /// The database's, or the disk's.
    pub fn seed_history(&self, count: usize) -> Result<(), StudioError> {
        let techniques: Vec<&Technique> = self.cx.catalog.specs().collect();
        if techniques.is_empty() {
            return Ok(());
        }
        let pictures = pictures(&self.cx)?;
        let now = self.cx.clock.now();
        self.cx.store.now(|db| {
            for picture in &pictures {
                files::insert(db, picture)?;
            }
            let before = runs::count(db, &RunFilter::default())?;
            for index in 0..count as u64 {
                let mut random = Random::of(before, "seed", index);
                let age = (count as u64 - index) * GAP - random.below(GAP);
                let created_at = now - i64::try_from(age).unwrap_or(i64::MAX / 2);
                let technique = *random.pick(&techniques);
                runs::insert(
                    db,
                    &finished_run(technique, created_at, &pictures, &mut random),
                )?;
            }
            Ok(())
        })?;
        Ok(())
    }
}

fn finished_run(
    technique: &Technique,
    created_at: i64,
    pictures: &[FileRow],
    random: &mut Random,
) -> RunRow {
    let started_at = created_at + 200 + random.below(3_000) as i64;
    let completed_at = started_at + 2_000 + random.below(60_000) as i64;
    let failure = (random.below(FAILED_ONE_IN) == 0).then(|| *random.pick(&FAILURES));
    let words = format!("{}, {}", random.pick(&SUBJECTS), random.pick(&MANNERS));
    let quote = technique.run_cost.unwrap_or(0.0);
    RunRow {
        seq: 0,
        run_id: format!("run_{}", id(random)),
        technique_id: technique.technique_id.clone(),
        technique_name: technique.name.clone(),
        project_id: ids::PROJECT.to_owned(),
        inputs: inputs(technique, &words),
        status: match failure {
            Some(_) => RunStatus::Failed,
            None => RunStatus::Completed,
        },
        attempt: 1,
        created_at,
        started_at: Some(started_at),
        completed_at: Some(completed_at),
        quote,
        charge: Some(if failure.is_some() { 0.0 } else { quote }),
        charge_at: Some(completed_at),
        error_code: failure.map(|(code, _)| code.to_owned()),
        error_message: failure.map(|(_, message)| message.to_owned()),
        outputs: match failure {
            Some(_) => Vec::new(),
            None => outputs(technique, &words, pictures, random),
        },
        idempotency_key: None,
        twist: Twist::default(),
    }
}

fn inputs(technique: &Technique, words: &str) -> StoredInputs {
    technique
        .inputs
        .iter()
        .filter(|input| input.kind == IoType::Text)
        .map(|input| {
            let stored = StoredInput {
                kind: IoType::Text,
                value: words.to_owned(),
            };
            (input.id.clone(), stored)
        })
        .collect()
}

/// What the technique says it makes, as far as that is text or pictures; a picture if it is neither.
fn outputs(
    technique: &Technique,
    words: &str,
    pictures: &[FileRow],
    random: &mut Random,
) -> Vec<StoredOutput> {
    let mut kinds: Vec<IoType> = technique
        .outputs
        .iter()
        .map(|output| output.kind.clone())
        .filter(|kind| matches!(kind, IoType::Text | IoType::ImageUrl))
        .collect();
    if kinds.is_empty() {
        kinds.push(IoType::ImageUrl);
    }
    kinds
        .into_iter()
        .enumerate()
        .map(|(index, kind)| StoredOutput {
            output_id: id(random),
            body: if kind == IoType::Text {
                StoredBody::Text(format!("# {}\n\nNotes on {words}.\n", technique.name))
            } else {
                StoredBody::File {
                    file_id: random.pick(pictures).file_id.clone(),
                    name: format!("{}-{}.png", technique.name.to_lowercase(), index + 1),
                }
            },
            kind,
        })
        .collect()
}

fn id(random: &mut Random) -> String {
    format!("{:016x}{:016x}", random.next(), random.next())
}

/// A few small pictures: two colours running into each other, in several shapes.
fn pictures(cx: &Cx) -> Result<Vec<FileRow>, StoreError> {
    (0..PICTURES)
        .map(|index| {
            let mut random = Random::of(7, "picture", index);
            let (width, height) = *random.pick(&[(192, 192), (224, 160), (160, 224), (256, 144)]);
            let from: [u8; 3] = std::array::from_fn(|_| random.below(256) as u8);
            let to: [u8; 3] = std::array::from_fn(|_| random.below(256) as u8);
            let picture = RgbImage::from_fn(width, height, |x, y| {
                let part = (x * 255 / width + y * 255 / height) / 2;
                Rgb(std::array::from_fn(|channel| {
                    let (from, to) = (u32::from(from[channel]), u32::from(to[channel]));
                    ((from * (255 - part) + to * part) / 255) as u8
                }))
            });
            let mut png = Vec::new();
            picture
                .write_to(&mut Cursor::new(&mut png), ImageFormat::Png)
                .map_err(std::io::Error::other)?;
            files::write(&cx.data, "image/png", &png)
        })
        .collect()
}
