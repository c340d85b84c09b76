//! Measured facts of a media file.

use serde::{Deserialize, Serialize};

/// What `media` measured of a file's content. Absent means not measured or not applicable.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MediaFacts {
    /// MIME type by content, such as `image/png`.
    pub mime: Option<String>,
    /// A short format name for people: "PNG", "MP4 · H.264".
    pub format: Option<String>,
    /// Pixels.
    pub width: Option<u32>,
    /// Pixels.
    pub height: Option<u32>,
    /// Milliseconds.
    pub duration_ms: Option<u64>,
    /// Frames a second.
    pub frame_rate: Option<f32>,
    pub pages: Option<u32>,
    pub words: Option<u32>,
    /// Peaks between 0 and 1 over the whole sound, for a waveform.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub peaks: Vec<f32>,
}

impl MediaFacts {
    /// `2400 × 1600`, when both are known.
    pub fn dimensions(&self) -> Option<String> {
        Some(format!("{} × {}", self.width?, self.height?))
    }

    /// Width by height.
    pub fn aspect(&self) -> Option<f32> {
        match (self.width?, self.height?) {
            (_, 0) => None,
            (width, height) => Some(width as f32 / height as f32),
        }
    }
}
