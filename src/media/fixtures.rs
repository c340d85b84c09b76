//! Media files for the tests of this room, made in code.

use std::io::Write as _;

use ::image::codecs::jpeg::JpegEncoder;
use ::image::{DynamicImage, ImageFormat, Rgb, RgbImage, RgbaImage};
use muxide::api::{MuxerBuilder, VideoCodec};
use openh264::OpenH264API;
use openh264::encoder::{
    BitRate, Encoder, EncoderConfig, FrameRate, FrameType, IntraFramePeriod, RateControlMode,
};
use openh264::formats::{RgbSliceU8, YUVBuffer};
use tempfile::NamedTempFile;

/// Half a second of 440 Hz at half volume, then half a second of silence; 16 kHz, one channel.
pub(super) const MP3: &[u8] = include_bytes!("../../tests/fixtures/sounds/sine.mp3");
pub(super) const OGG: &[u8] = include_bytes!("../../tests/fixtures/sounds/sine.ogg");
pub(super) const FLAC: &[u8] = include_bytes!("../../tests/fixtures/sounds/sine.flac");
pub(super) const M4A: &[u8] = include_bytes!("../../tests/fixtures/sounds/sine.m4a");
pub(super) const AAC: &[u8] = include_bytes!("../../tests/fixtures/sounds/sine.aac");

/// Three seconds of a test picture, 96 × 64 at 10 a second, with a key frame every second, B-frames and sound.
pub(super) const B_FRAMES: &[u8] = include_bytes!("../../tests/fixtures/films/b_frames.mp4");

/// A file with these bytes and a name that says nothing.
pub(super) fn file(bytes: &[u8]) -> NamedTempFile {
    let mut file = NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    file
}

/// Colours that change smoothly, with some texture on them, as in a photograph.
pub(super) fn photo(width: u32, height: u32) -> RgbImage {
    let mut noise = 12_345_u32;
    RgbImage::from_fn(width, height, |x, y| {
        noise ^= noise << 13;
        noise ^= noise >> 17;
        noise ^= noise << 5;
        let grain = (noise % 23) as f32 - 11.0;
        let (x, y) = (x as f32 / width as f32, y as f32 / height as f32);
        let wave = |a: f32, b: f32| (a * 6.0).sin() * 60.0 + (b * 9.0).cos() * 50.0 + 120.0;
        Rgb([
            (wave(x, y) + grain) as u8,
            (wave(y + 0.3, x) + grain) as u8,
            (wave(x * y * 3.0, x - y) + grain) as u8,
        ])
    })
}

pub(super) fn encoded(image: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image.into().write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

pub(super) fn jpeg(image: &RgbImage, quality: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, quality)
        .encode_image(image)
        .unwrap();
    bytes
}

/// What [`jpeg_of`] varies.
#[derive(Clone, Copy, Debug)]
pub(super) struct JpegKind {
    pub(super) sampling: jpeg_encoder::SamplingFactor,
    pub(super) progressive: bool,
    /// Units between restart markers; 0 for none.
    pub(super) restart: u16,
}

pub(super) fn jpeg_of(image: &RgbImage, kind: JpegKind) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = jpeg_encoder::Encoder::new(&mut bytes, 90);
    encoder.set_sampling_factor(kind.sampling);
    encoder.set_progressive(kind.progressive);
    if kind.restart > 0 {
        encoder.set_restart_interval(kind.restart);
    }
    let (width, height) = (image.width() as u16, image.height() as u16);
    encoder
        .encode(image.as_raw(), width, height, jpeg_encoder::ColorType::Rgb)
        .unwrap();
    bytes
}

/// A JPEG with an EXIF block that holds nothing but an orientation.
pub(super) fn with_orientation(jpeg: &[u8], orientation: u8) -> Vec<u8> {
    let mut exif =
        b"\xff\xe1\0\x22Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
    exif.extend([orientation, 0, 0, 0, 0, 0, 0]);
    [&jpeg[..2], &exif, &jpeg[2..]].concat()
}

/// A picture whose right half can be seen through.
pub(super) fn cut_out(width: u32, height: u32) -> RgbaImage {
    RgbaImage::from_fn(width, height, |x, y| {
        let alpha = if x < width / 2 { 255 } else { 0 };
        ::image::Rgba([(x % 256) as u8, (y % 256) as u8, 90, alpha])
    })
}

