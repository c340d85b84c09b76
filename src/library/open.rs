//! Opening a library: one program at a time, checked, brought to this version's format.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use rusqlite::{Connection, Transaction, TransactionBehavior};

use super::error::at;
use super::files::{INPUTS, discard};
use super::{DATABASE, LibraryError, Result, names, problem, rebuild, schema};
use crate::model::Problem;

/// The open library. All its methods are plain and blocking: one thread owns it.
pub struct Library {
    connection: Connection,
    root: PathBuf,
    /// Held until the library is dropped; `None` where the disk knows no locks.
    _lock: Option<File>,
}

/// A library, and what there is to say about its opening.
pub struct Opened {
    pub library: Library,
    pub notes: Vec<Problem>,
}

impl Library {
    /// Opens the library in this folder, or begins one.
    ///
    /// A damaged database is set aside under another name, and a new one is built from the runs' folders and from
    /// what can still be read of the old one; so is one that is gone while the folders are there.
    ///
    /// # Errors
    /// [`LibraryError::Locked`] when another Florist has it open, [`LibraryError::Newer`] when a later version
    /// made it, [`LibraryError::Gone`] when not even the folder around it is there, and what the disk says.
    pub fn open(dir: &Path) -> Result<Opened> {
        let is_alone = |around: &Path| !around.as_os_str().is_empty() && !around.exists();
        if dir.parent().is_some_and(is_alone) {
            // An empty library in the place of an unplugged drive would look like everything was lost.
            return Err(LibraryError::Gone {
                path: dir.to_owned(),
            });
        }
        fs::create_dir_all(dir).map_err(at(dir))?;
        let mut notes = Vec::new();
        let lock = lock(dir, &mut notes)?;
        let begun = SystemTime::now();
        let connection = open_database(dir, &mut notes)?;
        sweep(&dir.join(INPUTS), begun);
        let library = Self {
            connection,
            root: dir.to_owned(),
            _lock: lock,
        };
        Ok(Opened { library, notes })
    }

    /// The library's folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Ends in order. Dropping it is safe too; this also lets SQLite tidy up.
    ///
    /// # Errors
    /// When SQLite cannot write its last pages; what was committed is on disk all the same.
    pub fn close(self) -> Result<()> {
        self.connection.execute_batch("PRAGMA optimize")?;
        self.connection.close().map_err(|(_, error)| error.into())
    }

    pub(super) fn connection(&self) -> &Connection {
        &self.connection
    }

