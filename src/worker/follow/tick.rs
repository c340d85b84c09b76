//! One tick: as few requests as it takes to hear of every run in flight.

use std::collections::{HashMap, HashSet};
use std::time::{Duration, Instant};

use super::super::cx::{Cx, Timings};
use super::super::db::DbError;
use super::super::schedule::charge_wait;
use super::super::session::Session;
use super::super::{connect, news};
use super::take_in;
use crate::api::{ApiError, Client, RunQuery, convert};
use crate::library::{Change, FollowedRun};
use crate::model::{RowKey, RunId, RunStatus, RunUpdate, Timestamp};

/// Requests of a tick at most.
pub(super) const MOST_REQUESTS: usize = 12;

/// Pages of a tick at most; the rest is for runs that no page had.
const MOST_PAGES: usize = 10;

/// Runs read by themselves in a tick at most.
const MOST_SINGLES: usize = 3;

/// FLORA's clock and ours may differ by this much.
const SKEW_MS: i64 = 120_000;

/// A run that is "not found" this often in a row is gone.
const MISSES: u32 = 2;

/// What the follower remembers from one tick to the next.
pub(super) struct Memory {
    pub failures: u32,
    pub charges: Charges,
    /// Since when a run has been followed here.
    since: HashMap<RowKey, Instant>,
    /// When a run was last read by itself.
    single: HashMap<RunId, Instant>,
    missing: HashMap<RunId, u32>,
}

impl Memory {
    pub fn new(timings: Timings) -> Self {
        Self {
            failures: 0,
            charges: Charges {
                asked: HashMap::new(),
                timings,
            },
            since: HashMap::new(),
            single: HashMap::new(),
            missing: HashMap::new(),
        }
    }

    /// Notes which runs are in flight now.
    pub fn notice(&mut self, in_flight: &[FollowedRun], now: Timestamp) {
        let rows: HashSet<RowKey> = in_flight.iter().map(|run| run.key).collect();
        self.since.retain(|row, _| rows.contains(row));
        for run in in_flight {
            self.since.entry(run.key).or_insert_with(|| {
                // One that was there before us has been running for a while.
                let age = now.as_millisecond() - run.created_at.as_millisecond();
                let age = Duration::from_millis(u64::try_from(age).unwrap_or(0));
                let is_ours = run.stage == crate::model::RunStage::Sent;
                let before = if is_ours { Duration::ZERO } else { age };
                Instant::now()
                    .checked_sub(before)
                    .unwrap_or_else(Instant::now)
            });
        }
    }

    pub fn followed_for(&self, run: &FollowedRun) -> Option<Duration> {
        self.since.get(&run.key).map(Instant::elapsed)
    }
}

/// How often each charge was asked for.
pub(super) struct Charges {
    asked: HashMap<RowKey, Asked>,
    timings: Timings,
}

struct Asked {
    times: u32,
    next: Instant,
}

impl Charges {
    /// In how long the next charge is worth asking for.
    pub fn due_in(&mut self, settling: &[FollowedRun]) -> Option<Duration> {
        let rows: HashSet<RowKey> = settling.iter().map(|run| run.key).collect();
        self.asked.retain(|row, _| rows.contains(row));
        let now = Instant::now();
        let first = self.timings.wait(charge_wait(0).unwrap_or_default());
        for run in settling {
            self.asked.entry(run.key).or_insert_with(|| Asked {
                times: 0,
                next: now + first,
            });
        }
        let next = self.asked.values().map(|asked| asked.next).min()?;
        Some(next.saturating_duration_since(now))
    }

    fn is_due(&self, row: RowKey) -> bool {
        self.asked
            .get(&row)
            .is_some_and(|asked| asked.next <= Instant::now())
    }

