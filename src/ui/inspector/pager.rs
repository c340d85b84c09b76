//! The outputs of a run side by side, to choose which one is shown.

use egui::{Rect, Role, ScrollArea, Sense, StrokeKind, Ui, Vec2, WidgetInfo, vec2};

use super::Frame;
use crate::model::{Output, OutputKey, Run};
use crate::state::Action;
use crate::ui::theme::{radius, space, tokens};
use crate::ui::widgets::{Fit, focus_ring, thumb};

const SIDE: f32 = 40.0;

/// "Picture 2 of 4"; "Text" for the only one.
pub fn title(run: &Run, output: &Output) -> String {
    let mut noun = output.kind.noun().to_owned();
    if let Some(first) = noun.get_mut(0..1) {
        first.make_ascii_uppercase();
    }
    match run.outputs.len() {
        0 | 1 => noun,
        count => format!("{noun} {} of {count}", output.index + 1),
    }
}

/// Paints the thumbnails of all outputs, where there are several.
pub fn ui(ui: &mut Ui, run: &Run, shown: OutputKey, frame: &mut Frame<'_>) {
    if run.outputs.len() < 2 {
        return;
    }
    ScrollArea::horizontal()
        .id_salt(("outputs", run.key))
        .auto_shrink([false, true])
        .show(ui, |ui| {
            ui.spacing_mut().item_spacing = Vec2::ZERO;
            ui.horizontal(|ui| {
                for output in &run.outputs {
                    tile(ui, run, output, output.key == shown, frame);
                }
            });
        });
}

fn tile(ui: &mut Ui, run: &Run, output: &Output, chosen: bool, frame: &mut Frame<'_>) {
    let (place, response) =
        ui.allocate_exact_size(vec2(SIDE + space::S, SIDE + space::XS), Sense::click());
    let rect = Rect::from_min_size(place.min + Vec2::splat(2.0), Vec2::splat(SIDE));
    if ui.is_rect_visible(rect) {
        thumb(ui, frame, output, rect, Fit::Cover);
    }
    let tokens = tokens(ui);
    if chosen {
        ui.painter().rect_stroke(
            rect,
            radius::THUMB,
            (2.0, tokens.accent),
            StrokeKind::Outside,
        );
    } else if response.hovered() {
        ui.painter().rect_stroke(
            rect,
            radius::THUMB,
            (1.0, tokens.border_control),
            StrokeKind::Outside,
        );
    }
    if response.has_focus() {
        focus_ring(ui.painter(), rect.shrink(3.0), tokens);
    }
    let name = title(run, output);
    response.widget_info(|| WidgetInfo::selected(Role::RadioButton, true, chosen, &name));
    if response.clicked() {
        frame.actions.push(Action::SelectOutput(output.key));
    }
}
