//! Damaged files by the thousand: no call may panic out of the room, hang, or take the memory.
//!
//! `FLORIST_HOSTILE_CASES` sets how many of each kind are tried; `FLORIST_HOSTILE_SEED` where to begin.

use std::time::{Duration, Instant};

use ::image::ImageFormat;
use jpeg_encoder::SamplingFactor;
use tempfile::TempDir;

use super::fixtures::{self, JpegKind};
use super::{
    Limits, MediaError, decode_thumbnail, encode_thumbnail, facts, full, sniff, thumbnail,
};
use crate::model::MediaKind;

/// A small generator, so that a failure can be repeated by its seed.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ z >> 31
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }
}

/// Changes bytes the way damage and attackers do.
fn mutated(original: &[u8], random: &mut Random) -> Vec<u8> {
    let mut bytes = original.to_vec();
    for _ in 0..=random.below(6) {
        let length = bytes.len();
        // Headers are where the decisions are made.
        let end = if random.below(2) == 0 {
            length.min(256)
        } else {
            length
        };
        let at = random.below(end);
        match random.below(8) {
            0 => bytes.truncate(at),
            1 => bytes[at..].iter_mut().take(4).for_each(|byte| *byte = 0xff),
            2 => bytes[at..].iter_mut().take(4).for_each(|byte| *byte = 0),
            3 => {
                let piece = bytes[at..]
                    .iter()
                    .take(random.below(64))
                    .copied()
                    .collect::<Vec<_>>();
                let to = random.below(length);
                bytes.splice(to..to, piece);
            }
            4 => {
                let end = length.min(at + random.below(64));
                bytes.drain(at..end);
            }
            5 => bytes[at] ^= 1 << random.below(8),
            _ => bytes[at] = random.next() as u8,
        }
        if bytes.is_empty() {
            break;
        }
    }
    bytes
}

/// Small enough that reaching a bound shows as an error in no time.
fn limits() -> Limits {
    Limits {
        pixels: 4_000_000,
        memory: 64 << 20,
        bytes: 16 << 20,
        time: Duration::from_secs(5),
        ..Limits::default()
    }
}

fn setting(name: &str, otherwise: u64) -> u64 {
    let set = std::env::var(name).ok();
    set.and_then(|value| value.parse().ok())
        .unwrap_or(otherwise)
}

/// A kind of file that is damaged.
struct Subject {
    name: &'static str,
    kind: &'static MediaKind,
    original: fn() -> Vec<u8>,
    /// Makes checksums right again in half of the cases, so that damage gets past the door.
    repair: fn(&mut [u8]),
}

impl Subject {
    const fn new(name: &'static str, kind: &'static MediaKind, original: fn() -> Vec<u8>) -> Self {
        Self {
            name,
            kind,
            original,
            repair: |_| (),
        }
    }

    const fn repaired(mut self, repair: fn(&mut [u8])) -> Self {
        self.repair = repair;
        self
    }
}

/// Mutations of each subject in the ordinary run.
const CASES: u64 = 2_000;

const PICTURES: [Subject; 7] = [
    Subject::new("PNG", &MediaKind::Image, || {
        fixtures::encoded(fixtures::photo(24, 18), ImageFormat::Png)
    })
    .repaired(fixtures::repair_png),
    Subject::new("PNG with alpha", &MediaKind::Image, || {
        fixtures::encoded(fixtures::cut_out(24, 18), ImageFormat::Png)
    })
    .repaired(fixtures::repair_png),
    Subject::new("JPEG", &MediaKind::Image, || {
        fixtures::encoded(fixtures::photo(24, 18), ImageFormat::Jpeg)
    }),
    Subject::new("WebP", &MediaKind::Image, || {
        fixtures::encoded(fixtures::photo(24, 18), ImageFormat::WebP)
    }),
    Subject::new("GIF", &MediaKind::Image, || {
        fixtures::encoded(fixtures::photo(24, 18), ImageFormat::Gif)
    }),
    Subject::new("BMP", &MediaKind::Image, || {
        fixtures::encoded(fixtures::photo(24, 18), ImageFormat::Bmp)
    }),
    Subject::new("TIFF", &MediaKind::Image, || {
        fixtures::encoded(fixtures::photo(24, 18), ImageFormat::Tiff)
    }),
];

/// Large enough to be decoded at a reduced size, which is code of our own.
const REDUCED_JPEGS: [Subject; 2] = [
    Subject::new("JPEG with restarts", &MediaKind::Image, || {
        turned_jpeg(false, 3)
    }),
    Subject::new("progressive JPEG", &MediaKind::Image, || {
        turned_jpeg(true, 0)
    }),
];

const FILMS: [Subject; 2] = [
    Subject::new("MP4", &MediaKind::Video, || {
        fixtures::mp4(32, 32, 3, &[::image::Rgb([200, 60, 20]); 4])
    }),
    Subject::new("MP4 with B-frames and sound", &MediaKind::Video, || {
        fixtures::B_FRAMES.to_vec()
    }),
];

