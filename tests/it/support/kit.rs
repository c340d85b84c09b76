//! Quick techniques for a test's own studio, and small files of every kind.

use std::io::Cursor;

use florist::studio::job::{Body, Failure, Input, Job, Made, Technique};
use florist::wire::{self, Extra, InputSpec, IoType, OutputSpec};
use muxide::api::{MuxerBuilder, VideoCodec};
use openh264::encoder::{Encoder, FrameType};
use openh264::formats::{RgbSliceU8, YUVBuffer};

/// What the text technique refuses, once it runs.
pub const REFUSED_WORDS: &str = "refuse this";

/// One technique for each kind of output, one that gives two, one that takes several words, one that takes everything.
pub fn techniques() -> Vec<Box<dyn Technique>> {
    let makes = |name, outputs: &[IoType]| -> Box<dyn Technique> {
        let outputs = outputs.to_vec();
        Box::new(Makes { name, outputs })
    };
    vec![
        makes("Still", &[IoType::ImageUrl]),
        makes("Reel", &[IoType::VideoUrl]),
        makes("Chime", &[IoType::AudioUrl]),
        makes("Note", &[IoType::Text]),
        makes("Paper", &[IoType::DocumentUrl]),
        makes("Pair", &[IoType::ImageUrl, IoType::Text]),
        Box::new(Several),
        Box::new(Everything),
    ]
}

/// Takes words and makes its outputs of them.
struct Makes {
    name: &'static str,
    outputs: Vec<IoType>,
}

impl Technique for Makes {
    fn spec(&self) -> wire::Technique {
        technique(
            self.name,
            vec![input("words", "Words", IoType::Text)],
            &self.outputs,
        )
    }

    fn run(&self, job: &Job<'_>) -> Result<Vec<Made>, Failure> {
        let words = job.text("words").unwrap_or_default();
        if words == REFUSED_WORDS {
            let message = "These words cannot be used";
            return Err(Failure::new("GENERATION_INPUT_VALIDATION", message));
        }
        Ok(self.outputs.iter().map(|kind| made(kind, words)).collect())
    }
}

/// Takes any number of words, one run each.
struct Several;

impl Technique for Several {
    fn spec(&self) -> wire::Technique {
        let words = InputSpec {
            allow_multiple: true,
            ..input("words", "Words", IoType::Text)
        };
        technique("Several", vec![words], &[IoType::Text])
    }

    fn run(&self, job: &Job<'_>) -> Result<Vec<Made>, Failure> {
        let words = job.text("words").unwrap_or_default();
        Ok(vec![made(&IoType::Text, words)])
    }
}

/// Takes every kind of input and says what it was given.
struct Everything;

impl Technique for Everything {
    fn spec(&self) -> wire::Technique {
        let picture = InputSpec {
            specified_aspect_ratio: Some("1:1".to_owned()),
            ..optional("picture", "Picture", IoType::ImageUrl)
        };
        let film = InputSpec {
            specified_duration: Some(1.0),
            ..optional("film", "Film", IoType::VideoUrl)
        };
        let reference = InputSpec {
            accepts_element: true,
            ..optional("reference", "Reference", IoType::ImageUrl)
        };
        let inputs = vec![
            input("words", "Words", IoType::Text),
            picture,
            film,
            optional("sound", "Sound", IoType::AudioUrl),
            optional("document", "Document", IoType::DocumentUrl),
            reference,
        ];
        technique("Everything", inputs, &[IoType::Text])
    }

    fn run(&self, job: &Job<'_>) -> Result<Vec<Made>, Failure> {
        let lines: Vec<String> = job
            .inputs
            .iter()
            .map(|(id, given)| said(id, given))
            .collect();
        Ok(vec![made(&IoType::Text, &lines.join("\n"))])
    }
}

/// "words: a text" or "film: video/mp4, 812 bytes".
fn said(id: &str, given: &Input) -> String {
    match given {
        Input::Text(text) => format!("{id}: {text}"),
        Input::Media(media) => format!("{id}: {}, {} bytes", media.content_type, media.bytes.len()),
    }
}

