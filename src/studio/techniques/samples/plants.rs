//! A dahlia and lichen on slate.

use std::f32::consts::TAU;

use image::RgbImage;

use crate::studio::kit::canvas::{Canvas, Spot, petal, smooth_loop};
use crate::studio::kit::colour::{Lch, along};
use crate::studio::kit::motifs::scenery::blob;
use crate::studio::kit::noise::Noise;
use crate::studio::kit::picture;
use crate::studio::kit::seed::Rng;

/// A dahlia from above, petal over petal in a golden spiral.
pub fn dahlia() -> RgbImage {
    let side = 1800.0;
    let mut rng = Rng::from_words("dahlia", "sample");
    let mut canvas = Canvas::new(1800, 1800, Lch::BLACK);
    canvas.gradient(
        &[Lch::new(0.30, 0.06, 190.0), Lch::new(0.22, 0.05, 220.0)],
        (0.0, 0.0),
        (side, side),
    );
    let centre = (side * 0.5, side * 0.5);
    canvas.glow(
        Lch::new(0.5, 0.09, 180.0),
        &[0.55, 0.0],
        centre,
        side * 0.62,
    );
    foliage(&mut canvas, centre, &mut rng);
    let stops = [
        Lch::new(0.34, 0.13, 5.0),
        Lch::new(0.47, 0.18, 15.0),
        Lch::new(0.62, 0.19, 25.0),
        Lch::new(0.76, 0.14, 48.0),
        Lch::new(0.89, 0.075, 70.0),
    ];
    canvas.circle(centre, side * 0.13, Lch::new(0.27, 0.11, 8.0), 1.0);
    let count = 250;
    for index in 0..count {
        let t = index as f32 / count as f32;
        // Outermost first, so that each petal lies over those outside it.
        let reach = side * 0.455 * (1.0 - t).powf(0.62) + side * 0.018;
        let angle = index as f32 * 2.399_963;
        let length = side * (0.205 * (1.0 - t).powf(0.8) + 0.03);
        let width = length * (0.46 + rng.between(-0.03, 0.03));
        let base = (
            centre.0 + angle.cos() * (reach - length),
            centre.1 + angle.sin() * (reach - length),
        );
        let colour = along(
            &stops,
            ((1.0 - t).powf(1.15) + rng.normal() * 0.025).clamp(0.0, 1.0),
        );
        one_petal(
            &mut canvas,
            base,
            angle + rng.normal() * 0.025,
            (length, width),
            colour,
        );
    }
    heart(&mut canvas, centre);
    let mut picture = canvas.into_picture();
    picture::grain(&mut picture, 3.0);
    picture
}

fn one_petal(
    canvas: &mut Canvas,
    base: Spot,
    angle: f32,
    (length, width): (f32, f32),
    colour: Lch,
) {
    let tip = (base.0 + angle.cos() * length, base.1 + angle.sin() * length);
    if let Some(shadow) = petal(
        (base.0 + 3.0, base.1 + 5.0),
        angle,
        length * 1.03,
        width * 1.08,
        0.62,
    ) {
        canvas.fill(&shadow, Lch::new(0.14, 0.06, 350.0), 0.3);
    }
    if let Some(path) = petal(base, angle, length, width, 0.62) {
        canvas.fill_gradient(
            &path,
            &[colour.lighter(-0.17), colour, colour.lighter(0.04)],
            base,
            tip,
        );
    }
    for (turn, reach) in [(0.0, 0.84), (0.075, 0.7), (-0.075, 0.7)] {
        let along = angle + turn;
        let (from, to) = (0.25, reach);
        let line = [
            (
                base.0 + along.cos() * length * from,
                base.1 + along.sin() * length * from,
            ),
            (
                base.0 + along.cos() * length * to,
                base.1 + along.sin() * length * to,
            ),
        ];
        if let Some(path) = crate::studio::kit::canvas::polyline(&line) {
            canvas.stroke(&path, length * 0.009, colour.lighter(-0.11), 0.5);
        }
    }
}

fn foliage(canvas: &mut Canvas, centre: Spot, rng: &mut Rng) {
    for index in 0..22 {
        let angle = index as f32 / 22.0 * TAU + rng.between(-0.1, 0.1);
        let base = (
            centre.0 + angle.cos() * 560.0,
            centre.1 + angle.sin() * 560.0,
        );
        let length = rng.between(360.0, 560.0);
        let colour = Lch::new(rng.between(0.32, 0.47), 0.085, rng.between(150.0, 178.0));
        if let Some(path) = petal(
            base,
            angle + rng.normal() * 0.12,
            length,
            length * 0.42,
            0.55,
        ) {
            let tip = (base.0 + angle.cos() * length, base.1 + angle.sin() * length);
            canvas.fill_gradient(
                &path,
                &[colour.lighter(-0.1), colour.lighter(0.06)],
                base,
                tip,
            );
        }
        let tip = (
            base.0 + angle.cos() * length * 0.9,
            base.1 + angle.sin() * length * 0.9,
        );
        if let Some(path) = crate::studio::kit::canvas::polyline(&[base, tip]) {
            canvas.stroke(&path, 4.0, colour.lighter(0.1), 0.6);
        }
    }
}

