//! The picture being decoded: its components and the planes they are decoded into.

use super::Stop;
use crate::media::Limits;

/// By zigzag index: row and column in the 8 × 8 block.
const ZIGZAG: [(u8, u8); 64] = zigzag();

/// Coefficients of a block that are kept, and a last place for all that are not.
pub(super) const KEPT: usize = 17;
/// Where coefficients go that are not needed.
pub(super) const UNUSED: usize = KEPT - 1;

/// A JPEG frame and the fraction of its size it is decoded at.
pub(super) struct Frame {
    pub(super) progressive: bool,
    /// Pixels of the reduced picture.
    pub(super) width: usize,
    pub(super) height: usize,
    /// Units of all components that are coded together.
    pub(super) units_wide: usize,
    pub(super) units_high: usize,
    pub(super) components: Vec<Component>,
}

/// One colour channel.
pub(super) struct Component {
    pub(super) id: u8,
    pub(super) quantizer: usize,
    /// In zigzag order, as it was when the component's first scan began.
    pub(super) steps: Option<[u16; 64]>,
    /// Blocks of this component in a unit.
    pub(super) across: usize,
    pub(super) down: usize,
    /// Blocks that hold pixels, for scans of this component alone.
    pub(super) blocks_wide: usize,
    pub(super) blocks_high: usize,
    /// Blocks that are stored: whole units.
    pub(super) stored_wide: usize,
    pub(super) stored_high: usize,
    /// Pixels that a block becomes.
    pub(super) block: (usize, usize),
    /// How many pixels of the picture one pixel of the plane covers.
    pub(super) spread: (usize, usize),
    /// By zigzag index: its place among the kept coefficients, row by row of four.
    pub(super) places: [usize; 64],
    /// The last zigzag index that is kept.
    pub(super) last: usize,
    pub(super) plane: Vec<u8>,
    /// All coefficients of all blocks in zigzag order; only of progressive pictures.
    pub(super) coefficients: Vec<i16>,
    pub(super) scanned: bool,
}

/// A component as the frame header has it.
pub(super) struct Declared {
    pub(super) id: u8,
    pub(super) across: usize,
    pub(super) down: usize,
    pub(super) quantizer: usize,
}

impl Frame {
    /// Plans the decoding of a picture of `size` pixels at a fraction that leaves `side` or more.
    pub(super) fn new(
        size: (usize, usize),
        progressive: bool,
        declared: &[Declared],
        side: u32,
        limits: &Limits,
    ) -> Result<Self, Stop> {
        let eighths = eighths_for(size, side as usize).ok_or(Stop::Unusual)?;
        let widest = declared
            .iter()
            .map(|it| it.across)
            .max()
            .ok_or(Stop::Unusual)?;
        let highest = declared
            .iter()
            .map(|it| it.down)
            .max()
            .ok_or(Stop::Unusual)?;
        let units_wide = size.0.div_ceil(8 * widest);
        let units_high = size.1.div_ceil(8 * highest);
        let components = declared
            .iter()
            .map(|it| {
                let mut component = Component::new(it, (widest, highest), eighths)?;
                component.blocks_wide = (size.0 * it.across).div_ceil(8 * widest);
                component.blocks_high = (size.1 * it.down).div_ceil(8 * highest);
                component.stored_wide = units_wide * it.across;
                component.stored_high = units_high * it.down;
                Ok(component)
            })
            .collect::<Result<Vec<_>, Stop>>()?;
        let mut frame = Self {
            progressive,
            width: (size.0 * eighths).div_ceil(8),
            height: (size.1 * eighths).div_ceil(8),
            units_wide,
            units_high,
            components,
        };
        frame.allocate(limits)?;
        Ok(frame)
    }

    fn allocate(&mut self, limits: &Limits) -> Result<(), Stop> {
        let blocks: usize = self.components.iter().map(Component::blocks).sum();
        let bytes = blocks * if self.progressive { 16 + 128 } else { 16 };
        if bytes as u64 > limits.memory {
            return Err(Stop::Unusual);
        }
        for component in &mut self.components {
            let (width, height) = component.block;
            component.plane = vec![128; component.blocks() * width * height];
            if self.progressive {
                component.coefficients = vec![0; component.blocks() * 64];
            }
        }
        Ok(())
    }
}

