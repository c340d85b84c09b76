//! One field of the form: its label, what the schema calls for, and what is wrong with it.

use std::borrow::Cow;

use egui::{
    Align, Align2, Id, Label, Layout, Rect, Response, RichText, Role, Ui, UiBuilder, WidgetInfo,
    pos2, vec2,
};

use super::editor::Editor;
use super::form::Screen;
use super::{field_element, field_file, field_text, left_part};
use crate::model::{
    FieldDraft, InputId, InputSpec, LaunchDraft, MediaKind, Technique, TechniqueId,
};
use crate::state::Action;
use crate::ui::Frame;
use crate::ui::theme::{Icon, font, icon, space, tokens};
use crate::ui::widgets::{label, segmented};
use crate::ui::words;

/// A field as it stands in this frame.
pub struct Field<'a> {
    pub technique: &'a TechniqueId,
    pub spec: &'a InputSpec,
    pub value: Cow<'a, FieldDraft>,
    pub error: Option<&'a str>,
    /// Filled from the form that was open before.
    pub carried: bool,
    /// To be led to now: it takes the keyboard.
    pub lead: bool,
    /// The label's node, which names what is below it.
    pub label: Id,
}

/// What of an input the person gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    Text,
    File,
    Element,
}

const LABEL_HEIGHT: f32 = 20.0;
/// With the choice between a file and an element beside it.
const SWITCH_HEIGHT: f32 = 28.0;
/// Points below a field.
const GAP: f32 = 14.0;

impl Field<'_> {
    /// A part's id: the same whenever this technique's form is open, so that cursor and undo stay with it.
    pub fn part(&self, part: &str, index: usize) -> Id {
        Id::unique((
            "launch",
            self.technique.as_str(),
            self.spec.id.as_str(),
            part,
            index,
        ))
    }

    fn mode(&self) -> Mode {
        if self.spec.accepts_element && self.value.element.is_some() {
            Mode::Element
        } else if self.spec.kind.is_file() {
            Mode::File
        } else {
            Mode::Text
        }
    }
}

/// Paints a field.
pub fn ui(
    ui: &mut Ui,
    technique: &Technique,
    spec: &InputSpec,
    draft: &LaunchDraft,
    lead: Option<&InputId>,
    screen: &mut Screen,
    frame: &mut Frame<'_>,
) {
    let state = frame.state;
    let mut field = Field {
        technique: &technique.id,
        spec,
        value: draft.field(&spec.id),
        error: state.launch.field_error(&spec.id),
        carried: state.launch.carried.contains(&spec.id),
        lead: lead == Some(&spec.id),
        label: Id::NULL,
    };
    let shown = ui.scope_builder(UiBuilder::new().id_salt(spec.id.as_str()), |ui| {
        ui.spacing_mut().item_spacing = vec2(space::S, 0.0);
        field.label = label_row(ui, &field, screen, frame).id;
        ui.add_space(5.0);
        match field.mode() {
            Mode::Text => field_text::ui(ui, &field, screen, frame),
            Mode::File => field_file::ui(ui, &field, screen, frame),
            Mode::Element => field_element::ui(ui, &field, screen, frame),
        }
        if let MediaKind::Other(word) = &spec.kind {
            unknown_kind(ui, word);
        }
        if let Some(error) = field.error {
            error_line(ui, error);
        }
    });
    if field.lead {
        ui.scroll_to_rect(shown.response.rect.expand(space::L), None);
    }
    ui.add_space(GAP);
}

fn label_row(
    ui: &mut Ui,
    field: &Field<'_>,
    screen: &mut Screen,
    frame: &mut Frame<'_>,
) -> Response {
    let height = if field.spec.accepts_element {
        SWITCH_HEIGHT
    } else {
        LABEL_HEIGHT
    };
    let (row, _) = ui.allocate_exact_size(vec2(ui.available_width(), height), egui::Sense::hover());
    let right = right_side(ui, row, field, screen, frame);
    let mut left = Rect::from_min_max(row.min, pos2(right - space::S, row.bottom()));
    let tokens = tokens(ui);
    let marks = [
        field.spec.optional.then_some("Optional"),
        field.carried.then_some("Carried over"),
    ];
    let marks: Vec<&str> = marks.into_iter().flatten().collect();
    let room = marks
        .iter()
        .map(|mark| mark.len() as f32 * 6.6 + 10.0)
        .sum::<f32>();
    let name = RichText::new(&field.spec.name)
        .font(font::body_medium())
        .color(tokens.text_primary);
    let name_rect = left_part(left, left.width() - room);
    let mut response = ui
        .scope_builder(
            UiBuilder::new()
                .max_rect(name_rect)
                .layout(Layout::left_to_right(Align::Center)),
            |ui| ui.add(Label::new(name).truncate()),
        )
        .inner;
    if let Some(about) = field
        .spec
        .description
        .as_deref()
        .filter(|_| field.spec.kind.is_file())
    {
        response = response.on_hover_text(about);
    }
    left.min.x = response.rect.right() + 10.0;
    for mark in marks {
        let at = left.left_center();
        let area = ui.painter().text(
            at,
            Align2::LEFT_CENTER,
            mark,
            font::secondary(),
            tokens.text_tertiary,
        );
        left.min.x = area.right() + 10.0;
    }
    response
}

