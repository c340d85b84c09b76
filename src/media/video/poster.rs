//! The frame that stands for a film.

use ::image::DynamicImage;
use re_mp4::{Avc1Box, Sample};

use super::h264::{Decoder, Frame};
use super::mp4::{Movie, VideoTrack};
use crate::media::pixels::{Finish, finish};
use crate::media::{Limits, MediaError};
use crate::model::Pixels;

/// Samples decoded from the start: one and a half seconds of most films, long enough for a fade-in.
const FROM_START: usize = 45;
/// Samples decoded at each place further on.
const FURTHER_ON: usize = 12;
/// Places further on, in percent of the film.
const PLACES: [usize; 4] = [5, 15, 33, 60];
/// The part of a frame that has to be seen for it to count as not black.
const ENOUGH: f32 = 0.03;

/// Decodes from the start until a frame is not black, then at a few key frames further on; if all are
/// black, so is the poster.
pub(super) fn poster(movie: Movie, side: u32, limits: &Limits) -> Result<Pixels, MediaError> {
    let track = movie
        .video()
        .ok_or_else(|| MediaError::broken("it has no pictures"))?;
    let config = track.h264().ok_or_else(|| MediaError::Unsupported {
        format: format!("{} video", track.codec()).into(),
    })?;
    let mut search = Search {
        movie: &movie,
        config,
        limits,
        best: None,
        failure: None,
    };
    for (start, count) in starts(track.samples()) {
        let samples = &track.samples()[start..];
        search.through(&samples[..samples.len().min(count)]);
        if search.is_over() {
            break;
        }
    }
    let image = search.result()?;
    upright(image, &track, side)
}

/// Where to decode, and how many samples: from the start, then from key frames.
fn starts(samples: &[Sample]) -> Vec<(usize, usize)> {
    let mut starts = vec![(0, FROM_START)];
    for percent in PLACES {
        let at = samples.len() * percent / 100;
        let key = samples[..at].iter().rposition(|sample| sample.is_sync);
        let key = key.filter(|key| *key >= FROM_START);
        if let Some(key) = key.filter(|key| starts.iter().all(|(start, _)| start != key)) {
            starts.push((key, FURTHER_ON));
        }
    }
    starts
}

/// The brightest frame so far, and what went wrong.
struct Search<'a> {
    movie: &'a Movie,
    config: &'a Avc1Box,
    limits: &'a Limits,
    best: Option<(f32, DynamicImage)>,
    failure: Option<MediaError>,
}

impl Search<'_> {
    /// Decodes samples until one is good enough. An error ends this part, not the search.
    fn through(&mut self, samples: &[Sample]) {
        if let Err(error) = self.decode(samples) {
            self.failure.get_or_insert(error);
        }
    }

    fn decode(&mut self, samples: &[Sample]) -> Result<(), MediaError> {
        let mut decoder = Decoder::new(self.config, self.limits)?;
        for sample in samples {
            self.movie.deadline.check()?;
            let bytes = match self.movie.read(sample) {
                Ok(bytes) => bytes,
                Err(error) => {
                    // The file was cut off here: show what came before.
                    self.failure.get_or_insert(error);
                    break;
                }
            };
            // A damaged sample spoils a frame or two; the next ones may be whole.
            match decoder.decode(&bytes) {
                Ok(Some(frame)) => self.consider(&frame)?,
                Ok(None) => {}
                Err(error) => {
                    self.failure.get_or_insert(error);
                }
            }
            if self.has_enough() {
                return Ok(());
            }
        }
        for frame in decoder.finish()? {
            self.consider(&frame)?;
        }
        Ok(())
    }

    fn consider(&mut self, frame: &Frame<'_>) -> Result<(), MediaError> {
        let part = frame.visible_part();
        if self.best.as_ref().is_none_or(|(best, _)| part > *best) {
            self.best = Some((part, frame.to_image(self.limits)?));
        }
        Ok(())
    }

    fn has_enough(&self) -> bool {
        self.best.as_ref().is_some_and(|(part, _)| *part >= ENOUGH)
    }

    fn is_over(&self) -> bool {
        self.has_enough() || self.movie.deadline.passed()
    }

    fn result(self) -> Result<DynamicImage, MediaError> {
        match (self.best, self.failure) {
            (Some((_, image)), _) => Ok(image),
            (None, Some(failure)) => Err(failure),
            (None, None) => Err(MediaError::broken("it has no frames")),
        }
    }
}

/// With the aspect and the orientation that the track asks for.
fn upright(image: DynamicImage, track: &VideoTrack<'_>, side: u32) -> Result<Pixels, MediaError> {
    let coded = (image.width(), image.height());
    let (width, height) = track.size();
    let sensible = |wanted: u32, coded: u32| wanted > coded / 4 && wanted / 4 < coded;
    let stated = sensible(width, coded.0) && sensible(height, coded.1);
    let original = if stated { (width, height) } else { coded };
    finish(
        image,
        Finish {
            orientation: track.orientation(),
            side,
            original,
        },
    )
}
