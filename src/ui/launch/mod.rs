//! To be filled.

use super::Frame;

/// What this place remembers between frames.
#[derive(Default)]
pub struct Screen {}

/// Paints it.
pub fn ui(_ui: &mut egui::Ui, _screen: &mut Screen, _frame: &mut Frame<'_>) {}
