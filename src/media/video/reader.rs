//! A film read frame by frame, in the order in which it is shown.
//!
//! Nothing runs by itself: a frame is decoded when it is asked for, and apart from the frames that the decoder has
//! to hold back for their order, none is ahead. The pace is the caller's.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::path::Path;
use std::time::Duration;

use super::h264::{Decoder, Frame};
use super::mp4::{Movie, VideoTrack};
use super::upright;
use crate::media::guard::guarded;
use crate::media::{Limits, MediaError};
use crate::model::Pixels;

/// Frames that a stream may hold back for their order, by the standard.
const MOST_HELD_BACK: usize = 16;

/// One picture of a film and when it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VideoFrame {
    /// Since the start of the film.
    pub at: Duration,
    /// Upright, at its coded size.
    pub pixels: Pixels,
}

/// Where to go on after [`VideoReader::seek`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Landing {
    /// At the key frame before: at once.
    KeyFrame,
    /// At the very frame that is shown then; what lies before it is decoded and passed over.
    Exact,
}

/// An opened film. H.264 in MP4 or QuickTime.
pub struct VideoReader {
    movie: Movie,
    limits: Limits,
    decoder: Decoder,
    /// The next sample to be decoded.
    next: usize,
    /// Times of the samples that are in the decoder, soonest first.
    inside: BinaryHeap<Reverse<i64>>,
    /// Frames before this time are passed over.
    from: i64,
    /// Frames that came out and were not asked for yet: those held back at the end.
    ready: VecDeque<VideoFrame>,
    stage: Stage,
    /// Whether a frame ever came out, and what went wrong first.
    has_shown: bool,
    failure: Option<MediaError>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Decoding,
    /// All samples went in.
    Over,
}

impl VideoReader {
    /// Opens a film and looks at its index; no frame is decoded yet.
    ///
    /// # Errors
    /// [`MediaError::Unsupported`] for another codec than H.264 and for what the decoder cannot do;
    /// [`MediaError::TooLarge`], [`MediaError::Broken`] and all others.
    pub fn open(path: &Path, limits: &Limits) -> Result<Self, MediaError> {
        guarded(|| {
            let movie = Movie::open(path, limits)?;
            let decoder = begin(&movie, limits)?;
            Ok(Self {
                movie,
                limits: limits.clone(),
                decoder,
                next: 0,
                inside: BinaryHeap::new(),
                from: i64::MIN,
                ready: VecDeque::new(),
                stage: Stage::Decoding,
                has_shown: false,
                failure: None,
            })
        })
    }

    /// Pixels as displayed: upright, with square pixels. Frames may have another aspect and are stretched to this.
    pub fn size(&self) -> (u32, u32) {
        self.track().map_or((0, 0), |track| track.displayed())
    }

    /// Of pictures and sound.
    pub fn duration(&self) -> Duration {
        Duration::from_millis(self.movie.duration_ms().unwrap_or(0))
    }

    /// How long the pictures last; a sound may go on.
    pub(super) fn pictures_duration(&self) -> Duration {
        self.track()
            .map_or(Duration::ZERO, |track| track.duration())
    }

    /// Frames a second, on average.
    pub fn frame_rate(&self) -> Option<f32> {
        self.track()?.frame_rate()
    }

    /// Decodes until the next frame comes out; `None` after the last one. A film that was cut off ends where its
    /// bytes do, and a damaged frame is left out.
    ///
    /// # Errors
    /// When nothing at all can be decoded, and [`MediaError::TooSlow`] after [`Limits::time`] without a frame.
    pub fn next_frame(&mut self) -> Result<Option<VideoFrame>, MediaError> {
        self.next_frame_fitting(u32::MAX)
    }

    /// [`Self::next_frame`], scaled down to `side` pixels on its longest side.
    ///
    /// # Errors
    /// As there.
    pub fn next_frame_fitting(&mut self, side: u32) -> Result<Option<VideoFrame>, MediaError> {
        guarded(|| self.advance(side))
    }

    /// Goes to the frame that is shown at `to`, or to the last one if the film is shorter.
    ///
    /// # Errors
    /// When the decoder cannot begin anew.
    pub fn seek(&mut self, to: Duration, landing: Landing) -> Result<(), MediaError> {
        guarded(|| {
            let place = self.place_of(to);
            self.go_to(place, landing)
        })
    }

    /// Goes to `to` without leaving what is being decoded, if that is on the way.
    pub(super) fn seek_on(&mut self, to: Duration) -> Result<(), MediaError> {
        let place = self.place_of(to);
        let is_on_the_way = self.stage == Stage::Decoding
            && place.key < self.next
            && self
                .inside
                .peek()
                .is_none_or(|Reverse(next)| *next <= place.at);
        if is_on_the_way {
            self.from = place.at;
            Ok(())
        } else {
            self.go_to(place, Landing::Exact)
        }
    }

