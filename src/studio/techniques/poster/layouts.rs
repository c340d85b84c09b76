//! Five ways to compose a poster; the words choose one.

use image::RgbImage;
use tiny_skia::PathBuilder;

use super::Copy;
use super::sheet::{HEIGHT, INNER, MARGIN, Title, WIDTH, art, column, readable};
use crate::studio::job::{Failure, Job};
use crate::studio::kit::canvas::Canvas;
use crate::studio::kit::lettering::{Face, Style};
use crate::studio::kit::motifs::{Motif, bloom, dots, geometry, lines, scenery};
use crate::studio::kit::palette::{Ground, Harmony, Palette};
use crate::studio::kit::seed::Rng;

/// The small print.
const SMALL: Style = Style::new(Face::Medium, 42.0);

type Layout = fn(&Brief<'_>, &mut Rng) -> Canvas;

/// What every layout is given.
struct Brief<'a> {
    copy: &'a Copy,
    harmony: Harmony,
}

/// Composes the poster.
pub fn set(words: &str, copy: &Copy, job: &Job<'_>) -> Result<RgbImage, Failure> {
    let mut rng = Rng::from_words(words, "poster");
    let brief = Brief {
        copy,
        harmony: Harmony::from_words(words, &mut rng),
    };
    let layouts: [Layout; 5] = [landscape, column_and_square, roundel, typographic, split];
    // A long title needs the layouts that give it room.
    let choice = if copy.title.chars().count() > 28 {
        &layouts[1..]
    } else {
        &layouts[..]
    };
    let layout = *rng.pick(choice);
    job.step(0.2)?;
    Ok(layout(&brief, &mut rng).into_picture())
}

fn panel_motif(rng: &mut Rng) -> Motif {
    let motifs: [Motif; 8] = [
        lines::currents,
        geometry::quarters,
        geometry::collage,
        lines::strata,
        dots::field,
        scenery::sunrise,
        bloom::scales,
        geometry::leaves,
    ];
    *rng.pick(&motifs)
}

/// Land and sky over the whole sheet, the title in the sky.
fn landscape(brief: &Brief<'_>, rng: &mut Rng) -> Canvas {
    let ground = if brief.harmony.light < 0.1 {
        Ground::Deep
    } else {
        Ground::Soft
    };
    let palette = brief.harmony.on(ground);
    let mut canvas = Canvas::new(WIDTH as u32, HEIGHT as u32, palette.ground);
    // The art begins with the ground's colour, so its upper edge does not show.
    let top = HEIGHT * 0.21;
    let water = rng.chance(0.45);
    let motif: Motif = if water {
        scenery::sunrise
    } else {
        scenery::ridges
    };
    art(
        &mut canvas,
        motif,
        &palette,
        ((0.0, top), (WIDTH, HEIGHT - top)),
        None,
        rng,
    );
    let ink = readable(palette.ground, &palette);
    let title = Title::fit(&brief.copy.title, (INNER, 400.0), 330.0);
    let baseline = title.draw(&mut canvas, (MARGIN, MARGIN + 14.0), ink);
    if water {
        let joined = [brief.copy.lines.join("  ·  ")];
        column(
            &mut canvas,
            &joined,
            SMALL,
            (MARGIN, baseline + 96.0),
            (INNER, 2),
            ink,
        );
    } else {
        let rows = brief.copy.lines.len().clamp(1, 5);
        let first = HEIGHT - MARGIN - (rows as f32 - 1.0) * SMALL.size * 1.36;
        let foot = palette.ink(1.0).lighter(0.07);
        column(
            &mut canvas,
            &brief.copy.lines,
            SMALL,
            (MARGIN, first),
            (INNER * 0.8, 5),
            readable(foot, &palette),
        );
    }
    canvas
}

