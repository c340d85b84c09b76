//! The techniques, and in which order to show them.

use std::sync::Arc;

use super::{AppState, Load, nothing};
use crate::message::Command;
use crate::model::{Problem, Technique, TechniqueId, TechniqueUse, TechniqueUses};
use crate::settings::Settings;

/// What can be run.
#[derive(Debug, Default)]
pub struct CatalogState {
    /// In the API's order.
    pub techniques: Load<Arc<[Arc<Technique>]>>,
    /// Nothing until the library has said it.
    pub uses: Option<Arc<TechniqueUses>>,
}

impl CatalogState {
    /// The technique with this id.
    pub fn get(&self, id: &TechniqueId) -> Option<&Arc<Technique>> {
        self.techniques
            .value()?
            .iter()
            .find(|technique| &technique.id == id)
    }

    /// How a technique has been used here.
    pub fn usage(&self, id: &TechniqueId) -> Option<&TechniqueUse> {
        self.uses.as_ref()?.get(id)
    }

    /// Pinned and recently used ones, then the others; both narrowed to what matches every word of `search`.
    ///
    /// `uses` may be older than [`Self::uses`]: whoever shows the list decides when it may move.
    pub fn sections(
        &self,
        settings: &Settings,
        uses: &TechniqueUses,
        search: &str,
    ) -> [Vec<Arc<Technique>>; 2] {
        let words: Vec<String> = search.split_whitespace().map(str::to_lowercase).collect();
        let all = self.techniques.value().map_or(&[][..], |all| all);
        let found = all
            .iter()
            .filter(|technique| matches(technique, &words))
            .cloned();
        let (mut first, rest): (Vec<_>, Vec<_>) =
            found.partition(|technique| rank(settings, uses, &technique.id).is_some());
        first.sort_by_key(|technique| rank(settings, uses, &technique.id));
        [first, rest]
    }

    pub(super) fn failed(&mut self, problem: Problem) -> Vec<Command> {
        self.techniques.fail(problem);
        nothing()
    }

    pub(super) fn uses_changed(&mut self, uses: Arc<TechniqueUses>) -> Vec<Command> {
        self.uses = Some(uses);
        nothing()
    }

    pub(super) fn reset(&mut self) {
        *self = Self {
            techniques: Load::Loading { previous: None },
            ..Self::default()
        };
    }
}

/// Pinned in pinned order, then used, latest first; nothing for the rest.
fn rank(settings: &Settings, uses: &TechniqueUses, id: &TechniqueId) -> Option<(usize, i64)> {
    if let Some(position) = settings.pinned.iter().position(|pinned| pinned == id) {
        return Some((position, 0));
    }
    let used = uses.get(id)?;
    Some((usize::MAX, -used.last_used.as_millisecond()))
}

fn matches(technique: &Technique, words: &[String]) -> bool {
    if words.is_empty() {
        return true;
    }
    let description = technique.description.as_deref().unwrap_or_default();
    let text = format!("{} {description}", technique.name).to_lowercase();
    words.iter().all(|word| text.contains(word.as_str()))
}

impl AppState {
    pub(super) fn catalog_loaded(&mut self, techniques: Arc<[Arc<Technique>]>) -> Vec<Command> {
        self.catalog.techniques = Load::Ready(techniques);
        let open = self
            .launch
            .open
            .clone()
            .filter(|id| self.catalog.get(id).is_some());
        match open.or_else(|| self.first_choice()) {
            Some(id) => self.show_technique(&id),
            None => nothing(),
        }
    }

    /// What to open when nothing was: the cheapest technique that needs only text.
    fn first_choice(&self) -> Option<TechniqueId> {
        let all = self.catalog.techniques.value()?;
        let needs_text_only = |technique: &&Arc<Technique>| {
            technique
                .inputs
                .iter()
                .all(|input| input.optional || !input.kind.is_file())
        };
        let cheapest = all
            .iter()
            .filter(needs_text_only)
            .min_by_key(|technique| technique.run_cost);
        cheapest
            .or_else(|| all.first())
            .map(|technique| technique.id.clone())
    }

    pub(super) fn toggle_pin(&mut self, id: TechniqueId) -> Vec<Command> {
        self.change_settings(|settings| {
            match settings.pinned.iter().position(|pinned| *pinned == id) {
                Some(position) => {
                    settings.pinned.remove(position);
                }
                None => settings.pinned.push(id),
            }
        })
    }
}
