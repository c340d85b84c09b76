//! Land, water and sky.

use std::f32::consts::TAU;

use super::{Scale, unit};
use crate::studio::kit::canvas::{Canvas, Spot, polygon};
use crate::studio::kit::colour::Lch;
use crate::studio::kit::noise::Noise;
use crate::studio::kit::palette::Palette;
use crate::studio::kit::seed::Rng;

/// Ridge behind ridge under a moon. Fills the canvas.
pub fn ridges(canvas: &mut Canvas, palette: &Palette, _scale: Scale, rng: &mut Rng) {
    let (width, height) = (canvas.width(), canvas.height());
    let lean = rng.between(-0.3, 0.3) * width;
    canvas.gradient(
        &[palette.ground, palette.ground_far],
        (width / 2.0 - lean, 0.0),
        (width / 2.0 + lean, height * 0.75),
    );
    let moon = (
        width * rng.between(0.25, 0.75),
        height * rng.between(0.2, 0.32),
    );
    let radius = unit(canvas) * rng.between(52.0, 84.0);
    let glow = palette.accent.lighter(0.12);
    canvas.glow(glow, &[0.4, 0.12, 0.0], moon, radius * 5.0);
    canvas.circle(moon, radius, palette.accent.mix(Lch::WHITE, 0.45), 1.0);
    let layers = 5 + rng.below(2);
    let smooth = rng.chance(0.4);
    for layer in 0..layers {
        let t = layer as f32 / (layers - 1) as f32;
        let colour = ridge_tone(palette, t);
        let base = height * (0.46 + 0.47 * t.powf(1.15));
        ridge(
            canvas,
            base,
            height * (0.16 - 0.05 * t),
            (colour, smooth),
            rng,
        );
    }
}

/// From the far ridge, which the air tints, to the near one.
fn ridge_tone(palette: &Palette, t: f32) -> Lch {
    let order = if palette.ground.l > 0.6 {
        t
    } else {
        0.15 + t * 0.85
    };
    palette.ink(order)
}

/// One ridge from edge to edge, filled down to the bottom.
pub fn ridge(
    canvas: &mut Canvas,
    base: f32,
    rise: f32,
    (colour, smooth): (Lch, bool),
    rng: &mut Rng,
) {
    let (width, height) = (canvas.width(), canvas.height());
    let noise = Noise::endless(rng.bits());
    let stretch = width / height;
    let steps = 320;
    let mut points: Vec<Spot> = (0..=steps)
        .map(|step| {
            let x = step as f32 / steps as f32;
            let slow = noise.layered(x * 2.2 * stretch, 0.5, 2);
            let fast = if smooth {
                0.0
            } else {
                noise.layered(x * 11.0 * stretch, 7.5, 4)
            };
            (x * width, base - (slow + fast * 0.42 + 0.25) * rise)
        })
        .collect();
    points.push((width, height + 2.0));
    points.push((0.0, height + 2.0));
    if let Some(path) = polygon(&points) {
        canvas.fill_gradient(
            &path,
            &[colour, colour.lighter(0.035), colour.lighter(0.09)],
            (0.0, base - rise),
            (0.0, height),
        );
    }
}

/// Rings around a sun, cut by a level line: sunrise over water.
pub fn sunrise(canvas: &mut Canvas, palette: &Palette, _scale: Scale, rng: &mut Rng) {
    let (width, height) = (canvas.width(), canvas.height());
    canvas.gradient(
        &[palette.ground, palette.ground_far],
        (0.0, 0.0),
        (0.0, height),
    );
    let level = height * rng.between(0.56, 0.66);
    let centre = (
        width * rng.between(0.38, 0.62),
        level - height * rng.between(0.02, 0.1),
    );
    let rings = palette.inks.len() + 1;
    for ring in 0..rings {
        let t = ring as f32 / rings as f32;
        let colour = palette.ink(t);
        canvas.circle(centre, width.min(height) * (0.44 - 0.34 * t), colour, 1.0);
    }
    canvas.circle(centre, width.min(height) * 0.095, palette.accent, 1.0);
    water(canvas, level, centre.0, palette, rng);
}

fn water(canvas: &mut Canvas, level: f32, light: f32, palette: &Palette, rng: &mut Rng) {
    let (width, height) = (canvas.width(), canvas.height());
    let deep = palette.ink(0.25);
    canvas.rect((0.0, level), (width, height - level), deep, 1.0);
    let rows = 22;
    for row in 0..rows {
        let t = row as f32 / rows as f32;
        let y = level + (height - level) * t.powf(1.4);
        let thick = unit(canvas) * (2.0 + 10.0 * t);
        for _ in 0..3 + rng.below(3) {
            let reach = width * (0.06 + 0.2 * rng.unit()) * (0.5 + t);
            let x = light + rng.normal() * width * (0.08 + 0.24 * t) - reach / 2.0;
            let colour = if rng.chance(0.3) {
                palette.accent
            } else {
                palette.ink(rng.between(0.45, 1.0))
            };
            if let Some(path) =
                crate::studio::kit::canvas::rounded((x, y), (reach, thick), thick / 2.0)
            {
                canvas.fill(&path, colour, 0.85);
            }
        }
    }
}

/// Stars: many small ones, few large.
pub fn stars(canvas: &mut Canvas, count: usize, below: f32, colour: Lch, rng: &mut Rng) {
    let unit = unit(canvas);
    for _ in 0..count {
        let spot = (rng.between(0.0, canvas.width()), rng.between(0.0, below));
        let size = unit * (0.7 + 2.6 * rng.unit().powi(5));
        let fade = 1.0 - spot.1 / below * 0.7;
        canvas.circle(spot, size, colour, rng.between(0.35, 1.0) * fade);
    }
}

/// The points of a loop around a centre whose radius wavers.
pub fn blob(centre: Spot, radius: f32, roughness: f32, noise: &Noise, points: usize) -> Vec<Spot> {
    (0..points)
        .map(|index| {
            let angle = index as f32 / points as f32 * TAU;
            let (sin, cos) = angle.sin_cos();
            let waver = noise.layered(
                centre.0 * 0.013 + cos * 1.6,
                centre.1 * 0.013 + sin * 1.6,
                4,
            );
            let reach = radius * (1.0 + waver * roughness);
            (centre.0 + cos * reach, centre.1 + sin * reach)
        })
        .collect()
}
