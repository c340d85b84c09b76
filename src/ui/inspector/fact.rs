//! One fact: its name at the left, its value beside it.

use std::path::Path;

use egui::{Align, FontId, Label, Layout, Response, RichText, Ui, vec2};

use super::Frame;
use crate::state::Action;
use crate::ui::theme::{Icon, font, size, space, tokens};
use crate::ui::widgets::tiny_icon_button;

/// Room for the names, in points.
const NAMES: f32 = 94.0;
/// Height of a line, in points.
const LINE: f32 = 16.0;

/// A fact in words, which can be marked and copied. Long values wrap.
pub fn fact(ui: &mut Ui, name: &str, value: &str) -> Response {
    row(ui, name, |ui| text(ui, value, font::secondary()))
}

/// A path, of which the end matters; the whole is in its tooltip.
pub fn path_fact(ui: &mut Ui, name: &str, path: &Path) {
    let short = short_path(path);
    row(ui, name, |ui| {
        let color = tokens(ui).text_secondary;
        let text = RichText::new(short).font(font::secondary()).color(color);
        ui.add(Label::new(text).truncate())
            .on_hover_text(path.display().to_string())
    });
}

/// An id with a button that copies it.
pub fn id_fact(ui: &mut Ui, name: &str, id: &str, frame: &mut Frame<'_>) {
    let room = vec2(ui.available_width(), size::BUTTON_SMALL);
    ui.allocate_ui_with_layout(room, Layout::left_to_right(Align::Center), |ui| {
        ui.spacing_mut().item_spacing.x = 0.0;
        name_label(ui, name, size::BUTTON_SMALL);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = space::XS;
            if tiny_icon_button(ui, Icon::Copy, &format!("Copy {name}")).clicked() {
                frame.actions.push(Action::CopyText(id.to_owned()));
            }
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                let color = tokens(ui).text_secondary;
                let text = RichText::new(id).font(font::mono()).color(color);
                ui.add(Label::new(text).truncate()).on_hover_text(id);
            });
        });
    });
}

fn row<R>(ui: &mut Ui, name: &str, value: impl FnOnce(&mut Ui) -> R) -> R {
    let inner = ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = 0.0;
        ui.spacing_mut().interact_size.y = LINE;
        name_label(ui, name, LINE);
        value(ui)
    });
    inner.inner
}

/// The name, on the line its value begins on.
fn name_label(ui: &mut Ui, name: &str, height: f32) {
    let color = tokens(ui).text_tertiary;
    let layout = Layout::left_to_right(if height > LINE {
        Align::Center
    } else {
        Align::Min
    });
    let room = vec2(NAMES, height);
    ui.allocate_ui_with_layout(room, layout, |ui| {
        ui.set_width(NAMES - space::S);
        let text = RichText::new(name).font(font::secondary()).color(color);
        ui.add(Label::new(text).truncate());
    });
    ui.add_space(space::S);
}

fn text(ui: &mut Ui, value: &str, font: FontId) -> Response {
    let color = tokens(ui).text_secondary;
    let text = RichText::new(value).font(font).color(color);
    ui.add(Label::new(text).wrap().selectable(true))
}

/// "…/2026/11/run_9f2c/2.png": the last parts of a path.
fn short_path(path: &Path) -> String {
    const KEPT: usize = 4;
    let parts: Vec<_> = path
        .components()
        .map(|part| part.as_os_str().to_string_lossy())
        .collect();
    if parts.len() <= KEPT + 1 {
        return path.display().to_string();
    }
    format!("…/{}", parts[parts.len() - KEPT..].join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_long_path_the_end_is_kept() {
        let long = Path::new("/home/ada/Florist/ws_studio/2026/11/run_9f2c/2.png");
        assert_eq!(short_path(long), "…/2026/11/run_9f2c/2.png");
        assert_eq!(short_path(Path::new("/tmp/a.png")), "/tmp/a.png");
    }
}
