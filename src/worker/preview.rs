//! Pictures and texts made ready to be shown.

use super::cx::Cx;
use crate::model::{OutputKey, PreviewKey};

/// What is wanted and being made.
#[derive(Default)]
pub struct State {}

pub fn want(cx: &Cx, keys: Vec<PreviewKey>) {}

pub fn load_text(cx: &Cx, output: OutputKey) {}

pub fn read_picture(cx: &Cx, output: OutputKey) {}
