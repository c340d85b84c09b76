//! Motifs: what patterns, posters and films are drawn from. Each works on a plain canvas and on a tile.

pub mod bloom;
pub mod dots;
pub mod geometry;
pub mod lines;
pub mod scenery;

use super::canvas::{Canvas, Edges, Spot};
use super::noise::Noise;
use super::palette::Palette;
use super::seed::Rng;

/// How large motifs are and how much ground is left between them; 1.0 is usual for both.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    pub size: f32,
    pub room: f32,
}

impl Scale {
    /// Neither small nor large.
    pub const USUAL: Self = Self {
        size: 1.0,
        room: 1.0,
    };

    /// Reads words such as `small motifs, generous ground`.
    pub fn from_words(words: &str) -> Self {
        let lower = words.to_lowercase();
        let any = |list: &[&str]| list.iter().any(|word| lower.contains(word));
        let size = if any(&["tiny", "minute", "micro"]) {
            0.45
        } else if any(&["small", "fine", "little", "delicate"]) {
            0.65
        } else if any(&["huge", "giant", "oversized"]) {
            2.0
        } else if any(&["large", "big", "bold", "grand"]) {
            1.5
        } else {
            1.0
        };
        let room = if any(&[
            "generous", "airy", "sparse", "open", "spacious", "loose", "wide",
        ]) {
            1.45
        } else if any(&["dense", "tight", "packed", "crowded", "full", "busy"]) {
            0.72
        } else {
            1.0
        };
        Self { size, room }
    }
}

/// A motif: draws on a canvas in a palette's inks.
pub type Motif = fn(&mut Canvas, &Palette, Scale, &mut Rng);

/// Noise over a canvas, `cells` across; on a tile it repeats with it.
pub(super) struct Field {
    noise: Noise,
    per_pixel: f32,
}

impl Field {
    pub(super) fn new(canvas: &Canvas, cells: u32, rng: &mut Rng) -> Self {
        let noise = match canvas.edges() {
            Edges::Wrap => Noise::repeating(rng.bits(), cells, cells),
            Edges::Cut => Noise::endless(rng.bits()),
        };
        Self {
            noise,
            per_pixel: cells as f32 / canvas.width().min(canvas.height()),
        }
    }

    /// About -1.0 to 1.0.
    pub(super) fn at(&self, (x, y): Spot) -> f32 {
        self.noise.at(x * self.per_pixel, y * self.per_pixel)
    }

    /// 0.0 to 1.0, spread more evenly than the noise itself.
    pub(super) fn level(&self, spot: Spot) -> f32 {
        (0.5 + self.at(spot) * 0.85).clamp(0.0, 1.0)
    }
}

/// Places at least `gap` pixels apart, on a tile also across its edges.
pub(super) fn scatter(canvas: &Canvas, gap: f32, rng: &mut Rng) -> Vec<Spot> {
    let (width, height) = (canvas.width(), canvas.height());
    let wraps = canvas.edges() == Edges::Wrap;
    let margin = if wraps { 0.0 } else { gap * 0.5 };
    let tries = ((width * height) / (gap * gap) * 24.0) as usize;
    let mut places: Vec<Spot> = Vec::new();
    for _ in 0..tries.clamp(200, 40_000) {
        let place = (
            rng.between(-margin, width + margin),
            rng.between(-margin, height + margin),
        );
        let free = places.iter().all(|other| {
            let (mut dx, mut dy) = ((place.0 - other.0).abs(), (place.1 - other.1).abs());
            if wraps {
                dx = dx.min(width - dx);
                dy = dy.min(height - dy);
            }
            dx * dx + dy * dy >= gap * gap
        });
        if free {
            places.push(place);
        }
    }
    places
}

/// One thousandth of the shorter side: sizes in motifs are counted in these.
pub(super) fn unit(canvas: &Canvas) -> f32 {
    canvas.width().min(canvas.height()) / 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scale_is_read_from_words() {
        assert_eq!(
            Scale::from_words("small motifs, generous ground"),
            Scale {
                size: 0.65,
                room: 1.45
            }
        );
        assert_eq!(
            Scale::from_words("LARGE and dense"),
            Scale {
                size: 1.5,
                room: 0.72
            }
        );
        assert_eq!(Scale::from_words("whatever"), Scale::USUAL);
    }
}
