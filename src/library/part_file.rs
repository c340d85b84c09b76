//! A file that is arriving.

use std::fs::{self, File};
use std::io::{Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::error::at;
use super::files::{discard, extension_of, has_content, hex, publish, read_chunks, sync_folder};
use super::{LibraryError, Result, StoredFile, names};
use crate::model::MediaKind;

/// As much of the content as tells its format.
const HEAD: usize = 8 * 1024;

/// A `.part`: hashed while it is written, and renamed only when it is whole. Blocking; needs no open library.
///
/// Dropping it leaves the `.part` where it is, so that fetching can go on from [`PartFile::resume`].
#[derive(Debug)]
pub struct PartFile {
    folder: PathBuf,
    stem: String,
    path: PathBuf,
    file: File,
    hasher: Sha256,
    written: u64,
    head: Vec<u8>,
}

impl PartFile {
    /// Begins `<folder>/<stem>.part` from nothing. The stem is made a safe name.
    ///
    /// # Errors
    /// What the disk says.
    pub fn begin(folder: &Path, stem: &str) -> Result<Self> {
        let mut part = Self::open(folder, stem)?;
        part.restart()?;
        Ok(part)
    }

    /// Goes on with `<folder>/<stem>.part` where it ends, or begins it.
    ///
    /// # Errors
    /// What the disk says.
    pub fn resume(folder: &Path, stem: &str) -> Result<Self> {
        let mut part = Self::open(folder, stem)?;
        let Self {
            file,
            hasher,
            written,
            head,
            ..
        } = &mut part;
        read_chunks(file, |chunk| {
            hasher.update(chunk);
            *written += chunk.len() as u64;
            extend_head(head, chunk);
            Ok(())
        })
        .map_err(at(&part.path))?;
        Ok(part)
    }

    fn open(folder: &Path, stem: &str) -> Result<Self> {
        fs::create_dir_all(folder).map_err(at(folder))?;
        let stem = names::component(stem, "file");
        let path = folder.join(format!("{stem}.part"));
        let file = File::options()
            .create(true)
            .truncate(false)
            .read(true)
            .write(true)
            .open(&path)
            .map_err(at(&path))?;
        Ok(Self {
            folder: folder.to_owned(),
            stem,
            path,
            file,
            hasher: Sha256::new(),
            written: 0,
            head: Vec::new(),
        })
    }

    /// How many bytes are there: where a range request goes on.
    pub fn offset(&self) -> u64 {
        self.written
    }

    /// Throws away what came, when the server begins again from the start.
    ///
    /// # Errors
    /// What the disk says.
    pub fn restart(&mut self) -> Result<()> {
        self.file.set_len(0).map_err(at(&self.path))?;
        self.file.seek(SeekFrom::Start(0)).map_err(at(&self.path))?;
        self.hasher = Sha256::new();
        self.written = 0;
        self.head.clear();
        Ok(())
    }

    /// Appends bytes.
    ///
    /// # Errors
    /// What the disk says, such as [`LibraryError::DiskFull`].
    pub fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.file.write_all(bytes).map_err(at(&self.path))?;
        self.hasher.update(bytes);
        self.written += bytes.len() as u64;
        extend_head(&mut self.head, bytes);
        Ok(())
    }

    /// The extension that the content so far calls for.
    pub fn extension(&self, kind: &MediaKind) -> &'static str {
        extension_of(&self.head, kind)
    }

    /// Makes it the archived file `<stem>.<extension>`, or `<stem> (2).<extension>` when another file has that
    /// name. The same content is not kept twice.
    ///
    /// # Errors
    /// [`LibraryError::Incomplete`] when `expected` bytes were announced; the `.part` stays, to go on with.
    pub fn finish(self, expected: Option<u64>, kind: &MediaKind) -> Result<StoredFile> {
        let name = names::file_name(&self.stem, self.extension(kind));
        let folder = self.folder.clone();
        let sealed = self.seal(expected)?;
        loop {
            let first = folder.join(&name);
            if first.exists() && has_content(&first, &sealed.sha256, sealed.bytes)? {
                discard(&sealed.path);
                return Ok(StoredFile {
                    path: first,
                    ..sealed
                });
            }
            let free = names::unique(&name, |name| folder.join(name).exists());
            match place(&sealed, &folder.join(free)) {
                Err(LibraryError::Exists { .. }) => {}
                done => return done,
            }
        }
    }

    /// Makes it exactly this file.
    ///
    /// # Errors
    /// [`LibraryError::Exists`] when a different file has that name; it is left alone, and the `.part` is dropped.
    /// [`LibraryError::Incomplete`] as for [`PartFile::finish`].
    pub fn finish_as(self, expected: Option<u64>, path: &Path) -> Result<StoredFile> {
        let sealed = self.seal(expected)?;
        let placed = place(&sealed, path);
        if matches!(placed, Err(LibraryError::Exists { .. })) {
            let is_same = has_content(path, &sealed.sha256, sealed.bytes)?;
            discard(&sealed.path);
            if is_same {
                return Ok(StoredFile {
                    path: path.to_owned(),
                    ..sealed
                });
            }
        }
        placed
    }

    /// Checks the length and syncs; the result's path is still the `.part`.
    pub(super) fn seal(self, expected: Option<u64>) -> Result<StoredFile> {
        if let Some(expected) = expected.filter(|expected| *expected != self.written) {
            return Err(LibraryError::Incomplete {
                path: self.path,
                expected,
                found: self.written,
            });
        }
        self.file.sync_all().map_err(at(&self.path))?;
        Ok(StoredFile {
            path: self.path,
            sha256: hex(self.hasher),
            bytes: self.written,
        })
    }

    /// Gives up and removes the `.part`.
    pub fn discard(self) {
        discard(&self.path);
    }
}

