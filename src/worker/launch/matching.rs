//! Which run of the history is which launch whose answer was lost. Pure.
//!
//! FLORA's history keeps neither inputs nor keys, so time and order are all there is to go by: starts with different
//! inputs take turns (see `desk`), so their runs come in the order of the starts. Where that does not decide, the
//! launch is sent again under its own key: FLORA suppresses the duplicate and thereby says that it has the run.

use std::time::Duration;

use crate::model::{LaunchId, RowKey, Timestamp};

/// FLORA's clock and ours may differ by this much.
const SKEW: Duration = Duration::from_secs(120);

/// A start may be worked on for this long after we gave up on it.
const LATE: Duration = Duration::from_secs(300);

/// A launch whose answer was lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Doubtful {
    pub launch: LaunchId,
    pub first_sent: Timestamp,
    pub last_sent: Timestamp,
}

/// A run that nobody has claimed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Candidate {
    pub row: RowKey,
    pub created_at: Timestamp,
}

/// What the history says about one launch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Finding {
    Found(RowKey),
    /// There are runs it could be, but fewer than launches that could be them.
    OneOfSeveral,
    Absent,
}

/// The earliest moment at which the run of one of these can have been created, by FLORA's clock.
pub(super) fn earliest(doubts: &[Doubtful]) -> Option<Timestamp> {
    doubts.iter().map(begin).min()
}

/// Finds out which run is which launch's, of one technique. The findings are in the order of `doubts`.
pub(super) fn find(doubts: &[Doubtful], candidates: &[Candidate]) -> Vec<Finding> {
    let is_possible = |doubt: &Doubtful| candidates.iter().any(|run| fits(doubt, run));
    let mut possible: Vec<usize> = (0..doubts.len())
        .filter(|&index| is_possible(&doubts[index]))
        .collect();
    // By the last time: before a launch was sent again, it had been looked for in vain.
    possible.sort_by_key(|&index| doubts[index].last_sent);
    let mut runs = candidates.to_vec();
    runs.sort_by_key(|run| (run.created_at, run.row));

    let sent: Vec<&Doubtful> = possible.iter().map(|&index| &doubts[index]).collect();
    let pairing = pair(&sent, &runs);
    let mut findings = vec![Finding::Absent; doubts.len()];
    for (place, index) in possible.into_iter().enumerate() {
        findings[index] = match &pairing {
            Some(rows) => Finding::Found(rows[place]),
            None => Finding::OneOfSeveral,
        };
    }
    findings
}

/// A run for each launch, in the same order, as near in time as possible all together. `None`: there are too few.
fn pair(sent: &[&Doubtful], runs: &[Candidate]) -> Option<Vec<RowKey>> {
    // best[n][m]: the least distance when the first n launches have runs among the first m.
    let mut best = vec![vec![None; runs.len() + 1]; sent.len() + 1];
    best[0].fill(Some(0_u64));
    for n in 1..=sent.len() {
        for m in n..=runs.len() {
            let without = best[n][m - 1];
            let (doubt, run) = (sent[n - 1], &runs[m - 1]);
            let with = best[n - 1][m - 1]
                .filter(|_| fits(doubt, run))
                .map(|before| before + distance(doubt, run));
            best[n][m] = without.into_iter().chain(with).min();
        }
    }
    best[sent.len()][runs.len()]?;
    let mut rows = Vec::with_capacity(sent.len());
    let (mut n, mut m) = (sent.len(), runs.len());
    while n > 0 {
        if m > n && best[n][m - 1] == best[n][m] {
            m -= 1;
            continue;
        }
        rows.push(runs[m - 1].row);
        (n, m) = (n - 1, m - 1);
    }
    rows.reverse();
    Some(rows)
}

fn begin(doubt: &Doubtful) -> Timestamp {
    shifted(doubt.first_sent, -1, SKEW)
}

fn fits(doubt: &Doubtful, candidate: &Candidate) -> bool {
    let end = shifted(doubt.last_sent, 1, LATE);
    (begin(doubt)..=end).contains(&candidate.created_at)
}

/// Milliseconds between a launch's last sending and a run's creation.
fn distance(doubt: &Doubtful, candidate: &Candidate) -> u64 {
    let sent = doubt.last_sent.as_millisecond();
    candidate.created_at.as_millisecond().abs_diff(sent)
}

fn shifted(time: Timestamp, sign: i64, by: Duration) -> Timestamp {
    let by = sign * i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
    Timestamp::from_millisecond(time.as_millisecond().saturating_add(by)).unwrap_or(time)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millisecond(1_760_000_000_000 + seconds * 1000).unwrap()
    }

    fn doubt(sent: i64) -> Doubtful {
        Doubtful {
            launch: LaunchId::fresh(),
            first_sent: at(sent),
            last_sent: at(sent),
        }
    }

    fn run(row: i64, created: i64) -> Candidate {
        Candidate {
            row: RowKey::new(row),
            created_at: at(created),
        }
    }

    fn found(row: i64) -> Finding {
        Finding::Found(RowKey::new(row))
    }

    #[test]
    fn a_run_that_appeared_after_the_start_is_its_run() {
        assert_eq!(find(&[doubt(0)], &[run(1, 1)]), [found(1)]);
        assert_eq!(
            find(&[doubt(0)], &[run(1, -60)]),
            [found(1)],
            "FLORA's clock may be behind"
        );
    }

    #[test]
    fn a_run_from_another_time_is_not() {
        assert_eq!(find(&[doubt(0)], &[run(1, -200)]), [Finding::Absent]);
        assert_eq!(find(&[doubt(0)], &[run(1, 4000)]), [Finding::Absent]);
        assert_eq!(find(&[doubt(0)], &[]), [Finding::Absent]);
    }

    #[test]
    fn of_several_runs_the_nearest_is_taken() {
        let runs = [run(1, -100), run(2, 1), run(3, 90)];
        assert_eq!(find(&[doubt(0)], &runs), [found(2)]);
    }

    #[test]
    fn as_many_runs_as_launches_are_told_apart_by_their_order() {
        let doubts = [doubt(10), doubt(0), doubt(20)];
        let runs = [run(3, 21), run(1, 1), run(2, 11)];
        assert_eq!(find(&doubts, &runs), [found(2), found(1), found(3)]);
    }

    #[test]
    fn a_launch_that_was_sent_again_comes_after_one_that_was_sent_meanwhile() {
        let again = Doubtful {
            last_sent: at(20),
            ..doubt(0)
        };
        let findings = find(&[again, doubt(10)], &[run(1, 11), run(2, 21)]);
        assert_eq!(findings, [found(2), found(1)]);
    }

    #[test]
    fn a_clock_that_is_behind_does_not_shift_runs_by_one() {
        let doubts = [doubt(0), doubt(1), doubt(2)];
        let runs = [run(1, -30), run(2, -29), run(3, -28)];
        assert_eq!(find(&doubts, &runs), [found(1), found(2), found(3)]);
    }

    #[test]
    fn fewer_runs_than_launches_leave_it_open_which_is_which() {
        let doubts = [doubt(0), doubt(5)];
        let findings = find(&doubts, &[run(1, 6)]);
        assert_eq!(findings, [Finding::OneOfSeveral, Finding::OneOfSeveral]);
    }

    #[test]
    fn who_shares_nothing_with_the_others_is_not_affected() {
        let doubts = [doubt(0), doubt(5), doubt(9000)];
        let findings = find(&doubts, &[run(1, 6)]);
        assert_eq!(findings[2], Finding::Absent);
    }
}
