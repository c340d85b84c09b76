//! How a run or an asset turns out otherwise than it would by itself.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// How a run or an asset turns out. Kept with the run, so it still holds after a restart.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Twist {
    /// The run fails with this code and message instead of doing its work.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fail: Option<(String, String)>,
    /// The technique panics.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub panic: bool,
    /// The run takes at least this long.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pace: Option<Duration>,
    /// `charged_cost` appears this long after the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cost_delay: Option<Duration>,
    /// USD charged, instead of what was quoted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub charge: Option<f64>,
    /// An asset that was uploaded stays `pending_upload` this long.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asset_delay: Option<Duration>,
}

impl Twist {
    /// A run that fails.
    pub fn failing(code: &str, message: &str) -> Self {
        Self {
            fail: Some((code.to_owned(), message.to_owned())),
            ..Self::default()
        }
    }
}
