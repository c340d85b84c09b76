//! Florist: a native desktop app for people who make things with FLORA.
pub mod api;
pub mod library;
pub mod media;
pub mod message;
pub mod model;
pub mod settings;
pub mod state;
pub mod studio;
pub mod ui;
pub mod wire;
pub mod worker;
