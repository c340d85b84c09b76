//! The history and the inspector, used by mouse and keyboard: sorting, filtering, selecting, and the ways on.

use egui::accesskit::Role;
use egui::{
    Event, Key, Modifiers, MouseWheelSource, MouseWheelUnit, PointerButton, TouchPhase, vec2,
};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use florist::message::Command;
use florist::model::*;
use florist::settings::{InspectorPanel, RowHeight, Theme};
use florist::state::{InspectorTab, Place, Request};

use crate::support::history::{history, many, row, row_count, rows_named, select};
use crate::support::stage::{Stage, state};
use crate::support::world::noon;

const SIZE: [f32; 2] = [1624.0, 900.0];

fn open() -> Harness<'static, Stage> {
    history(Theme::Dark, SIZE)
}

fn click(harness: &mut Harness<'static, Stage>, role: Role, label: &str) {
    harness.get_by_role_and_label(role, label).click();
    harness.run_steps(3);
}

fn press(harness: &mut Harness<'static, Stage>, modifiers: Modifiers, key: Key) {
    harness.key_press_modifiers(modifiers, key);
    harness.run_steps(3);
}

fn query(harness: &Harness<'static, Stage>) -> HistoryQuery {
    state(harness).history.query.clone()
}

fn selected(harness: &Harness<'static, Stage>) -> Vec<i64> {
    let selection = state(harness).history.selection();
    selection.into_iter().map(RowKey::get).collect()
}

fn requests(harness: &mut Harness<'static, Stage>) -> Vec<Request> {
    harness.state_mut().world.state.take_requests()
}

#[test]
fn a_header_sorts_down_then_up_then_not_at_all() {
    let mut harness = open();
    let by = |order| {
        Some(SortKey {
            column: Column::Cost,
            order,
        })
    };
    click(&mut harness, Role::ColumnHeader, "Cost");
    assert_eq!(query(&harness).sort, by(SortOrder::Descending));
    assert!(
        harness.query_by_label("In progress · 3").is_none(),
        "a sort of one's own dissolves the pinned group"
    );
    click(&mut harness, Role::ColumnHeader, "Cost");
    assert_eq!(query(&harness).sort, by(SortOrder::Ascending));
    click(&mut harness, Role::ColumnHeader, "Cost");
    assert_eq!(query(&harness).sort, None);
    assert!(harness.query_by_label("In progress · 3").is_some());
}

#[test]
fn shift_and_a_header_add_a_second_key() {
    let mut harness = open();
    click(&mut harness, Role::ColumnHeader, "Technique");
    harness
        .get_by_role_and_label(Role::ColumnHeader, "Created")
        .click_modifiers(Modifiers::SHIFT);
    harness.run_steps(3);
    let query = query(&harness);
    assert_eq!(query.sort.map(|key| key.column), Some(Column::Technique));
    assert_eq!(query.then.map(|key| key.column), Some(Column::Created));
}

#[test]
fn a_filter_is_chosen_turned_round_and_taken_off() {
    let mut harness = open();
    click(&mut harness, Role::Button, "Status");
    click(&mut harness, Role::MenuItemRadio, "Failed");
    assert_eq!(
        query(&harness).status,
        Some(Match::Is(StatusFilter::Failed))
    );
    click(&mut harness, Role::Button, "Status is Failed");
    click(&mut harness, Role::RadioButton, "is not");
    assert_eq!(
        query(&harness).status,
        Some(Match::IsNot(StatusFilter::Failed))
    );
    press(&mut harness, Modifiers::NONE, Key::Escape);
    click(&mut harness, Role::Button, "Remove Status is not Failed");
    assert_eq!(query(&harness).status, None);
    assert!(
        harness.query_by_label("Reset").is_none(),
        "there is nothing to reset"
    );
}

