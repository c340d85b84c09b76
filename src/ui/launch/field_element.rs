//! A FLORA element in place of a file: an id, as it was pasted.

use egui::{Margin, RichText, TextEdit, Ui};

use super::field::Field;
use super::form::Screen;
use crate::state::Action;
use crate::ui::Frame;
use crate::ui::theme::{font, tokens};
use crate::ui::widgets::field_frame;

/// Paints the field for an element's id.
pub fn ui(ui: &mut Ui, field: &Field<'_>, screen: &mut Screen, frame: &mut Frame<'_>) {
    let id = field.part("element", 0);
    let mut text = field.value.element.clone().unwrap_or_default();
    if field.lead {
        ui.memory_mut(|memory| memory.request_focus(id));
    }
    let focused = ui.memory(|memory| memory.has_focus(id));
    let quiet = tokens(ui).text_tertiary;
    let edit = TextEdit::singleline(&mut text)
        .id(id)
        .frame(egui::Frame::NONE.inner_margin(Margin::symmetric(10, 8)))
        .font(font::field())
        .hint_text(
            RichText::new("Paste an element id")
                .font(font::field())
                .color(quiet),
        )
        .desired_width(f32::INFINITY);
    let response = field_frame(ui, focused, field.error.is_some())
        .show(ui, |ui| ui.add(edit).labelled_by(field.label))
        .inner;
    if response.changed() {
        frame.actions.push(Action::SetElement {
            input: field.spec.id.clone(),
            element: Some(text),
        });
    }
    if response.lost_focus() {
        screen.left.push(field.spec.id.clone());
    }
}
