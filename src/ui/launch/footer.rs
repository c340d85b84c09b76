//! The foot of the form, always in view: what comes out, how long it takes, how often, and the button that spends money.

use egui::{Align, Layout, Popup, Rect, Sense, Ui, UiBuilder, pos2, vec2};

use super::form::Screen;
use super::more_menu;
use crate::model::{Connection, DraftError, LaunchDraft, Technique, Usd};
use crate::state::{Action, AppState};
use crate::ui::Frame;
use crate::ui::theme::{Icon, font, icon, space, tokens};
use crate::ui::widgets::{icon_button, label_in, link, primary_button, stepper};

const HEIGHT: f32 = 66.0;
const LINE: f32 = 22.0;

/// What is to be said above the button.
#[derive(Default)]
pub struct Messages {
    /// The first thing that keeps the form from being run.
    blocker: Option<DraftError>,
    /// Why a run would not start at once.
    held: Option<&'static str>,
}

/// Looks what there is to be said.
pub fn messages(technique: &Technique, draft: &LaunchDraft, state: &AppState) -> Messages {
    let blocker = technique
        .inputs
        .iter()
        .find_map(|spec| draft.check_field(spec).err());
    let held = match state.session.connection {
        Connection::Offline => Some("Will be sent when FLORA can be reached"),
        Connection::NoKey => Some("Will be sent once there is a key"),
        Connection::KeyRefused(_) => Some("Will be sent once a key is accepted"),
        Connection::Connecting | Connection::Connected | Connection::Throttled => None,
    };
    let held = match (held, state.session.is_studio()) {
        (Some(_), true) => Some("Will be sent when the studio can be reached"),
        (held, _) => held,
    };
    Messages { blocker, held }
}

/// Height of the foot with these messages, in points.
pub fn height(messages: &Messages) -> f32 {
    let lines = usize::from(messages.blocker.is_some()) + usize::from(messages.held.is_some());
    HEIGHT + lines as f32 * LINE
}

/// Paints the foot into `rect`.
pub fn ui(
    ui: &mut Ui,
    rect: Rect,
    technique: &Technique,
    draft: &LaunchDraft,
    messages: &Messages,
    screen: &mut Screen,
    frame: &mut Frame<'_>,
) {
    let tokens = tokens(ui);
    ui.painter().hline(
        rect.x_range(),
        rect.top() + 0.5,
        (1.0, tokens.border_subtle),
    );
    let inner = rect.shrink2(vec2(20.0, 0.0));
    let buttons = Rect::from_min_max(pos2(inner.left(), rect.bottom() - HEIGHT), inner.max);
    let lines = Rect::from_min_max(
        inner.min + vec2(0.0, 8.0),
        pos2(inner.right(), buttons.top()),
    );
    ui.scope_builder(UiBuilder::new().max_rect(lines), |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        message_lines(ui, messages, screen);
    });
    let builder = UiBuilder::new()
        .max_rect(buttons)
        .layout(Layout::left_to_right(Align::Center));
    ui.scope_builder(builder, |ui| {
        ui.spacing_mut().item_spacing.x = space::S;
        controls(ui, technique, draft, screen, frame);
    });
}

fn message_lines(ui: &mut Ui, messages: &Messages, screen: &mut Screen) {
    let tokens = tokens(ui);
    if let Some(held) = messages.held {
        message(ui, Icon::CloudOff, tokens.text_tertiary, |ui| {
            crate::ui::widgets::label(ui, held, font::secondary(), tokens.text_secondary);
        });
    }
    if let Some(blocker) = &messages.blocker {
        message(ui, Icon::CircleAlert, tokens.needs_you.text, |ui| {
            // Running a form that is not complete leads to the field.
            if link(ui, &blocker.message).clicked() {
                screen.run = true;
            }
        });
    }
}

fn message(ui: &mut Ui, what: Icon, color: egui::Color32, add: impl FnOnce(&mut Ui)) {
    let size = vec2(ui.available_width(), LINE);
    ui.allocate_ui_with_layout(size, Layout::left_to_right(Align::Center), |ui| {
        ui.spacing_mut().item_spacing.x = 6.0;
        let (rect, _) = ui.allocate_exact_size(vec2(14.0, LINE), Sense::hover());
        icon(ui.painter(), rect.center(), what, 13.0, color);
        add(ui);
    });
}

