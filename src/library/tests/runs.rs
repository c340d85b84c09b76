//! Taking in what FLORA says.

use crate::library::Change;
use crate::library::testing::{self, image, order, text, time, update};
use crate::model::{
    Archive, Cost, ProfileId, RunStage, RunStatus, RunUpdate, SavedState, Source, Usd,
};

#[test]
fn only_a_difference_that_shows_is_a_change() {
    let (_dir, library) = testing::library();
    let profile = testing::profile();
    let mut told = update("run_1", RunStatus::Running);
    assert_eq!(
        library.save_run(&profile, &told).unwrap().change,
        Change::New
    );
    assert_eq!(
        library.save_run(&profile, &told).unwrap().change,
        Change::Same
    );

    told.poll_url = Some("https://flora.test/poll".into());
    assert_eq!(
        library.save_run(&profile, &told).unwrap().change,
        Change::Same
    );
    let followed = library.runs_in_flight(&profile).unwrap();
    assert_eq!(followed[0].poll_url, told.poll_url, "kept all the same");

    told.progress = 40.0;
    assert_eq!(
        library.save_run(&profile, &told).unwrap().change,
        Change::Changed
    );
    told.outputs = vec![image("o_1")];
    assert_eq!(
        library.save_run(&profile, &told).unwrap().change,
        Change::Changed
    );
    told.outputs[0].url_or_text.push_str("?signed=anew");
    assert_eq!(
        library.save_run(&profile, &told).unwrap().change,
        Change::Same
    );
}

#[test]
fn a_stale_page_does_not_turn_done_into_running() {
    let (_dir, library) = testing::library();
    let profile = testing::profile();
    let mut done = update("run_1", RunStatus::Completed);
    done.outputs = vec![image("o_1"), image("o_2")];
    library.save_run(&profile, &done).unwrap();
    let stale = update("run_1", RunStatus::Running);
    let saved = library.save_run(&profile, &stale).unwrap();
    assert_eq!(
        (saved.change, saved.stage_after),
        (Change::Same, RunStage::Done)
    );
    assert_eq!(
        library.run(saved.key).unwrap().outputs.len(),
        2,
        "outputs stay too"
    );
}

#[test]
fn a_run_from_elsewhere_is_done_and_its_files_stay_in_the_cloud() {
    let (_dir, library) = testing::library();
    let mut done = update("run_1", RunStatus::Completed);
    done.outputs = vec![image("o_1")];
    let saved = library.save_run(&testing::profile(), &done).unwrap();
    let run = library.run(saved.key).unwrap();
    assert_eq!((run.stage, run.source), (RunStage::Done, Source::Elsewhere));
    assert_eq!(run.saved(), SavedState::CloudOnly);
    assert!(
        library
            .wanted_outputs(&testing::profile())
            .unwrap()
            .is_empty()
    );
    assert_eq!(run.duration_ms(time(9_999)), Some(4_000));
}

#[test]
fn a_status_of_later_days_is_followed_like_a_running_one() {
    let (_dir, library) = testing::library();
    let told = update("run_1", RunStatus::Other("polishing".into()));
    let saved = library.save_run(&testing::profile(), &told).unwrap();
    assert_eq!(saved.stage_after, RunStage::Running);
    assert_eq!(
        library.runs_in_flight(&testing::profile()).unwrap().len(),
        1
    );
}

#[test]
fn a_failed_run_tells_why_and_is_not_followed() {
    let (_dir, library) = testing::library();
    let failed = RunUpdate {
        progress: 100.0,
        error_code: Some("model_timeout".into()),
        error_message: Some("It took too long".into()),
        ..update("run_1", RunStatus::Failed)
    };
    let saved = library.save_run(&testing::profile(), &failed).unwrap();
    let run = library.run(saved.key).unwrap();
    assert_eq!(run.stage, RunStage::Failed);
    assert_eq!(run.failure.unwrap().code, "model_timeout");
    assert!(
        library
            .runs_in_flight(&testing::profile())
            .unwrap()
            .is_empty()
    );
}

#[test]
fn a_charge_that_comes_late_is_awaited_until_it_is_given_up() {
    let (_dir, library) = testing::library();
    let profile = testing::profile();
    let order = order("x");
    let row = library.record_launch(&profile, None, &order).unwrap();
    library
        .claim_run(order.id, &update("run_1", RunStatus::Running), None)
        .unwrap();
    let done = update("run_1", RunStatus::Completed);
    library.save_run(&profile, &done).unwrap();
    assert_eq!(
        library.run(row).unwrap().cost,
        Cost::Settling(Usd::from_dollars(0.15).unwrap())
    );
    assert_eq!(library.runs_settling(&profile).unwrap().len(), 1);
    assert!(library.spent_since(&profile, time(-1)).unwrap().settling);

    library.close_cost(row).unwrap();
    assert_eq!(library.run(row).unwrap().cost, Cost::Unknown);
    assert!(library.runs_settling(&profile).unwrap().is_empty());

    let charged = RunUpdate {
        charged_cost: Usd::from_dollars(0.16),
        ..done
    };
    library.save_run(&profile, &charged).unwrap();
    assert_eq!(
        library.run(row).unwrap().cost,
        Cost::Charged(Usd::from_dollars(0.16).unwrap())
    );
    let spent = library.spent_since(&profile, time(-1)).unwrap();
    assert_eq!(
        (spent.known, spent.settling),
        (Usd::from_dollars(0.16).unwrap(), false)
    );
    assert_eq!(
        library.spent_since(&profile, time(1)).unwrap().known,
        Usd::ZERO
    );
}

