//! Kaleidoscope Loop: words become a film without beginning or end.

use image::RgbImage;

use crate::studio::job::{Failure, Job, Made, Technique};
use crate::studio::kit::answers;
use crate::studio::kit::canvas::Canvas;
use crate::studio::kit::film::{Film, Planes};
use crate::studio::kit::motifs::{Motif, Scale, bloom, dots, geometry, lines};
use crate::studio::kit::palette::{Ground, Harmony};
use crate::studio::kit::schema::{Build, input, output, technique};
use crate::studio::kit::seed::Rng;
use crate::wire::{self, IoType, OutputSpec};

/// Side of the film in pixels; a multiple of four, so that a quarter splits evenly.
const SIDE: usize = 720;
const HALF: usize = SIDE / 2;
const FPS: u32 = 24;
const SECONDS: u32 = 6;

/// The pattern has 2 to the power of this many pixels a side.
const BITS: u32 = 10;

const MOTIFS: [Motif; 7] = [
    lines::currents,
    bloom::mandala,
    geometry::quarters,
    bloom::scales,
    geometry::leaves,
    dots::field,
    geometry::collage,
];

/// See the module.
pub struct KaleidoscopeLoop;

impl Technique for KaleidoscopeLoop {
    fn spec(&self) -> wire::Technique {
        technique(
            "Kaleidoscope Loop",
            0.06,
            "Words → a loop. A pattern made from the words turns between mirrors and ends where it began.",
        )
        .takes(input("words", "Words", IoType::Text, "Amber, moss, slow"))
        .gives(OutputSpec { specified_duration: Some(f64::from(SECONDS)), specified_aspect_ratio: Some("1:1".into()), ..output("loop", "Loop", IoType::VideoUrl) })
    }

    fn run(&self, job: &Job<'_>) -> Result<Vec<Made>, Failure> {
        let words = answers::words(job, "words", "Words")?;
        let mut rng = Rng::from_words(words, "kaleidoscope");
        let pattern = Pattern::new(&draw_pattern(words, &mut rng));
        job.step(0.08)?;
        let mirrors = Mirrors::new(&mut rng);
        job.step(0.12)?;
        let mut film = Film::new(SIDE as u32, SIDE as u32, FPS, 9_000_000)?;
        let mut frame = Planes::new(SIDE, SIDE);
        let count = FPS * SECONDS;
        for index in 0..count {
            mirrors.show(&pattern, index as f32 / count as f32, &mut frame);
            film.push(&frame)?;
            job.step(0.12 + 0.86 * (index + 1) as f32 / count as f32)?;
        }
        Ok(vec![film.finish()?])
    }
}

fn draw_pattern(words: &str, rng: &mut Rng) -> RgbImage {
    let harmony = Harmony::from_words(words, rng);
    let motif = *rng.pick(&MOTIFS);
    let palette = harmony.on(*rng.pick(&[Ground::Deep, Ground::Main, Ground::Deep]));
    let mut canvas = Canvas::tile(1 << BITS, palette.ground);
    motif(
        &mut canvas,
        &palette,
        Scale {
            size: 0.7,
            room: 0.85,
        },
        rng,
    );
    canvas.into_picture()
}

/// A seamless pattern in several sizes, so that it can be seen from near and far without flicker.
struct Pattern {
    luma: Vec<Vec<u8>>,
    chroma: [Vec<Vec<u8>>; 2],
}

impl Pattern {
    fn new(tile: &RgbImage) -> Self {
        let planes = Planes::from_picture(tile);
        Self {
            luma: smaller_and_smaller(planes.y, BITS),
            chroma: [
                smaller_and_smaller(planes.u, BITS - 1),
                smaller_and_smaller(planes.v, BITS - 1),
            ],
        }
    }
}

fn smaller_and_smaller(first: Vec<u8>, bits: u32) -> Vec<Vec<u8>> {
    let mut levels = vec![first];
    for level in 0..bits - 3 {
        let before = &levels[level as usize];
        let side = 1usize << (bits - level);
        let mut half = Vec::with_capacity(side * side / 4);
        for row in before.chunks_exact(side * 2) {
            let (upper, lower) = row.split_at(side);
            for (a, b) in upper.chunks_exact(2).zip(lower.chunks_exact(2)) {
                let sum = u32::from(a[0]) + u32::from(a[1]) + u32::from(b[0]) + u32::from(b[1]);
                half.push(((sum + 2) / 4) as u8);
            }
        }
        levels.push(half);
    }
    levels
}

