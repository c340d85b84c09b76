//! A form as typed, kept per technique, and its passage to sendable orders.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{
    ElementId, InputFile, InputFileId, InputId, InputSpec, LaunchId, LaunchOrder, MediaKind,
    OrderInput, OrderValue, OutputKey, Problem, Technique, TechniqueId, Timestamp, shown_line,
};

/// What is in a technique's form. Survives switching, failing and restarting.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LaunchDraft {
    pub technique: TechniqueId,
    #[serde(default)]
    pub fields: BTreeMap<InputId, FieldDraft>,
    /// How many times to run the same (1 to 20).
    #[serde(default = "once")]
    pub count: u32,
}

fn once() -> u32 {
    1
}

/// One field as it stands. What was typed in one mode stays while the other is used.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FieldDraft {
    /// Text values; more than one only where the schema allows several.
    #[serde(default)]
    pub texts: Vec<String>,
    #[serde(default)]
    pub files: Vec<FileDraft>,
    /// Set when the person chose "FLORA element" over "File".
    #[serde(default)]
    pub element: Option<String>,
}

/// A file in a form, from the drop to the checked file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileDraft {
    /// Being read and checked; `label` is what to call it meanwhile.
    #[serde(skip)]
    Checking {
        id: InputFileId,
        label: String,
    },
    Ready(InputFile),
    /// A URL on the web: FLORA fetches it when the run starts.
    Url(String),
    /// It could not be used; stays in view until it is replaced or removed.
    #[serde(skip)]
    Refused {
        label: String,
        problem: Problem,
    },
}

/// Where a handed-in file comes from.
#[derive(Clone, Debug, PartialEq)]
pub enum MediaSource {
    Path(PathBuf),
    /// Dropped or pasted content.
    Bytes {
        name: String,
        bytes: Arc<[u8]>,
    },
    /// A picture from the clipboard: straight RGBA, row by row.
    Pixels {
        width: u32,
        height: u32,
        rgba: Arc<[u8]>,
    },
    /// One of the library's outputs.
    Output(OutputKey),
    /// A URL. Not fetched by us.
    Url(String),
}

impl MediaSource {
    /// What to call it before it was read.
    pub fn label(&self) -> String {
        match self {
            Self::Path(path) => match path.file_name() {
                Some(name) => shown_line(&name.to_string_lossy()).into_owned(),
                None => shown_line(&path.to_string_lossy()).into_owned(),
            },
            Self::Bytes { name, .. } if !name.is_empty() => shown_line(name).into_owned(),
            Self::Bytes { .. } => "Dropped file".to_owned(),
            Self::Pixels { .. } => "Pasted picture".to_owned(),
            Self::Output(_) => "From the library".to_owned(),
            Self::Url(url) => shown_line(url).into_owned(),
        }
    }
}

/// What keeps a draft from being run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DraftError {
    /// The field to lead to; `None` for the whole form.
    pub field: Option<InputId>,
    /// Starts with what to do: "Add Words to run".
    pub message: String,
}

impl LaunchDraft {
    /// Most times one click can run the same.
    pub const MAX_COUNT: u32 = 20;

    /// An empty form.
    pub fn new(technique: TechniqueId) -> Self {
        Self {
            technique,
            fields: BTreeMap::new(),
            count: 1,
        }
    }

    /// How many runs this draft would start: values of the fields that take several, times the count.
    pub fn run_count(&self, technique: &Technique) -> usize {
        let values = technique.inputs.iter().filter(|spec| spec.allow_multiple);
        let product: usize = values
            .map(|spec| {
                self.fields
                    .get(&spec.id)
                    .map_or(0, |field| field.value_count(spec))
                    .max(1)
            })
            .product();
        product.saturating_mul(self.count.clamp(1, Self::MAX_COUNT) as usize)
    }

    /// Checks one field as it stands, for the moment it loses focus.
    ///
    /// # Errors
    /// What to do about it.
    pub fn check_field(&self, spec: &InputSpec) -> Result<(), DraftError> {
        let empty = FieldDraft::default();
        self.fields
            .get(&spec.id)
            .unwrap_or(&empty)
            .values(spec)
            .map(|_| ())
    }

