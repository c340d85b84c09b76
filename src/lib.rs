//! Florist: a native desktop app for people who make things with FLORA.
pub mod studio;
pub mod wire;
