//! One test binary. The index:
//!
//! - [`look`]: image snapshots of the screens, from fixed states
//! - [`look_viewer`]: looks of the large view
//! - [`support`]: what the tests share
//! - [`tidy`]: the rooms and their arrows

mod look;
mod look_history;
mod look_viewer;
mod support;
mod tidy;
