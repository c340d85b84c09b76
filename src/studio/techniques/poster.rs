//! Poster: words become a typeset poster.

mod layouts;
mod sheet;

use crate::studio::job::{Failure, Job, Made, Technique};
use crate::studio::kit::answers::{self, invalid};
use crate::studio::kit::lettering::settable;
use crate::studio::kit::picture;
use crate::studio::kit::schema::{Build, input, optional, output, technique};
use crate::wire::{self, IoType, OutputSpec};

// The one rule by which this studio refuses words, so that a refusal can be seen without scripting one.
const REFUSED: &str = "[refuse]";

/// See the module.
pub struct Poster;

impl Technique for Poster {
    fn spec(&self) -> wire::Technique {
        technique(
            "Poster",
            0.03,
            "Words → a typeset poster. The first line is the title, what follows is set smaller.",
        )
        .takes(input(
            "words",
            "Words",
            IoType::Text,
            "Regatta, 14 June, Old Harbour",
        ))
        .takes(optional(
            "details",
            "Small print",
            IoType::Text,
            "Doors at seven, free entry",
        ))
        .gives(OutputSpec {
            specified_aspect_ratio: Some("5:7".into()),
            ..output("poster", "Poster", IoType::ImageUrl)
        })
    }

    fn run(&self, job: &Job<'_>) -> Result<Vec<Made>, Failure> {
        let words = answers::words(job, "words", "Words")?;
        if words.to_lowercase().contains(REFUSED) {
            return Err(Failure::new(
                "GENERATION_PROMPT_MODERATED",
                "The words were refused by the content policy",
            ));
        }
        let copy = Copy::read(
            words,
            answers::optional_words(job, "details").unwrap_or_default(),
        )?;
        job.step(0.1)?;
        let mut poster = layouts::set(words, &copy, job)?;
        job.step(0.85)?;
        picture::grain(&mut poster, 1.8);
        job.step(0.92)?;
        Ok(vec![picture::made_png(&poster)])
    }
}

/// What stands on the poster: a title, and lines that go with it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Copy {
    title: String,
    lines: Vec<String>,
}

/// A title of more letters than this is cut where a pause is.
const LONG_TITLE: usize = 44;

impl Copy {
    fn read(words: &str, details: &str) -> Result<Self, Failure> {
        let text = settable(words);
        let (title, rest) = split_title(&text);
        if title.is_empty() {
            return Err(invalid(
                "Words: the poster's typeface has no letters for these; it sets Latin, Greek and Cyrillic",
            ));
        }
        let details = settable(details);
        let lines = pieces(&rest)
            .chain(pieces(&details))
            .filter(|line| !line.is_empty())
            .take(12)
            .collect();
        Ok(Self { title, lines })
    }
}

/// The title ends with the first line, or at the first pause when that leaves enough of a title.
fn split_title(text: &str) -> (String, String) {
    if let Some((title, rest)) = text.split_once('\n') {
        return (title.trim().to_owned(), rest.trim().to_owned());
    }
    let pause = [" — ", " – ", ": ", ". ", "; ", ", "]
        .iter()
        .filter_map(|mark| text.find(mark).map(|at| (at, mark.len())))
        .min();
    match pause {
        Some((at, length)) => (
            text[..at].trim().to_owned(),
            text[at + length..].trim().to_owned(),
        ),
        None if text.chars().count() > LONG_TITLE => {
            let words: Vec<&str> = text.split(' ').collect();
            let mut count = 0;
            let mut letters = 0;
            while count < words.len() && letters + words[count].len() < LONG_TITLE {
                letters += words[count].len() + 1;
                count += 1;
            }
            let count = count.max(1);
            (words[..count].join(" "), words[count..].join(" "))
        }
        None => (text.to_owned(), String::new()),
    }
}

fn pieces(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split(['\n', ';'])
        .flat_map(|line| line.split(", "))
        .map(|piece| capitalised(piece.trim().trim_end_matches(['.', ','])))
}

/// A line of its own begins with a capital.
fn capitalised(line: &str) -> String {
    let mut letters = line.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::studio::kit::answers::tests::{decoded, run};

    #[test]
    fn the_title_ends_at_the_first_pause() {
        let copy =
            Copy::read("Regatta, 14 June, Old Harbour", "Doors at seven; free").expect("copy");
        assert_eq!(copy.title, "Regatta");
        assert_eq!(
            copy.lines,
            ["14 June", "Old Harbour", "Doors at seven", "Free"]
        );
        let copy = Copy::read("quiet harbour\nat dawn", "").expect("copy");
        assert_eq!(
            (copy.title.as_str(), copy.lines.as_slice()),
            ("quiet harbour", &["At dawn".to_owned()][..])
        );
    }

    #[test]
    fn a_very_long_text_is_set_without_breaking_anything() {
        let long = "an endless sentence that goes on without any pause ".repeat(60);
        let made = run(&Poster, &[("words", &long)], &[]).expect("a poster");
        assert_eq!(decoded(&made[0]).dimensions(), (1500, 2100));
        run(&Poster, &[("words", &"x".repeat(3000))], &[]).expect("a poster");
    }

    #[test]
    fn letters_the_typeface_lacks_are_left_out_or_refused() {
        run(&Poster, &[("words", "Hanami 花見 🌸")], &[]).expect("a poster");
        let failure = run(&Poster, &[("words", "花見 🌸")], &[]).expect_err("nothing to set");
        assert_eq!(failure.code, "GENERATION_INPUT_VALIDATION");
    }

    #[test]
    fn refused_words_fail_as_moderated() {
        let failure = run(&Poster, &[("words", "a [refuse] poster")], &[]).expect_err("refused");
        assert_eq!(failure.code, "GENERATION_PROMPT_MODERATED");
    }

    #[test]
    fn the_same_words_give_the_same_poster() {
        let made =
            |words: &str| decoded(&run(&Poster, &[("words", words)], &[]).expect("a poster")[0]);
        assert!(
            made("Jazz, late") == made(" Jazz,  late"),
            "the same words differ"
        );
        assert!(
            made("Jazz, late") != made("Jazz, early"),
            "other words do not"
        );
    }
}
