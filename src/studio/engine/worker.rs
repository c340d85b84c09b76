//! One worker: takes runs until the studio closes.

use std::sync::Arc;
use std::time::Duration;

use super::{Live, inputs, outputs};
use crate::studio::clock::millis;
use crate::studio::context::Cx;
use crate::studio::faults::Hold;
use crate::studio::job::{Failure, Job, Made};
use crate::studio::store::files::{self, FileRow};
use crate::studio::store::runs::{self, Ending, RunRow, StoredOutput};

/// How long to leave the store alone after it failed.
const BREATH: Duration = Duration::from_secs(1);

/// Takes runs, the longest waiting first, until the studio closes.
pub(super) async fn work(cx: Arc<Cx>) {
    while let Some(run) = next(&cx).await {
        let pace = run.twist.pace.unwrap_or_else(|| cx.pace.of(&run.run_id));
        let live = cx.engine.begin(&run.run_id, pace);
        carry_out(&cx, &run, &live).await;
        cx.engine.end(&run.run_id);
    }
}

/// The next run, once there is one. `None` when the studio closes.
async fn next(cx: &Arc<Cx>) -> Option<RunRow> {
    loop {
        // Made before looking, so that a start between the look and the wait is not missed.
        let called = cx.engine.called.notified();
        unless_closed(cx, cx.faults.held(Hold::Queue)).await?;
        let now = cx.clock.now();
        match cx.store.run(move |db| runs::claim(db, now)).await {
            Ok(Some(run)) => return Some(run),
            Ok(None) => unless_closed(cx, called).await?,
            Err(error) => {
                tracing::error!(%error, "the studio cannot take the next run");
                unless_closed(cx, tokio::time::sleep(BREATH)).await?;
            }
        }
    }
}

/// Does the work and writes how it ended; writes nothing when the studio closed meanwhile.
async fn carry_out(cx: &Arc<Cx>, run: &RunRow, live: &Arc<Live>) {
    let result = attempt(cx, run, live).await;
    let paced = async {
        tokio::time::sleep(live.rest()).await;
        cx.faults.held(Hold::Ending).await;
    };
    if unless_closed(cx, paced).await.is_none() {
        return;
    }
    if let Err(error) = write_ending(cx, run, result).await {
        tracing::error!(run = run.run_id, %error, "the studio cannot write how a run ended");
    }
}

/// The technique's work on a blocking thread. Its panic is this run's failure.
async fn attempt(cx: &Arc<Cx>, run: &RunRow, live: &Arc<Live>) -> Result<Kept, Failure> {
    let (cx, run, live) = (Arc::clone(cx), run.clone(), Arc::clone(live));
    let work = tokio::task::spawn_blocking(move || {
        let made = make(&cx, &run, &live)?;
        outputs::write(&cx, &run, made).map_err(|error| {
            Failure::new(
                "internal_error",
                format!("An output cannot be kept: {error}"),
            )
        })
    });
    work.await.unwrap_or_else(|_panic| {
        Err(Failure::new(
            "internal_error",
            "The technique stopped unexpectedly",
        ))
    })
}

fn make(cx: &Cx, run: &RunRow, live: &Live) -> Result<Vec<Made>, Failure> {
    if let Some((code, message)) = &run.twist.fail {
        return Err(Failure::new(code, message.as_str()));
    }
    assert!(!run.twist.panic, "a panic was asked for");
    let entry = cx.catalog.find(&run.technique_id).ok_or_else(|| {
        Failure::new(
            "internal_error",
            "This technique is no longer part of the studio",
        )
    })?;
    let job = Job {
        inputs: inputs::gather(cx, run)?,
        progress: &|fraction| {
            live.report(fraction);
            !cx.closing.is_cancelled()
        },
    };
    let made = entry.technique.run(&job)?;
    if made.is_empty() {
        return Err(Failure::new(
            "GENERATION_NO_RESULT",
            "The technique made nothing",
        ));
    }
    live.report(1.0);
    Ok(made)
}

/// Outputs, with their files on disk but not yet in the store.
pub(super) struct Kept {
    pub(super) files: Vec<FileRow>,
    pub(super) outputs: Vec<StoredOutput>,
}

async fn write_ending(
    cx: &Cx,
    run: &RunRow,
    result: Result<Kept, Failure>,
) -> Result<(), crate::studio::store::StoreError> {
    let completed_at = cx.clock.now();
    let cost_delay = run.twist.cost_delay.unwrap_or(cx.cost_delay);
    // A failed run is refunded.
    let charge = match &result {
        Ok(_) => run.twist.charge.unwrap_or(run.quote),
        Err(_) => 0.0,
    };
    let (files, result) = match result {
        Ok(kept) => (kept.files, Ok(kept.outputs)),
        Err(failure) => (Vec::new(), Err((failure.code, failure.message))),
    };
    let ending = Ending {
        completed_at,
        charge,
        charge_at: completed_at + millis(cost_delay),
        result,
    };
    let run = run.clone();
    cx.store
        .run(move |db| {
            for file in &files {
                files::insert(db, file)?;
            }
            runs::finish(db, &run, &ending)
        })
        .await
}

/// Waits for `what`; `None` when the studio closes first.
async fn unless_closed<T>(cx: &Cx, what: impl Future<Output = T>) -> Option<T> {
    tokio::select! {
        biased;
        () = cx.closing.cancelled() => None,
        value = what => Some(value),
    }
}
