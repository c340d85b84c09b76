//! The forms: drafts as typed, what is wrong with them, and the click that starts a run.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::{AppState, Load, PickPurpose, PickRequest, Place, Request, nothing};
use crate::message::Command;
use crate::model::{
    DraftError, FileCheck, FileDraft, InputFileId, InputId, LaunchDraft, LaunchId, LaunchOrder,
    MediaSource, OrderInput, OrderValue, Problem, RowKey, RunDetail, Technique, TechniqueId,
    Timestamp, Usd, carry_over,
};
use crate::settings::Settings;

/// Drafts and the open form.
#[derive(Debug, Default)]
pub struct LaunchState {
    pub open: Option<TechniqueId>,
    drafts: HashMap<TechniqueId, LaunchDraft>,
    errors: HashMap<TechniqueId, FormErrors>,
    /// Fields that were filled from the form that was open before.
    pub carried: Vec<InputId>,
    /// What was typed before, newest first.
    recent: HashMap<TechniqueId, BTreeMap<InputId, Vec<String>>>,
    /// Money is about to be spent: asked first.
    pub confirm: Option<Confirm>,
    /// The field to lead to. The number grows with each request, so that the same field can be asked for again.
    pub focus: Option<(u64, InputId)>,
    /// The run whose inputs are to fill the form as soon as they are read.
    filling: Option<RowKey>,
    last_click: Option<(Timestamp, LaunchDraft)>,
}

/// What is wrong with a form.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FormErrors {
    /// Messages by field.
    pub fields: BTreeMap<InputId, String>,
    /// What FLORA said about the whole.
    pub form: Option<Problem>,
}

/// A question about money.
#[derive(Clone, Debug, PartialEq)]
pub enum Confirm {
    Launch {
        orders: Vec<LaunchOrder>,
        total: Option<Usd>,
    },
    Repeat {
        row: RowKey,
        technique: Arc<str>,
        price: Option<Usd>,
    },
}

/// Two identical clicks within this many milliseconds are one: a double click must not pay twice.
const DOUBLE_CLICK_MS: i64 = 500;

/// More runs than this by one click are asked about, whatever they cost.
const CONFIRM_RUNS: usize = 5;

impl LaunchState {
    pub(super) fn restore(settings: &Settings) -> Self {
        Self {
            open: settings.open_technique.clone(),
            ..Self::default()
        }
    }

    pub(super) fn reset(&mut self, settings: &Settings) {
        *self = Self::restore(settings);
    }

    /// The open form as typed.
    pub fn draft(&self) -> Option<&LaunchDraft> {
        self.drafts.get(self.open.as_ref()?)
    }

    /// What is wrong with the open form.
    pub fn errors(&self) -> Option<&FormErrors> {
        self.errors.get(self.open.as_ref()?)
    }

    /// The message at a field of the open form.
    pub fn field_error(&self, input: &InputId) -> Option<&str> {
        self.errors()?.fields.get(input).map(String::as_str)
    }

    /// What was typed into this field of the open form before, newest first.
    pub fn recent(&self, input: &InputId) -> &[String] {
        let texts = self
            .open
            .as_ref()
            .and_then(|open| self.recent.get(open)?.get(input));
        texts.map_or(&[], Vec::as_slice)
    }

    pub(super) fn drafts_loaded(&mut self, drafts: Vec<LaunchDraft>) -> Vec<Command> {
        for draft in drafts {
            // What was typed since the start wins.
            let untouched = self
                .drafts
                .get(&draft.technique)
                .is_none_or(|d| d.fields.is_empty());
            if untouched {
                self.drafts.insert(draft.technique.clone(), draft);
            }
        }
        nothing()
    }

    pub(super) fn recent_texts(
        &mut self,
        technique: TechniqueId,
        texts: BTreeMap<InputId, Vec<String>>,
    ) -> Vec<Command> {
        self.recent.insert(technique, texts);
        nothing()
    }

    fn lead_to(&mut self, input: InputId) {
        let serial = self.focus.as_ref().map_or(0, |(serial, _)| serial + 1);
        self.focus = Some((serial, input));
    }

