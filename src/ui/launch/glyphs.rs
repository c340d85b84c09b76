//! A technique's schema as small signs: what goes in → what comes out.

use egui::{Align2, Color32, FontId, Painter, Pos2, Rect, Ui, pos2, vec2};

use crate::model::{InputSpec, MediaKind, Technique};
use crate::ui::theme::{Icon, font, icon, radius, tokens};

/// The sign of what an input takes.
pub fn input_icon(kind: &MediaKind) -> Icon {
    match kind {
        MediaKind::Text => Icon::Type,
        other => output_icon(other),
    }
}

/// The sign of what an output is.
pub fn output_icon(kind: &MediaKind) -> Icon {
    match kind {
        MediaKind::Image => Icon::Image,
        MediaKind::Video => Icon::Film,
        MediaKind::Audio => Icon::AudioLines,
        MediaKind::Text => Icon::TextAlignStart,
        MediaKind::Document => Icon::FileText,
        MediaKind::Other(_) => Icon::Shapes,
    }
}

const SIDE: f32 = 14.0;
const ARROW: f32 = 12.0;
const BETWEEN: f32 = 5.0;

enum Sign {
    Icon(Icon),
    Arrow,
    Words(String),
}

/// Paints `T → ▣ ×4` so that it ends at `right`; returns where it begins.
pub fn flow(painter: &Painter, right: Pos2, technique: &Technique, color: Color32) -> f32 {
    let mut x = right.x;
    for sign in signs(technique).into_iter().rev() {
        match sign {
            Sign::Icon(what) => {
                let center = pos2(x - SIDE / 2.0, right.y);
                icon(painter, center, what, SIDE, color);
                x -= SIDE + BETWEEN;
            }
            Sign::Arrow => {
                let center = pos2(x - ARROW / 2.0, right.y);
                icon(painter, center, Icon::ArrowRight, ARROW, color);
                x -= ARROW + BETWEEN;
            }
            Sign::Words(words) => {
                let at = pos2(x, right.y);
                let area = painter.text(at, Align2::RIGHT_CENTER, words, font::caption(), color);
                x = area.left() - 3.0;
            }
        }
    }
    x + BETWEEN
}

fn signs(technique: &Technique) -> Vec<Sign> {
    let inputs = leading_inputs(technique);
    let mut signs: Vec<Sign> = inputs.map(|kind| Sign::Icon(input_icon(kind))).collect();
    signs.push(Sign::Arrow);
    let outputs = technique.output_counts();
    if let Some((kind, count)) = outputs.first() {
        signs.push(Sign::Icon(output_icon(kind)));
        if *count > 1 {
            signs.push(Sign::Words(format!("×{count}")));
        }
    }
    for (kind, count) in outputs.iter().skip(1) {
        let words = if *count > 1 {
            kind.counted(*count)
        } else {
            kind.noun().to_owned()
        };
        signs.push(Sign::Words(format!("+ {words}")));
    }
    signs
}

/// The kinds that must be given, each once; the first input's when everything is optional.
fn leading_inputs(technique: &Technique) -> impl Iterator<Item = &MediaKind> {
    let mut kinds: Vec<&MediaKind> = Vec::new();
    let required = technique.inputs.iter().filter(|input| !input.optional);
    for InputSpec { kind, .. } in required {
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    if kinds.is_empty() {
        kinds.extend(technique.inputs.first().map(|input| &input.kind));
    }
    kinds.into_iter().take(3)
}

/// What goes in and what comes out, for those who hear it.
pub fn spoken(technique: &Technique) -> String {
    let inputs: Vec<&str> = leading_inputs(technique).map(MediaKind::noun).collect();
    format!("{} to {}", inputs.join(" and "), technique.output_words())
}

/// The tile of a technique that has made no picture yet, composed from its schema.
pub fn cover(ui: &Ui, rect: Rect, technique: &Technique) {
    let tokens = tokens(ui);
    let painter = ui.painter();
    painter.rect_filled(rect, radius::TILE, tokens.bg_hover);
    let first = leading_inputs(technique).next();
    let made = technique.outputs.first().map(|output| &output.kind);
    let (Some(given), Some(made)) = (first, made) else {
        let side = rect.height() * 0.4;
        icon(
            painter,
            rect.center(),
            Icon::Shapes,
            side,
            tokens.text_secondary,
        );
        return;
    };
    let unit = rect.height();
    let from = rect.min + vec2(unit * 0.28, unit * 0.29);
    let to = rect.min + vec2(unit * 0.61, unit * 0.62);
    icon(
        painter,
        from,
        input_icon(given),
        unit * 0.26,
        tokens.text_tertiary,
    );
    icon(
        painter,
        to,
        output_icon(made),
        unit * 0.42,
        tokens.text_secondary,
    );
    if technique.outputs.len() > 1 {
        painter.text(
            rect.right_top() + vec2(-4.0, 4.0),
            Align2::RIGHT_TOP,
            format!("×{}", technique.outputs.len()),
            FontId::proportional(9.0),
            tokens.text_tertiary,
        );
    }
}
