//! Pictures: their size without decoding them, and their pixels under limits.

mod animation;
mod profile;
mod reduced;
mod source;

use std::path::Path;

use crate::model::{MediaFacts, Pixels};

use super::pixels::{Finish, finish, turned};
use super::sniff::{Format, Sniffed};
use super::{Limits, MediaError};
pub use animation::{Animation, AnimationFrame};
use source::Source;

/// Size as displayed, from the header alone.
pub(super) fn facts(
    path: &Path,
    sniffed: &Sniffed,
    limits: &Limits,
) -> Result<MediaFacts, MediaError> {
    let header = Source::open(path, sniffed.format, limits)?.header()?;
    let (width, height) = turned(header.size, header.orientation);
    Ok(MediaFacts {
        width: Some(width),
        height: Some(height),
        ..sniffed.facts()
    })
}

/// The picture, scaled down to `side` pixels if it is larger; of an animation its first frame.
pub(super) fn pixels(
    path: &Path,
    sniffed: &Sniffed,
    side: u32,
    limits: &Limits,
) -> Result<Pixels, MediaError> {
    let source = Source::open(path, sniffed.format, limits)?;
    let header = source.header()?;
    limits.check_size(header.size.0, header.size.1)?;
    let image = match sniffed.format {
        Format::Jpeg => match source.reduced(side)? {
            Some(smaller) => smaller,
            None => source.decode()?,
        },
        _ => source.decode()?,
    };
    finish(
        profile::into_srgb(image, header.profile.as_deref()),
        Finish {
            orientation: header.orientation,
            side,
            original: header.size,
        },
    )
}

#[cfg(test)]
mod tests;
