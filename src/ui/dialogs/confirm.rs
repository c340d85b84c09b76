//! Before money is spent: what, how many, how much, and whose.

use egui::{Rect, Sense, Ui, pos2, vec2};

use super::Stage;
use super::window::{Ended, actions, cancel, sentence, window};
use crate::model::Usd;
use crate::state::{Action, Confirm, SessionState};
use crate::ui::Frame;
use crate::ui::shell;
use crate::ui::theme::{font, radius, space, tokens};
use crate::ui::widgets::{ButtonKind, label_in, quiet_button};
use crate::ui::words;

/// Above this the keyboard rests on *Cancel*.
const CAREFUL: Usd = Usd::from_micros(5_000_000);

/// The question in plain values.
struct Question<'a> {
    title: String,
    technique: &'a str,
    runs: usize,
    each: Option<Usd>,
    total: Option<Usd>,
}

impl<'a> Question<'a> {
    fn of(confirm: &'a Confirm) -> Option<Self> {
        Some(match confirm {
            Confirm::Launch { orders, total } => {
                let first = orders.first()?;
                let technique = &*first.technique_name;
                Self {
                    title: match orders.len() {
                        1 => format!("Run {technique}?"),
                        runs => format!("Run {technique} {} times?", words::count(runs)),
                    },
                    technique,
                    runs: orders.len(),
                    each: first.listed_cost,
                    total: *total,
                }
            }
            Confirm::Repeat {
                technique, price, ..
            } => Self {
                title: format!("Run {technique} again?"),
                technique,
                runs: 1,
                each: *price,
                total: *price,
            },
        })
    }

    /// What the button says: the price stays on it.
    fn button(&self) -> String {
        match self.total {
            Some(total) => format!("Run · {}", total.price()),
            None => "Run".to_owned(),
        }
    }

    fn is_careful(&self) -> bool {
        self.total.is_none_or(|total| total > CAREFUL)
    }
}

/// Asks about the launch that waits for an answer.
pub(super) fn ui(ui: &Ui, stage: Stage, frame: &mut Frame<'_>) {
    let state = frame.state;
    let Some(confirm) = &state.launch.confirm else {
        return;
    };
    let Some(question) = Question::of(confirm) else {
        return frame.actions.push(Action::CancelConfirm);
    };
    let ended = window(ui, "confirm", &question.title, 420.0, |ui| {
        table(ui, &question, &state.session);
        sentence(ui, warning(&state.session));
        actions(ui, |ui| {
            let run = quiet_button(ui, ButtonKind::Primary, None, &question.button());
            let cancel = cancel(ui);
            if stage == Stage::Opening {
                let first = if question.is_careful() { &cancel } else { &run };
                first.request_focus();
            }
            if run.clicked() {
                frame.actions.push(Action::ConfirmLaunch);
            } else if cancel.clicked() {
                frame.actions.push(Action::CancelConfirm);
            }
        });
    });
    if ended == Ended::Left {
        frame.actions.push(Action::CancelConfirm);
    }
}

fn warning(session: &SessionState) -> &'static str {
    if session.is_studio() {
        "Prices in the local studio are for practice: nothing is charged"
    } else {
        "Final charge is set by FLORA and can differ"
    }
}

fn table(ui: &mut Ui, question: &Question<'_>, session: &SessionState) {
    let unknown = || "Not listed".to_owned();
    ui.spacing_mut().item_spacing.y = 0.0;
    row(ui, "Technique", question.technique, Emphasis::None);
    if question.runs > 1 {
        let each = question.each.map_or_else(unknown, Usd::price);
        let runs = format!("{} × {each}", words::count(question.runs));
        row(ui, "Runs", &runs, Emphasis::None);
    }
    let total = question.total.map_or_else(unknown, Usd::price);
    row(ui, "Listed price", &total, Emphasis::Strong);
    workspace(ui, session);
    ui.spacing_mut().item_spacing.y = space::M;
    ui.add_space(space::XS);
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Emphasis {
    None,
    Strong,
}

const ROW: f32 = 28.0;
const NAMES: f32 = 112.0;

/// A name and a value.
fn row(ui: &mut Ui, name: &str, value: &str, emphasis: Emphasis) {
    inset_row(ui, name, value, emphasis, 0.0);
}

/// As [`row`], with free ground before the value. Returns the value's place with that ground.
fn inset_row(ui: &mut Ui, name: &str, value: &str, emphasis: Emphasis, inset: f32) -> Rect {
    let tokens = tokens(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::hover());
    let (left, right) = rect.split_left_right_at_x(rect.left() + NAMES);
    label_in(ui.painter(), left, name, font::body(), tokens.text_tertiary);
    let font = match emphasis {
        Emphasis::None => font::body(),
        Emphasis::Strong => font::body_medium(),
    };
    let words = right.with_min_x(right.left() + inset);
    label_in(ui.painter(), words, value, font, tokens.text_primary);
    let spoken = format!("{name}: {value}");
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, &spoken));
    right
}

/// Whose money: the workspace's name beside its colour.
fn workspace(ui: &mut Ui, session: &SessionState) {
    let color = shell::strip(session, tokens(ui));
    let name = session
        .profile
        .as_ref()
        .map_or("", |profile| profile.workspace_name.as_str());
    let place = inset_row(ui, "Workspace", name, Emphasis::None, space::M);
    let strip = Rect::from_min_size(pos2(place.left(), place.center().y - 8.0), vec2(3.0, 16.0));
    ui.painter().rect_filled(strip, radius::THUMB, color);
}
