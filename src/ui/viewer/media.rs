//! Films, sounds and documents: a large still or sign, what was measured of them, and the way to their own app.

use egui::{Align, Align2, Color32, FontId, Layout, Rect, Sense, Ui, UiBuilder, pos2, vec2};

use super::Subject;
use super::picture::Best;
use super::stage::{away, explain, waiting};
use crate::model::{MediaKind, Output};
use crate::state::Action;
use crate::ui::Frame;
use crate::ui::theme::{Icon, font, icon, radius, space, tokens};
use crate::ui::widgets::{Fit, button, label, on_stage, picture, thumb};
use crate::ui::words;

/// Height of the facts and the button under the sign, in points.
const FOOT: f32 = 96.0;

/// Paints it into the stage.
pub(super) fn ui(
    ui: &mut Ui,
    subject: &Subject<'_>,
    stage: Rect,
    best: &Best<'_>,
    frame: &mut Frame<'_>,
) {
    let output = subject.output;
    let room = stage.shrink(space::XL);
    let sign = sign_rect(output, best, room.with_max_y(room.bottom() - FOOT));
    match (&output.kind, best.shown()) {
        (MediaKind::Video, Some(shown)) => {
            picture(ui.painter(), shown, sign, Fit::Contain, 0);
            play_sign(ui, sign);
        }
        (MediaKind::Video, None) if away(&output.archive).is_none() => {
            waiting(ui, sign, "Reading the film…");
        }
        (MediaKind::Audio, _) => thumb(ui, frame, output, sign, Fit::Contain),
        _ => page_sign(ui, sign, output),
    }
    let foot = Rect::from_min_max(
        pos2(room.left(), sign.bottom() + space::M),
        room.right_bottom(),
    );
    about(ui, foot, subject, frame);
    if let Some(away) = away(&output.archive) {
        explain(ui, stage, &away, subject, frame);
    }
}

/// Where the sign goes: as large as it may be, in the middle.
fn sign_rect(output: &Output, best: &Best<'_>, room: Rect) -> Rect {
    let size = match (&output.kind, best.shown()) {
        (MediaKind::Video, Some(shown)) => {
            let (width, height) = shown.original;
            let size = vec2(width.max(1) as f32, height.max(1) as f32);
            let fitting = (room.width() / size.x).min(room.height() / size.y).min(1.0);
            size * fitting
        }
        (MediaKind::Video, None) => vec2(320.0, 180.0),
        (MediaKind::Audio, _) => vec2(room.width().min(720.0), room.height().min(180.0)),
        _ => vec2(180.0, 232.0).min(room.size()),
    };
    // The sign and its foot together are in the middle.
    Rect::from_center_size(room.center(), size.floor())
}

fn play_sign(ui: &Ui, sign: Rect) {
    let tokens = tokens(ui);
    let center = sign.center();
    ui.painter().circle_filled(center, 28.0, tokens.scrim);
    icon(
        ui.painter(),
        center + vec2(2.0, 0.0),
        Icon::Play,
        24.0,
        tokens.on_scrim,
    );
}

/// A sheet with a folded look for what has no picture.
fn page_sign(ui: &Ui, sheet: Rect, output: &Output) {
    let tokens = tokens(ui);
    ui.painter()
        .rect_filled(sheet, radius::CARD, tokens.bg_raised);
    icon(
        ui.painter(),
        sheet.center() - vec2(0.0, space::L),
        Icon::FileText,
        48.0,
        tokens.text_secondary,
    );
    let kind = output
        .facts
        .format
        .clone()
        .unwrap_or_else(|| output.kind.noun().to_owned());
    ui.painter().text(
        sheet.center() + vec2(0.0, space::XL + space::XS),
        Align2::CENTER_CENTER,
        kind,
        FontId::proportional(12.0),
        tokens.text_secondary,
    );
}

fn about(ui: &mut Ui, foot: Rect, subject: &Subject<'_>, frame: &mut Frame<'_>) {
    let color: Color32 = tokens(ui).text_secondary;
    let builder = UiBuilder::new()
        .max_rect(foot)
        .layout(Layout::top_down(Align::Center));
    ui.scope_builder(builder, |ui| {
        on_stage(ui);
        let facts = facts(subject.output);
        if facts.is_empty() {
            ui.allocate_exact_size(vec2(1.0, 16.0), Sense::hover());
        } else {
            label(ui, facts, font::body(), color);
        }
        ui.add_space(space::XS);
        if button(ui, Some(Icon::ExternalLink), "Open in default app").clicked() {
            frame.actions.push(Action::OpenOutput(subject.output.key));
        }
    });
}

/// "0:08 · 960 × 540 · MP4 · H.264 · 1.8 MB"
fn facts(output: &Output) -> String {
    let facts = &output.facts;
    let parts = [
        facts
            .duration_ms
            .map(|milliseconds| words::elapsed(milliseconds as i64)),
        facts.dimensions(),
        facts
            .pages
            .map(|pages| words::counted(pages as usize, "page")),
        facts.format.clone(),
        output.bytes.map(words::bytes),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}
