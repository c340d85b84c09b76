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
    upgrade_by(connection, database, STEPS, &mut |_| {})
}

/// Where an upgrade may be cut off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Moment {
    /// The copy is being written; it has not its name yet.
    BackingUp,
    BackedUp,
    /// A step is taken and not yet committed.
    InStep,
    Stepped,
}

fn upgrade_by(
    connection: &mut Connection,
    database: &Path,
    steps: &[&str],
    at_moment: &mut dyn FnMut(Moment),
) -> Result<()> {
    let found = format_of(connection)?;
    let known = i64::try_from(steps.len()).expect("a few steps");
    if found > known {
        return Err(LibraryError::Newer { found, known });
    }
    if found > 0 && found < known {
        back_up(connection, &backup_path(database, found), at_moment)?;
        at_moment(Moment::BackedUp);
    }
    for (number, step) in (1..).zip(steps).filter(|(number, _)| *number > found) {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        transaction.execute_batch(step)?;
        transaction.pragma_update(None, "user_version", number)?;
        at_moment(Moment::InStep);
        transaction.commit()?;
        at_moment(Moment::Stepped);
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
fn back_up(
    connection: &Connection,
    backup: &Path,
    at_moment: &mut dyn FnMut(Moment),
) -> Result<()> {
    let part = backup.with_extension("bak.part");
    match fs::remove_file(&part) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            return Err(LibraryError::io(&part, error));
        }
        _ => {}
    }
    connection.execute("VACUUM INTO ?1", [part.to_string_lossy()])?;
    at_moment(Moment::BackingUp);
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
        upgrade_by(&mut connection, &path, &[FIRST], &mut |_| {}).unwrap();
        connection
            .execute("INSERT INTO things VALUES ('rose')", [])
            .unwrap();
        assert!(
            !backup_path(&path, 1).exists(),
            "a new database needs no backup"
        );

        upgrade_by(&mut connection, &path, &[FIRST, SECOND], &mut |_| {}).unwrap();
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
        upgrade_by(&mut connection, &path, &[FIRST], &mut |_| {}).unwrap();
        let broken = "INSERT INTO things VALUES ('weed'); CREATE TABLE things (name TEXT);";
        upgrade_by(&mut connection, &path, &[FIRST, broken], &mut |_| {}).unwrap_err();
        assert_eq!(format_of(&connection).unwrap(), 1);
        assert!(names(&connection).is_empty());
    }

    const THIRD: &str = "INSERT INTO things (name, size) VALUES ('fern', 3); CREATE INDEX by_size ON things (size);";
    const CHILD: &str = "library::schema::tests::child_that_is_cut_off";
    const DATABASE: &str = "FLORIST_TEST_CUT_DATABASE";
    const MOMENT: &str = "FLORIST_TEST_CUT_MOMENT";

    /// Upgrades by two steps and ends at one moment of it, as a killed program does.
    #[test]
    #[ignore = "carried out in a process of its own, which is cut off"]
    fn child_that_is_cut_off() {
        let (Ok(database), Ok(moment)) = (std::env::var(DATABASE), std::env::var(MOMENT)) else {
            return;
        };
        let mut left: usize = moment.parse().unwrap();
        let mut connection = Connection::open(&database).unwrap();
        let steps = [FIRST, SECOND, THIRD];
        let upgraded = upgrade_by(&mut connection, Path::new(&database), &steps, &mut |_| {
            if left == 0 {
                std::process::abort();
            }
            left -= 1;
        });
        upgraded.unwrap();
    }

    #[test]
    fn killed_at_any_moment_of_an_upgrade_nothing_is_lost_and_the_next_start_goes_on() {
        let mut cuts = 0;
        for moment in 0.. {
            let dir = tempfile::tempdir().unwrap();
            let path = dir.path().join("florist.db");
            let mut connection = Connection::open(&path).unwrap();
            connection
                .pragma_update(None, "journal_mode", "WAL")
                .unwrap();
            upgrade_by(&mut connection, &path, &[FIRST], &mut |_| {}).unwrap();
            let fill = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000) \
                        INSERT INTO things SELECT 'rose ' || i FROM n";
            connection.execute(fill, []).unwrap();
            drop(connection);

            let child = std::process::Command::new(std::env::current_exe().unwrap())
                .args(["--exact", CHILD, "--ignored"])
                .env(DATABASE, &path)
                .env(MOMENT, moment.to_string())
                .output()
                .unwrap();
            let said = String::from_utf8_lossy(&child.stdout).into_owned();
            assert!(said.contains("running 1 test"), "{said}");
            if !child.status.success() {
                cuts += 1;
            }

            let mut connection = Connection::open(&path).unwrap();
            let steps = [FIRST, SECOND, THIRD];
            upgrade_by(&mut connection, &path, &steps, &mut |_| {}).unwrap();
            let kept = names(&connection);
            assert_eq!(kept.len(), 2001, "cut at moment {moment}");
            assert_eq!(kept[1999], "rose 2000");
            assert_eq!(format_of(&connection).unwrap(), 3);
            let verdict: String = connection
                .query_row("PRAGMA integrity_check", [], |row| row.get(0))
                .unwrap();
            assert_eq!(verdict, "ok", "cut at moment {moment}");
            let old = Connection::open(backup_path(&path, 1)).unwrap();
            assert_eq!(names(&old).len(), 2000, "the backup is whole");
            if child.status.success() {
                break;
            }
        }
        // Two of the backup, and two of each step.
        assert_eq!(cuts, 6);
    }
}
