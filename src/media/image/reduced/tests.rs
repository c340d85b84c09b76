//! Reduced decoding beside whole decoding.

use std::time::{Duration, Instant};

use ::image::{DynamicImage, GrayImage, ImageFormat, RgbImage};
use fast_image_resize::{FilterType, ResizeAlg, ResizeOptions, Resizer};
use jpeg_encoder::SamplingFactor as Sampling;

use super::*;
use crate::media::fixtures::{JpegKind, encoded, file, jpeg, jpeg_of, photo};
use crate::media::{decode_thumbnail, encode_thumbnail, thumbnail};
use crate::model::MediaKind;

fn reduced(bytes: &[u8], side: u32) -> Option<DynamicImage> {
    let limits = Limits::default();
    decode(bytes, side, &limits, limits.deadline()).unwrap()
}

/// The average of each square of pixels, which is what reducing has to come close to.
fn averaged(image: &RgbImage, by: u32) -> RgbImage {
    let (width, height) = (image.width() / by, image.height() / by);
    RgbImage::from_fn(width, height, |x, y| {
        let mut sum = [0_u32; 3];
        for (dx, dy) in (0..by).flat_map(|dx| (0..by).map(move |dy| (dx, dy))) {
            let pixel = image.get_pixel(x * by + dx, y * by + dy);
            for (sum, channel) in sum.iter_mut().zip(pixel.0) {
                *sum += u32::from(channel);
            }
        }
        ::image::Rgb(sum.map(|sum| (sum / (by * by)) as u8))
    })
}

/// Average and largest difference of two pictures, without the last row and column: there, blocks are
/// filled up with what the encoder likes.
fn differences(a: &RgbImage, b: &RgbImage) -> (f64, u8) {
    let (width, height) = (a.width().min(b.width()) - 1, a.height().min(b.height()) - 1);
    let (mut sum, mut worst, mut count) = (0_u64, 0, 0);
    for (x, y) in (0..height).flat_map(|y| (0..width).map(move |x| (x, y))) {
        for (a, b) in a.get_pixel(x, y).0.iter().zip(b.get_pixel(x, y).0) {
            let difference = a.abs_diff(b);
            sum += u64::from(difference);
            worst = worst.max(difference);
            count += 1;
        }
    }
    (sum as f64 / f64::from(count), worst)
}

#[test]
fn every_kind_of_jpeg_is_reduced_to_its_averages() {
    // Not a multiple of any block or unit.
    let image = photo(419, 333);
    let samplings = [
        Sampling::F_1_1,
        Sampling::F_2_1,
        Sampling::F_1_2,
        Sampling::F_2_2,
        Sampling::F_4_1,
    ];
    for (sampling, progressive) in samplings
        .into_iter()
        .flat_map(|sampling| [(sampling, false), (sampling, true)])
    {
        let kind = JpegKind {
            sampling,
            progressive,
            restart: 0,
        };
        let bytes = jpeg_of(&image, kind);
        let whole = ::image::load_from_memory(&bytes).unwrap().into_rgb8();
        for (side, by) in [(53, 8), (104, 4), (209, 2)] {
            let smaller = reduced(&bytes, side).unwrap_or_else(|| panic!("{kind:?} by {by}"));
            let smaller = smaller.into_rgb8();
            let size = (419_u32.div_ceil(by), 333_u32.div_ceil(by));
            assert_eq!(smaller.dimensions(), size, "{kind:?}");
            let (average, worst) = differences(&smaller, &averaged(&whole, by));
            // Half-size colours are smoothed differently, most of all where they are not reduced.
            assert!(
                average < 2.5 && worst < 40,
                "{kind:?} by {by}: {average}, {worst}"
            );
        }
    }
}

#[test]
fn the_encoder_of_the_image_crate_and_grey_pictures_are_understood() {
    let image = photo(640, 480);
    let whole = ::image::load_from_memory(&jpeg(&image, 92))
        .unwrap()
        .into_rgb8();
    let smaller = reduced(&jpeg(&image, 92), 160).unwrap().into_rgb8();
    let (average, _) = differences(&smaller, &averaged(&whole, 4));
    assert!(average < 1.0, "{average}");
    let grey: GrayImage = DynamicImage::ImageRgb8(image).into_luma8();
    let smaller = reduced(&encoded(grey, ImageFormat::Jpeg), 160).unwrap();
    assert!(matches!(smaller, DynamicImage::ImageLuma8(_)));
    assert_eq!((smaller.width(), smaller.height()), (160, 120));
}

