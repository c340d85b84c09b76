//! A decoded frame made ready to be shown: upright, fitted, with its true aspect told.

use ::image::DynamicImage;
use ::image::metadata::Orientation;

use super::h264::Frame;
use super::mp4::VideoTrack;
use crate::media::pixels::{Finish, finish};
use crate::media::{Limits, MediaError};
use crate::model::Pixels;

/// A frame that fits `side`. One that is to be shown as it is takes the short way, for films have many of them.
pub(super) fn frame(
    frame: &Frame<'_>,
    track: &VideoTrack<'_>,
    side: u32,
    limits: &Limits,
) -> Result<Pixels, MediaError> {
    let (width, height) = frame.size();
    if track.orientation() != Orientation::NoTransforms || width.max(height) > side {
        return picture(frame.to_image(limits)?, track, side);
    }
    Ok(Pixels {
        width,
        height,
        rgba: frame.to_rgba(limits)?.into(),
        original: original((width, height), track),
    })
}

/// With the aspect and the orientation that the track asks for.
pub(super) fn picture(
    image: DynamicImage,
    track: &VideoTrack<'_>,
    side: u32,
) -> Result<Pixels, MediaError> {
    let original = original((image.width(), image.height()), track);
    finish(
        image,
        Finish {
            orientation: track.orientation(),
            side,
            original,
        },
    )
}

/// The size that the track states, unless that is absurd.
fn original(coded: (u32, u32), track: &VideoTrack<'_>) -> (u32, u32) {
    let (width, height) = track.size();
    let sensible = |wanted: u32, coded: u32| wanted > coded / 4 && wanted / 4 < coded;
    if sensible(width, coded.0) && sensible(height, coded.1) {
        (width, height)
    } else {
        coded
    }
}
