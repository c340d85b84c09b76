//! The bar above the stage: what it is, how large it is shown, and what can be done with it.

use egui::{Align, Layout, Margin, Panel, Response, Role, Sense, Ui, WidgetInfo, vec2};

use super::keys::copy_content;
use super::zoom::{Zoom, percent};
use super::{Chrome, Ground, Screen, Subject};
use crate::model::MediaKind;
use crate::settings::InspectorPanel;
use crate::state::Action;
use crate::ui::Frame;
use crate::ui::theme::{Icon, font, radius, size, space, tokens};
use crate::ui::widgets::{
    ButtonKind, button, focus_ring, icon_button, label_in, quiet_button, small_icon_button,
    truncated,
};

/// From this width on the buttons have words.
const WIDE: f32 = 1180.0;

/// Paints the bar across the top.
pub(super) fn ui(ui: &mut Ui, screen: &mut Screen, subject: &Subject<'_>, frame: &mut Frame<'_>) {
    let ground = egui::Frame::new()
        .fill(tokens(ui).bg_panel)
        .inner_margin(Margin::symmetric(12, 0));
    Panel::top("viewer-bar")
        .exact_size(size::VIEWER_BAR)
        .resizable(false)
        .show_separator_line(false)
        .frame(ground)
        .show(ui, |ui| {
            ui.spacing_mut().item_spacing.x = space::S;
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                if icon_button(ui, Icon::X, "Close").clicked() {
                    frame.actions.push(Action::CloseViewer);
                }
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    commands(ui, screen, subject, frame);
                    ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                        title(ui, subject);
                    });
                });
            });
        });
}

fn title(ui: &mut Ui, subject: &Subject<'_>) {
    let tokens = tokens(ui);
    let run = subject.run;
    let width = ui.available_width() - space::L;
    let (rect, response) = ui.allocate_exact_size(vec2(width, 24.0), Sense::hover());
    let name = truncated(
        ui.painter(),
        &run.technique_name,
        font::body_medium(),
        tokens.text_primary,
        width,
    );
    let end = rect.left() + name.size().x + space::M;
    let at = egui::pos2(rect.left(), rect.center().y - name.size().y / 2.0);
    ui.painter().galley(at, name, tokens.text_primary);
    let position = format!("{} of {}", subject.output.index + 1, run.outputs.len());
    let about = if run.summary.is_empty() {
        position
    } else {
        format!("{position} · {}", run.summary)
    };
    let rest = rect.with_min_x(end.min(rect.right()));
    label_in(
        ui.painter(),
        rest,
        &about,
        font::secondary(),
        tokens.text_secondary,
    );
    let spoken = format!("{}, {about}", run.technique_name);
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &spoken));
    response.on_hover_text(&*run.summary);
}

/// From the right: the most important last.
fn commands(ui: &mut Ui, screen: &mut Screen, subject: &Subject<'_>, frame: &mut Frame<'_>) {
    let wide = ui.ctx().content_rect().width() >= WIDE;
    let open = frame.state.settings.panels.inspector == InspectorPanel::Shown;
    let (glyph, name) = if open {
        (Icon::PanelRightClose, "Hide the inspector (I)")
    } else {
        (Icon::PanelRightOpen, "Show the inspector (I)")
    };
    if icon_button(ui, glyph, name).clicked() {
        frame.actions.push(Action::ToggleInspector);
    }
    save(ui, subject, frame);
    if named(ui, wide, Icon::RotateCcw, "Run again…").clicked() {
        frame.actions.push(Action::FillFrom(subject.run.key));
    }
    // The other kinds have this button on the stage.
    let here = matches!(subject.output.kind, MediaKind::Image | MediaKind::Text);
    if here && icon_button(ui, Icon::ExternalLink, "Open in default app").clicked() {
        frame.actions.push(Action::OpenOutput(subject.output.key));
    }
    if icon_button(ui, Icon::Copy, copy_name(&subject.output.kind)).clicked() {
        copy_content(subject, frame);
    }
    if subject.output.kind == MediaKind::Image {
        ui.add_space(space::XS);
        view(ui, screen);
    }
}

fn save(ui: &mut Ui, subject: &Subject<'_>, frame: &mut Frame<'_>) {
    let save = quiet_button(ui, ButtonKind::Primary, Some(Icon::Download), "Save as…");
    if save.on_hover_text("Ctrl S").clicked() {
        let outputs = vec![subject.output.key];
        frame.actions.push(Action::SaveOutputs(outputs));
    }
}

fn copy_name(kind: &MediaKind) -> &'static str {
    match kind {
        MediaKind::Image => "Copy picture",
        MediaKind::Text => "Copy text",
        _ => "Copy file path",
    }
}

fn named(ui: &mut Ui, wide: bool, glyph: Icon, name: &str) -> Response {
    if wide {
        button(ui, Some(glyph), name)
    } else {
        icon_button(ui, glyph, name)
    }
}

/// How the picture is shown: its zoom and its ground. Right to left, as its neighbours.
fn view(ui: &mut Ui, screen: &mut Screen) {
    if small_icon_button(ui, Icon::Maximize, "Hide everything else (F)").clicked() {
        screen.chrome = Chrome::Hidden;
    }
    let ground = match screen.ground {
        Ground::Theme => "Ground: as the window (V)",
        Ground::Black => "Ground: black (V)",
        Ground::Grey => "Ground: 18 % grey (V)",
        Ground::White => "Ground: white (V)",
    };
    if small_icon_button(ui, Icon::Contrast, ground).clicked() {
        screen.ground = screen.ground.next();
    }
    let Some(scale) = screen.picture.scale else {
        return;
    };
    let (text, name) = match screen.zoom {
        Zoom::Fit => (
            format!("Fit · {}", percent(scale)),
            format!("Fitted at {}, show pixel for pixel", percent(scale)),
        ),
        Zoom::At { .. } => (
            percent(scale),
            format!("Zoom {}, fit the picture", percent(scale)),
        ),
    };
    if zoom_button(ui, &text, &name).clicked() {
        screen.picture.toggle = true;
    }
}

fn zoom_button(ui: &mut Ui, text: &str, name: &str) -> Response {
    let tokens = tokens(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(88.0, size::HIT), Sense::click());
    if response.hovered() {
        ui.painter()
            .rect_filled(rect, radius::BUTTON, tokens.bg_hover);
    }
    if response.has_focus() {
        focus_ring(ui.painter(), rect, tokens);
    }
    let galley =
        ui.painter()
            .layout_no_wrap(text.to_owned(), font::secondary(), tokens.text_secondary);
    ui.painter().galley(
        rect.center() - galley.size() / 2.0,
        galley,
        tokens.text_secondary,
    );
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, name));
    response.on_hover_text("Fit or 100 % (Z)")
}
