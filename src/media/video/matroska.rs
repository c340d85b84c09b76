//! What the header of a WebM or Matroska file tells: EBML elements, read from the first megabyte.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use crate::media::MediaError;
use crate::media::bytes::Bytes as _;

/// Information and tracks come before the pictures.
const HEADER_BYTES: u64 = 1 << 20;

/// A film's facts, as far as its header has them.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Film {
    pub(super) width: Option<u32>,
    pub(super) height: Option<u32>,
    pub(super) duration_ms: Option<u64>,
    pub(super) frame_rate: Option<f32>,
    pub(super) codec: Option<&'static str>,
}

pub(super) fn read(path: &Path) -> Result<Film, MediaError> {
    let mut bytes = Vec::new();
    File::open(path)?
        .take(HEADER_BYTES)
        .read_to_end(&mut bytes)?;
    parse(&bytes).ok_or_else(|| MediaError::broken("its header is cut off"))
}

mod id {
    pub(super) const SEGMENT: u32 = 0x1853_8067;
    pub(super) const INFO: u32 = 0x1549_a966;
    pub(super) const TIMESTAMP_SCALE: u32 = 0x2a_d7b1;
    pub(super) const DURATION: u32 = 0x4489;
    pub(super) const TRACKS: u32 = 0x1654_ae6b;
    pub(super) const TRACK: u32 = 0xae;
    pub(super) const CODEC: u32 = 0x86;
    pub(super) const FRAME_DURATION: u32 = 0x23_e383;
    pub(super) const VIDEO: u32 = 0xe0;
    pub(super) const WIDTH: u32 = 0xb0;
    pub(super) const HEIGHT: u32 = 0xba;
    pub(super) const DISPLAY_WIDTH: u32 = 0x54b0;
    pub(super) const DISPLAY_HEIGHT: u32 = 0x54ba;
    pub(super) const CLUSTER: u32 = 0x1f43_b675;
}

fn parse(bytes: &[u8]) -> Option<Film> {
    let segment = Elements(bytes).find(|element| element.id == id::SEGMENT)?;
    let mut film = Film::default();
    for element in Elements(segment.body) {
        match element.id {
            id::INFO => film.duration_ms = duration(element.body),
            id::TRACKS => tracks(element.body, &mut film),
            id::CLUSTER => break,
            _ => {}
        }
    }
    Some(film)
}

fn duration(info: &[u8]) -> Option<u64> {
    let (mut scale, mut ticks) = (1_000_000, None);
    for element in Elements(info) {
        match element.id {
            id::TIMESTAMP_SCALE => scale = number(element.body)?,
            id::DURATION => ticks = float(element.body),
            _ => {}
        }
    }
    let ms = ticks? * scale as f64 / 1e6;
    (ms.is_finite() && ms >= 1.0).then_some(ms.round() as u64)
}

/// Takes the first track with pictures.
fn tracks(tracks: &[u8], film: &mut Film) {
    for track in Elements(tracks).filter(|element| element.id == id::TRACK) {
        let find = |id| Elements(track.body).find(|element| element.id == id);
        let Some(video) = find(id::VIDEO) else {
            continue;
        };
        film.width = size(video.body, id::DISPLAY_WIDTH, id::WIDTH);
        film.height = size(video.body, id::DISPLAY_HEIGHT, id::HEIGHT);
        film.codec = find(id::CODEC).map(|codec| codec_name(codec.body));
        film.frame_rate = find(id::FRAME_DURATION)
            .and_then(|nanoseconds| number(nanoseconds.body))
            .map(|nanoseconds| (1e9 / nanoseconds as f64) as f32)
            .filter(|rate| rate.is_finite());
        return;
    }
}

/// As displayed, if that is said, else as stored.
fn size(video: &[u8], displayed: u32, stored: u32) -> Option<u32> {
    let find = |id| {
        let element = Elements(video).find(|element| element.id == id)?;
        number(element.body)?
            .try_into()
            .ok()
            .filter(|size| *size > 0)
    };
    find(displayed).or_else(|| find(stored))
}

fn codec_name(codec: &[u8]) -> &'static str {
    match codec {
        b"V_VP8" => "VP8",
        b"V_VP9" => "VP9",
        b"V_AV1" => "AV1",
        b"V_MPEG4/ISO/AVC" => "H.264",
        b"V_MPEGH/ISO/HEVC" => "H.265",
        _ => "unknown codec",
    }
}

