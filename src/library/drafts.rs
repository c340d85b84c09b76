//! Forms as typed, one per technique.

use rusqlite::{OptionalExtension, params};

use super::sql::{PROFILE, profile_key};
use super::{Library, Result};
use crate::model::{LaunchDraft, ProfileId, TechniqueId, Timestamp};

impl Library {
    /// Keeps a form as it stands.
    ///
    /// # Errors
    /// What the database says.
    pub fn save_draft(
        &self,
        profile: &ProfileId,
        draft: &LaunchDraft,
        now: Timestamp,
    ) -> Result<()> {
        let draft = (
            draft.technique.as_str(),
            serde_json::to_string(&settled(draft))?,
        );
        self.write(|transaction| {
            let profile = profile_key(transaction, profile)?;
            let sql = "INSERT OR REPLACE INTO drafts (profile, technique_id, json, updated_ms) VALUES (?1, ?2, ?3, ?4)";
            let values = params![profile, draft.0, draft.1, now.as_millisecond()];
            transaction.prepare_cached(sql)?.execute(values)?;
            Ok(())
        })
    }

    /// A technique's form, if one was kept. One that another version wrote counts as none.
    ///
    /// # Errors
    /// What the database says.
    pub fn draft(
        &self,
        profile: &ProfileId,
        technique: &TechniqueId,
    ) -> Result<Option<LaunchDraft>> {
        let sql =
            format!("SELECT json FROM drafts WHERE profile = {PROFILE} AND technique_id = ?2");
        let mut statement = self.connection().prepare_cached(&sql)?;
        let json: Option<String> = statement
            .query_row((profile.as_str(), technique.as_str()), |row| row.get(0))
            .optional()?;
        Ok(json.and_then(|json| serde_json::from_str(&json).ok()))
    }

    /// Every kept form, the latest first.
    ///
    /// # Errors
    /// What the database says.
    pub fn drafts(&self, profile: &ProfileId) -> Result<Vec<LaunchDraft>> {
        let sql =
            format!("SELECT json FROM drafts WHERE profile = {PROFILE} ORDER BY updated_ms DESC");
        let mut statement = self.connection().prepare_cached(&sql)?;
        let mut rows = statement.query([profile.as_str()])?;
        let mut drafts = Vec::new();
        while let Some(row) = rows.next()? {
            drafts.extend(serde_json::from_str(row.get_ref(0)?.as_str()?).ok());
        }
        Ok(drafts)
    }

    /// Forgets a technique's form.
    ///
    /// # Errors
    /// What the database says.
    pub fn clear_draft(&self, profile: &ProfileId, technique: &TechniqueId) -> Result<()> {
        let sql = format!("DELETE FROM drafts WHERE profile = {PROFILE} AND technique_id = ?2");
        let values = (profile.as_str(), technique.as_str());
        self.connection().prepare_cached(&sql)?.execute(values)?;
        Ok(())
    }
}

/// Without files that are still being checked or were refused: these are moments, not answers.
fn settled(draft: &LaunchDraft) -> LaunchDraft {
    use crate::model::FileDraft;
    let mut draft = draft.clone();
    for field in draft.fields.values_mut() {
        field
            .files
            .retain(|file| matches!(file, FileDraft::Ready(_) | FileDraft::Url(_)));
    }
    draft
}
