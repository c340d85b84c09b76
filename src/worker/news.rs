//! Telling everybody who shows rows that some of them changed.

use super::cx::Cx;
use super::{activity, questions, sidecars};
use crate::library::{Change, Saved};
use crate::message::Event;
use crate::model::RowKey;

/// These rows are not as they were.
pub fn rows(cx: &Cx, rows: &[RowKey]) {
    if !rows.is_empty() {
        questions::rows_changed(cx, rows);
        activity::changed(cx);
        sidecars::changed(cx);
    }
}

/// What a save did, if it did anything that shows.
pub fn saved(cx: &Cx, saved: &[Saved]) {
    let changed: Vec<RowKey> = saved
        .iter()
        .filter(|saved| saved.change != Change::Same)
        .map(|saved| saved.key)
        .collect();
    rows(cx, &changed);
}

/// These rows are no more.
pub async fn gone(cx: &Cx, rows: Vec<RowKey>) {
    if rows.is_empty() {
        return;
    }
    cx.outbox().send(Event::RowsGone(rows.clone())).await;
    self::rows(cx, &rows);
}
