//! The local studio: FLORA's API on loopback, with real techniques that make real media.
//!
//! Speaks [`crate::wire`] only and names no other room: it could be its own crate tomorrow.
//!
//! ```text
//!  request ─► server (two listeners, line: a connection that can be cut)
//!               └► guard (request id, loopback host, key) ─► faults (what a test scripted) ─► routes (one file a resource)
//!                                                                   │                          │ validate, idempotency
//!                                                                   ▼                          ▼
//!                 engine (workers, pacing) ◄── woken by a start ── store (SQLite) + files (data/files)
//! ```
//!
//! - The store is the queue: a run is a row, `pending` until a worker claims it. So nothing is in flight that a restart
//!   would not find and run again.
//! - Files are named by id and stored under relative paths; their URLs are composed when they are told, from the file
//!   origin of the day. The file origin never sees the key and needs none.
//! - [`faults`] is the script of what goes wrong, for tests; without rules it does nothing.

pub mod config;
pub mod faults;
pub mod inspect;
pub mod job;
mod kit;
pub mod samples;
pub mod server;
pub mod techniques;

mod accept;
mod answer;
mod catalog;
mod clock;
mod context;
mod engine;
mod guard;
mod idempotency;
mod ids;
mod line;
mod origin;
mod page;
mod random;
mod refusal;
mod routes;
mod seed;
mod store;
#[cfg(test)]
mod tests;
mod validate;

pub use config::{Config, Pace};
pub use faults::{Chaos, Fault, Faults, Hold, RetryAfter, Rule, Twist};
pub use inspect::{OutputFact, RunFact};
pub use samples::Sample;
pub use server::{Studio, StudioError, serve};
