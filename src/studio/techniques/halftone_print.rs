//! Halftone Print: a picture separated into two inks and screened with real dots.

use std::f32::consts::TAU;

use image::RgbImage;
use oklab::{LinearRgb, Oklab};

use crate::studio::job::{Failure, Job, Made, Technique};
use crate::studio::kit::answers::{self, invalid};
use crate::studio::kit::cluster::{Swatch, swatches};
use crate::studio::kit::colour::{self, Lch, Pixel};
use crate::studio::kit::lut::Lut;
use crate::studio::kit::names::colours_in;
use crate::studio::kit::picture;
use crate::studio::kit::schema::{Build, input, optional, output, technique};
use crate::studio::kit::seed::{Rng, hash_bytes};
use crate::wire::{self, InputSpec, IoType};

/// Longer side of a print in pixels, and the distance of its dots.
const SIDE: u32 = 1800;
const PITCH: f32 = 9.6;
/// Screens a third of a right angle apart show no moiré.
const ANGLES: [f32; 2] = [15.0, 75.0];
const PAPER: Pixel = [248, 244, 234];

/// Pairs of inks that printers like; the one that comes closest to the picture is taken.
const PAIRS: [[Pixel; 2]; 8] = [
    [[50, 85, 164], [255, 116, 119]],
    [[0, 110, 120], [241, 80, 96]],
    [[60, 50, 110], [255, 181, 17]],
    [[0, 132, 85], [255, 90, 150]],
    [[35, 35, 40], [236, 80, 60]],
    [[30, 60, 90], [240, 150, 60]],
    [[100, 60, 130], [90, 200, 180]],
    [[130, 40, 50], [80, 170, 200]],
];

/// See the module.
pub struct HalftonePrint;

impl Technique for HalftonePrint {
    fn spec(&self) -> wire::Technique {
        technique(
            "Halftone Print",
            0.01,
            "Two inks, honest dots. A picture is separated into two inks and screened as on an offset press.",
        )
        .takes(InputSpec {
            allow_multiple: true,
            ..input("picture", "Picture", IoType::ImageUrl, "One picture, or several for one print each")
        })
        .takes(optional("inks", "Inks", IoType::Text, "Two colours, such as red and blue, or #1F5FC4 and coral"))
        .gives(output("print", "Print", IoType::ImageUrl))
    }

    fn run(&self, job: &Job<'_>) -> Result<Vec<Made>, Failure> {
        let asked = answers::optional_words(job, "inks")
            .map(asked_inks)
            .transpose()?;
        let source = answers::picture(job, "picture", "Picture", SIDE)?;
        let source = picture::fit_to(&source, SIDE);
        job.step(0.15)?;
        let inks = asked.unwrap_or_else(|| fitting_inks(&source));
        let press = Press::new(inks);
        let lut = Lut::new(|pixel| press.separate(pixel));
        job.step(0.4)?;
        let amounts = separate(&source, &lut);
        job.step(0.55)?;
        let mut print = RgbImage::new(source.width(), source.height());
        let screens = ANGLES.map(|angle| Screen::new(angle, source.width(), source.height()));
        let rows = print.height();
        for band in 0..8 {
            press.print(
                &amounts,
                &screens,
                &mut print,
                rows * band / 8..rows * (band + 1) / 8,
            );
            job.step(0.55 + 0.04 * (band + 1) as f32)?;
        }
        picture::grain(&mut print, 3.0);
        Ok(vec![picture::made_jpeg(&print)])
    }
}

/// The darker ink first, since it carries the drawing.
fn asked_inks(text: &str) -> Result<[Pixel; 2], Failure> {
    let mut named: Vec<Lch> = colours_in(text);
    match named.len() {
        0 => {
            return Err(invalid(
                "Inks: name one or two colours, such as red and blue, or hex codes",
            ));
        }
        1 => {
            let only = named[0];
            named.push(if only.l > 0.5 {
                Lch::new(0.32, 0.07, only.h + 190.0)
            } else {
                Lch::new(0.74, 0.15, only.h + 150.0)
            });
        }
        _ => {}
    }
    named.truncate(2);
    named.sort_by(|one, other| one.l.total_cmp(&other.l));
    Ok([named[0].pixel(), named[1].pixel()])
}

fn fitting_inks(source: &RgbImage) -> [Pixel; 2] {
    let mut rng = Rng::new(hash_bytes(source.as_raw()));
    let found: Vec<Swatch> = swatches(source, 8, &mut rng);
    let cost = |inks: &[Pixel; 2]| -> f32 {
        let press = Press::new(*inks);
        found
            .iter()
            .map(|swatch| press.closest(colour::lab(swatch.pixel)).1 * swatch.share)
            .sum()
    };
    let costs = PAIRS.map(|pair| cost(&pair));
    let best = (0..PAIRS.len())
        .min_by(|one, other| costs[*one].total_cmp(&costs[*other]))
        .unwrap_or(0);
    PAIRS[best]
}

