//! Outputs that are to be fetched: what is most urgent goes first, and each is fetched once for all who want it. Pure.

use std::collections::HashMap;

use tokio::sync::oneshot;

use crate::model::{OutputKey, Problem};

/// Outputs that are fetched at the same time.
pub(super) const PORTERS: usize = 4;

/// Why an output is fetched: what is asked for by hand goes first, what nobody is waiting for last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Urgency {
    /// A run is over: its outputs are kept.
    Archive,
    /// It is in view.
    Look,
    /// The person asked.
    Asked,
}

/// Who waits for an output.
type Listener = oneshot::Sender<Result<(), Problem>>;

/// One output to fetch. `S` is whom to ask.
pub(super) struct Job<S> {
    pub output: OutputKey,
    pub urgency: Urgency,
    pub source: S,
}

/// An output in line.
struct Waiting<S> {
    job: Job<S>,
    /// How urgent it is when nobody looks at it; `None`: not at all.
    unseen: Option<Urgency>,
    listeners: Vec<Listener>,
}

/// The line.
pub(super) struct Queue<S> {
    waiting: Vec<Waiting<S>>,
    under_way: HashMap<OutputKey, Vec<Listener>>,
    porters: usize,
}

impl<S> Default for Queue<S> {
    fn default() -> Self {
        Self {
            waiting: Vec::new(),
            under_way: HashMap::new(),
            porters: 0,
        }
    }
}

impl<S> Queue<S> {
    /// Puts an output in line, or in front of its place if it has one. What comes out of it is told to `listener`.
    pub fn add(&mut self, job: Job<S>, listener: Option<Listener>) {
        if let Some(listeners) = self.under_way.get_mut(&job.output) {
            listeners.extend(listener);
            return;
        }
        let unseen = Some(job.urgency).filter(|urgency| *urgency != Urgency::Look);
        let known = self
            .waiting
            .iter_mut()
            .find(|waiting| waiting.job.output == job.output);
        match known {
            Some(known) => {
                known.job.urgency = known.job.urgency.max(job.urgency);
                known.unseen = known.unseen.max(unseen);
                known.listeners.extend(listener);
            }
            None => self.waiting.push(Waiting {
                job,
                unseen,
                listeners: listener.into_iter().collect(),
            }),
        }
    }

    /// Forgets what was only to be looked at and is out of view, and who waited for it is told nothing. What is wanted
    /// otherwise too goes back to its place.
    pub fn keep_looks(&mut self, is_in_view: impl Fn(OutputKey) -> bool) {
        self.waiting.retain_mut(|waiting| {
            let job = &mut waiting.job;
            if job.urgency != Urgency::Look || is_in_view(job.output) {
                return true;
            }
            match waiting.unseen {
                Some(urgency) => {
                    job.urgency = urgency;
                    true
                }
                None => false,
            }
        });
    }

    /// How many porters to start; they count as started.
    pub fn hire(&mut self) -> usize {
        let hired = self.waiting.len().min(PORTERS - self.porters);
        self.porters += hired;
        hired
    }

    /// The most urgent output, and of those the one that has waited longest. A porter that gets none has left.
    pub fn begin(&mut self) -> Option<Job<S>> {
        let most = self.waiting.iter().map(|waiting| waiting.job.urgency).max();
        let at = self
            .waiting
            .iter()
            .position(|waiting| Some(waiting.job.urgency) == most);
        let Some(at) = at else {
            self.porters -= 1;
            return None;
        };
        let Waiting { job, listeners, .. } = self.waiting.remove(at);
        self.under_way.insert(job.output, listeners);
        Some(job)
    }

    /// Tells everyone who waited what has become of an output.
    pub fn finish(&mut self, output: OutputKey, result: &Result<(), Problem>) {
        for listener in self.under_way.remove(&output).into_iter().flatten() {
            // Who stopped waiting needs no answer.
            listener.send(result.clone()).ok();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn output(number: i64) -> OutputKey {
        OutputKey::new(number)
    }

    fn job(number: i64, urgency: Urgency) -> Job<()> {
        Job {
            output: output(number),
            urgency,
            source: (),
        }
    }

    fn order(queue: &mut Queue<()>) -> Vec<OutputKey> {
        queue.hire();
        std::iter::from_fn(|| queue.begin().map(|job| job.output)).collect()
    }

    #[test]
    fn what_is_asked_for_overtakes_what_is_only_archived() {
        let mut queue = Queue::default();
        for (number, urgency) in [
            (1, Urgency::Archive),
            (2, Urgency::Look),
            (3, Urgency::Archive),
            (4, Urgency::Asked),
            (5, Urgency::Look),
        ] {
            queue.add(job(number, urgency), None);
        }
        // Somebody looks at one that was to be archived last.
        queue.add(job(3, Urgency::Look), None);
        assert_eq!(order(&mut queue), [4, 2, 3, 5, 1].map(output));
    }

    #[test]
    fn an_output_is_fetched_once_for_all_who_want_it() {
        let mut queue = Queue::default();
        let (first, mut told_first) = oneshot::channel();
        let (second, mut told_second) = oneshot::channel();
        queue.add(job(1, Urgency::Look), Some(first));
        queue.hire();
        assert!(queue.begin().is_some());
        queue.add(job(1, Urgency::Asked), Some(second));
        assert!(queue.begin().is_none(), "it is under way already");
        queue.finish(output(1), &Err(Problem::new("No network")));
        assert!(told_first.try_recv().unwrap().is_err());
        assert!(told_second.try_recv().unwrap().is_err());
    }

    #[test]
    fn what_is_out_of_view_is_forgotten_unless_it_is_wanted_otherwise() {
        let mut queue = Queue::default();
        let (listener, mut told) = oneshot::channel();
        queue.add(job(1, Urgency::Look), Some(listener));
        queue.add(job(2, Urgency::Look), None);
        queue.add(job(3, Urgency::Archive), None);
        queue.add(job(4, Urgency::Archive), None);
        queue.add(job(4, Urgency::Look), None);
        queue.keep_looks(|looked| looked == output(2));
        assert!(matches!(
            told.try_recv(),
            Err(oneshot::error::TryRecvError::Closed)
        ));
        assert_eq!(order(&mut queue), [2, 3, 4].map(output));
    }

    #[test]
    fn a_few_are_fetched_at_a_time() {
        let mut queue = Queue::default();
        for number in 0..10 {
            queue.add(job(number, Urgency::Archive), None);
        }
        assert_eq!(queue.hire(), PORTERS);
        assert_eq!(queue.hire(), 0);
    }
}
