//! What is wrong with a run, in words, and what to do next: the same in a row, on a card and in a menu.

use crate::model::{
    Archive, Cost, Failure, NextStep, Output, OutputKey, Problem, ProblemAction, Run, RunStage,
    Source, StatusPill,
};
use crate::state::{Action, AppState, Place};

use super::run_text;

/// Something about a run that wants attention.
#[derive(Clone, Debug)]
pub struct Trouble {
    /// The colour and icon family.
    pub tone: StatusPill,
    /// A plain sentence.
    pub title: String,
    /// The cause, what it cost, and what helps. May be empty.
    pub advice: String,
    /// What can be done; the first is the one to offer.
    pub steps: Vec<Remedy>,
}

/// One way out.
#[derive(Clone, Debug)]
pub struct Remedy {
    /// Says what it will do, and what it costs.
    pub label: String,
    pub action: Action,
}

impl Remedy {
    fn new(label: impl Into<String>, action: Action) -> Self {
        Self {
            label: label.into(),
            action,
        }
    }
}

/// What is wrong with this run, if anything is.
pub fn trouble(run: &Run, state: &AppState) -> Option<Trouble> {
    match run.stage {
        RunStage::Failed => Some(failed(run, state)),
        RunStage::Unknown => Some(unknown(run)),
        RunStage::Done | RunStage::Downloading => missing_files(run),
        _ => run.problem.as_ref().map(|problem| held_up(run, problem)),
    }
}

/// Starts a new run with the same inputs, and says its price.
pub fn try_again(run: &Run, state: &AppState) -> Remedy {
    let price = state
        .catalog
        .get(&run.technique)
        .and_then(|technique| technique.run_cost);
    let label = match price {
        Some(price) if price.is_zero() => "Try again · free".to_owned(),
        Some(price) => format!("Try again · {price}"),
        None => "Try again…".to_owned(),
    };
    Remedy::new(label, Action::Repeat(run.key))
}

/// Whether a plain repetition may be offered: never after a refusal, and only where the inputs are known.
pub fn may_repeat(run: &Run) -> bool {
    let refused = run.failure.as_ref().is_some_and(|failure| {
        matches!(
            failure.next_step(),
            NextStep::ChangeRefusedInput | NextStep::DoNotRetry
        )
    });
    run.source == Source::Here && !refused && matches!(run.stage, RunStage::Done | RunStage::Failed)
}

fn failed(run: &Run, state: &AppState) -> Trouble {
    let unexplained = Failure {
        code: String::new(),
        message: String::new(),
    };
    let failure = run.failure.as_ref().unwrap_or(&unexplained);
    Trouble {
        tone: match failure.next_step() {
            NextStep::ChangeRefusedInput | NextStep::DoNotRetry => StatusPill::NeedsYou,
            _ => StatusPill::Failed,
        },
        title: failure.title().to_owned(),
        advice: format!("{}{}", charge(run), failure.advice()),
        steps: failure_steps(run, failure, state),
    }
}

/// What the failure cost, as a sentence to go before another.
fn charge(run: &Run) -> String {
    match run.cost {
        Cost::Charged(amount) if amount.is_zero() => "FLORA did not charge for it. ".to_owned(),
        Cost::Charged(amount) => format!("FLORA charged {amount}. "),
        Cost::Unknown | Cost::Quote(_) | Cost::Settling(_) => String::new(),
    }
}

fn failure_steps(run: &Run, failure: &Failure, state: &AppState) -> Vec<Remedy> {
    if run.source == Source::Elsewhere {
        // FLORA's history keeps no inputs: there is nothing to fill a form with.
        return vec![Remedy::new(
            "Open technique",
            Action::OpenTechnique(run.technique.clone()),
        )];
    }
    let edit = || Remedy::new("Edit inputs", Action::FillFrom(run.key));
    let again = || try_again(run, state);
    match failure.next_step() {
        NextStep::TryAgain | NextStep::TryAgainLater => vec![again(), edit()],
        NextStep::ChangeInput | NextStep::ChangeRefusedInput => vec![edit()],
        NextStep::UploadAgain => vec![Remedy::new("Choose the file again", edit().action)],
        NextStep::DoNotRetry => vec![support(run), edit()],
        NextStep::Unknown => vec![support(run), again(), edit()],
    }
}

