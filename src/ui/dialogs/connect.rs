//! The dialog that takes a key. The key lives in this screen only, is overwritten when the dialog closes, and is
//! printed nowhere.

use egui::{Align, Color32, Event, Id, Key, Layout, Sense, Ui, text_edit::TextEditState};
use secrecy::SecretString;
use secrecy::zeroize::{Zeroize, Zeroizing};

use super::Stage;
use super::window::{Ended, actions, cancel, sentence, window};
use crate::model::Problem;
use crate::state::{Action, Load, SessionState};
use crate::ui::theme::{Icon, font, icon_text, radius, size, space, tokens};
use crate::ui::widgets::{
    ButtonKind, TextField, label, link, quiet_button, ring, small_icon_button, text_field,
};
use crate::ui::{Actions, Frame, animation, words};

/// Seconds without typing after which a key is tried.
const PAUSE: f64 = 0.6;

/// Nothing shorter is a key: it is not sent anywhere.
const SHORTEST: usize = 12;

/// FLORA's own address, shown where another could be given.
const ADDRESS: &str = "https://app.flora.ai/api/v1";

/// What it remembers while it is open. It cannot be printed.
pub(super) struct Screen {
    key: Zeroizing<String>,
    address: String,
    address_field: AddressField,
    reveal: Reveal,
    /// When the key or the address last changed, while it was not tried since.
    untried_since: Option<f64>,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum AddressField {
    #[default]
    Hidden,
    Shown,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Reveal {
    #[default]
    Masked,
    Readable,
}

impl Default for Screen {
    fn default() -> Self {
        Self {
            // Room for any key: growing would leave copies behind.
            key: Zeroizing::new(String::with_capacity(512)),
            address: String::new(),
            address_field: AddressField::default(),
            reveal: Reveal::default(),
            untried_since: None,
        }
    }
}

impl Screen {
    /// Overwrites the key, here and in what the text field kept for undo.
    pub(super) fn forget(&mut self, ui: &Ui) {
        self.key.zeroize();
        *self = Self::default();
        ui.data_mut(|data| data.remove::<TextEditState>(key_id()));
    }

    fn base_url(&self) -> Option<String> {
        let address = self.address.trim();
        (self.address_field == AddressField::Shown && !address.is_empty())
            .then(|| address.to_owned())
    }

    fn secret(&self) -> SecretString {
        SecretString::from(self.key.as_str())
    }

    fn is_key(&self) -> bool {
        self.key.len() >= SHORTEST
    }

    fn try_now(&mut self, actions: &mut Actions) {
        if self.untried_since.take().is_some() && self.is_key() {
            actions.push(Action::CheckKey {
                base_url: self.base_url(),
                key: self.secret(),
            });
        }
    }
}

/// Shows the dialog.
pub(super) fn ui(ui: &Ui, screen: &mut Screen, stage: Stage, frame: &mut Frame<'_>) {
    if stage == Stage::Opening
        && let Some(address) = &frame.state.settings.flora_base_url
    {
        screen.address.clone_from(address);
        screen.address_field = AddressField::Shown;
    }
    let check = Check::of(&frame.state.session);
    let ended = window(ui, "connect", "Connect FLORA", 480.0, |ui| {
        sentence(ui, "Paste an API key of the workspace you want to work in");
        key_field(ui, screen, stage, frame.actions);
        result(ui, &check);
        address(ui, screen, frame.actions);
        explain(ui, &check, frame.actions);
        buttons(ui, screen, &check, frame.actions);
    });
    wait_for_a_pause(ui, screen, frame.actions);
    if ended == Ended::Left {
        frame.actions.push(Action::CloseConnect);
    }
}

fn key_id() -> Id {
    Id::unique("connect-key")
}

fn key_field(ui: &mut Ui, screen: &mut Screen, stage: Stage, actions: &mut Actions) {
    let focused = ui.memory(|memory| memory.has_focus(key_id()));
    let pasted = focused
        && ui.input(|input| {
            let mut events = input.events.iter();
            events.any(|event| matches!(event, Event::Paste(_)))
        });
    let entry = TextField {
        text: &mut screen.key,
        name: "API key",
        hint: "sk_live_…",
        width: ui.available_width(),
        masked: screen.reveal == Reveal::Masked,
        error: false,
    };
    let reveal = &mut screen.reveal;
    let end = |ui: &mut Ui| reveal_button(ui, reveal);
    let response = text_field(ui, key_id(), entry, (size::HIT, end));
    if stage == Stage::Opening {
        response.request_focus();
    }
    if response.changed() {
        edited(ui, screen, actions);
    }
    if pasted || response.lost_focus() {
        screen.try_now(actions);
    }
}

/// What was typed or pasted becomes a key and nothing else; what was found out about the former one is void.
fn edited(ui: &Ui, screen: &mut Screen, actions: &mut Actions) {
    let cleaned = cleaned(&screen.key);
    if *cleaned != *screen.key {
        screen.key.zeroize();
        screen.key.push_str(&cleaned);
    }
    forget_undo(ui);
    screen.untried_since = Some(ui.input(|input| input.time));
    actions.push(Action::ForgetKeyCheck);
}

/// The field would keep what was typed, to undo it.
fn forget_undo(ui: &Ui) {
    if let Some(mut state) = TextEditState::load(ui, key_id()) {
        state.clear_undoer();
        state.store(ui, key_id());
    }
}

fn reveal_button(ui: &mut Ui, reveal: &mut Reveal) {
    let (icon, name, other) = match *reveal {
        Reveal::Masked => (Icon::Eye, "Show the key", Reveal::Readable),
        Reveal::Readable => (Icon::EyeOff, "Hide the key", Reveal::Masked),
    };
    if small_icon_button(ui, icon, name).clicked() {
        *reveal = other;
    }
}

/// Without the spaces, line ends and words that come along with a pasted key.
fn cleaned(typed: &str) -> Zeroizing<String> {
    let mut rest = typed.trim();
    for prefix in ["Authorization:", "Bearer "] {
        if let Some(head) = rest.get(..prefix.len())
            && head.eq_ignore_ascii_case(prefix)
        {
            rest = rest[prefix.len()..].trim_start();
        }
    }
    let mut key = Zeroizing::new(String::with_capacity(rest.len()));
    key.extend(
        rest.chars()
            .filter(|c| !c.is_whitespace() && !c.is_control()),
    );
    key
}

/// How far the key was tried.
enum Check<'a> {
    Nothing,
    Trying,
    Opens { about: String, keychain: bool },
    Refused(&'a Problem),
}

impl<'a> Check<'a> {
    fn of(session: &'a SessionState) -> Self {
        match &session.key_check {
            Load::NotAsked => Self::Nothing,
            Load::Loading { .. } => Self::Trying,
            Load::Failed { problem, .. } => Self::Refused(problem),
            Load::Ready(report) => {
                let mut parts = vec![format!("Workspace {}", report.workspace_name)];
                parts.extend(report.role.as_ref().map(|role| format!("role {role}")));
                parts.push(words::counted(report.techniques, "technique"));
                Self::Opens {
                    about: parts.join(", "),
                    keychain: report.keychain,
                }
            }
        }
    }
}

/// A place of fixed height, so that nothing jumps when the answer comes.
fn result(ui: &mut Ui, check: &Check<'_>) {
    let tokens = tokens(ui);
    let size = egui::vec2(ui.available_width(), 34.0);
    ui.allocate_ui_with_layout(size, Layout::left_to_right(Align::Min), |ui| {
        ui.set_min_size(size);
        ui.spacing_mut().item_spacing.x = space::S;
        let (mark, color, text, second) = match check {
            Check::Nothing => return,
            Check::Trying => {
                let (rect, _) = ui.allocate_exact_size(egui::Vec2::splat(16.0), Sense::hover());
                ring(ui, rect.center(), 14.0, tokens.text_tertiary);
                label(ui, "Trying the key…", font::body(), tokens.text_tertiary);
                return;
            }
            Check::Opens { about, .. } => (Icon::CircleCheck, tokens.done.text, about.as_str(), ""),
            Check::Refused(problem) => (
                Icon::CircleX,
                tokens.failed.text,
                problem.summary.as_str(),
                problem.hint.as_str(),
            ),
        };
        ui.label(icon_text(mark, 16.0).color(color));
        ui.vertical(|ui| {
            ui.spacing_mut().item_spacing.y = space::HAIR;
            label(ui, text, font::body(), tokens.text_primary);
            if !second.is_empty() {
                label(ui, second, font::secondary(), tokens.text_secondary);
            }
        });
    });
}

fn address(ui: &mut Ui, screen: &mut Screen, actions: &mut Actions) {
    if screen.address_field == AddressField::Hidden {
        if link(ui, "Another address…").clicked() {
            screen.address_field = AddressField::Shown;
        }
        return;
    }
    let id = Id::unique("connect-address");
    let tokens = tokens(ui);
    label(ui, "Address", font::secondary(), tokens.text_secondary);
    let entry = TextField {
        text: &mut screen.address,
        name: "Address",
        hint: ADDRESS,
        width: ui.available_width(),
        masked: false,
        error: false,
    };
    let response = text_field(ui, id, entry, (0.0, |_: &mut Ui| {}));
    if response.changed() {
        screen.untried_since = Some(ui.input(|input| input.time));
        actions.push(Action::ForgetKeyCheck);
    }
    if response.lost_focus() {
        screen.try_now(actions);
    }
}

/// What there is to know before one makes a key.
fn explain(ui: &mut Ui, check: &Check<'_>, actions: &mut Actions) {
    let tokens = tokens(ui);
    let card = egui::Frame::new()
        .fill(tokens.bg_panel)
        .corner_radius(radius::CARD)
        .inner_margin(space::M);
    card.show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.spacing_mut().item_spacing.y = space::S;
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing.x = space::XS;
            let find = "Keys are made in FLORA, in the settings of the workspace.";
            label(ui, find, font::secondary(), tokens.text_secondary);
            if link(ui, "Open FLORA").clicked() {
                actions.push(Action::OpenUrl("https://app.flora.ai".to_owned()));
            }
        });
        note(
            ui,
            Icon::TriangleAlert,
            tokens.needs_you.text,
            "FLORA allows one active key per workspace. Creating a new key switches off the old one, \
             including scripts that use it.",
        );
        let kept = match check {
            Check::Opens { keychain: true, .. } => "It will be kept in the system's keychain.",
            Check::Opens {
                keychain: false, ..
            } => {
                "This system has no keychain: the key is kept for this session only and asked for again \
                 at the next start."
            }
            _ => {
                "It is kept in the system's keychain or, where there is none, for this session only. It \
                 goes to FLORA and nowhere else."
            }
        };
        note(ui, Icon::LockKeyhole, tokens.text_tertiary, kept);
    });
}

