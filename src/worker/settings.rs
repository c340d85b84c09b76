//! Settings on their way to disk.

use std::sync::Arc;

use super::cx::Cx;
use crate::settings::Settings;

/// Takes changed settings into use and writes them.
pub fn save(cx: &Cx, settings: Arc<Settings>) {}
