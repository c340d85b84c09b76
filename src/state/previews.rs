//! Pictures between the worker that makes them ready and the textures that show them.

use std::collections::HashMap;

use super::nothing;
use crate::message::Command;
use crate::model::{Pixels, PreviewKey, Problem};

/// Previews that are wanted, under way, or ready to become textures.
#[derive(Debug, Default)]
pub struct PreviewState {
    previews: HashMap<PreviewKey, Preview>,
    wanted: Vec<PreviewKey>,
}

/// How one preview stands.
#[derive(Clone, Debug, PartialEq)]
pub enum Preview {
    Making,
    /// To be uploaded.
    Ready(Pixels),
    /// It is a texture; its pixels are no longer here.
    Uploaded,
    Failed(Problem),
}

impl PreviewState {
    /// How this preview stands, if it was ever wanted.
    pub fn get(&self, key: &PreviewKey) -> Option<&Preview> {
        self.previews.get(key)
    }

    /// The pictures in view have changed. What is no longer wanted and not begun is forgotten.
    pub(super) fn want(&mut self, keys: Vec<PreviewKey>) -> Vec<Command> {
        if keys == self.wanted {
            return nothing();
        }
        self.wanted = keys;
        self.previews.retain(|key, preview| {
            !matches!(preview, Preview::Making) || self.wanted.contains(key)
        });
        let mut missing = Vec::new();
        for key in &self.wanted {
            let preview = self.previews.entry(key.clone()).or_insert(Preview::Making);
            if matches!(preview, Preview::Making) {
                missing.push(key.clone());
            }
        }
        vec![Command::WantPreviews(missing)]
    }

    pub(super) fn made(
        &mut self,
        key: PreviewKey,
        preview: Result<Pixels, Problem>,
    ) -> Vec<Command> {
        // Made, but scrolled away meanwhile: it would only sit in memory.
        if self.previews.contains_key(&key) {
            let preview = match preview {
                Ok(pixels) => Preview::Ready(pixels),
                Err(problem) => Preview::Failed(problem),
            };
            self.previews.insert(key, preview);
        }
        nothing()
    }

    pub(super) fn uploaded(&mut self, key: &PreviewKey) -> Vec<Command> {
        if let Some(preview) = self.previews.get_mut(key) {
            *preview = Preview::Uploaded;
        }
        nothing()
    }

    pub(super) fn evicted(&mut self, keys: &[PreviewKey]) -> Vec<Command> {
        for key in keys {
            self.previews.remove(key);
        }
        // Were one of them still in view, it would have to be asked for anew.
        self.wanted.clear();
        nothing()
    }

    /// A file came or changed: what failed for want of it may succeed now.
    pub(super) fn forget_failures(&mut self) {
        self.previews
            .retain(|_, preview| !matches!(preview, Preview::Failed(_)));
        self.wanted.clear();
    }

    pub(super) fn reset(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::OutputKey;

    fn key(number: i64) -> PreviewKey {
        PreviewKey::thumb(OutputKey::new(number))
    }

    fn pixels() -> Pixels {
        Pixels {
            width: 1,
            height: 1,
            rgba: vec![0; 4].into(),
            original: (1, 1),
        }
    }

    #[test]
    fn only_what_is_missing_is_asked_for() {
        let mut previews = PreviewState::default();
        previews.want(vec![key(1), key(2)]);
        previews.made(key(1), Ok(pixels()));
        let commands = previews.want(vec![key(1), key(3)]);
        let [Command::WantPreviews(keys)] = commands.as_slice() else {
            panic!("{commands:?}");
        };
        assert_eq!(keys, &[key(3)]);
    }

    #[test]
    fn a_picture_that_was_scrolled_away_is_dropped_when_it_comes() {
        let mut previews = PreviewState::default();
        previews.want(vec![key(1)]);
        previews.want(vec![key(2)]);
        previews.made(key(1), Ok(pixels()));
        assert_eq!(previews.get(&key(1)), None);
    }

    #[test]
    fn an_evicted_picture_in_view_is_asked_for_again() {
        let mut previews = PreviewState::default();
        previews.want(vec![key(1)]);
        previews.made(key(1), Ok(pixels()));
        previews.uploaded(&key(1));
        previews.evicted(&[key(1)]);
        assert_eq!(previews.want(vec![key(1)]).len(), 1);
    }
}
