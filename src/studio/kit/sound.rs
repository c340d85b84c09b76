//! Sound in and out: WAV files and the measures taken of them.

use std::io::Cursor;

use hound::{SampleFormat, WavReader, WavSpec, WavWriter};

use super::answers::invalid;
use crate::studio::job::{Body, Failure, Made, Media};
use crate::wire::IoType;

/// Samples a second of what is made here.
pub const RATE: u32 = 44_100;

/// Frames beyond this are not read: ten minutes at 48 kHz.
const LONGEST: usize = 600 * 48_000;

/// A stereo recording, each channel within -1.0 to 1.0.
#[derive(Clone, Debug, Default)]
pub struct Sound {
    pub rate: u32,
    pub left: Vec<f32>,
    pub right: Vec<f32>,
}

impl Sound {
    /// Silence of a length in samples.
    pub fn silence(samples: usize) -> Self {
        Self {
            rate: RATE,
            left: vec![0.0; samples],
            right: vec![0.0; samples],
        }
    }

    /// Length in seconds.
    pub fn seconds(&self) -> f32 {
        self.left.len() as f32 / self.rate.max(1) as f32
    }

    /// Both channels as one.
    pub fn mono(&self) -> Vec<f32> {
        self.left
            .iter()
            .zip(&self.right)
            .map(|(left, right)| (left + right) / 2.0)
            .collect()
    }

    /// The largest excursion of either channel.
    pub fn peak(&self) -> f32 {
        self.left
            .iter()
            .chain(&self.right)
            .fold(0.0, |peak: f32, sample| peak.max(sample.abs()))
    }

    /// Scales so that the largest excursion is `level`; silence stays silent.
    pub fn normalise(&mut self, level: f32) {
        let peak = self.peak();
        if peak > 1e-6 {
            let gain = level / peak;
            for sample in self.left.iter_mut().chain(self.right.iter_mut()) {
                *sample *= gain;
            }
        }
    }

    /// Adds a room: a few echoes that fade, different for each ear.
    pub fn reverberate(&mut self, wet: f32) {
        echo(&mut self.left, [1557, 1617, 1491, 1422], wet);
        echo(&mut self.right, [1580, 1640, 1514, 1445], wet);
    }

    /// A 16-bit WAV as a run's output.
    pub fn into_made(self) -> Made {
        let spec = WavSpec {
            channels: 2,
            sample_rate: self.rate,
            bits_per_sample: 16,
            sample_format: SampleFormat::Int,
        };
        let mut cursor = Cursor::new(Vec::new());
        let mut writer =
            WavWriter::new(&mut cursor, spec).expect("writing to memory does not fail");
        for (left, right) in self.left.iter().zip(&self.right) {
            for sample in [left, right] {
                let value = (sample.clamp(-1.0, 1.0) * 32_767.0).round() as i16;
                writer
                    .write_sample(value)
                    .expect("writing to memory does not fail");
            }
        }
        writer.finalize().expect("writing to memory does not fail");
        Made {
            kind: IoType::AudioUrl,
            body: Body::File {
                extension: "wav",
                content_type: "audio/wav",
                bytes: cursor.into_inner(),
            },
        }
    }
}

/// Comb filters with damping, side by side.
fn echo(channel: &mut [f32], delays: [usize; 4], wet: f32) {
    let mut lines = delays.map(|delay| (vec![0.0f32; delay], 0usize, 0.0f32));
    for sample in channel {
        let dry = *sample;
        let mut room = 0.0;
        for (line, at, low) in &mut lines {
            let out = line[*at];
            *low = out * 0.72 + *low * 0.28;
            line[*at] = dry + *low * 0.84;
            *at += 1;
            if *at == line.len() {
                *at = 0;
            }
            room += out;
        }
        *sample = dry * (1.0 - wet * 0.5) + room * wet * 0.25;
    }
}

/// Reads a WAV of any common depth, up to ten minutes.
///
/// # Errors
/// `GENERATION_INPUT_VALIDATION` naming the input, for anything else.
pub fn decode(media: &Media, input: &str) -> Result<Sound, Failure> {
    let reader =
        WavReader::new(Cursor::new(media.bytes.as_ref())).map_err(|_| not_sound(media, input))?;
    let spec = reader.spec();
    if spec.sample_rate == 0 || spec.channels == 0 {
        return Err(not_sound(media, input));
    }
    let samples = samples(reader);
    let channels = usize::from(spec.channels);
    let frames = samples.chunks_exact(channels).take(LONGEST);
    let mut sound = Sound {
        rate: spec.sample_rate,
        ..Sound::default()
    };
    for frame in frames {
        sound.left.push(frame[0]);
        sound.right.push(frame[usize::from(channels > 1)]);
    }
    if sound.left.is_empty() {
        return Err(invalid(format!("{input} has no sound in it")));
    }
    Ok(sound)
}

fn samples(reader: WavReader<Cursor<&[u8]>>) -> Vec<f32> {
    let spec = reader.spec();
    let limit = LONGEST * usize::from(spec.channels);
    // A file that was cut off is read as far as it goes.
    match spec.sample_format {
        SampleFormat::Float => reader
            .into_samples::<f32>()
            .take(limit)
            .map_while(Result::ok)
            .map(tame)
            .collect(),
        SampleFormat::Int => {
            let full = 2f32.powi(i32::from(spec.bits_per_sample) - 1);
            reader
                .into_samples::<i32>()
                .take(limit)
                .map_while(Result::ok)
                .map(|sample| sample as f32 / full)
                .collect()
        }
    }
}

fn tame(sample: f32) -> f32 {
    if sample.is_finite() {
        sample.clamp(-1.0, 1.0)
    } else {
        0.0
    }
}

fn not_sound(media: &Media, input: &str) -> Failure {
    match infer::get(&media.bytes) {
        Some(kind) if kind.extension() == "wav" => invalid(format!(
            "{input} is damaged: {} could not be read",
            media.name
        )),
        Some(kind) => invalid(format!(
            "{input} is {}; sound in WAV can be read",
            kind.extension().to_uppercase()
        )),
        None => invalid(format!("{input} is not a sound file")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_written_sound_reads_back_the_same() {
        let mut sound = Sound::silence(1000);
        for (index, sample) in sound.left.iter_mut().enumerate() {
            *sample = (index as f32 * 0.05).sin() * 0.5;
        }
        let Body::File { bytes, .. } = sound.clone().into_made().body else {
            panic!("a file")
        };
        let media = Media {
            name: "a.wav".into(),
            content_type: "audio/wav".into(),
            bytes: bytes.into(),
        };
        let read = decode(&media, "Sound").expect("our own sound");
        assert_eq!(read.left.len(), 1000);
        for (one, other) in sound.left.iter().zip(&read.left) {
            assert!((one - other).abs() < 1e-3);
        }
        assert!(read.right.iter().all(|sample| *sample == 0.0));
    }
}
