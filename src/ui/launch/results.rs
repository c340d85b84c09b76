//! This technique's runs, newest first, live. Thousands cost no more than the cards in view.

use egui::{Margin, Rangef, Rect, ScrollArea, Sense, Ui, UiBuilder, pos2, vec2};

use super::arrangement::{Anchor, Arrangement, GAP};
use super::card;
use crate::model::{RowKey, Technique, TechniqueId};
use crate::state::{Action, Load};
use crate::ui::Frame;
use crate::ui::animation;
use crate::ui::theme::{Icon, font, radius, space, tokens};
use crate::ui::widgets::{button, empty_state, label};

/// What the column remembers between frames.
#[derive(Default)]
pub struct Screen {
    technique: Option<TechniqueId>,
    arrangement: Arrangement,
    anchor: Option<Anchor>,
    /// The list around the anchor moved: it must be scrolled back to where it was.
    moved: bool,
    asked: Vec<RowKey>,
    cards: card::Screen,
}

/// Points at both sides of the column.
const MARGIN: f32 = 20.0;

/// A card narrower than this, in points, is not put beside another.
const NARROWEST: f32 = 600.0;

/// Wider cards would only be emptier, in points.
const WIDEST: f32 = 960.0;

const MOST_COLUMNS: usize = 3;

/// Points above and below what is in view that are painted too.
const AHEAD: f32 = 200.0;

/// Whether the column says what it is; as a tab it has its name already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Title {
    Shown,
    Left,
}

/// Paints the column.
pub fn ui(ui: &mut Ui, title: Title, screen: &mut Screen, frame: &mut Frame<'_>) {
    let state = frame.state;
    let Some(technique) = state.open_technique_spec() else {
        return;
    };
    if screen.technique.as_ref() != Some(&technique.id) {
        *screen = Screen {
            technique: Some(technique.id.clone()),
            ..Screen::default()
        };
    }
    ui.spacing_mut().item_spacing = vec2(space::S, 0.0);
    match title {
        Title::Shown => header(ui),
        Title::Left => ui.add_space(space::L),
    }
    match &state.results.keys {
        Load::Failed {
            problem,
            previous: None,
        } => failed(ui, &problem.summary, &problem.hint, frame),
        keys => match keys.value() {
            None => skeleton(ui),
            Some(keys) if keys.is_empty() => nothing(ui),
            Some(_) => list(ui, technique, screen, frame),
        },
    }
}

fn header(ui: &mut Ui) {
    let tokens = tokens(ui);
    let margin = Margin {
        left: MARGIN as i8,
        right: MARGIN as i8,
        top: 18,
        bottom: 12,
    };
    egui::Frame::new().inner_margin(margin).show(ui, |ui| {
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = 10.0;
            ui.set_height(20.0);
            label(ui, "Results", font::section(), tokens.text_primary);
            let text = "of this technique, newest first";
            label(ui, text, font::secondary(), tokens.text_tertiary);
        });
    });
}

fn failed(ui: &mut Ui, summary: &str, hint: &str, frame: &mut Frame<'_>) {
    empty_state(ui, Icon::CloudAlert, summary, hint, |ui| {
        if button(ui, Some(Icon::RefreshCw), "Refresh").clicked() {
            frame.actions.push(Action::Refresh);
        }
    });
}

fn nothing(ui: &mut Ui) {
    let text = "Results will appear here as they finish";
    empty_state(ui, Icon::Images, text, "", |_| {});
}

/// Cards in grey while the list is read.
fn skeleton(ui: &Ui) {
    let area = ui.available_rect_before_wrap().shrink2(vec2(MARGIN, 0.0));
    for index in 0..3 {
        let top = area.top() + index as f32 * (172.0 + GAP);
        let card = Rect::from_min_size(pos2(area.left(), top), vec2(area.width(), 172.0));
        ui.painter()
            .rect_filled(card, radius::CARD, tokens(ui).bg_panel);
    }
}

/// How many cards stand side by side, and how wide each is.
fn columns(room: f32) -> (usize, f32) {
    let columns = (((room + GAP) / (NARROWEST + GAP)) as usize).clamp(1, MOST_COLUMNS);
    // One column may grow a good deal before a second one is better.
    let columns = if room <= WIDEST { 1 } else { columns };
    let gaps = GAP * (columns - 1) as f32;
    (columns, ((room - gaps) / columns as f32).min(WIDEST))
}

