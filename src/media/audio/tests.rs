//! Sounds, whole and broken.

use hound::{SampleFormat, WavSpec};

use crate::media::fixtures::{file, wav};
use crate::media::{Limits, MediaError, WAVEFORM_PEAKS, facts, thumbnail};
use crate::model::{MediaFacts, MediaKind};

fn measured(bytes: &[u8]) -> MediaFacts {
    facts(file(bytes).path(), &Limits::default()).unwrap()
}

fn spec(channels: u16, bits_per_sample: u16, sample_format: SampleFormat) -> WavSpec {
    WavSpec {
        channels,
        sample_rate: 8_000,
        bits_per_sample,
        sample_format,
    }
}

#[test]
fn a_wav_has_its_duration_and_the_shape_of_its_sound() {
    for spec in [
        spec(1, 8, SampleFormat::Int),
        spec(2, 16, SampleFormat::Int),
        spec(2, 24, SampleFormat::Int),
        spec(1, 32, SampleFormat::Int),
        spec(2, 32, SampleFormat::Float),
    ] {
        let facts = measured(&wav(2, spec));
        assert_eq!(facts.duration_ms, Some(2_000), "{spec:?}");
        assert_eq!(facts.peaks.len(), WAVEFORM_PEAKS);
        let (loud, silent) = facts.peaks.split_at(WAVEFORM_PEAKS / 2);
        assert!(
            loud.iter().all(|peak| (0.45..0.55).contains(peak)),
            "{spec:?}: {loud:?}"
        );
        assert!(
            silent[1..].iter().all(|peak| *peak < 0.02),
            "{spec:?}: {silent:?}"
        );
    }
}

#[test]
fn the_format_names_rate_and_channels() {
    let facts = measured(&wav(1, spec(2, 16, SampleFormat::Int)));
    assert_eq!(facts.format.as_deref(), Some("WAV · 8 kHz stereo"));
    assert_eq!(facts.mime.as_deref(), Some("audio/wav"));
}

#[test]
fn a_wav_whose_length_was_never_filled_in_ends_with_the_file() {
    let mut bytes = wav(2, spec(1, 16, SampleFormat::Int));
    let data = bytes.windows(4).position(|it| it == b"data").unwrap();
    bytes[data + 4..data + 8].fill(0xff);
    assert_eq!(measured(&bytes).duration_ms, Some(2_000));
    let half = bytes.len() / 2;
    let cut = measured(&bytes[..half]).duration_ms.unwrap();
    assert!((990..1_010).contains(&cut), "{cut}");
}

#[test]
fn a_long_wav_is_sampled_in_places() {
    // Ten minutes of silence with one second at full volume.
    let mut bytes = wav(1, spec(1, 16, SampleFormat::Int));
    let samples: Vec<u8> = (0..600 * 48_000_u32)
        .flat_map(|frame| {
            if frame / 48_000 == 300 {
                [0xff, 0x7f]
            } else {
                [0, 0]
            }
        })
        .collect();
    let data = bytes.windows(4).position(|it| it == b"data").unwrap();
    bytes.truncate(data + 8);
    bytes[data + 4..].copy_from_slice(&(samples.len() as u32).to_le_bytes());
    bytes[24..28].copy_from_slice(&48_000_u32.to_le_bytes());
    bytes.extend(samples);
    let facts = measured(&bytes);
    assert_eq!(facts.duration_ms, Some(600_000));
    let loudest = facts.peaks.iter().position(|peak| *peak > 0.9);
    assert_eq!(loudest, Some(WAVEFORM_PEAKS / 2));
}

#[test]
fn an_aiff_is_read_like_a_wav() {
    let common = [
        &1_u16.to_be_bytes()[..],
        &4_000_u32.to_be_bytes(),
        &16_u16.to_be_bytes(),
        // 8000 as an 80-bit float.
        &[0x40, 0x0b, 0xfa, 0, 0, 0, 0, 0, 0, 0],
    ]
    .concat();
    let sound: Vec<u8> = std::iter::repeat_n([0x40, 0x00], 4_000).flatten().collect();
    let body = [
        b"AIFFCOMM".as_slice(),
        &(common.len() as u32).to_be_bytes(),
        &common,
        b"SSND",
        &(sound.len() as u32 + 8).to_be_bytes(),
        &[0; 8],
        &sound,
    ]
    .concat();
    let facts = measured(
        &[
            b"FORM".as_slice(),
            &(body.len() as u32).to_be_bytes(),
            &body,
        ]
        .concat(),
    );
    assert_eq!(facts.duration_ms, Some(500));
    assert!(facts.peaks.iter().all(|peak| *peak == 0.5));
}

