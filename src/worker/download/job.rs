//! One output's way here, with patience: cut transfers go on, dead links are looked up anew, outages are waited out.

use std::time::Duration;

use super::queue::Job;
use super::settle;
use super::transfer::{Failure, Transfer, Why};
use crate::api::{ApiError, convert};
use crate::library::{
    LibraryError, OutputContent, OutputPlace, Saved, StoredFile, WantedOutput, store_text,
};
use crate::model::{Archive, OutputKey, Problem, ProblemAction};
use crate::worker::cx::Cx;
use crate::worker::db::DbError;
use crate::worker::news;
use crate::worker::session::Session;

/// Attempts after the first that bring nothing new before an output counts as failed.
const RETRIES: u32 = 3;

/// Before the first of these; doubled each time.
const FIRST_WAIT: Duration = Duration::from_millis(500);

/// A server that asks for more has to wait for the next start.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// Brings an output into the library, if it is not there.
///
/// # Errors
/// Why it is not here; the library knows.
pub(super) async fn fetch(cx: &Cx, job: Job<Session>) -> Result<(), Problem> {
    let output = job.output;
    let known = cx.db().call(move |library| {
        let archived = library.archived_output(output)?;
        let is_here =
            archived.archive == Archive::Stored && archived.path.is_some_and(|path| path.exists());
        if is_here {
            return Ok(None);
        }
        Ok(Some((
            library.output_content(output)?,
            library.output_place(output)?,
        )))
    });
    let Some((wanted, place)) = known.await.map_err(Problem::from)? else {
        return Ok(());
    };
    match wanted.content.clone() {
        OutputContent::Text(text) => keep_text(cx, &wanted, place, text).await,
        OutputContent::Url(url) => by_url(cx, &job, &wanted, place, url).await,
    }
}

async fn keep_text(
    cx: &Cx,
    wanted: &WantedOutput,
    place: OutputPlace,
    text: String,
) -> Result<(), Problem> {
    let stored = tokio::task::spawn_blocking(move || store_text(&place.folder, &place.stem, &text));
    match stored.await {
        Ok(Ok(file)) => settle::stored(cx, wanted, file).await,
        Ok(Err(error)) => Err(give_up(cx, wanted.key, disk(cx, error).await).await),
        Err(_) => Err(Problem::new("Florist is closing")),
    }
}

async fn by_url(
    cx: &Cx,
    job: &Job<Session>,
    wanted: &WantedOutput,
    place: OutputPlace,
    url: String,
) -> Result<(), Problem> {
    let mut transfer = Transfer {
        url,
        place,
        kind: wanted.kind.clone(),
        etag: None,
    };
    match persist(cx, &job.source, wanted, &mut transfer).await {
        Ok(file) => settle::stored(cx, wanted, file).await,
        Err(Verdict::Dead(problem)) => Err(bury(cx, wanted.key, problem).await),
        Err(Verdict::Failed(problem)) => Err(give_up(cx, wanted.key, problem).await),
        Err(Verdict::Unreachable(problem)) => Err(unreachable(cx, job, problem).await),
    }
}

/// What is to be written down of an output that could not be fetched.
enum Verdict {
    /// FLORA no longer serves it.
    Dead(Problem),
    Failed(Problem),
    /// The network is the cause, not the file.
    Unreachable(Problem),
}

/// Tries until the file is here or there is no sense in trying.
async fn persist(
    cx: &Cx,
    session: &Session,
    wanted: &WantedOutput,
    transfer: &mut Transfer,
) -> Result<StoredFile, Verdict> {
    let Some(client) = session.client() else {
        let problem = Problem::new("Not connected yet").with_action(ProblemAction::EnterKey);
        return Err(Verdict::Unreachable(problem));
    };
    let mut patience = Patience::default();
    let mut is_looked_up = false;
    loop {
        let Failure { why, offset } = match transfer.attempt(client).await {
            Ok(file) => return Ok(file),
            Err(failure) => failure,
        };
        let error = match why {
            Why::Api(error) => error,
            Why::Wrong(problem) => return Err(Verdict::Failed(problem)),
            // Fewer bytes than announced, without a cut: as good as one.
            Why::Library(LibraryError::Incomplete { .. }) => ApiError::Cut { request_id: None },
            Why::Library(error) => return Err(Verdict::Failed(disk(cx, error).await)),
        };
        if let Some(wait) = patience.after(&error, offset) {
            note_attempt(cx, wanted.key).await;
            tokio::time::sleep(cx.timings().wait(wait)).await;
        } else if !is_looked_up && let Some(url) = look_up(cx, session, wanted, &transfer.url).await
        {
            // The studio has another port today, or a signed address has expired.
            is_looked_up = true;
            patience = Patience::default();
            transfer.url = url;
        } else {
            return Err(verdict(error));
        }
    }
}

fn verdict(error: ApiError) -> Verdict {
    match error {
        ApiError::FileServer {
            status: 404 | 410, ..
        } => Verdict::Dead(error.into_download_problem()),
        ApiError::Offline { .. }
        | ApiError::Connect { .. }
        | ApiError::Timeout
        | ApiError::Cut { .. } => Verdict::Unreachable(error.into_download_problem()),
        error => Verdict::Failed(error.into_download_problem()),
    }
}

