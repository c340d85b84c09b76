//! Which questions stand, what was answered last, and what to answer next. Pure.

use std::collections::BTreeSet;
use std::num::NonZeroUsize;
use std::sync::Arc;

use lru::LruCache;

use crate::message::HistoryAnswer;
use crate::model::{HistoryQuery, Problem, RowKey, TechniqueId};

/// Rows that the window may still hold: as many as it keeps.
const SHOWN: NonZeroUsize = NonZeroUsize::new(4096).expect("not zero");

/// Of so few changed rows all are sent; of more only those the window has asked for. An import would otherwise push
/// the rows in view out of the window's store.
const FEW: usize = 64;

/// The questions that stand.
pub(super) struct Standing {
    history: Option<HistoryQuestion>,
    results: Option<ResultsQuestion>,
    changed: BTreeSet<RowKey>,
    shown: LruCache<RowKey, ()>,
    /// Whether a task is answering.
    answering: bool,
}

struct HistoryQuestion {
    generation: u64,
    query: Arc<HistoryQuery>,
    freshness: Freshness,
    last: Option<Result<HistoryAnswer, Problem>>,
}

struct ResultsQuestion {
    technique: TechniqueId,
    freshness: Freshness,
    last: Option<Arc<[RowKey]>>,
}

/// Whether there is an answer, and whether it still holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Freshness {
    /// Never answered: to be answered at once.
    Unanswered,
    Stale,
    Fresh,
}

/// What to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Errand {
    /// The history's question is new.
    History,
    /// The results' question is new.
    Results,
    /// Answer again, after the pause.
    Changes,
}

/// What changed since the last look.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Changes {
    /// Rows to send.
    pub rows: Vec<RowKey>,
    pub history: Freshness,
    pub results: Freshness,
}

impl Default for Standing {
    fn default() -> Self {
        Self {
            history: None,
            results: None,
            changed: BTreeSet::new(),
            shown: LruCache::new(SHOWN),
            answering: false,
        }
    }
}

impl Standing {
    /// A question in place of the former one. True when a task must be started to answer.
    pub fn ask_history(&mut self, generation: u64, query: Arc<HistoryQuery>) -> bool {
        self.history = Some(HistoryQuestion {
            generation,
            query,
            freshness: Freshness::Unanswered,
            last: None,
        });
        self.begin()
    }

    /// A question in place of the former one. True when a task must be started to answer.
    pub fn ask_results(&mut self, technique: TechniqueId) -> bool {
        self.results = Some(ResultsQuestion {
            technique,
            freshness: Freshness::Unanswered,
            last: None,
        });
        self.begin()
    }

    /// These rows are not as they were. True when a task must be started to answer.
    pub fn changed(&mut self, rows: &[RowKey]) -> bool {
        self.changed.extend(rows);
        for freshness in [
            self.history.as_mut().map(|history| &mut history.freshness),
            self.results.as_mut().map(|results| &mut results.freshness),
        ]
        .into_iter()
        .flatten()
        {
            if *freshness == Freshness::Fresh {
                *freshness = Freshness::Stale;
            }
        }
        self.begin()
    }

    /// The window has asked for these rows and holds them from now on.
    pub fn note_shown(&mut self, rows: &[RowKey]) {
        for row in rows {
            self.shown.put(*row, ());
        }
    }

    /// Nothing is asked any more.
    pub fn reset(&mut self) {
        *self = Self {
            answering: self.answering,
            ..Self::default()
        };
    }

    /// What to do next; the task ends with `None`.
    pub fn next(&mut self) -> Option<Errand> {
        let freshness = |question: Option<Freshness>| question.unwrap_or(Freshness::Fresh);
        let history = freshness(self.history.as_ref().map(|history| history.freshness));
        let results = freshness(self.results.as_ref().map(|results| results.freshness));
        if history == Freshness::Unanswered {
            return Some(Errand::History);
        }
        if results == Freshness::Unanswered {
            return Some(Errand::Results);
        }
        let is_stale = [history, results].contains(&Freshness::Stale);
        if is_stale || !self.changed.is_empty() {
            return Some(Errand::Changes);
        }
        self.answering = false;
        None
    }

    /// The task ends although something may be asked.
    pub fn fall_idle(&mut self) {
        self.answering = false;
    }

    /// What changed since the last call.
    pub fn take_changes(&mut self) -> Changes {
        let changed = std::mem::take(&mut self.changed);
        let all = changed.len() <= FEW;
        let rows = changed
            .into_iter()
            .filter(|row| all || self.shown.contains(row))
            .collect();
        Changes {
            rows,
            history: self
                .history
                .as_ref()
                .map_or(Freshness::Fresh, |history| history.freshness),
            results: self
                .results
                .as_ref()
                .map_or(Freshness::Fresh, |results| results.freshness),
        }
    }

