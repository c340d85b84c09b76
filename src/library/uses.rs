//! How techniques have been used here, and what goes on at this moment.

use std::collections::HashMap;

use rusqlite::OptionalExtension;

use super::sql::PROFILE;
use super::{Library, Result};
use crate::model::{
    Activity, OutputKey, ProfileId, TechniqueId, TechniqueUse, TechniqueUses, Timestamp,
};

impl Library {
    /// How each technique was used.
    ///
    /// # Errors
    /// What the database says.
    pub fn technique_uses(&self, profile: &ProfileId) -> Result<TechniqueUses> {
        let mut uses = HashMap::new();
        for (technique, last_used) in self.last_used(profile)? {
            let usual = self.durations(profile, &technique)?;
            let seconds = |duration: std::time::Duration| duration.as_secs_f64().round() as u32;
            let of_technique = TechniqueUse {
                last_used,
                cover: self.cover(profile, &technique)?,
                usual_seconds: usual.map(|(low, high)| (seconds(low), seconds(high))),
            };
            uses.insert(technique, of_technique);
        }
        Ok(uses)
    }

    /// What is on its way, without the import.
    ///
    /// # Errors
    /// What the database says.
    pub fn activity(&self, profile: &ProfileId, today: Timestamp) -> Result<Activity> {
        let count_if = |condition: &str| format!("COUNT(*) FILTER (WHERE {condition})");
        let sql = format!(
            "SELECT {}, {} FROM runs WHERE profile = {PROFILE} AND stage NOT IN ('done', 'failed') AND hidden = 0",
            count_if("stage IN ('sent', 'pending', 'running')"),
            count_if("run_id IS NULL AND stage <> 'unknown'"),
        );
        let mut statement = self.connection().prepare_cached(&sql)?;
        let (running, waiting) = statement.query_row([profile.as_str()], |row| {
            Ok((
                row.get::<_, u32>(0)? as usize,
                row.get::<_, u32>(1)? as usize,
            ))
        })?;
        Ok(Activity {
            running,
            waiting,
            arriving: self.arriving(profile)?,
            spent_today: self.spent_since(profile, today)?,
            import: None,
        })
    }

    fn arriving(&self, profile: &ProfileId) -> Result<usize> {
        let sql = format!(
            "SELECT COUNT(*) FROM outputs o JOIN runs r ON r.key = o.run \
             WHERE o.archive = 'fetching' AND r.profile = {PROFILE}"
        );
        let mut statement = self.connection().prepare_cached(&sql)?;
        let count: u32 = statement.query_row([profile.as_str()], |row| row.get(0))?;
        Ok(count as usize)
    }

    /// The newest picture of a technique that is here. Two indexes answer this without touching their tables.
    fn cover(&self, profile: &ProfileId, technique: &TechniqueId) -> Result<Option<OutputKey>> {
        let sql = format!(
            "SELECT o.key FROM runs r JOIN outputs o ON o.run = r.key \
             WHERE r.profile = {PROFILE} AND r.technique_id = ?2 AND r.hidden = 0 \
             AND o.kind = 'image' AND o.archive = 'stored' \
             ORDER BY r.created_ms DESC, o.idx LIMIT 1"
        );
        let mut statement = self.connection().prepare_cached(&sql)?;
        let key: Option<i64> = statement
            .query_row((profile.as_str(), technique.as_str()), |row| row.get(0))
            .optional()?;
        Ok(key.map(OutputKey::new))
    }
}

#[cfg(test)]
mod tests {
    use crate::library::LaunchState;
    use crate::library::testing::{library, order, profile, time, update};
    use crate::model::RunStatus;

    #[test]
    fn what_waits_runs_and_is_over_is_counted_apart() {
        let (_dir, library) = library();
        let profile = profile();
        library.record_launch(&profile, None, &order("a")).unwrap();
        let doubtful = order("b");
        library.record_launch(&profile, None, &doubtful).unwrap();
        library
            .set_launch_state(doubtful.id, LaunchState::Unknown, None)
            .unwrap();
        for (run, status) in [
            ("run_1", RunStatus::Running),
            ("run_2", RunStatus::Pending),
            ("run_3", RunStatus::Completed),
        ] {
            library.save_run(&profile, &update(run, status)).unwrap();
        }
        let activity = library.activity(&profile, time(0)).unwrap();
        assert_eq!((activity.running, activity.waiting), (2, 1));
        let uses = library.technique_uses(&profile).unwrap();
        assert_eq!(uses.len(), 1);
    }
}
