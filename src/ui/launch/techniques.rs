//! The list of techniques: search, pinned and recent ones first. Thousands cost no more than what is in view.

use std::ops::Range;
use std::sync::Arc;

use egui::{
    EventFilter, Id, Key, Margin, Modifiers, Rect, Role, ScrollArea, Sense, Ui, WidgetInfo, pos2,
    vec2,
};

use super::technique_row::{self, HEIGHT, Standing};
use crate::model::{Technique, TechniqueId, TechniqueUses};
use crate::state::{Action, Load};
use crate::ui::Frame;
use crate::ui::theme::{Icon, font, radius, space, tokens};
use crate::ui::widgets::{button, empty_state, label, label_in, link, search_field};
use crate::ui::words;

/// What the list remembers between frames.
#[derive(Default)]
pub struct Screen {
    search: String,
    /// Where the keyboard is.
    cursor: Option<TechniqueId>,
    reveal_cursor: bool,
    order: Order,
    found: Found,
}

/// The uses that the rows are ordered by. A launch must not move rows under the pointer: they are taken anew when
/// one comes back to the place.
#[derive(Default)]
struct Order {
    uses: Option<Arc<TechniqueUses>>,
    /// The pass in which the list was painted last.
    pass: u64,
}

impl Order {
    fn keep(&mut self, latest: Option<&Arc<TechniqueUses>>, pass: u64) {
        let was_away = pass > self.pass + 1;
        if was_away || self.uses.is_none() || latest.is_none() {
            self.uses = latest.cloned();
        }
        self.pass = pass;
    }
}

/// The techniques that match, and what they were found for.
#[derive(Default)]
struct Found {
    sections: [Vec<Arc<Technique>>; 2],
    search: String,
    techniques: Option<Arc<[Arc<Technique>]>>,
    uses: Option<Arc<TechniqueUses>>,
    pinned: Vec<TechniqueId>,
}

const HEADING: f32 = 26.0;
const NAMES: [&str; 2] = ["Pinned and recent", "All techniques"];

/// Paints the column. `search` puts the keyboard into the search field.
pub fn ui(ui: &mut Ui, screen: &mut Screen, frame: &mut Frame<'_>, search: bool) {
    ui.spacing_mut().item_spacing.y = 0.0;
    let id = Id::unique("search techniques");
    if search {
        ui.memory_mut(|memory| memory.request_focus(id));
    }
    arrow_keys(ui, id, screen, frame);
    egui::Frame::new()
        .inner_margin(Margin {
            left: 12,
            right: 12,
            top: 12,
            bottom: 8,
        })
        .show(ui, |ui| {
            let width = ui.available_width();
            escape(ui, id, &mut screen.search);
            search_field(ui, id, &mut screen.search, "Search techniques", width);
        });
    screen.order.keep(
        frame.state.catalog.uses.as_ref(),
        ui.ctx().cumulative_pass_nr(),
    );
    find(screen, frame);
    match &frame.state.catalog.techniques {
        load if load.is_first_load() => skeleton(ui),
        // What is to be said then is said in the middle of the window.
        Load::Failed { previous: None, .. } => {}
        load => {
            if let Some(problem) = load.problem() {
                stale(ui, &problem.summary, frame);
            }
            if screen.found.is_empty() {
                no_match(ui, screen, frame);
            } else {
                list(ui, screen, frame);
            }
        }
    }
}

/// `Esc` clears, then leaves.
fn escape(ui: &Ui, id: Id, search: &mut String) {
    // egui takes the keyboard from a field before anyone sees the key.
    let focused = ui.memory(|memory| memory.has_focus(id) || memory.had_focus_last_frame(id));
    if focused
        && !search.is_empty()
        && ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Escape))
    {
        search.clear();

        ui.memory_mut(|memory| memory.request_focus(id));
    }
}

fn find(screen: &mut Screen, frame: &Frame<'_>) {
    let state = frame.state;
    let techniques = state.catalog.techniques.value();
    let (found, uses) = (&screen.found, &screen.order.uses);
    if is_same(found.techniques.as_ref(), techniques)
        && is_same(found.uses.as_ref(), uses.as_ref())
        && found.search == screen.search
        && found.pinned == state.settings.pinned
    {
        return;
    }
    let known = uses.clone().unwrap_or_default();
    screen.found = Found {
        sections: state
            .catalog
            .sections(&state.settings, &known, &screen.search),
        search: screen.search.clone(),
        techniques: techniques.cloned(),
        uses: uses.clone(),
        pinned: state.settings.pinned.clone(),
    };
}

fn is_same<T: ?Sized>(one: Option<&Arc<T>>, other: Option<&Arc<T>>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => Arc::ptr_eq(one, other),
        (None, None) => true,
        _ => false,
    }
}

impl Found {
    fn is_empty(&self) -> bool {
        self.sections.iter().all(Vec::is_empty)
    }

    fn all(&self) -> impl DoubleEndedIterator<Item = &Arc<Technique>> {
        self.sections.iter().flatten()
    }

