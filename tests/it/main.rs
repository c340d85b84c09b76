//! One test binary. The index:
//!
//! - [`first`]: the first minute, from no key to a kept result
//! - [`history`]: the history and the inspector, used by mouse and keyboard
//! - [`look`]: image snapshots of the screens, from fixed states
//! - [`look_dialogs`]: looks of the dialogs
//! - [`look_history`]: looks of the history and the inspector
//! - [`look_settings`]: looks of the settings and of the frame around the places
//! - [`look_viewer`]: looks of the large view
//! - [`support`]: what the tests share
//! - [`tidy`]: the rooms and their arrows

mod first;
mod history;
mod look;
mod look_dialogs;
mod look_history;
mod look_settings;
mod look_viewer;
mod support;
mod tidy;
