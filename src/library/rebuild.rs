//! Having a library back after its database was lost: first what the damaged file still gives, which alone knows of
//! launches under way, then what the archive's folders tell of themselves. FLORA's own history comes by the import.
//!
//! All of it is one transaction. Until that is done a note beside the database says that it is owed, so ending at any
//! moment only means that the next start does it.

use std::fs;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use rusqlite::{Connection, params};

use super::error::at;
use super::facts::Facts;
use super::files::replace;
use super::launches::{insert_row, set_state};
use super::run_row::RunRow;
use super::salvage::{Salvaged, salvage};
use super::sidecar::{self, SIDECAR, Sidecar, SidecarInput, SidecarOutput};
use super::sql::{json, profile_key};
use super::{LaunchState, Library, Result, inputs, output_rows, problem, search};
use crate::model::{
    Archive, ElementId, InputFile, InputId, LaunchId, LaunchOrder, MediaKind, OrderInput,
    OrderValue, Output, Problem, ProfileId, ProjectId, RowKey, RunId, RunStage, RunStatus,
    SavedState, TechniqueId, Timestamp, Usd, WorkspaceId,
};

/// Says that a rebuild is owed, and from which file.
const OWED: &str = "florist.rebuild";

/// A library that is to be rebuilt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rebuild {
    /// The damaged database, set aside; none when it was gone.
    damaged: Option<PathBuf>,
}

/// What came back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Rebuilt {
    pub salvaged: Salvaged,
    /// Runs that only their folder knew of.
    pub from_folders: usize,
    /// Launches of which it is not certain whether they started.
    pub in_doubt: usize,
    /// Folders whose story could not be read.
    pub unreadable: usize,
}

impl Rebuild {
    /// Notes that the library in this folder is to be rebuilt from `damaged`.
    pub(super) fn owe(dir: &Path, damaged: Option<&Path>) -> Result<()> {
        let name = damaged.and_then(Path::file_name).unwrap_or_default();
        replace(&dir.join(OWED), name.as_encoded_bytes())
    }

    /// What is owed to the library in this folder.
    pub(super) fn owed(dir: &Path) -> Option<Self> {
        let name = fs::read_to_string(dir.join(OWED)).ok()?;
        let path = dir.join(name.trim());
        let damaged = (!name.trim().is_empty() && path.is_file()).then_some(path);
        Some(Self { damaged })
    }
}

