//! The form of the open technique: header, fields in the schema's order, what blocks it, and the footer that runs it.

use std::collections::HashMap;

use egui::{Id, Margin, Rect, Role, ScrollArea, Sense, Ui, UiBuilder, WidgetInfo, pos2, vec2};

use super::editor::Editor;
use super::recall::Recall;
use super::routing::Spot;
use super::url_entry::UrlEntry;
use super::{editor, field, footer, form_header, form_problem, handing_in};
use crate::model::{InputId, InputSpec, LaunchDraft, Technique, TechniqueId};
use crate::state::{Action, AppState};
use crate::ui::Frame;
use crate::ui::theme::{Icon, font, icon, space, tokens};
use crate::ui::widgets::{focus_ring, label_in};
use crate::ui::words;

/// What the form remembers between frames.
#[derive(Default)]
pub struct Screen {
    /// Run was clicked.
    pub run: bool,
    pub recall: Recall,
    /// The large editor, while it is open.
    pub editor: Option<Editor>,
    /// The field that gets the keyboard back from the large editor.
    pub refocus: Option<Id>,
    /// The field whose address is being typed.
    pub url: Option<UrlEntry>,
    /// The field for which the library is open.
    pub picker: Option<InputId>,
    /// Where files can be dropped, as painted in this frame.
    pub spots: Vec<Spot>,
    /// The fields that would take what hangs over the window.
    pub wanted: Vec<InputId>,
    /// Fields that lost the keyboard; told once the pointer is up, so that a message at one of them does not move
    /// away what is being clicked.
    pub left: Vec<InputId>,
    /// The last request to lead to a field that was followed.
    led: Option<u64>,
    /// Forms whose optional fields were folded or unfolded by hand.
    folds: HashMap<TechniqueId, Fold>,
    problem_height: f32,
}

/// Whether the optional fields are in view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fold {
    Folded,
    Unfolded,
}

/// Up to this many optional fields are always in view.
const FEW: usize = 3;

/// Points at both sides of the form.
const MARGIN: i8 = 20;

/// Lines longer than this are hard to read; a narrow window gives the form more room than it can use.
const WIDEST: f32 = 560.0;

impl Screen {
    /// Whether the state asks for a field that was not led to yet.
    pub fn is_led(&self, state: &AppState) -> bool {
        state
            .launch
            .focus
            .as_ref()
            .is_some_and(|(serial, _)| Some(*serial) != self.led)
    }

    fn lead(&mut self, state: &AppState) -> Option<InputId> {
        if !self.is_led(state) {
            return None;
        }
        let (serial, input) = state.launch.focus.clone()?;
        self.led = Some(serial);
        Some(input)
    }
}

/// Paints the form into what is available.
pub fn ui(ui: &mut Ui, screen: &mut Screen, frame: &mut Frame<'_>) {
    let state = frame.state;
    let (Some(technique), Some(draft)) = (state.open_technique_spec(), state.launch.draft()) else {
        return;
    };
    let area = ui.available_rect_before_wrap();
    let messages = footer::messages(technique, draft, state);
    let footer_top = area.bottom() - footer::height(&messages);
    let problem = state
        .launch
        .errors()
        .and_then(|errors| errors.form.as_ref());
    let fields_bottom = footer_top - problem.map_or(0.0, |_| screen.problem_height);
    let fields = Rect::from_min_max(area.min, pos2(area.right(), fields_bottom));
    ui.scope_builder(UiBuilder::new().max_rect(fields), |ui| {
        ui.set_clip_rect(fields.intersect(ui.clip_rect()));
        scroll(ui, technique, draft, screen, frame);
    });
    if let Some(problem) = problem {
        let rect = Rect::from_min_max(pos2(area.left(), fields_bottom), area.max);
        screen.problem_height = form_problem::ui(ui, rect, problem, screen, frame);
    }
    let rect = Rect::from_min_max(pos2(area.left(), footer_top), area.max);
    footer::ui(ui, rect, technique, draft, &messages, screen, frame);
    handing_in::ui(ui, screen, frame);
    editor::ui(ui, technique, screen, frame);
    tell_left(ui, screen, frame);
}

