//! Pictures ready to be shown.

use std::fmt;
use std::sync::Arc;

use super::OutputKey;

/// What a preview shows.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum PreviewSource {
    /// An output of the library.
    Output(OutputKey),
    /// A handed-in file, by the SHA-256 of its content.
    Input(Arc<str>),
}

/// How large a preview is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PreviewSize {
    /// Fits 320 × 320 pixels: tiles, strips, rows.
    Thumb,
    /// As many pixels as there are, up to [`PreviewSize::FULL_SIDE`]: the viewer.
    Full,
}

impl PreviewSize {
    /// Longest side of a thumbnail, in pixels.
    pub const THUMB_SIDE: u32 = 320;
    /// Longest side of a full preview, in pixels (textures have a limit).
    pub const FULL_SIDE: u32 = 8192;
}

/// One preview.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PreviewKey {
    pub source: PreviewSource,
    pub size: PreviewSize,
}

impl PreviewKey {
    pub fn thumb(output: OutputKey) -> Self {
        Self {
            source: PreviewSource::Output(output),
            size: PreviewSize::Thumb,
        }
    }

    pub fn full(output: OutputKey) -> Self {
        Self {
            source: PreviewSource::Output(output),
            size: PreviewSize::Full,
        }
    }

    pub fn input(hash: Arc<str>) -> Self {
        Self {
            source: PreviewSource::Input(hash),
            size: PreviewSize::Thumb,
        }
    }
}

/// A decoded picture: premultiplied sRGB RGBA, four bytes a pixel, row by row from the top.
#[derive(Clone, PartialEq, Eq)]
pub struct Pixels {
    pub width: u32,
    pub height: u32,
    pub rgba: Arc<[u8]>,
    /// Pixels of the original, which may be larger.
    pub original: (u32, u32),
}

impl Pixels {
    /// Bytes in memory.
    pub fn bytes(&self) -> usize {
        self.rgba.len()
    }
}

impl fmt::Debug for Pixels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pixels({} × {})", self.width, self.height)
    }
}
