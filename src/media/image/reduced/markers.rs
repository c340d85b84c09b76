//! Walks a JPEG's segments: tables, the frame, its scans.

use ::image::DynamicImage;

use super::Stop;
use super::frame::{Declared, Frame};
use super::huffman::Huffman;
use super::scan::{self, Scan, ScanComponent};
use crate::media::Limits;
use crate::media::bytes::Bytes as _;
use crate::media::limits::Deadline;

/// Tables in force while walking; redefined at any time.
#[derive(Default)]
pub(super) struct Tables {
    pub(super) quantizers: [Option<[u16; 64]>; 4],
    pub(super) dc: [Option<Huffman>; 4],
    pub(super) ac: [Option<Huffman>; 4],
    /// Units between restart markers; 0 for none.
    pub(super) restart: usize,
    /// From Adobe's segment: 0 for RGB.
    transform: Option<u8>,
}

/// Decodes at a fraction that leaves `side` or more pixels.
pub(super) fn decode(
    bytes: &[u8],
    side: u32,
    limits: &Limits,
    deadline: Deadline,
) -> Result<DynamicImage, Stop> {
    let mut tables = Tables::default();
    let mut frame: Option<Frame> = None;
    let mut at = 2;
    loop {
        let (marker, start) = next_marker(bytes, at)?;
        if marker == 0xd9 {
            break;
        }
        let segment = segment(bytes, start)?;
        at = start + 2 + segment.len();
        match marker {
            0xc0..=0xc2 if frame.is_none() => {
                frame = Some(frame_header(segment, marker == 0xc2, side, limits)?);
            }
            0xc4 => huffman_tables(segment, &mut tables)?,
            // Arithmetic coding, lossless and hierarchical pictures, a second frame, a late height.
            0xc0..=0xcf | 0xdc | 0xde => return Err(Stop::Unusual),
            0xda => {
                let frame = frame.as_mut().ok_or(Stop::Unusual)?;
                let scan = scan_header(segment, frame)?;
                at = scan::decode(bytes, at, &scan, &tables, frame, deadline)?;
                if !frame.progressive && frame.components.iter().all(|it| it.scanned) {
                    break;
                }
            }
            0xdb => quantizers(segment, &mut tables)?,
            0xdd => tables.restart = segment.be16(0).ok_or(Stop::Unusual)?.into(),
            0xee if segment.starts_with(b"Adobe") => tables.transform = segment.get(11).copied(),
            _ => {}
        }
    }
    let mut frame = frame.ok_or(Stop::Unusual)?;
    super::output::finish_progressive(&mut frame, deadline)?;
    super::output::image(&frame, tables.transform == Some(0))
}

/// The next marker at or after `at`, and where its segment starts.
fn next_marker(bytes: &[u8], mut at: usize) -> Result<(u8, usize), Stop> {
    loop {
        match (bytes.get(at), bytes.get(at + 1)) {
            (Some(0xff), Some(0x00 | 0x01 | 0xd0..=0xd7)) => at += 2,
            (Some(0xff), Some(0xff)) => at += 1,
            (Some(0xff), Some(&marker)) => return Ok((marker, at + 2)),
            (Some(_), Some(_)) => at += 1,
            _ => return Err(Stop::Unusual),
        }
    }
}

fn segment(bytes: &[u8], start: usize) -> Result<&[u8], Stop> {
    let length = usize::from(bytes.be16(start).ok_or(Stop::Unusual)?);
    bytes.get(start + 2..start + length).ok_or(Stop::Unusual)
}

fn frame_header(
    segment: &[u8],
    progressive: bool,
    side: u32,
    limits: &Limits,
) -> Result<Frame, Stop> {
    let [8, h1, h2, w1, w2, count @ (1 | 3), declared @ ..] = segment else {
        return Err(Stop::Unusual);
    };
    let height = u16::from_be_bytes([*h1, *h2]);
    let width = u16::from_be_bytes([*w1, *w2]);
    if width == 0 || height == 0 || declared.len() != usize::from(*count) * 3 {
        return Err(Stop::Unusual);
    }
    let (declared, _) = declared.as_chunks::<3>();
    let mut declared: Vec<Declared> = declared.iter().map(declared_component).collect();
    if declared
        .iter()
        .any(|it| !(1..=4).contains(&it.across) || !(1..=4).contains(&it.down))
    {
        return Err(Stop::Unusual);
    }
    if let [only] = declared.as_mut_slice() {
        // A single component is never interleaved, so its sampling means nothing.
        (only.across, only.down) = (1, 1);
    }
    Frame::new(
        (width.into(), height.into()),
        progressive,
        &declared,
        side,
        limits,
    )
}

fn declared_component(&[id, sampling, quantizer]: &[u8; 3]) -> Declared {
    Declared {
        id,
        across: usize::from(sampling >> 4),
        down: usize::from(sampling & 15),
        quantizer: usize::from(quantizer & 3),
    }
}

fn huffman_tables(mut segment: &[u8], tables: &mut Tables) -> Result<(), Stop> {
    while let Some((&class, rest)) = segment.split_first() {
        let (counts, rest) = rest.split_first_chunk::<16>().ok_or(Stop::Unusual)?;
        let total = counts.iter().map(|&count| usize::from(count)).sum();
        let symbols = rest.get(..total).ok_or(Stop::Unusual)?;
        let table = Huffman::new(counts, symbols)?;
        let set = match class >> 4 {
            0 => &mut tables.dc,
            1 => &mut tables.ac,
            _ => return Err(Stop::Unusual),
        };
        *set.get_mut(usize::from(class & 15)).ok_or(Stop::Unusual)? = Some(table);
        segment = &rest[total..];
    }
    Ok(())
}

fn quantizers(mut segment: &[u8], tables: &mut Tables) -> Result<(), Stop> {
    while let Some((&class, rest)) = segment.split_first() {
        let wide = class >> 4 != 0;
        let length = if wide { 128 } else { 64 };
        let values = rest.get(..length).ok_or(Stop::Unusual)?;
        let mut steps = [0_u16; 64];
        for (index, step) in steps.iter_mut().enumerate() {
            *step = if wide {
                values.be16(index * 2).ok_or(Stop::Unusual)?
            } else {
                values[index].into()
            };
        }
        let table = tables.quantizers.get_mut(usize::from(class & 15));
        *table.ok_or(Stop::Unusual)? = Some(steps);
        segment = &rest[length..];
    }
    Ok(())
}

fn scan_header(segment: &[u8], frame: &Frame) -> Result<Scan, Stop> {
    let (&count, rest) = segment.split_first().ok_or(Stop::Unusual)?;
    let count = usize::from(count);
    let (selectors, [first, last, bits]) = rest
        .split_at_checked(count * 2)
        .and_then(|(selectors, rest)| Some((selectors, rest.first_chunk::<3>()?)))
        .ok_or(Stop::Unusual)?;
    let (selectors, _) = selectors.as_chunks::<2>();
    let mut components = Vec::with_capacity(count);
    for &[id, tables] in selectors {
        let index = frame.components.iter().position(|it| it.id == id);
        components.push(ScanComponent {
            index: index.ok_or(Stop::Unusual)?,
            dc: usize::from(tables >> 4 & 3),
            ac: usize::from(tables & 3),
        });
    }
    let scan = Scan {
        components,
        first: usize::from(*first),
        last: usize::from(*last),
        high: u32::from(bits >> 4),
        low: u32::from(bits & 15),
    };
    scan.is_sound(frame).then_some(scan).ok_or(Stop::Unusual)
}