    fn go_to(&mut self, place: Place, landing: Landing) -> Result<(), MediaError> {
        self.decoder = begin(&self.movie, &self.limits)?;
        self.next = place.key;
        self.inside.clear();
        self.ready.clear();
        self.stage = Stage::Decoding;
        self.from = match landing {
            Landing::KeyFrame => i64::MIN,
            Landing::Exact => place.at,
        };
        Ok(())
    }

    /// The frame shown at this time, and the key frame it is decoded from.
    fn place_of(&self, to: Duration) -> Place {
        let mut place = Place {
            key: 0,
            at: i64::MIN,
        };
        let Some(track) = self.track() else {
            return place;
        };
        let mut key_at = i64::MIN;
        for (index, sample) in track.samples().iter().enumerate() {
            let at = sample.composition_timestamp;
            if track.moment(at) > to {
                continue;
            }
            place.at = place.at.max(at);
            if sample.is_sync && at >= key_at {
                (place.key, key_at) = (index, at);
            }
        }
        place
    }

    fn advance(&mut self, side: u32) -> Result<Option<VideoFrame>, MediaError> {
        let deadline = self.limits.deadline();
        loop {
            if let Some(frame) = self.ready.pop_front() {
                self.has_shown = true;
                return Ok(Some(frame));
            }
            match self.stage {
                Stage::Decoding => self.step(side)?,
                Stage::Over => return self.verdict(),
            }
            if self.ready.is_empty() {
                deadline.check()?;
            }
        }
    }

    /// After the last frame: nothing, unless there was never anything else.
    fn verdict(&mut self) -> Result<Option<VideoFrame>, MediaError> {
        if self.has_shown {
            return Ok(None);
        }
        let failure = self.failure.take();
        Err(failure.unwrap_or_else(|| MediaError::broken("it has no frames")))
    }

    /// Decodes one sample, or lets out what was held back after the last one.
    fn step(&mut self, side: u32) -> Result<(), MediaError> {
        let track = self.movie.video().ok_or_else(no_pictures)?;
        let Some(sample) = track.samples().get(self.next) else {
            return self.let_out(side);
        };
        let bytes = match self.movie.read(sample) {
            Ok(bytes) => bytes,
            Err(cut_off @ MediaError::Broken { .. }) => {
                self.failure.get_or_insert(cut_off);
                return self.let_out(side);
            }
            Err(error) => return Err(error),
        };
        self.next += 1;
        let at = sample.composition_timestamp;
        self.inside.push(Reverse(at));
        match self.decoder.decode(&bytes) {
            Ok(Some(frame)) => {
                // Frames come out in the order in which they are shown.
                let at = self.inside.pop().map_or(at, |Reverse(soonest)| soonest);
                if at >= self.from {
                    self.ready
                        .push_back(shown(&frame, &track, at, side, &self.limits)?);
                }
            }
            Ok(None) if self.inside.len() > MOST_HELD_BACK => {
                self.inside.pop();
            }
            Ok(None) => {}
            Err(damaged) => {
                self.inside.retain(|Reverse(inside)| *inside != at);
                self.failure.get_or_insert(damaged);
            }
        }
        Ok(())
    }

    fn let_out(&mut self, side: u32) -> Result<(), MediaError> {
        self.stage = Stage::Over;
        let track = self.movie.video().ok_or_else(no_pictures)?;
        for frame in self.decoder.finish()? {
            let Some(Reverse(at)) = self.inside.pop() else {
                break;
            };
            if at >= self.from {
                self.ready
                    .push_back(shown(&frame, &track, at, side, &self.limits)?);
            }
        }
        Ok(())
    }

    /// Frames that were decoded, wholly or in part, and not asked for yet.
    #[cfg(test)]
    pub(super) fn ahead(&self) -> usize {
        self.inside.len() + self.ready.len()
    }

    #[cfg(test)]
    pub(super) fn set_time(&mut self, time: Duration) {
        self.limits.time = time;
    }

    fn track(&self) -> Option<VideoTrack<'_>> {
        self.movie.video()
    }
}

/// A decoder that knows the film's parameters.
pub(super) fn begin(movie: &Movie, limits: &Limits) -> Result<Decoder, MediaError> {
    let track = movie.video().ok_or_else(no_pictures)?;
    let config = track.h264().ok_or_else(|| MediaError::Unsupported {
        format: format!("{} video", track.codec()).into(),
    })?;
    Decoder::new(config, limits)
}

fn no_pictures() -> MediaError {
    MediaError::broken("it has no pictures")
}

fn shown(
    frame: &Frame<'_>,
    track: &VideoTrack<'_>,
    at: i64,
    side: u32,
    limits: &Limits,
) -> Result<VideoFrame, MediaError> {
    Ok(VideoFrame {
        at: track.moment(at),
        pixels: upright::frame(frame, track, side, limits)?,
    })
}

struct Place {
    key: usize,
    /// In the track's unit of time.
    at: i64,
}