/// A film of plain frames, one second long for every ten of them, with a key frame every `key` frames.
pub(super) fn mp4(width: u32, height: u32, key: u32, frames: &[Rgb<u8>]) -> Vec<u8> {
    const RATE: f32 = 10.0;
    let config = EncoderConfig::new()
        .bitrate(BitRate::from_bps(2_000_000))
        .max_frame_rate(FrameRate::from_hz(RATE))
        .intra_frame_period(IntraFramePeriod::from_num_frames(key))
        .skip_frames(false)
        .rate_control_mode(RateControlMode::Off);
    let api = OpenH264API::from_source();
    let mut encoder = Encoder::with_api_config(api, config).unwrap();
    let mut bytes = Vec::new();
    let mut muxer = MuxerBuilder::new(&mut bytes)
        .video(VideoCodec::H264, width, height, RATE.into())
        .with_fast_start(true)
        .build()
        .unwrap();
    for (index, colour) in frames.iter().enumerate() {
        let picture = RgbImage::from_pixel(width, height, *colour);
        let size = (width as usize, height as usize);
        let yuv = YUVBuffer::from_rgb8_source(RgbSliceU8::new(picture.as_raw(), size));
        let stream = encoder.encode(&yuv).unwrap();
        let is_key = matches!(stream.frame_type(), FrameType::IDR | FrameType::I);
        let packet = stream.to_vec();
        muxer
            .write_video(index as f64 / f64::from(RATE), &packet, is_key)
            .unwrap();
    }
    muxer.finish().unwrap();
    bytes
}

/// A sine at half volume that is silent in its second half.
pub(super) fn wav(seconds: u32, spec: hound::WavSpec) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    let mut writer = hound::WavWriter::new(&mut bytes, spec).unwrap();
    let frames = seconds * spec.sample_rate;
    for frame in 0..frames {
        let loud = if frame < frames / 2 { 0.5 } else { 0.0 };
        let value = (frame as f32 * 440.0 / spec.sample_rate as f32 * std::f32::consts::TAU).sin();
        for _ in 0..spec.channels {
            match spec.sample_format {
                hound::SampleFormat::Float => writer.write_sample(value * loud).unwrap(),
                hound::SampleFormat::Int => {
                    let full = (1_i64 << (spec.bits_per_sample - 1)) as f32 - 1.0;
                    writer.write_sample((value * loud * full) as i32).unwrap();
                }
            }
        }
    }
    writer.finalize().unwrap();
    bytes.into_inner()
}

/// A document of empty pages.
pub(super) fn pdf(pages: u32) -> Vec<u8> {
    use pdf_writer::{Finish as _, Pdf, Rect, Ref};

    let mut pdf = Pdf::new();
    let (catalog, tree) = (Ref::new(1), Ref::new(2));
    let kids: Vec<Ref> = (3..).map(Ref::new).take(pages as usize).collect();
    pdf.catalog(catalog).pages(tree);
    pdf.pages(tree)
        .kids(kids.iter().copied())
        .count(pages as i32);
    for id in kids {
        let mut page = pdf.page(id);
        page.parent(tree)
            .media_box(Rect::new(0.0, 0.0, 595.0, 842.0));
        page.finish();
    }
    pdf.finish()
}

/// Makes the checksums of all chunks of a PNG right, as far as there are chunks.
pub(super) fn repair_png(bytes: &mut [u8]) {
    let mut at = 8;
    while let Some(length) = bytes.get(at..at + 4) {
        let length = u32::from_be_bytes(length.try_into().unwrap()) as usize;
        let Some(end) = (at + 8)
            .checked_add(length)
            .filter(|end| end + 4 <= bytes.len())
        else {
            return;
        };
        // Bit by bit from the low end, begun and ended with all bits set.
        let crc = bytes[at + 4..end].iter().fold(u32::MAX, |crc, byte| {
            (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
                crc >> 1 ^ if crc & 1 == 1 { 0xedb8_8320 } else { 0 }
            })
        });
        bytes[end..end + 4].copy_from_slice(&(!crc).to_be_bytes());
        at = end + 4;
    }
}

/// Makes the checksums of all pages of an Ogg file right.
pub(super) fn repair_ogg(bytes: &mut [u8]) {
    let mut at = 0;
    while let Some(found) = super::bytes::find(&bytes[at..], b"OggS") {
        let start = at + found;
        at = start + 4;
        let Some(lacing) = bytes.get(start + 26).map(|count| usize::from(*count)) else {
            return;
        };
        let Some(body) = bytes.get(start + 27..start + 27 + lacing) else {
            return;
        };
        let length: usize = body.iter().map(|byte| usize::from(*byte)).sum();
        let end = (start + 27 + lacing + length).min(bytes.len());
        bytes[start + 22..start + 26].fill(0);
        let crc = bytes[start..end].iter().fold(0_u32, |crc, byte| {
            (0..8).fold(crc ^ u32::from(*byte) << 24, |crc, _| {
                crc << 1 ^ if crc >> 31 == 1 { 0x04c1_1db7 } else { 0 }
            })
        });
        bytes[start + 22..start + 26].copy_from_slice(&crc.to_le_bytes());
    }
}
