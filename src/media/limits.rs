//! How much a decoder may use, and the readers that hold it to that.

use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::time::{Duration, Instant};

use super::MediaError;

/// What one preview may cost. Beyond it, work ends with [`MediaError::TooLarge`] or [`MediaError::TooSlow`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Pixels of a picture or a video frame.
    pub pixels: u64,
    /// Pixels on the longest side.
    pub side: u32,
    /// Bytes of a file that is read into memory as a whole.
    pub bytes: u64,
    /// Bytes a decoder may allocate.
    pub memory: u64,
    /// Bytes of text that are read to be shown.
    pub text: u64,
    /// For one call. Checked while bytes are read, so a single step may overrun it a little.
    pub time: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            pixels: 150_000_000,
            side: 65_535,
            bytes: 512 << 20,
            memory: 1 << 30,
            text: 1 << 20,
            time: Duration::from_secs(20),
        }
    }
}

impl Limits {
    /// Checks a picture's size before anything is allocated for it.
    pub(super) fn check_size(&self, width: u32, height: u32) -> Result<(), MediaError> {
        if width == 0 || height == 0 {
            return Err(MediaError::broken("it has no pixels"));
        }
        let pixels = u64::from(width) * u64::from(height);
        if pixels > self.pixels || width.max(height) > self.side {
            return Err(MediaError::TooLarge {
                what: format!("{width} × {height} pixels"),
            });
        }
        Ok(())
    }

    /// Checks the length of a file that would be read as a whole.
    pub(super) fn check_bytes(&self, bytes: u64) -> Result<(), MediaError> {
        if bytes > self.bytes {
            return Err(MediaError::TooLarge {
                what: format!("{} MB", bytes / 1_000_000),
            });
        }
        Ok(())
    }

    pub(super) fn deadline(&self) -> Deadline {
        Deadline {
            start: Instant::now(),
            time: self.time,
        }
    }
}

/// When one call has to end.
#[derive(Clone, Copy, Debug)]
pub(super) struct Deadline {
    start: Instant,
    time: Duration,
}

impl Deadline {
    pub(super) fn passed(&self) -> bool {
        self.start.elapsed() >= self.time
    }

    pub(super) fn check(&self) -> Result<(), MediaError> {
        if self.passed() {
            return Err(MediaError::TooSlow { limit: self.time });
        }
        Ok(())
    }

    /// A buffered reader that fails once the time is over. Decoders cannot be interrupted, but all of
    /// them keep asking for bytes.
    pub(super) fn reader<R: Read + Seek>(self, inner: R) -> impl BufRead + Seek {
        BufReader::with_capacity(
            16 << 10,
            TimedReader {
                inner,
                deadline: self,
            },
        )
    }
}

struct TimedReader<R> {
    inner: R,
    deadline: Deadline,
}

impl<R: Read> Read for TimedReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.deadline.passed() {
            return Err(io::ErrorKind::TimedOut.into());
        }
        self.inner.read(buffer)
    }
}

impl<R: Seek> Seek for TimedReader<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.inner.seek(to)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    #[test]
    fn sizes_beyond_the_limits_are_refused_before_decoding() {
        let limits = Limits::default();
        assert!(limits.check_size(12_000, 12_000).is_ok());
        assert!(matches!(
            limits.check_size(60_000, 60_000),
            Err(MediaError::TooLarge { .. })
        ));
        assert!(matches!(
            limits.check_size(70_000, 1),
            Err(MediaError::TooLarge { .. })
        ));
        assert!(matches!(
            limits.check_size(0, 9),
            Err(MediaError::Broken { .. })
        ));
    }

    #[test]
    fn a_reader_stops_when_the_time_is_over() {
        let limits = Limits {
            time: Duration::ZERO,
            ..Limits::default()
        };
        let mut reader = limits.deadline().reader(Cursor::new([0; 8]));
        let error = reader.read(&mut [0; 4]).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
    }
}
