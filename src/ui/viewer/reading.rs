//! A text on the stage: one column that is comfortable to read, as Markdown or as it was written.

use egui::text::LayoutJob;
use egui::{
    Align, Key, Label, Layout, Modifiers, Rect, ScrollArea, Sense, Ui, UiBuilder, Vec2, pos2, vec2,
};

use super::markdown::{self, Block, BlockKind};
use super::stage::{Away, away, explain, waiting};
use super::{Screen as Viewer, Subject};
use crate::model::{OutputKey, TextContent};
use crate::state::{Action, Load};
use crate::ui::Frame;
use crate::ui::keys::{is_covered, is_typing, press};
use crate::ui::theme::{font, radius, space, tokens};
use crate::ui::widgets::{label, segmented};
use crate::ui::words;

/// About 72 characters of reading text.
const COLUMN: f32 = 528.0;

/// The line with the count of words, above the column.
const HEAD: f32 = 56.0;

/// Points that a list or a quote is set in.
const INDENT: f32 = 24.0;

/// What it remembers between frames.
#[derive(Default)]
pub(super) struct Screen {
    form: Form,
    set: Option<Set>,
}

/// How a text is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Form {
    #[default]
    Markdown,
    Plain,
}

/// A text made into blocks, and how high each turned out.
struct Set {
    output: OutputKey,
    form: Form,
    dark: bool,
    width: f32,
    blocks: Vec<Block>,
    heights: Vec<f32>,
}

/// Paints the text into the stage.
pub(super) fn ui(
    ui: &mut Ui,
    viewer: &mut Viewer,
    subject: &Subject<'_>,
    stage: Rect,
    frame: &mut Frame<'_>,
) {
    let load = frame.state.viewer.text(subject.output.key);
    let Some(content) = load.and_then(Load::value) else {
        return absent(ui, subject, stage, frame);
    };
    let width = COLUMN.min(stage.width() - space::XXL * 2.0);
    let left = (stage.center().x - width / 2.0).round();
    let head = Rect::from_min_size(pos2(left, stage.top()), vec2(width, HEAD));
    let screen = &mut viewer.reading;
    headline(ui, screen, content, head);
    prepare(ui, screen, subject.output.key, content, width);
    let body = stage.with_min_y(head.bottom());
    ui.scope_builder(UiBuilder::new().max_rect(body), |ui| {
        column(ui, screen, subject.output.key, body, left, frame);
    });
}

fn absent(ui: &mut Ui, subject: &Subject<'_>, stage: Rect, frame: &mut Frame<'_>) {
    let problem = frame
        .state
        .viewer
        .text(subject.output.key)
        .and_then(Load::problem);
    match (away(&subject.output.archive), problem) {
        (Some(away), _) => explain(ui, stage, &away, subject, frame),
        (None, Some(problem)) => {
            explain(ui, stage, &Away::of(problem, subject), subject, frame);
        }
        (None, None) => waiting(ui, stage, "Reading the text…"),
    }
}

fn headline(ui: &mut Ui, screen: &mut Screen, content: &TextContent, rect: Rect) {
    let color = tokens(ui).text_tertiary;
    let builder = UiBuilder::new()
        .max_rect(rect)
        .layout(Layout::left_to_right(Align::Center));
    ui.scope_builder(builder, |ui| {
        let mut about = format!(
            "{} · {}",
            words::counted(content.words, "word"),
            words::counted(content.lines, "line")
        );
        if content.truncated {
            about.push_str(" · only the beginning is shown");
        }
        label(ui, about, font::secondary(), color);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let choices = [(Form::Markdown, "Markdown"), (Form::Plain, "Plain")];
            if let Some(form) = segmented(ui, screen.form, &choices) {
                screen.form = form;
            }
        });
    });
}

/// Makes the blocks when the text, its form, the theme or the width has changed.
fn prepare(ui: &Ui, screen: &mut Screen, output: OutputKey, content: &TextContent, width: f32) {
    let dark = ui.theme() == egui::Theme::Dark;
    let fresh = screen.set.as_ref().is_some_and(|set| {
        set.output == output && set.form == screen.form && set.dark == dark && set.width == width
    });
    if fresh {
        return;
    }
    let tokens = tokens(ui);
    let blocks = match screen.form {
        Form::Markdown => markdown::parse(&content.text, tokens),
        Form::Plain => markdown::plain(&content.text, tokens),
    };
    let heights = blocks.iter().map(|block| guess(block, width)).collect();
    screen.set = Some(Set {
        output,
        form: screen.form,
        dark,
        width,
        blocks,
        heights,
    });
}

/// How high a block will be, until it was painted once.
fn guess(block: &Block, width: f32) -> f32 {
    const CHARACTER: f32 = 7.6;
    const ROW: f32 = 23.0;
    let characters = block.job.text.len() as f32;
    let rows = (characters * CHARACTER / width).ceil().max(1.0);
    block.above + rows * ROW
}

