//! The studio's techniques, one file each. Each does honest work on its inputs.

mod colour_transfer;
mod composition_notes;
mod document_notes;
mod duotone_print;
mod field_guide;
mod film_strip;
mod halftone_print;
mod kaleidoscope_loop;
mod layout_resizer;
mod lookbook_grid;
mod palette_pull;
mod pattern_maker;
mod picture_to_sound;
mod pixel_sort;
mod poster;
pub mod samples;
mod slow_zoom;
mod sound_portrait;

use super::job::Technique;
use super::kit::palette::ELEMENTS;

/// All techniques, in the order the studio lists them.
pub fn all() -> Vec<Box<dyn Technique>> {
    vec![
        Box::new(pattern_maker::PatternMaker),
        Box::new(colour_transfer::ColourTransfer),
        Box::new(slow_zoom::SlowZoom),
        Box::new(palette_pull::PalettePull),
        Box::new(poster::Poster),
        Box::new(halftone_print::HalftonePrint),
        Box::new(kaleidoscope_loop::KaleidoscopeLoop),
        Box::new(picture_to_sound::PictureToSound),
        Box::new(field_guide::FieldGuide),
        Box::new(composition_notes::CompositionNotes),
        Box::new(layout_resizer::LayoutResizer),
        Box::new(lookbook_grid::LookbookGrid),
        Box::new(duotone_print::DuotonePrint),
        Box::new(pixel_sort::PixelSort),
        Box::new(film_strip::FilmStrip),
        Box::new(sound_portrait::SoundPortrait),
        Box::new(document_notes::DocumentNotes),
    ]
}

/// The studio's elements, as id and name: palettes that can be given by id wherever an input accepts an element.
pub fn elements() -> impl Iterator<Item = (&'static str, &'static str)> {
    ELEMENTS.iter().map(|element| (element.id, element.name))
}

/// A file name as a caption: without its extension, dashes as spaces, a capital in front.
fn stem(name: &str) -> String {
    let bare = name.rsplit_once('.').map_or(name, |(bare, _)| bare);
    let spaced = bare.replace(['-', '_'], " ");
    let mut letters = spaced.trim().chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

#[cfg(test)]
mod tests;
