//! One desk a technique: starts share it, looking for a lost one has it alone.
//!
//! While somebody looks through the history for a run whose answer was lost, a start of the same technique whose
//! answer has not been filed yet would look just like it. So looking waits for the starts that are on their way, and
//! starts wait for the look.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{OwnedRwLockReadGuard, OwnedRwLockWriteGuard, RwLock};

use crate::model::{ProfileId, TechniqueId};

/// The desks, by profile and technique. They outlive sessions, as a start may.
#[derive(Default)]
pub(super) struct Desks(Mutex<HashMap<(ProfileId, TechniqueId), Arc<Desk>>>);

#[derive(Default)]
struct Desk {
    lock: Arc<RwLock<()>>,
    starts: AtomicUsize,
}

/// A start on its way.
pub(super) struct Starting {
    desk: Arc<Desk>,
    _shared: OwnedRwLockReadGuard<()>,
}

/// The desk for oneself.
pub(super) struct Alone(#[expect(dead_code, reason = "held, not read")] OwnedRwLockWriteGuard<()>);

impl Desks {
    /// Comes to the desk with a start; waits for one who looks.
    pub async fn start(&self, profile: &ProfileId, technique: &TechniqueId) -> Starting {
        let desk = self.desk(profile, technique);
        let shared = Arc::clone(&desk.lock).read_owned().await;
        desk.starts.fetch_add(1, Ordering::SeqCst);
        Starting {
            desk,
            _shared: shared,
        }
    }

    /// Has the desk alone; waits for starts to be filed.
    pub async fn alone(&self, profile: &ProfileId, technique: &TechniqueId) -> Alone {
        let desk = self.desk(profile, technique);
        Alone(Arc::clone(&desk.lock).write_owned().await)
    }

    /// Whether a start is on its way.
    pub fn is_busy(&self, profile: &ProfileId, technique: &TechniqueId) -> bool {
        self.desk(profile, technique).starts.load(Ordering::SeqCst) > 0
    }

    fn desk(&self, profile: &ProfileId, technique: &TechniqueId) -> Arc<Desk> {
        let mut desks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (profile.clone(), technique.clone());
        Arc::clone(desks.entry(key).or_default())
    }
}

impl Drop for Starting {
    fn drop(&mut self) {
        self.desk.starts.fetch_sub(1, Ordering::SeqCst);
    }
}
