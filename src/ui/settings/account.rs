//! Whom one works with, and where the key is.

use egui::Ui;

use super::card::{card, line, row};
use crate::model::{Connection, KeyStore, Profile, ProfileKind};
use crate::state::{Action, SessionState};
use crate::ui::Frame;
use crate::ui::theme::Icon;
use crate::ui::widgets::{button, segmented};

/// Paints the card.
pub(super) fn ui(ui: &mut Ui, frame: &mut Frame<'_>) {
    card(ui, Icon::CircleUserRound, "Account", |ui| {
        in_use(ui, frame);
        line(ui);
        key(ui, frame);
    });
}

fn in_use(ui: &mut Ui, frame: &mut Frame<'_>) {
    let session = &frame.state.session;
    let kind = if session.is_studio() {
        ProfileKind::Studio
    } else {
        ProfileKind::Flora
    };
    let name = session
        .profile
        .as_ref()
        .map_or("No workspace yet", |profile| {
            profile.workspace_name.as_str()
        });
    row(ui, name, &about(session), |ui| {
        let choices = [
            (ProfileKind::Studio, "Local studio"),
            (ProfileKind::Flora, "FLORA"),
        ];
        match segmented(ui, kind, &choices) {
            Some(ProfileKind::Studio) if kind != ProfileKind::Studio => {
                frame.actions.push(Action::ConnectStudio);
            }
            Some(ProfileKind::Flora) if kind != ProfileKind::Flora => {
                frame.actions.push(Action::UseStoredKey);
            }
            _ => {}
        }
    });
}

fn about(session: &SessionState) -> String {
    let words = session.connection.words();
    match &session.profile {
        Some(profile) if profile.kind == ProfileKind::Studio => {
            format!("{words} · real techniques on this computer, free")
        }
        Some(profile) => match &profile.role {
            Some(role) => format!("{words} · {role} at {}", profile.base_url),
            None => format!("{words} · {}", profile.base_url),
        },
        None => words.to_owned(),
    }
}

fn key(ui: &mut Ui, frame: &mut Frame<'_>) {
    let session = &frame.state.session;
    let flora = session
        .profile
        .as_ref()
        .filter(|profile| profile.kind == ProfileKind::Flora);
    let has_key = flora.is_some() && !matches!(session.connection, Connection::NoKey);
    let connect = match (flora, has_key) {
        (Some(_), true) => "Update key…",
        (Some(_), false) => "Enter key…",
        (None, _) => "Connect FLORA…",
    };
    let kept = kept(flora, &session.connection);
    row(ui, "Key", kept, |ui| {
        if button(ui, Some(Icon::KeyRound), connect).clicked() {
            frame.actions.push(Action::OpenConnect);
        }
        if has_key && button(ui, None, "Forget key").clicked() {
            frame.actions.push(Action::ForgetKey);
        }
    });
}

fn kept(flora: Option<&Profile>, connection: &Connection) -> &'static str {
    match (flora.map(|profile| profile.key), connection) {
        (_, Connection::NoKey) => "FLORA needs a key to be reached",
        (None, _) => "The local studio needs none",
        (_, Connection::KeyRefused(_)) => "FLORA did not accept it",
        (Some(KeyStore::Keychain), _) => "Kept in the system's keychain",
        (Some(KeyStore::Session), _) => "Kept for this session only, then forgotten",
        (Some(KeyStore::NotNeeded), _) => "None is needed here",
    }
}
