//! Duotone Print: shadows in one ink, lights in another, everything between mixed.

use image::RgbImage;

use crate::studio::job::{Failure, Job, Made, Technique};
use crate::studio::kit::answers::{self, invalid};
use crate::studio::kit::colour::{self, Lch, Pixel, along};
use crate::studio::kit::lut::Lut;
use crate::studio::kit::measure::Energy;
use crate::studio::kit::names::colours_in;
use crate::studio::kit::picture;
use crate::studio::kit::schema::{Build, input, optional, output, technique};
use crate::studio::kit::seed::{Rng, hash_bytes};
use crate::wire::{self, InputSpec, IoType};

/// Shadow, middle and light for pictures whose person names no colours.
const TRIOS: [[Lch; 3]; 7] = [
    [
        Lch::new(0.24, 0.10, 285.0),
        Lch::new(0.62, 0.20, 15.0),
        Lch::new(0.94, 0.06, 85.0),
    ],
    [
        Lch::new(0.22, 0.06, 240.0),
        Lch::new(0.60, 0.10, 195.0),
        Lch::new(0.95, 0.05, 95.0),
    ],
    [
        Lch::new(0.26, 0.09, 330.0),
        Lch::new(0.66, 0.16, 45.0),
        Lch::new(0.95, 0.05, 90.0),
    ],
    [
        Lch::new(0.20, 0.05, 160.0),
        Lch::new(0.58, 0.12, 150.0),
        Lch::new(0.95, 0.07, 110.0),
    ],
    [
        Lch::new(0.25, 0.13, 270.0),
        Lch::new(0.65, 0.15, 250.0),
        Lch::new(0.95, 0.03, 220.0),
    ],
    [
        Lch::new(0.22, 0.08, 20.0),
        Lch::new(0.60, 0.18, 30.0),
        Lch::new(0.94, 0.05, 70.0),
    ],
    [
        Lch::new(0.23, 0.10, 300.0),
        Lch::new(0.68, 0.13, 180.0),
        Lch::new(0.96, 0.05, 140.0),
    ],
];

/// See the module.
pub struct DuotonePrint;

impl Technique for DuotonePrint {
    fn spec(&self) -> wire::Technique {
        technique(
            "Duotone Print",
            0.01,
            "Shadows in one ink, lights in another. Tones are spread over the full range first.",
        )
        .takes(InputSpec {
            allow_multiple: true,
            ..input(
                "picture",
                "Picture",
                IoType::ImageUrl,
                "One picture, or several for one print each",
            )
        })
        .takes(optional(
            "colours",
            "Colours",
            IoType::Text,
            "One to three colours, such as midnight, coral and cream",
        ))
        .gives(output("print", "Print", IoType::ImageUrl))
    }

    fn run(&self, job: &Job<'_>) -> Result<Vec<Made>, Failure> {
        let asked = answers::optional_words(job, "colours")
            .map(asked_stops)
            .transpose()?;
        let mut print = answers::picture(job, "picture", "Picture", picture::WORKING_SIDE)?;
        job.step(0.2)?;
        let stops =
            asked.unwrap_or_else(|| Rng::new(hash_bytes(print.as_raw())).pick(&TRIOS).to_vec());
        let range = tonal_range(&print);
        let lut = Lut::new(|pixel| tone(pixel, range, &stops));
        job.step(0.4)?;
        let rows = print.height();
        for band in 0..8 {
            lut.apply(&mut print, rows * band / 8..rows * (band + 1) / 8);
            job.step(0.4 + 0.05 * (band + 1) as f32)?;
        }
        picture::grain(&mut print, 5.5);
        Ok(vec![picture::made_jpeg(&print)])
    }
}

/// Dark to light, whatever the order in which they were named; a single colour gets a shadow and a paper.
fn asked_stops(text: &str) -> Result<Vec<Lch>, Failure> {
    let mut stops = colours_in(text);
    stops.truncate(3);
    stops.sort_by(|one, other| one.l.total_cmp(&other.l));
    match stops.len() {
        0 => Err(invalid(
            "Colours: name one to three colours, such as midnight, coral and cream",
        )),
        1 => {
            let only = stops[0];
            Ok(vec![
                only.with_l(only.l.min(0.24)).with_c(only.c * 0.6),
                only.with_l(only.l.clamp(0.45, 0.7)),
                only.with_l(0.95).with_c(0.03),
            ])
        }
        2 => {
            // Opposites would meet in grey: there the middle takes the stronger colour's hue.
            let (dark, light) = (stops[0], stops[1]);
            let middle = dark.mix(light, 0.5);
            let strong = if dark.c > light.c { dark } else { light };
            let alive = middle.with_c(middle.c.max(strong.c * 0.6));
            let hue = if middle.c < 0.04 { strong.h } else { middle.h };
            Ok(vec![
                dark.with_l(dark.l.min(0.45)),
                Lch { h: hue, ..alive },
                light.with_l(light.l.max(0.8)),
            ])
        }
        _ => Ok(stops),
    }
}

/// The lightness of the darkest and of the lightest hundredth.
fn tonal_range(picture: &RgbImage) -> (f32, f32) {
    let mut lights = Energy::of(picture, 200).light;
    lights.sort_by(f32::total_cmp);
    let edge = lights.len() / 100;
    let (dark, light) = (lights[edge], lights[lights.len() - 1 - edge]);
    if light - dark < 0.1 {
        (0.0, 1.0)
    } else {
        (dark, light)
    }
}

fn tone(pixel: Pixel, (dark, light): (f32, f32), stops: &[Lch]) -> [f32; 3] {
    let t = ((colour::lab(pixel).l - dark) / (light - dark)).clamp(0.0, 1.0);
    // A gentle S: prints look flat without it.
    let curved = t + 0.28 * t * (1.0 - t) * (2.0 * t - 1.0) * 2.0;
    along(stops, curved).pixel().map(f32::from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::studio::kit::answers::tests::{decoded, run};

    #[test]
    fn black_becomes_the_dark_colour_and_white_the_light_one() {
        let ramp = RgbImage::from_fn(256, 64, |x, _| image::Rgb([x as u8; 3]));
        let made = run(
            &DuotonePrint,
            &[("colours", "#F7F0E4, #12303D")],
            &[("picture", picture::png(&ramp))],
        )
        .expect("a print");
        let print = decoded(&made[0]);
        let near = |x: u32, wanted: Pixel| {
            let mean: Vec<i32> = (0..3)
                .map(|c| {
                    (0..64)
                        .map(|y| i32::from(print.get_pixel(x, y).0[c]))
                        .sum::<i32>()
                        / 64
                })
                .collect();
            assert!(
                (0..3).all(|c| (mean[c] - i32::from(wanted[c])).abs() < 8),
                "at {x}: {mean:?}, wanted {wanted:?}"
            );
        };
        near(1, [0x12, 0x30, 0x3D]);
        near(254, [0xF7, 0xF0, 0xE4]);
    }

    #[test]
    fn words_without_a_colour_are_refused() {
        assert!(asked_stops("nice ones").is_err());
        assert_eq!(asked_stops("coral").map(|stops| stops.len()), Ok(3));
    }
}