    fn position(&self, id: &TechniqueId) -> Option<usize> {
        self.all().position(|technique| &technique.id == id)
    }

    fn nth(&self, index: usize) -> Option<&Arc<Technique>> {
        let first = self.sections[0].len();
        match index.checked_sub(first) {
            None => self.sections[0].get(index),
            Some(index) => self.sections[1].get(index),
        }
    }

    fn len(&self) -> usize {
        self.sections.iter().map(Vec::len).sum()
    }

    /// Where a section begins, in points from the list's top.
    fn top(&self, section: usize) -> f32 {
        self.sections[..section]
            .iter()
            .map(|section| section_height(section))
            .sum()
    }

    /// Where a technique is, in points from the list's top.
    fn row_top(&self, index: usize) -> f32 {
        let first = self.sections[0].len();
        match index.checked_sub(first) {
            None => HEADING + index as f32 * HEIGHT,
            Some(index) => self.top(1) + HEADING + index as f32 * HEIGHT,
        }
    }
}

fn section_height(section: &[Arc<Technique>]) -> f32 {
    if section.is_empty() {
        0.0
    } else {
        HEADING + section.len() as f32 * HEIGHT + space::S
    }
}

fn list(ui: &mut Ui, screen: &mut Screen, frame: &mut Frame<'_>) {
    let list_id = Id::unique("techniques");
    let focused = ui.memory(|memory| memory.has_focus(list_id));
    if focused {
        let filter = EventFilter {
            vertical_arrows: true,
            ..EventFilter::default()
        };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(list_id, filter));
    }
    ScrollArea::vertical()
        .id_salt("techniques")
        .auto_shrink(false)
        .show_viewport(ui, |ui, view| {
            let found = &screen.found;
            let height: f32 = found.top(2) + space::S;
            ui.set_height(height);
            let area = ui.max_rect();
            let whole = Rect::from_min_size(area.min, vec2(area.width(), height));
            let response = ui.interact(whole, list_id, Sense::focusable_noninteractive());
            response.widget_info(|| WidgetInfo::labeled(Role::ListBox, true, "Techniques"));
            if std::mem::take(&mut screen.reveal_cursor) {
                reveal(ui, found, screen.cursor.as_ref(), area.min.y);
            }
            for section in 0..2 {
                let top = found.top(section);
                let cursor = screen.cursor.as_ref().filter(|_| focused);
                section_ui(
                    ui,
                    &found.sections[section],
                    section,
                    top,
                    view,
                    cursor,
                    frame,
                );
            }
        });
}

fn reveal(ui: &Ui, found: &Found, cursor: Option<&TechniqueId>, origin: f32) {
    if let Some(index) = cursor.and_then(|cursor| found.position(cursor)) {
        let top = origin + found.row_top(index);
        let rect = Rect::from_x_y_ranges(ui.max_rect().x_range(), top..=(top + HEIGHT));
        ui.scroll_to_rect(rect.expand(space::S), None);
    }
}

fn section_ui(
    ui: &mut Ui,
    rows: &[Arc<Technique>],
    section: usize,
    top: f32,
    view: Rect,
    cursor: Option<&TechniqueId>,
    frame: &mut Frame<'_>,
) {
    if rows.is_empty() {
        return;
    }
    let origin = ui.max_rect().min;
    let (left, right) = (ui.max_rect().left() + space::S, ui.max_rect().right() - 9.0);
    let y = origin.y + top;
    let heading = Rect::from_min_max(
        pos2(left + space::S, y - 1.0),
        pos2(right, y + HEADING - 5.0),
    );
    let quiet = tokens(ui).text_tertiary;
    label_in(
        ui.painter(),
        heading,
        NAMES[section],
        font::caption(),
        quiet,
    );
    for index in rows_in(rows.len(), top + HEADING, view) {
        let technique = &rows[index];
        let y = y + HEADING + index as f32 * HEIGHT;
        let rect = Rect::from_min_max(pos2(left, y), pos2(right, y + HEIGHT));
        let standing = Standing {
            open: frame.state.launch.open.as_ref() == Some(&technique.id),
            cursor: cursor == Some(&technique.id),
            pinned: frame.state.settings.pinned.contains(&technique.id),
        };
        technique_row::ui(ui, rect, technique, standing, frame);
    }
}

/// The rows in view of a section whose first row begins at `top`.
fn rows_in(count: usize, top: f32, view: Rect) -> Range<usize> {
    let first = ((view.top() - top) / HEIGHT).floor().max(0.0) as usize;
    let end = ((view.bottom() - top) / HEIGHT).ceil().max(0.0) as usize;
    first.min(count)..end.min(count)
}

