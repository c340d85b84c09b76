//! Flowers, sprigs and scales.

use std::f32::consts::{FRAC_PI_2, TAU};

use super::{Field, Scale, scatter, unit};
use crate::studio::kit::canvas::{Canvas, Edges, Spot, petal, polyline};
use crate::studio::kit::colour::Lch;
use crate::studio::kit::palette::Palette;
use crate::studio::kit::seed::Rng;

/// A large flower, ring within ring; on a tile a second kind sits between.
pub fn mandala(canvas: &mut Canvas, palette: &Palette, scale: Scale, rng: &mut Rng) {
    let unit = unit(canvas);
    let (cx, cy) = (canvas.width() / 2.0, canvas.height() / 2.0);
    if canvas.edges() == Edges::Cut {
        flower(
            canvas,
            palette,
            (cx, cy),
            unit * 470.0 / scale.room.sqrt(),
            rng,
        );
        return;
    }
    // A whole number of flowers fits a tile at any scale.
    let across = (1.0 / scale.size).round().max(1.0);
    let pitch = canvas.width() / across;
    let (large, small) = (rng.fork(), rng.fork());
    for row in 0..across as usize {
        for column in 0..across as usize {
            let (x, y) = (column as f32 * pitch, row as f32 * pitch);
            let shrink = 1.0 / scale.room.sqrt();
            flower(
                canvas,
                palette,
                (x, y),
                pitch * 0.29 * shrink,
                &mut small.clone(),
            );
            flower(
                canvas,
                palette,
                (x + pitch / 2.0, y + pitch / 2.0),
                pitch * 0.43 * shrink,
                &mut large.clone(),
            );
            for (dx, dy) in [(0.5, 0.0), (0.0, 0.5)] {
                let spot = (x + dx * pitch, y + dy * pitch);
                canvas.circle(spot, pitch * 0.028 * shrink, palette.accent, 1.0);
                for seed in 0..8 {
                    let angle = seed as f32 / 8.0 * TAU;
                    let reach = pitch * 0.055 * shrink;
                    canvas.circle(
                        (spot.0 + angle.cos() * reach, spot.1 + angle.sin() * reach),
                        pitch * 0.009,
                        palette.line,
                        1.0,
                    );
                }
            }
        }
    }
}

/// Rings of petals, the outermost first.
pub fn flower(canvas: &mut Canvas, palette: &Palette, centre: Spot, radius: f32, rng: &mut Rng) {
    let petals = 8 + rng.below(5) * 2;
    let rings = 5 + rng.below(2);
    let belly = rng.between(0.35, 0.95);
    let stretch = rng.between(0.85, 1.25);
    let turns = if rng.chance(0.7) { 0.5 } else { 0.0 };
    let reversed = rng.chance(0.35);
    for ring in 0..rings {
        let t = ring as f32 / (rings - 1) as f32;
        let outer = radius * (1.0 - t * 0.78);
        let length = outer * 0.62;
        let width = outer * TAU / petals as f32 * 0.62 * stretch;
        let tone = if reversed { t } else { 1.0 - t };
        let colour = palette.ink(tone);
        for index in 0..petals {
            let angle = (index as f32 + if ring % 2 == 1 { turns } else { 0.0 }) / petals as f32
                * TAU
                - FRAC_PI_2;
            let base = (
                centre.0 + angle.cos() * (outer - length),
                centre.1 + angle.sin() * (outer - length),
            );
            leaf_with_light(canvas, base, angle, (length, width, belly), colour);
        }
    }
    canvas.circle(centre, radius * 0.13, palette.accent, 1.0);
    let seeds = petals;
    for index in 0..seeds {
        let angle = index as f32 / seeds as f32 * TAU;
        let spot = (
            centre.0 + angle.cos() * radius * 0.088,
            centre.1 + angle.sin() * radius * 0.088,
        );
        canvas.circle(spot, radius * 0.013, palette.line, 1.0);
    }
}

