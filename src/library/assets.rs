//! What was uploaded already: the same content goes to a workspace once.

use rusqlite::{OptionalExtension, params};

use super::sql::{PROFILE, profile_key, time};
use super::{Library, Result};
use crate::model::{AssetId, ProfileId, Timestamp, WorkspaceId};

/// An upload that can be used again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownAsset {
    pub id: AssetId,
    /// What an input takes as its value.
    pub url: String,
    pub created_at: Timestamp,
}

impl Library {
    /// The asset that this content became in this workspace.
    ///
    /// # Errors
    /// What the database says.
    pub fn asset(
        &self,
        profile: &ProfileId,
        workspace: &WorkspaceId,
        hash: &str,
    ) -> Result<Option<KnownAsset>> {
        let sql = format!(
            "SELECT asset_id, url, created_ms FROM assets \
             WHERE profile = {PROFILE} AND workspace_id = ?2 AND hash = ?3"
        );
        let mut statement = self.connection().prepare_cached(&sql)?;
        let asset = statement.query_row((profile.as_str(), workspace.as_str(), hash), |row| {
            Ok(KnownAsset {
                id: AssetId::new(row.get::<_, String>(0)?),
                url: row.get(1)?,
                created_at: time(row.get(2)?),
            })
        });
        Ok(asset.optional()?)
    }

    /// Remembers an upload; a later one of the same content takes its place.
    ///
    /// # Errors
    /// What the database says.
    pub fn save_asset(
        &self,
        profile: &ProfileId,
        workspace: &WorkspaceId,
        hash: &str,
        asset: &KnownAsset,
    ) -> Result<()> {
        self.write(|transaction| {
            let profile = profile_key(transaction, profile)?;
            let sql = "INSERT OR REPLACE INTO assets (profile, workspace_id, hash, asset_id, url, created_ms) \
                       VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
            transaction.prepare_cached(sql)?.execute(params![
                profile,
                workspace.as_str(),
                hash,
                asset.id.as_str(),
                asset.url,
                asset.created_at.as_millisecond(),
            ])?;
            Ok(())
        })
    }

    /// Forgets an upload that FLORA cannot read any more, so that it is sent anew.
    ///
    /// # Errors
    /// What the database says.
    pub fn forget_asset(
        &self,
        profile: &ProfileId,
        workspace: &WorkspaceId,
        hash: &str,
    ) -> Result<()> {
        let sql = format!(
            "DELETE FROM assets WHERE profile = {PROFILE} AND workspace_id = ?2 AND hash = ?3"
        );
        let values = (profile.as_str(), workspace.as_str(), hash);
        self.connection().prepare_cached(&sql)?.execute(values)?;
        Ok(())
    }
}
