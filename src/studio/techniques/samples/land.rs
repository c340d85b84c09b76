//! Dunes, and hills at night.

use image::RgbImage;

use super::finish;
use crate::studio::kit::canvas::{Canvas, Spot, polygon, smooth_loop};
use crate::studio::kit::colour::Lch;
use crate::studio::kit::motifs::scenery::{ridge, stars};
use crate::studio::kit::noise::Noise;
use crate::studio::kit::seed::Rng;

/// Dunes with a lit and a shaded side, under a pale sky.
pub fn dunes() -> RgbImage {
    let (width, height) = (2200.0, 1466.0);
    let mut rng = Rng::from_words("dunes", "sample");
    let mut canvas = Canvas::new(2200, 1466, Lch::WHITE);
    canvas.gradient(
        &[
            Lch::new(0.66, 0.075, 232.0),
            Lch::new(0.86, 0.04, 200.0),
            Lch::new(0.93, 0.05, 75.0),
        ],
        (0.0, 0.0),
        (0.0, height * 0.52),
    );
    canvas.glow(
        Lch::new(0.97, 0.06, 85.0),
        &[0.9, 0.25, 0.0],
        (width * 0.24, height * 0.2),
        560.0,
    );
    canvas.circle(
        (width * 0.24, height * 0.2),
        58.0,
        Lch::new(0.985, 0.04, 95.0),
        1.0,
    );
    let layers = 7;
    for layer in 0..layers {
        let t = layer as f32 / (layers - 1) as f32;
        dune(&mut canvas, t, &mut rng);
    }
    ripples(&mut canvas, &mut rng);
    finish(canvas, 4.0)
}

fn dune(canvas: &mut Canvas, t: f32, rng: &mut Rng) {
    let (width, height) = (canvas.width(), canvas.height());
    let base = height * (0.47 + 0.42 * t.powf(1.2));
    let rise = height * (0.06 + 0.15 * t);
    let noise = Noise::endless(rng.bits());
    let crest = |x: f32| {
        let fold = 1.0 - noise.at(x * (2.6 - 1.2 * t), 0.3).abs() * 1.6;
        base - (fold - 0.35) * rise
    };
    let line: Vec<Spot> = (0..=400)
        .map(|step| (step as f32 / 400.0 * width, crest(step as f32 / 400.0)))
        .collect();
    let mut lit = line.clone();
    lit.extend([(width, height + 2.0), (0.0, height + 2.0)]);
    let light = Lch::new(0.885 - 0.085 * t, 0.06 + 0.05 * t, 76.0 - 14.0 * t);
    let shade = Lch::new(0.70 - 0.20 * t, 0.06 + 0.045 * t, 50.0 - 10.0 * t);
    let foot = light.mix(shade, 0.2);
    if let Some(path) = polygon(&lit) {
        canvas.fill_gradient(
            &path,
            &[light.lighter(0.03), light, foot, foot],
            (0.0, base - rise),
            (0.0, base + rise * 1.1),
        );
    }
    let meander = Noise::endless(rng.bits());
    for peak in peaks(&line) {
        lee_side(canvas, &line[peak..], (base, rise), [shade, foot], &meander);
    }
}

/// Where a crest line turns from rising to falling.
fn peaks(line: &[Spot]) -> Vec<usize> {
    (4..line.len() - 8)
        .filter(|index| line[*index].1 < line[index - 1].1 && line[*index].1 <= line[index + 1].1)
        .collect()
}

/// The shaded side of a dune: a crescent that hangs from the falling crest and fades into the lit sand.
fn lee_side(
    canvas: &mut Canvas,
    crest: &[Spot],
    (base, rise): (f32, f32),
    [shade, foot]: [Lch; 2],
    meander: &Noise,
) {
    let end = crest
        .windows(2)
        .position(|pair| pair[1].1 < pair[0].1)
        .unwrap_or(crest.len() - 1);
    let (top, valley) = (crest[0], crest[end]);
    let mut shape: Vec<Spot> = crest[..=end].to_vec();
    let depth = (valley.0 - top.0).min(rise * 3.0) * 0.42;
    for index in (0..=end).rev() {
        let t = index as f32 / end.max(1) as f32;
        // Deepest soon after the peak, thinning out towards the valley.
        let hang = (t.powf(0.62) * std::f32::consts::PI).sin().max(0.0) * depth;
        let waver = meander.at(crest[index].0 * 0.004, top.1 * 0.01)
            * depth
            * 0.16
            * (t * std::f32::consts::PI).sin();
        shape.push((crest[index].0 + hang * 0.16, crest[index].1 + hang + waver));
    }
    if let Some(path) = polygon(&shape) {
        let fade = [shade, shade.mix(foot, 0.25), shade.mix(foot, 0.75)];
        canvas.fill_gradient(
            &path,
            &fade,
            (0.0, top.1),
            (0.0, valley.1.max(base) + depth * 0.5),
        );
    }
}

