//! What goes on in the background, counted anew after changes and said when it differs.

use super::cx::Cx;

/// What was said last.
#[derive(Default)]
pub struct State {}

/// Something that is counted may have changed: counts again, soon and once for many changes.
pub fn changed(cx: &Cx) {}
