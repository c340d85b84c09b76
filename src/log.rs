//! The log: one file, the former one kept beside it.

use std::fs::{self, File, OpenOptions};
use std::sync::Mutex;

use tracing_subscriber::filter::LevelFilter;

use florist::library::Places;

/// A log that grows beyond this many bytes is set aside at the next start.
const ROTATE: u64 = 4 << 20;

/// Sends what the rooms say to `florist.log`; warnings and worse in release, more in a build for working.
///
/// # Errors
/// A sentence, when the file cannot be written.
pub fn to_file(places: &Places) -> Result<(), String> {
    let path = places.log();
    let sentence =
        |error: std::io::Error| format!("The log {} cannot be written: {error}", path.display());
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(sentence)?;
    }
    if fs::metadata(&path).is_ok_and(|metadata| metadata.len() > ROTATE) {
        fs::rename(&path, path.with_extension("old.log")).ok();
    }
    let file: File = OpenOptions::new()
        .create(true)
        .append(true)
        .open(&path)
        .map_err(sentence)?;
    let level = if cfg!(debug_assertions) {
        LevelFilter::DEBUG
    } else {
        LevelFilter::INFO
    };
    let ours = tracing_subscriber::fmt()
        .with_max_level(level)
        .with_ansi(false)
        .with_writer(Mutex::new(file))
        .try_init();
    ours.map_err(|error| format!("The log could not be started: {error}"))
}
