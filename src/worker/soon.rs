//! Something to be done a little later, once for many calls.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::Mutex;

use super::cx::Cx;

/// Work that may be asked for much more often than it is worth doing. Never runs twice at the same time.
#[derive(Clone, Default)]
pub struct Soon {
    due: Arc<AtomicBool>,
    running: Arc<Mutex<()>>,
}

impl Soon {
    /// Does `work` after `wait`, unless it is due already. What changes while it runs makes it run once more.
    pub fn call<F>(&self, cx: &Cx, wait: Duration, work: impl FnOnce(Cx) -> F + Send + 'static)
    where
        F: Future<Output = ()> + Send,
    {
        if self.due.swap(true, Ordering::SeqCst) {
            return;
        }
        let (this, context) = (self.clone(), cx.clone());
        let wait = cx.timings().wait(wait);
        cx.spawn(async move {
            tokio::time::sleep(wait).await;
            let _turn = this.running.lock().await;
            // Before the work begins to look, so that a change it does not see makes it due again.
            this.due.store(false, Ordering::SeqCst);
            work(context).await;
        });
    }
}
