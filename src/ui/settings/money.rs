//! What may be spent without being asked.

use egui::{Id, Ui};

use super::card::{card, note, row};
use crate::model::Usd;
use crate::state::{Action, SettingsChange};
use crate::ui::Frame;
use crate::ui::theme::{Icon, font, tokens};
use crate::ui::widgets::{TextField, label, text_field};

/// The amount while it is typed.
#[derive(Default)]
pub(super) struct Screen {
    typed: Option<String>,
}

/// Paints the card.
pub(super) fn ui(ui: &mut Ui, screen: &mut Screen, frame: &mut Frame<'_>) {
    let current = frame.state.settings.confirm_above;
    let mut wrong = None;
    card(ui, Icon::Wallet, "Money", |ui| {
        row(
            ui,
            "Ask above",
            "A click that costs more than this is asked about first",
            |ui| {
                let (changed, problem) = amount(ui, screen, current);
                wrong = problem;
                if let Some(amount) = changed {
                    let change = SettingsChange::ConfirmAbove(amount);
                    frame.actions.push(Action::ChangeSettings(change));
                }
            },
        );
        match wrong {
            Some(problem) => {
                label(ui, problem, font::secondary(), tokens(ui).failed.text);
            }
            None => note(
                ui,
                "More than five runs at once, a price that is not listed, and a run started again are always \
                 asked about",
            ),
        }
    });
}

/// The field: the amount it was left with, and what is wrong with what it holds.
fn amount(ui: &mut Ui, screen: &mut Screen, current: Usd) -> (Option<Usd>, Option<&'static str>) {
    let id = Id::unique("confirm-above");
    let mut text = screen
        .typed
        .clone()
        .unwrap_or_else(|| current.to_string().trim_start_matches('$').to_owned());
    let read = parse(&text);
    let error = read.is_err();
    let entry = TextField {
        text: &mut text,
        name: "Ask above, in dollars",
        hint: "0.50",
        width: 96.0,
        masked: false,
        error,
    };
    // Right to left: the sign comes after the field.
    let response = text_field(ui, id, entry, (0.0, |_: &mut Ui| {}));
    label(ui, "$", font::field(), tokens(ui).text_tertiary);
    if response.changed() {
        screen.typed = Some(text.clone());
    }
    let read = parse(&text);
    if response.lost_focus() && read.is_ok() {
        screen.typed = None;
        return (read.ok().filter(|amount| *amount != current), None);
    }
    (None, read.err())
}

/// "0.5", "$ 0.50" or "0,50" in dollars.
fn parse(text: &str) -> Result<Usd, &'static str> {
    let text = text.trim().trim_start_matches('$').trim().replace(',', ".");
    let dollars: f64 = text.parse().map_err(|_| "Type an amount such as 0.50")?;
    Usd::from_dollars(dollars)
        .filter(|amount| *amount <= Usd::from_micros(10_000_000_000))
        .ok_or("Type an amount between 0 and 10,000")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_as_people_write_them() {
        let half = Usd::from_micros(500_000);
        for text in ["0.5", " $0.50", "0,50", ".5"] {
            assert_eq!(parse(text), Ok(half), "{text}");
        }
        assert_eq!(parse("0"), Ok(Usd::ZERO));
        for text in ["", "-1", "much", "NaN", "1e9", "1,000.00"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
