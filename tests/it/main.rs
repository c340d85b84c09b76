//! One test binary. The index:
//!
//! - [`dialogs`]: money, keys, paths and the list of keys
//! - [`first`]: the first minute, from no key to a kept result
//! - [`history`]: the history and the inspector, used by mouse and keyboard
//! - [`look`]: image snapshots of the screens, from fixed states
//! - [`look_dialogs`]: looks of the dialogs
//! - [`look_history`]: looks of the history and the inspector
//! - [`look_settings`]: looks of the settings and of the frame around the places
//! - [`launch`]: the form made from the schema, and the results beside it
//! - [`look_launch`]: looks of the launch place
//! - [`look_viewer`]: looks of the large view
//! - [`settings_place`]: the settings and the global keys
//! - [`support`]: what the tests share
//! - [`tidy`]: the rooms and their arrows
//! - [`viewer`]: the large view

mod dialogs;
mod first;
mod history;
mod launch;
mod look;
mod look_dialogs;
mod look_history;
mod look_launch;
mod look_settings;
mod look_viewer;
mod settings_place;
mod support;
mod tidy;
mod viewer;
