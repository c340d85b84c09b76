//! A harbour at dawn.

use image::RgbImage;

use super::finish;
use crate::studio::kit::canvas::{Canvas, Spot, ellipse, polygon, rounded};
use crate::studio::kit::colour::Lch;
use crate::studio::kit::motifs::scenery::ridge;
use crate::studio::kit::seed::Rng;

/// Hills in haze, a low sun, boats and their reflections.
pub fn harbour() -> RgbImage {
    let (width, height) = (2400.0, 1600.0);
    let level = height * 0.62;
    let mut rng = Rng::from_words("harbour at dawn", "sample");
    let mut canvas = Canvas::new(2400, 1600, Lch::WHITE);
    canvas.gradient(
        &[
            Lch::new(0.56, 0.085, 245.0),
            Lch::new(0.74, 0.065, 300.0),
            Lch::new(0.86, 0.085, 50.0),
            Lch::new(0.92, 0.08, 85.0),
        ],
        (0.0, 0.0),
        (0.0, level),
    );
    let sun = (width * 0.66, level - 178.0);
    canvas.glow(
        Lch::new(0.95, 0.09, 85.0),
        &[0.85, 0.28, 0.06, 0.0],
        sun,
        720.0,
    );
    canvas.circle(sun, 62.0, Lch::new(0.975, 0.06, 95.0), 1.0);
    clouds(&mut canvas, &mut rng);
    for (base, rise, colour) in [
        (level - 60.0, 190.0, Lch::new(0.73, 0.06, 320.0)),
        (level - 24.0, 150.0, Lch::new(0.62, 0.065, 290.0)),
        (level, 95.0, Lch::new(0.49, 0.065, 262.0)),
    ] {
        ridge(&mut canvas, base, rise, (colour, true), &mut rng);
    }
    town(&mut canvas, level, &mut rng);
    sea(&mut canvas, level, sun.0, &mut rng);
    for (x, y, size, sail) in [
        (430.0, 1130.0, 1.0, Lch::new(0.62, 0.15, 38.0)),
        (820.0, 1060.0, 0.52, Lch::new(0.93, 0.03, 80.0)),
        (1490.0, 1085.0, 0.66, Lch::new(0.93, 0.03, 80.0)),
        (1990.0, 1230.0, 1.3, Lch::new(0.45, 0.09, 200.0)),
    ] {
        boat(&mut canvas, (x, y), size, sail);
    }
    finish(canvas, 3.0)
}

fn clouds(canvas: &mut Canvas, rng: &mut Rng) {
    for _ in 0..26 {
        let (x, y) = (rng.between(-200.0, 2500.0), rng.between(80.0, 620.0));
        let length = rng.between(180.0, 620.0);
        let warm = y / 620.0;
        let colour = Lch::new(0.80 + 0.13 * warm, 0.05 + 0.03 * warm, 320.0 + 90.0 * warm);
        if let Some(path) = ellipse((x, y), (length * 0.6, rng.between(3.0, 13.0)), 0.0) {
            canvas.fill(&path, colour, rng.between(0.3, 0.65));
        }
    }
}

fn town(canvas: &mut Canvas, level: f32, rng: &mut Rng) {
    let mut x = 90.0;
    while x < 1180.0 {
        let (wide, tall) = (rng.between(34.0, 78.0), rng.between(34.0, 92.0));
        let wall = Lch::new(
            rng.between(0.5, 0.72),
            rng.between(0.03, 0.09),
            *rng.pick(&[35.0, 50.0, 70.0, 20.0, 250.0]),
        );
        canvas.rect((x, level - tall), (wide + 1.0, tall), wall, 1.0);
        let roof = Lch::new(0.4, 0.07, 32.0);
        if let Some(path) = polygon(&[
            (x - 3.0, level - tall),
            (x + wide / 2.0, level - tall - wide * 0.42),
            (x + wide + 3.0, level - tall),
        ]) {
            canvas.fill(&path, roof, 1.0);
        }
        for _ in 0..(tall / 26.0) as usize {
            let spot = (
                x + rng.between(6.0, wide - 14.0),
                level - rng.between(14.0, tall - 6.0),
            );
            canvas.rect(spot, (7.0, 10.0), Lch::new(0.9, 0.1, 85.0), 0.9);
        }
        x += wide
            + if rng.chance(0.2) {
                rng.between(8.0, 40.0)
            } else {
                0.0
            };
    }
    canvas.rect(
        (1330.0, level - 170.0),
        (30.0, 170.0),
        Lch::new(0.93, 0.02, 80.0),
        1.0,
    );
    for band in [0.0, 2.0] {
        canvas.rect(
            (1330.0, level - 150.0 + band * 34.0),
            (30.0, 30.0),
            Lch::new(0.58, 0.15, 32.0),
            1.0,
        );
    }
    canvas.rect(
        (1324.0, level - 194.0),
        (42.0, 24.0),
        Lch::new(0.36, 0.04, 260.0),
        1.0,
    );
    canvas.circle(
        (1345.0, level - 182.0),
        8.0,
        Lch::new(0.95, 0.12, 95.0),
        1.0,
    );
}

