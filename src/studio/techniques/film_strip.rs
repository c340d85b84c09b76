//! Film Strip: a film as a contact sheet, one frame for every twelfth of it.

use image::RgbImage;

use super::stem;
use crate::studio::job::{Failure, Job, Made, Technique};
use crate::studio::kit::answers::invalid;
use crate::studio::kit::canvas::{Canvas, rounded};
use crate::studio::kit::colour::Lch;
use crate::studio::kit::film::Reel;
use crate::studio::kit::lettering::{Face, Style, settable};
use crate::studio::kit::picture;
use crate::studio::kit::schema::{Build, input, output, technique};
use crate::wire::{self, InputSpec, IoType};

const FRAMES: usize = 12;
const WIDTH: f32 = 2000.0;
const MARGIN: f32 = 72.0;
const GAP: f32 = 20.0;
const HEAD: f32 = 190.0;
const CAPTION: f32 = 46.0;
const GROUND: Lch = Lch::new(0.19, 0.004, 270.0);
const LIGHT: Lch = Lch::new(0.95, 0.004, 90.0);
const QUIET: Lch = Lch::new(0.70, 0.004, 90.0);

/// See the module.
pub struct FilmStrip;

impl Technique for FilmStrip {
    fn spec(&self) -> wire::Technique {
        technique(
            "Film Strip",
            0.02,
            "A film → a contact sheet. Twelve frames, evenly spaced, with their times.",
        )
        .takes(InputSpec {
            specified_duration: Some(8.0),
            ..input(
                "film",
                "Film",
                IoType::VideoUrl,
                "An MP4 in H.264, about eight seconds long",
            )
        })
        .gives(output("sheet", "Contact sheet", IoType::ImageUrl))
    }

    fn run(&self, job: &Job<'_>) -> Result<Vec<Made>, Failure> {
        let media = job
            .media("film")
            .ok_or_else(|| invalid("Film needs a film"))?;
        let reel = Reel::open(media, "Film")?;
        job.step(0.05)?;
        let frames = reel.frames(FRAMES, |part| job.step(0.05 + 0.65 * part))?;
        let sheet = sheet(&reel, &frames, &stem(&media.name));
        job.step(0.9)?;
        Ok(vec![picture::made_jpeg(&sheet)])
    }
}

fn sheet(reel: &Reel<'_>, frames: &[(f64, RgbImage)], name: &str) -> RgbImage {
    let (width, height) = reel.size();
    // Standing films fit more to a row.
    let columns = if height > width { 6 } else { 4 };
    let wide = ((WIDTH - MARGIN * 2.0 - GAP * (columns as f32 - 1.0)) / columns as f32).floor();
    let tall = (wide * height as f32 / width as f32).round();
    let rows = frames.len().div_ceil(columns);
    let full = HEAD + rows as f32 * (tall + CAPTION + GAP) - GAP + MARGIN * 0.6;
    let mut canvas = Canvas::new(WIDTH as u32, full as u32, GROUND);
    heading(&mut canvas, reel, name);
    for (index, (seconds, frame)) in frames.iter().enumerate() {
        let x = MARGIN + (index % columns) as f32 * (wide + GAP);
        let y = HEAD + (index / columns) as f32 * (tall + CAPTION + GAP);
        let shown = picture::resize(frame, wide as u32, tall as u32);
        let corner = rounded((x, y), (wide, tall), 6.0);
        canvas.clip(corner.as_ref());
        canvas.picture(&shown, (x as i32, y as i32));
        canvas.clip(None);
        Style::new(Face::Medium, 22.0).draw(
            &mut canvas,
            &format!("{:02}", index + 1),
            (x, y + tall + 33.0),
            LIGHT,
        );
        Style::new(Face::Regular, 22.0).draw_right(
            &mut canvas,
            &clock(*seconds),
            (x + wide, y + tall + 33.0),
            QUIET,
        );
    }
    canvas.into_picture()
}

fn heading(canvas: &mut Canvas, reel: &Reel<'_>, name: &str) {
    let (width, height) = reel.size();
    let title = Style::new(Face::Display, 58.0).tracked(-0.015);
    let facts = format!(
        "{}   {width} × {height}   {:.0} fps",
        clock(reel.seconds()),
        reel.fps()
    );
    let small = Style::new(Face::Regular, 28.0);
    let room = WIDTH - MARGIN * 2.0 - small.width(&facts) - 60.0;
    title.draw(
        canvas,
        &title.shorten(&settable(name), room),
        (MARGIN, 122.0),
        LIGHT,
    );
    small.draw_right(canvas, &facts, (WIDTH - MARGIN, 122.0), QUIET);
}

/// `0:07.5`.
fn clock(seconds: f64) -> String {
    let tenths = (seconds * 10.0).round() as u64;
    format!("{}:{:02}.{}", tenths / 600, tenths / 10 % 60, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::studio::job::Body;
    use crate::studio::kit::answers::tests::{decoded, run};
    use crate::studio::kit::film::{Film, Planes};

    #[test]
    fn the_sheet_shows_the_film_from_beginning_to_end() {
        let mut film = Film::new(160, 90, 24, 2_000_000).expect("an encoder");
        for index in 0..72u32 {
            let shade = (20 + index * 3) as u8;
            film.push(&Planes::from_picture(&RgbImage::from_pixel(
                160,
                90,
                image::Rgb([shade, shade, shade]),
            )))
            .expect("a frame");
        }
        let Body::File { bytes, .. } = film.finish().expect("a film").body else {
            panic!("a file")
        };
        let sheet = decoded(&run(&FilmStrip, &[], &[("film", bytes)]).expect("a sheet")[0]);
        assert_eq!(sheet.width(), 2000);
        let shade = |x: u32, y: u32| sheet.get_pixel(x, y).0[0];
        let (first, last) = (shade(200, 300), shade(1800, sheet.height() - 200));
        assert!(first < 45 && last > 190, "first is {first}, last is {last}");
    }

    #[test]
    fn what_is_no_film_is_refused() {
        let failure =
            run(&FilmStrip, &[], &[("film", b"RIFF....WEBP".to_vec())]).expect_err("refused");
        assert_eq!(failure.code, "GENERATION_INPUT_VALIDATION");
        assert_eq!(clock(67.46), "1:07.5");
    }
}
