//! Sounds: how long they are by their headers, their shape, and their samples one after the other.

mod flac;
mod mpeg;
mod ogg;
mod pcm;
mod reader;
mod wav;
mod waveform;

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;
use std::time::Duration;

use crate::model::MediaFacts;

use super::sniff::{Format, Sniffed};
use super::{Limits, MediaError, WAVEFORM_PEAKS};
pub use reader::{AudioBlock, AudioReader};
pub use waveform::Waveform;
pub(super) use waveform::waveform;

/// For the peaks among the facts: half an hour of most compressed sounds.
const PEAKS_TIME: Duration = Duration::from_secs(4);

/// What a header tells of a sound.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Sound {
    /// Milliseconds.
    duration_ms: Option<u64>,
    /// Samples a second of each channel.
    rate: Option<u32>,
    channels: Option<u16>,
}

/// Duration, sample rate and channels, and peaks.
pub(super) fn facts(
    path: &Path,
    sniffed: &Sniffed,
    limits: &Limits,
) -> Result<MediaFacts, MediaError> {
    let mut file = File::open(path)?;
    let length = file.metadata()?.len();
    let mut peaks = Vec::new();
    let sound = match sniffed.format {
        Format::Wav | Format::Aiff => {
            let track = wav::track(&mut file, length)?;
            peaks = pcm::peaks(&mut file, &track, limits.deadline())?;
            track.sound()
        }
        Format::Flac => flac::sound(&head(&mut file, 4096)?)?,
        Format::Ogg | Format::Opus => ogg::sound(&mut file, length)?,
        _ => mpeg::sound(&mut file, length)?,
    };
    if peaks.is_empty() {
        peaks = decoded_peaks(path, limits);
    }
    Ok(MediaFacts {
        duration_ms: sound.duration_ms,
        format: Some(described(sniffed.name, &sound)),
        peaks,
        ..sniffed.facts()
    })
}

/// The loudest samples of a sound that has to be decoded for them; nothing where that fails or takes too long.
pub(super) fn decoded_peaks(path: &Path, limits: &Limits) -> Vec<f32> {
    let limits = Limits {
        time: limits.time.min(PEAKS_TIME),
        ..limits.clone()
    };
    let Ok(made) = waveform(path, WAVEFORM_PEAKS, &limits) else {
        return Vec::new();
    };
    made.peaks
        .iter()
        .map(|(low, high)| high.max(-low))
        .collect()
}

/// "WAV · 44.1 kHz stereo".
fn described(name: &str, sound: &Sound) -> String {
    let rate = sound.rate.filter(|rate| *rate > 0);
    let rate = rate.map(|rate| format!("{} kHz", f64::from(rate / 100) / 10.0));
    let channels = sound.channels.filter(|channels| *channels > 0);
    let channels = channels.map(|channels| match channels {
        1 => "mono".to_owned(),
        2 => "stereo".to_owned(),
        more => format!("{more} channels"),
    });
    match (rate, channels) {
        (Some(rate), Some(channels)) => format!("{name} · {rate} {channels}"),
        (Some(one), None) | (None, Some(one)) => format!("{name} · {one}"),
        (None, None) => name.to_owned(),
    }
}

/// The first bytes of a file, or all of it.
fn head(file: &mut File, bytes: u64) -> Result<Vec<u8>, MediaError> {
    read_at(file, 0, bytes)
}

/// At most `bytes` bytes from `at`.
fn read_at(file: &mut File, at: u64, bytes: u64) -> Result<Vec<u8>, MediaError> {
    let mut read = Vec::new();
    file.seek(SeekFrom::Start(at))?;
    file.take(bytes).read_to_end(&mut read)?;
    Ok(read)
}

/// Milliseconds of a number of samples.
fn milliseconds(samples: u64, rate: u32) -> Option<u64> {
    let ms = u128::from(samples) * 1000 / u128::from((rate > 0).then_some(rate)?);
    u64::try_from(ms).ok()
}

#[cfg(test)]
mod tests;
