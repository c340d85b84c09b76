//! Slow Zoom: a picture becomes a film that moves slowly into it.

use image::RgbImage;

use crate::studio::job::{Failure, Job, Made, Technique};
use crate::studio::kit::answers::{self, invalid};
use crate::studio::kit::film::{Film, Planes};
use crate::studio::kit::measure::facts;
use crate::studio::kit::noise::mix;
use crate::studio::kit::picture;
use crate::studio::kit::schema::{Build, input, optional, output, technique};
use crate::wire::{self, IoType};

const FPS: u32 = 24;

/// Shortest, longest and usual length in seconds.
const SECONDS: (f32, f32, f32) = (2.0, 20.0, 8.0);

/// How much closer the end is than the beginning.
const ZOOM: f32 = 1.28;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Move {
    In,
    Out,
    Left,
    Right,
}

/// See the module.
pub struct SlowZoom;

impl Technique for SlowZoom {
    fn spec(&self) -> wire::Technique {
        technique(
            "Slow Zoom",
            0.08,
            "A picture → a film of any length. The camera moves slowly towards what there is to see.",
        )
        .takes(input("picture", "Picture", IoType::ImageUrl, "The picture to move into"))
        .takes(optional("seconds", "Seconds", IoType::Text, "2 to 20, usually 8"))
        .takes(optional("movement", "Movement", IoType::Text, "In, out, left or right"))
        .gives(output("film", "Film", IoType::VideoUrl))
    }

    fn run(&self, job: &Job<'_>) -> Result<Vec<Made>, Failure> {
        let seconds = answers::number(job, "seconds", "Seconds", SECONDS)?;
        let movement = answers::optional_words(job, "movement").map_or(Ok(Move::In), read_move)?;
        let source = answers::picture(job, "picture", "Picture", 2400)?;
        job.step(0.05)?;
        let (width, height) = format(&source);
        let focus = facts(&source).focus;
        // A little more than the film shows, so that the closest frame is still sharp.
        let stage = picture::cover(
            &source,
            even(width as f32 * ZOOM),
            even(height as f32 * ZOOM),
        );
        let stage = Planes::from_picture(&stage);
        job.step(0.1)?;
        let count = (seconds * FPS as f32).round() as u32;
        let mut film = Film::new(width, height, FPS, 9_000_000)?;
        let mut camera = Camera::new(&stage, width as usize, height as usize);
        for index in 0..count {
            let t = index as f32 / (count - 1).max(1) as f32;
            film.push(camera.frame(view(movement, focus, t)))?;
            job.step(0.1 + 0.88 * (index + 1) as f32 / count as f32)?;
        }
        Ok(vec![film.finish()?])
    }
}

fn read_move(text: &str) -> Result<Move, Failure> {
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower
        .split(|letter: char| !letter.is_alphabetic())
        .collect();
    [
        ("out", Move::Out),
        ("left", Move::Left),
        ("right", Move::Right),
        ("in", Move::In),
    ]
    .into_iter()
    .find(|(word, _)| words.contains(word))
    .map(|(_, movement)| movement)
    .ok_or_else(|| invalid("Movement: say in, out, left or right"))
}

/// Lying, standing or square, as the picture is.
fn format(source: &RgbImage) -> (u32, u32) {
    match source.width() as f32 / source.height() as f32 {
        ratio if ratio > 1.2 => (1280, 720),
        ratio if ratio < 0.84 => (720, 1280),
        _ => (960, 960),
    }
}

fn even(length: f32) -> u32 {
    (length / 2.0).round() as u32 * 2
}

/// What part of the stage is seen at `t`: left, top and size, each 0.0 to 1.0.
fn view(movement: Move, focus: (f32, f32), t: f32) -> (f32, f32, f32) {
    // Slow at both ends, even between.
    let eased = mix(t, t * t * (3.0 - 2.0 * t), 0.75);
    let close = 1.0 / ZOOM;
    let toward = |place: f32| (place * 0.7 + 0.15).clamp(0.0, 1.0);
    let (fx, fy) = (toward(focus.0), toward(focus.1));
    match movement {
        Move::In | Move::Out => {
            let near = if movement == Move::In {
                eased
            } else {
                1.0 - eased
            };
            // Even steps in the logarithm of size look like even speed.
            let size = close.powf(near);
            ((1.0 - size) * fx, (1.0 - size) * fy, size)
        }
        Move::Left => ((1.0 - close) * (1.0 - eased), (1.0 - close) * fy, close),
        Move::Right => ((1.0 - close) * eased, (1.0 - close) * fy, close),
    }
}

/// Cuts frames out of the stage, plane by plane, at fractions of pixels.
struct Camera<'a> {
    stage: &'a Planes,
    frame: Planes,
}

