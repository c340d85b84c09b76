//! Assets: media uploaded to FLORA so that a run can read them.

use serde::{Deserialize, Serialize};

use super::lenient::null_as_default;
use super::open::open_enum;
use super::{Extra, Meta, Moment};

/// The `source` that asks for a signed upload.
pub const SIGNED_URL: &str = "signed-url";

open_enum! {
    /// Where an asset stands.
    AssetStatus {
        PendingUpload = "pending_upload",
        Ready = "ready",
        Failed = "failed",
    }
}

/// The JSON body of `POST /assets`: a public URL to fetch, or [`SIGNED_URL`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SourceAsset {
    pub workspace_id: String,
    pub source: AssetSource,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file_name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content_type: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub folder: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub project_id: Option<String>,
}

/// A URL, or [`SIGNED_URL`].
pub type AssetSource = String;

/// An asset, in every answer that speaks of one (reservation, complete, retrieve, list).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Asset {
    #[serde(alias = "assetId")]
    pub asset_id: String,
    pub status: AssetStatus,
    /// The value for a run's input, once the asset is ready.
    #[serde(default)]
    pub url: Option<String>,
    /// The signed form upload, when one was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upload: Option<FormUpload>,
    /// A raw `PUT` goes here when there is no `upload`.
    #[serde(default, alias = "uploadUrl", skip_serializing_if = "Option::is_none")]
    pub upload_url: Option<String>,
    #[serde(default, alias = "expiresAt", skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Moment>,
    #[serde(
        default,
        alias = "failureMessage",
        skip_serializing_if = "Option::is_none"
    )]
    pub failure_message: Option<String>,
    #[serde(default, alias = "fileName", skip_serializing_if = "Option::is_none")]
    pub file_name: Option<String>,
    #[serde(
        default,
        alias = "contentType",
        skip_serializing_if = "Option::is_none"
    )]
    pub content_type: Option<String>,
    #[serde(default, alias = "createdAt", skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Moment>,
    #[serde(flatten)]
    pub extra: Extra,
}

/// Where a signed upload goes: the form fields first, then the file part, without FLORA's key.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FormUpload {
    pub url: String,
    /// `POST` when the answer does not say.
    #[serde(default = "post")]
    pub method: String,
    /// The name of the part that carries the bytes; `file` when the answer does not say.
    #[serde(default = "file", alias = "fileField")]
    pub file_field: String,
    #[serde(default, alias = "formFields", deserialize_with = "null_as_default")]
    pub form_fields: serde_json::Map<String, serde_json::Value>,
    #[serde(flatten)]
    pub extra: Extra,
}

fn post() -> String {
    "POST".to_owned()
}

fn file() -> String {
    "file".to_owned()
}

/// A page of `GET /assets`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AssetList {
    pub assets: Vec<Asset>,
    #[serde(default, deserialize_with = "null_as_default")]
    pub meta: Meta,
}
