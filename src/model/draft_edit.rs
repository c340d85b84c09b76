//! Changes to a draft, one a gesture.

use super::{FieldDraft, FileDraft, InputFileId, InputId, LaunchDraft};

impl LaunchDraft {
    /// A field as it stands; an empty one when nothing was entered.
    pub fn field(&self, input: &InputId) -> std::borrow::Cow<'_, FieldDraft> {
        match self.fields.get(input) {
            Some(field) => std::borrow::Cow::Borrowed(field),
            None => std::borrow::Cow::Owned(FieldDraft::default()),
        }
    }

    /// The text at `index`, "" when there is none.
    pub fn text(&self, input: &InputId, index: usize) -> &str {
        let texts = self.fields.get(input).map_or(&[][..], |field| &field.texts);
        texts.get(index).map_or("", String::as_str)
    }

    pub fn edit_text(&mut self, input: &InputId, index: usize, text: String) {
        let texts = &mut self.entry(input).texts;
        if texts.len() <= index {
            texts.resize(index + 1, String::new());
        }
        texts[index] = text;
    }

    /// One more, empty value.
    pub fn add_text(&mut self, input: &InputId) {
        let texts = &mut self.entry(input).texts;
        if texts.is_empty() {
            texts.push(String::new());
        }
        texts.push(String::new());
    }

    pub fn remove_text(&mut self, input: &InputId, index: usize) {
        let texts = &mut self.entry(input).texts;
        if index < texts.len() {
            texts.remove(index);
        }
    }

    pub fn set_element(&mut self, input: &InputId, element: Option<String>) {
        self.entry(input).element = element;
    }

    pub fn set_count(&mut self, count: u32) {
        self.count = count.clamp(1, Self::MAX_COUNT);
    }

    pub fn remove_file(&mut self, input: &InputId, index: usize) {
        let files = &mut self.entry(input).files;
        if index < files.len() {
            files.remove(index);
        }
    }

    /// Puts a file in; beside the others where several are taken, else in place of what was there.
    pub fn put_file(&mut self, input: &InputId, file: FileDraft, several: bool) {
        let field = self.entry(input);
        field.element = None;
        if !several {
            field.files.clear();
        }
        field.files.push(file);
    }

    /// Replaces the file whose check is over. False when it was removed meanwhile.
    pub fn settle_file(&mut self, checked: InputFileId, settled: FileDraft) -> bool {
        let mut files = self
            .fields
            .values_mut()
            .flat_map(|field| field.files.iter_mut());
        match files.find(|file| matches!(file, FileDraft::Checking { id, .. } if *id == checked)) {
            Some(file) => {
                *file = settled;
                true
            }
            None => false,
        }
    }

    /// The label of a file that is being checked.
    pub fn checking_label(&self, checked: InputFileId) -> Option<&str> {
        self.fields
            .values()
            .flat_map(|field| &field.files)
            .find_map(|file| match file {
                FileDraft::Checking { id, label } if *id == checked => Some(label.as_str()),
                _ => None,
            })
    }

    /// Without what cannot outlive the session: files under check and refused ones.
    pub fn storable(&self) -> Self {
        let mut draft = self.clone();
        for field in draft.fields.values_mut() {
            field
                .files
                .retain(|file| matches!(file, FileDraft::Ready(_) | FileDraft::Url(_)));
        }
        draft
    }

    fn entry(&mut self, input: &InputId) -> &mut FieldDraft {
        self.fields.entry(input.clone()).or_default()
    }
}
