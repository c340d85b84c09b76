//! Ids are opaque: they are compared, kept and shown, never taken apart.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! text_id {
    ($($(#[$meta:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$meta])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Arc<str>);

        impl $name {
            /// Takes the id as it came.
            pub fn new(id: impl Into<Arc<str>>) -> Self {
                Self(id.into())
            }

            /// The id as it goes out.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self.0)
            }
        }
    )+};
}

text_id! {
    /// `ws_…`
    WorkspaceId,
    /// `prj_…`
    ProjectId,
    /// `tech_…`
    TechniqueId,
    /// `run_…`, given by FLORA.
    RunId,
    /// `asset_…`
    AssetId,
    /// An output's id at FLORA; it has no prefix.
    OutputId,
    /// An input's id in its technique's schema.
    InputId,
}

/// The click that started a launch: FLORA's idempotency key and the library's row key at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LaunchId(Uuid);

impl LaunchId {
    /// A fresh, random id.
    pub fn fresh() -> Self {
        Self(Uuid::new_v4())
    }

    /// Reads an id written by [`fmt::Display`].
    ///
    /// # Errors
    /// When the text is no UUID.
    pub fn parse(text: &str) -> Result<Self, uuid::Error> {
        Uuid::parse_str(text).map(Self)
    }
}

impl fmt::Display for LaunchId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

macro_rules! row_id {
    ($($(#[$meta:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(i64);

        impl $name {
            /// Takes a key from the library.
            pub const fn new(key: i64) -> Self {
                Self(key)
            }

            /// The key as the library stores it.
            pub const fn get(self) -> i64 {
                self.0
            }
        }
    )+};
}

row_id! {
    /// A run's row in the library; stable for its whole life, before and after FLORA knows of it.
    RowKey,
    /// An output's row in the library.
    OutputKey,
}
