//! What goes on in the background, counted anew after changes and said when it differs.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::cx::Cx;
use super::db::DbError;
use super::session::Session;
use super::soon::Soon;
use crate::message::Event;
use crate::model::{Activity, ProfileId, Timestamp, ViewCounts};

/// Changes come in bursts; the activity bar need not flicker with each.
const WAIT: Duration = Duration::from_millis(120);

/// What was said last.
#[derive(Default)]
pub struct State {
    soon: Soon,
    said: Mutex<Option<(ProfileId, Activity, ViewCounts)>>,
}

/// Something that is counted may have changed: counts again, soon and once for many changes.
pub fn changed(cx: &Cx) {
    cx.memory()
        .activity
        .soon
        .call(cx, WAIT, |cx| async move { count(&cx).await });
}

/// Another profile: it has been told nothing yet.
pub(super) fn reset(cx: &Cx) {
    *said(cx) = None;
}

async fn count(cx: &Cx) {
    let Some(session) = cx.session() else {
        return;
    };
    let (mut activity, counts) = match read(cx, &session).await {
        Ok(read) => read,
        Err(error) => {
            tracing::debug!(%error, "the activity cannot be counted");
            return;
        }
    };
    activity.import = cx.memory().import.progress();
    let news = {
        let mut said = said(cx);
        let (before, then) = match said.take() {
            Some((profile, activity, counts)) if &profile == session.id() => {
                (Some(activity), Some(counts))
            }
            _ => (None, None),
        };
        *said = Some((session.id().clone(), activity.clone(), counts));
        (before.as_ref() != Some(&activity), then != Some(counts))
    };
    if session.is_over() {
        return;
    }
    if news.0 {
        cx.outbox().send(Event::ActivityChanged(activity)).await;
    }
    if news.1 {
        cx.outbox().send(Event::CountsChanged(counts)).await;
    }
}

async fn read(cx: &Cx, session: &Session) -> Result<(Activity, ViewCounts), DbError> {
    let profile = session.id().clone();
    cx.db()
        .call(move |library| {
            let today = start_of_today();
            let activity = library.activity(&profile, today)?;
            Ok((activity, library.counts(&profile, today)?))
        })
        .await
}

/// When the day began where the person is.
fn start_of_today() -> Timestamp {
    let now = jiff::ZonedDateTime::now();
    now.start_of_day()
        .map_or_else(|_| now.timestamp(), |start| start.timestamp())
}

fn said(cx: &Cx) -> std::sync::MutexGuard<'_, Option<(ProfileId, Activity, ViewCounts)>> {
    let said = &cx.memory().activity.said;
    said.lock().unwrap_or_else(PoisonError::into_inner)
}
