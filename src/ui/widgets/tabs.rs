//! Pages of a panel, chosen by words.

use egui::{CursorIcon, Role, Sense, Ui, WidgetInfo, vec2};

use super::focus_ring;
use crate::ui::theme::{font, space, tokens};

const HEIGHT: f32 = 28.0;

/// Shows the pages' names in a row; returns the one that was clicked.
pub fn tabs<T: Copy + PartialEq>(ui: &mut Ui, current: T, pages: &[(T, &str)]) -> Option<T> {
    let mut clicked = None;
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = space::L + 2.0;
        for (page, name) in pages {
            if tab(ui, *page == current, name) {
                clicked = Some(*page);
            }
        }
    });
    clicked
}

fn tab(ui: &mut Ui, chosen: bool, name: &str) -> bool {
    let tokens = tokens(ui);
    let color = if chosen {
        tokens.text_primary
    } else {
        tokens.text_tertiary
    };
    let text_font = if chosen {
        font::body_medium()
    } else {
        font::body()
    };
    let galley = ui
        .painter()
        .layout_no_wrap(name.to_owned(), text_font, color);
    let (rect, response) = ui.allocate_exact_size(vec2(galley.size().x, HEIGHT), Sense::click());
    let at = rect.center() - galley.size() / 2.0;
    let color = if response.hovered() {
        ui.set_cursor_icon(CursorIcon::PointingHand);
        tokens.text_primary
    } else {
        color
    };
    ui.painter()
        .galley_with_override_text_color(at, galley, color);
    if response.has_focus() {
        let ring = rect.shrink2(vec2(-2.0, 4.0));
        focus_ring(ui.painter(), ring, tokens);
    }
    response.widget_info(|| WidgetInfo::selected(Role::Tab, true, chosen, name));
    response.clicked()
}
