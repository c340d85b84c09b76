//! Picture to Sound: a picture played from left to right.

use std::f32::consts::{FRAC_PI_2, TAU};

use image::RgbImage;

use crate::studio::job::{Failure, Job, Made, Technique};
use crate::studio::kit::answers;
use crate::studio::kit::colour;
use crate::studio::kit::measure::facts;
use crate::studio::kit::picture;
use crate::studio::kit::schema::{Build, input, output, technique};
use crate::studio::kit::sound::{RATE, Sound};
use crate::wire::{self, IoType, OutputSpec};

/// Length in seconds; the last two are for the sound to die away.
const SECONDS: f32 = 12.0;
const TAIL: f32 = 2.0;

/// Columns the picture is read in, and rows: one partial each.
const COLUMNS: usize = 160;
const ROWS: usize = 32;

/// Lowest note, in Hz: A two octaves below the concert pitch.
const LOWEST: f32 = 110.0;

/// Scales without half tones, which sound well in any combination: bright and dark.
const BRIGHT: [f32; 5] = [0.0, 2.0, 4.0, 7.0, 9.0];
const DARK: [f32; 5] = [0.0, 3.0, 5.0, 7.0, 10.0];

/// See the module.
pub struct PictureToSound;

impl Technique for PictureToSound {
    fn spec(&self) -> wire::Technique {
        technique(
            "Picture to Sound",
            0.01,
            "Hear the horizon. The picture is read from left to right: height is pitch, light is loudness, warmth is place.",
        )
        .takes(input("picture", "Picture", IoType::ImageUrl, "A picture with clear shapes sounds best"))
        .gives(OutputSpec { specified_duration: Some(f64::from(SECONDS)), ..output("sound", "Sound", IoType::AudioUrl) })
    }

    fn run(&self, job: &Job<'_>) -> Result<Vec<Made>, Failure> {
        let source = answers::picture(job, "picture", "Picture", picture::WORKING_SIDE)?;
        job.step(0.1)?;
        let score = Score::read(&source);
        job.step(0.2)?;
        let mut sound = Sound::silence((SECONDS * RATE as f32) as usize);
        for row in 0..ROWS {
            score.play(row, &mut sound);
            job.step(0.2 + 0.6 * (row + 1) as f32 / ROWS as f32)?;
        }
        sound.reverberate(0.55);
        fade(&mut sound);
        sound.normalise(0.84);
        job.step(0.95)?;
        Ok(vec![sound.into_made()])
    }
}

/// What is played: loudness by row and column, and where each row sits between the ears.
struct Score {
    loud: Vec<[f32; COLUMNS]>,
    /// −1.0 is left, 1.0 right.
    place: Vec<f32>,
    pitch: Vec<f32>,
}

impl Score {
    fn read(source: &RgbImage) -> Self {
        let facts = facts(source);
        let small = picture::resize(source, COLUMNS as u32, ROWS as u32);
        let labs: Vec<_> = small
            .as_raw()
            .chunks_exact(3)
            .map(|p| colour::lab([p[0], p[1], p[2]]))
            .collect();
        let scale = if facts.warmth > -0.005 { BRIGHT } else { DARK };
        let mut score = Self {
            loud: vec![[0.0; COLUMNS]; ROWS],
            place: vec![0.0; ROWS],
            pitch: vec![0.0; ROWS],
        };
        for row in 0..ROWS {
            // The bottom row of the picture is the lowest note.
            let line = &labs[(ROWS - 1 - row) * COLUMNS..][..COLUMNS];
            let mean = line.iter().map(|lab| lab.l).sum::<f32>() / COLUMNS as f32;
            for (column, lab) in line.iter().enumerate() {
                let before = line[column.saturating_sub(1)];
                // What stands out is heard; what begins is heard most, so that shapes are struck like strings.
                let stands = (lab.l - mean).max(0.0) * 1.6 + lab.a.hypot(lab.b) * 0.7;
                let begins = colour::distance(*lab, before) * 3.2;
                score.loud[row][column] = (stands * 0.5 + begins).clamp(0.0, 1.0).powf(1.35);
            }
            let warm = line.iter().map(|lab| lab.a + lab.b).sum::<f32>() / COLUMNS as f32;
            let alternate = if row % 2 == 0 { 0.3 } else { -0.3 };
            score.place[row] = (warm * 4.0 + alternate).clamp(-0.85, 0.85);
            let step = scale[row % 5] + 12.0 * (row / 5) as f32;
            score.pitch[row] = LOWEST * 2f32.powf(step / 12.0);
        }
        if let Some((height, clear)) = facts.horizon {
            score.hold_horizon(height, clear);
        }
        score
    }

    /// The horizon is a note that is held.
    fn hold_horizon(&mut self, height: f32, clear: f32) {
        let row = (((1.0 - height) * ROWS as f32) as usize).min(ROWS - 1);
        for (column, loud) in self.loud[row].iter_mut().enumerate() {
            let swell = (column as f32 / COLUMNS as f32 * TAU * 2.0).sin() * 0.5 + 0.5;
            *loud = loud.max(0.16 * clear * (0.55 + 0.45 * swell));
        }
    }

