//! Pattern Maker: words become four seamless tiles.

use image::RgbImage;

use crate::studio::job::{Failure, Input, Job, Made, Technique};
use crate::studio::kit::answers::{self, invalid};
use crate::studio::kit::canvas::Canvas;
use crate::studio::kit::motifs::{Motif, Scale, bloom, dots, geometry, lines};
use crate::studio::kit::palette::{Ground, Harmony};
use crate::studio::kit::schema::{Build, input, optional, output, technique};
use crate::studio::kit::seed::Rng;
use crate::studio::kit::{names, picture};
use crate::wire::{self, InputSpec, IoType, OutputSpec};

/// Side of a tile in pixels: a multiple of the grain's period, so that the grain has no seam either.
const SIDE: u32 = 1024;

/// How much of a tile's side a border takes on each edge.
const FRAME: f32 = 0.085;

/// Four families, so that the four tiles of a run never look alike; the words choose within each.
const FAMILIES: [[Motif; 3]; 4] = [
    [dots::field, dots::pebbles, dots::confetti],
    [lines::currents, lines::strata, lines::reeds],
    [geometry::quarters, geometry::collage, geometry::leaves],
    [bloom::mandala, bloom::sprigs, bloom::scales],
];

/// See the module.
pub struct PatternMaker;

impl Technique for PatternMaker {
    fn spec(&self) -> wire::Technique {
        let tile = |number: usize| OutputSpec {
            specified_aspect_ratio: Some("1:1".into()),
            ..output(
                &format!("tile_{number}"),
                &format!("Tile {number}"),
                IoType::ImageUrl,
            )
        };
        technique(
            "Pattern Maker",
            0.0,
            "Words → four seamless tiles. The same words always give the same tiles.",
        )
        .takes(input(
            "words",
            "Words",
            IoType::Text,
            "A place, a time, a few colours: quiet harbour at dawn, teal and rust",
        ))
        .takes(InputSpec {
            accepts_element: true,
            ..optional(
                "reference",
                "Reference picture",
                IoType::ImageUrl,
                "The tiles take their colours from it",
            )
        })
        .takes(InputSpec {
            specified_aspect_ratio: Some("1:1".into()),
            ..optional(
                "border",
                "Border",
                IoType::ImageUrl,
                "A square picture whose rim frames each tile",
            )
        })
        .takes(optional(
            "scale",
            "Scale",
            IoType::Text,
            "Small motifs, generous ground",
        ))
        .gives(tile(1))
        .gives(tile(2))
        .gives(tile(3))
        .gives(tile(4))
    }

    fn run(&self, job: &Job<'_>) -> Result<Vec<Made>, Failure> {
        let words = answers::words(job, "words", "Words")?;
        let scale = answers::optional_words(job, "scale").map_or(Scale::USUAL, Scale::from_words);
        let border = answers::optional_picture(job, "border", "Border", SIDE)?;
        let mut rng = Rng::from_words(words, "pattern");
        let harmony = harmony(job, words, &mut rng)?;
        job.step(0.08)?;
        let grounds = harmony.grounds(&mut rng);
        let grain = if words.to_lowercase().contains("grain") {
            5.0
        } else {
            2.2
        };
        let mut tiles = Vec::new();
        for (index, family) in FAMILIES.iter().enumerate() {
            let motif = *rng.pick(family);
            let mut tile = draw(motif, &harmony, grounds[index], scale, &mut rng.fork());
            if let Some(border) = &border {
                frame(&mut tile, border);
            }
            picture::grain(&mut tile, grain);
            job.step(0.12 + 0.22 * index as f32)?;
            tiles.push(picture::made_png(&tile));
            job.step(0.22 + 0.22 * index as f32)?;
        }
        Ok(tiles)
    }
}

fn harmony(job: &Job<'_>, words: &str, rng: &mut Rng) -> Result<Harmony, Failure> {
    match job.inputs.get("reference") {
        Some(Input::Text(id)) => Harmony::element(id.trim()).ok_or_else(|| {
            invalid(format!(
                "Reference picture: the studio has no element {}",
                id.trim()
            ))
        }),
        Some(Input::Media(media)) => {
            let reference = picture::decode(media, "Reference picture", 512)?;
            let mut harmony = Harmony::from_picture(&reference, rng);
            let moods = names::moods_in(words);
            harmony.light += moods.iter().map(|mood| mood.light).sum::<f32>();
            Ok(harmony)
        }
        None => Ok(Harmony::from_words(words, rng)),
    }
}

fn draw(motif: Motif, harmony: &Harmony, ground: Ground, scale: Scale, rng: &mut Rng) -> RgbImage {
    let palette = harmony.on(ground);
    let mut canvas = Canvas::tile(SIDE, palette.ground);
    motif(&mut canvas, &palette, scale, rng);
    canvas.into_picture()
}