struct Element<'a> {
    id: u32,
    body: &'a [u8],
}

/// The elements of a body, one after the other. One that ends beyond the bytes is cut there.
struct Elements<'a>(&'a [u8]);

impl<'a> Iterator for Elements<'a> {
    type Item = Element<'a>;

    fn next(&mut self) -> Option<Element<'a>> {
        let (id, rest) = variable(self.0, Marker::Kept)?;
        let (size, rest) = variable(rest, Marker::Removed)?;
        let size = usize::try_from(size).unwrap_or(usize::MAX).min(rest.len());
        let (body, rest) = rest.split_at(size);
        self.0 = rest;
        Some(Element {
            id: id.try_into().ok()?,
            body,
        })
    }
}

/// Whether the bit that tells a number's length is part of it.
#[derive(Clone, Copy, PartialEq)]
enum Marker {
    Kept,
    Removed,
}

/// A number of one to eight bytes. All ones mean an unknown size, which reads as a very large one.
fn variable(bytes: &[u8], marker: Marker) -> Option<(u64, &[u8])> {
    let first = *bytes.first()?;
    let length = first.leading_zeros() as usize + 1;
    let (number, rest) = bytes.split_at_checked(length)?;
    let mut value = match marker {
        Marker::Kept => u64::from(first),
        Marker::Removed => u64::from(first) & ((1 << (8 - length.min(8))) - 1),
    };
    for byte in &number[1..] {
        value = value << 8 | u64::from(*byte);
    }
    let unknown = (1_u64 << (7 * length.min(8))) - 1;
    let unsized_body = marker == Marker::Removed && value == unknown;
    (length <= 8).then_some((if unsized_body { u64::MAX } else { value }, rest))
}

fn number(body: &[u8]) -> Option<u64> {
    (body.len() <= 8).then(|| body.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte)))
}

fn float(body: &[u8]) -> Option<f64> {
    match body.len() {
        4 => body.array(0).map(|bytes| f32::from_be_bytes(bytes).into()),
        8 => body.array(0).map(f64::from_be_bytes),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn element(id: &[u8], body: &[u8]) -> Vec<u8> {
        let size = (0x1000_0000 | body.len() as u32).to_be_bytes();
        [id, &size, body].concat()
    }

    fn film() -> Vec<u8> {
        let info = [
            element(b"\x2a\xd7\xb1", &[0x0f, 0x42, 0x40]),
            element(b"\x44\x89", &2_500.0_f64.to_be_bytes()),
        ];
        let video = [
            element(b"\xb0", &[0x05, 0x00]),
            element(b"\xba", &[0x02, 0xd0]),
        ];
        let sound = element(b"\xae", &element(b"\x86", b"A_OPUS"));
        let track = [
            element(b"\x86", b"V_VP9"),
            element(b"\x23\xe3\x83", &40_000_000_u32.to_be_bytes()),
            element(b"\xe0", &video.concat()),
        ];
        let tracks = [sound, element(b"\xae", &track.concat())].concat();
        let body = [
            element(b"\x15\x49\xa9\x66", &info.concat()),
            element(b"\x16\x54\xae\x6b", &tracks),
        ];
        // A live recording: the segment's size is unknown.
        [
            element(b"\x1a\x45\xdf\xa3", &element(b"\x42\x82", b"webm")),
            b"\x18\x53\x80\x67\x01\xff\xff\xff\xff\xff\xff\xff".to_vec(),
            body.concat(),
        ]
        .concat()
    }

    #[test]
    fn the_header_tells_size_duration_rate_and_codec() {
        let expected = Film {
            width: Some(1280),
            height: Some(720),
            duration_ms: Some(2_500),
            frame_rate: Some(25.0),
            codec: Some("VP9"),
        };
        assert_eq!(parse(&film()), Some(expected));
    }

    #[test]
    fn a_header_cut_off_anywhere_is_read_as_far_as_it_goes() {
        let film = film();
        for end in 0..film.len() {
            let read = parse(&film[..end]);
            assert!(
                read.is_none_or(|it| it.width.is_none_or(|width| width <= 1280)),
                "{end}"
            );
        }
    }
}
