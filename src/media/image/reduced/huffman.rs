//! Huffman tables of a JPEG, for looking codes up.

use super::Stop;

/// Bits that are looked up at once; longer codes are rare.
pub(super) const LOOK: u32 = 10;

/// One table of codes.
#[derive(Clone)]
pub(super) struct Huffman {
    /// By the next [`LOOK`] bits: length of the code (0: longer than that) and its symbol.
    short: Box<[(u8, u8); 1 << LOOK]>,
    /// By length: the first code that is too large for it, moved to the left of 16 bits.
    ends: [u32; 17],
    /// By length: what to add to a code to get its symbol's index.
    offsets: [i32; 17],
    symbols: Vec<u8>,
}

impl Huffman {
    /// From the number of codes of each length and their symbols.
    pub(super) fn new(counts: &[u8; 16], symbols: &[u8]) -> Result<Self, Stop> {
        let mut table = Self {
            short: Box::new([(0, 0); 1 << LOOK]),
            ends: [0; 17],
            offsets: [0; 17],
            symbols: symbols.to_vec(),
        };
        let (mut code, mut index) = (0_u32, 0_usize);
        for length in 1..=16 {
            let count = usize::from(counts[length - 1]);
            table.offsets[length] = index as i32 - code as i32;
            let these = symbols.get(index..index + count).ok_or(Stop::Unusual)?;
            if code + count as u32 > 1 << length {
                return Err(Stop::Unusual);
            }
            for &symbol in these {
                table.remember(code, length as u32, symbol);
                code += 1;
            }
            index += count;
            table.ends[length] = code << (16 - length);
            code <<= 1;
        }
        Ok(table)
    }

    fn remember(&mut self, code: u32, length: u32, symbol: u8) {
        if length > LOOK {
            return;
        }
        let free = LOOK - length;
        let first = (code << free) as usize;
        self.short[first..first + (1 << free)].fill((length as u8, symbol));
    }

    /// Length and symbol by the next [`LOOK`] bits; a length of 0 if the code is longer.
    #[inline(always)]
    pub(super) fn short(&self, bits: usize) -> (u32, u8) {
        let (length, symbol) = self.short[bits & ((1 << LOOK) - 1)];
        (u32::from(length), symbol)
    }

    /// Length and symbol by the next 16 bits.
    #[cold]
    pub(super) fn long(&self, bits: u32) -> Option<(u32, u8)> {
        let length = (LOOK as usize + 1..=16).find(|length| bits < self.ends[*length])?;
        let code = (bits >> (16 - length)) as i32;
        let index = usize::try_from(code + self.offsets[length]).ok()?;
        Some((length as u32, *self.symbols.get(index)?))
    }
}

/// Bits that are looked up at once to step over values.
pub(super) const LOOK_OVER: u32 = 12;

/// For stepping over values without reading them: what the next [`LOOK_OVER`] bits hold of whole codes and
/// their values, often several.
pub(super) struct Strides(Box<[Stride; 1 << LOOK_OVER]>);

#[derive(Clone, Copy, Default)]
pub(super) struct Stride {
    /// Bits of the codes and values; 0 if not even the first fits.
    pub(super) bits: u8,
    /// How many coefficients they stand for.
    pub(super) advance: u8,
    /// Whether the block ends with them.
    pub(super) ends: bool,
}

impl Strides {
    pub(super) fn new(table: &Huffman) -> Self {
        let mut strides = Box::new([Stride::default(); 1 << LOOK_OVER]);
        for (bits, stride) in strides.iter_mut().enumerate() {
            *stride = Self::stride(table, bits);
        }
        Self(strides)
    }

    fn stride(table: &Huffman, bits: usize) -> Stride {
        let mut stride = Stride::default();
        while !stride.ends {
            let rest = bits << stride.bits & ((1 << LOOK_OVER) - 1);
            let (length, symbol) = table.short(rest >> (LOOK_OVER - LOOK));
            let end = u32::from(stride.bits) + length + u32::from(symbol & 15);
            if length == 0 || end > LOOK_OVER {
                break;
            }
            stride.bits = end as u8;
            if symbol & 15 == 0 && symbol < 0xf0 {
                stride.ends = true;
            } else {
                stride.advance += (symbol >> 4) + 1;
            }
        }
        stride
    }

    #[inline(always)]
    pub(super) fn at(&self, bits: usize) -> Stride {
        self.0[bits & ((1 << LOOK_OVER) - 1)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_and_long_codes_are_found() {
        // One code each of 1 to 12 bits: 0, 10, 110, …
        let counts = [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0];
        let symbols: Vec<u8> = (100..112).collect();
        let table = Huffman::new(&counts, &symbols).ok().unwrap();
        assert_eq!(table.short(0), (1, 100));
        assert_eq!(table.short(0b11_1011_1111), (4, 103));
        assert_eq!(table.short(0b11_1111_1111), (0, 0));
        assert_eq!(table.long(0b1111_1111_1100_0000), Some((11, 110)));
        assert_eq!(table.long(0b1111_1111_1110_0000), Some((12, 111)));
        assert_eq!(table.long(0xffff), None, "no such code");
    }

    #[test]
    fn several_values_are_stepped_over_at_once() {
        // 0: the block ends; 10: two coefficients, three bits; 110: one coefficient, twelve bits.
        let mut counts = [0; 16];
        counts[..3].fill(1);
        let table = Huffman::new(&counts, &[0x00, 0x13, 0x0c]).ok().unwrap();
        let strides = Strides::new(&table);
        let read = |bits| {
            let stride = strides.at(bits);
            (stride.bits, stride.advance, stride.ends)
        };
        assert_eq!(read(0b0111_1111_1111), (1, 0, true));
        assert_eq!(read(0b1011_1010_1111), (6, 2, true));
        assert_eq!(read(0b1011_1101_1111), (10, 4, false));
        assert_eq!(
            read(0b1101_1111_1111),
            (0, 0, false),
            "the value is too long"
        );
    }

    #[test]
    fn tables_with_too_many_codes_are_refused() {
        let mut counts = [0; 16];
        counts[0] = 3;
        assert!(Huffman::new(&counts, &[1, 2, 3]).is_err());
        counts[0] = 2;
        assert!(Huffman::new(&counts, &[1]).is_err(), "a symbol is missing");
    }
}
