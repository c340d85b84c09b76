//! Florist: a native desktop app for people who make things with FLORA.
pub mod media;
pub mod model;
pub mod studio;
pub mod wire;
