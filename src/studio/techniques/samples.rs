//! Sample pictures, drawn by the studio itself, for a first run without pictures of one's own.

mod coast;
mod land;
mod plants;

use image::RgbImage;

use crate::studio::kit::canvas::Canvas;
use crate::studio::kit::motifs::{Scale, geometry};
use crate::studio::kit::palette::{Ground, Harmony};
use crate::studio::kit::picture;
use crate::studio::kit::seed::Rng;

/// A sample picture as a file.
#[derive(Clone, Debug)]
pub struct Sample {
    pub name: &'static str,
    pub bytes: Vec<u8>,
    pub content_type: &'static str,
}

type Draw = fn() -> RgbImage;

const SAMPLES: [(&str, Draw); 6] = [
    ("harbour-07.jpg", coast::harbour),
    ("dunes.jpg", land::dunes),
    ("dahlia.jpg", plants::dahlia),
    ("night-hills.jpg", land::night_hills),
    ("paper-shapes.jpg", paper_shapes),
    ("lichen.jpg", plants::lichen),
];

/// The file names of all samples, in order, without drawing any.
pub fn names() -> impl Iterator<Item = &'static str> + Clone {
    SAMPLES.iter().map(|sample| sample.0)
}

/// Draws one sample.
pub fn sample(name: &str) -> Option<Sample> {
    let (name, draw) = SAMPLES.iter().find(|sample| sample.0 == name)?;
    Some(Sample {
        name,
        bytes: picture::jpeg(&draw(), 92),
        content_type: "image/jpeg",
    })
}

/// Draws all samples. Takes a second or two: call it off the main thread.
pub fn samples() -> Vec<Sample> {
    names().filter_map(sample).collect()
}

fn paper_shapes() -> RgbImage {
    let mut rng = Rng::from_words("paper shapes", "sample");
    let harmony = Harmony::element("elem_harbour").expect("a built-in element");
    let palette = harmony.on(Ground::Pale);
    let mut canvas = Canvas::new(1800, 1800, palette.ground);
    geometry::collage(
        &mut canvas,
        &palette,
        Scale {
            size: 1.35,
            room: 0.8,
        },
        &mut rng,
    );
    let mut picture = canvas.into_picture();
    picture::grain(&mut picture, 4.0);
    picture
}

fn finish(canvas: Canvas, grain: f32) -> RgbImage {
    let mut picture = canvas.into_picture();
    picture::grain(&mut picture, grain);
    picture
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_are_pictures_of_a_useful_size_and_always_the_same() {
        for name in names() {
            let drawn = sample(name).expect("a sample of that name");
            let picture = image::load_from_memory(&drawn.bytes).expect("a JPEG");
            assert!(
                picture.width().max(picture.height()) >= 1600,
                "{name} is small"
            );
            assert!(
                picture.width().max(picture.height()) <= 2400,
                "{name} is large"
            );
        }
        let dunes = || sample("dunes.jpg").map(|one| one.bytes);
        assert!(dunes() == dunes(), "a sample differs from itself");
        assert!(sample("nothing.jpg").is_none());
    }
}
