//! An input that takes files: tiles for what is there, and one that takes more.

use egui::{
    Id, Key, Margin, Rect, Response, Role, Sense, Shape, Stroke, Ui, UiBuilder, WidgetInfo, pos2,
    vec2,
};

use super::field::Field;
use super::form::Screen;
use super::routing::Spot;
use super::url_entry::UrlEntry;
use super::{file_tile, fit, library_picker, url_entry};
use crate::model::MediaKind;
use crate::state::Action;
use crate::ui::Frame;
use crate::ui::theme::{Icon, font, icon, radius, size, space, tokens};
use crate::ui::widgets::{focus_ring, label, link, small_icon_button};
use crate::ui::words;

/// Paints the field.
pub fn ui(ui: &mut Ui, field: &Field<'_>, screen: &mut Screen, frame: &mut Frame<'_>) {
    let several = field.spec.allow_multiple;
    let files = &field.value.files;
    let mut area = Rect::NOTHING;
    let mut focused = false;
    for (index, file) in files.iter().enumerate() {
        if index > 0 {
            ui.add_space(6.0);
        }
        let tile = file_tile::ui(ui, field, index, file, frame);
        if field.lead && index == 0 && !several {
            tile.request_focus();
        }
        focused |= tile.has_focus();
        area = area.union(tile.rect);
    }
    if files.is_empty() || several {
        if !files.is_empty() {
            ui.add_space(6.0);
        }
        let tile = empty(ui, field, screen, frame);
        focused |= tile.has_focus();
        area = area.union(tile.rect);
    }
    if several && files.len() > 1 {
        let total = format!("{}, one run each", words::counted(files.len(), "file"));
        ui.add_space(space::XS);
        label(ui, total, font::secondary(), tokens(ui).text_tertiary);
    }
    library_picker::ui(ui, field, area, screen, frame);
    url_entry::ui(ui, field, area, screen, frame);
    screen.spots.push(spot(ui, field, area, focused));
}

fn spot(ui: &Ui, field: &Field<'_>, rect: Rect, focused: bool) -> Spot {
    let pointer = ui.input(|input| input.pointer.latest_pos());
    Spot {
        input: field.spec.id.clone(),
        kind: field.spec.kind.clone(),
        several: field.spec.allow_multiple,
        filled: !field.value.files.is_empty(),
        focused,
        hovered: pointer.is_some_and(|at| rect.contains(at)),
    }
}

/// The dashed tile that takes a file in every way there is. A click anywhere on it browses.
fn empty(ui: &mut Ui, field: &Field<'_>, screen: &mut Screen, frame: &mut Frame<'_>) -> Response {
    let wanted = screen.wanted.contains(&field.spec.id);
    let ground = ui.painter().add(Shape::Noop);
    let builder = UiBuilder::new()
        .scope_id(field.part("tile", 0))
        .sense(Sense::click());
    let shown = ui.scope_builder(builder, |ui| {
        let compact = !field.value.files.is_empty();
        let margin = Margin::symmetric(14, if compact { 6 } else { 14 });
        egui::Frame::new().inner_margin(margin).show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.set_min_height(if compact { 28.0 } else { 40.0 });
            contents(ui, field, screen, frame);
        });
    });
    let response = shown.response;
    paint_ground(ui, ground, &response, wanted, field.error.is_some());
    let noun = with_article(&field.spec.kind);
    let name = format!("{}: drop {noun} here, or press to browse", field.spec.name);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
    if field.lead {
        response.request_focus();
    }
    if response.clicked() {
        frame.actions.push(Action::Browse(field.spec.id.clone()));
    }
    response
}

fn contents(ui: &mut Ui, field: &Field<'_>, screen: &mut Screen, frame: &mut Frame<'_>) {
    let tokens = tokens(ui);
    let height = ui.min_rect().height();
    let id = field.part("ways", 0);
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = space::M;
        let (place, _) = ui.allocate_exact_size(vec2(20.0, height), Sense::hover());
        let width = ui.available_width() - size::HIT - space::M;
        let words = ui.scope(|ui| {
            ui.set_max_width(width);
            beside(ui, id, height, |ui| {
                ui.set_width(width);
                ways(ui, field, screen, frame);
                if let Some(needs) = fit::needs(field.spec) {
                    label(ui, needs, font::secondary(), tokens.text_tertiary);
                }
            });
        });
        let at = pos2(place.center().x, words.response.rect.center().y);
        let what = add_icon(&field.spec.kind);
        icon(ui.painter(), at, what, 20.0, tokens.text_secondary);
        let name = format!("Use a web address for {}", field.spec.name);
        if small_icon_button(ui, Icon::Link, &name).clicked() {
            screen.url = Some(UrlEntry::new(field.spec.id.clone()));
        }
    });
}

