//! A walk through an MP4's boxes before the parser sees it, and the view of the file that it gets.
//!
//! The parser trusts what it reads: a few bytes can claim four billion samples, for each of which it makes
//! room, or a box without length, on which it never moves on. Here such claims are found first. Boxes that
//! are of no use here, such as tags and the descriptions of sounds, are hidden from it altogether. And a
//! file that was cut off while its pictures were written is said to be as long as it should have been: then
//! only the samples that are missing cannot be read.

use std::io::{self, Read, Seek, SeekFrom};

use crate::media::bytes::Bytes as _;
use crate::media::limits::Deadline;
use crate::media::{Limits, MediaError};

/// Samples of all tracks together: a day of film with sound.
const MOST_SAMPLES: u64 = 4_000_000;
/// Bytes of all boxes that are parsed.
const LARGEST_INDEX: u64 = 256 << 20;
/// Boxes looked at. Films in fragments have half a dozen for every second or so.
const MOST_BOXES: u64 = 500_000;
/// How deep boxes may lie in each other; the format needs eight levels.
const DEEPEST: u32 = 12;
/// A name that the parser steps over.
const FREE: [u8; 4] = *b"free";

/// What the walk found.
pub(super) struct Checked {
    /// Bytes that the boxes cover, or would.
    pub(super) size: u64,
    /// Where the names of the boxes to hide are, in rising order.
    pub(super) hidden: Vec<u64>,
}

/// Walks through all boxes of a file of `length` bytes.
pub(super) fn check(
    reader: &mut (impl Read + Seek),
    length: u64,
    limits: &Limits,
    deadline: Deadline,
) -> Result<Checked, MediaError> {
    let mut walk = Walk {
        reader,
        length,
        deadline,
        samples: 0,
        index: 0,
        boxes: 0,
        hidden: Vec::new(),
    };
    let size = walk.boxes(0, length, 0)?;
    limits.check_bytes(walk.index)?;
    Ok(Checked {
        size,
        hidden: walk.hidden,
    })
}

struct Walk<'a, R> {
    reader: &'a mut R,
    length: u64,
    deadline: Deadline,
    samples: u64,
    index: u64,
    boxes: u64,
    hidden: Vec<u64>,
}

struct Header {
    name: [u8; 4],
    start: u64,
    /// Where its content begins.
    body: u64,
    end: u64,
}

impl<R: Read + Seek> Walk<'_, R> {
    /// Looks at the boxes from `at` to `end`; returns where the last of them ends.
    fn boxes(&mut self, mut at: u64, end: u64, depth: u32) -> Result<u64, MediaError> {
        if depth > DEEPEST {
            return Err(MediaError::broken("boxes inside boxes without end"));
        }
        while at + 8 <= end {
            let header = self.header(at, end, depth)?;
            self.boxes += 1;
            if self.boxes > MOST_BOXES {
                return Err(too_many("boxes"));
            }
            self.deadline.check()?;
            self.look_at(&header, depth)?;
            at = header.end;
        }
        Ok(at)
    }

    fn header(&mut self, start: u64, end: u64, depth: u32) -> Result<Header, MediaError> {
        let bytes = self.read(start, 16)?;
        let size = bytes.be32(0).unwrap_or(0);
        let name = bytes.array(4).unwrap_or_default();
        let (size, body) = match size {
            // To the end of the file.
            0 if depth == 0 => (end - start, 8),
            1 => (bytes.be64(8).unwrap_or(0), 16),
            size => (u64::from(size), 8),
        };
        let header = Header {
            name,
            start,
            body: start + body,
            end: start.saturating_add(size),
        };
        // Pictures and sound may have been cut off; nothing else may.
        let fits = header.end <= end || (depth == 0 && name == *b"mdat");
        if size < body || !fits {
            return Err(MediaError::broken("a box is not as long as it says"));
        }
        Ok(header)
    }

    fn look_at(&mut self, header: &Header, depth: u32) -> Result<(), MediaError> {
        if depth == 0 && matches!(&header.name, b"moov" | b"moof" | b"ftyp") {
            self.index += header.end - header.body;
            if self.index > LARGEST_INDEX {
                return Err(too_many("frames"));
            }
        }
        let (body, end) = (header.body, header.end);
        match &header.name {
            b"moov" | b"trak" | b"mdia" | b"minf" | b"stbl" | b"dinf" | b"mvex" | b"moof"
            | b"traf" => {
                self.boxes(body, end, depth + 1)?;
            }
            b"stsd" | b"dref" => {
                self.boxes(body + 8, end, depth + 1)?;
            }
            b"avc1" | b"avc3" | b"hvc1" | b"hev1" | b"av01" | b"vp08" | b"vp09" => {
                self.boxes(body + 78, end, depth + 1)?;
            }
            b"udta" | b"meta" | b"edts" | b"emsg" | b"mp4a" | b"tx3g" => {
                self.hidden.push(header.start + 4);
            }
            b"stsz" => self.claim(body + 8)?,
            b"trun" => self.claim(body + 4)?,
            _ => {}
        }
        Ok(())
    }

    /// Adds the number of samples that is written at `at`.
    fn claim(&mut self, at: u64) -> Result<(), MediaError> {
        let count = self.read(at, 4)?.be32(0).unwrap_or(0);
        self.samples += u64::from(count);
        if self.samples > MOST_SAMPLES {
            return Err(too_many("frames"));
        }
        Ok(())
    }

    fn read(&mut self, at: u64, bytes: u64) -> Result<Vec<u8>, MediaError> {
        let mut read = Vec::with_capacity(bytes as usize);
        if at < self.length {
            self.reader.seek(SeekFrom::Start(at))?;
            let mut reader = (&mut *self.reader).take(bytes);
            reader.read_to_end(&mut read)?;
        }
        Ok(read)
    }
}

