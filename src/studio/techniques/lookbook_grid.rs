//! Lookbook Grid: up to six pictures on one sheet, in rows of even height.

use image::RgbImage;

use super::stem;
use crate::studio::job::{Failure, Job, Made, Technique};
use crate::studio::kit::answers;
use crate::studio::kit::canvas::Canvas;
use crate::studio::kit::cluster::swatches;
use crate::studio::kit::colour::Lch;
use crate::studio::kit::lettering::{Face, Style, settable};
use crate::studio::kit::picture;
use crate::studio::kit::schema::{Build, input, optional, output, technique};
use crate::studio::kit::seed::Rng;
use crate::wire::{self, IoType};

const PICTURES: usize = 6;
const WIDTH: f32 = 2000.0;
const MARGIN: f32 = 96.0;
const GAP: f32 = 24.0;
const CAPTION: f32 = 58.0;

/// A row of one tall picture ends before the right margin rather than becoming taller than this.
const TALLEST: f32 = 1500.0;
const PAPER: Lch = Lch::new(0.968, 0.006, 90.0);
const INK: Lch = Lch::new(0.22, 0.01, 90.0);

/// See the module.
pub struct LookbookGrid;

impl Technique for LookbookGrid {
    fn spec(&self) -> wire::Technique {
        let spec = technique(
            "Lookbook Grid",
            0.02,
            "Many → one sheet. Up to six pictures in even rows, with captions and the colours they share.",
        )
        .takes(input("picture_1", "Picture 1", IoType::ImageUrl, "The picture that comes first"));
        (2..=PICTURES)
            .fold(spec, |spec, number| {
                let name = format!("Picture {number}");
                spec.takes(optional(
                    &format!("picture_{number}"),
                    &name,
                    IoType::ImageUrl,
                    "Another picture",
                ))
            })
            .takes(optional(
                "title",
                "Title",
                IoType::Text,
                "A title for the sheet",
            ))
            .gives(output("sheet", "Sheet", IoType::ImageUrl))
    }

    fn run(&self, job: &Job<'_>) -> Result<Vec<Made>, Failure> {
        let title = answers::optional_words(job, "title")
            .map(settable)
            .unwrap_or_default();
        let pictures = answers::pictures(job, PICTURES, picture::WORKING_SIDE)?;
        let rows = rows(&pictures);
        let head = if title.is_empty() { MARGIN } else { 300.0 };
        let height = head
            + rows
                .iter()
                .map(|row| row.height + CAPTION + GAP)
                .sum::<f32>()
            + MARGIN
            + 40.0;
        let mut canvas = Canvas::new(WIDTH as u32, height.round() as u32, PAPER);
        heading(&mut canvas, &title);
        let mut y = head.round();
        let mut number = 0;
        for row in &rows {
            let mut x = MARGIN;
            for (shown, name) in &pictures[number..number + row.count] {
                number += 1;
                let wide = aspect(shown) * row.height;
                place(&mut canvas, shown, (x, y), (wide, row.height));
                caption(&mut canvas, number, name, (x, y + row.height), wide);
                x += wide + GAP;
                job.step(0.3 + 0.5 * number as f32 / pictures.len() as f32)?;
            }
            y = (y + row.height + CAPTION + GAP).round();
        }
        footer(&mut canvas, &pictures, (MARGIN, height - MARGIN));
        job.step(0.9)?;
        Ok(vec![picture::made_jpeg(&canvas.into_picture())])
    }
}

struct Row {
    count: usize,
    height: f32,
}

fn aspect(picture: &RgbImage) -> f32 {
    // Extreme formats are shown cut, or they would push all others aside.
    (picture.width() as f32 / picture.height() as f32).clamp(0.5, 2.4)
}

/// Of all ways to fill rows in order, the one whose sheet comes closest to a portrait format with rows of
/// similar height.
fn rows(pictures: &[(RgbImage, String)]) -> Vec<Row> {
    let aspects: Vec<f32> = pictures
        .iter()
        .map(|(picture, _)| aspect(picture))
        .collect();
    let inner = WIDTH - MARGIN * 2.0;
    let count = aspects.len();
    let mut best: Option<(f32, Vec<Row>)> = None;
    // Each bit says whether a row ends after that picture.
    for breaks in 0..1u32 << (count - 1) {
        let mut rows = Vec::new();
        let mut start = 0;
        for end in 1..=count {
            if end == count || breaks >> (end - 1) & 1 == 1 {
                let wide: f32 = aspects[start..end].iter().sum();
                let height = (inner - GAP * (end - start - 1) as f32) / wide;
                rows.push(Row {
                    count: end - start,
                    height: height.min(TALLEST),
                });
                start = end;
            }
        }
        let total: f32 = rows.iter().map(|row| row.height + CAPTION + GAP).sum();
        let mean = total / rows.len() as f32;
        let uneven: f32 = rows
            .iter()
            .map(|row| (row.height - mean).abs())
            .sum::<f32>()
            / rows.len() as f32;
        let cost = (total - 2100.0).abs() + uneven * 1.5;
        if best.as_ref().is_none_or(|(least, _)| cost < *least) {
            best = Some((cost, rows));
        }
    }
    best.map(|(_, rows)| rows).unwrap_or_default()
}

