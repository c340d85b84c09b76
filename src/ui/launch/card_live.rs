//! A run that is not over: empty frames for what will come, and how far it is.

use egui::{Rect, Sense, Ui, vec2};

use super::card::keep_time;
use super::card_outputs::{GAP, SOUND, TEXT_LINES, strip_side};
use crate::model::{MediaKind, Run, Technique};
use crate::ui::theme::{radius, tokens};
use crate::ui::widgets::progress_bar;

const TEXT: f32 = TEXT_LINES * 0.5 * 19.0 + 20.0;

/// What a technique will make, by how much room it takes.
struct Expected {
    pictures: usize,
    others: Vec<f32>,
}

fn expected(technique: &Technique) -> Expected {
    let mut expected = Expected {
        pictures: 0,
        others: Vec::new(),
    };
    for output in &technique.outputs {
        match output.kind {
            MediaKind::Image | MediaKind::Video => expected.pictures += 1,
            MediaKind::Text => expected.others.push(TEXT),
            _ => expected.others.push(SOUND),
        }
    }
    if technique.outputs.is_empty() {
        expected.pictures = 1;
    }
    expected
}

/// Likely height of the frames in this width, in points.
pub fn guess(technique: &Technique, width: f32) -> f32 {
    let expected = expected(technique);
    let pictures = if expected.pictures > 0 {
        let (per_row, side) = strip_side(expected.pictures, width);
        let rows = expected.pictures.div_ceil(per_row) as f32;
        rows * (side + GAP)
    } else {
        0.0
    };
    pictures
        + expected
            .others
            .iter()
            .map(|height| height + GAP)
            .sum::<f32>()
}

/// Paints the frames.
pub fn frames(ui: &mut Ui, technique: &Technique) {
    let expected = expected(technique);
    let fill = tokens(ui).bg_raised;
    let width = ui.available_width();
    let height = (guess(technique, width) - GAP).max(0.0);
    let (area, _) = ui.allocate_exact_size(vec2(width, height), Sense::hover());
    let mut top = area.top();
    if expected.pictures > 0 {
        let (per_row, side) = strip_side(expected.pictures, width);
        for index in 0..expected.pictures {
            let column = (index % per_row) as f32 * (side + GAP);
            let row = (index / per_row) as f32 * (side + GAP);
            let corner = area.min + vec2(column, row);
            let rect = Rect::from_min_size(corner, vec2(side, side));
            ui.painter().rect_filled(rect, radius::TILE, fill);
        }
        top += expected.pictures.div_ceil(per_row) as f32 * (side + GAP);
    }
    for height in expected.others {
        let rect = Rect::from_min_size(egui::pos2(area.left(), top), vec2(width, height));
        ui.painter().rect_filled(rect, radius::TILE, fill);
        top += height + GAP;
    }
}

/// How far it is, right below what it makes.
pub fn progress(ui: &mut Ui, run: &Run) {
    keep_time(ui);
    if !run.outputs.is_empty() {
        ui.add_space(4.0);
    }
    progress_bar(ui, run.progress);
}
