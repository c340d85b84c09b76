//! Sending a file to the storage a reservation names, without the key.

use std::sync::Arc;

use reqwest::header::{CONTENT_LENGTH, CONTENT_TYPE};
use reqwest::multipart::Form;
use reqwest::{Method, RequestBuilder};
use serde_json::Value;

use super::assets::{UPLOAD_AT_MOST, file_part};
use super::client::finish;
use super::stall::Motion;
use super::transport::from_reqwest;
use super::upload::Progress;
use super::{ApiError, Client, UploadFile, origin, retry};
use crate::wire;

impl Client {
    /// Sends a file where its reservation says: a form `POST` (its fields first, then the file), else a raw `PUT`.
    /// Neither carries the key.
    ///
    /// # Errors
    /// [`ApiError::FileServer`] when the storage says no, [`ApiError::Refused`] when the reservation leads nowhere
    /// safe, else as every request.
    pub async fn send_signed(
        &self,
        reservation: &wire::Asset,
        file: &UploadFile,
        progress: impl Fn(u64, u64) + Send + Sync + 'static,
    ) -> Result<(), ApiError> {
        let progress: Progress = Arc::new(progress);
        self.send_to_storage(reservation, file, &progress).await
    }

    pub(super) async fn send_to_storage(
        &self,
        reservation: &wire::Asset,
        file: &UploadFile,
        progress: &Progress,
    ) -> Result<(), ApiError> {
        let motion = Motion::begin();
        let request = match (&reservation.upload, &reservation.upload_url) {
            (Some(upload), _) => self.form_upload(upload, file, &motion, progress).await?,
            (None, Some(url)) => self.put_upload(url, file, &motion, progress).await?,
            (None, None) => {
                return Err(ApiError::refused(
                    "the reservation names no place to upload to",
                ));
            }
        };
        let request = finish(request.timeout(UPLOAD_AT_MOST))?;
        let sending = async { self.files().execute(request).await.map_err(from_reqwest) };
        let response = motion.watch(self.timeout(), sending).await?;
        if response.status().is_success() {
            return Ok(());
        }
        // A redirect counts as a refusal too: bytes are not sent to a place the reservation does not name.
        Err(ApiError::FileServer {
            status: response.status().as_u16(),
            advice: retry::advice(response.headers()),
        })
    }

    async fn form_upload(
        &self,
        upload: &wire::FormUpload,
        file: &UploadFile,
        motion: &Motion,
        progress: &Progress,
    ) -> Result<RequestBuilder, ApiError> {
        let fields = upload.form_fields.iter();
        let form = fields.fold(Form::new(), |form, (name, value)| {
            form.text(name.clone(), field_text(value))
        });
        let part = file_part(file, motion, progress).await?;
        let request = self.storage_request(&upload.method, &upload.url)?;
        Ok(request.multipart(form.part(upload.file_field.clone(), part)))
    }

    async fn put_upload(
        &self,
        url: &str,
        file: &UploadFile,
        motion: &Motion,
        progress: &Progress,
    ) -> Result<RequestBuilder, ApiError> {
        let size = file.size().await?;
        let body = file.body(size, motion, progress).await?;
        Ok(self
            .storage_request("PUT", url)?
            .header(CONTENT_TYPE, &file.content_type)
            .header(CONTENT_LENGTH, size)
            .body(body))
    }

    fn storage_request(&self, method: &str, url: &str) -> Result<RequestBuilder, ApiError> {
        let method = match method.to_ascii_uppercase().as_str() {
            "POST" => Method::POST,
            "PUT" => Method::PUT,
            _ => return Err(ApiError::refused("an upload is a POST or a PUT")),
        };
        let url = origin::parse(url)?;
        origin::check_file(&url, self.is_loopback())?;
        Ok(self.files().request(method, url))
    }
}

/// A form field's text; numbers and the like are written as in JSON.
fn field_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