fn heart(canvas: &mut Canvas, centre: Spot) {
    for index in (0..90).rev() {
        let t = index as f32 / 90.0;
        let angle = index as f32 * 2.399_963;
        let reach = 74.0 * t.sqrt();
        let spot = (
            centre.0 + angle.cos() * reach,
            centre.1 + angle.sin() * reach,
        );
        canvas.circle(
            spot,
            8.0 - 3.0 * t,
            Lch::new(0.62 + 0.22 * (1.0 - t), 0.15, 62.0 + 24.0 * (1.0 - t)),
            1.0,
        );
    }
}

/// Colonies of lichen on slate: rings of grey green and a few of orange.
pub fn lichen() -> RgbImage {
    let (width, height) = (2000, 1500);
    let mut rng = Rng::from_words("lichen on slate", "sample");
    let mut canvas = Canvas::new(width, height, Lch::new(0.36, 0.018, 255.0));
    cleavage(&mut canvas, &mut rng);
    let mut taken: Vec<(Spot, f32)> = Vec::new();
    for size in [270.0, 190.0, 120.0, 74.0, 40.0, 22.0] {
        for _ in 0..160 {
            let spot = (
                rng.between(-60.0, width as f32 + 60.0),
                rng.between(-60.0, height as f32 + 60.0),
            );
            let radius = size * rng.between(0.75, 1.1);
            let free = taken.iter().all(|(other, their)| {
                (spot.0 - other.0).hypot(spot.1 - other.1) > (radius + their) * 0.93
            });
            if free && taken.len() < 210 {
                taken.push((spot, radius));
                colony(&mut canvas, spot, radius, &mut rng);
            }
        }
    }
    let mut picture = canvas.into_picture();
    picture::grain(&mut picture, 9.0);
    picture
}

fn cleavage(canvas: &mut Canvas, rng: &mut Rng) {
    let noise = Noise::endless(rng.bits());
    for _ in 0..900 {
        let start = (rng.between(-200.0, 2000.0), rng.between(-50.0, 1550.0));
        let length = rng.between(80.0, 560.0);
        let points: Vec<Spot> = (0..=14)
            .map(|step| {
                let t = step as f32 / 14.0;
                let x = start.0 + t * length;
                (
                    x,
                    start.1
                        + t * length * -0.16
                        + noise.layered(x * 0.006, start.1 * 0.02, 3) * 26.0,
                )
            })
            .collect();
        if let Some(path) = crate::studio::kit::canvas::polyline(&points) {
            let tone = rng.between(0.26, 0.5);
            canvas.stroke(
                &path,
                rng.between(0.8, 5.0),
                Lch::new(tone, 0.02, 250.0),
                0.4,
            );
        }
    }
}

fn colony(canvas: &mut Canvas, spot: Spot, radius: f32, rng: &mut Rng) {
    let noise = Noise::endless(rng.bits());
    let (rim, body) = *rng.pick(&[
        (Lch::new(0.83, 0.05, 128.0), Lch::new(0.70, 0.055, 132.0)),
        (Lch::new(0.80, 0.035, 165.0), Lch::new(0.66, 0.04, 160.0)),
        (Lch::new(0.88, 0.045, 110.0), Lch::new(0.76, 0.06, 112.0)),
        (Lch::new(0.78, 0.15, 72.0), Lch::new(0.66, 0.155, 58.0)),
        (Lch::new(0.86, 0.03, 190.0), Lch::new(0.60, 0.03, 215.0)),
    ]);
    layer(
        canvas,
        spot,
        radius * 1.045,
        &noise,
        Lch::new(0.22, 0.02, 255.0),
        0.5,
    );
    layer(canvas, spot, radius, &noise, rim, 1.0);
    layer(canvas, spot, radius * 0.9, &noise, body, 1.0);
    layer(canvas, spot, radius * 0.62, &noise, body.lighter(0.06), 1.0);
    if radius > 60.0 && rng.chance(0.6) {
        layer(
            canvas,
            spot,
            radius * 0.36,
            &noise,
            Lch::new(0.42, 0.025, 250.0),
            1.0,
        );
        layer(
            canvas,
            spot,
            radius * 0.22,
            &noise,
            body.lighter(-0.04),
            1.0,
        );
    }
    // Fruit bodies: small cups, lighter at the rim.
    for _ in 0..(radius * 0.5) as usize {
        let (angle, reach) = (rng.between(0.0, TAU), radius * 0.86 * rng.unit().sqrt());
        let place = (spot.0 + angle.cos() * reach, spot.1 + angle.sin() * reach);
        let size = rng.between(1.6, 2.2 + radius * 0.018);
        canvas.circle(place, size * 1.45, rim.lighter(0.03), 0.9);
        canvas.circle(place, size, body.lighter(-0.16), 0.9);
    }
}

fn layer(canvas: &mut Canvas, spot: Spot, radius: f32, noise: &Noise, colour: Lch, alpha: f32) {
    let points = blob(
        spot,
        radius,
        0.3,
        noise,
        (radius * 1.1).clamp(24.0, 220.0) as usize,
    );
    if let Some(path) = smooth_loop(&points) {
        canvas.fill(&path, colour, alpha);
    }
}
