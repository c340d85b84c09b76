//! A studio in a temporary directory, techniques that do as they are told, and a client.

use std::io::Cursor;
use std::time::{Duration, Instant};

use reqwest::header::HeaderMap;
use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::studio::job::{Body, Failure, Job, Made, Technique};
use crate::studio::{Config, Studio};
use crate::wire::{self, Extra, InputSpec, IoType, OutputSpec};

/// How long a test waits for what must come.
const PATIENCE: Duration = Duration::from_secs(20);

/// A studio, its directory and a client that has its key.
pub(super) struct Bench {
    pub(super) studio: Studio,
    pub(super) client: Client,
    pub(super) home: TempDir,
}

/// An answer, read to its end.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    pub(super) body: Value,
}

impl Answer {
    /// The error code, checked together with the status.
    #[track_caller]
    pub(super) fn assert_refused(&self, status: u16, code: &str) {
        assert_eq!(
            (self.status, self.body["error"]["code"].as_str()),
            (status, Some(code)),
            "{}",
            self.body
        );
    }

    /// The names of the fields at fault.
    pub(super) fn fields(&self) -> Vec<String> {
        let fields = self.body["error"]["fields"].as_array();
        fields
            .into_iter()
            .flatten()
            .filter_map(|field| field["field"].as_str().map(str::to_owned))
            .collect()
    }
}

impl Bench {
    pub(super) async fn new() -> Self {
        Self::with(|_| {}).await
    }

    /// With another configuration than [`config`].
    pub(super) async fn with(change: impl FnOnce(&mut Config)) -> Self {
        let home = tempfile::tempdir().unwrap();
        let mut config = config(home.path());
        change(&mut config);
        Self {
            studio: Studio::start(config).await.unwrap(),
            client: client(),
            home,
        }
    }

    /// Ends the studio and starts it again on the same directory.
    pub(super) async fn restarted(self) -> Self {
        let Self {
            studio,
            client,
            home,
        } = self;
        studio.shutdown().await;
        Self {
            studio: Studio::start(config(home.path())).await.unwrap(),
            client,
            home,
        }
    }

    /// A request with the key, not sent yet.
    pub(super) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client
            .request(method, format!("{}{path}", self.studio.base_url()))
            .bearer_auth(self.studio.api_key())
    }

    pub(super) async fn get(&self, path: &str) -> Answer {
        send(self.request(Method::GET, path)).await
    }

    pub(super) async fn post(&self, path: &str, body: &Value) -> Answer {
        send(self.request(Method::POST, path).json(body)).await
    }

    /// Starts the echo technique with these words and returns the answer's body.
    pub(super) async fn start(&self, words: &str) -> Value {
        let started = self.post("/techniques/tech_echo/runs", &echo(words)).await;
        assert_eq!(started.status, 201, "{}", started.body);
        started.body
    }

    /// The run once it is `completed` or `failed`.
    pub(super) async fn over(&self, run: &Value) -> Value {
        self.when(run, |run| {
            run["status"] == "completed" || run["status"] == "failed"
        })
        .await
    }

    /// The run once it is so.
    pub(super) async fn when(&self, run: &Value, so: impl Fn(&Value) -> bool) -> Value {
        let path = format!("/techniques/tech_echo/runs/{}", text(&run["run_id"]));
        let begun = Instant::now();
        loop {
            let run = self.get(&path).await.body;
            if so(&run) {
                return run;
            }
            assert!(begun.elapsed() < PATIENCE, "still {run}");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Uploads bytes directly and returns the asset's answer.
    pub(super) async fn upload(&self, bytes: Vec<u8>, name: &str) -> Answer {
        let file = reqwest::multipart::Part::bytes(bytes).file_name(name.to_owned());
        let form = reqwest::multipart::Form::new()
            .text("workspace_id", "ws_studio")
            .part("file", file);
        send(self.request(Method::POST, "/assets").multipart(form)).await
    }
}

/// Quick, with the test techniques.
pub(super) fn config(home: &std::path::Path) -> Config {
    Config {
        techniques: vec![
            Box::new(Echo),
            Box::new(Blank("one")),
            Box::new(Blank("two")),
        ],
        ..Config::quick(home)
    }
}

/// Follows no redirect and knows no proxy.
pub(super) fn client() -> Client {
    rustls::crypto::ring::default_provider()
        .install_default()
        .ok();
    Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(PATIENCE)
        .build()
        .unwrap()
}

pub(super) async fn send(request: RequestBuilder) -> Answer {
    let response = request.send().await.unwrap();
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let text = response.text().await.unwrap();
    Answer {
        status,
        headers,
        body: serde_json::from_str(&text).unwrap_or(Value::String(text)),
    }
}

#[track_caller]
pub(super) fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}

