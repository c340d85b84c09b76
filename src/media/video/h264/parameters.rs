//! Sequence and picture parameter sets, read before the decoder sees them.
//!
//! The decoder is C code, so nothing it does wrong can be caught. What it allocates and how it reads a stream
//! follows from these two units; they are checked here, and what the decoder cannot do anyway (interlaced film,
//! other colour samplings, slice groups, layers) never reaches it.

use crate::media::{Limits, MediaError};

/// Blocks of 16 × 16 pixels in a frame of the highest level that the decoder knows: 4096 × 2304 pixels.
const MOST_BLOCKS: u64 = 36_864;
/// Profiles whose parameter sets tell colour sampling and depth.
const HIGH_PROFILES: [u8; 13] = [100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135];

/// The kinds of unit that are given to the decoder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Slice,
    Sequence,
    Picture,
    /// Captions, padding, layers of scalable streams: a picture comes out without them.
    Other,
}

pub(super) fn kind(unit: &[u8]) -> Kind {
    match unit.first().map(|header| header & 0x1f) {
        Some(1 | 5) => Kind::Slice,
        Some(7) => Kind::Sequence,
        Some(8) => Kind::Picture,
        _ => Kind::Other,
    }
}

/// Width and height of the coded frame that a sequence parameter set announces.
pub(super) fn sequence(unit: &[u8], limits: &Limits) -> Result<(u32, u32), MediaError> {
    let mut bits = Bits::new(unit);
    let announced = announced(&mut bits).map_err(Refused::explain)?;
    let Announced { columns, rows } = announced;
    let blocks = u64::from(columns) * u64::from(rows);
    let (width, height) = (columns.saturating_mul(16), rows.saturating_mul(16));
    if blocks > MOST_BLOCKS {
        return Err(MediaError::TooLarge {
            what: format!("{width} × {height} pixels in H.264"),
        });
    }
    limits.check_size(width, height)?;
    Ok((width, height))
}

/// Checks a picture parameter set.
pub(super) fn picture(unit: &[u8]) -> Result<(), MediaError> {
    let mut bits = Bits::new(unit);
    picture_set(&mut bits).map_err(Refused::explain)
}

/// In blocks of 16 × 16 pixels.
struct Announced {
    columns: u32,
    rows: u32,
}

enum Refused {
    Damaged,
    Unsupported(&'static str),
}

impl Refused {
    fn explain(self) -> MediaError {
        match self {
            Self::Damaged => MediaError::broken("a damaged H.264 parameter set"),
            Self::Unsupported(what) => MediaError::Unsupported {
                format: format!("H.264 {what}").into(),
            },
        }
    }
}

fn announced(bits: &mut Bits<'_>) -> Result<Announced, Refused> {
    bits.skip(8)?;
    let profile = bits.read(8)? as u8;
    bits.skip(16)?;
    bits.at_most(31)?;
    if HIGH_PROFILES.contains(&profile) {
        high_profile(bits)?;
    }
    bits.at_most(12)?;
    picture_order(bits)?;
    bits.at_most(16)?;
    bits.skip(1)?;
    let columns = bits.number()?.checked_add(1).ok_or(Refused::Damaged)?;
    let rows = bits.number()?.checked_add(1).ok_or(Refused::Damaged)?;
    if !bits.flag()? {
        return Err(Refused::Unsupported("video with interlaced frames"));
    }
    bits.skip(1)?;
    if bits.flag()? {
        cropping(bits, columns, rows)?;
    }
    Ok(Announced { columns, rows })
}

fn high_profile(bits: &mut Bits<'_>) -> Result<(), Refused> {
    const TWO_BY_TWO: u32 = 1;
    if bits.number()? > TWO_BY_TWO {
        return Err(Refused::Unsupported("video with 4:2:2 or 4:4:4 colours"));
    }
    if bits.number()? != 0 || bits.number()? != 0 {
        return Err(Refused::Unsupported("video with more than 8 bits"));
    }
    bits.skip(1)?;
    if bits.flag()? {
        for list in 0..8 {
            if bits.flag()? {
                scaling_list(bits, if list < 6 { 16 } else { 64 })?;
            }
        }
    }
    Ok(())
}

fn scaling_list(bits: &mut Bits<'_>, length: u32) -> Result<(), Refused> {
    let mut next = 8_i64;
    for _ in 0..length {
        let delta = bits.signed()?;
        if !(-128..128).contains(&delta) {
            return Err(Refused::Damaged);
        }
        next = (next + delta + 256) % 256;
        if next == 0 {
            break;
        }
    }
    Ok(())
}

fn picture_order(bits: &mut Bits<'_>) -> Result<(), Refused> {
    match bits.at_most(2)? {
        0 => {
            bits.at_most(12)?;
        }
        1 => {
            bits.skip(1)?;
            bits.signed()?;
            bits.signed()?;
            for _ in 0..bits.at_most(255)? {
                bits.signed()?;
            }
        }
        _ => {}
    }
    Ok(())
}

/// What is cut off has to leave something over. In steps of two pixels.
fn cropping(bits: &mut Bits<'_>, columns: u32, rows: u32) -> Result<(), Refused> {
    for blocks in [columns, rows] {
        let cut = u64::from(bits.number()?) + u64::from(bits.number()?);
        if cut * 2 >= u64::from(blocks) * 16 {
            return Err(Refused::Damaged);
        }
    }
    Ok(())
}

fn picture_set(bits: &mut Bits<'_>) -> Result<(), Refused> {
    bits.skip(8)?;
    bits.at_most(255)?;
    bits.at_most(31)?;
    bits.skip(2)?;
    if bits.number()? != 0 {
        return Err(Refused::Unsupported("video with slice groups"));
    }
    bits.at_most(31)?;
    bits.at_most(31)?;
    Ok(())
}

/// Bits of a unit, highest first, without the bytes that only keep start codes apart.
struct Bits<'a> {
    bytes: &'a [u8],
    /// The next byte to take.
    at: usize,
    byte: u8,
    left: u32,
    zeros: u32,
}