/// Two inks on paper, and every shade they can make together.
struct Press {
    inks: [Pixel; 2],
    /// Amounts of both inks, and how they look from afar.
    shades: Vec<([f32; 2], Oklab)>,
}

const LEVELS: usize = 16;

impl Press {
    fn new(inks: [Pixel; 2]) -> Self {
        let linear = |pixel: Pixel| colour::lab(pixel).to_linear_rgb();
        let over = |one: Pixel, other: Pixel| {
            [0, 1, 2].map(|c| (u32::from(one[c]) * u32::from(other[c]) / 255) as u8)
        };
        let primaries = [
            linear(PAPER),
            linear(over(PAPER, inks[0])),
            linear(over(PAPER, inks[1])),
            linear(over(over(PAPER, inks[0]), inks[1])),
        ];
        let mut shades = Vec::with_capacity((LEVELS + 1) * (LEVELS + 1));
        for first in 0..=LEVELS {
            for second in 0..=LEVELS {
                let (a, b) = (first as f32 / LEVELS as f32, second as f32 / LEVELS as f32);
                // Neugebauer: each overlap of dots counts by the area that chance gives it.
                let parts = [(1.0 - a) * (1.0 - b), a * (1.0 - b), (1.0 - a) * b, a * b];
                shades.push(([a, b], Oklab::from_linear_rgb(blend(&primaries, parts))));
            }
        }
        Self { inks, shades }
    }

    /// The shade that looks most like a colour, and how far from it that is.
    fn closest(&self, lab: Oklab) -> ([f32; 2], f32) {
        let mut best = (self.shades[0].0, f32::INFINITY);
        for (amounts, shade) in &self.shades {
            let (l, a, b) = (shade.l - lab.l, shade.a - lab.a, shade.b - lab.b);
            let far = 2.4 * l * l + a * a + b * b;
            if far < best.1 {
                best = (*amounts, far);
            }
        }
        best
    }

    fn separate(&self, pixel: Pixel) -> [f32; 3] {
        // Ink and paper hold less than a screen does: squeeze the lightness into what they can show.
        let lab = colour::lab(pixel);
        let (darkest, lightest) = (self.shades[self.shades.len() - 1].1.l, self.shades[0].1.l);
        let l = darkest + (lightest - darkest) * ((lab.l - 0.06) / 0.9).clamp(0.0, 1.0);
        let [a, b] = self.closest(Oklab { l, ..lab }).0;
        [a * 255.0, b * 255.0, 0.0]
    }

    /// Screens rows of both plates and lays them over each other on paper.
    fn print(
        &self,
        amounts: &[Vec<u8>; 2],
        screens: &[Screen; 2],
        print: &mut RgbImage,
        rows: std::ops::Range<u32>,
    ) {
        let (width, height) = (print.width() as usize, print.height() as usize);
        let tints = self.inks.map(tint_table);
        let raw: &mut [u8] = print;
        for y in rows.start as usize..rows.end as usize {
            // The second plate never sits quite where the first does.
            let shifted = (y + 1).min(height - 1);
            let line = &mut raw[y * width * 3..][..width * 3];
            for (x, pixel) in line.chunks_exact_mut(3).enumerate() {
                let one = screens[0].cover(x, y, amounts[0][y * width + x]);
                let two = screens[1].cover(
                    x,
                    shifted,
                    amounts[1][shifted * width + x.saturating_sub(2)],
                );
                for channel in 0..3 {
                    let tinted =
                        u32::from(tints[0][one][channel]) * u32::from(tints[1][two][channel]) / 255;
                    pixel[channel] = (tinted * u32::from(PAPER[channel]) / 255) as u8;
                }
            }
        }
    }
}

fn blend(primaries: &[LinearRgb; 4], parts: [f32; 4]) -> LinearRgb {
    let mut sum = LinearRgb {
        r: 0.0,
        g: 0.0,
        b: 0.0,
    };
    for (primary, part) in primaries.iter().zip(parts) {
        sum.r += primary.r * part;
        sum.g += primary.g * part;
        sum.b += primary.b * part;
    }
    sum
}

/// What each coverage of an ink lets through, a channel at a time.
fn tint_table(ink: Pixel) -> Vec<Pixel> {
    (0..=255u32)
        .map(|cover| ink.map(|channel| (255 - (255 - u32::from(channel)) * cover / 255) as u8))
        .collect()
}

