//! What the tests share.

pub mod stage;
pub mod world;
