//! Quarter circles, collages and leaves on a grid.

use std::f32::consts::{FRAC_PI_2, PI};

use tiny_skia::{Path, PathBuilder};

use super::{Scale, unit};
use crate::studio::kit::canvas::{Canvas, Edges, Spot, polygon, sector};
use crate::studio::kit::colour::Lch;
use crate::studio::kit::palette::Palette;
use crate::studio::kit::seed::Rng;

/// A cell of a grid: its corner and its sides, on whole pixels so that neighbours meet without a line.
#[derive(Clone, Copy)]
struct Cell {
    x: f32,
    y: f32,
    width: f32,
    height: f32,
}

impl Cell {
    /// The corner by number, clockwise from the top left.
    fn corner(self, number: usize) -> Spot {
        match number % 4 {
            0 => (self.x, self.y),
            1 => (self.x + self.width, self.y),
            2 => (self.x + self.width, self.y + self.height),
            _ => (self.x, self.y + self.height),
        }
    }

    fn middle(self) -> Spot {
        (self.x + self.width / 2.0, self.y + self.height / 2.0)
    }

    /// A quarter disc around a corner.
    fn quarter(self, corner: usize, radius: f32) -> Option<Path> {
        let from = corner as f32 * FRAC_PI_2;
        sector(self.corner(corner), radius, from, from + FRAC_PI_2)
    }
}

fn cells(canvas: &Canvas, across: f32) -> Vec<Cell> {
    let down = (across * canvas.height() / canvas.width()).round().max(1.0);
    // On a tile the grid is shifted by part of a cell: shapes then cross the seam, and none ends there.
    let shift = if canvas.edges() == Edges::Wrap {
        0.37
    } else {
        0.0
    };
    let line =
        |index: usize, count: f32, size: f32| ((index as f32 - shift) * size / count).round();
    let mut cells = Vec::new();
    for row in 0..down as usize {
        let (top, bottom) = (
            line(row, down, canvas.height()),
            line(row + 1, down, canvas.height()),
        );
        for column in 0..across as usize {
            let (left, right) = (
                line(column, across, canvas.width()),
                line(column + 1, across, canvas.width()),
            );
            cells.push(Cell {
                x: left,
                y: top,
                width: right - left,
                height: bottom - top,
            });
        }
    }
    cells
}

fn even(count: f32) -> f32 {
    (count / 2.0).round().max(1.0) * 2.0
}

/// A floor of quarter circles, arches and triangles.
pub fn quarters(canvas: &mut Canvas, palette: &Palette, scale: Scale, rng: &mut Rng) {
    for cell in cells(canvas, even(6.0 / scale.size)) {
        if rng.chance((scale.room - 1.0) * 0.6) {
            continue;
        }
        let ground = pick_other(palette, palette.ground, rng);
        let top = pick_other(palette, ground, rng);
        canvas.rect((cell.x, cell.y), (cell.width, cell.height), ground, 1.0);
        quarter_shape(canvas, cell, (ground, top), palette, rng);
    }
}

fn pick_other(palette: &Palette, not: Lch, rng: &mut Rng) -> Lch {
    for _ in 0..8 {
        let colour = if rng.chance(0.12) {
            palette.ground
        } else {
            palette.any(rng)
        };
        if colour.distance(not) > 0.12 {
            return colour;
        }
    }
    palette.line
}

fn quarter_shape(
    canvas: &mut Canvas,
    cell: Cell,
    (ground, top): (Lch, Lch),
    palette: &Palette,
    rng: &mut Rng,
) {
    let corner = rng.below(4);
    let side = cell.width;
    match rng.below(8) {
        0 | 1 => fill(canvas, cell.quarter(corner, side), top),
        2 => {
            fill(canvas, cell.quarter(corner, side), top);
            fill(
                canvas,
                cell.quarter(corner, side * 0.62),
                pick_other(palette, top, rng),
            );
            fill(canvas, cell.quarter(corner, side * 0.3), ground);
        }
        3 => {
            fill(canvas, cell.quarter(corner, side * 0.5), top);
            fill(canvas, cell.quarter(corner + 2, side * 0.5), top);
        }
        4 => {
            let leaf = leaf_between(cell.corner(corner), cell.corner(corner + 2), side);
            fill(canvas, leaf, top);
        }
        5 => canvas.circle(cell.middle(), side * 0.36, top, 1.0),
        6 => fill(
            canvas,
            polygon(&[
                cell.corner(corner),
                cell.corner(corner + 1),
                cell.corner(corner + 2),
            ]),
            top,
        ),
        _ => {
            let (a, b) = (cell.corner(corner), cell.corner(corner + 1));
            let from = corner as f32 * FRAC_PI_2;
            fill(
                canvas,
                sector(
                    ((a.0 + b.0) / 2.0, (a.1 + b.1) / 2.0),
                    side * 0.5,
                    from,
                    from + PI,
                ),
                top,
            );
        }
    }
}

fn fill(canvas: &mut Canvas, path: Option<Path>, colour: Lch) {
    if let Some(path) = path {
        canvas.fill(&path, colour, 1.0);
    }
}

