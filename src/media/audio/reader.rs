//! Sound as a stream of samples: of a sound file, or of a film's sound track.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use symphonia::core::codecs::audio::{AudioDecoder, AudioDecoderOptions};
use symphonia::core::common::Limit;
use symphonia::core::errors::{Error, SeekErrorKind};
use symphonia::core::formats::probe::Hint;
use symphonia::core::formats::{FormatOptions, FormatReader, SeekMode, SeekTo, TrackType};
use symphonia::core::io::{MediaSource, MediaSourceStream};
use symphonia::core::meta::MetadataOptions;
use symphonia::core::packet::Packet;
use symphonia::core::units::{Time, TimeBase, Timestamp};

use crate::media::guard::guarded;
use crate::media::{Limits, MediaError};

/// More channels than any loudspeakers have.
const MOST_CHANNELS: usize = 32;
/// Samples a second that no recording has.
const HIGHEST_RATE: u32 = 768_000;
/// Bytes of one tag or cover picture that are read, to be thrown away.
const TAG_BYTES: usize = 1 << 20;

/// Some samples in a row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AudioBlock<'a> {
    /// Frame by frame, a sample of each channel, all between -1 and 1.
    pub samples: &'a [f32],
    pub channels: usize,
    /// Frames a second.
    pub rate: u32,
    /// Where in the sound its first frame is.
    pub at: Duration,
}

impl AudioBlock<'_> {
    /// How long it sounds.
    pub fn length(&self) -> Duration {
        let frames = self.samples.len() / self.channels.max(1);
        Duration::from_secs_f64(frames as f64 / f64::from(self.rate.max(1)))
    }
}

/// A sound, decoded block by block when asked for. Damaged parts are passed over; one block is in memory.
pub struct AudioReader {
    format: Box<dyn FormatReader>,
    decoder: Box<dyn AudioDecoder>,
    track: u32,
    time_base: Option<TimeBase>,
    start: Timestamp,
    duration: Option<Duration>,
    clock: Arc<Clock>,
    /// For one call.
    time: Duration,
    block: Block,
    /// What lies before was not asked for.
    wanted: Duration,
    state: State,
}

/// The block that was decoded last.
#[derive(Default)]
struct Block {
    samples: Vec<f32>,
    channels: usize,
    rate: u32,
    at: Duration,
    /// Where it ends: the next one begins there, if it does not say.
    end: Duration,
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    Playing,
    Over,
}

impl AudioReader {
    /// Opens a sound, or the sound of a film.
    ///
    /// # Errors
    /// [`MediaError::Unsupported`] where there is no sound in it that can be decoded here, and all others.
    pub fn open(path: &Path, limits: &Limits) -> Result<Self, MediaError> {
        guarded(|| {
            let file = File::open(path)?;
            let length = file.metadata()?.len();
            if length == 0 {
                return Err(MediaError::Empty);
            }
            let clock = Arc::new(Clock::new(limits.time));
            let source = TimedFile {
                file,
                length,
                clock: Arc::clone(&clock),
            };
            Self::probe(source, clock, limits.time)
        })
    }

    fn probe(source: TimedFile, clock: Arc<Clock>, time: Duration) -> Result<Self, MediaError> {
        let stream = MediaSourceStream::new(Box::new(source), Default::default());
        let tags = MetadataOptions::default()
            .limit_tag_bytes(Limit::Maximum(TAG_BYTES))
            .limit_visual_bytes(Limit::Maximum(TAG_BYTES));
        let failed = |error| explain(error, &clock, time);
        let format = symphonia::default::get_probe()
            .probe(&Hint::new(), stream, FormatOptions::default(), tags)
            .map_err(failed)?;
        let track = format
            .default_track(TrackType::Audio)
            .ok_or_else(|| MediaError::broken("it has no sound in it"))?;
        let parameters = track
            .codec_params
            .as_ref()
            .and_then(|parameters| parameters.audio())
            .ok_or_else(|| MediaError::broken("its sound is not described"))?;
        let decoder = symphonia::default::get_codecs()
            .make_audio_decoder(parameters, &AudioDecoderOptions::default())
            .map_err(failed)?;
        let (time_base, start, id) = (track.time_base, track.start_ts, track.id);
        let stated = time_base
            .zip(track.duration)
            .and_then(|(base, duration)| base.calc_duration(duration));
        let counted = || {
            let rate = parameters.sample_rate.filter(|rate| *rate > 0)?;
            Some(Duration::from_secs_f64(
                track.num_frames? as f64 / f64::from(rate),
            ))
        };
        let duration = stated.map(as_duration).or_else(counted);
        Ok(Self {
            format,
            decoder,
            track: id,
            time_base,
            start,
            duration: duration.filter(|duration| !duration.is_zero()),
            clock,
            time,
            block: Block::default(),
            wanted: Duration::ZERO,
            state: State::Playing,
        })
    }

