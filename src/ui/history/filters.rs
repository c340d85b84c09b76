//! The filters: a chip each, with a menu to choose a value and to turn "is" into "is not".

use egui::{ScrollArea, Ui};

use super::filter_bar::{FILTERS, filter_menu};
use super::since::{self, Period};
use crate::model::{HistoryQuery, Match, StatusFilter, TechniqueFilter, Timestamp};
use crate::state::Action;
use crate::ui::Frame;
use crate::ui::theme::space;
use crate::ui::widgets::{
    chip_button, chip_button_width, filter_chip, filter_chip_width, menu_choice, search_field,
    segmented,
};

/// What can be filtered by, beside the search.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Filter {
    Status,
    Technique,
    Date,
}

/// What the filters remember between frames.
#[derive(Default)]
pub struct Memory {
    /// What is typed to find a technique in its menu.
    technique: String,
    /// "is not" chosen before a value was.
    negated: Vec<Filter>,
}

/// Where a menu grows a search field of its own.
const MANY_TECHNIQUES: usize = 10;

impl Filter {
    fn name(self) -> &'static str {
        match self {
            Self::Status => "Status",
            Self::Technique => "Technique",
            Self::Date => "Date",
        }
    }

    /// The words of its chip when it is on: "Status is not", "Failed".
    pub fn words(self, query: &HistoryQuery, now: Timestamp) -> Option<(String, String)> {
        let verb = |negated| if negated { "is not" } else { "is" };
        match self {
            Self::Status => {
                let (negated, status) = unpack(query.status.as_ref()?);
                Some((
                    format!("Status {}", verb(negated)),
                    status.word().to_owned(),
                ))
            }
            Self::Technique => {
                let (negated, technique) = unpack(query.technique.as_ref()?);
                Some((
                    format!("Technique {}", verb(negated)),
                    technique.name.clone(),
                ))
            }
            Self::Date => {
                let name = since::name(query.since?, now);
                Some(("Created".to_owned(), name))
            }
        }
    }

    /// The question without this filter.
    pub fn removed(self, query: &HistoryQuery) -> HistoryQuery {
        let mut query = query.clone();
        match self {
            Self::Status => query.status = None,
            Self::Technique => query.technique = None,
            Self::Date => query.since = None,
        }
        query
    }

    fn is_negated(self, query: &HistoryQuery, memory: &Memory) -> bool {
        match self {
            Self::Status => matches!(query.status, Some(Match::IsNot(_))),
            Self::Technique => matches!(query.technique, Some(Match::IsNot(_))),
            Self::Date => false,
        }
        .max(self.words(query, Timestamp::UNIX_EPOCH).is_none() && memory.negated.contains(&self))
    }
}

fn unpack<T>(matched: &Match<T>) -> (bool, &T) {
    match matched {
        Match::Is(value) => (false, value),
        Match::IsNot(value) => (true, value),
    }
}

fn pack<T>(negated: bool, value: T) -> Match<T> {
    if negated {
        Match::IsNot(value)
    } else {
        Match::Is(value)
    }
}

/// The question with neither search nor filters; its order stays.
pub fn without_any(query: &HistoryQuery) -> HistoryQuery {
    HistoryQuery {
        sort: query.sort,
        then: query.then,
        ..HistoryQuery::default()
    }
}

/// How wide the chips will be, in points.
pub fn width(ui: &Ui, query: &HistoryQuery, now: Timestamp) -> f32 {
    let widths = FILTERS.map(|filter| match filter.words(query, now) {
        Some((lead, value)) => filter_chip_width(ui, &lead, &value),
        None => chip_button_width(ui, filter.name()),
    });
    widths.iter().sum::<f32>() + space::S * (widths.len() - 1) as f32
}

/// Paints the chips.
pub fn ui(ui: &mut Ui, memory: &mut Memory, frame: &mut Frame<'_>) {
    for filter in FILTERS {
        ui.push_id(filter, |ui| chip(ui, filter, memory, frame));
    }
}

fn chip(ui: &mut Ui, filter: Filter, memory: &mut Memory, frame: &mut Frame<'_>) {
    let query = &frame.state.history.query;
    let opener = match filter.words(query, frame.now) {
        Some((lead, value)) => {
            let chip = filter_chip(ui, &lead, &value);
            if chip.removed {
                frame.actions.push(Action::SetQuery(filter.removed(query)));
            }
            chip.body
        }
        None => chip_button(ui, filter.name()),
    };
    filter_menu(&opener, |ui| match filter {
        Filter::Status => status_menu(ui, memory, frame),
        Filter::Technique => technique_menu(ui, memory, frame),
        Filter::Date => date_menu(ui, frame),
    });
}

