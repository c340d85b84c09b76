//! Placeholder while the viewer is checked.
use super::Frame;
use crate::state::AppState;
#[derive(Default)]
pub struct Screen {}
impl Screen { pub fn open_key_help(&mut self) {} }
pub fn is_open(_s: &Screen, _state: &AppState) -> bool { false }
pub fn ui(_ui: &mut egui::Ui, _screen: &mut Screen, _frame: &mut Frame<'_>) {}