    /// How long the sound is, when its header tells.
    pub fn duration(&self) -> Option<Duration> {
        self.duration
    }

    /// The next samples; `None` at the end, which may come early in a file that was cut off.
    ///
    /// # Errors
    /// [`MediaError::TooSlow`], [`MediaError::Io`], [`MediaError::Unsupported`] or [`MediaError::Panicked`].
    /// Nothing comes after an error until [`Self::seek`].
    pub fn next_block(&mut self) -> Result<Option<AudioBlock<'_>>, MediaError> {
        if self.state == State::Over {
            return Ok(None);
        }
        // Set first: a decoder that panicked is not asked again.
        self.state = State::Over;
        self.clock.allow(self.time);
        if guarded(|| self.decode())? == State::Over {
            return Ok(None);
        }
        self.state = State::Playing;
        Ok(Some(AudioBlock {
            samples: &self.block.samples,
            channels: self.block.channels,
            rate: self.block.rate,
            at: self.block.at,
        }))
    }

    /// Goes to a place, so that the next block begins there, or as near as the file allows. Beyond the end there
    /// is nothing to come.
    ///
    /// # Errors
    /// As [`Self::next_block`].
    pub fn seek(&mut self, to: Duration) -> Result<(), MediaError> {
        self.state = State::Over;
        self.clock.allow(self.time);
        let state = guarded(|| self.go(to))?;
        self.state = state;
        Ok(())
    }

    fn go(&mut self, to: Duration) -> Result<State, MediaError> {
        if self.duration.is_some_and(|duration| to >= duration) {
            return Ok(State::Over);
        }
        let time = Time::try_from_nanos_u128(to.as_nanos()).unwrap_or(Time::MAX);
        let place = SeekTo::Time {
            time,
            track_id: Some(self.track),
        };
        match self.format.seek(SeekMode::Accurate, place) {
            Ok(sought) => {
                self.decoder.reset();
                self.wanted = to;
                self.block.end = self.time_of(sought.actual_ts);
                Ok(State::Playing)
            }
            Err(Error::SeekError(SeekErrorKind::OutOfRange)) => Ok(State::Over),
            Err(error) => self.ended(error),
        }
    }

    /// Decodes until there are samples that were asked for.
    fn decode(&mut self) -> Result<State, MediaError> {
        loop {
            if self.clock.is_over() {
                return Err(MediaError::TooSlow { limit: self.time });
            }
            let packet = match self.format.next_packet() {
                Ok(Some(packet)) if packet.track_id == self.track => packet,
                Ok(Some(_)) => continue,
                Ok(None) => return Ok(State::Over),
                Err(error) => return self.ended(error),
            };
            if self.take(&packet)? && self.skip_unwanted() {
                return Ok(State::Playing);
            }
        }
    }

    /// Decodes a packet; whether there are samples in it.
    fn take(&mut self, packet: &Packet) -> Result<bool, MediaError> {
        let at = self.time_of(packet.pts);
        let decoded = match self.decoder.decode(packet) {
            Ok(decoded) => decoded,
            // Damage: the next packet may be whole.
            Err(Error::DecodeError(_) | Error::IoError(_)) => return Ok(false),
            Err(error) => return Err(explain(error, &self.clock, self.time)),
        };
        let (rate, channels) = (decoded.spec().rate(), decoded.spec().channels().count());
        if decoded.frames() == 0 || channels == 0 || rate == 0 {
            return Ok(false);
        }
        if channels > MOST_CHANNELS || rate > HIGHEST_RATE {
            return Err(MediaError::broken("a sound that nothing can play"));
        }
        let block = &mut self.block;
        decoded.copy_to_vec_interleaved(&mut block.samples);
        for sample in &mut block.samples {
            *sample = if sample.is_finite() {
                sample.clamp(-1.0, 1.0)
            } else {
                0.0
            };
        }
        block.rate = rate;
        block.channels = channels;
        block.at = if self.time_base.is_some() {
            at
        } else {
            block.end
        };
        let frames = block.samples.len() / channels;
        block.end = block.at + Duration::from_secs_f64(frames as f64 / f64::from(rate));
        Ok(true)
    }

    /// Drops what lies before the place that was sought; whether something is left.
    fn skip_unwanted(&mut self) -> bool {
        let (block, wanted) = (&mut self.block, self.wanted);
        if block.end <= wanted {
            return false;
        }
        let early = wanted.saturating_sub(block.at);
        let frames = (early.as_secs_f64() * f64::from(block.rate)).round() as usize;
        let samples = (frames * block.channels).min(block.samples.len());
        block.samples.drain(..samples);
        block.at += early;
        self.wanted = Duration::ZERO;
        !block.samples.is_empty()
    }

    /// What it means when no more packets can be read.
    fn ended(&self, error: Error) -> Result<State, MediaError> {
        match error {
            Error::ResetRequired | Error::DecodeError(_) => Ok(State::Over),
            Error::IoError(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                Ok(State::Over)
            }
            error => Err(explain(error, &self.clock, self.time)),
        }
    }

    /// Counted from the first frame.
    fn time_of(&self, at: Timestamp) -> Duration {
        let Some(base) = self.time_base else {
            return Duration::ZERO;
        };
        let since = at.get().saturating_sub(self.start.get().max(0));
        base.calc_time(Timestamp::new(since))
            .map_or(Duration::ZERO, as_duration)
    }
}

