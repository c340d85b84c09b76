//! How what FLORA says of a run moves what is known of it: forwards, never back.

use std::sync::Arc;

use crate::model::{
    Cost, ProjectId, RunStatus, RunUpdate, TechniqueId, Timestamp, Usd, WorkspaceId,
};

/// What is known of a run from FLORA.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Facts {
    pub technique: TechniqueId,
    pub technique_name: Arc<str>,
    pub workspace: Option<WorkspaceId>,
    pub project: Option<ProjectId>,
    /// FLORA's word; `None` until it said one.
    pub status: Option<RunStatus>,
    /// 0 to 1; only while it runs, and only once it moved.
    pub progress: Option<f64>,
    pub started_at: Option<Timestamp>,
    pub completed_at: Option<Timestamp>,
    /// What FLORA quoted at the start.
    pub quoted: Option<Usd>,
    pub charged: Option<Usd>,
    pub error_code: Option<String>,
    pub error_message: Option<String>,
}

impl Facts {
    /// Nothing yet but the technique.
    pub fn new(technique: TechniqueId, technique_name: Arc<str>) -> Self {
        Self {
            technique,
            technique_name,
            workspace: None,
            project: None,
            status: None,
            progress: None,
            started_at: None,
            completed_at: None,
            quoted: None,
            charged: None,
            error_code: None,
            error_message: None,
        }
    }

    /// What a run never heard of is known by.
    pub fn first(update: &RunUpdate) -> Self {
        let name = update.technique_name.clone();
        let mut facts = Self::new(
            update.technique.clone(),
            name.unwrap_or_else(|| update.technique.as_str().into()),
        );
        facts.advance(update);
        facts
    }

    /// Takes in an update, which may be older than what is known: a stale page must not turn a finished run
    /// into a running one.
    pub fn advance(&mut self, update: &RunUpdate) {
        self.advance_names(update);
        let (known, new) = (rank(self.status.as_ref()), rank(Some(&update.status)));
        if new < known {
            return;
        }
        if self.is_over() && self.status.as_ref() != Some(&update.status) {
            // Two verdicts: the first one was acted upon. Only money can still change.
            self.charged = update.charged_cost.or(self.charged);
            return;
        }
        self.advance_progress(update, new > known);
        self.status = Some(update.status.clone());
        self.started_at = update.started_at.or(self.started_at);
        if self.is_over() {
            self.completed_at = update.completed_at.or(self.completed_at);
            self.charged = update.charged_cost.or(self.charged);
        } else {
            self.quoted = update.charged_cost.or(self.quoted);
        }
        if update.status == RunStatus::Failed {
            take(&mut self.error_code, &update.error_code);
            take(&mut self.error_message, &update.error_message);
        }
    }

    /// Whether FLORA's verdict is there.
    pub fn is_over(&self) -> bool {
        self.status.as_ref().is_some_and(RunStatus::is_over)
    }

    /// What it costs, given the price at the click. `closed` once FLORA was asked often enough.
    pub fn cost(&self, listed: Option<Usd>, closed: bool) -> Cost {
        let quote = self.quoted.or(listed);
        match (self.is_over(), self.charged) {
            (true, Some(charged)) => Cost::Charged(charged),
            (true, None) if closed => Cost::Unknown,
            (true, None) => quote.map_or(Cost::Unknown, Cost::Settling),
            (false, _) => quote.map_or(Cost::Unknown, Cost::Quote),
        }
    }

    fn advance_names(&mut self, update: &RunUpdate) {
        if let Some(name) = update
            .technique_name
            .as_ref()
            .filter(|name| !name.is_empty())
        {
            self.technique_name = name.clone();
        }
        take(&mut self.workspace, &update.workspace);
        take(&mut self.project, &update.project);
    }

    fn advance_progress(&mut self, update: &RunUpdate, is_later: bool) {
        let told = (update.progress / 100.0).clamp(0.0, 1.0);
        let moved = Some(told).filter(|told| *told > 0.0);
        self.progress = match (update.status.is_over(), is_later) {
            (true, _) => None,
            (false, true) => moved,
            // Two pages may overtake each other; progress is only ever the furthest.
            (false, false) => moved.into_iter().chain(self.progress).reduce(f64::max),
        };
    }
}

