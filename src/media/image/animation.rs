//! Pictures that move: the frames of an animated GIF, PNG or WebP, one after the other.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{Cursor, Read};
use std::path::Path;
use std::time::Duration;

use ::image::codecs::gif::GifDecoder;
use ::image::codecs::png::PngDecoder;
use ::image::codecs::webp::WebPDecoder;
use ::image::metadata::Orientation;
use ::image::{AnimationDecoder, DynamicImage, Frame, Frames, ImageDecoder};

use crate::media::guard::guarded;
use crate::media::pixels::{Finish, finish};
use crate::media::sniff::{Format, sniff_file};
use crate::media::{Limits, MediaError};
use crate::model::Pixels;

/// An hour at thirty frames a second; beyond it an animation begins again.
const MOST_FRAMES: u32 = 108_000;
/// Shorter delays are not meant: all browsers show such frames for [`USUAL_DELAY`].
const SHORTEST_DELAY: Duration = Duration::from_millis(20);
const USUAL_DELAY: Duration = Duration::from_millis(100);
/// Canvases that a decoder works with at the same time: what is shown, what was before, what comes.
const CANVASES: u64 = 3;

/// A picture of an [`Animation`].
#[derive(Clone, Debug, PartialEq)]
pub struct AnimationFrame {
    pub pixels: Pixels,
    /// How long it is shown.
    pub delay: Duration,
}

/// The frames of a moving picture in their order, each decoded when asked for. To play it again, open it again.
///
/// Not more than its file, three canvases and two frames are in memory.
pub struct Animation {
    frames: Frames<'static>,
    /// Decoded to learn whether anything moves.
    ahead: VecDeque<AnimationFrame>,
    side: u32,
    count: u32,
    state: State,
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    Playing,
    Over,
}

impl Animation {
    /// Opens a picture; `None` if it stands still.
    pub(in crate::media) fn open(
        path: &Path,
        side: u32,
        limits: &Limits,
    ) -> Result<Option<Self>, MediaError> {
        let format = sniff_file(path)?.format;
        if !matches!(format, Format::Gif | Format::Png | Format::WebP) {
            return Ok(None);
        }
        let length = File::open(path)?.metadata()?.len();
        limits.check_bytes(length)?;
        let mut bytes = Vec::new();
        File::open(path)?
            .take(limits.bytes)
            .read_to_end(&mut bytes)?;
        let Some(frames) = frames(bytes, format, limits)? else {
            return Ok(None);
        };
        let mut animation = Self {
            frames,
            ahead: VecDeque::new(),
            side,
            count: 0,
            state: State::Playing,
        };
        for _ in 0..2 {
            match animation.decode() {
                Ok(Some(frame)) => animation.ahead.push_back(frame),
                // One frame, or one that is whole: a picture like any other.
                Ok(None) | Err(_) => return Ok(None),
            }
        }
        Ok(Some(animation))
    }

    /// The next frame; `None` after the last.
    ///
    /// # Errors
    /// [`MediaError::Broken`] where the file is damaged, and the others. Nothing comes after an error.
    pub fn next_frame(&mut self) -> Result<Option<AnimationFrame>, MediaError> {
        match self.ahead.pop_front() {
            Some(frame) => Ok(Some(frame)),
            None => self.decode(),
        }
    }

    fn decode(&mut self) -> Result<Option<AnimationFrame>, MediaError> {
        if self.state == State::Over || self.count == MOST_FRAMES {
            return Ok(None);
        }
        // Set first: a decoder that panicked is not asked again.
        self.state = State::Over;
        let (frames, side) = (&mut self.frames, self.side);
        let frame = guarded(|| match frames.next() {
            Some(frame) => finished(frame?, side).map(Some),
            None => Ok(None),
        })?;
        if frame.is_some() {
            self.state = State::Playing;
            self.count += 1;
        }
        Ok(frame)
    }
}

fn frames(
    bytes: Vec<u8>,
    format: Format,
    limits: &Limits,
) -> Result<Option<Frames<'static>>, MediaError> {
    let bytes = Cursor::new(bytes);
    match format {
        Format::Gif => {
            let mut decoder = GifDecoder::new(bytes)?;
            restrict(&mut decoder, limits)?;
            Ok(Some(decoder.into_frames()))
        }
        Format::Png => {
            let mut decoder = PngDecoder::with_limits(bytes, memory(limits))?;
            if !decoder.is_apng()? {
                return Ok(None);
            }
            restrict(&mut decoder, limits)?;
            Ok(Some(decoder.apng()?.into_frames()))
        }
        Format::WebP => {
            let mut decoder = WebPDecoder::new(bytes)?;
            if !decoder.has_animation() {
                return Ok(None);
            }
            restrict(&mut decoder, limits)?;
            Ok(Some(decoder.into_frames()))
        }
        _ => Ok(None),
    }
}

fn restrict(decoder: &mut impl ImageDecoder, limits: &Limits) -> Result<(), MediaError> {
    let (width, height) = decoder.dimensions();
    limits.check_size(width, height)?;
    let canvas = u64::from(width) * u64::from(height) * 4;
    if canvas * CANVASES > limits.memory {
        return Err(MediaError::TooLarge {
            what: format!("{width} × {height} moving pixels"),
        });
    }
    Ok(decoder.set_limits(memory(limits))?)
}

