//! A text input: grows with what is typed, remembers what was typed before, takes several values where it may.

use egui::text::{CCursor, CCursorRange};
use egui::{
    Id, Key, Margin, Modifiers, Response, RichText, Role, ScrollArea, Sense, TextEdit, Ui,
    WidgetInfo,
};

use super::editor::Editor;
use super::field::Field;
use super::form::Screen;
use super::recall::Leaf;
use crate::state::Action;
use crate::ui::theme::{Icon, font, icon, size, space, tokens};
use crate::ui::widgets::{field_frame, label, link, small_icon_button};
use crate::ui::words;
use crate::ui::{Frame, animation};

/// Height of a line while typing, in points.
const LINE: f32 = 19.0;
const MOST_LINES: f32 = 12.0;
const PADDING: Margin = Margin {
    left: 10,
    right: 10,
    top: 7,
    bottom: 8,
};

/// Paints the values of a text field.
pub fn ui(ui: &mut Ui, field: &Field<'_>, screen: &mut Screen, frame: &mut Frame<'_>) {
    let several = field.spec.allow_multiple;
    let values = field.value.texts.len().max(1);
    for index in 0..values {
        if index > 0 {
            ui.add_space(6.0);
        }
        if several && values > 1 {
            removable(ui, field, index, screen, frame);
        } else {
            value(ui, field, index, screen, frame);
        }
    }
    if several {
        more(ui, field, frame);
    }
}

fn removable(
    ui: &mut Ui,
    field: &Field<'_>,
    index: usize,
    screen: &mut Screen,
    frame: &mut Frame<'_>,
) {
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = space::XS;
        let width = ui.available_width() - size::HIT - space::XS;
        ui.vertical(|ui| {
            ui.set_width(width);
            value(ui, field, index, screen, frame);
        });
        let name = format!("Remove {}", value_name(field, index));
        if small_icon_button(ui, Icon::X, &name).clicked() {
            frame.actions.push(Action::RemoveText {
                input: field.spec.id.clone(),
                index,
            });
        }
    });
}

fn more(ui: &mut Ui, field: &Field<'_>, frame: &mut Frame<'_>) {
    let tokens = tokens(ui);
    ui.add_space(space::XS);
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 6.0;
        let (sign, _) = ui.allocate_exact_size(egui::Vec2::splat(14.0), Sense::hover());
        icon(ui.painter(), sign.center(), Icon::Plus, 14.0, tokens.accent);
        if link(ui, "Add another value").clicked() {
            frame.actions.push(Action::AddText(field.spec.id.clone()));
        }
        let answered = field.value.value_count(field.spec);
        if answered > 1 {
            ui.add_space(space::S);
            let text = format!("{}, one run each", words::counted(answered, "value"));
            label(ui, text, font::secondary(), tokens.text_tertiary);
        }
    });
}

fn value_name(field: &Field<'_>, index: usize) -> String {
    if field.spec.allow_multiple {
        format!("{} {}", field.spec.name, index + 1)
    } else {
        field.spec.name.clone()
    }
}

fn value(ui: &mut Ui, field: &Field<'_>, index: usize, screen: &mut Screen, frame: &mut Frame<'_>) {
    let id = field.part("text", index);
    let mut text = field.value.texts.get(index).cloned().unwrap_or_default();
    if field.lead && index == 0 {
        ui.memory_mut(|memory| memory.request_focus(id));
    }
    give_back(ui, id, &text, screen);
    let focused = ui.memory(|memory| memory.has_focus(id));
    let recalled = focused && keys(ui, field, index, id, &text, screen, frame);
    let response = edit(ui, field, index, id, &mut text);
    if response.changed() && !recalled {
        frame.actions.push(Action::EditText {
            input: field.spec.id.clone(),
            index,
            text,
        });
    }
    if response.lost_focus() {
        screen.left.push(field.spec.id.clone());
    }
    past_line(ui, field, focused, frame);
}

/// The keyboard comes back from the large editor, as soon as nothing lies over the form any more.
fn give_back(ui: &Ui, id: Id, text: &str, screen: &mut Screen) {
    if screen.refocus != Some(id) || screen.editor.is_some() {
        return;
    }
    if ui.memory(|memory| memory.has_focus(id)) {
        screen.refocus = None;
    } else {
        cursor_to_end(ui, id, text);
        ui.memory_mut(|memory| memory.request_focus(id));
        animation::continue_next_frame(ui);
    }
}

