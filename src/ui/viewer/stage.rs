//! The stage: the output in the middle, on its ground, and what keeps it from being seen.

use egui::{
    Align, Align2, Area, CentralPanel, Color32, Frame as Card, Id, Key, Layout, Order, Rect,
    Response, Role, Sense, StrokeKind, Ui, UiBuilder, WidgetInfo, vec2,
};

use super::picture::{self, Best};
use super::{Ground, Screen, Subject, media, reading, spoken_name, stage_id};
use crate::model::{Archive, MediaKind, Problem};
use crate::state::Action;
use crate::ui::Frame;
use crate::ui::theme::{Icon, Tokens, font, icon_text, radius, space, tokens};
use crate::ui::widgets::{button, label, link, on_raised_card, ring};

/// Paints the stage into what is left of the window.
pub(super) fn ui(
    ui: &mut Ui,
    screen: &mut Screen,
    subject: &Subject<'_>,
    best: Best<'_>,
    frame: &mut Frame<'_>,
) {
    let fill = ground(screen, subject, tokens(ui));
    CentralPanel::default()
        .frame(Card::new().fill(fill))
        .show(ui, |ui| {
            let rect = ui.available_rect_before_wrap();
            let response = ui.interact(rect, stage_id(), Sense::click_and_drag());
            let name = spoken_name(subject);
            let role = match subject.output.kind {
                MediaKind::Image => Role::Image,
                MediaKind::Text => Role::Document,
                _ => Role::Group,
            };
            response.widget_info(|| WidgetInfo::labeled(role, true, &name));
            match subject.output.kind {
                MediaKind::Text => reading::ui(ui, screen, subject, rect, frame),
                MediaKind::Image => {
                    picture::ui(ui, screen, subject, &response, &best);
                    state_of(ui, rect, &best, subject, frame);
                }
                _ => media::ui(ui, subject, rect, &best, frame),
            }
            focus_edge(ui, screen, &response);
        });
}

/// What is to be said about a picture that is not seen in full.
fn state_of(
    ui: &mut Ui,
    stage: Rect,
    best: &Best<'_>,
    subject: &Subject<'_>,
    frame: &mut Frame<'_>,
) {
    match (best, away(&subject.output.archive)) {
        (Best::Whole(_), _) => {}
        (_, Some(away)) => explain(ui, stage, &away, subject, frame),
        (Best::Failed(problem, _), None) => {
            let away = Away::of(problem, subject);
            explain(ui, stage, &away, subject, frame);
        }
        (Best::Small(_), None) => corner_ring(ui, stage),
        (Best::Nothing, None) => waiting(ui, stage, "Reading the picture…"),
    }
}

fn ground(screen: &Screen, subject: &Subject<'_>, tokens: &Tokens) -> Color32 {
    match (screen.ground, &subject.output.kind) {
        // Words and controls keep the ground they can be read on.
        (Ground::Theme, _) => tokens.stage,
        (_, kind) if *kind != MediaKind::Image => tokens.stage,
        (Ground::Black, _) => tokens.stage_black,
        (Ground::Grey, _) => tokens.stage_grey,
        (Ground::White, _) => tokens.stage_white,
    }
}

/// The stage has the keyboard from the start; its edge says so only to those who walk by Tab.
fn focus_edge(ui: &Ui, screen: &mut Screen, response: &Response) {
    if ui.input(|input| input.key_pressed(Key::Tab)) {
        screen.walked = true;
    }
    if screen.walked && response.has_focus() {
        let edge = response.rect.shrink(1.0);
        ui.painter()
            .rect_stroke(edge, 0, (2.0, tokens(ui).focus), StrokeKind::Inside);
    }
}

/// Why a file is not to be seen, and what helps.
pub(super) struct Away {
    icon: Icon,
    title: String,
    text: String,
    details: String,
    /// Fetching may help. It costs nothing.
    fetch: Option<&'static str>,
    busy: bool,
}

impl Away {
    fn new(icon: Icon, title: &str, text: &str) -> Self {
        Self {
            icon,
            title: title.to_owned(),
            text: text.to_owned(),
            details: String::new(),
            fetch: None,
            busy: false,
        }
    }

    /// A preview that could not be made.
    pub(super) fn of(problem: &Problem, subject: &Subject<'_>) -> Self {
        let stored = subject.output.archive == Archive::Stored;
        Self {
            details: problem.details.clone(),
            fetch: (!stored).then_some("Fetch again (free)"),
            ..Self::new(Icon::ImageOff, &problem.summary, &problem.hint)
        }
    }
}

