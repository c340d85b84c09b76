//! An output at thumbnail size: a picture, a text card, a waveform, a document.

use egui::{Align2, Color32, Painter, Rect, Ui, Vec2, pos2, vec2};

use crate::model::{Archive, MediaKind, Output, PreviewKey};
use crate::ui::Frame;
use crate::ui::textures::{Picture, Shown};
use crate::ui::theme::{Icon, font, icon, radius, space, tokens};
use crate::ui::words;

/// How a picture fills its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fit {
    /// The whole picture, with ground around it.
    Contain,
    /// The whole place, with the picture cropped.
    Cover,
}

/// Paints an output into `rect`.
pub fn thumb(ui: &Ui, frame: &mut Frame<'_>, output: &Output, rect: Rect, fit: Fit) {
    let corner = if rect.width() < 64.0 {
        radius::THUMB
    } else {
        radius::TILE
    };
    match output.kind {
        MediaKind::Text => text_card(ui, output, rect, corner),
        MediaKind::Audio => sound(ui, output, rect, corner),
        MediaKind::Document | MediaKind::Other(_) => document(ui, output, rect, corner),
        MediaKind::Image | MediaKind::Video => {
            preview(ui, frame, output, rect, fit, corner);
            if output.kind == MediaKind::Video && rect.width() >= 36.0 {
                duration_badge(ui, output, rect);
            }
        }
    }
}

fn preview(ui: &Ui, frame: &mut Frame<'_>, output: &Output, rect: Rect, fit: Fit, corner: u8) {
    let tokens = tokens(ui);
    let key = PreviewKey::thumb(output.key);
    match frame
        .textures
        .get(ui, &frame.state.previews, &key, frame.actions)
    {
        Picture::Shown(shown) => picture(ui.painter(), &shown, rect, fit, corner),
        Picture::Loading => {
            ui.painter().rect_filled(rect, corner, tokens.bg_hover);
        }
        Picture::Failed(_) => {
            ui.painter().rect_filled(rect, corner, tokens.bg_raised);
            let what = match output.archive {
                Archive::LinkDead => Icon::Unlink,
                _ => Icon::ImageOff,
            };
            let side = (rect.height() * 0.45).clamp(12.0, 28.0);
            icon(
                ui.painter(),
                rect.center(),
                what,
                side,
                tokens.text_tertiary,
            );
        }
    }
}

/// Paints a texture into `rect`.
pub fn picture(painter: &Painter, shown: &Shown, rect: Rect, fit: Fit, corner: u8) {
    let size = shown.texture.size_vec2();
    if size.x <= 0.0 || size.y <= 0.0 {
        return;
    }
    let (place, uv) = match fit {
        Fit::Contain => (
            contained(size, rect),
            Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0)),
        ),
        Fit::Cover => (rect, covering(size, rect.size())),
    };
    painter.add(
        egui::epaint::RectShape::filled(place, corner, Color32::WHITE)
            .with_texture(shown.texture.id(), uv),
    );
}

/// The largest rectangle of that aspect within `rect`.
fn contained(size: Vec2, rect: Rect) -> Rect {
    let scale = (rect.width() / size.x).min(rect.height() / size.y);
    Rect::from_center_size(rect.center(), size * scale)
}

/// The middle part of a picture that has the aspect of `place`.
fn covering(size: Vec2, place: Vec2) -> Rect {
    let scale = (place.x / size.x).max(place.y / size.y);
    let part = vec2(place.x / (size.x * scale), place.y / (size.y * scale));
    Rect::from_center_size(pos2(0.5, 0.5), part)
}

fn text_card(ui: &Ui, output: &Output, rect: Rect, corner: u8) {
    let tokens = tokens(ui);
    ui.painter().rect_filled(rect, corner, tokens.bg_raised);
    let text = output.excerpt.as_deref().unwrap_or_default();
    if rect.width() < 60.0 {
        icon(
            ui.painter(),
            rect.center(),
            Icon::Type,
            rect.height() * 0.42,
            tokens.text_secondary,
        );
        return;
    }
    let size = if rect.height() < 60.0 { 10.0 } else { 12.0 };
    let inner = rect.shrink2(vec2(space::S, (rect.height() * 0.12).clamp(4.0, space::M)));
    let rows = (inner.height() / (size * 1.35)).floor().max(1.0) as usize;
    let words: String = text
        .split_whitespace()
        .take(120)
        .collect::<Vec<_>>()
        .join(" ");
    let mut job = egui::text::LayoutJob::simple(
        words,
        egui::FontId::proportional(size),
        tokens.text_secondary,
        inner.width(),
    );
    job.wrap.max_rows = rows;
    job.wrap.overflow_character = Some('…');
    let galley = ui.painter().layout_job(job);
    ui.painter()
        .with_clip_rect(rect)
        .galley(inner.min, galley, tokens.text_secondary);
}