    fn set_errors(&mut self, technique: &TechniqueId, errors: Vec<DraftError>) {
        let first = errors.iter().find_map(|error| error.field.clone());
        let form = self.errors.entry(technique.clone()).or_default();
        for error in errors {
            if let Some(field) = error.field {
                form.fields.entry(field).or_insert(error.message);
            }
        }
        if let Some(field) = first {
            self.lead_to(field);
        }
    }
}

impl AppState {
    /// The open technique, once the catalog is there.
    pub fn open_technique_spec(&self) -> Option<&Arc<Technique>> {
        self.catalog.get(self.launch.open.as_ref()?)
    }

    /// What keeps the open form from being run, in the form's order.
    pub fn launch_blockers(&self) -> Vec<DraftError> {
        let (Some(technique), Some(draft)) = (self.open_technique_spec(), self.launch.draft())
        else {
            return Vec::new();
        };
        draft
            .to_orders(technique, Timestamp::UNIX_EPOCH)
            .err()
            .unwrap_or_default()
    }

    pub(super) fn open_technique(&mut self, id: TechniqueId) -> Vec<Command> {
        let mut commands = self.go(Place::Launch);
        if self.launch.open.as_ref() != Some(&id) || self.launch.draft().is_none() {
            commands.extend(self.show_technique(&id));
        }
        commands
    }

    pub(super) fn open_last_technique(&mut self) -> Vec<Command> {
        match self.launch.open.clone() {
            Some(id) => self.open_technique(id),
            None => self.go(Place::Launch),
        }
    }

    /// Opens a form; what fits of the former one is carried over.
    pub(super) fn show_technique(&mut self, id: &TechniqueId) -> Vec<Command> {
        let Some(new) = self.catalog.get(id).cloned() else {
            return nothing();
        };
        let before = self
            .launch
            .open
            .replace(id.clone())
            .filter(|before| before != id);
        let mut draft = self
            .launch
            .drafts
            .remove(id)
            .unwrap_or_else(|| LaunchDraft::new(id.clone()));
        let former = before.and_then(|before| {
            Some((
                self.launch.drafts.get(&before)?.clone(),
                self.catalog.get(&before)?.clone(),
            ))
        });
        self.launch.carried = match former {
            Some((from, old)) => carry_over(&from, &old, &mut draft, &new),
            None => Vec::new(),
        };
        self.launch.drafts.insert(id.clone(), draft);
        let mut commands = self.results.ask(id);
        commands.push(Command::LoadRecentTexts(id.clone()));
        commands
            .extend(self.change_settings(|settings| settings.open_technique = Some(id.clone())));
        commands
    }

    pub(super) fn edit_draft(&mut self, edit: impl FnOnce(&mut LaunchDraft)) -> Vec<Command> {
        let Some(open) = self.launch.open.clone() else {
            return nothing();
        };
        self.edit_draft_of(&open, edit)
    }

    fn edit_draft_of(
        &mut self,
        technique: &TechniqueId,
        edit: impl FnOnce(&mut LaunchDraft),
    ) -> Vec<Command> {
        let drafts = &mut self.launch.drafts;
        let draft = drafts
            .entry(technique.clone())
            .or_insert_with(|| LaunchDraft::new(technique.clone()));
        let before = draft.clone();
        edit(draft);
        if *draft == before {
            return nothing();
        }
        let changed = changed_fields(&before, draft);
        let save = Command::SaveDraft(Arc::new(draft.storable()));
        if let Some(errors) = self.launch.errors.get_mut(technique) {
            errors.form = None;
            errors.fields.retain(|field, _| !changed.contains(field));
        }
        self.launch.carried.retain(|field| !changed.contains(field));
        vec![save]
    }

    pub(super) fn field_left(&mut self, input: &InputId) -> Vec<Command> {
        let (Some(technique), Some(draft)) = (self.open_technique_spec(), self.launch.draft())
        else {
            return nothing();
        };
        let Some(spec) = technique.input(input) else {
            return nothing();
        };
        let message = draft.check_field(spec).err().map(|error| error.message);
        let id = technique.id.clone();
        let fields = &mut self.launch.errors.entry(id).or_default().fields;
        match message {
            Some(message) => fields.insert(input.clone(), message),
            None => fields.remove(input),
        };
        nothing()
    }

