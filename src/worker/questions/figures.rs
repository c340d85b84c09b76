//! Figures beside the lists: how many runs each view holds, and how each technique has been used.

use std::sync::{Arc, Mutex, PoisonError};

use crate::message::Event;
use crate::model::{ProfileId, TechniqueUses, Timestamp, ViewCounts};
use crate::worker::cx::Cx;
use crate::worker::session::Session;

/// What was said last, and of which profile.
#[derive(Default)]
pub struct Said(Mutex<Figures>);

#[derive(Clone, Default, PartialEq)]
struct Figures {
    profile: Option<ProfileId>,
    counts: Option<ViewCounts>,
    uses: Option<Arc<TechniqueUses>>,
}

/// Counts anew and sends what differs from what was said.
pub(super) async fn send(cx: &Cx, session: &Session) {
    let profile = session.id().clone();
    let figures = cx.db().call(move |library| {
        Ok(Figures {
            counts: Some(library.counts(&profile, today())?),
            uses: Some(Arc::new(library.technique_uses(&profile)?)),
            profile: Some(profile),
        })
    });
    let figures = match figures.await {
        Ok(figures) => figures,
        Err(error) => {
            tracing::warn!(%error, "the library could not be counted");
            return;
        }
    };
    if session.is_over() {
        return;
    }
    let said = cx.memory().questions.said.replace(figures.clone());
    let is_same = said.profile == figures.profile;
    if let Some(counts) = figures.counts
        && !(is_same && said.counts == figures.counts)
    {
        cx.outbox().send(Event::CountsChanged(counts)).await;
    }
    if let Some(uses) = figures.uses
        && !(is_same && said.uses.as_ref() == Some(&uses))
    {
        cx.outbox().send(Event::UsesChanged(uses)).await;
    }
}

impl Said {
    fn replace(&self, figures: Figures) -> Figures {
        let mut said = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut said, figures)
    }
}

/// When the day began where the person is.
fn today() -> Timestamp {
    let now = jiff::Zoned::now();
    now.start_of_day()
        .map_or_else(|_| now.timestamp(), |begin| begin.timestamp())
}
