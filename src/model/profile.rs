//! Whom we talk to: the local studio, or FLORA with a key.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Problem, Usd, WorkspaceId};

/// A stable name for a source of techniques and runs; everything in the library belongs to one.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ProfileId(String);

impl ProfileId {
    /// The local studio.
    pub fn studio() -> Self {
        Self("studio".to_owned())
    }

    /// A FLORA service at this base URL's origin.
    pub fn flora(origin: &str) -> Self {
        Self(format!("flora {origin}"))
    }

    /// Reads what [`Self::as_str`] wrote.
    pub fn parse(text: &str) -> Self {
        Self(text.to_owned())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ProfileId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Which kind of service a profile is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProfileKind {
    Studio,
    Flora,
}

/// The service in use and what it said of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    pub id: ProfileId,
    pub kind: ProfileKind,
    pub base_url: String,
    pub workspace: Option<WorkspaceId>,
    /// "Local studio", "North Studio".
    pub workspace_name: String,
    pub role: Option<String>,
    /// Where the key is kept.
    pub key: KeyStore,
}

/// Where a key is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyStore {
    /// The studio's own: nothing to keep.
    NotNeeded,
    Keychain,
    /// In memory, until the app closes.
    Session,
}

/// How it stands with the service.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Connection {
    #[default]
    Connecting,
    Connected,
    /// A state, not an error: everything that is here can be used.
    Offline,
    /// FLORA asked us to slow down.
    Throttled,
    /// The key was refused: all requests rest until there is another.
    KeyRefused(Problem),
    /// No key for this profile.
    NoKey,
}

impl Connection {
    /// Words for the activity bar.
    pub fn words(&self) -> &'static str {
        match self {
            Self::Connecting => "Connecting…",
            Self::Connected => "Connected",
            Self::Offline => "Offline",
            Self::Throttled => "FLORA asked us to slow down",
            Self::KeyRefused(_) => "Key not accepted",
            Self::NoKey => "Not connected",
        }
    }
}

/// What was spent, as far as it is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spent {
    pub known: Usd,
    /// Some charges are not there yet: say "at least".
    pub settling: bool,
}
