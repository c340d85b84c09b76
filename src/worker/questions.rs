//! The questions the window asks the library, answered again whenever the answer changes.

use std::sync::Arc;

use super::cx::Cx;
use crate::model::{HistoryQuery, RowKey, TechniqueId};

/// The questions that stand.
#[derive(Default)]
pub struct State {}

/// Answers this question from now on, and no earlier one.
pub fn ask_history(cx: &Cx, generation: u64, query: Arc<HistoryQuery>) {}

/// Answers with this technique's runs from now on.
pub fn ask_results(cx: &Cx, technique: TechniqueId) {}

pub fn load_rows(cx: &Cx, rows: Vec<RowKey>) {}

pub fn load_detail(cx: &Cx, row: RowKey) {}

pub fn load_recent_texts(cx: &Cx, technique: TechniqueId) {}

/// These rows are not as they were: asks again, soon and once for many changes, and sends the rows.
pub fn rows_changed(cx: &Cx, rows: &[RowKey]) {}

/// Another profile: what was asked of the former one is void.
pub fn reset(cx: &Cx) {}
