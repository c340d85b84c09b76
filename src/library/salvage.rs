//! What can still be read of a damaged database, row by row.
//!
//! The file is only read. Each table is walked from its first row up to the damage, and from its last row back to it;
//! rows of the wrong shape are left out. Rows get new keys, so it does not matter what is in the library already.

use std::collections::HashMap;
use std::path::Path;

use rusqlite::types::{Type, Value};
use rusqlite::{Connection, OpenFlags, Row, params_from_iter};

use super::{LibraryError, Result, search};
use crate::model::RowKey;

/// A table, and how its rows find their place.
struct Table {
    name: &'static str,
    /// What its rows are ordered by in the file.
    order: &'static [&'static str],
    /// Whether rows of other tables refer to its `key`, which is given anew.
    keyed: bool,
    /// A column that refers to a table's `key`.
    parent: Option<(&'static str, &'static str)>,
}

/// Parents before their children.
const TABLES: [Table; 10] = [
    table("profiles", &["key"], true, None),
    table(
        "launches",
        &["launch_id"],
        false,
        Some(("profile", "profiles")),
    ),
    table("runs", &["key"], true, Some(("profile", "profiles"))),
    table("outputs", &["key"], true, Some(("run", "runs"))),
    table("inputs", &["run", "idx"], false, Some(("run", "runs"))),
    table("input_files", &["hash"], false, None),
    table(
        "techniques",
        &["profile", "technique_id"],
        false,
        Some(("profile", "profiles")),
    ),
    table(
        "assets",
        &["profile", "workspace_id", "hash"],
        false,
        Some(("profile", "profiles")),
    ),
    table(
        "drafts",
        &["profile", "technique_id"],
        false,
        Some(("profile", "profiles")),
    ),
    table(
        "marks",
        &["profile", "name"],
        false,
        Some(("profile", "profiles")),
    ),
];

const fn table(
    name: &'static str,
    order: &'static [&'static str],
    keyed: bool,
    parent: Option<(&'static str, &'static str)>,
) -> Table {
    Table {
        name,
        order,
        keyed,
        parent,
    }
}

/// What was read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Salvaged {
    pub runs: usize,
    pub launches: usize,
}

/// Copies what can be read of the database at `damaged`, inside the transaction of `into`.
///
/// # Errors
/// When `into` cannot take it. What `damaged` cannot give is no error.
pub(super) fn salvage(into: &Connection, damaged: &Path) -> Result<Salvaged> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let Ok(from) = Connection::open_with_flags(damaged, flags) else {
        return Ok(Salvaged::default());
    };
    // Rubbish inside a page is noticed before it is taken for a row.
    from.pragma_update(None, "cell_size_check", true).ok();
    let mut copy = Copy {
        from: &from,
        into,
        keys: HashMap::new(),
    };
    let mut salvaged = Salvaged::default();
    for table in &TABLES {
        let count = copy.table(table)?;
        match table.name {
            "runs" => salvaged.runs = count,
            "launches" => salvaged.launches = count,
            _ => {}
        }
    }
    let runs: Vec<i64> = copy
        .keys
        .remove("runs")
        .unwrap_or_default()
        .into_values()
        .collect();
    for run in runs {
        search::index(into, RowKey::new(run))?;
    }
    Ok(salvaged)
}

struct Copy<'a> {
    from: &'a Connection,
    into: &'a Connection,
    /// By table: the key in the damaged file, and the one here.
    keys: HashMap<&'static str, HashMap<i64, i64>>,
}

struct Column {
    name: String,
    declared: String,
}