/// "Drop a picture, paste, browse or choose from the library"
fn ways(ui: &mut Ui, field: &Field<'_>, screen: &mut Screen, frame: &mut Frame<'_>) {
    let quiet = tokens(ui).text_secondary;
    let noun = if field.value.files.is_empty() {
        with_article(&field.spec.kind)
    } else {
        "another".to_owned()
    };
    // Lines of a sentence, not rows of buttons.
    ui.spacing_mut().interact_size.y = 0.0;
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(0.0, 2.0);
        let words = |ui: &mut Ui, text: String| label(ui, text, font::secondary(), quiet);
        words(ui, format!("Drop {noun}, paste, "));
        let name = format!("Browse for {}", field.spec.name);
        if named_link(ui, "browse", &name).clicked() {
            frame.actions.push(Action::Browse(field.spec.id.clone()));
        }
        words(ui, " or ".to_owned());
        let name = format!("Choose {} from the library", field.spec.name);
        if named_link(ui, "choose from the library", &name).clicked() {
            screen.picker = Some(field.spec.id.clone());
        }
    });
}

/// A link whose spoken name says what it is about, which what is around it says to the eye.
pub fn named_link(ui: &mut Ui, text: &str, name: &str) -> Response {
    let response = link(ui, text);
    response.widget_info(|| WidgetInfo::labeled(Role::Link, true, name));
    response
}

/// Lays words out beside something this high, in the middle of it as far as the last frame tells how high they are.
pub fn beside(ui: &mut Ui, id: Id, height: f32, add: impl FnOnce(&mut Ui)) {
    let id = id.with("height of words");
    let before: f32 = ui.data(|data| data.get_temp(id)).unwrap_or(height);
    ui.vertical(|ui| {
        ui.add_space(((height - before) / 2.0).max(0.0).floor());
        let shown = ui.scope(add);
        let now = shown.response.rect.height();
        ui.data_mut(|data| data.insert_temp(id, now));
    });
}

fn paint_ground(
    ui: &Ui,
    slot: egui::layers::ShapeIdx,
    response: &Response,
    wanted: bool,
    error: bool,
) {
    let tokens = tokens(ui);
    let rect = response.rect;
    let fill = if wanted {
        tokens.selection
    } else if response.hovered() {
        tokens.bg_raised
    } else {
        tokens.bg_input
    };
    let stroke = if error {
        Stroke::new(1.5, tokens.failed.text)
    } else if wanted {
        Stroke::new(1.5, tokens.accent)
    } else {
        Stroke::new(1.0, tokens.border_control.gamma_multiply(0.75))
    };
    let mut shapes = vec![Shape::rect_filled(rect, radius::FIELD, fill)];
    dashed_border(rect.shrink(0.5), stroke, &mut shapes);
    ui.painter().set(slot, Shape::Vec(shapes));
    if response.has_focus() {
        focus_ring(ui.painter(), rect, tokens);
    }
}

fn dashed_border(rect: Rect, stroke: Stroke, shapes: &mut Vec<Shape>) {
    let corners = [
        rect.left_top(),
        rect.right_top(),
        rect.right_bottom(),
        rect.left_bottom(),
        rect.left_top(),
    ];
    shapes.extend(Shape::dashed_line(&corners, stroke, 3.0, 3.0));
}

fn add_icon(kind: &MediaKind) -> Icon {
    match kind {
        MediaKind::Image => Icon::ImagePlus,
        MediaKind::Video => Icon::Film,
        MediaKind::Audio => Icon::AudioLines,
        _ => Icon::FilePlus,
    }
}

fn with_article(kind: &MediaKind) -> String {
    format!("a {}", kind.noun())
}

/// Whether the person wants to take this tile's file away by key.
pub fn wants_removal(ui: &Ui, tile: Id) -> bool {
    let focused = ui.memory(|memory| memory.has_focus(tile));
    focused && ui.input(|input| input.key_pressed(Key::Delete) || input.key_pressed(Key::Backspace))
}
