//! Launches, from the click to a run at FLORA: recorded, uploaded, sent, and, when an answer was lost, found again.
//!
//! ```text
//!  orders ─► ledger (one transaction) ─► lane ─► carry: upload, mark as sending, POST ─► claim ─► follow
//!                                         ▲        │                      │
//!                                         └─ not sent (offline, 401, 429) │ in doubt
//!                                                  settle: look in the history first, then the same key again
//! ```
//!
//! What is waiting, sending or in doubt is in the library at every moment. The lane is only the order of the work:
//! it is laid anew from the library with each session.

mod carry;
mod desk;
mod doubt;
mod lane;
mod matching;
mod post;
mod settle;
mod throttle;
mod verdict;

use std::sync::{Arc, Mutex, PoisonError};

use super::cx::Cx;
use super::db::DbError;
use super::news;
use super::session::Session;
use crate::library::{LaunchState, Library, LibraryError, OpenLaunch};
use crate::message::Event;
use crate::model::{
    LaunchId, LaunchOrder, NextStep, OrderValue, Problem, ProfileId, RowKey, TechniqueId,
    WorkspaceId, now,
};
use doubt::Doubt;
use lane::{Click, Lane, Ticket};

/// What launching remembers between commands.
#[derive(Default)]
pub struct State {
    lane: Mutex<Option<Arc<Lane>>>,
    desks: desk::Desks,
}

/// Records the orders of one click and sends them as soon as that is possible.
pub fn launch(cx: &Cx, orders: Vec<LaunchOrder>) {
    let Some(session) = cx.session() else {
        return refuse(cx, orders, Problem::new("Florist is not connected yet"));
    };
    let workspace = session.workspace();
    let (profile, place, kept) = (session.id().clone(), workspace.clone(), orders.clone());
    // Made here and not in the task: once this returns, the orders are on their way to the disk.
    let recorded = cx
        .db()
        .call(move |library| library.record_launches(&profile, place.as_ref(), &kept));
    let this = cx.clone();
    cx.spawn(async move {
        match recorded.await {
            Ok(rows) => enqueue(&this, &session, orders, &rows, workspace),
            Err(error) => refuse(&this, orders, error.into()),
        }
    });
}

/// Forgets launches: those never sent without a trace, those in doubt out of sight.
pub fn discard(cx: &Cx, rows: Vec<RowKey>) {
    let forgotten = cx.db().call(move |library| {
        let mut gone = Vec::new();
        for row in rows {
            if forget(library, row)? {
                gone.push(row);
            }
        }
        Ok(gone)
    });
    let this = cx.clone();
    cx.spawn(async move {
        match forgotten.await {
            Ok(rows) => {
                if let Some(lane) = lane_in_use(&this) {
                    lane.forget(&rows);
                }
                news::gone(&this, rows).await;
            }
            Err(error) => this.outbox().warn(&error.into()).await,
        }
    });
}

/// Looks an unsettled launch up, once, and sends nothing.
pub fn check_now(cx: &Cx, row: RowKey) {
    with_launch(cx, row, |cx, lane, launch| {
        if launch.state == LaunchState::Unknown {
            lane.settle(cx, Doubt::look_once(ticket_of(&launch), &launch));
        }
    });
}

/// Sends a launch again: the person decided.
///
/// One in doubt is still looked up first, and goes under its own key as long as that is good.
pub fn send_again(cx: &Cx, row: RowKey) {
    with_launch(cx, row, |cx, lane, launch| match launch.state {
        LaunchState::Unknown => lane.settle(cx, Doubt::decided(ticket_of(&launch), &launch)),
        LaunchState::Stopped | LaunchState::Recorded | LaunchState::Abandoned => {
            resume(cx, lane, launch);
        }
        LaunchState::Uploading
        | LaunchState::Sending
        | LaunchState::Sent
        | LaunchState::Settled => {}
    });
}

/// Starts a new run with the inputs of another: the person decided.
pub fn repeat(cx: &Cx, row: RowKey) {
    let order = cx.db().call(move |library| {
        let Some(order) = library.order(row)? else {
            return Ok(None);
        };
        forget_unreadable_files(library, row, &order)?;
        Ok(Some(order))
    });
    let this = cx.clone();
    cx.spawn(async move {
        match order.await {
            Ok(Some(order)) => launch(&this, vec![again(order)]),
            Ok(None) => {
                let problem = Problem::new("FLORA keeps no inputs of this run")
                    .with_hint("Fill the form to run it again");
                this.outbox().warn(&problem).await;
            }
            Err(error) => this.outbox().warn(&error.into()).await,
        }
    });
}

/// Takes up a profile's launches where they were left.
pub(super) fn open(cx: &Cx, session: &Session) {
    let lane = Arc::new(Lane::new(session.clone()));
    *lane_slot(cx) = Some(Arc::clone(&lane));
    let profile = session.id().clone();
    let left = cx.db().call(move |library| reopen(library, &profile));
    let (this, lane) = (cx.clone(), Arc::clone(&lane));
    session.spawn(async move {
        match left.await {
            Ok(left) => lane.take_up(&this, left),
            Err(error) => tracing::warn!(%error, "the open launches cannot be read"),
        }
        lane::run(this, lane).await;
    });
}