fn memory(limits: &Limits) -> ::image::Limits {
    let mut memory = ::image::Limits::no_limits();
    memory.max_alloc = Some(limits.memory);
    memory
}

fn finished(frame: Frame, side: u32) -> Result<AnimationFrame, MediaError> {
    let (numerator, denominator) = frame.delay().numer_denom_ms();
    let delay =
        Duration::from_secs_f64(f64::from(numerator) / f64::from(denominator.max(1)) / 1000.0);
    let image = DynamicImage::ImageRgba8(frame.into_buffer());
    let original = (image.width(), image.height());
    Ok(AnimationFrame {
        pixels: finish(
            image,
            Finish {
                orientation: Orientation::NoTransforms,
                side,
                original,
            },
        )?,
        delay: if delay < SHORTEST_DELAY {
            USUAL_DELAY
        } else {
            delay
        },
    })
}

#[cfg(test)]
mod tests {
    use ::image::codecs::gif::GifEncoder;
    use ::image::{Delay, ImageFormat, Rgba, RgbaImage};

    use super::*;
    use crate::media::animation;
    use crate::media::fixtures::{encoded, file, photo};

    const COLOURS: [[u8; 4]; 3] = [[250, 0, 0, 255], [0, 250, 0, 255], [0, 0, 250, 255]];

    fn gif(size: (u32, u32), delays: &[u32]) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut encoder = GifEncoder::new(&mut bytes);
        for (index, delay) in delays.iter().enumerate() {
            let image = RgbaImage::from_pixel(size.0, size.1, Rgba(COLOURS[index % 3]));
            let delay = Delay::from_numer_denom_ms(*delay, 1);
            let frame = Frame::from_parts(image, 0, 0, delay);
            encoder.encode_frame(frame).unwrap();
        }
        drop(encoder);
        bytes
    }

    fn opened(bytes: &[u8]) -> Result<Option<Animation>, MediaError> {
        animation(file(bytes).path(), 32, &Limits::default())
    }

    #[test]
    fn frames_come_in_their_order_with_their_delays_and_fit_the_side() {
        let mut playing = opened(&gif((64, 40), &[200, 0, 50])).unwrap().unwrap();
        for (colour, delay) in COLOURS.iter().zip([200, 100, 50]) {
            let frame = playing.next_frame().unwrap().unwrap();
            assert_eq!((frame.pixels.width, frame.pixels.height), (32, 20));
            assert_eq!(frame.pixels.original, (64, 40));
            assert_eq!(frame.delay, Duration::from_millis(delay));
            let near = frame.pixels.rgba.iter().zip(colour);
            assert!(near.take(4).all(|(a, b)| a.abs_diff(*b) < 12));
        }
        assert_eq!(playing.next_frame().unwrap(), None);
        assert_eq!(playing.next_frame().unwrap(), None);
    }

    #[test]
    fn what_stands_still_is_no_animation() {
        assert!(opened(&gif((8, 8), &[100])).unwrap().is_none());
        for format in [ImageFormat::Png, ImageFormat::WebP, ImageFormat::Jpeg] {
            let still = encoded(photo(8, 8), format);
            assert!(opened(&still).unwrap().is_none(), "{format:?}");
        }
        assert!(opened(b"just words").unwrap().is_none());
        assert!(matches!(opened(b""), Err(MediaError::Empty)));
    }

    #[test]
    fn a_canvas_larger_than_the_memory_is_refused_before_it_is_made() {
        let mut claimed = gif((8, 8), &[100, 100]);
        claimed[6..10].copy_from_slice(&[0x60, 0xea, 0x60, 0xea]);
        let error = opened(&claimed).err();
        assert!(
            matches!(error, Some(MediaError::TooLarge { .. })),
            "{error:?}"
        );
    }

    #[test]
    fn a_frame_larger_than_its_canvas_is_no_way_around_the_limits() {
        let mut claimed = gif((8, 8), &[100, 100]);
        let separator = claimed
            .windows(9)
            .position(|it| it == [0x2c, 0, 0, 0, 0, 8, 0, 8, 0]);
        let at = separator.expect("the first frame's place and size") + 5;
        claimed[at..at + 4].copy_from_slice(&[0x60, 0xea, 0x60, 0xea]);
        assert!(opened(&claimed).is_ok_and(|it| it.is_none()));
        let file = file(&claimed);
        let kind = crate::model::MediaKind::Image;
        let whole = crate::media::full(file.path(), &kind, 8192, &Limits::default());
        assert!(whole.is_err(), "14 GB of pixels are not made");
    }

    #[test]
    fn damaged_animations_end_calmly() {
        let whole = gif((24, 16), &[100; 6]);
        let (mut played, mut ended) = (0, 0);
        for at in 0..whole.len() {
            let mut damaged = whole.clone();
            damaged[at] = damaged[at].wrapping_add(1 + (at % 250) as u8);
            for bytes in [damaged.as_slice(), &whole[..at]] {
                match opened(bytes) {
                    Ok(Some(mut animation)) => {
                        played += 1;
                        while let Ok(Some(_)) = animation.next_frame() {}
                        assert_eq!(animation.next_frame().unwrap(), None);
                    }
                    Ok(None) | Err(_) => ended += 1,
                }
            }
        }
        assert!(played > 0 && ended > 0);
    }
}
