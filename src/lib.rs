//! Florist: a native desktop app for people who make things with FLORA.
pub mod library;
pub mod model;
pub mod settings;
pub mod studio;
pub mod wire;
