//! The library's thread: it alone owns the database and does what it is asked, in order.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::sync::oneshot;

use crate::library::{Library, LibraryError};
use crate::model::Problem;

/// The way to the library. Cheap to clone.
#[derive(Clone)]
pub struct Db(Arc<Shared>);

/// Why a call has no answer.
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    #[error(transparent)]
    Library(#[from] LibraryError),
    /// The library could not be opened; the app runs without it.
    #[error("{0}")]
    NotOpen(Problem),
    /// The app is ending.
    #[error("the app is closing")]
    Ending,
}

impl From<DbError> for Problem {
    fn from(error: DbError) -> Self {
        match error {
            DbError::Library(error) => Self::from(error),
            DbError::NotOpen(problem) => problem,
            DbError::Ending => Self::new("Florist is closing"),
        }
    }
}

/// A call on its way; with a problem in place of the library when there is none.
type Job = Box<dyn FnOnce(Result<&mut Library, &Problem>) + Send>;

struct Shared {
    queue: Mutex<Queue>,
    changed: Condvar,
}

#[derive(Default)]
struct Queue {
    jobs: VecDeque<Job>,
    state: Accepts,
}

#[derive(Default, PartialEq, Eq)]
enum Accepts {
    #[default]
    Jobs,
    Nothing,
}

/// The thread itself. Ending it waits for what was asked before.
pub struct DbThread {
    db: Db,
    thread: Option<JoinHandle<()>>,
    /// Disconnected once the thread is done.
    running: Receiver<()>,
}

impl Db {
    /// Does `work` on the library's thread and hands back its answer.
    ///
    /// The call is in the queue when this returns: calls take effect in the order they were made, and also when
    /// the answer is never awaited.
    ///
    /// # Errors
    /// What `work` says; [`DbError::NotOpen`] without a library; [`DbError::Ending`] when the app is closing.
    pub fn call<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Library) -> Result<T, LibraryError> + Send + 'static,
    ) -> impl Future<Output = Result<T, DbError>> + Send + 'static {
        let (sender, receiver) = oneshot::channel();
        self.put(Box::new(move |library| {
            let answer = match library {
                Ok(library) => work(library).map_err(DbError::from),
                Err(problem) => Err(DbError::NotOpen(problem.clone())),
            };
            // Nobody may be waiting any more; the work is done all the same.
            sender.send(answer).ok();
        }));
        async move { receiver.await.unwrap_or(Err(DbError::Ending)) }
    }

    fn put(&self, job: Job) {
        let mut queue = self.queue();
        if queue.state == Accepts::Jobs {
            queue.jobs.push_back(job);
            self.0.changed.notify_one();
        }
    }

    /// The next job; `None` when there will be no more.
    fn next(&self) -> Option<Job> {
        let mut queue = self.queue();
        loop {
            if let Some(job) = queue.jobs.pop_front() {
                return Some(job);
            }
            if queue.state == Accepts::Nothing {
                return None;
            }
            queue = self
                .0
                .changed
                .wait(queue)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.0.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl DbThread {
    /// Opens the library in this folder on a thread of its own. What there is to say about its opening goes to
    /// `say`, once; without a library every call answers with the same problem.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(
        folder: PathBuf,
        say: impl FnOnce(Vec<Problem>) + Send + 'static,
    ) -> std::io::Result<Self> {
        let db = Db(Arc::new(Shared {
            queue: Mutex::default(),
            changed: Condvar::new(),
        }));
        let jobs = db.clone();
        let (alive, running) = sync_channel(0);
        let thread = std::thread::Builder::new()
            .name("library".to_owned())
            .spawn(move || {
                work(&folder, &jobs, say);
                drop(alive);
            })?;
        Ok(Self {
            db,
            thread: Some(thread),
            running,
        })
    }

    /// The way to it.
    pub fn db(&self) -> Db {
        self.db.clone()
    }

    /// Takes no more calls, finishes those made, and closes the library; true when that was done in time.
    pub fn end(&mut self, patience: Duration) -> bool {
        self.db.queue().state = Accepts::Nothing;
        self.db.0.changed.notify_all();
        let Some(thread) = self.thread.take() else {
            return true;
        };
        match self.running.recv_timeout(patience) {
            Err(RecvTimeoutError::Disconnected) => thread.join().is_ok(),
            _ => false,
        }
    }
}

impl Drop for DbThread {
    fn drop(&mut self) {
        self.end(Duration::from_secs(1));
    }
}

fn work(folder: &Path, jobs: &Db, say: impl FnOnce(Vec<Problem>)) {
    match Library::open(folder) {
        Ok(opened) => {
            say(opened.notes);
            serve(jobs, opened.library);
        }
        Err(error) => {
            let problem = Problem::from(&error);
            tracing::error!(%error, "the library cannot be opened");
            say(vec![problem.clone()]);
            refuse(jobs, &problem);
        }
    }
}

fn serve(jobs: &Db, mut library: Library) {
    while let Some(job) = jobs.next() {
        job(Ok(&mut library));
    }
    if let Err(error) = library.close() {
        tracing::warn!(%error, "the library did not close in order");
    }
}

fn refuse(jobs: &Db, problem: &Problem) {
    while let Some(job) = jobs.next() {
        job(Err(problem));
    }
}