    pub(super) fn clear_draft(&mut self) -> Vec<Command> {
        let Some(open) = self.launch.open.clone() else {
            return nothing();
        };
        self.launch.errors.remove(&open);
        self.launch.carried.clear();
        self.edit_draft(|draft| *draft = LaunchDraft::new(draft.technique.clone()))
    }

    pub(super) fn browse_input(&mut self, input: &InputId) -> Vec<Command> {
        let Some(technique) = self.open_technique_spec() else {
            return nothing();
        };
        let Some(spec) = technique.input(input) else {
            return nothing();
        };
        let request = PickRequest {
            title: format!("Choose a {} for {}", spec.kind.noun(), spec.name),
            purpose: PickPurpose::Input {
                technique: technique.id.clone(),
                input: input.clone(),
                kind: spec.kind.clone(),
                several: spec.allow_multiple,
            },
            folder: None,
        };
        self.request(Request::Pick(request))
    }

    pub(super) fn hand_in(&mut self, input: &InputId, source: MediaSource) -> Vec<Command> {
        match self.launch.open.clone() {
            Some(open) => self.hand_in_to(&open, input, vec![source]),
            None => nothing(),
        }
    }

    /// Puts files into a field and has them checked.
    pub(super) fn hand_in_to(
        &mut self,
        technique: &TechniqueId,
        input: &InputId,
        sources: Vec<MediaSource>,
    ) -> Vec<Command> {
        let Some(spec) = self
            .catalog
            .get(technique)
            .and_then(|t| t.input(input))
            .cloned()
        else {
            return nothing();
        };
        let mut commands = Vec::new();
        for source in sources {
            let file = match &source {
                MediaSource::Url(url) => FileDraft::Url(url.clone()),
                other => FileDraft::Checking {
                    id: InputFileId::fresh(),
                    label: other.label(),
                },
            };
            if let FileDraft::Checking { id, .. } = &file {
                commands.push(Command::CheckFile {
                    id: *id,
                    kind: spec.kind.clone(),
                    source,
                });
            }
            commands.extend(self.edit_draft_of(technique, |draft| {
                draft.put_file(input, file, spec.allow_multiple)
            }));
        }
        commands
    }

    pub(super) fn file_checked(&mut self, id: InputFileId, check: FileCheck) -> Vec<Command> {
        let found = self.launch.drafts.iter().find_map(|(technique, draft)| {
            Some((technique.clone(), draft.checking_label(id)?.to_owned()))
        });
        let Some((technique, label)) = found else {
            return nothing();
        };
        let settled = match check {
            FileCheck::Ready(file) => FileDraft::Ready(file),
            FileCheck::Refused(problem) => FileDraft::Refused { label, problem },
        };
        self.edit_draft_of(&technique, |draft| {
            draft.settle_file(id, settled);
        })
    }

    pub(super) fn launch_draft(&mut self, now: Timestamp) -> Vec<Command> {
        let (Some(technique), Some(draft)) = (
            self.open_technique_spec().cloned(),
            self.launch.draft().cloned(),
        ) else {
            return nothing();
        };
        if self.is_double_click(&draft, now) {
            return nothing();
        }
        match draft.to_orders(&technique, now) {
            Ok(orders) => {
                self.launch.last_click = Some((now, draft));
                self.launch.errors.remove(&technique.id);
                self.send_or_ask(&technique, orders)
            }
            Err(errors) => {
                self.launch.set_errors(&technique.id, errors);
                nothing()
            }
        }
    }

    fn is_double_click(&self, draft: &LaunchDraft, now: Timestamp) -> bool {
        self.launch
            .last_click
            .as_ref()
            .is_some_and(|(then, clicked)| {
                clicked == draft && now.as_millisecond() - then.as_millisecond() < DOUBLE_CLICK_MS
            })
    }

