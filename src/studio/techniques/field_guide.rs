//! Field Guide: pictures and a title become a small book.

use image::RgbImage;

use super::composition_notes::{accent, join};
use super::palette_pull::percent;
use super::stem;
use crate::studio::job::{Failure, Job, Made, Technique};
use crate::studio::kit::answers::{self, invalid};
use crate::studio::kit::cluster::{Swatch, swatches};
use crate::studio::kit::colour::{Lch, contrast, hex};
use crate::studio::kit::lettering::{Face, Style, settable};
use crate::studio::kit::measure::{Facts, facts};
use crate::studio::kit::names::name_of;
use crate::studio::kit::palette::{Ground, Harmony, Palette};
use crate::studio::kit::pdf::Document;
use crate::studio::kit::picture;
use crate::studio::kit::schema::{Build, input, optional, output, technique};
use crate::studio::kit::seed::{Rng, hash_bytes};
use crate::wire::{self, IoType};

const PICTURES: usize = 6;

/// A5 in points.
const WIDTH: f32 = 419.53;
const HEIGHT: f32 = 595.28;
const MARGIN: f32 = 36.0;
const INNER: f32 = WIDTH - MARGIN * 2.0;

const INK: Lch = Lch::new(0.22, 0.01, 90.0);
const QUIET: Lch = Lch::new(0.52, 0.01, 90.0);
const PAPER: Lch = Lch::new(0.985, 0.005, 90.0);

const BODY: Style = Style::new(Face::Regular, 9.5);
const LABEL: Style = Style::new(Face::Medium, 8.0);

/// See the module.
pub struct FieldGuide;

impl Technique for FieldGuide {
    fn spec(&self) -> wire::Technique {
        let spec = technique(
            "Field Guide",
            0.04,
            "Pictures and a title → a small book. Each picture gets a plate with its measured colours, and all share an index.",
        )
        .takes(input("title", "Title", IoType::Text, "Six lichens of the north shore"))
        .takes(input("picture_1", "Picture 1", IoType::ImageUrl, "The first plate, and the cover"));
        (2..=PICTURES)
            .fold(spec, |spec, number| {
                spec.takes(optional(
                    &format!("picture_{number}"),
                    &format!("Picture {number}"),
                    IoType::ImageUrl,
                    "Another plate",
                ))
            })
            .takes(optional(
                "author",
                "Author",
                IoType::Text,
                "A name for the cover",
            ))
            .gives(output("guide", "Guide", IoType::DocumentUrl))
    }

    fn run(&self, job: &Job<'_>) -> Result<Vec<Made>, Failure> {
        let title = settable(answers::words(job, "title", "Title")?).replace('\n', " ");
        if title.is_empty() {
            return Err(invalid(
                "Title: the typeface has no letters for this; it sets Latin, Greek and Cyrillic",
            ));
        }
        let author = answers::optional_words(job, "author")
            .map(settable)
            .unwrap_or_default();
        let pictures = answers::pictures(job, PICTURES, picture::WORKING_SIDE)?;
        let mut plates = Vec::new();
        for (index, (shown, name)) in pictures.into_iter().enumerate() {
            plates.push(Plate::new(shown, &name, index + 1));
            job.step(0.25 + 0.3 * (index + 1) as f32 / PICTURES as f32)?;
        }
        let mut document = Document::new((WIDTH, HEIGHT), &title);
        cover(&mut document, &title, &author, &plates);
        for (index, plate) in plates.iter().enumerate() {
            plate_page(&mut document, &title, plate);
            job.step(0.55 + 0.35 * (index + 1) as f32 / plates.len() as f32)?;
        }
        index_page(&mut document, &title, &plates);
        job.step(0.95)?;
        Ok(vec![document.into_made()])
    }
}

/// A picture with what was measured of it.
struct Plate {
    number: usize,
    picture: RgbImage,
    name: String,
    facts: Facts,
    found: Vec<Swatch>,
}

impl Plate {
    fn new(picture: RgbImage, name: &str, number: usize) -> Self {
        let facts = facts(&picture);
        let found = swatches(&picture, 5, &mut Rng::new(hash_bytes(picture.as_raw())));
        let label = settable(&stem(name));
        let name = if label.is_empty() {
            format!("Plate {number}")
        } else {
            label
        };
        Self {
            number,
            picture,
            name,
            facts,
            found,
        }
    }

