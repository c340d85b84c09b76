//! What a click on Run does and does not do.

use super::*;
use crate::message::Event;
use crate::model::{InputSpec, MediaKind, now};
use crate::state::Action;

fn technique(id: &str, cost: Option<f64>) -> Arc<Technique> {
    let input = InputSpec {
        id: InputId::new("words"),
        name: "Words".to_owned(),
        kind: MediaKind::Text,
        description: None,
        optional: false,
        allow_multiple: true,
        accepts_element: false,
        aspect_ratio: None,
        duration: None,
    };
    Arc::new(Technique {
        id: TechniqueId::new(id),
        name: "Pattern Maker".into(),
        slug: None,
        description: None,
        run_cost: cost.and_then(Usd::from_dollars),
        inputs: vec![input],
        outputs: Vec::new(),
    })
}

fn state(cost: Option<f64>) -> AppState {
    let mut state = AppState::new(Settings::default());
    state.apply(
        Event::CatalogLoaded([technique("tech_1", cost)].into()),
        now(),
    );
    state
}

fn type_words(state: &mut AppState, text: &str) {
    let edit = Action::EditText {
        input: InputId::new("words"),
        index: 0,
        text: text.to_owned(),
    };
    state.perform(edit, now());
}

fn launches(commands: &[Command]) -> usize {
    commands
        .iter()
        .map(|command| match command {
            Command::Launch(orders) => orders.len(),
            _ => 0,
        })
        .sum()
}

#[test]
fn a_complete_form_is_sent_once_however_fast_the_clicks() {
    let mut state = state(Some(0.02));
    type_words(&mut state, "harbour");
    let click = now();
    assert_eq!(launches(&state.perform(Action::Launch, click)), 1);
    assert_eq!(
        launches(&state.perform(Action::Launch, click)),
        0,
        "a double click is one click"
    );
    let later = Timestamp::from_millisecond(click.as_millisecond() + 2_000).unwrap();
    assert_eq!(
        launches(&state.perform(Action::Launch, later)),
        1,
        "a second click is a second run"
    );
}

#[test]
fn an_incomplete_form_leads_to_its_first_field() {
    let mut state = state(Some(0.02));
    assert_eq!(launches(&state.perform(Action::Launch, now())), 0);
    assert_eq!(
        state.launch.field_error(&InputId::new("words")),
        Some("Add Words to run")
    );
    assert!(state.launch.focus.is_some());
    type_words(&mut state, "h");
    assert_eq!(
        state.launch.field_error(&InputId::new("words")),
        None,
        "typing clears the message"
    );
}

#[test]
fn dear_or_unpriced_runs_are_asked_about() {
    for cost in [Some(0.75), None] {
        let mut state = state(cost);
        type_words(&mut state, "harbour");
        assert_eq!(
            launches(&state.perform(Action::Launch, now())),
            0,
            "{cost:?}"
        );
        assert!(state.launch.confirm.is_some());
        assert_eq!(launches(&state.perform(Action::ConfirmLaunch, now())), 1);
        assert_eq!(
            launches(&state.perform(Action::ConfirmLaunch, now())),
            0,
            "the question is settled"
        );
    }
}

#[test]
fn more_than_five_runs_are_asked_about_even_when_free() {
    let mut state = state(Some(0.0));
    type_words(&mut state, "harbour");
    state.perform(Action::SetCount(6), now());
    assert_eq!(launches(&state.perform(Action::Launch, now())), 0);
    assert!(
        matches!(&state.launch.confirm, Some(Confirm::Launch { orders, .. }) if orders.len() == 6)
    );
}

#[test]
fn a_refusal_by_the_server_lands_at_its_field_and_keeps_what_was_typed() {
    let mut state = state(Some(0.02));
    type_words(&mut state, "harbour");
    let problem = Problem {
        fields: vec![("words".to_owned(), "Too short".to_owned())],
        ..Problem::new("1 input needs a change")
    };
    let technique = TechniqueId::new("tech_1");
    state.apply(
        Event::LaunchRefused {
            launch: LaunchId::fresh(),
            technique,
            problem,
        },
        now(),
    );
    assert_eq!(
        state.launch.field_error(&InputId::new("words")),
        Some("Too short")
    );
    assert_eq!(
        state
            .launch
            .draft()
            .unwrap()
            .text(&InputId::new("words"), 0),
        "harbour"
    );
}
