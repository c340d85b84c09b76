//! One desk a technique: starts share it, looking for a lost one has it alone.
//!
//! While somebody looks through the history for a run whose answer was lost, a start of the same technique whose
//! answer has not been filed yet would look just like it. So looking waits for the starts that are on their way, and
//! starts wait for the look.
//!
//! FLORA's history keeps no inputs, so when several answers are lost at once only the order of the starts tells which
//! run is whose. Therefore starts with different inputs take turns; equal ones, which are as good as each other, go
//! together.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{Notify, OwnedRwLockReadGuard, OwnedRwLockWriteGuard, RwLock};

use crate::model::{LaunchOrder, OrderInput, ProfileId, TechniqueId};

/// The desks, by profile and technique. They outlive sessions, as a start may.
#[derive(Default)]
pub(super) struct Desks(Mutex<HashMap<(ProfileId, TechniqueId), Arc<Desk>>>);

#[derive(Default)]
struct Desk {
    lock: Arc<RwLock<()>>,
    group: Mutex<Group>,
    left: Notify,
}

/// The starts on their way, all with the same inputs.
#[derive(Default)]
struct Group {
    inputs: Vec<OrderInput>,
    starts: usize,
}

/// A start on its way.
pub(super) struct Starting {
    // In this order: the next group may come once this one has left the desk.
    _shared: OwnedRwLockReadGuard<()>,
    _turn: Turn,
}

/// A place in the group.
struct Turn(Arc<Desk>);

/// The desk for oneself.
pub(super) struct Alone(#[expect(dead_code, reason = "held, not read")] OwnedRwLockWriteGuard<()>);

impl Desks {
    /// Comes to the desk with a start; waits for others with other inputs, and for one who looks.
    pub async fn start(&self, profile: &ProfileId, order: &LaunchOrder) -> Starting {
        let desk = self.desk(profile, &order.technique);
        let turn = Desk::join(&desk, &order.inputs).await;
        Starting {
            _shared: Arc::clone(&desk.lock).read_owned().await,
            _turn: turn,
        }
    }

    /// Has the desk alone; waits for starts to be filed.
    pub async fn alone(&self, profile: &ProfileId, technique: &TechniqueId) -> Alone {
        let desk = self.desk(profile, technique);
        Alone(Arc::clone(&desk.lock).write_owned().await)
    }

    /// Whether a start is on its way.
    pub fn is_busy(&self, profile: &ProfileId, technique: &TechniqueId) -> bool {
        self.desk(profile, technique).group().starts > 0
    }

    fn desk(&self, profile: &ProfileId, technique: &TechniqueId) -> Arc<Desk> {
        let mut desks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (profile.clone(), technique.clone());
        Arc::clone(desks.entry(key).or_default())
    }
}

impl Desk {
    async fn join(desk: &Arc<Self>, inputs: &[OrderInput]) -> Turn {
        loop {
            let left = desk.left.notified();
            tokio::pin!(left);
            // Before looking, so that nobody leaves unnoticed in between.
            left.as_mut().enable();
            if desk.group().admits(inputs) {
                return Turn(Arc::clone(desk));
            }
            left.await;
        }
    }

    fn group(&self) -> MutexGuard<'_, Group> {
        self.group.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Group {
    fn admits(&mut self, inputs: &[OrderInput]) -> bool {
        if self.starts == 0 {
            self.inputs = inputs.to_vec();
        }
        let admitted = self.inputs == inputs;
        self.starts += usize::from(admitted);
        admitted
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.0.group().starts -= 1;
        self.0.left.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{InputId, LaunchId, MediaKind, OrderValue, now};

    fn order(words: &str) -> LaunchOrder {
        LaunchOrder {
            id: LaunchId::fresh(),
            technique: TechniqueId::new("tech_a"),
            technique_name: "A".into(),
            listed_cost: None,
            inputs: vec![OrderInput {
                id: InputId::new("words"),
                name: "Words".to_owned(),
                kind: MediaKind::Text,
                value: OrderValue::Text(words.to_owned()),
            }],
            created_at: now(),
        }
    }

    /// Whether this is done without anybody else doing anything.
    fn is_done<T>(future: impl Future<Output = T>) -> Option<T> {
        use futures_util::FutureExt;
        future.now_or_never()
    }

    #[test]
    fn equal_starts_go_together_and_different_ones_take_turns() {
        let (desks, profile) = (Desks::default(), ProfileId::studio());
        let first = is_done(desks.start(&profile, &order("sea"))).unwrap();
        let second = is_done(desks.start(&profile, &order("sea"))).unwrap();
        assert!(is_done(desks.start(&profile, &order("land"))).is_none());
        drop((first, second));
        assert!(is_done(desks.start(&profile, &order("land"))).is_some());
    }

    #[test]
    fn who_looks_waits_for_starts_and_starts_wait_for_the_look() {
        let (desks, profile) = (Desks::default(), ProfileId::studio());
        let order = order("sea");
        let start = is_done(desks.start(&profile, &order)).unwrap();
        assert!(desks.is_busy(&profile, &order.technique));
        assert!(is_done(desks.alone(&profile, &order.technique)).is_none());
        drop(start);
        let alone = is_done(desks.alone(&profile, &order.technique)).unwrap();
        assert!(is_done(desks.start(&profile, &order)).is_none());
        drop(alone);
        assert!(!desks.is_busy(&profile, &order.technique));
    }
}
