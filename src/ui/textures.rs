//! Textures within a budget: of time each frame, and of memory altogether.

use std::time::{Duration, Instant};

use egui::{ColorImage, Context, TextureHandle, TextureOptions};
use lru::LruCache;

use super::{Actions, animation};
use crate::model::{Pixels, PreviewKey, Problem};
use crate::state::{Action, Preview, PreviewState};

/// Bytes of textures kept at most, beyond what the current frame shows.
const BUDGET: usize = 256 << 20;

/// Time a frame may spend on uploads.
const UPLOAD: Duration = Duration::from_millis(4);

/// Pictures on the graphics card, least recently shown first to go.
pub struct Textures {
    cache: LruCache<PreviewKey, Shown>,
    bytes: usize,
    frame: u64,
    /// What this frame painted, most wanted first.
    wanted: Vec<PreviewKey>,
    asked: Vec<PreviewKey>,
    spent: Duration,
    left_over: bool,
}

/// A picture that can be painted.
#[derive(Clone)]
pub struct Shown {
    pub texture: TextureHandle,
    /// Pixels of the original.
    pub original: (u32, u32),
    bytes: usize,
    frame: u64,
}

/// How a picture stands.
pub enum Picture<'a> {
    Shown(Shown),
    Loading,
    Failed(&'a Problem),
}

impl Default for Textures {
    fn default() -> Self {
        Self {
            cache: LruCache::unbounded(),
            bytes: 0,
            frame: 0,
            wanted: Vec::new(),
            asked: Vec::new(),
            spent: Duration::ZERO,
            left_over: false,
        }
    }
}

impl Textures {
    pub(super) fn begin_frame(&mut self) {
        self.frame += 1;
        self.wanted.clear();
        self.spent = Duration::ZERO;
        self.left_over = false;
    }

    /// The picture, if it is there; else it is wanted from now on. Call it for what is in view only,
    /// most important first.
    pub fn get<'a>(
        &mut self,
        ctx: &Context,
        previews: &'a PreviewState,
        key: &PreviewKey,
        actions: &mut Actions,
    ) -> Picture<'a> {
        self.wanted.push(key.clone());
        let frame = self.frame;
        if let Some(shown) = self.cache.get_mut(key) {
            shown.frame = frame;
            return Picture::Shown(shown.clone());
        }
        match previews.get(key) {
            Some(Preview::Failed(problem)) => Picture::Failed(problem),
            Some(Preview::Ready(pixels)) => self.upload(ctx, key, pixels, actions),
            Some(Preview::Uploaded) => {
                // Dropped here while the state still believes in it.
                actions.push(Action::PreviewsEvicted(vec![key.clone()]));
                self.asked.clear();
                Picture::Loading
            }
            Some(Preview::Making) | None => Picture::Loading,
        }
    }

    /// The picture only if it is a texture already; never asks for it.
    pub fn peek(&mut self, key: &PreviewKey) -> Option<Shown> {
        let frame = self.frame;
        let shown = self.cache.get_mut(key)?;
        shown.frame = frame;
        Some(shown.clone())
    }

    fn upload(
        &mut self,
        ctx: &Context,
        key: &PreviewKey,
        pixels: &Pixels,
        actions: &mut Actions,
    ) -> Picture<'static> {
        if self.spent >= UPLOAD {
            self.left_over = true;
            return Picture::Loading;
        }
        let begin = Instant::now();
        let size = [pixels.width as usize, pixels.height as usize];
        let image = ColorImage::from_rgba_premultiplied(size, &pixels.rgba);
        let options = TextureOptions {
            mipmap_mode: Some(egui::TextureFilter::Linear),
            ..TextureOptions::LINEAR
        };
        let texture = ctx.load_texture("preview", image, options);
        let shown = Shown {
            texture,
            original: pixels.original,
            bytes: pixels.bytes(),
            frame: self.frame,
        };
        self.bytes += shown.bytes;
        self.cache.put(key.clone(), shown.clone());
        self.spent += begin.elapsed();
        actions.push(Action::PreviewUploaded(key.clone()));
        Picture::Shown(shown)
    }

    pub(super) fn end_frame(&mut self, ctx: &Context, actions: &mut Actions) {
        let evicted = self.evict();
        if !evicted.is_empty() {
            actions.push(Action::PreviewsEvicted(evicted));
        }
        if self.wanted != self.asked {
            self.asked.clone_from(&self.wanted);
            actions.push(Action::ShowPreviews(self.wanted.clone()));
        }
        if self.left_over {
            animation::continue_next_frame(ctx);
        }
    }

    /// Drops the least recently shown until the budget holds; never what this frame shows.
    fn evict(&mut self) -> Vec<PreviewKey> {
        let mut evicted = Vec::new();
        while self.bytes > BUDGET {
            match self.cache.peek_lru() {
                Some((_, shown)) if shown.frame < self.frame => {
                    if let Some((key, shown)) = self.cache.pop_lru() {
                        self.bytes -= shown.bytes;
                        evicted.push(key);
                    }
                }
                _ => break,
            }
        }
        evicted
    }
}
