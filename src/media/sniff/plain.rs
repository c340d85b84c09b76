//! Telling text from everything else, and in which encoding it is.

use std::str;

use super::Format;

/// How text is written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::media) enum Encoding {
    Utf8,
    Utf16Le,
    Utf16Be,
}

/// The encoding, and how many bytes of byte order mark precede the text.
pub(in crate::media) fn encoding_of(bytes: &[u8]) -> (Encoding, usize) {
    match bytes {
        [0xef, 0xbb, 0xbf, ..] => (Encoding::Utf8, 3),
        [0xff, 0xfe, ..] => (Encoding::Utf16Le, 2),
        [0xfe, 0xff, ..] => (Encoding::Utf16Be, 2),
        _ => (unmarked_encoding(bytes), 0),
    }
}

/// Western text in UTF-16 has a zero in nearly every second byte, and no other text has any.
fn unmarked_encoding(bytes: &[u8]) -> Encoding {
    let (pairs, _) = bytes.as_chunks::<2>();
    let pairs = &pairs[..pairs.len().min(512)];
    let zeros = |which: usize| pairs.iter().filter(|pair| pair[which] == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    if pairs.len() >= 4 && odd * 10 >= pairs.len() * 7 && even == 0 {
        Encoding::Utf16Le
    } else if pairs.len() >= 4 && even * 10 >= pairs.len() * 7 && odd == 0 {
        Encoding::Utf16Be
    } else {
        Encoding::Utf8
    }
}

/// A text format, if this is text in a Unicode encoding.
pub(super) fn format(head: &[u8]) -> Option<Format> {
    let (encoding, mark) = encoding_of(head);
    match encoding {
        Encoding::Utf16Le | Encoding::Utf16Be => Some(Format::Text),
        Encoding::Utf8 => markup(utf8_start(&head[mark..])?),
    }
}

/// Text in an encoding of one byte a character, such as Windows-1252: nearly all of it is ASCII.
pub(super) fn legacy_text(head: &[u8]) -> bool {
    let readable = head.iter().filter(|byte| is_text_byte(**byte)).count();
    let binary = head.iter().any(|byte| *byte < 0x20 && !is_text_byte(*byte));
    !binary && readable * 10 >= head.len() * 8
}

/// The valid beginning, if all of it is valid but for a character cut off at the end.
fn utf8_start(bytes: &[u8]) -> Option<&str> {
    let text = match str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) if error.error_len().is_none() => {
            str::from_utf8(&bytes[..error.valid_up_to()]).ok()?
        }
        Err(_) => return None,
    };
    let controls = text
        .bytes()
        .filter(|byte| *byte < 0x20 && !is_text_byte(*byte))
        .count();
    let binary = text.contains('\0') || controls * 32 > text.len();
    // Nothing but the beginning of a character is not text either.
    let nothing = text.is_empty() && !bytes.is_empty();
    (!binary && !nothing).then_some(text)
}

/// Printable ASCII, white space, and what terminals write.
fn is_text_byte(byte: u8) -> bool {
    matches!(
        byte,
        0x20..=0x7e | b'\t' | b'\n' | b'\r' | 0x0c | 0x08 | 0x1b
    )
}

fn markup(text: &str) -> Option<Format> {
    let start = text.trim_start();
    let begins = |word: &str| {
        start
            .get(..word.len())
            .is_some_and(|begin| begin.eq_ignore_ascii_case(word))
    };
    Some(if begins("<svg") {
        Format::Svg
    } else if begins("<!doctype html") || begins("<html") {
        Format::Html
    } else if begins("<?xml") || begins("<!doctype svg") {
        xml(start)
    } else {
        Format::Text
    })
}

/// The root element tells; it may come after comments and a document type.
fn xml(text: &str) -> Format {
    if text.contains("<svg") {
        Format::Svg
    } else if text.contains("<html") {
        Format::Html
    } else {
        Format::Xml
    }
}
