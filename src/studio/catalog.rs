//! The techniques that can be run, found by id or slug.

use std::sync::Arc;

use super::job::Technique;
use crate::wire;

/// A technique and its schema.
#[derive(Clone)]
pub(super) struct Entry {
    pub(super) spec: wire::Technique,
    pub(super) technique: Arc<dyn Technique>,
}

/// All techniques, in the order they are listed.
pub(super) struct Catalog {
    entries: Vec<Entry>,
}

impl Catalog {
    pub(super) fn new(techniques: Vec<Box<dyn Technique>>) -> Self {
        let entries = techniques
            .into_iter()
            .map(|technique| Entry {
                spec: technique.spec(),
                technique: Arc::from(technique),
            })
            .collect();
        Self { entries }
    }

    /// By id or slug.
    pub(super) fn find(&self, id_or_slug: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| {
            entry.spec.technique_id == id_or_slug || entry.spec.slug.as_deref() == Some(id_or_slug)
        })
    }

    /// All whose name, slug or description contains `query`, whatever the case.
    pub(super) fn search(&self, query: Option<&str>) -> Vec<&wire::Technique> {
        let query = query.map(str::to_lowercase);
        self.entries
            .iter()
            .map(|entry| &entry.spec)
            .filter(|spec| query.as_deref().is_none_or(|query| mentions(spec, query)))
            .collect()
    }

    pub(super) fn specs(&self) -> impl Iterator<Item = &wire::Technique> {
        self.entries.iter().map(|entry| &entry.spec)
    }
}

fn mentions(spec: &wire::Technique, query: &str) -> bool {
    [
        Some(spec.name.as_str()),
        spec.slug.as_deref(),
        spec.description.as_deref(),
    ]
    .into_iter()
    .flatten()
    .any(|text| text.to_lowercase().contains(query))
}
