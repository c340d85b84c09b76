//! Markdown into blocks that can be painted one by one. Nothing in it is ever fetched or run: pictures are their
//! words, HTML is shown as it was written, and links are only those to the web.

use std::ops::Range;

use egui::text::{LayoutJob, TextFormat};
use egui::{FontId, Stroke};
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use crate::ui::theme::{Icon, Tokens, font};

/// One block of a text, from top to bottom.
#[derive(Clone, Debug)]
pub(super) struct Block {
    pub job: LayoutJob,
    pub kind: BlockKind,
    /// How deep in lists and quotes.
    pub depth: usize,
    /// "•" or "3." at its left.
    pub mark: Option<String>,
    /// Free ground above, in points.
    pub above: f32,
    pub links: Vec<Link>,
}

/// How a block is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BlockKind {
    Words,
    Quote,
    Code,
    Rule,
}

/// Characters that lead to a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Link {
    pub characters: Range<usize>,
    pub url: String,
}

/// Line height of reading text, as a factor.
const LINE: f32 = 1.55;

/// Characters of one block at most: a longer one is cut, so that no block costs a frame.
const LONGEST: usize = 6000;

/// A text as it was written, a block a line.
pub(super) fn plain(text: &str, tokens: &Tokens) -> Vec<Block> {
    let format = words_format(font::reading(), tokens.text_primary);
    let lines = text.split('\n').flat_map(pieces);
    lines
        .map(|line| {
            Block::words(
                LayoutJob::single_section(line.to_owned(), format.clone()),
                0.0,
            )
        })
        .collect()
}

/// Cuts a line that is too long, at a space where there is one.
fn pieces(line: &str) -> Vec<&str> {
    let mut rest = line.trim_end_matches('\r');
    let mut pieces = Vec::new();
    while rest.len() > LONGEST {
        let mut cut = LONGEST;
        while !rest.is_char_boundary(cut) {
            cut -= 1;
        }
        let cut = rest[..cut].rfind(' ').map_or(cut, |space| space + 1);
        let (piece, tail) = rest.split_at(cut);
        pieces.push(piece);
        rest = tail;
    }
    pieces.push(rest);
    pieces
}

/// A text read as Markdown.
pub(super) fn parse(text: &str, tokens: &Tokens) -> Vec<Block> {
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    let mut writer = Writer::new(tokens);
    for event in Parser::new_ext(text, options) {
        writer.take(event);
    }
    writer.finish()
}

impl Block {
    fn words(job: LayoutJob, above: f32) -> Self {
        Self {
            job,
            kind: BlockKind::Words,
            depth: 0,
            mark: None,
            above,
            links: Vec::new(),
        }
    }
}

/// Gathers events into blocks.
struct Writer<'a> {
    tokens: &'a Tokens,
    blocks: Vec<Block>,
    job: LayoutJob,
    characters: usize,
    links: Vec<Link>,
    /// Where the open link began.
    link: Option<(usize, String)>,
    heading: Option<HeadingLevel>,
    strong: usize,
    emphasis: usize,
    struck: usize,
    quotes: usize,
    in_code: bool,
    in_table: bool,
    /// Open lists: the next number, for those that count.
    lists: Vec<Option<u64>>,
    /// The mark of the item that has no block yet.
    mark: Option<String>,
}

