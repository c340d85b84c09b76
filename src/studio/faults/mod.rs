//! What goes wrong, for tests: a script of rules, and chaos with a seed. Without either it does nothing.
//!
//! ```ignore
//! studio.faults().add(Rule::on("GET /technique-runs", Fault::RateLimited(RetryAfter::Seconds(1))).times(2));
//! studio.faults().add(Rule::on("POST /techniques/*/runs", Fault::LostAfter));
//! studio.faults().add(Rule::on("GET /files/**", Fault::Cut).after(1));
//! ```

pub(super) mod apply;
mod chaos;
mod rewrite;
mod rule;
mod tally;
mod twist;

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use axum::http::Method;
use tokio::sync::watch;

pub use chaos::Chaos;
pub use rule::Rule;
pub(super) use tally::Tally;
pub use twist::Twist;

/// One thing that goes wrong.
///
/// Of the rules that match a request, the first *interruption* acts, the first *twist*, and every *rewriting*: so two
/// queued interruptions act on two requests, while an answer may be both slow and spelt in camelCase.
#[derive(Clone, Debug, PartialEq)]
pub enum Fault {
    /// Interruption: 429 `rate_limited`.
    RateLimited(RetryAfter),
    /// Interruption: an error with FLORA's body, such as 402 `insufficient_credits` or 503 `service_unavailable`.
    Error {
        status: u16,
        code: &'static str,
        message: &'static str,
    },
    /// Interruption: this status with a web page, as a proxy in between answers.
    Html(u16),
    /// Interruption: this status with no body.
    Empty(u16),
    /// Interruption: this status with `x-should-retry`.
    ShouldRetry { status: u16, retry: bool },
    /// Interruption: the request waits before it is handled.
    Slow(Duration),
    /// Interruption: takes effect; the connection closes in the middle of the answer.
    Cut,
    /// Interruption: takes no effect; the connection closes without an answer.
    LostBefore,
    /// Interruption: takes effect; the connection closes without an answer.
    LostAfter,
    /// Rewriting: the answer's keys in camelCase.
    CamelCase,
    /// Rewriting: a field nobody knows in every object.
    UnknownFields,
    /// Rewriting: every `status` is this word.
    UnknownStatus(&'static str),
    /// Rewriting: every output's `type` is this word.
    UnknownOutputType(&'static str),
    /// Rewriting: a reservation without `upload`, so that only `upload_url` is left.
    RawUpload,
    /// Twist: a run that is started, or an asset that is made, turns out otherwise.
    Twist(Twist),
}

impl Fault {
    /// A started run that fails with this code.
    pub fn failing_run(code: &str, message: &str) -> Self {
        Self::Twist(Twist::failing(code, message))
    }

    /// A started run that is refused by moderation, under the code that hides it.
    pub fn moderated_run() -> Self {
        Self::failing_run(
            "GPU_PROVIDER_ERROR",
            "The provider refused the request: content flagged by safety moderation",
        )
    }

    /// A started run whose `charged_cost` appears this long after its end.
    pub fn late_cost(delay: Duration) -> Self {
        Self::Twist(Twist {
            cost_delay: Some(delay),
            ..Twist::default()
        })
    }

    /// A started run that takes at least this long.
    pub fn slow_run(pace: Duration) -> Self {
        Self::Twist(Twist {
            pace: Some(pace),
            ..Twist::default()
        })
    }

    fn class(&self) -> Class {
        match self {
            Self::CamelCase
            | Self::UnknownFields
            | Self::UnknownStatus(_)
            | Self::UnknownOutputType(_)
            | Self::RawUpload => Class::Rewriting,
            Self::Twist(_) => Class::Twist,
            _ => Class::Interruption,
        }
    }
}

/// What a 429 says about when to come back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RetryAfter {
    /// Nothing.
    Unsaid,
    /// `retry-after: 3`.
    Seconds(u64),
    /// `retry-after-ms: 250`.
    Millis(u64),
    /// `retry-after` with an HTTP date this far from now.
    Date(Duration),
}

/// Which part of the engine stands still.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Hold {
    /// None: runs go through.
    #[default]
    Nothing,
    /// Runs stay `pending`: no worker takes one.
    Queue,
    /// Runs stay `running`: none ends.
    Ending,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Interruption,
    Rewriting,
    Twist,
}

