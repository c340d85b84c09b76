//! `Ctrl+E`: a text input in a large window of its own.

use egui::{Align, Id, Key, Layout, Modal, Modifiers, ScrollArea, TextEdit, Ui, vec2};

use super::form::Screen;
use crate::model::{InputId, Technique};
use crate::state::Action;
use crate::ui::theme::{font, space, tokens};
use crate::ui::widgets::{ButtonKind, field_frame, label, quiet_button};
use crate::ui::words;
use crate::ui::{Frame, animation};

/// Which value is being edited.
pub struct Editor {
    input: InputId,
    index: usize,
    /// The small field, which gets the keyboard back.
    from: Id,
    fresh: bool,
}

impl Editor {
    pub fn new(input: InputId, index: usize, from: Id) -> Self {
        Self {
            input,
            index,
            from,
            fresh: true,
        }
    }
}

/// Paints the editor, if it is open.
pub fn ui(ui: &Ui, technique: &Technique, screen: &mut Screen, frame: &mut Frame<'_>) {
    let Some(editor) = &mut screen.editor else {
        return;
    };
    let spec = technique.input(&editor.input);
    let (Some(spec), Some(draft)) = (spec, frame.state.launch.draft()) else {
        screen.editor = None;
        return;
    };
    let mut text = draft.text(&editor.input, editor.index).to_owned();
    let window = ui.ctx().content_rect().size();
    let size = vec2(
        (window.x - 160.0).clamp(320.0, 760.0),
        (window.y - 280.0).clamp(200.0, 520.0),
    );
    let margin = egui::Frame::popup(ui.style()).inner_margin(20);
    let id = Id::unique("launch editor");
    let text_id = id.with("text");
    // A window that was just opened cannot have the keyboard in its first frames.
    editor.fresh &= !ui.memory(|memory| memory.has_focus(text_id));
    let fresh = editor.fresh;
    let shown = Modal::new(id).frame(margin).show(ui.ctx(), |ui| {
        ui.set_width(size.x);
        let name = label(ui, &spec.name, font::section(), tokens(ui).text_primary).id;
        ui.add_space(space::XS);
        let changed = field(ui, text_id, name, size.y, fresh, &mut text);
        ui.add_space(space::S);
        (changed, bottom(ui, &text))
    });
    let (changed, done) = shown.inner;
    if changed {
        frame.actions.push(Action::EditText {
            input: editor.input.clone(),
            index: editor.index,
            text,
        });
    }
    if done || shown.should_close() {
        screen.refocus = Some(editor.from);
        screen.editor = None;
    }
}

fn field(ui: &mut Ui, id: Id, name: Id, height: f32, fresh: bool, text: &mut String) -> bool {
    if fresh {
        ui.memory_mut(|memory| memory.request_focus(id));
        animation::continue_next_frame(ui);
    }
    let focused = ui.memory(|memory| memory.has_focus(id));
    field_frame(ui, focused, false)
        .show(ui, |ui| {
            ui.spacing_mut().extra_text_line_spacing = 5.0;
            ScrollArea::vertical()
                .max_height(height)
                .min_scrolled_height(height)
                .auto_shrink(false)
                .show(ui, |ui| {
                    let edit = TextEdit::multiline(text)
                        .id(id)
                        .frame(egui::Frame::NONE.inner_margin(14))
                        .font(font::reading())
                        .desired_width(f32::INFINITY)
                        .min_size(vec2(0.0, height));
                    ui.add(edit).labelled_by(name).changed()
                })
                .inner
        })
        .inner
}

/// The count, and the way back. True when one is done.
fn bottom(ui: &mut Ui, text: &str) -> bool {
    let words = words::counted(text.split_whitespace().count(), "word");
    let characters = words::counted(text.chars().count(), "character");
    let key = ui.input_mut(|input| input.consume_key(Modifiers::COMMAND, Key::E));
    ui.horizontal(|ui| {
        let quiet = tokens(ui).text_tertiary;
        label(
            ui,
            format!("{words} · {characters}"),
            font::secondary(),
            quiet,
        );
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            quiet_button(ui, ButtonKind::Primary, None, "Done").clicked() || key
        })
        .inner
    })
    .inner
}
