//! One technique in the list: tile, name, a line about it, what goes in and comes out, its price.

use egui::{Align2, Rect, Response, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use super::glyphs;
use super::menu::menu_body;
use crate::model::{PreviewKey, Technique};
use crate::state::Action;
use crate::ui::Frame;
use crate::ui::textures::Picture;
use crate::ui::theme::{Icon, Tokens, font, icon, radius, space, tokens};
use crate::ui::widgets::{Fit, focus_ring, label_in, menu_item, picture};

/// Height of a row, in points.
pub const HEIGHT: f32 = 54.0;

const COVER: f32 = 40.0;
const PIN: f32 = 24.0;

/// How a row stands in its list.
#[derive(Clone, Copy, Debug)]
pub struct Standing {
    /// Its form is open.
    pub open: bool,
    /// The keyboard is at it.
    pub cursor: bool,
    pub pinned: bool,
}

/// Paints a row into `rect`.
pub fn ui(
    ui: &mut Ui,
    rect: Rect,
    technique: &Technique,
    standing: Standing,
    frame: &mut Frame<'_>,
) {
    let id = ui.scope_id().with(("technique", technique.id.as_str()));
    // The list is one tab stop: rows take clicks, the list takes the keyboard.
    let response = ui.interact(rect, id, Sense::CLICK);
    let tokens = tokens(ui);
    let hovered = ui.rect_contains_pointer(rect);
    ground(ui, rect, standing, hovered, tokens);
    let cover = Rect::from_min_size(
        pos2(rect.left() + space::S, rect.center().y - COVER / 2.0),
        vec2(COVER, COVER),
    );
    paint_cover(ui, cover, technique, frame);
    let words = Rect::from_min_max(
        pos2(cover.right() + 10.0, rect.top()),
        pos2(rect.right() - space::S, rect.bottom()),
    );
    let pin = hovered.then(|| pin(ui, words, technique, standing.pinned));
    paint_words(ui, words, technique, standing, hovered, tokens);
    describe(ui, &response, technique, standing);
    act(response, pin, technique, standing.pinned, frame);
}

fn ground(ui: &Ui, rect: Rect, standing: Standing, hovered: bool, tokens: &Tokens) {
    if standing.open {
        ui.painter()
            .rect_filled(rect, radius::BUTTON, tokens.selection);
    } else if hovered {
        let fill = tokens.bg_hover.gamma_multiply(0.6);
        ui.painter().rect_filled(rect, radius::BUTTON, fill);
    }
    if standing.cursor {
        focus_ring(ui.painter(), rect.shrink(4.0), tokens);
    }
}

fn paint_cover(ui: &Ui, rect: Rect, technique: &Technique, frame: &mut Frame<'_>) {
    let used = frame.state.catalog.usage(&technique.id);
    let Some(cover) = used.and_then(|used| used.cover) else {
        return glyphs::cover(ui, rect, technique);
    };
    let key = PreviewKey::thumb(cover);
    let shown = frame
        .textures
        .get(ui, &frame.state.previews, &key, frame.actions);
    match shown {
        Picture::Shown(shown) => picture(ui.painter(), &shown, rect, Fit::Cover, radius::TILE),
        Picture::Loading => {
            ui.painter()
                .rect_filled(rect, radius::TILE, tokens(ui).bg_hover);
        }
        Picture::Failed(_) => glyphs::cover(ui, rect, technique),
    }
}

fn paint_words(
    ui: &Ui,
    words: Rect,
    technique: &Technique,
    standing: Standing,
    hovered: bool,
    tokens: &Tokens,
) {
    let painter = ui.painter();
    let (quiet, price_color) = if standing.open {
        (tokens.text_secondary, tokens.text_primary)
    } else {
        (tokens.text_tertiary, tokens.text_secondary)
    };
    let (first, second) = (words.center().y - 8.5, words.center().y + 8.5);
    let flow_left = if hovered {
        words.right() - PIN
    } else {
        glyphs::flow(painter, pos2(words.right(), first - 0.5), technique, quiet)
    };
    let mut name = Rect::from_x_y_ranges(
        words.left()..=(flow_left - space::S),
        (first - 9.0)..=(first + 9.0),
    );
    if standing.pinned {
        name.max.x -= 16.0;
    }
    let end = label_in(
        painter,
        name,
        &technique.name,
        font::body_medium(),
        tokens.text_primary,
    );
    if standing.pinned && !hovered {
        icon(painter, end + vec2(10.0, 0.0), Icon::Pin, 10.0, quiet);
    }
    let price = technique
        .run_cost
        .map_or_else(String::new, |cost| cost.price());
    let at = pos2(words.right(), second);
    let area = painter.text(
        at,
        Align2::RIGHT_CENTER,
        price,
        font::secondary(),
        price_color,
    );
    let about = Rect::from_x_y_ranges(
        words.left()..=(area.left() - space::M),
        (second - 9.0)..=(second + 9.0),
    );
    let text = technique.description.as_deref().unwrap_or_default();
    label_in(painter, about, text, font::secondary(), quiet);
}

fn pin(ui: &Ui, words: Rect, technique: &Technique, pinned: bool) -> Response {
    let rect = Rect::from_min_size(
        pos2(words.right() - PIN + 4.0, words.top() + 6.0),
        vec2(PIN, PIN),
    );
    let id = ui.scope_id().with(("pin", technique.id.as_str()));
    let response = ui.interact(rect, id, Sense::CLICK);
    let tokens = tokens(ui);
    if response.hovered() {
        ui.painter()
            .rect_filled(rect, radius::FIELD, tokens.bg_active);
    }
    let what = if pinned { Icon::PinOff } else { Icon::Pin };
    icon(
        ui.painter(),
        rect.center(),
        what,
        14.0,
        tokens.text_secondary,
    );
    let name = format!("{} {}", pin_word(pinned), technique.name);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
    response.on_hover_text(pin_word(pinned))
}

fn pin_word(pinned: bool) -> &'static str {
    if pinned { "Unpin" } else { "Pin" }
}

fn describe(ui: &Ui, response: &Response, technique: &Technique, standing: Standing) {
    response.widget_info(|| {
        WidgetInfo::selected(Role::ListBoxOption, true, standing.open, &*technique.name)
    });
    let price = technique
        .run_cost
        .map_or_else(|| "price unknown".to_owned(), |cost| cost.price());
    ui.accesskit_node_builder(response.id, |node| {
        node.set_description(format!("{}, {price}", glyphs::spoken(technique)));
    });
}

fn act(
    response: Response,
    pin: Option<Response>,
    technique: &Technique,
    pinned: bool,
    frame: &mut Frame<'_>,
) {
    let open = Action::OpenTechnique(technique.id.clone());
    let toggle = Action::TogglePin(technique.id.clone());
    if pin.is_some_and(|pin| pin.clicked()) {
        frame.actions.push(toggle.clone());
    } else if response.clicked() {
        frame.actions.push(open.clone());
    }
    response.context_menu(|ui| {
        menu_body(ui, 180.0, |ui| {
            if menu_item(ui, Some(Icon::SquarePen), "Open", "Enter").clicked() {
                frame.actions.push(open);
            }
            let what = if pinned { Icon::PinOff } else { Icon::Pin };
            if menu_item(ui, Some(what), pin_word(pinned), "").clicked() {
                frame.actions.push(toggle);
            }
        });
    });
    let about = technique.description.as_deref().unwrap_or_default();
    if !about.is_empty() && !response.context_menu_opened() {
        response.on_hover_text(about);
    }
}