    /// The history's question, about to be answered: what changes from now on counts as a change.
    pub fn begin_history(&mut self) -> Option<(u64, Arc<HistoryQuery>)> {
        let history = self.history.as_mut()?;
        history.freshness = Freshness::Fresh;
        Some((history.generation, Arc::clone(&history.query)))
    }

    /// The results' question, about to be answered.
    pub fn begin_results(&mut self) -> Option<TechniqueId> {
        let results = self.results.as_mut()?;
        results.freshness = Freshness::Fresh;
        Some(results.technique.clone())
    }

    /// Keeps an answer; true when the question still stands and the answer is another than before.
    pub fn is_news(&mut self, generation: u64, answer: &Result<HistoryAnswer, Problem>) -> bool {
        let Some(history) = self.history.as_mut() else {
            return false;
        };
        if history.generation != generation || history.last.as_ref() == Some(answer) {
            return false;
        }
        history.last = Some(answer.clone());
        true
    }

    /// Keeps an answer; true when the question still stands and the answer is another than before.
    pub fn are_news(&mut self, technique: &TechniqueId, keys: &Arc<[RowKey]>) -> bool {
        let Some(results) = self.results.as_mut() else {
            return false;
        };
        if results.technique != *technique || results.last.as_ref() == Some(keys) {
            return false;
        }
        results.last = Some(Arc::clone(keys));
        true
    }

    fn begin(&mut self) -> bool {
        !std::mem::replace(&mut self.answering, true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(key: i64) -> RowKey {
        RowKey::new(key)
    }

    fn query(text: &str) -> Arc<HistoryQuery> {
        Arc::new(HistoryQuery {
            text: text.to_owned(),
            ..HistoryQuery::default()
        })
    }

    fn answer(keys: &[i64]) -> Result<HistoryAnswer, Problem> {
        Ok(HistoryAnswer {
            keys: keys.iter().copied().map(row).collect(),
            ..HistoryAnswer::default()
        })
    }

    /// A standing question that was answered once.
    fn answered() -> Standing {
        let mut standing = Standing::default();
        assert!(standing.ask_history(1, query("")));
        assert_eq!(standing.next(), Some(Errand::History));
        standing.begin_history().unwrap();
        assert!(standing.is_news(1, &answer(&[1, 2])));
        assert_eq!(standing.next(), None);
        standing
    }

    #[test]
    fn a_newer_question_replaces_one_that_was_not_begun() {
        let mut standing = Standing::default();
        standing.ask_history(1, query("a"));
        standing.ask_history(2, query("b"));
        let (generation, asked) = standing.begin_history().unwrap();
        assert_eq!((generation, asked.text.as_str()), (2, "b"));
    }

    #[test]
    fn an_answer_to_a_question_that_was_replaced_is_kept_from_the_window() {
        let mut standing = Standing::default();
        standing.ask_history(1, query("a"));
        standing.begin_history();
        standing.ask_history(2, query("b"));
        assert!(!standing.is_news(1, &answer(&[1])));
        assert_eq!(standing.next(), Some(Errand::History));
    }

    #[test]
    fn only_an_answer_that_differs_is_news() {
        let mut standing = answered();
        assert!(standing.changed(&[row(2)]), "a task must be started");
        assert!(!standing.changed(&[row(1)]), "one is enough");
        assert_eq!(standing.next(), Some(Errand::Changes));
        assert_eq!(standing.take_changes().history, Freshness::Stale);
        standing.begin_history();
        assert!(!standing.is_news(1, &answer(&[1, 2])));
        assert!(standing.is_news(1, &answer(&[2, 1])));
    }

    #[test]
    fn a_change_while_an_answer_is_made_is_answered_again() {
        let mut standing = answered();
        standing.changed(&[row(1)]);
        standing.take_changes();
        standing.begin_history();
        standing.changed(&[row(2)]);
        standing.is_news(1, &answer(&[2, 1]));
        assert_eq!(standing.next(), Some(Errand::Changes));
    }

    #[test]
    fn an_import_does_not_push_out_the_rows_in_view() {
        let mut standing = answered();
        standing.note_shown(&[row(7), row(9999)]);
        let many: Vec<RowKey> = (0..200).map(row).collect();
        standing.changed(&many);
        assert_eq!(standing.take_changes().rows, [row(7)]);
        standing.changed(&[row(500)]);
        assert_eq!(standing.take_changes().rows, [row(500)], "few are all sent");
    }

    #[test]
    fn another_profile_voids_what_was_asked_and_shown() {
        let mut standing = answered();
        standing.note_shown(&[row(1)]);
        standing.reset();
        assert!(!standing.is_news(1, &answer(&[5])));
        assert_eq!(standing.next(), None);
    }
}
