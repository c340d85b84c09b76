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

/// Runs everything there is on mutations of a file.
fn survive(name: &str, kind: &MediaKind, original: &[u8]) {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("file");
    let (cases, seed) = (
        setting("FLORIST_HOSTILE_CASES", 200),
        setting("FLORIST_HOSTILE_SEED", 0),
    );
    let mut outcomes = [0_u64; 3];
    for case in seed..seed + cases {
        let mut random = Random(case);
        let bytes = mutated(original, &mut random);
        sniff(&bytes);
        std::fs::write(&path, bytes).unwrap();
        let start = Instant::now();
        let results = [
            facts(&path, &limits()).map(drop),
            thumbnail(&path, kind, 64, &limits()).map(drop),
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
        "{name}: {} fine, {} caught panics, {} errors",
        outcomes[0], outcomes[1], outcomes[2]
    );
    assert!(
        outcomes[0] > 0 && outcomes[2] > 0,
        "{name}: the mutations do not bite"
    );
}

#[test]
fn damaged_pictures() {
    for format in [
        ImageFormat::Png,
        ImageFormat::Jpeg,
        ImageFormat::WebP,
        ImageFormat::Gif,
        ImageFormat::Bmp,
        ImageFormat::Tiff,
    ] {
        let bytes = fixtures::encoded(fixtures::photo(80, 60), format);
        survive(&format!("{format:?}"), &MediaKind::Image, &bytes);
    }
    let transparent = fixtures::encoded(fixtures::cut_out(80, 60), ImageFormat::Png);
    survive("Png with alpha", &MediaKind::Image, &transparent);
}

#[test]
fn damaged_jpegs_of_all_kinds() {
    let sampling = SamplingFactor::F_2_2;
    for (name, progressive, restart) in [("restarting", false, 3), ("progressive", true, 0)] {
        let kind = JpegKind {
            sampling,
            progressive,
            restart,
        };
        let bytes = fixtures::jpeg_of(&fixtures::photo(150, 100), kind);
        survive(
            name,
            &MediaKind::Image,
            &fixtures::with_orientation(&bytes, 6),
        );
    }
}

#[test]
fn damaged_films() {
    let frames = [::image::Rgb([200, 60, 20]); 6];
    survive("Mp4", &MediaKind::Video, &fixtures::mp4(96, 64, 3, &frames));
}

#[test]
fn damaged_sounds() {
    let spec = hound::WavSpec {
        channels: 2,
        sample_rate: 8_000,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    survive("Wav", &MediaKind::Audio, &fixtures::wav(1, spec));
    let mp3 = [0xff, 0xfb, 0x90, 0x00].iter().copied().chain([0; 413]);
    let mp3: Vec<u8> = mp3.collect::<Vec<u8>>().repeat(4);
    survive("Mp3", &MediaKind::Audio, &mp3);
}

#[test]
fn damaged_documents_and_texts() {
    survive("Pdf", &MediaKind::Document, &fixtures::pdf(3));
    let text = "\u{feff}Words — and \u{1b}[31mcolour\u{1b}[0m, \u{202e}sdrow 花\r\n".repeat(9);
    survive("Text", &MediaKind::Text, text.as_bytes());
    let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    survive("UTF-16", &MediaKind::Text, &utf16);
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
    for case in 0..setting("FLORIST_HOSTILE_CASES", 200) {
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
