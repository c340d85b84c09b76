//! Document Notes: the facts of a PDF, in words.

use std::fmt::Write as _;

use super::composition_notes::join;
use crate::studio::job::{Body, Failure, Job, Made, Technique};
use crate::studio::kit::answers::invalid;
use crate::studio::kit::pdf_facts::Facts;
use crate::studio::kit::schema::{Build, input, output, technique};
use crate::wire::{self, IoType};

/// See the module.
pub struct DocumentNotes;

impl Technique for DocumentNotes {
    fn spec(&self) -> wire::Technique {
        technique(
            "Document Notes",
            0.0,
            "Pages, sizes and fonts of a PDF. Read from its structure, without opening its text.",
        )
        .takes(input(
            "document",
            "Document",
            IoType::DocumentUrl,
            "A PDF file",
        ))
        .gives(output("notes", "Notes", IoType::Text))
    }

    fn run(&self, job: &Job<'_>) -> Result<Vec<Made>, Failure> {
        let media = job
            .media("document")
            .ok_or_else(|| invalid("Document needs a PDF"))?;
        job.step(0.2)?;
        let facts = Facts::read(&media.bytes).ok_or_else(|| {
            invalid(format!(
                "Document: {} is not a PDF, or it is damaged",
                media.name
            ))
        })?;
        job.step(0.9)?;
        let text = notes(&facts, media.bytes.len(), &media.name);
        Ok(vec![Made {
            kind: IoType::Text,
            body: Body::Text(text),
        }])
    }
}

fn notes(facts: &Facts, bytes: usize, name: &str) -> String {
    let mut text = format!("## {}\n\n", facts.title.as_deref().unwrap_or(name));
    let pages = if facts.pages == 1 {
        "One page".to_owned()
    } else {
        format!("{} pages", facts.pages)
    };
    let _ = write!(text, "{pages}");
    if let Some(author) = &facts.author {
        let _ = write!(text, " by {author}");
    }
    let _ = writeln!(text, ", {}.\n", sizes(facts));
    let pictures = match facts.pictures {
        0 => "no pictures".to_owned(),
        1 => "one picture".to_owned(),
        count => format!("{count} pictures"),
    };
    let fonts = match facts.fonts.as_slice() {
        [] => "no fonts of its own".to_owned(),
        fonts if fonts.len() <= 6 => join(fonts),
        fonts => format!(
            "{} and {} more fonts",
            fonts[..5].join(", "),
            fonts.len() - 5
        ),
    };
    let _ = writeln!(text, "- File: {}, PDF {}", file_size(bytes), facts.version);
    let _ = writeln!(text, "- Holds {pictures}, set in {fonts}");
    if let Some(creator) = &facts.creator {
        let _ = writeln!(text, "- Written with {creator}");
    }
    if facts.encrypted {
        let _ = writeln!(text, "- Encrypted, so its title and author cannot be read");
    }
    text.trim_end().to_owned()
}

fn sizes(facts: &Facts) -> String {
    let list: Vec<String> = facts
        .sizes
        .iter()
        .take(3)
        .map(|((width, height), count)| {
            let size = paper(*width, *height);
            if facts.sizes.len() == 1 {
                size
            } else {
                format!("{count} of them {size}")
            }
        })
        .collect();
    join(&list)
}

/// `A4 portrait (210 × 297 mm)`.
fn paper(width: f32, height: f32) -> String {
    const KNOWN: [(&str, f32, f32); 7] = [
        ("A3", 297.0, 420.0),
        ("A4", 210.0, 297.0),
        ("A5", 148.0, 210.0),
        ("A6", 105.0, 148.0),
        ("Letter", 215.9, 279.4),
        ("Legal", 215.9, 355.6),
        ("Tabloid", 279.4, 431.8),
    ];
    let (w, h) = (width / 72.0 * 25.4, height / 72.0 * 25.4);
    let (short, long) = (w.min(h), w.max(h));
    let way = if w > h { "landscape" } else { "portrait" };
    let name = KNOWN
        .iter()
        .find(|(_, a, b)| (short - a).abs() < 2.0 && (long - b).abs() < 2.0);
    match name {
        Some((name, _, _)) => format!("{name} {way} ({w:.0} × {h:.0} mm)"),
        None => format!("{w:.0} × {h:.0} mm"),
    }
}

fn file_size(bytes: usize) -> String {
    if bytes < 1_000_000 {
        format!("{} kB", bytes.div_ceil(1000))
    } else {
        format!("{:.1} MB", bytes as f64 / 1e6)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::studio::kit::answers::tests::{file, run, test_picture, text};
    use crate::studio::techniques::field_guide::FieldGuide;

    #[test]
    fn our_own_book_is_described() {
        let book = run(
            &FieldGuide,
            &[("title", "Six lichens")],
            &[("picture_1", test_picture(200, 160))],
        )
        .expect("a book");
        let made = run(
            &DocumentNotes,
            &[],
            &[("document", file(&book[0]).to_vec())],
        )
        .expect("notes");
        let notes = text(&made[0]);
        for fact in [
            "## Six lichens",
            "3 pages, A5 portrait (148 × 210 mm)",
            "Inter-Regular",
            "Written with Florist studio",
        ] {
            assert!(notes.contains(fact), "{fact} is missing in:\n{notes}");
        }
    }

    #[test]
    fn what_is_no_pdf_is_refused() {
        let failure =
            run(&DocumentNotes, &[], &[("document", b"PK\x03\x04".to_vec())]).expect_err("refused");
        assert_eq!(failure.code, "GENERATION_INPUT_VALIDATION");
    }
}
