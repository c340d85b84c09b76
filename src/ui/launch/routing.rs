//! Which field a dropped or pasted file goes to.

use std::path::Path;

use crate::model::{InputId, MediaKind};

/// A field that takes files, where it was painted.
#[derive(Clone, Debug)]
pub struct Spot {
    pub input: InputId,
    pub kind: MediaKind,
    /// Takes more than one.
    pub several: bool,
    /// Holds one already.
    pub filled: bool,
    /// It has the keyboard.
    pub focused: bool,
    /// The pointer is over it.
    pub hovered: bool,
}

/// What a file is by its name. Only a hint for where to put it: the content is looked at later.
pub fn kind_by_name(path: &Path) -> Option<MediaKind> {
    let extension = path.extension()?.to_str()?.to_ascii_lowercase();
    Some(match extension.as_str() {
        "png" | "jpg" | "jpeg" | "jpe" | "jfif" | "webp" | "gif" | "avif" | "heic" | "heif"
        | "bmp" | "tif" | "tiff" => MediaKind::Image,
        "mp4" | "m4v" | "mov" | "webm" | "mkv" => MediaKind::Video,
        "mp3" | "wav" | "ogg" | "oga" | "flac" | "m4a" => MediaKind::Audio,
        "pdf" => MediaKind::Document,
        _ => return None,
    })
}

/// The field for a file of this kind (nothing when its name does not tell): the one under the pointer or with the
/// keyboard, else the first empty one that fits, else one that takes several, else the first that fits.
/// A field under the pointer gets what fits nowhere, and says so.
pub fn route(kind: Option<&MediaKind>, spots: &[Spot]) -> Option<usize> {
    let fits = |spot: &Spot| kind.is_none_or(|kind| *kind == spot.kind);
    let find = |wanted: &dyn Fn(&Spot) -> bool| spots.iter().position(wanted);
    find(&|spot| spot.hovered && fits(spot))
        .or_else(|| find(&|spot| spot.focused && fits(spot)))
        .or_else(|| find(&|spot| kind.is_some() && !spot.filled && fits(spot)))
        .or_else(|| find(&|spot| kind.is_some() && spot.several && fits(spot)))
        .or_else(|| find(&|spot| kind.is_some() && fits(spot)))
        .or_else(|| find(&|spot| spot.hovered))
        .or_else(|| (kind.is_none() && spots.len() == 1).then_some(0))
}

/// Distributes several files at once: each takes its place before the next one looks for its own.
pub fn distribute(kinds: &[Option<MediaKind>], spots: &[Spot]) -> Vec<Option<usize>> {
    let mut spots = spots.to_vec();
    let mut places = Vec::new();
    for kind in kinds {
        let place = route(kind.as_ref(), &spots);
        if let Some(place) = place {
            let spot = &mut spots[place];
            spot.filled = true;
            if !spot.several {
                // The next file must not push this one out again.
                spot.hovered = false;
                spot.focused = false;
            }
        }
        places.push(place);
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spot(id: &str, kind: MediaKind) -> Spot {
        Spot {
            input: InputId::new(id),
            kind,
            several: false,
            filled: false,
            focused: false,
            hovered: false,
        }
    }

    #[test]
    fn a_file_goes_under_the_pointer_if_it_fits_there() {
        let mut spots = [
            spot("picture", MediaKind::Image),
            spot("light", MediaKind::Image),
        ];
        spots[1].hovered = true;
        assert_eq!(route(Some(&MediaKind::Image), &spots), Some(1));
        spots[1].kind = MediaKind::Video;
        assert_eq!(route(Some(&MediaKind::Image), &spots), Some(0));
    }

    #[test]
    fn without_a_pointer_the_first_empty_field_of_its_kind_takes_it() {
        let mut spots = [
            spot("film", MediaKind::Video),
            spot("picture", MediaKind::Image),
            spot("light", MediaKind::Image),
        ];
        spots[1].filled = true;
        assert_eq!(route(Some(&MediaKind::Image), &spots), Some(2));
        spots[2].filled = true;
        assert_eq!(route(Some(&MediaKind::Image), &spots), Some(1), "replaced");
        assert_eq!(route(Some(&MediaKind::Audio), &spots), None);
        assert_eq!(route(None, &spots), None, "nobody can tell");
    }

    #[test]
    fn what_fits_nowhere_is_refused_at_the_field_under_the_pointer() {
        let mut spots = [spot("picture", MediaKind::Image)];
        spots[0].hovered = true;
        assert_eq!(route(Some(&MediaKind::Audio), &spots), Some(0));
    }

    #[test]
    fn two_files_at_once_fill_two_fields() {
        let mut spots = [
            spot("picture", MediaKind::Image),
            spot("light", MediaKind::Image),
        ];
        spots[0].hovered = true;
        let kinds = [Some(MediaKind::Image), Some(MediaKind::Image)];
        assert_eq!(distribute(&kinds, &spots), [Some(0), Some(1)]);
        spots[0].several = true;
        assert_eq!(distribute(&kinds, &spots), [Some(0), Some(0)]);
    }

    #[test]
    fn names_tell_kinds() {
        assert_eq!(kind_by_name(Path::new("/a/B.JPEG")), Some(MediaKind::Image));
        assert_eq!(
            kind_by_name(Path::new("/a/b.pdf")),
            Some(MediaKind::Document)
        );
        assert_eq!(kind_by_name(Path::new("/a/b")), None);
    }
}
