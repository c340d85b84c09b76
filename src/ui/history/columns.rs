//! The table's columns: their names, and how they share the width.

use egui::Align;

use crate::model::Column;
use crate::settings::{HistoryChoices, RowHeight};

/// Room at the left for the box that selects a row, in points.
pub const GUTTER: f32 = 32.0;

/// Left to right.
pub const COLUMNS: [Column; 8] = [
    Column::Status,
    Column::Outputs,
    Column::Technique,
    Column::Summary,
    Column::Created,
    Column::Duration,
    Column::Cost,
    Column::Saved,
];

/// No column can be dragged narrower or wider than this, in points.
const NARROWEST: f32 = 36.0;
const WIDEST: f32 = 1200.0;

/// The summary's width below which the others give way, and below that the table scrolls sideways.
const SUMMARY: f32 = 144.0;
const SUMMARY_LEAST: f32 = 96.0;

/// What gives way where even the least widths do not fit, first to last; the inspector says the same.
const DISPENSABLE: [Column; 2] = [Column::Saved, Column::Duration];

/// The widths of the columns in points, in the order of [`COLUMNS`]; 0 for those that gave way.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Widths(pub [f32; COLUMNS.len()]);

/// Widths of one column where there is no room, just enough, and plenty.
#[derive(Clone, Copy)]
struct Room {
    least: f32,
    enough: f32,
    plenty: f32,
}

impl Room {
    const fn new(least: f32, enough: f32, plenty: f32) -> Self {
        Self {
            least,
            enough,
            plenty,
        }
    }

    /// Between the three by `ease`: −1 least, 0 enough, 1 plenty.
    fn at(self, ease: f32) -> f32 {
        let end = if ease < 0.0 { self.least } else { self.plenty };
        (self.enough + (end - self.enough) * ease.abs()).round()
    }

    /// As [`Self::at`], but gives way last: a strip of pictures is worth more whole.
    fn at_last(self, ease: f32) -> f32 {
        self.at(if ease < 0.0 {
            (ease * 2.0 + 1.0).min(0.0)
        } else {
            ease
        })
    }
}

/// The word in the header.
pub fn title(column: Column) -> &'static str {
    match column {
        Column::Status => "Status",
        Column::Outputs => "Outputs",
        Column::Technique => "Technique",
        Column::Summary => "Summary",
        Column::Created => "Created",
        Column::Duration => "Time",
        Column::Cost => "Cost",
        Column::Saved => "Saved",
    }
}

/// Numbers end at the right, everything else begins at the left.
pub fn align(column: Column) -> Align {
    match column {
        Column::Duration | Column::Cost => Align::Max,
        Column::Saved => Align::Center,
        _ => Align::Min,
    }
}

/// A column's width in points by how much room there is.
fn width(column: Column, height: RowHeight, ease: f32) -> f32 {
    let room = room(column, height);
    match column {
        Column::Outputs => room.at_last(ease),
        _ => room.at(ease),
    }
}

fn room(column: Column, height: RowHeight) -> Room {
    match column {
        Column::Status => Room::new(108.0, 108.0, 112.0),
        Column::Outputs => match height {
            RowHeight::Compact => Room::new(72.0, 108.0, 112.0),
            RowHeight::Standard => Room::new(100.0, 184.0, 188.0),
            RowHeight::Large => Room::new(92.0, 180.0, 332.0),
        },
        Column::Technique => Room::new(90.0, 136.0, 180.0),
        Column::Summary => Room::new(SUMMARY_LEAST, SUMMARY, SUMMARY),
        Column::Created => Room::new(88.0, 96.0, 120.0),
        Column::Duration => Room::new(60.0, 64.0, 80.0),
        Column::Cost => Room::new(68.0, 76.0, 88.0),
        Column::Saved => Room::new(40.0, 44.0, 48.0),
    }
}

