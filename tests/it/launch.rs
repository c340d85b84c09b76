//! The form made from the schema, and the results beside it: used by mouse, keyboard, drop and paste.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use egui::accesskit::Role;
use egui::{ColorImage, DroppedFile, Event, Key, Modifiers, pos2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use florist::message::{Command, Event as Told};
use florist::model::*;
use florist::settings::Theme;
use florist::state::{Action, PickPurpose, Place, Request};

use crate::support::launch::{
    SIZE, every_kind, filled, hand_in, input, launch, many_techniques, odd_runs, over, picture,
    settle, technique_id, type_into, world_of,
};
use crate::support::stage::{Stage, stage, state};
use crate::support::world::{World, techniques};

type Scene = Harness<'static, Stage>;

fn open(technique: Technique) -> Scene {
    stage(world_of(Theme::Dark, technique), SIZE)
}

fn pattern_maker() -> Scene {
    stage(over(Theme::Dark, Vec::new()), SIZE)
}

fn with_inputs(inputs: Vec<InputSpec>) -> Technique {
    Technique {
        inputs,
        ..every_kind()
    }
}

fn click(scene: &mut Scene, label: &str) {
    scene.get_by_label(label).click();
    scene.run_steps(3);
}

fn press(scene: &mut Scene, modifiers: Modifiers, key: Key) {
    scene.key_press_modifiers(modifiers, key);
    scene.run_steps(3);
}

fn write(scene: &mut Scene, role: Role, label: &str, text: &str) {
    scene.get_by_role_and_label(role, label).focus();
    scene.run_steps(2);
    scene.get_by_role_and_label(role, label).type_text(text);
    scene.run_steps(3);
}

fn world(scene: &mut Scene) -> &mut World {
    &mut scene.state_mut().world
}

fn text(scene: &Scene, input: &str, index: usize) -> String {
    let draft = state(scene).launch.draft().expect("an open form");
    draft.text(&InputId::new(input), index).to_owned()
}

fn files(scene: &Scene, input: &str) -> Vec<FileDraft> {
    let draft = state(scene).launch.draft().expect("an open form");
    draft.field(&InputId::new(input)).files.clone()
}

fn orders(scene: &mut Scene) -> Vec<LaunchOrder> {
    let launches = std::mem::take(&mut world(scene).sent).into_iter();
    launches
        .filter_map(|command| match command {
            Command::Launch(orders) => Some(orders),
            _ => None,
        })
        .flatten()
        .collect()
}

/// What was handed in for checking since the last question.
fn handed_in(scene: &mut Scene) -> Vec<MediaSource> {
    let commands = std::mem::take(&mut world(scene).sent).into_iter();
    commands
        .filter_map(|command| match command {
            Command::CheckFile { source, .. } => Some(source),
            _ => None,
        })
        .collect()
}

fn requests(scene: &mut Scene) -> Vec<Request> {
    world(scene).state.take_requests()
}

#[derive(Debug)]
struct Dropped(PathBuf);

impl DroppedFile for Dropped {
    fn path(&self) -> &Path {
        &self.0
    }

    fn bytes(&self) -> Result<Vec<u8>, String> {
        Err("only the worker reads files".to_owned())
    }
}

fn drop_files(scene: &mut Scene, paths: &[&str]) {
    for path in paths {
        let file = Arc::new(Dropped(PathBuf::from(path)));
        scene.input_mut().dropped_files.push(file);
    }
    scene.run_steps(2);
}

// ---- text

#[test]
fn what_is_typed_lands_in_the_draft_and_runs_with_ctrl_enter() {
    let mut scene = pattern_maker();
    write(
        &mut scene,
        Role::MultilineTextInput,
        "Words",
        "a quiet harbour",
    );
    assert_eq!(text(&scene, "words", 0), "a quiet harbour");
    press(&mut scene, Modifiers::COMMAND, Key::Enter);
    let orders = orders(&mut scene);
    assert_eq!(orders.len(), 1);
    assert_eq!(
        orders[0].inputs[0].value,
        OrderValue::Text("a quiet harbour".to_owned())
    );
    assert_eq!(
        text(&scene, "words", 0),
        "a quiet harbour",
        "no new line came in"
    );
}

#[test]
fn alt_and_the_arrows_bring_back_what_was_written_before() {
    let mut scene = launch(Theme::Dark, SIZE);
    let typed = text(&scene, "words", 0);
    scene
        .get_by_role_and_label(Role::MultilineTextInput, "Words")
        .focus();
    scene.run_steps(2);
    press(&mut scene, Modifiers::ALT, Key::ArrowUp);
    assert_eq!(
        text(&scene, "words", 0),
        "quiet harbour at dawn, teal and rust"
    );
    press(&mut scene, Modifiers::ALT, Key::ArrowUp);
    assert_eq!(text(&scene, "words", 0), "lichen on slate, winter light");
    press(&mut scene, Modifiers::ALT, Key::ArrowDown);
    press(&mut scene, Modifiers::ALT, Key::ArrowDown);
    assert_eq!(text(&scene, "words", 0), typed);
}

#[test]
fn ctrl_e_opens_a_large_editor_on_the_same_text() {
    let mut scene = pattern_maker();
    write(&mut scene, Role::MultilineTextInput, "Words", "short");
    press(&mut scene, Modifiers::COMMAND, Key::E);
    scene.run_steps(3);
    scene.event(Event::Text(" and long".to_owned()));
    scene.run_steps(3);
    assert_eq!(text(&scene, "words", 0), "short and long");
    assert!(scene.query_by_label("3 words · 14 characters").is_some());
    click(&mut scene, "Done");
    assert!(scene.query_by_label("Done").is_none());
    scene.event(Event::Text("er".to_owned()));
    scene.run_steps(3);
    assert_eq!(
        text(&scene, "words", 0),
        "short and longer",
        "the field has the keyboard again"
    );
}

#[test]
fn the_large_editor_opens_by_the_mouse_too() {
    let mut scene = pattern_maker();
    scene
        .get_by_role_and_label(Role::MultilineTextInput, "Words")
        .hover();
    scene.run_steps(2);
    click(&mut scene, "Expand Words");
    assert!(scene.query_by_label("0 words · 0 characters").is_some());
}

#[test]
fn ctrl_enter_belongs_to_the_dialog_that_is_open() {
    let mut scene = pattern_maker();
    type_into(world(&mut scene), "words", "waves");
    world(&mut scene).act(Action::OpenConnect);
    scene.run_steps(4);
    press(&mut scene, Modifiers::COMMAND, Key::Enter);
    drop_files(&mut scene, &["/home/ada/tile.png"]);
    assert!(orders(&mut scene).is_empty());
    assert!(files(&scene, "reference").is_empty());
}

#[test]
fn several_values_are_one_run_each() {
    let motifs = InputSpec {
        allow_multiple: true,
        ..input("motifs", "Motifs", MediaKind::Text)
    };
    let mut scene = open(with_inputs(vec![motifs]));
    write(&mut scene, Role::MultilineTextInput, "Motifs 1", "waves");
    click(&mut scene, "Add another value");
    write(&mut scene, Role::MultilineTextInput, "Motifs 2", "gulls");
    assert!(scene.query_by_label("2 values, one run each").is_some());
    assert!(scene.query_by_label("Run 2 · $0.30").is_some());
    click(&mut scene, "Times to run: more");
    click(&mut scene, "Run 4 · $0.60");
    assert!(
        state(&scene).launch.confirm.is_some(),
        "above the limit the price is asked about"
    );
    click(&mut scene, "Cancel");
    click(&mut scene, "Remove Motifs 1");
    assert_eq!(text(&scene, "motifs", 0), "gulls");
    assert!(scene.query_by_label("Run 2 · $0.30").is_some());
}

#[test]
fn a_type_from_the_future_is_a_plain_field_with_a_notice() {
    let mood = input("mood", "Mood", MediaKind::Other("hologram".to_owned()));
    let mut scene = open(with_inputs(vec![mood]));
    assert!(
        scene
            .query_by_label_contains("does not know the type “hologram”")
            .is_some()
    );
    write(&mut scene, Role::MultilineTextInput, "Mood", "calm");
    press(&mut scene, Modifiers::COMMAND, Key::Enter);
    let orders = orders(&mut scene);
    assert_eq!(
        orders[0].inputs[0].kind,
        MediaKind::Other("hologram".to_owned())
    );
}

#[test]
fn leaving_a_required_field_empty_says_so_once_the_pointer_is_up() {
    let mut scene = pattern_maker();
    scene
        .get_by_role_and_label(Role::MultilineTextInput, "Words")
        .focus();
    scene.run_steps(2);
    let elsewhere = pos2(1200.0, 700.0);
    scene.event(Event::PointerMoved(elsewhere));
    let button = |pressed| Event::PointerButton {
        pos: elsewhere,
        button: egui::PointerButton::Primary,
        pressed,
        modifiers: Modifiers::NONE,
    };
    scene.event(button(true));
    scene.run_steps(3);
    let words = InputId::new("words");
    assert_eq!(
        state(&scene).launch.field_error(&words),
        None,
        "nothing moves below a pressed pointer"
    );
    scene.event(button(false));
    scene.run_steps(3);
    assert_eq!(
        state(&scene).launch.field_error(&words),
        Some("Add Words to run")
    );
    assert_eq!(scene.query_all_by_label("Add Words to run").count(), 2);
}

// ---- running

#[test]
fn a_blocked_run_leads_to_the_field_that_needs_something() {
    let mut technique = every_kind();
    // Far down, and folded away with the other optional ones.
    technique.inputs.rotate_left(3);
    for spec in &mut technique.inputs {
        spec.optional = true;
    }
    let mut scene = open(technique);
    world(&mut scene).act(Action::HandIn {
        input: InputId::new("film"),
        source: MediaSource::Path("/home/ada/film.txt".into()),
    });
    settle(
        world(&mut scene),
        FileCheck::Refused(Problem::new("This is no video")),
    );
    scene.run_steps(3);
    assert!(scene.query_by_label("Remove Film").is_none(), "folded away");
    let blocker = scene.get_by_role_and_label(Role::Link, "Replace or remove film.txt");
    blocker.click();
    scene.run_steps(6);
    assert!(orders(&mut scene).is_empty());
    let film = scene.get_by_label("Remove Film");
    assert!(
        film.rect().bottom() < 800.0 && film.rect().top() > 40.0,
        "the field was scrolled into view: {:?}",
        film.rect()
    );
    assert!(
        scene
            .get_by_label("Film: film.txt, This is no video")
            .is_focused()
    );
}

#[test]
fn run_itself_leads_there_too() {
    let mut scene = pattern_maker();
    click(&mut scene, "Run · Free");
    assert!(orders(&mut scene).is_empty());
    assert!(
        scene
            .get_by_role_and_label(Role::MultilineTextInput, "Words")
            .is_focused()
    );
}

#[test]
fn the_count_multiplies_the_price_and_the_orders() {
    let mut technique = with_inputs(vec![input("words", "Words", MediaKind::Text)]);
    technique.run_cost = Usd::from_dollars(0.02);
    let mut scene = open(technique);
    write(&mut scene, Role::MultilineTextInput, "Words", "waves");
    click(&mut scene, "Times to run: more");
    scene
        .get_by_role_and_label(Role::SpinButton, "Times to run")
        .focus();
    scene.run_steps(2);
    press(&mut scene, Modifiers::NONE, Key::ArrowUp);
    click(&mut scene, "Run 3 · $0.06");
    assert_eq!(orders(&mut scene).len(), 3);
    click(&mut scene, "Times to run: fewer");
    assert!(scene.query_by_label("Run 2 · $0.04").is_some());
}

#[test]
fn what_will_happen_without_a_connection_is_said() {
    let mut scene = pattern_maker();
    assert!(scene.query_by_label_contains("Will be sent").is_none());
    world(&mut scene).tell(Told::ConnectionChanged(Connection::Offline));
    scene.run_steps(3);
    assert!(
        scene
            .query_by_label("Will be sent when the studio can be reached")
            .is_some()
    );
}

#[test]
fn a_refusal_lands_at_its_field_and_above_the_button() {
    let mut scene = pattern_maker();
    type_into(world(&mut scene), "words", "x");
    world(&mut scene).tell(Told::LaunchRefused {
        launch: LaunchId::fresh(),
        technique: technique_id("pattern_maker"),
        problem: Problem {
            fields: vec![("words".to_owned(), "Use more than one letter".to_owned())],
            ..Problem::new("1 input needs a change").with_details("req_8821ac")
        },
    });
    scene.run_steps(4);
    assert!(scene.query_by_label("Use more than one letter").is_some());
    assert!(
        scene
            .query_by_role_and_label(Role::Alert, "1 input needs a change")
            .is_some()
    );
    click(&mut scene, "Copy for support");
    assert_eq!(
        requests(&mut scene),
        [Request::CopyText(
            "1 input needs a change\nreq_8821ac".to_owned()
        )]
    );
    scene.event(Event::Text("yz".to_owned()));
    scene.run_steps(4);
    assert!(
        scene.query_by_label("Use more than one letter").is_none(),
        "typing takes the message away"
    );
}

#[test]
fn the_menu_beside_run_copies_a_command_and_clears_the_form() {
    let mut scene = launch(Theme::Dark, SIZE);
    click(&mut scene, "More");
    click(&mut scene, "Copy as curl");
    let copied = requests(&mut scene);
    let [Request::CopyText(command)] = copied.as_slice() else {
        panic!("a text to copy");
    };
    assert!(
        command.contains("http://127.0.0.1:4000/api/v1/techniques/tech_pattern_maker/runs"),
        "{command}"
    );
    click(&mut scene, "More");
    click(&mut scene, "4 times");
    assert!(scene.query_by_label("Run 4 · Free").is_some());
    click(&mut scene, "More");
    click(&mut scene, "Clear form");
    assert_eq!(text(&scene, "words", 0), "");
    assert!(files(&scene, "reference").is_empty());
}

#[test]
fn the_form_is_filled_from_an_earlier_run() {
    let mut scene = launch(Theme::Dark, SIZE);
    click(&mut scene, "Fill from…");
    let item = scene.get_by_role_and_label(Role::MenuItem, "lichen on slate, winter light");
    item.click();
    scene.run_steps(3);
    assert_eq!(text(&scene, "words", 0), "lichen on slate, winter light");
}

// ---- files

#[test]
fn a_dropped_picture_finds_its_field() {
    let mut scene = pattern_maker();
    drop_files(&mut scene, &["/home/ada/harbour.jpg", "/home/ada/tile.png"]);
    let paths = handed_in(&mut scene);
    assert_eq!(
        paths,
        [
            MediaSource::Path("/home/ada/harbour.jpg".into()),
            MediaSource::Path("/home/ada/tile.png".into())
        ]
    );
    assert!(matches!(
        files(&scene, "reference").as_slice(),
        [FileDraft::Checking { label, .. }] if label == "harbour.jpg"
    ));
    assert!(matches!(
        files(&scene, "border").as_slice(),
        [FileDraft::Checking { label, .. }] if label == "tile.png"
    ));
}

#[test]
fn the_pointer_decides_where_a_dropped_picture_goes() {
    let mut scene = pattern_maker();
    scene
        .get_by_label("Border: drop a picture here, or press to browse")
        .hover();
    scene.run_steps(2);
    drop_files(&mut scene, &["/home/ada/tile.png"]);
    assert_eq!(files(&scene, "border").len(), 1);
    assert!(files(&scene, "reference").is_empty());
}

#[test]
fn a_pasted_picture_becomes_the_only_picture_input() {
    let mut scene = open(with_inputs(vec![input(
        "picture",
        "Picture",
        MediaKind::Image,
    )]));
    let image = ColorImage::filled([3, 2], egui::Color32::GOLD);
    scene.event(Event::PasteImage(Arc::new(image)));
    scene.run_steps(3);
    let sources = handed_in(&mut scene);
    let [
        MediaSource::Pixels {
            width,
            height,
            rgba,
        },
    ] = sources.as_slice()
    else {
        panic!("pixels");
    };
    assert_eq!((*width, *height), (3, 2));
    assert_eq!(&rgba[..8], &[255, 215, 0, 255, 255, 215, 0, 255]);
}

#[test]
fn a_pasted_address_goes_to_the_field_one_is_at_and_not_into_a_text() {
    let mut scene = pattern_maker();
    scene
        .get_by_label("Border: drop a picture here, or press to browse")
        .focus();
    scene.run_steps(2);
    let paste = || Event::Paste("https://example.com/tile.png".to_owned());
    scene.event(paste());
    scene.run_steps(3);
    let url = FileDraft::Url("https://example.com/tile.png".to_owned());
    assert_eq!(files(&scene, "border"), [url]);
    scene
        .get_by_role_and_label(Role::MultilineTextInput, "Words")
        .focus();
    scene.run_steps(2);
    scene.event(paste());
    scene.run_steps(3);
    assert_eq!(text(&scene, "words", 0), "https://example.com/tile.png");
    assert!(files(&scene, "reference").is_empty());
}

#[test]
fn browsing_asks_for_a_file_of_the_right_kind() {
    let mut scene = open(every_kind());
    scene.get_by_label("Browse for Film").click();
    scene.run_steps(3);
    let asked = requests(&mut scene);
    let [Request::Pick(pick)] = asked.as_slice() else {
        panic!("a dialog");
    };
    assert!(matches!(
        pick.purpose,
        PickPurpose::Input {
            kind: MediaKind::Video,
            several: false,
            ..
        }
    ));
}

#[test]
fn an_address_is_typed_and_checked() {
    let mut scene = pattern_maker();
    click(&mut scene, "Use a web address for Border");
    scene.run_steps(3);
    scene.event(Event::Text("tile.png".to_owned()));
    scene.run_steps(2);
    click(&mut scene, "Use");
    assert!(
        scene
            .query_by_label("Enter an address that begins with https://")
            .is_some()
    );
    assert!(files(&scene, "border").is_empty());
    let field = scene.get_by_role_and_label(Role::TextInput, "Address of a picture on the web");
    field.focus();
    scene.run_steps(2);
    press(&mut scene, Modifiers::COMMAND, Key::A);
    scene.event(Event::Text("https://example.com/tile.png".to_owned()));
    scene.run_steps(2);
    press(&mut scene, Modifiers::NONE, Key::Enter);
    let url = FileDraft::Url("https://example.com/tile.png".to_owned());
    assert_eq!(files(&scene, "border"), [url]);
    assert!(scene.query_by_label("Use").is_none(), "the popup is closed");
}

#[test]
fn one_of_the_librarys_pictures_is_chosen() {
    let mut scene = launch(Theme::Dark, SIZE);
    click(&mut scene, "Choose Border from the library");
    scene.run_steps(4);
    let tiles: Vec<_> = scene
        .query_all_by_label_contains("picture of Pattern Maker, 14:32")
        .collect();
    assert_eq!(tiles.len(), 4);
    tiles[0].click();
    scene.run_steps(4);
    let chosen = handed_in(&mut scene).pop();
    assert_eq!(chosen, Some(MediaSource::Output(OutputKey::new(400))));
    assert!(
        scene
            .query_by_label("From the library, newest first")
            .is_none()
    );
}

#[test]
fn a_picture_of_another_shape_is_remarked_on_but_holds_nothing_back() {
    let mut scene = pattern_maker();
    type_into(world(&mut scene), "words", "waves");
    hand_in(world(&mut scene), "border", picture("wide.png", 2400, 1600));
    scene.run_steps(3);
    assert!(
        scene
            .query_by_label("Needs 1:1, this is 3:2 — FLORA may crop it")
            .is_some()
    );
    click(&mut scene, "Run · Free");
    assert_eq!(orders(&mut scene).len(), 1);
}

#[test]
fn a_file_is_replaced_removed_and_refused() {
    let mut scene = launch(Theme::Dark, SIZE);
    click(&mut scene, "Replace Reference picture…");
    assert!(matches!(
        requests(&mut scene).as_slice(),
        [Request::Pick(_)]
    ));
    click(&mut scene, "Remove Reference picture");
    assert!(files(&scene, "reference").is_empty());
    drop_files(&mut scene, &["/home/ada/broken.png"]);
    settle(
        world(&mut scene),
        FileCheck::Refused(Problem::new("The picture is damaged")),
    );
    scene.run_steps(3);
    assert!(scene.query_by_label("The picture is damaged").is_some());
    click(&mut scene, "Run · Free");
    assert!(
        orders(&mut scene).is_empty(),
        "a refused file holds the run"
    );
}

#[test]
fn an_element_takes_the_place_of_a_file_and_back() {
    let mut scene = pattern_maker();
    type_into(world(&mut scene), "words", "waves");
    click(&mut scene, "FLORA element");
    write(&mut scene, Role::TextInput, "Reference picture", "elem_7");
    click(&mut scene, "Run · Free");
    let orders = orders(&mut scene);
    let element = ElementId::parse("elem_7").expect("an id");
    assert_eq!(orders[0].inputs[1].value, OrderValue::Element(element));
    click(&mut scene, "File");
    assert!(
        scene
            .query_by_label("Reference picture: drop a picture here, or press to browse")
            .is_some()
    );
}

#[test]
fn optional_fields_are_folded_and_their_count_is_told() {
    let mut scene = stage(filled(Theme::Dark), SIZE);
    assert!(scene.query_by_label("Sound").is_none());
    click(&mut scene, "4 of 5 optional fields filled");
    assert!(scene.query_by_label("Sound").is_some());
}

#[test]
fn a_file_over_the_window_unfolds_the_fields_it_may_be_meant_for() {
    let mut scene = stage(filled(Theme::Dark), SIZE);
    assert!(scene.query_by_label("Sound").is_none());
    scene.input_mut().hovered_files.push(egui::HoveredFile {
        path: Some("/tmp/rain.wav".into()),
        ..egui::HoveredFile::default()
    });
    scene.run_steps(3);
    assert!(scene.query_by_label("Sound").is_some());
}

// ---- techniques

#[test]
fn a_technique_is_found_and_opened_without_a_mouse() {
    let mut scene = pattern_maker();
    press(&mut scene, Modifiers::COMMAND, Key::F);
    scene.event(Event::Text("picture".to_owned()));
    scene.run_steps(3);
    assert!(scene.query_by_label("Poster").is_none());
    press(&mut scene, Modifiers::NONE, Key::ArrowDown);
    press(&mut scene, Modifiers::NONE, Key::ArrowDown);
    press(&mut scene, Modifiers::NONE, Key::Enter);
    assert_eq!(state(&scene).launch.open, Some(technique_id("slow_zoom")));
    press(&mut scene, Modifiers::COMMAND, Key::F);
    press(&mut scene, Modifiers::NONE, Key::Escape);
    assert!(
        scene.query_by_label("Poster").is_some(),
        "Esc clears the search"
    );
}

#[test]
fn a_search_without_a_match_says_so() {
    let mut scene = pattern_maker();
    press(&mut scene, Modifiers::COMMAND, Key::F);
    scene.event(Event::Text("zeppelin".to_owned()));
    scene.run_steps(3);
    assert!(scene.query_by_label("No match for “zeppelin”").is_some());
    click(&mut scene, "Show all");
    assert!(scene.query_by_label("Poster").is_some());
}

#[test]
fn a_technique_is_pinned_by_its_menu_or_its_pin() {
    let mut scene = pattern_maker();
    scene.get_by_label("Poster").click_secondary();
    scene.run_steps(4);
    click(&mut scene, "Pin");
    assert_eq!(state(&scene).settings.pinned, [technique_id("poster")]);
    assert!(scene.query_by_label("Pin Field Guide").is_none());
    scene.get_by_label("Field Guide").hover();
    scene.run_steps(2);
    click(&mut scene, "Pin Field Guide");
    assert_eq!(
        state(&scene).settings.pinned,
        [technique_id("poster"), technique_id("field_guide")]
    );
}

#[test]
fn only_the_techniques_in_view_are_painted() {
    let mut world = over(Theme::Dark, Vec::new());
    world.tell(Told::CatalogLoaded(many_techniques(3_000).into()));
    let scene = stage(world, SIZE);
    let rows = scene.query_all_by_role(Role::ListBoxOption).count();
    assert!((10..24).contains(&rows), "{rows} rows");
}

#[test]
fn without_techniques_there_is_a_way_on() {
    let mut scene = pattern_maker();
    world(&mut scene).tell(Told::CatalogLoaded([].into()));
    scene.run_steps(3);
    click(&mut scene, "Refresh");
    let sent = &world(&mut scene).sent;
    assert!(
        sent.iter()
            .any(|command| matches!(command, Command::RefreshCatalog))
    );
}

// ---- results

#[test]
fn a_picture_opens_and_has_what_is_wanted_at_hand() {
    let mut scene = launch(Theme::Dark, SIZE);
    let name = "Picture 2 of 4, quiet harbour at dawn, teal and rust";
    assert!(scene.query_by_label(&format!("Save as…: {name}")).is_none());
    scene.get_by_label(name).hover();
    scene.run_steps(2);
    click(&mut scene, &format!("Save as…: {name}"));
    assert!(matches!(
        requests(&mut scene).as_slice(),
        [Request::Pick(pick)] if matches!(pick.purpose, PickPurpose::SaveOutput { output, .. } if output == OutputKey::new(401))
    ));
    click(&mut scene, &format!("Copy picture: {name}"));
    let sent = &world(&mut scene).sent;
    assert!(
        matches!(sent.last(), Some(Command::ReadPicture(output)) if *output == OutputKey::new(401))
    );
    click(&mut scene, name);
    let viewing = state(&scene).viewer.open.clone().expect("the viewer");
    assert_eq!(viewing.output, OutputKey::new(401));
}

#[test]
fn an_outputs_menu_leads_to_its_run_in_the_history() {
    let mut scene = launch(Theme::Dark, SIZE);
    scene
        .get_by_label("Picture 1 of 4, lichen on slate, winter light")
        .click_secondary();
    scene.run_steps(4);
    click(&mut scene, "Show run in history");
    assert_eq!(state(&scene).navigation.place, Place::History);
    assert_eq!(state(&scene).history.selection(), [RowKey::new(11)]);
}

#[test]
fn a_refused_run_offers_its_inputs_and_no_plain_retry() {
    let mut scene = launch(Theme::Dark, SIZE);
    assert!(scene.query_by_label_contains("Try again").is_none());
    click(&mut scene, "Details");
    assert!(
        scene
            .query_by_label("GENERATION_PROMPT_MODERATED")
            .is_some()
    );
    click(&mut scene, "Edit inputs");
    assert_eq!(text(&scene, "words", 0), "the old lighthouse, again");
}

/// Pattern Maker over one of the odd runs.
fn over_odd(key: i64) -> Scene {
    let runs = odd_runs()
        .into_iter()
        .filter(|run| run.key == RowKey::new(key))
        .collect();
    stage(over(Theme::Dark, runs), SIZE)
}

#[test]
fn a_run_that_may_work_the_next_time_is_tried_again_at_its_price() {
    let mut scene = over_odd(113);
    click(&mut scene, "Try again · free");
    assert!(state(&scene).launch.confirm.is_some());
}

#[test]
fn a_launch_in_doubt_is_looked_up_sent_again_or_dropped() {
    let mut scene = over_odd(103);
    let row = RowKey::new(103);
    click(&mut scene, "Check now");
    click(&mut scene, "Send again");
    click(&mut scene, "Discard");
    let sent = &world(&mut scene).sent;
    assert!(
        sent.iter()
            .any(|command| matches!(command, Command::CheckNow(key) if *key == row))
    );
    assert!(
        sent.iter()
            .any(|command| matches!(command, Command::SendAgain(key) if *key == row))
    );
    assert!(
        sent.iter()
            .any(|command| matches!(command, Command::Discard(keys) if *keys == [row]))
    );
}

#[test]
fn a_file_that_did_not_arrive_is_fetched_again() {
    let mut scene = over_odd(106);
    scene.get_by_label_contains("Fetch again").click();
    scene.run_steps(3);
    let sent = &world(&mut scene).sent;
    let fetched = |command: &Command| matches!(command, Command::Fetch(keys) if *keys == [OutputKey::new(10_602)]);
    assert!(sent.iter().any(fetched));
}

#[test]
fn a_text_is_copied_from_its_card() {
    let mut scene = over_odd(112);
    click(&mut scene, "Copy");
    let copied = requests(&mut scene);
    assert!(
        matches!(copied.as_slice(), [Request::CopyText(text)] if text.contains("The horizon sits at 0.62")),
        "{copied:?}"
    );
}

#[test]
fn only_the_cards_in_view_are_painted_and_asked_for() {
    let like = odd_runs().remove(6);
    let runs: Vec<Run> = (0..5_000)
        .map(|key| Run {
            key: RowKey::new(key),
            ..like.clone()
        })
        .collect();
    let mut scene = stage(over(Theme::Dark, runs), SIZE);
    let cards = scene.query_all_by_label_contains("Done, 14:32:").count();
    assert!((1..8).contains(&cards), "{cards} cards");
    let sent = &world(&mut scene).sent;
    let asked: usize = sent
        .iter()
        .map(|command| match command {
            Command::LoadRows(keys) => keys.len(),
            _ => 0,
        })
        .sum();
    assert!(asked < 40, "{asked} rows were read");
}

#[test]
fn in_a_narrow_window_a_run_that_begins_shows_itself() {
    let mut scene = stage(over(Theme::Dark, Vec::new()), [1000.0, 700.0]);
    type_into(world(&mut scene), "words", "waves");
    scene.run_steps(2);
    assert!(scene.query_by_label("Run · Free").is_some());
    click(&mut scene, "Run · Free");
    let run = odd_runs().remove(0);
    world(&mut scene).tell(Told::RowsLoaded(vec![run.clone()]));
    world(&mut scene).tell(Told::ResultsAnswered {
        technique: technique_id("pattern_maker"),
        keys: [run.key].into(),
    });
    scene.run_steps(4);
    assert!(scene.query_by_label("Run · Free").is_none());
    assert!(scene.query_by_label("Running").is_some());
    scene
        .get_by_role_and_label(Role::RadioButton, "Form")
        .click();
    scene.run_steps(3);
    assert!(scene.query_by_label("Run · Free").is_some());
}

#[test]
fn the_catalogue_of_the_mockups_is_there_by_name() {
    let scene = pattern_maker();
    for technique in techniques() {
        assert!(
            scene
                .query_by_role_and_label(Role::ListBoxOption, &technique.name)
                .is_some(),
            "{}",
            technique.name
        );
    }
}
