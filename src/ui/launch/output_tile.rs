//! A picture or a film on a card: a square that opens, with what is wanted most at hand while it is pointed at.

use egui::{Id, Rect, Response, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use super::card_outputs::{behave, spoken};
use super::menu::copy;
use crate::model::{Archive, MediaKind, Output, Run};
use crate::state::Action;
use crate::ui::Frame;
use crate::ui::theme::{Icon, icon, radius, tokens};
use crate::ui::widgets::{Fit, focus_ring, ring, thumb};
use crate::ui::words;

const BUTTON: f32 = 26.0;

/// Paints an output into `rect`.
pub fn ui(ui: &mut Ui, rect: Rect, run: &Run, output: &Output, frame: &mut Frame<'_>) {
    let id = ui.scope_id().with(("output", output.key.get()));
    let response = ui.interact(rect, id, Sense::click());
    if ui.is_rect_visible(rect) {
        thumb(ui, frame, output, rect, Fit::Cover);
        if output.archive == Archive::Fetching {
            fetching(ui, rect);
        }
    }
    behave(&response, run, output, frame);
    hover_buttons(ui, rect, id, &response, run, output, frame);
    if response.has_focus() {
        focus_ring(ui.painter(), rect.shrink(2.0), tokens(ui));
    }
    if !response.context_menu_opened() {
        response.on_hover_text(facts(output));
    }
}

/// "1024 × 1024 · PNG · 1.8 MB"
fn facts(output: &Output) -> String {
    let facts = &output.facts;
    let size = output.bytes.map(words::bytes);
    let parts = [facts.dimensions(), facts.format.clone(), size];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    if parts.is_empty() {
        output.kind.noun().to_owned()
    } else {
        parts.join(" · ")
    }
}

fn fetching(ui: &Ui, rect: Rect) {
    let tokens = tokens(ui);
    let at = rect.right_bottom() - vec2(12.0, 12.0);
    ui.painter().circle_filled(at, 8.0, tokens.scrim);
    ring(ui, at, 11.0, tokens.on_scrim);
}

/// Save and copy: while the pointer is over the tile, or the keyboard is at it.
fn hover_buttons(
    ui: &Ui,
    rect: Rect,
    id: Id,
    tile: &Response,
    run: &Run,
    output: &Output,
    frame: &mut Frame<'_>,
) {
    if rect.width() < 2.0 * BUTTON + 16.0 {
        return;
    }
    let ids = [id.with("save"), id.with("copy")];
    let at_them = ui.memory(|memory| ids.iter().any(|id| memory.has_focus(*id)));
    if !ui.rect_contains_pointer(rect) && !tile.has_focus() && !at_them {
        return;
    }
    let name = spoken(run, output);
    let mut right = rect.right() - 6.0;
    let mut place = || {
        let corner = pos2(right - BUTTON, rect.top() + 6.0);
        right -= BUTTON + 4.0;
        Rect::from_min_size(corner, vec2(BUTTON, BUTTON))
    };
    if round(ui, place(), ids[0], Icon::Download, "Save as…", &name) {
        frame.actions.push(Action::SaveOutputs(vec![output.key]));
    }
    if output.kind == MediaKind::Image
        && let Some((word, action)) = copy(output)
        && round(ui, place(), ids[1], Icon::Copy, word, &name)
    {
        frame.actions.push(action);
    }
}

fn round(ui: &Ui, rect: Rect, id: Id, what: Icon, word: &str, of: &str) -> bool {
    let tokens = tokens(ui);
    let response = ui.interact(rect, id, Sense::click());
    ui.painter().rect_filled(rect, radius::BUTTON, tokens.scrim);
    if response.hovered() {
        ui.painter()
            .rect_filled(rect, radius::BUTTON, tokens.on_scrim.gamma_multiply(0.16));
    }
    icon(ui.painter(), rect.center(), what, 14.0, tokens.on_scrim);
    if response.has_focus() {
        focus_ring(ui.painter(), rect.shrink(2.0), tokens);
    }
    let name = format!("{word}: {of}");
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
    response.on_hover_text(word).clicked()
}
