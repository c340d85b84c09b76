//! Reading facts from a PDF: how many pages, how large, by whom. Not its text.
//!
//! Objects are found by scanning instead of by the file's own table of contents, so a damaged table does not matter.
//! Encrypted files give their page count and size only.

mod values;

use std::collections::{BTreeMap, BTreeSet};

use miniz_oxide::inflate::decompress_to_vec_zlib_with_limit;

use self::values::{Parser, Value};

/// What a stream may unpack to.
const UNPACKED: usize = 64 * 1024 * 1024;

/// How deep the page tree may be.
const DEPTH: usize = 32;

/// Facts about a document.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    /// Such as `1.7`.
    pub version: String,
    pub pages: usize,
    /// Width and height of each size used, in points, with the number of pages that have it; commonest first.
    pub sizes: Vec<((f32, f32), usize)>,
    pub title: Option<String>,
    pub author: Option<String>,
    /// The program it was written with.
    pub creator: Option<String>,
    pub pictures: usize,
    /// Names of fonts, in order.
    pub fonts: Vec<String>,
    pub encrypted: bool,
}

impl Facts {
    /// Reads a document; `None` when it is none, or has no pages that can be found.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let start = bytes
            .get(..1024.min(bytes.len()))?
            .windows(5)
            .position(|part| part == b"%PDF-")?;
        let version = bytes[start + 5..]
            .iter()
            .take_while(|byte| byte.is_ascii_digit() || **byte == b'.')
            .map(|byte| *byte as char)
            .collect();
        let file = File::scan(bytes);
        let mut facts = Self {
            version,
            encrypted: file.encrypted,
            ..Self::default()
        };
        let sizes = file.pages();
        facts.pages = sizes.len();
        facts.sizes = count_sizes(&sizes);
        file.describe(&mut facts);
        (facts.pages > 0).then_some(facts)
    }
}

fn count_sizes(sizes: &[(f32, f32)]) -> Vec<((f32, f32), usize)> {
    let mut counted: Vec<((f32, f32), usize)> = Vec::new();
    for size in sizes {
        match counted
            .iter_mut()
            .find(|(known, _)| (known.0 - size.0).abs() < 1.0 && (known.1 - size.1).abs() < 1.0)
        {
            Some((_, count)) => *count += 1,
            None => counted.push((*size, 1)),
        }
    }
    counted.sort_by_key(|entry| std::cmp::Reverse(entry.1));
    counted
}

/// All objects of a file.
struct File {
    objects: BTreeMap<u32, Value>,
    trailers: Vec<Value>,
    encrypted: bool,
}

impl File {
    fn scan(bytes: &[u8]) -> Self {
        let mut file = Self {
            objects: BTreeMap::new(),
            trailers: Vec::new(),
            encrypted: false,
        };
        let mut packed = Vec::new();
        let mut at = 0;
        while let Some(found) = find(bytes, b"obj", at) {
            at = found + 3;
            let Some(number) = object_number(bytes, found) else {
                continue;
            };
            let mut parser = Parser::new(&bytes[at..]);
            let Some(value) = parser.value() else {
                continue;
            };
            let rest = at + parser.at();
            if value.get("Type").and_then(Value::name) == Some("ObjStm") {
                packed.push((value.clone(), rest));
            }
            if value.get("Type").and_then(Value::name) == Some("XRef") {
                file.trailers.push(value.clone());
            }
            // Skip what a stream holds: it may look like objects and is none.
            if let (Some(Value::Number(length)), true) =
                (value.get("Length"), is_stream(&bytes[rest..]))
            {
                at = rest.saturating_add(*length as usize).min(bytes.len());
            } else {
                at = rest;
            }
            file.objects.insert(number, value);
        }
        file.find_trailers(bytes);
        file.encrypted = file
            .trailers
            .iter()
            .any(|trailer| trailer.get("Encrypt").is_some());
        for (header, start) in packed {
            file.unpack(&header, &bytes[start..]);
        }
        file
    }

    fn find_trailers(&mut self, bytes: &[u8]) {
        let mut at = 0;
        while let Some(found) = find(bytes, b"trailer", at) {
            at = found + 7;
            self.trailers.extend(Parser::new(&bytes[at..]).value());
        }
    }

