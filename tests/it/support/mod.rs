//! What the tests share.

pub mod app;
pub mod child;
pub mod flora;
pub mod history;
pub mod kit;
pub mod launch;
pub mod stage;
pub mod world;
