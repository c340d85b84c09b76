//! The client against servers that behave in every way a server may.

mod downloads;
mod hostile;
mod resources;
mod retries;
mod server;
mod transport;
mod uploads;

use std::time::Duration;

use reqwest::Url;
use secrecy::SecretString;

use super::{Client, Config, RetryPolicy};

const KEY: &str = "sk_test_0123456789abcdef";

/// As patient as a test: the same rules, shorter waits.
fn config(base: &Url) -> Config {
    Config {
        timeout: Duration::from_secs(5),
        retry: RetryPolicy {
            retries: 3,
            first: Duration::from_millis(2),
            cap: Duration::from_millis(20),
            unadvised: Duration::from_millis(30),
            longest: Duration::from_secs(2),
            asset_poll: Duration::from_millis(2),
            asset_patience: Duration::from_secs(5),
        },
        ..Config::new(base.clone(), SecretString::from(KEY))
    }
}

fn client(base: &Url) -> Client {
    Client::new(config(base)).expect("a client for a loopback server")
}

/// The worker spawns what the client does: this must compile.
#[expect(dead_code, reason = "a check by the compiler")]
fn every_request_can_be_spawned(client: &'static Client, file: &'static super::UploadFile) {
    fn spawnable<T: Send>(_: T) {}
    spawnable(client.workspaces());
    spawnable(client.all_techniques(
        const {
            &super::TechniqueQuery {
                workspace: None,
                words: None,
                limit: None,
            }
        },
    ));
    spawnable(client.run("t", "r"));
    spawnable(client.upload("ws", file, |_, _| {}));
    spawnable(client.upload_from_url("ws", "u"));
    spawnable(client.download("u", None));
}
