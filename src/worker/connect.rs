//! Whom we talk to: choosing a profile, keeping its connection, and noticing when it is lost.

mod keeper;
mod keys;
mod studio;
mod target;

use std::sync::atomic::{AtomicU64, Ordering};

use secrecy::SecretString;
use tokio::sync::{Mutex, Notify};

use super::cx::Cx;
use super::session::Session;
use super::{activity, catalog, drafts, follow, launch, questions, sidecars};
use crate::api::{self, ApiError};
use crate::message::{ConnectTo, Event};
use crate::model::{Connection, Problem, Profile, ProfileKind};
use target::{KeyChoice, Target};

/// What connecting remembers between commands.
#[derive(Default)]
pub struct State {
    /// Grows with each wish to connect: only the last one counts.
    wish: AtomicU64,
    /// Switching takes turns.
    turn: Mutex<()>,
    studio: studio::Running,
    session_keys: keys::SessionKeys,
    /// Rung when the person wants to know now whether the service is back.
    recheck: Notify,
}

/// Talks to this service from now on.
pub fn connect(cx: &Cx, to: ConnectTo) {
    let choice = match to {
        ConnectTo::Studio => Choice::Studio,
        ConnectTo::Flora { base_url, key } => Choice::Flora {
            base_url,
            key: key.map_or(KeyChoice::Kept, KeyChoice::Given),
        },
    };
    choose(cx, choice);
}

/// The profile to begin with: what the environment says, else what was in use last.
pub(super) fn open_first(cx: &Cx) {
    sidecars::changed(cx);
    let settings = cx.settings();
    let environment = cx.environment();
    let is_flora = settings.profile == ProfileKind::Flora || environment.key.is_some();
    let base_url = environment
        .base_url
        .clone()
        .or_else(|| settings.flora_base_url.clone());
    choose(
        cx,
        if is_flora {
            Choice::Flora {
                base_url,
                key: KeyChoice::Kept,
            }
        } else {
            Choice::Studio
        },
    );
}

/// Tries a key without switching.
pub fn check_key(cx: &Cx, base_url: Option<String>, key: SecretString) {
    let this = cx.clone();
    cx.spawn(async move {
        let checked = keys::check(&this, base_url, key).await;
        this.outbox().send(Event::KeyChecked(checked)).await;
    });
}

/// Removes the key of the FLORA profile; nothing of what it brought is lost.
pub fn forget_key(cx: &Cx) {
    let this = cx.clone();
    cx.spawn(async move {
        let base_url = match this.session().map(|session| session.profile()) {
            Some(profile) if profile.kind == ProfileKind::Flora => Some(profile.base_url),
            _ => this.settings().flora_base_url.clone(),
        };
        match target::base_url(&this, base_url.clone()) {
            Ok(url) => keys::forget(&this, &target::account(&url)).await,
            Err(problem) => return this.outbox().warn(&problem).await,
        }
        let is_in_use = this
            .session()
            .is_some_and(|session| session.profile().kind == ProfileKind::Flora);
        if is_in_use {
            let key = KeyChoice::None;
            choose(&this, Choice::Flora { base_url, key });
        }
    });
}

/// Looks at once whether a lost service is back: the person asked.
pub(super) fn recheck(cx: &Cx) {
    cx.memory().connect.recheck.notify_waiters();
}

/// Draws the conclusions from a failed request for the connection as a whole.
pub(super) async fn note_error(cx: &Cx, session: &Session, error: &ApiError) {
    let connection = match error {
        ApiError::Offline { .. } | ApiError::Connect { .. } | ApiError::Tls { .. } => {
            Connection::Offline
        }
        error if is_key_refused(error) => Connection::KeyRefused(error.clone().into()),
        error if error.is_rate_limited() => return note_pressure(cx, session).await,
        _ => return,
    };
    // A refused key is refused, connection or none.
    let is_refused = matches!(session.connection(), Connection::KeyRefused(_));
    if !(is_refused && connection == Connection::Offline) {
        set_connection(cx, session, connection).await;
    }
}

/// Says when FLORA asks us to slow down, and when that is over.
pub(super) async fn note_pressure(cx: &Cx, session: &Session) {
    let Some(client) = session.client() else {
        return;
    };
    let is_pressed = client.pressure().recent > 0;
    match (session.connection(), is_pressed) {
        (Connection::Connected, true) => {
            set_connection(cx, session, Connection::Throttled).await;
            keeper::watch_pressure(cx, session);
        }
        (Connection::Throttled, false) => {
            set_connection(cx, session, Connection::Connected).await;
        }
        _ => {}
    }
}

