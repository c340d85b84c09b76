//! Files of the library: written as `.part`, synced, then renamed, so that a name always means a whole file.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::error::at;
use super::{LibraryError, PartFile, Result};
use crate::model::MediaKind;

/// A file that is whole and in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredFile {
    pub path: PathBuf,
    /// Lower-case hex.
    pub sha256: String,
    pub bytes: u64,
}

/// A handed-in file's bytes in the library.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredInput {
    pub path: PathBuf,
    /// SHA-256 in lower-case hex: [`crate::model::InputFile::hash`].
    pub hash: String,
    pub bytes: u64,
}

/// The folder of handed-in files.
pub(super) const INPUTS: &str = "inputs";

/// What a person handed in.
#[derive(Clone, Copy, Debug)]
pub enum InputContent<'a> {
    Bytes(&'a [u8]),
    File(&'a Path),
}

/// Puts handed-in bytes into the library, once per content. Blocking; needs no open library.
///
/// # Errors
/// What the disk says. The handed-in file is only read.
pub fn store_input(library: &Path, content: InputContent<'_>) -> Result<StoredInput> {
    let inputs = library.join(INPUTS);
    let mut part = PartFile::begin(&inputs, &Uuid::new_v4().to_string())?;
    let filled = match content {
        InputContent::Bytes(bytes) => part.write(bytes),
        InputContent::File(path) => copy_into(path, &mut part),
    };
    if let Err(error) = filled {
        part.discard();
        return Err(error);
    }
    let extension = part.extension(&MediaKind::Other(String::new()));
    let sealed = part.seal(None)?;
    let folder = inputs.join(&sealed.sha256[..2]);
    fs::create_dir_all(&folder).map_err(at(&folder))?;
    let path = folder.join(format!("{}.{extension}", sealed.sha256));
    // The name is the content: what is there already is the same, or a damaged copy that this one mends.
    fs::rename(&sealed.path, &path).map_err(at(&path))?;
    sync_folder(&folder);
    Ok(StoredInput {
        path,
        hash: sealed.sha256,
        bytes: sealed.bytes,
    })
}

/// Archives a text that came with its run. Blocking; needs no open library.
///
/// # Errors
/// What the disk says.
pub fn store_text(folder: &Path, stem: &str, text: &str) -> Result<StoredFile> {
    let mut part = PartFile::begin(folder, stem)?;
    part.write(text.as_bytes())?;
    part.finish(None, &MediaKind::Text)
}

/// Where a picture made for quick showing is kept; beside the library, because it can be made again.
pub fn thumbnail_path(cache: &Path, hash: &str, side: u32, extension: &str) -> PathBuf {
    let start: String = hash.chars().take(2).collect();
    cache
        .join("thumbs")
        .join(start)
        .join(format!("{hash}-{side}.{extension}"))
}

/// Writes a whole file in place of another of the same owner.
///
/// # Errors
/// What the disk says; then the old file is still whole.
pub(super) fn replace(path: &Path, bytes: &[u8]) -> Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(at(folder))?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let part = path.with_file_name(format!("{name}.part"));
    let written = File::create(&part).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()
    });
    if let Err(error) = written.and_then(|()| fs::rename(&part, path)) {
        discard(&part);
        return Err(LibraryError::io(path, error));
    }
    sync_folder(folder);
    Ok(())
}

/// Gives a finished `.part` its name, unless the name is taken: then nothing changes.
pub(super) fn publish(part: &Path, path: &Path) -> io::Result<()> {
    match fs::hard_link(part, path) {
        Ok(()) => {
            discard(part);
            Ok(())
        }
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(error),
        // No hard links on this disk: the empty file keeps the name for the moment of the rename.
        Err(_) => {
            File::create_new(path)?;
            fs::rename(part, path).inspect_err(|_| discard(path))
        }
    }
}

/// `leaf.png.part`, with something of its own in it, so that two writers never share one.
pub(super) fn part_beside(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let mark = Uuid::new_v4().simple().to_string();
    path.with_file_name(format!("{name}.{}.part", &mark[..8]))
}

/// Removes what was never finished. When that fails, a stray `.part` stays, which no list shows.
pub(super) fn discard(part: &Path) {
    if let Err(error) = fs::remove_file(part)
        && error.kind() != io::ErrorKind::NotFound
    {
        tracing::warn!("cannot remove {}: {error}", part.display());
    }
}

/// Makes a new name last through a power cut, where the system can.
pub(super) fn sync_folder(folder: &Path) {
    #[cfg(unix)]
    if let Err(error) = File::open(folder).and_then(|folder| folder.sync_all()) {
        tracing::debug!("cannot sync {}: {error}", folder.display());
    }
    #[cfg(not(unix))]
    let _ = folder;
}

/// The extension that content calls for; the file's name and address are not asked.
///
/// Only media and documents get an extension that opens by a double click; nothing that could run does.
pub fn extension_of(head: &[u8], kind: &MediaKind) -> &'static str {
    use infer::MatcherType;
    let known = infer::get(head).filter(|found| match found.matcher_type() {
        MatcherType::Image | MatcherType::Video | MatcherType::Audio => true,
        _ => found.mime_type() == "application/pdf",
    });
    match known {
        Some(found) => found.extension(),
        None if kind == &MediaKind::Text || is_text(head) => "txt",
        None => "bin",
    }
}

