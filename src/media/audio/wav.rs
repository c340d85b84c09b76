//! Where the samples of a WAV or AIFF file are. Written to be lenient where files often are wrong:
//! lengths that were never filled in, and files cut off.

use std::fs::File;

use super::pcm::{Encoding, Track};
use super::read_at;
use crate::media::MediaError;
use crate::media::bytes::Bytes as _;

/// Chunks looked at before giving up.
const MOST_CHUNKS: usize = 64;

/// Finds format and samples.
pub(super) fn track(file: &mut File, length: u64) -> Result<Track, MediaError> {
    let header = read_at(file, 0, 12)?;
    let big_endian = header.starts_with(b"FORM");
    let mut format = None;
    let mut at = 12;
    for _ in 0..MOST_CHUNKS {
        let chunk = read_at(file, at, 64)?;
        let Some((id, size)) = chunk_header(&chunk, big_endian) else {
            break;
        };
        let body = &chunk[8..];
        match &id {
            b"fmt " => format = wav_format(&body[..body.len().min(size as usize)]),
            b"COMM" => format = aiff_format(&header, body),
            b"data" | b"SSND" => {
                let offset = if big_endian { 8 } else { 0 };
                let start = at + 8 + offset;
                let declared = u64::from(size).saturating_sub(offset);
                let bytes = declared.min(length.saturating_sub(start));
                if let Some(format) = format {
                    return Ok(Track {
                        start,
                        bytes,
                        ..format
                    });
                }
            }
            _ => {}
        }
        // Chunks are padded to an even length.
        at += 8 + u64::from(size) + u64::from(size % 2);
    }
    Err(MediaError::broken("it has no samples"))
}

fn chunk_header(chunk: &[u8], big_endian: bool) -> Option<([u8; 4], u32)> {
    let size = if big_endian {
        chunk.be32(4)
    } else {
        chunk.le32(4)
    };
    Some((chunk.array(0)?, size?))
}

fn wav_format(body: &[u8]) -> Option<Track> {
    const PCM: u16 = 1;
    const FLOAT: u16 = 3;
    const EXTENSIBLE: u16 = 0xfffe;

    let tag = match body.le16(0)? {
        EXTENSIBLE => body.le16(24)?,
        tag => tag,
    };
    let frame = body.le16(12)?;
    let bits = body.le16(14)?;
    let channels = body.le16(2)?;
    let encoding = match (tag, frame.checked_div(channels)?) {
        (PCM, 1) => Encoding::U8,
        (PCM, 2) => Encoding::I16Le,
        (PCM, 3) => Encoding::I24Le,
        (PCM, 4) => Encoding::I32Le,
        (FLOAT, 4) => Encoding::F32Le,
        (FLOAT, 8) => Encoding::F64Le,
        _ => Encoding::Other,
    };
    let samples_are_blocks = encoding != Encoding::Other && bits > 0;
    Some(Track {
        rate: body.le32(4)?,
        channels,
        bytes_per_second: (!samples_are_blocks).then_some(body.le32(8)?),
        frame: u64::from(frame),
        encoding,
        start: 0,
        bytes: 0,
    })
}

fn aiff_format(header: &[u8], body: &[u8]) -> Option<Track> {
    let channels = body.be16(0)?;
    let bytes = body.be16(6)?.div_ceil(8);
    let compressed = header.get(8..12) == Some(b"AIFC") && body.get(18..22) != Some(b"NONE");
    let encoding = match bytes {
        _ if compressed => Encoding::Other,
        1 => Encoding::I8,
        2 => Encoding::I16Be,
        3 => Encoding::I24Be,
        4 => Encoding::I32Be,
        _ => Encoding::Other,
    };
    Some(Track {
        rate: extended_to_integer(body.array(8)?),
        channels,
        bytes_per_second: None,
        frame: u64::from(channels) * u64::from(bytes),
        encoding,
        start: 0,
        bytes: 0,
    })
}

/// AIFF writes its sample rate as an 80-bit float.
fn extended_to_integer(bytes: [u8; 10]) -> u32 {
    let exponent = i32::from(u16::from_be_bytes([bytes[0], bytes[1]]) & 0x7fff) - 16_383;
    let mantissa = u64::from_be_bytes(bytes[2..].try_into().expect("eight of ten bytes"));
    match u32::try_from(63 - exponent) {
        Ok(shift @ 32..=63) => (mantissa >> shift) as u32,
        _ => 0,
    }
}