    /// Reads the objects in an object stream.
    fn unpack(&mut self, header: &Value, rest: &[u8]) -> Option<()> {
        let body = rest.get(find(rest, b"stream", 0)? + 6..)?;
        let body = body
            .strip_prefix(b"\r\n")
            .or_else(|| body.strip_prefix(b"\n"))
            .unwrap_or(body);
        let length = match self.resolve(header.get("Length")?) {
            Value::Number(length) => *length as usize,
            _ => find(body, b"endstream", 0)?,
        };
        let body = body.get(..length.min(body.len()))?;
        let plain = match header.get("Filter") {
            None => body.to_vec(),
            Some(_) => decompress_to_vec_zlib_with_limit(body, UNPACKED).ok()?,
        };
        let (count, first) = (
            header.get("N")?.number()? as usize,
            header.get("First")?.number()? as usize,
        );
        let mut numbers = Parser::new(plain.get(..first)?);
        for _ in 0..count {
            let (number, offset) = (numbers.value()?.number()?, numbers.value()?.number()?);
            let part = plain.get(first.checked_add(offset as usize)?..)?;
            if let Some(value) = Parser::new(part).value() {
                self.objects.entry(number as u32).or_insert(value);
            }
        }
        Some(())
    }

    fn resolve<'a>(&'a self, value: &'a Value) -> &'a Value {
        match value {
            Value::Reference(number) => self.objects.get(number).unwrap_or(&Value::Null),
            other => other,
        }
    }

    /// The size of every page, in order.
    fn pages(&self) -> Vec<(f32, f32)> {
        let root = self
            .trailers
            .iter()
            .rev()
            .filter_map(|trailer| trailer.get("Root"))
            .map(|root| self.resolve(root))
            .find(|root| root.get("Pages").is_some())
            .or_else(|| {
                self.objects
                    .values()
                    .find(|value| value.get("Type").and_then(Value::name) == Some("Catalog"))
            });
        let mut walk = Walk {
            file: self,
            seen: BTreeSet::new(),
            sizes: Vec::new(),
        };
        if let Some(pages) = root.and_then(|root| root.get("Pages")) {
            walk.node(pages, None, DEPTH);
        }
        walk.sizes
    }

    fn size(&self, shape: &Value) -> Option<(f32, f32)> {
        let Value::Array(corners) = shape else {
            return None;
        };
        let corner = |index: usize| self.resolve(corners.get(index)?).number();
        Some((
            (corner(2)? - corner(0)?).abs() as f32,
            (corner(3)? - corner(1)?).abs() as f32,
        ))
    }

    fn describe(&self, facts: &mut Facts) {
        let info = self
            .trailers
            .iter()
            .rev()
            .filter_map(|trailer| trailer.get("Info"))
            .map(|info| self.resolve(info))
            .next();
        // Strings of an encrypted file are noise.
        if let (Some(info), false) = (info, self.encrypted) {
            let text = |key: &str| {
                info.get(key)
                    .and_then(|value| self.resolve(value).text())
                    .filter(|text| !text.is_empty())
            };
            facts.title = text("Title");
            facts.author = text("Author");
            facts.creator = text("Creator").or_else(|| text("Producer"));
        }
        for value in self.objects.values() {
            if value.get("Subtype").and_then(Value::name) == Some("Image") {
                facts.pictures += 1;
            }
            let font = value.get("BaseFont").and_then(Value::name).filter(|_| {
                value.get("DescendantFonts").is_some() || value.get("FirstChar").is_some()
            });
            facts.fonts.extend(font.map(plain_font));
        }
        facts.fonts.sort();
        facts.fonts.dedup();
    }
}

/// Without the six letters that mark a part of a font.
fn plain_font(name: &str) -> String {
    match name.split_once('+') {
        Some((mark, rest)) if mark.len() == 6 => rest.to_owned(),
        _ => name.to_owned(),
    }
}

/// A walk over the page tree. A node counts once, so that a tree that loops ends.
struct Walk<'a> {
    file: &'a File,
    seen: BTreeSet<u32>,
    sizes: Vec<(f32, f32)>,
}

