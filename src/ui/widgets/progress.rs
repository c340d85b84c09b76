//! Progress that is known, and progress that is not.

use std::f32::consts::TAU;

use egui::{Color32, Pos2, Rect, Role, Sense, Shape, Stroke, Ui, WidgetInfo, pos2, vec2};

use crate::ui::animation;
use crate::ui::theme::tokens;

/// A part of a ring that turns. `diameter` in points.
pub fn ring(ui: &Ui, center: Pos2, diameter: f32, color: Color32) {
    animation::turn(ui);
    let turn = (ui.input(|input| input.time) % 1.2 / 1.2) as f32;
    let radius = diameter / 2.0 - 1.0;
    let points = (0..=24).map(|step| {
        let angle = TAU * (turn + 0.72 * step as f32 / 24.0);
        center + vec2(angle.cos(), angle.sin()) * radius
    });
    ui.painter()
        .add(Shape::line(points.collect(), Stroke::new(1.5, color)));
}

/// A bar of 3 points across what is available. Without a fraction a stripe runs along it.
/// It never shows full: only the status says that a run is over.
pub fn progress_bar(ui: &mut Ui, fraction: Option<f32>) {
    let tokens = tokens(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 3.0), Sense::hover());
    ui.painter().rect_filled(rect, 1.5, tokens.bg_active);
    let filled = match fraction {
        Some(fraction) => {
            let end = rect.left() + rect.width() * fraction.clamp(0.0, 0.99);
            Rect::from_min_max(rect.min, pos2(end, rect.bottom()))
        }
        None => running_stripe(ui, rect),
    };
    ui.painter().rect_filled(filled, 1.5, tokens.accent);
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(Role::ProgressIndicator, true, "Progress");
        info.value = fraction.map(|fraction| f64::from(fraction.clamp(0.0, 0.99) * 100.0).round());
        info
    });
}

fn running_stripe(ui: &Ui, rect: Rect) -> Rect {
    animation::turn(ui);
    let phase = (ui.input(|input| input.time) % 1.6 / 1.6) as f32;
    let width = rect.width() * 0.3;
    let left = rect.left() - width + (rect.width() + width) * phase;
    Rect::from_min_size(pos2(left, rect.top()), vec2(width, rect.height())).intersect(rect)
}