    /// Adds a row to the sound: a tone with a soft octave above, louder as the picture says, struck quickly and
    /// fading slowly.
    fn play(&self, row: usize, sound: &mut Sound) {
        let reading = ((SECONDS - TAIL) * RATE as f32) as usize;
        let per_column = reading / COLUMNS;
        let angle = (self.place[row] + 1.0) * 0.5 * FRAC_PI_2;
        // High tones sound louder than low ones of the same strength.
        let weight = (LOWEST / self.pitch[row]).powf(0.42);
        let (left, right) = (angle.cos() * weight, angle.sin() * weight);
        let mut tone = Oscillator::new(self.pitch[row], row as f32 * 1.7);
        let mut octave = Oscillator::new(self.pitch[row] * 2.003, row as f32 * 0.9);
        let (mut level, mut struck) = (0.0f32, 0.0f32);
        let (rise, fall, soften) = (
            1.0 / (0.012 * RATE as f32),
            1.0 / (0.34 * RATE as f32),
            1.0 / (0.006 * RATE as f32),
        );
        for at in 0..sound.left.len() {
            let wanted = if at < reading {
                self.loud[row][(at / per_column).min(COLUMNS - 1)]
            } else {
                0.0
            };
            let speed = if wanted > level { rise } else { fall };
            struck += (wanted - struck) * speed;
            // Smoothed once more: a kink in loudness is heard as a click.
            level += (struck - level) * soften;
            if level < 1e-4 && wanted == 0.0 {
                continue;
            }
            let sample = (tone.next() + octave.next() * 0.16) * level;
            sound.left[at] += sample * left;
            sound.right[at] += sample * right;
        }
    }
}

/// A sine made by turning a pointer, which costs four multiplications a sample.
struct Oscillator {
    now: (f32, f32),
    turn: (f32, f32),
}

impl Oscillator {
    fn new(hertz: f32, phase: f32) -> Self {
        let step = TAU * hertz / RATE as f32;
        Self {
            now: phase.sin_cos(),
            turn: (step.sin(), step.cos()),
        }
    }

    fn next(&mut self) -> f32 {
        let ((sin, cos), (turn_sin, turn_cos)) = (self.now, self.turn);
        let turned = (
            sin * turn_cos + cos * turn_sin,
            cos * turn_cos - sin * turn_sin,
        );
        // Rounding would let the pointer grow over minutes; pulling it back costs little.
        let pull = 1.5 - 0.5 * (turned.0 * turned.0 + turned.1 * turned.1);
        self.now = (turned.0 * pull, turned.1 * pull);
        sin
    }
}

fn fade(sound: &mut Sound) {
    let (start, end) = ((0.03 * RATE as f32) as usize, (TAIL * RATE as f32) as usize);
    for channel in [&mut sound.left, &mut sound.right] {
        let count = channel.len();
        for (index, sample) in channel.iter_mut().take(start).enumerate() {
            *sample *= index as f32 / start as f32;
        }
        for (index, sample) in channel[count - end..].iter_mut().enumerate() {
            let left = 1.0 - index as f32 / end as f32;
            *sample *= left * left;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::studio::job::Media;
    use crate::studio::kit::answers::tests::{file, run, test_picture};
    use crate::studio::kit::sound::decode;
    use crate::studio::kit::spectrum::strengths;

    fn played(picture: Vec<u8>) -> Sound {
        let made = run(&PictureToSound, &[], &[("picture", picture)]).expect("a sound");
        let media = Media {
            name: "a.wav".into(),
            content_type: "audio/wav".into(),
            bytes: file(&made[0]).to_vec().into(),
        };
        decode(&media, "Sound").expect("a WAV")
    }

    #[test]
    fn the_sound_is_stereo_has_its_length_and_does_not_clip() {
        let sound = played(test_picture(300, 200));
        assert!((sound.seconds() - SECONDS).abs() < 0.01);
        assert!((0.7..0.9).contains(&sound.peak()), "peak {}", sound.peak());
        assert!(sound.left != sound.right, "both ears hear the same");
        let end = sound.left[sound.left.len() - 1];
        assert!(end.abs() < 0.001, "ends with a click: {end}");
    }

    #[test]
    fn a_low_shape_sounds_low_and_a_high_one_high() {
        let with_bar = |y: std::ops::Range<u32>| {
            picture::png(&RgbImage::from_fn(320, 320, |x, at| {
                image::Rgb(if y.contains(&at) && (x / 40) % 2 == 0 {
                    [250, 240, 200]
                } else {
                    [16, 18, 24]
                })
            }))
        };
        let centre = |sound: &Sound| {
            let window = &sound.left[RATE as usize..][..8192];
            let found = strengths(window);
            let total: f32 = found.iter().sum();
            found
                .iter()
                .enumerate()
                .map(|(index, strength)| index as f32 * strength)
                .sum::<f32>()
                / total
        };
        let (low, high) = (
            centre(&played(with_bar(290..310))),
            centre(&played(with_bar(10..30))),
        );
        assert!(high > low * 3.0, "low is {low}, high is {high}");
    }
}
