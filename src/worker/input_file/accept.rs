//! Which files FLORA takes for which input, and what to say of the others. Pure.

use crate::media::{Format, Sniffed};
use crate::model::{MediaFacts, MediaKind, Problem};

/// Larger files are not taken: they would be copied, hashed and uploaded for minutes.
pub(super) const MAX_BYTES: u64 = 1_000_000_000;

/// FLORA's limit for pictures, in pixels.
const MAX_PIXELS: u64 = 150_000_000;

/// Checks what a file was found to be against what the input takes.
///
/// # Errors
/// Which file, why not, and what would do.
pub(super) fn format(name: &str, sniffed: &Sniffed, wanted: &MediaKind) -> Result<(), Problem> {
    let found = sniffed.kind.as_ref();
    if is_taken(sniffed.format, wanted) {
        return Ok(());
    }
    if found == Some(wanted) {
        return Err(Problem::new(format!(
            "{name} is {}; this is not taken",
            article(sniffed.name)
        ))
        .with_hint(format!("FLORA takes {}", formats(wanted))));
    }
    let what = match found {
        Some(kind) => article(kind.noun()),
        None => article(sniffed.name),
    };
    Err(Problem::new(format!(
        "{name} is {what}; here goes {}",
        article(wanted.noun())
    ))
    .with_hint(format!("FLORA takes {}", formats(wanted))))
}

/// Checks how large a file is, in bytes.
///
/// # Errors
/// When it is empty or too large.
pub(super) fn length(name: &str, bytes: u64) -> Result<(), Problem> {
    match bytes {
        0 => Err(Problem::new(format!("{name} is empty")).with_hint("Choose another file")),
        1..=MAX_BYTES => Ok(()),
        _ => Err(
            Problem::new(format!("{name} is too large: {:.1} GB", bytes as f64 / 1e9))
                .with_hint("Florist takes files up to 1 GB"),
        ),
    }
}

/// Checks how many pixels a picture has.
///
/// # Errors
/// When FLORA would refuse it.
pub(super) fn pixels(name: &str, facts: &MediaFacts) -> Result<(), Problem> {
    let (Some(width), Some(height)) = (facts.width, facts.height) else {
        return Ok(());
    };
    let pixels = u64::from(width) * u64::from(height);
    if pixels <= MAX_PIXELS {
        return Ok(());
    }
    Err(Problem::new(format!(
        "{name} has {} megapixels",
        pixels.div_ceil(1_000_000)
    ))
    .with_hint("FLORA takes pictures up to 150 megapixels; make it smaller first"))
}

fn is_taken(format: Format, wanted: &MediaKind) -> bool {
    use Format as F;
    match wanted {
        MediaKind::Image => matches!(
            format,
            F::Jpeg | F::Png | F::WebP | F::Gif | F::Avif | F::Heic
        ),
        MediaKind::Video => matches!(format, F::Mp4 | F::WebM | F::QuickTime),
        MediaKind::Audio => matches!(format, F::Mp3 | F::Wav | F::Ogg | F::Opus),
        MediaKind::Document => format == F::Pdf,
        MediaKind::Text => false,
        // A kind to come: whatever FLORA takes at all.
        MediaKind::Other(_) => [
            MediaKind::Image,
            MediaKind::Video,
            MediaKind::Audio,
            MediaKind::Document,
        ]
        .iter()
        .any(|kind| is_taken(format, kind)),
    }
}

fn formats(kind: &MediaKind) -> &'static str {
    match kind {
        MediaKind::Image => "JPEG, PNG, WebP, GIF, AVIF and HEIC",
        MediaKind::Video => "MP4, WebM and QuickTime",
        MediaKind::Audio => "MP3, WAV and Ogg",
        MediaKind::Document => "PDF",
        MediaKind::Text => "text that is typed or pasted into the field",
        MediaKind::Other(_) => "pictures, videos, sounds and PDF",
    }
}

/// "a picture", "an MP3": by how the word is spoken.
fn article(noun: &str) -> String {
    // "an unknown file" brings its own.
    if noun.starts_with("an ") || noun.starts_with("a ") {
        return noun.to_owned();
    }
    if ["text", "Text"].contains(&noun) {
        return "text".to_owned();
    }
    let begins_like_a_vowel = noun.starts_with(['A', 'a', 'E', 'e', 'I', 'i', 'O', 'o'])
        || ["MP", "RTF", "SVG", "HTML", "XML", "FLAC"]
            .iter()
            .any(|spelt| noun.starts_with(spelt));
    format!("{} {noun}", if begins_like_a_vowel { "an" } else { "a" })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(name: &str, found: Format, wanted: &MediaKind) -> Problem {
        format(name, &found.into(), wanted).unwrap_err()
    }

    #[test]
    fn what_flora_takes_is_taken() {
        for (formats, kind) in [
            (
                &[
                    Format::Jpeg,
                    Format::Png,
                    Format::WebP,
                    Format::Gif,
                    Format::Avif,
                    Format::Heic,
                ][..],
                MediaKind::Image,
            ),
            (
                &[Format::Mp4, Format::WebM, Format::QuickTime],
                MediaKind::Video,
            ),
            (&[Format::Mp3, Format::Wav, Format::Ogg], MediaKind::Audio),
            (&[Format::Pdf], MediaKind::Document),
        ] {
            for found in formats {
                assert_eq!(format("x", &(*found).into(), &kind), Ok(()), "{found:?}");
            }
        }
    }

    #[test]
    fn another_kind_is_named_with_what_is_needed() {
        let problem = refusal("harbour.mp4", Format::Mp4, &MediaKind::Image);
        assert_eq!(
            problem.summary,
            "harbour.mp4 is a video; here goes a picture"
        );
        let problem = refusal("notes.txt", Format::Text, &MediaKind::Document);
        assert_eq!(problem.summary, "notes.txt is text; here goes a document");
        let problem = refusal("x.bin", Format::Unknown, &MediaKind::Audio);
        assert_eq!(
            problem.summary,
            "x.bin is an unknown file; here goes a sound"
        );
    }

    #[test]
    fn the_right_kind_in_a_format_that_is_not_taken_says_which_are() {
        let problem = refusal("poster.tif", Format::Tiff, &MediaKind::Image);
        assert_eq!(problem.summary, "poster.tif is a TIFF; this is not taken");
        assert!(problem.hint.contains("PNG"), "{problem:?}");
    }

    #[test]
    fn sizes_are_checked_at_both_ends() {
        assert!(length("x", 0).unwrap_err().summary.contains("empty"));
        assert!(length("x", 1).is_ok());
        assert!(length("x", MAX_BYTES).is_ok());
        let problem = length("film.mp4", 3_200_000_000).unwrap_err();
        assert_eq!(problem.summary, "film.mp4 is too large: 3.2 GB");
    }

    #[test]
    fn a_picture_beyond_floras_limit_is_refused_before_it_costs_anything() {
        let facts = |width, height| MediaFacts {
            width: Some(width),
            height: Some(height),
            ..MediaFacts::default()
        };
        assert!(pixels("x", &facts(15_000, 10_000)).is_ok());
        let problem = pixels("wall.png", &facts(20_000, 10_000)).unwrap_err();
        assert_eq!(problem.summary, "wall.png has 200 megapixels");
        assert!(pixels("x", &MediaFacts::default()).is_ok());
    }
}
