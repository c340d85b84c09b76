//! Outputs on their way into the library.

use super::cx::Cx;
use super::session::Session;
use crate::model::{OutputKey, RowKey};

/// What is being fetched.
#[derive(Default)]
pub struct State {}

/// Fetches outputs that are not here: the person asked.
pub fn fetch(cx: &Cx, outputs: Vec<OutputKey>) {}

/// A run is over: keeps its outputs. Called by `follow` after the library knows of them.
pub fn run_completed(cx: &Cx, session: &Session, row: RowKey) {}

/// Goes on with what an earlier session left unfinished. Called by `connect` once the service answers.
pub fn resume(cx: &Cx, session: &Session) {}
