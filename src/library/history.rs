//! Answering the history's questions: which runs, in which order, and what they add up to.
//!
//! One pass over a covering index fetches keys, sort values and amounts; the order is made here. That serves every
//! column, both directions and a second key with one index, at the cost of a few milliseconds per hundred thousand
//! runs.

use std::cmp::Ordering;

use rusqlite::types::{ToSql, ValueRef};

use super::sql::PROFILE;
use super::{Library, Result, search};
use crate::model::{
    Column, HistoryAnswer, HistoryQuery, HistoryTotals, Match, ProfileId, RowKey, RunStage,
    SortKey, SortOrder, StatusFilter, TechniqueId, Timestamp, Usd,
};

impl Library {
    /// Answers a question with every matching run's key, in order, and the totals.
    ///
    /// Equal values are ordered newest first; unknown ones come last in either direction.
    /// `now` is how long a live run has been taking.
    ///
    /// # Errors
    /// What the database says.
    pub fn row_keys(
        &self,
        profile: &ProfileId,
        query: &HistoryQuery,
        now: Timestamp,
    ) -> Result<HistoryAnswer> {
        let mut lines = self.lines(profile, query, now)?;
        let totals = totals(&lines);
        let pinned = match query.sort {
            Some(sort) => {
                lines.sort_by(|a, b| compare(a, b, sort, query.then));
                0
            }
            None => pin_live(&mut lines),
        };
        Ok(HistoryAnswer {
            keys: lines.iter().map(|line| line.key).collect(),
            pinned,
            totals,
        })
    }

    /// A technique's runs, newest first.
    ///
    /// # Errors
    /// What the database says.
    pub fn technique_rows(
        &self,
        profile: &ProfileId,
        technique: &TechniqueId,
    ) -> Result<Vec<RowKey>> {
        let sql = format!(
            "SELECT key FROM runs WHERE profile = {PROFILE} AND technique_id = ?2 AND hidden = 0 \
             ORDER BY created_ms DESC, key DESC"
        );
        let mut statement = self.connection().prepare_cached(&sql)?;
        let keys = statement.query_map((profile.as_str(), technique.as_str()), |row| {
            Ok(RowKey::new(row.get(0)?))
        })?;
        Ok(keys.collect::<rusqlite::Result<_>>()?)
    }

    /// Matching runs, newest first, with their sort values.
    fn lines(
        &self,
        profile: &ProfileId,
        query: &HistoryQuery,
        now: Timestamp,
    ) -> Result<Vec<Line>> {
        let filter = Filter::new(profile, query);
        let value = |sort: Option<SortKey>| {
            sort.map_or("NULL".to_owned(), |sort| value_of(sort.column, now))
        };
        let (first, second) = (value(query.sort), value(query.sort.and(query.then)));
        let sql = format!(
            "SELECT key, stage, cost_state, cost_micros, {first}, {second} FROM runs \
             WHERE {} ORDER BY created_ms DESC, key DESC",
            filter.sql
        );
        let mut statement = self.connection().prepare_cached(&sql)?;
        let parameters: Vec<&dyn ToSql> = filter.parameters.iter().map(AsRef::as_ref).collect();
        let mut rows = statement.query(parameters.as_slice())?;
        let mut lines = Vec::new();
        while let Some(row) = rows.next()? {
            let stage = RunStage::parse(row.get_ref(1)?.as_str()?).unwrap_or(RunStage::Unknown);
            let amount = row
                .get::<_, Option<i64>>(3)?
                .map_or(Usd::ZERO, Usd::from_micros);
            lines.push(Line {
                key: RowKey::new(row.get(0)?),
                is_live: stage.is_live(),
                bill: Bill::new(row.get_ref(2)?.as_str()?, stage),
                amount,
                first: SortValue::read(row.get_ref(4)?),
                second: SortValue::read(row.get_ref(5)?),
            });
        }
        Ok(lines)
    }
}

/// The WHERE clause of a question, and its parameters.
struct Filter {
    sql: String,
    parameters: Vec<Box<dyn ToSql>>,
}

impl Filter {
    fn new(profile: &ProfileId, query: &HistoryQuery) -> Self {
        let mut filter = Self {
            sql: format!("profile = {PROFILE} AND hidden = 0"),
            parameters: vec![Box::new(profile.as_str().to_owned())],
        };
        if let Some(status) = &query.status {
            let (condition, is_not) = match status {
                Match::Is(status) => (status_condition(*status), ""),
                Match::IsNot(status) => (status_condition(*status), "NOT "),
            };
            filter.sql.push_str(&format!(" AND {is_not}({condition})"));
        }
        if let Some(technique) = &query.technique {
            let (technique, operator) = match technique {
                Match::Is(technique) => (technique, "="),
                Match::IsNot(technique) => (technique, "<>"),
            };
            filter.and(
                &format!("technique_id {operator}"),
                technique.id.as_str().to_owned(),
            );
        }
        if let Some(since) = query.since {
            filter.and("created_ms >=", since.as_millisecond());
        }
        if let Some(expression) = search::expression(&query.text) {
            filter.and(
                "key IN (SELECT rowid FROM search WHERE search MATCH",
                expression,
            );
            filter.sql.push(')');
        }
        filter
    }

