//! The whole remote history, page by page into the library, in the background.
//!
//! How far it has come is noted with each page, so it goes on where it was left. Once it has been whole, a later import
//! stops at the first page that brings nothing new.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch;

use super::cx::Cx;
use super::db::DbError;
use super::session::Session;
use super::{activity, connect, follow};
use crate::api::{ApiError, RunQuery, convert};
use crate::library::{Change, Saved};
use crate::model::{ImportProgress, RunUpdate};

/// Where the next page begins.
const CURSOR: &str = "import.cursor";
/// Runs read so far, by the import under way.
const SEEN: &str = "import.seen";
/// Set once the whole history was read.
const WHOLE: &str = "import.whole";

/// After a page that could not be read or filed.
const AFTER_FAILURE: Duration = Duration::from_secs(10);

/// What importing remembers between commands.
#[derive(Default)]
pub struct State {
    progress: Mutex<Option<ImportProgress>>,
    pause: Pause,
}

impl State {
    /// How far it has come; `None` when there is nothing to import.
    pub fn progress(&self) -> Option<ImportProgress> {
        let progress = *self.lock();
        progress.map(|progress| ImportProgress {
            paused: *self.pause.0.borrow(),
            ..progress
        })
    }

    fn set(&self, progress: Option<ImportProgress>) {
        *self.lock() = progress;
    }

    fn lock(&self) -> MutexGuard<'_, Option<ImportProgress>> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether the person wants it to rest.
struct Pause(watch::Sender<bool>);

impl Default for Pause {
    fn default() -> Self {
        Self(watch::Sender::new(false))
    }
}

/// Lets the import rest.
pub fn pause(cx: &Cx) {
    cx.memory().import.pause.0.send_replace(true);
    activity::changed(cx);
}

/// Lets the import go on.
pub fn resume(cx: &Cx) {
    cx.memory().import.pause.0.send_replace(false);
    activity::changed(cx);
}

/// Imports what is not here yet, until the session ends.
pub(super) fn start(cx: &Cx, session: &Session) {
    cx.memory().import.set(None);
    let import = Import {
        cx: cx.clone(),
        session: session.clone(),
    };
    session.spawn(import.run());
}

struct Import {
    cx: Cx,
    session: Session,
}

/// Where an import stands.
struct Position {
    cursor: Option<String>,
    seen: u64,
    /// Whether the whole history was read before: then the first page without news is the end.
    was_whole: bool,
}

/// A page of the history.
#[derive(Default)]
struct ReadPage {
    updates: Vec<RunUpdate>,
    /// Where the next one begins.
    next: Option<String>,
    /// Runs in all, when FLORA says.
    total: Option<u64>,
}

/// What a page led to.
enum Step {
    On(Position),
    Finished,
}

/// Why a page came to nothing.
#[derive(Debug, thiserror::Error)]
enum ImportError {
    #[error(transparent)]
    Api(#[from] ApiError),
    #[error(transparent)]
    Library(#[from] DbError),
}

impl Import {
    async fn run(self) {
        let mut position = match self.position().await {
            Ok(position) => position,
            Err(error) => return tracing::warn!(%error, "the import cannot begin"),
        };
        loop {
            self.until_wanted().await;
            match self.page(&position).await {
                Ok(Step::On(next)) => position = next,
                Ok(Step::Finished) => break,
                Err(ImportError::Api(error)) if error.status() == Some(400) => {
                    // The cursor is not good any more: from the newest again.
                    tracing::info!(%error, "the import begins anew");
                    if position.cursor.take().is_none() {
                        self.rest().await;
                    }
                }
                Err(ImportError::Api(error)) => {
                    connect::note_error(&self.cx, &self.session, &error).await;
                    self.rest().await;
                }
                Err(error) => {
                    tracing::warn!(%error, "a page of the history cannot be filed");
                    self.rest().await;
                }
            }
        }
        self.cx.memory().import.set(None);
        activity::changed(&self.cx);
    }

    async fn position(&self) -> Result<Position, DbError> {
        let profile = self.session.id().clone();
        self.cx
            .db()
            .call(move |library| {
                let seen = library.mark(&profile, SEEN)?;
                Ok(Position {
                    cursor: library.mark(&profile, CURSOR)?,
                    seen: seen.and_then(|seen| seen.parse().ok()).unwrap_or(0),
                    was_whole: library.mark(&profile, WHOLE)?.is_some(),
                })
            })
            .await
    }

    async fn until_wanted(&self) {
        let mut pause = self.cx.memory().import.pause.0.subscribe();
        // The sender lives as long as we do.
        pause.wait_for(|paused| !paused).await.ok();
        self.session.opened().await;
    }

    async fn page(&self, position: &Position) -> Result<Step, ImportError> {
        let page = self.read(position.cursor.as_deref()).await?;
        let count = page.updates.len();
        let seen = position.seen + count as u64;
        let saved = follow::take_in(&self.cx, &self.session, page.updates).await?;
        let is_old_news = position.was_whole && brings_nothing(&saved, count);
        match page.next.filter(|_| !is_old_news) {
            Some(cursor) => {
                self.note(Some(&cursor), seen).await?;
                self.show(position, seen, page.total);
                Ok(Step::On(Position {
                    cursor: Some(cursor),
                    seen,
                    was_whole: position.was_whole,
                }))
            }
            None => {
                self.note(None, 0).await?;
                Ok(Step::Finished)
            }
        }
    }

    async fn read(&self, cursor: Option<&str>) -> Result<ReadPage, ApiError> {
        let Some(client) = self.session.client() else {
            return Ok(ReadPage::default());
        };
        let query = RunQuery {
            workspace: self.session.workspace().map(|id| id.to_string()),
            ..RunQuery::default()
        };
        let page = client.runs(&query, cursor).await?;
        for skipped in &page.skipped {
            tracing::warn!(path = %skipped.path, message = %skipped.message, "a run cannot be read");
        }
        Ok(ReadPage {
            updates: page.items.into_iter().map(convert::listed_run).collect(),
            next: page.next_cursor,
            total: page.total_estimate,
        })
    }

    /// Notes how far it has come; without a cursor: all the way.
    async fn note(&self, cursor: Option<&str>, seen: u64) -> Result<(), DbError> {
        let profile = self.session.id().clone();
        let cursor = cursor.map(str::to_owned);
        self.cx
            .db()
            .call(move |library| {
                let seen = cursor.as_ref().map(|_| seen.to_string());
                library.set_mark(&profile, CURSOR, cursor.as_deref())?;
                library.set_mark(&profile, SEEN, seen.as_deref())?;
                if cursor.is_none() {
                    library.set_mark(&profile, WHOLE, Some("yes"))?;
                }
                Ok(())
            })
            .await
    }

    /// A first import is shown; later ones are over before anybody could read it.
    fn show(&self, position: &Position, seen: u64, total: Option<u64>) {
        if position.was_whole {
            return;
        }
        self.cx.memory().import.set(Some(ImportProgress {
            seen,
            total,
            paused: false,
        }));
        activity::changed(&self.cx);
    }

    async fn rest(&self) {
        tokio::time::sleep(self.cx.timings().wait(AFTER_FAILURE)).await;
    }
}

/// Whether every run of a page was filed and was known just so.
fn brings_nothing(saved: &[Saved], count: usize) -> bool {
    saved.len() == count && saved.iter().all(|saved| saved.change == Change::Same)
}
