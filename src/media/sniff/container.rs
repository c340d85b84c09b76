//! Formats that share a container: RIFF, ISO media ("ftyp"), Matroska, Ogg, IFF, and bare sound frames.

use super::Format;
use crate::media::bytes::{Bytes, find};

pub(super) fn format(head: &[u8]) -> Option<Format> {
    riff(head)
        .or_else(|| iso_media(head))
        .or_else(|| matroska(head))
        .or_else(|| ogg(head))
        .or_else(|| aiff(head))
        .or_else(|| bmp(head))
        .or_else(|| frames(head))
}

fn riff(head: &[u8]) -> Option<Format> {
    if !head.starts_with(b"RIFF") && !head.starts_with(b"RF64") {
        return None;
    }
    match &head.array::<4>(8)? {
        b"WEBP" => Some(Format::WebP),
        b"WAVE" => Some(Format::Wav),
        b"AVI " => Some(Format::Avi),
        _ => None,
    }
}

/// By the major brand, then by the compatible ones: `mif1` files are HEIC or AVIF, and say so later.
fn iso_media(head: &[u8]) -> Option<Format> {
    if &head.array::<4>(4)? != b"ftyp" {
        return old_quicktime(head);
    }
    let end = head.len().min(head.be32(0)? as usize);
    let major = head.array::<4>(8)?;
    let compatible = head.get(16..end).unwrap_or_default();
    brand(&major)
        .or_else(|| compatible.as_chunks::<4>().0.iter().find_map(picture_brand))
        .or(Some(Format::Mp4))
}

fn brand(major: &[u8; 4]) -> Option<Format> {
    match major {
        b"qt  " => Some(Format::QuickTime),
        b"M4A " | b"M4B " | b"F4A " => Some(Format::M4a),
        _ => picture_brand(major),
    }
}

fn picture_brand(brand: &[u8; 4]) -> Option<Format> {
    match brand {
        b"avif" | b"avis" => Some(Format::Avif),
        b"heic" | b"heix" | b"heim" | b"heis" | b"hevc" | b"hevx" => Some(Format::Heic),
        _ => None,
    }
}

/// QuickTime files from before there was a type box.
fn old_quicktime(head: &[u8]) -> Option<Format> {
    let size = head.be32(0)?;
    let known = matches!(&head.array::<4>(4)?, b"moov" | b"mdat" | b"wide" | b"pnot");
    (known && (size == 1 || size >= 8)).then_some(Format::QuickTime)
}

fn matroska(head: &[u8]) -> Option<Format> {
    if !head.starts_with(b"\x1a\x45\xdf\xa3") {
        return None;
    }
    let start = &head[..head.len().min(256)];
    Some(if find(start, b"\x42\x82\x84webm").is_some() {
        Format::WebM
    } else {
        Format::Matroska
    })
}

fn ogg(head: &[u8]) -> Option<Format> {
    if !head.starts_with(b"OggS\0") {
        return None;
    }
    let start = &head[..head.len().min(512)];
    Some(if find(start, b"\x80theora").is_some() {
        Format::OggVideo
    } else if find(start, b"OpusHead").is_some() {
        Format::Opus
    } else {
        Format::Ogg
    })
}

fn aiff(head: &[u8]) -> Option<Format> {
    let form = head.starts_with(b"FORM") && matches!(&head.array::<4>(8)?, b"AIFF" | b"AIFC");
    form.then_some(Format::Aiff)
}

/// "BM" also begins words, so the rest of the header has to fit.
fn bmp(head: &[u8]) -> Option<Format> {
    let header = head.le32(14)?;
    let fits = head.starts_with(b"BM")
        && head.le32(6)? == 0
        && matches!(header, 12 | 16 | 40 | 52 | 56 | 64 | 108 | 124);
    fits.then_some(Format::Bmp)
}

/// Bare MPEG audio frames: a sync word and fields that make sense.
fn frames(head: &[u8]) -> Option<Format> {
    let word = head.be16(0)?;
    if word & 0xfff6 == 0xfff0 {
        return Some(Format::Aac);
    }
    let layer_3 = word & 0xffe6 == 0xffe2 && word & 0x0018 != 0x0008;
    let third = *head.get(2)?;
    let sane = !matches!(third >> 4, 0 | 15) && (third >> 2) & 3 != 3;
    (layer_3 && sane).then_some(Format::Mp3)
}
