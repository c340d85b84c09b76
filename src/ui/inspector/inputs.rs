//! The page about what a run was given.

use egui::{Align, Label, Layout, Rect, RichText, Sense, Ui, vec2};

use super::fact::fact;
use super::{Frame, Shown};
use crate::model::{InputFile, MediaKind, OrderInput, OrderValue, PreviewKey, Source};
use crate::state::Action;
use crate::ui::textures::Picture;
use crate::ui::theme::{Icon, font, icon, radius, size, space, tokens};
use crate::ui::widgets::{Fit, button, label, link, picture, small_icon_button};
use crate::ui::words;

/// Paints the page.
pub fn ui(ui: &mut Ui, shown: &Shown<'_>, frame: &mut Frame<'_>) {
    if shown.run.source == Source::Elsewhere {
        return elsewhere(ui, shown, frame);
    }
    let Some(detail) = shown.detail else {
        return unread(ui, shown);
    };
    if detail.inputs.is_empty() {
        note(ui, "This run was given no inputs");
    }
    for (index, input) in detail.inputs.iter().enumerate() {
        ui.push_id((index, &input.id), |ui| one(ui, input, frame));
        ui.add_space(space::S);
    }
    ui.add_space(space::XS);
    let again = button(ui, Some(Icon::SquarePen), "Run again with these inputs");
    if again.clicked() {
        frame.actions.push(Action::FillFrom(shown.run.key));
    }
}

/// An input as one fact of the output's page: no more than two lines.
pub fn brief(ui: &mut Ui, input: &OrderInput) {
    const MOST: usize = 90;
    let value = match &input.value {
        OrderValue::Text(text) => text.split_whitespace().collect::<Vec<_>>().join(" "),
        OrderValue::File(file) => file.name.clone(),
        OrderValue::Url(url) => url.clone(),
        OrderValue::Element(id) => format!("Element {id}"),
    };
    let short = match value.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", value[..end].trim_end()),
        None => value.clone(),
    };
    let response = fact(ui, &input.name, &short);
    if short != value {
        response.on_hover_text(value);
    }
}

fn elsewhere(ui: &mut Ui, shown: &Shown<'_>, frame: &mut Frame<'_>) {
    note(
        ui,
        "FLORA’s history keeps no inputs. This run was started elsewhere, so only what it made is known",
    );
    if button(ui, None, "Open technique").clicked() {
        let technique = shown.run.technique.clone();
        frame.actions.push(Action::OpenTechnique(technique));
    }
}

fn unread(ui: &mut Ui, shown: &Shown<'_>) {
    match shown.problem {
        Some(problem) => note(ui, &problem.summary),
        None => note(ui, "Reading…"),
    }
}

fn note(ui: &mut Ui, text: &str) {
    label(ui, text, font::body(), tokens(ui).text_tertiary);
}

fn one(ui: &mut Ui, input: &OrderInput, frame: &mut Frame<'_>) {
    let tokens = tokens(ui);
    ui.spacing_mut().item_spacing.y = space::XS;
    ui.horizontal(|ui| {
        ui.set_height(size::BUTTON_SMALL);
        label(ui, &input.name, font::body_medium(), tokens.text_primary);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if let OrderValue::Text(text) = &input.value
                && small_icon_button(ui, Icon::Copy, &format!("Copy {}", input.name)).clicked()
            {
                frame.actions.push(Action::CopyText(text.clone()));
            }
        });
    });
    let ground = egui::Frame::new()
        .fill(tokens.bg_input)
        .corner_radius(radius::FIELD)
        .inner_margin(space::M);
    ground.show(ui, |ui| {
        ui.set_width(ui.available_width());
        value(ui, input, frame);
    });
}

fn value(ui: &mut Ui, input: &OrderInput, frame: &mut Frame<'_>) {
    match &input.value {
        OrderValue::Text(text) => selectable(ui, text),
        OrderValue::File(given) => file(ui, given, frame),
        OrderValue::Element(id) => {
            let color = tokens(ui).text_secondary;
            let text = RichText::new(id.to_string())
                .font(font::mono())
                .color(color);
            ui.add(Label::new(text).wrap().selectable(true));
        }
        OrderValue::Url(url) => {
            selectable(ui, url);
            if link(ui, "Open in browser").clicked() {
                frame.actions.push(Action::OpenUrl(url.clone()));
            }
        }
    }
}

fn selectable(ui: &mut Ui, text: &str) {
    let words = RichText::new(text)
        .font(font::body())
        .color(tokens(ui).text_primary)
        .line_height(Some(18.0));
    ui.add(Label::new(words).wrap().selectable(true));
}

/// A picture of the file, its name, and its facts.
fn file(ui: &mut Ui, file: &InputFile, frame: &mut Frame<'_>) {
    let tokens = tokens(ui);
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = space::M;
        let side = 56.0;
        let (rect, _) = ui.allocate_exact_size(vec2(side, side), Sense::hover());
        input_picture(ui, file, rect, frame);
        ui.vertical(|ui| {
            ui.spacing_mut().item_spacing.y = 2.0;
            ui.add_space(space::S);
            let name = RichText::new(&file.name)
                .font(font::body())
                .color(tokens.text_primary);
            ui.add(Label::new(name).truncate());
            let mut facts = Vec::new();
            facts.extend(file.facts.dimensions());
            facts.extend(
                file.facts
                    .duration_ms
                    .map(|milliseconds| words::elapsed(milliseconds as i64)),
            );
            facts.push(words::bytes(file.bytes));
            let color = tokens.text_tertiary;
            label(ui, facts.join(" · "), font::secondary(), color);
        });
    });
}

fn input_picture(ui: &Ui, file: &InputFile, rect: Rect, frame: &mut Frame<'_>) {
    let tokens = tokens(ui);
    ui.painter()
        .rect_filled(rect, radius::TILE, tokens.bg_hover);
    let what = match file.kind {
        MediaKind::Image | MediaKind::Video => {
            let key = PreviewKey::input(file.hash.clone());
            let previews = &frame.state.previews;
            match frame.textures.get(ui, previews, &key, frame.actions) {
                Picture::Shown(shown) => {
                    return picture(ui.painter(), &shown, rect, Fit::Cover, radius::TILE);
                }
                Picture::Loading => return,
                Picture::Failed(_) => Icon::ImageOff,
            }
        }
        MediaKind::Audio => Icon::AudioLines,
        _ => Icon::FileText,
    };
    icon(
        ui.painter(),
        rect.center(),
        what,
        20.0,
        tokens.text_secondary,
    );
}
