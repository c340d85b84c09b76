//! Fields: a dark well with a border that turns into the accent when it has the keyboard.

use egui::{Color32, Frame, Id, Margin, Response, Shadow, Stroke, TextEdit, Ui};

use crate::ui::theme::{Icon, font, icon, radius, size, space, tokens};

/// The frame of a field that has the keyboard, holds an error, or neither.
pub fn field_frame(ui: &Ui, focused: bool, error: bool) -> Frame {
    let tokens = tokens(ui);
    let color = match (focused, error) {
        (_, true) => tokens.failed.text,
        (true, false) => tokens.accent,
        (false, false) => tokens.border_control.gamma_multiply(0.55),
    };
    let frame = Frame::new()
        .fill(tokens.bg_input)
        .stroke(Stroke::new(1.0, color))
        .corner_radius(radius::FIELD);
    if focused || error {
        // The second point of the border lies outside: what is in the field does not move.
        let ring = Shadow {
            spread: 1,
            color,
            ..Shadow::NONE
        };
        frame.shadow(ring)
    } else {
        frame
    }
}

/// What a one-line field holds and how it is called.
pub struct TextField<'a> {
    pub text: &'a mut String,
    /// The accessible name.
    pub name: &'a str,
    /// Shown while it is empty.
    pub hint: &'a str,
    /// Of the whole field, in points.
    pub width: f32,
    /// Dots instead of letters.
    pub masked: bool,
    pub error: bool,
}

/// A one-line field in its frame; `end` paints what stands at its right end, in as many points as it asks for.
pub fn text_field(
    ui: &mut Ui,
    id: Id,
    field: TextField<'_>,
    (end_width, end): (f32, impl FnOnce(&mut Ui)),
) -> Response {
    let tokens = tokens(ui);
    let focused = ui.memory(|memory| memory.has_focus(id));
    let right = if end_width > 0.0 { 2 } else { 10 };
    let frame = field_frame(ui, focused, field.error).inner_margin(Margin {
        left: 10,
        right,
        top: 0,
        bottom: 0,
    });
    let shown = frame.show(ui, |ui| {
        ui.spacing_mut().interact_size.y = size::FIELD - 2.0;
        ui.spacing_mut().item_spacing.x = 0.0;
        ui.horizontal(|ui| {
            let hint = egui::RichText::new(field.hint).color(tokens.text_tertiary);
            let width = field.width - 10.0 - f32::from(right) - end_width - 2.0;
            let edit = TextEdit::singleline(field.text)
                .id(id)
                .frame(Frame::NONE)
                .font(font::field())
                .align(egui::Align2::LEFT_CENTER)
                .min_size(egui::vec2(0.0, size::FIELD - 2.0))
                .password(field.masked)
                .hint_text(hint)
                .desired_width(width.max(20.0));
            let response = ui.add(edit);
            ui.accesskit_node_builder(response.id, |node| node.set_label(field.name));
            end(ui);
            response
        })
        .inner
    });
    shown.inner
}

/// A one-line search field with a magnifier. `name` is the accessible name and the placeholder.
pub fn search_field(ui: &mut Ui, id: Id, text: &mut String, name: &str, width: f32) -> Response {
    let tokens = tokens(ui);
    let focused = ui.memory(|memory| memory.has_focus(id));
    let mut inner = None;
    let frame = field_frame(ui, focused, false).inner_margin(Margin {
        left: 10,
        right: 8,
        top: 0,
        bottom: 0,
    });
    frame.show(ui, |ui| {
        ui.spacing_mut().item_spacing.x = space::S;
        // Everything in the line is centred on this height from the start.
        ui.spacing_mut().interact_size.y = size::FIELD - 2.0;
        ui.horizontal(|ui| {
            let (rect, _) =
                ui.allocate_exact_size(egui::Vec2::splat(size::ICON), egui::Sense::hover());
            icon(
                ui.painter(),
                rect.center(),
                Icon::Search,
                size::ICON,
                tokens.text_tertiary,
            );
            let clear = if text.is_empty() { 0.0 } else { 24.0 };
            let edit = TextEdit::singleline(text)
                .id(id)
                .frame(Frame::NONE)
                .font(font::body())
                .align(egui::Align2::LEFT_CENTER)
                .min_size(egui::vec2(0.0, size::FIELD - 2.0))
                .hint_text(egui::RichText::new(name).color(tokens.text_tertiary))
                .desired_width((width - 44.0 - clear).max(20.0));
            let mut response = ui.add(edit);
            response.widget_info(|| {
                let mut info = egui::WidgetInfo::text_edit(true, text.clone(), text.clone(), name);
                info.label = Some(name.to_owned());
                info
            });
            if !text.is_empty() && clear_button(ui) {
                text.clear();
                response.mark_changed();
            }
            inner = Some(response);
        });
    });
    inner.expect("the closure of a frame always runs")
}

fn clear_button(ui: &mut Ui) -> bool {
    let tokens = tokens(ui);
    let (rect, response) = ui.allocate_exact_size(egui::Vec2::splat(16.0), egui::Sense::click());
    let color: Color32 = if response.hovered() {
        tokens.text_primary
    } else {
        tokens.text_tertiary
    };
    icon(ui.painter(), rect.center(), Icon::X, 14.0, color);
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, "Clear search"));
    response.clicked()
}
