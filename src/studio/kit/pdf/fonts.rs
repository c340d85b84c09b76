//! A face in a document: which of its letters are used, and how it is embedded.

use std::collections::BTreeMap;

use ab_glyph::Font;
use miniz_oxide::deflate::compress_to_vec_zlib;
use pdf_writer::types::{CidFontType, FontFlags, SystemInfo, UnicodeCmap};
use pdf_writer::{Filter, Finish, Name, Pdf, Rect, Ref, Str};

use super::subset::subset;
use crate::studio::kit::lettering::{DISPLAY_TTF, Face, MEDIUM_TTF, REGULAR_TTF};

/// A face and the glyphs used of it, each with a letter it stands for.
pub struct Used {
    face: Face,
    glyphs: BTreeMap<u16, char>,
}

impl Used {
    pub fn new(face: Face) -> Self {
        Self {
            face,
            glyphs: BTreeMap::new(),
        }
    }

    /// A line as runs of glyph codes, each with the shift before it in thousandths of an em.
    pub fn runs(&mut self, text: &str) -> Vec<(Vec<u8>, f32)> {
        let font = self.face.font();
        let thousandth = 1000.0 / font.units_per_em().unwrap_or(2048.0);
        let mut runs: Vec<(Vec<u8>, f32)> = Vec::new();
        let mut before = None;
        for letter in text.chars() {
            let id = font.glyph_id(letter);
            if id.0 == 0 {
                continue;
            }
            self.glyphs.entry(id.0).or_insert(letter);
            let kern = before.map_or(0.0, |before| font.kern_unscaled(before, id) * thousandth);
            match runs.last_mut() {
                Some((bytes, _)) if kern == 0.0 => bytes.extend(id.0.to_be_bytes()),
                _ => runs.push((id.0.to_be_bytes().to_vec(), kern)),
            }
            before = Some(id);
        }
        runs
    }

    /// Embeds what was used of the face; `None` when nothing was.
    pub fn write(&self, pdf: &mut Pdf, next: &mut i32) -> Option<Ref> {
        if self.glyphs.is_empty() {
            return None;
        }
        let mut reserve = || {
            *next += 1;
            Ref::new(*next - 1)
        };
        let [font, descendant, descriptor, file, cmap] = std::array::from_fn(|_| reserve());
        let name = self.name();
        let name = Name(name.as_bytes());
        pdf.type0_font(font)
            .base_font(name)
            .encoding_predefined(Name(b"Identity-H"))
            .descendant_font(descendant)
            .to_unicode(cmap);
        self.write_descendant(pdf, descendant, descriptor, name);
        self.write_descriptor(pdf, descriptor, file, name);
        let data = subset(self.bytes(), self.glyphs.keys().copied());
        let packed = compress_to_vec_zlib(&data, 6);
        let mut stream = pdf.stream(file, &packed);
        stream.filter(Filter::FlateDecode);
        stream.pair(Name(b"Length1"), data.len() as i32);
        stream.finish();
        let mut unicode = UnicodeCmap::new(Name(b"Custom"), identity());
        for (glyph, letter) in &self.glyphs {
            unicode.pair(*glyph, *letter);
        }
        pdf.cmap(cmap, &unicode.finish());
        Some(font)
    }

    fn write_descendant(&self, pdf: &mut Pdf, id: Ref, descriptor: Ref, name: Name<'_>) {
        let font = self.face.font();
        let thousandth = 1000.0 / font.units_per_em().unwrap_or(2048.0);
        let mut cid = pdf.cid_font(id);
        cid.subtype(CidFontType::Type2);
        cid.base_font(name);
        cid.system_info(identity());
        cid.font_descriptor(descriptor);
        cid.cid_to_gid_map_predefined(Name(b"Identity"));
        let mut widths = cid.widths();
        for glyph in self.glyphs.keys() {
            let width = font.h_advance_unscaled(ab_glyph::GlyphId(*glyph)) * thousandth;
            widths.consecutive(*glyph, [width]);
        }
    }

    fn write_descriptor(&self, pdf: &mut Pdf, id: Ref, file: Ref, name: Name<'_>) {
        let font = self.face.font();
        let thousandth = 1000.0 / font.units_per_em().unwrap_or(2048.0);
        pdf.font_descriptor(id)
            .name(name)
            .flags(FontFlags::SYMBOLIC)
            .bbox(Rect::new(-740.0, -320.0, 2620.0, 1115.0))
            .italic_angle(0.0)
            .ascent(font.ascent_unscaled() * thousandth)
            .descent(font.descent_unscaled() * thousandth)
            .cap_height(727.0)
            .stem_v(if self.face == Face::Display {
                160.0
            } else {
                90.0
            })
            .font_file2(file);
    }

    fn bytes(&self) -> &'static [u8] {
        match self.face {
            Face::Regular => REGULAR_TTF,
            Face::Medium => MEDIUM_TTF,
            Face::Display => DISPLAY_TTF,
        }
    }

    /// Six letters before the name say that this is a part of the font.
    fn name(&self) -> String {
        let name = match self.face {
            Face::Regular => "Inter-Regular",
            Face::Medium => "Inter-Medium",
            Face::Display => "InterDisplay-ExtraBold",
        };
        format!("FLORST+{name}")
    }
}

fn identity() -> SystemInfo<'static> {
    SystemInfo {
        registry: Str(b"Adobe"),
        ordering: Str(b"Identity"),
        supplement: 0,
    }
}
