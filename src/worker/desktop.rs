//! What the desktop does for us: show a file, open an output, open a page.

use std::path::{Path, PathBuf};

use super::cx::Cx;
use crate::model::OutputKey;

/// The desktop, or a record of what was asked of it (in tests).
pub trait Desktop: Send + Sync {
    fn reveal(&self, path: &Path) -> std::io::Result<()>;
    fn open(&self, path: &Path) -> std::io::Result<()>;
    fn open_url(&self, url: &str) -> std::io::Result<()>;
}

/// The real one.
pub struct SystemDesktop;

pub fn reveal(cx: &Cx, path: PathBuf) {}

pub fn open_output(cx: &Cx, output: OutputKey) {}

pub fn open_url(cx: &Cx, url: String) {}