/// A leaf from one point to the other, as where two quarter circles overlap.
fn leaf_between(from: Spot, to: Spot, bulge: f32) -> Option<Path> {
    let (mx, my) = ((from.0 + to.0) / 2.0, (from.1 + to.1) / 2.0);
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let length = dx.hypot(dy).max(1e-3);
    let (nx, ny) = (-dy / length * bulge * 0.585, dx / length * bulge * 0.585);
    let mut builder = PathBuilder::new();
    builder.move_to(from.0, from.1);
    builder.quad_to(mx + nx, my + ny, to.0, to.1);
    builder.quad_to(mx - nx, my - ny, from.0, from.1);
    builder.close();
    builder.finish()
}

/// Leaves between the crossings of a grid, which gather to flowers.
pub fn leaves(canvas: &mut Canvas, palette: &Palette, scale: Scale, rng: &mut Rng) {
    let across = even(6.0 / scale.size);
    let columns = across as usize;
    let thin = 1.0 / scale.room;
    let family = [rng.below(palette.inks.len()), rng.below(palette.inks.len())];
    for (index, cell) in cells(canvas, across).into_iter().enumerate() {
        let (row, column) = (index / columns, index % columns);
        let corner = (row + column) % 2;
        let colour = if rng.chance(0.1) {
            palette.accent
        } else {
            palette.inks[family[(row / 2 + column / 2) % 2]]
        };
        let colour = if rng.chance(0.35) {
            palette.any(rng)
        } else {
            colour
        };
        fill(
            canvas,
            leaf_between(
                cell.corner(corner),
                cell.corner(corner + 2),
                cell.width * thin,
            ),
            colour,
        );
        let vein = colour.mix(palette.ground, 0.5);
        let (from, to) = (cell.corner(corner), cell.corner(corner + 2));
        let inner = |t: f32| (from.0 + (to.0 - from.0) * t, from.1 + (to.1 - from.1) * t);
        if let Some(line) = crate::studio::kit::canvas::polyline(&[inner(0.18), inner(0.82)]) {
            canvas.stroke(&line, cell.width * 0.018, vein, 0.9);
        }
    }
    for (index, cell) in cells(canvas, across).into_iter().enumerate() {
        if (index / columns + index % columns).is_multiple_of(2) {
            let colour = if rng.chance(0.5) {
                palette.accent
            } else {
                palette.line
            };
            canvas.circle(cell.corner(0), cell.width * 0.075, colour, 1.0);
        }
    }
}

/// Large shapes laid over each other like cut paper.
pub fn collage(canvas: &mut Canvas, palette: &Palette, scale: Scale, rng: &mut Rng) {
    let unit = unit(canvas);
    let area = canvas.width() * canvas.height() / (unit * unit * 1e6);
    let count = (30.0 * area / scale.size.powi(2) / scale.room)
        .round()
        .max(6.0) as usize;
    let mut last = palette.ground;
    for index in 0..count {
        let size = unit
            * scale.size
            * (rng.between(210.0, 430.0) * (1.0 - index as f32 / count as f32 * 0.62));
        let at = spread(canvas, index, count, rng);
        let colour = pick_other(palette, last, rng);
        last = colour;
        cut_out(canvas, at, size, colour, palette, rng);
    }
}

/// Places that fill the canvas evenly without looking placed (a low-discrepancy sequence, shaken).
fn spread(canvas: &Canvas, index: usize, count: usize, rng: &mut Rng) -> Spot {
    let (u, v) = (
        (index as f32 * 0.754_877_7 + 0.5).fract(),
        (index as f32 * 0.569_840_3 + 0.5).fract(),
    );
    let shake = 0.5 / (count as f32).sqrt();
    let (u, v) = (
        u + rng.normal() * shake * 0.5,
        v + rng.normal() * shake * 0.5,
    );
    match canvas.edges() {
        Edges::Wrap => (
            u.rem_euclid(1.0) * canvas.width(),
            v.rem_euclid(1.0) * canvas.height(),
        ),
        Edges::Cut => (u * canvas.width(), v * canvas.height()),
    }
}

fn cut_out(
    canvas: &mut Canvas,
    at: Spot,
    size: f32,
    colour: Lch,
    palette: &Palette,
    rng: &mut Rng,
) {
    let quarter_turn = rng.below(4) as f32 * FRAC_PI_2;
    match rng.below(7) {
        0 | 1 => canvas.circle(at, size * 0.5, colour, 1.0),
        2 => fill(
            canvas,
            sector(at, size * 0.62, quarter_turn, quarter_turn + PI),
            colour,
        ),
        3 => {
            let tall = rng.between(0.35, 0.75);
            let (w, h) = if rng.chance(0.5) {
                (size, size * tall)
            } else {
                (size * tall, size)
            };
            canvas.rect((at.0 - w / 2.0, at.1 - h / 2.0), (w, h), colour, 1.0);
        }
        4 => {
            let bars = 5 + rng.below(3);
            let width = size / (bars as f32 * 2.0 - 1.0);
            for bar in 0..bars {
                let x = at.0 - size / 2.0 + bar as f32 * width * 2.0;
                canvas.rect((x, at.1 - size * 0.38), (width, size * 0.76), colour, 1.0);
            }
        }
        5 => {
            let pitch = size / 5.0;
            for row in 0..5 {
                for column in 0..5 {
                    let spot = (
                        at.0 + (column as f32 - 2.0) * pitch,
                        at.1 + (row as f32 - 2.0) * pitch,
                    );
                    canvas.circle(spot, pitch * 0.24, colour, 1.0);
                }
            }
        }
        _ => {
            canvas.ring(at, size * 0.36, size * 0.2, colour, 1.0);
            canvas.circle(at, size * 0.1, palette.accent, 1.0);
        }
    }
}
