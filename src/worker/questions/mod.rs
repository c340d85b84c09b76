//! The questions the window asks the library, answered again whenever the answer changes.
//!
//! One task answers, one question at a time, so that what others ask of the library is never far back in its line.
//! A new question is answered at once; the same one again at most a few times a second, and always once more after
//! the last change.

mod standing;
mod uses;

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;

use self::standing::{Errand, Freshness, Standing};
use super::cx::Cx;
use super::session::Session;
use crate::library::{Library, LibraryError};
use crate::message::Event;
use crate::model::{
    self, HistoryQuery, InputId, MediaKind, Problem, ProfileId, RowKey, RunText, TechniqueId,
};

/// The least time between two answers to the same question. A library that needs longer gets longer.
const PAUSE: Duration = Duration::from_millis(250);

/// Uses are looked up less often: they change little, and count every run.
const USES_PAUSE: Duration = Duration::from_millis(700);

/// So many times as long as answering took is left to others.
const LEAVE: u32 = 3;

/// The questions that stand.
#[derive(Default)]
pub struct State {
    standing: Mutex<Standing>,
    /// A question that has no answer yet.
    asked: Notify,
    uses: uses::State,
}

impl State {
    fn standing(&self) -> MutexGuard<'_, Standing> {
        self.standing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Answers this question from now on, and no earlier one.
pub fn ask_history(cx: &Cx, generation: u64, query: Arc<HistoryQuery>) {
    let is_idle = cx
        .memory()
        .questions
        .standing()
        .ask_history(generation, query);
    answer_soon(cx, is_idle);
    uses::changed(cx, Duration::ZERO);
}

/// Answers with this technique's runs from now on.
pub fn ask_results(cx: &Cx, technique: TechniqueId) {
    let is_idle = cx.memory().questions.standing().ask_results(technique);
    answer_soon(cx, is_idle);
}

/// These rows are not as they were: asks again, soon and once for many changes, and sends the rows.
pub fn rows_changed(cx: &Cx, rows: &[RowKey]) {
    if rows.is_empty() {
        return;
    }
    let is_idle = cx.memory().questions.standing().changed(rows);
    if is_idle {
        cx.spawn(answer(cx.clone()));
    }
    uses::changed(cx, USES_PAUSE);
}

/// Another profile: what was asked of the former one is void.
pub fn reset(cx: &Cx) {
    cx.memory().questions.standing().reset();
}

/// Reads these rows.
pub fn load_rows(cx: &Cx, rows: Vec<RowKey>) {
    cx.memory().questions.standing().note_shown(&rows);
    let reading = cx.clone();
    cx.spawn(async move { send_rows(&reading, rows).await });
}

/// Reads runs for the clipboard; what is gone by now is left out.
pub fn read_runs(cx: &Cx, rows: Vec<RowKey>, what: RunText) {
    let reading = cx.clone();
    let runs = cx.db().call(move |library| {
        let mut runs = library.rows(&rows)?;
        let places: HashMap<RowKey, usize> = rows.into_iter().zip(0..).collect();
        runs.sort_by_key(|run| places.get(&run.key).copied());
        Ok(runs)
    });
    cx.spawn(async move {
        let runs = runs.await.map_err(Problem::from);
        reading.outbox().send(Event::RunsRead { runs, what }).await;
    });
}

/// Reads everything about one run.
pub fn load_detail(cx: &Cx, row: RowKey) {
    let reading = cx.clone();
    let detail = cx.db().call(move |library| library.run_detail(row));
    cx.spawn(async move {
        let detail = detail.await.map(Arc::new).map_err(Problem::from);
        reading
            .outbox()
            .send(Event::DetailLoaded { row, detail })
            .await;
    });
}

/// Reads what was typed into a technique's text inputs before.
pub fn load_recent_texts(cx: &Cx, technique: TechniqueId) {
    let Some(session) = cx.session() else {
        return;
    };
    let (reading, asked) = (cx.clone(), technique.clone());
    let texts = cx
        .db()
        .call(move |library| recent_texts(library, session.id(), &asked));
    cx.spawn(async move {
        match texts.await {
            Ok(texts) => {
                let event = Event::RecentTexts { technique, texts };
                reading.outbox().send(event).await;
            }
            // Only a convenience is missing: no reason to bother anybody.
            Err(error) => tracing::warn!(%error, "earlier texts cannot be read"),
        }
    });
}

fn recent_texts(
    library: &Library,
    profile: &ProfileId,
    technique: &TechniqueId,
) -> Result<BTreeMap<InputId, Vec<String>>, LibraryError> {
    let mut texts = BTreeMap::new();
    let Some(technique) = library.technique(profile, technique)? else {
        return Ok(texts);
    };
    for input in technique.inputs {
        if input.kind == MediaKind::Text {
            let typed = library.recent_texts(profile, &technique.id, &input.id)?;
            texts.insert(input.id, typed);
        }
    }
    Ok(texts)
}

/// Has a question answered that has no answer yet.
fn answer_soon(cx: &Cx, is_idle: bool) {
    if is_idle {
        cx.spawn(answer(cx.clone()));
    } else {
        cx.memory().questions.asked.notify_one();
    }
}

/// Answers until there is nothing to answer.
async fn answer(cx: Cx) {
    let state = &cx.memory().questions;
    let mut rest = Instant::now();
    loop {
        let Some(session) = cx.session() else {
            // Whoever sets a profile up has everything asked anew.
            state.standing().fall_idle();
            return;
        };
        let errand = state.standing().next();
        match errand {
            Some(Errand::History) => answer_history(&cx, &session).await,
            Some(Errand::Results) => answer_results(&cx, &session).await,
            Some(Errand::Changes) if Instant::now() < rest => {
                tokio::select! {
                    () = tokio::time::sleep_until(rest) => {}
                    () = state.asked.notified() => {}
                }
            }
            Some(Errand::Changes) => {
                let begun = Instant::now();
                answer_changes(&cx, &session).await;
                let pause = cx.timings().wait(PAUSE).max(begun.elapsed() * LEAVE);
                rest = Instant::now() + pause;
            }
            None => return,
        }
    }
}

/// Sends what changed: the rows first, so that no answer names a row that is not there.
async fn answer_changes(cx: &Cx, session: &Session) {
    let state = &cx.memory().questions;
    let changes = state.standing().take_changes();
    if !changes.rows.is_empty() {
        send_rows(cx, changes.rows).await;
    }
    if changes.history == Freshness::Stale {
        answer_history(cx, session).await;
    }
    if changes.results == Freshness::Stale {
        answer_results(cx, session).await;
    }
}

async fn answer_history(cx: &Cx, session: &Session) {
    let state = &cx.memory().questions;
    let Some((generation, query)) = state.standing().begin_history() else {
        return;
    };
    let profile = session.id().clone();
    let answer = cx
        .db()
        .call(move |library| library.row_keys(&profile, &query, model::now()));
    let answer = answer.await.map_err(Problem::from);
    if !state.standing().is_news(generation, &answer) {
        return;
    }
    let event = match answer {
        Ok(answer) => Event::HistoryAnswered { generation, answer },
        Err(problem) => Event::HistoryFailed {
            generation,
            problem,
        },
    };
    cx.outbox().send(event).await;
}

async fn answer_results(cx: &Cx, session: &Session) {
    let state = &cx.memory().questions;
    let Some(technique) = state.standing().begin_results() else {
        return;
    };
    let (profile, asked) = (session.id().clone(), technique.clone());
    let keys = cx
        .db()
        .call(move |library| library.technique_rows(&profile, &asked));
    match keys.await {
        Ok(keys) => {
            let keys: Arc<[RowKey]> = keys.into();
            if state.standing().are_news(&technique, &keys) {
                let event = Event::ResultsAnswered { technique, keys };
                cx.outbox().send(event).await;
            }
        }
        Err(error) => cx.outbox().warn(&error.into()).await,
    }
}

/// Reads and sends rows; those that are no more are said to be gone.
async fn send_rows(cx: &Cx, rows: Vec<RowKey>) {
    let asked = rows.clone();
    match cx.db().call(move |library| library.rows(&asked)).await {
        Ok(runs) => {
            let gone: Vec<RowKey> = rows
                .into_iter()
                .filter(|row| runs.iter().all(|run| run.key != *row))
                .collect();
            if !runs.is_empty() {
                cx.outbox().send(Event::RowsLoaded(runs)).await;
            }
            if !gone.is_empty() {
                cx.outbox().send(Event::RowsGone(gone)).await;
            }
        }
        Err(error) => cx.outbox().warn(&error.into()).await,
    }
}
