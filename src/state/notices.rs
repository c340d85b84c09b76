//! Passing messages at the window's edge.

use super::nothing;
use crate::message::Command;
use crate::model::{Notice, NoticeLevel, Problem, Timestamp};

/// Notices in view, oldest first.
#[derive(Debug, Default)]
pub struct NoticeState {
    pub shown: Vec<(Timestamp, Notice)>,
}

/// More would bury each other.
const MOST: usize = 4;

impl NoticeState {
    pub(super) fn add(&mut self, notice: Notice, now: Timestamp) -> Vec<Command> {
        // The same sentence again only renews the one in view.
        self.shown.retain(|(_, shown)| shown.text != notice.text);
        self.shown.push((now, notice));
        if self.shown.len() > MOST {
            self.shown.remove(0);
        }
        nothing()
    }

    pub(super) fn add_problem(&mut self, problem: Problem, now: Timestamp) -> Vec<Command> {
        let text = if problem.hint.is_empty() {
            problem.summary
        } else {
            format!("{}. {}", problem.summary, problem.hint)
        };
        let notice = Notice {
            level: NoticeLevel::Error,
            text,
            details: problem.details,
            actions: Vec::new(),
        };
        self.add(notice, now)
    }

    pub(super) fn dismiss(&mut self, index: usize) -> Vec<Command> {
        if index < self.shown.len() {
            self.shown.remove(index);
        }
        nothing()
    }
}
