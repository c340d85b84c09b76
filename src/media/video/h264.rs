//! H.264 samples → frames.

mod parameters;

use ::image::{DynamicImage, RgbImage};
use openh264::OpenH264API;
use openh264::decoder::{DecodedYUV, DecoderConfig, Flush};
use openh264::formats::YUVSource as _;
use re_mp4::Avc1Box;

use crate::media::{Limits, MediaError};
use parameters::Kind;

/// A decoder for the samples of one track, in decoding order, beginning at a key frame.
///
/// Frames come out in display order and later than they went in. The decoder must not be flushed after
/// each sample: films with B-frames would yield nothing but errors.
pub(super) struct Decoder<'a> {
    decoder: openh264::decoder::Decoder,
    config: &'a Avc1Box,
    limits: &'a Limits,
    /// A sample with start codes in place of lengths.
    stream: Vec<u8>,
    /// Pixels of the coded frames, once a parameter set told them.
    size: Option<(u32, u32)>,
    begun: bool,
}

impl<'a> Decoder<'a> {
    pub(super) fn new(config: &'a Avc1Box, limits: &'a Limits) -> Result<Self, MediaError> {
        let options = DecoderConfig::new().flush_after_decode(Flush::NoFlush);
        let api = OpenH264API::from_source();
        Ok(Self {
            decoder: openh264::decoder::Decoder::with_api_config(api, options).map_err(failed)?,
            config,
            limits,
            stream: Vec::new(),
            size: None,
            begun: false,
        })
    }

    /// Decodes one sample; a frame comes out once enough is known.
    pub(super) fn decode(&mut self, sample: &[u8]) -> Result<Option<Frame<'_>>, MediaError> {
        self.stream.clear();
        let config = &self.config.avcc;
        if !self.begun {
            let sets = config.sequence_parameter_sets.iter();
            for set in sets.chain(&config.picture_parameter_sets) {
                self.push(&set.bytes)?;
            }
            self.begun = true;
        }
        let length_bytes = usize::from(config.length_size_minus_one & 3) + 1;
        for unit in units(sample, length_bytes) {
            self.push(unit)?;
        }
        if self.stream.is_empty() {
            return Ok(None);
        }
        let frame = self.decoder.decode(&self.stream).map_err(failed)?;
        Ok(frame.map(Frame))
    }

    /// Adds a unit to what the decoder gets next, if it is one that the decoder should see.
    fn push(&mut self, unit: &[u8]) -> Result<(), MediaError> {
        match parameters::kind(unit) {
            Kind::Sequence => {
                let size = parameters::sequence(unit, self.limits)?;
                // Legal and never seen: a film that changes its size. The decoder would have to make room anew
                // in the middle of a picture.
                if *self.size.get_or_insert(size) != size {
                    return Err(MediaError::broken("its frames change their size"));
                }
            }
            Kind::Picture => parameters::picture(unit)?,
            Kind::Slice if self.size.is_some() => {}
            Kind::Slice | Kind::Other => return Ok(()),
        }
        self.stream.extend_from_slice(&[0, 0, 0, 1]);
        self.stream.extend_from_slice(unit);
        Ok(())
    }

    /// The frames still held back, after the last sample.
    pub(super) fn finish(&mut self) -> Result<Vec<Frame<'_>>, MediaError> {
        let frames = self.decoder.flush_remaining().map_err(failed)?;
        Ok(frames.into_iter().map(Frame).collect())
    }
}

/// A decoded frame, valid until the next call.
pub(super) struct Frame<'a>(DecodedYUV<'a>);

impl Frame<'_> {
    /// How much of the frame is bright enough to be seen, between 0 and 1.
    pub(super) fn visible_part(&self) -> f32 {
        /// Video black is 16; this is a dark grey.
        const SEEN: u8 = 40;
        const STEP: usize = 8;

        let (width, height) = self.0.dimensions();
        let stride = self.0.strides().0;
        let (mut seen, mut all) = (0_u32, 0_u32);
        for row in self.0.y().chunks(stride.max(1)).take(height).step_by(STEP) {
            for luma in row.iter().take(width).step_by(STEP) {
                seen += u32::from(*luma > SEEN);
                all += 1;
            }
        }
        seen as f32 / all.max(1) as f32
    }

    pub(super) fn to_image(&self, limits: &Limits) -> Result<DynamicImage, MediaError> {
        let (width, height) = self.0.dimensions();
        let (columns, rows) = (width as u32, height as u32);
        limits.check_size(columns, rows)?;
        let mut rgb = vec![0; width * height * 3];
        self.0.write_rgb8(&mut rgb);
        let image = RgbImage::from_raw(columns, rows, rgb)
            .ok_or_else(|| MediaError::broken("a frame without pixels"))?;
        Ok(DynamicImage::ImageRgb8(image))
    }
}

/// The units of a sample, each of which begins with its length. What contradicts itself is left out.
fn units(mut sample: &[u8], length_bytes: usize) -> impl Iterator<Item = &[u8]> {
    std::iter::from_fn(move || {
        let (length, rest) = sample.split_at_checked(length_bytes)?;
        let length = length
            .iter()
            .fold(0, |sum, byte| sum << 8 | usize::from(*byte));
        let (unit, rest) = rest.split_at_checked(length)?;
        sample = rest;
        Some(unit)
    })
}

fn failed(error: openh264::Error) -> MediaError {
    MediaError::broken(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_is_taken_apart_by_its_lengths_and_nonsense_ends_it() {
        let sample = [0, 2, 7, 8, 0, 1, 9, 0, 200, 1];
        let found: Vec<&[u8]> = units(&sample, 2).collect();
        assert_eq!(found, [&[7, 8][..], &[9]]);
    }
}
