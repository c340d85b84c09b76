//! The sidebar: places, saved views, settings. It folds to its icons.

use egui::{Align2, Margin, Panel, Rect, Response, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use super::profile;
use crate::model::{HistoryQuery, Match, StatusFilter, Timestamp};
use crate::settings::SidebarWidth;
use crate::state::{Action, Place};
use crate::ui::Frame;
use crate::ui::theme::{Icon, font, icon, radius, size, space, tokens};
use crate::ui::widgets::{focus_ring, label_in};
use crate::ui::words;

/// Below this width of the window the sidebar has its icons only, in points.
const NARROW: f32 = 1100.0;

/// Paints the sidebar at the left of what is available.
pub fn sidebar(ui: &mut Ui, frame: &mut Frame<'_>) {
    let folded = frame.state.settings.panels.sidebar == SidebarWidth::Icons || is_narrow(ui);
    let width = if folded {
        size::SIDEBAR_ICONS
    } else {
        size::SIDEBAR
    };
    let ground = egui::Frame::new()
        .fill(tokens(ui).bg_panel)
        .inner_margin(Margin::symmetric(8, 0));
    Panel::left("sidebar")
        .exact_size(width)
        .resizable(false)
        .show_separator_line(false)
        .frame(ground)
        .show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            ui.add_space(space::M);
            profile::switcher(ui, frame, folded);
            ui.add_space(space::S);
            places(ui, frame, folded);
            ui.add_space(space::M);
            views(ui, frame, folded);
            ui.with_layout(egui::Layout::bottom_up(egui::Align::Min), |ui| {
                ui.add_space(space::S);
                let here = frame.state.navigation.place == Place::Settings;
                let item = Item {
                    icon: Icon::Settings,
                    name: "Settings",
                    right: "Ctrl ,",
                    here,
                    folded,
                };
                if item.show(ui, size::LIST_ROW).clicked() {
                    frame.actions.push(Action::Go(Place::Settings));
                }
            });
        });
}

/// Where the window is so narrow that the work needs the room more than the words here do.
fn is_narrow(ui: &Ui) -> bool {
    ui.ctx().content_rect().width() < NARROW
}

fn places(ui: &mut Ui, frame: &mut Frame<'_>, folded: bool) {
    let places = [
        (Place::Launch, Icon::Sparkles, "Launch", "Ctrl 1"),
        (Place::History, Icon::History, "History", "Ctrl 2"),
    ];
    for (place, icon, name, right) in places {
        let here = frame.state.navigation.place == place;
        if (Item {
            icon,
            name,
            right,
            here,
            folded,
        })
        .show(ui, size::PLACE_ROW)
        .clicked()
        {
            frame.actions.push(Action::Go(place));
        }
    }
}

/// A saved view: a question with a name.
struct View {
    icon: Icon,
    name: &'static str,
    count: usize,
    status: Option<StatusFilter>,
    since: Option<Timestamp>,
}

fn views(ui: &mut Ui, frame: &mut Frame<'_>, folded: bool) {
    if !folded {
        heading(ui, "Views");
    }
    let counts = frame.state.activity.counts;
    let midnight = words::midnight(frame.now);
    let status = |icon, name, count, status| View {
        icon,
        name,
        count,
        status: Some(status),
        since: None,
    };
    let all = [
        View {
            icon: Icon::Calendar,
            name: "Today",
            count: counts.today,
            status: None,
            since: Some(midnight),
        },
        status(
            Icon::OctagonX,
            "Failed",
            counts.failed,
            StatusFilter::Failed,
        ),
        status(
            Icon::Loader,
            "In progress",
            counts.in_progress,
            StatusFilter::InProgress,
        ),
        status(
            Icon::TriangleAlert,
            "Needs you",
            counts.needs_you,
            StatusFilter::NeedsYou,
        ),
    ];
    for view in all {
        let query = HistoryQuery {
            status: view.status.map(Match::Is),
            since: view.since,
            ..HistoryQuery::default()
        };
        let here =
            frame.state.navigation.place == Place::History && frame.state.history.query == query;
        let right = if view.count == 0 {
            String::new()
        } else {
            words::count(view.count)
        };
        let item = Item {
            icon: view.icon,
            name: view.name,
            right: &right,
            here,
            folded,
        };
        if item.show(ui, size::LIST_ROW).clicked() {
            frame.actions.push(Action::SetQuery(query));
            frame.actions.push(Action::Go(Place::History));
        }
    }
}

fn heading(ui: &mut Ui, text: &str) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 24.0), Sense::hover());
    let at = pos2(rect.left() + space::S, rect.center().y);
    ui.painter().text(
        at,
        Align2::LEFT_CENTER,
        text,
        font::caption(),
        tokens(ui).text_tertiary,
    );
}

/// One line of the sidebar.
struct Item<'a> {
    icon: Icon,
    name: &'a str,
    /// A key or a count, faint at the right.
    right: &'a str,
    here: bool,
    folded: bool,
}

impl Item<'_> {
    fn show(&self, ui: &mut Ui, height: f32) -> Response {
        let (rect, response) =
            ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::click());
        let tokens = tokens(ui);
        if self.here || response.hovered() {
            let fill = if self.here {
                tokens.bg_hover
            } else {
                tokens.bg_hover.gamma_multiply(0.6)
            };
            ui.painter()
                .rect_filled(rect.shrink2(vec2(0.0, 1.0)), radius::FIELD, fill);
        }
        if response.has_focus() {
            focus_ring(ui.painter(), rect.shrink(2.0), tokens);
        }
        let tint = if self.here {
            tokens.accent
        } else {
            tokens.text_secondary
        };
        let x = if self.folded {
            rect.center().x
        } else {
            rect.left() + space::S + size::ICON / 2.0
        };
        icon(
            ui.painter(),
            pos2(x, rect.center().y),
            self.icon,
            size::ICON,
            tint,
        );
        if !self.folded {
            self.paint_words(ui, rect);
        }
        response.widget_info(|| WidgetInfo::selected(Role::Tab, true, self.here, self.name));
        if self.folded {
            response.on_hover_text(self.name)
        } else {
            response
        }
    }

    fn paint_words(&self, ui: &Ui, rect: Rect) {
        let tokens = tokens(ui);
        let color = if self.here {
            tokens.text_primary
        } else {
            tokens.text_secondary
        };
        let left = rect.left() + space::S + size::ICON + space::S + 2.0;
        let right = rect.right() - space::S;
        let name_rect =
            Rect::from_min_max(pos2(left, rect.top()), pos2(right - 40.0, rect.bottom()));
        label_in(ui.painter(), name_rect, self.name, font::body(), color);
        let at = pos2(right, rect.center().y);
        ui.painter().text(
            at,
            Align2::RIGHT_CENTER,
            self.right,
            font::caption(),
            tokens.text_tertiary,
        );
    }
}
