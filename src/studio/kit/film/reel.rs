//! Reading single frames of a film.

use image::RgbImage;
use openh264::OpenH264API;
use openh264::decoder::{Decoder, DecoderConfig, Flush};
use openh264::formats::YUVSource;
use re_mp4::{Mp4, StsdBoxContent, Track};

use super::broken;
use crate::studio::job::{Failure, Media};
use crate::studio::kit::answers::invalid;

/// A film handed in, ready to give single frames.
pub struct Reel<'a> {
    bytes: &'a [u8],
    mp4: Mp4,
    track: u32,
    input: &'a str,
    /// Composition times of all frames, in display order.
    times: Vec<i64>,
}

impl<'a> Reel<'a> {
    /// Opens an MP4 with H.264.
    ///
    /// # Errors
    /// `GENERATION_INPUT_VALIDATION` naming the input, for anything else.
    pub fn open(media: &'a Media, input: &'a str) -> Result<Self, Failure> {
        let bytes = media.bytes.as_ref();
        let mp4 = Mp4::read_bytes(bytes).map_err(|_| not_film(bytes, input))?;
        let track = mp4
            .tracks()
            .values()
            .find(|track| track.width > 0 && !track.samples.is_empty())
            .ok_or_else(|| invalid(format!("{input} has no pictures in it")))?;
        if !matches!(
            track.trak(&mp4).mdia.minf.stbl.stsd.contents,
            StsdBoxContent::Avc1(_)
        ) {
            let codec = track.codec_string(&mp4).unwrap_or_else(|| "unknown".into());
            return Err(invalid(format!(
                "{input} is coded as {codec}; films in H.264 can be read"
            )));
        }
        let mut times: Vec<i64> = track
            .samples
            .iter()
            .map(|sample| sample.composition_timestamp)
            .collect();
        times.sort_unstable();
        let track = track.track_id;
        Ok(Self {
            bytes,
            mp4,
            track,
            input,
            times,
        })
    }

    fn track(&self) -> &Track {
        &self.mp4.tracks()[&self.track]
    }

    /// Length in seconds.
    pub fn seconds(&self) -> f64 {
        let track = self.track();
        track.duration as f64 / track.timescale.max(1) as f64
    }

    /// Frames a second, on average.
    pub fn fps(&self) -> f64 {
        self.times.len() as f64 / self.seconds().max(0.001)
    }

    /// Width and height in pixels.
    pub fn size(&self) -> (u32, u32) {
        (
            u32::from(self.track().width),
            u32::from(self.track().height),
        )
    }

    /// `count` frames, evenly spread and in order, each with its time in seconds. `step` is called along the way.
    ///
    /// # Errors
    /// `GENERATION_INPUT_VALIDATION` when nothing can be decoded; what `step` fails with.
    pub fn frames(
        &self,
        count: usize,
        mut step: impl FnMut(f32) -> Result<(), Failure>,
    ) -> Result<Vec<(f64, RgbImage)>, Failure> {
        let total = self.times.len();
        let mut wanted: Vec<usize> = (0..count)
            .map(|index| (index * 2 + 1) * total / (count * 2))
            .collect();
        wanted.dedup();
        let mut decoder = self.decoder()?;
        let mut found = Vec::new();
        for group in self.groups() {
            let first = self.track().samples[group.clone()]
                .iter()
                .map(|sample| sample.composition_timestamp)
                .min();
            let start = first.map_or(0, |first| self.times.partition_point(|time| *time < first));
            let inside: Vec<usize> = wanted
                .iter()
                .filter(|index| (start..start + group.len()).contains(*index))
                .map(|index| index - start)
                .collect();
            if let Some(last) = inside.last() {
                self.decode_group(&mut decoder, group.clone(), *last, |shown, picture| {
                    if inside.contains(&shown) {
                        found.push((self.time(start + shown), picture()));
                    }
                })?;
            }
            step(group.end as f32 / total as f32)?;
        }
        if found.is_empty() {
            return Err(invalid(format!(
                "{} has no frame that could be decoded",
                self.input
            )));
        }
        Ok(found)
    }

    fn time(&self, index: usize) -> f64 {
        self.times[index] as f64 / self.track().timescale.max(1) as f64
    }

