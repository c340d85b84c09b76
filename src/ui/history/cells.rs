//! The cells of a row, one function a column.

use egui::{Color32, Rect, Ui, vec2};

use super::row::Row;
use super::{strip, summary};
use crate::model::{Column, Cost, Run, SavedState, Source, Timestamp};
use crate::ui::theme::{Icon, font, icon, size, space, tokens};
use crate::ui::widgets::{label_in, label_right, run_pill};
use crate::ui::{Frame, animation, words as amounts};

/// Points kept free at the right of every cell.
pub const GAP: f32 = space::M;

/// A cell without the gap to its neighbour.
pub fn content(cell: Rect) -> Rect {
    cell.with_max_x((cell.right() - GAP).max(cell.left()))
}

/// Paints one cell.
pub fn ui(ui: &mut Ui, column: Column, row: &Row<'_>, run: &Run, frame: &mut Frame<'_>) {
    let cell = ui.max_rect();
    let inner = content(cell);
    match column {
        Column::Status => {
            run_pill(ui, run.stage);
        }
        Column::Outputs => match &row.trouble {
            Some(trouble) if row.told_beside => summary::beside(ui, inner, trouble),
            _ => strip::ui(ui, cell, run, frame),
        },
        Column::Technique => technique(ui, inner, run, frame),
        Column::Summary => {
            summary::ui(ui, inner, row, run, frame);
            summary_tooltip(ui, row, run);
        }
        Column::Created => created(ui, inner, row, run, frame),
        Column::Duration => duration(ui, inner, row, run, frame),
        Column::Cost => cost(ui, inner, row, run),
        Column::Saved => saved(ui, inner, row, run),
    }
}

/// A cell in words.
pub fn words(column: Column, run: &Run, now: Timestamp) -> String {
    match column {
        Column::Status => run.stage.word().to_owned(),
        Column::Outputs => amounts::counted(run.outputs.len(), "output"),
        Column::Technique => run.technique_name.to_string(),
        Column::Summary => run.summary.to_string(),
        Column::Created => amounts::when(run.created_at, now),
        Column::Duration => duration_words(run, now),
        Column::Cost => run.cost.words(),
        Column::Saved => saved_look(run.saved())
            .map_or("", |(_, word)| word)
            .to_owned(),
    }
}

/// The width at which nothing that is in view is cut off, in points.
pub fn fitting_width(ui: &Ui, column: Column, frame: &Frame<'_>) -> f32 {
    const SAMPLE: usize = 200;
    let height = frame.state.settings.history.row_height.points();
    let runs = frame.state.history.shown().iter().take(SAMPLE);
    let runs = runs.filter_map(|key| frame.state.rows.get(*key));
    let width = |text: String| {
        ui.painter()
            .layout_no_wrap(text, font::body(), Color32::WHITE)
            .size()
            .x
    };
    let title = width(super::columns::title(column).to_owned()) + size::ICON;
    let widest = runs
        .map(|run| match column {
            Column::Status => width(run.stage.word().to_owned()) + 32.0,
            Column::Outputs => strip::natural_width(run, height),
            Column::Saved => size::ICON,
            _ => width(words(column, run, frame.now)),
        })
        .fold(title, f32::max);
    (widest + GAP).ceil()
}

fn text_color(ui: &Ui, row: &Row<'_>) -> Color32 {
    let tokens = tokens(ui);
    if row.selected {
        tokens.text_primary
    } else {
        tokens.text_secondary
    }
}

fn technique(ui: &Ui, rect: Rect, run: &Run, frame: &Frame<'_>) {
    let tokens = tokens(ui);
    let elsewhere = run.source == Source::Elsewhere;
    let mark = if elsewhere { 18.0 } else { 0.0 };
    let words = rect.with_max_x(rect.right() - mark);
    let query = &frame.state.history.query.text;
    summary::marked_line(ui, words, &run.technique_name, query, tokens.text_primary);
    if elsewhere {
        let at = rect.right_center() - vec2(7.0, 0.0);
        icon(ui.painter(), at, Icon::Globe, 12.0, tokens.text_tertiary);
    }
    ui.response().on_hover_ui(|ui| {
        ui.label(&*run.technique_name);
        let slug = frame
            .state
            .catalog
            .get(&run.technique)
            .and_then(|technique| technique.slug.as_deref());
        ui.weak(slug.unwrap_or(run.technique.as_str()));
        if elsewhere {
            ui.weak("Started elsewhere");
        }
    });
}

fn summary_tooltip(ui: &Ui, row: &Row<'_>, run: &Run) {
    ui.response().on_hover_ui(|ui| {
        ui.label(&*run.summary);
        if let Some(trouble) = &row.trouble {
            ui.weak(&trouble.title);
            if !trouble.advice.is_empty() {
                ui.weak(&trouble.advice);
            }
        }
    });
}

