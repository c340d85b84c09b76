//! Florist: a native desktop app for people who make things with FLORA.
pub mod message;
pub mod model;
pub mod settings;
pub mod state;
pub mod studio;
pub mod wire;
pub mod worker;
