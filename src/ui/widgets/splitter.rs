//! An edge that can be dragged.

use egui::{CursorIcon, Id, Key, Rect, Response, Role, Sense, Ui, WidgetInfo};

use crate::ui::theme::tokens;

/// How far to the left and to the right of an edge it can be taken hold of, in points.
pub type Reach = [f32; 2];

/// Points a press of an arrow key moves it.
const STEP: f32 = 16.0;

/// What became of an edge in this frame.
pub struct Splitter {
    pub response: Response,
    /// Points it moved to the right.
    pub moved: f32,
}

/// A vertical edge at `edge`, a rectangle without width. It can be dragged; with the keyboard the arrows move it,
/// where `sense` makes it a tab stop.
pub fn splitter(
    ui: &Ui,
    id: Id,
    edge: Rect,
    [left, right]: Reach,
    sense: Sense,
    name: &str,
) -> Splitter {
    let x = edge.left();
    let target = Rect::from_x_y_ranges((x - left)..=(x + right), edge.y_range());
    let response = ui.interact(target, id, sense);
    if response.hovered() || response.dragged() {
        ui.set_cursor_icon(CursorIcon::ResizeHorizontal);
    }
    if response.hovered() || response.dragged() || response.has_focus() {
        let tokens = tokens(ui);
        let color = if response.has_focus() {
            tokens.focus
        } else {
            tokens.border_control
        };
        ui.painter().vline(x, edge.y_range(), (2.0, color));
    }
    response.widget_info(|| WidgetInfo::labeled(Role::Splitter, true, name));
    let moved = if response.dragged() {
        response.drag_delta().x
    } else if response.has_focus() {
        keyboard(ui, id)
    } else {
        0.0
    };
    Splitter { response, moved }
}

fn keyboard(ui: &Ui, id: Id) -> f32 {
    ui.memory_mut(|memory| {
        let filter = egui::EventFilter {
            horizontal_arrows: true,
            ..egui::EventFilter::default()
        };
        memory.set_focus_lock_filter(id, filter);
    });
    ui.input(|input| {
        let presses =
            input.num_presses(Key::ArrowRight) as f32 - input.num_presses(Key::ArrowLeft) as f32;
        presses * STEP
    })
}
