//! One launch's way to FLORA: its files, its start, and what the answer means.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use super::super::cx::Cx;
use super::super::db::DbError;
use super::super::session::Session;
use super::super::upload::UploadError;
use super::super::{connect, news, upload};
use super::desk::Starting;
use super::lane::{Lane, Place, Ticket, hold};
use super::post::{self, StartedRun};
use super::verdict::{Verdict, verdict};
use super::{doubt::Doubt, note_failed};
use crate::api::{ApiError, StartRequest};
use crate::library::LaunchState;
use crate::message::Event;
use crate::model::{
    LaunchOrder, Notice, NoticeLevel, Problem, ProblemAction, Timestamp, WorkspaceId, now,
};

/// How often files whose upload breaks off are tried again before the launch is left to the person.
const UPLOADS: u32 = 8;

/// Before the second attempt; doubled from one to the next, up to half a minute.
const FIRST_PAUSE: Duration = Duration::from_secs(1);

/// Carries a launch to FLORA.
pub(super) async fn carry(cx: Cx, lane: Arc<Lane>, ticket: Ticket, place: Place) {
    let carrier = Carrier { cx, lane, ticket };
    carrier.run().await;
    drop(place);
}

struct Carrier {
    cx: Cx,
    lane: Arc<Lane>,
    ticket: Ticket,
}

impl Carrier {
    fn session(&self) -> &Session {
        self.lane.session()
    }

    fn order(&self) -> &Arc<LaunchOrder> {
        &self.ticket.order
    }

    async fn run(self) {
        let Some(workspace) = self.workspace().await else {
            return;
        };
        match self.request(&workspace).await {
            Ok(request) => self.start(request).await,
            Err(error) => self.not_uploaded(error).await,
        }
    }

    /// The workspace, if it is the one that the launch was ordered in.
    async fn workspace(&self) -> Option<WorkspaceId> {
        let here = self.session().workspace()?;
        match &self.ticket.workspace {
            Some(meant) if *meant != here => {
                let problem = Problem::new("Ordered in another workspace")
                    .with_details(format!("{meant}, not {here}"))
                    .with_hint("Use that workspace's key to send it");
                self.hold_back(vec![self.ticket.clone()], problem).await;
                None
            }
            _ => Some(here),
        }
    }

    async fn request(&self, workspace: &WorkspaceId) -> Result<StartRequest, UploadError> {
        if upload::has_files(self.order()) {
            self.note(LaunchState::Uploading, None).await;
        }
        post::prepare(&self.cx, self.session(), workspace, self.order()).await
    }

    async fn not_uploaded(self, error: UploadError) {
        if let Some(said) = error.api() {
            connect::note_error(&self.cx, self.session(), said).await;
            match verdict(said) {
                _ if self.session().is_over() => return self.wait_again().await,
                Verdict::Later => return self.wait_again().await,
                Verdict::StopAll => return self.stop_all(said.clone().into()).await,
                // An asset that is made twice costs nothing, so there is nothing to look for first.
                Verdict::Doubt | Verdict::Duplicate if self.may_try_again() => {
                    self.pause().await;
                    return self.wait_again().await;
                }
                Verdict::Refused => return self.refused(error.into()).await,
                Verdict::Doubt | Verdict::Duplicate => {}
            }
        }
        tracing::warn!(%error, launch = %self.order().id, "its files cannot be uploaded");
        self.note(LaunchState::Abandoned, Some(error.into())).await;
        self.leave();
    }

    async fn wait_again(&self) {
        self.note(LaunchState::Recorded, None).await;
        self.put_back();
    }

    /// Whether the files of this launch are tried once more; counts the attempt.
    fn may_try_again(&self) -> bool {
        self.ticket.uploads.fetch_add(1, Ordering::SeqCst) < UPLOADS
    }

    /// Longer after each attempt.
    async fn pause(&self) {
        let attempts = self.ticket.uploads.load(Ordering::SeqCst);
        let wait = FIRST_PAUSE.saturating_mul(1 << attempts.min(5));
        tokio::select! {
            () = tokio::time::sleep(self.cx.timings().wait(wait)) => {}
            () = self.session().ended() => {}
        }
    }

    async fn start(self, request: StartRequest) {
        let order = Arc::clone(self.order());
        let starting = self.come_to_desk().await;
        if self.session().is_over() || !self.session().is_open() {
            self.note(LaunchState::Recorded, None).await;
            return self.put_back();
        }
        let sent_at = now();
        match self.mark_sending(sent_at).await {
            Ok(true) => {}
            // Discarded meanwhile, or sent by the session before this one.
            Ok(false) => return self.leave(),
            Err(error) => {
                let problem = Problem::from(error);
                self.cx.outbox().warn(&problem).await;
                return self.leave();
            }
        }
        match post::post(self.session(), &order, request).await {
            Ok(started) => self.claim(started).await,
            Err(error) => self.not_started(error, sent_at).await,
        }
        // Until here nobody looks for lost runs of this technique.
        drop(starting);
    }

    /// Comes to the desk when no start of the technique is in doubt any more, so that the order of the runs tells which
    /// is whose.
    async fn come_to_desk(&self) -> Starting {
        let desks = &self.cx.memory().launch.desks;
        loop {
            let settled = self.lane.settled.notified();
            tokio::pin!(settled);
            settled.as_mut().enable();
            let starting = desks.start(self.session().id(), self.order()).await;
            let is_held = self.lane.is_held(&self.order().technique);
            if !is_held || self.session().is_over() {
                return starting;
            }
            drop(starting);
            tokio::select! {
                () = settled => {}
                () = self.session().ended() => {}
            }
        }
    }