    /// Runs `work` in one transaction: all of it is on disk when this returns, or none of it.
    pub(super) fn write<T>(&self, work: impl FnOnce(&Transaction<'_>) -> Result<T>) -> Result<T> {
        let transaction =
            Transaction::new_unchecked(&self.connection, TransactionBehavior::Immediate)?;
        let done = work(&transaction)?;
        transaction.commit()?;
        Ok(done)
    }

    /// A stored relative path as one of this computer.
    pub(super) fn absolute(&self, relative: &str) -> PathBuf {
        self.root.join(relative)
    }
}

fn open_database(dir: &Path, notes: &mut Vec<Problem>) -> Result<Connection> {
    let database = dir.join(DATABASE);
    let is_there = fs::metadata(&database).is_ok_and(|file| file.len() > 0);
    let was_lost = || {
        rebuild::has_stories(dir)
            || building(dir).exists()
            || rebuild::last_set_aside(dir).is_some()
    };
    if is_there || !was_lost() {
        match connect(&database) {
            Err(LibraryError::Damaged { .. }) => set_aside(&database)?,
            other => return other,
        };
    }
    build_anew(dir, &database, notes)?;
    connect(&database)
}

/// Removes half files that an earlier end of the program left: nobody goes on with a file that was being handed in.
fn sweep(folder: &Path, begun: SystemTime) {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    for entry in entries {
        let path = entry.path();
        let is_part = path
            .extension()
            .is_some_and(|extension| extension == "part");
        let is_old = entry
            .metadata()
            .and_then(|file| file.modified())
            .is_ok_and(|changed| changed < begun);
        if is_part && is_old {
            discard(&path);
        }
    }
}

/// A database that is being rebuilt; it gets its name when it is whole.
fn building(dir: &Path) -> PathBuf {
    dir.join(format!("{DATABASE}.new"))
}

fn build_anew(dir: &Path, database: &Path, notes: &mut Vec<Problem>) -> Result<()> {
    let building = building(dir);
    for path in [
        building.clone(),
        beside(&building, "-wal"),
        beside(&building, "-shm"),
    ] {
        match fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(LibraryError::io(&path, error));
            }
            _ => {}
        }
    }
    let connection = connect(&building)?;
    // A rebuilding that is interrupted begins again: only its end must be on disk.
    connection.pragma_update(None, "synchronous", "OFF")?;
    let library = Library {
        connection,
        root: dir.to_owned(),
        _lock: None,
    };
    let damaged = rebuild::last_set_aside(dir);
    let rebuilt = library.rebuild(damaged.as_deref())?;
    library.close()?;
    File::open(&building)
        .and_then(|file| file.sync_all())
        .map_err(at(&building))?;
    fs::rename(&building, database).map_err(at(database))?;
    // Once: what the person does from here on must not be undone by an old copy.
    let kept = damaged.map(|damaged| rebuild::note_salvaged(&damaged));
    notes.push(problem::rebuilt(rebuilt, kept.as_deref().unwrap_or(dir)));
    Ok(())
}

fn lock(dir: &Path, notes: &mut Vec<Problem>) -> Result<Option<File>> {
    let path = dir.join("florist.lock");
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path)
        .map_err(at(&path))?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Err(LibraryError::Locked {
            path: dir.to_owned(),
        }),
        Err(TryLockError::Error(_)) => {
            notes.push(problem::no_locks(dir));
            Ok(None)
        }
    }
}

fn connect(database: &Path) -> Result<Connection> {
    let mut connection = Connection::open(database)?;
    connection.busy_timeout(Duration::from_secs(5))?;
    connection.set_prepared_statement_cache_capacity(128);
    connection.pragma_update(None, "journal_mode", "WAL")?;
    // NORMAL would lose the last commits with the power: a launch that was sent must be known.
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    // Pages: an import touches the same ones again and again, so they are written back less often.
    connection.pragma_update(None, "wal_autocheckpoint", 4_000)?;
    // Negative: KiB. Holds what a question over a hundred thousand runs touches.
    connection.pragma_update(None, "cache_size", -16_384)?;
    check(&connection, database)?;
    // The check has read every page; only those in use are to stay in memory.
    connection.execute_batch("PRAGMA shrink_memory")?;
    schema::upgrade(&mut connection, database)?;
    Ok(connection)
}

fn check(connection: &Connection, database: &Path) -> Result<()> {
    let verdict: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if verdict == "ok" {
        Ok(())
    } else {
        Err(LibraryError::Damaged {
            path: database.to_owned(),
        })
    }
}

/// Renames a damaged database and what belongs to it; nothing is deleted.
fn set_aside(database: &Path) -> Result<PathBuf> {
    let now = jiff::ZonedDateTime::now()
        .strftime("%Y-%m-%d %H.%M.%S")
        .to_string();
    let name = names::unique(&format!("{DATABASE} damaged {now}"), |name| {
        database.with_file_name(name).exists()
    });
    let kept = database.with_file_name(name);
    fs::rename(database, &kept).map_err(at(database))?;
    for suffix in ["-wal", "-shm"] {
        let from = beside(database, suffix);
        if from.exists() {
            fs::rename(&from, beside(&kept, suffix)).map_err(at(&from))?;
        }
    }
    Ok(kept)
}

