//! Whom one talks to, at the top of the sidebar; and the menu to change it.

use egui::{Color32, Popup, Rect, Response, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use crate::model::{Connection, KeyStore, Profile, ProfileKind};
use crate::state::{Action, Place, SessionState};
use crate::ui::Frame;
use crate::ui::theme::{Icon, Tokens, font, icon, radius, size, space, tokens};
use crate::ui::widgets::{focus_ring, label_in};

/// The block with the workspace's name; a click opens the menu.
pub fn switcher(ui: &mut Ui, frame: &mut Frame<'_>, folded: bool) {
    let session = &frame.state.session;
    let name = session
        .profile
        .as_ref()
        .map_or("Florist", |profile| profile.workspace_name.as_str());
    let second = second_line(session);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 46.0), Sense::click());
    paint(
        ui,
        rect,
        &response,
        name,
        &second,
        strip(session, tokens(ui)),
        folded,
    );
    let spoken = format!("Workspace {name}, {second}");
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &spoken));
    Popup::menu(&response)
        .width(240.0)
        .show(|ui| menu(ui, frame));
}

fn paint(
    ui: &Ui,
    rect: Rect,
    response: &Response,
    name: &str,
    second: &str,
    strip: Color32,
    folded: bool,
) {
    let tokens = tokens(ui);
    if response.hovered() || response.is_pointer_button_down_on() {
        ui.painter()
            .rect_filled(rect, radius::BUTTON, tokens.bg_hover.gamma_multiply(0.6));
    }
    if response.has_focus() {
        focus_ring(ui.painter(), rect.shrink(2.0), tokens);
    }
    let left = if folded {
        rect.center().x - 1.5
    } else {
        rect.left() + space::S
    };
    let bar = Rect::from_min_size(pos2(left, rect.center().y - 15.0), vec2(3.0, 30.0));
    ui.painter().rect_filled(bar, 1.5, strip);
    if folded {
        return;
    }
    let words = Rect::from_min_max(
        pos2(bar.right() + 11.0, rect.top()),
        pos2(rect.right() - 24.0, rect.bottom()),
    );
    let (first, last) = words.split_top_bottom_at_y(rect.center().y + 0.5);
    let first = first.with_min_y(first.bottom() - 19.0);
    let last = last.with_max_y(last.top() + 16.0);
    label_in(
        ui.painter(),
        first,
        name,
        font::body_medium(),
        tokens.text_primary,
    );
    label_in(
        ui.painter(),
        last,
        second,
        font::caption(),
        tokens.text_tertiary,
    );
    let at = pos2(rect.right() - space::M, rect.center().y);
    icon(
        ui.painter(),
        at,
        Icon::ChevronsUpDown,
        14.0,
        tokens.text_tertiary,
    );
}

fn second_line(session: &SessionState) -> String {
    match (&session.connection, &session.profile) {
        (Connection::KeyRefused(_), _) => "Key not accepted".to_owned(),
        (Connection::NoKey, _) => "No key yet".to_owned(),
        (_, None) => "Connecting…".to_owned(),
        (_, Some(profile)) => about(profile),
    }
}

fn about(profile: &Profile) -> String {
    if profile.kind == ProfileKind::Studio {
        return "Free, on this computer".to_owned();
    }
    let role = profile.role.as_deref().unwrap_or("FLORA");
    match profile.key {
        KeyStore::Session => format!("{role} · key for this session"),
        KeyStore::Keychain | KeyStore::NotNeeded => role.to_owned(),
    }
}

/// The colour by which a workspace is told from another.
pub fn strip(session: &SessionState, tokens: &Tokens) -> Color32 {
    match &session.connection {
        Connection::KeyRefused(_) | Connection::NoKey => tokens.needs_you.text,
        Connection::Offline => tokens.text_tertiary,
        _ if session.is_studio() => tokens.done.text,
        _ => tokens.accent,
    }
}

fn menu(ui: &mut Ui, frame: &mut Frame<'_>) {
    let studio = frame.state.session.is_studio();
    if choice(
        ui,
        Icon::Laptop,
        "Local studio",
        "Free, on this computer",
        studio,
    )
    .clicked()
        && !studio
    {
        frame.actions.push(Action::ConnectStudio);
    }
    let flora = if studio {
        "With the key that is kept"
    } else {
        "In use"
    };
    if choice(ui, Icon::Flower2, "FLORA", flora, !studio).clicked() && studio {
        frame.actions.push(Action::UseStoredKey);
    }
    ui.separator();
    if choice(ui, Icon::KeyRound, "Connect FLORA…", "", false).clicked() {
        frame.actions.push(Action::OpenConnect);
    }
    if choice(ui, Icon::Settings, "Settings", "", false).clicked() {
        frame.actions.push(Action::Go(Place::Settings));
    }
}

fn choice(ui: &mut Ui, what: Icon, name: &str, second: &str, here: bool) -> Response {
    let height = if second.is_empty() { 30.0 } else { 42.0 };
    let (rect, response) =
        ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::click());
    let tokens = tokens(ui);
    if response.hovered() || response.has_focus() {
        ui.painter()
            .rect_filled(rect, radius::FIELD, tokens.bg_hover);
    }
    let at = pos2(rect.left() + space::S + 8.0, rect.center().y);
    icon(ui.painter(), at, what, size::ICON, tokens.text_secondary);
    let words = Rect::from_min_max(
        pos2(rect.left() + 36.0, rect.top()),
        pos2(rect.right() - 28.0, rect.bottom()),
    );
    if second.is_empty() {
        label_in(ui.painter(), words, name, font::body(), tokens.text_primary);
    } else {
        let (first, last) = words
            .shrink2(vec2(0.0, 4.0))
            .split_top_bottom_at_fraction(0.52);
        label_in(ui.painter(), first, name, font::body(), tokens.text_primary);
        label_in(
            ui.painter(),
            last,
            second,
            font::caption(),
            tokens.text_tertiary,
        );
    }
    if here {
        icon(
            ui.painter(),
            pos2(rect.right() - 14.0, rect.center().y),
            Icon::Check,
            14.0,
            tokens.accent,
        );
    }
    response.widget_info(|| WidgetInfo::selected(Role::MenuItem, true, here, name));
    response
}
