//! A technique that makes what its words name, each of a kind and size that a test can foretell.

use std::io::Cursor;

use crate::studio::job::{Body, Failure, Job, Made, Technique};
use crate::wire::{self, Extra, InputSpec, IoType};

/// The technique's id.
pub(super) const ID: &str = "tech_kit";

/// What the studio offers in these tests.
pub(super) fn techniques() -> Vec<Box<dyn Technique>> {
    vec![Box::new(Kit)]
}

/// Makes one output a word: `picture`, `noise` (a picture of 200 KB), `text`, `sound`, `document`, `page` (a web page
/// that claims to be a picture), `nothing` (a file without bytes).
struct Kit;

impl Technique for Kit {
    fn spec(&self) -> wire::Technique {
        wire::Technique {
            technique_id: ID.to_owned(),
            name: "Kit".to_owned(),
            slug: None,
            description: None,
            run_cost: Some(0.01),
            inputs: vec![InputSpec {
                id: "things".to_owned(),
                name: "Things".to_owned(),
                kind: IoType::Text,
                description: None,
                optional: false,
                allow_multiple: false,
                accepts_element: false,
                specified_aspect_ratio: None,
                specified_duration: None,
                extra: Extra::new(),
            }],
            outputs: Vec::new(),
            extra: Extra::new(),
        }
    }

    fn run(&self, job: &Job<'_>) -> Result<Vec<Made>, Failure> {
        let things = job.text("things").unwrap_or_default();
        things
            .split_whitespace()
            .zip(1_u8..)
            .map(|(thing, number)| made(thing, number))
            .collect()
    }
}

fn made(thing: &str, number: u8) -> Result<Made, Failure> {
    let (kind, extension, content_type, bytes) = match thing {
        "text" => {
            return Ok(Made {
                kind: IoType::Text,
                body: Body::Text(format!("Thing number {number}, in five words or so.")),
            });
        }
        "picture" => (IoType::ImageUrl, "png", "image/png", picture(number)),
        "noise" => (IoType::ImageUrl, "png", "image/png", noise(number)),
        "page" => (IoType::ImageUrl, "png", "image/png", page()),
        "nothing" => (IoType::ImageUrl, "png", "image/png", Vec::new()),
        "sound" => (IoType::AudioUrl, "wav", "audio/wav", sound()),
        "document" => (IoType::DocumentUrl, "pdf", "application/pdf", document()),
        other => return Err(Failure::new("GENERATION_INVALID_PARAMS", other)),
    };
    Ok(Made {
        kind,
        body: Body::File {
            extension,
            content_type,
            bytes,
        },
    })
}

/// 64 × 48 pixels of one colour.
pub(super) fn picture(number: u8) -> Vec<u8> {
    let colour = image::Rgb([number.wrapping_mul(40), 90, 160]);
    png(image::RgbImage::from_pixel(64, 48, colour).into())
}

/// A picture that cannot be compressed.
pub(super) fn noise(number: u8) -> Vec<u8> {
    let mut state = u32::from(number) + 1;
    let pixels = image::RgbImage::from_fn(256, 256, |_, _| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let [a, b, c, _] = state.to_be_bytes();
        image::Rgb([a, b, c])
    });
    png(pixels.into())
}

pub(super) fn png(picture: image::DynamicImage) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture
        .write_to(&mut bytes, image::ImageFormat::Png)
        .expect("a picture can be written to memory");
    bytes.into_inner()
}

/// Half a second.
pub(super) fn sound() -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let spec = hound::WavSpec {
        channels: 1,
        sample_rate: 8000,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut writer = hound::WavWriter::new(&mut bytes, spec).expect("a sound");
    for sample in 0..4000_i16 {
        writer.write_sample(sample).expect("a sample");
    }
    writer.finalize().expect("a sound can be written to memory");
    bytes.into_inner()
}

/// Two empty pages.
pub(super) fn document() -> Vec<u8> {
    use pdf_writer::{Pdf, Rect, Ref};
    let mut pdf = Pdf::new();
    let (catalog, tree) = (Ref::new(1), Ref::new(2));
    let pages = [Ref::new(3), Ref::new(4)];
    pdf.catalog(catalog).pages(tree);
    pdf.pages(tree).kids(pages).count(2);
    for page in pages {
        let mut written = pdf.page(page);
        written
            .parent(tree)
            .media_box(Rect::new(0.0, 0.0, 100.0, 100.0));
    }
    pdf.finish()
}

fn page() -> Vec<u8> {
    b"<!DOCTYPE html><html><body>Please sign in</body></html>".to_vec()
}