    fn decoder(&self) -> Result<Decoder, Failure> {
        // Without NoFlush the decoder loses its pictures on streams with B-frames.
        let config = DecoderConfig::new().flush_after_decode(Flush::NoFlush);
        Decoder::with_api_config(OpenH264API::from_source(), config).map_err(broken)
    }

    /// Runs of samples that begin with one that needs no other.
    fn groups(&self) -> Vec<std::ops::Range<usize>> {
        let samples = &self.track().samples;
        let mut starts: Vec<usize> = (0..samples.len())
            .filter(|index| *index == 0 || samples[*index].is_sync)
            .collect();
        starts.push(samples.len());
        starts.windows(2).map(|pair| pair[0]..pair[1]).collect()
    }

    fn decode_group(
        &self,
        decoder: &mut Decoder,
        group: std::ops::Range<usize>,
        last: usize,
        mut show: impl FnMut(usize, &dyn Fn() -> RgbImage),
    ) -> Result<(), Failure> {
        let mut shown = 0;
        let mut packet = self.parameter_sets();
        for sample in &self.track().samples[group] {
            let range = sample.byte_range();
            let data = self
                .bytes
                .get(range)
                .ok_or_else(|| invalid(format!("{} is cut off", self.input)))?;
            annex_b(data, self.length_size(), &mut packet);
            if let Ok(Some(frame)) = decoder.decode(&packet) {
                show(shown, &|| to_picture(&frame));
                shown += 1;
            }
            packet.clear();
            if shown > last {
                break;
            }
        }
        for frame in decoder.flush_remaining().unwrap_or_default() {
            show(shown, &|| to_picture(&frame));
            shown += 1;
        }
        Ok(())
    }

    fn parameter_sets(&self) -> Vec<u8> {
        let mut packet = Vec::new();
        if let StsdBoxContent::Avc1(content) =
            &self.track().trak(&self.mp4).mdia.minf.stbl.stsd.contents
        {
            for set in content
                .avcc
                .sequence_parameter_sets
                .iter()
                .chain(&content.avcc.picture_parameter_sets)
            {
                packet.extend([0, 0, 0, 1]);
                packet.extend(&set.bytes);
            }
        }
        packet
    }

    fn length_size(&self) -> usize {
        match &self.track().trak(&self.mp4).mdia.minf.stbl.stsd.contents {
            StsdBoxContent::Avc1(content) => {
                usize::from(content.avcc.length_size_minus_one & 3) + 1
            }
            _ => 4,
        }
    }
}

fn not_film(bytes: &[u8], input: &str) -> Failure {
    match infer::get(bytes) {
        Some(kind) if kind.extension() == "mp4" || kind.extension() == "mov" => {
            invalid(format!("{input} is damaged: the film could not be read"))
        }
        Some(kind) => invalid(format!(
            "{input} is {}; films in MP4 can be read",
            kind.extension().to_uppercase()
        )),
        None => invalid(format!("{input} is not a film")),
    }
}

/// Turns units with lengths in front into units with start codes in front.
fn annex_b(mut data: &[u8], length_size: usize, packet: &mut Vec<u8>) {
    while data.len() > length_size {
        let length = data[..length_size]
            .iter()
            .fold(0usize, |sum, byte| sum << 8 | usize::from(*byte));
        data = &data[length_size..];
        let unit = &data[..length.min(data.len())];
        packet.extend([0, 0, 0, 1]);
        packet.extend(unit);
        data = &data[unit.len()..];
    }
}

fn to_picture(frame: &impl FrameRgb) -> RgbImage {
    let (width, height) = frame.size();
    let mut pixels = vec![0; width * height * 3];
    frame.rgb(&mut pixels);
    RgbImage::from_raw(width as u32, height as u32, pixels).expect("three bytes a pixel")
}

trait FrameRgb {
    fn size(&self) -> (usize, usize);
    fn rgb(&self, target: &mut [u8]);
}

impl FrameRgb for openh264::decoder::DecodedYUV<'_> {
    fn size(&self) -> (usize, usize) {
        self.dimensions()
    }

    fn rgb(&self, target: &mut [u8]) {
        self.write_rgb8(target);
    }
}
