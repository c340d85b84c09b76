//! Files that are not what they seem, too large, or nothing at all: each gets a calm answer.

use std::io::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use ::image::{GrayImage, ImageFormat};
use miniz_oxide::deflate::{compress_to_vec, compress_to_vec_zlib};

use super::fixtures::{self, file};
use super::{Limits, MediaError, animation, facts, full, text, thumbnail, waveform};
use crate::model::{MediaFacts, MediaKind, Pixels, Problem};

const KINDS: [MediaKind; 5] = [
    MediaKind::Image,
    MediaKind::Video,
    MediaKind::Audio,
    MediaKind::Text,
    MediaKind::Document,
];

/// For all that is asked of one file, in a dev build beside other work; what has no bounds takes minutes.
const PATIENCE: Duration = Duration::from_secs(30);

/// Everything that can be asked of a file, and what comes back.
struct Answers {
    facts: Result<MediaFacts, MediaError>,
    thumbnail: Result<Option<Pixels>, MediaError>,
    full: Result<Option<Pixels>, MediaError>,
}

/// Asks everything, which must not take long, and checks that every error has words for a person.
#[track_caller]
fn answers(path: &Path, kind: &MediaKind) -> Answers {
    let limits = Limits::default();
    let begun = Instant::now();
    let answers = Answers {
        facts: facts(path, &limits),
        thumbnail: thumbnail(path, kind, 320, &limits),
        full: full(path, kind, 4096, &limits),
    };
    let others = [
        text(path, &limits).map(drop),
        animation(path, 320, &limits).map(drop),
        waveform(path, 96, &limits).map(drop),
    ];
    let took = begun.elapsed();
    assert!(took < PATIENCE, "it took {took:?}");
    let errors = others.into_iter().filter_map(Result::err);
    for error in errors {
        assert!(
            !matches!(error, MediaError::Panicked { .. } | MediaError::Io(_)),
            "{error:?}"
        );
        let problem = Problem::from(error);
        assert!(!problem.summary.is_empty() && !problem.summary.ends_with('.'));
    }
    answers
}

/// A chunk of a PNG.
fn chunk(name: &[u8; 4], body: &[u8]) -> Vec<u8> {
    [
        &(body.len() as u32).to_be_bytes(),
        name.as_slice(),
        body,
        &[0; 4],
    ]
    .concat()
}

#[test]
fn a_file_of_no_bytes_is_empty_whatever_it_should_have_been() {
    let empty = file(b"");
    for kind in KINDS {
        let answers = answers(empty.path(), &kind);
        assert!(matches!(answers.facts, Err(MediaError::Empty)));
        assert!(matches!(answers.thumbnail, Err(MediaError::Empty)));
        assert!(matches!(answers.full, Err(MediaError::Empty)));
    }
    assert!(matches!(
        text(empty.path(), &Limits::default()),
        Err(MediaError::Empty)
    ));
}

#[test]
fn files_of_a_few_bytes_are_nothing_or_damaged() {
    let starts: [&[u8]; 12] = [
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff",
        b"GIF89a",
        b"RIFF\0\0\0\0WEBP",
        b"BM",
        b"II*\0",
        b"RIFF\0\0\0\0WAVE",
        b"ID3\x04",
        b"OggS",
        b"fLaC",
        b"%PDF-",
        b"\0\0\0\x08ftyp",
    ];
    for start in starts {
        let answers = answers(file(start).path(), &MediaKind::Image);
        assert!(answers.thumbnail.is_err(), "{start:?}");
        assert!(
            !matches!(answers.thumbnail, Err(MediaError::Panicked { .. })),
            "{start:?}"
        );
    }
}

/// Pictures of a few bytes that claim 60,000 × 60,000 pixels.
fn claims() -> Vec<(&'static str, Vec<u8>)> {
    let claim = 60_000_u32;
    let tiny = || fixtures::photo(8, 8);
    let mut png = fixtures::encoded(tiny(), ImageFormat::Png);
    png[16..20].copy_from_slice(&claim.to_be_bytes());
    png[20..24].copy_from_slice(&claim.to_be_bytes());
    fixtures::repair_png(&mut png);

    let mut gif = fixtures::encoded(tiny(), ImageFormat::Gif);
    gif[6..8].copy_from_slice(&(claim as u16).to_le_bytes());
    gif[8..10].copy_from_slice(&(claim as u16).to_le_bytes());

    let mut bmp = fixtures::encoded(tiny(), ImageFormat::Bmp);
    bmp[18..22].copy_from_slice(&claim.to_le_bytes());
    bmp[22..26].copy_from_slice(&claim.to_le_bytes());

    // An extended header, whose canvas may be larger than any frame: 24 bits each, less one.
    let size = (claim - 1).to_le_bytes();
    let canvas = [&[0x02, 0, 0, 0], &size[..3], &size[..3]].concat();
    let body = [b"WEBPVP8X".as_slice(), &10_u32.to_le_bytes(), &canvas].concat();
    let webp = [
        b"RIFF".as_slice(),
        &(body.len() as u32).to_le_bytes(),
        &body,
    ]
    .concat();

    let mut jpeg = fixtures::jpeg(&tiny(), 90);
    let frame = jpeg.windows(2).position(|it| it == [0xff, 0xc0]).unwrap();
    for at in [frame + 5, frame + 7] {
        jpeg[at..at + 2].copy_from_slice(&(claim as u16).to_be_bytes());
    }

    // Width, height, one strip, one sample a pixel.
    let mut tiff = b"II*\0\x08\0\0\0\x06\0".to_vec();
    for (tag, value) in [
        (256_u16, claim),
        (257, claim),
        (258, 8),
        (262, 1),
        (273, 8),
        (279, 8),
    ] {
        tiff.extend(tag.to_le_bytes());
        tiff.extend([4, 0, 1, 0, 0, 0]);
        tiff.extend(value.to_le_bytes());
    }
    tiff.extend([0; 4]);
    vec![
        ("PNG", png),
        ("GIF", gif),
        ("BMP", bmp),
        ("WebP", webp),
        ("JPEG", jpeg),
        ("TIFF", tiff),
    ]
}