fn heading(canvas: &mut Canvas, title: &str) {
    if title.is_empty() {
        return;
    }
    let title = title.replace('\n', " ");
    let mut style = Style::new(Face::Display, 112.0).tracked(-0.02);
    let room = WIDTH - MARGIN * 2.0;
    while style.width(&title) > room && style.size > 44.0 {
        style = style.sized(style.size - 4.0);
    }
    style.draw(
        canvas,
        &style.shorten(&title, room),
        (MARGIN - style.size * 0.04, 214.0),
        INK,
    );
    canvas.rect((MARGIN, 258.0), (room, 3.0), INK, 1.0);
}

fn place(canvas: &mut Canvas, shown: &RgbImage, (x, y): (f32, f32), (wide, tall): (f32, f32)) {
    let (left, right) = (x.round(), (x + wide).round());
    let fitted = picture::cover(shown, (right - left) as u32, tall.round() as u32);
    canvas.picture(&fitted, (left as i32, y as i32));
}

fn caption(canvas: &mut Canvas, number: usize, name: &str, (x, y): (f32, f32), wide: f32) {
    let count = Style::new(Face::Medium, 25.0);
    let label = Style::new(Face::Regular, 25.0);
    let digits = format!("{number:02}");
    count.draw(canvas, &digits, (x, y + 40.0), INK);
    let at = count.width(&digits) + 16.0;
    let text = label.shorten(&settable(&stem(name)), wide - at - 4.0);
    label.draw(canvas, &text, (x + at, y + 40.0), INK.lighter(0.3));
}

/// A row of dots in the colours of all pictures together.
fn footer(canvas: &mut Canvas, pictures: &[(RgbImage, String)], (x, y): (f32, f32)) {
    let side = 96;
    let pixels = pictures
        .iter()
        .flat_map(|(shown, _)| picture::cover(shown, side, side).into_raw())
        .collect();
    let strip = RgbImage::from_raw(side, side * pictures.len() as u32, pixels)
        .expect("squares above each other");
    let found = swatches(&strip, 8, &mut Rng::new(8));
    for (index, swatch) in found.iter().enumerate() {
        let spot = (x + 18.0 + index as f32 * 50.0, y);
        canvas.circle(spot, 18.0, Lch::from_pixel(swatch.pixel), 1.0);
        if Lch::from_pixel(swatch.pixel).distance(PAPER) < 0.06 {
            canvas.ring(spot, 18.0, 1.5, PAPER.lighter(-0.15), 1.0);
        }
    }
    let count = pictures.len();
    let text = if count == 1 {
        "1 picture".to_owned()
    } else {
        format!("{count} pictures")
    };
    Style::new(Face::Regular, 25.0).draw_right(
        canvas,
        &text,
        (WIDTH - MARGIN, y + 9.0),
        INK.lighter(0.3),
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::studio::kit::answers::tests::{decoded, run, test_picture};

    #[test]
    fn rows_fill_the_width_exactly() {
        for count in 1..=PICTURES {
            let pictures: Vec<(RgbImage, String)> = (0..count)
                .map(|index| (RgbImage::new(300 + 90 * index as u32, 400), String::new()))
                .collect();
            let rows = rows(&pictures);
            assert_eq!(rows.iter().map(|row| row.count).sum::<usize>(), count);
            let mut start = 0;
            for row in &rows {
                let wide: f32 = pictures[start..start + row.count]
                    .iter()
                    .map(|(picture, _)| aspect(picture) * row.height)
                    .sum();
                let full = wide + GAP * (row.count - 1) as f32;
                let gap = (full - (WIDTH - MARGIN * 2.0)).abs();
                assert!(
                    gap < 1.0 || row.height == TALLEST,
                    "{count} pictures: {full}"
                );
                start += row.count;
            }
        }
    }

    #[test]
    fn a_sheet_shows_its_pictures_in_any_slots() {
        let files = [
            ("picture_1", test_picture(300, 200)),
            ("picture_4", test_picture(200, 300)),
        ];
        let sheet = decoded(
            &run(&LookbookGrid, &[("title", "Spring 🌿 2027")], &files).expect("a sheet")[0],
        );
        assert_eq!(sheet.width(), 2000);
        let failure =
            run(&LookbookGrid, &[], &[("picture_1", b"no".to_vec())]).expect_err("broken");
        assert!(failure.message.contains("Picture 1"), "{failure}");
    }
}
