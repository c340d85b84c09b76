//! Assets: what was uploaded, or is about to be.

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{Conditions, Place, StoreError, unsigned};
use crate::wire::AssetStatus;

/// An asset.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::studio) struct AssetRow {
    pub(in crate::studio) seq: i64,
    pub(in crate::studio) asset_id: String,
    pub(in crate::studio) project_id: Option<String>,
    pub(in crate::studio) name: String,
    pub(in crate::studio) folder: Option<String>,
    pub(in crate::studio) state: AssetStatus,
    /// `direct`, `url`, `signed_url`, or `sample`.
    pub(in crate::studio) uploaded_via: String,
    /// As the uploader said.
    pub(in crate::studio) upload_content_type: Option<String>,
    /// As the content says.
    pub(in crate::studio) content_type: Option<String>,
    /// Pixels.
    pub(in crate::studio) width: Option<u32>,
    pub(in crate::studio) height: Option<u32>,
    pub(in crate::studio) file_id: Option<String>,
    /// Bytes; of the file, so read only.
    pub(in crate::studio) size: Option<u64>,
    pub(in crate::studio) token: Option<String>,
    pub(in crate::studio) expires_at: Option<i64>,
    pub(in crate::studio) ready_at: Option<i64>,
    pub(in crate::studio) failure_message: Option<String>,
    pub(in crate::studio) created_at: i64,
}

impl AssetRow {
    /// The status as told now: a ready asset may be told late.
    pub(in crate::studio) fn status(&self, now: i64) -> AssetStatus {
        match (&self.state, self.ready_at) {
            (AssetStatus::Ready, Some(ready_at)) if now < ready_at => AssetStatus::PendingUpload,
            (state, _) => state.clone(),
        }
    }
}

/// Which assets a list is about.
#[derive(Clone, Debug, Default)]
pub(in crate::studio) struct AssetFilter {
    pub(in crate::studio) project_id: Option<String>,
    /// Part of the name or folder.
    pub(in crate::studio) query: Option<String>,
}

impl AssetFilter {
    fn conditions(&self) -> Conditions {
        let mut conditions = Conditions::default();
        conditions.add_if("project_id = ?", self.project_id.clone());
        // instr rather than LIKE: what a person types has no wildcards. SQLite lowers ASCII only, so both sides do.
        let query = self.query.as_ref().map(|query| query.to_ascii_lowercase());
        conditions.add_if(
            "instr(lower(name || ' ' || coalesce(folder, '')), ?) > 0",
            query,
        );
        conditions
    }
}

const SELECT: &str = "SELECT seq, asset_id, project_id, name, folder, state, uploaded_via, upload_content_type, \
    assets.content_type, width, height, assets.file_id, files.size, token, expires_at, ready_at, failure_message, \
    created_at FROM assets LEFT JOIN files ON files.file_id = assets.file_id";

/// Writes a new asset; its `seq` is given by the database.
pub(in crate::studio) fn insert(
    connection: &Connection,
    asset: &AssetRow,
) -> Result<(), StoreError> {
    connection.execute(
        "INSERT INTO assets (asset_id, project_id, name, folder, state, uploaded_via, upload_content_type,
             content_type, width, height, file_id, token, expires_at, ready_at, failure_message, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)",
        params![
            asset.asset_id,
            asset.project_id,
            asset.name,
            asset.folder,
            asset.state.as_str(),
            asset.uploaded_via,
            asset.upload_content_type,
            asset.content_type,
            asset.width,
            asset.height,
            asset.file_id,
            asset.token,
            asset.expires_at,
            asset.ready_at,
            asset.failure_message,
            asset.created_at,
        ],
    )?;
    Ok(())
}

/// Writes what an upload, its completion or a retry changed.
pub(in crate::studio) fn update(
    connection: &Connection,
    asset: &AssetRow,
) -> Result<(), StoreError> {
    connection.execute(
        "UPDATE assets SET state = ?2, content_type = ?3, width = ?4, height = ?5, file_id = ?6, token = ?7,
             expires_at = ?8, ready_at = ?9, failure_message = ?10
         WHERE asset_id = ?1",
        params![
            asset.asset_id,
            asset.state.as_str(),
            asset.content_type,
            asset.width,
            asset.height,
            asset.file_id,
            asset.token,
            asset.expires_at,
            asset.ready_at,
            asset.failure_message,
        ],
    )?;
    Ok(())
}

pub(in crate::studio) fn find(
    connection: &Connection,
    asset_id: &str,
) -> Result<Option<AssetRow>, StoreError> {
    Ok(connection
        .prepare_cached(&format!("{SELECT} WHERE asset_id = ?1"))?
        .query_row([asset_id], read)
        .optional()?)
}

/// At most `limit` assets after `place`, newest first.
pub(in crate::studio) fn list(
    connection: &Connection,
    filter: &AssetFilter,
    place: Option<Place>,
    limit: usize,
) -> Result<Vec<AssetRow>, StoreError> {
    let mut conditions = filter.conditions();
    conditions.add_place(place);
    let sql = format!(
        "{SELECT}{} ORDER BY created_at DESC, seq DESC LIMIT {limit}",
        conditions.clause()
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let rows = statement.query_map(conditions.params(), read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(in crate::studio) fn count(
    connection: &Connection,
    filter: &AssetFilter,
) -> Result<u64, StoreError> {
    let conditions = filter.conditions();
    let sql = format!("SELECT COUNT(*) FROM assets{}", conditions.clause());
    Ok(connection
        .prepare_cached(&sql)?
        .query_row(conditions.params(), |row| unsigned(row, 0))?)
}

/// The name a file was uploaded under, if it was.
pub(in crate::studio) fn name_of_file(
    connection: &Connection,
    file_id: &str,
) -> Result<Option<String>, StoreError> {
    Ok(connection
        .query_row(
            "SELECT name FROM assets WHERE file_id = ?1 ORDER BY seq LIMIT 1",
            [file_id],
            |row| row.get(0),
        )
        .optional()?)
}

fn read(row: &Row<'_>) -> rusqlite::Result<AssetRow> {
    Ok(AssetRow {
        seq: row.get(0)?,
        asset_id: row.get(1)?,
        project_id: row.get(2)?,
        name: row.get(3)?,
        folder: row.get(4)?,
        state: AssetStatus::from(row.get_ref(5)?.as_str()?),
        uploaded_via: row.get(6)?,
        upload_content_type: row.get(7)?,
        content_type: row.get(8)?,
        width: row.get(9)?,
        height: row.get(10)?,
        file_id: row.get(11)?,
        size: row.get::<_, Option<i64>>(12)?.map(i64::cast_unsigned),
        token: row.get(13)?,
        expires_at: row.get(14)?,
        ready_at: row.get(15)?,
        failure_message: row.get(16)?,
        created_at: row.get(17)?,
    })
}