impl Walk<'_> {
    fn node(&mut self, place: &Value, above: Option<(f32, f32)>, depth: usize) {
        if let Value::Reference(number) = place
            && !self.seen.insert(*number)
        {
            return;
        }
        let file = self.file;
        let node = file.resolve(place);
        let size = node
            .get("MediaBox")
            .and_then(|shape| file.size(file.resolve(shape)))
            .or(above);
        match node.get("Kids").map(|kids| file.resolve(kids)) {
            Some(Value::Array(kids)) if depth > 0 => {
                for kid in kids {
                    self.node(kid, size, depth - 1);
                }
            }
            None if node.get("Type").and_then(Value::name) == Some("Page") => {
                let (width, height) = size.unwrap_or((612.0, 792.0));
                let turned = matches!(node.get("Rotate").map(|turn| file.resolve(turn)), Some(Value::Number(turn)) if *turn as i64 % 180 != 0);
                self.sizes.push(if turned {
                    (height, width)
                } else {
                    (width, height)
                });
            }
            _ => {}
        }
    }
}

fn is_stream(rest: &[u8]) -> bool {
    let from = rest
        .iter()
        .position(|byte| !byte.is_ascii_whitespace())
        .unwrap_or(0);
    rest[from..].starts_with(b"stream")
}

fn find(bytes: &[u8], what: &[u8], from: usize) -> Option<usize> {
    let rest = bytes.get(from..)?;
    rest.windows(what.len())
        .position(|part| part == what)
        .map(|at| from + at)
}

/// The number in `12 0 obj`, read backwards from `obj`.
fn object_number(bytes: &[u8], at: usize) -> Option<u32> {
    let before = &bytes[at.saturating_sub(24)..at];
    let text: String = before.iter().map(|byte| *byte as char).collect();
    let mut words = text.split_ascii_whitespace().rev();
    let generation = words.next()?;
    generation.parse::<u16>().ok()?;
    let number = words.next()?;
    let digits = number
        .rfind(|letter: char| !letter.is_ascii_digit())
        .map_or(number, |cut| &number[cut + 1..]);
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_documents_are_read() {
        let bytes = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R 4 0 R]/Count 2/MediaBox[0 0 595 842]>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R>>endobj 4 0 obj<</Type/Page/Rotate 90>>endobj 5 0 obj<</Title(Caf\\351 \\(two\\))/Author<FEFF00C5>>>endobj\ntrailer<</Root 1 0 R/Info 5 0 R>>";
        let facts = Facts::read(bytes).expect("a document");
        assert_eq!(facts.pages, 2);
        assert_eq!(facts.version, "1.4");
        assert_eq!(facts.title.as_deref(), Some("Café (two)"));
        assert_eq!(facts.author.as_deref(), Some("Å"));
        assert_eq!(facts.sizes.len(), 2);
        assert!(!facts.encrypted);
    }

    #[test]
    fn objects_packed_in_streams_are_found() {
        let objects = [
            "<</Type/Catalog/Pages 2 0 R>> ",
            "<</Type/Pages/Kids[3 0 R]/Count 1>> ",
            "<</Type/Page/MediaBox[0 0 100 50]>>",
        ];
        let second = objects[0].len();
        let header = format!("1 0 2 {second} 3 {} ", second + objects[1].len());
        let first = header.len();
        let plain = (header + &objects.concat()).into_bytes();
        let packed = miniz_oxide::deflate::compress_to_vec_zlib(&plain, 6);
        let mut bytes = format!("%PDF-1.5\n9 0 obj <</Type/ObjStm/N 3/First {first}/Filter/FlateDecode/Length {}>>\nstream\n", packed.len()).into_bytes();
        bytes.extend(&packed);
        bytes.extend(b"\nendstream endobj\n");
        let facts = Facts::read(&bytes).expect("a document");
        assert_eq!(facts.sizes, [((100.0, 50.0), 1)]);
    }

    #[test]
    fn nonsense_is_no_document_and_loops_end() {
        assert!(Facts::read(b"hello").is_none());
        assert!(Facts::read(b"%PDF-1.7 obj obj 1 0 obj << << [ ( endobj").is_none());
        let looped = b"%PDF-1.4 1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[2 0 R 2 0 R]>>endobj";
        assert!(Facts::read(looped).is_none());
    }
}
