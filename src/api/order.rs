//! Orders to wire, exactly: which route carries a start, and what its body says.

use std::collections::HashMap;

use super::ApiError;
use crate::model::{InputId, LaunchOrder, MediaKind, OrderInput, OrderValue, WorkspaceId};
use crate::wire;

/// A start, by the route that can carry it.
#[derive(Clone, Debug, PartialEq)]
pub enum StartRequest {
    /// [`super::Client::start_run`]; the idempotency key is in the body.
    Nested(wire::StartRun),
    /// [`super::Client::start_quick_run`]; the idempotency key is the order's id, in a header.
    Quick(wire::QuickRun),
}

/// Writes an order as the body of a start. `assets` holds the URL of every file (and fetched URL) by its input.
///
/// The nested route is the documented one; it cannot carry sounds, documents, elements, types to come, or nothing.
///
/// # Errors
/// [`ApiError::Refused`] when a file has no asset yet: nothing may be sent without it.
pub fn start_request(
    order: &LaunchOrder,
    workspace: &WorkspaceId,
    assets: &HashMap<InputId, String>,
) -> Result<StartRequest, ApiError> {
    let values = order
        .inputs
        .iter()
        .map(|input| Ok((input, value(input, assets)?)))
        .collect::<Result<Vec<_>, ApiError>>()?;
    let nested = !order.inputs.is_empty() && order.inputs.iter().all(fits_nested_route);
    if nested {
        return Ok(StartRequest::Nested(wire::StartRun {
            inputs: values.into_iter().map(run_input).collect(),
            mode: wire::RunMode::Async,
            idempotency_key: Some(order.id.to_string()),
            callback_url: None,
        }));
    }
    let inputs = values
        .into_iter()
        .map(|(input, value)| (input.id.to_string(), value.into()));
    Ok(StartRequest::Quick(wire::QuickRun {
        technique_id: order.technique.to_string(),
        workspace_id: workspace.to_string(),
        inputs: inputs.collect(),
    }))
}

fn fits_nested_route(input: &OrderInput) -> bool {
    let documented = matches!(
        input.kind,
        MediaKind::Text | MediaKind::Image | MediaKind::Video
    );
    documented && !matches!(input.value, OrderValue::Element(_))
}

fn run_input((input, value): (&OrderInput, String)) -> wire::RunInput {
    wire::RunInput {
        id: input.id.to_string(),
        kind: io_type(&input.kind),
        value: wire::InputValue::Text(value),
    }
}

fn value(input: &OrderInput, assets: &HashMap<InputId, String>) -> Result<String, ApiError> {
    let asset = assets.get(&input.id).cloned();
    match &input.value {
        OrderValue::Text(text) => Ok(text.clone()),
        OrderValue::Element(id) => Ok(id.to_string()),
        // An address FLORA reads as it is (an asset's own, for instance) needs no asset.
        OrderValue::Url(url) => Ok(asset.unwrap_or_else(|| url.clone())),
        OrderValue::File(_) => asset.ok_or_else(|| {
            ApiError::refused(format!("the file for input {} is not uploaded", input.id))
        }),
    }
}