/// A place in the pattern: a whole tile is the full range, so that going past its edge wraps by itself.
#[derive(Clone, Copy)]
struct Look {
    u: u32,
    v: u32,
    level: u8,
    /// Brightness, 0 to 255: the mirrors darken towards the rim.
    shade: u8,
}

/// Where each pixel of an eighth of the film looks; the other seven are its mirror images.
struct Mirrors {
    luma: Vec<Look>,
    chroma: Vec<Look>,
    /// Whole tiles travelled during the film, inwards and sideways.
    travel: (i32, i32),
    sway: f32,
}

impl Mirrors {
    fn new(rng: &mut Rng) -> Self {
        let folds = *rng.pick(&[1.0, 2.0, 2.0, 3.0]);
        let scale = rng.between(0.42, 0.6);
        let start = (rng.bits() as u32, rng.bits() as u32);
        let inwards = if rng.chance(0.7) { 1 } else { -1 };
        Self {
            luma: looks(HALF, folds, scale, start),
            chroma: looks(HALF / 2, folds, scale, start),
            travel: (inwards, *rng.pick(&[0, 0, 1, -1])),
            sway: rng.between(0.02, 0.06),
        }
    }

    fn show(&self, pattern: &Pattern, t: f32, frame: &mut Planes) {
        let circle = t * std::f32::consts::TAU;
        let tiles = |count: f32| (f64::from(count) * 4_294_967_296.0) as i64 as u32;
        let dv = tiles(t * self.travel.0 as f32 + self.sway * circle.sin());
        let du = tiles(t * self.travel.1 as f32 + self.sway * (circle * 2.0).sin());
        let luma: Vec<u8> = self
            .luma
            .iter()
            .map(|look| shaded(sample(&pattern.luma, BITS, *look, du, dv), look.shade))
            .collect();
        unfold(&luma, HALF, &mut frame.y);
        for (plane, levels) in [&mut frame.u, &mut frame.v]
            .into_iter()
            .zip(&pattern.chroma)
        {
            let eighth: Vec<u8> = self
                .chroma
                .iter()
                .map(|look| sample(levels, BITS - 1, *look, du, dv))
                .collect();
            unfold(&eighth, HALF / 2, plane);
        }
    }
}

/// The looks of the pixels below the diagonal of a quarter, row by row.
///
/// The pattern is wrapped around the centre by the complex logarithm: turning is a step sideways in it, and
/// coming closer a step along. So travelling a whole tile is an endless zoom that closes on itself.
fn looks(half: usize, folds: f32, scale: f32, start: (u32, u32)) -> Vec<Look> {
    let wedge = std::f32::consts::FRAC_PI_4 / folds;
    let pixels = HALF as f32 / half as f32;
    let mut looks = Vec::with_capacity(half * (half + 1) / 2);
    for y in 0..half {
        for x in y..half {
            let (px, py) = ((x as f32 + 0.5) * pixels, (y as f32 + 0.5) * pixels);
            let radius = px.hypot(py);
            let mut angle = py.atan2(px) % (wedge * 2.0);
            if angle > wedge {
                angle = wedge * 2.0 - angle;
            }
            let tile = |place: f32| (f64::from(place.rem_euclid(1.0)) * 4_294_967_296.0) as u32;
            let texels = scale * (1 << BITS) as f32 / radius;
            let rim = (radius / (HALF as f32 * 1.42)).powi(2);
            looks.push(Look {
                u: tile(angle * scale).wrapping_add(start.0),
                v: tile(radius.ln() * scale).wrapping_add(start.1),
                level: texels.log2().round().clamp(0.0, 5.0) as u8,
                shade: (255.0 * (1.0 - 0.42 * rim)) as u8,
            });
        }
    }
    looks
}

fn shaded(luma: u8, shade: u8) -> u8 {
    (16 + (u32::from(luma.max(16)) - 16) * u32::from(shade) / 255) as u8
}