#[test]
fn is_not_can_be_chosen_before_the_value() {
    let mut harness = open();
    click(&mut harness, Role::Button, "Technique");
    click(&mut harness, Role::RadioButton, "is not");
    harness.get_by_label("Find a technique").focus();
    harness.get_by_label("Find a technique").type_text("post");
    harness.run_steps(3);
    assert!(
        harness
            .query_by_role_and_label(Role::MenuItemRadio, "Slow Zoom")
            .is_none(),
        "what does not match is not offered"
    );
    click(&mut harness, Role::MenuItemRadio, "Poster");
    let Some(Match::IsNot(technique)) = query(&harness).technique else {
        panic!("{:?}", query(&harness).technique);
    };
    assert_eq!(technique.name, "Poster");
}

#[test]
fn a_reset_takes_off_the_search_and_every_filter() {
    let mut harness = open();
    click(&mut harness, Role::Button, "Date");
    click(&mut harness, Role::MenuItemRadio, "This week");
    let since = query(&harness).since.expect("a beginning");
    assert!(since <= noon());
    harness.get_by_label("Search runs").focus();
    harness.get_by_label("Search runs").type_text("harbour");
    harness.run_steps(3);
    assert!(query(&harness).is_filtered());
    click(&mut harness, Role::Link, "Reset");
    assert!(!query(&harness).is_filtered());
}

#[test]
fn the_search_asks_as_it_is_typed_and_escape_clears_then_leaves() {
    let mut harness = open();
    press(&mut harness, Modifiers::COMMAND, Key::F);
    assert!(harness.get_by_label("Search runs").is_focused());
    harness.event(Event::Text("harbour".to_owned()));
    harness.run_steps(3);
    assert_eq!(query(&harness).text, "harbour");
    let asked = harness.state().world.sent.iter().rev().find_map(|command| {
        let Command::AskHistory { query, .. } = command else {
            return None;
        };
        Some(query.text.clone())
    });
    assert_eq!(asked.as_deref(), Some("harbour"));
    press(&mut harness, Modifiers::NONE, Key::Escape);
    assert_eq!(query(&harness).text, "");
    assert!(harness.get_by_label("Search runs").is_focused());
    press(&mut harness, Modifiers::NONE, Key::Escape);
    assert!(!harness.get_by_label("Search runs").is_focused());
}

#[test]
fn letters_are_text_while_one_types() {
    let mut harness = open();
    select(&mut harness, 4);
    press(&mut harness, Modifiers::COMMAND, Key::F);
    for (key, letter) in [(Key::E, "e"), (Key::R, "r"), (Key::I, "i")] {
        harness.event(Event::Text(letter.to_owned()));
        press(&mut harness, Modifiers::NONE, key);
    }
    assert_eq!(query(&harness).text, "eri");
    assert_eq!(state(&harness).navigation.place, Place::History);
    assert!(state(&harness).launch.confirm.is_none());
    assert_eq!(
        state(&harness).settings.panels.inspector,
        InspectorPanel::Shown
    );
}

#[test]
fn the_mouse_selects_one_adds_and_takes_a_range() {
    let mut harness = open();
    row(&harness, 4).click();
    harness.run_steps(3);
    assert_eq!(selected(&harness), [4]);
    row(&harness, 7).click_modifiers(Modifiers::COMMAND);
    harness.run_steps(3);
    assert_eq!(selected(&harness), [4, 7]);
    row(&harness, 10).click_modifiers(Modifiers::SHIFT);
    harness.run_steps(3);
    assert_eq!(selected(&harness), [7, 8, 9, 10]);
    assert!(harness.query_by_label("4 selected").is_some());
    click(&mut harness, Role::Button, "Clear");
    assert_eq!(selected(&harness), [] as [i64; 0]);
}

#[test]
fn a_row_says_everything_to_a_screen_reader() {
    let harness = open();
    let created = state(&harness).rows.get(RowKey::new(4)).unwrap().created_at;
    let local = jiff::ZonedDateTime::new(created, jiff::tz::TimeZone::system());
    let name = format!(
        "Pattern Maker, done, quiet harbour at dawn, teal and rust, {}, free",
        local.strftime("%H:%M")
    );
    assert!(rows_named(&harness).contains(&name), "{name}");
}