fn io_type(kind: &MediaKind) -> wire::IoType {
    match kind {
        MediaKind::Image => wire::IoType::ImageUrl,
        MediaKind::Video => wire::IoType::VideoUrl,
        MediaKind::Audio => wire::IoType::AudioUrl,
        MediaKind::Text => wire::IoType::Text,
        MediaKind::Document => wire::IoType::DocumentUrl,
        MediaKind::Other(word) => wire::IoType::Unknown(word.clone()),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use serde_json::{Value, json};

    use super::{StartRequest, start_request};
    use crate::model::{
        ElementId, InputFile, InputId, LaunchId, LaunchOrder, MediaFacts, MediaKind, OrderInput,
        OrderValue, TechniqueId, Timestamp, WorkspaceId,
    };
    use crate::wire;

    fn order(inputs: Vec<OrderInput>) -> LaunchOrder {
        LaunchOrder {
            id: LaunchId::parse("67e55044-10b1-426f-9247-bb680e5fe0c8").unwrap(),
            technique: TechniqueId::new("tech_1"),
            technique_name: "T".into(),
            listed_cost: None,
            inputs,
            created_at: Timestamp::UNIX_EPOCH,
        }
    }

    fn input(id: &str, kind: MediaKind, value: OrderValue) -> OrderInput {
        OrderInput {
            id: InputId::new(id),
            name: id.to_owned(),
            kind,
            value,
        }
    }

    fn file(kind: MediaKind) -> OrderValue {
        OrderValue::File(InputFile {
            name: "f".to_owned(),
            kind,
            hash: "00".into(),
            bytes: 1,
            facts: MediaFacts::default(),
        })
    }

    fn start(inputs: Vec<OrderInput>, assets: &[(&str, &str)]) -> StartRequest {
        let assets = assets
            .iter()
            .map(|(id, url)| (InputId::new(*id), (*url).to_owned()))
            .collect();
        start_request(&order(inputs), &WorkspaceId::new("ws_1"), &assets).unwrap()
    }

    fn quick(request: StartRequest) -> Value {
        match request {
            StartRequest::Quick(body) => serde_json::to_value(body).unwrap(),
            StartRequest::Nested(body) => panic!("the nested route cannot carry {body:?}"),
        }
    }

    #[test]
    fn words_and_pictures_take_the_nested_route_with_their_key() {
        let request = start(
            vec![
                input(
                    "words",
                    MediaKind::Text,
                    OrderValue::Text("a hat".to_owned()),
                ),
                input("picture", MediaKind::Image, file(MediaKind::Image)),
                input(
                    "film",
                    MediaKind::Video,
                    OrderValue::Url("https://x.test/f".to_owned()),
                ),
            ],
            &[("picture", "https://media.test/p")],
        );
        let StartRequest::Nested(body) = request else {
            panic!("{request:?}");
        };
        assert_eq!(
            serde_json::to_value(body).unwrap(),
            json!({
                "inputs": [
                    {"id": "words", "type": "text", "value": "a hat"},
                    {"id": "picture", "type": "imageUrl", "value": "https://media.test/p"},
                    {"id": "film", "type": "videoUrl", "value": "https://x.test/f"},
                ],
                "mode": "async", "idempotency_key": "67e55044-10b1-426f-9247-bb680e5fe0c8",
            })
        );
    }

    #[test]
    fn what_the_nested_route_cannot_carry_takes_the_second() {
        let words = || input("words", MediaKind::Text, OrderValue::Text("a".to_owned()));
        let body = quick(start(
            vec![
                words(),
                input("sound", MediaKind::Audio, file(MediaKind::Audio)),
            ],
            &[("sound", "https://media.test/s")],
        ));
        assert_eq!(
            body,
            json!({
                "technique_id": "tech_1", "workspace_id": "ws_1",
                "inputs": {"words": "a", "sound": "https://media.test/s"},
            })
        );
        let element = OrderValue::Element(ElementId::parse("el_9").unwrap());
        let body = quick(start(vec![input("who", MediaKind::Image, element)], &[]));
        assert_eq!(body["inputs"], json!({"who": "el_9"}));
        let paper = input("paper", MediaKind::Document, file(MediaKind::Document));
        quick(start(vec![paper], &[("paper", "https://media.test/d")]));
        let strange = MediaKind::Other("modelUrl".to_owned());
        quick(start(
            vec![input("x", strange, OrderValue::Text("v".to_owned()))],
            &[],
        ));
        assert_eq!(quick(start(Vec::new(), &[]))["inputs"], json!({}));
    }

    #[test]
    fn a_fetched_url_is_sent_as_its_asset() {
        let url = OrderValue::Url("https://elsewhere.test/cat.png".to_owned());
        let request = start(
            vec![input("picture", MediaKind::Image, url)],
            &[("picture", "https://media.test/cat")],
        );
        let StartRequest::Nested(body) = request else {
            panic!("{request:?}");
        };
        let value = wire::InputValue::Text("https://media.test/cat".to_owned());
        assert_eq!(body.inputs[0].value, value);
    }

    #[test]
    fn nothing_is_sent_without_a_file_s_asset() {
        let order = order(vec![input(
            "picture",
            MediaKind::Image,
            file(MediaKind::Image),
        )]);
        let refused = start_request(&order, &WorkspaceId::new("ws_1"), &HashMap::new());
        assert!(refused.unwrap_err().to_string().contains("picture"));
    }
}
