//! Above the table: the search, the filters, what they add up to, and the view menu.

use egui::{Align, Id, Key, Layout, Popup, Rect, Response, Ui, UiBuilder, vec2};

use super::filters::{self, Filter};
use crate::model::{HistoryQuery, HistoryTotals};
use crate::settings::RowHeight;
use crate::state::{Action, SettingsChange};
use crate::ui::Frame;
use crate::ui::theme::{Icon, font, size, space, tokens};
use crate::ui::widgets::{label, link, menu_choice, menu_title, search_field, small_icon_button};
use crate::ui::words;

/// What the bar remembers between frames.
#[derive(Default)]
pub struct Memory {
    /// The search as typed.
    search: String,
    pub(super) filters: filters::Memory,
}

/// Height of one line of the bar.
const LINE: f32 = 56.0;
/// Height a second line adds, where the first has no room for the filters.
const SECOND_LINE: f32 = 34.0;
/// The search field never gets narrower.
const SEARCH_LEAST: f32 = 168.0;

/// The search field, for whoever wants to give it the keyboard.
pub fn search_id() -> Id {
    Id::unique("history search")
}

/// Paints the bar.
pub fn ui(ui: &mut Ui, memory: &mut Memory, frame: &mut Frame<'_>) {
    let query = &frame.state.history.query;
    let totals = totals_words(frame);
    let filters_width = filters::width(ui, query, frame.now) + reset_width(ui, query);
    let totals_width = text_width(ui, &totals);
    let side = size::HIT;
    let beside = filters_width + totals_width + side + space::S * 3.0;
    let room = ui.available_width() - space::L * 2.0;
    let one_line = room - beside >= SEARCH_LEAST;
    let height = if one_line { LINE } else { LINE + SECOND_LINE };
    let (bar, _) = ui.allocate_exact_size(vec2(ui.available_width(), height), egui::Sense::hover());
    let bar = bar.shrink2(vec2(space::L, 0.0));
    let (first, second) = bar.split_top_bottom_at_y(bar.top() + LINE);
    let search_width = if one_line {
        room - beside
    } else {
        room - side - space::S
    };
    line(ui, first, |ui| {
        search(ui, memory, frame, search_width);
        if one_line {
            filters::ui(ui, &mut memory.filters, frame);
            reset(ui, frame);
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            view_menu(ui, frame);
            if one_line {
                totals_label(ui, &totals);
            }
        });
    });
    if !one_line {
        line(ui, second.translate(vec2(0.0, -space::S)), |ui| {
            filters::ui(ui, &mut memory.filters, frame);
            reset(ui, frame);
            let beside = ui.available_width();
            let shown = [totals.as_str(), runs_only(&totals)];
            let shown = shown
                .into_iter()
                .find(|text| text_width(ui, text) <= beside);
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                totals_label(ui, shown.unwrap_or_default());
            });
        });
    }
}

/// The sum without its costs, for want of room.
fn runs_only(totals: &str) -> &str {
    totals.split(" · ").next().unwrap_or_default()
}

fn line(ui: &mut Ui, rect: Rect, add: impl FnOnce(&mut Ui)) {
    let builder = UiBuilder::new()
        .max_rect(rect)
        .layout(Layout::left_to_right(Align::Center));
    ui.scope_builder(builder, |ui| {
        ui.spacing_mut().item_spacing.x = space::S;
        add(ui);
    });
}

fn search(ui: &mut Ui, memory: &mut Memory, frame: &mut Frame<'_>, width: f32) {
    let query = &frame.state.history.query;
    let id = search_id();
    let focused = ui.memory(|memory| memory.has_focus(id));
    if !focused && memory.search != query.text {
        memory.search.clone_from(&query.text);
    }
    let response = search_field(ui, id, &mut memory.search, "Search runs", width);
    escape(ui, &response, &mut memory.search);
    if memory.search != query.text {
        frame.actions.push(Action::SetQuery(HistoryQuery {
            text: memory.search.clone(),
            ..query.clone()
        }));
    }
}

/// `Esc` clears the search first, and leaves it when there is nothing to clear.
fn escape(ui: &Ui, response: &Response, text: &mut String) {
    if !response.has_focus() {
        return;
    }
    let filter = egui::EventFilter {
        horizontal_arrows: true,
        escape: true,
        ..egui::EventFilter::default()
    };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, filter));
    if ui.input_mut(|input| input.consume_key(egui::Modifiers::NONE, Key::Escape)) {
        if text.is_empty() {
            response.surrender_focus();
        } else {
            text.clear();
        }
    }
}

const RESET: &str = "Reset";

fn reset(ui: &mut Ui, frame: &mut Frame<'_>) {
    let query = &frame.state.history.query;
    if query.is_filtered() && link(ui, RESET).clicked() {
        frame
            .actions
            .push(Action::SetQuery(filters::without_any(query)));
    }
}

fn reset_width(ui: &Ui, query: &HistoryQuery) -> f32 {
    if query.is_filtered() {
        text_width(ui, RESET) + space::S
    } else {
        0.0
    }
}

fn text_width(ui: &Ui, text: &str) -> f32 {
    let color = tokens(ui).text_secondary;
    ui.painter()
        .layout_no_wrap(text.to_owned(), font::secondary(), color)
        .size()
        .x
}

fn totals_label(ui: &mut Ui, totals: &str) {
    let color = tokens(ui).text_tertiary;
    label(ui, totals, font::secondary(), color);
}

fn totals_words(frame: &Frame<'_>) -> String {
    match frame.state.history.answer.value() {
        Some(answer) => sum_words(&answer.totals),
        None => String::new(),
    }
}

/// "312 runs · at least $9.64"
pub fn sum_words(totals: &HistoryTotals) -> String {
    let runs = words::counted(totals.runs, "run");
    match (totals.cost.is_zero(), totals.settling) {
        (true, _) => runs,
        (false, true) => format!("{runs} · at least {}", totals.cost),
        (false, false) => format!("{runs} · {}", totals.cost),
    }
}

fn view_menu(ui: &mut Ui, frame: &mut Frame<'_>) {
    let response = small_icon_button(ui, Icon::Rows3, "Row height");
    Popup::menu(&response).show(|ui| {
        ui.set_width(152.0);
        ui.spacing_mut().item_spacing.y = 0.0;
        menu_title(ui, "Row height");
        for (height, name) in [
            (RowHeight::Compact, "Compact"),
            (RowHeight::Standard, "Standard"),
            (RowHeight::Large, "Large"),
        ] {
            let chosen = frame.state.settings.history.row_height == height;
            if menu_choice(ui, name, chosen).clicked() {
                let change = SettingsChange::RowHeight(height);
                frame.actions.push(Action::ChangeSettings(change));
            }
        }
    });
}

/// Paints one filter's menu under whatever opened it.
pub(super) fn filter_menu(opener: &Response, add: impl FnOnce(&mut Ui)) {
    Popup::menu(opener)
        .id(opener.id.with("menu"))
        .close_behavior(egui::PopupCloseBehavior::CloseOnClickOutside)
        .show(|ui| {
            ui.set_width(208.0);
            ui.spacing_mut().item_spacing.y = 0.0;
            add(ui);
        });
}

/// The filters of the bar, left to right.
pub const FILTERS: [Filter; 3] = [Filter::Status, Filter::Technique, Filter::Date];
