//! What a file is, by its content: names and headers of servers lie.

mod container;
mod format;
mod plain;

use std::fs::File;
use std::io::Read;
use std::path::Path;

use crate::model::{MediaFacts, MediaKind};

use super::MediaError;
pub(super) use format::Family;
pub use format::Format;
pub(super) use plain::{Encoding, encoding_of};

/// As many bytes of a file's start as [`sniff`] makes use of.
pub const SNIFF_BYTES: usize = 4096;

/// What a file was found to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sniffed {
    pub format: Format,
    /// `None` if it is no kind of media, such as an archive.
    pub kind: Option<MediaKind>,
    /// Such as `image/png`; `application/octet-stream` if nothing is known.
    pub mime: &'static str,
    /// Without a dot, such as `png`; empty if nothing is known.
    pub extension: &'static str,
    /// A name for people: "PNG", "H.264 · MP4".
    pub name: &'static str,
}

impl Sniffed {
    /// What is known before anything is measured.
    pub(super) fn facts(&self) -> MediaFacts {
        MediaFacts {
            mime: Some(self.mime.to_owned()),
            format: Some(self.name.to_owned()),
            ..MediaFacts::default()
        }
    }
}

impl From<Format> for Sniffed {
    fn from(format: Format) -> Self {
        let (mime, extension, name) = format.names();
        Self {
            format,
            kind: format.kind(),
            mime,
            extension,
            name,
        }
    }
}

/// Tells from the first [`SNIFF_BYTES`] of a file, or fewer, what it is.
pub fn sniff(head: &[u8]) -> Sniffed {
    let head = &head[..head.len().min(SNIFF_BYTES)];
    if let Some(format) = signature(head)
        .or_else(|| container::format(head))
        .or_else(|| plain::format(head))
    {
        return format.into();
    }
    by_infer(head)
        .or_else(|| plain::legacy_text(head).then(|| Format::Text.into()))
        .unwrap_or_else(|| Format::Unknown.into())
}

/// [`sniff`] for a file on disk.
///
/// # Errors
/// [`MediaError::Empty`] for a file of no bytes, [`MediaError::Io`].
pub fn sniff_file(path: &Path) -> Result<Sniffed, MediaError> {
    let mut head = Vec::with_capacity(SNIFF_BYTES);
    File::open(path)?
        .take(SNIFF_BYTES as u64)
        .read_to_end(&mut head)?;
    if head.is_empty() {
        return Err(MediaError::Empty);
    }
    Ok(sniff(&head))
}

/// Formats with a signature too long to be met by accident, checked before a file may count as text.
fn signature(head: &[u8]) -> Option<Format> {
    const SIGNATURES: &[(&[u8], Format)] = &[
        (b"\x89PNG\r\n\x1a\n", Format::Png),
        (b"\xff\xd8\xff", Format::Jpeg),
        (b"GIF87a", Format::Gif),
        (b"GIF89a", Format::Gif),
        (b"II*\0", Format::Tiff),
        (b"MM\0*", Format::Tiff),
        (b"\xff\x0a", Format::Jxl),
        (b"\0\0\0\x0cJXL \r\n\x87\n", Format::Jxl),
        (b"\0\0\0\x0cjP  \r\n\x87\n", Format::Jpeg2000),
        (b"8BPS\0", Format::Psd),
        (b"\0\0\x01\0", Format::Ico),
        (b"fLaC", Format::Flac),
        (b"ID3\x02", Format::Mp3),
        (b"ID3\x03", Format::Mp3),
        (b"ID3\x04", Format::Mp3),
        (b"%PDF-", Format::Pdf),
        (b"{\\rtf", Format::Rtf),
    ];
    SIGNATURES
        .iter()
        .find(|(signature, _)| head.starts_with(signature))
        .map(|&(_, format)| format)
        .filter(|format| *format != Format::Tiff || !infer::image::is_cr2(head))
}

/// The long tail, from the crate `infer`: known by name only.
fn by_infer(head: &[u8]) -> Option<Sniffed> {
    use infer::MatcherType;

    let found = infer::get(head)?;
    let (kind, name) = match found.matcher_type() {
        MatcherType::Image => (Some(MediaKind::Image), "This picture format"),
        MatcherType::Video => (Some(MediaKind::Video), "This video format"),
        MatcherType::Audio => (Some(MediaKind::Audio), "This sound format"),
        MatcherType::Doc | MatcherType::Book => (Some(MediaKind::Document), "Document"),
        MatcherType::Text => (Some(MediaKind::Text), "Text"),
        MatcherType::Archive => (None, "an archive"),
        MatcherType::Font => (None, "a font"),
        MatcherType::App => (None, "a program"),
        MatcherType::Custom => return None,
    };
    Some(Sniffed {
        format: Format::NameOnly,
        kind,
        mime: found.mime_type(),
        extension: found.extension(),
        name: document_name(found.extension()).unwrap_or(name),
    })
}

fn document_name(extension: &str) -> Option<&'static str> {
    Some(match extension {
        "doc" | "docx" | "odt" => "Text document",
        "xls" | "xlsx" | "ods" => "Spreadsheet",
        "ppt" | "pptx" | "odp" => "Presentation",
        "epub" | "mobi" => "E-book",
        _ => return None,
    })
}

#[cfg(test)]
mod tests;
