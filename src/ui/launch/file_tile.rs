//! One file in the form: what it is, whether it fits, and how to be rid of it.

use std::sync::Arc;

use egui::{Margin, Rect, Response, RichText, Role, Sense, Ui, UiBuilder, Vec2, WidgetInfo, vec2};

use super::field::Field;
use super::field_file::{beside, named_link, wants_removal};
use super::fit::{self, Verdict};
use super::glyphs;
use crate::model::{FileDraft, InputFile, MediaKind, PreviewKey, Problem};
use crate::state::Action;
use crate::ui::Frame;
use crate::ui::textures::Picture;
use crate::ui::theme::{Icon, font, icon, radius, space, tokens};
use crate::ui::widgets::{Fit, field_frame, focus_ring, label, picture, ring, waveform};
use crate::ui::words;

/// Side of the picture of a field's only file.
const LARGE: f32 = 96.0;
/// Side of the picture where a field takes several.
const SMALL: f32 = 56.0;

/// Paints the tile of a file.
pub fn ui(
    ui: &mut Ui,
    field: &Field<'_>,
    index: usize,
    file: &FileDraft,
    frame: &mut Frame<'_>,
) -> Response {
    let side = if field.spec.allow_multiple {
        SMALL
    } else {
        LARGE
    };
    let id = field.part("file", index);
    let error = field.error.is_some() || matches!(file, FileDraft::Refused { .. });
    let builder = UiBuilder::new()
        .scope_id(id)
        .sense(Sense::focusable_noninteractive());
    let shown = ui.scope_builder(builder, |ui| {
        field_frame(ui, false, error)
            .inner_margin(Margin::same(8))
            .show(ui, |ui| {
                ui.set_width(ui.available_width());
                ui.horizontal(|ui| {
                    ui.spacing_mut().item_spacing.x = space::M;
                    let (rect, _) = ui.allocate_exact_size(Vec2::splat(side), Sense::hover());
                    face(ui, rect, file, frame);
                    beside(ui, id, side, |ui| {
                        ui.spacing_mut().item_spacing.y = 2.0;
                        ui.spacing_mut().interact_size.y = 0.0;
                        words_of(ui, field, file);
                        ui.add_space(4.0);
                        links(ui, field, index, file, frame);
                    });
                });
            });
    });
    let response = shown.response;
    if response.has_focus() {
        focus_ring(ui.painter(), response.rect, tokens(ui));
    }
    response.widget_info(|| WidgetInfo::labeled(Role::Group, true, spoken(field, file)));
    if wants_removal(ui, response.id) {
        frame.actions.push(remove(field, index));
    }
    response
}

fn spoken(field: &Field<'_>, file: &FileDraft) -> String {
    let name = &field.spec.name;
    match file {
        FileDraft::Checking { label, .. } => format!("{name}: checking {label}"),
        FileDraft::Ready(file) => format!("{name}: {}, {}", file.name, facts(file)),
        FileDraft::Url(url) => format!("{name}: {url}"),
        FileDraft::Refused { label, problem } => format!("{name}: {label}, {}", problem.summary),
    }
}

fn face(ui: &mut Ui, rect: Rect, file: &FileDraft, frame: &mut Frame<'_>) {
    let tokens = tokens(ui);
    let sign = |what: Icon, color| {
        ui.painter()
            .rect_filled(rect, radius::TILE, tokens.bg_raised);
        icon(ui.painter(), rect.center(), what, 24.0, color);
    };
    match file {
        FileDraft::Checking { .. } => {
            ui.painter()
                .rect_filled(rect, radius::TILE, tokens.bg_raised);
            ring(ui, rect.center(), 20.0, tokens.text_tertiary);
        }
        FileDraft::Url(_) => sign(Icon::Link, tokens.text_secondary),
        FileDraft::Refused { .. } => sign(Icon::OctagonX, tokens.failed.text),
        FileDraft::Ready(file) => ready_face(ui, rect, file, frame),
    }
}

