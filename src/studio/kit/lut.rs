//! A colour mapping worked out once on a grid and then read off for each pixel.

use image::RgbImage;

use super::colour::Pixel;

const SIDE: usize = 33;

/// A mapping from each colour to another, on a grid of 33 × 33 × 33 with mixing between.
pub struct Lut {
    table: Vec<[u16; 3]>,
}

impl Lut {
    /// Works the mapping out; results are 0.0 to 255.0 a channel.
    pub fn new(map: impl Fn(Pixel) -> [f32; 3]) -> Self {
        let level = |index: usize| (index * 255).div_ceil(SIDE - 1).min(255) as u8;
        let mut table = Vec::with_capacity(SIDE * SIDE * SIDE);
        for r in 0..SIDE {
            for g in 0..SIDE {
                for b in 0..SIDE {
                    let mapped = map([level(r), level(g), level(b)]);
                    table.push(mapped.map(|value| (value.clamp(0.0, 255.0) * 256.0) as u16));
                }
            }
        }
        Self { table }
    }

    /// The mapping of one colour, in steps of 1/256 of a channel step.
    pub fn fine(&self, pixel: Pixel) -> [u32; 3] {
        // Tetrahedral mixing: four corners of the cell, chosen by the order of the fractions.
        let mut base = 0;
        let mut parts = [(0u32, 0usize); 3];
        for (axis, stride) in [SIDE * SIDE, SIDE, 1].into_iter().enumerate() {
            let scaled = u32::from(pixel[axis]) * (SIDE as u32 - 1) * 257 / 256;
            let cell = (scaled >> 8).min(SIDE as u32 - 2);
            base += cell as usize * stride;
            parts[axis] = (scaled - (cell << 8), stride);
        }
        if parts[0].0 < parts[1].0 {
            parts.swap(0, 1);
        }
        if parts[1].0 < parts[2].0 {
            parts.swap(1, 2);
        }
        if parts[0].0 < parts[1].0 {
            parts.swap(0, 1);
        }
        let first = base + parts[0].1;
        let second = first + parts[1].1;
        let corners = [base, first, second, second + parts[2].1];
        let weights = [
            256 - parts[0].0,
            parts[0].0 - parts[1].0,
            parts[1].0 - parts[2].0,
            parts[2].0,
        ];
        let mut mixed = [0u32; 3];
        for (corner, weight) in corners.into_iter().zip(weights) {
            let entry = &self.table[corner];
            mixed[0] += u32::from(entry[0]) * weight;
            mixed[1] += u32::from(entry[1]) * weight;
            mixed[2] += u32::from(entry[2]) * weight;
        }
        [mixed[0] >> 8, mixed[1] >> 8, mixed[2] >> 8]
    }

    /// Maps the rows `rows` of a picture in place.
    pub fn apply(&self, picture: &mut RgbImage, rows: std::ops::Range<u32>) {
        let width = picture.width() as usize * 3;
        let range = rows.start as usize * width..rows.end as usize * width;
        let mut last: (Pixel, Pixel) = ([1, 2, 3], self.coarse([1, 2, 3]));
        let raw: &mut [u8] = picture;
        for pixel in raw[range].chunks_exact_mut(3) {
            let here = [pixel[0], pixel[1], pixel[2]];
            if here != last.0 {
                last = (here, self.coarse(here));
            }
            pixel.copy_from_slice(&last.1);
        }
    }

    fn coarse(&self, pixel: Pixel) -> Pixel {
        self.fine(pixel)
            .map(|value| ((value + 128) >> 8).min(255) as u8)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mapping_to_itself_changes_nothing_much() {
        let lut = Lut::new(|pixel| pixel.map(f32::from));
        for pixel in [[0, 0, 0], [255, 255, 255], [12, 200, 77], [254, 1, 128]] {
            let mapped = lut.coarse(pixel);
            for channel in 0..3 {
                assert!(
                    mapped[channel].abs_diff(pixel[channel]) <= 1,
                    "{pixel:?} became {mapped:?}"
                );
            }
        }
    }
}