/// Nothing is before the beginning, and nothing lasts longer than a month.
fn as_duration(time: Time) -> Duration {
    const LONGEST: Duration = Duration::from_secs(31 * 24 * 3600);
    let nanoseconds = u64::try_from(time.as_nanos().max(0)).unwrap_or(u64::MAX);
    Duration::from_nanos(nanoseconds).min(LONGEST)
}

fn explain(error: Error, clock: &Clock, time: Duration) -> MediaError {
    if clock.is_over() {
        return MediaError::TooSlow { limit: time };
    }
    match error {
        Error::IoError(error) => MediaError::from_read(error),
        Error::Unsupported(_) => MediaError::Unsupported {
            format: "This kind of sound".into(),
        },
        Error::LimitError(what) => MediaError::TooLarge { what: what.into() },
        error => MediaError::broken(error.to_string()),
    }
}

/// Until when bytes may be read.
struct Clock {
    begun: Instant,
    /// Milliseconds after the beginning.
    end: AtomicU64,
}

impl Clock {
    fn new(time: Duration) -> Self {
        let clock = Self {
            begun: Instant::now(),
            end: AtomicU64::new(0),
        };
        clock.allow(time);
        clock
    }

    /// From now on.
    fn allow(&self, time: Duration) {
        let end = self.begun.elapsed().saturating_add(time).as_millis();
        self.end
            .store(u64::try_from(end).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    fn is_over(&self) -> bool {
        self.begun.elapsed().as_millis() >= u128::from(self.end.load(Ordering::Relaxed))
    }
}

/// A file that cannot be read any more once the time is over: decoders cannot be interrupted, but all of them keep
/// asking for bytes.
struct TimedFile {
    file: File,
    length: u64,
    clock: Arc<Clock>,
}

impl Read for TimedFile {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.clock.is_over() {
            return Err(io::ErrorKind::TimedOut.into());
        }
        self.file.read(buffer)
    }
}

impl Seek for TimedFile {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}

impl MediaSource for TimedFile {
    fn is_seekable(&self) -> bool {
        true
    }

