//! One picture file, read as often as needed, and the only place that meets the decoders of `image`.

use std::fs::File;
use std::io::{BufRead, Cursor, Read, Seek};
use std::path::Path;

use ::image::metadata::Orientation;
use ::image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader};

use super::reduced;
use crate::media::limits::Deadline;
use crate::media::sniff::Format;
use crate::media::{Limits, MediaError};

/// What a picture's header tells.
pub(super) struct Header {
    /// Pixels as stored, before the picture is turned.
    pub(super) size: (u32, u32),
    pub(super) orientation: Orientation,
    /// What its numbers mean, if it says so.
    pub(super) profile: Option<Vec<u8>>,
}

/// The bytes of one picture, with what decoding it may cost.
pub(super) struct Source<'a> {
    bytes: Vec<u8>,
    format: ImageFormat,
    limits: &'a Limits,
    deadline: Deadline,
}

impl<'a> Source<'a> {
    pub(super) fn open(
        path: &Path,
        format: Format,
        limits: &'a Limits,
    ) -> Result<Self, MediaError> {
        let file = File::open(path)?;
        let length = file.metadata()?.len();
        limits.check_bytes(length)?;
        let mut bytes = Vec::with_capacity(length as usize);
        file.take(limits.bytes).read_to_end(&mut bytes)?;
        Ok(Self {
            bytes,
            format: decoder_of(format)?,
            limits,
            deadline: limits.deadline(),
        })
    }

    pub(super) fn header(&self) -> Result<Header, MediaError> {
        let mut decoder = self.decoder()?;
        Ok(Header {
            size: decoder.dimensions(),
            // A damaged EXIF block is no reason not to show the picture.
            orientation: decoder.orientation().unwrap_or(Orientation::NoTransforms),
            profile: decoder.icc_profile().ok().flatten(),
        })
    }

    pub(super) fn decode(&self) -> Result<DynamicImage, MediaError> {
        let decoder = self.decoder()?;
        let (width, height) = decoder.dimensions();
        self.limits.check_size(width, height)?;
        if decoder.total_bytes() > self.limits.memory {
            return Err(MediaError::TooLarge {
                what: format!("{} MB of pixels", decoder.total_bytes() / 1_000_000),
            });
        }
        DynamicImage::from_decoder(decoder).map_err(|error| self.explain(error))
    }

    /// A JPEG at a fraction of its size, still not smaller than `side`, if that is possible.
    pub(super) fn reduced(&self, side: u32) -> Result<Option<DynamicImage>, MediaError> {
        reduced::decode(&self.bytes, side, self.limits, self.deadline)
    }

    fn decoder(&self) -> Result<impl ImageDecoder + '_, MediaError> {
        let mut reader = ImageReader::with_format(self.reader(), self.format);
        let mut limits = ::image::Limits::no_limits();
        limits.max_alloc = Some(self.limits.memory);
        reader.limits(limits);
        reader.into_decoder().map_err(|error| self.explain(error))
    }

    fn reader(&self) -> impl BufRead + Seek + '_ {
        self.deadline.reader(Cursor::new(self.bytes.as_slice()))
    }

    /// Decoders wrap the reader's time-out in errors of their own, so the clock is asked instead.
    fn explain(&self, error: ::image::ImageError) -> MediaError {
        match self.deadline.check() {
            Err(too_slow) => too_slow,
            Ok(()) => error.into(),
        }
    }
}

fn decoder_of(format: Format) -> Result<ImageFormat, MediaError> {
    Ok(match format {
        Format::Png => ImageFormat::Png,
        Format::Jpeg => ImageFormat::Jpeg,
        Format::WebP => ImageFormat::WebP,
        Format::Gif => ImageFormat::Gif,
        Format::Bmp => ImageFormat::Bmp,
        Format::Tiff => ImageFormat::Tiff,
        other => {
            return Err(MediaError::Unsupported {
                format: other.names().2.into(),
            });
        }
    })
}
