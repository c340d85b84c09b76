//! Ogg: the first page names the codec, the last one the position at its end.

use std::fs::File;

use super::{Sound, head, milliseconds, read_at};
use crate::media::MediaError;
use crate::media::bytes::{Bytes as _, find};

/// A page is at most this long, so the last one begins within as many bytes of the end.
const LONGEST_PAGE: u64 = 65_307;
/// Opus always counts in this rate.
const OPUS_RATE: u32 = 48_000;

pub(super) fn sound(file: &mut File, length: u64) -> Result<Sound, MediaError> {
    let head = head(file, 4096)?;
    let codec = codec(&head).ok_or_else(|| MediaError::broken("its codec is unknown"))?;
    let tail = read_at(file, length.saturating_sub(LONGEST_PAGE), LONGEST_PAGE)?;
    let end = last_position(&tail, head.le32(14));
    Ok(Sound {
        duration_ms: end
            .and_then(|end| milliseconds(end.saturating_sub(codec.skipped), codec.counted_rate)),
        rate: Some(codec.rate),
        channels: Some(codec.channels),
    })
}

struct Codec {
    rate: u32,
    /// Positions a second.
    counted_rate: u32,
    channels: u16,
    /// Positions before the sound begins.
    skipped: u64,
}

fn codec(head: &[u8]) -> Option<Codec> {
    if let Some(at) = find(head, b"OpusHead") {
        let rate = head.le32(at + 12).filter(|rate| *rate > 0);
        return Some(Codec {
            rate: rate.unwrap_or(OPUS_RATE),
            counted_rate: OPUS_RATE,
            channels: (*head.get(at + 9)?).into(),
            skipped: head.le16(at + 10)?.into(),
        });
    }
    if let Some(at) = find(head, b"\x01vorbis") {
        let rate = head.le32(at + 12)?;
        return Some(Codec {
            rate,
            counted_rate: rate,
            channels: (*head.get(at + 11)?).into(),
            skipped: 0,
        });
    }
    let at = find(head, b"\x7fFLAC")?;
    let sound = super::flac::sound(head.get(at + 9..)?).ok()?;
    Some(Codec {
        rate: sound.rate?,
        counted_rate: sound.rate?,
        channels: sound.channels?,
        skipped: 0,
    })
}

/// The position at the end of the last page of the stream with this serial number.
fn last_position(tail: &[u8], serial: Option<u32>) -> Option<u64> {
    const NO_PACKET_ENDS_HERE: u64 = u64::MAX;
    let mut end = tail.len();
    while let Some(at) = tail[..end].windows(4).rposition(|it| it == b"OggS") {
        let position = tail.le64(at + 6);
        if tail.le32(at + 14) == serial && position.is_some_and(|it| it != NO_PACKET_ENDS_HERE) {
            return position;
        }
        end = at;
    }
    None
}