    /// What was measured, in two or three sentences.
    fn caption(&self) -> String {
        let main: Vec<String> = self
            .found
            .iter()
            .take(2)
            .map(|swatch| name_of(swatch.pixel).to_owned())
            .collect();
        let mut text = format!("Mostly {}", join(&main));
        match accent(&self.found) {
            Some(accent) if !main.iter().any(|name| name == name_of(accent.pixel)) => {
                text += &format!(", with an accent of {}. ", name_of(accent.pixel));
            }
            _ => text += ". ",
        }
        text += &format!(
            "The plate is {}; contrast is {}. Colour is {} and {}.",
            self.facts.light_word(),
            self.facts.contrast_word(),
            self.facts.colour_word(),
            self.facts.warmth_word(),
        );
        if let Some((place, _)) = self.facts.horizon {
            text += &format!(" The horizon lies {:.0} % down.", place * 100.0);
        }
        text
    }
}

fn cover(document: &mut Document, title: &str, author: &str, plates: &[Plate]) {
    document.page();
    let first = &plates[0];
    let palette = cover_palette(first);
    document.rect((0.0, 0.0), (WIDTH, HEIGHT), palette.ground);
    let tall = HEIGHT * 0.6;
    let shown = picture::cover(&first.picture, 1200, (1200.0 * tall / WIDTH) as u32);
    document.picture(&shown, (0.0, 0.0), (WIDTH, tall));
    let mut style = Style::new(Face::Display, 46.0).tracked(-0.02);
    let mut lines = style.wrap_evenly(title, INNER);
    while (lines.len() > 3 || lines.iter().any(|line| style.width(line) > INNER))
        && style.size > 16.0
    {
        style = style.sized(style.size - 2.0);
        lines = style.wrap_evenly(title, INNER);
    }
    lines.truncate(6);
    let mut baseline = tall + 34.0 + style.cap_height();
    for line in &lines {
        document.text(
            style,
            line,
            (MARGIN - style.size * 0.04, baseline),
            palette.line,
        );
        baseline += style.size * 1.0;
    }
    let count = if plates.len() == 1 {
        "One plate".to_owned()
    } else {
        format!("{} plates", plates.len())
    };
    let foot = HEIGHT - MARGIN;
    document.text(BODY, &count, (MARGIN, foot), palette.line);
    let author = BODY.shorten(author, INNER * 0.6);
    document.text(
        BODY,
        &author,
        (WIDTH - MARGIN - BODY.width(&author), foot),
        palette.line,
    );
}

fn cover_palette(first: &Plate) -> Palette {
    let harmony = Harmony::from_picture(&first.picture, &mut Rng::new(1));
    harmony.on(if first.facts.mean_light < 0.62 {
        Ground::Deep
    } else {
        Ground::Pale
    })
}

fn plate_page(document: &mut Document, title: &str, plate: &Plate) {
    document.page();
    document.rect((0.0, 0.0), (WIDTH, HEIGHT), PAPER);
    running_head(document, title);
    let room = (INNER, 294.0);
    let ratio = plate.picture.width() as f32 / plate.picture.height() as f32;
    // The picture keeps its format; one that is very wide or tall is cut to what the page can show.
    let (width, height) = if ratio > room.0 / room.1 {
        (room.0, (room.0 / ratio).max(150.0))
    } else {
        ((room.1 * ratio).max(150.0), room.1)
    };
    let shown = picture::cover(&plate.picture, (width * 3.2) as u32, (height * 3.2) as u32);
    let top = 66.0;
    document.picture(&shown, (MARGIN, top), (width, height));
    let below = (top + height + 34.0).max(300.0);
    let heading = Style::new(Face::Display, 22.0).tracked(-0.015);
    let number = format!("{}", plate.number);
    document.text(heading, &number, (MARGIN, below), QUIET);
    let name = heading.shorten(&plate.name, INNER - 30.0);
    document.text(heading, &name, (MARGIN + 26.0, below), INK);
    let mut baseline = below + 22.0;
    for line in BODY.wrap(&plate.caption(), INNER - 26.0).iter().take(6) {
        document.text(BODY, line, (MARGIN + 26.0, baseline), INK);
        baseline += 14.0;
    }
    swatch_row(document, &plate.found, HEIGHT - MARGIN - 84.0);
}