/// An absent value takes nothing away.
fn take<T: Clone>(known: &mut Option<T>, new: &Option<T>) {
    if new.is_some() {
        known.clone_from(new);
    }
}

/// How far a status is along. One that this version does not know counts as running.
fn rank(status: Option<&RunStatus>) -> u8 {
    match status {
        None => 0,
        Some(RunStatus::Pending) => 1,
        Some(RunStatus::Running | RunStatus::Other(_)) => 2,
        Some(RunStatus::Completed | RunStatus::Failed) => 3,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::library::testing::update;

    fn any_status() -> impl Strategy<Value = RunStatus> {
        prop_oneof![
            Just(RunStatus::Pending),
            Just(RunStatus::Running),
            Just(RunStatus::Completed),
            Just(RunStatus::Failed),
            Just(RunStatus::Other("queued".into())),
        ]
    }

    proptest! {
        #[test]
        fn no_order_of_updates_moves_a_run_backwards(
            told in prop::collection::vec((any_status(), 0.0..100.0f64), 1..12)
        ) {
            let mut facts = Facts::first(&update("run_1", RunStatus::Pending));
            let mut verdict = None;
            for (status, progress) in told {
                let before = facts.clone();
                facts.advance(&RunUpdate { progress, ..update("run_1", status.clone()) });
                prop_assert!(rank(facts.status.as_ref()) >= rank(before.status.as_ref()));
                if verdict.is_none() && status.is_over() {
                    verdict = Some(status);
                }
                if let Some(verdict) = &verdict {
                    prop_assert_eq!(facts.status.as_ref(), Some(verdict), "the first verdict stays");
                    prop_assert_eq!(facts.progress, None);
                } else if rank(facts.status.as_ref()) == rank(before.status.as_ref()) {
                    prop_assert!(facts.progress >= before.progress);
                }
            }
        }
    }

    #[test]
    fn a_price_goes_from_listed_to_quoted_to_settling_to_charged() {
        let dollars = |amount| Usd::from_dollars(amount);
        let listed = dollars(0.15);
        let mut facts = Facts::new(TechniqueId::new("tech_1"), "Test".into());
        assert_eq!(
            facts.cost(listed, false),
            Cost::Quote(dollars(0.15).unwrap())
        );

        let quoted = RunUpdate {
            charged_cost: dollars(0.253),
            ..update("run_1", RunStatus::Pending)
        };
        facts.advance(&quoted);
        assert_eq!(
            facts.cost(listed, false),
            Cost::Quote(dollars(0.253).unwrap())
        );

        facts.advance(&update("run_1", RunStatus::Completed));
        assert_eq!(
            facts.cost(listed, false),
            Cost::Settling(dollars(0.253).unwrap())
        );
        assert_eq!(facts.cost(listed, true), Cost::Unknown);

        let charged = RunUpdate {
            charged_cost: dollars(0.873),
            ..update("run_1", RunStatus::Completed)
        };
        facts.advance(&charged);
        assert_eq!(
            facts.cost(listed, false),
            Cost::Charged(dollars(0.873).unwrap())
        );

        facts.advance(&quoted);
        assert_eq!(
            facts.cost(listed, false),
            Cost::Charged(dollars(0.873).unwrap())
        );
    }

    #[test]
    fn a_failed_run_with_full_progress_is_failed() {
        let mut facts = Facts::first(&update("run_1", RunStatus::Running));
        facts.advance(&RunUpdate {
            progress: 100.0,
            error_code: Some("model_timeout".into()),
            ..update("run_1", RunStatus::Failed)
        });
        assert_eq!(facts.status, Some(RunStatus::Failed));
        assert_eq!(facts.error_code.as_deref(), Some("model_timeout"));
        assert_eq!(facts.progress, None);
    }

    #[test]
    fn a_retrieve_without_names_takes_none_away() {
        let mut facts = Facts::first(&update("run_1", RunStatus::Running));
        let name = facts.technique_name.clone();
        facts.advance(&RunUpdate {
            technique_name: None,
            workspace: None,
            project: None,
            ..update("run_1", RunStatus::Running)
        });
        assert_eq!(facts.technique_name, name);
        assert!(facts.workspace.is_some());
    }
}
