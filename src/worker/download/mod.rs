//! Outputs on their way into the library.
//!
//! Every output is fetched by one of a few porters, the most urgent first. What is kept by itself (a run that is
//! over) waits out an outage; what somebody waits for says so at once. An output that is only looked at or saved does
//! not put its run back "in progress": the library hears of it when it is here.

mod job;
mod queue;
mod settle;
mod transfer;

use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

pub use queue::Urgency;
pub(super) use settle::measure;

use self::queue::{Job, Queue};
use super::cx::Cx;
use super::news;
use super::session::Session;
use crate::model::{OutputKey, Problem, RowKey};

/// What is being fetched.
#[derive(Default)]
pub struct State {
    queue: Mutex<Queue<Session>>,
}

impl State {
    fn queue(&self) -> MutexGuard<'_, Queue<Session>> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Fetches outputs that are not here: the person asked.
pub fn fetch(cx: &Cx, outputs: Vec<OutputKey>) {
    let Some(session) = cx.session() else {
        return;
    };
    let asked = outputs.clone();
    let wanted = cx.db().call(move |library| library.want_output(&asked));
    let fetching = cx.clone();
    cx.spawn(async move {
        match wanted.await {
            Ok(changed) => news::saved(&fetching, &changed),
            Err(error) => fetching.outbox().warn(&error.into()).await,
        }
        for output in outputs {
            put(&fetching, &session, output, Urgency::Asked, None);
        }
    });
}

/// A run is over: keeps its outputs, wherever it was started. Called by `follow` after the library knows of them.
pub fn run_completed(cx: &Cx, session: &Session, row: RowKey) {
    let wanted = cx.db().call(move |library| {
        let changed = library.want_outputs(row)?;
        Ok((changed, library.wanted_of(row)?))
    });
    let (keeping, from) = (cx.clone(), session.clone());
    session.spawn(async move {
        match wanted.await {
            Ok((changed, outputs)) => {
                news::saved(&keeping, &[changed]);
                archive(&keeping, &from, outputs);
            }
            Err(error) => keeping.outbox().warn(&error.into()).await,
        }
    });
}

/// Goes on with what an earlier session, or an outage, left unfinished. Called by `connect` whenever the service
/// answers again.
pub fn resume(cx: &Cx, session: &Session) {
    let profile = session.id().clone();
    let wanted = cx.db().call(move |library| {
        let changed = library.want_failed_again(&profile)?;
        let wanted = library.wanted_outputs(&profile)?;
        Ok((changed, wanted.iter().map(|wanted| wanted.key).collect()))
    });
    let (resuming, from) = (cx.clone(), session.clone());
    session.spawn(async move {
        match wanted.await {
            Ok((changed, outputs)) => {
                news::saved(&resuming, &changed);
                archive(&resuming, &from, outputs);
            }
            Err(error) => tracing::warn!(%error, "unfinished downloads cannot be read"),
        }
    });
}

/// Has an output fetched; what comes of it, or nothing when it was given up before it was begun.
pub fn bring(
    cx: &Cx,
    output: OutputKey,
    urgency: Urgency,
) -> impl Future<Output = Option<Result<(), Problem>>> + Send + 'static {
    let (listener, told) = oneshot::channel();
    let session = cx.session();
    if let Some(session) = &session {
        put(cx, session, output, urgency, Some(listener));
    }
    async move {
        match session {
            Some(_) => told.await.ok(),
            None => Some(Err(Problem::new("Not connected yet"))),
        }
    }
}

/// The file of an output; it is fetched first when it is not here.
///
/// # Errors
/// Why it cannot be here.
pub async fn file_of(cx: &Cx, output: OutputKey, urgency: Urgency) -> Result<PathBuf, Problem> {
    if let Some(path) = file_here(cx, output).await? {
        return Ok(path);
    }
    match bring(cx, output, urgency).await {
        Some(result) => result?,
        None => return Err(Problem::new("The file is not here yet")),
    }
    let path = file_here(cx, output).await?;
    path.ok_or_else(|| Problem::new("The file is not in the library's folder any more"))
}

/// Forgets what was to be fetched only to be looked at and is out of view.
pub fn keep_looks(cx: &Cx, is_in_view: impl Fn(OutputKey) -> bool) {
    cx.memory().download.queue().keep_looks(is_in_view);
}

async fn file_here(cx: &Cx, output: OutputKey) -> Result<Option<PathBuf>, Problem> {
    let archived = cx.db().call(move |library| library.archived_output(output));
    let Some(path) = archived.await?.path else {
        return Ok(None);
    };
    let is_there = tokio::fs::try_exists(&path).await.unwrap_or(false);
    Ok(is_there.then_some(path))
}

fn archive(cx: &Cx, session: &Session, outputs: Vec<OutputKey>) {
    for output in outputs {
        put(cx, session, output, Urgency::Archive, None);
    }
}

/// Puts an output in line and sees to it that somebody fetches it.
fn put(
    cx: &Cx,
    session: &Session,
    output: OutputKey,
    urgency: Urgency,
    listener: Option<oneshot::Sender<Result<(), Problem>>>,
) {
    let job = Job {
        output,
        urgency,
        source: session.clone(),
    };
    let mut queue = cx.memory().download.queue();
    queue.add(job, listener);
    let hired = queue.hire();
    drop(queue);
    for _ in 0..hired {
        let porter = cx.clone();
        cx.spawn(async move {
            loop {
                let job = porter.memory().download.queue().begin();
                let Some(job) = job else {
                    return;
                };
                let output = job.output;
                let result = job::fetch(&porter, job).await;
                porter.memory().download.queue().finish(output, &result);
            }
        });
    }
}
