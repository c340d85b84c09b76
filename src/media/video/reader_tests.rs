//! Films read frame by frame. In [`B_FRAMES`] every frame is a little brighter than the one before it, so that its
//! grey tells which one it is.

use std::time::Duration;

use ::image::Rgb;

use super::{Landing, STORYBOARD_FRAMES, VideoFrame, VideoReader, storyboard};
use crate::media::fixtures::{B_FRAMES, file, mp4};
use crate::media::{Limits, MediaError};

const FRAMES: u64 = 30;

fn open(bytes: &[u8]) -> VideoReader {
    VideoReader::open(file(bytes).path(), &Limits::default()).unwrap()
}

fn all(reader: &mut VideoReader) -> Vec<VideoFrame> {
    std::iter::from_fn(|| reader.next_frame().unwrap()).collect()
}

/// Tenths of a second.
fn tenths(frame: &VideoFrame) -> u64 {
    u64::try_from((frame.at.as_millis() + 50) / 100).unwrap()
}

/// Which frame this is, by its grey.
fn number(frame: &VideoFrame) -> u64 {
    let pixels = &frame.pixels;
    let middle = (pixels.height / 2 * pixels.width + pixels.width / 2) as usize * 4;
    let grey = f64::from(pixels.rgba[middle]);
    // Video black is 16, white is 235; the first frame is 30, each further one 7 brighter.
    let luma = 16.0 + grey * 219.0 / 255.0;
    ((luma - 30.0) / 7.0).round() as u64
}

#[test]
fn frames_come_in_the_order_they_are_shown_in_with_their_times() {
    let mut film = open(B_FRAMES);
    assert_eq!(film.size(), (96, 64));
    assert_eq!(film.frame_rate().map(f32::round), Some(10.0));
    let frames = all(&mut film);
    let found: Vec<(u64, u64)> = frames.iter().map(|it| (tenths(it), number(it))).collect();
    let expected: Vec<(u64, u64)> = (0..FRAMES).map(|number| (number, number)).collect();
    assert_eq!(found, expected);
    assert!(
        frames
            .iter()
            .all(|it| (it.pixels.width, it.pixels.height) == (96, 64))
    );
    assert_eq!(film.next_frame().unwrap(), None, "over is over");
}

#[test]
fn seeking_lands_on_the_very_frame_or_on_the_key_frame_before_it() {
    let mut film = open(B_FRAMES);
    // Forwards, backwards, between two frames, on a key frame, at both ends.
    for (milliseconds, exact, key) in [
        (1_300, 13, 10),
        (450, 4, 0),
        (1_000, 10, 10),
        (2_999, 29, 20),
        (0, 0, 0),
        (60_000, 29, 20),
    ] {
        let to = Duration::from_millis(milliseconds);
        for (landing, expected) in [(Landing::Exact, exact), (Landing::KeyFrame, key)] {
            film.seek(to, landing).unwrap();
            let frame = film.next_frame().unwrap().unwrap();
            let found = (tenths(&frame), number(&frame));
            assert_eq!(found, (expected, expected), "{milliseconds} ms {landing:?}");
        }
    }
    film.seek(Duration::from_millis(2_500), Landing::Exact)
        .unwrap();
    let left: Vec<u64> = all(&mut film).iter().map(number).collect();
    assert_eq!(left, [25, 26, 27, 28, 29], "and goes on from there");
}

#[test]
fn no_more_than_the_decoder_holds_back_is_ahead() {
    let mut film = open(B_FRAMES);
    for shown in 1..=20 {
        film.next_frame().unwrap().unwrap();
        assert!(film.ahead() <= 4, "{} after {shown}", film.ahead());
    }
}

#[test]
fn a_storyboard_has_eleven_frames_from_all_of_the_film() {
    let whole = file(B_FRAMES);
    let board = storyboard(whole.path(), 48, &Limits::default()).unwrap();
    assert_eq!(board.len(), STORYBOARD_FRAMES as usize);
    let numbers: Vec<u64> = board.iter().map(number).collect();
    // The middles of eleven parts of thirty frames.
    assert_eq!(numbers, [1, 4, 6, 9, 12, 15, 17, 20, 23, 25, 28]);
    for frame in &board {
        assert_eq!((frame.pixels.width, frame.pixels.height), (48, 32));
        assert_eq!(frame.pixels.original, (96, 64));
    }
}