/// A petal with a lighter heart, so that rings read as depth.
fn leaf_with_light(
    canvas: &mut Canvas,
    base: Spot,
    angle: f32,
    (length, width, belly): (f32, f32, f32),
    colour: Lch,
) {
    let tip = (base.0 + angle.cos() * length, base.1 + angle.sin() * length);
    if let Some(path) = petal(base, angle, length, width, belly) {
        canvas.fill_gradient(
            &path,
            &[colour.lighter(-0.075), colour, colour.lighter(0.035)],
            base,
            tip,
        );
    }
    let inner = (
        base.0 + angle.cos() * length * 0.2,
        base.1 + angle.sin() * length * 0.2,
    );
    if let Some(path) = petal(inner, angle, length * 0.58, width * 0.34, belly) {
        canvas.fill(&path, colour.lighter(0.075), 0.75);
    }
}

/// Scattered sprigs with paired leaves, buds and berries.
pub fn sprigs(canvas: &mut Canvas, palette: &Palette, scale: Scale, rng: &mut Rng) {
    let unit = unit(canvas);
    let size = unit * scale.size;
    let places = scatter(canvas, 128.0 * size * scale.room, rng);
    let leafy: Vec<Lch> = palette.inks.clone();
    for spot in &places {
        let length = size * rng.between(140.0, 190.0);
        let angle = rng.between(0.0, TAU);
        let colour = leafy[rng.below(leafy.len())];
        sprig(canvas, palette, *spot, (angle, length), colour, rng);
    }
    // Small things fill what the sprigs leave free.
    for spot in scatter(canvas, 40.0 * size * scale.room, rng) {
        let near = places
            .iter()
            .any(|other| distance_on(canvas, spot, *other) < 74.0 * size);
        if !near {
            bud(canvas, palette, spot, size, rng);
        }
    }
}

fn distance_on(canvas: &Canvas, one: Spot, other: Spot) -> f32 {
    let (mut dx, mut dy) = ((one.0 - other.0).abs(), (one.1 - other.1).abs());
    if canvas.edges() == Edges::Wrap {
        dx = dx.min((canvas.width() - dx).abs());
        dy = dy.min((canvas.height() - dy).abs());
    }
    dx.hypot(dy)
}

fn sprig(
    canvas: &mut Canvas,
    palette: &Palette,
    middle: Spot,
    (angle, length): (f32, f32),
    colour: Lch,
    rng: &mut Rng,
) {
    let bend = rng.between(-0.9, 0.9);
    let stem: Vec<Spot> = (0..=20)
        .scan(
            (
                middle.0 - angle.cos() * length / 2.0,
                middle.1 - angle.sin() * length / 2.0,
            ),
            |spot, step| {
                let here = *spot;
                let along = angle + bend * (step as f32 / 20.0 - 0.5);
                *spot = (
                    spot.0 + along.cos() * length / 20.0,
                    spot.1 + along.sin() * length / 20.0,
                );
                Some(here)
            },
        )
        .collect();
    if let Some(path) = polyline(&stem) {
        canvas.stroke(&path, length * 0.022, colour, 1.0);
    }
    let pairs = 4 + rng.below(3);
    let (full, belly) = (rng.between(0.3, 0.42), rng.between(0.45, 0.9));
    let open = rng.between(0.6, 1.0);
    for pair in 0..pairs {
        let t = (pair as f32 + 0.8) / (pairs as f32 + 0.6);
        let at = (t * 20.0) as usize;
        let along = angle + bend * (t - 0.5);
        let leaf = length * full * (1.0 - t * 0.45);
        for side in [-1.0, 1.0] {
            if let Some(path) = petal(stem[at], along + side * open, leaf, leaf * 0.38, belly) {
                canvas.fill(
                    &path,
                    if side > 0.0 {
                        colour
                    } else {
                        colour.lighter(0.05)
                    },
                    1.0,
                );
            }
        }
    }
    let tip = stem[20];
    if rng.chance(0.45) {
        blossom(canvas, palette, tip, length * 0.13, rng);
    } else if let Some(path) = petal(tip, angle + bend * 0.5, length * 0.24, length * 0.11, belly) {
        canvas.fill(&path, colour, 1.0);
    }
}

