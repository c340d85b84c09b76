//! Runs the runs: a few workers take the longest waiting run from the store, do its work, and write how it ended.
//!
//! The store is the queue. A worker that the studio's end interrupts writes nothing: its run is still `running` in the
//! store, and the next start makes it wait again.

mod inputs;
mod outputs;
mod worker;

use std::collections::HashMap;
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use lru::LruCache;
use tokio::sync::Notify;
use tokio_util::task::TaskTracker;

use super::context::Cx;

/// What is known of the runs under way, beyond the store.
#[derive(Default)]
pub(super) struct Engine {
    called: Notify,
    live: Mutex<HashMap<String, Arc<Live>>>,
    ended: Mutex<Ended>,
}

/// Runs that ended a moment ago: an answer whose row was read before that must not say that they begin.
struct Ended(LruCache<String, ()>);

impl Default for Ended {
    fn default() -> Self {
        const MOST: NonZeroUsize = NonZeroUsize::new(256).expect("not zero");
        Self(LruCache::new(MOST))
    }
}

impl Engine {
    /// Starts the workers; they end when the studio closes.
    pub(super) fn start(cx: &Arc<Cx>, workers: usize, tasks: &TaskTracker) {
        for _ in 0..workers.max(1) {
            tasks.spawn(worker::work(Arc::clone(cx)));
        }
    }

    /// Says that a run waits.
    pub(super) fn call(&self) {
        self.called.notify_waiters();
    }

    /// 0 to 99, of a run under way.
    pub(super) fn progress(&self, run_id: &str) -> Option<f64> {
        let live = self.live().get(run_id).map(|live| live.progress());
        live.or_else(|| self.ended().0.contains(run_id).then_some(99.0))
    }

    fn begin(&self, run_id: &str, minimum: Duration) -> Arc<Live> {
        let live = Arc::new(Live {
            begun: Instant::now(),
            minimum,
            done: AtomicU32::new(0),
        });
        self.ended().0.pop(run_id);
        self.live().insert(run_id.to_owned(), Arc::clone(&live));
        live
    }

    fn end(&self, run_id: &str) {
        // In this order, so that nobody finds it in neither.
        self.ended().0.put(run_id.to_owned(), ());
        self.live().remove(run_id);
    }

    fn ended(&self) -> MutexGuard<'_, Ended> {
        self.ended.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn live(&self) -> MutexGuard<'_, HashMap<String, Arc<Live>>> {
        self.live.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A run under way.
struct Live {
    begun: Instant,
    minimum: Duration,
    /// The bits of an `f32` from 0.0 to 1.0.
    done: AtomicU32,
}

impl Live {
    /// Takes what the technique reports.
    fn report(&self, fraction: f32) {
        self.done.store(fraction.to_bits(), Ordering::Relaxed);
    }

    /// The work or the pace, whichever is behind: so it moves smoothly even when the work is quick.
    fn progress(&self) -> f64 {
        let done = f64::from(f32::from_bits(self.done.load(Ordering::Relaxed)));
        let paced = if self.minimum.is_zero() {
            1.0
        } else {
            self.begun.elapsed().as_secs_f64() / self.minimum.as_secs_f64()
        };
        (done.min(paced) * 99.0).clamp(0.0, 99.0).floor()
    }

    /// What is left of the least time.
    fn rest(&self) -> Duration {
        self.minimum.saturating_sub(self.begun.elapsed())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_follows_the_slower_of_work_and_pace_and_stays_below_100() {
        let engine = Engine::default();
        let unpaced = engine.begin("run_1", Duration::ZERO);
        unpaced.report(0.5);
        assert_eq!(engine.progress("run_1"), Some(49.0));
        unpaced.report(1.0);
        assert_eq!(engine.progress("run_1"), Some(99.0));
        let paced = engine.begin("run_2", Duration::from_secs(3600));
        paced.report(1.0);
        assert_eq!(engine.progress("run_2"), Some(0.0));
        engine.end("run_1");
        assert_eq!(
            engine.progress("run_1"),
            Some(99.0),
            "an answer that is late"
        );
        assert_eq!(engine.progress("run_3"), None);
    }
}
