//! What a run made: pictures and films in a strip, sounds, documents and texts below each other.

use egui::{Rect, Response, Role, Sense, Ui, UiBuilder, WidgetInfo, vec2};

use super::menu::output_menu;
use super::output_tile;
use crate::model::{Archive, MediaKind, Output, Run};
use crate::state::Action;
use crate::ui::Frame;
use crate::ui::theme::{Icon, font, icon, radius, space, tokens};
use crate::ui::widgets::{focus_ring, label, label_in, label_right, link, waveform};
use crate::ui::words;

/// Points between outputs.
pub const GAP: f32 = 8.0;

/// Height of a sound or a document, in points.
pub const SOUND: f32 = 56.0;

/// Lines of a text in view; all of it is in the viewer.
pub const TEXT_LINES: f32 = 8.0;

const LINE: f32 = 19.0;
const PER_ROW: usize = 4;

/// Larger pictures belong into the viewer, in points.
const LARGEST: f32 = 240.0;

/// How many pictures stand in a row of this width, and the side of each, in points.
pub fn strip_side(pictures: usize, width: f32) -> (usize, f32) {
    let per_row = pictures.clamp(1, PER_ROW);
    let gaps = GAP * (per_row - 1) as f32;
    let side = ((width - gaps) / per_row as f32).floor();
    (per_row, side.clamp(24.0, LARGEST))
}

/// Likely height of the outputs in this width, in points.
pub fn guess(run: &Run, width: f32) -> f32 {
    let pictures = run
        .outputs
        .iter()
        .filter(|output| is_pictured(output))
        .count();
    let (per_row, side) = strip_side(pictures, width);
    let strip = pictures.div_ceil(per_row) as f32 * (side + GAP);
    let others = run.outputs.iter().filter(|output| !is_pictured(output));
    let others = others.map(|output| match output.kind {
        MediaKind::Text => {
            let characters = output
                .excerpt
                .as_deref()
                .map_or(0, |text| text.chars().count());
            let lines = (characters as f32 * 6.6 / (width - 24.0)).ceil();
            lines.clamp(1.0, TEXT_LINES) * LINE + 20.0 + 28.0 + GAP
        }
        _ => SOUND + GAP,
    });
    strip + others.sum::<f32>() - GAP
}

fn is_pictured(output: &Output) -> bool {
    matches!(output.kind, MediaKind::Image | MediaKind::Video)
}

/// Paints the outputs.
pub fn ui(ui: &mut Ui, run: &Run, frame: &mut Frame<'_>) {
    let (pictures, others): (Vec<&Output>, Vec<&Output>) =
        run.outputs.iter().partition(|output| is_pictured(output));
    if !pictures.is_empty() {
        strip(ui, run, &pictures, frame);
    }
    for (index, output) in others.into_iter().enumerate() {
        if index > 0 || !pictures.is_empty() {
            ui.add_space(GAP);
        }
        match output.kind {
            MediaKind::Text => text(ui, run, output, frame),
            _ => line(ui, run, output, frame),
        }
    }
}

fn strip(ui: &mut Ui, run: &Run, pictures: &[&Output], frame: &mut Frame<'_>) {
    let width = ui.available_width();
    let (per_row, side) = strip_side(pictures.len(), width);
    let rows = pictures.len().div_ceil(per_row) as f32;
    let height = rows * (side + GAP) - GAP;
    let (area, _) = ui.allocate_exact_size(vec2(width, height), Sense::hover());
    for (index, output) in pictures.iter().enumerate() {
        let column = (index % per_row) as f32 * (side + GAP);
        let row = (index / per_row) as f32 * (side + GAP);
        let rect = Rect::from_min_size(area.min + vec2(column, row), vec2(side, side));
        output_tile::ui(ui, rect, run, output, frame);
    }
}

/// What a tile is called: "Picture 2 of 4, quiet harbour at dawn".
pub fn spoken(run: &Run, output: &Output) -> String {
    let noun = output.kind.noun();
    let mut letters = noun.chars();
    let capital = letters
        .next()
        .map(|letter| letter.to_uppercase().to_string());
    let noun = format!("{}{}", capital.unwrap_or_default(), letters.as_str());
    let number = match run.outputs.len() {
        1 => String::new(),
        count => format!(" {} of {count}", output.index + 1),
    };
    let of = match run.summary.trim() {
        "" => run.technique_name.to_string(),
        summary => words::shortened(summary, 60),
    };
    format!("{noun}{number}, {of}")
}

/// Where its file is, for those who hear it.
fn kept(output: &Output) -> &'static str {
    match output.archive {
        Archive::Stored => "saved on this computer",
        Archive::Fetching => "on its way here",
        Archive::Remote | Archive::Failed(_) => "not fetched yet",
        Archive::LinkDead => "no longer served by FLORA",
        Archive::Missing => "no longer in the library folder",
    }
}

/// Opens, offers its menu, says its name.
pub fn behave(response: &Response, run: &Run, output: &Output, frame: &mut Frame<'_>) {
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, spoken(run, output)));
    response
        .ctx
        .accesskit_node_builder(response.id, |node| node.set_description(kept(output)));
    if response.clicked() {
        frame.actions.push(Action::OpenViewer(output.key));
    }
    response.context_menu(|ui| output_menu(ui, run, output, frame));
}

