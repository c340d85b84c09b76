//! The bits of an entropy-coded segment, with its stuffed bytes removed.

use super::Stop;
use super::huffman::{Huffman, LOOK, LOOK_OVER, Strides};

/// Reads bits from the left of a 64-bit window.
pub(super) struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
    window: u64,
    count: u32,
    /// Zero bits appended after the segment's end; using them means it was cut off.
    padding: u32,
}

impl<'a> Bits<'a> {
    pub(super) fn new(bytes: &'a [u8], at: usize) -> Self {
        Self {
            bytes,
            at,
            window: 0,
            count: 0,
            padding: 0,
        }
    }

    /// Where the next marker begins, at the earliest.
    pub(super) fn position(&self) -> usize {
        self.at
    }

    /// Fails if bits were used that are not in the file.
    pub(super) fn check(&self) -> Result<(), Stop> {
        if self.count < self.padding {
            return Err(Stop::Unusual);
        }
        Ok(())
    }

    /// Makes sure that at least 32 bits are in the window: a code and its value.
    #[inline(always)]
    pub(super) fn refill(&mut self) {
        if self.count < 32 {
            self.fill();
        }
    }

    #[inline]
    fn fill(&mut self) {
        if let Some(next) = self.bytes.get(self.at..self.at + 8) {
            let word = u64::from_be_bytes(next.try_into().expect("the slice has eight bytes"));
            if !contains_ff(word) {
                // The bits beyond the last whole byte are read again by the next fill, to the same effect.
                self.window |= word >> self.count;
                self.at += ((63 - self.count) >> 3) as usize;
                self.count |= 56;
                return;
            }
        }
        self.fill_bytewise();
    }

    #[cold]
    fn fill_bytewise(&mut self) {
        while self.count <= 56 {
            let byte = match (self.bytes.get(self.at), self.bytes.get(self.at + 1)) {
                (Some(0xff), Some(0x00)) => {
                    self.at += 2;
                    0xff
                }
                (Some(0xff), _) | (None, _) => {
                    self.padding += 8;
                    0
                }
                (Some(&byte), _) => {
                    self.at += 1;
                    byte
                }
            };
            self.window |= u64::from(byte) << (56 - self.count);
            self.count += 8;
        }
    }

    #[inline(always)]
    fn skip(&mut self, count: u32) {
        self.window <<= count;
        self.count -= count;
    }

    /// `count` bits as a number; at most 16, after a [`Self::refill`].
    #[inline(always)]
    pub(super) fn take(&mut self, count: u32) -> i32 {
        if count == 0 {
            return 0;
        }
        let value = (self.window >> (64 - count)) as i32;
        self.skip(count);
        value
    }

    /// `count` bits as JPEG writes signed numbers.
    #[inline(always)]
    pub(super) fn signed(&mut self, count: u32) -> i32 {
        let value = self.take(count);
        if count > 0 && value < 1 << (count - 1) {
            value - (1 << count) + 1
        } else {
            value
        }
    }

    /// A single bit; refills by itself.
    #[inline(always)]
    pub(super) fn bit(&mut self) -> bool {
        self.refill();
        self.take(1) == 1
    }

    /// The next symbol, after a [`Self::refill`].
    #[inline(always)]
    pub(super) fn symbol(&mut self, table: &Huffman) -> Result<u8, Stop> {
        let (length, symbol) = table.short((self.window >> (64 - LOOK)) as usize);
        if length > 0 {
            self.skip(length);
            return Ok(symbol);
        }
        let (length, symbol) = table
            .long((self.window >> 48) as u32)
            .ok_or(Stop::Unusual)?;
        self.skip(length);
        Ok(symbol)
    }

    /// Steps over a block's values from zigzag index `index` on.
    #[inline]
    pub(super) fn step_over(
        &mut self,
        table: &Huffman,
        strides: &Strides,
        mut index: usize,
    ) -> Result<(), Stop> {
        while index < 64 {
            self.refill();
            let stride = strides.at((self.window >> (64 - LOOK_OVER)) as usize);
            let next = index + usize::from(stride.advance);
            // What lies beyond the block's end belongs to the next one.
            let inside = next < 64 || (next == 64 && !stride.ends);
            if stride.bits > 0 && inside {
                self.skip(u32::from(stride.bits));
                if stride.ends {
                    return Ok(());
                }
                index = next;
            } else {
                let symbol = self.symbol(table)?;
                self.skip(u32::from(symbol & 15));
                if symbol & 15 == 0 && symbol < 0xf0 {
                    return Ok(());
                }
                index += usize::from(symbol >> 4) + 1;
            }
        }
        Ok(())
    }

    /// Goes on after the restart marker that has to be next.
    pub(super) fn restart(&mut self) -> Result<(), Stop> {
        self.check()?;
        match self.bytes.get(self.at..self.at + 2) {
            Some([0xff, 0xd0..=0xd7]) => {}
            _ => return Err(Stop::Unusual),
        }
        *self = Self::new(self.bytes, self.at + 2);
        Ok(())
    }
}

/// Whether one of the eight bytes is 0xff: the complement's zero byte, found by borrowing.
#[inline(always)]
fn contains_ff(word: u64) -> bool {
    const ONES: u64 = 0x0101_0101_0101_0101;
    (!word).wrapping_sub(ONES) & word & (ONES << 7) != 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stuffed_bytes_are_removed_and_markers_end_the_bits() {
        let bytes = [0xab, 0xff, 0x00, 0x12, 0xff, 0xd9];
        let mut bits = Bits::new(&bytes, 0);
        bits.refill();
        assert_eq!(bits.take(8), 0xab);
        assert_eq!(bits.take(8), 0xff);
        bits.refill();
        assert_eq!(bits.take(8), 0x12);
        assert!(bits.check().is_ok());
        assert_eq!(bits.position(), 4);
        bits.refill();
        bits.take(1);
        assert!(bits.check().is_err(), "a bit that is not in the file");
    }

    #[test]
    fn both_ways_of_filling_read_the_same_bits() {
        let bytes: Vec<u8> = (0..200).map(|i| (i * 37 % 251) as u8).collect();
        let mut bits = Bits::new(&bytes, 0);
        let mut read = Vec::new();
        for i in 0..bytes.len() * 8 / 5 {
            bits.refill();
            read.push((i, bits.take(5)));
        }
        for (i, value) in read {
            let expected = (0..5).fold(0, |value, bit| {
                let at = i * 5 + bit;
                value << 1 | i32::from(bytes[at / 8] >> (7 - at % 8) & 1)
            });
            assert_eq!(value, expected, "group {i}");
        }
    }

    #[test]
    fn signed_values_are_as_in_the_standard() {
        let mut bits = Bits::new(&[0b0001_1111, 0, 0, 0], 0);
        bits.refill();
        assert_eq!(bits.signed(3), -7);
        assert_eq!(bits.signed(0), 0);
        assert_eq!(bits.signed(3), 7);
    }

    #[test]
    fn a_byte_of_ff_is_found_in_every_place() {
        assert!(!contains_ff(0xfe00_7f80_0102_fe01));
        for place in 0..8 {
            assert!(contains_ff(0xff << (place * 8)));
        }
    }
}