/// The count of a text, or the choice between a file and an element. Returns where it begins.
fn right_side(
    ui: &mut Ui,
    row: Rect,
    field: &Field<'_>,
    screen: &mut Screen,
    frame: &mut Frame<'_>,
) -> f32 {
    if field.spec.accepts_element {
        return element_switch(ui, row, field, frame);
    }
    if field.mode() != Mode::Text || field.spec.allow_multiple {
        return row.right();
    }
    let mut right = row.right();
    if let Some(text) = field.value.texts.first().filter(|text| !text.is_empty()) {
        let words = words::count(text.chars().count());
        let color = tokens(ui).text_tertiary;
        let painter = ui.painter();
        let at = row.right_center();
        let area = painter.text(at, Align2::RIGHT_CENTER, words, font::secondary(), color);
        right = area.left() - space::XS;
    }
    let place = Rect::from_min_max(
        pos2(right - row.height(), row.top()),
        pos2(right, row.bottom()),
    );
    expand(ui, place, row, field, screen);
    place.left()
}

/// Opens the large editor. Seen while the field is pointed at or has the keyboard.
fn expand(ui: &Ui, place: Rect, row: Rect, field: &Field<'_>, screen: &mut Screen) {
    let text = field.part("text", 0);
    let response = ui.interact(place, text.with("expand"), egui::Sense::CLICK);
    let at_field = ui
        .ctx()
        .read_response(text)
        .is_some_and(|text| text.has_focus() || text.contains_pointer());
    if at_field || ui.rect_contains_pointer(row) {
        let tokens = tokens(ui);
        let color = if response.hovered() {
            tokens.text_primary
        } else {
            tokens.text_tertiary
        };
        icon(ui.painter(), place.center(), Icon::Maximize2, 13.0, color);
    }
    let name = format!("Expand {}", field.spec.name);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
    if response.on_hover_text("Large editor (Ctrl E)").clicked() {
        screen.editor = Some(Editor::new(field.spec.id.clone(), 0, text));
    }
}

fn element_switch(ui: &mut Ui, row: Rect, field: &Field<'_>, frame: &mut Frame<'_>) -> f32 {
    let builder = UiBuilder::new()
        .max_rect(row)
        .layout(Layout::right_to_left(Align::Center));
    let shown = ui.scope_builder(builder, |ui| {
        let choices = [(false, "File"), (true, "FLORA element")];
        segmented(ui, field.mode() == Mode::Element, &choices)
    });
    if let Some(element) = shown.inner {
        frame.actions.push(Action::SetElement {
            input: field.spec.id.clone(),
            element: element.then(String::new),
        });
    }
    shown.response.rect.left()
}

fn unknown_kind(ui: &mut Ui, word: &str) {
    let quiet = tokens(ui).text_tertiary;
    let text =
        format!("Florist does not know the type “{word}” yet; what you type is sent as it is");
    note(ui, Icon::Info, &text, quiet);
}

fn error_line(ui: &mut Ui, error: &str) {
    let color = tokens(ui).failed.text;
    note(ui, Icon::CircleAlert, error, color);
}

/// A small sign and a sentence under a field.
pub fn note(ui: &mut Ui, what: Icon, text: &str, color: egui::Color32) {
    ui.add_space(4.0);
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = 6.0;
        let (rect, _) = ui.allocate_exact_size(vec2(13.0, 16.0), egui::Sense::hover());
        icon(ui.painter(), rect.center(), what, 13.0, color);
        // In a row of its own a text would not wrap.
        ui.vertical(|ui| label(ui, text, font::secondary(), color));
    });
}