fn ripples(canvas: &mut Canvas, rng: &mut Rng) {
    let (width, height) = (canvas.width(), canvas.height());
    let noise = Noise::endless(rng.bits());
    for row in 0..26 {
        let t = row as f32 / 26.0;
        let y = height * (0.86 + 0.15 * t * t);
        let points: Vec<Spot> = (0..=160)
            .map(|step| {
                let x = step as f32 / 160.0;
                (x * width, y + noise.at(x * 7.0, t * 3.0) * 14.0 * (0.4 + t))
            })
            .collect();
        if let Some(path) = crate::studio::kit::canvas::polyline(&points) {
            canvas.stroke(
                &path,
                1.4 + 2.6 * t,
                Lch::new(0.55, 0.09, 48.0),
                0.03 + 0.3 * t,
            );
        }
    }
}

/// Hills under stars, with mist between and a few lit windows.
pub fn night_hills() -> RgbImage {
    let (width, height) = (1600.0, 2000.0);
    let mut rng = Rng::from_words("night hills", "sample");
    let mut canvas = Canvas::new(1600, 2000, Lch::BLACK);
    canvas.gradient(
        &[
            Lch::new(0.17, 0.07, 275.0),
            Lch::new(0.27, 0.1, 285.0),
            Lch::new(0.43, 0.12, 305.0),
            Lch::new(0.62, 0.11, 345.0),
        ],
        (0.0, 0.0),
        (0.0, height * 0.62),
    );
    stars(
        &mut canvas,
        460,
        height * 0.55,
        Lch::new(0.97, 0.02, 260.0),
        &mut rng,
    );
    let moon = (width * 0.68, height * 0.2);
    canvas.glow(Lch::new(0.9, 0.05, 330.0), &[0.5, 0.13, 0.0], moon, 480.0);
    canvas.circle(moon, 96.0, Lch::new(0.96, 0.03, 80.0), 1.0);
    for (dx, dy, r) in [
        (-30.0, -20.0, 20.0),
        (24.0, 26.0, 27.0),
        (36.0, -34.0, 12.0),
        (-20.0, 42.0, 11.0),
    ] {
        canvas.circle(
            (moon.0 + dx, moon.1 + dy),
            r,
            Lch::new(0.90, 0.035, 70.0),
            1.0,
        );
    }
    let layers = 6;
    for layer in 0..layers {
        let t = layer as f32 / (layers - 1) as f32;
        let base = height * (0.56 + 0.34 * t);
        let colour = Lch::new(0.50 - 0.36 * t, 0.11 - 0.055 * t, 330.0 - 60.0 * t);
        ridge(
            &mut canvas,
            base,
            height * 0.095,
            (colour, layer < 4),
            &mut rng,
        );
        mist(&mut canvas, base + height * 0.05, t, &mut rng);
    }
    windows(&mut canvas, &mut rng);
    finish(canvas, 3.0)
}

fn mist(canvas: &mut Canvas, y: f32, t: f32, rng: &mut Rng) {
    for _ in 0..3 {
        let centre = (rng.between(-0.1, 1.1) * canvas.width(), y);
        let noise = Noise::endless(rng.bits());
        let points: Vec<Spot> = (0..40)
            .map(|index| {
                let angle = index as f32 / 40.0 * std::f32::consts::TAU;
                let waver = 1.0 + noise.at(angle.cos() * 1.5, angle.sin() * 1.5) * 0.4;
                (
                    centre.0 + angle.cos() * 460.0 * waver,
                    centre.1 + angle.sin() * 24.0 * waver,
                )
            })
            .collect();
        if let Some(path) = smooth_loop(&points) {
            canvas.fill(&path, Lch::new(0.72, 0.07, 330.0), 0.07 * (1.2 - t));
        }
    }
}

fn windows(canvas: &mut Canvas, rng: &mut Rng) {
    for _ in 0..7 {
        let spot = (rng.between(150.0, 1450.0), rng.between(1640.0, 1900.0));
        canvas.glow(Lch::new(0.85, 0.14, 75.0), &[0.5, 0.0], spot, 34.0);
        canvas.rect(
            (spot.0 - 4.0, spot.1 - 5.0),
            (8.0, 10.0),
            Lch::new(0.93, 0.12, 90.0),
            1.0,
        );
    }
}
