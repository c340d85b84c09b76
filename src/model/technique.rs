//! A technique and the schema from which its form is made.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{InputId, MediaKind, TechniqueId, Usd};

/// A saved AI workflow.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Technique {
    pub id: TechniqueId,
    pub name: Arc<str>,
    pub slug: Option<String>,
    pub description: Option<String>,
    /// Listed price a run; `None` when FLORA did not say.
    pub run_cost: Option<Usd>,
    pub inputs: Vec<InputSpec>,
    pub outputs: Vec<OutputSpec>,
}

/// One input, in the API's order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct InputSpec {
    pub id: InputId,
    pub name: String,
    pub kind: MediaKind,
    pub description: Option<String>,
    /// May be left out.
    pub optional: bool,
    /// Takes several values: one run a value.
    pub allow_multiple: bool,
    /// An element id is a valid value.
    pub accepts_element: bool,
    /// Such as `"1:1"`.
    pub aspect_ratio: Option<String>,
    /// Seconds.
    pub duration: Option<f64>,
}

/// One output, in the API's order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OutputSpec {
    pub name: String,
    pub kind: MediaKind,
    pub description: Option<String>,
    pub aspect_ratio: Option<String>,
    /// Seconds.
    pub duration: Option<f64>,
}

impl Technique {
    /// The input with this id.
    pub fn input(&self, id: &InputId) -> Option<&InputSpec> {
        self.inputs.iter().find(|input| &input.id == id)
    }

    /// Output kinds with their counts, in the order they first appear.
    pub fn output_counts(&self) -> Vec<(MediaKind, usize)> {
        count_kinds(self.outputs.iter().map(|output| &output.kind))
    }

    /// Input kinds with their counts, in the order they first appear.
    pub fn input_counts(&self) -> Vec<(MediaKind, usize)> {
        count_kinds(self.inputs.iter().map(|input| &input.kind))
    }

    /// What a run gives, in words: "4 pictures 1:1, 1 text".
    pub fn output_words(&self) -> String {
        let mut groups: Vec<(&MediaKind, Option<&str>, usize)> = Vec::new();
        for output in &self.outputs {
            let ratio = output.aspect_ratio.as_deref();
            match groups
                .iter_mut()
                .find(|(kind, r, _)| *kind == &output.kind && *r == ratio)
            {
                Some((_, _, count)) => *count += 1,
                None => groups.push((&output.kind, ratio, 1)),
            }
        }
        let words = groups.into_iter().map(|(kind, ratio, count)| match ratio {
            Some(ratio) => format!("{} {ratio}", kind.counted(count)),
            None => kind.counted(count),
        });
        words.collect::<Vec<_>>().join(", ")
    }
}

fn count_kinds<'a>(kinds: impl Iterator<Item = &'a MediaKind>) -> Vec<(MediaKind, usize)> {
    let mut counts: Vec<(MediaKind, usize)> = Vec::new();
    for kind in kinds {
        match counts.iter_mut().find(|(known, _)| known == kind) {
            Some((_, count)) => *count += 1,
            None => counts.push((kind.clone(), 1)),
        }
    }
    counts
}