/// SQLite's own files beside a database.
pub(super) fn beside(database: &Path, suffix: &str) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_florist_is_told_that_the_library_is_in_use() {
        let dir = tempfile::tempdir().unwrap();
        let first = Library::open(dir.path()).unwrap();
        assert!(first.notes.is_empty(), "{:?}", first.notes);
        let second = Library::open(dir.path());
        assert!(matches!(second, Err(LibraryError::Locked { .. })));
        drop(first);
        Library::open(dir.path()).unwrap();
    }

    #[test]
    fn half_files_of_an_earlier_end_are_removed() {
        let dir = tempfile::tempdir().unwrap();
        let inputs = dir.path().join(INPUTS);
        fs::create_dir_all(&inputs).unwrap();
        let (old, whole) = (inputs.join("old.part"), inputs.join("whole.png"));
        for path in [&old, &whole] {
            let file = File::create(path).unwrap();
            let yesterday = SystemTime::now() - Duration::from_secs(86_400);
            file.set_modified(yesterday).unwrap();
        }
        let mine = inputs.join("mine.part");
        let later = SystemTime::now() + Duration::from_secs(60);
        File::create(&mine).unwrap().set_modified(later).unwrap();
        Library::open(dir.path()).unwrap();
        assert!(!old.exists());
        assert!(whole.exists() && mine.exists());
    }

    #[test]
    fn a_damaged_database_is_set_aside_and_said() {
        let dir = tempfile::tempdir().unwrap();
        let junk = "this was a database ".repeat(500);
        fs::write(dir.path().join(DATABASE), &junk).unwrap();
        let opened = Library::open(dir.path()).unwrap();
        assert_eq!(opened.notes.len(), 1);
        let kept = PathBuf::from(&opened.notes[0].details);
        assert_eq!(
            fs::read_to_string(kept).unwrap(),
            junk,
            "nothing is deleted"
        );
    }

    #[test]
    fn a_page_of_rubbish_inside_the_database_is_noticed_at_the_start() {
        let dir = tempfile::tempdir().unwrap();
        Library::open(dir.path()).unwrap().library.close().unwrap();
        let path = dir.path().join(DATABASE);
        let mut bytes = fs::read(&path).unwrap();
        for byte in &mut bytes[8192..16384] {
            *byte = 0xA5;
        }
        fs::write(&path, &bytes).unwrap();
        let opened = Library::open(dir.path()).unwrap();
        assert_eq!(opened.notes.len(), 1, "{:?}", opened.notes);
    }

    #[test]
    fn a_newer_library_is_refused_and_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        let opened = Library::open(dir.path()).unwrap();
        let newer = opened
            .library
            .connection
            .pragma_update(None, "user_version", 99);
        newer.unwrap();
        drop(opened);
        let again = Library::open(dir.path());
        assert!(matches!(again, Err(LibraryError::Newer { found: 99, .. })));
    }

    #[test]
    fn what_a_full_disk_interrupts_leaves_no_trace() {
        let dir = tempfile::tempdir().unwrap();
        let library = Library::open(dir.path()).unwrap().library;
        let pages: i64 = library
            .connection
            .pragma_query_value(None, "page_count", |row| row.get(0))
            .unwrap();
        library
            .connection
            .pragma_update(None, "max_page_count", pages + 2)
            .unwrap();
        let result = library.write(|transaction| {
            transaction.execute("INSERT INTO profiles (id) VALUES ('first')", [])?;
            transaction.execute(
                "INSERT INTO profiles (id) VALUES (?1)",
                ["x".repeat(100_000)],
            )?;
            Ok(())
        });
        assert!(matches!(result, Err(LibraryError::DiskFull { .. })));
        let count: i64 = library
            .connection
            .query_row("SELECT COUNT(*) FROM profiles", [], |row| row.get(0))
            .unwrap();
        assert_eq!(count, 0, "the first row was rolled back with the second");
    }
}
