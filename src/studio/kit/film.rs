//! Films: H.264 in MP4, written frame by frame, and single frames read back.

mod reel;

use image::RgbImage;
use muxide::api::{Muxer, MuxerBuilder, VideoCodec};
use openh264::OpenH264API;
use openh264::encoder::{
    BitRate, Complexity, Encoder, EncoderConfig, FrameRate, FrameType, IntraFramePeriod, QpRange,
    RateControlMode, UsageType, VuiConfig,
};
use openh264::formats::YUVSlices;

pub use self::reel::Reel;
use crate::studio::job::{Body, Failure, Made};
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::studio::job::Media;

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
