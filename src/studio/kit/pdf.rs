//! Documents: pages with pictures, shapes and text that can be searched and copied.

mod fonts;
mod subset;

use image::RgbImage;
use miniz_oxide::deflate::compress_to_vec_zlib;
use pdf_writer::{Content, Filter, Finish, Name, Pdf, Rect, Ref, TextStr};

use self::fonts::Used;
use super::canvas::Spot;
use super::colour::Lch;
use super::lettering::{Face, Style};
use super::picture;
use crate::studio::job::{Body, Made};
use crate::wire::IoType;

const FACES: [Face; 3] = [Face::Regular, Face::Medium, Face::Display];

/// A document being written. All pages have one size, in points; places count from the top left.
pub struct Document {
    pdf: Pdf,
    next: i32,
    size: Spot,
    title: String,
    pages: Vec<Sheet>,
    used: [Used; 3],
}

struct Sheet {
    content: Content,
    pictures: Vec<Ref>,
}

/// Objects that are known before any page is: the catalogue, the page tree and the document's facts.
const CATALOG: Ref = Ref::new(1);
const TREE: Ref = Ref::new(2);
const INFO: Ref = Ref::new(3);

impl Document {
    /// A document without pages.
    pub fn new(size: Spot, title: &str) -> Self {
        Self {
            pdf: Pdf::new(),
            next: 4,
            size,
            title: title.to_owned(),
            pages: Vec::new(),
            used: FACES.map(Used::new),
        }
    }

    /// Begins the next page. What follows is drawn on it.
    pub fn page(&mut self) {
        self.pages.push(Sheet {
            content: Content::new(),
            pictures: Vec::new(),
        });
    }

    /// How many pages there are.
    pub fn count(&self) -> usize {
        self.pages.len()
    }

    fn sheet(&mut self) -> &mut Sheet {
        if self.pages.is_empty() {
            self.page();
        }
        self.pages.last_mut().expect("a page was just begun")
    }

    fn reserve(&mut self) -> Ref {
        self.next += 1;
        Ref::new(self.next - 1)
    }

    /// Fills a rectangle.
    pub fn rect(&mut self, (x, y): Spot, (width, height): Spot, colour: Lch) {
        let bottom = self.size.1 - y - height;
        let content = &mut self.sheet().content;
        fill_colour(content, colour);
        content.rect(x, bottom, width, height).fill_nonzero();
    }

    /// Sets a line of text with its baseline beginning at a place.
    pub fn text(&mut self, style: Style, text: &str, (x, baseline): Spot, colour: Lch) {
        let number = style.face as usize;
        let runs = self.used[number].runs(text);
        if runs.is_empty() {
            return;
        }
        let y = self.size.1 - baseline;
        let content = &mut self.sheet().content;
        content.begin_text();
        fill_colour(content, colour);
        content.set_font(Name(FONT_NAMES[number]), style.size);
        content.set_char_spacing(style.tracking * style.size);
        content.next_line(x, y);
        let mut positioned = content.show_positioned();
        let mut items = positioned.items();
        for (bytes, kern) in &runs {
            if *kern != 0.0 {
                items.adjust(-kern);
            }
            items.show(pdf_writer::Str(bytes));
        }
        items.finish();
        positioned.finish();
        content.end_text();
    }

    /// Places a picture, filling a rectangle.
    pub fn picture(&mut self, shown: &RgbImage, (x, y): Spot, (width, height): Spot) {
        let id = self.reserve();
        let data = picture::jpeg(shown, 88);
        let mut object = self.pdf.image_xobject(id, &data);
        object.filter(Filter::DctDecode);
        object.width(shown.width() as i32);
        object.height(shown.height() as i32);
        object.color_space().device_rgb();
        object.bits_per_component(8);
        object.finish();
        let bottom = self.size.1 - y - height;
        let sheet = self.sheet();
        sheet.pictures.push(id);
        let name = picture_name(sheet.pictures.len() - 1);
        sheet.content.save_state();
        sheet
            .content
            .transform([width, 0.0, 0.0, height, x, bottom]);
        sheet.content.x_object(Name(name.as_bytes()));
        sheet.content.restore_state();
    }

    /// Ends the document and gives it as a run's output.
    pub fn into_made(mut self) -> Made {
        let fonts: Vec<Option<Ref>> = self
            .used
            .iter()
            .map(|used| used.write(&mut self.pdf, &mut self.next))
            .collect();
        let pages = std::mem::take(&mut self.pages);
        let mut ids = Vec::with_capacity(pages.len());
        for sheet in pages {
            let (id, contents) = (self.reserve(), self.reserve());
            ids.push(id);
            let packed = compress_to_vec_zlib(sheet.content.finish().as_slice(), 6);
            self.pdf
                .stream(contents, &packed)
                .filter(Filter::FlateDecode);
            let mut page = self.pdf.page(id);
            page.parent(TREE)
                .media_box(Rect::new(0.0, 0.0, self.size.0, self.size.1))
                .contents(contents);
            let mut resources = page.resources();
            let mut objects = resources.x_objects();
            for (index, picture) in sheet.pictures.iter().enumerate() {
                objects.pair(Name(picture_name(index).as_bytes()), *picture);
            }
            objects.finish();
            let mut named = resources.fonts();
            for (name, font) in FONT_NAMES.iter().zip(&fonts) {
                if let Some(font) = font {
                    named.pair(Name(name), *font);
                }
            }
        }
        self.pdf.catalog(CATALOG).pages(TREE);
        self.pdf.pages(TREE).count(ids.len() as i32).kids(ids);
        self.pdf
            .document_info(INFO)
            .title(TextStr(&self.title))
            .creator(TextStr("Florist studio"));
        Made {
            kind: IoType::DocumentUrl,
            body: Body::File {
                extension: "pdf",
                content_type: "application/pdf",
                bytes: self.pdf.finish(),
            },
        }
    }
}

const FONT_NAMES: [&[u8]; 3] = [b"R", b"M", b"D"];

fn picture_name(index: usize) -> String {
    format!("P{index}")
}

fn fill_colour(content: &mut Content, colour: Lch) {
    let [r, g, b] = colour.pixel().map(|channel| f32::from(channel) / 255.0);
    content.set_fill_rgb(r, g, b);
}
