//! Text from outside made fit to be shown: what it says is kept, what it does is not.
//!
//! Everything that others wrote passes here before it reaches a person: names, messages, texts, and the words of
//! every [`Problem`](super::Problem). What is stored, sent and saved keeps its own characters.

use std::borrow::Cow;

/// Text with nothing in it that acts instead of being read: terminal sequences are removed, control
/// characters become visible symbols, direction overrides become their code, line ends become `\n`.
pub fn shown_text(text: &str) -> Cow<'_, str> {
    if !text.chars().any(|c| c != '\n' && acts(c)) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        match c {
            '\r' => {
                if !rest.as_str().starts_with('\n') {
                    shown.push('\n');
                }
            }
            '\u{1b}' | '\u{9b}' => rest = after_escape(c, rest.as_str()).chars(),
            '\u{2028}' | '\u{2029}' | '\u{85}' => shown.push('\n'),
            '\u{feff}' => {}
            c if acts(c) => show(c, &mut shown),
            c => shown.push(c),
        }
    }
    Cow::Owned(shown)
}

/// [`shown_text`] on one line, for names and other things with a place of one line.
pub fn shown_line(text: &str) -> Cow<'_, str> {
    match shown_text(text) {
        shown if shown.contains(['\n', '\t']) => Cow::Owned(shown.replace(['\n', '\t'], " ")),
        shown => shown,
    }
}

/// Whether a character does something to what is shown around it. Tabs and line feeds may, and so may
/// the marks and joiners without which Arabic, Hebrew and emoji cannot be written.
fn acts(c: char) -> bool {
    match c {
        '\t' => false,
        '\u{2028}' | '\u{2029}' | '\u{feff}' => true,
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => true,
        c => c.is_control(),
    }
}

fn show(c: char, shown: &mut String) {
    match c {
        '\n' => shown.push('\n'),
        '\0'..='\u{1f}' => shown.extend(char::from_u32(0x2400 + u32::from(c))),
        '\u{7f}' => shown.push('\u{2421}'),
        c => shown.push_str(&format!("⟨U+{:04X}⟩", u32::from(c))),
    }
}

/// What follows a terminal's escape sequence; an unfinished one ends with the line.
fn after_escape(introducer: char, rest: &str) -> &str {
    let (kind, body) = match introducer {
        '\u{9b}' => ('[', rest),
        _ => match rest.chars().next() {
            Some(kind) => (kind, &rest[kind.len_utf8()..]),
            None => return rest,
        },
    };
    match kind {
        '[' => after_control_sequence(body),
        ']' | 'P' | '_' | '^' | 'X' => after_string(body),
        '\u{20}'..='\u{2f}' => body.get(1..).unwrap_or_default(),
        '\u{30}'..='\u{7e}' => body,
        // Not a sequence: only the escape character itself is dropped.
        _ => rest,
    }
}

/// Parameters, then one final letter.
fn after_control_sequence(body: &str) -> &str {
    let end = body
        .find(|c: char| !matches!(c, '\u{20}'..='\u{3f}'))
        .unwrap_or(body.len());
    match body[end..].chars().next() {
        Some(last @ '\u{40}'..='\u{7e}') => &body[end + last.len_utf8()..],
        _ => &body[end..],
    }
}

/// Up to the bell or the string terminator.
fn after_string(body: &str) -> &str {
    let end = body
        .find(['\u{7}', '\u{1b}', '\n', '\u{9c}'])
        .unwrap_or(body.len());
    let rest = &body[end..];
    rest.strip_prefix('\u{7}')
        .or_else(|| rest.strip_prefix("\u{1b}\\"))
        .or_else(|| rest.strip_prefix('\u{9c}'))
        .unwrap_or(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terminal_sequences_are_removed() {
        for (typed, shown) in [
            ("\u{1b}[1;31mred\u{1b}[0m", "red"),
            ("\u{9b}2Jcleared", "cleared"),
            ("\u{1b}]0;title\u{7}after", "after"),
            (
                "\u{1b}]8;;https://evil\u{1b}\\link\u{1b}]8;;\u{1b}\\",
                "link",
            ),
            ("\u{1b}(Bplain", "plain"),
            ("\u{1b}cfull reset", "full reset"),
            ("ends \u{1b}", "ends "),
            ("ends \u{1b}[31", "ends "),
            ("\u{1b}[31\u{1b}[32mtwice", "twice"),
        ] {
            assert_eq!(shown_text(typed), shown, "{typed:?}");
        }
    }

    #[test]
    fn control_characters_and_overrides_are_seen_and_do_nothing() {
        assert_eq!(shown_text("a\0b\u{8}c\u{7f}"), "a␀b␈c␡");
        assert_eq!(shown_text("file\u{202e}gpj.exe"), "file⟨U+202E⟩gpj.exe");
        assert_eq!(shown_text("\u{2066}x\u{2069}"), "⟨U+2066⟩x⟨U+2069⟩");
        assert_eq!(
            shown_text("one\r\ntwo\rthree\u{2028}four"),
            "one\ntwo\nthree\nfour"
        );
    }

    #[test]
    fn ordinary_text_in_any_script_is_left_alone_and_not_copied() {
        for text in [
            "tab\tand\nline",
            "مرحبا\u{200f}",
            "👩\u{200d}🎨",
            "שלום",
            "नमस्ते",
        ] {
            assert!(matches!(shown_text(text), Cow::Borrowed(same) if same == text));
        }
    }

    #[test]
    fn a_name_stays_on_its_line() {
        assert_eq!(
            shown_line("two\r\nlines\tand\u{85}\u{2067}more"),
            "two lines and ⟨U+2067⟩more"
        );
        assert!(matches!(shown_line("花 plain"), Cow::Borrowed(_)));
    }
}
