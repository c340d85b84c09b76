//! Whether a file fits what a technique asks of it. A file that does not is never held back: FLORA crops or cuts.

use crate::model::{InputSpec, MediaFacts};

/// What a schema asks of a file, held against the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    Matches(String),
    /// A sentence: what is needed, what this is, what may happen.
    Differs(String),
}

/// Aspect ratios people know by name; others are written as `1.46:1`.
const KNOWN: [(u32, u32); 13] = [
    (1, 1),
    (5, 4),
    (4, 3),
    (3, 2),
    (16, 10),
    (16, 9),
    (2, 1),
    (21, 9),
    (4, 5),
    (3, 4),
    (2, 3),
    (9, 16),
    (1, 2),
];

/// Ratios this close are the same: encoders round to even pixels.
const CLOSE: f32 = 0.012;

/// Seconds within which two lengths are the same.
const CLOSE_SECONDS: f64 = 0.5;

/// What an empty field asks for: "Needs 1:1", "Needs 8 s". Nothing when anything goes.
pub fn needs(spec: &InputSpec) -> Option<String> {
    let ratio = spec.aspect_ratio.clone();
    let length = spec.duration.map(seconds);
    let wanted: Vec<String> = ratio.into_iter().chain(length).collect();
    (!wanted.is_empty()).then(|| format!("Needs {}", wanted.join(", ")))
}

/// Holds a file's measures against the schema. What was not measured is not judged.
pub fn check(spec: &InputSpec, facts: &MediaFacts) -> Vec<Verdict> {
    aspect(spec, facts)
        .into_iter()
        .chain(duration(spec, facts))
        .collect()
}

fn aspect(spec: &InputSpec, facts: &MediaFacts) -> Option<Verdict> {
    let wanted = spec.aspect_ratio.as_deref()?;
    let (needed, is) = (parse_ratio(wanted)?, facts.aspect()?);
    Some(if (is / needed - 1.0).abs() <= CLOSE {
        Verdict::Matches(wanted.to_owned())
    } else {
        let is = ratio_words(is);
        Verdict::Differs(format!("Needs {wanted}, this is {is} — FLORA may crop it"))
    })
}

fn duration(spec: &InputSpec, facts: &MediaFacts) -> Option<Verdict> {
    let needed = spec.duration?;
    let is = facts.duration_ms? as f64 / 1000.0;
    let wanted = seconds(needed);
    Some(if (is - needed).abs() <= CLOSE_SECONDS {
        Verdict::Matches(wanted)
    } else if is > needed {
        let is = seconds(is);
        Verdict::Differs(format!("Needs {wanted}, this is {is} — FLORA may cut it"))
    } else {
        let is = seconds(is);
        Verdict::Differs(format!("Needs {wanted}, this is only {is}"))
    })
}

/// Reads `16:9`, `16/9`, `1.91:1`.
fn parse_ratio(text: &str) -> Option<f32> {
    let (width, height) = text.split_once([':', '/'])?;
    let (width, height): (f32, f32) = (width.trim().parse().ok()?, height.trim().parse().ok()?);
    (width > 0.0 && height > 0.0).then(|| width / height)
}

fn ratio_words(aspect: f32) -> String {
    let known = KNOWN
        .iter()
        .find(|(w, h)| (aspect / (*w as f32 / *h as f32) - 1.0).abs() <= CLOSE);
    match known {
        Some((width, height)) => format!("{width}:{height}"),
        None if aspect >= 1.0 => format!("{aspect:.2}:1"),
        None => format!("1:{:.2}", 1.0 / aspect),
    }
}

fn seconds(seconds: f64) -> String {
    if seconds >= 10.0 || (seconds - seconds.round()).abs() < 0.05 {
        format!("{seconds:.0} s")
    } else {
        format!("{seconds:.1} s")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{InputId, MediaKind};

    fn spec(ratio: Option<&str>, duration: Option<f64>) -> InputSpec {
        InputSpec {
            id: InputId::new("file"),
            name: "File".to_owned(),
            kind: MediaKind::Video,
            description: None,
            optional: false,
            allow_multiple: false,
            accepts_element: false,
            aspect_ratio: ratio.map(str::to_owned),
            duration,
        }
    }

    fn facts(width: u32, height: u32, milliseconds: u64) -> MediaFacts {
        MediaFacts {
            width: Some(width),
            height: Some(height),
            duration_ms: Some(milliseconds),
            ..MediaFacts::default()
        }
    }

    #[test]
    fn what_is_needed_is_said_before_a_file_is_there() {
        assert_eq!(
            needs(&spec(Some("1:1"), None)).as_deref(),
            Some("Needs 1:1")
        );
        assert_eq!(
            needs(&spec(Some("16:9"), Some(8.0))).as_deref(),
            Some("Needs 16:9, 8 s")
        );
        assert_eq!(needs(&spec(None, None)), None);
    }

    #[test]
    fn a_file_that_fits_gets_a_quiet_tick() {
        let fits = check(&spec(Some("16:9"), Some(8.0)), &facts(1366, 768, 8_040));
        assert_eq!(
            fits,
            [
                Verdict::Matches("16:9".to_owned()),
                Verdict::Matches("8 s".to_owned())
            ]
        );
    }

    #[test]
    fn a_file_that_does_not_fit_is_told_apart_in_words() {
        let fits = check(&spec(Some("1:1"), Some(8.0)), &facts(2400, 1600, 12_300));
        let words = |fit: &Verdict| match fit {
            Verdict::Differs(words) | Verdict::Matches(words) => words.clone(),
        };
        assert_eq!(
            fits.iter().map(words).collect::<Vec<_>>(),
            [
                "Needs 1:1, this is 3:2 — FLORA may crop it",
                "Needs 8 s, this is 12 s — FLORA may cut it"
            ]
        );
    }

    #[test]
    fn an_unusual_shape_is_written_out_and_a_strange_schema_is_ignored() {
        assert_eq!(ratio_words(1.46), "1.46:1");
        assert_eq!(ratio_words(0.4), "1:2.50");
        assert_eq!(check(&spec(Some("square"), None), &facts(2, 1, 0)), []);
        assert_eq!(
            check(&spec(Some("1:1"), None), &MediaFacts::default()),
            [],
            "what was not measured is not judged"
        );
    }
}
