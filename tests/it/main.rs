//! One test binary. The index:
//!
//! - [`look`]: image snapshots of the screens, from fixed states
//! - [`look_dialogs`]: looks of the dialogs
//! - [`look_settings`]: looks of the settings and of the frame around the places
//! - [`look_viewer`]: looks of the large view
//! - [`support`]: what the tests share
//! - [`tidy`]: the rooms and their arrows

mod look;
mod look_dialogs;
mod look_settings;
mod look_viewer;
mod support;
mod tidy;
