//! Reading a run's answers: words, numbers and pictures, each with a failure that says what to change.

use image::RgbImage;

use super::picture;
use crate::studio::job::{Failure, Input, Job};

/// Words beyond this many characters change nothing that can be seen.
pub const LONGEST_WORDS: usize = 2000;

/// A failure the person can mend by changing an input.
pub fn invalid(message: impl Into<String>) -> Failure {
    Failure::new("GENERATION_INPUT_VALIDATION", message)
}

/// The words of a required text input, trimmed and cut to a sensible length.
///
/// # Errors
/// `GENERATION_INPUT_VALIDATION` when nothing is left.
pub fn words<'a>(job: &'a Job<'_>, id: &str, input: &str) -> Result<&'a str, Failure> {
    optional_words(job, id).ok_or_else(|| invalid(format!("{input} needs at least one word")))
}

/// The words of an optional text input, if there are any.
pub fn optional_words<'a>(job: &'a Job<'_>, id: &str) -> Option<&'a str> {
    let text = job.text(id)?.trim();
    let end = text
        .char_indices()
        .nth(LONGEST_WORDS)
        .map_or(text.len(), |(at, _)| at);
    (!text.is_empty()).then_some(&text[..end])
}

/// A required picture.
///
/// # Errors
/// `GENERATION_INPUT_VALIDATION` when there is none or it is broken.
pub fn picture(job: &Job<'_>, id: &str, input: &str, longest: u32) -> Result<RgbImage, Failure> {
    optional_picture(job, id, input, longest)?
        .ok_or_else(|| invalid(format!("{input} needs a picture")))
}

/// An optional picture.
///
/// # Errors
/// `GENERATION_INPUT_VALIDATION` when it is broken.
pub fn optional_picture(
    job: &Job<'_>,
    id: &str,
    input: &str,
    longest: u32,
) -> Result<Option<RgbImage>, Failure> {
    match job.inputs.get(id) {
        None => Ok(None),
        Some(Input::Media(media)) => picture::decode(media, input, longest).map(Some),
        Some(Input::Text(_)) => Err(invalid(format!("{input} takes a picture, not text"))),
    }
}

/// The numbered picture inputs `picture_1`, `picture_2`, … that were answered, with their file names.
///
/// # Errors
/// `GENERATION_INPUT_VALIDATION` when one is broken or none was given.
pub fn pictures(
    job: &Job<'_>,
    count: usize,
    longest: u32,
) -> Result<Vec<(RgbImage, String)>, Failure> {
    let mut found = Vec::new();
    for number in 1..=count {
        let id = format!("picture_{number}");
        if let Some(picture) = optional_picture(job, &id, &format!("Picture {number}"), longest)? {
            let name = job
                .media(&id)
                .map_or_else(String::new, |media| media.name.clone());
            found.push((picture, name));
        }
        job.step(0.25 * number as f32 / count as f32)?;
    }
    if found.is_empty() {
        return Err(invalid("Picture 1 needs a picture"));
    }
    Ok(found)
}

/// A number in an optional text input, such as `8`, `8 s` or `2,5`.
///
/// # Errors
/// `GENERATION_INPUT_VALIDATION` when there is text but no number within `low` to `high`.
pub fn number(
    job: &Job<'_>,
    id: &str,
    input: &str,
    (low, high, usual): (f32, f32, f32),
) -> Result<f32, Failure> {
    let Some(text) = optional_words(job, id) else {
        return Ok(usual);
    };
    let digits: String = text
        .trim_end_matches(|letter: char| {
            letter.is_alphabetic() || letter == '%' || letter.is_whitespace()
        })
        .replace(',', ".");
    match digits.parse::<f32>() {
        Ok(value) if (low..=high).contains(&value) => Ok(value),
        _ => Err(invalid(format!(
            "{input} takes a number from {low} to {high}"
        ))),
    }
}

#[cfg(test)]
pub mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::studio::job::{Body, Made, Media, Technique};

    /// Runs a technique on texts and pictures, as the studio would.
    pub fn run(
        technique: &dyn Technique,
        texts: &[(&str, &str)],
        files: &[(&str, Vec<u8>)],
    ) -> Result<Vec<Made>, Failure> {
        let mut inputs = BTreeMap::new();
        for (id, text) in texts {
            inputs.insert((*id).to_owned(), Input::Text((*text).to_owned()));
        }
        for (id, bytes) in files {
            let media = Media {
                name: format!("{id}.jpg"),
                content_type: "application/octet-stream".into(),
                bytes: bytes.clone().into(),
            };
            inputs.insert((*id).to_owned(), Input::Media(media));
        }
        let last = std::cell::Cell::new(0.0);
        let progress = |fraction: f32| {
            assert!(
                fraction >= last.get(),
                "progress went back from {} to {fraction}",
                last.get()
            );
            last.set(fraction);
            true
        };
        technique.run(&Job {
            inputs,
            progress: &progress,
        })
    }

    /// The bytes of an output that is a file.
    pub fn file(made: &Made) -> &[u8] {
        match &made.body {
            Body::File { bytes, .. } => bytes,
            Body::Text(text) => panic!("a text: {text}"),
        }
    }

    /// An output that is a text.
    pub fn text(made: &Made) -> &str {
        match &made.body {
            Body::Text(text) => text,
            Body::File { content_type, .. } => panic!("a file: {content_type}"),
        }
    }

    /// An output that is a picture, decoded.
    pub fn decoded(made: &Made) -> RgbImage {
        image::load_from_memory(file(made))
            .expect("a picture")
            .into_rgb8()
    }

    /// A small picture with a gradient, a disc and some texture.
    pub fn test_picture(width: u32, height: u32) -> Vec<u8> {
        let picture = RgbImage::from_fn(width, height, |x, y| {
            let (u, v) = (x as f32 / width as f32, y as f32 / height as f32);
            let disc = (u - 0.33).hypot((v - 0.4) * height as f32 / width as f32) < 0.12;
            let wave = ((u * 40.0).sin() * (v * 30.0).cos() * 12.0) as i32;
            let base = if disc {
                [240, 180, 60]
            } else if v > 0.62 {
                [28, 60, 80]
            } else {
                [120, (150.0 + v * 60.0) as i32, 190]
            };
            image::Rgb(base.map(|channel| (channel + wave).clamp(0, 255) as u8))
        });
        picture::png(&picture)
    }

    #[test]
    fn numbers_are_read_as_people_write_them() {
        let job = |text: &str| Job {
            inputs: BTreeMap::from([("seconds".to_owned(), Input::Text(text.to_owned()))]),
            progress: &|_| true,
        };
        let read = |text: &str| number(&job(text), "seconds", "Seconds", (2.0, 20.0, 8.0));
        assert_eq!(read("8"), Ok(8.0));
        assert_eq!(read(" 2,5 seconds "), Ok(2.5));
        assert_eq!(read(""), Ok(8.0));
        for wrong in ["eight", "1", "600", "NaN", "-3"] {
            assert_eq!(
                read(wrong).map_err(|failure| failure.code),
                Err("GENERATION_INPUT_VALIDATION".into()),
                "{wrong}"
            );
        }
    }
}
