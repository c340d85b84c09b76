//! To be filled.

use super::Frame;

/// What the shell remembers between frames.
#[derive(Default)]
pub struct Screen {}

pub fn activity_bar(_ui: &mut egui::Ui, _screen: &mut Screen, _frame: &mut Frame<'_>) {}
pub fn sidebar(_ui: &mut egui::Ui, _screen: &mut Screen, _frame: &mut Frame<'_>) {}
pub fn notices(_ui: &mut egui::Ui, _frame: &mut Frame<'_>) {}
