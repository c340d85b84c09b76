//! Settling doubts about starts: look in the history first, then send the same key again while it is young, then
//! leave it to the person.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use super::super::cx::Cx;
use super::super::db::DbError;
use super::super::session::Session;
use super::super::upload::UploadError;
use super::super::{connect, follow, news};
use super::doubt::{Doubt, Next};
use super::lane::Lane;
use super::matching::{self, Candidate, Doubtful, Finding};
use super::verdict::{Verdict, verdict};
use super::{note_failed, post};
use crate::api::{ApiError, RunQuery, convert};
use crate::library::{LaunchState, Library, LibraryError};
use crate::model::{
    LaunchId, LaunchOrder, Problem, ProblemAction, RowKey, RunUpdate, TechniqueId, Timestamp, now,
};

/// After a look that failed.
const AFTER_FAILURE: Duration = Duration::from_secs(5);

/// Pages of the history that one look goes through at most.
const MOST_PAGES: usize = 20;

/// Settles the doubts about one technique until there are none.
pub(super) async fn run(cx: Cx, lane: Arc<Lane>, technique: TechniqueId) {
    let settler = Settler {
        session: lane.session().clone(),
        cx,
        lane,
        technique,
    };
    settler.run().await;
}

struct Settler {
    cx: Cx,
    lane: Arc<Lane>,
    session: Session,
    technique: TechniqueId,
}

impl Settler {
    async fn run(self) {
        loop {
            tokio::select! {
                () = self.session.opened() => {}
                () = self.session.ended() => return,
            }
            let look = self.lane.look.notified();
            let desks = &self.cx.memory().launch.desks;
            let alone = desks.alone(self.session.id(), &self.technique).await;
            let wait = self.round().await;
            drop(alone);
            let Some(wait) = wait else {
                return;
            };
            tokio::select! {
                () = tokio::time::sleep(self.cx.timings().wait(wait)) => {}
                () = look => {}
                () = self.session.ended() => return,
            }
        }
    }

    /// One look, and what follows from it. The wait before the next one; `None` when all are settled.
    async fn round(&self) -> Option<Duration> {
        if self.session.is_over() {
            return None;
        }
        let doubts = match self.still_open().await {
            Ok(doubts) => doubts,
            Err(error) => {
                note_failed(&error);
                return Some(AFTER_FAILURE);
            }
        };
        let findings = match self.look(&doubts).await {
            Ok(findings) => findings,
            Err(error) => {
                self.note_look_failed(error).await;
                self.put(doubts);
                return self.remaining().map(|_| AFTER_FAILURE);
            }
        };
        let mut left = Vec::new();
        for (doubt, finding) in doubts.into_iter().zip(findings) {
            left.extend(self.conclude(doubt, finding).await);
        }
        self.put(left);
        self.remaining()
    }

    /// The doubts that the ledger still has: a start may have been filed, or the launch discarded, meanwhile.
    async fn still_open(&self) -> Result<Vec<Doubt>, DbError> {
        let doubts = self.take();
        let rows: Vec<RowKey> = doubts.iter().map(|doubt| doubt.ticket.row).collect();
        let read = self
            .cx
            .db()
            .call(move |library| {
                rows.into_iter()
                    .map(|row| Ok((row, is_in_doubt(library, row)?)))
                    .collect::<Result<HashMap<_, _>, LibraryError>>()
            })
            .await;
        let is_open = match read {
            Ok(is_open) => is_open,
            Err(error) => {
                self.put(doubts);
                return Err(error);
            }
        };
        let (open, settled): (Vec<_>, Vec<_>) = doubts
            .into_iter()
            .partition(|doubt| is_open.get(&doubt.ticket.row) == Some(&true));
        for doubt in settled {
            self.lane.leave(doubt.ticket.row);
        }
        Ok(open)
    }

