//! The lane: launches in the order of their clicks, a few on their way at a time.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Notify;

use super::super::cx::Cx;
use super::super::session::Session;
use super::super::{connect, news};
use super::doubt::Doubt;
use super::settle;
use super::throttle::{Allowed, Throttle};
use super::{carry, note_failed, ticket_of};
use crate::library::{LaunchState, OpenLaunch};
use crate::model::{
    Connection, LaunchOrder, Problem, ProblemAction, RowKey, TechniqueId, Timestamp, WorkspaceId,
    now,
};

/// A launch that could not be sent for this long is not sent without asking: its moment may have passed.
const STALE: Duration = Duration::from_secs(3600);

/// How often a slowed lane looks whether it may go faster again.
const RECOVERY: Duration = Duration::from_secs(5);

/// A launch on its way to FLORA.
#[derive(Clone)]
pub(super) struct Ticket {
    pub order: Arc<LaunchOrder>,
    pub row: RowKey,
    /// The workspace it was ordered in; it must not be run in another.
    pub workspace: Option<WorkspaceId>,
    pub click: Arc<Click>,
    /// How often uploading its files broke off in this session.
    pub uploads: Arc<AtomicU32>,
}

/// What was ordered together.
pub(super) struct Click {
    pub total: usize,
    pub started: AtomicUsize,
    /// Whether it was said that the rest of it waits.
    pub is_told: AtomicBool,
}

impl Click {
    pub fn of(total: usize) -> Self {
        Self {
            total,
            started: AtomicUsize::new(0),
            is_told: AtomicBool::new(false),
        }
    }
}

/// The launches of one session.
pub(super) struct Lane {
    session: Session,
    queue: Mutex<Queue>,
    throttle: Mutex<Throttle>,
    on_their_way: AtomicUsize,
    /// In doubt, by technique; a technique that is here has somebody who settles it.
    doubts: Mutex<HashMap<TechniqueId, Vec<Doubt>>>,
    changed: Notify,
    /// Rung when a doubt was added that need not wait for the next look.
    pub(super) look: Notify,
    /// Rung after each look.
    pub(super) settled: Notify,
}

#[derive(Default)]
struct Queue {
    tickets: VecDeque<Ticket>,
    /// Every row that is queued, on its way or in doubt: none is taken up twice.
    known: HashSet<RowKey>,
}

/// A place on the way; leaving it lets the next one go.
pub(super) struct Place(Arc<Lane>);

impl Drop for Place {
    fn drop(&mut self) {
        self.0.on_their_way.fetch_sub(1, Ordering::SeqCst);
        self.0.changed.notify_one();
    }
}

impl Lane {
    pub fn new(session: Session) -> Self {
        Self {
            session,
            queue: Mutex::default(),
            throttle: Mutex::default(),
            on_their_way: AtomicUsize::new(0),
            doubts: Mutex::default(),
            changed: Notify::new(),
            look: Notify::new(),
            settled: Notify::new(),
        }
    }

    pub fn session(&self) -> &Session {
        &self.session
    }

    /// Appends tickets, those that are not known already.
    pub fn push(&self, tickets: impl IntoIterator<Item = Ticket>) {
        let mut queue = self.queue();
        for ticket in tickets {
            if queue.known.insert(ticket.row) {
                queue.tickets.push_back(ticket);
            }
        }
        drop(queue);
        self.changed.notify_one();
    }

    /// Puts a ticket back to the front: it was not sent.
    pub fn put_back(&self, ticket: Ticket) {
        self.queue().tickets.push_front(ticket);
        self.changed.notify_one();
    }

    /// A row that is settled one way or the other.
    pub fn leave(&self, row: RowKey) {
        self.queue().known.remove(&row);
    }

    /// Rows that were discarded.
    pub fn forget(&self, rows: &[RowKey]) {
        let mut queue = self.queue();
        queue.tickets.retain(|ticket| !rows.contains(&ticket.row));
        for row in rows {
            queue.known.remove(row);
        }
        drop(queue);
        for doubts in self.doubts().values_mut() {
            doubts.retain(|doubt| !rows.contains(&doubt.ticket.row));
        }
    }

    /// Takes those out that wait and for which this holds.
    pub fn take_if(&self, is_taken: impl Fn(&Ticket) -> bool) -> Vec<Ticket> {
        let mut queue = self.queue();
        let (taken, left): (Vec<_>, Vec<_>) = queue.tickets.drain(..).partition(is_taken);
        queue.tickets.extend(left);
        for ticket in &taken {
            queue.known.remove(&ticket.row);
        }
        taken
    }

    /// Takes up what an earlier session left.
    pub fn take_up(self: &Arc<Self>, cx: &Cx, left: Vec<OpenLaunch>) {
        for launch in left {
            let ticket = ticket_of(&launch);
            match launch.state {
                LaunchState::Recorded | LaunchState::Uploading => self.push([ticket]),
                LaunchState::Sending | LaunchState::Unknown => {
                    self.settle(cx, Doubt::of(ticket, &launch));
                }
                // Until the person says so.
                LaunchState::Stopped
                | LaunchState::Sent
                | LaunchState::Settled
                | LaunchState::Abandoned => {}
            }
        }
    }

