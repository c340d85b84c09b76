//! Writing a technique's schema down in few words.

use crate::wire::{Extra, InputSpec, IoType, OutputSpec, Technique};

/// A technique without inputs or outputs yet. The slug is the name in lower case with dashes, the id the
/// slug with the prefix `tech_`.
pub fn technique(name: &str, run_cost: f64, description: &str) -> Technique {
    let slug = name.to_lowercase().replace(' ', "-");
    Technique {
        technique_id: format!("tech_{}", slug.replace('-', "_")),
        name: name.to_owned(),
        slug: Some(slug),
        description: Some(description.to_owned()),
        run_cost: Some(run_cost),
        inputs: Vec::new(),
        outputs: Vec::new(),
        extra: Extra::new(),
    }
}

/// Adding to a schema, one line each.
pub trait Build {
    /// Adds an input.
    fn takes(self, input: InputSpec) -> Self;
    /// Adds an output.
    fn gives(self, output: OutputSpec) -> Self;
}

impl Build for Technique {
    fn takes(mut self, input: InputSpec) -> Self {
        self.inputs.push(input);
        self
    }

    fn gives(mut self, output: OutputSpec) -> Self {
        self.outputs.push(output);
        self
    }
}

/// A required input; the description works as a placeholder.
pub fn input(id: &str, name: &str, kind: IoType, description: &str) -> InputSpec {
    InputSpec {
        id: id.to_owned(),
        name: name.to_owned(),
        kind,
        description: Some(description.to_owned()),
        optional: false,
        allow_multiple: false,
        accepts_element: false,
        specified_aspect_ratio: None,
        specified_duration: None,
        extra: Extra::new(),
    }
}

/// An input that may be left out.
pub fn optional(id: &str, name: &str, kind: IoType, description: &str) -> InputSpec {
    InputSpec {
        optional: true,
        ..input(id, name, kind, description)
    }
}

/// An output.
pub fn output(id: &str, name: &str, kind: IoType) -> OutputSpec {
    OutputSpec {
        id: id.to_owned(),
        name: name.to_owned(),
        kind,
        description: None,
        specified_aspect_ratio: None,
        specified_duration: None,
        extra: Extra::new(),
    }
}
