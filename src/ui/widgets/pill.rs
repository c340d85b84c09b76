//! The pill that says how a run stands: always an icon, a word and a colour.

use egui::{Rect, Response, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use super::ring;
use crate::model::{RunStage, StatusPill};
use crate::ui::theme::{Icon, font, icon, radius, size, space, tokens};

/// The pill of a run's stage.
pub fn run_pill(ui: &mut Ui, stage: RunStage) -> Response {
    let word = if stage == RunStage::Unknown {
        "Needs you"
    } else {
        stage.word()
    };
    status_pill(ui, stage.pill(), word)
}

/// A pill with this word.
fn status_pill(ui: &mut Ui, pill: StatusPill, word: &str) -> Response {
    let colors = tokens(ui).pill(pill);
    let galley = ui
        .painter()
        .layout_no_wrap(word.to_owned(), font::secondary(), colors.text);
    let mark = 12.0;
    let width = 6.0 + mark + 5.0 + galley.size().x + space::S;
    let (rect, response) = ui.allocate_exact_size(vec2(width, size::PILL), Sense::hover());
    if ui.is_rect_visible(rect) {
        ui.painter().rect_filled(rect, radius::PILL, colors.ground);
        let center = pos2(rect.left() + 6.0 + mark / 2.0, rect.center().y);
        paint_mark(ui, Rect::from_center_size(center, vec2(mark, mark)), pill);
        let at = pos2(
            rect.left() + 6.0 + mark + 5.0,
            rect.center().y - galley.size().y / 2.0,
        );
        ui.painter().galley(at, galley, colors.text);
    }
    response.widget_info(|| WidgetInfo::labeled(Role::Status, true, word));
    response
}

fn paint_mark(ui: &Ui, rect: Rect, pill: StatusPill) {
    let color = tokens(ui).pill(pill).text;
    let what = match pill {
        StatusPill::Running => return ring(ui, rect.center(), rect.width(), color),
        StatusPill::Waiting => Icon::Clock3,
        StatusPill::Done => Icon::Check,
        StatusPill::Failed => Icon::OctagonX,
        StatusPill::NeedsYou => Icon::TriangleAlert,
        StatusPill::CloudOnly => Icon::Cloud,
    };
    icon(ui.painter(), rect.center(), what, rect.width(), color);
}