/// How often and how long to wait for a file that does not come.
#[derive(Default)]
struct Patience {
    tries: u32,
    furthest: u64,
}

impl Patience {
    /// How long to wait before the next attempt; `None` when there is no sense in another.
    fn after(&mut self, error: &ApiError, offset: u64) -> Option<Duration> {
        if offset > self.furthest {
            // Something came: a long film over a bad line may be cut many times.
            (self.furthest, self.tries) = (offset, 0);
        }
        if !error.is_retryable_get() || self.tries == RETRIES {
            return None;
        }
        let wait = FIRST_WAIT * 2_u32.pow(self.tries);
        self.tries += 1;
        let asked = error.retry_after().unwrap_or_default();
        (asked <= LONGEST_WAIT).then(|| wait.max(asked))
    }
}

/// Asks FLORA where the output is now; `None` when that is no news.
async fn look_up(cx: &Cx, session: &Session, wanted: &WantedOutput, known: &str) -> Option<String> {
    let (row, output) = (wanted.run, wanted.key);
    let run = cx.db().call(move |library| library.run(row)).await.ok()?;
    let id = run.run_id?;
    let answer = session.client()?.run(run.technique.as_str(), id.as_str());
    let update = convert::run(run.technique.clone(), answer.await.ok()?);
    let profile = session.id().clone();
    let content = cx.db().call(move |library| {
        library.save_run(&profile, &update)?;
        Ok(library.output_content(output)?.content)
    });
    match content.await.ok()? {
        OutputContent::Url(url) if url != known => Some(url),
        _ => None,
    }
}

async fn note_attempt(cx: &Cx, output: OutputKey) {
    let noted = cx.db().call(move |library| library.output_retried(output));
    if let Err(error) = noted.await {
        tracing::debug!(%error, "an attempt was not counted");
    }
}

/// The disk refuses: said at the window's edge too, for it is about more than this file.
async fn disk(cx: &Cx, error: LibraryError) -> Problem {
    let problem = Problem::from(error);
    cx.outbox().warn(&problem).await;
    problem
}

async fn bury(cx: &Cx, output: OutputKey, problem: Problem) -> Problem {
    let noted = cx
        .db()
        .call(move |library| library.output_link_dead(output));
    tell(cx, noted.await);
    problem
}

async fn give_up(cx: &Cx, output: OutputKey, problem: Problem) -> Problem {
    let words = match problem.hint.as_str() {
        "" => problem.summary.clone(),
        hint => format!("{}: {hint}", problem.summary),
    };
    let noted = cx
        .db()
        .call(move |library| library.output_failed(output, &words));
    tell(cx, noted.await);
    problem
}

/// The network is away. What is to be kept stays marked so, and [`super::resume`] goes on with it when the service is
/// back; what was only looked at or saved stays at FLORA.
async fn unreachable(cx: &Cx, job: &Job<Session>, problem: Problem) -> Problem {
    let output = job.output;
    let known = cx.db().call(move |library| library.archived_output(output));
    let is_to_be_kept = known
        .await
        .is_ok_and(|known| known.archive == Archive::Fetching);
    if is_to_be_kept && job.source.is_open() {
        // The service answers, only the file's server does not.
        return give_up(cx, output, problem).await;
    }
    problem
}

fn tell(cx: &Cx, noted: Result<Saved, DbError>) {
    match noted {
        Ok(saved) => news::saved(cx, &[saved]),
        Err(error) => tracing::warn!(%error, "what became of an output was not noted"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::Advice;

    fn cut() -> ApiError {
        ApiError::Cut { request_id: None }
    }

    fn server(status: u16, retry_after: Option<u64>) -> ApiError {
        ApiError::FileServer {
            status,
            advice: Advice {
                retry_after: retry_after.map(Duration::from_secs),
                should_retry: None,
            },
        }
    }

    #[test]
    fn three_attempts_that_bring_nothing_are_the_end() {
        let mut patience = Patience::default();
        let waits: Vec<_> = (0..4).map(|_| patience.after(&cut(), 0)).collect();
        let half = Duration::from_millis(500);
        assert_eq!(waits, [Some(half), Some(half * 2), Some(half * 4), None]);
    }

    #[test]
    fn a_transfer_that_gets_further_may_be_cut_as_often_as_it_takes() {
        let mut patience = Patience::default();
        for piece in 1..50 {
            assert!(patience.after(&cut(), piece * 1000).is_some(), "{piece}");
        }
    }

    #[test]
    fn a_server_that_says_no_is_not_asked_again() {
        assert_eq!(Patience::default().after(&server(403, None), 0), None);
        assert!(matches!(verdict(server(410, None)), Verdict::Dead(_)));
        assert!(matches!(verdict(server(403, None)), Verdict::Failed(_)));
    }

    #[test]
    fn a_server_that_asks_to_wait_is_obeyed_within_reason() {
        let mut patience = Patience::default();
        let wait = patience.after(&server(503, Some(7)), 0);
        assert_eq!(wait, Some(Duration::from_secs(7)));
        assert_eq!(patience.after(&server(503, Some(3600)), 0), None);
    }
}
