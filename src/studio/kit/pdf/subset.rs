//! Cutting a TrueType font down to the glyphs a document uses. Glyph numbers stay; unused outlines go.

use std::collections::BTreeSet;

/// Tables a PDF reader needs of an embedded TrueType font.
const KEPT: [&[u8; 4]; 7] = [
    b"glyf", b"head", b"hhea", b"hmtx", b"loca", b"maxp", b"post",
];

/// The font with only the given glyphs, and those they are composed of. A font this cannot read is returned whole.
pub fn subset(font: &[u8], glyphs: impl Iterator<Item = u16>) -> Vec<u8> {
    cut(font, glyphs).unwrap_or_else(|| font.to_vec())
}

fn cut(font: &[u8], glyphs: impl Iterator<Item = u16>) -> Option<Vec<u8>> {
    let (glyf, loca, head) = (
        table(font, b"glyf")?,
        table(font, b"loca")?,
        table(font, b"head")?,
    );
    let outlines = Outlines {
        glyf,
        loca,
        long: word(head, 50)? != 0,
    };
    let mut wanted: BTreeSet<u16> = glyphs.chain([0]).collect();
    let mut open: Vec<u16> = wanted.iter().copied().collect();
    while let Some(glyph) = open.pop() {
        for part in outlines.parts(glyph) {
            if wanted.insert(part) {
                open.push(part);
            }
        }
    }
    let (mut new_glyf, mut new_loca) = (Vec::new(), Vec::new());
    for glyph in 0..outlines.count() as u16 {
        new_loca.extend((new_glyf.len() as u32).to_be_bytes());
        if wanted.contains(&glyph) {
            new_glyf.extend_from_slice(outlines.outline(glyph)?);
            while new_glyf.len() % 4 != 0 {
                new_glyf.push(0);
            }
        }
    }
    new_loca.extend((new_glyf.len() as u32).to_be_bytes());
    let mut new_head = head.to_vec();
    // Offsets are long now, whatever they were.
    new_head.get_mut(50..52)?.copy_from_slice(&[0, 1]);
    new_head.get_mut(8..12)?.fill(0);
    assemble(font, &new_glyf, &new_loca, &new_head)
}

struct Outlines<'a> {
    glyf: &'a [u8],
    loca: &'a [u8],
    long: bool,
}

impl<'a> Outlines<'a> {
    fn count(&self) -> usize {
        (self.loca.len() / if self.long { 4 } else { 2 }).saturating_sub(1)
    }

    fn start(&self, glyph: usize) -> Option<usize> {
        if self.long {
            Some(long(self.loca, glyph * 4)? as usize)
        } else {
            Some(usize::from(word(self.loca, glyph * 2)?) * 2)
        }
    }

    fn outline(&self, glyph: u16) -> Option<&'a [u8]> {
        self.glyf
            .get(self.start(usize::from(glyph))?..self.start(usize::from(glyph) + 1)?)
    }

    /// The glyphs a composed glyph is made of.
    fn parts(&self, glyph: u16) -> Vec<u16> {
        let mut parts = Vec::new();
        let Some(outline) = self.outline(glyph) else {
            return parts;
        };
        if word(outline, 0).is_none_or(|contours| contours < 0x8000) {
            return parts;
        }
        let mut at = 10;
        while let (Some(flags), Some(part)) = (word(outline, at), word(outline, at + 2)) {
            parts.push(part);
            at += 4 + if flags & 1 != 0 { 4 } else { 2 };
            at += match flags & 0b1100_1000 {
                0b0000_1000 => 2,
                0b0100_0000 => 4,
                0b1000_0000 => 8,
                _ => 0,
            };
            if flags & 0b10_0000 == 0 {
                break;
            }
        }
        parts
    }
}

fn assemble(font: &[u8], glyf: &[u8], loca: &[u8], head: &[u8]) -> Option<Vec<u8>> {
    // A post table of version 3 names no glyphs.
    let mut post = table(font, b"post")?.get(..32)?.to_vec();
    post.get_mut(0..4)?.copy_from_slice(&[0, 3, 0, 0]);
    let tables: Vec<(&[u8; 4], &[u8])> = KEPT
        .iter()
        .map(|tag| {
            let data = match *tag {
                b"glyf" => glyf,
                b"loca" => loca,
                b"head" => head,
                b"post" => post.as_slice(),
                other => table(font, other)?,
            };
            Some((*tag, data))
        })
        .collect::<Option<_>>()?;
    let mut out = Vec::new();
    let count = tables.len() as u16;
    let power = count.ilog2() as u16;
    out.extend([0, 1, 0, 0]);
    for value in [count, 16 << power, power, count * 16 - (16 << power)] {
        out.extend(value.to_be_bytes());
    }
    let mut offset = 12 + tables.len() * 16;
    for (tag, data) in &tables {
        out.extend(*tag);
        out.extend(checksum(data).to_be_bytes());
        out.extend((offset as u32).to_be_bytes());
        out.extend((data.len() as u32).to_be_bytes());
        offset += data.len().next_multiple_of(4);
    }
    for (_, data) in &tables {
        out.extend_from_slice(data);
        out.resize(out.len().next_multiple_of(4), 0);
    }
    Some(out)
}

fn table<'a>(font: &'a [u8], tag: &[u8; 4]) -> Option<&'a [u8]> {
    let count = usize::from(word(font, 4)?);
    (0..count).find_map(|index| {
        let record = font.get(12 + index * 16..28 + index * 16)?;
        (record[..4] == tag[..]).then_some(())?;
        let start = long(record, 8)? as usize;
        font.get(start..start + long(record, 12)? as usize)
    })
}

fn word(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn long(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

fn checksum(data: &[u8]) -> u32 {
    data.chunks(4).fold(0u32, |sum, part| {
        let mut word = [0; 4];
        word[..part.len()].copy_from_slice(part);
        sum.wrapping_add(u32::from_be_bytes(word))
    })
}

#[cfg(test)]
mod tests {
    use ab_glyph::{Font, FontRef};

    use super::*;
    use crate::studio::kit::lettering::{Face, REGULAR_TTF};

    #[test]
    fn the_subset_is_small_and_keeps_the_outlines_asked_for() {
        let whole = Face::Regular.font();
        // Ź is composed of Z and an accent.
        let asked: Vec<u16> = "AŹ"
            .chars()
            .map(|letter| whole.glyph_id(letter).0)
            .collect();
        let small = subset(REGULAR_TTF, asked.iter().copied());
        assert!(small.len() < 40_000, "{} bytes", small.len());
        let glyphs = Outlines {
            glyf: table(&small, b"glyf").expect("glyf"),
            loca: table(&small, b"loca").expect("loca"),
            long: true,
        };
        let before = Outlines {
            glyf: table(REGULAR_TTF, b"glyf").expect("glyf"),
            loca: table(REGULAR_TTF, b"loca").expect("loca"),
            long: word(table(REGULAR_TTF, b"head").expect("head"), 50) != Some(0),
        };
        for glyph in asked.iter().copied().chain(before.parts(asked[1])) {
            let (now, then) = (
                glyphs.outline(glyph).expect("kept"),
                before.outline(glyph).expect("there"),
            );
            assert!(
                !then.is_empty() && now.starts_with(then),
                "glyph {glyph} changed"
            );
        }
        let b = whole.glyph_id('B').0;
        assert_eq!(glyphs.outline(b), Some(&[][..]));
        assert!(FontRef::try_from_slice(&small).is_ok());
    }
}
