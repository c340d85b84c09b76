//! Starts under every doubt: each launch becomes one run, its own, whatever happens to the answers.

use std::time::Duration;

use super::florist::{World, assert_each_started_once, library_folder, order};
use super::kit;
use crate::library::Library;
use crate::message::{Command, Event};
use crate::model::{Connection, LaunchId, ProblemAction, ProfileId, RunStage, Timestamp, now};
use crate::studio::{Fault, Hold, RetryAfter, Rule};

const START: &str = "POST /techniques/*/runs";

#[tokio::test(flavor = "multi_thread")]
async fn a_launch_is_recorded_sent_followed_and_done() {
    let world = World::new().await;
    let mut florist = world.florist().await;
    let launches = florist.launch(&["text", "picture"]);
    florist.done(&launches).await;
    assert_each_started_once(&world, &florist, &launches);
    let row = florist.row(launches[0]).unwrap();
    assert_eq!(row.outputs.len(), 1);
    assert_eq!(row.launch, Some(launches[0]));
}

/// Runs two launches under one fault on the first start.
async fn survives(fault: Fault) {
    let world = World::new().await;
    world.studio.faults().add(Rule::on(START, fault.clone()));
    let mut florist = world.florist().await;
    let launches = florist.launch(&["text", "text picture"]);
    florist.done(&launches).await;
    assert_eq!(world.studio.faults().waiting(), 0, "{fault:?} happened");
    assert_each_started_once(&world, &florist, &launches);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_lost_after_the_start_is_found_in_the_history() {
    survives(Fault::LostAfter).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_start_lost_on_the_way_is_sent_again_with_its_key() {
    survives(Fault::LostBefore).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_cut_in_the_middle_is_no_second_start() {
    survives(Fault::Cut).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_error_is_looked_into_before_anything_is_sent_again() {
    survives(Fault::Error {
        status: 503,
        code: "service_unavailable",
        message: "later",
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxys_page_in_place_of_an_answer_is_a_doubt_like_any_other() {
    survives(Fault::Html(502)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_duplicate_whose_run_is_nowhere_is_left_to_the_person() {
    let world = World::new().await;
    let duplicate = Fault::Error {
        status: 409,
        code: "idempotency_duplicate",
        message: "used",
    };
    world.studio.faults().add(Rule::on(START, duplicate));
    let mut florist = world.florist().await;
    let launch = florist.launch(&["text"])[0];
    florist
        .until("it is left to the person", |florist| {
            florist.row(launch).is_some_and(|run| {
                run.stage == RunStage::Unknown
                    && run.problem.as_ref().is_some_and(|problem| {
                        problem.action == ProblemAction::CheckNow
                            && problem.summary.starts_with("Started")
                    })
            })
        })
        .await;
    assert!(
        world.studio.starts_by_key().unwrap().is_empty(),
        "FLORA said that it has it, so it is not sent again"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_lost_answers_and_one_run_each_launch_gets_its_own() {
    let world = World::new().await;
    world.studio.faults().add(Rule::on(START, Fault::LostAfter));
    world
        .studio
        .faults()
        .add(Rule::on(START, Fault::LostBefore));
    let mut florist = world.florist().await;
    let launches = florist.launch(&["text", "picture"]);
    florist.done(&launches).await;
    assert_each_started_once(&world, &florist, &launches);
}

#[tokio::test(flavor = "multi_thread")]
async fn asked_to_slow_down_it_says_so_and_everything_is_sent_all_the_same() {
    let world = World::new().await;
    let limited = Fault::RateLimited(RetryAfter::Millis(20));
    world.studio.faults().add(Rule::on(START, limited).times(6));
    let mut florist = world.florist().await;
    let launches = florist.launch(&["text"; 8]);
    florist.done(&launches).await;
    assert_each_started_once(&world, &florist, &launches);
    assert!(
        florist.connections.contains(&Connection::Throttled),
        "{:?}",
        florist.connections
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn without_credit_the_rest_waits_and_goes_when_it_is_sent_again() {
    let world = World::new().await;
    let broke = Fault::Error {
        status: 402,
        code: "insufficient_credits",
        message: "no credit",
    };
    world
        .studio
        .faults()
        .add(Rule::on(START, broke).after(1).always());
    let mut florist = world.florist().await;
    let launches = florist.launch(&["text"; 7]);
    let notice = florist
        .event("the budget is said", |event| match event {
            Event::Noticed(notice) => Some(notice.text.clone()),
            _ => None,
        })
        .await;
    assert!(notice.contains("of 7 runs were started"), "{notice}");
    florist
        .until("the rest waits", |florist| {
            let waiting = launches.iter().filter(|launch| {
                florist.row(**launch).is_some_and(|run| {
                    run.stage == RunStage::Waiting
                        && run
                            .problem
                            .as_ref()
                            .is_some_and(|problem| problem.action == ProblemAction::OpenPlan)
                })
            });
            waiting.count() == 6
        })
        .await;

    world.studio.faults().clear();
    for launch in &launches {
        let row = florist.row(*launch).unwrap();
        if row.stage == RunStage::Waiting {
            florist.send(Command::SendAgain(row.key));
        }
    }
    florist.done(&launches).await;
    assert_each_started_once(&world, &florist, &launches);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_flora_refuses_goes_back_to_the_form() {
    let world = World::new().await;
    let mut florist = world.florist().await;
    let mut wrong = order("text");
    wrong.inputs[0].id = crate::model::InputId::new("nonsense");
    let id = wrong.id;
    florist.send(Command::Launch(vec![wrong]));
    let problem = florist
        .event("the form is told", |event| match event {
            Event::LaunchRefused {
                launch, problem, ..
            } if *launch == id => Some(problem.clone()),
            _ => None,
        })
        .await;
    assert!(!problem.fields.is_empty(), "{problem:?}");
    florist
        .until("the row is gone", |florist| {
            florist.row(id).is_none() && !florist.gone.is_empty()
        })
        .await;
    assert!(world.studio.starts_by_key().unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_technique_that_is_gone_leaves_the_row_and_says_what_to_do() {
    let world = World::new().await;
    let mut florist = world.florist().await;
    let mut order = order("text");
    order.technique = crate::model::TechniqueId::new("tech_gone");
    let id = order.id;
    florist.send(Command::Launch(vec![order]));
    florist
        .until("the row has failed", |florist| {
            florist.stage(id) == Some(RunStage::Failed)
        })
        .await;
    let problem = florist.row(id).unwrap().problem.clone().unwrap();
    assert_eq!(problem.action, ProblemAction::ChooseAnother);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_can_be_discarded_and_what_was_sent_cannot() {
    let world = World::new().await;
    let mut florist = world.florist().await;
    world.studio.faults().hold(Hold::Queue);
    let sent = florist.launch(&["text"])[0];
    florist
        .until("it is at the studio", |florist| {
            florist.row(sent).is_some_and(|run| run.run_id.is_some())
        })
        .await;
    let broke = Fault::Error {
        status: 402,
        code: "insufficient_credits",
        message: "no credit",
    };
    world.studio.faults().add(Rule::on(START, broke).always());
    let waiting = florist.launch(&["text"])[0];
    florist
        .until("the second one is held", |florist| {
            florist
                .row(waiting)
                .is_some_and(|run| run.problem.is_some())
        })
        .await;
    let rows = vec![
        florist.row(sent).unwrap().key,
        florist.row(waiting).unwrap().key,
    ];
    florist.send(Command::Discard(rows.clone()));
    florist
        .until("the waiting one is gone", |florist| {
            florist.gone.contains(&rows[1])
        })
        .await;
    assert!(florist.rows.contains_key(&rows[0]), "what runs stays");
    world.studio.faults().hold(Hold::Nothing);
    florist.done(&[sent]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waited_for_hours_is_not_sent_without_asking() {
    let world = World::new().await;
    let mut old = order("text");
    old.created_at = Timestamp::from_millisecond(now().as_millisecond() - 2 * 3_600_000).unwrap();
    let launch = old.id;
    let library = Library::open(&library_folder(world.home.path()))
        .unwrap()
        .library;
    let profile = ProfileId::flora(&origin(&world));
    library.record_launch(&profile, None, &old).unwrap();
    library.close().unwrap();

    let mut florist = world.florist().await;
    florist
        .until("it asks", |florist| {
            florist
                .row(launch)
                .is_some_and(|run| run.stage == RunStage::Waiting && run.problem.is_some())
        })
        .await;
    assert!(world.studio.starts_by_key().unwrap().is_empty());
    florist.send(Command::SendAgain(florist.row(launch).unwrap().key));
    florist.done(&[launch]).await;
    assert_each_started_once(&world, &florist, &[launch]);
}

/// A launch that was on the wire so long ago when the program ended.
fn left_by_a_crash(world: &World, hours: i64) -> LaunchId {
    let profile = ProfileId::flora(&origin(world));
    let then = now().as_millisecond() - hours * 3_600_000;
    let then = Timestamp::from_millisecond(then).unwrap();
    let mut order = order("text");
    order.created_at = then;
    let library = Library::open(&library_folder(world.home.path()))
        .unwrap()
        .library;
    library.record_launch(&profile, None, &order).unwrap();
    library.mark_sending(order.id, then).unwrap();
    library.close().unwrap();
    order.id
}

fn origin(world: &World) -> String {
    let url = url::Url::parse(&world.studio.base_url()).unwrap();
    url.origin().ascii_serialization()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_start_cut_off_by_a_crash_goes_out_again_under_its_key() {
    let world = World::new().await;
    let launch = left_by_a_crash(&world, 0);
    let mut florist = world.florist().await;
    florist.done(&[launch]).await;
    assert_each_started_once(&world, &florist, &[launch]);
}

#[tokio::test(flavor = "multi_thread")]
async fn past_two_hours_nothing_is_sent_until_the_person_decides() {
    let world = World::new().await;
    let launch = left_by_a_crash(&world, 3);
    let mut florist = world.florist().await;
    florist
        .until("it is left to the person", |florist| {
            florist.row(launch).is_some_and(|run| {
                let hint = run.problem.as_ref().map(|problem| problem.hint.as_str());
                run.stage == RunStage::Unknown
                    && hint.is_some_and(|hint| hint.contains("not in FLORA's history"))
            })
        })
        .await;
    assert!(world.studio.starts_by_key().unwrap().is_empty());

    let row = florist.row(launch).unwrap().key;
    florist.send(Command::SendAgain(row));
    florist
        .until("a new launch has taken its place", |florist| {
            florist.gone.contains(&row)
                && florist
                    .rows
                    .values()
                    .any(|run| run.stage == RunStage::Done && run.launch.is_some())
        })
        .await;
    let starts = world.studio.starts_by_key().unwrap();
    assert_eq!(starts.len(), 1);
    assert!(
        !starts.contains_key(&launch.to_string()),
        "the old key is not used"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_again_is_another_run_with_another_key() {
    let world = World::new().await;
    let mut florist = world.florist().await;
    let launch = florist.launch(&["text"])[0];
    florist.done(&[launch]).await;
    florist.send(Command::Repeat(florist.row(launch).unwrap().key));
    florist
        .until("two runs are done", |florist| {
            let done = florist
                .rows
                .values()
                .filter(|run| run.stage == RunStage::Done);
            done.count() == 2
        })
        .await;
    assert_eq!(world.studio.starts_by_key().unwrap().len(), 2);
    let runs = world.studio.runs().unwrap();
    assert_eq!(runs[0].inputs, runs[1].inputs);
    assert_eq!(runs[0].technique_id, kit::ID);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_of_somebody_else_at_the_same_moment_is_not_taken_for_ours() {
    let world = World::new().await;
    world
        .studio
        .faults()
        .add(Rule::on(START, Fault::Slow(Duration::from_millis(150))));
    let mut florist = world.florist().await;
    let ours = florist.launch(&["text"])[0];
    florist
        .until("ours is on its way", |florist| {
            florist.stage(ours) == Some(RunStage::Sending)
        })
        .await;
    let other = super::elsewhere::start(&world, "picture").await;
    florist.done(&[ours]).await;
    florist.send(Command::PollNow);
    florist
        .until("the other's run is here", |florist| {
            florist
                .rows
                .values()
                .any(|run| run.run_id.as_ref().is_some_and(|id| id.as_str() == other))
        })
        .await;
    let row = florist.row(ours).unwrap();
    assert_ne!(row.run_id.as_ref().unwrap().as_str(), other);
}