impl Widths {
    /// Shares `available` points. A width the person chose is kept; the summary takes what is left.
    /// `dragged` is the column whose edge is being dragged right now.
    pub fn share(available: f32, choices: &HistoryChoices, dragged: Option<(Column, f32)>) -> Self {
        let chosen = |column| match dragged {
            Some((at, width)) if at == column => Some(width),
            _ => choices.width(column),
        };
        let chosen = |column| chosen(column).map(|width| width.clamp(NARROWEST, WIDEST));
        let at = |ease: f32, hidden: &[Column]| {
            COLUMNS.map(|column| match chosen(column) {
                Some(width) => width,
                None if hidden.contains(&column) => 0.0,
                None => width(column, choices.row_height, ease),
            })
        };
        let sum = |ease: f32, hidden: &[Column]| GUTTER + at(ease, hidden).iter().sum::<f32>();
        let hidden = (0..DISPENSABLE.len())
            .find(|count| sum(-1.0, &DISPENSABLE[..*count]) <= available)
            .unwrap_or(DISPENSABLE.len());
        let hidden = &DISPENSABLE[..hidden];
        let mut widths = at(ease(available, |ease| sum(ease, hidden)), hidden);
        let left = available - GUTTER - widths.iter().sum::<f32>();
        if chosen(Column::Summary).is_none() && left > 0.0 {
            widths[index(Column::Summary)] += left.floor();
        }
        Self(widths)
    }

    /// Of one column, in points.
    pub fn of(&self, column: Column) -> f32 {
        self.0[index(column)]
    }

    /// Those that have room, left to right.
    pub fn shown(&self) -> impl Iterator<Item = Column> {
        COLUMNS.into_iter().filter(|column| self.of(*column) > 0.0)
    }

    /// Of the whole table, in points.
    pub fn total(&self) -> f32 {
        GUTTER + self.0.iter().sum::<f32>()
    }
}

/// How the room compares with what is wanted, where `sum` is the table's width at an ease. Of what is beyond enough,
/// the summary takes the larger part.
fn ease(available: f32, sum: impl Fn(f32) -> f32) -> f32 {
    let enough = sum(0.0);
    if available >= enough {
        let plenty = sum(1.0) - enough;
        return ((available - enough) * 0.4 / plenty.max(1.0)).min(1.0);
    }
    // Not every column gives way alike: halve towards the ease that just fits.
    let (mut fits, mut exceeds) = (-1.0, 0.0);
    for _ in 0..8 {
        let middle = (fits + exceeds) / 2.0;
        if sum(middle) <= available {
            fits = middle;
        } else {
            exceeds = middle;
        }
    }
    fits
}

fn index(column: Column) -> usize {
    COLUMNS
        .iter()
        .position(|candidate| *candidate == column)
        .expect("every column is in the table")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_fills_what_there_is() {
        for available in [800.0, 896.0, 1400.0, 2200.0] {
            let widths = Widths::share(available, &HistoryChoices::default(), None);
            assert!(
                (available - widths.total()).abs() < 2.0,
                "{available}: {widths:?}"
            );
        }
    }

    #[test]
    fn where_it_is_narrow_what_the_inspector_says_too_gives_way() {
        let shown = |available| {
            let widths = Widths::share(available, &HistoryChoices::default(), None);
            widths.shown().count()
        };
        assert_eq!(shown(900.0), COLUMNS.len());
        assert_eq!(shown(670.0), COLUMNS.len() - 1);
        assert_eq!(shown(620.0), COLUMNS.len() - 2);
        let widths = Widths::share(584.0, &HistoryChoices::default(), None);
        assert!(widths.total() <= 584.0, "the cost is in view");
    }

    #[test]
    fn without_room_nothing_shrinks_below_use() {
        let widths = Widths::share(300.0, &HistoryChoices::default(), None);
        assert!(widths.total() > 300.0, "it scrolls sideways");
        assert_eq!(widths.of(Column::Summary), SUMMARY_LEAST);
    }

    #[test]
    fn a_chosen_width_is_kept_at_every_size() {
        let mut choices = HistoryChoices::default();
        choices.set_width(Column::Technique, 222.0);
        for available in [500.0, 900.0, 1800.0] {
            let widths = Widths::share(available, &choices, None);
            assert_eq!(widths.of(Column::Technique), 222.0);
        }
        let dragged = Widths::share(900.0, &choices, Some((Column::Technique, 1.0)));
        assert_eq!(dragged.of(Column::Technique), NARROWEST);
    }
}
