//! What the tests share.

pub mod app;
pub mod flora;
pub mod history;
pub mod stage;
pub mod world;
