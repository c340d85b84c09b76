//! What the tests share.

pub mod flora;
pub mod stage;
pub mod world;
