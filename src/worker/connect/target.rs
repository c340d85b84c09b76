//! From a wish to talk to somebody to an address, a key and a profile.

use secrecy::SecretString;
use url::Url;

use super::super::cx::Cx;
use super::keys;
use crate::api;
use crate::model::{KeyStore, Problem, Profile, ProfileId, ProfileKind, WorkspaceId};

/// FLORA's own address.
const FLORA: &str = "https://app.flora.ai/api/v1";

/// Under this name a profile notes which profile the key at its address belongs to now.
const SUCCESSOR: &str = "successor";

/// Which key to use.
#[derive(Clone)]
pub(super) enum KeyChoice {
    /// The person entered it.
    Given(SecretString),
    /// From the environment, the keychain, or this session.
    Kept,
    /// None, even if there is one.
    None,
}

/// Whom to talk to, and with what.
#[derive(Clone)]
pub(super) struct Target {
    /// As far as it is known without asking.
    pub profile: Profile,
    pub key: Option<SecretString>,
    /// Entered just now: to be kept once the service has accepted it.
    pub is_new_key: bool,
    /// What went wrong on the way; the profile can be looked at all the same.
    pub problem: Option<Problem>,
}

impl Target {
    /// What a client needs; `None` without a key.
    pub fn config(&self, cx: &Cx) -> Option<api::Config> {
        let url = Url::parse(&self.profile.base_url).ok()?;
        let timings = cx.timings();
        Some(api::Config {
            timeout: timings.request,
            retry: timings.retry,
            ..api::Config::new(url, self.key.clone()?)
        })
    }
}

/// The studio, started if it is not running.
pub(super) async fn studio(cx: &Cx) -> Target {
    let (base_url, key, problem) = match cx.memory().connect.studio.ensure(cx).await {
        Ok(reach) => (reach.base_url, Some(reach.key.into()), None),
        Err(error) => {
            tracing::error!(%error, "the studio cannot be started");
            let problem = Problem::new("The local studio could not be started")
                .with_details(error.to_string())
                .with_hint("What is in the library can be used all the same");
            (String::new(), None, Some(problem))
        }
    };
    Target {
        profile: Profile {
            id: ProfileId::studio(),
            kind: ProfileKind::Studio,
            base_url,
            workspace: None,
            workspace_name: "Local studio".to_owned(),
            role: None,
            key: KeyStore::NotNeeded,
        },
        key,
        is_new_key: false,
        problem,
    }
}

/// FLORA at an address, with the key that this choice leads to.
///
/// # Errors
/// When the address is none.
pub(super) async fn flora(
    cx: &Cx,
    base_url: Option<String>,
    choice: KeyChoice,
) -> Result<Target, Problem> {
    let url = self::base_url(cx, base_url)?;
    let account = account(&url);
    let is_new_key = matches!(choice, KeyChoice::Given(_));
    let (key, store) = match choice {
        KeyChoice::Given(key) => {
            keys::keep_for_session(cx, &account, &key);
            (Some(key), KeyStore::Session)
        }
        KeyChoice::Kept => keys::kept(cx, &account).await,
        KeyChoice::None => (None, KeyStore::Session),
    };
    Ok(Target {
        profile: Profile {
            id: profile_at(cx, &account).await,
            kind: ProfileKind::Flora,
            base_url: url.into(),
            workspace: None,
            workspace_name: "FLORA".to_owned(),
            role: None,
            key: store,
        },
        key,
        is_new_key,
        problem: None,
    })
}

/// The address meant: the one given, the environment's, or FLORA's own.
///
/// # Errors
/// When it is no address.
pub(super) fn base_url(cx: &Cx, given: Option<String>) -> Result<Url, Problem> {
    let text = given
        .filter(|text| !text.trim().is_empty())
        .or_else(|| cx.environment().base_url.clone())
        .unwrap_or_else(|| FLORA.to_owned());
    Url::parse(text.trim()).map_err(|error| {
        Problem::new("This is not the address of a service")
            .with_details(error.to_string())
            .with_hint("It begins with https:// and usually ends with /api/v1")
    })
}

/// The name under which a key is kept: the only place it may be sent to.
pub(super) fn account(url: &Url) -> String {
    url.origin().ascii_serialization()
}

/// The profile for another workspace at the same address, and a note that it is the one in use there now.
///
/// Each workspace is a profile of its own: launches that wait for one must never be sent to another.
pub(super) async fn of_workspace(cx: &Cx, target: &Target, workspace: &WorkspaceId) -> Target {
    let origin = Url::parse(&target.profile.base_url).map(|url| account(&url));
    let first = ProfileId::flora(&origin.unwrap_or_default());
    let id = match cx
        .db()
        .call({
            let first = first.clone();
            move |library| library.profile(&first)
        })
        .await
    {
        // The first workspace that was met at an address has the plain name.
        Ok(Some(known)) if known.workspace.as_ref() == Some(workspace) => first.clone(),
        _ => ProfileId::parse(&format!("{first} {workspace}")),
    };
    let successor = id.as_str().to_owned();
    let noted = cx
        .db()
        .call(move |library| library.set_mark(&first, SUCCESSOR, Some(&successor)))
        .await;
    if let Err(error) = noted {
        tracing::warn!(%error, "the profile in use cannot be noted");
    }
    Target {
        profile: Profile {
            id,
            ..target.profile.clone()
        },
        ..target.clone()
    }
}

/// The profile that was last in use at an address.
async fn profile_at(cx: &Cx, account: &str) -> ProfileId {
    let first = ProfileId::flora(account);
    let asked = first.clone();
    let noted = cx
        .db()
        .call(move |library| library.mark(&asked, SUCCESSOR))
        .await;
    match noted {
        Ok(Some(id)) => ProfileId::parse(&id),
        _ => first,
    }
}
