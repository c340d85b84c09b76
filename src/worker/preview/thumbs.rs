//! Thumbnails as files in the cache, by the hash of what they show. Blocking.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use crate::library::thumbnail_path;
use crate::media::{self, Limits, MediaError};
use crate::model::{MediaKind, Pixels, PreviewSize};

/// Where thumbnails are kept.
#[derive(Clone, Debug)]
pub struct Thumbs {
    cache: PathBuf,
}

impl Thumbs {
    /// Thumbnails below the cache's folder.
    pub fn new(cache: &Path) -> Self {
        Self {
            cache: cache.to_owned(),
        }
    }

    /// The thumbnail of a file by the hash of its content, if there is one. A damaged one counts as none.
    pub fn load(&self, hash: &str) -> Option<Pixels> {
        let path = self.path(hash)?;
        let file = fs::read(&path).ok()?;
        touch(&path);
        media::decode_thumbnail(&file).ok()
    }

    /// Removes the thumbnails that were not looked at for longest, until the rest have room. Blocking.
    pub fn prune(&self, most_bytes: u64) {
        let mut kept = files(&self.cache.join("thumbs"));
        let mut bytes: u64 = kept.iter().map(|file| file.bytes).sum();
        if bytes <= most_bytes {
            return;
        }
        // Somewhat more than needed, so that it is not needed again at once.
        let wanted = most_bytes - most_bytes / 10;
        kept.sort_by_key(|file| file.used);
        for file in kept {
            if bytes <= wanted {
                break;
            }
            match fs::remove_file(&file.path) {
                Ok(()) => bytes -= file.bytes,
                Err(error) => tracing::debug!(%error, "a thumbnail stays"),
            }
        }
    }

    /// The thumbnail of a file: the kept one, else made and kept. `None` where the file has no picture.
    ///
    /// # Errors
    /// Why it cannot be made. A thumbnail that cannot be kept can be shown all the same.
    pub fn of(
        &self,
        file: &Path,
        kind: &MediaKind,
        hash: Option<&str>,
    ) -> Result<Option<Pixels>, MediaError> {
        if let Some(kept) = hash.and_then(|hash| self.load(hash)) {
            return Ok(Some(kept));
        }
        let made = media::thumbnail(file, kind, PreviewSize::THUMB_SIDE, &Limits::default())?;
        if let (Some(pixels), Some(hash)) = (&made, hash) {
            self.keep(hash, pixels);
        }
        Ok(made)
    }

    fn keep(&self, hash: &str, pixels: &Pixels) {
        let Some(path) = self.path(hash) else {
            return;
        };
        let kept = media::encode_thumbnail(pixels)
            .map_err(|error| error.to_string())
            .and_then(|file| write(&path, &file).map_err(|error| error.to_string()));
        if let Err(error) = kept {
            tracing::warn!(error, "a thumbnail was not kept");
        }
    }

    /// Nothing for what is no hash, for it becomes a path.
    fn path(&self, hash: &str) -> Option<PathBuf> {
        let is_hash = hash.len() >= 8 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
        is_hash.then(|| thumbnail_path(&self.cache, hash, PreviewSize::THUMB_SIDE, "thumb"))
    }
}

struct Kept {
    path: PathBuf,
    bytes: u64,
    used: SystemTime,
}

/// The thumbnails, which lie two folders deep.
fn files(thumbs: &Path) -> Vec<Kept> {
    let entries = |folder: &Path| fs::read_dir(folder).into_iter().flatten().flatten();
    entries(thumbs)
        .flat_map(|folder| entries(&folder.path()))
        .filter_map(|entry| {
            let meta = entry.metadata().ok().filter(fs::Metadata::is_file)?;
            Some(Kept {
                path: entry.path(),
                bytes: meta.len(),
                used: meta.modified().unwrap_or(SystemTime::UNIX_EPOCH),
            })
        })
        .collect()
}

/// Notes that a file was looked at, once a day: writing at each look would cost more than the look.
fn touch(path: &Path) {
    const DAY: Duration = Duration::from_secs(24 * 3600);
    let is_old = |time: SystemTime| time.elapsed().is_ok_and(|age| age > DAY);
    let used = path.metadata().and_then(|meta| meta.modified());
    if used.is_ok_and(is_old) {
        let file = fs::File::options().append(true).open(path);
        file.and_then(|file| file.set_modified(SystemTime::now()))
            .ok();
    }
}

