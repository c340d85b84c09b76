//! What can still be read of a damaged database: what no folder and no history of FLORA's can tell. Launches above
//! all, since each of them may have spent money; then forms that were being filled, handed-in files and their assets.

use std::path::Path;

use rusqlite::{Connection, OpenFlags, Row, params};

use super::sql::{profile_key, time};
use super::{LaunchState, Library, Result};
use crate::model::{
    LaunchOrder, ProfileId, RunId, RunStatus, RunUpdate, Timestamp, Usd, WorkspaceId,
};

/// Puts back what only the damaged database knows. How many launches that were. It never fails: what cannot be read
/// is lost already.
pub(super) fn salvage(library: &Library, damaged: &Path) -> usize {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let old = match Connection::open_with_flags(damaged, flags) {
        Ok(old) => old,
        Err(error) => {
            tracing::warn!(%error, "the damaged database cannot be opened");
            return 0;
        }
    };
    let mut salvaged = 0;
    each(&old, LAUNCHES, |row| {
        if put_back_launch(library, row)? {
            salvaged += 1;
        }
        Ok(())
    });
    each(&old, INPUT_FILES, |row| copy_input_file(library, row));
    each(&old, DRAFTS, |row| copy_draft(library, row));
    each(&old, ASSETS, |row| copy_asset(library, row));
    salvaged
}

const LAUNCHES: &str = "SELECT p.id, l.order_json, l.state, l.attempts, l.first_sent_ms, l.last_sent_ms, l.request_id, \
                        l.created_ms, r.run_id, r.workspace_id, r.status, r.created_ms, r.started_ms, r.completed_ms, \
                        r.charged_micros, r.error_code, r.error_message FROM launches l \
                        JOIN profiles p ON p.key = l.profile JOIN runs r ON r.launch_id = l.launch_id";
const INPUT_FILES: &str = "SELECT hash, name, kind, bytes, facts, file FROM input_files";
const DRAFTS: &str = "SELECT p.id, d.technique_id, d.json, d.updated_ms FROM drafts d JOIN profiles p ON p.key = d.profile";
const ASSETS: &str = "SELECT p.id, a.workspace_id, a.hash, a.asset_id, a.url, a.created_ms \
                      FROM assets a JOIN profiles p ON p.key = a.profile";

