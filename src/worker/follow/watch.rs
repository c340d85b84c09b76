//! The follower's loop: when to tick, and what it remembers from one tick to the next.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::time::Instant;

use super::super::connect;
use super::super::cx::Cx;
use super::super::db::DbError;
use super::super::schedule::{self, Clocks, Link, Next, Situation};
use super::super::session::Session;
use super::tick::{Memory, tick};
use crate::library::FollowedRun;
use crate::model::now;

/// Starts come in bursts; the schedule need not be looked at with each.
const BURST: Duration = Duration::from_millis(150);

/// A wait is slept in pieces, so that a computer that slept is noticed soon after it wakes.
const PIECE: Duration = Duration::from_secs(2);

/// Follows the session's runs until it ends.
pub(super) async fn run(cx: Cx, session: Session) {
    let mut memory = Memory::new(*cx.timings());
    let mut last = Instant::now();
    loop {
        session.opened().await;
        if !take_asked(&cx) {
            let due = match due(&cx, &session, &mut memory).await {
                Ok(due) => due,
                Err(error) => {
                    tracing::warn!(%error, "the runs in flight cannot be read");
                    Next::WhenAsked
                }
            };
            if !wait(&cx, &session, last, due).await {
                continue;
            }
        }
        if !session.is_open() {
            continue;
        }
        last = Instant::now();
        match tick(&cx, &session, &mut memory).await {
            Ok(()) => memory.failures = 0,
            Err(error) => {
                memory.failures += 1;
                error.note(&cx, &session).await;
            }
        }
        connect::note_pressure(&cx, &session).await;
    }
}

/// Waits until a tick is due; false when the situation is to be looked at anew instead.
async fn wait(cx: &Cx, session: &Session, last: Instant, due: Next) -> bool {
    let bell = cx.memory().follow.bell.notified();
    let mut connection = session.watch_connection();
    tokio::select! {
        () = until(cx, last, due) => true,
        () = bell => {
            if !cx.memory().follow.is_asked.load(Ordering::SeqCst) {
                tokio::time::sleep(cx.timings().wait(BURST)).await;
            }
            false
        }
        _ = connection.changed() => false,
    }
}

/// Until the moment that is due, or until the computer wakes from a sleep.
async fn until(cx: &Cx, last: Instant, due: Next) {
    let Next::After(interval) = due else {
        return std::future::pending().await;
    };
    let deadline = last + cx.timings().wait(interval);
    let mut clocks = Clocks::now();
    while Instant::now() < deadline {
        let left = deadline.saturating_duration_since(Instant::now());
        tokio::time::sleep(left.min(PIECE)).await;
        let later = Clocks::now();
        if later.went_apart(&clocks) {
            tracing::info!("the clocks went apart: asking at once");
            return;
        }
        clocks = later;
    }
}

/// When the next tick is due, counted from the last one.
async fn due(cx: &Cx, session: &Session, memory: &mut Memory) -> Result<Next, DbError> {
    let profile = session.id().clone();
    let (in_flight, settling) = cx
        .db()
        .call(move |library| {
            Ok((
                library.runs_in_flight(&profile)?,
                library.runs_settling(&profile)?,
            ))
        })
        .await?;
    let pressure = session.client().map(crate::api::Client::pressure);
    let quiet = pressure
        .and_then(|pressure| pressure.quiet_until)
        .map(|until| until.saturating_duration_since(std::time::Instant::now()))
        // FLORA's wish is not ours to scale.
        .map(|quiet| cx.timings().unscaled(quiet));
    let situation = Situation {
        link: if session.is_open() {
            Link::Open
        } else {
            Link::Closed
        },
        youngest: youngest(&in_flight, memory),
        charge: memory
            .charges
            .due_in(&settling)
            .map(|wait| cx.timings().unscaled(wait)),
        quiet,
        failures: memory.failures,
        jitter: random(),
    };
    Ok(schedule::next(&situation))
}

/// For how long the youngest run has been followed. Not since its click: it may have waited for hours.
fn youngest(in_flight: &[FollowedRun], memory: &mut Memory) -> Option<Duration> {
    memory.notice(in_flight, now());
    in_flight
        .iter()
        .filter_map(|run| memory.followed_for(run))
        .min()
}

/// From 0 to 1; nothing hangs on how random it is.
fn random() -> f64 {
    let bits = RandomState::new().build_hasher().finish() >> 11;
    bits as f64 / (1_u64 << 53) as f64
}

/// Whether somebody asked since the last time.
fn take_asked(cx: &Cx) -> bool {
    cx.memory().follow.is_asked.swap(false, Ordering::SeqCst)
}
