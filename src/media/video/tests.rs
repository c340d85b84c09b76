//! Films: facts and posters.

use ::image::Rgb;

use crate::media::fixtures::{file, mp4};
use crate::media::{Limits, MediaError, facts, full, thumbnail};
use crate::model::{MediaFacts, MediaKind, Pixels};

const BLACK: Rgb<u8> = Rgb([0, 0, 0]);
const RED: Rgb<u8> = Rgb([210, 30, 30]);
const GREEN: Rgb<u8> = Rgb([30, 190, 40]);

fn measured(bytes: &[u8]) -> MediaFacts {
    facts(file(bytes).path(), &Limits::default()).unwrap()
}

fn poster(bytes: &[u8]) -> Result<Pixels, MediaError> {
    let file = file(bytes);
    let made = thumbnail(file.path(), &MediaKind::Video, 160, &Limits::default());
    made.map(|pixels| pixels.expect("a film has a poster"))
}

/// The colour in the middle.
fn middle(pixels: &Pixels) -> [u8; 3] {
    let at = (pixels.height / 2 * pixels.width + pixels.width / 2) as usize * 4;
    pixels.rgba[at..at + 3].try_into().unwrap()
}

fn is_near(found: [u8; 3], colour: Rgb<u8>) -> bool {
    found.iter().zip(colour.0).all(|(a, b)| a.abs_diff(b) < 20)
}

#[test]
fn a_film_has_size_duration_rate_and_codec() {
    let facts = measured(&mp4(320, 180, 10, &[RED; 20]));
    assert_eq!((facts.width, facts.height), (Some(320), Some(180)));
    assert_eq!(facts.format.as_deref(), Some("MP4 · H.264"));
    assert_eq!(facts.mime.as_deref(), Some("video/mp4"));
    let duration = facts.duration_ms.unwrap();
    assert!((1_900..=2_100).contains(&duration), "{duration}");
    let rate = facts.frame_rate.unwrap();
    assert!((9.5..10.6).contains(&rate), "{rate}");
}

#[test]
fn the_poster_is_a_frame_of_the_film_fitted_to_the_side() {
    let bytes = mp4(320, 180, 10, &[RED; 5]);
    let pixels = poster(&bytes).unwrap();
    assert_eq!((pixels.width, pixels.height), (160, 90));
    assert_eq!(pixels.original, (320, 180));
    assert!(is_near(middle(&pixels), RED), "{:?}", middle(&pixels));
    let file = file(&bytes);
    let whole = full(file.path(), &MediaKind::Video, 8192, &Limits::default());
    assert_eq!(whole.unwrap().unwrap().width, 320);
}

#[test]
fn black_frames_at_the_start_are_passed_over() {
    let frames = [[BLACK; 8].as_slice(), &[GREEN; 4]].concat();
    let pixels = poster(&mp4(160, 96, 100, &frames)).unwrap();
    assert!(is_near(middle(&pixels), GREEN), "{:?}", middle(&pixels));
}

#[test]
fn a_long_black_start_leads_to_a_key_frame_further_on() {
    let frames = [[BLACK; 80].as_slice(), &[GREEN; 120]].concat();
    let pixels = poster(&mp4(96, 64, 10, &frames)).unwrap();
    assert!(is_near(middle(&pixels), GREEN), "{:?}", middle(&pixels));
}

#[test]
fn a_film_that_is_black_throughout_has_a_black_poster() {
    let pixels = poster(&mp4(96, 64, 10, &[BLACK; 30])).unwrap();
    assert!(middle(&pixels).iter().all(|channel| *channel < 20));
}

#[test]
fn a_film_cut_off_shows_what_is_there() {
    let frames = [[RED; 10].as_slice(), &[GREEN; 10]].concat();
    let bytes = mp4(320, 180, 5, &frames);
    let cut = &bytes[..bytes.len() * 2 / 3];
    assert_eq!(measured(cut).width, Some(320));
    assert!(is_near(middle(&poster(cut).unwrap()), RED));
}

#[test]
fn a_film_without_an_index_is_damaged() {
    let bytes = mp4(96, 64, 10, &[RED; 3]);
    let file = file(&bytes[..60]);
    let error = facts(file.path(), &Limits::default()).unwrap_err();
    assert!(matches!(error, MediaError::Broken { .. }), "{error:?}");
}

/// Replaces bytes that occur once.
fn replaced(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let at = bytes.windows(from.len()).position(|it| it == from);
    let at = at.expect("the bytes are there");
    [&bytes[..at], to, &bytes[at + to.len()..]].concat()
}

#[test]
fn a_film_taken_sideways_is_turned() {
    let bytes = mp4(320, 180, 10, &[RED; 3]);
    let track = bytes.windows(4).position(|it| it == b"tkhd").unwrap();
    let mut turned = bytes.clone();
    let matrix = [0_i32, 0x1_0000, 0, -0x1_0000, 0, 0, 0, 0, 0x4000_0000];
    let version_0 = track + 4 + 40;
    for (place, value) in (version_0..).step_by(4).zip(matrix) {
        turned[place..place + 4].copy_from_slice(&value.to_be_bytes());
    }
    let facts = measured(&turned);
    assert_eq!((facts.width, facts.height), (Some(180), Some(320)));
    let pixels = poster(&turned).unwrap();
    assert_eq!((pixels.width, pixels.height), (90, 160));
    assert_eq!(pixels.original, (180, 320));
}

#[test]
fn another_codec_is_measured_and_named() {
    let bytes = replaced(
        &mp4(320, 180, 10, &[RED; 10]),
        b"avc1\0\0\0\0",
        b"xvid\0\0\0\0",
    );
    let facts = measured(&bytes);
    assert_eq!((facts.width, facts.height), (Some(320), Some(180)));
    let error = poster(&bytes).unwrap_err();
    assert!(matches!(error, MediaError::Unsupported { .. }), "{error:?}");
}

#[test]
fn no_time_left_is_said_so() {
    let limits = Limits {
        time: std::time::Duration::ZERO,
        ..Limits::default()
    };
    let file = file(&mp4(96, 64, 10, &[RED; 3]));
    let error = thumbnail(file.path(), &MediaKind::Video, 64, &limits).unwrap_err();
    assert!(matches!(error, MediaError::TooSlow { .. }), "{error:?}");
}
