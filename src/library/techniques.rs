//! The catalog as last seen, for a start without a network.

use std::collections::HashMap;

use rusqlite::{OptionalExtension, params};

use super::sql::{PROFILE, profile_key, time};
use super::{Library, Result};
use crate::model::{ProfileId, Technique, TechniqueId, Timestamp};

impl Library {
    /// Replaces the catalog, keeping its order.
    ///
    /// # Errors
    /// What the database says; then the old catalog stays.
    pub fn save_techniques(&self, profile: &ProfileId, techniques: &[Technique]) -> Result<()> {
        self.write(|transaction| {
            let profile = profile_key(transaction, profile)?;
            transaction.execute("DELETE FROM techniques WHERE profile = ?1", [profile])?;
            let sql = "INSERT OR REPLACE INTO techniques (profile, technique_id, position, name, json) \
                       VALUES (?1, ?2, ?3, ?4, ?5)";
            let mut statement = transaction.prepare_cached(sql)?;
            for (position, technique) in (0_i64..).zip(techniques) {
                let json = serde_json::to_string(technique)?;
                statement.execute(params![
                    profile,
                    technique.id.as_str(),
                    position,
                    &*technique.name,
                    json
                ])?;
            }
            Ok(())
        })
    }

    /// The catalog as last seen, in its order. One that another version wrote is left out: the next fetch brings it.
    ///
    /// # Errors
    /// What the database says.
    pub fn techniques(&self, profile: &ProfileId) -> Result<Vec<Technique>> {
        let sql =
            format!("SELECT json FROM techniques WHERE profile = {PROFILE} ORDER BY position");
        let mut statement = self.connection().prepare_cached(&sql)?;
        let mut rows = statement.query([profile.as_str()])?;
        let mut techniques = Vec::new();
        while let Some(row) = rows.next()? {
            techniques.extend(serde_json::from_str(row.get_ref(0)?.as_str()?).ok());
        }
        Ok(techniques)
    }

    /// One technique as last seen.
    ///
    /// # Errors
    /// What the database says.
    pub fn technique(
        &self,
        profile: &ProfileId,
        technique: &TechniqueId,
    ) -> Result<Option<Technique>> {
        let sql =
            format!("SELECT json FROM techniques WHERE profile = {PROFILE} AND technique_id = ?2");
        let mut statement = self.connection().prepare_cached(&sql)?;
        let json: Option<String> = statement
            .query_row((profile.as_str(), technique.as_str()), |row| row.get(0))
            .optional()?;
        Ok(json.and_then(|json| serde_json::from_str(&json).ok()))
    }

    /// When each technique was last run.
    ///
    /// # Errors
    /// What the database says.
    pub fn last_used(&self, profile: &ProfileId) -> Result<HashMap<TechniqueId, Timestamp>> {
        let sql = format!(
            "SELECT technique_id, MAX(created_ms) FROM runs WHERE profile = {PROFILE} GROUP BY technique_id"
        );
        let mut statement = self.connection().prepare_cached(&sql)?;
        let used = statement.query_map([profile.as_str()], |row| {
            let technique = TechniqueId::new(row.get::<_, String>(0)?);
            Ok((technique, time(row.get(1)?)))
        })?;
        Ok(used.collect::<rusqlite::Result<_>>()?)
    }
}