/// A large title at the top, a square of art at the bottom right, the rest in a column beside it.
fn column_and_square(brief: &Brief<'_>, rng: &mut Rng) -> Canvas {
    let paper = brief.harmony.on(if rng.chance(0.7) {
        Ground::Pale
    } else {
        Ground::Soft
    });
    let mut canvas = Canvas::new(WIDTH as u32, HEIGHT as u32, paper.ground);
    let side = 900.0;
    let at = (WIDTH - MARGIN - side, HEIGHT - MARGIN - side);
    let palette = brief.harmony.on(*rng.pick(&[Ground::Deep, Ground::Main]));
    art(
        &mut canvas,
        panel_motif(rng),
        &palette,
        (at, (side, side)),
        None,
        rng,
    );
    let title = Title::fit(&brief.copy.title, (INNER, at.1 - MARGIN * 2.6), 420.0);
    title.draw(&mut canvas, (MARGIN, MARGIN), paper.line);
    canvas.rect((MARGIN, at.1), (at.0 - MARGIN - 48.0, 8.0), paper.line, 1.0);
    column(
        &mut canvas,
        &brief.copy.lines,
        SMALL.sized(39.0),
        (MARGIN, at.1 + 70.0),
        (at.0 - MARGIN - 40.0, 14),
        paper.line,
    );
    canvas.circle(
        (MARGIN + 26.0, HEIGHT - MARGIN - 26.0),
        26.0,
        paper.accent,
        1.0,
    );
    canvas
}

/// Art in a circle, the title under it, all on one axis.
fn roundel(brief: &Brief<'_>, rng: &mut Rng) -> Canvas {
    let paper = brief.harmony.on(if brief.harmony.light < 0.0 {
        Ground::Deep
    } else {
        Ground::Pale
    });
    let mut canvas = Canvas::new(WIDTH as u32, HEIGHT as u32, paper.ground);
    let middle = WIDTH / 2.0;
    let radius = 560.0;
    let centre = (middle, MARGIN + 40.0 + radius);
    let palette = brief.harmony.on(if paper.ground.l > 0.5 {
        Ground::Deep
    } else {
        Ground::Soft
    });
    let motif: Motif = *rng.pick(&[
        scenery::ridges as Motif,
        scenery::sunrise,
        bloom::mandala,
        lines::currents,
        lines::strata,
    ]);
    let corner = (centre.0 - radius, centre.1 - radius);
    let disc = PathBuilder::from_circle(centre.0, centre.1, radius);
    art(
        &mut canvas,
        motif,
        &palette,
        (corner, (radius * 2.0, radius * 2.0)),
        disc.as_ref(),
        rng,
    );
    canvas.ring(centre, radius + 30.0, 5.0, paper.line, 1.0);
    let foot = centred_lines(&mut canvas, brief.copy, (middle, HEIGHT - MARGIN), &paper);
    let free = (centre.1 + radius + 60.0, foot - SMALL.size - 30.0);
    let title = Title::fit(
        &brief.copy.title,
        (INNER, (free.1 - free.0) * 0.8 - 40.0),
        290.0,
    );
    let top = (free.0 + free.1 - title.height()) / 2.0 - title.style.size * 0.05;
    title.draw_centred(&mut canvas, (middle, top), paper.line);
    canvas
}

/// Sets the small print around the middle with its last line at the foot; returns its first baseline.
fn centred_lines(canvas: &mut Canvas, copy: &Copy, (x, foot): (f32, f32), paper: &Palette) -> f32 {
    let joined = copy.lines.join("  ·  ");
    let mut lines = SMALL.wrap_evenly(&joined, INNER * 0.94);
    lines.truncate(4);
    let leading = SMALL.size * 1.42;
    let first = foot - leading * (lines.len() as f32 - 1.0).max(0.0);
    for (row, line) in lines.iter().enumerate() {
        // A dot belongs between things, not at the end of a line.
        SMALL.draw_centred(
            canvas,
            line.trim_matches(['·', ' ']),
            (x, first + leading * row as f32),
            paper.line,
        );
    }
    first
}