impl<'a> Writer<'a> {
    fn new(tokens: &'a Tokens) -> Self {
        Self {
            tokens,
            blocks: Vec::new(),
            job: LayoutJob::default(),
            characters: 0,
            links: Vec::new(),
            link: None,
            heading: None,
            strong: 0,
            emphasis: 0,
            struck: 0,
            quotes: 0,
            in_code: false,
            in_table: false,
            lists: Vec::new(),
            mark: None,
        }
    }

    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => self.write(&text),
            Event::Code(text) => self.write_as(&text, self.code_format()),
            Event::InlineMath(text) | Event::DisplayMath(text) => self.write(&text),
            Event::FootnoteReference(name) => self.write(&format!("[{name}]")),
            Event::SoftBreak => self.write(" "),
            Event::HardBreak => self.write("\n"),
            Event::Rule => {
                self.flush();
                self.push(BlockKind::Rule);
            }
            Event::TaskListMarker(done) => {
                let icon = if done {
                    Icon::SquareCheck
                } else {
                    Icon::Square
                };
                self.mark = Some(char::from(icon).to_string());
            }
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Heading { level, .. } => {
                self.flush();
                self.heading = Some(level);
            }
            Tag::BlockQuote(_) => {
                self.flush();
                self.quotes += 1;
            }
            Tag::CodeBlock(_) => {
                self.flush();
                self.in_code = true;
            }
            Tag::List(first) => {
                self.flush();
                self.lists.push(first);
            }
            Tag::Item => {
                self.flush();
                self.mark = Some(self.next_mark());
            }
            Tag::Table(_) | Tag::TableHead | Tag::TableRow => {
                self.flush();
                self.in_table = true;
            }
            Tag::TableCell if self.characters > 0 => self.write("   ·   "),
            Tag::Strong => self.strong += 1,
            Tag::Emphasis => self.emphasis += 1,
            Tag::Strikethrough => self.struck += 1,
            Tag::Link { dest_url, .. } if is_web(&dest_url) => {
                self.link = Some((self.characters, dest_url.into_string()));
            }
            Tag::Paragraph | Tag::HtmlBlock | Tag::FootnoteDefinition(_) => self.flush(),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Heading(_) => {
                self.flush();
                self.heading = None;
            }
            TagEnd::BlockQuote(_) => {
                self.flush();
                self.quotes = self.quotes.saturating_sub(1);
            }
            TagEnd::CodeBlock => {
                self.flush();
                self.in_code = false;
            }
            TagEnd::List(_) => {
                self.flush();
                self.lists.pop();
            }
            TagEnd::Table => {
                self.flush();
                self.in_table = false;
            }
            TagEnd::Strong => self.strong = self.strong.saturating_sub(1),
            TagEnd::Emphasis => self.emphasis = self.emphasis.saturating_sub(1),
            TagEnd::Strikethrough => self.struck = self.struck.saturating_sub(1),
            TagEnd::Link => self.end_link(),
            TagEnd::Paragraph
            | TagEnd::Item
            | TagEnd::HtmlBlock
            | TagEnd::TableHead
            | TagEnd::TableRow => self.flush(),
            _ => {}
        }
    }

    fn next_mark(&mut self) -> String {
        match self.lists.last_mut() {
            Some(Some(number)) => {
                let mark = format!("{number}.");
                *number += 1;
                mark
            }
            _ => "•".to_owned(),
        }
    }

    fn end_link(&mut self) {
        if let Some((begin, url)) = self.link.take() {
            let characters = begin..self.characters;
            self.links.push(Link { characters, url });
        }
    }

    fn write(&mut self, text: &str) {
        self.write_as(text, self.format());
    }

    fn write_as(&mut self, text: &str, format: TextFormat) {
        for piece in pieces(text) {
            if self.job.text.len() + piece.len() > LONGEST {
                self.continue_below();
            }
            self.characters += piece.chars().count();
            self.job.append(piece, 0.0, format.clone());
        }
    }

    /// A paragraph without end goes on in the next block, and so does its link.
    fn continue_below(&mut self) {
        let link = self.link.clone();
        self.end_link();
        self.flush();
        self.link = link.map(|(_, url)| (0, url));
    }

    fn format(&self) -> TextFormat {
        let tokens = self.tokens;
        if self.in_code {
            return words_format(font::mono(), tokens.text_primary);
        }
        let size = match self.heading {
            Some(HeadingLevel::H1) => 24.0,
            Some(HeadingLevel::H2) => 19.0,
            Some(HeadingLevel::H3) => 16.0,
            _ => 15.0,
        };
        let medium = self.heading.is_some() || self.strong > 0;
        let font = if medium {
            font::medium(size)
        } else {
            FontId::proportional(size)
        };
        let color = match (self.link.is_some(), self.quotes > 0) {
            (true, _) => tokens.accent,
            (false, true) => tokens.text_secondary,
            (false, false) => tokens.text_primary,
        };
        let mut format = words_format(font, color);
        if self.heading.is_some() {
            format.line_height = Some(size * 1.3);
        }
        format.italics = self.emphasis > 0;
        if self.struck > 0 {
            format.strikethrough = Stroke::new(1.0, color);
        }
        format
    }

    fn code_format(&self) -> TextFormat {
        let mut format = words_format(FontId::monospace(13.0), self.tokens.text_primary);
        format.background = self.tokens.bg_hover;
        format.line_height = Some(15.0 * LINE);
        format
    }

    /// Ends the block that is being gathered.
    fn flush(&mut self) {
        if self.characters > 0 {
            let kind = match (self.in_code, self.quotes > 0) {
                (true, _) => BlockKind::Code,
                (false, true) => BlockKind::Quote,
                (false, false) => BlockKind::Words,
            };
            self.push(kind);
        }
    }

    fn push(&mut self, kind: BlockKind) {
        let mut job = std::mem::take(&mut self.job);
        let end = job.text.trim_end_matches('\n').len();
        if end < job.text.len() {
            job.text.truncate(end);
            for section in &mut job.sections {
                section.byte_range.end = section.byte_range.end.min(end.into());
                section.byte_range.start = section.byte_range.start.min(end.into());
            }
        }
        let above = if self.blocks.is_empty() {
            0.0
        } else {
            self.room_above(kind)
        };
        self.blocks.push(Block {
            job,
            kind,
            depth: self.lists.len(),
            mark: self.mark.take(),
            above,
            links: std::mem::take(&mut self.links),
        });
        self.characters = 0;
    }

    fn room_above(&self, kind: BlockKind) -> f32 {
        let after_quote = self.blocks.last().is_some_and(|block| block.kind == kind);
        match self.heading {
            Some(HeadingLevel::H1 | HeadingLevel::H2) => 28.0,
            Some(_) => 20.0,
            None if self.in_table || self.lists.len() > 1 => 4.0,
            None if !self.lists.is_empty() => 6.0,
            None if kind == BlockKind::Quote && after_quote => 8.0,
            None => 12.0,
        }
    }

    fn finish(mut self) -> Vec<Block> {
        self.flush();
        self.blocks
    }
}