impl<'a> Bits<'a> {
    fn new(bytes: &'a [u8]) -> Self {
        Self {
            bytes,
            at: 0,
            byte: 0,
            left: 0,
            zeros: 0,
        }
    }

    fn flag(&mut self) -> Result<bool, Refused> {
        if self.left == 0 {
            self.byte = self.next_byte()?;
            self.left = 8;
        }
        self.left -= 1;
        Ok(self.byte >> self.left & 1 == 1)
    }

    fn next_byte(&mut self) -> Result<u8, Refused> {
        let mut byte = self.take()?;
        if self.zeros >= 2 && byte == 3 {
            self.zeros = 0;
            byte = self.take()?;
        }
        self.zeros = if byte == 0 { self.zeros + 1 } else { 0 };
        Ok(byte)
    }

    fn take(&mut self) -> Result<u8, Refused> {
        let byte = *self.bytes.get(self.at).ok_or(Refused::Damaged)?;
        self.at += 1;
        Ok(byte)
    }

    fn read(&mut self, count: u32) -> Result<u32, Refused> {
        (0..count).try_fold(0, |value, _| Ok(value << 1 | u32::from(self.flag()?)))
    }

    fn skip(&mut self, count: u32) -> Result<(), Refused> {
        self.read(count).map(drop)
    }

    /// An Exp-Golomb number: as many bits follow the first one as there are zeros before it.
    fn number(&mut self) -> Result<u32, Refused> {
        let mut zeros = 0;
        while !self.flag()? {
            zeros += 1;
            if zeros > 31 {
                return Err(Refused::Damaged);
            }
        }
        Ok(((1_u64 << zeros) - 1) as u32 + self.read(zeros)?)
    }

    fn at_most(&mut self, most: u32) -> Result<u32, Refused> {
        let number = self.number()?;
        if number > most {
            return Err(Refused::Damaged);
        }
        Ok(number)
    }

