//! One test binary. The index:
//!
//! - [`first`]: the first minute, from no key to a kept result
//! - [`history`]: the history and the inspector, used by mouse and keyboard
//! - [`look`]: image snapshots of the screens, from fixed states
//! - [`launch`]: the form made from the schema, and the results beside it
//! - [`look_launch`]: looks of the launch place
//! - [`look_viewer`]: looks of the large view
//! - [`support`]: what the tests share
//! - [`tidy`]: the rooms and their arrows

mod first;
mod history;
mod launch;
mod look;
mod look_history;
mod look_launch;
mod look_viewer;
mod support;
mod tidy;
