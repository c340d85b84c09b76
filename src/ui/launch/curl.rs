//! The form as a command for a terminal. The key is a placeholder, always.

use std::fmt::Write as _;

use serde_json::json;

use crate::model::{FieldDraft, FileDraft, InputSpec, LaunchDraft, MediaKind, Technique};

/// Where FLORA is, when the profile does not say.
const FLORA: &str = "https://app.flora.ai/api/v1";

/// A `curl` command that starts one run with what is in the form. Files of this computer are placeholders: they
/// would have to be uploaded first.
pub fn command(technique: &Technique, draft: &LaunchDraft, base_url: Option<&str>) -> String {
    let inputs: Vec<serde_json::Value> = technique
        .inputs
        .iter()
        .filter_map(|spec| {
            let value = first_value(spec, draft.fields.get(&spec.id)?)?;
            Some(json!({ "id": spec.id.as_str(), "type": wire_word(&spec.kind), "value": value }))
        })
        .collect();
    let body = json!({ "inputs": inputs, "mode": "async" });
    let base = base_url.unwrap_or(FLORA).trim_end_matches('/');
    let mut text = String::new();
    let _ = write!(
        text,
        "curl -X POST {} \\\n  -H \"Authorization: Bearer $FLORA_API_KEY\" \\\n  \
         -H 'Content-Type: application/json' \\\n  -d {}\n",
        quoted(&format!("{base}/techniques/{}/runs", technique.id)),
        quoted(&body.to_string()),
    );
    text
}

fn first_value(spec: &InputSpec, field: &FieldDraft) -> Option<String> {
    if let Some(element) = &field.element {
        return Some(element.trim().to_owned()).filter(|id| !id.is_empty());
    }
    if spec.kind.is_file() {
        return field.files.first().map(|file| match file {
            FileDraft::Url(url) => url.trim().to_owned(),
            FileDraft::Ready(file) => placeholder(&file.name),
            FileDraft::Checking { label, .. } | FileDraft::Refused { label, .. } => {
                placeholder(label)
            }
        });
    }
    let answered = field.texts.iter().map(|text| text.trim());
    answered
        .into_iter()
        .find(|text| !text.is_empty())
        .map(str::to_owned)
}

fn placeholder(name: &str) -> String {
    format!("<URL of {name}>")
}

fn wire_word(kind: &MediaKind) -> &str {
    match kind {
        MediaKind::Image => "imageUrl",
        MediaKind::Video => "videoUrl",
        MediaKind::Audio => "audioUrl",
        MediaKind::Document => "documentUrl",
        MediaKind::Text => "text",
        MediaKind::Other(word) => word,
    }
}

/// Within single quotes a shell takes everything as it is, but for the quote itself.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{InputId, TechniqueId};

    fn input(id: &str, kind: MediaKind) -> InputSpec {
        InputSpec {
            id: InputId::new(id),
            name: id.to_owned(),
            kind,
            description: None,
            optional: true,
            allow_multiple: false,
            accepts_element: false,
            aspect_ratio: None,
            duration: None,
        }
    }

    #[test]
    fn the_command_survives_a_shell_and_holds_no_key() {
        let technique = Technique {
            id: TechniqueId::new("tech_1"),
            name: "Pattern Maker".into(),
            slug: None,
            description: None,
            run_cost: None,
            inputs: vec![
                input("words", MediaKind::Text),
                input("picture", MediaKind::Image),
                input("note", MediaKind::Text),
            ],
            outputs: Vec::new(),
        };
        let mut draft = LaunchDraft::new(technique.id.clone());
        draft.edit_text(&InputId::new("words"), 0, "the pier's \"end\"".to_owned());
        let url = FileDraft::Url("https://example.com/a.png".to_owned());
        draft.put_file(&InputId::new("picture"), url, false);
        let text = command(&technique, &draft, None);
        assert!(
            text.starts_with(
                "curl -X POST 'https://app.flora.ai/api/v1/techniques/tech_1/runs' \\\n"
            )
        );
        assert!(text.contains("Bearer $FLORA_API_KEY"));
        assert!(text.contains(r#"{"id":"words","type":"text","value":"the pier'\''s \"end\""}"#));
        assert!(
            text.contains(
                r#"{"id":"picture","type":"imageUrl","value":"https://example.com/a.png"}"#
            )
        );
        assert!(!text.contains("note"), "what is empty is left out");
    }
}