impl Component {
    fn new(
        declared: &Declared,
        (widest, highest): (usize, usize),
        eighths: usize,
    ) -> Result<Self, Stop> {
        let (width, spread_x) = block_length(eighths * widest, declared.across)?;
        let (height, spread_y) = block_length(eighths * highest, declared.down)?;
        let places = ZIGZAG.map(|(row, column)| {
            let (row, column) = (usize::from(row), usize::from(column));
            if row < height && column < width {
                row * 4 + column
            } else {
                UNUSED
            }
        });
        let last = places.iter().rposition(|place| *place != UNUSED);
        Ok(Self {
            id: declared.id,
            quantizer: declared.quantizer,
            steps: None,
            across: declared.across,
            down: declared.down,
            blocks_wide: 0,
            blocks_high: 0,
            stored_wide: 0,
            stored_high: 0,
            block: (width, height),
            spread: (spread_x, spread_y),
            places,
            last: last.unwrap_or(0),
            plane: Vec::new(),
            coefficients: Vec::new(),
            scanned: false,
        })
    }

    fn blocks(&self) -> usize {
        self.stored_wide * self.stored_high
    }

    /// Bytes from one row of the plane to the next.
    pub(super) fn stride(&self) -> usize {
        self.stored_wide * self.block.0
    }
}

/// Pixels that a block's eight become, 1, 2 or 4, and how far each of them is spread in the picture. A
/// component stored at half the size is reduced half as much instead of being enlarged again.
fn block_length(eighths: usize, blocks: usize) -> Result<(usize, usize), Stop> {
    if blocks == 0 || !eighths.is_multiple_of(blocks) {
        return Err(Stop::Unusual);
    }
    let wanted = eighths / blocks;
    match wanted {
        1 | 2 | 4 => Ok((wanted, 1)),
        8 | 16 => Ok((4, wanted / 4)),
        _ => Err(Stop::Unusual),
    }
}

/// The smallest of ⅛, ¼ and ½ that leaves at least `side` pixels on the longest side.
fn eighths_for(size: (usize, usize), side: usize) -> Option<usize> {
    let longest = size.0.max(size.1);
    [1, 2, 4]
        .into_iter()
        .find(|eighths| (longest * eighths).div_ceil(8) >= side)
}

const fn zigzag() -> [(u8, u8); 64] {
    let mut order = [(0, 0); 64];
    let (mut row, mut column) = (0_u8, 0_u8);
    let mut index = 0;
    while index < 64 {
        order[index] = (row, column);
        let upwards = (row + column).is_multiple_of(2);
        if upwards {
            if column == 7 {
                row += 1;
            } else {
                column += 1;
                row = row.saturating_sub(1);
            }
        } else if row == 7 {
            column += 1;
        } else {
            row += 1;
            column = column.saturating_sub(1);
        }
        index += 1;
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_zigzag_is_that_of_the_standard() {
        assert_eq!(
            ZIGZAG[..6],
            [(0, 0), (0, 1), (1, 0), (2, 0), (1, 1), (0, 2)]
        );
        assert_eq!(ZIGZAG[24], (3, 3));
        assert_eq!(ZIGZAG[62..], [(7, 6), (7, 7)]);
    }

    #[test]
    fn the_fraction_never_leaves_less_than_wanted() {
        assert_eq!(eighths_for((2560, 100), 320), Some(1));
        assert_eq!(eighths_for((2552, 100), 320), Some(2));
        assert_eq!(eighths_for((100, 640), 320), Some(4));
        assert_eq!(eighths_for((638, 638), 320), None);
    }

    #[test]
    fn half_size_colour_is_reduced_half_as_much() {
        assert_eq!(block_length(2 * 2, 1).ok(), Some((4, 1)));
        assert_eq!(block_length(4 * 2, 1).ok(), Some((4, 2)));
        assert_eq!(block_length(2 * 2, 2).ok(), Some((2, 1)));
        assert!(block_length(2 * 3, 2).is_err());
    }
}
