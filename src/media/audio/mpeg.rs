//! MP3 and AAC: frames without a common header. The first frame may hold a count of all; else the size of
//! the file and the rate of its first frames have to do.

use std::fs::File;

use super::{Sound, milliseconds, read_at};
use crate::media::MediaError;
use crate::media::bytes::Bytes as _;

/// Bytes searched for the first frame, and looked at to estimate the rate.
const LOOKED_AT: u64 = 64 << 10;

pub(super) fn sound(file: &mut File, length: u64) -> Result<Sound, MediaError> {
    let tag = read_at(file, 0, 10)?;
    let start = id3_length(&tag);
    let bytes = read_at(file, start, LOOKED_AT)?;
    let first = (0..bytes.len())
        .find(|at| is_start(&bytes, *at))
        .ok_or_else(|| MediaError::broken("it has no sound in it"))?;
    let frames = &bytes[first..];
    let audio = length.saturating_sub(start + first as u64);
    let frame = Frame::parse(frames).ok_or_else(|| MediaError::broken("a bad frame"))?;
    Ok(Sound {
        duration_ms: counted(frames, &frame).or_else(|| estimated(frames, audio)),
        rate: Some(frame.rate),
        channels: Some(frame.channels),
    })
}

/// Length of the tag before the sound, with its header.
fn id3_length(tag: &[u8]) -> u64 {
    match tag {
        [b'I', b'D', b'3', _, _, flags, size @ ..] if size.len() == 4 => {
            let size = size
                .iter()
                .fold(0, |sum, byte| sum << 7 | u64::from(byte & 0x7f));
            let footer = if flags & 0x10 != 0 { 10 } else { 0 };
            10 + size + footer
        }
        _ => 0,
    }
}

/// Whether a frame begins here and another one follows it, if the bytes reach that far.
fn is_start(bytes: &[u8], at: usize) -> bool {
    let Some(frame) = Frame::parse(&bytes[at..]) else {
        return false;
    };
    let next = bytes.get(at + frame.length..).unwrap_or_default();
    next.len() < 4 || Frame::parse(next).is_some_and(|next| next.rate == frame.rate)
}

struct Frame {
    /// Bytes, with the header.
    length: usize,
    samples: u32,
    rate: u32,
    channels: u16,
    /// Where an encoder writes the number of frames, in MP3.
    side_info: Option<usize>,
}

impl Frame {
    fn parse(bytes: &[u8]) -> Option<Self> {
        let word = bytes.be32(0)?;
        if word & 0xfff6_0000 == 0xfff0_0000 {
            return Self::aac(word, bytes);
        }
        (word & 0xffe6_0000 == 0xffe2_0000).then(|| Self::mp3(word))?
    }

    fn aac(word: u32, bytes: &[u8]) -> Option<Self> {
        const RATES: [u32; 13] = [
            96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025,
            8_000, 7_350,
        ];
        let length = adts_length(bytes)?;
        let channels = (word >> 6 & 7) as u16;
        (length > 7).then_some(Self {
            length,
            samples: 1024,
            rate: *RATES.get((word >> 10 & 15) as usize)?,
            channels: if channels == 7 { 8 } else { channels },
            side_info: None,
        })
    }

    fn mp3(word: u32) -> Option<Self> {
        const KBITS_1: [u32; 15] = [
            0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320,
        ];
        const KBITS_2: [u32; 15] = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
        let (divisor, first) = match word >> 19 & 3 {
            0 => (4, false),
            2 => (2, false),
            3 => (1, true),
            _ => return None,
        };
        let rate = [44_100, 48_000, 32_000].get((word >> 10 & 3) as usize)? / divisor;
        let table = if first { KBITS_1 } else { KBITS_2 };
        let kbits = table
            .get((word >> 12 & 15) as usize)
            .filter(|kbits| **kbits > 0)?;
        let samples = if first { 1152 } else { 576 };
        let padding = word >> 9 & 1;
        let mono = word >> 6 & 3 == 3;
        let side_info = match (first, mono) {
            (true, false) => 36,
            (true, true) | (false, false) => 21,
            (false, true) => 13,
        };
        Some(Self {
            length: (samples / 8 * kbits * 1000 / rate + padding) as usize,
            samples,
            rate,
            channels: if mono { 1 } else { 2 },
            side_info: Some(side_info),
        })
    }
}

/// 13 bits across four bytes.
fn adts_length(bytes: &[u8]) -> Option<usize> {
    let [a, b, c] = bytes.array(3)?;
    Some(usize::from(a & 3) << 11 | usize::from(b) << 3 | usize::from(c >> 5))
}

/// By the number of frames that the encoder wrote into the first one (Xing, Info or VBRI).
fn counted(frames: &[u8], frame: &Frame) -> Option<u64> {
    let xing = frame.side_info?;
    let tag = frames.get(xing..xing + 4)?;
    let count = if tag == b"Xing" || tag == b"Info" {
        let has_count = frames.be32(xing + 4)? & 1 != 0;
        frames.be32(xing + 8).filter(|_| has_count)?
    } else {
        let vbri = 36;
        (frames.get(vbri..vbri + 4)? == b"VBRI").then(|| frames.be32(vbri + 14))??
    };
    milliseconds(u64::from(count) * u64::from(frame.samples), frame.rate)
}

/// By the frames at the start, as if all the others were like them.
fn estimated(frames: &[u8], audio_bytes: u64) -> Option<u64> {
    let (mut bytes, mut samples, mut rate) = (0, 0_u64, 0);
    while let Some(frame) = frames.get(bytes..).and_then(Frame::parse) {
        bytes += frame.length;
        samples += u64::from(frame.samples);
        rate = frame.rate;
    }
    let all = u128::from(samples) * u128::from(audio_bytes) / (bytes as u128).max(1);
    milliseconds(u64::try_from(all).ok()?, rate)
}
