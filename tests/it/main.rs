//! One test binary. The index:
//!
//! - [`look`]: image snapshots of the screens, from fixed states
//! - [`support`]: what the tests share

mod look;
mod support;