    /// Parses the whole form into one order per run.
    ///
    /// # Errors
    /// Every field that needs something, in the form's order.
    pub fn to_orders(
        &self,
        technique: &Technique,
        now: Timestamp,
    ) -> Result<Vec<LaunchOrder>, Vec<DraftError>> {
        let mut combinations: Vec<Vec<OrderInput>> = vec![Vec::new()];
        let mut errors = Vec::new();
        let empty = FieldDraft::default();
        for spec in &technique.inputs {
            match self.fields.get(&spec.id).unwrap_or(&empty).values(spec) {
                Ok(values) if values.is_empty() => {}
                Ok(values) => combinations = combine(combinations, spec, &values),
                Err(error) => errors.push(error),
            }
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        let count = self.count.clamp(1, Self::MAX_COUNT);
        let orders = combinations.into_iter().flat_map(|inputs| {
            (0..count).map(move |_| LaunchOrder {
                id: LaunchId::fresh(),
                technique: technique.id.clone(),
                technique_name: technique.name.clone(),
                listed_cost: technique.run_cost,
                inputs: inputs.clone(),
                created_at: now,
            })
        });
        Ok(orders.collect())
    }
}

/// Every partial order times every value of one more input.
fn combine(
    partial: Vec<Vec<OrderInput>>,
    spec: &InputSpec,
    values: &[OrderValue],
) -> Vec<Vec<OrderInput>> {
    let with = |inputs: &Vec<OrderInput>, value: &OrderValue| {
        let mut inputs = inputs.clone();
        inputs.push(OrderInput {
            id: spec.id.clone(),
            name: spec.name.clone(),
            kind: spec.kind.clone(),
            value: value.clone(),
        });
        inputs
    };
    partial
        .iter()
        .flat_map(|inputs| values.iter().map(move |value| with(inputs, value)))
        .collect()
}

impl FieldDraft {
    /// Whether nothing was answered.
    pub fn is_empty(&self, spec: &InputSpec) -> bool {
        self.value_count(spec) == 0
    }

    /// How many values it holds.
    pub fn value_count(&self, spec: &InputSpec) -> usize {
        if self.element.is_some() {
            return 1;
        }
        if spec.kind.is_file() {
            self.files.len()
        } else {
            self.texts
                .iter()
                .filter(|text| !text.trim().is_empty())
                .count()
        }
    }

    /// Whether a file is still being checked.
    pub fn is_checking(&self) -> bool {
        self.files
            .iter()
            .any(|file| matches!(file, FileDraft::Checking { .. }))
    }

    fn values(&self, spec: &InputSpec) -> Result<Vec<OrderValue>, DraftError> {
        let values = match &self.element {
            Some(text) if spec.accepts_element => self.element_value(text, spec)?,
            _ if spec.kind.is_file() => self.file_values(spec)?,
            _ => self.text_values(),
        };
        if values.is_empty() && !spec.optional {
            return Err(DraftError::at(spec, format!("Add {} to run", spec.name)));
        }
        Ok(values)
    }

    fn element_value(&self, text: &str, spec: &InputSpec) -> Result<Vec<OrderValue>, DraftError> {
        if text.trim().is_empty() {
            return Ok(Vec::new());
        }
        let id = ElementId::parse(text)
            .ok_or_else(|| DraftError::at(spec, "Enter an element id without spaces".to_owned()))?;
        Ok(vec![OrderValue::Element(id)])
    }

    fn file_values(&self, spec: &InputSpec) -> Result<Vec<OrderValue>, DraftError> {
        self.files.iter().map(|file| file.value(spec)).collect()
    }

