//! A text output, ready to be read.

use std::sync::Arc;

/// Text made safe to show: control characters and escape sequences are visible, never acted on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextContent {
    pub text: Arc<str>,
    /// Only the beginning is here: the whole was too long to show.
    pub truncated: bool,
    pub words: usize,
    pub lines: usize,
}
