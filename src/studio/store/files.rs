//! Files: bytes under the data directory, told by id.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use rusqlite::{Connection, OptionalExtension, params};
use sha2::{Digest as _, Sha256};

use super::{StoreError, unsigned};
use crate::studio::ids;

/// A file that is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::studio) struct FileRow {
    pub(in crate::studio) file_id: String,
    /// Relative to the data directory.
    pub(in crate::studio) path: String,
    pub(in crate::studio) content_type: String,
    /// Bytes.
    pub(in crate::studio) size: u64,
    /// Lower-case hex.
    pub(in crate::studio) sha256: String,
}

impl FileRow {
    /// A new file's row; nothing is written yet.
    pub(in crate::studio) fn new(content_type: &str, size: u64, sha256: String) -> Self {
        let file_id = ids::fresh("file_");
        Self {
            path: format!("files/{file_id}"),
            file_id,
            content_type: content_type.to_owned(),
            size,
            sha256,
        }
    }
}

/// Writes bytes under the data directory: complete under their name, or not at all.
pub(in crate::studio) fn write(
    data: &Path,
    content_type: &str,
    bytes: &[u8],
) -> Result<FileRow, StoreError> {
    let row = FileRow::new(
        content_type,
        bytes.len() as u64,
        hex(&Sha256::digest(bytes)),
    );
    let path = data.join(&row.path);
    let part = path.with_extension("part");
    let mut file = fs::File::create(&part)?;
    file.write_all(bytes)?;
    drop(file);
    fs::rename(&part, &path)?;
    Ok(row)
}

/// Lower-case hex.
pub(in crate::studio) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut hex, byte| {
            // Writing to a String cannot fail.
            let _ = write!(hex, "{byte:02x}");
            hex
        })
}

pub(in crate::studio) fn insert(connection: &Connection, row: &FileRow) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "INSERT INTO files (file_id, path, content_type, size, sha256) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?
        .execute(params![
            row.file_id,
            row.path,
            row.content_type,
            row.size.cast_signed(),
            row.sha256
        ])?;
    Ok(())
}

/// Says what a file turned out to be.
pub(in crate::studio) fn set_content_type(
    connection: &Connection,
    file_id: &str,
    content_type: &str,
) -> Result<(), StoreError> {
    connection.execute(
        "UPDATE files SET content_type = ?2 WHERE file_id = ?1",
        params![file_id, content_type],
    )?;
    Ok(())
}

pub(in crate::studio) fn find(
    connection: &Connection,
    file_id: &str,
) -> Result<Option<FileRow>, StoreError> {
    Ok(connection
        .prepare_cached(
            "SELECT file_id, path, content_type, size, sha256 FROM files WHERE file_id = ?1",
        )?
        .query_row([file_id], |row| {
            Ok(FileRow {
                file_id: row.get(0)?,
                path: row.get(1)?,
                content_type: row.get(2)?,
                size: unsigned(row, 3)?,
                sha256: row.get(4)?,
            })
        })
        .optional()?)
}
