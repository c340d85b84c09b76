//! Typing the address of a file on the web.

use egui::{Key, Margin, Popup, PopupCloseBehavior, Rect, RichText, TextEdit, Ui};

use super::field::Field;
use super::form::Screen;
use crate::model::{InputId, MediaSource};
use crate::state::Action;
use crate::ui::theme::{font, space, tokens};
use crate::ui::widgets::{ButtonKind, field_frame, label, quiet_button};
use crate::ui::{Frame, animation};

/// An address as typed.
pub struct UrlEntry {
    input: InputId,
    text: String,
    fresh: bool,
    /// Something other than an address was entered.
    refused: bool,
}

impl UrlEntry {
    pub fn new(input: InputId) -> Self {
        Self {
            input,
            text: String::new(),
            fresh: true,
            refused: false,
        }
    }
}

/// Paints the popup at a field's tile, if it is open there.
pub fn ui(ui: &Ui, field: &Field<'_>, tile: Rect, screen: &mut Screen, frame: &mut Frame<'_>) {
    let Some(entry) = screen
        .url
        .as_mut()
        .filter(|entry| entry.input == field.spec.id)
    else {
        return;
    };
    let mut open = true;
    let popup = Popup::new(field.part("url", 0), ui.ctx().clone(), tile, ui.layer_id())
        .open_bool(&mut open)
        .close_behavior(PopupCloseBehavior::CloseOnClickOutside)
        .width(tile.width())
        .gap(4.0);
    let shown = popup.show(|ui| {
        ui.set_width(tile.width() - 12.0);
        contents(ui, field, entry)
    });
    if let Some(url) = shown.and_then(|shown| shown.inner) {
        frame.actions.push(Action::HandIn {
            input: field.spec.id.clone(),
            source: MediaSource::Url(url),
        });
        open = false;
    }
    if !open {
        screen.url = None;
    }
}

fn contents(ui: &mut Ui, field: &Field<'_>, entry: &mut UrlEntry) -> Option<String> {
    let tokens = tokens(ui);
    let mut given = false;
    let title = format!("Address of a {} on the web", field.spec.kind.noun());
    let name = label(ui, title, font::secondary(), tokens.text_secondary).id;
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = space::S;
        let width = ui.available_width() - 56.0 - space::S;
        let id = field.part("url text", 0);
        // A popup that was just opened cannot have the keyboard in its first frames.
        entry.fresh &= !ui.memory(|memory| memory.has_focus(id));
        if entry.fresh {
            ui.memory_mut(|memory| memory.request_focus(id));
            animation::continue_next_frame(ui);
        }
        let focused = ui.memory(|memory| memory.has_focus(id));
        let edit = TextEdit::singleline(&mut entry.text)
            .id(id)
            .frame(egui::Frame::NONE.inner_margin(Margin::symmetric(10, 7)))
            .font(font::body())
            .hint_text(RichText::new("https://").color(tokens.text_tertiary))
            .desired_width(width);
        let response = field_frame(ui, focused, entry.refused)
            .show(ui, |ui| ui.add(edit).labelled_by(name))
            .inner;
        entry.refused &= !response.changed();
        let enter = ui.input(|input| input.key_pressed(Key::Enter));
        given = response.lost_focus() && enter;
        given |= quiet_button(ui, ButtonKind::Primary, None, "Use").clicked();
    });
    if entry.refused {
        let text = "Enter an address that begins with https://";
        label(ui, text, font::secondary(), tokens.failed.text);
    }
    let url = entry.text.trim();
    entry.refused |= given && !is_address(url);
    (given && is_address(url)).then(|| url.to_owned())
}

/// Whether it looks like the address of a file on the web. Whether FLORA takes it is checked with the form.
pub fn is_address(text: &str) -> bool {
    let text = text.trim();
    let rest = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|rest| !rest.is_empty()) && !text.contains(char::is_whitespace)
}

#[cfg(test)]
mod tests {
    use super::is_address;

    #[test]
    fn an_address_is_told_from_words() {
        assert!(is_address(" https://example.com/a.png "));
        assert!(!is_address("https://"));
        assert!(!is_address("see https://example.com"));
        assert!(!is_address("a.png"));
    }
}