impl<'a> Camera<'a> {
    fn new(stage: &'a Planes, width: usize, height: usize) -> Self {
        Self {
            stage,
            frame: Planes::new(width, height),
        }
    }

    fn frame(&mut self, view: (f32, f32, f32)) -> &Planes {
        let (stage, frame) = (self.stage, &mut self.frame);
        let (full, size) = ((stage.width, stage.height), (frame.width, frame.height));
        let half = |(width, height): Size| (width / 2, height / 2);
        shoot((&stage.y, full), (&mut frame.y, size), view);
        shoot((&stage.u, half(full)), (&mut frame.u, half(size)), view);
        shoot((&stage.v, half(full)), (&mut frame.v, half(size)), view);
        frame
    }
}

type Size = (usize, usize);

/// Mixes each row from the two rows it lies between, then each pixel from its two neighbours there. Plain
/// loops over slices: they must be bearable in a development build too.
fn shoot(
    (from, full): (&[u8], Size),
    (to, size): (&mut [u8], Size),
    (left, top, part): (f32, f32, f32),
) {
    let columns = steps(left, part, full.0, size.0);
    let rows = steps(top, part, full.1, size.1);
    let (first, last) = (columns[0].0, columns[size.0 - 1].0 + 2);
    let mut mixed = vec![0u32; last - first];
    for (line, (y, below)) in to.chunks_exact_mut(size.0).zip(rows) {
        let upper = &from[y * full.0 + first..y * full.0 + last];
        let lower = &from[(y + 1) * full.0 + first..(y + 1) * full.0 + last];
        for ((value, a), b) in mixed.iter_mut().zip(upper).zip(lower) {
            *value = (u32::from(*a) << 8) + u32::from(*b) * below - u32::from(*a) * below;
        }
        for (pixel, (x, right)) in line.iter_mut().zip(&columns) {
            let pair = &mixed[x - first..x - first + 2];
            *pixel = ((pair[0] * (256 - right) + pair[1] * right + 32_768) >> 16) as u8;
        }
    }
}

/// For each place along a side of the frame: the pixel of the stage before it, and how far past that it lies
/// in steps of 1/256.
fn steps(start: f32, part: f32, full: usize, size: usize) -> Vec<(usize, u32)> {
    let scale = part * full as f32 / size as f32;
    let most = full as f32 - 1.001;
    (0..size)
        .map(|at| {
            let place = ((start * full as f32) + (at as f32 + 0.5) * scale - 0.5).clamp(0.0, most);
            (place as usize, (place.fract() * 256.0) as u32)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::studio::job::Media;
    use crate::studio::kit::answers::tests::{file, run, test_picture};
    use crate::studio::kit::film::Reel;

    #[test]
    fn the_film_is_as_long_as_asked_and_moves() {
        let made = run(
            &SlowZoom,
            &[("seconds", "2"), ("movement", "In, please")],
            &[("picture", test_picture(300, 200))],
        )
        .expect("a film");
        let media = Media {
            name: "film.mp4".into(),
            content_type: "video/mp4".into(),
            bytes: file(&made[0]).to_vec().into(),
        };
        let reel = Reel::open(&media, "Film").expect("H.264 in MP4");
        assert_eq!(reel.size(), (1280, 720));
        assert!((reel.seconds() - 2.0).abs() < 0.05, "{} s", reel.seconds());
        let frames = reel.frames(2, |_| Ok(())).expect("frames");
        assert_eq!(frames.len(), 2);
        let gap: u64 = frames[0]
            .1
            .as_raw()
            .iter()
            .zip(frames[1].1.as_raw())
            .map(|(a, b)| u64::from(a.abs_diff(*b)))
            .sum();
        assert!(gap > 1_000_000, "the film stands still");
    }

    #[test]
    fn lengths_and_moves_that_make_no_sense_are_refused() {
        for texts in [
            [("seconds", "an hour")],
            [("seconds", "90")],
            [("movement", "sideways")],
        ] {
            let failure =
                run(&SlowZoom, &texts, &[("picture", test_picture(60, 40))]).expect_err("refused");
            assert_eq!(failure.code, "GENERATION_INPUT_VALIDATION", "{texts:?}");
        }
    }

    #[test]
    fn the_view_never_leaves_the_stage() {
        for movement in [Move::In, Move::Out, Move::Left, Move::Right] {
            for step in 0..=20 {
                let (left, top, size) = view(movement, (0.98, 0.02), step as f32 / 20.0);
                assert!(left >= 0.0 && top >= 0.0 && left + size <= 1.0001 && top + size <= 1.0001);
            }
        }
    }
}
