//! Documents: how many pages a PDF has.
//!
//! Only the page tree's root is looked up: the trailer names the catalog, the catalog names the tree, the
//! tree has a count. Objects may lie in compressed streams; what those unpack to is bounded.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use miniz_oxide::inflate::decompress_to_vec_zlib_with_limit;

use crate::model::MediaFacts;

use super::bytes::find;
use super::limits::Deadline;
use super::sniff::Sniffed;
use super::{Limits, MediaError};

/// Larger files are not searched; their number of pages stays unknown.
const SEARCHED_BYTES: u64 = 128 << 20;
/// What all object streams together may unpack to.
const UNPACKED_BYTES: usize = 32 << 20;
/// The longest dictionary that is looked at: a catalog with its outlines fits easily.
const DICTIONARY_BYTES: usize = 16 << 10;
/// More pages than any document has; a larger count is a damaged file.
const MOST_PAGES: u32 = 1_000_000;

/// Pages, if they can be found; an encrypted or damaged file has none to tell.
pub(super) fn pdf_facts(
    path: &Path,
    sniffed: &Sniffed,
    limits: &Limits,
) -> Result<MediaFacts, MediaError> {
    let file = File::open(path)?;
    let searched = SEARCHED_BYTES.min(limits.bytes);
    let mut facts = sniffed.facts();
    if file.metadata()?.len() <= searched {
        let mut bytes = Vec::new();
        file.take(searched).read_to_end(&mut bytes)?;
        facts.pages = Pdf::new(&bytes, limits.deadline()).pages();
    }
    Ok(facts)
}

/// An indirect object's number.
type Id = u32;

struct Pdf<'a> {
    bytes: &'a [u8],
    deadline: Deadline,
    /// Unpacked object streams; filled when first needed.
    streams: Option<Vec<ObjectStream>>,
}

/// A stream that holds objects: pairs of number and place, then the objects.
struct ObjectStream {
    objects: Vec<(Id, usize)>,
    bytes: Vec<u8>,
}

impl<'a> Pdf<'a> {
    fn new(bytes: &'a [u8], deadline: Deadline) -> Self {
        Self {
            bytes,
            deadline,
            streams: None,
        }
    }

    fn pages(&mut self) -> Option<u32> {
        let catalog = self.last_root()?;
        let tree = reference(value(&self.object(catalog)?, b"/Pages")?)?;
        let tree = self.object(tree)?;
        let count = number(value(&tree, b"/Count")?)?;
        (count <= MOST_PAGES).then_some(count)
    }

    /// The catalog, by the trailer that was written last.
    fn last_root(&self) -> Option<Id> {
        const KEY: &[u8] = b"/Root";
        let mut end = self.bytes.len();
        loop {
            let at = rfind(&self.bytes[..end], KEY)?;
            let after = &self.bytes[at + KEY.len()..];
            if let Some(id) = reference(&after[..after.len().min(64)]) {
                return Some(id);
            }
            end = at;
        }
    }

    /// The bytes of an object, up to the longest dictionary of interest.
    fn object(&mut self, id: Id) -> Option<Vec<u8>> {
        if let Some(object) = self.plain_object(id) {
            return Some(object.to_vec());
        }
        if self.streams.is_none() {
            self.streams = Some(self.unpack_streams());
        }
        // A later stream is a newer version of the document.
        self.streams.as_ref()?.iter().rev().find_map(|stream| {
            let at = stream.objects.iter().find(|(it, _)| *it == id)?.1;
            Some(head(stream.bytes.get(at..)?).to_vec())
        })
    }

    /// The last object of this number that is not in a stream.
    fn plain_object(&self, id: Id) -> Option<&'a [u8]> {
        let start = format!("{id} ");
        let mut end = self.bytes.len();
        loop {
            let at = rfind(&self.bytes[..end], start.as_bytes())?;
            let begins = at == 0 || !self.bytes[at - 1].is_ascii_digit();
            let after = self.bytes[at + start.len()..].trim_ascii_start();
            let digits = after
                .iter()
                .take_while(|byte| byte.is_ascii_digit())
                .count();
            let after = after[digits..].trim_ascii_start();
            if begins && digits > 0 && after.starts_with(b"obj") {
                let body = &after[3..];
                let length = find(head(body), b"endobj").unwrap_or(head(body).len());
                return Some(&body[..length]);
            }
            end = at;
            self.deadline.check().ok()?;
        }
    }

    fn unpack_streams(&self) -> Vec<ObjectStream> {
        const KEY: &[u8] = b"/ObjStm";
        let mut streams = Vec::new();
        let (mut at, mut budget) = (0, UNPACKED_BYTES);
        while let Some(next) = find(&self.bytes[at..], KEY) {
            if self.deadline.passed() || budget == 0 {
                break;
            }
            let key = at + next;
            at = key + KEY.len();
            if let Some(stream) = self.unpack(key, budget) {
                budget -= stream.bytes.len();
                streams.push(stream);
            }
        }
        streams
    }

    /// Unpacks the stream whose dictionary has its type at `key`.
    fn unpack(&self, key: usize, budget: usize) -> Option<ObjectStream> {
        let before = &self.bytes[key.saturating_sub(DICTIONARY_BYTES)..key];
        let start = key - before.len() + rfind(before, b" obj").or(rfind(before, b"\nobj"))?;
        let after = head(&self.bytes[key..]);
        let end = key + find(after, b"stream")?;
        let dictionary = &self.bytes[start..end];
        let data = &self.bytes[end + b"stream".len()..];
        let data = data.strip_prefix(b"\r").unwrap_or(data);
        let data = data.strip_prefix(b"\n").unwrap_or(data);
        let bytes = if find(dictionary, b"/FlateDecode").is_some() {
            decompress_to_vec_zlib_with_limit(data, budget).ok()?
        } else if find(dictionary, b"/Filter").is_some() {
            return None;
        } else {
            data[..find(data, b"endstream")?.min(budget)].to_vec()
        };
        let first = number(value(dictionary, b"/First")?)? as usize;
        let objects = directory(bytes.get(..first)?, first);
        Some(ObjectStream { objects, bytes })
    }
}

