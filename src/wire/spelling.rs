//! Answers that spell one field twice: an API on its way from camelCase to snake_case may send both.

use serde_json::{Map, Value};

/// Objects whose keys are data rather than field names.
const FREE_KEYS: [&str; 3] = ["form_fields", "formFields", "inputs"];

/// An older word for a field that has been renamed as well as respelt, and what it is called since.
const RENAMED: (&str, [&str; 2]) = ("runCost", ["charged_cost", "chargedCost"]);

/// Removes, in every object of an answer, the older spelling of a field that also has its present one.
///
/// serde calls a field and its alias in one object a duplicate and refuses the whole object. Reading a
/// single older spelling needs none of this: that is what the aliases are for.
pub fn settle_spelling(value: &mut Value) {
    match value {
        Value::Object(object) => {
            drop_older(object);
            for (key, inner) in object.iter_mut() {
                let keys_are_data = inner.is_object() && FREE_KEYS.contains(&key.as_str());
                if !keys_are_data {
                    settle_spelling(inner);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(settle_spelling),
        _ => {}
    }
}

fn drop_older(object: &mut Map<String, Value>) {
    let older: Vec<String> = object
        .keys()
        .filter(|key| is_repeated(object, key))
        .cloned()
        .collect();
    for key in older {
        object.shift_remove(&key);
    }
}

fn is_repeated(object: &Map<String, Value>, key: &str) -> bool {
    let (old, since) = RENAMED;
    let renamed = key == old && since.iter().any(|word| object.contains_key(*word));
    let snake = to_snake(key);
    renamed || (snake != key && object.contains_key(&snake))
}

fn to_snake(key: &str) -> String {
    let mut snake = String::with_capacity(key.len() + 4);
    for letter in key.chars() {
        if letter.is_ascii_uppercase() {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::settle_spelling;
    use crate::wire::Run;

    #[test]
    fn a_field_spelt_both_ways_keeps_its_present_spelling() {
        let mut answer = json!({
            "run_id": "run_1", "runId": "run_1", "status": "completed", "created_at": 1, "createdAt": 2,
            "runCost": 0.2, "chargedCost": 0.3, "pollUrl": "https://x.test/a",
        });
        let refused = serde_json::from_value::<Run>(answer.clone()).unwrap_err();
        assert!(
            refused.to_string().contains("duplicate field"),
            "why this exists: {refused}"
        );

        settle_spelling(&mut answer);
        let run: Run = serde_json::from_value(answer).unwrap();
        assert_eq!(run.created_at.0, 1000);
        assert_eq!(run.charged_cost, Some(0.3));
        assert_eq!(run.poll_url.as_deref(), Some("https://x.test/a"));
    }

    #[test]
    fn keys_that_are_data_are_left_alone() {
        let mut answer = json!({"upload": {"form_fields": {"acl": "x", "Key": 1, "_key": 2}}});
        let before = answer.clone();
        settle_spelling(&mut answer);
        assert_eq!(answer, before);
    }
}
