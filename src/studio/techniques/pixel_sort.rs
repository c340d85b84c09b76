//! Pixel Sort: runs of a picture put in order of their light, so that it melts.

use image::RgbImage;

use crate::studio::job::{Failure, Job, Made, Technique};
use crate::studio::kit::answers::{self, invalid};
use crate::studio::kit::noise::Noise;
use crate::studio::kit::picture;
use crate::studio::kit::schema::{Build, input, optional, output, technique};
use crate::studio::kit::seed::hash_bytes;
use crate::wire::{self, IoType};

/// Which way the light falls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Direction {
    Down,
    Up,
    Left,
    Right,
}

/// See the module.
pub struct PixelSort;

impl Technique for PixelSort {
    fn spec(&self) -> wire::Technique {
        technique(
            "Pixel Sort",
            0.01,
            "Light falls into order, row by row. Edges hold, everything between them melts.",
        )
        .takes(input(
            "picture",
            "Picture",
            IoType::ImageUrl,
            "A picture with soft light and a few strong edges",
        ))
        .takes(optional(
            "direction",
            "Direction",
            IoType::Text,
            "Down, up, left or right",
        ))
        .gives(output("picture", "Picture", IoType::ImageUrl))
    }

    fn run(&self, job: &Job<'_>) -> Result<Vec<Made>, Failure> {
        let direction = answers::optional_words(job, "direction")
            .map_or(Ok(Direction::Down), read_direction)?;
        let source = answers::picture(job, "picture", "Picture", picture::WORKING_SIDE)?;
        job.step(0.2)?;
        let upright = matches!(direction, Direction::Down | Direction::Up);
        let mut lines = if upright { transpose(&source) } else { source };
        job.step(0.35)?;
        let sorter = Sorter::new(&lines, matches!(direction, Direction::Up | Direction::Left));
        let (width, rows) = (lines.width() as usize * 3, lines.height() as usize);
        let raw: &mut [u8] = &mut lines;
        for (y, line) in raw.chunks_exact_mut(width).enumerate() {
            sorter.sort(line, y);
            if y % 100 == 0 {
                job.step(0.35 + 0.45 * y as f32 / rows as f32)?;
            }
        }
        let result = if upright { transpose(&lines) } else { lines };
        job.step(0.9)?;
        Ok(vec![picture::made_jpeg(&result)])
    }
}

fn read_direction(text: &str) -> Result<Direction, Failure> {
    let lower = text.to_lowercase();
    [
        ("down", Direction::Down),
        ("up", Direction::Up),
        ("left", Direction::Left),
        ("right", Direction::Right),
    ]
    .into_iter()
    .find(|(word, _)| lower.contains(word))
    .map(|(_, direction)| direction)
    .ok_or_else(|| invalid("Direction: say down, up, left or right"))
}

fn transpose(picture: &RgbImage) -> RgbImage {
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    let source = picture.as_raw();
    let mut out = vec![0; source.len()];
    for y in 0..height {
        let row = &source[y * width * 3..][..width * 3];
        for (x, pixel) in row.chunks_exact(3).enumerate() {
            out[(x * height + y) * 3..][..3].copy_from_slice(pixel);
        }
    }
    RgbImage::from_raw(picture.height(), picture.width(), out).expect("three bytes a pixel")
}

/// Decides what is sorted and sorts it.
struct Sorter {
    /// Runs hold only pixels lighter than the first and darker than the second.
    window: (u8, u8),
    /// Where a run may begin and how long it may be drift slowly over the picture.
    drift: Noise,
    per_pixel: f32,
    backwards: bool,
}

impl Sorter {
    fn new(lines: &RgbImage, backwards: bool) -> Self {
        let mut lights: Vec<u8> = lines
            .as_raw()
            .chunks_exact(3)
            .step_by(61)
            .map(light)
            .collect();
        lights.sort_unstable();
        let at = |share: f32| lights[((lights.len() - 1) as f32 * share) as usize];
        Self {
            window: (at(0.16), at(0.985)),
            drift: Noise::endless(hash_bytes(lines.as_raw())),
            per_pixel: 1.0 / lines.width().max(lines.height()) as f32,
            backwards,
        }
    }

