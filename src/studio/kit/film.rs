//! Films: H.264 in MP4, written frame by frame, and single frames read back.

use image::RgbImage;
use muxide::api::{Muxer, MuxerBuilder, VideoCodec};
use openh264::OpenH264API;
use openh264::decoder::{Decoder, DecoderConfig, Flush};
use openh264::encoder::{
    BitRate, Complexity, Encoder, EncoderConfig, FrameRate, FrameType, IntraFramePeriod, QpRange,
    RateControlMode, UsageType, VuiConfig,
};
use openh264::formats::{YUVSlices, YUVSource};
use re_mp4::{Mp4, StsdBoxContent, Track};

use super::answers::invalid;
use crate::studio::job::{Body, Failure, Made, Media};
use crate::wire::IoType;

/// A picture split for film: brightness in full, colour at half size (BT.601, studio range).
#[derive(Clone, Debug)]
pub struct Planes {
    pub width: usize,
    pub height: usize,
    pub y: Vec<u8>,
    pub u: Vec<u8>,
    pub v: Vec<u8>,
}

impl Planes {
    /// Grey planes to be filled. Both sides are even.
    pub fn new(width: usize, height: usize) -> Self {
        let quarter = width / 2 * (height / 2);
        Self {
            width,
            height,
            y: vec![16; width * height],
            u: vec![128; quarter],
            v: vec![128; quarter],
        }
    }

    /// A picture, cut to even sides.
    pub fn from_picture(picture: &RgbImage) -> Self {
        let (width, height) = (
            picture.width() as usize & !1,
            picture.height() as usize & !1,
        );
        let mut planes = Self::new(width, height);
        let stride = picture.width() as usize * 3;
        let raw = picture.as_raw();
        for (y, line) in planes.y.chunks_exact_mut(width).enumerate() {
            let row = &raw[y * stride..][..width * 3];
            for (luma, rgb) in line.iter_mut().zip(row.chunks_exact(3)) {
                *luma = luma_of(rgb);
            }
        }
        for y in 0..height / 2 {
            let (upper, lower) = (
                &raw[y * 2 * stride..][..width * 3],
                &raw[(y * 2 + 1) * stride..][..width * 3],
            );
            for x in 0..width / 2 {
                let four = [
                    &upper[x * 6..],
                    &upper[x * 6 + 3..],
                    &lower[x * 6..],
                    &lower[x * 6 + 3..],
                ];
                let (u, v) = chroma_of(four);
                planes.u[y * (width / 2) + x] = u;
                planes.v[y * (width / 2) + x] = v;
            }
        }
        planes
    }
}

fn luma_of(rgb: &[u8]) -> u8 {
    let (r, g, b) = (u32::from(rgb[0]), u32::from(rgb[1]), u32::from(rgb[2]));
    ((66 * r + 129 * g + 25 * b + 128) / 256 + 16) as u8
}

fn chroma_of(four: [&[u8]; 4]) -> (u8, u8) {
    let sum = |channel: usize| four.iter().map(|rgb| i32::from(rgb[channel])).sum::<i32>();
    let (r, g, b) = (sum(0), sum(1), sum(2));
    let u = (-38 * r - 74 * g + 112 * b + 512) / 1024 + 128;
    let v = (112 * r - 94 * g - 18 * b + 512) / 1024 + 128;
    (u.clamp(0, 255) as u8, v.clamp(0, 255) as u8)
}

/// A film being written.
pub struct Film {
    encoder: Encoder,
    muxer: Muxer<Vec<u8>>,
    fps: f64,
    frames: u32,
}

impl Film {
    /// A film of even width and height in pixels, at a number of frames a second.
    ///
    /// # Errors
    /// `internal_error` when the encoder cannot start.
    pub fn new(width: u32, height: u32, fps: u32, bits_per_second: u32) -> Result<Self, Failure> {
        let config = EncoderConfig::new()
            .bitrate(BitRate::from_bps(bits_per_second))
            .max_frame_rate(FrameRate::from_hz(fps as f32))
            .rate_control_mode(RateControlMode::Quality)
            .usage_type(UsageType::CameraVideoRealTime)
            .complexity(Complexity::Low)
            .qp(QpRange::new(16, 32))
            .intra_frame_period(IntraFramePeriod::from_num_frames(fps * 2))
            .skip_frames(true)
            .scene_change_detect(false)
            .num_threads(1)
            .vui(VuiConfig::bt601());
        let encoder =
            Encoder::with_api_config(OpenH264API::from_source(), config).map_err(broken)?;
        let muxer = MuxerBuilder::new(Vec::new())
            .video(VideoCodec::H264, width, height, f64::from(fps))
            .with_fast_start(true)
            .build()
            .map_err(broken)?;
        Ok(Self {
            encoder,
            muxer,
            fps: f64::from(fps),
            frames: 0,
        })
    }

    /// Adds a frame.
    ///
    /// # Errors
    /// `internal_error` when the encoder refuses it.
    pub fn push(&mut self, frame: &Planes) -> Result<(), Failure> {
        let slices = YUVSlices::new(
            (&frame.y, &frame.u, &frame.v),
            (frame.width, frame.height),
            (frame.width, frame.width / 2, frame.width / 2),
        );
        let stream = self.encoder.encode(&slices).map_err(broken)?;
        let key = matches!(stream.frame_type(), FrameType::IDR | FrameType::I);
        let bytes = stream.to_vec();
        if !bytes.is_empty() {
            let seconds = f64::from(self.frames) / self.fps;
            self.muxer
                .write_video(seconds, &bytes, key)
                .map_err(broken)?;
        }
        self.frames += 1;
        Ok(())
    }

    /// Ends the film and gives it as a run's output.
    ///
    /// # Errors
    /// `internal_error` when no frame was written.
    pub fn finish(mut self) -> Result<Made, Failure> {
        self.muxer.finish_in_place().map_err(broken)?;
        let bytes = self.muxer.into_writer();
        Ok(Made {
            kind: IoType::VideoUrl,
            body: Body::File {
                extension: "mp4",
                content_type: "video/mp4",
                bytes,
            },
        })
    }
}

fn broken(error: impl std::fmt::Display) -> Failure {
    Failure::new(
        "internal_error",
        format!("The film could not be written: {error}"),
    )
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_written_film_gives_its_colours_back_in_order() {
        let mut film = Film::new(64, 48, 24, 2_000_000).expect("an encoder");
        for index in 0..48u8 {
            let shade = 40 + index * 4;
            let picture = RgbImage::from_pixel(64, 48, image::Rgb([shade, 90, 160]));
            film.push(&Planes::from_picture(&picture)).expect("a frame");
        }
        let made = film.finish().expect("a film");
        let Body::File { bytes, .. } = made.body else {
            panic!("a file")
        };
        let media = Media {
            name: "a.mp4".into(),
            content_type: "video/mp4".into(),
            bytes: bytes.into(),
        };
        let reel = Reel::open(&media, "Film").expect("our own film");
        assert!((reel.seconds() - 2.0).abs() < 0.01, "{} s", reel.seconds());
        let frames = reel.frames(4, |_| Ok(())).expect("frames");
        assert_eq!(frames.len(), 4);
        for (index, (seconds, picture)) in frames.iter().enumerate() {
            let expected = 40.0 + seconds * 24.0 * 4.0;
            let got = picture.get_pixel(32, 24).0;
            assert!(
                (f64::from(got[0]) - expected).abs() < 10.0,
                "frame {index} at {seconds}: {got:?}, expected {expected}"
            );
            assert!(got[2].abs_diff(160) < 10, "frame {index}: {got:?}");
        }
    }
}
