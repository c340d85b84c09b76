//! Smooth noise, on an endless plane or on one that repeats so that tiles have no seams.

/// Gradient noise. Coordinates are in cells; values are within -1.0 to 1.0.
#[derive(Clone, Copy, Debug)]
pub struct Noise {
    seed: u32,
    /// Cells after which the noise repeats in x and y; zero for never.
    period: (i32, i32),
}

impl Noise {
    /// Noise that never repeats.
    pub fn endless(seed: u64) -> Self {
        Self {
            seed: seed as u32 ^ (seed >> 32) as u32,
            period: (0, 0),
        }
    }

    /// Noise that repeats every `x` by `y` cells.
    pub fn repeating(seed: u64, x: u32, y: u32) -> Self {
        Self {
            period: (x.max(1) as i32, y.max(1) as i32),
            ..Self::endless(seed)
        }
    }

    /// The noise at a point.
    pub fn at(&self, x: f32, y: f32) -> f32 {
        let (cell_x, cell_y) = (x.floor(), y.floor());
        let (fx, fy) = (x - cell_x, y - cell_y);
        let (ix, iy) = (cell_x as i32, cell_y as i32);
        let (u, v) = (ease(fx), ease(fy));
        let top = mix(
            self.slope(ix, iy, fx, fy),
            self.slope(ix + 1, iy, fx - 1.0, fy),
            u,
        );
        let bottom = mix(
            self.slope(ix, iy + 1, fx, fy - 1.0),
            self.slope(ix + 1, iy + 1, fx - 1.0, fy - 1.0),
            u,
        );
        (mix(top, bottom, v) * 1.5).clamp(-1.0, 1.0)
    }

    /// Several octaves of noise on top of each other, each finer and weaker than the last.
    pub fn layered(&self, x: f32, y: f32, octaves: u32) -> f32 {
        let (mut sum, mut weight, mut total) = (0.0, 1.0, 0.0);
        let (mut layer, mut scale) = (*self, 1.0);
        for _ in 0..octaves {
            sum += layer.at(x * scale, y * scale) * weight;
            total += weight;
            weight *= 0.5;
            scale *= 2.0;
            layer.seed = layer.seed.wrapping_mul(0x9e37_79b1).wrapping_add(1);
            layer.period = (layer.period.0 * 2, layer.period.1 * 2);
        }
        sum / total
    }

    fn slope(&self, ix: i32, iy: i32, dx: f32, dy: f32) -> f32 {
        let (wx, wy) = match self.period {
            (0, _) | (_, 0) => (ix, iy),
            (px, py) => (ix.rem_euclid(px), iy.rem_euclid(py)),
        };
        let mut bits = self.seed ^ (wx as u32).wrapping_mul(0x85eb_ca6b);
        bits =
            (bits ^ (bits >> 15)).wrapping_mul(0x2c1b_3c6d) ^ (wy as u32).wrapping_mul(0xc2b2_ae35);
        bits = (bits ^ (bits >> 13)).wrapping_mul(0x297a_2d39);
        bits ^= bits >> 16;
        let (gx, gy) = DIRECTIONS[(bits & 15) as usize];
        gx * dx + gy * dy
    }
}

/// Sixteen directions around the circle, as (cosine, sine).
const DIRECTIONS: [(f32, f32); 16] = {
    const A: f32 = 0.923_879_5;
    const B: f32 = 0.382_683_43;
    const C: f32 = std::f32::consts::FRAC_1_SQRT_2;
    [
        (1.0, 0.0),
        (A, B),
        (C, C),
        (B, A),
        (0.0, 1.0),
        (-B, A),
        (-C, C),
        (-A, B),
        (-1.0, 0.0),
        (-A, -B),
        (-C, -C),
        (-B, -A),
        (0.0, -1.0),
        (B, -A),
        (C, -C),
        (A, -B),
    ]
};

fn ease(t: f32) -> f32 {
    t * t * t * (t * (t * 6.0 - 15.0) + 10.0)
}

/// Goes from `a` to `b` as `t` goes from 0.0 to 1.0.
pub fn mix(a: f32, b: f32, t: f32) -> f32 {
    a + (b - a) * t
}

/// 0.0 below `low`, 1.0 above `high`, smooth between.
pub fn smoothstep(low: f32, high: f32, value: f32) -> f32 {
    let t = ((value - low) / (high - low)).clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeating_noise_repeats_and_is_not_flat() {
        let noise = Noise::repeating(3, 5, 4);
        let mut spread = 0.0f32;
        for step in 0..40 {
            let (x, y) = (step as f32 * 0.37, step as f32 * 0.21);
            let here = noise.layered(x, y, 3);
            let there = noise.layered(x + 5.0, y - 4.0, 3);
            assert!(
                (here - there).abs() < 1e-3,
                "{here} and {there} at {x}, {y}"
            );
            spread = spread.max(here.abs());
        }
        assert!(spread > 0.1, "the noise is flat: {spread}");
    }
}