    fn sort(&self, line: &mut [u8], y: usize) {
        let lights: Vec<u8> = line.chunks_exact(3).map(light).collect();
        // Neighbouring lines share their limits, which makes ribbons instead of noise.
        let ribbon = y as f32 * self.per_pixel * 46.0;
        let lift = self.drift.layered(ribbon * 1.7, 2.5, 3) * 40.0;
        let low = (f32::from(self.window.0) + lift).clamp(0.0, 255.0) as u8;
        let longest = ((0.08 + 0.3 * (self.drift.layered(ribbon, 9.5, 3) + 0.6).clamp(0.0, 1.2))
            / self.per_pixel) as usize;
        let mut start = 0;
        while start < lights.len() {
            let inside = |at: usize| lights[at] > low && lights[at] < self.window.1;
            if !inside(start) {
                start += 1;
                continue;
            }
            let mut end = start + 1;
            while end < lights.len()
                && inside(end)
                && end - start < longest
                && lights[end].abs_diff(lights[end - 1]) < 46
            {
                end += 1;
            }
            if end - start > 3 {
                order(
                    &mut line[start * 3..end * 3],
                    &lights[start..end],
                    self.backwards,
                );
            }
            start = end;
        }
    }
}

fn light(pixel: &[u8]) -> u8 {
    ((u32::from(pixel[0]) * 77 + u32::from(pixel[1]) * 150 + u32::from(pixel[2]) * 29) >> 8) as u8
}

/// Sorts a run by counting: lightest first, or last when backwards.
fn order(run: &mut [u8], lights: &[u8], backwards: bool) {
    let mut starts = [0usize; 257];
    let key = |light: u8| {
        if backwards {
            usize::from(light)
        } else {
            255 - usize::from(light)
        }
    };
    for light in lights {
        starts[key(*light) + 1] += 1;
    }
    for slot in 1..257 {
        starts[slot] += starts[slot - 1];
    }
    let before = run.to_vec();
    for (pixel, light) in before.chunks_exact(3).zip(lights) {
        let slot = &mut starts[key(*light)];
        run[*slot * 3..][..3].copy_from_slice(pixel);
        *slot += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::studio::kit::answers::tests::{decoded, run, test_picture};

    #[test]
    fn a_run_is_put_in_order_without_losing_a_pixel() {
        let mut line: Vec<u8> = (0..60u8)
            .flat_map(|at| [at.wrapping_mul(37) % 200, 20, 90])
            .collect();
        let mut before: Vec<[u8; 3]> = line.chunks_exact(3).map(|p| [p[0], p[1], p[2]]).collect();
        let lights: Vec<u8> = line.chunks_exact(3).map(light).collect();
        order(&mut line, &lights, false);
        assert!(
            line.chunks_exact(3)
                .map(light)
                .is_sorted_by(|one, other| one >= other)
        );
        let mut after: Vec<[u8; 3]> = line.chunks_exact(3).map(|p| [p[0], p[1], p[2]]).collect();
        before.sort_unstable();
        after.sort_unstable();
        assert_eq!(before, after);
    }

    #[test]
    fn the_size_stays_and_the_direction_counts() {
        let files = [("picture", test_picture(240, 160))];
        let down = decoded(&run(&PixelSort, &[], &files).expect("a picture")[0]);
        let left = decoded(
            &run(&PixelSort, &[("direction", "to the left")], &files).expect("a picture")[0],
        );
        assert_eq!(down.dimensions(), (240, 160));
        assert!(down != left, "the direction changes nothing");
        let code = run(&PixelSort, &[("direction", "sideways")], &files)
            .expect_err("refused")
            .code;
        assert_eq!(code, "GENERATION_INPUT_VALIDATION");
    }
}