/// Reads the pattern between its pixels.
fn sample(levels: &[Vec<u8>], bits: u32, look: Look, du: u32, dv: u32) -> u8 {
    let level = usize::from(look.level).min(levels.len() - 1);
    let bits = bits - level as u32;
    let plane = &levels[level];
    let (u, v) = (look.u.wrapping_sub(du), look.v.wrapping_sub(dv));
    let (x, y) = ((u >> (32 - bits)) as usize, (v >> (32 - bits)) as usize);
    let (fx, fy) = (u >> (24 - bits) & 255, v >> (24 - bits) & 255);
    let mask = (1usize << bits) - 1;
    let (x1, y1) = ((x + 1) & mask, ((y + 1) & mask) << bits);
    let y = y << bits;
    let top = u32::from(plane[y + x]) * (256 - fx) + u32::from(plane[y + x1]) * fx;
    let bottom = u32::from(plane[y1 + x]) * (256 - fx) + u32::from(plane[y1 + x1]) * fx;
    ((top * (256 - fy) + bottom * fy) >> 16) as u8
}

/// Mirrors an eighth over the diagonal, then over both axes.
fn unfold(eighth: &[u8], half: usize, plane: &mut [u8]) {
    let mut quarter = vec![0u8; half * half];
    let mut at = 0;
    for y in 0..half {
        let count = half - y;
        quarter[y * half + y..(y + 1) * half].copy_from_slice(&eighth[at..at + count]);
        at += count;
    }
    for y in 1..half {
        for x in 0..y {
            quarter[y * half + x] = quarter[x * half + y];
        }
    }
    let side = half * 2;
    for (y, row) in quarter.chunks_exact(half).enumerate() {
        let below = (half + y) * side;
        plane[below + half..below + side].copy_from_slice(row);
        for (x, value) in row.iter().enumerate() {
            plane[below + half - 1 - x] = *value;
        }
        let line = below..below + side;
        plane.copy_within(line, (half - 1 - y) * side);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::studio::job::Media;
    use crate::studio::kit::answers::tests::{file, run};
    use crate::studio::kit::film::Reel;

    fn frame_at(words: &str, t: f32) -> Planes {
        let mut rng = Rng::from_words(words, "kaleidoscope");
        let pattern = Pattern::new(&draw_pattern(words, &mut rng));
        let mirrors = Mirrors::new(&mut rng);
        let mut frame = Planes::new(SIDE, SIDE);
        mirrors.show(&pattern, t, &mut frame);
        frame
    }

    #[test]
    fn the_end_meets_the_beginning() {
        let (first, last, middle) = (
            frame_at("amber, moss", 0.0),
            frame_at("amber, moss", 1.0),
            frame_at("amber, moss", 0.4),
        );
        assert!(first.y == last.y, "brightness jumps");
        assert!(first.u == last.u && first.v == last.v, "colour jumps");
        assert!(first.y != middle.y, "nothing moves");
    }

    #[test]
    fn every_frame_is_its_own_mirror_image() {
        let frame = frame_at("quiet", 0.3);
        for y in 0..SIDE {
            for x in (0..SIDE).step_by(7) {
                let here = frame.y[y * SIDE + x];
                assert_eq!(here, frame.y[y * SIDE + SIDE - 1 - x]);
                assert_eq!(here, frame.y[(SIDE - 1 - y) * SIDE + x]);
                assert_eq!(here, frame.y[x * SIDE + y]);
            }
        }
    }

    #[test]
    fn the_film_has_its_length_and_can_be_read() {
        let made = run(&KaleidoscopeLoop, &[("words", "amber, moss, slow")], &[]).expect("a film");
        let media = Media {
            name: "loop.mp4".into(),
            content_type: "video/mp4".into(),
            bytes: file(&made[0]).to_vec().into(),
        };
        let reel = Reel::open(&media, "Film").expect("H.264 in MP4");
        assert_eq!(reel.size(), (SIDE as u32, SIDE as u32));
        assert!(
            (reel.seconds() - f64::from(SECONDS)).abs() < 0.05,
            "{} s",
            reel.seconds()
        );
    }
}
