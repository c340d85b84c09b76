//! An opened MP4: its tracks, and reading the samples of one.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;
use std::time::Duration;

use ::image::metadata::Orientation;
use re_mp4::{Avc1Box, Mp4, Sample, StsdBoxContent, Track, TrackKind};

use crate::media::limits::Deadline;
use crate::media::{Limits, MediaError};

mod preflight;

use preflight::Veiled;

/// A sample larger than this is damage: it would be an uncompressed frame of 5,000 × 4,000 pixels.
const LARGEST_SAMPLE: u64 = 64 << 20;

/// A file whose boxes were read; its samples are read when asked for.
pub(super) struct Movie {
    file: File,
    mp4: Mp4,
    pub(super) deadline: Deadline,
}

/// The video track of a [`Movie`].
pub(super) struct VideoTrack<'a> {
    movie: &'a Movie,
    track: &'a Track,
}

impl Movie {
    pub(super) fn open(path: &Path, limits: &Limits) -> Result<Self, MediaError> {
        let deadline = limits.deadline();
        let file = File::open(path)?;
        let length = file.metadata()?.len();
        let checked = preflight::check(&mut &file, length, limits, deadline)?;
        let veiled = Veiled::new(&file, checked.hidden)?;
        let mp4 = Mp4::read(deadline.reader(veiled), checked.size).map_err(|error| {
            deadline
                .check()
                .err()
                .unwrap_or_else(|| MediaError::broken(error.to_string()))
        })?;
        Ok(Self {
            file,
            mp4,
            deadline,
        })
    }

    /// The first track with pictures.
    pub(super) fn video(&self) -> Option<VideoTrack<'_>> {
        let tracks = self.mp4.tracks();
        let track = tracks
            .values()
            .find(|track| track.kind == Some(TrackKind::Video))
            // Pictures in a codec unknown to the parser: only they have a size.
            .or_else(|| {
                tracks
                    .values()
                    .find(|track| track.width > 0 && track.height > 0)
            })?;
        Some(VideoTrack { movie: self, track })
    }

    /// Of the longest track, in milliseconds; what the movie header says often is rounded.
    pub(super) fn duration_ms(&self) -> Option<u64> {
        let tracks = self.mp4.tracks().values();
        let longest = tracks
            .filter_map(|track| scaled(track.duration, track.timescale))
            .max();
        let header = &self.mp4.moov.mvhd;
        longest
            .or_else(|| scaled(header.duration, u64::from(header.timescale)))
            .filter(|ms| *ms > 0)
    }

    /// The bytes of one sample.
    pub(super) fn read(&self, sample: &Sample) -> Result<Vec<u8>, MediaError> {
        if sample.size > LARGEST_SAMPLE {
            return Err(MediaError::broken("a frame of absurd size"));
        }
        let mut bytes = vec![0; sample.size as usize];
        let mut file = &self.file;
        file.seek(SeekFrom::Start(sample.offset))?;
        file.read_exact(&mut bytes).map_err(MediaError::from_read)?;
        Ok(bytes)
    }
}

impl<'a> VideoTrack<'a> {
    pub(super) fn samples(&self) -> &'a [Sample] {
        &self.track.samples
    }

    /// A name for people.
    pub(super) fn codec(&self) -> &'static str {
        match self.content() {
            StsdBoxContent::Avc1(_) => "H.264",
            StsdBoxContent::Hvc1(_) | StsdBoxContent::Hev1(_) => "H.265",
            StsdBoxContent::Av01(_) => "AV1",
            StsdBoxContent::Vp08(_) => "VP8",
            StsdBoxContent::Vp09(_) => "VP9",
            StsdBoxContent::Mp4a(_) | StsdBoxContent::Tx3g(_) | StsdBoxContent::Unknown(_) => {
                "unknown codec"
            }
        }
    }

    /// What an H.264 decoder has to be told first; `None` for other codecs.
    pub(super) fn h264(&self) -> Option<&'a Avc1Box> {
        match self.content() {
            StsdBoxContent::Avc1(config) => Some(config),
            _ => None,
        }
    }

    /// Pixels as displayed: upright, with square pixels.
    pub(super) fn displayed(&self) -> (u32, u32) {
        crate::media::pixels::turned(self.size(), self.orientation())
    }

    /// Pixels with their aspect corrected, before the film is turned.
    pub(super) fn size(&self) -> (u32, u32) {
        (self.track.width.into(), self.track.height.into())
    }

    /// Phones film sideways and say so in a matrix.
    pub(super) fn orientation(&self) -> Orientation {
        let matrix = &self.track.trak(&self.movie.mp4).tkhd.matrix;
        match (
            matrix.a.signum(),
            matrix.b.signum(),
            matrix.c.signum(),
            matrix.d.signum(),
        ) {
            (0, 1, -1, 0) => Orientation::Rotate90,
            (-1, 0, 0, -1) => Orientation::Rotate180,
            (0, -1, 1, 0) => Orientation::Rotate270,
            _ => Orientation::NoTransforms,
        }
    }

    /// How long the pictures last; a sound may go on.
    pub(super) fn duration(&self) -> Duration {
        let ms = scaled(self.track.duration, self.track.timescale);
        Duration::from_millis(ms.unwrap_or(0))
    }

    /// A time of this track since the start of the film.
    pub(super) fn moment(&self, ticks: i64) -> Duration {
        const NANOS: u128 = 1_000_000_000;
        let ticks = u128::from(u64::try_from(ticks).unwrap_or(0));
        let nanos = (ticks * NANOS).checked_div(u128::from(self.track.timescale));
        Duration::from_nanos(
            nanos
                .and_then(|nanos| u64::try_from(nanos).ok())
                .unwrap_or(0),
        )
    }

    /// Frames a second, on average.
    pub(super) fn frame_rate(&self) -> Option<f32> {
        let samples = self.samples();
        let ticks: u64 = samples
            .iter()
            .fold(0, |sum, sample| sum.saturating_add(sample.duration));
        let seconds = ticks as f64 / self.track.timescale as f64;
        let rate = (samples.len() as f64 / seconds) as f32;
        (rate.is_finite() && rate > 0.0 && rate < 1000.0).then_some(rate)
    }

    fn content(&self) -> &'a StsdBoxContent {
        &self
            .track
            .trak(&self.movie.mp4)
            .mdia
            .minf
            .stbl
            .stsd
            .contents
    }
}

/// Milliseconds.
fn scaled(ticks: u64, a_second: u64) -> Option<u64> {
    let ms = (u128::from(ticks) * 1000).checked_div(u128::from(a_second))?;
    // More than a month is a broken header.
    u64::try_from(ms)
        .ok()
        .filter(|ms| *ms < 31 * 24 * 3_600_000)
}