#[test]
fn two_profiles_may_know_the_same_run_id() {
    let (_dir, library) = testing::library();
    let told = update("run_1", RunStatus::Completed);
    let here = library.save_run(&testing::profile(), &told).unwrap();
    let studio = library.save_run(&ProfileId::studio(), &told).unwrap();
    assert_ne!(here.key, studio.key);
    assert_eq!(
        library.counts(&ProfileId::studio(), time(0)).unwrap().today,
        1
    );
}

#[test]
fn outputs_without_ids_are_told_apart_by_position() {
    let (_dir, library) = testing::library();
    let mut told = update("run_1", RunStatus::Running);
    told.outputs = vec![text("", "first"), text("", "second")];
    let saved = library.save_run(&testing::profile(), &told).unwrap();
    told.outputs = vec![
        text("", "first"),
        text("", "second, longer"),
        text("", "third"),
    ];
    library.save_run(&testing::profile(), &told).unwrap();
    let run = library.run(saved.key).unwrap();
    let texts: Vec<&str> = run
        .outputs
        .iter()
        .filter_map(|o| o.excerpt.as_deref())
        .collect();
    assert_eq!(texts, ["first", "second, longer", "third"]);
}

#[test]
fn a_long_text_travels_as_an_excerpt_and_is_kept_whole() {
    let (_dir, library) = testing::library();
    let long = "ů".repeat(5_000);
    let mut told = update("run_1", RunStatus::Completed);
    told.outputs = vec![text("o_1", &long)];
    let saved = library.save_run(&testing::profile(), &told).unwrap();
    let output = &library.run(saved.key).unwrap().outputs[0];
    let excerpt = output.excerpt.as_deref().unwrap();
    assert!(excerpt.len() <= crate::model::Output::EXCERPT && long.starts_with(excerpt));
    assert_eq!(
        output.archive,
        Archive::Stored,
        "it came along with its run"
    );
    assert_eq!(library.output_text(output.key).unwrap(), Some(long));
}

#[test]
fn hidden_runs_are_in_no_list_and_still_known() {
    let (_dir, library) = testing::library();
    let profile = testing::profile();
    let told = update("run_1", RunStatus::Completed);
    let saved = library.save_run(&profile, &told).unwrap();
    library.hide(saved.key).unwrap();
    let answer = library
        .row_keys(&profile, &Default::default(), time(0))
        .unwrap();
    assert!(answer.keys.is_empty());
    assert!(
        library
            .technique_rows(&profile, &told.technique)
            .unwrap()
            .is_empty()
    );
    let again = library.save_run(&profile, &told).unwrap();
    assert_eq!((again.key, again.change), (saved.key, Change::Same));
}

#[test]
fn a_forecast_needs_five_samples() {
    let (_dir, library) = testing::library();
    let profile = testing::profile();
    let technique = update("x", RunStatus::Completed).technique;
    for (number, seconds) in [10, 20, 30, 40].into_iter().enumerate() {
        let mut told = update(&format!("run_{number}"), RunStatus::Completed);
        told.completed_at = told
            .started_at
            .map(|start| start + jiff::SignedDuration::from_secs(seconds));
        library.save_run(&profile, &told).unwrap();
    }
    assert_eq!(library.durations(&profile, &technique).unwrap(), None);
    let mut told = update("run_5", RunStatus::Completed);
    told.completed_at = told
        .started_at
        .map(|start| start + jiff::SignedDuration::from_secs(50));
    library.save_run(&profile, &told).unwrap();
    let (low, high) = library.durations(&profile, &technique).unwrap().unwrap();
    assert_eq!((low.as_secs(), high.as_secs()), (20, 40));
}

#[test]
fn texts_can_be_called_back_newest_first_and_once_each() {
    let (_dir, library) = testing::library();
    let profile = testing::profile();
    for (number, words) in ["sea", "tree", "sea", "moon"].into_iter().enumerate() {
        let mut order = order(words);
        order.created_at = time(number as i64);
        library.record_launch(&profile, None, &order).unwrap();
    }
    let order = order("x");
    let texts = library
        .recent_texts(&profile, &order.technique, &order.inputs[0].id)
        .unwrap();
    assert_eq!(texts, ["moon", "sea", "tree"]);
}

#[test]
fn last_used_is_the_newest_run_of_each_technique() {
    let (_dir, library) = testing::library();
    let profile = testing::profile();
    let mut first = update("run_1", RunStatus::Completed);
    first.created_at = time(5);
    let mut second = update("run_2", RunStatus::Completed);
    second.created_at = time(9);
    library
        .save_page(&profile, &[second, first.clone()])
        .unwrap();
    let used = library.last_used(&profile).unwrap();
    assert_eq!(used.get(&first.technique), Some(&time(9)));
}