    /// Notes that it was asked for; true when that was often enough.
    fn ask(&mut self, row: RowKey) -> bool {
        let Some(asked) = self.asked.get_mut(&row) else {
            return false;
        };
        asked.times += 1;
        match charge_wait(asked.times) {
            Some(wait) => {
                asked.next = Instant::now() + self.timings.wait(wait);
                false
            }
            None => true,
        }
    }
}

/// Why a tick came to nothing.
#[derive(Debug, thiserror::Error)]
pub(super) enum TickError {
    #[error(transparent)]
    Api(#[from] ApiError),
    #[error(transparent)]
    Library(#[from] DbError),
}

impl TickError {
    /// Draws the conclusions for the connection.
    pub async fn note(self, cx: &Cx, session: &Session) {
        tracing::info!(error = %self, "following failed");
        if let Self::Api(error) = self {
            connect::note_error(cx, session, &error).await;
        }
    }
}

/// Asks once.
pub(super) async fn tick(cx: &Cx, session: &Session, memory: &mut Memory) -> Result<(), TickError> {
    let Some(client) = session.client() else {
        return Ok(());
    };
    let wanted = wanted(cx, session, memory).await?;
    let mut tick = Tick {
        cx,
        session,
        client,
        memory,
        unseen: wanted.iter().map(|run| (run.run_id.clone(), run)).collect(),
        requests: 0,
    };
    tick.pages().await?;
    tick.singles().await?;
    let settling: Vec<RowKey> = wanted
        .iter()
        .filter(|run| run.stage_is_over())
        .filter(|run| !tick.unseen.contains_key(&run.run_id))
        .map(|run| run.key)
        .collect();
    close_costs(cx, session, memory, settling).await
}

/// Runs in flight, and those whose charge is due.
async fn wanted(
    cx: &Cx,
    session: &Session,
    memory: &mut Memory,
) -> Result<Vec<FollowedRun>, DbError> {
    let profile = session.id().clone();
    let (mut runs, settling) = cx
        .db()
        .call(move |library| {
            Ok((
                library.runs_in_flight(&profile)?,
                library.runs_settling(&profile)?,
            ))
        })
        .await?;
    memory.charges.due_in(&settling);
    let due = settling
        .into_iter()
        .filter(|run| memory.charges.is_due(run.key));
    runs.extend(due);
    Ok(runs)
}

struct Tick<'a> {
    cx: &'a Cx,
    session: &'a Session,
    client: &'a Client,
    memory: &'a mut Memory,
    /// Runs that no answer has mentioned yet.
    unseen: HashMap<RunId, &'a FollowedRun>,
    requests: usize,
}

impl Tick<'_> {
    /// Lists the history until everything was seen, or can only be further down than is worth reading.
    async fn pages(&mut self) -> Result<(), TickError> {
        let query = RunQuery {
            workspace: self.session.workspace().map(|id| id.to_string()),
            ..RunQuery::default()
        };
        let mut cursor: Option<String> = None;
        for _ in 0..MOST_PAGES {
            self.requests += 1;
            let page = self.client.runs(&query, cursor.as_deref()).await?;
            for skipped in &page.skipped {
                tracing::warn!(path = %skipped.path, message = %skipped.message, "a run cannot be read");
            }
            let updates: Vec<RunUpdate> = page.items.into_iter().map(convert::listed_run).collect();
            let oldest = updates.iter().map(|update| update.created_at).min();
            let all_news = self.see(updates).await?;
            cursor = page.next_cursor;
            if cursor.is_none() || self.is_far_enough(oldest, all_news) {
                break;
            }
        }
        Ok(())
    }

    /// Files a page; true when nothing in it was known before.
    async fn see(&mut self, updates: Vec<RunUpdate>) -> Result<bool, DbError> {
        for update in &updates {
            self.unseen.remove(&update.run_id);
            self.memory.missing.remove(&update.run_id);
        }
        let saved = take_in(self.cx, self.session, updates).await?;
        Ok(!saved.is_empty() && saved.iter().all(|saved| saved.change == Change::New))
    }

