//! Pages of lists, read item by item: one odd item must not lose the others.

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::answer::{Wrong, from_value};
use crate::wire;

/// What comes in lists.
pub(super) trait Listed: DeserializeOwned {
    /// The field its list is under.
    const KEY: &'static str;

    /// Finds a path where the decoder lost it.
    fn locate(_item: &Value, wrong: Wrong) -> Wrong {
        wrong
    }
}

impl Listed for wire::Workspace {
    const KEY: &'static str = "workspaces";
}

impl Listed for wire::Project {
    const KEY: &'static str = "projects";
}

impl Listed for wire::Technique {
    const KEY: &'static str = "techniques";
}

impl Listed for wire::Asset {
    const KEY: &'static str = "assets";
}

impl Listed for wire::RunListItem {
    const KEY: &'static str = "technique_runs";

    /// serde's `flatten` forgets where in the run it was, so the run is read once more by itself.
    fn locate(item: &Value, wrong: Wrong) -> Wrong {
        from_value::<wire::Run>(item).err().unwrap_or(wrong)
    }
}

/// One page of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// Opaque; `None` on the last page.
    pub next_cursor: Option<String>,
    /// How many items the whole list may have, when the server says.
    pub total_estimate: Option<u64>,
    /// Items that could not be read.
    pub skipped: Vec<Skipped>,
}

/// An item that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// Such as `technique_runs[3].outputs[0].type`.
    pub path: String,
    pub message: String,
}

impl<T> Default for Page<T> {
    fn default() -> Self {
        Self {
            items: Vec::new(),
            next_cursor: None,
            total_estimate: None,
            skipped: Vec::new(),
        }
    }
}

impl<T> Page<T> {
    /// Adds the page that follows.
    pub(super) fn append(&mut self, next: Self) {
        self.items.extend(next.items);
        self.skipped.extend(next.skipped);
        self.next_cursor = next.next_cursor;
        self.total_estimate = next.total_estimate.or(self.total_estimate);
    }
}

/// Reads a list and its `meta`.
pub(super) fn read<T: Listed>(mut body: Value) -> Result<Page<T>, Wrong> {
    let mut page = Page::default();
    if let Some(meta) = body.get("meta") {
        page.next_cursor = field(meta, "next_cursor", "nextCursor")
            .and_then(Value::as_str)
            .filter(|cursor| !cursor.is_empty())
            .map(str::to_owned);
        page.total_estimate =
            field(meta, "total_estimate", "totalEstimate").and_then(Value::as_u64);
    }
    for (index, item) in take_list(&mut body, T::KEY)?.iter().enumerate() {
        match from_value(item) {
            Ok(item) => page.items.push(item),
            Err(wrong) => {
                let wrong = T::locate(item, wrong);
                page.skipped.push(skipped(T::KEY, index, wrong));
            }
        }
    }
    for Skipped { path, message } in &page.skipped {
        tracing::warn!(path, message, "skipped an item that cannot be read");
    }
    Ok(page)
}

fn take_list(body: &mut Value, key: &str) -> Result<Vec<Value>, Wrong> {
    let found = [key, &camel(key)]
        .into_iter()
        .find_map(|name| body.get_mut(name).map(Value::take));
    match found {
        Some(Value::Array(items)) => Ok(items),
        Some(Value::Null) => Ok(Vec::new()),
        other => Err(Wrong {
            path: key.to_owned(),
            message: match other {
                Some(_) => "not a list".to_owned(),
                None => "missing".to_owned(),
            },
        }),
    }
}

fn skipped(key: &str, index: usize, wrong: Wrong) -> Skipped {
    let dot = if wrong.path.is_empty() { "" } else { "." };
    Skipped {
        path: format!("{key}[{index}]{dot}{}", wrong.path),
        message: wrong.message,
    }
}

fn field<'a>(meta: &'a Value, name: &str, older: &str) -> Option<&'a Value> {
    meta.get(name).or_else(|| meta.get(older))
}

fn camel(snake: &str) -> String {
    let mut words = snake.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |mut camel, word| {
        let mut letters = word.chars();
        camel.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        camel.push_str(letters.as_str());
        camel
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::read;
    use crate::wire::{RunListItem, Technique};

    #[test]
    fn an_unreadable_item_is_skipped_with_its_path() {
        let body = json!({
            "techniques": [
                {"technique_id": "tech_1", "name": "A", "inputs": [], "outputs": []},
                {"technique_id": "tech_2", "name": "B", "inputs": [{"id": "x", "name": "X", "type": 7}]},
                {"technique_id": "tech_3", "name": "C"},
            ],
            "meta": {"next_cursor": "c2", "total_estimate": 3},
        });
        let page = read::<Technique>(body).unwrap();
        let ids: Vec<_> = page
            .items
            .iter()
            .map(|item| item.technique_id.as_str())
            .collect();
        assert_eq!(ids, ["tech_1", "tech_3"]);
        assert_eq!(page.next_cursor.as_deref(), Some("c2"));
        assert_eq!(page.total_estimate, Some(3));
        assert_eq!(page.skipped[0].path, "techniques[1].inputs[0].type");
    }

    #[test]
    fn the_path_reaches_into_a_listed_run() {
        let body = json!({"technique_runs": [{
            "run_id": "run_1", "status": "completed", "created_at": 1, "technique": {"technique_id": "t"},
            "outputs": [{"output_id": "o", "type": "text", "url": "x"}, {"output_id": "p", "type": 3}],
        }, {"run_id": "run_2", "technique": {"technique_id": "t"}, "created_at": 1}]});
        let page = read::<RunListItem>(body).unwrap();
        assert_eq!(page.skipped[0].path, "technique_runs[0].outputs[1].type");
        assert_eq!(page.skipped[1].path, "technique_runs[1]");
        assert!(
            page.skipped[1].message.contains("status"),
            "{:?}",
            page.skipped[1]
        );
    }

    #[test]
    fn the_older_spelling_of_a_list_is_a_list() {
        let body = json!({"techniqueRuns": [], "meta": {"nextCursor": "c", "total_estimate": -1}});
        let page = read::<RunListItem>(body).unwrap();
        assert_eq!(page.next_cursor.as_deref(), Some("c"));
        assert_eq!(page.total_estimate, None);
    }

    #[test]
    fn an_answer_without_its_list_is_an_error_at_that_path() {
        let wrong = read::<Technique>(json!({"data": []})).unwrap_err();
        assert_eq!(
            (wrong.path.as_str(), wrong.message.as_str()),
            ("techniques", "missing")
        );
        let wrong = read::<Technique>(json!({"techniques": {}})).unwrap_err();
        assert_eq!(wrong.message, "not a list");
    }
}
