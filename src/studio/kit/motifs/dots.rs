//! Dots, pebbles and confetti.

use std::f32::consts::TAU;

use super::{Field, Scale, scatter, unit};
use crate::studio::kit::canvas::{Canvas, Edges, Spot, ribbon, smooth_loop};
use crate::studio::kit::palette::Palette;
use crate::studio::kit::seed::Rng;

/// A staggered field of discs whose sizes and colours drift like weather.
pub fn field(canvas: &mut Canvas, palette: &Palette, scale: Scale, rng: &mut Rng) {
    let columns = (10.0 / scale.size).round().max(3.0);
    let pitch = canvas.width() / columns;
    let mut rows = (canvas.height() / (pitch * 0.866)).round().max(2.0);
    if canvas.edges() == Edges::Wrap && rows as u32 % 2 == 1 {
        rows += 1.0;
    }
    let step = canvas.height() / rows;
    let (sizes, hues) = (Field::new(canvas, 3, rng), Field::new(canvas, 2, rng));
    for row in 0..rows as i32 {
        for column in 0..columns as i32 {
            let x = (column as f32 + if row % 2 == 0 { 0.25 } else { 0.75 }) * pitch;
            let spot = (x, (row as f32 + 0.5) * step);
            dot(
                canvas,
                palette,
                spot,
                pitch,
                scale.room,
                (sizes.level(spot), hues.level(spot)),
                rng,
            );
        }
    }
}

fn dot(
    canvas: &mut Canvas,
    palette: &Palette,
    spot: Spot,
    pitch: f32,
    room: f32,
    (size, hue): Spot,
    rng: &mut Rng,
) {
    let radius = pitch * (0.13 + 0.38 * (size * 0.7 + rng.unit() * 0.3)) / room.sqrt();
    let colour = if rng.chance(0.07) {
        palette.accent
    } else {
        palette.ink(hue * 0.75 + rng.unit() * 0.25)
    };
    let rest = rng.unit();
    if rest < 0.1 {
        canvas.ring(spot, radius * 0.78, radius * 0.34, colour, 1.0);
    } else if rest < 0.2 {
        canvas.circle(spot, radius, colour, 1.0);
        canvas.circle(spot, radius * 0.45, palette.any(rng), 1.0);
    } else {
        canvas.circle(spot, radius, colour, 1.0);
    }
}

/// Terrazzo: pebbles of all sizes with chips between them.
pub fn pebbles(canvas: &mut Canvas, palette: &Palette, scale: Scale, rng: &mut Rng) {
    let unit = unit(canvas);
    let mut taken: Vec<(Spot, f32)> = Vec::new();
    for (gap, share) in [(150.0, 1.0), (88.0, 0.9), (46.0, 0.75), (24.0, 0.6)] {
        let radius = gap * unit * scale.size * 0.52;
        for spot in scatter(canvas, radius * 2.0 * scale.room, rng) {
            let reach = radius * rng.between(0.72, 1.0);
            let free = taken.iter().all(|(other, their)| {
                gap_between(canvas, spot, *other) > reach + their + 7.0 * unit * scale.room
            });
            if free && rng.chance(share) {
                taken.push((spot, reach));
                pebble(canvas, palette, spot, reach, rng);
            }
        }
    }
}

fn gap_between(canvas: &Canvas, one: Spot, other: Spot) -> f32 {
    let (mut dx, mut dy) = ((one.0 - other.0).abs(), (one.1 - other.1).abs());
    if canvas.edges() == Edges::Wrap {
        dx = dx.min((canvas.width() - dx).abs());
        dy = dy.min((canvas.height() - dy).abs());
    }
    dx.hypot(dy)
}

fn pebble(canvas: &mut Canvas, palette: &Palette, spot: Spot, reach: f32, rng: &mut Rng) {
    let corners = 6 + rng.below(4);
    let turn = rng.between(0.0, TAU);
    let (squash, lean) = (rng.between(0.72, 1.0), rng.between(0.0, TAU));
    let points: Vec<Spot> = (0..corners)
        .map(|index| {
            let angle = turn + (index as f32 + rng.between(-0.28, 0.28)) / corners as f32 * TAU;
            let stretch = 1.0 - (1.0 - squash) * (angle - lean).cos().powi(2);
            let radius = reach * rng.between(0.9, 1.12) * stretch * 1.06;
            (spot.0 + angle.cos() * radius, spot.1 + angle.sin() * radius)
        })
        .collect();
    if let Some(path) = smooth_loop(&points) {
        canvas.fill(&path, palette.any(rng), 1.0);
    }
}

/// Short strokes that follow a slow current.
pub fn confetti(canvas: &mut Canvas, palette: &Palette, scale: Scale, rng: &mut Rng) {
    let unit = unit(canvas);
    let (current, hues) = (Field::new(canvas, 2, rng), Field::new(canvas, 3, rng));
    let lean = rng.between(0.0, TAU);
    for spot in scatter(canvas, 44.0 * unit * scale.size * scale.room, rng) {
        let angle = lean + current.at(spot) * 3.2 + rng.normal() * 0.12;
        let length = unit * scale.size * rng.between(26.0, 74.0);
        let half = unit * scale.size * rng.between(3.5, 10.0);
        let bend = rng.between(-0.5, 0.5);
        let points: Vec<Spot> = (0..=8)
            .map(|step| {
                let t = step as f32 / 8.0 - 0.5;
                let along = angle + bend * t;
                (
                    spot.0 + along.cos() * length * t,
                    spot.1 + along.sin() * length * t,
                )
            })
            .collect();
        let colour = if rng.chance(0.1) {
            palette.accent
        } else {
            palette.ink(hues.level(spot) * 0.7 + rng.unit() * 0.3)
        };
        if let Some(path) = ribbon(&points, |t| {
            half * (1.0 - (t * 2.0 - 1.0).powi(4)).max(0.05).sqrt()
        }) {
            canvas.fill(&path, colour, 1.0);
        }
    }
}