/// Whether it reads as UTF-8; the head may end in the middle of a character.
fn is_text(head: &[u8]) -> bool {
    let valid = match std::str::from_utf8(head) {
        Ok(text) => text,
        Err(error) if error.error_len().is_none() => {
            std::str::from_utf8(&head[..error.valid_up_to()]).unwrap_or_default()
        }
        Err(_) => return false,
    };
    !valid.is_empty() && !valid.contains('\0')
}

pub(super) fn hex(hasher: Sha256) -> String {
    use std::fmt::Write as _;
    hasher
        .finalize()
        .iter()
        .fold(String::with_capacity(64), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        })
}

/// Whether a file holds exactly this content.
pub(super) fn has_content(path: &Path, sha256: &str, bytes: u64) -> Result<bool> {
    if fs::metadata(path).map_err(at(path))?.len() != bytes {
        return Ok(false);
    }
    let mut hasher = Sha256::new();
    let mut file = File::open(path).map_err(at(path))?;
    read_chunks(&mut file, |chunk| {
        hasher.update(chunk);
        Ok(())
    })
    .map_err(at(path))?;
    Ok(hex(hasher) == sha256)
}

fn copy_into(path: &Path, part: &mut PartFile) -> Result<()> {
    let mut file = File::open(path).map_err(at(path))?;
    let meta = file.metadata().map_err(at(path))?;
    if !meta.is_file() {
        // A folder, or a device that never ends.
        let error = io::Error::new(io::ErrorKind::InvalidInput, "not a regular file");
        return Err(LibraryError::io(path, error));
    }
    let mut failed = None;
    let read = read_chunks(&mut file, |chunk| {
        part.write(chunk).map_err(|error| {
            failed = Some(error);
            io::Error::other("the copy could not be written")
        })
    });
    match failed {
        Some(error) => Err(error),
        None => read.map_err(at(path)),
    }
}

/// Reads to the end, a piece at a time.
pub(super) fn read_chunks(
    file: &mut File,
    mut each: impl FnMut(&[u8]) -> io::Result<()>,
) -> io::Result<()> {
    let mut buffer = vec![0; 128 * 1024];
    loop {
        let count = match file.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        each(&buffer[..count])?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";

    #[test]
    fn the_same_content_is_kept_once_under_its_hash() {
        let dir = tempfile::tempdir().unwrap();
        let outside = dir.path().join("holiday.jpeg");
        fs::write(&outside, PNG).unwrap();
        let first = store_input(dir.path(), InputContent::File(&outside)).unwrap();
        let second = store_input(dir.path(), InputContent::Bytes(PNG)).unwrap();
        assert_eq!(first, second);
        assert_eq!(first.bytes, PNG.len() as u64);
        let start = &first.hash[..2];
        let path = dir
            .path()
            .join("inputs")
            .join(start)
            .join(format!("{}.png", first.hash));
        assert_eq!(
            first.path, path,
            "the extension is the content's, not the name's"
        );
        let left: Vec<_> = fs::read_dir(dir.path().join("inputs")).unwrap().collect();
        assert_eq!(left.len(), 1, "no .part is left behind: {left:?}");
    }

    #[test]
    fn a_folder_is_no_input() {
        let dir = tempfile::tempdir().unwrap();
        assert!(store_input(dir.path(), InputContent::File(dir.path())).is_err());
        let missing = dir.path().join("gone.png");
        let error = store_input(dir.path(), InputContent::File(&missing)).unwrap_err();
        assert!(matches!(error, LibraryError::NotFound { .. }), "{error:?}");
        assert!(
            fs::read_dir(dir.path().join("inputs"))
                .unwrap()
                .next()
                .is_none()
        );
    }

    #[test]
    fn extensions_follow_the_content() {
        assert_eq!(extension_of(PNG, &MediaKind::Document), "png");
        assert_eq!(extension_of(b"%PDF-1.7\n", &MediaKind::Document), "pdf");
        assert_eq!(extension_of("Žluť".as_bytes(), &MediaKind::Document), "txt");
        assert_eq!(
            extension_of(&"Žluť".as_bytes()[..1], &MediaKind::Text),
            "txt"
        );
        assert_eq!(extension_of(b"", &MediaKind::Text), "txt");
        assert_eq!(
            extension_of(b"MZ\x90\0\x03\0\0\0\x04", &MediaKind::Image),
            "bin"
        );
        assert_eq!(
            extension_of(b"#!/bin/sh\nrm -rf /\n", &MediaKind::Image),
            "txt"
        );
    }

    #[test]
    fn publishing_never_replaces_a_file() {
        let dir = tempfile::tempdir().unwrap();
        let (part, path) = (dir.path().join("a.part"), dir.path().join("a.png"));
        fs::write(&part, "new").unwrap();
        fs::write(&path, "old").unwrap();
        let error = publish(&part, &path).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(fs::read(&path).unwrap(), b"old");
        fs::remove_file(&path).unwrap();
        publish(&part, &path).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert!(!part.exists());
    }
}
