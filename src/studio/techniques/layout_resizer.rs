//! Layout Resizer: one picture cut to three formats, around what matters in it.

use image::RgbImage;

use crate::studio::job::{Failure, Job, Made, Technique};
use crate::studio::kit::answers;
use crate::studio::kit::measure::Energy;
use crate::studio::kit::picture;
use crate::studio::kit::schema::{Build, input, output, technique};
use crate::wire::{self, IoType, OutputSpec};

/// Name, width and height of a format.
const FORMATS: [(&str, u32, u32); 3] = [("1:1", 1, 1), ("4:5", 4, 5), ("16:9", 16, 9)];

/// Pixels a unit of the longer side has at most.
const LARGEST: u32 = 1920;

/// See the module.
pub struct LayoutResizer;

impl Technique for LayoutResizer {
    fn spec(&self) -> wire::Technique {
        let give = |(ratio, _, _): (&str, u32, u32)| OutputSpec {
            specified_aspect_ratio: Some(ratio.to_owned()),
            ..output(
                &format!("format_{}", ratio.replace(':', "_")),
                ratio,
                IoType::ImageUrl,
            )
        };
        technique(
            "Layout Resizer",
            0.02,
            "1:1, 4:5 and 16:9 from one picture. Each cut keeps the part with most to see.",
        )
        .takes(input(
            "picture",
            "Picture",
            IoType::ImageUrl,
            "The picture to cut; the larger the better",
        ))
        .gives(give(FORMATS[0]))
        .gives(give(FORMATS[1]))
        .gives(give(FORMATS[2]))
    }

    fn run(&self, job: &Job<'_>) -> Result<Vec<Made>, Failure> {
        let source = answers::picture(job, "picture", "Picture", 3200)?;
        job.step(0.3)?;
        let interest = Interest::of(&source);
        let mut made = Vec::new();
        for (index, (_, across, down)) in FORMATS.iter().enumerate() {
            let cut = interest.best_cut(&source, *across, *down);
            made.push(picture::made_jpeg(&scaled(&source, cut, *across, *down)));
            job.step(0.3 + 0.23 * (index + 1) as f32)?;
        }
        Ok(made)
    }
}

/// Left, top, width and height in pixels.
type Cut = (f64, f64, f64, f64);

/// At exactly the ratio, and never larger than the cut itself.
fn scaled(source: &RgbImage, cut: Cut, across: u32, down: u32) -> RgbImage {
    let longer = across.max(down);
    let room = (cut.2 / f64::from(across)).floor().max(1.0) as u32;
    let unit = room.min(LARGEST / longer).max(1);
    picture::crop(source, cut, across * unit, down * unit)
}

/// How much there is to see along each axis.
struct Interest {
    columns: Vec<f32>,
    rows: Vec<f32>,
}

impl Interest {
    fn of(source: &RgbImage) -> Self {
        let map = Energy::of(source, 240);
        let smooth = map.smoothed(3);
        let mut columns = vec![0.0; map.width];
        let mut rows = vec![0.0; map.height];
        let mean = smooth.iter().sum::<f32>() / smooth.len() as f32;
        for (at, energy) in smooth.iter().enumerate() {
            // Only what stands out counts; even texture says nothing about where to cut.
            let seen = (energy - mean * 1.2).max(0.0).sqrt();
            columns[at % map.width] += seen;
            rows[at / map.width] += seen;
        }
        Self { columns, rows }
    }

    fn best_cut(&self, source: &RgbImage, across: u32, down: u32) -> Cut {
        let (width, height) = (f64::from(source.width()), f64::from(source.height()));
        let ratio = f64::from(across) / f64::from(down);
        if width / height > ratio {
            let wide = height * ratio;
            (
                place(&self.columns, wide / width) * width,
                0.0,
                wide,
                height,
            )
        } else {
            let tall = width / ratio;
            (0.0, place(&self.rows, tall / height) * height, width, tall)
        }
    }
}

/// Where a window over a part of the profile should start, 0.0 to 1.0 less its own length.
fn place(profile: &[f32], part: f64) -> f64 {
    let count = profile.len();
    let window = ((count as f64 * part).round() as usize).clamp(1, count);
    let total: f32 = profile.iter().sum::<f32>().max(1e-6);
    let free = count - window;
    let score = |start: usize| {
        let inside: f32 = profile[start..start + window].iter().sum::<f32>() / total;
        let cut_through =
            (profile[start] + profile[start + window - 1]) / total * count as f32 * 0.02;
        let middle = if free == 0 {
            0.0
        } else {
            (start as f32 / free as f32 - 0.5).abs()
        };
        inside - cut_through - middle * 0.06
    };
    let best = (0..=free)
        .max_by(|one, other| score(*one).total_cmp(&score(*other)))
        .unwrap_or(0);
    (best as f64 / count as f64).min(1.0 - part).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::studio::kit::answers::tests::{decoded, run};

    /// A plain wall with a red disc far to the right.
    fn wall() -> RgbImage {
        RgbImage::from_fn(900, 300, |x, y| {
            let inside = (x as f32 - 740.0).hypot(y as f32 - 160.0) < 70.0;
            image::Rgb(if inside {
                [210, 40, 30]
            } else {
                [190, 188, 180]
            })
        })
    }

    #[test]
    fn all_three_ratios_are_exact() {
        let made = run(&LayoutResizer, &[], &[("picture", picture::png(&wall()))])
            .expect("three pictures");
        let sizes: Vec<(u32, u32)> = made.iter().map(|one| decoded(one).dimensions()).collect();
        assert_eq!(sizes.len(), 3);
        for ((width, height), (_, across, down)) in sizes.iter().zip(FORMATS) {
            assert_eq!(width * down, height * across, "{width} × {height}");
            assert!(*height >= 288);
        }
    }

    #[test]
    fn the_cut_keeps_what_there_is_to_see() {
        let source = wall();
        let (left, _, wide, _) = Interest::of(&source).best_cut(&source, 1, 1);
        assert!(
            left < 670.0 && left + wide > 810.0,
            "the disc is cut: {left} to {}",
            left + wide
        );
    }
}