    fn is_far_enough(&self, oldest: Option<Timestamp>, all_news: bool) -> bool {
        // What was started elsewhere since the last look may fill more than a page.
        if all_news {
            return false;
        }
        let first = self.unseen.values().map(|run| run.created_at).min();
        match (first, oldest) {
            (Some(first), Some(oldest)) => {
                oldest.as_millisecond() < first.as_millisecond() - SKEW_MS
            }
            _ => true,
        }
    }

    /// Reads some of those by themselves that no page had, the longest unread first.
    async fn singles(&mut self) -> Result<(), TickError> {
        let known: HashSet<&RunId> = self.unseen.keys().collect();
        self.memory.single.retain(|run, _| known.contains(run));
        let mut unseen: Vec<&FollowedRun> = self.unseen.values().copied().collect();
        unseen.sort_by_key(|run| (self.memory.single.get(&run.run_id).copied(), run.key));
        let most = MOST_SINGLES.min(MOST_REQUESTS.saturating_sub(self.requests));
        for run in unseen.into_iter().take(most) {
            self.requests += 1;
            self.memory
                .single
                .insert(run.run_id.clone(), Instant::now());
            let answer = self.client.run(run.technique.as_str(), run.run_id.as_str());
            match answer.await {
                Ok(answer) => {
                    self.see(vec![convert::run(run.technique.clone(), answer)])
                        .await?;
                }
                Err(error) if error.status() == Some(404) => self.miss(run).await?,
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// A run that neither the list nor its own address has: once may be a hiccup, twice is deleted.
    async fn miss(&mut self, run: &FollowedRun) -> Result<(), DbError> {
        let misses = self.memory.missing.entry(run.run_id.clone()).or_default();
        *misses += 1;
        if *misses < MISSES {
            return Ok(());
        }
        self.memory.missing.remove(&run.run_id);
        if run.stage_is_over() {
            // Its verdict is known; only the charge will never be.
            let row = run.key;
            let closed = self.cx.db().call(move |library| library.close_cost(row));
            news::saved(self.cx, &[closed.await?]);
            return Ok(());
        }
        take_in(self.cx, self.session, vec![deleted(run)]).await?;
        Ok(())
    }
}

/// What a run that FLORA no longer has is known by.
fn deleted(run: &FollowedRun) -> RunUpdate {
    RunUpdate {
        run_id: run.run_id.clone(),
        technique: run.technique.clone(),
        technique_name: None,
        workspace: None,
        project: None,
        status: RunStatus::Failed,
        progress: 0.0,
        created_at: run.created_at,
        started_at: None,
        completed_at: None,
        charged_cost: None,
        error_code: Some("not_found".to_owned()),
        error_message: Some("FLORA does not have this run any more".to_owned()),
        outputs: Vec::new(),
        poll_url: None,
    }
}

/// Notes which charges were asked for; those asked for often enough are let be.
async fn close_costs(
    cx: &Cx,
    session: &Session,
    memory: &mut Memory,
    asked: Vec<RowKey>,
) -> Result<(), TickError> {
    let profile = session.id().clone();
    let still = cx
        .db()
        .call(move |library| library.runs_settling(&profile))
        .await?;
    let still: HashSet<RowKey> = still.into_iter().map(|run| run.key).collect();
    for row in asked.into_iter().filter(|row| still.contains(row)) {
        if memory.charges.ask(row) {
            let closed = cx.db().call(move |library| library.close_cost(row)).await?;
            news::saved(cx, &[closed]);
        }
    }
    Ok(())
}

trait StageIsOver {
    fn stage_is_over(&self) -> bool;
}

impl StageIsOver for FollowedRun {
    /// Over at FLORA: only its charge is awaited.
    fn stage_is_over(&self) -> bool {
        use crate::model::RunStage;
        matches!(
            self.stage,
            RunStage::Downloading | RunStage::Done | RunStage::Failed
        )
    }
}