fn blossom(canvas: &mut Canvas, palette: &Palette, centre: Spot, radius: f32, rng: &mut Rng) {
    let colour = if rng.chance(0.6) {
        palette.accent
    } else {
        palette.any(rng)
    };
    let turn = rng.between(0.0, TAU);
    for index in 0..5 {
        let angle = turn + index as f32 / 5.0 * TAU;
        let spot = (
            centre.0 + angle.cos() * radius * 0.62,
            centre.1 + angle.sin() * radius * 0.62,
        );
        canvas.circle(spot, radius * 0.55, colour, 1.0);
    }
    canvas.circle(centre, radius * 0.32, palette.line, 1.0);
}

fn bud(canvas: &mut Canvas, palette: &Palette, spot: Spot, size: f32, rng: &mut Rng) {
    match rng.below(3) {
        0 => blossom(canvas, palette, spot, size * rng.between(13.0, 19.0), rng),
        1 => {
            let colour = palette.any(rng);
            let turn = rng.between(0.0, TAU);
            for index in 0..3 {
                let angle = turn + index as f32 / 3.0 * TAU;
                canvas.circle(
                    (
                        spot.0 + angle.cos() * size * 9.0,
                        spot.1 + angle.sin() * size * 9.0,
                    ),
                    size * 5.5,
                    colour,
                    1.0,
                );
            }
        }
        _ => canvas.circle(spot, size * rng.between(4.0, 8.0), palette.any(rng), 1.0),
    }
}

/// Overlapping scales of rings within rings.
pub fn scales(canvas: &mut Canvas, palette: &Palette, scale: Scale, rng: &mut Rng) {
    let columns = (6.0 / scale.size).round().max(2.0) as i32;
    let pitch = canvas.width() / columns as f32;
    let mut rows = (canvas.height() / (pitch * 0.5)).round() as i32;
    rows += rows % 2;
    let step = canvas.height() / rows as f32;
    let hues = Field::new(canvas, 2, rng);
    let faces: Vec<u64> = (0..rows * columns).map(|_| rng.bits()).collect();
    let bands = 3 + rng.below(3);
    canvas.unwrapped(|canvas| {
        for row in -1..rows + 3 {
            for column in -1..=columns {
                let shift = if row.rem_euclid(2) == 0 { 0.0 } else { 0.5 };
                let spot = ((column as f32 + 0.5 + shift) * pitch, row as f32 * step);
                let face = row.rem_euclid(rows) * columns + column.rem_euclid(columns);
                let home = (
                    (column.rem_euclid(columns) as f32 + 0.5 + shift) * pitch,
                    row.rem_euclid(rows) as f32 * step,
                );
                let tone = hues.level(home);
                one_scale(
                    canvas,
                    palette,
                    spot,
                    (pitch * 0.5, bands, scale.room),
                    tone,
                    faces[face as usize],
                );
            }
        }
    });
}

fn one_scale(
    canvas: &mut Canvas,
    palette: &Palette,
    spot: Spot,
    (radius, bands, room): (f32, usize, f32),
    tone: f32,
    face: u64,
) {
    let mut rng = Rng::new(face);
    let start = tone * 0.7 + rng.unit() * 0.3;
    canvas.circle(spot, radius, palette.ground, 1.0);
    for band in 0..bands {
        let t = band as f32 / bands as f32;
        let reach = radius * (0.94 - t * 0.9);
        let colour = if band % 2 == 1 && room > 1.2 {
            palette.ground
        } else if rng.chance(0.06) {
            palette.accent
        } else {
            palette.ink((start + t * 0.9) % 1.0)
        };
        canvas.circle(spot, reach, colour, 1.0);
    }
}
