//! Where the searched words are in a text, to be marked.

use std::ops::Range;

/// The places in `text` (in bytes) at which a word of `query` begins a word. In order, without overlaps.
pub fn matches(text: &str, query: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = query
        .split_whitespace()
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()))
        .filter(|word| !word.is_empty())
        .flat_map(|word| places(text, word))
        .collect();
    found.sort_by_key(|range| (range.start, std::cmp::Reverse(range.end)));
    found.dedup_by(|next, kept| next.start < kept.end);
    found
}

fn places<'a>(text: &'a str, word: &'a str) -> impl Iterator<Item = Range<usize>> + 'a {
    let mut before = ' ';
    let starts = text.char_indices().filter_map(move |(start, c)| {
        let begins = !before.is_alphanumeric();
        before = c;
        begins.then_some(start)
    });
    starts.filter_map(move |start| Some(start..start + begins_with(&text[start..], word)?))
}

/// The length in bytes of `text`'s beginning that equals `word`, whatever the case.
fn begins_with(text: &str, word: &str) -> Option<usize> {
    let mut rest = text.chars();
    let mut length = 0;
    for wanted in word.chars() {
        let c = rest.next()?;
        if !c.to_lowercase().eq(wanted.to_lowercase()) {
            return None;
        }
        length += c.len_utf8();
    }
    Some(length)
}

#[cfg(test)]
mod tests {
    use super::matches;

    fn marked<'a>(text: &'a str, query: &str) -> Vec<&'a str> {
        matches(text, query)
            .into_iter()
            .map(|range| &text[range])
            .collect()
    }

    #[test]
    fn words_and_their_beginnings_are_marked_whatever_the_case() {
        assert_eq!(
            marked("Quiet harbour at dawn", "HARB dawn"),
            ["harb", "dawn"]
        );
        assert_eq!(marked("harbour-07.jpg", "07"), ["07"]);
        assert_eq!(marked("Straße am Fluß, ÉTÉ", "été"), ["ÉTÉ"]);
    }

    #[test]
    fn the_middle_of_a_word_is_not() {
        assert_eq!(marked("the old lighthouse", "house"), Vec::<&str>::new());
    }

    #[test]
    fn overlaps_are_marked_once() {
        assert_eq!(marked("harbour", "har harbour"), ["harbour"]);
        assert_eq!(marked("anything", "  "), Vec::<&str>::new());
    }
}