/// Whether a run of this technique that nobody knows may be one of ours whose answer is on its way.
pub(super) fn is_expecting(cx: &Cx, profile: &ProfileId, technique: &TechniqueId) -> bool {
    cx.memory().launch.desks.is_busy(profile, technique)
        || lane_in_use(cx).is_some_and(|lane| lane.has_doubts(technique))
}

fn enqueue(
    cx: &Cx,
    session: &Session,
    orders: Vec<LaunchOrder>,
    rows: &[RowKey],
    workspace: Option<WorkspaceId>,
) {
    news::rows(cx, rows);
    let click = Arc::new(Click::of(orders.len()));
    let tickets = orders.into_iter().zip(rows).map(|(order, &row)| Ticket {
        uploads: Arc::default(),
        order: Arc::new(order),
        row,
        workspace: workspace.clone(),
        click: Arc::clone(&click),
    });
    match lane_in_use(cx) {
        Some(lane) if lane.session().id() == session.id() => lane.push(tickets),
        // They are in the library; their profile's next session takes them up.
        _ => {}
    }
}

/// Nothing was recorded, so nothing will be sent: the form says why.
fn refuse(cx: &Cx, orders: Vec<LaunchOrder>, problem: Problem) {
    let this = cx.clone();
    cx.spawn(async move {
        for order in orders {
            let refused = Event::LaunchRefused {
                launch: order.id,
                technique: order.technique,
                problem: problem.clone(),
            };
            this.outbox().send(refused).await;
        }
    });
}

/// Puts a launch that was held back into the lane again.
fn resume(cx: &Cx, lane: &Arc<Lane>, launch: OpenLaunch) {
    let id = launch.order.id;
    let changed = cx
        .db()
        .call(move |library| library.set_launch_state(id, LaunchState::Recorded, None));
    let (this, lane) = (cx.clone(), Arc::clone(lane));
    cx.spawn(async move {
        match changed.await {
            Ok(saved) => {
                news::saved(&this, &[saved]);
                lane.push([ticket_of(&launch)]);
            }
            Err(error) => this.outbox().warn(&error.into()).await,
        }
    });
}

/// Reads a row's launch and hands it on, if it is one and belongs to the profile in use.
fn with_launch(
    cx: &Cx,
    row: RowKey,
    then: impl FnOnce(&Cx, &Arc<Lane>, OpenLaunch) + Send + 'static,
) {
    let Some(lane) = lane_in_use(cx) else {
        return;
    };
    let read = cx.db().call(move |library| library.launch_of(row));
    let this = cx.clone();
    cx.spawn(async move {
        match read.await {
            Ok(Some(launch)) => then(&this, &lane, launch),
            Ok(None) => {}
            Err(error) => this.outbox().warn(&error.into()).await,
        }
    });
}

/// The open launches; what was being uploaded when the program ended waits again.
fn reopen(library: &Library, profile: &ProfileId) -> Result<Vec<OpenLaunch>, LibraryError> {
    let mut open = library.open_launches(profile)?;
    for launch in &mut open {
        if launch.state == LaunchState::Uploading {
            launch.state = LaunchState::Recorded;
            library.set_launch_state(launch.order.id, LaunchState::Recorded, None)?;
        }
    }
    Ok(open)
}

fn forget(library: &Library, row: RowKey) -> Result<bool, LibraryError> {
    if library.forget_waiting(row)? {
        return Ok(true);
    }
    match library.launch_of(row)? {
        Some(launch) if matches!(launch.state, LaunchState::Unknown | LaunchState::Abandoned) => {
            library.give_up(row)
        }
        _ => Ok(false),
    }
}

/// FLORA could not read an uploaded file: it is sent anew rather than found among what was uploaded.
fn forget_unreadable_files(
    library: &Library,
    row: RowKey,
    order: &LaunchOrder,
) -> Result<(), LibraryError> {
    let run = library.run(row)?;
    let is_unreadable = run
        .failure
        .is_some_and(|failure| failure.next_step() == NextStep::UploadAgain);
    let (true, Some(workspace)) = (is_unreadable, run.workspace) else {
        return Ok(());
    };
    let Some(profile) = library.profile_of(row)? else {
        return Ok(());
    };
    for input in &order.inputs {
        if let OrderValue::File(file) = &input.value {
            library.forget_asset(&profile, &workspace, &file.hash)?;
        }
    }
    Ok(())
}

/// The same once more: another click, another key.
fn again(order: LaunchOrder) -> LaunchOrder {
    LaunchOrder {
        id: LaunchId::fresh(),
        created_at: now(),
        ..order
    }
}

fn ticket_of(launch: &OpenLaunch) -> Ticket {
    Ticket {
        uploads: Arc::default(),
        order: Arc::new(launch.order.clone()),
        row: launch.row,
        workspace: launch.workspace.clone(),
        click: Arc::new(Click::of(1)),
    }
}

fn lane_in_use(cx: &Cx) -> Option<Arc<Lane>> {
    lane_slot(cx).clone()
}

fn lane_slot(cx: &Cx) -> std::sync::MutexGuard<'_, Option<Arc<Lane>>> {
    let lane = &cx.memory().launch.lane;
    lane.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A library that cannot note how a launch moved on: said once, the launch itself is safe in either state.
fn note_failed(error: &DbError) {
    tracing::error!(%error, "a launch's state cannot be noted");
}
