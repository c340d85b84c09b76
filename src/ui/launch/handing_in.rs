//! Files that are dropped on the window or pasted into it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use egui::{ColorImage, Event, Ui};

use super::form::Screen;

use super::routing::{self, Spot};
use super::url_entry::is_address;
use crate::model::{MediaKind, MediaSource};
use crate::state::Action;
use crate::ui::Frame;
use crate::ui::keys::is_under_a_dialog;

/// Takes what was dropped or pasted, and marks the fields that would take what hangs over the window.
pub fn ui(ui: &Ui, screen: &mut Screen, frame: &mut Frame<'_>) {
    screen.wanted = wanted(ui, &screen.spots);
    if screen.spots.is_empty() || is_covered(ui, screen) {
        return;
    }
    for (spot, source) in dropped(ui, &screen.spots) {
        hand_in(&screen.spots[spot], source, frame);
    }
    if screen.editor.is_none() && screen.url.is_none() {
        for (spot, source) in pasted(ui, &screen.spots) {
            hand_in(&screen.spots[spot], source, frame);
        }
    }
}

/// Whether a dialog lies over the form. The large editor is a part of it.
fn is_covered(ui: &Ui, screen: &Screen) -> bool {
    screen.editor.is_none() && is_under_a_dialog(ui)
}

fn hand_in(spot: &Spot, source: MediaSource, frame: &mut Frame<'_>) {
    frame.actions.push(Action::HandIn {
        input: spot.input.clone(),
        source,
    });
}

fn wanted(ui: &Ui, spots: &[Spot]) -> Vec<crate::model::InputId> {
    let kinds: Vec<Option<MediaKind>> = ui.input(|input| {
        let paths = input
            .raw
            .hovered_files
            .iter()
            .map(|file| file.path.as_deref());
        paths
            .map(|path| path.and_then(routing::kind_by_name))
            .collect()
    });
    let places = routing::distribute(&kinds, spots);
    places
        .into_iter()
        .flatten()
        .map(|place| spots[place].input.clone())
        .collect()
}

fn dropped(ui: &Ui, spots: &[Spot]) -> Vec<(usize, MediaSource)> {
    let files = ui.input(|input| input.raw.dropped_files.clone());
    let kinds: Vec<Option<MediaKind>> = files
        .iter()
        .map(|file| routing::kind_by_name(file.path()))
        .collect();
    let places = routing::distribute(&kinds, spots);
    let sources = files
        .iter()
        .map(|file| MediaSource::Path(file.path().to_owned()));
    places
        .into_iter()
        .zip(sources)
        .filter_map(|(place, source)| Some((place?, source)))
        .collect()
}

fn pasted(ui: &Ui, spots: &[Spot]) -> Vec<(usize, MediaSource)> {
    let typing = ui.ctx().text_edit_focused();
    let mut taken = Vec::new();
    ui.input_mut(|input| {
        input.events.retain(|event| {
            let found = match event {
                Event::PasteImage(image) => {
                    place_for_picture(spots).map(|spot| (spot, pixels(image)))
                }
                // A field that takes text takes it.
                Event::Paste(text) if !typing => place_for_text(text, spots),
                _ => None,
            };
            let keep = found.is_none();
            taken.extend(found);
            keep
        });
    });
    taken
}

fn place_for_picture(spots: &[Spot]) -> Option<usize> {
    routing::route(Some(&MediaKind::Image), spots)
}

/// An address goes to the field one is at; a file's path where a dropped file would go.
fn place_for_text(text: &str, spots: &[Spot]) -> Option<(usize, MediaSource)> {
    let text = text.trim();
    if is_address(text) {
        let here = |spot: &Spot| spot.hovered || spot.focused;
        let spot = spots
            .iter()
            .position(here)
            .or((spots.len() == 1).then_some(0))?;
        return Some((spot, MediaSource::Url(text.to_owned())));
    }
    let path = pasted_path(text)?;
    let kind = routing::kind_by_name(&path)?;
    Some((routing::route(Some(&kind), spots)?, MediaSource::Path(path)))
}

/// What a file manager puts into the clipboard when a file is copied there.
fn pasted_path(text: &str) -> Option<PathBuf> {
    if text.contains('\n') {
        return None;
    }
    let path = text.strip_prefix("file://").unwrap_or(text);
    Path::new(path).is_absolute().then(|| PathBuf::from(path))
}

fn pixels(image: &ColorImage) -> MediaSource {
    let rgba: Arc<[u8]> = image
        .pixels
        .iter()
        .flat_map(egui::Color32::to_srgba_unmultiplied)
        .collect();
    let side = |side: usize| u32::try_from(side).unwrap_or(u32::MAX);
    MediaSource::Pixels {
        width: side(image.width()),
        height: side(image.height()),
        rgba,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copied_file_is_told_from_words() {
        assert_eq!(
            pasted_path("file:///home/ada/a.png"),
            Some(PathBuf::from("/home/ada/a.png"))
        );
        assert_eq!(pasted_path("a.png"), None);
        assert_eq!(pasted_path("/home/a.png\n/home/b.png"), None);
    }
}