#[test]
fn the_keyboard_moves_extends_and_takes_everything() {
    let mut harness = open();
    press(&mut harness, Modifiers::NONE, Key::ArrowDown);
    assert_eq!(selected(&harness), [1]);
    press(&mut harness, Modifiers::NONE, Key::ArrowDown);
    press(&mut harness, Modifiers::SHIFT, Key::ArrowDown);
    press(&mut harness, Modifiers::SHIFT, Key::ArrowDown);
    assert_eq!(selected(&harness), [2, 3, 4]);
    press(&mut harness, Modifiers::NONE, Key::End);
    assert_eq!(selected(&harness), [14]);
    press(&mut harness, Modifiers::SHIFT, Key::Home);
    assert_eq!(selected(&harness).len(), 14);
    press(&mut harness, Modifiers::NONE, Key::Escape);
    assert_eq!(selected(&harness).len(), 0);
    press(&mut harness, Modifiers::COMMAND, Key::A);
    assert_eq!(selected(&harness).len(), 14);
}

#[test]
fn delete_forgets_waiting_launches_and_nothing_else() {
    let mut harness = open();
    press(&mut harness, Modifiers::COMMAND, Key::A);
    press(&mut harness, Modifiers::NONE, Key::Delete);
    let discarded: Vec<_> = harness
        .state()
        .world
        .sent
        .iter()
        .filter_map(|command| match command {
            Command::Discard(rows) => Some(rows.clone()),
            _ => None,
        })
        .collect();
    assert_eq!(discarded, [vec![RowKey::new(2)]]);
}

#[test]
fn enter_opens_the_run_large_and_a_double_click_does_too() {
    let mut harness = open();
    select(&mut harness, 4);
    press(&mut harness, Modifiers::NONE, Key::Enter);
    let viewing = state(&harness).viewer.open.clone().expect("a large view");
    assert_eq!(viewing.output, OutputKey::new(400));

    let mut harness = open();
    let at = row(&harness, 7).rect().center();
    let mut events = vec![Event::PointerMoved(at)];
    for pressed in [true, false, true, false] {
        events.push(Event::PointerButton {
            pos: at,
            button: PointerButton::Primary,
            pressed,
            modifiers: Modifiers::NONE,
        });
    }
    harness.input_mut().events.extend(events);
    harness.run_steps(3);
    let viewing = state(&harness).viewer.open.clone().expect("a large view");
    assert_eq!(viewing.run, RowKey::new(7));
}

#[test]
fn a_run_is_copied_as_text_and_by_id() {
    let mut harness = open();
    select(&mut harness, 4);
    harness.event(Event::Copy);
    harness.run_steps(2);
    let copied = requests(&mut harness);
    let [Request::CopyText(text)] = copied.as_slice() else {
        panic!("{copied:?}");
    };
    assert!(text.starts_with("Pattern Maker — quiet harbour at dawn"));
    assert!(text.contains("Free"));
    press(&mut harness, Modifiers::COMMAND | Modifiers::SHIFT, Key::C);
    assert_eq!(
        requests(&mut harness),
        [Request::CopyText("run_4".to_owned())]
    );
}

#[test]
fn runs_that_were_never_in_view_are_copied_too() {
    let mut harness = many(3_000, SIZE);
    press(&mut harness, Modifiers::COMMAND, Key::A);
    press(&mut harness, Modifiers::COMMAND | Modifiers::SHIFT, Key::C);
    let copied = requests(&mut harness);
    let [Request::CopyRuns { runs, what }] = copied.as_slice() else {
        panic!("{copied:?}");
    };
    assert_eq!((runs.len(), *what), (3_000, RunText::Ids));
    let keys: Vec<RowKey> = runs.iter().map(|run| run.key).collect();
    assert_eq!(keys, state(&harness).history.selection(), "in this order");
}

#[test]
fn e_fills_the_form_and_r_asks_what_it_costs() {
    let mut harness = open();
    select(&mut harness, 12);
    press(&mut harness, Modifiers::NONE, Key::R);
    assert!(state(&harness).launch.confirm.is_some());
    let mut harness = open();
    select(&mut harness, 12);
    press(&mut harness, Modifiers::NONE, Key::E);
    assert_eq!(state(&harness).navigation.place, Place::Launch);
}