const SOUNDS: [Subject; 6] = [
    Subject::new("WAV", &MediaKind::Audio, || {
        let spec = hound::WavSpec {
            channels: 2,
            sample_rate: 2_000,
            bits_per_sample: 16,
            sample_format: hound::SampleFormat::Int,
        };
        fixtures::wav(1, spec)
    }),
    Subject::new("MP3", &MediaKind::Audio, || fixtures::MP3.to_vec()),
    Subject::new("Ogg Vorbis", &MediaKind::Audio, || fixtures::OGG.to_vec())
        .repaired(fixtures::repair_ogg),
    Subject::new("FLAC", &MediaKind::Audio, || fixtures::FLAC.to_vec()),
    Subject::new("M4A", &MediaKind::Audio, || fixtures::M4A.to_vec()),
    Subject::new("AAC", &MediaKind::Audio, || fixtures::AAC.to_vec()),
];

const PAPERS: [Subject; 3] = [
    Subject::new("PDF", &MediaKind::Document, || fixtures::pdf(3)),
    Subject::new("text", &MediaKind::Text, || text().into_bytes()),
    Subject::new("text in UTF-16", &MediaKind::Text, || {
        text().encode_utf16().flat_map(u16::to_le_bytes).collect()
    }),
];

const SUBJECTS: usize =
    PICTURES.len() + REDUCED_JPEGS.len() + FILMS.len() + SOUNDS.len() + PAPERS.len();

const _: () = assert!(
    CASES * SUBJECTS as u64 >= 20_000,
    "the ordinary run tries at least twenty thousand damaged files"
);

fn turned_jpeg(progressive: bool, restart: u16) -> Vec<u8> {
    let kind = JpegKind {
        sampling: SamplingFactor::F_2_2,
        progressive,
        restart,
    };
    fixtures::with_orientation(&fixtures::jpeg_of(&fixtures::photo(48, 32), kind), 6)
}

fn text() -> String {
    "\u{feff}Words — and \u{1b}[31mcolour\u{1b}[0m, \u{202e}sdrow 花\r\n".repeat(9)
}

/// Runs everything there is on mutations of one kind of file.
fn survive(subject: &Subject) {
    let Subject { name, kind, .. } = subject;
    let original = (subject.original)();
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("file");
    let (cases, seed) = (
        setting("FLORIST_HOSTILE_CASES", CASES),
        setting("FLORIST_HOSTILE_SEED", 0),
    );
    let begun = Instant::now();
    let mut outcomes = [0_u64; 3];
    for case in seed..seed + cases {
        let mut random = Random(case);
        let mut bytes = mutated(&original, &mut random);
        if case % 2 == 0 {
            (subject.repair)(&mut bytes);
        }
        sniff(&bytes);
        std::fs::write(&path, bytes).unwrap();
        let start = Instant::now();
        let results = [
            facts(&path, &limits()).map(drop),
            thumbnail(&path, kind, 8, &limits()).map(drop),
            full(&path, kind, 2048, &limits()).map(drop),
            super::text(&path, &limits()).map(drop),
        ];
        let took = start.elapsed();
        assert!(
            took < Duration::from_secs(10),
            "{name}, case {case} took {took:?}"
        );
        for result in results {
            outcomes[match result {
                Ok(()) => 0,
                Err(MediaError::Panicked { .. }) => 1,
                Err(_) => 2,
            }] += 1;
        }
    }
    println!(
        "{name}: {cases} damaged files in {:.1} s: {} answers, {} errors, {} caught panics",
        begun.elapsed().as_secs_f32(),
        outcomes[0],
        outcomes[2],
        outcomes[1],
    );
    assert!(
        outcomes[0] > 0 && outcomes[2] > 0,
        "{name}: the mutations do not bite"
    );
}

#[test]
fn damaged_pictures() {
    PICTURES.iter().for_each(survive);
}

#[test]
fn damaged_jpegs_of_all_kinds() {
    REDUCED_JPEGS.iter().for_each(survive);
}

#[test]
fn damaged_films() {
    FILMS.iter().for_each(survive);
}

#[test]
fn damaged_sounds() {
    SOUNDS.iter().for_each(survive);
}

#[test]
fn damaged_documents_and_texts() {
    PAPERS.iter().for_each(survive);
}

#[test]
fn damaged_thumbnail_files() {
    let path = fixtures::file(&fixtures::encoded(
        fixtures::cut_out(90, 60),
        ImageFormat::Png,
    ));
    let pixels = thumbnail(path.path(), &MediaKind::Image, 64, &limits())
        .unwrap()
        .unwrap();
    let original = encode_thumbnail(&pixels).unwrap();
    for case in 0..setting("FLORIST_HOSTILE_CASES", CASES) {
        let mut random = Random(case);
        if let Ok(pixels) = decode_thumbnail(&mutated(&original, &mut random)) {
            let expected = u64::from(pixels.width) * u64::from(pixels.height) * 4;
            assert_eq!(pixels.rgba.len() as u64, expected, "case {case}");
        }
    }
}

#[test]
fn noise_is_recognised_as_something_or_nothing() {
    for case in 0..2_000 {
        let mut random = Random(case);
        let length = random.below(300);
        let noise: Vec<u8> = (0..length).map(|_| random.next() as u8).collect();
        let sniffed = sniff(&noise);
        assert!(
            !sniffed.mime.is_empty() && !sniffed.name.is_empty(),
            "case {case}"
        );
    }
}
