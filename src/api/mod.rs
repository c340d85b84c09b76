//! FLORA's client: one file a resource, over a transport that retries, times out and keeps the key at home.
//!
//! Every function answers with [`crate::wire`] values or an [`ApiError`]; [`convert`] turns wire values into
//! [`crate::model`] values and [`start_request`] an order into a body. Three rules hold everywhere here:
//!
//! - The key goes to the base URL's origin and nowhere else: not along a redirect, not to another `poll_url`,
//!   not with a signed upload or a download (those use a second client that has never seen the key).
//! - A `POST` that spends money is never sent twice: only a 429, which took no effect, is waited out.
//! - Errors carry `request-id`, and never the key or a page of HTML.

mod answer;
mod assets;
mod client;
pub mod convert;
mod error;
mod files;
mod key;
mod order;
mod origin;
mod page;
mod pressure;
mod problem;
mod projects;
mod retry;
mod runs;
mod signed;
mod stall;
mod techniques;
#[cfg(test)]
mod tests;
mod transport;
mod upload;
mod workspaces;

pub use assets::{AssetQuery, DIRECT_LIMIT};
pub use client::{Client, Config};
pub use error::{Advice, ApiError, HttpError};
pub use files::{Download, DownloadStream};
pub use order::{StartRequest, start_request};
pub use page::{Page, Skipped};
pub use pressure::Pressure;
pub use projects::ProjectQuery;
pub use retry::RetryPolicy;
pub use runs::{RunQuery, Started};
pub use techniques::TechniqueQuery;
pub use upload::{UploadFile, UploadSource};
