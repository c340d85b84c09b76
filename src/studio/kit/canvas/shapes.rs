//! Shapes to draw: loops, ribbons, petals, sectors.

use tiny_skia::{Path, PathBuilder, Rect, Transform};

use super::Spot;

/// A closed shape with straight sides.
pub fn polygon(points: &[Spot]) -> Option<Path> {
    let mut builder = PathBuilder::new();
    let (first, rest) = points.split_first()?;
    builder.move_to(first.0, first.1);
    for (x, y) in rest {
        builder.line_to(*x, *y);
    }
    builder.close();
    builder.finish()
}

/// A closed shape that passes smoothly near its points.
pub fn smooth_loop(points: &[Spot]) -> Option<Path> {
    let count = points.len();
    if count < 3 {
        return None;
    }
    let middle = |a: Spot, b: Spot| ((a.0 + b.0) / 2.0, (a.1 + b.1) / 2.0);
    let mut builder = PathBuilder::new();
    let start = middle(points[count - 1], points[0]);
    builder.move_to(start.0, start.1);
    for index in 0..count {
        let corner = points[index];
        let end = middle(corner, points[(index + 1) % count]);
        builder.quad_to(corner.0, corner.1, end.0, end.1);
    }
    builder.close();
    builder.finish()
}

/// A line through points, straight between them.
pub fn polyline(points: &[Spot]) -> Option<Path> {
    let mut builder = PathBuilder::new();
    let (first, rest) = points.split_first()?;
    builder.move_to(first.0, first.1);
    for (x, y) in rest {
        builder.line_to(*x, *y);
    }
    builder.finish()
}

/// A stroke whose width changes along its points; `half` gives half the width for 0.0 to 1.0.
pub fn ribbon(points: &[Spot], half: impl Fn(f32) -> f32) -> Option<Path> {
    if points.len() < 3 {
        return None;
    }
    let last = points.len() - 1;
    let (mut left, mut right) = (Vec::with_capacity(last + 1), Vec::with_capacity(last + 1));
    for index in 0..=last {
        let (before, after) = (
            points[index.saturating_sub(1)],
            points[(index + 1).min(last)],
        );
        let (dx, dy) = (after.0 - before.0, after.1 - before.1);
        let length = dx.hypot(dy).max(1e-4);
        let reach = half(index as f32 / last as f32);
        let (nx, ny) = (-dy / length * reach, dx / length * reach);
        let (x, y) = points[index];
        left.push((x + nx, y + ny));
        right.push((x - nx, y - ny));
    }
    right.reverse();
    left.extend(right);
    smooth_loop(&left)
}

/// A petal or leaf from `base`, of a length and width, pointing along `angle` (radians).
pub fn petal(base: Spot, angle: f32, length: f32, width: f32, belly: f32) -> Option<Path> {
    let (sin, cos) = angle.sin_cos();
    let place = |along: f32, aside: f32| {
        (
            base.0 + cos * along - sin * aside,
            base.1 + sin * along + cos * aside,
        )
    };
    let tip = place(length, 0.0);
    let (a, b) = (
        place(length * belly * 0.45, width * 0.62),
        place(length * (0.35 + belly * 0.75).min(1.0), width * 0.62),
    );
    let (c, d) = (
        place(length * (0.35 + belly * 0.75).min(1.0), -width * 0.62),
        place(length * belly * 0.45, -width * 0.62),
    );
    let mut builder = PathBuilder::new();
    builder.move_to(base.0, base.1);
    builder.cubic_to(a.0, a.1, b.0, b.1, tip.0, tip.1);
    builder.cubic_to(c.0, c.1, d.0, d.1, base.0, base.1);
    builder.close();
    builder.finish()
}

/// An ellipse turned by `angle` (radians).
pub fn ellipse(centre: Spot, (rx, ry): Spot, angle: f32) -> Option<Path> {
    let oval = PathBuilder::from_oval(Rect::from_xywh(-rx, -ry, rx * 2.0, ry * 2.0)?)?;
    oval.transform(Transform::from_rotate(angle.to_degrees()).post_translate(centre.0, centre.1))
}

/// A slice of a disc between two angles (radians).
pub fn sector(centre: Spot, radius: f32, from: f32, to: f32) -> Option<Path> {
    let steps = ((to - from).abs() / 0.06).ceil().max(2.0) as usize;
    let mut points = vec![centre];
    points.extend((0..=steps).map(|step| {
        let angle = from + (to - from) * step as f32 / steps as f32;
        (
            centre.0 + angle.cos() * radius,
            centre.1 + angle.sin() * radius,
        )
    }));
    polygon(&points)
}

/// A rectangle with round corners.
pub fn rounded((x, y): Spot, (width, height): Spot, radius: f32) -> Option<Path> {
    let r = radius.min(width / 2.0).min(height / 2.0);
    let k = r * 0.447_715;
    let (right, bottom) = (x + width, y + height);
    let mut builder = PathBuilder::new();
    builder.move_to(x + r, y);
    builder.line_to(right - r, y);
    builder.cubic_to(right - k, y, right, y + k, right, y + r);
    builder.line_to(right, bottom - r);
    builder.cubic_to(right, bottom - k, right - k, bottom, right - r, bottom);
    builder.line_to(x + r, bottom);
    builder.cubic_to(x + k, bottom, x, bottom - k, x, bottom - r);
    builder.line_to(x, y + r);
    builder.cubic_to(x, y + k, x + k, y, x + r, y);
    builder.close();
    builder.finish()
}