#[test]
fn sixty_thousand_pixels_each_way_are_refused_without_making_them() {
    for (name, bytes) in claims() {
        assert!(bytes.len() < 5_000, "{name}: small on disk");
        let answers = answers(file(&bytes).path(), &MediaKind::Image);
        for made in [answers.thumbnail, answers.full] {
            assert!(
                matches!(
                    made,
                    Err(MediaError::TooLarge { .. } | MediaError::Broken { .. })
                ),
                "{name}: {made:?}"
            );
        }
        if name == "PNG" || name == "JPEG" || name == "GIF" {
            let measured = answers.facts.unwrap();
            assert_eq!(measured.dimensions().as_deref(), Some("60000 × 60000"));
        }
    }
}

#[test]
fn a_picture_of_a_hundred_megapixels_in_a_few_kilobytes_is_shown() {
    let blank = GrayImage::from_pixel(10_000, 10_000, ::image::Luma([200]));
    let bytes = fixtures::encoded(blank, ImageFormat::Png);
    assert!(bytes.len() < 1 << 20, "{} bytes", bytes.len());
    let answers = answers(file(&bytes).path(), &MediaKind::Image);
    let pixels = answers.thumbnail.unwrap().unwrap();
    assert_eq!((pixels.width, pixels.original), (320, (10_000, 10_000)));
    assert_eq!(answers.full.unwrap().unwrap().width, 4096);
}

#[test]
fn what_unpacks_without_end_beside_a_picture_does_not_keep_it_from_being_shown() {
    let zeros = vec![0; 100 << 20];
    let packed = compress_to_vec_zlib(&zeros, 6);
    drop(zeros);
    assert!(packed.len() < 1 << 20, "{} bytes", packed.len());
    let whole = fixtures::encoded(fixtures::photo(40, 30), ImageFormat::Png);
    for (name, keyword) in [
        (b"iCCP", b"profile\0\0".as_slice()),
        (b"zTXt", b"Comment\0\0"),
        (b"iTXt", b"Comment\0\x01\0\0\0"),
    ] {
        let extra = chunk(name, &[keyword, &packed].concat());
        // Between the header and all the rest.
        let mut bytes = [&whole[..33], &extra, &whole[33..]].concat();
        fixtures::repair_png(&mut bytes);
        let begun = Instant::now();
        let answers = answers(file(&bytes).path(), &MediaKind::Image);
        let shown = answers.thumbnail.unwrap().unwrap();
        assert_eq!((shown.width, shown.height), (40, 30));
        let took = begun.elapsed();
        assert!(took < PATIENCE, "{name:?} took {took:?}");
    }
}

#[test]
fn pixels_that_unpack_without_end_stop_at_the_size_that_was_promised() {
    let packed = compress_to_vec_zlib(&vec![0; 100 << 20], 6);
    let whole = fixtures::encoded(fixtures::photo(40, 30), ImageFormat::Png);
    let mut bytes = [&whole[..33], &chunk(b"IDAT", &packed), &chunk(b"IEND", &[])].concat();
    fixtures::repair_png(&mut bytes);
    let begun = Instant::now();
    let answers = answers(file(&bytes).path(), &MediaKind::Image);
    if let Ok(shown) = answers.thumbnail {
        assert_eq!(shown.unwrap().width, 40);
    }
    assert!(begun.elapsed() < PATIENCE);
}

