//! Following every run that is not over, by one list: a hundred runs a request.
//!
//! A tick lists the history, newest first, until every run in flight was seen or the page is older than the oldest
//! of them. What lies deeper, or was deleted, is read by itself, a few a tick. With nothing in flight nothing is
//! asked until the person does.

mod tick;
mod watch;

use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::Notify;

use super::cx::Cx;
use super::db::DbError;
use super::session::Session;
use super::{connect, download, launch, news};
use crate::library::{Change, Claimed, Library, LibraryError, Saved};
use crate::model::{ProfileId, RunStage, RunUpdate, TechniqueId, now};

/// What following remembers between commands.
#[derive(Default)]
pub struct State {
    /// Rung when the schedule should be looked at anew.
    bell: Notify,
    /// The person asked: do not wait for the schedule.
    is_asked: AtomicBool,
}

/// Asks now: a refresh, or the window was focused.
pub fn poll_now(cx: &Cx) {
    let state = &cx.memory().follow;
    state.is_asked.store(true, Ordering::SeqCst);
    state.bell.notify_one();
    connect::recheck(cx);
}

/// A launch has its run, which may even be over: tells everybody whom that concerns, and follows it.
pub(super) async fn claimed(cx: &Cx, session: &Session, claimed: Claimed) {
    tell(cx, session, &[claimed.saved]);
    news::gone(cx, claimed.replaced.into_iter().collect()).await;
    cx.memory().follow.bell.notify_one();
}

/// Follows the session's runs until it ends.
pub(super) fn start(cx: &Cx, session: &Session) {
    session.spawn(watch::run(cx.clone(), session.clone()));
}

/// Files what FLORA said of some runs and tells everybody whom it concerns.
///
/// A run that nobody knows yet may be one that is being started here this moment: it is left for the next time, when
/// its start has been filed.
///
/// # Errors
/// What the library says; then nothing was filed.
pub(super) async fn take_in(
    cx: &Cx,
    session: &Session,
    updates: Vec<RunUpdate>,
) -> Result<Vec<Saved>, DbError> {
    let profile = session.id().clone();
    let expected: Vec<TechniqueId> = updates
        .iter()
        .filter(|update| is_new_enough(update))
        .map(|update| update.technique.clone())
        .filter(|technique| launch::is_expecting(cx, &profile, technique))
        .collect();
    let saved = cx
        .db()
        .call(move |library| {
            let updates = without_unclaimed(library, &profile, updates, &expected)?;
            library.save_page(&profile, &updates)
        })
        .await?;
    tell(cx, session, &saved);
    Ok(saved)
}

/// Tells everybody whom it concerns what was filed.
pub(super) fn tell(cx: &Cx, session: &Session, saved: &[Saved]) {
    news::saved(cx, saved);
    for saved in saved.iter().filter(|saved| is_newly_over(saved)) {
        download::run_completed(cx, session, saved.key);
    }
}

/// Whether a save was the one that brought the verdict "completed".
fn is_newly_over(saved: &Saved) -> bool {
    let is_over = |stage| matches!(stage, RunStage::Downloading | RunStage::Done);
    saved.change != Change::Same
        && is_over(saved.stage_after)
        && !saved.stage_before.is_some_and(is_over)
}

/// An old run is nobody's that is being started now.
fn is_new_enough(update: &RunUpdate) -> bool {
    const MILLISECONDS: i64 = 10 * 60 * 1000;
    now().as_millisecond() - update.created_at.as_millisecond() < MILLISECONDS
}

fn without_unclaimed(
    library: &Library,
    profile: &ProfileId,
    updates: Vec<RunUpdate>,
    expected: &[TechniqueId],
) -> Result<Vec<RunUpdate>, LibraryError> {
    let mut kept = Vec::with_capacity(updates.len());
    for update in updates {
        let may_be_ours = expected.contains(&update.technique)
            && is_new_enough(&update)
            && library.run_key(profile, &update.run_id)?.is_none();
        if !may_be_ours {
            kept.push(update);
        }
    }
    Ok(kept)
}