/// Reads as many rows as there are before the damage.
fn each(old: &Connection, sql: &str, mut take: impl FnMut(&Row<'_>) -> Result<()>) {
    let read = || -> rusqlite::Result<()> {
        let mut statement = old.prepare(sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            if let Err(error) = take(row) {
                tracing::warn!(%error, "something of the damaged database is left out");
            }
        }
        Ok(())
    };
    let mut read = read;
    if let Err(error) = read() {
        tracing::warn!(%error, sql, "the rest of a damaged table cannot be read");
    }
}

/// One launch that no folder told of. True when it is back.
fn put_back_launch(library: &Library, row: &Row<'_>) -> Result<bool> {
    let order: LaunchOrder = serde_json::from_str(row.get_ref(1)?.as_str().unwrap_or_default())?;
    if library.launch_row(order.id).is_ok() {
        return Ok(false);
    }
    let profile = ProfileId::parse(&row.get::<_, String>(0)?);
    let workspace: Option<String> = row.get(9)?;
    let workspace = workspace.map(WorkspaceId::new);
    library.record_launch(&profile, workspace.as_ref(), &order)?;
    match row.get::<_, Option<String>>(8)? {
        Some(run_id) => {
            let update = update(row, &order, &run_id, workspace)?;
            let request_id: Option<String> = row.get(6)?;
            library.claim_run(order.id, &update, request_id.as_deref())?;
        }
        None => doubt(library, row, &order)?,
    }
    Ok(true)
}

/// A launch without a run: the damaged database may have forgotten that it was sent, so it is looked for before it is
/// sent again, and left to the person when its key is too old for that.
fn doubt(library: &Library, row: &Row<'_>, order: &LaunchOrder) -> Result<()> {
    let word: String = row.get(2)?;
    let state = match word.as_str() {
        "stopped" => LaunchState::Stopped,
        "abandoned" => LaunchState::Abandoned,
        "unknown" => LaunchState::Unknown,
        _ => LaunchState::Sending,
    };
    let created: i64 = row.get(7)?;
    let first = row.get::<_, Option<i64>>(4)?;
    if state == LaunchState::Sending || first.is_some() {
        library.mark_sending(order.id, time(first.unwrap_or(created)))?;
        let last = row.get::<_, Option<i64>>(5)?.unwrap_or(created);
        let sql = "UPDATE launches SET last_sent_ms = ?2, attempts = ?3 WHERE launch_id = ?1";
        let values = params![order.id.to_string(), last, row.get::<_, i64>(3)?];
        library.connection().execute(sql, values)?;
    }
    if state != LaunchState::Sending {
        library.set_launch_state(order.id, state, None)?;
    }
    Ok(())
}

fn update(
    row: &Row<'_>,
    order: &LaunchOrder,
    run_id: &str,
    workspace: Option<WorkspaceId>,
) -> Result<RunUpdate> {
    let moment =
        |column| -> Result<Option<Timestamp>> { Ok(row.get::<_, Option<i64>>(column)?.map(time)) };
    let status: Option<String> = row.get(10)?;
    // Its outputs are FLORA's to tell: until then it is followed like one that runs.
    let status = match status.as_deref() {
        Some("failed") => RunStatus::Failed,
        _ => RunStatus::Pending,
    };
    Ok(RunUpdate {
        run_id: RunId::new(run_id),
        technique: order.technique.clone(),
        technique_name: Some(order.technique_name.clone()),
        workspace,
        project: None,
        progress: 0.0,
        created_at: moment(11)?.unwrap_or(order.created_at),
        started_at: moment(12)?,
        completed_at: moment(13)?.filter(|_| status.is_over()),
        charged_cost: row
            .get::<_, Option<i64>>(14)?
            .filter(|_| status.is_over())
            .map(Usd::from_micros),
        error_code: row.get(15)?,
        error_message: row.get(16)?,
        outputs: Vec::new(),
        poll_url: None,
        status,
    })
}

fn copy_input_file(library: &Library, row: &Row<'_>) -> Result<()> {
    let sql = "INSERT OR IGNORE INTO input_files (hash, name, kind, bytes, facts, file) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    let text = |column| row.get::<_, String>(column);
    let values = params![
        text(0)?,
        text(1)?,
        text(2)?,
        row.get::<_, i64>(3)?,
        text(4)?,
        text(5)?
    ];
    library.connection().execute(sql, values)?;
    Ok(())
}

fn copy_draft(library: &Library, row: &Row<'_>) -> Result<()> {
    let profile = profile_key(
        library.connection(),
        &ProfileId::parse(&row.get::<_, String>(0)?),
    )?;
    let sql = "INSERT OR IGNORE INTO drafts (profile, technique_id, json, updated_ms) VALUES (?1, ?2, ?3, ?4)";
    let values = params![
        profile,
        row.get::<_, String>(1)?,
        row.get::<_, String>(2)?,
        row.get::<_, i64>(3)?
    ];
    library.connection().execute(sql, values)?;
    Ok(())
}

fn copy_asset(library: &Library, row: &Row<'_>) -> Result<()> {
    let profile = profile_key(
        library.connection(),
        &ProfileId::parse(&row.get::<_, String>(0)?),
    )?;
    let sql = "INSERT OR IGNORE INTO assets (profile, workspace_id, hash, asset_id, url, created_ms) \
               VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    let text = |column| row.get::<_, String>(column);
    let values = params![
        profile,
        text(1)?,
        text(2)?,
        text(3)?,
        text(4)?,
        row.get::<_, i64>(5)?
    ];
    library.connection().execute(sql, values)?;
    Ok(())
}