pub(super) fn is_key_refused(error: &ApiError) -> bool {
    error.status() == Some(401) || error.code() == Some("invalid_api_key")
}

/// Ends the studio in order, if we started one.
pub(super) async fn end(cx: &Cx) {
    cx.memory().connect.studio.end().await;
}

async fn set_connection(cx: &Cx, session: &Session, connection: Connection) {
    if session.is_over() || !session.set_connection(connection.clone()) {
        return;
    }
    tracing::info!(profile = %session.id(), connection = connection.words(), "connection");
    cx.outbox().send(Event::ConnectionChanged(connection)).await;
}

/// A wish to talk to somebody.
#[derive(Clone)]
enum Choice {
    Studio,
    Flora {
        base_url: Option<String>,
        key: KeyChoice,
    },
    /// As found out on the way: the key opens another workspace than the profile's.
    Target(Target),
}

fn choose(cx: &Cx, choice: Choice) {
    let state = &cx.memory().connect;
    let wish = state.wish.fetch_add(1, Ordering::SeqCst) + 1;
    let this = cx.clone();
    cx.spawn(async move {
        let state = &this.memory().connect;
        let _turn = state.turn.lock().await;
        if state.wish.load(Ordering::SeqCst) != wish {
            return;
        }
        match find_target(&this, choice).await {
            Ok(target) => switch(&this, target).await,
            Err(problem) => this.outbox().warn(&problem).await,
        }
    });
}

async fn find_target(cx: &Cx, choice: Choice) -> Result<Target, Problem> {
    match choice {
        Choice::Studio => Ok(target::studio(cx).await),
        Choice::Flora { base_url, key } => target::flora(cx, base_url, key).await,
        Choice::Target(target) => Ok(target),
    }
}

/// Puts a profile in use and starts what belongs to it.
async fn switch(cx: &Cx, target: Target) {
    let profile = kept_profile(cx, &target).await;
    let client = client(cx, &target).await;
    let cancel = cx.cancel_token();
    let session = Session::new(profile.clone(), client, cancel, cx.tasks().clone());
    let former = cx.replace_session(session.clone());
    let is_other = former
        .as_ref()
        .is_none_or(|former| former.id() != session.id());
    if let Some(former) = former {
        former.end();
    }
    if is_other {
        questions::reset(cx);
        activity::reset(cx);
    }
    cx.outbox().send(Event::ProfileChanged(profile)).await;
    let connection = first_connection(&session, &target);
    session.set_connection(connection.clone());
    cx.outbox().send(Event::ConnectionChanged(connection)).await;
    if let Some(problem) = target.problem.clone() {
        cx.outbox().warn(&problem).await;
    }
    if is_other {
        drafts::load(cx, &session).await;
    }
    catalog::show_kept(cx, &session).await;
    activity::changed(cx);
    launch::open(cx, &session);
    follow::start(cx, &session);
    keeper::start(cx, &session, target);
}

fn first_connection(session: &Session, target: &Target) -> Connection {
    match (session.client(), target.profile.kind) {
        (Some(_), _) => Connection::Connecting,
        (None, ProfileKind::Studio) => Connection::Offline,
        (None, ProfileKind::Flora) => Connection::NoKey,
    }
}

/// What the library knows of the profile from the last time, with what holds today.
async fn kept_profile(cx: &Cx, target: &Target) -> Profile {
    let id = target.profile.id.clone();
    let kept = cx.db().call(move |library| library.profile(&id)).await;
    match kept {
        Ok(Some(kept)) => Profile {
            base_url: target.profile.base_url.clone(),
            key: target.profile.key,
            kind: target.profile.kind,
            ..kept
        },
        _ => target.profile.clone(),
    }
}

/// Builds the client, away from the threads that wait on the network: it reads certificates.
async fn client(cx: &Cx, target: &Target) -> Option<api::Client> {
    let config = target.config(cx)?;
    match cx.blocking(move || api::Client::new(config)).await? {
        Ok(client) => Some(client),
        Err(error) => {
            cx.outbox().warn(&error.into()).await;
            None
        }
    }
}
