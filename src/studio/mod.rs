//! The local studio: FLORA's API on loopback, with real techniques that make real media.
//!
//! Speaks [`crate::wire`] only and names no other room: it could be its own crate tomorrow.

pub mod job;
mod kit;
pub mod techniques;
