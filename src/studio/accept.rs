//! What may be uploaded: decided by the content, never by the name or the label.

use std::fs;
use std::io::{self, Read as _};
use std::path::Path;

use image::ImageReader;

/// The largest picture, in pixels.
const MAX_PIXELS: u64 = 150_000_000;
/// As much of a file as tells what it is.
const HEAD: u64 = 8192;

/// What a file is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Facts {
    pub(super) content_type: &'static str,
    /// Width and height in pixels, of pictures whose header we can read.
    pub(super) size: Option<(u32, u32)>,
}

/// Says what a file is, or in a sentence why it is not accepted.
///
/// # Errors
/// The outer error is the disk's.
pub(super) fn examine(path: &Path) -> io::Result<Result<Facts, String>> {
    let mut head = Vec::new();
    fs::File::open(path)?.take(HEAD).read_to_end(&mut head)?;
    if head.is_empty() {
        return Ok(Err("The file is empty".to_owned()));
    }
    let Some(content_type) = content_type(&head) else {
        return Ok(Err(
            "This type of file is not accepted: use jpeg, png, webp, gif, avif, heic, mp4, webm, quicktime, mp3, wav, \
             ogg or pdf"
                .to_owned(),
        ));
    };
    let size = content_type
        .starts_with("image/")
        .then(|| dimensions(path))
        .flatten();
    if let Some((width, height)) = size
        && u64::from(width) * u64::from(height) > MAX_PIXELS
    {
        return Ok(Err(format!(
            "The picture has {width} × {height} pixels; at most 150 megapixels are accepted"
        )));
    }
    Ok(Ok(Facts { content_type, size }))
}

/// The type of an accepted file, by its first bytes.
pub(super) fn content_type(head: &[u8]) -> Option<&'static str> {
    match infer::get(head)?.mime_type() {
        "image/jpeg" => Some("image/jpeg"),
        "image/png" => Some("image/png"),
        "image/webp" => Some("image/webp"),
        "image/gif" => Some("image/gif"),
        "image/avif" => Some("image/avif"),
        "image/heif" => Some("image/heic"),
        "video/mp4" | "video/x-m4v" => Some("video/mp4"),
        "video/webm" => Some("video/webm"),
        "video/quicktime" => Some("video/quicktime"),
        "audio/mpeg" => Some("audio/mpeg"),
        "audio/x-wav" => Some("audio/wav"),
        "audio/ogg" | "audio/opus" => Some("audio/ogg"),
        "application/pdf" => Some("application/pdf"),
        _ => None,
    }
}

/// From the header alone: nothing is decoded.
fn dimensions(path: &Path) -> Option<(u32, u32)> {
    ImageReader::open(path)
        .ok()?
        .with_guessed_format()
        .ok()?
        .into_dimensions()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn examined(bytes: &[u8]) -> Result<Facts, String> {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("file");
        fs::write(&path, bytes).unwrap();
        examine(&path).unwrap()
    }

    /// A PNG whose header claims a size, as a picture too large to be made here would.
    fn png_header(width: u32, height: u32) -> Vec<u8> {
        let mut png = Vec::new();
        image::DynamicImage::new_rgb8(1, 1)
            .write_to(&mut io::Cursor::new(&mut png), image::ImageFormat::Png)
            .unwrap();
        png[16..20].copy_from_slice(&width.to_be_bytes());
        png[20..24].copy_from_slice(&height.to_be_bytes());
        let crc = crc32(&png[12..29]);
        png[29..33].copy_from_slice(&crc.to_be_bytes());
        png
    }

    fn crc32(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(!0_u32, |crc, byte| {
            (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
                (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg())
            })
        })
    }

    #[test]
    fn pictures_are_known_by_their_content_and_measured() {
        let facts = examined(&png_header(640, 480)).unwrap();
        assert_eq!(facts.content_type, "image/png");
        assert_eq!(facts.size, Some((640, 480)));
    }

    #[test]
    fn a_picture_over_150_megapixels_is_refused() {
        let why = examined(&png_header(20_000, 10_000)).unwrap_err();
        assert!(why.contains("20000 × 10000"), "{why}");
    }

    #[test]
    fn other_types_and_empty_files_are_refused_with_a_reason() {
        assert!(examined(b"").unwrap_err().contains("empty"));
        for bytes in [
            &b"MZ\x90\0\x03\0\0\0"[..],
            b"PK\x03\x04",
            b"plain text",
            b"<html>",
        ] {
            let why = examined(bytes).unwrap_err();
            assert!(why.contains("not accepted"), "{why}");
        }
    }

    #[test]
    fn sound_film_and_paper_are_accepted() {
        assert_eq!(content_type(b"RIFF\x24\0\0\0WAVEfmt "), Some("audio/wav"));
        assert_eq!(
            content_type(b"\0\0\0\x18ftypisom\0\0\0\0isom"),
            Some("video/mp4")
        );
        assert_eq!(content_type(b"%PDF-1.7\n"), Some("application/pdf"));
        assert_eq!(content_type(b"OggS\0\x02\0\0\0\0"), Some("audio/ogg"));
        assert_eq!(content_type(b"ID3\x04\0\0\0\0"), Some("audio/mpeg"));
    }
}
