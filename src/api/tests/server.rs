//! Small servers on loopback: one that answers by a script and remembers, one that writes raw bytes.

use std::sync::{Arc, Mutex};

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::Response;
use reqwest::Url;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// What a request was.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    pub(super) method: Method,
    /// Path and query.
    pub(super) path: String,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

impl Seen {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    pub(super) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("a JSON body")
    }
}

type Script = dyn Fn(usize, &Seen) -> Response + Send + Sync;

#[derive(Clone)]
struct Shared {
    script: Arc<Script>,
    seen: Arc<Mutex<Vec<Seen>>>,
}

/// A server that ends with the test.
pub(super) struct Server {
    /// `http://127.0.0.1:PORT/api/v1`
    pub(super) base: Url,
    seen: Arc<Mutex<Vec<Seen>>>,
    task: tokio::task::JoinHandle<()>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Server {
    /// Answers the n-th request (from 0) as the script says.
    pub(super) async fn start(
        script: impl Fn(usize, &Seen) -> Response + Send + Sync + 'static,
    ) -> Self {
        let seen = Arc::new(Mutex::new(Vec::new()));
        let shared = Shared {
            script: Arc::new(script),
            seen: Arc::clone(&seen),
        };
        let app = axum::Router::new().fallback(answer).with_state(shared);
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let task = tokio::spawn(async move {
            axum::serve(listener, app).await.expect("serving");
        });
        let base = Url::parse(&format!("http://{address}/api/v1")).expect("a URL");
        Self { base, seen, task }
    }

    /// Every request so far.
    pub(super) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().expect("no panic in a handler").clone()
    }

    /// An address on this server, outside its API.
    pub(super) fn at(&self, path: &str) -> String {
        self.base.join(path).expect("a path").to_string()
    }
}

async fn answer(State(shared): State<Shared>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let seen = Seen {
        method: head.method,
        path: head
            .uri
            .path_and_query()
            .map_or_else(String::new, ToString::to_string),
        headers: head.headers,
        body: to_bytes(body, usize::MAX).await.unwrap_or_default(),
    };
    let index = {
        let mut all = shared.seen.lock().expect("no panic in a handler");
        all.push(seen.clone());
        all.len() - 1
    };
    (shared.script)(index, &seen)
}

/// An answer with FLORA's headers.
pub(super) fn reply(status: u16, headers: &[(&str, &str)], body: impl Into<Body>) -> Response {
    let mut response = Response::builder()
        .status(StatusCode::from_u16(status).expect("a status"))
        .header("request-id", "req_test");
    for (name, value) in headers {
        response = response.header(*name, *value);
    }
    response.body(body.into()).expect("an answer")
}

pub(super) fn ok(body: Value) -> Response {
    reply(
        200,
        &[("content-type", "application/json")],
        body.to_string(),
    )
}

pub(super) fn error(status: u16, code: &str, headers: &[(&str, &str)]) -> Response {
    let body = json!({"error": {"code": code, "message": format!("It is {code}")}});
    reply(status, headers, body.to_string())
}

/// Writes `bytes` to whoever sends a request, then closes.
pub(super) async fn raw(bytes: &'static [u8]) -> Url {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let mut request = [0; 4096];
            let _ = socket.read(&mut request).await;
            let _ = socket.write_all(bytes).await;
        }
    });
    Url::parse(&format!("http://{address}/api/v1")).expect("a URL")
}

/// A port nobody listens on.
pub(super) async fn nobody() -> Url {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    Url::parse(&format!("http://{address}/api/v1")).expect("a URL")
}
