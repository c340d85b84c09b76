//! The inbox: commands wait here in order, and the window never waits for them to be taken.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use crate::message::Command;

/// Commands on their way to the worker. Of those where only the last counts, only the last is kept.
#[derive(Clone, Default)]
pub struct Inbox(Arc<Inner>);

#[derive(Default)]
struct Inner {
    commands: Mutex<VecDeque<Command>>,
    arrived: Notify,
}

impl Inbox {
    /// Puts a command in. Never waits.
    pub fn put(&self, command: Command) {
        let mut commands = self.commands();
        if let Some(stale) = commands
            .iter()
            .position(|waiting| supersedes(&command, waiting))
        {
            commands.remove(stale);
        }
        commands.push_back(command);
        drop(commands);
        self.0.arrived.notify_one();
    }

    /// The next command, in order.
    pub async fn take(&self) -> Command {
        loop {
            let arrived = self.0.arrived.notified();
            if let Some(command) = self.commands().pop_front() {
                return command;
            }
            arrived.await;
        }
    }

    /// What nobody has taken yet.
    pub fn drain(&self) -> Vec<Command> {
        self.commands().drain(..).collect()
    }

    fn commands(&self) -> MutexGuard<'_, VecDeque<Command>> {
        self.0
            .commands
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether `newer` makes `waiting` pointless.
fn supersedes(newer: &Command, waiting: &Command) -> bool {
    match (newer, waiting) {
        (Command::WantPreviews(_), Command::WantPreviews(_))
        | (Command::AskHistory { .. }, Command::AskHistory { .. })
        | (Command::AskResults(_), Command::AskResults(_))
        | (Command::PollNow, Command::PollNow)
        | (Command::RefreshCatalog, Command::RefreshCatalog)
        | (Command::SaveSettings(_), Command::SaveSettings(_)) => true,
        (Command::SaveDraft(newer), Command::SaveDraft(waiting)) => {
            newer.technique == waiting.technique
        }
        (Command::LoadDetail(newer), Command::LoadDetail(waiting)) => newer == waiting,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{LaunchDraft, RowKey, TechniqueId};

    fn draft(technique: &str, count: u32) -> Command {
        let mut draft = LaunchDraft::new(TechniqueId::new(technique));
        draft.count = count;
        Command::SaveDraft(Arc::new(draft))
    }

    #[tokio::test]
    async fn of_what_only_the_last_counts_only_the_last_is_kept() {
        let inbox = Inbox::default();
        inbox.put(draft("tech_a", 1));
        inbox.put(Command::Repeat(RowKey::new(1)));
        inbox.put(draft("tech_b", 2));
        inbox.put(draft("tech_a", 3));
        inbox.put(Command::Repeat(RowKey::new(1)));
        let mut seen = Vec::new();
        for _ in 0..4 {
            seen.push(match inbox.take().await {
                Command::SaveDraft(draft) => draft.count,
                Command::Repeat(_) => 0,
                other => panic!("unexpected {other:?}"),
            });
        }
        assert_eq!(seen, [0, 2, 3, 0], "two clicks on Repeat are two runs");
    }

    #[tokio::test]
    async fn a_command_wakes_who_waits() {
        let inbox = Inbox::default();
        let waiting = inbox.clone();
        let taken = tokio::spawn(async move { waiting.take().await });
        tokio::task::yield_now().await;
        inbox.put(Command::PollNow);
        assert!(matches!(taken.await.unwrap(), Command::PollNow));
    }
}
