//! A run's outputs in one row, as small pictures.

use egui::{Pos2, Rect, Ui, Vec2, pos2, vec2};

use super::cells;
use crate::model::{MediaKind, OutputKey, Run};
use crate::ui::Frame;
use crate::ui::theme::{font, radius, space, tokens};
use crate::ui::widgets::{Fit, label_in, progress_bar, thumb};

/// Pictures in a strip at most.
const MOST: usize = 4;
const GAP: f32 = space::XS;

/// Paints what a run made, or how far it is.
pub fn ui(ui: &mut Ui, cell: Rect, run: &Run, frame: &mut Frame<'_>) {
    let places = places(cell, run);
    for (output, place) in run.outputs.iter().zip(&places) {
        thumb(ui, frame, output, *place, Fit::Cover);
    }
    if let Some(last) = places.last()
        && run.outputs.len() > places.len()
    {
        more(ui, *last, run.outputs.len() - places.len());
    }
    if run.outputs.is_empty() && run.stage.is_live() {
        progress(ui, cell, run);
    }
}

/// The output at this point, if there is one.
pub fn output_at(cell: Rect, run: &Run, point: Pos2) -> Option<OutputKey> {
    let index = places(cell, run)
        .iter()
        .position(|place| place.contains(point))?;
    Some(run.outputs.get(index)?.key)
}

/// How wide a run's strip would like to be, in points.
pub fn natural_width(run: &Run, row_height: f32) -> f32 {
    let everything = Rect::from_min_size(Pos2::ZERO, vec2(f32::INFINITY, row_height));
    places(everything, run)
        .last()
        .map_or(0.0, |place| place.right())
}

/// Side of a picture in a row of this height, in points.
fn side(row_height: f32) -> f32 {
    if row_height < 40.0 {
        row_height - 8.0
    } else {
        row_height - 12.0
    }
}

fn places(cell: Rect, run: &Run) -> Vec<Rect> {
    let inner = cells::content(cell);
    let side = side(cell.height());
    let top = cell.center().y - side / 2.0;
    let at = |left: f32, width: f32| Rect::from_min_size(pos2(left, top), vec2(width, side));
    if let [only] = run.outputs.as_slice() {
        let width = alone(&only.kind, side).min(inner.width());
        return vec![at(inner.left(), width)];
    }
    let fitting = ((inner.width() + GAP) / (side + GAP)).floor().max(1.0) as usize;
    (0..run.outputs.len().min(MOST).min(fitting))
        .map(|index| at(inner.left() + index as f32 * (side + GAP), side))
        .collect()
}

/// The width of an output that has the strip to itself: words, a sound and a document say more in a wider one.
fn alone(kind: &MediaKind, side: f32) -> f32 {
    if side < 32.0 {
        return side;
    }
    match kind {
        MediaKind::Text => side.max(40.0) * 2.0 + 68.0,
        MediaKind::Audio => side + 58.0,
        MediaKind::Document => side.max(44.0) + 40.0,
        MediaKind::Image | MediaKind::Video | MediaKind::Other(_) => side,
    }
}

/// How many there are that do not fit, in the corner of the last one.
fn more(ui: &Ui, last: Rect, count: usize) {
    let tokens = tokens(ui);
    let text = format!("+{count}");
    let galley = ui
        .painter()
        .layout_no_wrap(text, font::caption(), tokens.on_scrim);
    let size = galley.size() + vec2(space::S, 2.0);
    let corner = last.max - Vec2::splat(2.0);
    let rect = Rect::from_min_max(corner - size, corner);
    ui.painter().rect_filled(rect, radius::PILL, tokens.scrim);
    ui.painter()
        .galley(rect.center() - galley.size() / 2.0, galley, tokens.on_scrim);
}

/// A bar and a figure, only when FLORA says how far it is.
fn progress(ui: &mut Ui, cell: Rect, run: &Run) {
    let Some(progress) = run.progress else {
        return;
    };
    let inner = cells::content(cell);
    let bar = Rect::from_min_size(
        pos2(inner.left(), inner.center().y - 1.5),
        vec2((inner.width() - 44.0).min(96.0), 3.0),
    );
    if bar.width() > 24.0 {
        let builder = egui::UiBuilder::new().max_rect(bar);
        ui.scope_builder(builder, |ui| {
            ui.spacing_mut().item_spacing = Vec2::ZERO;
            progress_bar(ui, Some(progress));
        });
    }
    let text = format!("{:.0} %", (progress * 100.0).min(99.0));
    let words = inner.with_min_x(bar.right() + space::S);
    let color = tokens(ui).text_secondary;
    label_in(ui.painter(), words, &text, font::secondary(), color);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_strip_shows_what_fits_and_no_more_than_four() {
        let cell = |width| Rect::from_min_size(Pos2::ZERO, vec2(width, 52.0));
        let run = crate::ui::history::cells::tests::run_with(9);
        assert_eq!(places(cell(400.0), &run).len(), 4);
        assert_eq!(places(cell(100.0), &run).len(), 2);
        assert_eq!(places(cell(10.0), &run).len(), 1);
        let second = places(cell(400.0), &run)[1].center();
        assert_eq!(
            output_at(cell(400.0), &run, second),
            Some(run.outputs[1].key)
        );
        assert_eq!(output_at(cell(400.0), &run, pos2(399.0, 20.0)), None);
    }
}
