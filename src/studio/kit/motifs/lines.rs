//! Currents, strata and reeds.

use std::f32::consts::{PI, TAU};

use super::{Field, Scale, scatter, unit};
use crate::studio::kit::canvas::{Canvas, Edges, Spot, polygon, polyline, ribbon};
use crate::studio::kit::noise::Noise;
use crate::studio::kit::palette::Palette;
use crate::studio::kit::seed::Rng;

/// Strands that gather and part like hair in water.
pub fn currents(canvas: &mut Canvas, palette: &Palette, scale: Scale, rng: &mut Rng) {
    let unit = unit(canvas);
    let field = Field::new(canvas, 2, rng);
    let fine = Field::new(canvas, 5, rng);
    let hues = Field::new(canvas, 2, rng);
    let lean = rng.between(0.0, TAU);
    let swing = rng.between(1.15, 1.5) * PI;
    let gap = 21.0 * unit * scale.size.sqrt() * scale.room;
    for start in scatter(canvas, gap, rng) {
        let steps = 18 + rng.below(44);
        let points = walk(start, steps, 9.0 * unit * scale.size, |spot| {
            lean + field.at(spot) * swing + fine.at(spot) * 0.5
        });
        let thick = rng.unit().powi(3);
        let half = unit * scale.size.sqrt() * (0.7 + 3.6 * thick);
        let tone = (hues.level(start) * 0.55 + rng.unit() * 0.45).clamp(0.0, 1.0);
        let colour = if rng.chance(0.05) {
            palette.accent
        } else {
            palette.ink(tone)
        };
        // Thin where the strand begins, fullest a third along, then fading out like a brush.
        let shape = |t: f32| half * (t * PI).sin().max(0.0).powf(0.7) * (1.2 - 0.6 * t) + 0.15;
        if let Some(path) = ribbon(&points, shape) {
            canvas.fill(&path, colour, 0.92);
        }
    }
}

fn walk(start: Spot, steps: usize, stride: f32, angle: impl Fn(Spot) -> f32) -> Vec<Spot> {
    let mut spot = start;
    let mut points = vec![spot];
    for _ in 0..steps {
        let (sin, cos) = angle(spot).sin_cos();
        spot = (spot.0 + cos * stride, spot.1 + sin * stride);
        points.push(spot);
    }
    points
}

/// Layers of land seen from the side, with fine lines following each edge.
pub fn strata(canvas: &mut Canvas, palette: &Palette, scale: Scale, rng: &mut Rng) {
    let layers = (9.0 / scale.size / scale.room.sqrt())
        .round()
        .clamp(3.0, 24.0) as i32;
    let (width, height) = (canvas.width(), canvas.height());
    let pitch = height / layers as f32;
    let noise = match canvas.edges() {
        Edges::Wrap => Noise::repeating(rng.bits(), 3, layers as u32),
        Edges::Cut => Noise::endless(rng.bits()),
    };
    let edge = |layer: f32| -> Vec<Spot> {
        (-2..=66)
            .map(|step| {
                let x = step as f32 / 64.0;
                let lift = noise.layered(x * 3.0, layer * 0.999, 2) * pitch * 1.15;
                (x * width, layer * pitch + lift)
            })
            .collect()
    };
    let tones = tones(layers, palette, rng);
    for layer in 0..layers {
        let mut shape = edge(layer as f32);
        let mut below: Vec<Spot> = edge((layer + 1) as f32)
            .into_iter()
            .map(|(x, y)| (x, y + 1.5))
            .collect();
        below.reverse();
        shape.extend(below);
        if let Some(path) = polygon(&shape) {
            canvas.fill(&path, tones[layer as usize], 1.0);
        }
    }
    let echoes = rng.below(3) + 2;
    for layer in 0..layers {
        let colour = tones[layer as usize];
        let line = if colour.l > 0.6 {
            colour.lighter(-0.13)
        } else {
            colour.lighter(0.13)
        };
        for echo in 1..=echoes {
            let t = echo as f32 / (echoes + 1) as f32;
            let (upper, lower) = (edge(layer as f32), edge((layer + 1) as f32));
            let between: Vec<Spot> = upper
                .iter()
                .zip(&lower)
                .map(|(a, b)| (a.0, a.1 + (b.1 - a.1) * t))
                .collect();
            if let Some(path) = polyline(&between) {
                canvas.stroke(&path, height * 0.0018, line, 0.55);
            }
        }
    }
}

/// One colour a layer, never the same twice in a row, and the last fitting above the first.
fn tones(layers: i32, palette: &Palette, rng: &mut Rng) -> Vec<crate::studio::kit::colour::Lch> {
    let phase = rng.unit();
    let accent = rng.below(layers as usize);
    (0..layers)
        .map(|layer| {
            if layer as usize == accent {
                return palette.accent;
            }
            let t = ((layer as f32 / layers as f32 + phase) * TAU).cos() * 0.5 + 0.5;
            palette
                .ink(t)
                .lighter(if layer % 2 == 0 { 0.025 } else { -0.025 })
        })
        .collect()
}

/// Arcs of grass leaning with the wind, row over row.
pub fn reeds(canvas: &mut Canvas, palette: &Palette, scale: Scale, rng: &mut Rng) {
    let unit = unit(canvas);
    let wind = Field::new(canvas, 2, rng);
    let hues = Field::new(canvas, 3, rng);
    let mut roots = scatter(canvas, 30.0 * unit * scale.size * scale.room, rng);
    roots.sort_by(|one, other| one.1.total_cmp(&other.1));
    for root in roots {
        let blades = 3 + rng.below(3);
        for _ in 0..blades {
            let length = unit * scale.size * rng.between(60.0, 150.0);
            let lean = wind.at(root) * 0.9 + rng.normal() * 0.22;
            let points: Vec<Spot> = (0..=12)
                .map(|step| {
                    let t = step as f32 / 12.0;
                    (
                        root.0 + lean * length * t * t,
                        root.1 - length * t * (1.0 - 0.25 * lean.abs() * t),
                    )
                })
                .collect();
            let half = unit * scale.size * rng.between(2.0, 4.6);
            let tone = hues.level(root) * 0.6 + rng.unit() * 0.4;
            if let Some(path) = ribbon(&points, |t| half * (1.0 - t).powf(0.8) + 0.2) {
                canvas.fill(&path, palette.ink(tone), 1.0);
            }
            if rng.chance(0.06) {
                let tip = points[points.len() - 1];
                canvas.circle(
                    tip,
                    unit * scale.size * rng.between(5.0, 9.0),
                    palette.accent,
                    1.0,
                );
            }
        }
    }
}