    fn send_or_ask(&mut self, technique: &Technique, orders: Vec<LaunchOrder>) -> Vec<Command> {
        let total = technique.run_cost.map(|cost| cost * orders.len());
        let cheap = total.is_some_and(|total| total <= self.settings.confirm_above);
        if cheap && orders.len() <= CONFIRM_RUNS {
            return vec![Command::Launch(orders)];
        }
        self.launch.confirm = Some(Confirm::Launch { orders, total });
        nothing()
    }

    pub(super) fn repeat(&mut self, row: RowKey) -> Vec<Command> {
        if let Some(run) = self.rows.get(row) {
            let price = self
                .catalog
                .get(&run.technique)
                .and_then(|technique| technique.run_cost);
            let technique = run.technique_name.clone();
            self.launch.confirm = Some(Confirm::Repeat {
                row,
                technique,
                price,
            });
        }
        nothing()
    }

    pub(super) fn confirm_launch(&mut self, now: Timestamp) -> Vec<Command> {
        match self.launch.confirm.take() {
            Some(Confirm::Launch { mut orders, .. }) => {
                for order in &mut orders {
                    order.created_at = now;
                }
                vec![Command::Launch(orders)]
            }
            Some(Confirm::Repeat { row, .. }) => vec![Command::Repeat(row)],
            None => nothing(),
        }
    }

    pub(super) fn cancel_confirm(&mut self) -> Vec<Command> {
        self.launch.confirm = None;
        self.launch.last_click = None;
        nothing()
    }

    /// FLORA refused the start: its messages belong at the fields.
    pub(super) fn launch_refused(
        &mut self,
        _launch: LaunchId,
        technique: TechniqueId,
        problem: Problem,
    ) -> Vec<Command> {
        let errors = problem.fields.iter().map(|(field, message)| DraftError {
            field: Some(InputId::new(field.as_str())),
            message: message.clone(),
        });
        let errors: Vec<DraftError> = errors.collect();
        let form = self.launch.errors.entry(technique.clone()).or_default();
        form.fields.clear();
        form.form = Some(problem);
        self.launch.set_errors(&technique, errors);
        nothing()
    }

    /// Fills the form with a run's inputs, as soon as they are known.
    pub(super) fn fill_from(&mut self, row: RowKey) -> Vec<Command> {
        let known = match &self.inspector.detail {
            Load::Ready(detail) if detail.run.key == row => Some(detail.clone()),
            _ => None,
        };
        match known {
            Some(detail) => self.fill(&detail),
            None => {
                self.launch.filling = Some(row);
                vec![Command::LoadDetail(row)]
            }
        }
    }

    pub(super) fn detail_loaded(
        &mut self,
        row: RowKey,
        detail: Result<Arc<RunDetail>, Problem>,
    ) -> Vec<Command> {
        let mut commands = Vec::new();
        if self
            .launch
            .filling
            .take_if(|filling| *filling == row)
            .is_some()
            && let Ok(detail) = &detail
        {
            commands = self.fill(detail);
        }
        self.inspector.detail_loaded(row, detail);
        commands
    }

    fn fill(&mut self, detail: &RunDetail) -> Vec<Command> {
        let technique = detail.run.technique.clone();
        self.viewer.open = None;
        let mut commands = self.open_technique(technique.clone());
        commands.extend(self.edit_draft_of(&technique, |draft| {
            draft.fields.clear();
            for input in &detail.inputs {
                fill_field(draft, input);
            }
        }));
        commands
    }
}

fn fill_field(draft: &mut LaunchDraft, input: &OrderInput) {
    match &input.value {
        OrderValue::Text(text) => draft.edit_text(&input.id, 0, text.clone()),
        OrderValue::File(file) => draft.put_file(&input.id, FileDraft::Ready(file.clone()), false),
        OrderValue::Url(url) => draft.put_file(&input.id, FileDraft::Url(url.clone()), false),
        OrderValue::Element(id) => draft.set_element(&input.id, Some(id.to_string())),
    }
}

fn changed_fields(before: &LaunchDraft, after: &LaunchDraft) -> Vec<InputId> {
    let ids = before.fields.keys().chain(after.fields.keys());
    ids.filter(|id| before.fields.get(*id) != after.fields.get(*id))
        .cloned()
        .collect()
}

#[cfg(test)]
mod tests;