    async fn claim(&self, started: StartedRun) {
        let click = &self.ticket.click;
        click.started.fetch_add(1, Ordering::SeqCst);
        match post::claim(&self.cx, self.session(), self.order(), started).await {
            Ok(()) => self.leave(),
            Err(error) => {
                // The ledger still says "sending", so the next start of the program looks for it.
                tracing::error!(%error, launch = %self.order().id, "a started run cannot be filed");
                self.cx.outbox().warn(&error.into()).await;
                self.leave();
            }
        }
    }

    async fn not_started(&self, error: ApiError, sent_at: Timestamp) {
        tracing::info!(%error, launch = %self.order().id, "a start failed");
        post::keep_request_id(&self.cx, self.order(), &error);
        connect::note_error(&self.cx, self.session(), &error).await;
        match verdict(&error) {
            Verdict::Later => {
                self.take_back(LaunchState::Recorded, None).await;
                self.put_back();
            }
            Verdict::StopAll => self.stop_all(error.into()).await,
            Verdict::Refused => self.refused(error.into()).await,
            verdict @ (Verdict::Doubt | Verdict::Duplicate) => {
                let problem = error.into_start_problem();
                self.note(LaunchState::Unknown, Some(problem)).await;
                let is_started = verdict == Verdict::Duplicate;
                let doubt = Doubt::fresh(self.ticket.clone(), sent_at, is_started);
                self.lane.settle(&self.cx, doubt);
            }
        }
    }

    /// FLORA said no before it was a run: the form says why, and there is nothing to keep but the form itself.
    async fn refused(&self, problem: Problem) {
        let is_at_fields = matches!(
            problem.action,
            ProblemAction::EditInputs | ProblemAction::None
        );
        if !is_at_fields {
            // The inputs may be of use with another technique, so the row stays.
            self.take_back(LaunchState::Abandoned, Some(problem)).await;
            return self.leave();
        }
        let refused = Event::LaunchRefused {
            launch: self.order().id,
            technique: self.order().technique.clone(),
            problem,
        };
        self.cx.outbox().send(refused).await;
        let row = self.ticket.row;
        let id = self.order().id;
        let forgotten = self
            .cx
            .db()
            .call(move |library| {
                library.mark_not_sent(id, LaunchState::Abandoned, None)?;
                library.forget_waiting(row)
            })
            .await;
        match forgotten {
            Ok(_) => news::gone(&self.cx, vec![row]).await,
            Err(error) => note_failed(&error),
        }
        self.leave();
    }

    /// The next one would fare no better: everything that waits stays here, and what was started is said.
    async fn stop_all(&self, problem: Problem) {
        self.take_back(LaunchState::Stopped, Some(problem.clone()))
            .await;
        self.leave();
        let rest = self.lane.take_if(|_| true);
        hold(&self.cx, rest, problem.clone()).await;
        self.tell(&problem).await;
    }

    async fn tell(&self, problem: &Problem) {
        let click = &self.ticket.click;
        if click.is_told.swap(true, Ordering::SeqCst) {
            return;
        }
        let started = click.started.load(Ordering::SeqCst);
        let text = match click.total {
            1 => format!("{}. The run was not started", problem.summary),
            total => format!(
                "{}. {started} of {total} runs were started, the others wait",
                problem.summary
            ),
        };
        let notice = Notice {
            level: NoticeLevel::Warning,
            text,
            details: problem.details.clone(),
            actions: Vec::new(),
        };
        self.cx.outbox().send(Event::Noticed(notice)).await;
    }

    async fn hold_back(&self, tickets: Vec<Ticket>, problem: Problem) {
        hold(&self.cx, tickets, problem).await;
        self.leave();
    }

    async fn note(&self, state: LaunchState, problem: Option<Problem>) {
        let id = self.order().id;
        let noted = self
            .cx
            .db()
            .call(move |library| library.set_launch_state(id, state, problem))
            .await;
        match noted {
            Ok(saved) => news::saved(&self.cx, &[saved]),
            Err(error) => note_failed(&error),
        }
    }

    /// As [`Self::note`], and the ledger forgets that it was sent: that had no effect.
    async fn take_back(&self, state: LaunchState, problem: Option<Problem>) {
        let id = self.order().id;
        let noted = self
            .cx
            .db()
            .call(move |library| library.mark_not_sent(id, state, problem))
            .await;
        match noted {
            Ok(saved) => news::saved(&self.cx, &[saved]),
            Err(error) => note_failed(&error),
        }
    }

    async fn mark_sending(&self, sent_at: Timestamp) -> Result<bool, DbError> {
        let row = self.ticket.row;
        let marked = self
            .cx
            .db()
            .call(move |library| library.mark_sending_if_waiting(row, sent_at))
            .await?;
        if let Some(saved) = marked {
            news::saved(&self.cx, &[saved]);
        }
        Ok(marked.is_some())
    }

    fn put_back(&self) {
        if !self.session().is_over() {
            self.lane.put_back(self.ticket.clone());
        }
    }

    fn leave(&self) {
        self.lane.leave(self.ticket.row);
    }
}