impl Library {
    /// Has back what there was before the database was lost. Says what came of it, if anything did.
    ///
    /// # Errors
    /// What the disk says; then nothing has changed, and the next opening owes it again.
    pub fn rebuild(&self, rebuild: &Rebuild) -> Result<Option<Problem>> {
        let rebuilt = self.write(|transaction| {
            let mut rebuilt = Rebuilt::default();
            if let Some(damaged) = &rebuild.damaged {
                rebuilt.salvaged = salvage(transaction, damaged)?;
            }
            for folder in run_folders(self.root()) {
                self.take_folder(transaction, &folder, &mut rebuilt)?;
            }
            rebuilt.in_doubt = doubt_open_launches(transaction)?;
            Ok(rebuilt)
        })?;
        let owed = self.root().join(OWED);
        match fs::remove_file(&owed) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(at(&owed)(error));
            }
            _ => {}
        }
        tracing::warn!(?rebuilt, "the library was rebuilt");
        let is_empty = rebuilt == Rebuilt::default();
        Ok((rebuild.damaged.is_some() || !is_empty).then(|| problem::rebuilt(&rebuilt)))
    }

    fn take_folder(
        &self,
        connection: &Connection,
        folder: &Path,
        rebuilt: &mut Rebuilt,
    ) -> Result<()> {
        let Some(told) = sidecar::read(&folder.join(SIDECAR)) else {
            rebuilt.unreadable += usize::from(folder.join(SIDECAR).exists());
            return Ok(());
        };
        match self.take_run(connection, folder, &told)? {
            Taken::New => rebuilt.from_folders += 1,
            Taken::Known => {}
            Taken::Nothing => rebuilt.unreadable += 1,
        }
        Ok(())
    }

    fn take_run(&self, connection: &Connection, folder: &Path, told: &Sidecar) -> Result<Taken> {
        let (Some(run_id), Some(profile), Some(created_at)) =
            (filled(&told.run_id), filled(&told.profile), told.created_at)
        else {
            return Ok(Taken::Nothing);
        };
        if told.technique.id.is_empty() {
            return Ok(Taken::Nothing);
        }
        let profile = profile_key(connection, &ProfileId::parse(profile))?;
        let run_id = RunId::new(run_id);
        let launch = filled(&told.launch_id).and_then(|id| LaunchId::parse(id).ok());
        let known = match RunRow::find(connection, profile, &run_id)? {
            None => launch.and_then(|launch| RunRow::of_launch(connection, launch).ok()),
            known => known,
        };
        if let Some(row) = &known
            && row.run_id.as_ref().is_some_and(|known| *known != run_id)
        {
            // Two stories of one launch: the database's is the later one.
            return Ok(Taken::Known);
        }
        let order = order_of(told, launch, created_at);
        let mut row = match known.clone() {
            Some(row) => RunRow {
                run_id: Some(run_id),
                ..row
            },
            None => {
                if let Some(order) = &order {
                    insert_line(connection, profile, order, told)?;
                }
                let mut row = fresh_row(told, run_id, order.as_ref(), created_at);
                row.key = row.insert(connection, profile)?;
                row
            }
        };
        let told_facts = facts_of(told);
        if row.facts.status.is_none() {
            row.facts = told_facts;
        } else {
            row.facts.charged = row.facts.charged.or(told_facts.charged);
        }
        if let Some(launch) = row.launch {
            let state = if row.facts.is_over() {
                LaunchState::Settled
            } else {
                LaunchState::Sent
            };
            let sql = "UPDATE launches SET state = ?2 WHERE launch_id = ?1";
            connection
                .prepare_cached(sql)?
                .execute((launch.to_string(), state.as_str()))?;
        }
        self.take_place(connection, row.key, folder)?;
        self.take_inputs(connection, row.key, order.as_ref(), &told.inputs)?;
        for output in &told.outputs {
            self.take_output(connection, row.key, folder, output)?;
        }
        row.settle(&output_rows::archives(connection, row.key)?);
        row.update(connection)?;
        search::index(connection, row.key)?;
        Ok(if known.is_some() {
            Taken::Known
        } else {
            Taken::New
        })
    }

    fn take_place(&self, connection: &Connection, run: RowKey, folder: &Path) -> Result<()> {
        let sql = "UPDATE runs SET folder = COALESCE(folder, ?2) WHERE key = ?1";
        let relative = self.relative(folder)?;
        connection
            .prepare_cached(sql)?
            .execute((run.get(), relative))?;
        Ok(())
    }

    fn take_inputs(
        &self,
        connection: &Connection,
        run: RowKey,
        order: Option<&LaunchOrder>,
        told: &[SidecarInput],
    ) -> Result<()> {
        let sql = "SELECT COUNT(*) FROM inputs WHERE run = ?1";
        let known: i64 = connection
            .prepare_cached(sql)?
            .query_row([run.get()], |row| row.get(0))?;
        if let (Some(order), 0) = (order, known) {
            inputs::insert(connection, run, &order.inputs)?;
        }
        let kept = told
            .iter()
            .filter_map(|input| Some((file_of(input)?, input.kept_as.as_deref()?)));
        for (file, path) in kept.filter(|(_, path)| is_inside(path)) {
            if self.absolute(path).is_file() {
                let sql = "INSERT OR IGNORE INTO input_files (hash, name, kind, bytes, facts, file) \
                           VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
                connection.prepare_cached(sql)?.execute(params![
                    &*file.hash,
                    file.name,
                    file.kind.as_str(),
                    i64::try_from(file.bytes).unwrap_or(i64::MAX),
                    json(Some(&file.facts))?,
                    path,
                ])?;
            }
        }
        Ok(())
    }

    /// An output and its file, which is looked at by its length; its hash is noted for whoever reads it.
    fn take_output(
        &self,
        connection: &Connection,
        run: RowKey,
        folder: &Path,
        told: &SidecarOutput,
    ) -> Result<()> {
        let file = told.file.as_deref().filter(|name| is_name(name));
        let path = file.map(|name| folder.join(name));
        let is_whole = path.as_ref().is_some_and(|path| {
            path.metadata().is_ok_and(|meta| {
                meta.is_file() && told.bytes.is_none_or(|bytes| bytes == meta.len())
            })
        });
        let word = output_rows::archive_of(&told.archive, told.failure.clone());
        let archive = match word {
            Archive::Stored | Archive::Missing if path.is_some() => {
                if is_whole {
                    Archive::Stored
                } else {
                    Archive::Missing
                }
            }
            // It says that it is here, and is not.
            Archive::Stored if told.text.is_none() => Archive::Remote,
            other => other,
        };
        let kind = MediaKind::parse(&told.kind);
        let text = match (&told.text, &path) {
            (None, Some(path)) if kind == MediaKind::Text && is_whole => {
                fs::read_to_string(path).ok()
            }
            (text, _) => text.clone(),
        };
        let sql = "INSERT OR IGNORE INTO outputs \
                   (run, output_id, idx, kind, url, excerpt, archive, failure, file, sha256, bytes, facts, text) \
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)";
        let bytes = told.bytes.and_then(|bytes| i64::try_from(bytes).ok());
        connection.prepare_cached(sql)?.execute(params![
            run.get(),
            told.output_id,
            told.index,
            told.kind,
            told.url,
            text.as_deref().map(Output::excerpt_of),
            output_rows::archive_word(&archive),
            told.failure,
            path.map(|path| self.relative(&path)).transpose()?,
            told.sha256,
            bytes,
            json(told.facts.as_ref())?,
            text,
        ])?;
        Ok(())
    }
}

