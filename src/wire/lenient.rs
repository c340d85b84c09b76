//! Reading what is there, whatever is missing.

use serde::{Deserialize, Deserializer};

/// Reads `null` as if the field were absent; use it together with `#[serde(default)]`.
pub(super) fn null_as_default<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: Default + Deserialize<'de>,
    D: Deserializer<'de>,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}
