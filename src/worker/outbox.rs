//! The outbox: sends an event and wakes the window. Nothing else ever wakes it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::mpsc;

use crate::message::Event;
use crate::model::{Notice, NoticeAction, NoticeLevel, Problem, ProblemAction};

/// Events that may wait for the window before an errand has to.
const CAPACITY: usize = 1024;

/// Where errands report. Cheap to clone.
#[derive(Clone)]
pub struct Outbox {
    sender: mpsc::Sender<Event>,
    bell: Arc<Bell>,
}

/// The window's end.
pub struct Received {
    receiver: mpsc::Receiver<Event>,
    bell: Arc<Bell>,
}

/// At most one wake-up is under way at any time.
struct Bell {
    rung: AtomicBool,
    wake: Box<dyn Fn() + Send + Sync>,
}

/// An outbox and the window's end of it.
pub fn channel(wake: impl Fn() + Send + Sync + 'static) -> (Outbox, Received) {
    let (sender, receiver) = mpsc::channel(CAPACITY);
    let bell = Arc::new(Bell {
        rung: AtomicBool::new(false),
        wake: Box::new(wake),
    });
    let outbox = Outbox {
        sender,
        bell: Arc::clone(&bell),
    };
    (outbox, Received { receiver, bell })
}

impl Outbox {
    /// Sends an event; waits only while the window is a thousand events behind. Without a window it does nothing.
    pub async fn send(&self, event: Event) {
        if self.sender.send(event).await.is_ok() {
            self.bell.ring();
        }
    }

    /// As [`Self::send`], from a thread that may block.
    pub fn send_blocking(&self, event: Event) {
        if self.sender.blocking_send(event).is_ok() {
            self.bell.ring();
        }
    }

    /// Tells the person of a problem that belongs to no screen of its own.
    pub async fn warn(&self, problem: &Problem) {
        self.send(Event::Noticed(notice(problem))).await;
    }
}

/// A problem as a notice at the window's edge.
pub fn notice(problem: &Problem) -> Notice {
    let text = if problem.hint.is_empty() {
        problem.summary.clone()
    } else {
        format!("{}. {}", problem.summary, problem.hint)
    };
    let actions = match problem.action {
        ProblemAction::EnterKey => vec![NoticeAction::EnterKey],
        ProblemAction::ChooseFolder => vec![NoticeAction::ChooseFolder],
        _ => Vec::new(),
    };
    Notice {
        level: NoticeLevel::Error,
        text,
        details: problem.details.clone(),
        actions,
    }
}

impl Received {
    /// What has happened since the last call. Never waits.
    pub fn drain(&mut self) -> Vec<Event> {
        // Before looking, so that what comes after the last look rings again.
        self.bell.rung.store(false, Ordering::SeqCst);
        let mut events = Vec::new();
        while let Ok(event) = self.receiver.try_recv() {
            events.push(event);
        }
        events
    }

    /// From here on nobody waits to report.
    pub fn close(&mut self) {
        self.receiver.close();
    }
}

impl Bell {
    fn ring(&self) {
        if !self.rung.swap(true, Ordering::SeqCst) {
            (self.wake)();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicUsize;

    use super::*;
    use crate::model::ViewCounts;

    #[tokio::test]
    async fn many_events_wake_the_window_once_until_it_has_looked() {
        let wakes = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&wakes);
        let (outbox, mut received) = channel(move || {
            counter.fetch_add(1, Ordering::SeqCst);
        });
        for _ in 0..5 {
            outbox
                .send(Event::CountsChanged(ViewCounts::default()))
                .await;
        }
        assert_eq!(wakes.load(Ordering::SeqCst), 1);
        assert_eq!(received.drain().len(), 5);
        outbox
            .send(Event::CountsChanged(ViewCounts::default()))
            .await;
        assert_eq!(wakes.load(Ordering::SeqCst), 2);
    }

    #[tokio::test]
    async fn a_closed_window_holds_nobody_up() {
        let (outbox, mut received) = channel(|| {});
        for _ in 0..CAPACITY {
            outbox
                .send(Event::CountsChanged(ViewCounts::default()))
                .await;
        }
        received.close();
        outbox
            .send(Event::CountsChanged(ViewCounts::default()))
            .await;
    }
}
