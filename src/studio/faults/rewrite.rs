//! Answers as other versions of the API might spell them.

use serde_json::{Map, Value, json};

use super::Fault;

/// Rewrites an answer's JSON in place.
pub(super) fn rewrite(fault: &Fault, body: &mut Value) {
    match fault {
        Fault::CamelCase => rename_keys(body),
        Fault::UnknownFields => each_object(body, &mut |object| {
            object.insert(
                "field_from_the_future".to_owned(),
                json!({"nested": [1, null, "two"]}),
            );
        }),
        Fault::UnknownStatus(word) => {
            each_object(body, &mut |object| replace(object, "status", word))
        }
        Fault::UnknownOutputType(word) => each_object(body, &mut |object| {
            let outputs = object.get_mut("outputs").and_then(Value::as_array_mut);
            for output in outputs.into_iter().flatten() {
                if let Some(output) = output.as_object_mut() {
                    replace(output, "type", word);
                }
            }
        }),
        Fault::RawUpload => each_object(body, &mut |object| {
            object.remove("upload");
        }),
        _ => {}
    }
}

fn replace(object: &mut Map<String, Value>, key: &str, word: &str) {
    if let Some(value) = object.get_mut(key) {
        *value = word.into();
    }
}

/// Calls `change` for every object but the form fields of an upload: those are sent back as they are.
fn each_object(value: &mut Value, change: &mut dyn FnMut(&mut Map<String, Value>)) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| each_object(item, change)),
        Value::Object(object) => {
            for (key, item) in object.iter_mut() {
                if !is_form(key) {
                    each_object(item, change);
                }
            }
            change(object);
        }
        _ => {}
    }
}

fn rename_keys(value: &mut Value) {
    each_object(value, &mut |object| {
        *object = std::mem::take(object)
            .into_iter()
            .map(|(key, item)| (camel(&key), item))
            .collect();
    });
}

fn is_form(key: &str) -> bool {
    key == "form_fields" || key == "formFields"
}

fn camel(snake: &str) -> String {
    let mut camel = String::with_capacity(snake.len());
    let mut upper = false;
    for c in snake.chars() {
        match c {
            '_' => upper = true,
            c if upper => {
                camel.push(c.to_ascii_uppercase());
                upper = false;
            }
            c => camel.push(c),
        }
    }
    camel
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn camel_case_reaches_every_key_but_those_of_an_upload_form() {
        let mut body = json!({
            "technique_runs": [{"run_id": "run_1", "created_at": 1}],
            "upload": {"file_field": "file", "form_fields": {"x_token": "t"}},
        });
        rewrite(&Fault::CamelCase, &mut body);
        let expected = json!({
            "techniqueRuns": [{"runId": "run_1", "createdAt": 1}],
            "upload": {"fileField": "file", "formFields": {"x_token": "t"}},
        });
        assert_eq!(body, expected);
    }

    #[test]
    fn an_unknown_output_type_leaves_other_types_alone() {
        let mut body = json!({"type": "technique", "outputs": [{"type": "text", "url": "x"}]});
        rewrite(&Fault::UnknownOutputType("hologramUrl"), &mut body);
        assert_eq!(
            body,
            json!({"type": "technique", "outputs": [{"type": "hologramUrl", "url": "x"}]})
        );
    }
}
