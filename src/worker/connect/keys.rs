//! Keys: tried, kept, found again, forgotten. Never logged, never in the library or the settings.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use secrecy::SecretString;
use url::Url;

use super::super::cx::Cx;
use super::super::{KeyVault, VaultError};
use super::target;
use crate::api;
use crate::message::KeyReport;
use crate::model::{KeyStore, Problem, ProblemAction, shown_line};

/// How long a keychain may take: it may be waiting for a person who does not see its question.
const PATIENCE: Duration = Duration::from_secs(30);

/// Keys that are kept nowhere but here, until the app closes; by account.
#[derive(Default)]
pub(super) struct SessionKeys(Mutex<HashMap<String, SecretString>>);

impl SessionKeys {
    fn all(&self) -> MutexGuard<'_, HashMap<String, SecretString>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The key for an account: the environment's, one of this session, or the keychain's.
pub(super) async fn kept(cx: &Cx, account: &str) -> (Option<SecretString>, KeyStore) {
    let ours = session_keys(cx).all().get(account).cloned();
    if let Some(key) = ours.or_else(|| of_environment(cx, account)) {
        return (Some(key), KeyStore::Session);
    }
    let name = account.to_owned();
    match ask(cx, move |vault| vault.load(&name)).await {
        Ok(key) => (key, KeyStore::Keychain),
        Err(error) => {
            tracing::info!(%error, "no key from a keychain");
            (None, KeyStore::Session)
        }
    }
}

/// Keeps a key that the service has accepted, in the keychain if there is one.
pub(super) async fn keep(cx: &Cx, account: &str, key: &SecretString) -> KeyStore {
    let (name, secret) = (account.to_owned(), key.clone());
    match ask(cx, move |vault| vault.save(&name, &secret)).await {
        Ok(()) => {
            session_keys(cx).all().remove(account);
            KeyStore::Keychain
        }
        Err(error) => {
            tracing::info!(%error, "the key is kept for this session only");
            keep_for_session(cx, account, key);
            KeyStore::Session
        }
    }
}

/// Keeps a key until the app closes.
pub(super) fn keep_for_session(cx: &Cx, account: &str, key: &SecretString) {
    session_keys(cx)
        .all()
        .insert(account.to_owned(), key.clone());
}

/// A key of this session that opens nothing must not stand before one that does.
pub(super) fn drop_refused(cx: &Cx, account: &str) {
    session_keys(cx).all().remove(account);
}

/// Forgets a key everywhere but in the environment.
pub(super) async fn forget(cx: &Cx, account: &str) {
    session_keys(cx).all().remove(account);
    let name = account.to_owned();
    match ask(cx, move |vault| vault.forget(&name)).await {
        Ok(()) | Err(VaultError::Absent) => {}
        Err(error) => {
            let problem = Problem::new("The key could not be removed from the keychain")
                .with_details(error.to_string());
            cx.outbox().warn(&problem).await;
        }
    }
}

/// Tries a key: which workspace it opens and how many techniques are in it.
///
/// # Errors
/// Why it opens nothing.
pub(super) async fn check(
    cx: &Cx,
    base_url: Option<String>,
    key: SecretString,
) -> Result<KeyReport, Problem> {
    let url = target::base_url(cx, base_url)?;
    let config = api::Config {
        timeout: cx.timings().request,
        retry: cx.timings().retry,
        ..api::Config::new(url, key)
    };
    let built = cx.blocking(move || api::Client::new(config)).await;
    let client = built.ok_or_else(|| Problem::new("Florist is closing"))??;
    let workspaces = client.workspaces().await?;
    let Some(workspace) = workspaces.into_iter().next() else {
        let problem = Problem::new("This key opens no workspace");
        return Err(problem.with_action(ProblemAction::EnterKey));
    };
    let query = api::TechniqueQuery {
        workspace: Some(workspace.workspace_id),
        ..api::TechniqueQuery::default()
    };
    let techniques = client.all_techniques(&query).await?.items.len();
    let vault = cx.vault();
    let keychain = cx.blocking(move || vault.is_available()).await;
    Ok(KeyReport {
        workspace_name: shown_line(&workspace.name).into_owned(),
        role: workspace.role.map(|role| shown_line(&role).into_owned()),
        techniques,
        keychain: keychain.unwrap_or(false),
    })
}

/// The environment's key, for the environment's address only.
fn of_environment(cx: &Cx, account: &str) -> Option<SecretString> {
    let key = cx.environment().key.clone()?;
    let url: Url = target::base_url(cx, None).ok()?;
    (target::account(&url) == account).then_some(key)
}

/// Asks the keychain on a thread that may block, with patience.
async fn ask<T: Send + 'static>(
    cx: &Cx,
    question: impl FnOnce(Arc<dyn KeyVault>) -> Result<T, VaultError> + Send + 'static,
) -> Result<T, VaultError> {
    let vault = cx.vault();
    let asked = tokio::task::spawn_blocking(move || question(vault));
    match tokio::time::timeout(PATIENCE, asked).await {
        Ok(Ok(answer)) => answer,
        Ok(Err(_)) => Err(VaultError::Absent),
        Err(_) => Err(VaultError::Timeout),
    }
}

fn session_keys(cx: &Cx) -> &SessionKeys {
    &cx.memory().connect.session_keys
}