fn words_format(font: FontId, color: egui::Color32) -> TextFormat {
    let line_height = Some((font.size * LINE).round());
    TextFormat {
        line_height,
        valign: egui::Align::Center,
        ..TextFormat::simple(font, color)
    }
}

/// Only the web is opened from a text.
fn is_web(url: &str) -> bool {
    url::Url::parse(url).is_ok_and(|url| matches!(url.scheme(), "http" | "https"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blocks(text: &str) -> Vec<Block> {
        parse(text, Tokens::of(egui::Theme::Dark))
    }

    #[test]
    fn headings_paragraphs_and_lists_become_blocks() {
        let blocks = blocks("# One\n\nTwo *three*\nfour.\n\n1. a\n2. b\n   - c\n");
        let texts: Vec<_> = blocks.iter().map(|b| b.job.text.as_str()).collect();
        assert_eq!(texts, ["One", "Two three four.", "a", "b", "c"]);
        let marks: Vec<_> = blocks.iter().map(|b| b.mark.as_deref()).collect();
        assert_eq!(marks, [None, None, Some("1."), Some("2."), Some("•")]);
        assert_eq!(blocks[4].depth, 2);
    }

    #[test]
    fn only_links_to_the_web_are_links() {
        let blocks = blocks("See [here](https://flora.ai/a) or [there](file:///etc/passwd)");
        let [block] = blocks.as_slice() else {
            panic!("{blocks:?}")
        };
        assert_eq!(block.job.text, "See here or there");
        assert_eq!(
            block.links,
            [Link {
                characters: 4..8,
                url: "https://flora.ai/a".to_owned()
            }]
        );
    }

    #[test]
    fn html_and_pictures_are_only_words() {
        let blocks = blocks("<script>x</script>\n\n![a fern](https://e.com/fern.png)");
        assert!(blocks[0].job.text.contains("<script>"), "{blocks:?}");
        assert_eq!(blocks[1].job.text, "a fern");
        assert!(blocks[1].links.is_empty());
    }

    #[test]
    fn no_block_is_so_long_that_it_costs_a_frame() {
        let endless = "wörter ".repeat(5_000);
        for blocks in [
            blocks(&endless),
            plain(&endless, Tokens::of(egui::Theme::Dark)),
        ] {
            assert!(blocks.len() > 3);
            let together: String = blocks.iter().map(|b| b.job.text.as_str()).collect();
            assert_eq!(together.trim_end(), endless.trim_end());
        }
    }

    #[test]
    fn code_keeps_its_lines() {
        let blocks = blocks("```\na\n  b\n```");
        assert_eq!(blocks[0].kind, BlockKind::Code);
        assert_eq!(blocks[0].job.text, "a\n  b");
    }
}