/// MPEG-1 layer III, 128 kbit/s, 44.1 kHz stereo: 417 bytes a frame.
fn mp3_frame() -> Vec<u8> {
    let mut frame = vec![0xff, 0xfb, 0x90, 0x00];
    frame.resize(417, 0);
    frame
}

#[test]
fn an_mp3_without_a_count_is_estimated_by_its_size() {
    let bytes = mp3_frame().repeat(1_000);
    let facts = measured(&bytes);
    assert_eq!(facts.duration_ms, Some(1_000 * 1_152 * 1_000 / 44_100));
    assert_eq!(facts.format.as_deref(), Some("MP3 · 44.1 kHz stereo"));
}

#[test]
fn an_mp3_with_a_count_behind_a_tag_is_exact() {
    let mut first = mp3_frame();
    first[36..40].copy_from_slice(b"Xing");
    first[40..48].copy_from_slice(&[0, 0, 0, 1, 0, 0, 0x10, 0]);
    let tag = [b"ID3\x04\0\0\0\0\x02\0".as_slice(), &[0; 256]].concat();
    let bytes = [tag, first, mp3_frame().repeat(3)].concat();
    assert_eq!(
        measured(&bytes).duration_ms,
        Some(0x1000 * 1_152 * 1_000 / 44_100)
    );
}

#[test]
fn aac_frames_are_counted() {
    // 44.1 kHz stereo, 64 bytes a frame.
    let mut frame = vec![0xff, 0xf1, 0x50, 0x80, 0x08, 0x1f, 0xfc];
    frame.resize(64, 0);
    let facts = measured(&frame.repeat(431));
    assert_eq!(facts.duration_ms, Some(431 * 1_024 * 1_000 / 44_100));
    assert_eq!(facts.format.as_deref(), Some("AAC · 44.1 kHz stereo"));
}

#[test]
fn a_flac_says_it_in_its_first_block() {
    let packed = (48_000_u64 << 44) | (1 << 41) | (15 << 36) | (48_000 * 3);
    let bytes = [
        b"fLaC\0\0\0\x22".as_slice(),
        &[0; 10],
        &packed.to_be_bytes(),
        &[0; 16],
    ]
    .concat();
    let facts = measured(&bytes);
    assert_eq!(facts.duration_ms, Some(3_000));
    assert_eq!(facts.format.as_deref(), Some("FLAC · 48 kHz stereo"));
}

fn ogg_page(position: u64, body: &[u8]) -> Vec<u8> {
    let mut page = b"OggS\0\x02".to_vec();
    page.extend(position.to_le_bytes());
    page.extend([9, 0, 0, 0]);
    page.extend([0; 8]);
    page.extend([1, body.len() as u8]);
    page.extend(body);
    page
}

#[test]
fn an_ogg_ends_where_its_last_page_does() {
    let vorbis = b"\x01vorbis\0\0\0\0\x02\x44\xac\0\0\0\0\0\0".as_slice();
    let bytes = [ogg_page(0, vorbis), ogg_page(44_100 * 7, b"...")].concat();
    assert_eq!(measured(&bytes).duration_ms, Some(7_000));
    let opus = b"OpusHead\x01\x01\x38\x01\x80\xbb\0\0".as_slice();
    let unfinished = ogg_page(u64::MAX, b"...");
    let bytes = [
        ogg_page(0, opus),
        ogg_page(48_000 + 0x138, b"..."),
        unfinished,
    ]
    .concat();
    let facts = measured(&bytes);
    assert_eq!(facts.duration_ms, Some(1_000));
    assert_eq!(facts.format.as_deref(), Some("Opus · 48 kHz mono"));
}

#[test]
fn a_sound_has_no_thumbnail_and_a_damaged_one_is_called_so() {
    let file_of = |bytes: &[u8]| file(bytes);
    let whole = file_of(&wav(1, spec(1, 16, SampleFormat::Int)));
    let thumb = thumbnail(whole.path(), &MediaKind::Audio, 320, &Limits::default());
    assert_eq!(thumb.unwrap(), None);
    let broken = file_of(b"RIFF\x24\0\0\0WAVEfmt ");
    let error = facts(broken.path(), &Limits::default()).unwrap_err();
    assert!(matches!(error, MediaError::Broken { .. }), "{error:?}");
}