#[test]
fn small_pictures_are_left_to_the_full_decoder() {
    assert!(reduced(&jpeg(&photo(300, 200), 90), 200).is_none());
    assert!(reduced(&jpeg(&photo(300, 200), 90), 150).is_some());
}

#[test]
fn damaged_and_cut_off_pictures_are_left_to_the_full_decoder() {
    let bytes = jpeg(&photo(640, 480), 90);
    assert!(
        reduced(&bytes[..bytes.len() / 2], 80).is_none(),
        "bits are missing"
    );
    assert!(reduced(&bytes[..100], 80).is_none());
    assert!(reduced(&[0xff, 0xd8, 0xff, 0xd9], 80).is_none());
    assert!(reduced(b"", 80).is_none());
    let progressive = JpegKind {
        sampling: Sampling::F_2_2,
        progressive: true,
        restart: 0,
    };
    let bytes = jpeg_of(&photo(640, 480), progressive);
    assert!(
        reduced(&bytes[..bytes.len() - 40], 80).is_none(),
        "the end is missing"
    );
}

#[test]
fn no_time_left_is_an_error() {
    let limits = Limits {
        time: Duration::ZERO,
        ..Limits::default()
    };
    let result = decode(&jpeg(&photo(640, 480), 90), 80, &limits, limits.deadline());
    assert!(matches!(result, Err(MediaError::TooSlow { .. })));
}

/// A thumbnail the long way: decoded in full, scaled with the same filter.
fn floor(bytes: &[u8], side: u32) -> DynamicImage {
    let image = ::image::load_from_memory(bytes).unwrap();
    let (width, height) = (side, side * image.height() / image.width());
    let mut target = DynamicImage::new(width, height, image.color());
    let lanczos = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3));
    Resizer::new()
        .resize(&image, &mut target, &lanczos)
        .unwrap();
    target
}

fn best_of(times: u32, mut work: impl FnMut()) -> Duration {
    let mut best = Duration::MAX;
    for _ in 0..times {
        let start = Instant::now();
        work();
        best = best.min(start.elapsed());
    }
    best
}

#[test]
#[ignore = "a measurement, to be run alone with --release: prints how many times faster than the floor"]
fn thumbnails_beside_full_decode_and_resize() {
    let image = photo(1632, 1224);
    let kinds = [("4:4:4", Sampling::F_1_1), ("4:2:0", Sampling::F_2_2)];
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    for ((name, sampling), progressive) in kinds
        .into_iter()
        .flat_map(|kind| [(kind, false), (kind, true)])
    {
        let kind = JpegKind {
            sampling,
            progressive,
            restart: 0,
        };
        let progressive = if progressive { " progressive" } else { "" };
        files.push((format!("JPEG {name}{progressive}"), jpeg_of(&image, kind)));
    }
    files.push(("PNG".to_owned(), encoded(image.clone(), ImageFormat::Png)));
    files.push(("WebP".to_owned(), encoded(image, ImageFormat::WebP)));
    for (name, bytes) in files {
        let on_disk = file(&bytes);
        let floor = best_of(9, || drop(floor(&bytes, 320)));
        let ours = best_of(9, || {
            let pixels =
                thumbnail(on_disk.path(), &MediaKind::Image, 320, &Limits::default()).unwrap();
            drop(encode_thumbnail(&pixels.unwrap()).unwrap());
        });
        let pixels = thumbnail(on_disk.path(), &MediaKind::Image, 320, &Limits::default());
        let kept = encode_thumbnail(&pixels.unwrap().unwrap()).unwrap();
        let read = best_of(9, || drop(decode_thumbnail(&kept).unwrap()));
        println!(
            "{name:>24}: floor {floor:>9.2?}, thumbnail and its file {ours:>9.2?}, ratio {:.2}; \
             kept in {} KB, read in {read:.2?}",
            floor.as_secs_f64() / ours.as_secs_f64(),
            kept.len() / 1024,
        );
    }
}

#[test]
fn restart_markers_change_nothing() {
    let image = photo(419, 333);
    for sampling in [
        Sampling::F_1_1,
        Sampling::F_2_1,
        Sampling::F_2_2,
        Sampling::F_4_1,
    ] {
        let [plain, restarting] = [0, 5].map(|restart| {
            let kind = JpegKind {
                sampling,
                progressive: false,
                restart,
            };
            reduced(&jpeg_of(&image, kind), 104).unwrap().into_rgb8()
        });
        assert!(plain == restarting, "{sampling:?}");
    }
}
