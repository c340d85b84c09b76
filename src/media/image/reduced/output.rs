//! From coefficients to pixels: a small inverse cosine transform, and colours.

use ::image::{DynamicImage, GrayImage, RgbImage};

use super::Stop;
use super::frame::{Component, Frame, KEPT};
use crate::media::limits::Deadline;

/// √½ / 2, and ½ cos(π/8), ½ cos(3π/8): the transforms of one, two and four points, scaled so that a
/// block's average stays what it is in the transform of eight.
const A: f32 = 0.353_553_4;
const B: f32 = 0.461_939_8;
const C: f32 = 0.191_341_72;

/// By number of points, then by pixel: the weight of each frequency.
const ONE: [[f32; 4]; 4] = [[A, 0.0, 0.0, 0.0]; 4];
const TWO: [[f32; 4]; 4] = [[A, A, 0.0, 0.0], [A, -A, 0.0, 0.0], [0.0; 4], [0.0; 4]];
const FOUR: [[f32; 4]; 4] = [[A, B, A, C], [A, C, -A, -B], [A, -C, -A, B], [A, -B, A, -C]];

/// Writes a block of a component's plane.
pub(super) fn block(component: &mut Component, kept: &[i32; KEPT], column: usize, row: usize) {
    let (width, height) = component.block;
    let stride = component.stride();
    let start = row * height * stride + column * width;
    let plane = &mut component.plane[start..];
    let flat = width * height == 16 && kept[1..KEPT - 1].iter().all(|value| *value == 0);
    if flat {
        let value = to_byte(kept[0] as f32 * (A * A));
        for line in plane.chunks_mut(stride).take(height) {
            line[..width].fill(value);
        }
        return;
    }
    match (width, height) {
        (4, 4) => transform::<4, 4>(kept, plane, stride),
        (2, 2) => transform::<2, 2>(kept, plane, stride),
        (4, 2) => transform::<4, 2>(kept, plane, stride),
        (2, 4) => transform::<2, 4>(kept, plane, stride),
        (4, 1) => transform::<4, 1>(kept, plane, stride),
        (1, 4) => transform::<1, 4>(kept, plane, stride),
        (2, 1) => transform::<2, 1>(kept, plane, stride),
        (1, 2) => transform::<1, 2>(kept, plane, stride),
        _ => transform::<1, 1>(kept, plane, stride),
    }
}

fn transform<const W: usize, const H: usize>(kept: &[i32; KEPT], plane: &mut [u8], stride: usize) {
    let (across, down) = (weights(W), weights(H));
    let mut lines = [[0.0_f32; W]; H];
    for (y, line) in lines.iter_mut().enumerate() {
        for (u, value) in line.iter_mut().enumerate() {
            *value = (0..H).map(|v| down[y][v] * kept[v * 4 + u] as f32).sum();
        }
    }
    for (y, line) in lines.iter().enumerate() {
        let target = &mut plane[y * stride..y * stride + W];
        for (x, pixel) in target.iter_mut().enumerate() {
            let value: f32 = (0..W).map(|u| across[x][u] * line[u]).sum();
            *pixel = to_byte(value);
        }
    }
}

const fn weights(points: usize) -> &'static [[f32; 4]; 4] {
    match points {
        4 => &FOUR,
        2 => &TWO,
        _ => &ONE,
    }
}

/// Samples are stored around zero; the conversion saturates.
#[inline(always)]
fn to_byte(value: f32) -> u8 {
    (value + 128.5) as u8
}

/// Turns the coefficients that a progressive picture has gathered into pixels.
pub(super) fn finish_progressive(frame: &mut Frame, deadline: Deadline) -> Result<(), Stop> {
    if !frame.progressive {
        return Ok(());
    }
    for component in &mut frame.components {
        let steps = component.steps.ok_or(Stop::Unusual)?;
        let coefficients = std::mem::take(&mut component.coefficients);
        let (blocks, _) = coefficients.as_chunks::<64>();
        for (row, blocks) in blocks.chunks(component.stored_wide).enumerate() {
            deadline.check()?;
            for (column, values) in blocks.iter().enumerate() {
                let mut kept = [0_i32; KEPT];
                for index in 0..=component.last {
                    kept[component.places[index]] =
                        i32::from(values[index]) * i32::from(steps[index]);
                }
                block(component, &kept, column, row);
            }
        }
    }
    Ok(())
}

/// The decoded planes as a picture.
pub(super) fn image(frame: &Frame, adobe_rgb: bool) -> Result<DynamicImage, Stop> {
    if !frame.components.iter().all(|component| component.scanned) {
        return Err(Stop::Unusual);
    }
    let (width, height) = (frame.width as u32, frame.height as u32);
    match frame.components.as_slice() {
        [grey] => {
            let rows = grey.plane.chunks(grey.stride()).take(frame.height);
            let bytes = rows.flat_map(|row| &row[..frame.width]).copied().collect();
            let image = GrayImage::from_raw(width, height, bytes).ok_or(Stop::Unusual)?;
            Ok(DynamicImage::ImageLuma8(image))
        }
        [first, second, third] => {
            let rgb = adobe_rgb || [first.id, second.id, third.id] == *b"RGB";
            let bytes = colours(frame, [first, second, third], rgb);
            let image = RgbImage::from_raw(width, height, bytes).ok_or(Stop::Unusual)?;
            Ok(DynamicImage::ImageRgb8(image))
        }
        _ => Err(Stop::Unusual),
    }
}

fn colours(frame: &Frame, components: [&Component; 3], rgb: bool) -> Vec<u8> {
    let mut bytes = vec![0; frame.width * frame.height * 3];
    let mut lines = components.map(|_| vec![0; frame.width]);
    for (y, target) in bytes.chunks_exact_mut(frame.width * 3).enumerate() {
        for (line, component) in lines.iter_mut().zip(components) {
            spread(component, y, line);
        }
        let [first, second, third] = &lines;
        let pixels = first.iter().zip(second).zip(third);
        for (pixel, ((a, b), c)) in target.as_chunks_mut::<3>().0.iter_mut().zip(pixels) {
            let stored = [*a, *b, *c];
            *pixel = if rgb { stored } else { from_ycbcr(stored) };
        }
    }
    bytes
}

/// One line of a component at the picture's size.
fn spread(component: &Component, y: usize, line: &mut [u8]) {
    let (across, down) = component.spread;
    let row = &component.plane[y / down * component.stride()..];
    if across == 1 {
        line.copy_from_slice(&row[..line.len()]);
        return;
    }
    for (pixels, value) in line.chunks_mut(across).zip(row) {
        pixels.fill(*value);
    }
}

/// JFIF's colours, in fixed point with 16 bits behind it.
#[inline(always)]
fn from_ycbcr([y, cb, cr]: [u8; 3]) -> [u8; 3] {
    let y = (i32::from(y) << 16) + (1 << 15);
    let (cb, cr) = (i32::from(cb) - 128, i32::from(cr) - 128);
    let byte = |value: i32| (value >> 16).clamp(0, 255) as u8;
    [
        byte(y + 91_881 * cr),
        byte(y - 22_554 * cb - 46_802 * cr),
        byte(y + 116_130 * cb),
    ]
}