fn ready_face(ui: &Ui, rect: Rect, file: &InputFile, frame: &mut Frame<'_>) {
    let tokens = tokens(ui);
    let pictured = matches!(file.kind, MediaKind::Image | MediaKind::Video);
    if pictured {
        let key = PreviewKey::input(Arc::clone(&file.hash));
        let shown = frame
            .textures
            .get(ui, &frame.state.previews, &key, frame.actions);
        if let Picture::Shown(shown) = shown {
            return picture(ui.painter(), &shown, rect, Fit::Cover, radius::TILE);
        }
    }
    ui.painter()
        .rect_filled(rect, radius::TILE, tokens.bg_raised);
    if file.kind == MediaKind::Audio && !file.facts.peaks.is_empty() {
        return waveform(ui, &file.facts.peaks, rect.shrink(8.0));
    }
    let what = glyphs::output_icon(&file.kind);
    icon(
        ui.painter(),
        rect.center(),
        what,
        24.0,
        tokens.text_secondary,
    );
}

fn words_of(ui: &mut Ui, field: &Field<'_>, file: &FileDraft) {
    let tokens = tokens(ui);
    match file {
        FileDraft::Checking { label: name, .. } => {
            name_line(ui, name);
            label(
                ui,
                "Reading and checking…",
                font::secondary(),
                tokens.text_tertiary,
            );
        }
        FileDraft::Ready(file) => {
            name_line(ui, &file.name);
            label(ui, facts(file), font::secondary(), tokens.text_tertiary);
            for verdict in fit::check(field.spec, &file.facts) {
                verdict_line(ui, &verdict);
            }
        }
        FileDraft::Url(url) => {
            name_line(ui, url);
            let text = "FLORA fetches it when the run starts";
            label(ui, text, font::secondary(), tokens.text_tertiary);
        }
        FileDraft::Refused { label, problem } => refusal(ui, label, problem),
    }
}

fn name_line(ui: &mut Ui, name: &str) {
    let color = tokens(ui).text_primary;
    let text = RichText::new(name).font(font::body_medium()).color(color);
    ui.add(egui::Label::new(text).truncate());
}

fn refusal(ui: &mut Ui, name: &str, problem: &Problem) {
    let tokens = tokens(ui);
    name_line(ui, name);
    label(ui, &problem.summary, font::secondary(), tokens.failed.text);
    if !problem.hint.is_empty() {
        label(ui, &problem.hint, font::secondary(), tokens.text_tertiary);
    }
}

fn verdict_line(ui: &mut Ui, verdict: &Verdict) {
    let tokens = tokens(ui);
    let (what, color, text) = match verdict {
        Verdict::Matches(text) => (Icon::Check, tokens.done.text, text),
        Verdict::Differs(text) => (Icon::TriangleAlert, tokens.needs_you.text, text),
    };
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = 5.0;
        let (rect, _) = ui.allocate_exact_size(vec2(12.0, 15.0), Sense::hover());
        icon(ui.painter(), rect.center(), what, 12.0, color);
        // In a row of its own a text would not wrap.
        ui.vertical(|ui| label(ui, text, font::secondary(), color));
    });
}

/// `2400 × 1600 · 1.8 MB`, `0:08 · 960 × 540 · 4.2 MB`, `6 pages · 240 KB`
fn facts(file: &InputFile) -> String {
    let facts = &file.facts;
    let length = facts
        .duration_ms
        .map(|milliseconds| words::elapsed(i64::try_from(milliseconds).unwrap_or(i64::MAX)));
    let pages = facts
        .pages
        .map(|pages| words::counted(pages as usize, "page"));
    let format = facts
        .format
        .clone()
        .filter(|_| file.kind != MediaKind::Image && facts.width.is_none());
    let parts = [
        length,
        facts.dimensions(),
        pages,
        format,
        Some(words::bytes(file.bytes)),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

fn links(ui: &mut Ui, field: &Field<'_>, index: usize, file: &FileDraft, frame: &mut Frame<'_>) {
    let name = &field.spec.name;
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 14.0;
        let replaceable = !field.spec.allow_multiple && !matches!(file, FileDraft::Checking { .. });
        if replaceable && named_link(ui, "Replace…", &format!("Replace {name}…")).clicked() {
            frame.actions.push(Action::Browse(field.spec.id.clone()));
        }
        let what = if field.spec.allow_multiple {
            format!("Remove {name} {}", index + 1)
        } else {
            format!("Remove {name}")
        };
        if named_link(ui, "Remove", &what).clicked() {
            frame.actions.push(remove(field, index));
        }
    });
}

fn remove(field: &Field<'_>, index: usize) -> Action {
    Action::RemoveFile {
        input: field.spec.id.clone(),
        index,
    }
}