/// Frames a tile with the rim of a picture. All four sides are the same strip, mirrored in its middle and
/// mitred at the corners, so that framed tiles meet without a seam.
fn frame(tile: &mut RgbImage, border: &RgbImage) {
    let border = picture::cover(border, SIDE, SIDE);
    let depth = (SIDE as f32 * FRAME) as u32;
    let last = SIDE - 1;
    for y in 0..SIDE {
        for x in 0..SIDE {
            let (from_x, from_y) = (x.min(last - x), y.min(last - y));
            let rim = from_x.min(from_y);
            if rim >= depth {
                continue;
            }
            let along = from_x.max(from_y);
            let pixel = *border.get_pixel(along, rim);
            let inner = depth - rim <= 3;
            tile.put_pixel(
                x,
                y,
                if inner {
                    image::Rgb(pixel.0.map(|channel| channel / 2))
                } else {
                    pixel
                },
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::studio::kit::answers::tests::{decoded, run, test_picture};

    /// Mean difference across the seam, and between neighbours inside.
    fn seam_and_inside(tile: &RgbImage) -> (f32, f32) {
        let gap = |a: (u32, u32), b: (u32, u32)| {
            let (a, b) = (tile.get_pixel(a.0, a.1).0, tile.get_pixel(b.0, b.1).0);
            (0..3)
                .map(|channel| f32::from(a[channel].abs_diff(b[channel])))
                .sum::<f32>()
        };
        let (mut seam, mut inside, mut count) = (0.0, 0.0, 0.0);
        for at in 0..SIDE {
            seam += gap((0, at), (SIDE - 1, at)) + gap((at, 0), (at, SIDE - 1));
            for line in [200, 400, 600, 800] {
                inside += gap((line, at), (line + 1, at)) + gap((at, line), (at, line + 1));
                count += 1.0;
            }
        }
        (seam / SIDE as f32, inside / count)
    }

    #[test]
    fn every_motif_tiles_without_a_seam() {
        for (family, motifs) in FAMILIES.iter().enumerate() {
            for (kind, motif) in motifs.iter().enumerate() {
                let mut rng = Rng::new(40 + kind as u64);
                let harmony = Harmony::from_words("lichen on slate", &mut rng);
                let mut tile = draw(*motif, &harmony, Ground::Deep, Scale::USUAL, &mut rng);
                picture::grain(&mut tile, 2.0);
                let (seam, inside) = seam_and_inside(&tile);
                assert!(inside > 0.5, "family {family}, motif {kind} is empty");
                assert!(
                    seam < inside * 2.0 + 6.0,
                    "family {family}, motif {kind}: seam {seam}, inside {inside}"
                );
            }
        }
    }

    #[test]
    fn a_border_frames_without_a_seam_and_shows_its_colours() {
        let mut tile = RgbImage::new(SIDE, SIDE);
        let border = image::load_from_memory(&test_picture(300, 300))
            .expect("a picture")
            .into_rgb8();
        frame(&mut tile, &border);
        for at in 0..SIDE {
            assert_eq!(tile.get_pixel(0, at), tile.get_pixel(SIDE - 1, at));
            assert_eq!(tile.get_pixel(at, 0), tile.get_pixel(at, SIDE - 1));
        }
        assert_eq!(tile.get_pixel(SIDE / 2, SIDE / 2).0, [0, 0, 0]);
    }

    #[test]
    fn the_same_words_give_the_same_bytes_and_others_do_not() {
        let bytes = |words: &str| {
            let made = run(&PatternMaker, &[("words", words)], &[]).expect("tiles");
            assert_eq!(made.len(), 4);
            crate::studio::kit::seed::hash_bytes(decoded(&made[1]).as_raw())
        };
        assert_eq!(bytes("quiet harbour"), bytes(" Quiet harbour"));
        assert_ne!(bytes("quiet harbour"), bytes("loud harbour"));
    }

    #[test]
    fn inputs_that_make_no_sense_are_refused() {
        let code = |texts: &[(&str, &str)], files: &[(&str, Vec<u8>)]| {
            run(&PatternMaker, texts, files).expect_err("refused").code
        };
        assert_eq!(code(&[("words", "  ")], &[]), "GENERATION_INPUT_VALIDATION");
        assert_eq!(
            code(&[("words", "moss"), ("reference", "elem_nope")], &[]),
            "GENERATION_INPUT_VALIDATION"
        );
        assert_eq!(
            code(&[("words", "moss")], &[("reference", b"no".to_vec())]),
            "GENERATION_INPUT_VALIDATION"
        );
    }
}
