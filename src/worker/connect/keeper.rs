//! Keeps a session's connection: asks who is there, notices when nobody is, and when they are back.

use std::time::Duration;

use url::Url;

use super::super::cx::Cx;
use super::super::session::Session;
use super::super::{catalog, download, follow, import, schedule};
use super::target::{self, Target};
use super::{Choice, choose, is_key_refused, keys, note_error, note_pressure, set_connection};
use crate::api::ApiError;
use crate::message::Event;
use crate::model::{Connection, Problem, ProfileKind, WorkspaceId, shown_line};

/// How often we look whether FLORA still wants us to slow down.
const PRESSURE: Duration = Duration::from_secs(5);

/// Attempts after which a silent studio of ours is started anew.
const SILENCE: u32 = 2;

/// Keeps the connection until the session ends.
pub(super) fn start(cx: &Cx, session: &Session, target: Target) {
    if session.client().is_none() {
        return;
    }
    let keeper = Keeper {
        cx: cx.clone(),
        session: session.clone(),
        target,
        is_first: true,
    };
    session.spawn(keeper.run());
}

/// Says when FLORA's wish to slow down is over, also when nothing else is asked of it meanwhile.
pub(super) fn watch_pressure(cx: &Cx, session: &Session) {
    let (cx, owner) = (cx.clone(), session.clone());
    session.spawn(async move {
        while owner.connection() == Connection::Throttled {
            tokio::time::sleep(cx.timings().wait(PRESSURE)).await;
            note_pressure(&cx, &owner).await;
        }
    });
}

struct Keeper {
    cx: Cx,
    session: Session,
    target: Target,
    /// Whether the service has not answered yet.
    is_first: bool,
}

/// Who answered.
struct Met {
    id: WorkspaceId,
    name: Option<String>,
    role: Option<String>,
}

impl Keeper {
    async fn run(mut self) {
        let mut attempts = 0;
        loop {
            match self.greet().await {
                Ok(()) => attempts = 0,
                Err(error) => self.note_silence(&error).await,
            }
            let was_open = self.session.is_open();
            if was_open {
                self.until_lost().await;
            }
            if matches!(self.session.connection(), Connection::KeyRefused(_)) {
                // Only another key helps, and that is another session.
                return;
            }
            if !was_open {
                if attempts >= SILENCE && self.restart_studio().await {
                    return;
                }
                self.pause(attempts).await;
                attempts += 1;
            }
        }
    }

    /// Asks who is there; from then on everything of this session may go on.
    async fn greet(&mut self) -> Result<(), ApiError> {
        let Some(client) = self.session.client().cloned() else {
            return Ok(());
        };
        let workspaces = client.workspaces().await?;
        match workspaces.into_iter().next() {
            Some(workspace) => {
                let name = shown_line(workspace.name.trim()).into_owned();
                let met = Met {
                    id: WorkspaceId::new(workspace.workspace_id),
                    name: Some(name).filter(|name| !name.is_empty()),
                    role: workspace.role.map(|role| shown_line(&role).into_owned()),
                };
                self.meet(met).await;
            }
            None => {
                let problem = Problem::new("This key opens no workspace");
                set_connection(&self.cx, &self.session, Connection::KeyRefused(problem)).await;
            }
        }
        Ok(())
    }

    async fn meet(&mut self, workspace: Met) {
        let known = self.session.workspace();
        if known.is_some_and(|known| known != workspace.id)
            && self.target.profile.kind == ProfileKind::Flora
        {
            let other = target::of_workspace(&self.cx, &self.target, &workspace.id).await;
            choose(&self.cx, Choice::Target(other));
            return;
        }
        self.keep_key().await;
        self.keep_profile(workspace).await;
        set_connection(&self.cx, &self.session, Connection::Connected).await;
        self.go_on();
    }

    /// What rests while there is no connection goes on.
    fn go_on(&mut self) {
        download::resume(&self.cx, &self.session);
        follow::poll_now(&self.cx);
        if std::mem::take(&mut self.is_first) {
            let (cx, session) = (self.cx.clone(), self.session.clone());
            self.session
                .spawn(async move { catalog::load(&cx, &session).await });
            import::start(&self.cx, &self.session);
        }
    }

    async fn keep_key(&mut self) {
        let Some(key) = self.target.key.clone().filter(|_| self.target.is_new_key) else {
            return;
        };
        if let Ok(url) = Url::parse(&self.target.profile.base_url) {
            self.target.profile.key = keys::keep(&self.cx, &target::account(&url), &key).await;
            self.target.is_new_key = false;
        }
    }

    async fn keep_profile(&self, workspace: Met) {
        let mut profile = self.session.profile();
        profile.workspace = Some(workspace.id);
        if let Some(name) = workspace.name {
            profile.workspace_name = name;
        }
        profile.role = workspace.role;
        profile.key = self.target.profile.key;
        let kept = profile.clone();
        let saved = self
            .cx
            .db()
            .call(move |library| library.save_profile(&kept))
            .await;
        if let Err(error) = saved {
            tracing::warn!(%error, "the profile cannot be kept");
        }
        if self.session.set_profile(profile.clone()) {
            self.cx.outbox().send(Event::ProfileChanged(profile)).await;
        }
    }

    async fn note_silence(&self, error: &ApiError) {
        tracing::info!(%error, "the service does not answer");
        note_error(&self.cx, &self.session, error).await;
        if is_key_refused(error) {
            if let Ok(url) = Url::parse(&self.target.profile.base_url) {
                keys::drop_refused(&self.cx, &target::account(&url));
            }
        } else {
            // Whatever it says, it did not say who it is.
            set_connection(&self.cx, &self.session, Connection::Offline).await;
        }
    }

    async fn until_lost(&self) {
        let mut connection = self.session.watch_connection();
        let is_lost =
            |now: &Connection| !matches!(now, Connection::Connected | Connection::Throttled);
        connection.wait_for(is_lost).await.ok();
    }

    async fn until_asked(&self) {
        self.cx.memory().connect.recheck.notified().await;
    }

    /// Waits before the next attempt, or until the person wants to know.
    async fn pause(&self, attempts: u32) {
        let wait = self.cx.timings().wait(schedule::recheck_wait(attempts));
        tokio::time::timeout(wait, self.until_asked()).await.ok();
    }

    /// Starts our own studio anew when it has fallen silent; true when it is to be met at another address.
    async fn restart_studio(&self) -> bool {
        if self.target.profile.kind != ProfileKind::Studio {
            return false;
        }
        match self.cx.memory().connect.studio.restart(&self.cx).await {
            Ok(reach) if reach.base_url == self.target.profile.base_url => false,
            Ok(_) => {
                choose(&self.cx, Choice::Studio);
                true
            }
            Err(error) => {
                tracing::error!(%error, "the studio cannot be started again");
                false
            }
        }
    }
}