impl Copy<'_> {
    fn table(&mut self, table: &Table) -> Result<usize> {
        let Ok(theirs) = columns(self.from, table.name) else {
            return Ok(0);
        };
        let mut shared = columns(self.into, table.name)?;
        shared.retain(|column| theirs.iter().any(|their| their.name == column.name));
        if table
            .order
            .iter()
            .any(|name| shared.iter().all(|column| column.name != *name))
        {
            return Ok(0);
        }
        let mut count = 0;
        for direction in ["ASC", "DESC"] {
            match self.walk(table, &shared, direction, &mut count)? {
                Walk::Whole => break,
                Walk::Cut => {}
            }
        }
        Ok(count)
    }

    /// Reads rows until the table or the readable part of it ends.
    fn walk(
        &mut self,
        table: &Table,
        columns: &[Column],
        direction: &str,
        count: &mut usize,
    ) -> Result<Walk> {
        let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
        let order: Vec<String> = table
            .order
            .iter()
            .map(|name| format!("{name} {direction}"))
            .collect();
        let sql = format!(
            "SELECT {} FROM {} ORDER BY {}",
            names.join(", "),
            table.name,
            order.join(", ")
        );
        let Ok(mut statement) = self.from.prepare(&sql) else {
            return Ok(Walk::Cut);
        };
        let Ok(mut rows) = statement.query([]) else {
            return Ok(Walk::Cut);
        };
        loop {
            match rows.next() {
                Ok(Some(row)) => {
                    if let Some(values) = values(row, columns) {
                        *count += usize::from(self.put(table, columns, values)?);
                    }
                }
                Ok(None) => return Ok(Walk::Whole),
                Err(_) => return Ok(Walk::Cut),
            }
        }
    }

    /// Puts one row in its place; false when it has none, or is there already.
    fn put(&mut self, table: &Table, columns: &[Column], mut values: Vec<Value>) -> Result<bool> {
        let place = |name: &str| columns.iter().position(|column| column.name == name);
        let old = match (table.keyed, place("key").map(|at| &values[at])) {
            (true, Some(Value::Integer(key))) => Some(*key),
            (true, _) => return Ok(false),
            (false, _) => None,
        };
        if old.is_some_and(|old| self.key(table.name, old).is_some()) {
            return Ok(false);
        }
        if let Some((column, parent)) = table.parent {
            let at = place(column);
            let new = match at.map(|at| &values[at]) {
                Some(Value::Integer(old)) => self.key(parent, *old),
                _ => None,
            };
            let (Some(at), Some(new)) = (at, new) else {
                return Ok(false);
            };
            values[at] = Value::Integer(new);
        }
        let kept: Vec<usize> = (0..columns.len())
            .filter(|at| !(table.keyed && columns[*at].name == "key"))
            .collect();
        let names: Vec<&str> = kept.iter().map(|at| columns[*at].name.as_str()).collect();
        let marks = vec!["?"; names.len()].join(", ");
        let sql = format!(
            "INSERT OR IGNORE INTO {} ({}) VALUES ({marks})",
            table.name,
            names.join(", ")
        );
        let kept = params_from_iter(kept.iter().map(|at| &values[*at]));
        let is_new = match self.into.prepare_cached(&sql)?.execute(kept) {
            Ok(changed) => changed > 0,
            // A line that refers to one that is lost.
            Err(error) if is_constraint(&error) => false,
            Err(error) => return Err(error.into()),
        };
        if let Some(old) = old {
            let new = if is_new {
                Some(self.into.last_insert_rowid())
            } else if table.name == "profiles" {
                self.known_profile(columns, &values)?
            } else {
                None
            };
            if let Some(new) = new {
                self.keys.entry(table.name).or_default().insert(old, new);
            }
        }
        Ok(is_new)
    }

    fn key(&self, table: &str, old: i64) -> Option<i64> {
        self.keys.get(table)?.get(&old).copied()
    }

    /// A profile that the library has met already.
    fn known_profile(&self, columns: &[Column], values: &[Value]) -> Result<Option<i64>> {
        let Some(at) = columns.iter().position(|column| column.name == "id") else {
            return Ok(None);
        };
        let sql = "SELECT key FROM profiles WHERE id = ?1";
        let key = self
            .into
            .prepare_cached(sql)?
            .query_row([&values[at]], |row| row.get(0));
        match key {
            Ok(key) => Ok(Some(key)),
            Err(rusqlite::Error::QueryReturnedNoRows) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
}

enum Walk {
    Whole,
    Cut,
}

/// The columns that hold values of their own.
fn columns(connection: &Connection, table: &str) -> Result<Vec<Column>> {
    let mut statement = connection.prepare(&format!("PRAGMA table_info({table})"))?;
    let columns = statement.query_map([], |row| {
        Ok(Column {
            name: row.get("name")?,
            declared: row.get("type")?,
        })
    })?;
    let columns: Vec<Column> = columns.collect::<rusqlite::Result<_>>()?;
    if columns.is_empty() {
        return Err(LibraryError::NoSuchRow);
    }
    Ok(columns)
}

/// A row's values, if each is of its column's kind.
fn values(row: &Row<'_>, columns: &[Column]) -> Option<Vec<Value>> {
    columns
        .iter()
        .enumerate()
        .map(|(at, column)| {
            let value: Value = row.get(at).ok()?;
            let fits = match value.data_type() {
                Type::Null => true,
                Type::Integer => column.declared != "TEXT",
                Type::Real => column.declared == "REAL",
                Type::Text => column.declared == "TEXT",
                Type::Blob => false,
            };
            fits.then_some(value)
        })
        .collect()
}

fn is_constraint(error: &rusqlite::Error) -> bool {
    error.sqlite_error_code() == Some(rusqlite::ErrorCode::ConstraintViolation)
}