    /// Settles a doubt, together with the others of its technique.
    pub fn settle(self: &Arc<Self>, cx: &Cx, doubt: Doubt) {
        let technique = doubt.ticket.order.technique.clone();
        self.queue().known.insert(doubt.ticket.row);
        let mut doubts = self.doubts();
        let is_settled_already = doubts.contains_key(&technique);
        let of_technique = doubts.entry(technique.clone()).or_default();
        of_technique.retain(|known| known.ticket.row != doubt.ticket.row);
        of_technique.push(doubt);
        drop(doubts);
        if is_settled_already {
            self.look.notify_waiters();
        } else {
            cx.spawn(settle::run(cx.clone(), Arc::clone(self), technique));
        }
    }

    /// Whether a start of this technique should wait until others of it are settled.
    pub fn is_held(&self, technique: &TechniqueId) -> bool {
        let doubts = self.doubts();
        let of_technique = doubts.get(technique);
        of_technique.is_some_and(|doubts| doubts.iter().any(Doubt::holds_others))
    }

    pub fn has_doubts(&self, technique: &TechniqueId) -> bool {
        self.doubts().contains_key(technique)
    }

    pub(super) fn doubts(&self) -> MutexGuard<'_, HashMap<TechniqueId, Vec<Doubt>>> {
        self.doubts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_empty(&self) -> bool {
        self.queue().tickets.is_empty()
    }

    fn allowed(&self) -> Allowed {
        let pressure = self.session.client().map(crate::api::Client::pressure);
        let mut throttle = self.throttle.lock().unwrap_or_else(PoisonError::into_inner);
        throttle.allow(pressure.unwrap_or_default(), Instant::now())
    }

    /// The next ticket and a place on the way, if there are both.
    fn next(self: &Arc<Self>, most: usize) -> Option<(Ticket, Place)> {
        if self.on_their_way.load(Ordering::SeqCst) >= most {
            return None;
        }
        let ticket = self.queue().tickets.pop_front()?;
        self.on_their_way.fetch_add(1, Ordering::SeqCst);
        Some((ticket, Place(Arc::clone(self))))
    }
}

/// Sends what waits, as fast as FLORA lets us, until the session ends.
pub(super) async fn run(cx: Cx, lane: Arc<Lane>) {
    // What has been waiting since before the program ended may be stale too.
    hold_stale(&cx, &lane).await;
    loop {
        if !lane.session.is_open() {
            let was_offline = lane.session.connection() == Connection::Offline;
            lane.session.opened().await;
            if was_offline {
                hold_stale(&cx, &lane).await;
            }
        }
        let changed = lane.changed.notified();
        connect::note_pressure(&cx, &lane.session).await;
        match lane.allowed() {
            Allowed::UpTo(most) => {
                while let Some((ticket, place)) = lane.next(most) {
                    // Not of the session: a start that is on its way is filed even when the profile changes.
                    cx.spawn(carry::carry(cx.clone(), Arc::clone(&lane), ticket, place));
                }
                wait(&lane, changed, RECOVERY).await;
            }
            Allowed::NothingUntil(until) => {
                let quiet = until.saturating_duration_since(Instant::now());
                tokio::time::sleep(quiet).await;
            }
        }
    }
}

/// Waits for a change; a lane that is not empty also looks by itself, as it may be allowed more by now.
async fn wait(lane: &Lane, changed: tokio::sync::futures::Notified<'_>, at_most: Duration) {
    let mut connection = lane.session.watch_connection();
    let patience = async {
        if lane.is_empty() {
            std::future::pending::<()>().await;
        }
        tokio::time::sleep(at_most).await;
    };
    tokio::select! {
        () = changed => {}
        _ = connection.changed() => {}
        () = patience => {}
    }
}

/// Holds back what could not be sent for so long that its person should be asked.
async fn hold_stale(cx: &Cx, lane: &Lane) {
    let today = now();
    let stale = lane.take_if(|ticket| age(ticket.order.created_at, today) > STALE);
    if stale.is_empty() {
        return;
    }
    let problem = Problem::new("Not sent while it could not be")
        .with_hint("Send it now, or discard it")
        .with_action(ProblemAction::Retry);
    hold(cx, stale, problem).await;
}

/// Holds launches back until the person resumes them.
pub(super) async fn hold(cx: &Cx, tickets: Vec<Ticket>, problem: Problem) {
    let held = cx
        .db()
        .call(move |library| {
            let mut held = Vec::new();
            for ticket in &tickets {
                let (id, problem) = (ticket.order.id, problem.clone());
                held.push(library.set_launch_state(id, LaunchState::Stopped, Some(problem))?);
            }
            Ok(held)
        })
        .await;
    match held {
        Ok(held) => news::saved(cx, &held),
        Err(error) => note_failed(&error),
    }
}

/// How long ago something was; nothing for what is still to come.
pub(super) fn age(since: Timestamp, now: Timestamp) -> Duration {
    let milliseconds = now.as_millisecond() - since.as_millisecond();
    Duration::from_millis(u64::try_from(milliseconds).unwrap_or(0))
}
