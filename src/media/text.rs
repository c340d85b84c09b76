//! Text as text: decoded, counted, and stripped of all that could make it look like something else.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use crate::model::{MediaFacts, MediaKind, TextContent, shown_text};

use super::sniff::{Encoding, Sniffed, encoding_of, sniff};
use super::{Limits, MediaError};

/// Words, unless the file is too long to have been read as a whole.
pub(super) fn facts(
    path: &Path,
    sniffed: &Sniffed,
    limits: &Limits,
) -> Result<MediaFacts, MediaError> {
    let content = read(path, limits)?;
    Ok(MediaFacts {
        words: (!content.truncated).then(|| u32::try_from(content.words).unwrap_or(u32::MAX)),
        ..sniffed.facts()
    })
}

/// Reads at most [`Limits::text`] bytes.
pub(super) fn read(path: &Path, limits: &Limits) -> Result<TextContent, MediaError> {
    let mut bytes = Vec::new();
    File::open(path)?
        .take(limits.text.saturating_add(1))
        .read_to_end(&mut bytes)?;
    if bytes.is_empty() {
        return Err(MediaError::Empty);
    }
    let sniffed = sniff(&bytes);
    if sniffed.kind != Some(MediaKind::Text) && sniffed.extension != "svg" {
        return Err(MediaError::Mismatch {
            expected: MediaKind::Text,
            found: sniffed.name.into(),
        });
    }
    let truncated = bytes.len() as u64 > limits.text;
    if truncated {
        bytes.truncate(limits.text as usize);
    }
    Ok(content(&decoded(&bytes, truncated), truncated))
}

fn content(text: &str, truncated: bool) -> TextContent {
    let text = shown_text(text).into_owned();
    TextContent {
        truncated,
        words: text.split_whitespace().count(),
        lines: text.lines().count(),
        text: text.into(),
    }
}

/// A text that is here already, bounded like one that is read from a file.
pub(super) fn shown(text: &str, limits: &Limits) -> TextContent {
    let most = usize::try_from(limits.text).unwrap_or(usize::MAX);
    let truncated = text.len() > most;
    let end = if truncated {
        text.floor_char_boundary(most)
    } else {
        text.len()
    };
    content(&text[..end], truncated)
}

/// Decodes UTF-8 and UTF-16; what is neither appears as U+FFFD. If the bytes were cut, so is a character
/// that lost its end.
fn decoded(bytes: &[u8], truncated: bool) -> String {
    let (encoding, mark) = encoding_of(bytes);
    let bytes = &bytes[mark..];
    match encoding {
        Encoding::Utf8 if truncated => {
            String::from_utf8_lossy(whole_characters(bytes)).into_owned()
        }
        Encoding::Utf8 => String::from_utf8_lossy(bytes).into_owned(),
        Encoding::Utf16Le => utf16(bytes, u16::from_le_bytes),
        Encoding::Utf16Be => utf16(bytes, u16::from_be_bytes),
    }
}

/// Without the bytes of an unfinished character at the end.
fn whole_characters(bytes: &[u8]) -> &[u8] {
    let tail = bytes.len().saturating_sub(4);
    let lead = bytes[tail..].iter().rposition(|byte| *byte & 0xc0 != 0x80);
    let Some(start) = lead.map(|at| tail + at) else {
        return bytes;
    };
    match std::str::from_utf8(&bytes[start..]) {
        Err(error) if error.error_len().is_none() => &bytes[..start],
        _ => bytes,
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let (units, _) = bytes.as_chunks::<2>();
    char::decode_utf16(units.iter().map(|bytes| unit(*bytes)))
        .map(|decoded| decoded.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::fixtures::file;

    fn read_bytes(bytes: &[u8], limits: &Limits) -> Result<TextContent, MediaError> {
        read(file(bytes).path(), limits)
    }

    #[test]
    fn words_and_lines_are_counted() {
        let content = read_bytes("Violet dusk,\nunder — glass".as_bytes(), &Limits::default());
        let content = content.unwrap();
        assert_eq!((content.words, content.lines), (5, 2));
        assert!(!content.truncated);
    }

    #[test]
    fn marks_of_byte_order_are_obeyed_and_not_shown() {
        let limits = Limits::default();
        assert_eq!(
            read_bytes(b"\xef\xbb\xbfabc", &limits)
                .unwrap()
                .text
                .as_ref(),
            "abc"
        );
        for (mark, bytes) in [
            (0xfeff_u16, u16::to_le_bytes as fn(u16) -> _),
            (0xfeff, u16::to_be_bytes),
        ] {
            let units = std::iter::once(mark).chain("Grüße 花".encode_utf16());
            let file: Vec<u8> = units.flat_map(bytes).collect();
            assert_eq!(
                read_bytes(&file, &limits).unwrap().text.as_ref(),
                "Grüße 花"
            );
        }
    }

    #[test]
    fn a_long_text_is_cut_between_two_characters() {
        let limits = Limits {
            text: 6,
            ..Limits::default()
        };
        let content = read_bytes("ab花花花".as_bytes(), &limits).unwrap();
        assert_eq!(content.text.as_ref(), "ab花");
        assert!(content.truncated);
        let whole = read_bytes("ab花x".as_bytes(), &limits).unwrap();
        assert_eq!((whole.text.as_ref(), whole.truncated), ("ab花x", false));
        let facts = facts(file(b"one two three").path(), &sniff(b"one"), &limits).unwrap();
        assert_eq!(facts.words, None, "not all words were read");
    }

    #[test]
    fn bytes_that_are_no_characters_become_replacement_characters() {
        let content = read_bytes(b"caf\xe9 au lait, s'il vous plait", &Limits::default());
        assert!(content.unwrap().text.starts_with("caf\u{fffd} au"));
    }

    #[test]
    fn what_is_not_text_is_said_to_be_what_it_is() {
        let error = read_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", &Limits::default()).unwrap_err();
        assert!(matches!(error, MediaError::Mismatch { found, .. } if found == "PNG"));
        assert!(matches!(
            read_bytes(b"", &Limits::default()),
            Err(MediaError::Empty)
        ));
    }
}
