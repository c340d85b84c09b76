//! What the tests share.

pub mod history;
pub mod stage;
pub mod world;
