//! Forms as they stand, kept per technique.

use std::sync::Arc;
use std::time::Duration;

use super::cx::Cx;
use super::pending::Pending;
use super::session::Session;
use crate::message::Event;
use crate::model::{self, LaunchDraft, ProfileId, TechniqueId};

/// A form that is being typed into is written this often at most.
const PAUSE: Duration = Duration::from_millis(400);

/// Forms that are not written yet, each with the profile it was typed for.
#[derive(Default)]
pub struct State {
    pending: Pending<(ProfileId, TechniqueId), Arc<LaunchDraft>>,
}

/// Keeps a form as it stands; written soon, and at the latest when the app closes.
pub fn save(cx: &Cx, draft: Arc<LaunchDraft>) {
    let Some(session) = cx.session() else {
        return;
    };
    let key = (session.id().clone(), draft.technique.clone());
    let is_first = cx.memory().drafts.pending.put(key, draft);
    if is_first && !cx.is_ending() {
        let writing = cx.clone();
        cx.spawn(async move {
            tokio::time::sleep(writing.timings().wait(PAUSE)).await;
            flush(&writing).await;
        });
    }
}

/// Writes what is not written yet. Called before the app closes and before the library does.
pub async fn flush(cx: &Cx) {
    let pending = cx.memory().drafts.pending.take();
    // All are asked for before the first is awaited: a task that is dropped meanwhile loses none.
    let written: Vec<_> = pending
        .into_iter()
        .map(|((profile, _), draft)| {
            cx.db()
                .call(move |library| library.save_draft(&profile, &draft, model::now()))
        })
        .collect();
    for written in written {
        if let Err(error) = written.await {
            tracing::warn!(%error, "a form was not kept");
        }
    }
}

/// Sends the kept forms of a profile. Called by `connect`, once for a profile.
pub async fn load(cx: &Cx, session: &Session) {
    let profile = session.id().clone();
    match cx.db().call(move |library| library.drafts(&profile)).await {
        Ok(drafts) => cx.outbox().send(Event::DraftsLoaded(drafts)).await,
        Err(error) => tracing::warn!(%error, "the kept forms cannot be read"),
    }
}
