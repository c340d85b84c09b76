//! The database's format and the steps from one to the next.

use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, TransactionBehavior};

use super::error::at;
use super::{LibraryError, Result};

/// One step a format; the format's number is how many steps were taken (`user_version`).
const STEPS: &[&str] = &[
    include_str!("schema/001_start.sql"),
    include_str!("schema/002_sidecars.sql"),
];

/// Brings a database to this version's format, with a copy beside it first.
///
/// # Errors
/// [`LibraryError::Newer`] when a later Florist made it; it is left untouched.
pub(super) fn upgrade(connection: &mut Connection, database: &Path) -> Result<()> {
    upgrade_by(connection, database, STEPS)
}

fn upgrade_by(connection: &mut Connection, database: &Path, steps: &[&str]) -> Result<()> {
    let found = format_of(connection)?;
    let known = i64::try_from(steps.len()).expect("a few steps");
    if found > known {
        return Err(LibraryError::Newer { found, known });
    }
    if found > 0 && found < known {
        back_up(connection, &backup_path(database, found))?;
    }
    for (number, step) in (1..).zip(steps).filter(|(number, _)| *number > found) {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        transaction.execute_batch(step)?;
        transaction.pragma_update(None, "user_version", number)?;
        transaction.commit()?;
    }
    Ok(())
}

fn format_of(connection: &Connection) -> Result<i64> {
    Ok(connection.pragma_query_value(None, "user_version", |row| row.get(0))?)
}

/// `florist.db.v1.bak`
fn backup_path(database: &Path, format: i64) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(format!(".v{format}.bak"));
    PathBuf::from(name)
}

/// Writes a consistent copy; a half-written one never has the backup's name.
fn back_up(connection: &Connection, backup: &Path) -> Result<()> {
    let part = backup.with_extension("bak.part");
    match fs::remove_file(&part) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            return Err(LibraryError::io(&part, error));
        }
        _ => {}
    }
    connection.execute("VACUUM INTO ?1", [part.to_string_lossy()])?;
    fs::File::open(&part)
        .and_then(|file| file.sync_all())
        .map_err(at(&part))?;
    fs::rename(&part, backup).map_err(at(backup))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: &str = "CREATE TABLE things (name TEXT);";
    const SECOND: &str = "ALTER TABLE things ADD COLUMN size INTEGER NOT NULL DEFAULT 0;";

    fn names(connection: &Connection) -> Vec<String> {
        let mut statement = connection.prepare("SELECT name FROM things").unwrap();
        let names = statement.query_map([], |row| row.get(0)).unwrap();
        names.map(|name| name.unwrap()).collect()
    }

    #[test]
    fn an_upgrade_keeps_rows_and_leaves_a_backup_of_the_old_format() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("florist.db");
        let mut connection = Connection::open(&path).unwrap();
        upgrade_by(&mut connection, &path, &[FIRST]).unwrap();
        connection
            .execute("INSERT INTO things VALUES ('rose')", [])
            .unwrap();
        assert!(
            !backup_path(&path, 1).exists(),
            "a new database needs no backup"
        );

        upgrade_by(&mut connection, &path, &[FIRST, SECOND]).unwrap();
        assert_eq!(names(&connection), ["rose"]);
        assert_eq!(format_of(&connection).unwrap(), 2);

        let old = Connection::open(backup_path(&path, 1)).unwrap();
        assert_eq!(format_of(&old).unwrap(), 1);
        assert_eq!(names(&old), ["rose"]);
    }

    #[test]
    fn a_step_that_fails_leaves_the_old_format_whole() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("florist.db");
        let mut connection = Connection::open(&path).unwrap();
        upgrade_by(&mut connection, &path, &[FIRST]).unwrap();
        let broken = "INSERT INTO things VALUES ('weed'); CREATE TABLE things (name TEXT);";
        upgrade_by(&mut connection, &path, &[FIRST, broken]).unwrap_err();
        assert_eq!(format_of(&connection).unwrap(), 1);
        assert!(names(&connection).is_empty());
    }
}