/// "is" or "is not"; turns a filter that is on, and is remembered for one that is about to be.
fn verb(ui: &mut Ui, filter: Filter, memory: &mut Memory, frame: &mut Frame<'_>) -> bool {
    let query = &frame.state.history.query;
    let negated = filter.is_negated(query, memory);
    let clicked = segmented(ui, negated, &[(false, "is"), (true, "is not")]);
    ui.add_space(space::XS);
    let Some(clicked) = clicked else {
        return negated;
    };
    memory.negated.retain(|known| *known != filter);
    if clicked {
        memory.negated.push(filter);
    }
    let mut turned = query.clone();
    if let Some(status) = &query.status
        && filter == Filter::Status
    {
        turned.status = Some(pack(clicked, *unpack(status).1));
    }
    if let Some(technique) = &query.technique
        && filter == Filter::Technique
    {
        turned.technique = Some(pack(clicked, unpack(technique).1.clone()));
    }
    frame.actions.push(Action::SetQuery(turned));
    clicked
}

fn status_menu(ui: &mut Ui, memory: &mut Memory, frame: &mut Frame<'_>) {
    let negated = verb(ui, Filter::Status, memory, frame);
    let query = &frame.state.history.query;
    let current = query.status.as_ref().map(|status| *unpack(status).1);
    for status in StatusFilter::ALL {
        if menu_choice(ui, status.word(), current == Some(status)).clicked() {
            ui.close();
            frame.actions.push(Action::SetQuery(HistoryQuery {
                status: Some(pack(negated, status)),
                ..query.clone()
            }));
        }
    }
}

fn technique_menu(ui: &mut Ui, memory: &mut Memory, frame: &mut Frame<'_>) {
    let negated = verb(ui, Filter::Technique, memory, frame);
    let query = &frame.state.history.query;
    let Some(all) = frame.state.catalog.techniques.value() else {
        return;
    };
    if all.len() > MANY_TECHNIQUES {
        let width = ui.available_width();
        let id = ui.scope_id().with("find");
        search_field(ui, id, &mut memory.technique, "Find a technique", width);
        ui.add_space(space::XS);
    }
    let wanted = memory.technique.to_lowercase();
    let current = query.technique.as_ref().map(|filter| &unpack(filter).1.id);
    let found = all
        .iter()
        .filter(|technique| technique.name.to_lowercase().contains(&wanted));
    let mut chosen = None;
    ScrollArea::vertical().max_height(320.0).show(ui, |ui| {
        for technique in found {
            if menu_choice(ui, &technique.name, current == Some(&technique.id)).clicked() {
                chosen = Some(technique);
            }
        }
    });
    if let Some(technique) = chosen {
        ui.close();
        memory.technique.clear();
        let filter = TechniqueFilter {
            id: technique.id.clone(),
            name: technique.name.to_string(),
        };
        frame.actions.push(Action::SetQuery(HistoryQuery {
            technique: Some(pack(negated, filter)),
            ..query.clone()
        }));
    }
}

fn date_menu(ui: &mut Ui, frame: &mut Frame<'_>) {
    let query = &frame.state.history.query;
    let mut choose = |ui: &mut Ui, name: &str, since: Option<Timestamp>| {
        if menu_choice(ui, name, query.since == since).clicked() {
            ui.close();
            frame.actions.push(Action::SetQuery(HistoryQuery {
                since,
                ..query.clone()
            }));
        }
    };
    choose(ui, "Any time", None);
    for period in Period::ALL {
        if let Some(start) = period.start(frame.now) {
            choose(ui, period.word(), Some(start));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chip_says_what_it_keeps_out() {
        let query = HistoryQuery {
            status: Some(Match::IsNot(StatusFilter::Failed)),
            ..HistoryQuery::default()
        };
        let words = Filter::Status.words(&query, Timestamp::UNIX_EPOCH);
        assert_eq!(
            words,
            Some(("Status is not".to_owned(), "Failed".to_owned()))
        );
        assert_eq!(Filter::Technique.words(&query, Timestamp::UNIX_EPOCH), None);
    }

    #[test]
    fn a_reset_keeps_the_order() {
        let sort = Some(crate::model::SortKey {
            column: crate::model::Column::Cost,
            order: crate::model::SortOrder::Ascending,
        });
        let query = HistoryQuery {
            text: "harbour".to_owned(),
            since: Some(Timestamp::UNIX_EPOCH),
            sort,
            ..HistoryQuery::default()
        };
        let reset = without_any(&query);
        assert!(!reset.is_filtered());
        assert_eq!(reset.sort, sort);
    }
}