#[test]
fn the_menu_of_a_finished_run_offers_both_ways_to_run_it_again() {
    let mut harness = open();
    row(&harness, 12).click_secondary();
    harness.run_steps(3);
    assert_eq!(selected(&harness), [12], "the menu is about its row");
    click(&mut harness, Role::MenuItem, "Try again · $0.01");
    assert!(
        state(&harness).launch.confirm.is_some(),
        "the price is asked"
    );

    let mut harness = open();
    row(&harness, 12).click_secondary();
    harness.run_steps(3);
    click(&mut harness, Role::MenuItem, "Run again…");
    assert_eq!(state(&harness).navigation.place, Place::Launch);
}

#[test]
fn a_refused_run_cannot_simply_be_repeated() {
    let mut harness = open();
    row(&harness, 8).click_secondary();
    harness.run_steps(3);
    assert!(
        harness
            .query_by_role_and_label(Role::MenuItem, "Run again…")
            .is_some()
    );
    assert!(
        harness.query_by_label_contains("Try again").is_none(),
        "a refusal would only be paid for twice"
    );
    press(&mut harness, Modifiers::NONE, Key::Escape);
    press(&mut harness, Modifiers::NONE, Key::R);
    assert!(state(&harness).launch.confirm.is_none());
}

#[test]
fn a_doubtful_launch_can_be_looked_up_sent_again_or_dropped() {
    for (item, wanted) in [
        ("Check now", "CheckNow"),
        ("Send again", "SendAgain"),
        ("Discard", "Discard"),
    ] {
        let mut harness = open();
        row(&harness, 6).click_secondary();
        harness.run_steps(3);
        click(&mut harness, Role::MenuItem, item);
        let sent = format!("{:?}", harness.state().world.sent.last());
        assert!(sent.contains(wanted), "{item}: {sent}");
    }
}

#[test]
fn a_waiting_launch_can_be_removed() {
    let mut harness = open();
    row(&harness, 2).click_secondary();
    harness.run_steps(3);
    click(&mut harness, Role::MenuItem, "Remove");
    assert!(matches!(
        harness.state().world.sent.last(),
        Some(Command::Discard(rows)) if rows == &[RowKey::new(2)]
    ));
}

#[test]
fn a_row_offers_the_way_out_of_its_failure() {
    for height in [RowHeight::Compact, RowHeight::Standard] {
        let mut harness = open();
        harness.state_mut().world.state.settings.history.row_height = height;
        harness.run_steps(2);
        click(&mut harness, Role::Link, "Edit inputs");
        assert_eq!(state(&harness).navigation.place, Place::Launch);
    }
    let mut harness = open();
    click(&mut harness, Role::Link, "Check now");
    assert!(matches!(
        harness.state().world.sent.last(),
        Some(Command::CheckNow(row)) if *row == RowKey::new(6)
    ));
}

#[test]
fn the_group_in_progress_folds() {
    let mut harness = open();
    assert_eq!(row_count(&harness), 14);
    click(&mut harness, Role::DisclosureTriangle, "In progress · 3");
    assert_eq!(row_count(&harness), 11);
    press(&mut harness, Modifiers::NONE, Key::Home);
    assert_eq!(selected(&harness), [4]);
}

#[test]
fn the_inspector_pages_through_outputs_and_pages() {
    let mut harness = open();
    select(&mut harness, 4);
    click(&mut harness, Role::RadioButton, "Picture 3 of 4");
    assert_eq!(state(&harness).inspector.output, Some(OutputKey::new(402)));
    click(&mut harness, Role::Button, "Save as…");
    let saving = requests(&mut harness);
    assert!(
        matches!(saving.as_slice(), [Request::Pick(_)]),
        "{saving:?}"
    );
    click(&mut harness, Role::Tab, "Inputs");
    assert_eq!(state(&harness).inspector.tab, InspectorTab::Inputs);
    click(&mut harness, Role::Button, "Copy Words");
    assert_eq!(
        requests(&mut harness),
        [Request::CopyText(
            "quiet harbour at dawn, teal and rust".to_owned()
        )]
    );
    click(&mut harness, Role::Tab, "Run");
    click(&mut harness, Role::Button, "Copy for support");
    let copied = requests(&mut harness);
    let [Request::CopyText(text)] = copied.as_slice() else {
        panic!("{copied:?}");
    };
    assert!(text.contains("Run: run_4"));
    assert!(!text.contains("harbour"), "support gets no inputs: {text}");
}

