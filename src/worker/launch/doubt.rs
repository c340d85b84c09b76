//! A launch of which nobody knows whether it started, and what to do about it next. Pure.

use std::sync::Arc;
use std::time::Duration;

use super::lane::{Ticket, age};
use super::matching::Doubtful;
use crate::library::OpenLaunch;
use crate::model::{LaunchOrder, Timestamp, now};

/// Looks before anything is sent again, and the wait after each.
const LOOKS: [Duration; 4] = [
    Duration::from_secs(2),
    Duration::from_secs(3),
    Duration::from_secs(5),
    Duration::from_secs(10),
];

/// Looks for a run that FLORA says it has; lists may lag behind.
const PATIENT_LOOKS: usize = 12;

/// FLORA remembers a key for two hours; a little less, so that a slow request does not miss it.
const KEY_LIFE: Duration = Duration::from_secs(2 * 3600 - 300);

/// Sends of one key at most, however young it is.
const MOST_SENDS: u32 = 12;

/// A launch of which nobody knows whether it started.
#[derive(Clone)]
pub(super) struct Doubt {
    pub ticket: Ticket,
    pub first_sent: Timestamp,
    last_sent: Timestamp,
    looks: usize,
    sends: u32,
    /// FLORA said that the key was used: it started, only which run it is remains open.
    pub is_started: bool,
    resend: Resend,
}

/// What may be done when the history does not have it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Resend {
    /// Nothing: the person only wants to know.
    No,
    /// The same key, while it is young.
    WhileYoung,
    /// The same key while it is young, else a new one: the person decided.
    Always,
}

impl Doubt {
    /// The answer to a start was lost just now.
    pub fn fresh(ticket: Ticket, sent_at: Timestamp, is_started: bool) -> Self {
        Self {
            ticket,
            first_sent: sent_at,
            last_sent: sent_at,
            looks: 0,
            sends: 1,
            is_started,
            resend: Resend::WhileYoung,
        }
    }

    /// Left by an earlier session, or by a crash between the start and its answer.
    pub fn of(ticket: Ticket, launch: &OpenLaunch) -> Self {
        let first = launch.first_sent_at.unwrap_or(launch.order.created_at);
        let doubt = Self {
            last_sent: launch.last_sent_at.unwrap_or(first),
            sends: launch.attempts,
            ..Self::fresh(ticket, first, false)
        };
        // Nothing will be sent for an old one, so one look is enough.
        let looks = if doubt.is_young(now()) {
            0
        } else {
            LOOKS.len() - 1
        };
        Self { looks, ..doubt }
    }

    /// The person wants to know.
    pub fn look_once(ticket: Ticket, launch: &OpenLaunch) -> Self {
        Self {
            looks: LOOKS.len() - 1,
            resend: Resend::No,
            ..Self::of(ticket, launch)
        }
    }

    /// The person wants it sent.
    pub fn decided(ticket: Ticket, launch: &OpenLaunch) -> Self {
        Self {
            looks: LOOKS.len() - 1,
            sends: 0,
            resend: Resend::Always,
            ..Self::of(ticket, launch)
        }
    }

    pub fn order(&self) -> &Arc<LaunchOrder> {
        &self.ticket.order
    }

    /// Whether others of its technique should wait: it may be sent again, and then the order of the runs tells which
    /// is whose.
    pub fn holds_others(&self) -> bool {
        !self.is_started && self.resend != Resend::No
    }

    pub fn doubtful(&self) -> Doubtful {
        Doubtful {
            launch: self.order().id,
            first_sent: self.first_sent,
            last_sent: self.last_sent,
        }
    }

    /// It was looked for in vain once more.
    pub fn looked(mut self) -> Self {
        self.looks += 1;
        self
    }

    /// It could not be sent again now: after one more look.
    pub fn not_now(mut self) -> Self {
        self.looks = LOOKS.len() - 1;
        self
    }

    /// It was sent again, and that answer was lost too.
    pub fn lost_again(mut self, sent_at: Timestamp) -> Self {
        self.last_sent = sent_at;
        self.sends += 1;
        self.looks = 0;
        self
    }

    /// FLORA said that its key was used.
    pub fn known_to_have_started(mut self) -> Self {
        self.is_started = true;
        self.looks = 0;
        self
    }

