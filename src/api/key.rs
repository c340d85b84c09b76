//! The API key: where it may be seen, and where only `***` is.

use std::fmt;

use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret, SecretString};

use super::ApiError;

/// A key ready to be sent.
pub(super) struct Key {
    secret: SecretString,
    header: HeaderValue,
}

impl Key {
    /// Takes a key as pasted or stored; white space around it is dropped.
    ///
    /// # Errors
    /// When it is empty or holds characters a header cannot carry.
    pub(super) fn new(secret: &SecretString) -> Result<Self, ApiError> {
        let key = secret.expose_secret().trim();
        if key.is_empty() {
            return Err(ApiError::refused("the API key is empty"));
        }
        if !key.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(ApiError::refused(
                "the API key has characters that no key has",
            ));
        }
        let mut header = HeaderValue::from_str(&format!("Bearer {key}"))
            .map_err(|_| ApiError::refused("the API key cannot be sent in a header"))?;
        header.set_sensitive(true);
        Ok(Self {
            secret: SecretString::from(key),
            header,
        })
    }

    /// The value of `Authorization`.
    pub(super) fn header(&self) -> HeaderValue {
        self.header.clone()
    }

    /// Takes the key out of a text that came from outside: a server may quote what it was sent.
    pub(super) fn redact(&self, text: String) -> String {
        let key = self.secret.expose_secret();
        if text.contains(key) {
            text.replace(key, "***")
        } else {
            text
        }
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}