fn running_head(document: &mut Document, title: &str) {
    let page = document.count().to_string();
    let label = LABEL.shorten(title, INNER - 40.0);
    document.text(LABEL, &label, (MARGIN, 40.0), QUIET);
    document.text(
        LABEL,
        &page,
        (WIDTH - MARGIN - LABEL.width(&page), 40.0),
        QUIET,
    );
    document.rect((MARGIN, 48.0), (INNER, 0.5), QUIET);
}

fn swatch_row(document: &mut Document, found: &[Swatch], top: f32) {
    let gap = 6.0;
    let wide = (INNER - gap * 4.0) / 5.0;
    for (index, swatch) in found.iter().enumerate() {
        let x = MARGIN + index as f32 * (wide + gap);
        let colour = Lch::from_pixel(swatch.pixel);
        document.rect((x, top), (wide, 40.0), colour);
        if contrast(swatch.pixel, PAPER.pixel()) < 1.12 {
            for (corner, size) in [
                ((x, top), (wide, 0.5)),
                ((x, top + 39.5), (wide, 0.5)),
                ((x, top), (0.5, 40.0)),
                ((x + wide - 0.5, top), (0.5, 40.0)),
            ] {
                document.rect(corner, size, QUIET);
            }
        }
        let small = Style::new(Face::Regular, 7.5);
        document.text(LABEL, &hex(swatch.pixel), (x, top + 52.0), INK);
        document.text(
            small,
            &small.shorten(name_of(swatch.pixel), wide),
            (x, top + 63.0),
            QUIET,
        );
        document.text(small, &percent(swatch.share), (x, top + 74.0), QUIET);
    }
}

/// All colours of all plates, dark to light.
fn index_page(document: &mut Document, title: &str, plates: &[Plate]) {
    document.page();
    document.rect((0.0, 0.0), (WIDTH, HEIGHT), PAPER);
    running_head(document, title);
    let heading = Style::new(Face::Display, 22.0).tracked(-0.015);
    document.text(heading, "Colours", (MARGIN - 1.0, 92.0), INK);
    let mut all: Vec<(Lch, &Swatch, usize)> = plates
        .iter()
        .flat_map(|plate| {
            plate
                .found
                .iter()
                .map(|swatch| (Lch::from_pixel(swatch.pixel), swatch, plate.number))
        })
        .collect();
    all.sort_by(|one, other| one.0.l.total_cmp(&other.0.l));
    let rows = all.len().div_ceil(2).max(1);
    let pitch = (430.0 / rows as f32).min(30.0);
    for (index, (colour, swatch, number)) in all.iter().enumerate() {
        let x = MARGIN + (index / rows) as f32 * (INNER / 2.0 + 6.0);
        let y = 116.0 + (index % rows) as f32 * pitch;
        document.rect((x, y), (30.0, pitch - 4.0), *colour);
        let baseline = y + pitch / 2.0 + 1.0;
        document.text(LABEL, &hex(swatch.pixel), (x + 40.0, baseline), INK);
        document.text(
            LABEL.sized(7.5),
            &format!("{}, plate {number}", name_of(swatch.pixel)),
            (x + 84.0, baseline),
            QUIET,
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::studio::kit::answers::tests::{file, run, test_picture};
    use crate::studio::kit::pdf_facts::Facts as PdfFacts;

    #[test]
    fn the_book_has_a_cover_a_plate_a_picture_and_an_index() {
        let files = [
            ("picture_1", test_picture(300, 200)),
            ("picture_3", test_picture(200, 300)),
        ];
        let made = run(&FieldGuide, &[("title", "Żółte łodzie 2027 🌊")], &files).expect("a book");
        let bytes = file(&made[0]);
        let facts = PdfFacts::read(bytes).expect("our own document");
        assert_eq!(facts.pages, 4);
        assert_eq!(facts.title.as_deref(), Some("Żółte łodzie 2027"));
        assert!(
            facts.fonts.iter().any(|font| font.contains("Inter")),
            "{:?}",
            facts.fonts
        );
        assert!(bytes.len() < 900_000, "{} bytes", bytes.len());
    }

    #[test]
    fn a_title_without_letters_is_refused() {
        let failure = run(
            &FieldGuide,
            &[("title", "花")],
            &[("picture_1", test_picture(60, 60))],
        )
        .expect_err("refused");
        assert_eq!(failure.code, "GENERATION_INPUT_VALIDATION");
    }
}