/// A sound or a document, on one line.
fn line(ui: &mut Ui, run: &Run, output: &Output, frame: &mut Frame<'_>) {
    let (rect, response) =
        ui.allocate_exact_size(vec2(ui.available_width(), SOUND), Sense::click());
    let tokens = tokens(ui);
    let fill = if response.hovered() {
        tokens.bg_hover
    } else {
        tokens.bg_raised
    };
    ui.painter().rect_filled(rect, radius::TILE, fill);
    let sign = rect.left_center() + vec2(space::M + 8.0, 0.0);
    let words = rect
        .shrink2(vec2(space::M, 0.0))
        .with_min_x(sign.x + 8.0 + space::M);
    let facts = facts(output);
    if output.kind == MediaKind::Audio && !output.facts.peaks.is_empty() {
        icon(
            ui.painter(),
            sign,
            Icon::AudioLines,
            16.0,
            tokens.text_secondary,
        );
        let wave = words
            .with_max_x(words.right() - 56.0)
            .shrink2(vec2(0.0, 10.0));
        waveform(ui, &output.facts.peaks, wave);
        label_right(
            ui.painter(),
            words,
            &facts,
            font::secondary(),
            tokens.text_secondary,
        );
    } else {
        let what = super::glyphs::output_icon(&output.kind);
        icon(ui.painter(), sign, what, 16.0, tokens.text_secondary);
        label_in(
            ui.painter(),
            words,
            &facts,
            font::body(),
            tokens.text_primary,
        );
    }
    if response.has_focus() {
        focus_ring(ui.painter(), rect.shrink(2.0), tokens);
    }
    behave(&response, run, output, frame);
}

/// "0:12", "6 pages · PDF · 240 KB"
fn facts(output: &Output) -> String {
    let facts = &output.facts;
    if output.kind == MediaKind::Audio
        && let Some(milliseconds) = facts.duration_ms
    {
        return words::elapsed(i64::try_from(milliseconds).unwrap_or(i64::MAX));
    }
    let pages = facts
        .pages
        .map(|pages| words::counted(pages as usize, "page"));
    let size = output.bytes.map(words::bytes);
    let parts: Vec<String> = [pages, facts.format.clone(), size]
        .into_iter()
        .flatten()
        .collect();
    if parts.is_empty() {
        output.kind.noun().to_owned()
    } else {
        parts.join(" · ")
    }
}

/// A text, as far as there is room for it.
fn text(ui: &mut Ui, run: &Run, output: &Output, frame: &mut Frame<'_>) {
    let tokens = tokens(ui);
    let builder = UiBuilder::new()
        .id_salt(("text", output.key.get()))
        .sense(Sense::click());
    let shown = ui.scope_builder(builder, |ui| {
        egui::Frame::new()
            .fill(tokens.bg_raised)
            .corner_radius(radius::TILE)
            .inner_margin(egui::Margin::symmetric(12, 10))
            .show(ui, |ui| {
                ui.set_width(ui.available_width());
                excerpt(ui, output);
                ui.add_space(space::XS);
                text_foot(ui, output, frame);
            });
    });
    let response = shown.response;
    if response.has_focus() {
        focus_ring(ui.painter(), response.rect.shrink(2.0), tokens);
    }
    behave(&response, run, output, frame);
}

fn excerpt(ui: &mut Ui, output: &Output) {
    let tokens = tokens(ui);
    let text = output.excerpt.as_deref().unwrap_or_default().trim();
    let (text, color) = match text {
        "" => ("Not here yet", tokens.text_tertiary),
        text => (text, tokens.text_primary),
    };
    let width = ui.available_width();
    let mut job = egui::text::LayoutJob::simple(text.to_owned(), font::body(), color, width);
    job.wrap.max_rows = TEXT_LINES as usize;
    job.wrap.overflow_character = Some('…');
    job.sections[0].format.line_height = Some(LINE);
    let galley = ui.painter().layout_job(job);
    let (rect, _) = ui.allocate_exact_size(vec2(width, galley.size().y), Sense::hover());
    ui.painter().galley(rect.min, galley, color);
}

fn text_foot(ui: &mut Ui, output: &Output, frame: &mut Frame<'_>) {
    let quiet = tokens(ui).text_tertiary;
    ui.horizontal(|ui| {
        ui.set_min_height(20.0);
        if link(ui, "Copy").clicked() {
            frame.actions.push(Action::CopyOutputText(output.key));
        }
        if let Some(count) = output.facts.words {
            ui.add_space(space::XS);
            let text = words::counted(count as usize, "word");
            label(ui, text, font::secondary(), quiet);
        }
    });
}

#[cfg(test)]
mod tests {
    use super::strip_side;

    #[test]
    fn up_to_four_pictures_share_a_row_and_none_grows_too_large() {
        assert_eq!(strip_side(4, 452.0), (4, 107.0));
        assert_eq!(strip_side(9, 452.0), (4, 107.0));
        assert_eq!(strip_side(3, 452.0), (3, 145.0));
        assert_eq!(strip_side(1, 452.0), (1, 240.0));
        assert_eq!(strip_side(0, 452.0), (1, 240.0));
    }
}