/// Water: the sky upside down, with strokes that lengthen towards the viewer and a path of light.
fn sea(canvas: &mut Canvas, level: f32, light: f32, rng: &mut Rng) {
    let (width, height) = (canvas.width(), canvas.height());
    let bottom = Lch::new(0.36, 0.07, 232.0);
    if let Some(path) = polygon(&[(0.0, level), (width, level), (width, height), (0.0, height)]) {
        canvas.fill_gradient(
            &path,
            &[
                Lch::new(0.80, 0.075, 55.0),
                Lch::new(0.63, 0.07, 275.0),
                Lch::new(0.47, 0.075, 238.0),
                bottom,
            ],
            (0.0, level),
            (0.0, height),
        );
    }
    for _ in 0..620 {
        let t = rng.unit().powf(0.75);
        let y = level + 4.0 + (height - level) * t;
        let length = rng.between(30.0, 190.0) * (0.25 + t * 1.2);
        let thick = 1.2 + 7.0 * t;
        let x = rng.between(-80.0, width);
        let colour = if rng.chance(0.5) {
            Lch::new(0.30 + 0.3 * (1.0 - t), 0.06, 245.0)
        } else {
            Lch::new(0.74 - 0.12 * t, 0.06, 255.0 + 70.0 * (1.0 - t))
        };
        stroke_of_water(canvas, (x, y), length, thick, colour, 0.34);
    }
    for _ in 0..250 {
        let t = rng.unit().powf(0.9);
        let y = level + 3.0 + (height - level) * t;
        let x = light + rng.normal() * (26.0 + 150.0 * t);
        let length = rng.between(24.0, 110.0) * (0.35 + t);
        stroke_of_water(
            canvas,
            (x - length / 2.0, y),
            length,
            1.8 + 7.0 * t,
            Lch::new(0.95, 0.085, 82.0),
            0.72 - 0.4 * t,
        );
    }
}

fn stroke_of_water(
    canvas: &mut Canvas,
    at: Spot,
    length: f32,
    thick: f32,
    colour: Lch,
    alpha: f32,
) {
    if let Some(path) = rounded(at, (length, thick), thick / 2.0) {
        canvas.fill(&path, colour, alpha);
    }
}

fn boat(canvas: &mut Canvas, (x, y): Spot, size: f32, sail: Lch) {
    let place = |dx: f32, dy: f32| (x + dx * size, y + dy * size);
    let hull = Lch::new(0.28, 0.05, 255.0);
    let shapes: [(&[Spot], Lch); 3] = [
        (
            &[
                place(-112.0, -26.0),
                place(124.0, -26.0),
                place(88.0, 6.0),
                place(-84.0, 6.0),
            ],
            hull,
        ),
        (
            &[place(4.0, -276.0), place(4.0, -40.0), place(-92.0, -40.0)],
            sail,
        ),
        (
            &[place(16.0, -246.0), place(16.0, -40.0), place(98.0, -40.0)],
            sail.lighter(-0.06),
        ),
    ];
    for (points, colour) in &shapes {
        let mirrored: Vec<Spot> = points
            .iter()
            .map(|(px, py)| {
                (
                    *px + (py - y).abs() * 0.02,
                    y + 8.0 * size - (py - y) * 0.72,
                )
            })
            .collect();
        if let Some(path) = polygon(&mirrored) {
            canvas.fill(&path, colour.lighter(-0.1).with_c(colour.c * 0.8), 0.42);
        }
    }
    for (points, colour) in &shapes {
        if let Some(path) = polygon(points) {
            canvas.fill(&path, *colour, 1.0);
        }
    }
    canvas.rect(place(6.0, -290.0), (6.0 * size, 268.0 * size), hull, 1.0);
    for row in 0..9 {
        let reach = size * (110.0 - row as f32 * 9.0);
        let at = (
            x - reach + (row % 3) as f32 * 16.0 * size,
            y + size * (14.0 + row as f32 * 21.0),
        );
        stroke_of_water(
            canvas,
            at,
            reach * 1.7,
            size * 5.0,
            Lch::new(0.66, 0.06, 260.0),
            0.5,
        );
    }
}
