//! The client: two HTTP clients, one base URL, one key.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use reqwest::header::{ACCEPT, AUTHORIZATION, HeaderMap, HeaderValue};
use reqwest::{Method, Request, Url};
use secrecy::SecretString;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::answer::Answer;
use super::key::Key;
use super::page::Listed;
use super::pressure::PressureGauge;
use super::retry::Repeat;
use super::{ApiError, Page, Pressure, RetryPolicy, origin};

/// The header that makes a repeated `POST` harmless; technique runs use a body field instead.
const IDEMPOTENCY_KEY: &str = "idempotency-key";

/// The most items a page may have.
const MAX_LIMIT: u32 = 100;

/// How long a connection may take to come about.
const CONNECT: Duration = Duration::from_secs(15);

/// What a client needs to know.
#[derive(Clone)]
pub struct Config {
    /// https, or http on loopback; with or without a slash at its end.
    pub base_url: Url,
    pub key: SecretString,
    /// For one request from its first byte to its answer's last; for files, the longest standstill.
    pub timeout: Duration,
    pub user_agent: String,
    pub retry: RetryPolicy,
}

impl Config {
    /// A configuration with FLORA's recommended time-outs and retries.
    pub fn new(base_url: Url, key: SecretString) -> Self {
        Self {
            base_url,
            key,
            timeout: Duration::from_secs(60),
            user_agent: concat!("florist/", env!("CARGO_PKG_VERSION")).to_owned(),
            retry: RetryPolicy::default(),
        }
    }
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("base_url", &self.base_url.as_str())
            .field("key", &"***")
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}

/// FLORA's API at one base URL with one key. Cheap to clone; clones share connections and [`Pressure`].
#[derive(Clone)]
pub struct Client(Arc<Inner>);

struct Inner {
    base: Url,
    key: Key,
    http: reqwest::Client,
    /// For outputs and signed uploads: never given the key, follows nothing by itself.
    files: reqwest::Client,
    timeout: Duration,
    retry: RetryPolicy,
    pressure: PressureGauge,
}

impl Client {
    /// Builds a client; no request is sent yet. Takes some 50 ms, so not on the UI thread.
    ///
    /// # Errors
    /// [`ApiError::Refused`] for a base URL that is neither https nor on loopback or for an unusable key,
    /// [`ApiError::Setup`] when TLS cannot be set up.
    pub fn new(config: Config) -> Result<Self, ApiError> {
        origin::check_base(&config.base_url)?;
        // Fails only when a provider is already there, which is as good.
        rustls::crypto::ring::default_provider()
            .install_default()
            .ok();
        let http = build(&config, |http| http.timeout(config.timeout))?;
        // Compressed transfers would hide an output's length and break resuming it. No time limit in all: a file
        // may take as long as it moves, which each transfer watches for itself.
        let files = build(&config, |files| files.no_gzip())?;
        Ok(Self(Arc::new(Inner {
            key: Key::new(&config.key)?,
            base: config.base_url,
            http,
            files,
            timeout: config.timeout,
            retry: config.retry,
            pressure: PressureGauge::default(),
        })))
    }

    /// Where this client's key goes, and nowhere else.
    pub fn base_url(&self) -> &Url {
        &self.0.base
    }

    /// How often FLORA has asked this client to slow down lately.
    pub fn pressure(&self) -> Pressure {
        self.0.pressure.read(Instant::now())
    }

    pub(super) fn key(&self) -> &Key {
        &self.0.key
    }

    pub(super) fn http(&self) -> &reqwest::Client {
        &self.0.http
    }

    pub(super) fn files(&self) -> &reqwest::Client {
        &self.0.files
    }

    pub(super) fn retry(&self) -> &RetryPolicy {
        &self.0.retry
    }

    pub(super) fn timeout(&self) -> Duration {
        self.0.timeout
    }

    pub(super) fn gauge(&self) -> &PressureGauge {
        &self.0.pressure
    }

    /// Whether the base URL is on this computer, so that files may be too.
    pub(super) fn is_loopback(&self) -> bool {
        origin::is_loopback(&self.0.base)
    }

    /// The address of a resource; each part is one path segment, escaped.
    ///
    /// # Errors
    /// [`ApiError::Refused`] for a part that would lead elsewhere: empty, `.` or `..`.
    pub(super) fn url(&self, path: &[&str]) -> Result<Url, ApiError> {
        if path.iter().any(|part| matches!(*part, "" | "." | "..")) {
            return Err(ApiError::refused("an empty or relative id"));
        }
        let mut url = self.0.base.clone();
        url.path_segments_mut()
            .map_err(|()| ApiError::refused("the base URL cannot have paths"))?
            .pop_if_empty()
            .extend(path);
        Ok(url)
    }

