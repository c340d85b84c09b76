//! Tests that need a process of their own: the test binary starts itself, with one ignored test to carry out.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const HOME: &str = "FLORIST_TEST_CHILD_HOME";

/// The folder that the parent gave, inside a child; `None` when somebody runs ignored tests by hand.
pub fn home() -> Option<PathBuf> {
    std::env::var_os(HOME).map(PathBuf::from)
}

/// Carries out the ignored test of this name in a process of its own, and waits for its end.
pub fn carry_out(test: &str, home: &Path) -> Output {
    command(test, home).output().expect("a child process")
}

/// As [`carry_out`], not yet started.
pub fn command(test: &str, home: &Path) -> Command {
    let mut command = Command::new(std::env::current_exe().expect("the test binary"));
    command
        .args([
            "--exact",
            test,
            "--ignored",
            "--nocapture",
            "--test-threads=1",
        ])
        .env(HOME, home);
    command
}