    /// Reads the history back to before the first of them was sent, and finds their runs in it.
    async fn look(&self, doubts: &[Doubt]) -> Result<Vec<Finding>, LookError> {
        let doubtful: Vec<Doubtful> = doubts.iter().map(Doubt::doubtful).collect();
        let Some(since) = matching::earliest(&doubtful) else {
            return Ok(Vec::new());
        };
        let updates = self.history_since(since).await?;
        let (profile, technique) = (self.session.id().clone(), self.technique.clone());
        let (saved, unclaimed) = self
            .cx
            .db()
            .call(move |library| {
                let saved = library.save_page(&profile, &updates)?;
                let unclaimed = library.unclaimed_runs(&profile, &technique, since)?;
                Ok((saved, unclaimed))
            })
            .await?;
        follow::tell(&self.cx, &self.session, &saved);
        let candidates: Vec<Candidate> = unclaimed
            .into_iter()
            .map(|run| Candidate {
                row: run.key,
                created_at: run.created_at,
            })
            .collect();
        Ok(matching::find(&doubtful, &candidates))
    }

    async fn history_since(&self, since: Timestamp) -> Result<Vec<RunUpdate>, ApiError> {
        let Some(client) = self.session.client() else {
            return Ok(Vec::new());
        };
        let query = RunQuery {
            workspace: self.session.workspace().map(|id| id.to_string()),
            technique: Some(self.technique.to_string()),
            ..RunQuery::default()
        };
        let mut updates = Vec::new();
        let mut cursor: Option<String> = None;
        for _ in 0..MOST_PAGES {
            let page = client.runs(&query, cursor.as_deref()).await?;
            updates.extend(page.items.into_iter().map(convert::listed_run));
            cursor = page.next_cursor;
            let is_far_enough = updates
                .last()
                .is_none_or(|run: &RunUpdate| run.created_at < since);
            if cursor.is_none() || is_far_enough {
                break;
            }
        }
        Ok(updates)
    }

    async fn note_look_failed(&self, error: LookError) {
        match error {
            LookError::Api(error) => {
                tracing::info!(%error, "looking for a start failed");
                connect::note_error(&self.cx, &self.session, &error).await;
            }
            LookError::Library(error) => note_failed(&error),
        }
    }

    /// What follows from a finding; the doubt, if it remains one.
    async fn conclude(&self, doubt: Doubt, finding: Finding) -> Option<Doubt> {
        if let Finding::Found(run) = finding
            && self.claim(&doubt, run).await
        {
            self.lane.leave(doubt.ticket.row);
            return None;
        }
        let doubt = doubt.looked();
        match doubt.next(now()) {
            Next::LookAgain => Some(doubt),
            Next::SendAgain => self.send_again(doubt).await,
            Next::SendAnew => {
                self.send_anew(&doubt).await;
                None
            }
            Next::Leave => {
                self.leave_to_person(&doubt).await;
                None
            }
        }
    }

    async fn claim(&self, doubt: &Doubt, run: RowKey) -> bool {
        let id = doubt.order().id;
        let claimed = self
            .cx
            .db()
            .call(move |library| library.claim_known_run(id, run))
            .await;
        match claimed {
            Ok(claimed) => {
                tracing::info!(launch = %id, "found the run of a start whose answer was lost");
                follow::claimed(&self.cx, &self.session, claimed).await;
                true
            }
            Err(error) => {
                note_failed(&error);
                false
            }
        }
    }

    /// Sends the same key again. FLORA starts it if it has not yet, and says so if it has: either way it is known then.
    async fn send_again(&self, doubt: Doubt) -> Option<Doubt> {
        let order = Arc::clone(doubt.order());
        let workspace = self.session.workspace()?;
        let prepared = post::prepare(&self.cx, &self.session, &workspace, &order).await;
        let request = match prepared {
            Ok(request) => request,
            Err(UploadError::Api(error)) if verdict(&error) == Verdict::Later => {
                connect::note_error(&self.cx, &self.session, &error).await;
                return Some(doubt);
            }
            Err(error) => {
                self.leave_with(&doubt, error.into()).await;
                return None;
            }
        };
        if !self.session.is_open() {
            return Some(doubt);
        }
        let sent_at = now();
        if let Err(error) = self.mark_sending(order.id, sent_at).await {
            note_failed(&error);
            return Some(doubt);
        }
        match post::post(&self.session, &order, request).await {
            Ok(started) => self.file(doubt, started).await,
            Err(error) => self.not_sent(doubt, error, sent_at).await,
        }
    }

    async fn file(&self, doubt: Doubt, started: post::StartedRun) -> Option<Doubt> {
        match post::claim(&self.cx, &self.session, doubt.order(), started).await {
            Ok(()) => {
                self.lane.leave(doubt.ticket.row);
                None
            }
            Err(error) => {
                self.leave_with(&doubt, error.into()).await;
                None
            }
        }
    }

