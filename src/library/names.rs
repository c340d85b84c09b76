//! The one place where text from outside becomes a file name.

/// Longest file name in bytes, so that names survive other disks and archives.
pub const MAX_BYTES: usize = 120;

/// Room kept for an extension and for a number such as ` (12)`.
const RESERVE: usize = 24;

/// Names that mean devices on Windows, with any extension.
const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "conin$", "conout$"];

/// Makes one path component from any text: never empty, never special, legal on every system.
///
/// Letters of all scripts stay. What some system forbids becomes `_`; invisible and direction-changing
/// characters, which can make `gpj.exe` read as `exe.jpg`, are dropped.
pub fn component(text: &str, fallback: &str) -> String {
    let name = clean(text);
    let name = if name.is_empty() {
        clean(fallback)
    } else {
        name
    };
    if name.is_empty() {
        "unnamed".to_owned()
    } else {
        name
    }
}

/// A file name from a stem and an extension without its dot, within [`MAX_BYTES`].
pub fn file_name(stem: &str, extension: &str) -> String {
    let extension: String = extension
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .take(8)
        .collect();
    let stem = component(stem, "");
    if extension.is_empty() {
        stem
    } else {
        format!("{stem}.{}", extension.to_ascii_lowercase())
    }
}

/// The name, or the first of `name (2)`, `name (3)`… that is free; the number goes before the extension.
pub fn unique(name: &str, taken: impl Fn(&str) -> bool) -> String {
    if !taken(name) {
        return name.to_owned();
    }
    let (stem, extension) = split(name);
    let mut number: u64 = 2;
    loop {
        let candidate = format!("{stem} ({number}){extension}");
        if !taken(&candidate) {
            return candidate;
        }
        number += 1;
    }
}

/// What a disk that ignores case compares.
pub fn fold(name: &str) -> String {
    name.to_lowercase()
}

/// `("leaf", ".png")`; a long tail is no extension.
fn split(name: &str) -> (&str, &str) {
    match name.rfind('.') {
        Some(dot) if dot > 0 && name.len() - dot <= 9 => name.split_at(dot),
        _ => (name, ""),
    }
}

fn clean(text: &str) -> String {
    let kept: String = text
        .chars()
        .filter(|c| !is_invisible(*c))
        .map(|c| if is_forbidden(c) { '_' } else { c })
        .collect();
    let words = kept.split_whitespace().collect::<Vec<_>>().join(" ");
    let name = trim(&words);
    let name = if is_device(name) {
        escape_device(name)
    } else {
        name.to_owned()
    };
    trim(shorten(&name, MAX_BYTES - RESERVE)).to_owned()
}

/// Windows drops dots and spaces at the end; Unix hides a dot in front.
fn trim(name: &str) -> &str {
    name.trim_matches(|c: char| c == '.' || c.is_whitespace())
}

fn shorten(name: &str, bytes: usize) -> &str {
    let mut end = bytes.min(name.len());
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    &name[..end]
}

fn is_forbidden(c: char) -> bool {
    matches!(c, '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|')
}

/// Controls, direction marks, and what has no width; joiners stay, scripts and emoji need them.
fn is_invisible(c: char) -> bool {
    let joins_words = matches!(c, '\t' | '\n' | '\r');
    (c.is_control() && !joins_words)
        || matches!(c,
            '\u{00AD}' | '\u{061C}' | '\u{180E}' | '\u{200B}' | '\u{200E}' | '\u{200F}'
            | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}')
}

fn is_device(name: &str) -> bool {
    let base = name.split('.').next().unwrap_or(name).trim_end();
    let lower = base.to_lowercase();
    let port = lower
        .strip_prefix("com")
        .or_else(|| lower.strip_prefix("lpt"));
    let is_port = port.is_some_and(|rest| {
        let mut chars = rest.chars();
        matches!(chars.next(), Some('0'..='9' | '¹' | '²' | '³')) && chars.next().is_none()
    });
    is_port || DEVICES.contains(&lower.as_str())
}

/// `con.txt` → `con_.txt`
fn escape_device(name: &str) -> String {
    let end = name.find('.').unwrap_or(name.len());
    let (base, rest) = name.split_at(end);
    format!("{}_{rest}", base.trim_end())
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn letters_of_all_scripts_stay() {
        for name in [
            "Žluťoučký kůň",
            "夏の海",
            "صورة",
            "Straße 5",
            "👩‍🎨 study",
            "a.b.c",
        ] {
            assert_eq!(component(name, "x"), name);
        }
    }

    #[test]
    fn what_would_be_special_is_made_plain() {
        let made = |text| component(text, "picture");
        assert_eq!(made("../../etc/passwd"), "_.._etc_passwd");
        assert_eq!(made("C:\\Windows"), "C__Windows");
        assert_eq!(made("..."), "picture");
        assert_eq!(made(".hidden"), "hidden");
        assert_eq!(made("end. . "), "end");
        assert_eq!(made("two\nlines"), "two lines");
        assert_eq!(made("con"), "con_");
        assert_eq!(made("LPT1.png"), "LPT1_.png");
        assert_eq!(made("COM¹"), "COM¹_");
        assert_eq!(made("con fusion"), "con fusion");
        assert_eq!(made("photo\u{202E}gpj.exe"), "photogpj.exe");
    }

    #[test]
    fn a_taken_name_gets_a_number_before_its_extension() {
        let taken: HashSet<String> = ["Leaf.png", "leaf (2).png"].map(fold).into();
        let name = unique("Leaf.png", |name| taken.contains(&fold(name)));
        assert_eq!(name, "Leaf (3).png");
        assert_eq!(
            unique("v1.2 final", |name| name == "v1.2 final"),
            "v1 (2).2 final"
        );
    }

    proptest! {
        #[test]
        fn any_text_makes_a_legal_component(text in any::<String>(), fallback in any::<String>()) {
            let name = component(&text, &fallback);
            prop_assert!(!name.is_empty());
            prop_assert!(name.len() <= MAX_BYTES - RESERVE);
            prop_assert!(!name.chars().any(|c| c.is_control() || is_forbidden(c) || is_invisible(c)));
            prop_assert!(!name.starts_with(['.', ' ']) && !name.ends_with(['.', ' ']));
            prop_assert!(!is_device(&name), "{name}");
            let path = std::path::Path::new(&name);
            prop_assert_eq!(path.components().count(), 1);
            prop_assert_eq!(path.file_name().and_then(|name| name.to_str()), Some(name.as_str()));
        }

        #[test]
        fn a_made_name_is_made_of_itself(text in "\\PC{0,200}|(con|nul|lpt1|com\u{b9})[. ]{0,3}[a-z]{0,3}") {
            let once = component(&text, "x");
            prop_assert_eq!(component(&once, "x"), once);
        }

        #[test]
        fn a_file_name_fits_with_its_number(stem in any::<String>(), extension in any::<String>()) {
            let name = file_name(&stem, &extension);
            let numbered = unique(&name, |candidate| candidate == name);
            prop_assert!(numbered.len() <= MAX_BYTES, "{numbered}");
            prop_assert_ne!(fold(&numbered), fold(&name));
        }
    }
}