#[test]
fn a_click_on_a_small_picture_shows_that_one() {
    let mut harness = open();
    let row_rect = row(&harness, 4).rect();
    let cell = harness
        .query_all_by_role(Role::Cell)
        .find(|cell| {
            cell.value().as_deref() == Some("4 outputs") && row_rect.contains(cell.rect().center())
        })
        .expect("the strip")
        .rect();
    let second = cell.left_center() + vec2(44.0 + 20.0, 0.0);
    harness.hover_at(second);
    harness.drag_at(second);
    harness.drop_at(second);
    harness.run_steps(3);
    assert_eq!(selected(&harness), [4]);
    assert_eq!(state(&harness).inspector.output, Some(OutputKey::new(401)));
}

#[test]
fn a_text_is_copied_whole() {
    let mut harness = open();
    select(&mut harness, 5);
    click(&mut harness, Role::Button, "Copy text");
    let copied = requests(&mut harness);
    let [Request::CopyText(text)] = copied.as_slice() else {
        panic!("{copied:?}");
    };
    assert_eq!(text, crate::support::world::NOTES);
}

#[test]
fn i_closes_and_opens_the_inspector() {
    let mut harness = open();
    select(&mut harness, 4);
    press(&mut harness, Modifiers::NONE, Key::I);
    assert!(
        harness
            .query_by_role_and_label(Role::Tab, "Output")
            .is_none()
    );
    press(&mut harness, Modifiers::NONE, Key::I);
    assert!(
        harness
            .query_by_role_and_label(Role::Tab, "Output")
            .is_some()
    );
}

#[test]
fn a_dragged_column_and_inspector_keep_their_widths() {
    let mut harness = open();
    let edge = harness
        .get_by_role_and_label(Role::Splitter, "Width of Technique")
        .rect()
        .center();
    drag(&mut harness, edge, edge + vec2(40.0, 0.0));
    let choices = &state(&harness).settings.history;
    let width = choices.width(Column::Technique).expect("a width was kept");
    let edge_now = harness
        .get_by_role_and_label(Role::Splitter, "Width of Technique")
        .rect()
        .center();
    assert!((edge_now.x - edge.x - 40.0).abs() < 2.0, "{width}");

    let edge = harness
        .get_by_role_and_label(Role::Splitter, "Width of the inspector")
        .rect()
        .center();
    drag(&mut harness, edge, edge - vec2(60.0, 0.0));
    let kept = state(&harness).settings.panels.inspector_width;
    assert!((kept - 380.0).abs() < 2.0, "{kept}");
}

fn drag(harness: &mut Harness<'static, Stage>, from: egui::Pos2, to: egui::Pos2) {
    harness.hover_at(from);
    harness.drag_at(from);
    harness.hover_at(from.lerp(to, 0.5));
    harness.hover_at(to);
    harness.drop_at(to);
    harness.run_steps(3);
}

#[test]
fn a_hundred_thousand_runs_are_painted_like_a_screenful() {
    let mut harness = many(100_000, SIZE);
    let few = many(100, SIZE);
    assert_eq!(row_count(&harness), row_count(&few));
    assert!(row_count(&harness) <= 18, "{}", row_count(&harness));

    // Somewhere in the middle, by wheel.
    let middle = 50_000.0 * RowHeight::Standard.points();
    harness.hover_at(egui::pos2(640.0, 500.0));
    harness.event(Event::MouseWheel {
        unit: MouseWheelUnit::Point,
        delta: vec2(0.0, -middle),
        phase: TouchPhase::Move,
        source: MouseWheelSource::Wheel,
        modifiers: Modifiers::NONE,
    });
    harness.run_steps(40);
    let names = rows_named(&harness);
    assert!(names.len() <= 18, "{}", names.len());
    let numbers: Vec<usize> = names.iter().filter_map(|name| number(name)).collect();
    assert_eq!(
        numbers.len(),
        names.len(),
        "every row in view was read: {names:#?}"
    );
    assert!(numbers[0] > 40_000, "{numbers:?}");
    assert!(numbers.windows(2).all(|pair| pair[1] == pair[0] + 1));

    let longest = longest_load(&harness);
    assert!(longest < 100, "{longest} rows were asked for at once");
}