fn support(run: &Run) -> Remedy {
    let text = run_text::for_support(run, None);
    Remedy::new("Copy for support", Action::CopyText(text))
}

fn unknown(run: &Run) -> Trouble {
    let known = run.problem.as_ref();
    let title = known.map_or("Not sure whether it started", |problem| &problem.summary);
    let hint = known
        .map(|problem| problem.hint.as_str())
        .filter(|hint| !hint.is_empty());
    let advice = hint.unwrap_or(
        "The connection dropped while it was being sent. Look first: sending it again could cost twice",
    );
    Trouble {
        tone: StatusPill::NeedsYou,
        title: title.to_owned(),
        advice: advice.to_owned(),
        steps: vec![
            Remedy::new("Check now", Action::CheckNow(run.key)),
            Remedy::new("Send again", Action::SendAgain(run.key)),
            Remedy::new("Discard", Action::Discard(vec![run.key])),
        ],
    }
}

/// A launch that waits for something other than its turn.
fn held_up(run: &Run, problem: &Problem) -> Trouble {
    let step = match problem.action {
        ProblemAction::None => None,
        ProblemAction::Retry => Some(Remedy::new("Send now", Action::SendAgain(run.key))),
        ProblemAction::EnterKey => Some(Remedy::new("Update key…", Action::Go(Place::Settings))),
        ProblemAction::OpenPlan => Some(Remedy::new("Resume", Action::SendAgain(run.key))),
        ProblemAction::EditInputs => Some(Remedy::new("Edit inputs", Action::FillFrom(run.key))),
        ProblemAction::ChooseAnother => {
            Some(Remedy::new("Choose another", Action::Go(Place::Launch)))
        }
        ProblemAction::CheckNow => Some(Remedy::new("Check now", Action::CheckNow(run.key))),
        ProblemAction::ChooseFolder => {
            Some(Remedy::new("Choose a folder…", Action::ChooseLibraryFolder))
        }
    };
    let mut steps: Vec<Remedy> = step.into_iter().collect();
    if run.stage == RunStage::Waiting {
        steps.push(Remedy::new("Remove", Action::Discard(vec![run.key])));
    }
    Trouble {
        tone: StatusPill::NeedsYou,
        title: problem.summary.clone(),
        advice: problem.hint.clone(),
        steps,
    }
}

fn missing_files(run: &Run) -> Option<Trouble> {
    let with = |wanted: fn(&Archive) -> bool| -> Vec<OutputKey> {
        let outputs = run.outputs.iter().filter(|output| wanted(&output.archive));
        outputs.map(|output| output.key).collect()
    };
    let failed = with(|archive| matches!(archive, Archive::Failed(_)));
    if !failed.is_empty() {
        return Some(Trouble {
            tone: StatusPill::CloudOnly,
            title: "Finished, file not fetched yet".to_owned(),
            advice: first_reason(&run.outputs),
            steps: vec![Remedy::new("Fetch again", Action::Fetch(failed))],
        });
    }
    let missing = with(|archive| matches!(archive, Archive::Missing));
    if !missing.is_empty() {
        return Some(Trouble {
            tone: StatusPill::CloudOnly,
            title: "The file is no longer in the library folder".to_owned(),
            advice: "FLORA may still have it; fetching is free".to_owned(),
            steps: vec![Remedy::new("Fetch again", Action::Fetch(missing))],
        });
    }
    let gone = with(|archive| matches!(archive, Archive::LinkDead));
    (!gone.is_empty()).then(|| Trouble {
        tone: StatusPill::CloudOnly,
        title: "FLORA no longer serves this file".to_owned(),
        advice: "Its record stays here, and its thumbnail where one was made".to_owned(),
        steps: Vec::new(),
    })
}

fn first_reason(outputs: &[Output]) -> String {
    let reason = outputs.iter().find_map(|output| match &output.archive {
        Archive::Failed(reason) => Some(reason.clone()),
        _ => None,
    });
    reason.unwrap_or_default()
}