fn place(sealed: &StoredFile, path: &Path) -> Result<StoredFile> {
    publish(&sealed.path, path).map_err(|error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => LibraryError::Exists {
            path: path.to_owned(),
        },
        _ => LibraryError::io(path, error),
    })?;
    sync_folder(path.parent().unwrap_or(Path::new(".")));
    Ok(StoredFile {
        path: path.to_owned(),
        ..sealed.clone()
    })
}

fn extend_head(head: &mut Vec<u8>, bytes: &[u8]) {
    let room = HEAD.saturating_sub(head.len()).min(bytes.len());
    head.extend_from_slice(&bytes[..room]);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn names_in(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        let mut names: Vec<String> = entries
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    fn whole(folder: &Path, stem: &str, bytes: &[u8]) -> StoredFile {
        let mut part = PartFile::begin(folder, stem).unwrap();
        part.write(bytes).unwrap();
        part.finish(Some(bytes.len() as u64), &MediaKind::Text)
            .unwrap()
    }

    #[test]
    fn a_file_has_its_name_only_when_it_is_whole() {
        let dir = tempfile::tempdir().unwrap();
        let mut part = PartFile::begin(dir.path(), "leaf").unwrap();
        part.write(b"GIF89a").unwrap();
        assert_eq!(names_in(dir.path()), ["leaf.part"]);
        let cut = part.finish(Some(10), &MediaKind::Image);
        assert!(matches!(
            cut,
            Err(LibraryError::Incomplete {
                expected: 10,
                found: 6,
                ..
            })
        ));
        assert_eq!(
            names_in(dir.path()),
            ["leaf.part"],
            "it can go on from there"
        );

        let mut part = PartFile::resume(dir.path(), "leaf").unwrap();
        assert_eq!(part.offset(), 6);
        part.write(b"rest").unwrap();
        let stored = part.finish(Some(10), &MediaKind::Image).unwrap();
        assert_eq!(names_in(dir.path()), ["leaf.gif"]);
        assert_eq!(fs::read(&stored.path).unwrap(), b"GIF89arest");
        assert_eq!(stored.bytes, 10);
    }

    #[test]
    fn another_file_of_that_name_is_never_replaced() {
        let dir = tempfile::tempdir().unwrap();
        let first = whole(dir.path(), "note", b"one");
        let second = whole(dir.path(), "note", b"two");
        let again = whole(dir.path(), "note", b"one");
        assert_eq!(first, again, "the same content is the same file");
        assert_eq!(names_in(dir.path()), ["note (2).txt", "note.txt"]);
        assert_eq!(fs::read(&second.path).unwrap(), b"two");

        let mut part = PartFile::begin(dir.path(), "other").unwrap();
        part.write(b"three").unwrap();
        let taken = part.finish_as(None, &first.path);
        assert!(matches!(taken, Err(LibraryError::Exists { .. })));
        assert_eq!(fs::read(&first.path).unwrap(), b"one");
        assert_eq!(names_in(dir.path()).len(), 2, "the refused .part is gone");
    }

    #[test]
    fn a_server_that_begins_again_leaves_no_trace_of_the_first_try() {
        let dir = tempfile::tempdir().unwrap();
        let mut part = PartFile::begin(dir.path(), "note").unwrap();
        part.write(b"half of a text that was long").unwrap();
        part.restart().unwrap();
        part.write(b"short").unwrap();
        let stored = part.finish(Some(5), &MediaKind::Text).unwrap();
        assert_eq!(fs::read(&stored.path).unwrap(), b"short");
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_full_disk_is_called_one() {
        let dir = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink("/dev/full", dir.path().join("big.part")).unwrap();
        let mut part = PartFile::open(dir.path(), "big").unwrap();
        let full = part.write(&[0; 1024]);
        assert!(
            matches!(full, Err(LibraryError::DiskFull { .. })),
            "{full:?}"
        );
    }

    proptest! {
        #[test]
        fn however_often_it_is_cut_the_bytes_and_their_hash_are_the_same(
            pieces in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..300), 1..6)
        ) {
            let dir = tempfile::tempdir().unwrap();
            let bytes = pieces.concat();
            for piece in &pieces {
                PartFile::resume(dir.path(), "cut").unwrap().write(piece).unwrap();
            }
            let part = PartFile::resume(dir.path(), "cut").unwrap();
            let stored = part.finish(Some(bytes.len() as u64), &MediaKind::Image).unwrap();
            prop_assert_eq!(fs::read(&stored.path).unwrap(), bytes.clone());
            prop_assert_eq!(stored.sha256, hex(Sha256::new_with_prefix(&bytes)));
        }
    }
}
