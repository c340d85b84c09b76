//! One test binary. The index:
//!
//! - [`look`]: image snapshots of the screens, from fixed states
//! - [`support`]: what the tests share
//! - [`tidy`]: the rooms and their arrows

mod look;
mod support;
mod tidy;