enum Taken {
    New,
    Known,
    Nothing,
}

/// `<library>/<workspace>/<yyyy>/<mm>/<run-id>/`, one after the other. What cannot be looked into is passed over.
fn run_folders(root: &Path) -> impl Iterator<Item = PathBuf> {
    let is_number = |path: &Path, digits: usize| {
        let name = path.file_name().and_then(|name| name.to_str());
        name.is_some_and(|name| name.len() == digits && name.bytes().all(|b| b.is_ascii_digit()))
    };
    folders_in(root)
        .filter(|workspace| workspace.file_name().is_none_or(|name| name != "inputs"))
        .flat_map(|workspace| folders_in(&workspace))
        .filter(move |year| is_number(year, 4))
        .flat_map(|year| folders_in(&year))
        .filter(move |month| is_number(month, 2))
        .flat_map(|month| folders_in(&month))
}

fn folders_in(folder: &Path) -> impl Iterator<Item = PathBuf> + use<> {
    fs::read_dir(folder)
        .into_iter()
        .flatten()
        .filter_map(std::result::Result::ok)
        .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()))
        .map(|entry| entry.path())
}

/// Nobody knows whether a launch that was open in a damaged database has gone out since its row was written: it is
/// looked for, as after a crash in mid-start, before anything is sent.
fn doubt_open_launches(connection: &Connection) -> Result<usize> {
    let sql = "SELECT l.launch_id, l.profile, l.order_json, r.key IS NULL FROM launches l \
               LEFT JOIN runs r ON r.launch_id = l.launch_id WHERE l.state NOT IN ('sent', 'settled', 'abandoned')";
    let mut statement = connection.prepare(sql)?;
    let open = statement.query_map([], |row| {
        Ok((
            row.get::<_, String>(0)?,
            row.get::<_, i64>(1)?,
            row.get::<_, String>(2)?,
            row.get::<_, bool>(3)?,
        ))
    })?;
    let open: Vec<_> = open.collect::<rusqlite::Result<_>>()?;
    let mut count = 0;
    for (id, profile, order, is_lost) in open {
        let Ok(launch) = LaunchId::parse(&id) else {
            continue;
        };
        if is_lost {
            let Ok(order) = serde_json::from_str::<LaunchOrder>(&order) else {
                continue;
            };
            insert_row(connection, profile, None, &order)?;
        }
        let sql = "UPDATE launches SET first_sent_ms = COALESCE(first_sent_ms, created_ms), \
                   last_sent_ms = COALESCE(last_sent_ms, created_ms) WHERE launch_id = ?1";
        connection.prepare_cached(sql)?.execute([&id])?;
        let problem = problem::launch_in_doubt_after_damage();
        set_state(connection, launch, LaunchState::Unknown, Some(problem))?;
        count += 1;
    }
    Ok(count)
}

/// The ledger's line of a launch whose run is told.
fn insert_line(
    connection: &Connection,
    profile: i64,
    order: &LaunchOrder,
    told: &Sidecar,
) -> Result<()> {
    let sql = "INSERT OR IGNORE INTO launches (launch_id, profile, order_json, state, attempts, request_id, created_ms) \
               VALUES (?1, ?2, ?3, 'sent', 1, ?4, ?5)";
    connection.prepare_cached(sql)?.execute(params![
        order.id.to_string(),
        profile,
        serde_json::to_string(order)?,
        told.request_id,
        order.created_at.as_millisecond(),
    ])?;
    Ok(())
}

