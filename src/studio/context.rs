//! What every request and every worker needs to know of the studio.

use std::path::PathBuf;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::catalog::Catalog;
use super::clock::Clock;
use super::config::Pace;
use super::engine::Engine;
use super::faults::{Faults, Tally};
use super::store::Store;

/// The running studio, shared by its requests and workers.
pub(super) struct Cx {
    pub(super) store: Store,
    /// The data directory; paths in the store are relative to it.
    pub(super) data: PathBuf,
    pub(super) catalog: Catalog,
    pub(super) engine: Engine,
    pub(super) clock: Clock,
    pub(super) faults: Faults,
    pub(super) tally: Tally,
    pub(super) pace: Pace,
    pub(super) cost_delay: Duration,
    pub(super) key: String,
    /// `http://127.0.0.1:PORT/api/v1`.
    pub(super) base_url: String,
    /// `http://127.0.0.1:PORT`, another port.
    pub(super) file_origin: String,
    pub(super) closing: CancellationToken,
}
