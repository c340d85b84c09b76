//! Whom the library has met: names for a start without a network.

use rusqlite::{OptionalExtension, params};

use super::{Library, Result};
use crate::model::{KeyStore, Profile, ProfileId, ProfileKind, WorkspaceId};

impl Library {
    /// Keeps what a profile is called. Its key is never given here.
    ///
    /// # Errors
    /// What the database says.
    pub fn save_profile(&self, profile: &Profile) -> Result<()> {
        let sql = "INSERT INTO profiles (id, kind, base_url, workspace_id, workspace_name, role, key_store) \
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, \
                   base_url = excluded.base_url, workspace_id = excluded.workspace_id, \
                   workspace_name = excluded.workspace_name, role = excluded.role, key_store = excluded.key_store";
        let kind = match profile.kind {
            ProfileKind::Studio => "studio",
            ProfileKind::Flora => "flora",
        };
        self.connection().prepare_cached(sql)?.execute(params![
            profile.id.as_str(),
            kind,
            profile.base_url,
            profile.workspace.as_ref().map(WorkspaceId::as_str),
            profile.workspace_name,
            profile.role,
            key_store_word(profile.key),
        ])?;
        Ok(())
    }

    /// A profile as it was last kept.
    ///
    /// # Errors
    /// What the database says.
    pub fn profile(&self, id: &ProfileId) -> Result<Option<Profile>> {
        let sql = "SELECT kind, base_url, workspace_id, workspace_name, role, key_store FROM profiles \
                   WHERE id = ?1 AND kind IS NOT NULL";
        let mut statement = self.connection().prepare_cached(sql)?;
        let profile = statement.query_row([id.as_str()], |row| {
            Ok(Profile {
                id: id.clone(),
                kind: match row.get_ref(0)?.as_str()? {
                    "studio" => ProfileKind::Studio,
                    _ => ProfileKind::Flora,
                },
                base_url: row.get(1)?,
                workspace: row.get::<_, Option<String>>(2)?.map(WorkspaceId::new),
                workspace_name: row.get(3)?,
                role: row.get(4)?,
                key: key_store_of(row.get_ref(5)?.as_str()?),
            })
        });
        Ok(profile.optional()?)
    }
}

fn key_store_word(store: KeyStore) -> &'static str {
    match store {
        KeyStore::NotNeeded => "not_needed",
        KeyStore::Keychain => "keychain",
        KeyStore::Session => "session",
    }
}

fn key_store_of(word: &str) -> KeyStore {
    match word {
        "not_needed" => KeyStore::NotNeeded,
        "keychain" => KeyStore::Keychain,
        _ => KeyStore::Session,
    }
}