fn created(ui: &Ui, rect: Rect, row: &Row<'_>, run: &Run, frame: &Frame<'_>) {
    let text = amounts::when(run.created_at, frame.now);
    label_in(ui.painter(), rect, &text, font::body(), text_color(ui, row));
    ui.response().on_hover_ui(|ui| {
        ui.label(amounts::when_exactly(run.created_at));
    });
}

fn duration_words(run: &Run, now: Timestamp) -> String {
    match run.duration_ms(now) {
        Some(milliseconds) if run.completed_at.is_none() => amounts::elapsed(milliseconds),
        Some(milliseconds) => amounts::took(milliseconds),
        None => "—".to_owned(),
    }
}

fn duration(ui: &Ui, rect: Rect, row: &Row<'_>, run: &Run, frame: &Frame<'_>) {
    let text = duration_words(run, frame.now);
    label_right(ui.painter(), rect, &text, font::body(), text_color(ui, row));
    if run.stage.is_live() && run.duration_ms(frame.now).is_some() {
        animation::tick(ui);
    }
}

/// Whether a charge is worth a second look: more than a fifth over the listed price.
fn is_dear(run: &Run) -> bool {
    match (run.cost, run.listed_cost) {
        (Cost::Charged(charged), Some(listed)) => charged.micros() * 5 > listed.micros() * 6,
        _ => false,
    }
}

fn cost(ui: &Ui, rect: Rect, row: &Row<'_>, run: &Run) {
    let color = if is_dear(run) {
        tokens(ui).needs_you.text
    } else {
        text_color(ui, row)
    };
    label_right(ui.painter(), rect, &run.cost.words(), font::body(), color);
    ui.response().on_hover_ui(|ui| {
        ui.label(match run.cost {
            Cost::Unknown => "FLORA has not said what it costs",
            Cost::Quote(_) => "Listed; nothing is charged yet",
            Cost::Settling(_) => "FLORA is settling the charge",
            Cost::Charged(_) => "Charged",
        });
        if let Some(listed) = run.listed_cost {
            ui.weak(format!("Listed {}", listed.price()));
        }
    });
}

fn saved_look(saved: SavedState) -> Option<(Icon, &'static str)> {
    match saved {
        SavedState::Nothing => None,
        SavedState::OnDisk => Some((Icon::HardDrive, "On this computer")),
        SavedState::Partly => Some((Icon::CloudDownload, "Partly on this computer")),
        SavedState::CloudOnly => Some((Icon::Cloud, "At FLORA only")),
        SavedState::LinkDead => Some((Icon::Unlink, "FLORA no longer serves it")),
    }
}

fn saved(ui: &Ui, rect: Rect, row: &Row<'_>, run: &Run) {
    let Some((what, word)) = saved_look(run.saved()) else {
        return;
    };
    let tokens = tokens(ui);
    let color = match what {
        Icon::Unlink => tokens.cloud.text,
        _ if row.selected => tokens.text_secondary,
        _ => tokens.text_tertiary,
    };
    icon(ui.painter(), rect.center(), what, 15.0, color);
    ui.response().on_hover_ui(|ui| {
        ui.label(word);
    });
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use crate::model::{
        Archive, MediaFacts, MediaKind, Output, OutputId, OutputKey, RowKey, RunStage, TechniqueId,
        Usd,
    };

    /// A finished run with this many pictures.
    pub fn run_with(outputs: u32) -> Run {
        let output = |index| Output {
            key: OutputKey::new(i64::from(index)),
            run: RowKey::new(1),
            output_id: OutputId::new("out"),
            index,
            kind: MediaKind::Image,
            excerpt: None,
            file: None,
            bytes: None,
            facts: MediaFacts::default(),
            archive: Archive::Stored,
        };
        Run {
            key: RowKey::new(1),
            launch: None,
            run_id: None,
            technique: TechniqueId::new("tech_1"),
            technique_name: "Poster".into(),
            workspace: None,
            project: None,
            stage: RunStage::Done,
            progress: None,
            summary: "Regatta".into(),
            created_at: Timestamp::UNIX_EPOCH,
            started_at: None,
            completed_at: None,
            listed_cost: Some(Usd::from_micros(100_000)),
            cost: Cost::Unknown,
            outputs: (0..outputs).map(output).collect(),
            failure: None,
            problem: None,
            source: Source::Here,
        }
    }

    #[test]
    fn a_charge_stands_out_when_it_is_a_fifth_over_the_listed_price() {
        let charged = |micros| Run {
            cost: Cost::Charged(Usd::from_micros(micros)),
            ..run_with(0)
        };
        assert!(!is_dear(&charged(120_000)));
        assert!(is_dear(&charged(120_001)));
        assert!(!is_dear(&run_with(0)));
    }
}