    /// A request with the key, which must be for the base URL's origin.
    pub(super) fn request(
        &self,
        method: Method,
        url: Url,
    ) -> Result<reqwest::RequestBuilder, ApiError> {
        if !origin::same_origin(&url, &self.0.base) {
            return Err(ApiError::refused(format!(
                "{} is not where the key belongs",
                url.origin().ascii_serialization()
            )));
        }
        Ok(self
            .0
            .http
            .request(method, url)
            .header(AUTHORIZATION, self.0.key.header())
            .header(ACCEPT, HeaderValue::from_static("application/json")))
    }

    /// `GET`s a value, as often as the policy allows.
    pub(super) async fn get<T: DeserializeOwned>(&self, url: Url) -> Result<T, ApiError> {
        let attempt = || async { self.get_once(&url).await?.decode() };
        self.0.retry.run(Repeat::Freely, attempt).await
    }

    /// `GET`s a page of a list, as often as the policy allows.
    pub(super) async fn get_page<T: Listed>(&self, url: Url) -> Result<Page<T>, ApiError> {
        let attempt = || async { self.get_once(&url).await?.page() };
        self.0.retry.run(Repeat::Freely, attempt).await
    }

    async fn get_once(&self, url: &Url) -> Result<Answer, ApiError> {
        let request = finish(self.request(Method::GET, url.clone())?)?;
        self.send(request).await
    }

    /// `POST`s something free of charge under an idempotency key, as often as the policy allows.
    pub(super) async fn post_keyed<T: DeserializeOwned>(
        &self,
        url: Url,
        body: Option<&(impl Serialize + Sync)>,
        idempotency_key: &str,
    ) -> Result<T, ApiError> {
        let attempt = || async {
            let request = self.keyed(url.clone(), idempotency_key)?;
            let request = match body {
                Some(body) => request.json(body),
                None => request,
            };
            self.send(finish(request)?).await?.decode()
        };
        self.0.retry.run(Repeat::Freely, attempt).await
    }

    /// A `POST` with the idempotency header.
    pub(super) fn keyed(
        &self,
        url: Url,
        idempotency_key: &str,
    ) -> Result<reqwest::RequestBuilder, ApiError> {
        Ok(self
            .request(Method::POST, url)?
            .header(IDEMPOTENCY_KEY, idempotency_key))
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("base_url", &self.0.base.as_str())
            .field("key", &self.0.key)
            .finish_non_exhaustive()
    }
}

/// Adds what is asked for, and always a limit: the server's own default is small.
pub(super) fn with_query(url: &mut Url, pairs: &[(&str, Option<&str>)], limit: Option<u32>) {
    let mut query = url.query_pairs_mut();
    for (name, value) in pairs {
        if let Some(value) = value {
            query.append_pair(name, value);
        }
    }
    let limit = limit.unwrap_or(MAX_LIMIT).clamp(1, MAX_LIMIT);
    query.append_pair("limit", &limit.to_string());
}

/// Builds the request, or says why it cannot be one.
pub(super) fn finish(request: reqwest::RequestBuilder) -> Result<Request, ApiError> {
    request
        .build()
        .map_err(|error| ApiError::refused(super::transport::reason(&error)))
}

fn build(
    config: &Config,
    adjust: impl Fn(reqwest::ClientBuilder) -> reqwest::ClientBuilder,
) -> Result<reqwest::Client, ApiError> {
    let on_loopback = origin::is_loopback(&config.base_url);
    let builder = || {
        let builder = reqwest::Client::builder()
            .user_agent(config.user_agent.as_str())
            .default_headers(HeaderMap::new())
            // Followed by hand, so that each hop is checked before anything is sent to it.
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .connect_timeout(CONNECT.min(config.timeout));
        // A proxy taken from the environment has no business with this computer's own server.
        adjust(if on_loopback {
            builder.no_proxy()
        } else {
            builder
        })
    };
    let client = match builder().build() {
        // The studio needs no certificates: a machine that has none can still use it.
        Err(_) if on_loopback => builder().tls_certs_only([]).build(),
        built => built,
    };
    client.map_err(|error| ApiError::Setup {
        message: super::transport::reason(&error),
    })
}
