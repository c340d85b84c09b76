//! Small sums over the runs: what was spent, how long things take, how many there are of each.

use std::time::Duration;

use super::history::status_condition;
use super::sql::{PROFILE, count, unsigned};
use super::{Library, Result};
use crate::model::{ProfileId, Spent, StatusFilter, TechniqueId, Timestamp, Usd, ViewCounts};

/// Under so many, a forecast would be a guess.
const ENOUGH_SAMPLES: usize = 5;
/// Older runs say little about today.
const MOST_SAMPLES: usize = 200;

impl Library {
    /// How many runs each saved view holds. `today` is when the day began where the person is.
    ///
    /// # Errors
    /// What the database says.
    pub fn counts(&self, profile: &ProfileId, today: Timestamp) -> Result<ViewCounts> {
        let count_if = |condition: &str| format!("COUNT(*) FILTER (WHERE {condition})");
        let sql = format!(
            "SELECT {}, {}, {}, {} FROM runs WHERE profile = {PROFILE} AND hidden = 0",
            count_if("created_ms >= ?2"),
            count_if(&status_condition(StatusFilter::InProgress)),
            count_if(&status_condition(StatusFilter::Failed)),
            count_if(&status_condition(StatusFilter::NeedsYou)),
        );
        let mut statement = self.connection().prepare_cached(&sql)?;
        Ok(
            statement.query_row((profile.as_str(), today.as_millisecond()), |row| {
                Ok(ViewCounts {
                    today: count(row, 0)?,
                    in_progress: count(row, 1)?,
                    failed: count(row, 2)?,
                    needs_you: count(row, 3)?,
                })
            })?,
        )
    }

    /// What was spent on runs created since a moment.
    ///
    /// # Errors
    /// What the database says.
    pub fn spent_since(&self, profile: &ProfileId, since: Timestamp) -> Result<Spent> {
        let sql = format!(
            "SELECT COALESCE(SUM(cost_micros) FILTER (WHERE cost_state = 'charged'), 0), \
             COUNT(*) FILTER (WHERE cost_state = 'settling' \
                 OR (cost_state IN ('quote', 'unknown') AND stage NOT IN ('waiting', 'uploading', 'failed'))) \
             FROM runs WHERE profile = {PROFILE} AND hidden = 0 AND created_ms >= ?2"
        );
        let mut statement = self.connection().prepare_cached(&sql)?;
        Ok(
            statement.query_row((profile.as_str(), since.as_millisecond()), |row| {
                Ok(Spent {
                    known: Usd::from_micros(row.get(0)?),
                    settling: row.get::<_, i64>(1)? > 0,
                })
            })?,
        )
    }

    /// How long a technique's runs take: the middle half of the recent ones, as 25th and 75th percentile.
    /// `None` while there are too few to say.
    ///
    /// # Errors
    /// What the database says.
    pub fn durations(
        &self,
        profile: &ProfileId,
        technique: &TechniqueId,
    ) -> Result<Option<(Duration, Duration)>> {
        let sql = format!(
            "SELECT duration_ms FROM runs WHERE profile = {PROFILE} AND technique_id = ?2 \
             AND status = 'completed' AND duration_ms IS NOT NULL ORDER BY created_ms DESC LIMIT {MOST_SAMPLES}"
        );
        let mut statement = self.connection().prepare_cached(&sql)?;
        let samples = statement.query_map((profile.as_str(), technique.as_str()), |row| {
            unsigned(row, 0)
        })?;
        let mut samples: Vec<u64> = samples.collect::<rusqlite::Result<_>>()?;
        samples.sort_unstable();
        let quartile = |quarters: usize| {
            let index = (samples.len() - 1) * quarters / 4;
            Duration::from_millis(samples[index])
        };
        Ok((samples.len() >= ENOUGH_SAMPLES).then(|| (quartile(1), quartile(3))))
    }
}