fn too_many(what: &str) -> MediaError {
    MediaError::TooLarge {
        what: format!("too many {what} in one film"),
    }
}

/// A file with some of its boxes' names overwritten by one that is stepped over.
pub(super) struct Veiled<R> {
    inner: R,
    at: u64,
    hidden: Vec<u64>,
}

impl<R: Seek> Veiled<R> {
    /// Begins at the start of `inner`.
    pub(super) fn new(mut inner: R, hidden: Vec<u64>) -> io::Result<Self> {
        let at = inner.seek(SeekFrom::Start(0))?;
        Ok(Self { inner, at, hidden })
    }
}

impl<R: Read> Read for Veiled<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        let (start, end) = (self.at, self.at + count as u64);
        let first = self.hidden.partition_point(|name| name + 4 <= start);
        let names = self.hidden[first..].iter().take_while(|name| **name < end);
        for name in names {
            for (place, letter) in (*name..).zip(FREE) {
                if (start..end).contains(&place) {
                    buffer[(place - start) as usize] = letter;
                }
            }
        }
        self.at = end;
        Ok(count)
    }
}

impl<R: Seek> Seek for Veiled<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.at = self.inner.seek(to)?;
        Ok(self.at)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    fn atom(name: &[u8; 4], body: &[u8]) -> Vec<u8> {
        [
            &(body.len() as u32 + 8).to_be_bytes(),
            name.as_slice(),
            body,
        ]
        .concat()
    }

    fn check_bytes(bytes: &[u8]) -> Result<Checked, MediaError> {
        let limits = Limits::default();
        let length = bytes.len() as u64;
        check(&mut Cursor::new(bytes), length, &limits, limits.deadline())
    }

    fn in_table(table: Vec<u8>) -> Vec<u8> {
        let names = [b"stbl", b"minf", b"mdia", b"trak", b"moov"];
        names.iter().fold(table, |body, name| atom(name, &body))
    }

    #[test]
    fn four_billion_samples_are_refused() {
        let claim = [[0; 4], [0, 0, 0, 1], [0xff; 4]].concat();
        let film = in_table(atom(b"stsz", &claim));
        assert!(matches!(
            check_bytes(&film),
            Err(MediaError::TooLarge { .. })
        ));
        let run = atom(
            b"moof",
            &atom(b"traf", &atom(b"trun", &[[0; 4], [0xff; 4]].concat())),
        );
        assert!(matches!(
            check_bytes(&run),
            Err(MediaError::TooLarge { .. })
        ));
    }

    #[test]
    fn boxes_without_length_or_too_long_are_refused_inside_others() {
        for size in [0_u32, 4, 7, 1_000_000] {
            let inner = [&size.to_be_bytes(), b"trak".as_slice(), &[0; 16]].concat();
            let film = atom(b"moov", &inner);
            assert!(
                matches!(check_bytes(&film), Err(MediaError::Broken { .. })),
                "{size}"
            );
        }
    }

    #[test]
    fn pictures_cut_off_still_count_with_their_full_length() {
        let whole = [atom(b"moov", &[]), atom(b"mdat", &[7; 100])].concat();
        let cut = &whole[..whole.len() - 60];
        assert_eq!(check_bytes(cut).unwrap().size, whole.len() as u64);
    }

    #[test]
    fn hidden_boxes_are_read_as_free_whatever_the_reads_are() {
        let film = atom(
            b"moov",
            &[atom(b"udta", &[1; 5]), atom(b"meta", &[2; 3])].concat(),
        );
        let hidden = check_bytes(&film).unwrap().hidden;
        assert_eq!(hidden, [12, 25]);
        let mut expected = film.clone();
        expected[12..16].copy_from_slice(b"free");
        expected[25..29].copy_from_slice(b"free");
        for step in 1..9 {
            let mut veiled = Veiled::new(Cursor::new(&film), hidden.clone()).unwrap();
            let mut read: Vec<u8> = Vec::new();
            let mut buffer = vec![0; step];
            loop {
                match veiled.read(&mut buffer).unwrap() {
                    0 => break,
                    count => read.extend(&buffer[..count]),
                }
            }
            assert_eq!(read, expected, "in steps of {step}");
        }
    }
}