fn scroll(
    ui: &mut Ui,
    technique: &Technique,
    draft: &LaunchDraft,
    screen: &mut Screen,
    frame: &mut Frame<'_>,
) {
    ScrollArea::vertical()
        .id_salt(("launch form", technique.id.as_str()))
        .auto_shrink(false)
        .show(ui, |ui| {
            let margin = Margin {
                left: MARGIN,
                right: MARGIN,
                top: 14,
                bottom: 24,
            };
            egui::Frame::new().inner_margin(margin).show(ui, |ui| {
                ui.set_max_width(WIDEST.min(ui.available_width()));
                ui.spacing_mut().item_spacing.y = 0.0;
                form_header::ui(ui, technique, draft, frame);
                ui.add_space(space::L);
                fields(ui, technique, draft, screen, frame);
            });
        });
}

fn fields(
    ui: &mut Ui,
    technique: &Technique,
    draft: &LaunchDraft,
    screen: &mut Screen,
    frame: &mut Frame<'_>,
) {
    screen.spots.clear();
    let lead = screen.lead(frame.state);
    let (optional, required): (Vec<&InputSpec>, Vec<&InputSpec>) =
        technique.inputs.iter().partition(|spec| spec.optional);
    for spec in required {
        field::ui(ui, technique, spec, draft, lead.as_ref(), screen, frame);
    }
    if optional.len() > FEW && !unfolded(ui, technique, &optional, draft, lead.as_ref(), screen) {
        return;
    }
    for spec in optional {
        field::ui(ui, technique, spec, draft, lead.as_ref(), screen, frame);
    }
}

/// The line that folds the optional fields; true when they are in view.
fn unfolded(
    ui: &mut Ui,
    technique: &Technique,
    optional: &[&InputSpec],
    draft: &LaunchDraft,
    lead: Option<&InputId>,
    screen: &mut Screen,
) -> bool {
    let fold = screen
        .folds
        .entry(technique.id.clone())
        .or_insert(Fold::Folded);
    let leads_here = lead.is_some_and(|lead| optional.iter().any(|spec| spec.id == *lead));
    // What hangs over the window must find the field it is meant for.
    let takes_files = optional.iter().any(|spec| spec.kind.is_file());
    let files_hover = takes_files && ui.input(|input| !input.raw.hovered_files.is_empty());
    if leads_here || files_hover {
        *fold = Fold::Unfolded;
    }
    let filled = optional
        .iter()
        .filter(|spec| !draft.field(&spec.id).is_empty(spec))
        .count();
    let words = match filled {
        0 => format!("{} optional", words::counted(optional.len(), "field")),
        _ => format!(
            "{filled} of {} filled",
            words::counted(optional.len(), "optional field")
        ),
    };
    if fold_line(ui, &words, *fold) {
        *fold = match *fold {
            Fold::Folded => Fold::Unfolded,
            Fold::Unfolded => Fold::Folded,
        };
    }
    ui.add_space(space::S);
    *fold == Fold::Unfolded
}

fn fold_line(ui: &mut Ui, words: &str, fold: Fold) -> bool {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 28.0), Sense::click());
    let tokens = tokens(ui);
    let color = if response.hovered() {
        tokens.text_primary
    } else {
        tokens.text_secondary
    };
    let what = match fold {
        Fold::Folded => Icon::ChevronRight,
        Fold::Unfolded => Icon::ChevronDown,
    };
    let at = pos2(rect.left() + 7.0, rect.center().y);
    icon(ui.painter(), at, what, 14.0, color);
    let text = rect.with_min_x(rect.left() + 20.0);
    label_in(ui.painter(), text, words, font::body(), color);
    if response.has_focus() {
        focus_ring(ui.painter(), rect.shrink(2.0), tokens);
    }
    response.widget_info(|| {
        let open = fold == Fold::Unfolded;
        WidgetInfo::selected(Role::DisclosureTriangle, true, open, words)
    });
    response.clicked()
}

fn tell_left(ui: &Ui, screen: &mut Screen, frame: &mut Frame<'_>) {
    if !ui.input(|input| input.pointer.any_down()) {
        for input in screen.left.drain(..) {
            frame.actions.push(Action::FieldLeft(input));
        }
    }
}
