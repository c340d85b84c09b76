//! The place where runs are started: techniques | the form made from the schema | this technique's results.

mod arrangement;
mod card;
mod card_live;
mod card_outputs;
mod card_trouble;
mod curl;
mod editor;
mod field;
mod field_element;
mod field_file;
mod field_text;
mod file_tile;
mod fit;
mod footer;
mod form;
mod form_header;
mod form_problem;
mod glyphs;
mod handing_in;
mod keys;
mod library_picker;
mod menu;
mod more_menu;
mod nothing_open;
mod output_tile;
mod recall;
mod results;
mod routing;
mod technique_row;
mod techniques;
mod url_entry;

use egui::{CentralPanel, Id, Margin, Panel, Rect, Sense, Ui, pos2};

use super::Frame;
use super::theme::{size, space, tokens};
use super::widgets::{segmented, splitter};
use crate::model::RowKey;
use crate::state::{Action, SettingsChange};

/// What this place remembers between frames.
#[derive(Default)]
pub struct Screen {
    techniques: techniques::Screen,
    form: form::Screen,
    results: results::Screen,
    tab: Tab,
    /// The form's width while its edge is dragged, in points.
    form_width: Option<f32>,
    /// The newest run at the moment of the click on Run: its successor is what the person waits for.
    awaiting: Option<Option<RowKey>>,
}

/// What shows beside the techniques in a narrow window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Tab {
    #[default]
    Form,
    Results,
}

/// Below this width of the window, in points, the results are a tab beside the form.
pub const NARROW: f32 = 1200.0;

/// The form's width, in points.
const FORM: std::ops::RangeInclusive<f32> = 360.0..=440.0;

/// The results get at least this much, in points.
const RESULTS: f32 = 300.0;

/// Paints it.
pub fn ui(ui: &mut Ui, screen: &mut Screen, frame: &mut Frame<'_>) {
    let keys = keys::take(ui, &screen.form);
    techniques_column(ui, screen, frame, keys.search);
    if frame.state.open_technique_spec().is_none() {
        nothing_open::ui(ui, frame);
        return;
    }
    if ui.ctx().content_rect().width() < NARROW {
        tabs(ui, screen, frame);
    } else {
        columns(ui, screen, frame);
    }
    if keys.run || std::mem::take(&mut screen.form.run) {
        run(screen, frame);
    }
}

fn techniques_column(ui: &mut Ui, screen: &mut Screen, frame: &mut Frame<'_>, search: bool) {
    let shown = Panel::left("techniques")
        .exact_size(size::TECHNIQUES)
        .resizable(false)
        .show_separator_line(false)
        .frame(egui::Frame::new().fill(tokens(ui).bg_app))
        .show(ui, |ui| {
            techniques::ui(ui, &mut screen.techniques, frame, search);
        });
    edge(ui, shown.response.rect);
}

/// A hairline at a panel's right edge.
fn edge(ui: &Ui, panel: Rect) {
    ui.painter().vline(
        panel.right() - 0.5,
        panel.y_range(),
        (1.0, tokens(ui).border_subtle),
    );
}

fn columns(ui: &mut Ui, screen: &mut Screen, frame: &mut Frame<'_>) {
    let most = (ui.available_width() - RESULTS).clamp(*FORM.start(), *FORM.end());
    let kept = frame.state.settings.panels.form_width;
    let width = screen.form_width.unwrap_or(kept).clamp(*FORM.start(), most);
    let shown = Panel::left("launch form")
        .exact_size(width)
        .resizable(false)
        .show_separator_line(false)
        .frame(egui::Frame::new().fill(tokens(ui).bg_panel))
        .show(ui, |ui| form::ui(ui, &mut screen.form, frame));
    CentralPanel::no_frame()
        .frame(egui::Frame::new().fill(tokens(ui).bg_app))
        .show(ui, |ui| {
            results::ui(ui, results::Title::Shown, &mut screen.results, frame);
        });
    resize(ui, shown.response.rect, width, screen, frame);
}

fn resize(ui: &Ui, form: Rect, width: f32, screen: &mut Screen, frame: &mut Frame<'_>) {
    let edge = Rect::from_x_y_ranges(form.right()..=form.right(), form.y_range());
    let id = Id::unique("launch form edge");
    // The form's scroll bar is left of the edge: it must stay within reach.
    let edge = splitter(
        ui,
        id,
        edge,
        [1.0, 6.0],
        Sense::click_and_drag(),
        "Width of the form",
    );
    if edge.moved != 0.0 {
        let width = (width + edge.moved).clamp(*FORM.start(), *FORM.end());
        screen.form_width = Some(width);
    }
    if edge.response.drag_stopped() || (edge.moved != 0.0 && !edge.response.dragged()) {
        let width = screen.form_width.take().unwrap_or(width);
        let change = SettingsChange::FormWidth(width);
        frame.actions.push(Action::ChangeSettings(change));
    }
}

fn tabs(ui: &mut Ui, screen: &mut Screen, frame: &mut Frame<'_>) {
    turn_page(screen, frame);
    let ground = egui::Frame::new()
        .fill(tokens(ui).bg_panel)
        .inner_margin(Margin {
            left: space::XL as i8 - 4,
            right: 12,
            top: 10,
            bottom: 6,
        });
    Panel::top("launch tabs")
        .resizable(false)
        .show_separator_line(false)
        .frame(ground)
        .show(ui, |ui| {
            let choices = [(Tab::Form, "Form"), (Tab::Results, "Results")];
            if let Some(tab) = segmented(ui, screen.tab, &choices) {
                screen.tab = tab;
            }
        });
    let fill = match screen.tab {
        Tab::Form => tokens(ui).bg_panel,
        Tab::Results => tokens(ui).bg_app,
    };
    CentralPanel::no_frame()
        .frame(egui::Frame::new().fill(fill))
        .show(ui, |ui| match screen.tab {
            Tab::Form => form::ui(ui, &mut screen.form, frame),
            Tab::Results => results::ui(ui, results::Title::Left, &mut screen.results, frame),
        });
}

/// In a narrow window a run that began shows itself, and a field that needs something does too.
fn turn_page(screen: &mut Screen, frame: &Frame<'_>) {
    if screen.form.is_led(frame.state) {
        screen.tab = Tab::Form;
        screen.awaiting = None;
    }
    if let Some(before) = screen.awaiting
        && newest(frame) != before
    {
        screen.awaiting = None;
        screen.tab = Tab::Results;
    }
}

fn newest(frame: &Frame<'_>) -> Option<RowKey> {
    frame.state.results.keys.value()?.first().copied()
}

fn run(screen: &mut Screen, frame: &mut Frame<'_>) {
    screen.awaiting = Some(newest(frame));
    frame.actions.push(Action::Launch);
}

/// The left part of a rectangle, this wide.
fn left_part(rect: Rect, width: f32) -> Rect {
    Rect::from_min_max(
        rect.min,
        pos2((rect.left() + width).min(rect.right()), rect.bottom()),
    )
}
