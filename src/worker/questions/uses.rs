//! How each technique has been used: for the order of the list, the tiles and the usual duration.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::message::Event;
use crate::model::{ProfileId, TechniqueUses};
use crate::worker::cx::Cx;
use crate::worker::soon::Soon;

/// What was said last, and of which profile.
#[derive(Default)]
pub(super) struct State {
    soon: Soon,
    said: Mutex<Option<(ProfileId, Arc<TechniqueUses>)>>,
}

/// Runs have changed: looks again after this long, and sends what differs from what was said.
pub(super) fn changed(cx: &Cx, wait: Duration) {
    cx.memory()
        .questions
        .uses
        .soon
        .call(cx, wait, |cx| async move { send(&cx).await });
}

async fn send(cx: &Cx) {
    let Some(session) = cx.session() else {
        return;
    };
    let profile = session.id().clone();
    let uses = cx
        .db()
        .call(move |library| library.technique_uses(&profile));
    let uses = match uses.await {
        Ok(uses) => Arc::new(uses),
        Err(error) => {
            tracing::warn!(%error, "how techniques were used cannot be read");
            return;
        }
    };
    if session.is_over() {
        return;
    }
    let news = (session.id().clone(), Arc::clone(&uses));
    let said = cx
        .memory()
        .questions
        .uses
        .said
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .replace(news.clone());
    if said.as_ref() != Some(&news) {
        cx.outbox().send(Event::UsesChanged(uses)).await;
    }
}