    async fn not_sent(&self, doubt: Doubt, error: ApiError, sent_at: Timestamp) -> Option<Doubt> {
        post::keep_request_id(&self.cx, doubt.order(), &error);
        connect::note_error(&self.cx, &self.session, &error).await;
        let verdict = verdict(&error);
        let problem = error.into_start_problem();
        match verdict {
            Verdict::Later => {
                self.note(doubt.order().id, problem).await;
                Some(doubt.not_now())
            }
            Verdict::Doubt => {
                self.note(doubt.order().id, problem).await;
                Some(doubt.lost_again(sent_at))
            }
            Verdict::Duplicate => {
                self.note(doubt.order().id, problem).await;
                Some(doubt.known_to_have_started())
            }
            Verdict::StopAll | Verdict::Refused => {
                self.leave_with(&doubt, problem).await;
                None
            }
        }
    }

    /// Its key is too old: a new launch takes its place.
    async fn send_anew(&self, doubt: &Doubt) {
        self.lane.leave(doubt.ticket.row);
        super::discard(&self.cx, vec![doubt.ticket.row]);
        super::launch(
            &self.cx,
            vec![super::again(LaunchOrder::clone(doubt.order()))],
        );
    }

    async fn leave_to_person(&self, doubt: &Doubt) {
        let problem = if doubt.is_started {
            Problem::new("Started, but not in FLORA's history")
                .with_hint("It may appear later; look again before you send it anew")
        } else {
            Problem::new("Not sure it started")
                .with_hint("It is not in FLORA's history. Send it again if you want it")
        };
        let problem = problem
            .with_details(format!("sent at {}", doubt.first_sent))
            .with_action(ProblemAction::CheckNow);
        self.leave_with(doubt, problem).await;
    }

    async fn leave_with(&self, doubt: &Doubt, problem: Problem) {
        self.note(doubt.order().id, problem).await;
        self.lane.leave(doubt.ticket.row);
    }

    async fn note(&self, launch: LaunchId, problem: Problem) {
        let noted = self
            .cx
            .db()
            .call(move |library| {
                library.set_launch_state(launch, LaunchState::Unknown, Some(problem))
            })
            .await;
        match noted {
            Ok(saved) => news::saved(&self.cx, &[saved]),
            Err(error) => note_failed(&error),
        }
    }

    async fn mark_sending(&self, launch: LaunchId, at: Timestamp) -> Result<(), DbError> {
        let marked = self
            .cx
            .db()
            .call(move |library| library.mark_sending(launch, at));
        news::saved(&self.cx, &[marked.await?]);
        Ok(())
    }

    /// Takes the doubts to look at; the technique stays taken.
    fn take(&self) -> Vec<Doubt> {
        let mut doubts = self.lane.doubts();
        doubts
            .get_mut(&self.technique)
            .map(std::mem::take)
            .unwrap_or_default()
    }

    /// Puts back what remains in doubt; what the person decided meanwhile is newer.
    fn put(&self, left: Vec<Doubt>) {
        let mut doubts = self.lane.doubts();
        let of_technique = doubts.entry(self.technique.clone()).or_default();
        for doubt in left {
            let is_known = |known: &Doubt| known.ticket.row == doubt.ticket.row;
            if !of_technique.iter().any(is_known) {
                of_technique.push(doubt);
            }
        }
    }

    /// The shortest wait of those that remain; without any, this technique's settler is done.
    fn remaining(&self) -> Option<Duration> {
        let mut doubts = self.lane.doubts();
        let wait = doubts
            .get(&self.technique)
            .and_then(|doubts| doubts.iter().map(Doubt::wait).min());
        if wait.is_none() {
            doubts.remove(&self.technique);
        }
        drop(doubts);
        self.lane.settled.notify_waiters();
        wait
    }
}

#[derive(Debug, thiserror::Error)]
enum LookError {
    #[error(transparent)]
    Api(#[from] ApiError),
    #[error(transparent)]
    Library(#[from] DbError),
}

fn is_in_doubt(library: &Library, row: RowKey) -> Result<bool, LibraryError> {
    let launch = library.launch_of(row)?;
    Ok(launch
        .is_some_and(|launch| matches!(launch.state, LaunchState::Unknown | LaunchState::Sending)))
}