    fn signed(&mut self) -> Result<i64, Refused> {
        let number = i64::from(self.number()?);
        Ok(if number % 2 == 1 {
            (number + 1) / 2
        } else {
            -(number / 2)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bits written as text; blanks are for the reader.
    fn unit(header: &[u8], bits: &str) -> Vec<u8> {
        let bits: Vec<u8> = bits.bytes().filter(|bit| *bit != b' ').collect();
        let packed = bits.chunks(8).map(|byte| {
            let value = byte.iter().fold(0, |sum, bit| sum << 1 | (bit - b'0'));
            value << (8 - byte.len())
        });
        header.iter().copied().chain(packed).collect()
    }

    fn golomb(number: u32) -> String {
        let bits = format!("{:b}", u64::from(number) + 1);
        format!("{}{bits}", "0".repeat(bits.len() - 1))
    }

    /// A baseline set of this size in blocks, with what follows the size.
    fn baseline(columns: u32, rows: u32, rest: &str) -> Vec<u8> {
        let bits = [
            &golomb(0),
            &golomb(0),
            &golomb(2),
            &golomb(1),
            "0",
            &golomb(columns - 1),
            &golomb(rows - 1),
            rest,
        ];
        unit(&[0x67, 66, 0, 40], &bits.join(" "))
    }

    fn of(unit: &[u8]) -> Result<(u32, u32), MediaError> {
        sequence(unit, &Limits::default())
    }

    const PLAIN: &str = "1 0 0 0 1";

    #[test]
    fn a_plain_set_tells_the_size() {
        assert_eq!(of(&baseline(20, 12, PLAIN)).unwrap(), (320, 192));
    }

    #[test]
    fn bytes_that_keep_start_codes_apart_are_not_read() {
        // x264, 1920 × 1080, High, with such bytes in its timing.
        let set = [
            0x67, 0x64, 0x00, 0x28, 0xac, 0xd9, 0x40, 0x78, 0x02, 0x27, 0xe5, 0xc0, 0x44, 0x00,
            0x00, 0x03, 0x00, 0x04, 0x00, 0x00, 0x03, 0x00, 0xf0, 0x3c, 0x60, 0xc6, 0x58,
        ];
        assert_eq!(of(&set).unwrap(), (1920, 1088));
        let mut bits = Bits::new(&[0, 0, 3, 1]);
        assert_eq!(bits.read(24).ok(), Some(1));
    }

    #[test]
    fn a_frame_beyond_the_decoder_is_too_large() {
        for (columns, rows) in [(3750, 3750), (65_536, 65_536), (1, 200_000)] {
            let error = of(&baseline(columns, rows, PLAIN)).unwrap_err();
            assert!(matches!(error, MediaError::TooLarge { .. }), "{error:?}");
        }
        let limits = Limits {
            pixels: 10_000,
            ..Limits::default()
        };
        let error = sequence(&baseline(20, 12, PLAIN), &limits).unwrap_err();
        assert!(matches!(error, MediaError::TooLarge { .. }), "{error:?}");
    }

    #[test]
    fn what_the_decoder_cannot_do_is_named() {
        let interlaced = baseline(20, 12, "0 0 0 0 0 1");
        let deep = unit(
            &[0x67, 110, 0, 40],
            &[golomb(0), golomb(1), golomb(2), golomb(2)].join(""),
        );
        let full_colour = unit(&[0x67, 244, 0, 40], &[golomb(0), golomb(3)].join(""));
        for set in [interlaced, deep, full_colour] {
            let error = of(&set).unwrap_err();
            assert!(matches!(error, MediaError::Unsupported { .. }), "{error:?}");
        }
    }

    #[test]
    fn nonsense_and_ends_too_early_are_damage() {
        let whole = baseline(20, 12, &format!("1 0 1 {}{}", golomb(100), golomb(100)));
        for set in [whole.as_slice(), &[], &[0x67], &[0; 300]] {
            let error = of(set).unwrap_err();
            assert!(matches!(error, MediaError::Broken { .. }), "{error:?}");
        }
        let set = baseline(20, 12, PLAIN);
        for cut in 0..set.len() - 1 {
            assert!(of(&set[..cut]).is_err(), "{cut}");
        }
    }

    #[test]
    fn slice_groups_are_refused() {
        let plain = unit(
            &[0x68],
            &[&golomb(0), &golomb(0), "00", &golomb(0), "11"].join(""),
        );
        picture(&plain).unwrap();
        let groups = unit(
            &[0x68],
            &[&golomb(0), &golomb(0), "00", &golomb(3)].join(""),
        );
        let error = picture(&groups).unwrap_err();
        assert!(matches!(error, MediaError::Unsupported { .. }), "{error:?}");
    }

    #[test]
    fn only_pictures_and_their_parameters_are_let_through() {
        assert_eq!(kind(&[0x65]), Kind::Slice);
        assert_eq!(kind(&[0x41]), Kind::Slice);
        assert_eq!(kind(&[0x67]), Kind::Sequence);
        assert_eq!(kind(&[0x68]), Kind::Picture);
        for other in [0x06, 0x09, 0x0c, 0x0e, 0x6f, 0x74, 0x62] {
            assert_eq!(kind(&[other]), Kind::Other, "{other:x}");
        }
        assert_eq!(kind(&[]), Kind::Other);
    }
}
