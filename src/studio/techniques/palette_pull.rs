//! Palette Pull: the colours of a picture as a swatch card and as text.

use std::fmt::Write as _;

use image::RgbImage;

use crate::studio::job::{Body, Failure, Job, Made, Technique};
use crate::studio::kit::answers;
use crate::studio::kit::canvas::{Canvas, rounded};
use crate::studio::kit::cluster::{Swatch, swatches};
use crate::studio::kit::colour::{Lch, contrast, hex};
use crate::studio::kit::lettering::{Face, Style};
use crate::studio::kit::names::name_of;
use crate::studio::kit::picture;
use crate::studio::kit::schema::{Build, input, output, technique};
use crate::studio::kit::seed::{Rng, hash_bytes};
use crate::wire::{self, IoType};

const COLOURS: usize = 6;
const WIDTH: u32 = 1600;
const HEIGHT: u32 = 1280;
const PAPER: Lch = Lch::new(0.965, 0.006, 85.0);
const INK: Lch = Lch::new(0.25, 0.01, 85.0);

/// See the module.
pub struct PalettePull;

impl Technique for PalettePull {
    fn spec(&self) -> wire::Technique {
        technique(
            "Palette Pull",
            0.0,
            "Swatches and hex codes of a picture. Colours are found the way eyes group them, each with its share.",
        )
        .takes(input("picture", "Picture", IoType::ImageUrl, "The picture to take the colours from"))
        .gives(output("card", "Swatch card", IoType::ImageUrl))
        .gives(output("codes", "Colour codes", IoType::Text))
    }

    fn run(&self, job: &Job<'_>) -> Result<Vec<Made>, Failure> {
        let source = answers::picture(job, "picture", "Picture", picture::WORKING_SIDE)?;
        job.step(0.3)?;
        let mut rng = Rng::new(hash_bytes(source.as_raw()));
        let found = swatches(&source, COLOURS, &mut rng);
        job.step(0.6)?;
        let card = card(&source, &found);
        job.step(0.85)?;
        let text = Made {
            kind: IoType::Text,
            body: Body::Text(codes(&found)),
        };
        Ok(vec![picture::made_png(&card), text])
    }
}

/// The picture above its colours; wider fields for larger shares.
fn card(source: &RgbImage, found: &[Swatch]) -> RgbImage {
    let mut canvas = Canvas::new(WIDTH, HEIGHT, PAPER);
    let margin = 48.0;
    let (width, height) = (WIDTH as f32 - margin * 2.0, 800.0);
    let shown = picture::cover(source, width as u32, height as u32);
    let frame = rounded((margin, margin), (width, height), 10.0);
    canvas.clip(frame.as_ref());
    canvas.picture(&shown, (margin as i32, margin as i32));
    canvas.clip(None);
    let top = margin + height + 20.0;
    let gap = 10.0;
    let free = width - gap * (found.len() as f32 - 1.0);
    let mut x = margin;
    for (swatch, part) in found.iter().zip(widths(found)) {
        let wide = free * part;
        field(&mut canvas, swatch, (x, top), (wide, 240.0));
        x += wide + gap;
    }
    canvas.into_picture()
}

/// Parts of the row: shares drawn closer together, so that the smallest still holds its name.
fn widths(found: &[Swatch]) -> Vec<f32> {
    let eased: Vec<f32> = found
        .iter()
        .map(|swatch| swatch.share.sqrt() + 0.35)
        .collect();
    let total: f32 = eased.iter().sum();
    eased.iter().map(|part| part / total).collect()
}

fn field(canvas: &mut Canvas, swatch: &Swatch, (x, y): (f32, f32), (width, height): (f32, f32)) {
    let colour = Lch::from_pixel(swatch.pixel);
    if let Some(path) = rounded((x, y), (width, height), 10.0) {
        canvas.fill(&path, colour, 1.0);
        if colour.distance(PAPER) < 0.08 {
            canvas.stroke(&path, 1.5, PAPER.lighter(-0.12), 1.0);
        }
    }
    let dark = Lch::new(0.2, colour.c.min(0.04), colour.h);
    let on = if contrast(dark.pixel(), swatch.pixel) > 5.0 {
        dark
    } else {
        Lch::WHITE
    };
    let share = Style::new(Face::Medium, 26.0);
    share.draw(canvas, &percent(swatch.share), (x + 20.0, y + 46.0), on);
    let code = Style::new(Face::Medium, 30.0);
    code.draw(
        canvas,
        &hex(swatch.pixel),
        (x + 2.0, y + height + 50.0),
        INK,
    );
    let name = Style::new(Face::Regular, 25.0);
    let label = name.shorten(&sentence(name_of(swatch.pixel)), width - 4.0);
    name.draw(
        canvas,
        &label,
        (x + 2.0, y + height + 88.0),
        INK.lighter(0.25),
    );
}

/// `38 %`, and `< 1 %` for what would be nothing.
pub fn percent(share: f32) -> String {
    if share < 0.01 {
        "< 1 %".to_owned()
    } else {
        format!("{:.0} %", share * 100.0)
    }
}

fn sentence(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

fn codes(found: &[Swatch]) -> String {
    let mut text = String::new();
    for swatch in found {
        let [r, g, b] = swatch.pixel;
        let lch = Lch::from_pixel(swatch.pixel);
        let _ = writeln!(
            text,
            "{}  {}, {}  rgb({r}, {g}, {b})  oklch({:.0}% {:.3} {:.0})",
            hex(swatch.pixel),
            name_of(swatch.pixel),
            percent(swatch.share),
            lch.l * 100.0,
            lch.c,
            lch.h,
        );
    }
    text.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::studio::kit::answers::tests::{decoded, run, text};

    #[test]
    fn the_codes_are_those_of_the_picture() {
        let made_of = RgbImage::from_fn(120, 80, |x, _| {
            image::Rgb(if x < 90 {
                [24, 122, 124]
            } else {
                [242, 165, 58]
            })
        });
        let made = run(&PalettePull, &[], &[("picture", picture::png(&made_of))]).expect("a card");
        let codes = text(&made[1]);
        assert!(codes.starts_with("#187A7C  teal, 75 %"), "{codes}");
        assert!(codes.contains("#F2A53A  amber, 25 %"), "{codes}");
        assert_eq!(codes.lines().count(), 2);
        let card = decoded(&made[0]);
        assert_eq!(card.dimensions(), (WIDTH, HEIGHT));
        assert!(card.pixels().any(|pixel| pixel.0 == [24, 122, 124]));
    }

    #[test]
    fn a_picture_of_one_colour_gives_one_swatch() {
        let flat = RgbImage::from_pixel(50, 50, image::Rgb([255, 255, 255]));
        let made = run(&PalettePull, &[], &[("picture", picture::png(&flat))]).expect("a card");
        assert!(text(&made[1]).starts_with("#FFFFFF  white, 100 %"));
    }
}