fn edit(ui: &mut Ui, field: &Field<'_>, index: usize, id: Id, text: &mut String) -> Response {
    let tokens = tokens(ui);
    let focused = ui.memory(|memory| memory.has_focus(id));
    let rows = if field.spec.optional || field.spec.allow_multiple {
        1
    } else {
        3
    };
    let placeholder = field.spec.description.as_deref().unwrap_or_default();
    let most = MOST_LINES * LINE + PADDING.sum().y;
    field_frame(ui, focused, field.error.is_some())
        .show(ui, |ui| {
            let row_height = ui.fonts_mut(|fonts| fonts.row_height(&font::field()));
            ui.spacing_mut().extra_text_line_spacing = (LINE - row_height).max(0.0);
            let scroll = ScrollArea::vertical()
                .id_salt(id)
                .max_height(most)
                .auto_shrink([false, true]);
            let edit = TextEdit::multiline(text)
                .id(id)
                .frame(egui::Frame::NONE.inner_margin(PADDING))
                .font(font::field())
                .text_color(tokens.text_primary)
                .hint_text(
                    RichText::new(placeholder)
                        .font(font::field())
                        .color(tokens.text_tertiary),
                )
                .desired_rows(rows)
                .desired_width(f32::INFINITY);
            let response = scroll.show(ui, |ui| ui.add(edit)).inner;
            name(response, field, index, text)
        })
        .inner
}

/// The label names the field; of several values each has a number of its own.
fn name(response: Response, field: &Field<'_>, index: usize, text: &str) -> Response {
    if !field.spec.allow_multiple {
        return response.labelled_by(field.label);
    }
    response.widget_info(|| {
        let mut info = WidgetInfo::text_edit(true, text, text, "");
        info.role = Role::MultilineTextInput;
        info.label = Some(value_name(field, index));
        info
    });
    response
}

/// Leafing through the past, and the large editor. True when the text was changed here.
fn keys(
    ui: &Ui,
    field: &Field<'_>,
    index: usize,
    id: Id,
    text: &str,
    screen: &mut Screen,
    frame: &mut Frame<'_>,
) -> bool {
    if ui.input_mut(|input| input.consume_key(Modifiers::COMMAND, Key::E)) {
        screen.editor = Some(Editor::new(field.spec.id.clone(), index, id));
        return false;
    }
    let leaf = ui.input_mut(|input| {
        if input.consume_key(Modifiers::ALT, Key::ArrowUp) {
            Some(Leaf::Older)
        } else if input.consume_key(Modifiers::ALT, Key::ArrowDown) {
            Some(Leaf::Newer)
        } else {
            None
        }
    });
    let past = frame.state.launch.recent(&field.spec.id);
    let Some(recalled) = leaf.and_then(|leaf| screen.recall.step(id, text, past, leaf)) else {
        return false;
    };
    cursor_to_end(ui, id, &recalled);
    frame.actions.push(Action::EditText {
        input: field.spec.id.clone(),
        index,
        text: recalled,
    });
    true
}

fn cursor_to_end(ui: &Ui, id: Id, text: &str) {
    if let Some(mut state) = TextEdit::load_state(ui.ctx(), id) {
        let end = CCursor::new(text.chars().count());
        state.cursor.set_char_range(Some(CCursorRange::one(end)));
        state.store(ui.ctx(), id);
    }
}

/// Says how to get at the past. Its room is always kept where there is one, so that nothing moves on a click.
fn past_line(ui: &mut Ui, field: &Field<'_>, focused: bool, frame: &Frame<'_>) {
    if frame.state.launch.recent(&field.spec.id).is_empty() || field.error.is_some() {
        return;
    }
    let (rect, _) =
        ui.allocate_exact_size(egui::vec2(ui.available_width(), 10.0), egui::Sense::hover());
    if focused {
        // It reaches into the room that is kept below every field.
        let at = rect.left_top() + egui::vec2(0.0, 4.0);
        ui.painter().text(
            at,
            egui::Align2::LEFT_TOP,
            "Alt ↑ for what you wrote before",
            font::caption(),
            tokens(ui).text_tertiary,
        );
    }
}