fn list(ui: &mut Ui, technique: &Technique, screen: &mut Screen, frame: &mut Frame<'_>) {
    let state = frame.state;
    let Some(keys) = state.results.keys.value() else {
        return;
    };
    let room = ui.available_width() - 2.0 * MARGIN;
    let (columns, width) = columns(room);
    let guess = |key| match state.rows.get(key) {
        Some(run) => card::guess(run, technique, width),
        None => card::UNREAD,
    };
    screen.moved |= screen.arrangement.arrange(keys, columns, width, guess);
    let mut area = ScrollArea::vertical()
        .id_salt(("results", technique.id.as_str()))
        .auto_shrink(false);
    if std::mem::take(&mut screen.moved)
        && let Some(offset) = screen
            .anchor
            .and_then(|at| screen.arrangement.offset_of(at))
    {
        area = area.vertical_scroll_offset(offset);
    }
    let mut shown = Vec::new();
    let output = area.show_viewport(ui, |ui, view| {
        ui.set_height(screen.arrangement.height() + space::S);
        let origin = ui.max_rect().min + vec2(MARGIN, 0.0);
        let view = Rangef::new(view.top() - AHEAD, view.bottom() + AHEAD);
        for row in screen.arrangement.rows_in(view) {
            let top = origin.y + screen.arrangement.top(row);
            cards(
                ui,
                row,
                pos2(origin.x, top),
                width,
                technique,
                screen,
                frame,
                &mut shown,
            );
        }
    });
    screen.anchor = screen.arrangement.anchor(output.state.clamped_offset().y);
    if screen.arrangement.settle() {
        screen.moved = true;
        animation::continue_next_frame(ui);
    }
    ask_for_rows(shown, screen, frame);
}

#[expect(
    clippy::too_many_arguments,
    reason = "a row of cards is where everything about the list meets"
)]
fn cards(
    ui: &mut Ui,
    row: usize,
    origin: egui::Pos2,
    width: f32,
    technique: &Technique,
    screen: &mut Screen,
    frame: &mut Frame<'_>,
    shown: &mut Vec<RowKey>,
) {
    let range = screen.arrangement.cards_in(row);
    let height = if range.len() > 1 {
        screen.arrangement.row_height(row)
    } else {
        0.0
    };
    for (column, index) in range.enumerate() {
        let key = screen.arrangement.key(index);
        shown.push(key);
        let left = origin.x + column as f32 * (width + GAP);
        let place = Rect::from_min_size(pos2(left, origin.y), vec2(width, f32::INFINITY));
        let Some(run) = frame.state.rows.get(key) else {
            unread(ui, place);
            continue;
        };
        let builder = UiBuilder::new().max_rect(place).id_salt(("run", key.get()));
        let measured = ui.scope_builder(builder, |ui| {
            card::ui(ui, run, technique, height, &mut screen.cards, frame)
        });
        screen.arrangement.measured(index, measured.inner);
    }
}

fn unread(ui: &mut Ui, place: Rect) {
    let rect = Rect::from_min_size(place.min, vec2(place.width(), card::UNREAD));
    ui.allocate_rect(rect, Sense::hover());
    ui.painter()
        .rect_filled(rect, radius::CARD, tokens(ui).bg_panel);
}

/// Asks for the rows in view when they changed or are not all here.
fn ask_for_rows(shown: Vec<RowKey>, screen: &mut Screen, frame: &mut Frame<'_>) {
    let missing = shown.iter().any(|key| frame.state.rows.get(*key).is_none());
    if missing || shown != screen.asked {
        screen.asked.clone_from(&shown);
        frame.actions.push(Action::ShowRows(shown));
    }
}

#[cfg(test)]
mod tests {
    use super::columns;

    #[test]
    fn cards_stand_side_by_side_only_where_there_is_room_for_both() {
        assert_eq!(columns(300.0), (1, 300.0));
        assert_eq!(columns(936.0), (1, 936.0));
        assert_eq!(columns(1576.0), (2, 782.0));
        assert_eq!(columns(4000.0).0, 3);
        assert!(columns(4000.0).1 <= 960.0);
    }
}
