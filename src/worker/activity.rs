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

/// Counts anew when another day begins: what counts as today's changes without anything happening.
pub(super) fn follow_days(cx: &Cx) {
    let following = cx.clone();
    cx.spawn(async move {
        let mut day = start_of_today();
        loop {
            tokio::time::sleep(until_next_look(&jiff::ZonedDateTime::now())).await;
            let today = start_of_today();
            if today != day {
                day = today;
                changed(&following);
            }
        }
    });
}

/// Until shortly after midnight, and never long: the computer may sleep, and its clock be set.
fn until_next_look(now: &jiff::ZonedDateTime) -> Duration {
    const LONGEST: Duration = Duration::from_secs(15 * 60);
    let midnight = now.tomorrow().and_then(|then| then.start_of_day());
    let wait = midnight.map_or(LONGEST, |then| {
        let left = then.timestamp().as_millisecond() - now.timestamp().as_millisecond();
        Duration::from_millis(left.max(0).unsigned_abs() + 500)
    });
    wait.min(LONGEST)
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

#[cfg(test)]
mod tests {
    use super::*;

    fn wait_at(time: &str) -> Duration {
        let now: jiff::ZonedDateTime = time.parse().unwrap();
        until_next_look(&now)
    }

    #[test]
    fn a_new_day_is_noticed_at_once_and_a_clock_that_was_set_soon() {
        let just_before = wait_at("2026-05-01T23:59:58[Europe/Berlin]");
        assert_eq!(just_before, Duration::from_millis(2500));
        let in_the_day = wait_at("2026-05-01T12:00:00[Europe/Berlin]");
        assert_eq!(in_the_day, Duration::from_secs(900));
        // The night in which the clock is put back.
        let late = wait_at("2026-10-25T23:55:00+01:00[Europe/Berlin]");
        assert_eq!(late, Duration::from_millis(300_500));
    }
}
