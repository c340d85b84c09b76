//! Forms as they stand, kept per technique.

use std::sync::Arc;

use super::cx::Cx;
use super::session::Session;
use crate::model::LaunchDraft;

#[derive(Default)]
pub struct State {}

pub fn save(cx: &Cx, draft: Arc<LaunchDraft>) {}

/// Sends the kept forms of a profile. Called by `connect`, once for a profile.
pub async fn load(cx: &Cx, session: &Session) {}