fn made(kind: &IoType, words: &str) -> Made {
    let file = |extension, content_type, bytes| Body::File {
        extension,
        content_type,
        bytes,
    };
    let body = match kind {
        IoType::ImageUrl => file("png", "image/png", png(24 + words.len() as u32, 16)),
        IoType::VideoUrl => file("mp4", "video/mp4", mp4()),
        IoType::AudioUrl => file("wav", "audio/wav", wav()),
        IoType::DocumentUrl => file("pdf", "application/pdf", pdf()),
        _ => Body::Text(words.to_owned()),
    };
    Made {
        kind: kind.clone(),
        body,
    }
}

fn technique(name: &str, inputs: Vec<InputSpec>, outputs: &[IoType]) -> wire::Technique {
    let slug = name.to_lowercase();
    let output = |kind: &IoType| OutputSpec {
        id: format!("{kind}_out"),
        name: kind.to_string(),
        kind: kind.clone(),
        description: None,
        specified_aspect_ratio: None,
        specified_duration: None,
        extra: Extra::new(),
    };
    wire::Technique {
        technique_id: format!("tech_{slug}"),
        name: name.to_owned(),
        slug: Some(slug),
        description: Some("Quick, for tests".to_owned()),
        run_cost: Some(0.01),
        inputs,
        outputs: outputs.iter().map(output).collect(),
        extra: Extra::new(),
    }
}

fn input(id: &str, name: &str, kind: IoType) -> InputSpec {
    InputSpec {
        id: id.to_owned(),
        name: name.to_owned(),
        kind,
        description: None,
        optional: false,
        allow_multiple: false,
        accepts_element: false,
        specified_aspect_ratio: None,
        specified_duration: None,
        extra: Extra::new(),
    }
}

fn optional(id: &str, name: &str, kind: IoType) -> InputSpec {
    InputSpec {
        optional: true,
        ..input(id, name, kind)
    }
}

/// A picture of this size in pixels.
pub fn png(width: u32, height: u32) -> Vec<u8> {
    let picture = image::RgbImage::from_fn(width, height, |x, y| {
        image::Rgb([(x % 256) as u8, (y % 256) as u8, 90])
    });
    let mut bytes = Cursor::new(Vec::new());
    picture
        .write_to(&mut bytes, image::ImageFormat::Png)
        .expect("a PNG");
    bytes.into_inner()
}

/// One second of a plain film, 64 × 64.
pub fn mp4() -> Vec<u8> {
    const FRAMES: u32 = 10;
    let mut encoder = Encoder::new().expect("an encoder");
    let mut bytes = Vec::new();
    let mut muxer = MuxerBuilder::new(&mut bytes)
        .video(VideoCodec::H264, 64, 64, f64::from(FRAMES))
        .with_fast_start(true)
        .build()
        .expect("a muxer");
    let picture = image::RgbImage::from_pixel(64, 64, image::Rgb([180, 90, 40]));
    for frame in 0..FRAMES {
        let yuv = YUVBuffer::from_rgb8_source(RgbSliceU8::new(picture.as_raw(), (64, 64)));
        let stream = encoder.encode(&yuv).expect("a frame");
        let is_key = matches!(stream.frame_type(), FrameType::IDR | FrameType::I);
        let packet = stream.to_vec();
        if !packet.is_empty() {
            let seconds = f64::from(frame) / f64::from(FRAMES);
            muxer
                .write_video(seconds, &packet, is_key)
                .expect("written");
        }
    }
    muxer.finish().expect("a film");
    bytes
}

/// Half a second of a tone.
pub fn wav() -> Vec<u8> {
    let spec = hound::WavSpec {
        channels: 1,
        sample_rate: 8000,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut bytes = Cursor::new(Vec::new());
    let mut writer = hound::WavWriter::new(&mut bytes, spec).expect("a writer");
    for sample in 0..4000_i16 {
        writer.write_sample((sample % 40) * 300).expect("a sample");
    }
    writer.finalize().expect("a sound");
    bytes.into_inner()
}

/// One empty page.
pub fn pdf() -> Vec<u8> {
    let objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>",
    ];
    let mut file = "%PDF-1.4\n".to_owned();
    let mut places = Vec::new();
    for (index, object) in objects.iter().enumerate() {
        places.push(file.len());
        file += &format!("{} 0 obj\n{object}\nendobj\n", index + 1);
    }
    let table = file.len();
    file += "xref\n0 4\n0000000000 65535 f \n";
    for place in places {
        file += &format!("{place:010} 00000 n \n");
    }
    file += &format!("trailer\n<</Size 4/Root 1 0 R>>\nstartxref\n{table}\n%%EOF\n");
    file.into_bytes()
}
