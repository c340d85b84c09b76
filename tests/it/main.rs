//! One test binary. The index:
//!
//! - [`history`]: the history and the inspector, used by mouse and keyboard
//! - [`look`]: image snapshots of the screens, from fixed states
//! - [`support`]: what the tests share

mod history;
mod look;
mod look_history;
mod support;
