//! Small facts with a name, such as how far the history's import has come.

use rusqlite::OptionalExtension;

use super::sql::{PROFILE, profile_key};
use super::{Library, Result};
use crate::model::ProfileId;

impl Library {
    /// The value noted under a name.
    ///
    /// # Errors
    /// What the database says.
    pub fn mark(&self, profile: &ProfileId, name: &str) -> Result<Option<String>> {
        let sql = format!("SELECT value FROM marks WHERE profile = {PROFILE} AND name = ?2");
        let mut statement = self.connection().prepare_cached(&sql)?;
        let value = statement.query_row((profile.as_str(), name), |row| row.get(0));
        Ok(value.optional()?)
    }

    /// Notes a value under a name, or forgets it.
    ///
    /// # Errors
    /// What the database says.
    pub fn set_mark(&self, profile: &ProfileId, name: &str, value: Option<&str>) -> Result<()> {
        self.write(|transaction| {
            let profile = profile_key(transaction, profile)?;
            match value {
                Some(value) => transaction
                    .prepare_cached(
                        "INSERT OR REPLACE INTO marks (profile, name, value) VALUES (?1, ?2, ?3)",
                    )?
                    .execute((profile, name, value))?,
                None => transaction
                    .prepare_cached("DELETE FROM marks WHERE profile = ?1 AND name = ?2")?
                    .execute((profile, name))?,
            };
            Ok(())
        })
    }
}