fn note(ui: &mut Ui, icon: Icon, color: Color32, text: &str) {
    let secondary = tokens(ui).text_secondary;
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = space::S;
        ui.label(icon_text(icon, 14.0).color(color));
        ui.vertical(|ui| label(ui, text, font::secondary(), secondary));
    });
}

fn buttons(ui: &mut Ui, screen: &mut Screen, check: &Check<'_>, actions_out: &mut Actions) {
    let good = matches!(check, Check::Opens { .. }) && screen.untried_since.is_none();
    actions(ui, |ui| {
        let connect = ui
            .add_enabled_ui(good, |ui| {
                quiet_button(ui, ButtonKind::Primary, None, "Connect")
            })
            .inner;
        let by_enter = good
            && ui.memory(|memory| memory.focused().is_none_or(|id| id == key_id()))
            && ui.input(|input| input.key_pressed(Key::Enter));
        if connect.clicked() || by_enter {
            actions_out.push(Action::UseKey {
                base_url: screen.base_url(),
                key: screen.secret(),
            });
        }
        if cancel(ui).clicked() {
            actions_out.push(Action::CloseConnect);
        }
    });
}

/// Tries the key once nobody has typed for a moment. Only then does the window wake by itself.
fn wait_for_a_pause(ui: &Ui, screen: &mut Screen, actions: &mut Actions) {
    let Some(since) = screen.untried_since else {
        return;
    };
    if !screen.is_key() {
        return;
    }
    let left = PAUSE - (ui.input(|input| input.time) - since);
    if left <= 0.0 {
        screen.try_now(actions);
    } else {
        animation::after(ui, left);
    }
}

#[cfg(test)]
mod tests {
    use super::cleaned;

    #[test]
    fn what_comes_along_with_a_pasted_key_is_left_behind() {
        for typed in [
            "sk_live_abc",
            "  sk_live_abc\r\n",
            "Bearer sk_live_abc",
            "bearer   sk_live_\nabc ",
            "Authorization: Bearer sk_live_abc",
        ] {
            assert_eq!(&*cleaned(typed), "sk_live_abc", "{typed:?}");
        }
        assert_eq!(&*cleaned("Bearer"), "Bearer");
        assert_eq!(&*cleaned("ключ"), "ключ");
    }
}