fn sound(ui: &Ui, output: &Output, rect: Rect, corner: u8) {
    let tokens = tokens(ui);
    ui.painter().rect_filled(rect, corner, tokens.bg_raised);
    let peaks = &output.facts.peaks;
    if peaks.is_empty() {
        icon(
            ui.painter(),
            rect.center(),
            Icon::AudioLines,
            (rect.height() * 0.42).min(32.0),
            tokens.text_secondary,
        );
        return;
    }
    let inner = rect.shrink2(vec2(
        rect.width().min(rect.height()) * 0.14,
        rect.height() * 0.16,
    ));
    waveform(ui, peaks, inner);
}

/// Paints peaks (0 to 1) as bars across `rect`.
pub fn waveform(ui: &Ui, peaks: &[f32], rect: Rect) {
    let tokens = tokens(ui);
    let bars = ((rect.width() / 4.0).floor() as usize).clamp(1, peaks.len().max(1));
    for bar in 0..bars {
        let peak = peaks.get(bar * peaks.len() / bars).copied().unwrap_or(0.0);
        let x = rect.left() + (bar as f32 + 0.5) * rect.width() / bars as f32;
        let half = peak.clamp(0.04, 1.0) * rect.height() / 2.0;
        let y = rect.center().y;
        ui.painter()
            .vline(x, (y - half)..=(y + half), (2.0, tokens.accent));
    }
}

fn document(ui: &Ui, output: &Output, rect: Rect, corner: u8) {
    let tokens = tokens(ui);
    ui.painter().rect_filled(rect, corner, tokens.bg_raised);
    let pages = output
        .facts
        .pages
        .map(|pages| words::counted(pages as usize, "page"));
    match pages {
        Some(pages) if rect.width() >= 72.0 => {
            let side = 16.0;
            let at = pos2(rect.left() + space::M + side / 2.0, rect.center().y);
            icon(
                ui.painter(),
                at,
                Icon::FileText,
                side,
                tokens.text_secondary,
            );
            let text = pos2(at.x + side / 2.0 + space::S, rect.center().y);
            ui.painter().text(
                text,
                Align2::LEFT_CENTER,
                pages,
                font::caption(),
                tokens.text_secondary,
            );
        }
        _ => {
            let side = (rect.height() * 0.45).clamp(12.0, 32.0);
            icon(
                ui.painter(),
                rect.center(),
                Icon::FileText,
                side,
                tokens.text_secondary,
            );
        }
    }
}

fn duration_badge(ui: &Ui, output: &Output, rect: Rect) {
    let text = match output.facts.duration_ms {
        Some(milliseconds) => words::elapsed(milliseconds as i64),
        None => String::new(),
    };
    badge(ui, rect.left_bottom() + vec2(2.0, -2.0), Icon::Play, &text);
}

/// A small dark label on a picture; `corner` is its lower left.
pub fn badge(ui: &Ui, corner: egui::Pos2, what: Icon, text: &str) {
    let tokens = tokens(ui);
    let galley = ui.painter().layout_no_wrap(
        text.to_owned(),
        egui::FontId::proportional(10.0),
        tokens.on_scrim,
    );
    let gap = if text.is_empty() { 0.0 } else { 3.0 };
    let size = vec2(4.0 + 9.0 + gap + galley.size().x + 4.0, 14.0);
    let rect = Rect::from_min_size(corner - vec2(0.0, size.y), size);
    ui.painter().rect_filled(rect, 3.0, tokens.scrim);
    icon(
        ui.painter(),
        pos2(rect.left() + 4.0 + 4.5, rect.center().y),
        what,
        9.0,
        tokens.on_scrim,
    );
    let at = pos2(
        rect.left() + 4.0 + 9.0 + gap,
        rect.center().y - galley.size().y / 2.0,
    );
    ui.painter().galley(at, galley, tokens.on_scrim);
}