/// The arrows move through the list, also from the search field; `Enter` opens.
fn arrow_keys(ui: &Ui, search: Id, screen: &mut Screen, frame: &mut Frame<'_>) {
    let focused = ui.memory(|memory| memory.focused());
    if focused != Some(search) && focused != Some(Id::unique("techniques")) {
        return;
    }
    let (moved, enter, edge) = ui.input_mut(|input| {
        let down = input.count_and_consume_key(Modifiers::NONE, Key::ArrowDown) as i32;
        let up = input.count_and_consume_key(Modifiers::NONE, Key::ArrowUp) as i32;
        let page = input.count_and_consume_key(Modifiers::NONE, Key::PageDown) as i32
            - input.count_and_consume_key(Modifiers::NONE, Key::PageUp) as i32;
        let enter = input.consume_key(Modifiers::NONE, Key::Enter);
        let edge = match focused == Some(search) {
            true => None,
            false if input.consume_key(Modifiers::NONE, Key::Home) => Some(0),
            false if input.consume_key(Modifiers::NONE, Key::End) => Some(usize::MAX),
            false => None,
        };
        (down - up + page * 8, enter, edge)
    });
    let from = screen.cursor.as_ref().or(frame.state.launch.open.as_ref());
    let at = from.and_then(|id| screen.found.position(id));
    let last = screen.found.len().saturating_sub(1);
    if moved != 0 || edge.is_some() {
        let stepped = match at {
            Some(at) => at.saturating_add_signed(moved as isize).min(last),
            None => 0,
        };
        let to = edge.map_or(stepped, |edge| edge.min(last));
        screen.cursor = screen.found.nth(to).map(|technique| technique.id.clone());
        screen.reveal_cursor = true;
        // From here on the list has the keyboard: the row shows it.
        ui.memory_mut(|memory| memory.request_focus(Id::unique("techniques")));
    }
    if enter {
        let chosen = at.or((focused == Some(search)).then_some(0));
        if let Some(technique) = chosen.and_then(|at| screen.found.nth(at)) {
            frame
                .actions
                .push(Action::OpenTechnique(technique.id.clone()));
        }
    }
}

/// The list is what was read last; reading it anew did not succeed.
fn stale(ui: &mut Ui, summary: &str, frame: &mut Frame<'_>) {
    let quiet = tokens(ui).text_tertiary;
    egui::Frame::new()
        .inner_margin(Margin {
            left: 16,
            right: 12,
            top: 0,
            bottom: 8,
        })
        .show(ui, |ui| {
            label(ui, summary, font::secondary(), quiet);
            if link(ui, "Retry").clicked() {
                frame.actions.push(Action::Refresh);
            }
        });
}

/// Rows in grey while the list is read.
fn skeleton(ui: &Ui) {
    let area = ui.available_rect_before_wrap().shrink2(vec2(16.0, 0.0));
    let fill = tokens(ui).bg_panel;
    for index in 0..8 {
        let top = area.top() + HEADING + index as f32 * HEIGHT + 7.0;
        let corner = pos2(area.left(), top);
        let bar = |x: f32, y: f32, width: f32, height: f32| {
            let rect = Rect::from_min_size(corner + vec2(x, y), vec2(width, height));
            ui.painter().rect_filled(rect, radius::TILE, fill);
        };
        bar(0.0, 0.0, 40.0, 40.0);
        bar(50.0, 6.0, 96.0 + (index * 37 % 50) as f32, 10.0);
        bar(50.0, 24.0, 130.0 + (index * 53 % 40) as f32, 8.0);
    }
}

fn no_match(ui: &mut Ui, screen: &mut Screen, frame: &Frame<'_>) {
    if screen.search.trim().is_empty() {
        return;
    }
    let count = frame
        .state
        .catalog
        .techniques
        .value()
        .map_or(0, |all| all.len());
    let title = format!(
        "No match for “{}”",
        words::shortened(screen.search.trim(), 24)
    );
    let text = format!("{} to search in", words::counted(count, "technique"));
    empty_state(ui, Icon::SearchX, &title, &text, |ui| {
        if button(ui, None, "Show all").clicked() {
            screen.search.clear();
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{TechniqueUse, now};

    fn used(names: &[&str]) -> Arc<TechniqueUses> {
        let one = |name: &&str| {
            let usage = TechniqueUse {
                last_used: now(),
                cover: None,
                usual_seconds: None,
            };
            (TechniqueId::new(*name), usage)
        };
        Arc::new(names.iter().map(one).collect())
    }

    #[test]
    fn rows_are_ordered_anew_when_one_comes_back_and_not_while_one_looks() {
        let (before, after) = (used(&["poster"]), used(&["poster", "halftone"]));
        let mut order = Order::default();
        let (before, after) = (Some(&before), Some(&after));
        order.keep(None, 1);
        order.keep(before, 2);
        assert_eq!(order.uses.as_ref(), before, "what was loaded counts");
        order.keep(after, 3);
        assert_eq!(order.uses.as_ref(), before, "nothing moves");
        order.keep(after, 9);
        assert_eq!(order.uses.as_ref(), after, "it was not on the screen");
        order.keep(None, 10);
        assert_eq!(order.uses, None, "another profile has another order");
    }
}