fn fresh_row(
    told: &Sidecar,
    run_id: RunId,
    order: Option<&LaunchOrder>,
    created_at: Timestamp,
) -> RunRow {
    RunRow {
        key: RowKey::new(0),
        run_id: Some(run_id),
        launch: order.map(|order| order.id),
        facts: facts_of(told),
        stage: RunStage::Sent,
        needs_you: false,
        summary: order.map(LaunchOrder::summary).unwrap_or_default(),
        created_at,
        listed: dollars(told.cost.listed_usd),
        cost_closed: told.cost.given_up,
        output_count: 0,
        saved: SavedState::Nothing,
        problem: None,
        poll_url: None,
    }
}

fn facts_of(told: &Sidecar) -> Facts {
    let name = if told.technique.name.is_empty() {
        &told.technique.id
    } else {
        &told.technique.name
    };
    let failure = told.failure.as_ref();
    let mut facts = Facts::new(
        TechniqueId::new(told.technique.id.as_str()),
        Arc::from(name.as_str()),
    );
    facts.workspace = filled(&told.workspace_id).map(WorkspaceId::new);
    facts.project = filled(&told.project_id).map(ProjectId::new);
    facts.status = filled(&told.flora_status).map(RunStatus::parse);
    facts.started_at = told.started_at;
    facts.completed_at = told.completed_at;
    facts.quoted = dollars(told.cost.quoted_usd);
    facts.charged = dollars(told.cost.charged_usd);
    facts.error_code = failure.map(|failure| failure.code.clone());
    facts.error_message = failure.map(|failure| failure.message.clone());
    facts
}

/// What was ordered; `None` for runs from elsewhere.
fn order_of(
    told: &Sidecar,
    launch: Option<LaunchId>,
    created_at: Timestamp,
) -> Option<LaunchOrder> {
    Some(LaunchOrder {
        id: launch?,
        technique: TechniqueId::new(told.technique.id.as_str()),
        technique_name: Arc::from(told.technique.name.as_str()),
        listed_cost: dollars(told.cost.listed_usd),
        inputs: told.inputs.iter().filter_map(input_of).collect(),
        created_at,
    })
}

fn input_of(told: &SidecarInput) -> Option<OrderInput> {
    let value = match told.form.as_str() {
        "text" => OrderValue::Text(told.value.clone()),
        "url" => OrderValue::Url(told.value.clone()),
        "element" => OrderValue::Element(ElementId::parse(&told.value)?),
        "file" => OrderValue::File(file_of(told)?),
        _ => return None,
    };
    Some(OrderInput {
        id: InputId::new(told.id.as_str()),
        name: told.name.clone(),
        kind: MediaKind::parse(&told.kind),
        value,
    })
}

fn file_of(told: &SidecarInput) -> Option<InputFile> {
    Some(InputFile {
        name: told.value.clone(),
        kind: MediaKind::parse(&told.kind),
        hash: Arc::from(told.sha256.as_deref()?),
        bytes: told.bytes.unwrap_or_default(),
        facts: told.facts.clone().unwrap_or_default(),
    })
}

fn filled(text: &Option<String>) -> Option<&str> {
    text.as_deref().filter(|text| !text.is_empty())
}

fn dollars(amount: Option<f64>) -> Option<Usd> {
    amount.and_then(Usd::from_dollars)
}

/// Whether it names a file of its folder and nothing else: a sidecar may have been edited.
fn is_name(name: &str) -> bool {
    let mut parts = Path::new(name).components();
    matches!(
        (parts.next(), parts.next()),
        (Some(Component::Normal(_)), None)
    )
}

fn is_inside(relative: &str) -> bool {
    let mut parts = Path::new(relative).components();
    relative.starts_with("inputs/") && parts.all(|part| matches!(part, Component::Normal(_)))
}

/// Whether a library has an archive without a database to know of it.
pub(super) fn has_archive(dir: &Path) -> bool {
    run_folders(dir).any(|folder| folder.join(SIDECAR).is_file())
}

/// Whether a file is there that a database should be in, and nothing is in it.
pub(super) fn is_emptied(database: &Path) -> bool {
    database
        .metadata()
        .is_ok_and(|meta| meta.is_file() && meta.len() == 0)
}