#[test]
fn the_keyboard_reaches_the_end_of_a_long_history() {
    let mut harness = many(100_000, SIZE);
    press(&mut harness, Modifiers::NONE, Key::End);
    let last = rows_named(&harness);
    assert_eq!(last.last().and_then(|name| number(name)), Some(99_999));
    press(&mut harness, Modifiers::NONE, Key::PageUp);
    let cursor = state(&harness).history.cursor.expect("a cursor").get();
    assert!((99_970..99_990).contains(&cursor), "{cursor}");
    press(&mut harness, Modifiers::NONE, Key::Home);
    assert_eq!(number(&rows_named(&harness)[0]), Some(0));
}

/// The number at the end of a generated run's summary.
fn number(name: &str) -> Option<usize> {
    let (_, rest) = name.split_once("run number ")?;
    rest.split(',').next()?.parse().ok()
}

fn longest_load(harness: &Harness<'static, Stage>) -> usize {
    let loads = harness.state().world.sent.iter().filter_map(|command| {
        let Command::LoadRows(rows) = command else {
            return None;
        };
        Some(rows.len())
    });
    loads.max().unwrap_or_default()
}

#[test]
fn an_import_can_be_paused() {
    let mut harness = open();
    let import = |paused| Activity {
        import: Some(ImportProgress {
            seen: 1200,
            total: Some(2318),
            paused,
        }),
        ..Activity::default()
    };
    let tell = |harness: &mut Harness<'static, Stage>, paused| {
        let event = florist::message::Event::ActivityChanged(import(paused));
        harness.state_mut().world.tell(event);
        harness.run_steps(2);
    };
    tell(&mut harness, false);
    let said = harness.query_all_by_role(Role::Label).any(|label| {
        label
            .value()
            .is_some_and(|text| text.contains("1,200 of 2,318"))
    });
    assert!(said);
    click(&mut harness, Role::Link, "Pause");
    assert!(matches!(
        harness.state().world.sent.last(),
        Some(Command::PauseImport)
    ));
    tell(&mut harness, true);
    click(&mut harness, Role::Link, "Resume");
    assert!(matches!(
        harness.state().world.sent.last(),
        Some(Command::ResumeImport)
    ));
}

#[test]
fn a_history_that_could_not_be_read_can_be_asked_again() {
    let mut harness = open();
    let asked = harness.state().world.sent.iter();
    let generation = asked
        .filter_map(|command| match command {
            Command::AskHistory { generation, .. } => Some(*generation),
            _ => None,
        })
        .max()
        .expect("the history was asked for");
    let failed = florist::message::Event::HistoryFailed {
        generation,
        problem: Problem::new("The library could not be read"),
    };
    harness.state_mut().world.tell(failed);
    harness.run_steps(2);
    let before = harness.state().world.sent.len();
    click(&mut harness, Role::Link, "Retry");
    let sent = &harness.state().world.sent[before..];
    assert!(
        sent.iter()
            .any(|command| matches!(command, Command::AskHistory { .. }))
    );
    assert_eq!(row_count(&harness), 14, "the rows were never blanked");
}

#[test]
fn the_view_menu_chooses_the_row_height() {
    let mut harness = open();
    let before = row(&harness, 1).rect().height();
    click(&mut harness, Role::Button, "Row height");
    click(&mut harness, Role::MenuItemRadio, "Compact");
    assert_eq!(before, RowHeight::Standard.points());
    assert_eq!(
        row(&harness, 1).rect().height(),
        RowHeight::Compact.points()
    );
}