    fn byte_len(&self) -> Option<u64> {
        Some(self.length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::fixtures::{self, file};

    const FILES: [(&str, &[u8]); 5] = [
        ("MP3", fixtures::MP3),
        ("Ogg", fixtures::OGG),
        ("FLAC", fixtures::FLAC),
        ("M4A", fixtures::M4A),
        ("AAC", fixtures::AAC),
    ];

    fn opened(bytes: &[u8]) -> Result<AudioReader, MediaError> {
        AudioReader::open(file(bytes).path(), &Limits::default())
    }

    /// Length, and the loudness of both halves.
    fn heard(reader: &mut AudioReader) -> (Duration, f32, f32) {
        let (mut length, mut first, mut second) = (Duration::ZERO, 0.0_f32, 0.0_f32);
        while let Some(block) = reader.next_block().unwrap() {
            assert_eq!((block.channels, block.rate), (1, 16_000));
            for (index, sample) in block.samples.iter().enumerate() {
                let at = block.at.as_secs_f64() + index as f64 / 16_000.0;
                match at {
                    0.1..0.4 => first = first.max(sample.abs()),
                    0.65..0.9 => second = second.max(sample.abs()),
                    _ => {}
                }
            }
            length += block.length();
        }
        (length, first, second)
    }

    #[test]
    fn every_format_plays_what_was_recorded() {
        for (name, bytes) in FILES {
            let mut reader = opened(bytes).unwrap();
            let (length, loud, quiet) = heard(&mut reader);
            let seconds = length.as_secs_f64();
            assert!((0.95..1.2).contains(&seconds), "{name}: {seconds} s");
            // Strong compression overshoots a little.
            assert!((0.4..0.7).contains(&loud), "{name}: {loud}");
            assert!(quiet < 0.02, "{name}: {quiet}");
            assert_eq!(reader.next_block().unwrap(), None, "{name} is over");
        }
    }

    #[test]
    fn a_wav_of_floats_may_hold_what_is_no_number() {
        let spec = hound::WavSpec {
            channels: 1,
            sample_rate: 16_000,
            bits_per_sample: 32,
            sample_format: hound::SampleFormat::Float,
        };
        let mut bytes = fixtures::wav(1, spec);
        let end = bytes.len();
        bytes[end - 8..end - 4].copy_from_slice(&f32::NAN.to_le_bytes());
        bytes[end - 4..].copy_from_slice(&1e30_f32.to_le_bytes());
        let mut reader = opened(&bytes).unwrap();
        let mut last = Vec::new();
        while let Some(block) = reader.next_block().unwrap() {
            last = block.samples.to_vec();
        }
        assert!(last.ends_with(&[0.0, 1.0]), "{:?}", last.last_chunk::<4>());
    }

    #[test]
    fn a_place_that_is_sought_is_where_the_next_block_begins() {
        for (name, bytes) in FILES {
            let mut reader = opened(bytes).unwrap();
            for to in [0.7, 0.2, 0.0, 0.5] {
                reader.seek(Duration::from_secs_f64(to)).unwrap();
                let block = reader.next_block().unwrap().unwrap();
                let at = block.at.as_secs_f64();
                assert!((at - to).abs() < 0.03, "{name}: {at} s, not {to}");
            }
            reader.seek(Duration::from_secs(50)).unwrap();
            assert_eq!(reader.next_block().unwrap(), None, "{name}: beyond the end");
            reader.seek(Duration::ZERO).unwrap();
            assert!(reader.next_block().unwrap().is_some(), "{name}: and back");
        }
    }

    #[test]
    fn the_sound_of_a_film_is_found_beside_its_pictures() {
        let mut reader = opened(fixtures::B_FRAMES).unwrap();
        let mut length = Duration::ZERO;
        while let Some(block) = reader.next_block().unwrap() {
            length += block.length();
        }
        let seconds = length.as_secs_f64();
        assert!((2.5..3.5).contains(&seconds), "{seconds} s");
    }

    #[test]
    fn a_sound_cut_off_plays_as_far_as_it_goes() {
        // An M4A keeps its index at its end, and an Ogg of a second all its sound in one page: cut off, they have none.
        let plain = |name| matches!(name, "MP3" | "FLAC" | "AAC");
        for (name, bytes) in FILES.into_iter().filter(|(name, _)| plain(*name)) {
            let opened = opened(&bytes[..bytes.len() * 2 / 3]);
            let mut reader = opened.unwrap_or_else(|error| panic!("{name}: {error}"));
            let mut blocks = 0;
            while let Ok(Some(_)) = reader.next_block() {
                blocks += 1;
            }
            assert!(blocks > 0, "{name}");
        }
    }

    #[test]
    fn what_has_no_sound_says_so() {
        let silent = fixtures::mp4(32, 32, 2, &[::image::Rgb([9, 9, 9]); 3]);
        for bytes in [silent.as_slice(), b"just a few words", &[0; 5000]] {
            let error = opened(bytes).err();
            assert!(
                matches!(
                    error,
                    Some(MediaError::Broken { .. } | MediaError::Unsupported { .. })
                ),
                "{error:?}"
            );
        }
        assert!(matches!(opened(b"").err(), Some(MediaError::Empty)));
    }

    #[test]
    fn no_time_left_is_said_so() {
        let limits = Limits {
            time: Duration::ZERO,
            ..Limits::default()
        };
        let error = AudioReader::open(file(fixtures::MP3).path(), &limits).err();
        assert!(
            matches!(error, Some(MediaError::TooSlow { .. })),
            "{error:?}"
        );
    }
}
