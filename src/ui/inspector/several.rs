//! What several selected runs add up to.

use egui::Ui;

use super::fact::fact;
use super::{Frame, heading};
use crate::model::{Cost, RunStage, Usd};
use crate::state::Action;
use crate::ui::theme::{Icon, space};
use crate::ui::widgets::{ButtonKind, quiet_button};
use crate::ui::words;

/// The sums of the selected runs, as far as they were read.
#[derive(Debug, Default, PartialEq)]
struct Sums {
    read: usize,
    done: usize,
    failed: usize,
    in_progress: usize,
    outputs: usize,
    bytes: u64,
    cost: Usd,
    settling: bool,
}

/// More rows than these are not kept in memory: their sums are not known here.
const MOST: usize = 4096;

/// Paints the sums and what can be done with all of them.
pub fn ui(ui: &mut Ui, frame: &mut Frame<'_>) {
    let count = frame.state.history.selected.len();
    ui.add_space(space::L);
    heading(ui, &format!("{} selected", words::counted(count, "run")));
    ui.add_space(space::XS);
    facts(ui, frame);
    ui.add_space(space::M);
    let save = format!("Save {}…", words::count(count));
    if quiet_button(ui, ButtonKind::Primary, Some(Icon::Download), &save).clicked() {
        let rows = frame.state.history.selection();
        frame.actions.push(Action::SaveRuns(rows));
    }
}

fn facts(ui: &mut Ui, frame: &Frame<'_>) {
    let history = &frame.state.history;
    let all = history.selected.len() == history.keys().len();
    let sums = sums(frame);
    if let Some(answer) = history.answer.value().filter(|_| all) {
        let cost = cost_words(answer.totals.cost, answer.totals.settling);
        fact(ui, "Cost", &cost);
    } else if history.selected.len() <= MOST {
        let unread = sums.read < history.selected.len();
        fact(ui, "Cost", &cost_words(sums.cost, sums.settling || unread));
    }
    if sums.read == history.selected.len() {
        for (name, count) in [
            ("Done", sums.done),
            ("Failed", sums.failed),
            ("In progress", sums.in_progress),
        ] {
            if count > 0 {
                fact(ui, name, &words::count(count));
            }
        }
        fact(ui, "Outputs", &words::count(sums.outputs));
        if sums.bytes > 0 {
            fact(ui, "Size", &words::bytes(sums.bytes));
        }
    }
}

fn cost_words(cost: Usd, at_least: bool) -> String {
    if at_least {
        format!("At least {cost}")
    } else {
        cost.price()
    }
}

fn sums(frame: &Frame<'_>) -> Sums {
    let mut sums = Sums::default();
    let selected = &frame.state.history.selected;
    if selected.len() > MOST {
        return sums;
    }
    for run in selected.iter().filter_map(|key| frame.state.rows.get(*key)) {
        sums.read += 1;
        match run.stage {
            RunStage::Done => sums.done += 1,
            RunStage::Failed => sums.failed += 1,
            stage if stage.is_live() => sums.in_progress += 1,
            _ => {}
        }
        sums.outputs += run.outputs.len();
        sums.bytes += run.outputs.iter().filter_map(|o| o.bytes).sum::<u64>();
        match run.cost {
            Cost::Charged(amount) => sums.cost += amount,
            Cost::Unknown | Cost::Quote(_) | Cost::Settling(_) => sums.settling = true,
        }
    }
    sums
}
