//! Whom we talk to: the studio of our own, keys good and bad, services that go away and come back.

use std::sync::{Arc, Mutex};

use secrecy::SecretString;
use tokio_util::sync::CancellationToken;

use super::florist::{
    Florist, World, assert_each_started_once, config, library_folder, start_studio,
};
use crate::library::Library;
use crate::message::{Command, ConnectTo, Event};
use crate::model::{Connection, KeyStore, ProfileKind, RunStage};
use crate::settings::Settings;
use crate::studio::{Fault, Hold, Rule, Studio};
use crate::worker::{Environment, KeyVault, MemoryVault, WorkerConfig};

fn techniques(event: &Event) -> Option<usize> {
    match event {
        Event::CatalogLoaded(techniques) => Some(techniques.len()),
        _ => None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_key_the_studio_of_our_own_is_there_and_works() {
    let home = tempfile::tempdir().unwrap();
    let mut florist = Florist::start(config(home.path()));
    florist.connected().await;
    let profile = florist.profile.clone().unwrap();
    assert_eq!(
        (profile.kind, profile.key),
        (ProfileKind::Studio, KeyStore::NotNeeded)
    );
    assert!(profile.workspace.is_some());
    assert_eq!(florist.event("the catalog comes", techniques).await, 1);
    let launches = florist.launch(&["text"]);
    florist.done(&launches).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_studio_of_our_own_that_falls_silent_is_started_again() {
    let home = tempfile::tempdir().unwrap();
    let started: Arc<Mutex<Vec<CancellationToken>>> = Arc::default();
    let seen = Arc::clone(&started);
    let mut config = config(home.path());
    config.studio.started = Some(Arc::new(move |studio: &Studio| {
        seen.lock().unwrap().push(studio.closing());
    }));
    let mut florist = Florist::start(config);
    florist.connected().await;
    let before = florist.launch(&["text"]);
    florist.done(&before).await;

    started.lock().unwrap()[0].cancel();
    let launches = florist.launch(&["text", "picture"]);
    florist.done(&launches).await;
    assert!(florist.connections.contains(&Connection::Offline));
    assert_eq!(started.lock().unwrap().len(), 2, "once is enough");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_is_away_at_the_start_shows_what_was_there_the_last_time() {
    let world = World::new().await;
    let mut florist = world.florist().await;
    let launches = florist.launch(&["text"]);
    florist.done(&launches).await;
    florist.event("the catalog comes", techniques).await;
    drop(florist);

    let config = world.config();
    let World { home, studio } = world;
    studio.shutdown().await;
    let mut florist = Florist::start(config);
    florist
        .until("it is offline", |florist| {
            florist.connection == Connection::Offline
        })
        .await;
    assert_eq!(florist.event("the kept catalog comes", techniques).await, 1);
    assert!(florist.profile.as_ref().unwrap().workspace.is_some());
    let waiting = florist.launch(&["picture"])[0];
    florist
        .until("it waits", |florist| {
            florist.stage(waiting) == Some(RunStage::Waiting)
        })
        .await;

    let studio = start_studio(home.path(), |_| {}).await;
    florist.done(&[waiting]).await;
    drop(studio);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_goes_away_in_the_middle_loses_nothing() {
    let mut world = World::new().await;
    let mut florist = world.florist().await;
    world.studio.faults().hold(Hold::Ending);
    let launches = florist.launch(&["text", "picture", "text picture"]);
    florist
        .until("they are on their way", |florist| {
            florist
                .rows
                .values()
                .filter(|run| run.run_id.is_some())
                .count()
                == 3
        })
        .await;
    let World { home, studio } = world;
    studio.kill().await;
    florist
        .until("it is offline", |florist| {
            florist.connection == Connection::Offline
        })
        .await;
    let studio = start_studio(home.path(), |_| {}).await;
    world = World { home, studio };
    florist.done(&launches).await;
    assert_each_started_once(&world, &florist, &launches);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_refused_in_the_middle_pauses_everything_until_there_is_another() {
    let world = World::new().await;
    let mut florist = world.florist().await;
    let first = florist.launch(&["text"]);
    florist.done(&first).await;
    let refused = Fault::Error {
        status: 401,
        code: "invalid_api_key",
        message: "revoked",
    };
    world
        .studio
        .faults()
        .add(Rule::on("* /**", refused).always());
    let paused = florist.launch(&["text", "picture"]);
    florist
        .until("the key is refused and both wait", |florist| {
            matches!(florist.connection, Connection::KeyRefused(_))
                && paused
                    .iter()
                    .all(|launch| florist.stage(*launch) == Some(RunStage::Waiting))
        })
        .await;
    let asked = world.requests("POST /techniques/*/runs");

    world.studio.faults().clear();
    florist.send(Command::Connect(ConnectTo::Flora {
        base_url: Some(world.studio.base_url()),
        key: Some(SecretString::from(world.studio.api_key().to_owned())),
    }));
    florist.done(&paused).await;
    assert!(asked <= 5, "it went on asking with a refused key: {asked}");
    let all = [first, paused].concat();
    assert_each_started_once(&world, &florist, &all);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_can_be_tried_without_switching() {
    let world = World::new().await;
    let mut florist = Florist::start(config(world.home.path()));
    florist.connected().await;
    let checked = |event: &Event| match event {
        Event::KeyChecked(result) => Some(result.clone()),
        _ => None,
    };
    let base_url = Some(world.studio.base_url());
    let key = SecretString::from("sk_live_wrong".to_owned());
    florist.send(Command::CheckKey {
        base_url: base_url.clone(),
        key,
    });
    let problem = florist.event("it is refused", checked).await.unwrap_err();
    assert!(!problem.summary.is_empty());
    florist.events.clear();
    let key = SecretString::from(world.studio.api_key().to_owned());
    florist.send(Command::CheckKey { base_url, key });
    let report = florist.event("it is accepted", checked).await.unwrap();
    assert_eq!((report.techniques, report.keychain), (1, true));
    assert_eq!(florist.profile.as_ref().unwrap().kind, ProfileKind::Studio);
}

fn flora(world: &World, vault: &Arc<dyn KeyVault>) -> WorkerConfig {
    WorkerConfig {
        settings: Settings {
            profile: ProfileKind::Flora,
            flora_base_url: Some(world.studio.base_url()),
            ..Settings::default()
        },
        environment: Environment::default(),
        vault: Arc::clone(vault),
        ..world.config()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_accepted_key_is_in_the_keychain_the_next_time_and_a_forgotten_one_is_not() {
    let world = World::new().await;
    let vault: Arc<dyn KeyVault> = Arc::new(MemoryVault::default());
    let mut florist = Florist::start(flora(&world, &vault));
    florist
        .until("there is no key", |florist| {
            florist.connection == Connection::NoKey
        })
        .await;
    florist.send(Command::Connect(ConnectTo::Flora {
        base_url: Some(world.studio.base_url()),
        key: Some(SecretString::from(world.studio.api_key().to_owned())),
    }));
    florist
        .until("the key is kept", |florist| {
            florist.connection == Connection::Connected
                && florist
                    .profile
                    .as_ref()
                    .is_some_and(|profile| profile.key == KeyStore::Keychain)
        })
        .await;
    drop(florist);

    let mut florist = Florist::start(flora(&world, &vault));
    florist.connected().await;
    florist.send(Command::ForgetKey);
    florist
        .until("there is no key", |florist| {
            florist.connection == Connection::NoKey
        })
        .await;
    drop(florist);

    let mut florist = Florist::start(flora(&world, &vault));
    florist
        .until("there is still no key", |florist| {
            florist.connection == Connection::NoKey
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_keychain_a_key_is_good_for_the_session_and_it_says_so() {
    let world = World::new().await;
    let vault: Arc<dyn KeyVault> = Arc::new(MemoryVault::absent());
    let mut florist = Florist::start(flora(&world, &vault));
    florist.send(Command::Connect(ConnectTo::Flora {
        base_url: Some(world.studio.base_url()),
        key: Some(SecretString::from(world.studio.api_key().to_owned())),
    }));
    florist.connected().await;
    assert_eq!(florist.profile.as_ref().unwrap().key, KeyStore::Session);
    florist.send(Command::Connect(ConnectTo::Studio));
    florist
        .until("the studio is in use", |florist| {
            florist.profile.as_ref().unwrap().kind == ProfileKind::Studio
        })
        .await;
    florist.send(Command::Connect(ConnectTo::Flora {
        base_url: Some(world.studio.base_url()),
        key: None,
    }));
    florist
        .until("the session's key is used", |florist| {
            florist.profile.as_ref().unwrap().kind == ProfileKind::Flora
                && florist.connection == Connection::Connected
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_library_in_use_is_said_and_nothing_can_be_launched() {
    let world = World::new().await;
    let taken = Library::open(&library_folder(world.home.path())).unwrap();
    let mut florist = world.florist().await;
    let said = florist
        .event("it is said", |event| match event {
            Event::Noticed(notice) => Some(notice.text.clone()),
            _ => None,
        })
        .await;
    assert!(said.contains("Another Florist"), "{said}");
    assert_eq!(florist.event("techniques are there", techniques).await, 1);
    let launch = florist.launch(&["text"])[0];
    let problem = florist
        .event("the launch is refused", |event| match event {
            Event::LaunchRefused {
                launch: refused,
                problem,
                ..
            } if *refused == launch => Some(problem.clone()),
            _ => None,
        })
        .await;
    assert!(problem.summary.contains("Another Florist"), "{problem:?}");
    assert!(world.studio.starts_by_key().unwrap().is_empty());
    drop(taken);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_for_another_workspace_does_not_send_what_waits_for_this_one() {
    let ours = World::new().await;
    let mut florist = ours.florist().await;
    let broke = Fault::Error {
        status: 401,
        code: "invalid_api_key",
        message: "revoked",
    };
    ours.studio
        .faults()
        .add(Rule::on("POST /techniques/*/runs", broke).always());
    let waiting = florist.launch(&["text"])[0];
    florist
        .until("it waits", |florist| {
            matches!(florist.connection, Connection::KeyRefused(_))
                && florist.stage(waiting) == Some(RunStage::Waiting)
        })
        .await;
    drop(florist);

    // Another studio takes over the address: to a client that is another workspace behind the same origin.
    let mut config = ours.config();
    let address = ours.studio.base_url();
    let World { home, studio } = ours;
    let port = url::Url::parse(&address).unwrap().port().unwrap();
    studio.shutdown().await;
    let other_home = tempfile::tempdir().unwrap();
    let other = start_studio(other_home.path(), |config| {
        config.addr.set_port(port);
    })
    .await;
    config.environment.key = Some(SecretString::from(other.api_key().to_owned()));
    let mut florist = Florist::start(config);
    florist.connected().await;
    florist.event("the catalog comes", techniques).await;
    assert!(
        other.starts_by_key().unwrap().is_empty(),
        "what waits for one workspace is not sent to another"
    );
    drop(home);
}