    /// Blank texts are left out: FLORA refuses an empty string.
    fn text_values(&self) -> Vec<OrderValue> {
        let answered = self.texts.iter().filter(|text| !text.trim().is_empty());
        answered
            .map(|text| OrderValue::Text(text.trim().to_owned()))
            .collect()
    }
}

impl FileDraft {
    fn value(&self, spec: &InputSpec) -> Result<OrderValue, DraftError> {
        match self {
            Self::Ready(file) => Ok(OrderValue::File(file.clone())),
            Self::Url(url) if is_https(url) => Ok(OrderValue::Url(url.trim().to_owned())),
            Self::Url(_) => Err(DraftError::at(
                spec,
                format!("Enter an https address for {}", spec.name),
            )),
            Self::Checking { label, .. } => Err(DraftError::at(
                spec,
                format!("Wait until {label} has been checked"),
            )),
            Self::Refused { label, .. } => {
                Err(DraftError::at(spec, format!("Replace or remove {label}")))
            }
        }
    }
}

/// FLORA takes https only; the studio on loopback serves its own files over http.
fn is_https(text: &str) -> bool {
    let loopback = |host: &str| host == "127.0.0.1" || host == "localhost" || host == "[::1]";
    url::Url::parse(text.trim()).is_ok_and(|url| {
        url.scheme() == "https" || (url.scheme() == "http" && url.host_str().is_some_and(loopback))
    })
}

impl DraftError {
    fn at(spec: &InputSpec, message: String) -> Self {
        Self {
            field: Some(spec.id.clone()),
            message,
        }
    }
}

/// Moves what fits from one technique's form to another's: the same id, or the only field of its kind.
/// Returns the ids of the fields it filled. Fields that hold something already are left alone.
pub fn carry_over(
    from: &LaunchDraft,
    old: &Technique,
    to: &mut LaunchDraft,
    new: &Technique,
) -> Vec<InputId> {
    let mut carried = Vec::new();
    for spec in &new.inputs {
        if to
            .fields
            .get(&spec.id)
            .is_some_and(|field| !field.is_empty(spec))
        {
            continue;
        }
        let same_id = old.input(&spec.id).filter(|input| input.kind == spec.kind);
        let source = same_id.or_else(|| match (only(old, &spec.kind), only(new, &spec.kind)) {
            (Some(input), Some(_)) => Some(input),
            _ => None,
        });
        let value = source.and_then(|input| {
            from.fields
                .get(&input.id)
                .filter(|field| !field.is_empty(input) && !field.is_checking())
        });
        if let Some(value) = value {
            to.fields.insert(spec.id.clone(), value.clone());
            carried.push(spec.id.clone());
        }
    }
    carried
}

fn only<'a>(technique: &'a Technique, kind: &MediaKind) -> Option<&'a InputSpec> {
    let mut of_kind = technique.inputs.iter().filter(|input| &input.kind == kind);
    of_kind.next().filter(|_| of_kind.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Usd;

    fn spec(id: &str, kind: MediaKind) -> InputSpec {
        InputSpec {
            id: InputId::new(id),
            name: id.to_uppercase(),
            kind,
            description: None,
            optional: false,
            allow_multiple: false,
            accepts_element: false,
            aspect_ratio: None,
            duration: None,
        }
    }

    fn technique(inputs: Vec<InputSpec>) -> Technique {
        Technique {
            id: TechniqueId::new("tech_1"),
            name: "Test".into(),
            slug: None,
            description: None,
            run_cost: Usd::from_dollars(0.02),
            inputs,
            outputs: Vec::new(),
        }
    }

    fn draft(technique: &Technique, texts: &[(&str, &[&str])]) -> LaunchDraft {
        let mut draft = LaunchDraft::new(technique.id.clone());
        for (id, values) in texts {
            let texts = values.iter().map(|text| (*text).to_owned()).collect();
            draft.fields.insert(
                InputId::new(*id),
                FieldDraft {
                    texts,
                    ..FieldDraft::default()
                },
            );
        }
        draft
    }

    #[test]
    fn a_missing_required_field_says_what_to_do() {
        let technique = technique(vec![spec("words", MediaKind::Text)]);
        let errors = draft(&technique, &[("words", &["  "])])
            .to_orders(&technique, crate::model::now())
            .unwrap_err();
        assert_eq!(errors[0].message, "Add WORDS to run");
        assert_eq!(errors[0].field, Some(InputId::new("words")));
    }

    #[test]
    fn a_blank_optional_field_is_left_out() {
        let optional = InputSpec {
            optional: true,
            ..spec("note", MediaKind::Text)
        };
        let technique = technique(vec![spec("words", MediaKind::Text), optional]);
        let orders = draft(&technique, &[("words", &["sea"]), ("note", &[" "])])
            .to_orders(&technique, crate::model::now())
            .unwrap();
        assert_eq!(orders.len(), 1);
        assert_eq!(orders[0].inputs.len(), 1);
    }

    #[test]
    fn several_values_are_one_run_each_times_the_count() {
        let many = InputSpec {
            allow_multiple: true,
            ..spec("words", MediaKind::Text)
        };
        let technique = technique(vec![many]);
        let mut draft = draft(&technique, &[("words", &["one", "two", "three"])]);
        draft.count = 2;
        assert_eq!(draft.run_count(&technique), 6);
        let orders = draft.to_orders(&technique, crate::model::now()).unwrap();
        assert_eq!(orders.len(), 6);
        let ids: std::collections::HashSet<_> = orders.iter().map(|order| order.id).collect();
        assert_eq!(ids.len(), 6, "each run has its own key");
    }

    #[test]
    fn a_file_that_is_still_being_checked_holds_the_run() {
        let technique = technique(vec![spec("picture", MediaKind::Image)]);
        let mut draft = LaunchDraft::new(technique.id.clone());
        let checking = FileDraft::Checking {
            id: InputFileId::fresh(),
            label: "a.png".to_owned(),
        };
        let field = FieldDraft {
            files: vec![checking],
            ..FieldDraft::default()
        };
        draft.fields.insert(InputId::new("picture"), field);
        let errors = draft
            .to_orders(&technique, crate::model::now())
            .unwrap_err();
        assert!(errors[0].message.contains("a.png"), "{errors:?}");
    }

    #[test]
    fn the_only_field_of_a_kind_carries_its_value_over() {
        let old = technique(vec![spec("words", MediaKind::Text)]);
        let new = technique(vec![
            spec("prompt", MediaKind::Text),
            spec("seed", MediaKind::Image),
        ]);
        let from = draft(&old, &[("words", &["harbour"])]);
        let mut to = LaunchDraft::new(new.id.clone());
        assert_eq!(
            carry_over(&from, &old, &mut to, &new),
            vec![InputId::new("prompt")]
        );
        assert_eq!(to.fields[&InputId::new("prompt")].texts, vec!["harbour"]);
    }
}