fn controls(
    ui: &mut Ui,
    technique: &Technique,
    draft: &LaunchDraft,
    screen: &mut Screen,
    frame: &mut Frame<'_>,
) {
    let area = ui.max_rect();
    let runs = draft.run_count(technique);
    let text = run_words(runs, technique.run_cost);
    // Painted left to right, so that the keyboard goes that way; laid out from the right.
    let right = stepper::WIDTH + 32.0 + space::S * 2.0 + run_width(ui, &text);
    let facts = Rect::from_min_max(
        area.min,
        pos2(area.right() - right - space::M, area.bottom()),
    );
    paint_facts(ui, facts, technique, frame.state);
    ui.add_space(area.width() - right);
    if let Some(count) =
        stepper::stepper(ui, draft.count, 1..=LaunchDraft::MAX_COUNT, "Times to run")
    {
        frame.actions.push(Action::SetCount(count));
    }
    let more = icon_button(ui, Icon::Ellipsis, "More");
    Popup::menu(&more)
        .width(244.0)
        .show(|ui| more_menu::ui(ui, technique, draft, frame));
    let run = primary_button(ui, None, &text, RUN_KEY);
    if run.clicked() {
        screen.run = true;
    }
}

const RUN_KEY: &str = "Ctrl ↵";

fn run_width(ui: &Ui, text: &str) -> f32 {
    let color = tokens(ui).on_accent;
    let painter = ui.painter();
    let text = painter.layout_no_wrap(text.to_owned(), font::body_medium(), color);
    let hint = painter.layout_no_wrap(RUN_KEY.to_owned(), font::caption(), color);
    space::M * 2.0 + text.size().x + space::S + hint.size().x
}

/// "Run · $0.15", "Run 6 · $0.90", "Run · Free"; "Run…" when the price is not known and will be asked about.
fn run_words(runs: usize, cost: Option<Usd>) -> String {
    let many = if runs > 1 {
        format!("Run {runs}")
    } else {
        "Run".to_owned()
    };
    match cost {
        Some(cost) => format!("{many} · {}", (cost * runs).price()),
        None => format!("{many}…"),
    }
}

/// What comes out, and how long it usually takes.
fn paint_facts(ui: &Ui, rect: Rect, technique: &Technique, state: &AppState) {
    let tokens = tokens(ui);
    let outputs = technique.output_words();
    let usual = state
        .catalog
        .usage(&technique.id)
        .and_then(|used| used.usual_seconds)
        .map(usual_words);
    let middle = rect.center().y;
    let line = |y: f32| Rect::from_x_y_ranges(rect.x_range(), (y - 8.0)..=(y + 8.0));
    let first = if usual.is_some() {
        middle - 9.0
    } else {
        middle
    };
    let color = tokens.text_secondary;
    label_in(
        ui.painter(),
        line(first),
        &outputs,
        font::secondary(),
        color,
    );
    if let Some(usual) = usual {
        let color = tokens.text_tertiary;
        label_in(
            ui.painter(),
            line(middle + 9.0),
            &usual,
            font::secondary(),
            color,
        );
    }
}

/// "≈ 6–9 s", "≈ 2–3 min"
fn usual_words((low, high): (u32, u32)) -> String {
    let minutes = |seconds: u32| (f64::from(seconds) / 60.0).round() as u32;
    let (low, high, unit) = if high > 90 {
        (minutes(low).max(1), minutes(high), "min")
    } else {
        (low.max(1), high.max(1), "s")
    };
    if low >= high {
        format!("≈ {high} {unit}")
    } else {
        format!("≈ {low}–{high} {unit}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_button_says_how_many_and_what_it_costs() {
        let cost = |dollars| Usd::from_dollars(dollars);
        assert_eq!(run_words(1, cost(0.15)), "Run · $0.15");
        assert_eq!(run_words(6, cost(0.15)), "Run 6 · $0.90");
        assert_eq!(run_words(1, cost(0.0)), "Run · Free");
        assert_eq!(run_words(3, None), "Run 3…");
    }

    #[test]
    fn the_usual_time_is_rough() {
        assert_eq!(usual_words((6, 9)), "≈ 6–9 s");
        assert_eq!(usual_words((7, 7)), "≈ 7 s");
        assert_eq!(usual_words((0, 1)), "≈ 1 s");
        assert_eq!(usual_words((70, 200)), "≈ 1–3 min");
    }
}
