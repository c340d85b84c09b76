//! The bar at the bottom: how it stands, what goes on, what was saved, what was spent.

use std::path::Path;

use egui::{Align, Color32, Layout, Margin, Panel, Role, Sense, Ui, Vec2, WidgetInfo, vec2};

use crate::model::{Activity, Connection, HistoryQuery, ImportProgress, Match, StatusFilter};
use crate::state::{Action, LastSave, Place};
use crate::ui::Frame;
use crate::ui::theme::{Icon, Tokens, font, icon, size, space, tokens};
use crate::ui::widgets::{label, link};
use crate::ui::words;

/// Paints the bar across the window's bottom.
pub fn activity_bar(ui: &mut Ui, frame: &mut Frame<'_>) {
    let tokens = tokens(ui);
    let ground = egui::Frame::new()
        .fill(tokens.bg_panel)
        .inner_margin(Margin::symmetric(12, 0));
    let shown = Panel::bottom("activity")
        .exact_size(size::ACTIVITY_BAR)
        .resizable(false)
        .show_separator_line(false)
        .frame(ground)
        .show(ui, |ui| {
            ui.spacing_mut().item_spacing.x = space::XL;
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                connection(ui, frame);
                runs(ui, frame);
                arrivals(ui, &frame.state.activity.now);
                import(ui, frame.state.activity.now.import);
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    spent(ui, &frame.state.activity.now);
                    if let Some(save) = &frame.state.saving.last {
                        saved(ui, save, frame.actions);
                    }
                });
            });
        });
    let top = shown.response.rect;
    ui.painter()
        .hline(top.x_range(), top.top(), (1.0, tokens.border_subtle));
}

fn dot(connection: &Connection, tokens: &Tokens) -> Color32 {
    match connection {
        Connection::Connected => tokens.done.text,
        Connection::Throttled | Connection::NoKey => tokens.needs_you.text,
        Connection::KeyRefused(_) => tokens.failed.text,
        Connection::Connecting | Connection::Offline => tokens.text_tertiary,
    }
}

fn connection(ui: &mut Ui, frame: &Frame<'_>) {
    let tokens = tokens(ui);
    let connection = &frame.state.session.connection;
    ui.scope(|ui| {
        ui.spacing_mut().item_spacing.x = space::S;
        let (rect, _) = ui.allocate_exact_size(Vec2::splat(8.0), Sense::hover());
        ui.painter()
            .circle_filled(rect.center(), 4.0, dot(connection, tokens));
        let words = match connection {
            Connection::Offline => offline_words(frame),
            other => other.words().to_owned(),
        };
        label(ui, words, font::secondary(), tokens.text_secondary);
    });
}

/// Offline is a state, not an error: say what can be done.
fn offline_words(frame: &Frame<'_>) -> String {
    let here = frame
        .state
        .history
        .answer
        .value()
        .map_or(0, |answer| answer.totals.runs);
    let waiting = frame.state.activity.now.waiting;
    let kept = format!(
        "Offline · showing {} kept here",
        words::counted(here, "run")
    );
    if waiting == 0 {
        kept
    } else {
        format!("{kept}; {waiting} waiting to send")
    }
}

fn runs(ui: &mut Ui, frame: &mut Frame<'_>) {
    let activity = &frame.state.activity.now;
    let text = match (activity.running, activity.waiting) {
        (0, 0) => return,
        (running, 0) => format!("{running} running"),
        (0, waiting) => format!("{waiting} waiting"),
        (running, waiting) => format!("{running} running · {waiting} waiting"),
    };
    if entry(ui, Icon::Activity, &text).clicked() {
        let query = HistoryQuery {
            status: Some(Match::Is(StatusFilter::InProgress)),
            ..HistoryQuery::default()
        };
        frame.actions.push(Action::SetQuery(query));
        frame.actions.push(Action::Go(Place::History));
    }
}

fn arrivals(ui: &mut Ui, activity: &Activity) {
    if activity.arriving > 0 {
        entry(
            ui,
            Icon::HardDriveDownload,
            &format!("{} arriving", activity.arriving),
        );
    }
}

fn import(ui: &mut Ui, import: Option<ImportProgress>) {
    let Some(import) = import else { return };
    let seen = words::count(usize::try_from(import.seen).unwrap_or(usize::MAX));
    let text = match (import.paused, import.total) {
        (true, _) => format!("History paused at {seen}"),
        (false, Some(total)) => {
            let total = words::count(usize::try_from(total).unwrap_or(usize::MAX));
            format!("Reading history: {seen} of {total}")
        }
        (false, None) => format!("Reading history: {seen}"),
    };
    entry(ui, Icon::CloudDownload, &text);
}

fn entry(ui: &mut Ui, what: Icon, text: &str) -> egui::Response {
    let tokens = tokens(ui);
    let galley =
        ui.painter()
            .layout_no_wrap(text.to_owned(), font::secondary(), tokens.text_secondary);
    let width = 14.0 + space::S + galley.size().x;
    let (rect, response) = ui.allocate_exact_size(vec2(width, 20.0), Sense::click());
    let color = if response.hovered() {
        tokens.text_primary
    } else {
        tokens.text_secondary
    };
    icon(
        ui.painter(),
        rect.left_center() + vec2(7.0, 0.0),
        what,
        14.0,
        color,
    );
    let at = rect.left_center() + vec2(14.0 + space::S, -galley.size().y / 2.0);
    ui.painter()
        .galley_with_override_text_color(at, galley, color);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, text));
    response
}

fn spent(ui: &mut Ui, activity: &Activity) {
    let tokens = tokens(ui);
    let amount = activity.spent_today.known;
    let text = if activity.spent_today.settling {
        format!("at least {amount}")
    } else {
        amount.to_string()
    };
    ui.scope(|ui| {
        ui.spacing_mut().item_spacing.x = 5.0;
        label(ui, text, font::medium(12.0), tokens.text_primary);
        label(ui, "Seen today", font::secondary(), tokens.text_secondary);
    });
}

fn saved(ui: &mut Ui, save: &LastSave, actions: &mut crate::ui::Actions) {
    let tokens = tokens(ui);
    ui.scope(|ui| {
        ui.spacing_mut().item_spacing.x = space::S;
        if link(ui, "Copy path").clicked() {
            actions.push(Action::CopyText(save.path.display().to_string()));
        }
        if link(ui, "Reveal").clicked() {
            actions.push(Action::Reveal(save.path.clone()));
        }
        let text = match save.files.len() {
            1 => format!("Saved to {}", tail(&save.path)),
            count => format!("Saved {count} files to {}", tail(&save.path)),
        };
        label(ui, text, font::secondary(), tokens.text_secondary)
            .on_hover_text(save.path.display().to_string());
    });
}

/// The last three parts of a path.
fn tail(path: &Path) -> String {
    let parts: Vec<_> = path
        .components()
        .map(|part| part.as_os_str().to_string_lossy())
        .collect();
    let kept = parts.len().saturating_sub(3);
    let text = parts[kept..].join("/");
    if kept > 1 {
        format!("…/{text}")
    } else {
        path.display().to_string()
    }
}