fn column(
    ui: &mut Ui,
    screen: &mut Screen,
    output: OutputKey,
    body: Rect,
    left: f32,
    frame: &mut Frame<'_>,
) {
    let Some(set) = &mut screen.set else { return };
    let turned = turned_pages(ui, body.height());
    ScrollArea::vertical()
        .id_salt(("reading", output))
        .auto_shrink(false)
        .show_viewport(ui, |ui, view| {
            if turned != 0.0 {
                ui.scroll_with_delta(vec2(0.0, turned));
            }
            let top = ui.max_rect().top();
            let mut y = 0.0;
            for (block, height) in set.blocks.iter().zip(&mut set.heights) {
                // Only what is in view is laid out: a text of any length costs the same.
                if y + *height >= view.top() && y <= view.bottom() {
                    let at = pos2(left, top + y);
                    *height = paint(ui, block, at, set.width, frame);
                }
                y += *height;
            }
            ui.allocate_space(vec2(set.width, y + space::HUGE));
        });
}

/// Points to scroll by for Page Up and Page Down.
fn turned_pages(ui: &Ui, page: f32) -> f32 {
    if is_covered(ui) || is_typing(ui) {
        return 0.0;
    }
    let down = press(ui, Modifiers::NONE, Key::PageDown);
    let up = press(ui, Modifiers::NONE, Key::PageUp);
    (f32::from(u8::from(up)) - f32::from(u8::from(down))) * page * 0.9
}

/// Paints one block at this place; returns its height.
fn paint(ui: &mut Ui, block: &Block, at: egui::Pos2, width: f32, frame: &mut Frame<'_>) -> f32 {
    let tokens = tokens(ui);
    let indent = INDENT * block.depth as f32;
    let min = at + vec2(indent, block.above);
    let width = (width - indent).max(120.0);
    match block.kind {
        BlockKind::Rule => {
            let y = (min.y + space::S).round() + 0.5;
            let across = min.x..=min.x + width;
            ui.painter().hline(across, y, (1.0, tokens.border_subtle));
            block.above + space::L
        }
        BlockKind::Code => {
            let padding = space::M;
            let ground = ui.painter().add(egui::Shape::Noop);
            let inner = min + Vec2::splat(padding);
            let size = words_at(ui, block, inner, width - padding * 2.0, frame);
            let well = Rect::from_min_size(min, vec2(width, size.y + padding * 2.0));
            let fill = egui::Shape::rect_filled(well, radius::CARD, tokens.bg_panel);
            ui.painter().set(ground, fill);
            block.above + well.height()
        }
        BlockKind::Quote => {
            let inner = min + vec2(space::L, 0.0);
            let size = words_at(ui, block, inner, width - space::L, frame);
            let bar = Rect::from_min_size(min, vec2(3.0, size.y));
            ui.painter().rect_filled(bar, 1.5, tokens.bg_active);
            block.above + size.y
        }
        BlockKind::Words => {
            if let Some(mark) = &block.mark {
                let galley = ui.painter().layout_no_wrap(
                    mark.clone(),
                    font::reading(),
                    tokens.text_secondary,
                );
                let x = min.x - galley.size().x - space::S;
                ui.painter()
                    .galley(pos2(x, min.y + 2.0), galley, tokens.text_secondary);
            }
            block.above + words_at(ui, block, min, width, frame).y
        }
    }
}

/// Words that can be marked, with links that can be clicked. Returns their size.
fn words_at(ui: &mut Ui, block: &Block, at: egui::Pos2, width: f32, frame: &mut Frame<'_>) -> Vec2 {
    let mut job: LayoutJob = block.job.clone();
    job.wrap.max_width = width;
    let rect = Rect::from_min_size(at, vec2(width, f32::INFINITY));
    let builder = UiBuilder::new()
        .max_rect(rect)
        .layout(Layout::top_down(Align::Min));
    let mut child = ui.new_child(builder);
    let galley = child.fonts_mut(|fonts| fonts.layout_job(job));
    let sense = if block.links.is_empty() {
        Sense::hover()
    } else {
        Sense::click()
    };
    let words = Label::new(galley.clone()).selectable(true).sense(sense);
    let response = child.add(words);
    if !block.links.is_empty() {
        let spot = response.hover_pos().map(|pos| {
            let cursor = galley.cursor_from_pos(pos - response.rect.min);
            cursor.index.0
        });
        let under = block.links.iter().find(|link| {
            let Some(spot) = spot else { return false };
            link.characters.contains(&spot)
        });
        // By the keyboard a block opens its first link.
        let chosen = under.or_else(|| block.links.first().filter(|_| spot.is_none()));
        if let Some(link) = under {
            ui.set_cursor_icon(egui::CursorIcon::PointingHand);
            response.show_tooltip_text(&link.url);
        }
        if response.clicked()
            && let Some(link) = chosen
        {
            frame.actions.push(Action::OpenUrl(link.url.clone()));
        }
    }
    galley.size()
}
