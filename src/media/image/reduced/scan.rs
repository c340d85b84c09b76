//! The entropy-coded scans: baseline straight into pixels, progressive into coefficients.

use super::Stop;
use super::bits::Bits;
use super::frame::{Component, Frame, KEPT};
use super::huffman::{Huffman, Strides};
use super::markers::Tables;
use super::output;
use crate::media::limits::Deadline;

/// What a scan's header says.
pub(super) struct Scan {
    pub(super) components: Vec<ScanComponent>,
    /// First and last zigzag index that is coded.
    pub(super) first: usize,
    pub(super) last: usize,
    /// Bits of each value that came before, and that come later; progressive only.
    pub(super) high: u32,
    pub(super) low: u32,
}

pub(super) struct ScanComponent {
    /// In [`Frame::components`].
    pub(super) index: usize,
    pub(super) dc: usize,
    pub(super) ac: usize,
}

impl Scan {
    /// Whether the header makes sense for this frame.
    pub(super) fn is_sound(&self, frame: &Frame) -> bool {
        let components = &self.components;
        let different = components.iter().enumerate().all(|(at, it)| {
            components[..at]
                .iter()
                .all(|earlier| earlier.index != it.index)
        });
        let range = if !frame.progressive {
            (self.first, self.last, self.high, self.low) == (0, 63, 0, 0)
        } else if self.first == 0 {
            self.last == 0 && self.low <= 13
        } else {
            self.first <= self.last && self.last < 64 && self.low <= 13 && components.len() == 1
        };
        let refines_by_one = self.high == 0 || self.high == self.low + 1;
        !components.is_empty() && components.len() <= 3 && different && range && refines_by_one
    }
}

/// Decodes one scan whose bits begin at `at`; returns where they end.
pub(super) fn decode(
    bytes: &[u8],
    at: usize,
    scan: &Scan,
    tables: &Tables,
    frame: &mut Frame,
    deadline: Deadline,
) -> Result<usize, Stop> {
    for part in &scan.components {
        let component = &mut frame.components[part.index];
        component.scanned = true;
        if component.steps.is_none() {
            component.steps = tables.quantizers[component.quantizer];
        }
    }
    let mut coder = Coder::new(scan, tables, Bits::new(bytes, at), frame.progressive)?;
    match scan.components.as_slice() {
        [only] => coder.alone(&mut frame.components[only.index], deadline)?,
        _ => coder.interleaved(frame, deadline)?,
    }
    coder.bits.check()?;
    Ok(coder.bits.position())
}

/// The tables of one component in a scan, and its last DC value.
struct Channel<'a> {
    index: usize,
    dc: Option<&'a Huffman>,
    ac: Option<&'a Huffman>,
    /// Of the AC table; only where values are stepped over.
    strides: Option<Strides>,
    before: i32,
}

/// How a block is coded in this scan.
#[derive(Clone, Copy)]
enum Coding {
    Baseline,
    DcFirst,
    DcRefine,
    AcFirst,
    AcRefine,
}

struct Coder<'a> {
    scan: &'a Scan,
    coding: Coding,
    bits: Bits<'a>,
    channels: Vec<Channel<'a>>,
    restart: usize,
    /// Units until the next restart marker.
    until_restart: usize,
    /// Blocks to come without new values.
    end_run: u32,
}

impl<'a> Coder<'a> {
    fn new(
        scan: &'a Scan,
        tables: &'a Tables,
        bits: Bits<'a>,
        progressive: bool,
    ) -> Result<Self, Stop> {
        let coding = match (progressive, scan.first, scan.high) {
            (false, ..) => Coding::Baseline,
            (true, 0, 0) => Coding::DcFirst,
            (true, 0, _) => Coding::DcRefine,
            (true, _, 0) => Coding::AcFirst,
            (true, ..) => Coding::AcRefine,
        };
        let channels = scan
            .components
            .iter()
            .map(|part| {
                let ac = tables.ac[part.ac].as_ref();
                Channel {
                    index: part.index,
                    dc: tables.dc[part.dc].as_ref(),
                    ac,
                    strides: ac.filter(|_| !progressive).map(Strides::new),
                    before: 0,
                }
            })
            .collect();
        Ok(Self {
            scan,
            coding,
            bits,
            channels,
            restart: tables.restart,
            until_restart: tables.restart,
            end_run: 0,
        })
    }

    /// A scan of one component: only the blocks that hold pixels.
    fn alone(&mut self, component: &mut Component, deadline: Deadline) -> Result<(), Stop> {
        for row in 0..component.blocks_high {
            self.next_row(deadline)?;
            for column in 0..component.blocks_wide {
                self.next_unit()?;
                self.block(0, component, column, row)?;
            }
        }
        Ok(())
    }