fn separate(source: &RgbImage, lut: &Lut) -> [Vec<u8>; 2] {
    let count = source.as_raw().len() / 3;
    let mut plates = [Vec::with_capacity(count), Vec::with_capacity(count)];
    for pixel in source.as_raw().chunks_exact(3) {
        let [a, b, _] = lut.fine([pixel[0], pixel[1], pixel[2]]);
        plates[0].push((a >> 8).min(255) as u8);
        plates[1].push((b >> 8).min(255) as u8);
    }
    plates
}

/// A grid of dots at an angle.
///
/// The height of the spot function is a sum of two cosines, each split into parts by column and by row, so a
/// pixel costs four multiplications.
struct Screen {
    columns: Vec<[f32; 4]>,
    rows: Vec<[f32; 4]>,
    /// The height above which exactly an amount of 0 to 255 of the area lies.
    levels: Vec<f32>,
}

impl Screen {
    fn new(degrees: f32, width: u32, height: u32) -> Self {
        let (sin, cos) = degrees.to_radians().sin_cos();
        let wave = TAU / PITCH;
        let parts = |at: u32, u: f32, v: f32| {
            let (su, cu) = (at as f32 * wave * u).sin_cos();
            let (sv, cv) = (at as f32 * wave * v).sin_cos();
            [cu, su, cv, sv]
        };
        Self {
            columns: (0..width).map(|x| parts(x, cos, -sin)).collect(),
            rows: (0..height).map(|y| parts(y, sin, cos)).collect(),
            levels: levels(),
        }
    }

    /// How much of a pixel is inked, 0 to 255.
    fn cover(&self, x: usize, y: usize, amount: u8) -> usize {
        if amount == 0 {
            return 0;
        }
        let (column, row) = (&self.columns[x], &self.rows[y]);
        let height =
            column[0] * row[0] - column[1] * row[1] + column[2] * row[2] - column[3] * row[3];
        let edge = (height - self.levels[usize::from(amount)]) * (PITCH / TAU) * 0.85 + 0.5;
        (edge.clamp(0.0, 1.0) * 255.0) as usize
    }
}

fn levels() -> Vec<f32> {
    const GRID: usize = 64;
    let mut heights: Vec<f32> = (0..GRID * GRID)
        .map(|index| {
            let at = |part: usize| (part as f32 / GRID as f32 * TAU).cos();
            at(index % GRID) + at(index / GRID)
        })
        .collect();
    heights.sort_by(|one, other| other.total_cmp(one));
    let mut levels: Vec<f32> = (0..=255)
        .map(|amount| heights[(amount * (heights.len() - 1)) / 255])
        .collect();
    // Solid ink has no pinholes.
    levels[255] = -3.0;
    levels
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::studio::kit::answers::tests::{decoded, run, test_picture};

    #[test]
    fn dots_cover_the_area_they_stand_for() {
        let screen = Screen::new(15.0, 400, 400);
        for amount in [32u8, 96, 128, 200] {
            let covered: usize = (0..160_000)
                .map(|at| screen.cover(at % 400, at / 400, amount))
                .sum();
            let share = covered as f32 / (160_000.0 * 255.0);
            assert!(
                (share - f32::from(amount) / 255.0).abs() < 0.02,
                "{amount} covers {share}"
            );
        }
    }

    #[test]
    fn a_grey_of_one_ink_prints_with_that_ink_and_paper_only() {
        let press = Press::new([[30, 60, 90], [240, 150, 60]]);
        let ink_on_paper = [0, 1, 2].map(|c| (u32::from(PAPER[c]) * [30, 60, 90][c] / 255) as u8);
        let [a, b] = press.closest(colour::lab(ink_on_paper)).0;
        assert!(a > 0.93 && b < 0.07, "{a} and {b}");
    }

    #[test]
    fn inks_are_read_from_words_and_nonsense_is_refused() {
        assert_eq!(
            asked_inks("coral and #1F5FC4"),
            Ok([[31, 95, 196], [242, 115, 95]])
        );
        assert_eq!(
            asked_inks("pretty").map_err(|failure| failure.code),
            Err("GENERATION_INPUT_VALIDATION".into())
        );
    }

    #[test]
    fn a_print_is_made_of_dots_and_always_the_same() {
        let files = [("picture", test_picture(300, 200))];
        let made = run(&HalftonePrint, &[("inks", "red and blue")], &files).expect("a print");
        let print = decoded(&made[0]);
        assert_eq!(print.dimensions(), (1800, 1200));
        let paper = print
            .pixels()
            .filter(|pixel| pixel.0[0] > 225 && pixel.0[2] > 200)
            .count();
        assert!(paper > 100_000, "no paper shows between the dots: {paper}");
        let again = run(&HalftonePrint, &[("inks", "red and blue")], &files).expect("a print");
        assert!(
            print == decoded(&again[0]),
            "two prints of one picture differ"
        );
    }
}
