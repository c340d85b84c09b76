//! What can still be read of a damaged database: what no folder and no history of FLORA's can tell. Launches above
//! all, since each of them may have spent money; then forms that were being filled, handed-in files and their assets.

use std::collections::HashMap;
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
    let profiles = profiles(&old);
    // From both ends: a bad page hides what lies behind it.
    for order in ["ASC", "DESC"] {
        each(
            &old,
            &format!("{LAUNCHES} ORDER BY launch_id {order}"),
            |row| {
                if put_back_launch(library, &old, &profiles, row)? {
                    salvaged += 1;
                }
                Ok(())
            },
        );
    }
    each(&old, INPUT_FILES, |row| copy_input_file(library, row));
    each(&old, DRAFTS, |row| copy_draft(library, row));
    each(&old, ASSETS, |row| copy_asset(library, row));
    salvaged
}

/// Alone: a page that is bad in another table must not hide a launch.
const LAUNCHES: &str = "SELECT profile, order_json, state, attempts, first_sent_ms, last_sent_ms, request_id, created_ms \
                        FROM launches";
const RUN: &str = "SELECT run_id, workspace_id, status, created_ms, started_ms, completed_ms, charged_micros, error_code, \
                   error_message FROM runs WHERE launch_id = ?1";
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

/// The profiles by their key there; those that cannot be read are left out.
fn profiles(old: &Connection) -> HashMap<i64, ProfileId> {
    let mut profiles = HashMap::new();
    each(old, "SELECT key, id FROM profiles", |row| {
        profiles.insert(row.get(0)?, ProfileId::parse(&row.get::<_, String>(1)?));
        Ok(())
    });
    profiles
}

/// One launch that no folder told of. True when it is back.
fn put_back_launch(
    library: &Library,
    old: &Connection,
    profiles: &HashMap<i64, ProfileId>,
    row: &Row<'_>,
) -> Result<bool> {
    let order: LaunchOrder = serde_json::from_str(row.get_ref(1)?.as_str().unwrap_or_default())?;
    if library.launch_row(order.id).is_ok() {
        return Ok(false);
    }
    let key: i64 = row.get(0)?;
    let Some(profile) = profiles.get(&key) else {
        return put_back_of_nobody(library, &order).map(|()| true);
    };
    // When its run cannot be read, it counts as a launch without one: it is looked for before anything is sent.
    let run = run_of(old, &order).unwrap_or_default();
    let workspace = run.workspace.clone();
    library.record_launch(profile, workspace.as_ref(), &order)?;
    match run.update {
        Some(update) => {
            let request_id: Option<String> = row.get(6)?;
            library.claim_run(order.id, &update, request_id.as_deref())?;
        }
        None => doubt(library, row, &order)?,
    }
    Ok(true)
}

/// A launch of which it cannot be read whose it was: FLORA's, most likely, and the person's to decide about.
fn put_back_of_nobody(library: &Library, order: &LaunchOrder) -> Result<()> {
    let profile = ProfileId::flora("https://app.flora.ai");
    library.record_launch(&profile, None, order)?;
    library.mark_sending(order.id, order.created_at)?;
    library.set_launch_state(order.id, LaunchState::Unknown, None)?;
    Ok(())
}

/// What is known of a launch's run there.
#[derive(Default)]
struct OldRun {
    workspace: Option<WorkspaceId>,
    update: Option<RunUpdate>,
}

fn run_of(old: &Connection, order: &LaunchOrder) -> rusqlite::Result<OldRun> {
    old.query_row(RUN, [order.id.to_string()], |row| {
        let workspace: Option<String> = row.get(1)?;
        let workspace = workspace.map(WorkspaceId::new);
        let run_id: Option<String> = row.get(0)?;
        let update = run_id.map(|run_id| update(row, order, &run_id, workspace.clone()));
        Ok(OldRun {
            update: update.transpose()?,
            workspace,
        })
    })
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
) -> rusqlite::Result<RunUpdate> {
    let moment = |column| -> rusqlite::Result<Option<Timestamp>> {
        Ok(row.get::<_, Option<i64>>(column)?.map(time))
    };
    let status: Option<String> = row.get(2)?;
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
        created_at: moment(3)?.unwrap_or(order.created_at),
        started_at: moment(4)?,
        completed_at: moment(5)?.filter(|_| status.is_over()),
        charged_cost: row
            .get::<_, Option<i64>>(6)?
            .filter(|_| status.is_over())
            .map(Usd::from_micros),
        error_code: row.get(7)?,
        error_message: row.get(8)?,
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
