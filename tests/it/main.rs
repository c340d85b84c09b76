//! One test binary. The index:
//!
//! - [`first`]: the first minute, from no key to a kept result
//! - [`history`]: the history and the inspector, used by mouse and keyboard
//! - [`look`]: image snapshots of the screens, from fixed states
//! - [`look_viewer`]: looks of the large view
//! - [`support`]: what the tests share
//! - [`tidy`]: the rooms and their arrows

mod first;
mod history;
mod look;
mod look_history;
mod look_viewer;
mod support;
mod tidy;