/// What the archive says about a file that is not here.
pub(super) fn away(archive: &Archive) -> Option<Away> {
    let away = match archive {
        Archive::Stored => return None,
        Archive::Fetching => Away {
            busy: true,
            ..Away::new(Icon::CloudDownload, "Fetching the file…", "")
        },
        Archive::Remote => Away {
            fetch: Some("Fetch (free)"),
            ..Away::new(
                Icon::Cloud,
                "Only at FLORA so far",
                "The file has not been fetched to this computer",
            )
        },
        Archive::Failed(why) => Away {
            fetch: Some("Fetch again (free)"),
            ..Away::new(Icon::CloudOff, "Finished, file not fetched yet", why)
        },
        Archive::Missing => Away {
            fetch: Some("Fetch again (free)"),
            ..Away::new(
                Icon::FileX2,
                "The file is gone from the library folder",
                "It was removed or moved outside Florist",
            )
        },
        Archive::LinkDead => Away::new(
            Icon::Unlink,
            "FLORA no longer serves this file",
            "The record and the small picture are kept",
        ),
    };
    Some(away)
}

/// A card at the foot of the stage, over whatever can be shown.
pub(super) fn explain(
    ui: &mut Ui,
    stage: Rect,
    away: &Away,
    subject: &Subject<'_>,
    frame: &mut Frame<'_>,
) {
    let tokens = tokens(ui);
    let card = Card::new()
        .fill(tokens.bg_raised)
        .stroke((1.0, tokens.border_subtle))
        .corner_radius(radius::POPUP)
        .inner_margin(space::L);
    let offset = stage.center_bottom() - vec2(0.0, space::XL);
    Area::new(Id::unique("viewer-explain"))
        .order(Order::Middle)
        .pivot(Align2::CENTER_BOTTOM)
        .fixed_pos(offset)
        .constrain_to(stage)
        .show(ui, |ui| {
            card.show(ui, |ui| {
                ui.set_max_width((stage.width() - 96.0).min(440.0));
                ui.spacing_mut().item_spacing.y = space::S;
                on_raised_card(ui);
                ui.horizontal_top(|ui| {
                    ui.spacing_mut().item_spacing.x = space::M;
                    mark(ui, away);
                    ui.vertical(|ui| {
                        ui.spacing_mut().item_spacing.y = space::XS;
                        words(ui, away, frame);
                        if let Some(name) = away.fetch {
                            ui.add_space(space::XS);
                            if button(ui, Some(Icon::CloudDownload), name).clicked() {
                                let outputs = vec![subject.output.key];
                                frame.actions.push(Action::Fetch(outputs));
                            }
                        }
                    });
                });
            });
        });
}

fn mark(ui: &mut Ui, away: &Away) {
    let tokens = tokens(ui);
    if away.busy {
        let (rect, _) = ui.allocate_exact_size(vec2(16.0, 18.0), Sense::hover());
        ring(ui, rect.center(), 14.0, tokens.text_secondary);
    } else {
        ui.label(icon_text(away.icon, 16.0).color(tokens.text_secondary));
    }
}

fn words(ui: &mut Ui, away: &Away, frame: &mut Frame<'_>) {
    let tokens = tokens(ui);
    label(ui, &away.title, font::body_medium(), tokens.text_primary);
    if !away.text.is_empty() {
        label(ui, &away.text, font::secondary(), tokens.text_secondary);
    }
    if !away.details.is_empty() && link(ui, "Copy details").clicked() {
        let text = format!("{}\n{}", away.title, away.details);
        frame.actions.push(Action::CopyText(text));
    }
}

/// The whole picture is still being read: a small ring in the corner, the picture is not dimmed.
fn corner_ring(ui: &Ui, stage: Rect) {
    let tokens = tokens(ui);
    let center = stage.right_bottom() - vec2(space::XL, space::XL);
    ui.painter().circle_filled(center, 13.0, tokens.scrim);
    ring(ui, center, 14.0, tokens.on_scrim);
}

/// A ring and a word in the middle.
pub(super) fn waiting(ui: &mut Ui, stage: Rect, text: &str) {
    let tokens = tokens(ui);
    let card = Rect::from_center_size(stage.center(), vec2(220.0, 72.0));
    ui.painter()
        .rect_filled(card, radius::POPUP, tokens.bg_raised);
    let builder = UiBuilder::new()
        .max_rect(card.shrink(space::M))
        .layout(Layout::top_down(Align::Center));
    ui.scope_builder(builder, |ui| {
        let (rect, _) = ui.allocate_exact_size(vec2(20.0, 22.0), Sense::hover());
        ring(ui, rect.center(), 18.0, tokens.text_secondary);
        label(ui, text, font::secondary(), tokens.text_secondary);
    });
}
