//! Composition Notes: what can be measured in a picture, said in words.

use std::fmt::Write as _;

use image::RgbImage;

use super::palette_pull::percent;
use crate::studio::job::{Body, Failure, Job, Made, Technique};
use crate::studio::kit::answers;
use crate::studio::kit::cluster::{Swatch, swatches};
use crate::studio::kit::colour::{Lch, hex};
use crate::studio::kit::measure::{Facts, facts};
use crate::studio::kit::names::name_of;
use crate::studio::kit::schema::{Build, input, output, technique};
use crate::studio::kit::seed::{Rng, hash_bytes};
use crate::wire::{self, IoType};

/// See the module.
pub struct CompositionNotes;

impl Technique for CompositionNotes {
    fn spec(&self) -> wire::Technique {
        technique(
            "Composition Notes",
            0.0,
            "Measured, in words. Horizon, balance, light, colour and focus of a picture, without guesses about what it shows.",
        )
        .takes(input("picture", "Picture", IoType::ImageUrl, "The picture to measure"))
        .gives(output("notes", "Notes", IoType::Text))
    }

    fn run(&self, job: &Job<'_>) -> Result<Vec<Made>, Failure> {
        let source = answers::picture(job, "picture", "Picture", 16_384)?;
        job.step(0.35)?;
        let facts = facts(&source);
        job.step(0.7)?;
        let found = swatches(&source, 6, &mut Rng::new(hash_bytes(source.as_raw())));
        job.step(0.95)?;
        let text = notes(&source, &facts, &found);
        Ok(vec![Made {
            kind: IoType::Text,
            body: Body::Text(text),
        }])
    }
}

fn notes(source: &RgbImage, facts: &Facts, found: &[Swatch]) -> String {
    let mut text = String::new();
    for (title, body) in [
        ("Structure", structure(facts)),
        ("Balance", balance(facts)),
        ("Light", light(facts)),
        ("Colour", colour(facts, found)),
        ("Format and focus", format(source, facts)),
    ] {
        let _ = writeln!(text, "## {title}\n\n{body}\n");
    }
    text.trim_end().to_owned()
}

fn structure(facts: &Facts) -> String {
    let lines = match facts.horizon {
        Some((place, clear)) => format!(
            "The horizon sits at {place:.2} of the height, {}. It is {}.",
            third(place, ["upper third", "middle", "lower third"]),
            if clear > 0.85 { "a clean line across the whole width" } else { "broken in places, but clear" },
        ),
        None => "No level line runs across the picture; its order comes from shapes, not from a horizon.".to_owned(),
    };
    let detail = match facts.busy {
        busy if busy < 0.08 => "Large calm areas make up nearly all of it",
        busy if busy < 0.25 => "Calm areas and detail share it",
        busy if busy < 0.5 => "Detail covers much of it",
        _ => "It is busy nearly everywhere",
    };
    format!(
        "{lines} {detail}: edges take {} of the area.",
        percent(facts.busy)
    )
}

fn third(place: f32, [upper, middle, lower]: [&str; 3]) -> String {
    let near = [(1.0 / 3.0, upper), (0.5, middle), (2.0 / 3.0, lower)]
        .into_iter()
        .min_by(|one, other| (one.0 - place).abs().total_cmp(&(other.0 - place).abs()))
        .unwrap_or((0.5, middle));
    let gap = (near.0 - place).abs();
    let how = if gap < 0.02 {
        "right on"
    } else if gap < 0.07 {
        "close to"
    } else {
        "some way from"
    };
    format!("{how} the {}", near.1)
}

fn balance(facts: &Facts) -> String {
    let (x, y) = facts.weight;
    let side = lean(x, ["left", "right"]);
    let height = lean(y, ["top", "bottom"]);
    let rest = if (x - 0.5).abs() < 0.04 && (y - 0.5).abs() < 0.04 {
        "Visual weight rests in the middle".to_owned()
    } else {
        format!("Visual weight rests {side} and {height}, around ({x:.2}, {y:.2})")
    };
    let (fx, fy) = facts.focus;
    let spot = format!(
        "the densest detail is at ({fx:.2}, {fy:.2}), {}",
        if power_point((fx, fy)) < 0.09 {
            "near a crossing of the thirds"
        } else {
            "off the thirds"
        }
    );
    let mirror = match facts.symmetry {
        s if s > 0.9 => "Left and right mirror each other almost fully.",
        s if s > 0.7 => "Left and right are much alike.",
        s if s > 0.4 => "Left and right differ noticeably.",
        _ => "Left and right are quite unlike.",
    };
    format!("{rest}; {spot}. {mirror}")
}

fn lean(place: f32, [low, high]: [&str; 2]) -> String {
    let off = place - 0.5;
    let toward = if off < 0.0 { low } else { high };
    match off.abs() {
        off if off < 0.03 => format!("level between {low} and {high}"),
        off if off < 0.1 => format!("slightly to the {toward}"),
        _ => format!("well to the {toward}"),
    }
}

