//! Sound Portrait: a recording drawn as a ring, from its first second to its last.

use std::f32::consts::{FRAC_PI_2, TAU};

use image::RgbImage;

use super::stem;
use crate::studio::job::{Failure, Job, Made, Technique};
use crate::studio::kit::answers::invalid;
use crate::studio::kit::canvas::{Canvas, Spot, polyline, smooth_loop};
use crate::studio::kit::lettering::{Face, Style, settable};
use crate::studio::kit::noise::smoothstep;
use crate::studio::kit::palette::{Ground, Harmony, Palette};
use crate::studio::kit::picture;
use crate::studio::kit::schema::{Build, input, output, technique};
use crate::studio::kit::seed::{Rng, hash_bytes};
use crate::studio::kit::sound::{self, Sound};
use crate::studio::kit::spectrum::strengths;
use crate::wire::{self, IoType, OutputSpec};

const SIDE: u32 = 1600;
const SPOKES: usize = 300;
const WINDOW: usize = 1024;

/// See the module.
pub struct SoundPortrait;

impl Technique for SoundPortrait {
    fn spec(&self) -> wire::Technique {
        technique(
            "Sound Portrait",
            0.01,
            "A recording drawn as a ring. Loudness is length, pitch is colour, time runs clockwise.",
        )
        .takes(input("sound", "Sound", IoType::AudioUrl, "A WAV file of up to ten minutes"))
        .gives(OutputSpec { specified_aspect_ratio: Some("1:1".into()), ..output("portrait", "Portrait", IoType::ImageUrl) })
    }

    fn run(&self, job: &Job<'_>) -> Result<Vec<Made>, Failure> {
        let media = job
            .media("sound")
            .ok_or_else(|| invalid("Sound needs a recording"))?;
        let sound = sound::decode(media, "Sound")?;
        job.step(0.2)?;
        let spokes = spokes(&sound, job)?;
        let mut rng = Rng::new(hash_bytes(&media.bytes));
        let palette = Harmony::from_words("night", &mut rng).on(Ground::Deep);
        let mut portrait = draw(&spokes, &palette);
        label(&mut portrait, &palette, &stem(&media.name), sound.seconds());
        job.step(0.9)?;
        let mut picture: RgbImage = portrait.into_picture();
        picture::grain(&mut picture, 2.0);
        Ok(vec![picture::made_png(&picture)])
    }
}

/// A moment of the sound.
struct Spoke {
    /// 0.0 to 1.0, relative to the loudest.
    loud: f32,
    /// 0.0 for the lowest to 1.0 for the brightest.
    bright: f32,
    /// Strength in eight bands, low to high, each relative to its own loudest.
    bands: [f32; 8],
}

fn spokes(sound: &Sound, job: &Job<'_>) -> Result<Vec<Spoke>, Failure> {
    let mono = sound.mono();
    let mut spokes = Vec::with_capacity(SPOKES);
    for index in 0..SPOKES {
        let (start, end) = (
            mono.len() * index / SPOKES,
            (mono.len() * (index + 1) / SPOKES).max(mono.len() * index / SPOKES + 1),
        );
        spokes.push(spoke(&mono, start, end.min(mono.len()), sound.rate));
        if index % 30 == 0 {
            job.step(0.2 + 0.4 * index as f32 / SPOKES as f32)?;
        }
    }
    let loudest = spokes.iter().map(|spoke| spoke.loud).fold(1e-6, f32::max);
    let mut tops = [1e-6f32; 8];
    for spoke in &spokes {
        for (top, band) in tops.iter_mut().zip(spoke.bands) {
            *top = top.max(band);
        }
    }
    for spoke in &mut spokes {
        spoke.loud = (spoke.loud / loudest).sqrt();
        for (band, top) in spoke.bands.iter_mut().zip(tops) {
            *band = (*band / top).sqrt();
        }
    }
    Ok(spokes)
}

fn spoke(mono: &[f32], start: usize, end: usize, rate: u32) -> Spoke {
    let part = &mono[start..end];
    let loud =
        (part.iter().map(|sample| sample * sample).sum::<f32>() / part.len().max(1) as f32).sqrt();
    let middle = (start + end) / 2;
    let from = middle
        .saturating_sub(WINDOW / 2)
        .min(mono.len().saturating_sub(WINDOW));
    let mut window = mono[from..(from + WINDOW).min(mono.len())].to_vec();
    window.resize(WINDOW, 0.0);
    let found = strengths(&window);
    let hertz = rate as f32 / WINDOW as f32;
    let (mut sum, mut total) = (0.0, 1e-9);
    let mut bands = [0.0; 8];
    for (index, strength) in found.iter().enumerate().skip(1) {
        let octave = (index as f32 * hertz / 60.0).log2().clamp(0.0, 7.99);
        bands[octave as usize] += strength * strength;
        sum += octave * strength;
        total += strength;
    }
    Spoke {
        loud,
        bright: smoothstep(0.8, 6.2, sum / total),
        bands: bands.map(f32::sqrt),
    }
}