    fn and(&mut self, condition: &str, parameter: impl ToSql + 'static) {
        self.parameters.push(Box::new(parameter));
        self.sql
            .push_str(&format!(" AND {condition} ?{}", self.parameters.len()));
    }
}

/// A family of stages, in SQL. A launch held back by money or key needs a person and is not "in progress".
pub(super) fn status_condition(status: StatusFilter) -> String {
    match status {
        StatusFilter::InProgress => format!("stage IN ({}) AND needs_you = 0", live_stages()),
        StatusFilter::Done => "stage = 'done'".to_owned(),
        StatusFilter::Failed => "stage = 'failed'".to_owned(),
        StatusFilter::NeedsYou => "needs_you = 1".to_owned(),
    }
}

fn live_stages() -> String {
    let live = RunStage::ALL.into_iter().filter(|stage| stage.is_live());
    live.map(|stage| format!("'{}'", stage.as_str()))
        .collect::<Vec<_>>()
        .join(", ")
}

/// What a column is sorted by, in SQL.
fn value_of(column: Column, now: Timestamp) -> String {
    match column {
        Column::Status => stage_rank(),
        Column::Outputs => "output_count".to_owned(),
        Column::Technique => "technique_name".to_owned(),
        Column::Summary => "NULLIF(summary, '')".to_owned(),
        Column::Created => "created_ms".to_owned(),
        Column::Duration => format!(
            "COALESCE(duration_ms, CASE WHEN stage IN ({}) THEN MAX({} - began_ms, 0) END)",
            live_stages(),
            now.as_millisecond()
        ),
        Column::Cost => "cost_micros".to_owned(),
        Column::Saved => "saved".to_owned(),
    }
}

/// Stages sort in the order a launch passes them.
fn stage_rank() -> String {
    let cases = RunStage::ALL.iter().enumerate();
    let cases: Vec<String> = cases
        .map(|(rank, stage)| format!("WHEN '{}' THEN {rank}", stage.as_str()))
        .collect();
    format!("CASE stage {} END", cases.join(" "))
}

struct Line {
    key: RowKey,
    is_live: bool,
    bill: Bill,
    amount: Usd,
    first: SortValue,
    second: SortValue,
}

/// What a run adds to the totals.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Bill {
    Nothing,
    Charged,
    /// Something will come, or may have.
    Open,
}

impl Bill {
    fn new(cost_state: &str, stage: RunStage) -> Self {
        let is_sent = !matches!(stage, RunStage::Waiting | RunStage::Uploading);
        match cost_state {
            "charged" => Self::Charged,
            "settling" => Self::Open,
            "quote" if is_sent => Self::Open,
            "unknown" if is_sent && stage != RunStage::Failed => Self::Open,
            _ => Self::Nothing,
        }
    }
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum SortValue {
    Number(i64),
    Text(Box<str>),
    Unknown,
}

impl SortValue {
    fn read(value: ValueRef<'_>) -> Self {
        match value {
            ValueRef::Integer(number) => Self::Number(number),
            ValueRef::Text(text) => {
                let text = String::from_utf8_lossy(text);
                Self::Text(text.to_lowercase().into_boxed_str())
            }
            _ => Self::Unknown,
        }
    }

    fn compare(&self, other: &Self, order: SortOrder) -> Ordering {
        match (self, other, order) {
            (Self::Unknown, _, _) | (_, Self::Unknown, _) | (_, _, SortOrder::Ascending) => {
                self.cmp(other)
            }
            (_, _, SortOrder::Descending) => other.cmp(self),
        }
    }
}

/// The lines come newest first, and sorting is stable: ties stay so.
fn compare(a: &Line, b: &Line, sort: SortKey, then: Option<SortKey>) -> Ordering {
    let first = a.first.compare(&b.first, sort.order);
    match then {
        Some(then) => first.then_with(|| a.second.compare(&b.second, then.order)),
        None => first,
    }
}

/// Puts what is in progress above the rest, and says how many.
fn pin_live(lines: &mut [Line]) -> usize {
    lines.sort_by_key(|line| !line.is_live);
    lines.iter().take_while(|line| line.is_live).count()
}

fn totals(lines: &[Line]) -> HistoryTotals {
    let charged = lines.iter().filter(|line| line.bill == Bill::Charged);
    HistoryTotals {
        runs: lines.len(),
        cost: charged.map(|line| line.amount).sum(),
        settling: lines.iter().any(|line| line.bill == Bill::Open),
    }
}
