//! One run as a card: how it stands, what it made or is about to make, what to do about it.

use std::collections::HashSet;

use egui::{
    Align, Label, Layout, Margin, Popup, RectAlign, RichText, Role, Sense, Ui, UiBuilder,
    WidgetInfo, vec2,
};

use super::menu::run_menu;
use super::{card_live, card_outputs, card_trouble};
use crate::model::{RowKey, Run, RunStage, Technique, Usd};
use crate::ui::Frame;
use crate::ui::animation;
use crate::ui::theme::{Icon, font, icon, radius, size, space, tokens};
use crate::ui::trouble::trouble;
use crate::ui::widgets::{focus_ring, label, run_pill};
use crate::ui::words;

/// What the cards remember between frames.
#[derive(Default)]
pub struct Screen {
    /// Runs whose failure is shown with its code and message.
    pub details: HashSet<RowKey>,
}

/// Height of a card whose run was not read yet, in points.
pub const UNREAD: f32 = 172.0;

const HEADER: f32 = 20.0;
const PADDING: Margin = Margin {
    left: 12,
    right: 12,
    top: 10,
    bottom: 10,
};

/// A card's likely height, in points, before it was ever painted.
pub fn guess(run: &Run, technique: &Technique, width: f32) -> f32 {
    let inner = width - PADDING.sum().x;
    let body = if !run.outputs.is_empty() {
        card_outputs::guess(run, inner)
    } else if run.stage.is_live() {
        card_live::guess(technique, inner)
    } else {
        56.0
    };
    PADDING.sum().y + HEADER + space::S + body + space::S + 20.0
}

/// Paints a card, at least this high; returns the height its contents call for, in points.
pub fn ui(
    ui: &mut Ui,
    run: &Run,
    technique: &Technique,
    least: f32,
    screen: &mut Screen,
    frame: &mut Frame<'_>,
) -> f32 {
    let builder = UiBuilder::new().sense(Sense::CLICK);
    let mut needed = 0.0;
    let shown = ui.scope_builder(builder, |ui| {
        egui::Frame::new()
            .fill(tokens(ui).bg_panel)
            .corner_radius(radius::CARD)
            .inner_margin(PADDING)
            .show(ui, |ui| {
                ui.set_width(ui.available_width());
                ui.spacing_mut().item_spacing = vec2(space::S, 0.0);
                contents(ui, run, technique, screen, frame);
                needed = ui.min_rect().height() + PADDING.sum().y;
                ui.add_space((least - needed).max(0.0));
            });
    });
    let card = shown.response;
    card.widget_info(|| WidgetInfo::labeled(Role::Group, true, spoken(run, frame)));
    card.context_menu(|ui| run_menu(ui, run, frame));
    needed
}

fn spoken(run: &Run, frame: &Frame<'_>) -> String {
    let when = words::when(run.created_at, frame.now);
    format!("{}, {when}: {}", run.stage.word(), run.summary)
}

fn contents(
    ui: &mut Ui,
    run: &Run,
    technique: &Technique,
    screen: &mut Screen,
    frame: &mut Frame<'_>,
) {
    header(ui, run, frame);
    ui.add_space(space::S);
    if !run.outputs.is_empty() {
        card_outputs::ui(ui, run, frame);
    } else if run.stage.is_live() && run.problem.is_none() {
        card_live::frames(ui, technique);
    }
    if is_under_way(run) {
        card_live::progress(ui, run);
    }
    if let Some(trouble) = trouble(run, frame.state) {
        if !run.outputs.is_empty() {
            ui.add_space(space::S);
        }
        card_trouble::ui(ui, run, &trouble, screen, frame);
    }
    summary(ui, run);
}

/// Whether something happens at FLORA or on the way there: a launch that waits here does not move.
fn is_under_way(run: &Run) -> bool {
    run.stage.is_live() && run.stage != RunStage::Waiting
}

fn header(ui: &mut Ui, run: &Run, frame: &mut Frame<'_>) {
    let tokens = tokens(ui);
    let hovered = ui.rect_contains_pointer(
        ui.max_rect()
            .with_max_y(ui.cursor().top() + HEADER + space::M),
    );
    let size = vec2(ui.available_width(), HEADER);
    ui.allocate_ui_with_layout(size, Layout::left_to_right(Align::Center), |ui| {
        ui.set_min_height(HEADER);
        ui.spacing_mut().item_spacing.x = 10.0;
        run_pill(ui, run.stage);
        let time = label(
            ui,
            time_words(run, frame),
            font::secondary(),
            tokens.text_secondary,
        );
        time.on_hover_text(words::when_exactly(run.created_at));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let text = right_words(run);
            if !text.is_empty() {
                label(ui, text, font::secondary(), tokens.text_secondary);
            }
            more(ui, run, hovered, frame);
        });
    });
}

/// The menu of the card, by a button that is seen where it is looked for.
fn more(ui: &mut Ui, run: &Run, hovered: bool, frame: &mut Frame<'_>) {
    let (rect, button) = ui.allocate_exact_size(vec2(28.0, HEADER), Sense::click());
    let tokens = tokens(ui);
    let open = Popup::is_id_open(ui, Popup::default_response_id(&button));
    if button.hovered() || open {
        ui.painter()
            .rect_filled(rect, radius::BUTTON, tokens.bg_hover);
    }
    if hovered || open || button.has_focus() {
        let color = tokens.text_secondary;
        icon(
            ui.painter(),
            rect.center(),
            Icon::Ellipsis,
            size::ICON,
            color,
        );
    }
    if button.has_focus() {
        focus_ring(ui.painter(), rect.shrink(2.0), tokens);
    }
    button.widget_info(|| WidgetInfo::labeled(Role::Button, true, "More about this run"));
    Popup::menu(&button)
        .align(RectAlign::BOTTOM_END)
        .show(|ui| run_menu(ui, run, frame));
}

/// `14:32 · 7 s`, or how long it has been taking.
fn time_words(run: &Run, frame: &Frame<'_>) -> String {
    let duration = run.duration_ms(frame.now);
    if run.stage.is_live()
        && let Some(milliseconds) = duration
    {
        return words::elapsed(milliseconds);
    }
    let when = words::when(run.created_at, frame.now);
    match duration {
        Some(milliseconds) => format!("{when} · {}", words::took(milliseconds)),
        None => when,
    }
}

/// How far it is, or what it cost.
fn right_words(run: &Run) -> String {
    match run.progress {
        Some(progress) if is_under_way(run) => {
            format!("{:.0} %", (progress * 100.0).clamp(0.0, 99.0))
        }
        _ if run.stage == RunStage::Unknown => String::new(),
        // A failure that cost nothing says so in its own words.
        _ if run.stage == RunStage::Failed && run.cost.amount().is_none_or(Usd::is_zero) => {
            String::new()
        }
        // Before a charge is known, a live run shows what it is listed at.
        _ => match run.cost.amount().or(run.listed_cost) {
            Some(_) if !run.stage.is_live() => run.cost.words(),
            Some(amount) => amount.price(),
            None => String::new(),
        },
    }
}

fn summary(ui: &mut Ui, run: &Run) {
    let text = run.summary.trim();
    if text.is_empty() {
        return;
    }
    ui.add_space(space::S);
    let color = tokens(ui).text_secondary;
    let text = RichText::new(text).font(font::body()).color(color);
    ui.add(Label::new(text).truncate());
}

/// A clock on a card moves on while it is in view.
pub fn keep_time(ui: &Ui) {
    animation::tick(ui);
}