/// Nothing but type: each line of the title fills the width.
fn typographic(brief: &Brief<'_>, rng: &mut Rng) -> Canvas {
    let paper = brief
        .harmony
        .on(*rng.pick(&[Ground::Main, Ground::Deep, Ground::Soft]));
    let mut canvas = Canvas::new(WIDTH as u32, HEIGHT as u32, paper.ground);
    let lines = filling_lines(&brief.copy.title);
    let mut styles: Vec<Style> = lines.iter().map(|line| filling_style(line)).collect();
    let gap = 44.0;
    let tall: f32 = styles.iter().map(|style| style.cap_height() + gap).sum();
    let room = HEIGHT - MARGIN * 2.0 - 330.0;
    if tall > room {
        let shrink = room / tall;
        styles = styles
            .iter()
            .map(|style| style.sized(style.size * shrink))
            .collect();
    }
    let mut top = MARGIN;
    let accent = rng.below(lines.len());
    for (index, (line, style)) in lines.iter().zip(&styles).enumerate() {
        let colour = if index == accent && lines.len() > 1 {
            paper.accent
        } else {
            paper.line
        };
        top += style.cap_height();
        style.draw(
            &mut canvas,
            line,
            (MARGIN - style.size * 0.045, top),
            colour,
        );
        top += gap;
    }
    let foot = HEIGHT - MARGIN - 190.0;
    flourish(&mut canvas, &paper, (top, foot), rng);
    canvas.rect((MARGIN, foot), (INNER, 8.0), paper.line, 1.0);
    let half = brief.copy.lines.len().div_ceil(2);
    let (left, right) = brief.copy.lines.split_at(half);
    let wide = INNER / 2.0 - 24.0;
    column(
        &mut canvas,
        left,
        SMALL,
        (MARGIN, foot + 76.0),
        (wide, 3),
        paper.line,
    );
    column(
        &mut canvas,
        right,
        SMALL,
        (WIDTH / 2.0 + 24.0, foot + 76.0),
        (wide, 3),
        paper.line,
    );
    canvas
}

/// Lines of one or two words: short words share a line.
fn filling_lines(title: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in title.to_uppercase().split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + word.chars().count() < 8 => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines.truncate(9);
    lines
}

fn filling_style(line: &str) -> Style {
    let style = Style::new(Face::Display, 100.0).tracked(-0.02);
    let size = 100.0 * INNER / style.width(line).max(1.0);
    style.sized(size.min(640.0))
}

/// Shapes in the space that the title leaves.
fn flourish(canvas: &mut Canvas, paper: &Palette, (top, foot): (f32, f32), rng: &mut Rng) {
    let room = foot - top - 60.0;
    if room < 150.0 {
        return;
    }
    let size = room.min(INNER);
    let at = (WIDTH - MARGIN - size, foot - 40.0 - size);
    let art_palette = Palette {
        ground: paper.ground,
        ..paper.clone()
    };
    let cut = PathBuilder::from_circle(at.0 + size / 2.0, at.1 + size / 2.0, size / 2.0);
    let motif: Motif = *rng.pick(&[
        lines::currents as Motif,
        scenery::sunrise,
        lines::strata,
        bloom::scales,
    ]);
    art(
        canvas,
        motif,
        &art_palette,
        (at, (size, size)),
        cut.as_ref(),
        rng,
    );
    if at.0 - MARGIN > 120.0 {
        let dot = ((at.0 - MARGIN - 40.0) / 2.0).min(room * 0.2);
        canvas.circle((MARGIN + dot, foot - 40.0 - dot), dot, paper.accent, 1.0);
    }
}

/// Art above, type below, the boundary a little under the middle.
fn split(brief: &Brief<'_>, rng: &mut Rng) -> Canvas {
    let paper = brief
        .harmony
        .on(*rng.pick(&[Ground::Deep, Ground::Pale, Ground::Main]));
    let mut canvas = Canvas::new(WIDTH as u32, HEIGHT as u32, paper.ground);
    let level = HEIGHT * 0.56;
    let other = if paper.ground.l > 0.5 {
        Ground::Main
    } else {
        Ground::Soft
    };
    let palette = brief.harmony.on(other);
    art(
        &mut canvas,
        panel_motif(rng),
        &palette,
        ((0.0, 0.0), (WIDTH, level)),
        None,
        rng,
    );
    let rows = brief.copy.lines.len().div_ceil(2).min(4);
    let under = HEIGHT - MARGIN - rows as f32 * SMALL.size * 1.36;
    let title = Title::fit(
        &brief.copy.title,
        (INNER, under - level - MARGIN - 70.0),
        330.0,
    );
    title.draw(&mut canvas, (MARGIN, level + MARGIN), paper.line);
    let half = brief.copy.lines.len().div_ceil(2);
    let (left, right) = brief.copy.lines.split_at(half);
    let wide = INNER / 2.0 - 24.0;
    let first = under + SMALL.size * 1.1;
    column(
        &mut canvas,
        left,
        SMALL,
        (MARGIN, first),
        (wide, rows),
        paper.line,
    );
    column(
        &mut canvas,
        right,
        SMALL,
        (WIDTH / 2.0 + 24.0, first),
        (wide, rows),
        paper.line,
    );
    canvas
}