/// The body that starts the echo technique.
pub(super) fn echo(words: &str) -> Value {
    json!({
        "mode": "async",
        "inputs": [{"id": "words", "type": "text", "value": words}],
    })
}

pub(super) fn png(width: u32, height: u32) -> Vec<u8> {
    let mut png = Cursor::new(Vec::new());
    image::DynamicImage::new_rgb8(width, height)
        .write_to(&mut png, image::ImageFormat::Png)
        .unwrap();
    png.into_inner()
}

pub(super) fn wav(seconds: u32) -> Vec<u8> {
    let mut wav = Cursor::new(Vec::new());
    let spec = hound::WavSpec {
        channels: 1,
        sample_rate: 8000,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut writer = hound::WavWriter::new(&mut wav, spec).unwrap();
    (0..seconds * 8000).for_each(|_| writer.write_sample(0_i16).unwrap());
    writer.finalize().unwrap();
    wav.into_inner()
}

/// Says back what it was given, and makes a picture; some words make it misbehave.
struct Echo;

impl Technique for Echo {
    fn spec(&self) -> wire::Technique {
        let mut inputs = vec![
            input("words", IoType::Text),
            input("picture", IoType::ImageUrl),
            input("sound", IoType::AudioUrl),
            input("paper", IoType::DocumentUrl),
            input("element", IoType::ImageUrl),
        ];
        inputs[0].optional = false;
        inputs[0].allow_multiple = true;
        inputs[4].accepts_element = true;
        technique("echo", inputs, &[IoType::Text, IoType::ImageUrl])
    }

    fn run(&self, job: &Job<'_>) -> Result<Vec<Made>, Failure> {
        let words = job.text("words").unwrap_or_default();
        match words {
            "panic" => panic!("as told"),
            "nothing" => return Ok(Vec::new()),
            "fail" => return Err(Failure::new("GENERATION_INVALID_PARAMS", "As told")),
            _ => job.step(0.5)?,
        }
        let media: Vec<String> = ["picture", "sound", "paper", "element"]
            .iter()
            .filter_map(|id| job.media(id))
            .map(|media| {
                format!(
                    " {} {} {}",
                    media.name,
                    media.content_type,
                    media.bytes.len()
                )
            })
            .collect();
        Ok(vec![
            Made {
                kind: IoType::Text,
                body: Body::Text(format!("{words}{}", media.concat())),
            },
            Made {
                kind: IoType::ImageUrl,
                body: Body::File {
                    extension: "png",
                    content_type: "image/png",
                    bytes: png(words.len() as u32 + 1, 2),
                },
            },
        ])
    }
}

/// Needs nothing.
struct Blank(&'static str);

impl Technique for Blank {
    fn spec(&self) -> wire::Technique {
        technique(self.0, vec![input("note", IoType::Text)], &[IoType::Text])
    }

    fn run(&self, _job: &Job<'_>) -> Result<Vec<Made>, Failure> {
        Ok(vec![Made {
            kind: IoType::Text,
            body: Body::Text(self.0.to_owned()),
        }])
    }
}

fn technique(name: &str, inputs: Vec<InputSpec>, outputs: &[IoType]) -> wire::Technique {
    wire::Technique {
        technique_id: format!("tech_{name}"),
        name: format!("The {name}"),
        slug: Some(name.to_owned()),
        description: Some(format!("Made to test with: {name}")),
        run_cost: Some(0.25),
        inputs,
        outputs: outputs
            .iter()
            .map(|kind| OutputSpec {
                id: format!("{kind}_out"),
                name: kind.to_string(),
                kind: kind.clone(),
                description: None,
                specified_aspect_ratio: None,
                specified_duration: None,
                extra: Extra::new(),
            })
            .collect(),
        extra: Extra::new(),
    }
}

fn input(id: &str, kind: IoType) -> InputSpec {
    InputSpec {
        id: id.to_owned(),
        name: id.to_owned(),
        kind,
        description: None,
        optional: true,
        allow_multiple: false,
        accepts_element: false,
        specified_aspect_ratio: None,
        specified_duration: None,
        extra: Extra::new(),
    }
}