/// Writes a file that is either there whole or not at all.
fn write(path: &Path, file: &[u8]) -> std::io::Result<()> {
    /// Two makers may keep the same picture at the same time.
    static PARTS: AtomicU64 = AtomicU64::new(0);
    let number = PARTS.fetch_add(1, Ordering::Relaxed);
    let part = path.with_extension(format!("{}-{number}.part", std::process::id()));
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(&part, file)
        .and_then(|()| fs::rename(&part, path))
        .inspect_err(|_| {
            fs::remove_file(&part).ok();
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    const HASH: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    fn picture(folder: &Path) -> PathBuf {
        let rgba: Vec<u8> = (0..600 * 400)
            .flat_map(|i| [i as u8, 80, 120, 255])
            .collect();
        let path = folder.join("picture");
        fs::write(&path, media::pixels_to_png(600, 400, &rgba).unwrap()).unwrap();
        path
    }

    #[test]
    fn a_kept_thumbnail_is_shown_without_its_file() {
        let dir = tempfile::tempdir().unwrap();
        let thumbs = Thumbs::new(dir.path());
        let file = picture(dir.path());
        let made = thumbs
            .of(&file, &MediaKind::Image, Some(HASH))
            .unwrap()
            .unwrap();
        assert_eq!((made.width, made.original), (320, (600, 400)));
        fs::remove_file(&file).unwrap();
        let kept = thumbs
            .of(&file, &MediaKind::Image, Some(HASH))
            .unwrap()
            .unwrap();
        assert_eq!(
            (kept.width, kept.height, kept.original),
            (made.width, made.height, made.original)
        );
    }

    #[test]
    fn a_damaged_thumbnail_is_made_again() {
        let dir = tempfile::tempdir().unwrap();
        let thumbs = Thumbs::new(dir.path());
        let file = picture(dir.path());
        thumbs.of(&file, &MediaKind::Image, Some(HASH)).unwrap();
        fs::write(thumbs.path(HASH).unwrap(), b"half a thumb").unwrap();
        assert!(thumbs.load(HASH).is_none());
        thumbs.of(&file, &MediaKind::Image, Some(HASH)).unwrap();
        assert!(thumbs.load(HASH).is_some());
    }

    #[test]
    fn a_cache_that_cannot_be_written_keeps_nobody_from_looking() {
        let dir = tempfile::tempdir().unwrap();
        let blocked = dir.path().join("cache");
        fs::write(&blocked, b"a file in place of the folder").unwrap();
        let thumbs = Thumbs::new(&blocked);
        let made = thumbs.of(&picture(dir.path()), &MediaKind::Image, Some(HASH));
        assert!(made.unwrap().is_some());
    }

    #[test]
    fn a_cache_that_grew_too_large_loses_what_was_not_looked_at_for_longest() {
        let dir = tempfile::tempdir().unwrap();
        let thumbs = Thumbs::new(dir.path());
        let file = picture(dir.path());
        let hash = |number: u8| format!("{number:02x}").repeat(32);
        let age = |path: &Path, days: u32| {
            let file = fs::File::options().append(true).open(path).unwrap();
            let then = SystemTime::now() - Duration::from_secs(24 * 3600) * days;
            file.set_modified(then).unwrap();
        };
        for number in 0..10 {
            let hash = hash(number);
            thumbs.of(&file, &MediaKind::Image, Some(&hash)).unwrap();
            age(&thumbs.path(&hash).unwrap(), 30 - u32::from(number));
        }
        let one = fs::metadata(thumbs.path(&hash(0)).unwrap()).unwrap().len();
        thumbs.prune(one * 10);
        assert!((0..10).all(|number| thumbs.path(&hash(number)).unwrap().exists()));
        // The oldest is looked at once more.
        assert!(thumbs.load(&hash(0)).is_some());
        thumbs.prune(one * 5);
        let kept: Vec<u8> = (0..10)
            .filter(|number| thumbs.path(&hash(*number)).unwrap().exists())
            .collect();
        assert_eq!(kept, [0, 7, 8, 9]);
    }

    #[test]
    fn what_is_no_hash_never_becomes_a_path() {
        let thumbs = Thumbs::new(Path::new("/cache"));
        for text in ["", "ab", "../../../etc/passwd", "0123456/89"] {
            assert_eq!(thumbs.path(text), None, "{text}");
        }
    }
}
