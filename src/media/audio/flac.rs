//! FLAC: everything is in its first block.

use super::{Sound, milliseconds};
use crate::media::MediaError;
use crate::media::bytes::Bytes as _;

/// From the STREAMINFO block: 20 bits of rate, 3 of channels, 5 of depth, 36 of samples.
pub(super) fn sound(head: &[u8]) -> Result<Sound, MediaError> {
    const STREAM_INFO: u8 = 0;
    let packed = head
        .be64(18)
        .filter(|_| head[4] & 0x7f == STREAM_INFO)
        .ok_or_else(|| MediaError::broken("its header is cut off"))?;
    let rate = (packed >> 44) as u32;
    let samples = packed & 0xf_ffff_ffff;
    Ok(Sound {
        // No samples means that their number was not known when the file was written.
        duration_ms: milliseconds(samples, rate).filter(|_| samples > 0),
        rate: Some(rate),
        channels: Some((packed >> 41 & 7) as u16 + 1),
    })
}
