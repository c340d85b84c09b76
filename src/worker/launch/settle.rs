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
use super::carry::{self, Verdict, verdict};
use super::lane::{Lane, Ticket, age};
use super::matching::{self, Candidate, Doubtful, Finding};
use super::note_failed;
use crate::api::{ApiError, RunQuery, convert};
use crate::library::{LaunchState, Library, LibraryError, OpenLaunch};
use crate::model::{
    LaunchId, LaunchOrder, Problem, ProblemAction, RowKey, RunUpdate, TechniqueId, Timestamp, now,
};

/// Looks before anything is sent again, and the wait after each.
const LOOKS: [Duration; 4] = [
    Duration::from_secs(2),
    Duration::from_secs(3),
    Duration::from_secs(5),
    Duration::from_secs(10),
];

/// Looks for a run that FLORA says it has; lists may lag behind.
const PATIENT_LOOKS: usize = 12;

/// FLORA remembers a key for two hours; a little less, so that a slow request does not miss it.
const KEY_LIFE: Duration = Duration::from_secs(2 * 3600 - 300);

/// Sends of one key at most, however young it is.
const MOST_SENDS: u32 = 12;

/// After a look that failed.
const AFTER_FAILURE: Duration = Duration::from_secs(5);

/// Pages of the history that one look goes through at most.
const MOST_PAGES: usize = 20;

/// A launch of which nobody knows whether it started.
#[derive(Clone)]
pub(super) struct Doubt {
    pub ticket: Ticket,
    first_sent: Timestamp,
    last_sent: Timestamp,
    looks: usize,
    sends: u32,
    /// FLORA said that the key was used: it started, only which run it is remains open.
    is_started: bool,
    resend: Resend,
}

/// What may be done when the history does not have it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Resend {
    /// Nothing: the person only wants to know.
    No,
    /// The same key, while it is young.
    WhileYoung,
    /// The same key while it is young, else a new one: the person decided.
    Always,
}

impl Doubt {
    /// The answer to a start was lost just now.
    pub fn fresh(ticket: Ticket, sent_at: Timestamp, is_started: bool) -> Self {
        Self {
            ticket,
            first_sent: sent_at,
            last_sent: sent_at,
            looks: 0,
            sends: 1,
            is_started,
            resend: Resend::WhileYoung,
        }
    }

    /// Left by an earlier session, or by a crash between the start and its answer.
    pub fn of(ticket: Ticket, launch: &OpenLaunch) -> Self {
        let first = launch.first_sent_at.unwrap_or(launch.order.created_at);
        let doubt = Self {
            last_sent: launch.last_sent_at.unwrap_or(first),
            sends: launch.attempts,
            ..Self::fresh(ticket, first, false)
        };
        // Nothing will be sent for an old one, so one look is enough.
        let looks = if doubt.is_young(now()) {
            0
        } else {
            LOOKS.len() - 1
        };
        Self { looks, ..doubt }
    }

    /// The person wants to know.
    pub fn look_once(ticket: Ticket, launch: &OpenLaunch) -> Self {
        Self {
            looks: LOOKS.len() - 1,
            resend: Resend::No,
            ..Self::of(ticket, launch)
        }
    }

    /// The person wants it sent.
    pub fn decided(ticket: Ticket, launch: &OpenLaunch) -> Self {
        Self {
            looks: LOOKS.len() - 1,
            sends: 0,
            resend: Resend::Always,
            ..Self::of(ticket, launch)
        }
    }

    fn order(&self) -> &Arc<LaunchOrder> {
        &self.ticket.order
    }

    /// Whether others of its technique should wait: it may be sent again, and then the order of the runs tells which
    /// is whose.
    pub fn holds_others(&self) -> bool {
        !self.is_started && self.resend != Resend::No
    }

    fn doubtful(&self) -> Doubtful {
        Doubtful {
            launch: self.order().id,
            first_sent: self.first_sent,
            last_sent: self.last_sent,
        }
    }

    /// Whether FLORA still remembers its key. A clock that was set back makes it old, to be safe.
    fn is_young(&self, now: Timestamp) -> bool {
        let is_from_the_future = age(now, self.first_sent) > Duration::from_secs(300);
        !is_from_the_future && age(self.first_sent, now) < KEY_LIFE
    }

    /// What to do after another look in vain.
    fn next(&self, now: Timestamp) -> Next {
        if self.is_started {
            return match self.looks {
                looks if looks < PATIENT_LOOKS => Next::LookAgain,
                _ => Next::Leave,
            };
        }
        if self.looks < LOOKS.len() {
            return Next::LookAgain;
        }
        match self.resend {
            Resend::WhileYoung | Resend::Always
                if self.is_young(now) && self.sends < MOST_SENDS =>
            {
                Next::SendAgain
            }
            Resend::Always => Next::SendAnew,
            Resend::No | Resend::WhileYoung => Next::Leave,
        }
    }

    /// The wait before the next look.
    fn wait(&self) -> Duration {
        let last = LOOKS.len() - 1;
        LOOKS[self.looks.saturating_sub(1).min(last)]
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Next {
    LookAgain,
    /// Under the same key.
    SendAgain,
    /// As a new launch.
    SendAnew,
    /// To the person.
    Leave,
}

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
    async fn conclude(&self, mut doubt: Doubt, finding: Finding) -> Option<Doubt> {
        if let Finding::Found(run) = finding
            && self.claim(&doubt, run).await
        {
            self.lane.leave(doubt.ticket.row);
            return None;
        }
        doubt.looks += 1;
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
        let prepared = carry::prepare(&self.cx, &self.session, &workspace, &order).await;
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
        match carry::post(&self.session, &order, request).await {
            Ok(started) => self.file(doubt, started).await,
            Err(error) => self.not_sent(doubt, error, sent_at).await,
        }
    }

    async fn file(&self, doubt: Doubt, started: carry::StartedRun) -> Option<Doubt> {
        match carry::claim(&self.cx, &self.session, doubt.order(), started).await {
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

    async fn not_sent(
        &self,
        mut doubt: Doubt,
        error: ApiError,
        sent_at: Timestamp,
    ) -> Option<Doubt> {
        carry::keep_request_id(&self.cx, doubt.order(), &error);
        connect::note_error(&self.cx, &self.session, &error).await;
        let verdict = verdict(&error);
        let problem = error.into_start_problem();
        match verdict {
            Verdict::Later => {
                self.note(doubt.order().id, problem).await;
                doubt.looks = LOOKS.len() - 1;
                Some(doubt)
            }
            Verdict::Doubt => {
                self.note(doubt.order().id, problem).await;
                doubt.last_sent = sent_at;
                doubt.sends += 1;
                doubt.looks = 0;
                Some(doubt)
            }
            Verdict::Duplicate => {
                self.note(doubt.order().id, problem).await;
                doubt.is_started = true;
                doubt.looks = 0;
                Some(doubt)
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
