//! Starting and ending the worker.

use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};
use tokio_util::sync::CancellationToken;

use super::cx::{Cx, WorkerConfig};
use super::db::DbThread;
use super::inbox::Inbox;
use super::outbox::{self, Received};
use super::{activity, carry_out, connect, drafts, preview, settings, sidecars};
use crate::message::{Command, Event};

/// How long ending may take in all.
const PATIENCE: Duration = Duration::from_secs(3);

/// How long the tasks under way get to notice that it is over.
const TASKS: Duration = Duration::from_millis(500);

/// How long the library gets to finish what it was asked; a part of [`PATIENCE`].
const LIBRARY: Duration = Duration::from_secs(2);

/// Threads for waiting on the network and for small work.
const THREADS: usize = 2;

/// Threads that may block, at most; errands take fewer (see [`Cx::blocking`]).
const BLOCKING_THREADS: usize = 8;

/// The worker, as the window holds it. Dropping it ends the worker; what is recorded stays recorded.
pub struct Handle {
    inbox: Inbox,
    received: Received,
    cancel: CancellationToken,
    thread: Option<JoinHandle<()>>,
    /// Disconnected once the thread is done.
    running: Receiver<()>,
}

/// Starts the worker; `wake` is called when there are events, from any thread and without waiting.
///
/// # Errors
/// When the system gives no threads.
pub fn start(
    config: WorkerConfig,
    wake: impl Fn() + Send + Sync + 'static,
) -> std::io::Result<Handle> {
    let (outbox, received) = outbox::channel(wake);
    let runtime = Builder::new_multi_thread()
        .worker_threads(THREADS)
        .max_blocking_threads(BLOCKING_THREADS)
        .thread_name("worker-async")
        .enable_all()
        .build()?;
    if config.settings.library_folder.is_none() {
        // The platform's place is made at the first start; a chosen one must be there.
        if let Err(error) = std::fs::create_dir_all(&config.places.data) {
            tracing::warn!(%error, "no folder for the library");
        }
    }
    let said = outbox.clone();
    let library = DbThread::start(config.library_folder(), move |notes| {
        for note in notes {
            said.send_blocking(Event::Noticed(outbox::notice(&note)));
        }
    })?;
    let cx = Cx::new(config, library.db(), outbox);
    let cancel = cx.cancel_token().clone();
    let inbox = Inbox::default();
    let commands = inbox.clone();
    let (alive, running) = sync_channel(0);
    let thread = std::thread::Builder::new()
        .name("worker".to_owned())
        .spawn(move || {
            run(&cx, runtime, &commands, library);
            drop(alive);
        })?;
    Ok(Handle {
        inbox,
        received,
        cancel,
        thread: Some(thread),
        running,
    })
}

impl Handle {
    /// Hands over a command. Never waits.
    pub fn send(&self, command: Command) {
        self.inbox.put(command);
    }

    /// What has happened since the last call. Never waits.
    pub fn try_events(&mut self) -> Vec<Event> {
        self.received.drain()
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.cancel.cancel();
        // Before joining: a task that waits to report would otherwise wait for us for ever.
        self.received.close();
        let Some(thread) = self.thread.take() else {
            return;
        };
        match self.running.recv_timeout(PATIENCE) {
            Err(RecvTimeoutError::Disconnected) => {
                thread.join().ok();
            }
            _ => tracing::warn!("the worker did not end in time"),
        }
    }
}

/// Carries out commands until it is over, then ends everything in order.
fn run(cx: &Cx, runtime: Runtime, commands: &Inbox, mut library: DbThread) {
    runtime.block_on(async {
        connect::open_first(cx);
        preview::prune(cx);
        activity::follow_days(cx);
        let over = cx.cancel_token().cancelled();
        tokio::pin!(over);
        loop {
            tokio::select! {
                () = &mut over => break,
                command = commands.take() => carry_out(cx, command),
            }
        }
        // What the person did just before closing still counts: orders and drafts are written, nothing is sent.
        for command in commands.drain() {
            if is_recorded(&command) {
                carry_out(cx, command);
            }
        }
        drafts::flush(cx).await;
        settings::flush(cx).await;
        // The rest stays due for the next start.
        tokio::time::timeout(TASKS, sidecars::flush(cx)).await.ok();
        connect::end(cx).await;
        cx.tasks().close();
        tokio::time::timeout(TASKS, cx.tasks().wait()).await.ok();
    });
    runtime.shutdown_timeout(Duration::from_millis(300));
    if !library.end(LIBRARY) {
        tracing::warn!("the library did not close in time");
    }
}

/// Commands whose errand begins by writing something down.
fn is_recorded(command: &Command) -> bool {
    matches!(
        command,
        Command::Launch(_) | Command::Discard(_) | Command::SaveDraft(_) | Command::SaveSettings(_)
    )
}
