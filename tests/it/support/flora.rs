//! A FLORA profile and the answers of a key check, for fixed worlds.

use florist::message::{Command, Event, KeyReport};
use florist::model::{
    InputId, KeyStore, LaunchId, LaunchOrder, MediaKind, OrderInput, OrderValue, Problem, Profile,
    ProfileId, ProfileKind, TechniqueId, Usd, WorkspaceId,
};

use super::world::noon;

/// A workspace at FLORA, with its key kept so.
pub fn north_studio(key: KeyStore) -> Profile {
    Profile {
        id: ProfileId::flora("https://app.flora.ai"),
        kind: ProfileKind::Flora,
        base_url: "https://app.flora.ai/api/v1".to_owned(),
        workspace: Some(WorkspaceId::new("ws_north")),
        workspace_name: "North Studio".to_owned(),
        role: Some("editor".to_owned()),
        key,
    }
}

/// What a good key opens.
pub fn good_key(keychain: bool) -> KeyReport {
    KeyReport {
        workspace_name: "North Studio".to_owned(),
        role: Some("editor".to_owned()),
        techniques: 41,
        keychain,
    }
}

/// A key that FLORA does not know.
pub fn bad_key() -> Problem {
    Problem::new("FLORA did not accept the key")
        .with_hint("Check that it was copied whole, or make a new one")
        .with_details("401 invalid_api_key, request req_77f2")
}

/// The answer to the last check among these commands.
pub fn key_checked(sent: &[Command], result: Result<KeyReport, Problem>) -> Event {
    let last = sent.iter().rev().find_map(|command| match command {
        Command::CheckKey { generation, .. } => Some(*generation),
        _ => None,
    });
    Event::KeyChecked {
        generation: last.expect("a key was tried"),
        result,
    }
}

/// So many orders at this price each.
pub fn orders(count: usize, each: Option<Usd>) -> Vec<LaunchOrder> {
    let order = || LaunchOrder {
        id: LaunchId::fresh(),
        technique: TechniqueId::new("tech_slow_zoom"),
        technique_name: "Slow Zoom".into(),
        listed_cost: each,
        inputs: vec![OrderInput {
            id: InputId::new("words"),
            name: "Words".to_owned(),
            kind: MediaKind::Text,
            value: OrderValue::Text("quiet harbour".to_owned()),
        }],
        created_at: noon(),
    };
    (0..count).map(|_| order()).collect()
}