    /// Whether FLORA still remembers its key. A clock that was set back makes it old, to be safe.
    fn is_young(&self, now: Timestamp) -> bool {
        let is_from_the_future = age(now, self.first_sent) > Duration::from_secs(300);
        !is_from_the_future && age(self.first_sent, now) < KEY_LIFE
    }

    /// What to do after another look in vain.
    pub fn next(&self, now: Timestamp) -> Next {
        if self.is_started {
            return match self.looks {
                looks if looks < PATIENT_LOOKS => Next::LookAgain,
                _ => Next::Leave,
            };
        }
        if self.looks < LOOKS.len() {
            return Next::LookAgain;
        }
        match self.resend {
            Resend::WhileYoung | Resend::Always
                if self.is_young(now) && self.sends < MOST_SENDS =>
            {
                Next::SendAgain
            }
            Resend::Always => Next::SendAnew,
            Resend::No | Resend::WhileYoung => Next::Leave,
        }
    }

    /// The wait before the next look.
    pub fn wait(&self) -> Duration {
        let last = LOOKS.len() - 1;
        LOOKS[self.looks.saturating_sub(1).min(last)]
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    LookAgain,
    /// Under the same key.
    SendAgain,
    /// As a new launch.
    SendAnew,
    /// To the person.
    Leave,
}

#[cfg(test)]
mod tests {
    use super::super::lane::Click;
    use super::*;
    use crate::model::{LaunchId, RowKey, TechniqueId};

    fn doubt(resend: Resend) -> Doubt {
        let order = LaunchOrder {
            id: LaunchId::fresh(),
            technique: TechniqueId::new("tech_a"),
            technique_name: "A".into(),
            listed_cost: None,
            inputs: Vec::new(),
            created_at: now(),
        };
        let ticket = Ticket {
            uploads: Arc::default(),
            order: Arc::new(order),
            row: RowKey::new(1),
            workspace: None,
            click: Arc::new(Click::of(1)),
        };
        Doubt {
            resend,
            ..Doubt::fresh(ticket, now(), false)
        }
    }

    fn after_looks(mut doubt: Doubt, looks: usize, hours: i64) -> Next {
        for _ in 0..looks {
            doubt = doubt.looked();
        }
        let later = doubt.first_sent.as_millisecond() + hours * 3_600_000;
        doubt.next(Timestamp::from_millisecond(later).unwrap())
    }

    #[test]
    fn it_is_looked_for_four_times_before_its_key_is_sent_again() {
        for looks in 1..LOOKS.len() {
            let next = after_looks(doubt(Resend::WhileYoung), looks, 0);
            assert_eq!(next, Next::LookAgain, "{looks}");
        }
        let next = after_looks(doubt(Resend::WhileYoung), LOOKS.len(), 0);
        assert_eq!(next, Next::SendAgain);
    }

    #[test]
    fn an_old_key_is_never_sent_again() {
        let looks = LOOKS.len();
        assert_eq!(
            after_looks(doubt(Resend::WhileYoung), looks, 2),
            Next::Leave
        );
        assert_eq!(after_looks(doubt(Resend::Always), looks, 2), Next::SendAnew);
        assert_eq!(after_looks(doubt(Resend::No), looks, 0), Next::Leave);
        assert_eq!(
            after_looks(doubt(Resend::WhileYoung), looks, -3),
            Next::Leave,
            "a clock that was set back makes no key young"
        );
    }

    #[test]
    fn what_flora_says_it_has_is_never_sent_again() {
        let started = doubt(Resend::WhileYoung).known_to_have_started();
        for looks in 1..PATIENT_LOOKS {
            assert_eq!(after_looks(started.clone(), looks, 0), Next::LookAgain);
        }
        assert_eq!(after_looks(started, PATIENT_LOOKS, 0), Next::Leave);
    }

    #[test]
    fn a_key_is_not_sent_for_ever() {
        let mut doubt = doubt(Resend::WhileYoung);
        for _ in 0..MOST_SENDS {
            let sent_at = doubt.first_sent;
            doubt = doubt.lost_again(sent_at);
        }
        assert_eq!(after_looks(doubt, LOOKS.len(), 0), Next::Leave);
    }
}