/// Pairs of number and place at the start of an object stream.
fn directory(bytes: &[u8], first: usize) -> Vec<(Id, usize)> {
    let numbers: Vec<usize> = bytes
        .split(u8::is_ascii_whitespace)
        .filter_map(|word| std::str::from_utf8(word).ok()?.parse().ok())
        .collect();
    let (pairs, _) = numbers.as_chunks::<2>();
    pairs
        .iter()
        .filter_map(|&[id, at]| Some((Id::try_from(id).ok()?, first.checked_add(at)?)))
        .collect()
}

/// What follows a key of a dictionary. The key has to end there: `/Pages` is not `/PagesMode`.
fn value<'b>(dictionary: &'b [u8], key: &[u8]) -> Option<&'b [u8]> {
    let mut rest = dictionary;
    loop {
        rest = &rest[find(rest, key)? + key.len()..];
        if !rest.first().is_some_and(u8::is_ascii_alphanumeric) {
            let direct = rest.trim_ascii_start();
            // `/Type /Pages` has the key's name as a value: no value follows it.
            if !direct.starts_with(b"/") && !direct.starts_with(b">>") {
                return Some(direct);
            }
        }
    }
}

fn number(bytes: &[u8]) -> Option<u32> {
    let bytes = bytes.trim_ascii_start();
    let digits = bytes
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    std::str::from_utf8(&bytes[..digits]).ok()?.parse().ok()
}

/// `12 0 R`.
fn reference(bytes: &[u8]) -> Option<Id> {
    let mut words = bytes
        .trim_ascii_start()
        .split(|byte| byte.is_ascii_whitespace() || matches!(byte, b'/' | b'>'))
        .filter(|word| !word.is_empty());
    let id = number(words.next()?)?;
    number(words.next()?)?;
    (words.next()? == b"R").then_some(id)
}

fn head(bytes: &[u8]) -> &[u8] {
    &bytes[..bytes.len().min(DICTIONARY_BYTES)]
}

fn rfind(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack
        .windows(needle.len())
        .rposition(|window| window == needle)
}

#[cfg(test)]
mod tests {
    use miniz_oxide::deflate::compress_to_vec_zlib;

    use super::*;
    use crate::media::fixtures;
    use crate::media::sniff::Format;

    fn pages(bytes: &[u8]) -> Option<u32> {
        let file = fixtures::file(bytes);
        pdf_facts(file.path(), &Format::Pdf.into(), &Limits::default())
            .unwrap()
            .pages
    }

    #[test]
    fn a_plain_document_has_its_pages_counted() {
        assert_eq!(pages(&fixtures::pdf(1)), Some(1));
        assert_eq!(pages(&fixtures::pdf(12)), Some(12));
    }

    #[test]
    fn a_newer_version_at_the_end_wins() {
        let mut bytes = fixtures::pdf(3);
        let tree = find(&bytes, b"/Type /Pages").unwrap();
        let object = rfind(&bytes[..tree], b" 0 obj").unwrap();
        let line = rfind(&bytes[..object], b"\n").unwrap() + 1;
        let id = String::from_utf8(bytes[line..object].to_vec()).unwrap();
        let newer = format!("\n{id} 0 obj\n<</Type/Pages/Kids[]/Count 9>>\nendobj\n");
        bytes.extend_from_slice(newer.as_bytes());
        assert_eq!(pages(&bytes), Some(9));
    }

    fn packed(objects: &str, first: usize) -> Vec<u8> {
        let data = compress_to_vec_zlib(objects.as_bytes(), 6);
        let mut file = b"%PDF-1.5\n7 0 obj\n<</Type/ObjStm/N 2/First ".to_vec();
        file.extend(format!("{first}/Filter/FlateDecode/Length {}>>stream\n", data.len()).bytes());
        file.extend(data);
        file.extend(b"\nendstream\nendobj\n8 0 obj\n<</Type/XRef/Root 1 0 R/Size 9>>stream\n");
        file
    }

    #[test]
    fn objects_in_compressed_streams_are_found() {
        let objects = "1 0 2 32 <</Type/Catalog/Pages 2 0 R    >><</Type/Pages/Count 41/Kids[]>>";
        assert_eq!(pages(&packed(objects, 9)), Some(41));
    }

    #[test]
    fn a_stream_that_unpacks_without_end_is_left_alone() {
        let bomb = " ".repeat(UNPACKED_BYTES * 2);
        let file = packed(&bomb, 9);
        assert!(file.len() < 1 << 20, "it is small on disk");
        assert_eq!(pages(&file), None);
    }

    #[test]
    fn nonsense_has_no_pages() {
        assert_eq!(
            pages(b"%PDF-1.7\n/Root /Root 1 0 R\n1 0 obj <</Pages 1 0 R>>"),
            None
        );
        assert_eq!(pages(b"%PDF-1.7\ntrailer <</Root 1 0 R>>"), None);
        let absurd = b"%PDF-1.7\n1 0 obj<</Pages 2 0 R>>\n2 0 obj<</Count 4000000000>>/Root 1 0 R";
        assert_eq!(pages(absurd), None);
    }
}
