//! Somebody else with the same workspace.

use secrecy::SecretString;

use super::florist::World;
use super::kit;
use crate::api::{Client, Config};
use crate::wire;

/// A client of their own.
pub(super) fn client(world: &World) -> Client {
    let url = world.studio.base_url().parse().expect("a URL");
    let key = SecretString::from(world.studio.api_key().to_owned());
    Client::new(Config::new(url, key)).expect("a client")
}

/// Starts a run and says its id.
pub(super) async fn start(world: &World, things: &str) -> String {
    start_with(&client(world), things).await
}

/// Starts a run with a client that is there already.
pub(super) async fn start_with(client: &Client, things: &str) -> String {
    let body = wire::StartRun {
        inputs: vec![wire::RunInput {
            id: "things".to_owned(),
            kind: wire::IoType::Text,
            value: wire::InputValue::Text(things.to_owned()),
        }],
        mode: wire::RunMode::Async,
        idempotency_key: None,
        callback_url: None,
    };
    let started = client.start_run(kit::ID, &body).await.expect("a start");
    started.value.run_id
}