#[test]
fn a_web_page_packed_by_a_server_is_an_archive_and_no_picture() {
    let mut gzip = b"\x1f\x8b\x08\0\0\0\0\0\0\xff".to_vec();
    gzip.extend(compress_to_vec(&vec![b' '; 50 << 20], 6));
    gzip.extend([0; 8]);
    let answers = answers(file(&gzip).path(), &MediaKind::Image);
    let error = answers.thumbnail.unwrap_err();
    assert!(
        matches!(&error, MediaError::Mismatch { found, .. } if found == "an archive"),
        "{error:?}"
    );
    assert_eq!(
        answers.facts.unwrap().mime.as_deref(),
        Some("application/gzip")
    );
}

#[test]
fn the_content_decides_and_not_what_the_file_was_said_to_be() {
    let spec = hound::WavSpec {
        channels: 1,
        sample_rate: 8_000,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let picture = fixtures::encoded(fixtures::photo(64, 48), ImageFormat::Png);
    let film = fixtures::mp4(32, 32, 2, &[::image::Rgb([200, 60, 20]); 3]);
    for kind in KINDS {
        // Pictures are shown wherever they come.
        let shown = answers(file(&picture).path(), &kind).thumbnail.unwrap();
        assert_eq!(shown.unwrap().width, 64, "a picture as {kind:?}");
        let shown = answers(file(&film).path(), &kind).thumbnail.unwrap();
        assert_eq!(shown.unwrap().width, 32, "a film as {kind:?}");
    }
    let others: [(&str, Vec<u8>); 4] = [
        ("WAV", fixtures::wav(1, spec)),
        ("PDF", fixtures::pdf(2)),
        ("Text", b"Just some words of a text".to_vec()),
        (
            "HTML",
            b"<!doctype html><html><body>Sign in</body></html>".to_vec(),
        ),
    ];
    for (name, bytes) in others {
        for (kind, promised) in [(MediaKind::Image, true), (MediaKind::Audio, false)] {
            match answers(file(&bytes).path(), &kind).thumbnail {
                Err(MediaError::Mismatch { found, .. }) => {
                    assert!(promised, "{name} as {kind:?}");
                    assert_eq!(found, name);
                }
                other => assert!(!promised && matches!(other, Ok(None)), "{name}: {other:?}"),
            }
        }
    }
    // A name that lies changes nothing.
    let lying = tempfile::Builder::new().suffix(".mp4").tempfile().unwrap();
    std::fs::write(lying.path(), &picture).unwrap();
    let measured = answers(lying.path(), &MediaKind::Video).facts.unwrap();
    assert_eq!(measured.mime.as_deref(), Some("image/png"));
}

#[test]
fn a_hundred_megabytes_of_text_are_shown_in_part_and_at_once() {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    let line = "花 words, and \u{202e}more\u{1b}[31m words\r\n".repeat(2_000);
    let mut written = 0;
    while written < 100 << 20 {
        file.write_all(line.as_bytes()).unwrap();
        written += line.len();
    }
    let begun = Instant::now();
    let limits = Limits::default();
    let content = text(file.path(), &limits).unwrap();
    let measured = facts(file.path(), &limits).unwrap();
    let shown = thumbnail(file.path(), &MediaKind::Text, 320, &limits).unwrap();
    let took = begun.elapsed();
    assert!(took < PATIENCE, "{took:?}");
    assert!(content.truncated && content.text.len() as u64 <= limits.text * 2);
    assert!(!content.text.contains(['\u{202e}', '\u{1b}', '\r']));
    assert_eq!((measured.words, shown), (None, None));
}

#[test]
fn a_line_of_a_hundred_megabytes_is_no_worse() {
    let file = file(&vec![b'a'; 100 << 20]);
    let begun = Instant::now();
    let content = text(file.path(), &Limits::default()).unwrap();
    assert!(begun.elapsed() < PATIENCE);
    assert_eq!((content.words, content.lines), (1, 1));
}

#[test]
fn a_text_with_escapes_and_overrides_says_what_it_says_and_does_nothing() {
    let hostile =
        "\u{1b}]0;owned\u{7}\u{1b}[2J\u{1b}[31mred\u{1b}[0m \u{202e}gnp.exe\u{2066}\0\u{8}";
    let content = text(file(hostile.as_bytes()).path(), &Limits::default());
    // A NUL may make it no text at all; without it, it is one.
    if let Ok(content) = content {
        assert!(!content.text.chars().any(|c| c != '\n' && c.is_control()));
    }
    let hostile = hostile.replace(['\0', '\u{8}'], "");
    let content = text(file(hostile.as_bytes()).path(), &Limits::default()).unwrap();
    assert_eq!(&*content.text, "red ⟨U+202E⟩gnp.exe⟨U+2066⟩");
}

#[test]
fn a_folder_in_place_of_a_file_is_an_error_like_any_other() {
    let folder = tempfile::TempDir::new().unwrap();
    let limits = Limits::default();
    assert!(facts(folder.path(), &limits).is_err());
    assert!(thumbnail(folder.path(), &MediaKind::Image, 64, &limits).is_err());
    assert!(text(folder.path(), &limits).is_err());
    assert!(waveform(folder.path(), 9, &limits).is_err());
}