/// What happens to one request.
#[derive(Clone, Debug, Default, PartialEq)]
struct Plan {
    interruption: Option<Fault>,
    rewritings: Vec<Fault>,
    twist: Option<Twist>,
}

/// The script. Every method may be called from any thread, at any time.
pub struct Faults {
    rules: Mutex<Vec<Rule>>,
    chaos: Mutex<Option<chaos::Dice>>,
    hold: watch::Sender<Hold>,
}

impl Faults {
    pub(super) fn new() -> Self {
        Self {
            rules: Mutex::default(),
            chaos: Mutex::default(),
            hold: watch::Sender::new(Hold::Nothing),
        }
    }

    /// Adds a rule behind those that are there.
    pub fn add(&self, rule: Rule) {
        self.rules().push(rule);
    }

    /// Removes every rule and ends chaos. A hold stays.
    pub fn clear(&self) {
        self.rules().clear();
        self.calm();
    }

    /// How many rules still wait to act.
    pub fn waiting(&self) -> usize {
        self.rules().iter().filter(|rule| !rule.is_spent()).count()
    }

    /// From now on requests without a rule of their own fail at random.
    pub fn chaos(&self, chaos: Chaos) {
        *self.dice() = Some(chaos::Dice::new(chaos));
    }

    /// Ends chaos.
    pub fn calm(&self) {
        *self.dice() = None;
    }

    /// Makes runs stand still, or lets them go.
    pub fn hold(&self, hold: Hold) {
        self.hold.send_replace(hold);
    }

    /// Waits while this is held.
    pub(super) async fn held(&self, what: Hold) {
        // The sender lives in self, so the channel cannot close while we wait.
        let _ = self.hold.subscribe().wait_for(|hold| *hold != what).await;
    }

    /// Decides what happens to a request, and uses up the rules that decided it.
    fn plan(&self, method: &Method, path: &str) -> Plan {
        let mut plan = Plan::default();
        for rule in self.rules().iter_mut() {
            let class = rule.fault().class();
            let taken = match class {
                Class::Interruption => plan.interruption.is_some(),
                Class::Twist => plan.twist.is_some(),
                Class::Rewriting => false,
            };
            if taken || !rule.acts_on(method, path) {
                continue;
            }
            match (class, rule.fault().clone()) {
                (Class::Rewriting, fault) => plan.rewritings.push(fault),
                (_, Fault::Twist(twist)) => plan.twist = Some(twist),
                (_, fault) => plan.interruption = Some(fault),
            }
        }
        if let Some(dice) = self.dice().as_mut() {
            dice.roll(&tally::label(method, path), &mut plan);
        }
        plan
    }

    fn rules(&self) -> std::sync::MutexGuard<'_, Vec<Rule>> {
        self.rules.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn dice(&self) -> std::sync::MutexGuard<'_, Option<chaos::Dice>> {
        self.chaos.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(faults: &Faults, path: &str) -> Plan {
        faults.plan(&Method::GET, path)
    }

    #[test]
    fn queued_interruptions_act_one_a_request_and_are_then_spent() {
        let faults = Faults::new();
        faults.add(Rule::on("GET /a", Fault::Html(502)).times(2));
        faults.add(Rule::on("GET /*", Fault::Cut));
        assert_eq!(faults.waiting(), 2);
        let seen: Vec<_> = (0..4).map(|_| plan(&faults, "/a").interruption).collect();
        assert_eq!(
            seen,
            [
                Some(Fault::Html(502)),
                Some(Fault::Html(502)),
                Some(Fault::Cut),
                None
            ]
        );
        assert_eq!(faults.waiting(), 0);
    }

    #[test]
    fn rewritings_add_up_and_do_not_stand_in_the_way_of_an_interruption() {
        let faults = Faults::new();
        faults.add(Rule::on("* /**", Fault::CamelCase).always());
        faults.add(Rule::on("* /**", Fault::UnknownFields).always());
        faults.add(Rule::on("GET /a", Fault::Slow(Duration::ZERO)));
        let plan = plan(&faults, "/a");
        assert_eq!(plan.rewritings, [Fault::CamelCase, Fault::UnknownFields]);
        assert_eq!(plan.interruption, Some(Fault::Slow(Duration::ZERO)));
    }
}