#[test]
fn a_film_of_few_frames_has_a_short_storyboard() {
    let short = file(&mp4(64, 48, 4, &[Rgb([200, 40, 40]); 4]));
    let board = storyboard(short.path(), 48, &Limits::default()).unwrap();
    assert_eq!(board.len(), 4);
}

#[test]
fn a_film_cut_off_plays_as_far_as_it_goes() {
    let cut = &B_FRAMES[..B_FRAMES.len() * 2 / 3];
    let numbers: Vec<u64> = all(&mut open(cut)).iter().map(number).collect();
    assert!((5..30).contains(&numbers.len()), "{numbers:?}");
    let (_, whole) = numbers.split_last().unwrap();
    assert_eq!(whole, (0..whole.len() as u64).collect::<Vec<_>>());
    assert!(
        numbers.is_sorted(),
        "the last one may have overtaken a B-frame"
    );
}

#[test]
fn damage_in_the_middle_leaves_out_frames_and_the_rest_plays() {
    let mut bytes = B_FRAMES.to_vec();
    let start = bytes.windows(4).position(|it| it == b"mdat").unwrap() + 4;
    let third = (bytes.len() - start) / 3;
    bytes[start + third..start + third + 200].fill(0x55);
    let frames = all(&mut open(&bytes));
    assert!((10..=30).contains(&frames.len()), "{}", frames.len());
    let last = frames.last().unwrap();
    assert_eq!(number(last), 29, "the last key frame made it whole again");
    assert!(frames.is_sorted_by_key(|frame| frame.at));
}

#[test]
fn a_film_taken_sideways_is_turned() {
    let mut bytes = mp4(320, 180, 10, &[Rgb([210, 30, 30]); 3]);
    let track = bytes.windows(4).position(|it| it == b"tkhd").unwrap();
    let matrix = [0_i32, 0x1_0000, 0, -0x1_0000, 0, 0, 0, 0, 0x4000_0000];
    for (place, value) in (track + 44..).step_by(4).zip(matrix) {
        bytes[place..place + 4].copy_from_slice(&value.to_be_bytes());
    }
    let mut film = open(&bytes);
    assert_eq!(film.size(), (180, 320));
    let frame = film.next_frame().unwrap().unwrap();
    assert_eq!((frame.pixels.width, frame.pixels.height), (180, 320));
}

#[test]
fn limits_of_pixels_and_time_hold() {
    let limits = Limits {
        pixels: 1_000,
        ..Limits::default()
    };
    let film = file(B_FRAMES);
    let error = VideoReader::open(film.path(), &limits).err().unwrap();
    assert!(matches!(error, MediaError::TooLarge { .. }), "{error:?}");
    let mut film = open(B_FRAMES);
    film.set_time(Duration::ZERO);
    let error = film.next_frame().unwrap_err();
    assert!(matches!(error, MediaError::TooSlow { .. }), "{error:?}");
}

#[test]
fn colours_are_those_that_the_stream_names() {
    /// Made from 200, 60, 30 by the matrix and the range in its name.
    macro_rules! film {
        ($name:literal) => {
            include_bytes!(concat!("../../../tests/fixtures/films/", $name, ".mp4")).as_slice()
        };
    }
    for (name, bytes) in [
        ("BT.601", film!("bt601")),
        ("BT.709", film!("bt709")),
        ("BT.709 in full range", film!("full_range")),
        ("high definition without a name", film!("untagged_hd")),
    ] {
        let frame = open(bytes).next_frame().unwrap().unwrap();
        let found = &frame.pixels.rgba[..4];
        let far = |(found, meant): (&u8, u8)| found.abs_diff(meant) > 4;
        assert!(
            !found.iter().zip([200, 60, 30, 255]).any(far),
            "{name}: {found:?}"
        );
    }
}

#[test]
fn what_is_no_film_says_so() {
    let open = |bytes: &[u8]| {
        VideoReader::open(file(bytes).path(), &Limits::default())
            .err()
            .unwrap()
    };
    assert!(matches!(open(b"not a film"), MediaError::Broken { .. }));
    let sound = open(crate::media::fixtures::M4A);
    assert!(matches!(sound, MediaError::Broken { .. }), "{sound:?}");
}

#[test]
fn a_reader_may_be_given_to_another_thread() {
    fn given<T: Send>() {}
    given::<VideoReader>();
}
