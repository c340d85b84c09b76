//! The window's questions are answered, and again when the answer changes.

use std::sync::Arc;

use super::desk::Desk;
use super::kit;
use crate::message::{Event, HistoryAnswer};
use crate::model::{HistoryQuery, RowKey, RunText, TechniqueId};
use crate::worker::questions;

impl Desk {
    async fn until_answer(
        &mut self,
        wanted: u64,
        so: impl Fn(&HistoryAnswer) -> bool,
    ) -> HistoryAnswer {
        self.until("the history is so", |event| match event {
            Event::HistoryAnswered { generation, answer }
                if *generation == wanted && so(answer) =>
            {
                Some(answer.clone())
            }
            _ => None,
        })
        .await
    }

    async fn until_results(&mut self, count: usize) -> Arc<[RowKey]> {
        self.until("the results are so many", |event| match event {
            Event::ResultsAnswered { keys, .. } if keys.len() == count => Some(Arc::clone(keys)),
            _ => None,
        })
        .await
    }
}

fn query(text: &str) -> Arc<HistoryQuery> {
    Arc::new(HistoryQuery {
        text: text.to_owned(),
        ..HistoryQuery::default()
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_is_answered_at_once_and_again_when_a_run_is_new() {
    let mut desk = Desk::new().await;
    questions::ask_history(&desk.cx, 1, query(""));
    questions::ask_results(&desk.cx, TechniqueId::new(kit::ID));
    desk.until_answer(1, |answer| answer.keys.is_empty()).await;
    desk.until_results(0).await;
    let run = desk.run_elsewhere("text").await;
    questions::rows_changed(&desk.cx, &[run.key]);
    let answer = desk.until_answer(1, |answer| !answer.keys.is_empty()).await;
    assert_eq!(&answer.keys[..], [run.key]);
    assert_eq!(&desk.until_results(1).await[..], [run.key]);
    desk.until("the row itself is there", |event| match event {
        Event::RowsLoaded(runs) => runs.iter().any(|known| known.key == run.key).then_some(()),
        _ => None,
    })
    .await;
    desk.until("the technique was used", |event| match event {
        Event::UsesChanged(uses) => uses.contains_key(&TechniqueId::new(kit::ID)).then_some(()),
        _ => None,
    })
    .await;
    desk.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_answer_is_not_sent_twice() {
    let mut desk = Desk::new().await;
    let run = desk.run_elsewhere("text").await;
    questions::ask_history(&desk.cx, 1, query(""));
    desk.until_answer(1, |answer| answer.keys.len() == 1).await;
    questions::rows_changed(&desk.cx, &[run.key]);
    // The rows go out before the answers of the same round; the next round's answer shows that this one is over.
    desk.until("the round has begun", |event| match event {
        Event::RowsLoaded(_) => Some(()),
        _ => None,
    })
    .await;
    questions::ask_history(&desk.cx, 2, query("nothing like it"));
    desk.until_answer(2, |answer| answer.keys.is_empty()).await;
    let again = desk
        .rest()
        .into_iter()
        .filter(|event| matches!(event, Event::HistoryAnswered { generation: 1, .. }));
    assert_eq!(again.count(), 0);
    desk.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_several_questions_only_the_last_need_be_answered() {
    let mut desk = Desk::new().await;
    desk.run_elsewhere("text").await;
    for generation in 1..=30 {
        questions::ask_history(&desk.cx, generation, query("no such words"));
    }
    questions::ask_history(&desk.cx, 31, query("thing"));
    let answer = desk.until_answer(31, |_| true).await;
    assert_eq!(answer.keys.len(), 1, "the text output is searched");
    desk.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_and_details_are_read_and_gone_rows_are_said_to_be_gone() {
    let mut desk = Desk::new().await;
    let run = desk.run_here("text").await;
    let gone = RowKey::new(987_654);
    questions::load_rows(&desk.cx, vec![run.key, gone]);
    let loaded = desk.until("the row is there", |event| match event {
        Event::RowsLoaded(runs) => Some(runs.clone()),
        _ => None,
    });
    assert_eq!(loaded.await[0].key, run.key);
    let said = desk.until("the other is gone", |event| match event {
        Event::RowsGone(rows) => Some(rows.clone()),
        _ => None,
    });
    assert_eq!(said.await, [gone]);

    questions::load_detail(&desk.cx, run.key);
    let detail = desk.until("the detail is there", |event| match event {
        Event::DetailLoaded { detail, .. } => Some(detail.clone()),
        _ => None,
    });
    assert_eq!(detail.await.unwrap().inputs.len(), 1);
    questions::load_detail(&desk.cx, gone);
    let detail = desk.until("there is none", |event| match event {
        Event::DetailLoaded { row, detail } if *row == gone => Some(detail.clone()),
        _ => None,
    });
    assert!(detail.await.is_err());
    desk.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn runs_for_the_clipboard_come_in_the_order_asked_for() {
    let mut desk = Desk::new().await;
    let first = desk.run_here("text").await;
    let second = desk.run_here("text text").await;
    let wanted = [second.key, RowKey::new(987_654), first.key];
    questions::read_runs(&desk.cx, wanted.to_vec(), RunText::Ids);
    let read = desk.until("they are read", |event| match event {
        Event::RunsRead { runs, .. } => Some(runs.clone()),
        _ => None,
    });
    let read: Vec<RowKey> = read.await.unwrap().iter().map(|run| run.key).collect();
    assert_eq!(read, [second.key, first.key]);
    desk.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_profile_hears_nothing_of_the_former_ones_question() {
    let mut desk = Desk::new().await;
    questions::ask_history(&desk.cx, 1, query(""));
    desk.until_answer(1, |_| true).await;
    questions::reset(&desk.cx);
    let run = desk.run_elsewhere("text").await;
    questions::rows_changed(&desk.cx, &[run.key]);
    questions::ask_history(&desk.cx, 2, query(""));
    desk.until_answer(2, |answer| answer.keys.len() == 1).await;
    let stale = desk
        .rest()
        .into_iter()
        .filter(|event| matches!(event, Event::HistoryAnswered { generation: 1, .. }));
    assert_eq!(stale.count(), 0);
    desk.close().await;
}
