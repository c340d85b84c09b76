//! Settings on their way to disk.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::cx::Cx;
use super::pending::Pending;
use crate::model::Problem;
use crate::settings::Settings;

/// While something is dragged, settings are written this often at most.
const PAUSE: Duration = Duration::from_millis(400);

/// Settings that are not written yet.
#[derive(Default)]
pub struct State {
    pending: Pending<(), Arc<Settings>>,
    /// Held while writing, so that an older write never ends after a newer one.
    writing: Mutex<()>,
}

/// Takes changed settings into use and writes them; soon, and at the latest when the app closes.
pub fn save(cx: &Cx, settings: Arc<Settings>) {
    cx.replace_settings(Arc::clone(&settings));
    let is_first = cx.memory().settings.pending.put((), settings);
    if is_first && !cx.is_ending() {
        let writing = cx.clone();
        cx.spawn(async move {
            tokio::time::sleep(writing.timings().wait(PAUSE)).await;
            if let Err(problem) = write(&writing).await {
                writing.outbox().warn(&problem).await;
            }
        });
    }
}

/// Writes what is not written yet. Called before the app closes.
pub async fn flush(cx: &Cx) {
    if let Err(problem) = write(cx).await {
        tracing::warn!(%problem, "the settings were not written");
    }
}

async fn write(cx: &Cx) -> Result<(), Problem> {
    let cx = cx.clone();
    // Begins at once and ends even when nobody waits for it any more.
    let written = tokio::task::spawn_blocking(move || {
        let state = &cx.memory().settings;
        let _alone = state.writing.lock().unwrap_or_else(PoisonError::into_inner);
        match state.pending.take().pop() {
            Some((_, settings)) => settings.save(&cx.places().settings()),
            None => Ok(()),
        }
    });
    written.await.unwrap_or(Ok(()))
}