    /// A scan of several components: unit by unit, all blocks of each.
    fn interleaved(&mut self, frame: &mut Frame, deadline: Deadline) -> Result<(), Stop> {
        for unit_row in 0..frame.units_high {
            self.next_row(deadline)?;
            for unit in 0..frame.units_wide {
                self.next_unit()?;
                for channel in 0..self.channels.len() {
                    let component = &mut frame.components[self.channels[channel].index];
                    let (across, down) = (component.across, component.down);
                    for block in 0..across * down {
                        let column = unit * across + block % across;
                        let row = unit_row * down + block / across;
                        self.block(channel, component, column, row)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn next_row(&mut self, deadline: Deadline) -> Result<(), Stop> {
        self.bits.check()?;
        Ok(deadline.check()?)
    }

    fn next_unit(&mut self) -> Result<(), Stop> {
        if self.restart == 0 {
            return Ok(());
        }
        if self.until_restart == 0 {
            self.bits.restart()?;
            self.until_restart = self.restart;
            self.end_run = 0;
            for channel in &mut self.channels {
                channel.before = 0;
            }
        }
        self.until_restart -= 1;
        Ok(())
    }

    #[inline]
    fn block(
        &mut self,
        channel: usize,
        component: &mut Component,
        column: usize,
        row: usize,
    ) -> Result<(), Stop> {
        if let Coding::Baseline = self.coding {
            return self.baseline(channel, component, column, row);
        }
        let start = (row * component.stored_wide + column) * 64;
        let block = component.coefficients[start..]
            .first_chunk_mut::<64>()
            .ok_or(Stop::Unusual)?;
        match self.coding {
            Coding::Baseline => Ok(()),
            Coding::DcFirst => self.dc_first(channel, block),
            Coding::DcRefine => {
                block[0] |= i16::from(self.bits.bit()) << self.scan.low;
                Ok(())
            }
            Coding::AcFirst => self.ac_first(channel, block),
            Coding::AcRefine => self.ac_refine(channel, block),
        }
    }

    fn dc_difference(&mut self, channel: usize) -> Result<i32, Stop> {
        let channel = &mut self.channels[channel];
        let table = channel.dc.ok_or(Stop::Unusual)?;
        self.bits.refill();
        let size = u32::from(self.bits.symbol(table)?);
        if size > 15 {
            return Err(Stop::Unusual);
        }
        channel.before = channel.before.wrapping_add(self.bits.signed(size));
        Ok(channel.before)
    }

    fn baseline(
        &mut self,
        channel: usize,
        component: &mut Component,
        column: usize,
        row: usize,
    ) -> Result<(), Stop> {
        let mut kept = [0_i32; KEPT];
        let value = self.dc_difference(channel)?;
        let steps = component.steps.as_ref().ok_or(Stop::Unusual)?;
        kept[0] = value.wrapping_mul(steps[0].into());
        let channel = &self.channels[channel];
        let table = channel.ac.ok_or(Stop::Unusual)?;
        let mut index = 1;
        while index <= component.last {
            self.bits.refill();
            let symbol = self.bits.symbol(table)?;
            let (run, size) = (usize::from(symbol >> 4), u32::from(symbol & 15));
            if size == 0 {
                if run < 15 {
                    index = 64;
                    break;
                }
                index += 16;
                continue;
            }
            index += run;
            let (place, step) = match (component.places.get(index), steps.get(index)) {
                (Some(&place), Some(&step)) => (place, i32::from(step)),
                _ => return Err(Stop::Unusual),
            };
            kept[place] = self.bits.signed(size).wrapping_mul(step);
            index += 1;
        }
        if let Some(strides) = &channel.strides {
            self.bits.step_over(table, strides, index)?;
        }
        output::block(component, &kept, column, row);
        Ok(())
    }

    fn dc_first(&mut self, channel: usize, block: &mut [i16; 64]) -> Result<(), Stop> {
        block[0] = (self.dc_difference(channel)? << self.scan.low) as i16;
        Ok(())
    }

    fn ac_first(&mut self, channel: usize, block: &mut [i16; 64]) -> Result<(), Stop> {
        if self.end_run > 0 {
            self.end_run -= 1;
            return Ok(());
        }
        let table = self.channels[channel].ac.ok_or(Stop::Unusual)?;
        let mut index = self.scan.first;
        while index <= self.scan.last {
            self.bits.refill();
            let symbol = self.bits.symbol(table)?;
            let (run, size) = (u32::from(symbol >> 4), u32::from(symbol & 15));
            if size == 0 {
                if run < 15 {
                    self.end_run = (1 << run) - 1 + self.bits.take(run) as u32;
                    break;
                }
                index += 16;
                continue;
            }
            index += run as usize;
            let value = (self.bits.signed(size) << self.scan.low) as i16;
            *block.get_mut(index).ok_or(Stop::Unusual)? = value;
            index += 1;
        }
        Ok(())
    }

    fn ac_refine(&mut self, channel: usize, block: &mut [i16; 64]) -> Result<(), Stop> {
        let table = self.channels[channel].ac.ok_or(Stop::Unusual)?;
        let one = 1_i16 << self.scan.low;
        let mut index = self.scan.first;
        while self.end_run == 0 && index <= self.scan.last {
            self.bits.refill();
            let symbol = self.bits.symbol(table)?;
            let (run, size) = (u32::from(symbol >> 4), symbol & 15);
            if size == 0 && run < 15 {
                self.end_run = (1 << run) + self.bits.take(run) as u32;
                break;
            }
            let fresh = match size {
                0 => 0,
                1 if self.bits.bit() => one,
                1 => -one,
                _ => return Err(Stop::Unusual),
            };
            index = self.refine(block, index, run, one);
            if fresh != 0 && index <= self.scan.last {
                block[index] = fresh;
            }
            index += 1;
        }
        if self.end_run > 0 {
            self.refine(block, index, u32::MAX, one);
            self.end_run -= 1;
        }
        Ok(())
    }

    /// Adds a bit to every value that is not zero, until `zeros` zeros were passed; returns the index of
    /// the zero after them.
    fn refine(&mut self, block: &mut [i16; 64], from: usize, mut zeros: u32, one: i16) -> usize {
        let mut index = from;
        while index <= self.scan.last {
            let value = &mut block[index];
            if *value == 0 {
                if zeros == 0 {
                    return index;
                }
                zeros -= 1;
            } else if self.bits.bit() && *value & one == 0 {
                *value = value.wrapping_add(if *value > 0 { one } else { -one });
            }
            index += 1;
        }
        index
    }
}