fn power_point((x, y): (f32, f32)) -> f32 {
    let off = |place: f32| (place - 1.0 / 3.0).abs().min((place - 2.0 / 3.0).abs());
    off(x).hypot(off(y))
}

fn light(facts: &Facts) -> String {
    format!(
        "The picture is {}: mean lightness is {:.0} of 100. Nine tenths of it lie between {:.0} and {:.0}, so contrast is {}.",
        facts.light_word(),
        facts.mean_light * 100.0,
        facts.darkest * 100.0,
        facts.lightest * 100.0,
        facts.contrast_word(),
    )
}

fn colour(facts: &Facts, found: &[Swatch]) -> String {
    let list: Vec<String> = found
        .iter()
        .filter(|swatch| swatch.share >= 0.01)
        .take(4)
        .map(|swatch| {
            format!(
                "{} `{}` ({})",
                name_of(swatch.pixel),
                hex(swatch.pixel),
                percent(swatch.share)
            )
        })
        .collect();
    let mut text = format!(
        "Colour is {} and {}. It is made of {}.",
        facts.colour_word(),
        facts.warmth_word(),
        join(&list)
    );
    if let Some(accent) = accent(found) {
        let _ = write!(
            text,
            " The accent is {} `{}`.",
            name_of(accent.pixel),
            hex(accent.pixel)
        );
    }
    text
}

/// A small share of a strong colour that none of the large ones resembles.
pub(super) fn accent(found: &[Swatch]) -> Option<&Swatch> {
    let large = Lch::from_pixel(found.first()?.pixel);
    found
        .iter()
        .filter(|swatch| swatch.share < 0.15)
        .filter(|swatch| {
            let colour = Lch::from_pixel(swatch.pixel);
            colour.c > 0.1 && colour.distance(large) > 0.2
        })
        .max_by(|one, other| {
            Lch::from_pixel(one.pixel)
                .c
                .total_cmp(&Lch::from_pixel(other.pixel).c)
        })
}

/// `a`, `a and b`, `a, b and c`.
pub(super) fn join(list: &[String]) -> String {
    match list {
        [] => String::new(),
        [only] => only.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

fn format(source: &RgbImage, facts: &Facts) -> String {
    let (width, height) = source.dimensions();
    let megapixels = f64::from(width) * f64::from(height) / 1e6;
    let focus = match facts.sharpness {
        s if s > 0.1 => "Edges are crisp",
        s if s > 0.04 => "Edges are reasonably sharp",
        s if s > 0.015 => "Edges are soft",
        _ => "Edges are very soft, or there are hardly any",
    };
    format!(
        "{width} × {height} pixels ({megapixels:.1} megapixels), {}. {focus} at full size ({:.3}).",
        ratio_name(width, height),
        facts.sharpness,
    )
}

fn ratio_name(width: u32, height: u32) -> String {
    const KNOWN: [(&str, f32); 9] = [
        ("square", 1.0),
        ("5:4", 1.25),
        ("4:3", 4.0 / 3.0),
        ("7:5", 1.4),
        ("3:2", 1.5),
        ("16:10", 1.6),
        ("16:9", 16.0 / 9.0),
        ("2:1", 2.0),
        ("21:9", 21.0 / 9.0),
    ];
    let ratio = width as f32 / height as f32;
    let wide = ratio.max(1.0 / ratio);
    let kind = if ratio >= 1.0 {
        "landscape"
    } else {
        "portrait"
    };
    match KNOWN.iter().find(|(_, known)| (known - wide).abs() < 0.012) {
        Some(("square", _)) => "square".to_owned(),
        Some((name, _)) if ratio >= 1.0 => format!("{name} {kind}"),
        Some((name, _)) => name
            .split_once(':')
            .map_or_else(|| kind.to_owned(), |(a, b)| format!("{b}:{a} {kind}")),
        None => format!("{wide:.2}:1 {kind}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::studio::kit::answers::tests::{run, text};
    use crate::studio::kit::picture;

    #[test]
    fn the_notes_say_what_is_there() {
        let source = RgbImage::from_fn(900, 600, |x, y| {
            image::Rgb(if (x as f32 - 600.0).hypot(y as f32 - 200.0) < 40.0 {
                [242, 165, 58]
            } else if y < 372 {
                [147, 195, 234]
            } else {
                [24, 122, 124]
            })
        });
        let made = run(
            &CompositionNotes,
            &[],
            &[("picture", picture::png(&source))],
        )
        .expect("notes");
        let notes = text(&made[0]);
        for fact in [
            "The horizon sits at 0.62 of the height, close to the lower third",
            "900 × 600",
            "3:2 landscape",
            "teal",
            "The accent is amber `#F2A5",
        ] {
            assert!(notes.contains(fact), "{fact} is missing in:\n{notes}");
        }
    }

    #[test]
    fn ratios_have_the_names_people_use() {
        assert_eq!(ratio_name(1080, 1350), "4:5 portrait");
        assert_eq!(ratio_name(500, 500), "square");
        assert_eq!(ratio_name(1000, 570), "1.75:1 landscape");
    }
}