fn draw(spokes: &[Spoke], palette: &Palette) -> Canvas {
    let mut canvas = Canvas::new(SIDE, SIDE, palette.ground);
    let centre = (SIDE as f32 / 2.0, SIDE as f32 / 2.0);
    canvas.glow(
        palette.ground_far,
        &[0.9, 0.35, 0.0],
        centre,
        SIDE as f32 * 0.62,
    );
    for band in (0..8).rev() {
        ripple(&mut canvas, spokes, band, centre, palette);
    }
    for (index, spoke) in spokes.iter().enumerate() {
        let angle = index as f32 / SPOKES as f32 * TAU - FRAC_PI_2;
        let inner = SIDE as f32 * 0.27;
        let reach = SIDE as f32 * (0.006 + 0.155 * spoke.loud);
        let line = [
            point(centre, angle, inner - reach * 0.34),
            point(centre, angle, inner + reach),
        ];
        if let Some(path) = polyline(&line) {
            canvas.stroke(&path, 7.0, palette.ink(0.3 + 0.7 * spoke.bright), 1.0);
        }
    }
    let beginning = point(centre, -FRAC_PI_2, SIDE as f32 * 0.462);
    canvas.circle(beginning, 9.0, palette.accent, 1.0);
    canvas
}

/// Each band of pitch is a soft ring inside the spokes that swells where the band is strong.
fn ripple(canvas: &mut Canvas, spokes: &[Spoke], band: usize, centre: Spot, palette: &Palette) {
    let count = spokes.len();
    let points: Vec<Spot> = (0..count)
        .map(|index| {
            // Smoothed over neighbours; the ends are not neighbours, but a ring has to close.
            let mean = (0..9)
                .map(|step| spokes[(index + count + step - 4) % count].bands[band])
                .sum::<f32>()
                / 9.0;
            let radius = SIDE as f32 * (0.035 + 0.0225 * band as f32 + 0.036 * mean);
            point(
                centre,
                index as f32 / count as f32 * TAU - FRAC_PI_2,
                radius,
            )
        })
        .collect();
    if let Some(path) = smooth_loop(&points) {
        canvas.fill(&path, palette.ink(1.0 - band as f32 / 8.0), 0.55);
    }
}

fn point(centre: Spot, angle: f32, radius: f32) -> Spot {
    (
        centre.0 + angle.cos() * radius,
        centre.1 + angle.sin() * radius,
    )
}

fn label(canvas: &mut Canvas, palette: &Palette, name: &str, seconds: f32) {
    let style = Style::new(Face::Medium, 30.0);
    let at = SIDE as f32 - 60.0;
    let name = style.shorten(&settable(name), SIDE as f32 * 0.6);
    style.draw(canvas, &name, (60.0, at), palette.line);
    let time = format!("{}:{:02}", seconds as u32 / 60, seconds as u32 % 60);
    style.draw_right(canvas, &time, (SIDE as f32 - 60.0, at), palette.line);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::studio::job::Body;
    use crate::studio::kit::answers::tests::{decoded, run};
    use crate::studio::kit::sound::RATE;

    fn tone(hertz: f32, seconds: f32) -> Vec<u8> {
        let mut sound = Sound::silence((RATE as f32 * seconds) as usize);
        for index in 0..sound.left.len() {
            let sample = (index as f32 / RATE as f32 * hertz * TAU).sin() * 0.6;
            (sound.left[index], sound.right[index]) = (sample, sample);
        }
        let Body::File { bytes, .. } = sound.into_made().body else {
            panic!("a file")
        };
        bytes
    }

    #[test]
    fn pitch_is_told_apart() {
        let job = Job {
            inputs: std::collections::BTreeMap::new(),
            progress: &|_| true,
        };
        let bright = |hertz: f32| {
            let media = crate::studio::job::Media {
                name: "a.wav".into(),
                content_type: String::new(),
                bytes: tone(hertz, 1.0).into(),
            };
            let sound = sound::decode(&media, "Sound").expect("a WAV");
            spokes(&sound, &job).expect("spokes")[100].bright
        };
        assert!(bright(4000.0) > bright(200.0) + 0.3);
    }

    #[test]
    fn a_portrait_is_square_and_anything_but_a_wav_is_refused() {
        let made = run(&SoundPortrait, &[], &[("sound", tone(440.0, 2.0))]).expect("a portrait");
        assert_eq!(decoded(&made[0]).dimensions(), (SIDE, SIDE));
        // A recording shorter than one window is a recording too.
        run(&SoundPortrait, &[], &[("sound", tone(440.0, 0.01))]).expect("a portrait");
        let failure =
            run(&SoundPortrait, &[], &[("sound", b"ID3\x04mp3".to_vec())]).expect_err("refused");
        assert_eq!(failure.code, "GENERATION_INPUT_VALIDATION");
    }
}
