//! Checks a start's inputs against the technique's schema, as FLORA does, with a message a field.

use serde_json::{Map, Value};

use super::origin;
use super::refusal::field_error;
use super::store::runs::{StoredInput, StoredInputs};
use crate::wire::{FieldError, InputSpec, IoType, Technique};

/// Which of the two starts is asked: they do not carry the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Route {
    /// `POST /techniques/{id}/runs`: at least one input; text, pictures and videos only.
    Nested,
    /// `POST /runs/technique`: also sound, documents, elements, or nothing at all.
    Quick,
}

/// Checks the nested route's `[{id, type, value}]`.
///
/// # Errors
/// Every field at fault.
pub(super) fn nested(
    technique: &Technique,
    inputs: &Value,
) -> Result<StoredInputs, Vec<FieldError>> {
    let Some(inputs) = inputs.as_array() else {
        return Err(vec![field_error("inputs", "must be a list")]);
    };
    if inputs.is_empty() {
        return Err(vec![field_error("inputs", "must have at least one input")]);
    }
    let mut check = Check::new(technique, Route::Nested);
    for (index, input) in inputs.iter().enumerate() {
        match input.get("id").and_then(Value::as_str) {
            Some(id) => check.input(id, input.get("type"), input.get("value")),
            None => check.fault(&format!("inputs[{index}].id"), "is required"),
        }
    }
    check.done()
}

/// Checks the quick route's `{id: value}`.
///
/// # Errors
/// Every field at fault.
pub(super) fn quick(
    technique: &Technique,
    inputs: &Map<String, Value>,
) -> Result<StoredInputs, Vec<FieldError>> {
    let mut check = Check::new(technique, Route::Quick);
    for (id, value) in inputs {
        check.input(id, None, Some(value));
    }
    check.done()
}

struct Check<'a> {
    technique: &'a Technique,
    route: Route,
    answers: StoredInputs,
    faults: Vec<FieldError>,
}

impl<'a> Check<'a> {
    fn new(technique: &'a Technique, route: Route) -> Self {
        Self {
            technique,
            route,
            answers: StoredInputs::new(),
            faults: Vec::new(),
        }
    }

    fn fault(&mut self, field: &str, message: &str) {
        self.faults.push(field_error(field, message));
    }

    fn input(&mut self, id: &str, kind: Option<&Value>, value: Option<&Value>) {
        let Some(spec) = self.technique.inputs.iter().find(|spec| spec.id == id) else {
            return self.fault(id, "is not an input of this technique");
        };
        if self.answers.contains_key(id) {
            return self.fault(id, "was given twice: start one run for each value");
        }
        match self.answer(spec, kind, value) {
            Ok(value) => {
                let kind = spec.kind.clone();
                self.answers
                    .insert(id.to_owned(), StoredInput { kind, value });
            }
            Err(message) => self.fault(id, &message),
        }
    }

    fn answer(
        &self,
        spec: &InputSpec,
        kind: Option<&Value>,
        value: Option<&Value>,
    ) -> Result<String, String> {
        if self.route == Route::Nested {
            check_kind(spec, kind)?;
        }
        let value = match value {
            None | Some(Value::Null) => return Err("needs a value".to_owned()),
            Some(Value::String(value)) => value,
            Some(Value::Array(values)) => return Err(one_value(spec, values.len())),
            Some(_) => return Err("must be a text".to_owned()),
        };
        if value.is_empty() {
            return Err("must not be empty".to_owned());
        }
        self.check_value(spec, value)?;
        Ok(value.clone())
    }

    fn check_value(&self, spec: &InputSpec, value: &str) -> Result<(), String> {
        let element = spec.accepts_element && self.route == Route::Quick;
        match spec.kind {
            IoType::Text => Ok(()),
            _ if origin::own_file(value).is_some() => Ok(()),
            _ if element && !value.contains("://") => Ok(()),
            _ => Err(
                "must be the URL of an asset, an output or a sample of this studio: upload the file first"
                    .to_owned(),
            ),
        }
    }

    fn done(mut self) -> Result<StoredInputs, Vec<FieldError>> {
        for spec in &self.technique.inputs {
            let named = self.answers.contains_key(&spec.id)
                || self.faults.iter().any(|fault| fault.field == spec.id);
            if !spec.optional && !named {
                self.faults.push(field_error(&spec.id, "is required"));
            }
        }
        if self.faults.is_empty() {
            Ok(self.answers)
        } else {
            Err(self.faults)
        }
    }
}

fn check_kind(spec: &InputSpec, kind: Option<&Value>) -> Result<(), String> {
    match kind.and_then(Value::as_str).map(IoType::from) {
        None => Err("needs a type".to_owned()),
        Some(kind) if kind != spec.kind => Err(format!("must be of type {}", spec.kind)),
        Some(IoType::Text | IoType::ImageUrl | IoType::VideoUrl) => Ok(()),
        Some(kind) => Err(format!(
            "inputs of type {kind} go through POST /runs/technique"
        )),
    }
}

fn one_value(spec: &InputSpec, count: usize) -> String {
    if spec.allow_multiple {
        format!("takes one value a run: start {count} runs")
    } else {
        "takes one value".to_owned()
    }
}
