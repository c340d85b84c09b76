//! Measures of a picture: where the eye goes, how light lies, and how sharp it is.

use image::RgbImage;

use super::colour::{self, Lch};
use super::picture;

/// Facts about a picture. Places are 0.0 to 1.0 from the left and from the top.
#[derive(Clone, Debug)]
pub struct Facts {
    pub mean_light: f32,
    /// Lightness below which a twentieth of the picture lies, and above which another twentieth does.
    pub darkest: f32,
    pub lightest: f32,
    pub mean_chroma: f32,
    /// Above zero is warm, below cool, by the b axis of Oklab.
    pub warmth: f32,
    /// The centre of what draws the eye.
    pub weight: (f32, f32),
    /// The place of most detail.
    pub focus: (f32, f32),
    /// The strongest level line: where it is and how clear it is (1.0 is a clean edge all the way across).
    pub horizon: Option<(f32, f32)>,
    /// How alike left and right are, 0.0 to 1.0.
    pub symmetry: f32,
    /// The part of the picture that is busy with detail.
    pub busy: f32,
    /// Edge contrast at full size, for judging focus; above 0.1 is crisp.
    pub sharpness: f32,
}

impl Facts {
    /// How light the picture is, in words.
    pub fn light_word(&self) -> &'static str {
        match self.mean_light {
            l if l < 0.35 => "dark, in a low key",
            l if l < 0.5 => "rather dark",
            l if l < 0.68 => "of medium brightness",
            l if l < 0.82 => "bright",
            _ => "very bright, in a high key",
        }
    }

    /// How far its tones are apart, in words.
    pub fn contrast_word(&self) -> &'static str {
        match self.lightest - self.darkest {
            range if range < 0.25 => "soft",
            range if range < 0.5 => "moderate",
            range if range < 0.7 => "strong",
            _ => "very strong",
        }
    }

    /// How strong its colours are, in words.
    pub fn colour_word(&self) -> &'static str {
        match self.mean_chroma {
            c if c < 0.015 => "nearly colourless",
            c if c < 0.05 => "muted",
            c if c < 0.1 => "moderately saturated",
            _ => "saturated",
        }
    }

    /// Whether it leans to warm or cool colours, in words.
    pub fn warmth_word(&self) -> &'static str {
        match self.warmth {
            w if w > 0.02 => "leans warm",
            w if w < -0.02 => "leans cool",
            _ => "is neutral between warm and cool",
        }
    }
}

/// A small map of brightness and of edge energy.
pub struct Energy {
    pub width: usize,
    pub height: usize,
    pub light: Vec<f32>,
    /// How much changes at a pixel, in lightness and colour.
    pub edges: Vec<f32>,
    /// The part of it that changes from top to bottom.
    pub level: Vec<f32>,
}

impl Energy {
    /// Measured on a copy no larger than `longest`.
    pub fn of(source: &RgbImage, longest: u32) -> Self {
        let small = picture::fit_within(source, longest);
        let (width, height) = (small.width() as usize, small.height() as usize);
        let labs: Vec<_> = small
            .as_raw()
            .chunks_exact(3)
            .map(|p| colour::lab([p[0], p[1], p[2]]))
            .collect();
        let mut map = Self {
            width,
            height,
            light: labs.iter().map(|lab| lab.l).collect(),
            edges: vec![0.0; width * height],
            level: vec![0.0; width * height],
        };
        for y in 0..height {
            for x in 0..width {
                let at = y * width + x;
                let right = labs[y * width + (x + 1).min(width - 1)];
                let left = labs[y * width + x.saturating_sub(1)];
                let below = labs[(y + 1).min(height - 1) * width + x];
                let above = labs[y.saturating_sub(1) * width + x];
                let (across, down) = (
                    colour::distance(left, right),
                    colour::distance(above, below),
                );
                map.edges[at] = across.hypot(down);
                map.level[at] = down - across * 0.6;
            }
        }
        map
    }

    /// Edge energy, smoothed over `radius` pixels.
    pub fn smoothed(&self, radius: usize) -> Vec<f32> {
        let across = blur_rows(&self.edges, self.width, radius);
        let turned = transpose(&across, self.width, self.height);
        transpose(
            &blur_rows(&turned, self.height, radius),
            self.height,
            self.width,
        )
    }
}

fn blur_rows(values: &[f32], width: usize, radius: usize) -> Vec<f32> {
    let mut out = Vec::with_capacity(values.len());
    for row in values.chunks_exact(width) {
        let mut sum: f32 = row[..radius.min(width)].iter().sum();
        for x in 0..width {
            if x + radius < width {
                sum += row[x + radius];
            }
            if x > radius {
                sum -= row[x - radius - 1];
            }
            let count = (x + radius).min(width - 1) - x.saturating_sub(radius) + 1;
            out.push(sum / count as f32);
        }
    }
    out
}

fn transpose(values: &[f32], width: usize, height: usize) -> Vec<f32> {
    let mut out = Vec::with_capacity(values.len());
    for x in 0..width {
        out.extend((0..height).map(|y| values[y * width + x]));
    }
    out
}

/// Measures a picture.
pub fn facts(source: &RgbImage) -> Facts {
    let map = Energy::of(source, 240);
    let small = picture::fit_within(source, 240);
    let colours: Vec<Lch> = small
        .as_raw()
        .chunks_exact(3)
        .map(|p| Lch::from_pixel([p[0], p[1], p[2]]))
        .collect();
    let count = colours.len() as f32;
    let mean_light = colours.iter().map(|colour| colour.l).sum::<f32>() / count;
    let mut lights = map.light.clone();
    lights.sort_by(f32::total_cmp);
    let smooth = map.smoothed((map.width.max(map.height) / 24).max(1));
    Facts {
        mean_light,
        darkest: lights[lights.len() / 20],
        lightest: lights[lights.len() - 1 - lights.len() / 20],
        mean_chroma: colours.iter().map(|colour| colour.c).sum::<f32>() / count,
        warmth: colours
            .iter()
            .map(|colour| colour.lab().b + colour.lab().a * 0.5)
            .sum::<f32>()
            / count,
        weight: weight(&map, &colours, mean_light),
        focus: focus(&map, &smooth),
        horizon: horizon(&map),
        symmetry: symmetry(&map),
        busy: map.edges.iter().filter(|edge| **edge > 0.06).count() as f32 / count,
        sharpness: sharpness(source),
    }
}

/// What differs from the ground pulls the eye: contrast to the mean, colour, and detail.
fn weight(map: &Energy, colours: &[Lch], mean: f32) -> (f32, f32) {
    let (mut sum, mut sx, mut sy) = (1e-6, 0.5e-6, 0.5e-6);
    for (at, colour) in colours.iter().enumerate() {
        let pull = (colour.l - mean).abs() * 0.6 + colour.c * 0.8 + map.edges[at] * 1.2;
        let pull = pull * pull;
        sum += pull;
        sx += pull * ((at % map.width) as f32 + 0.5) / map.width as f32;
        sy += pull * ((at / map.width) as f32 + 0.5) / map.height as f32;
    }
    (sx / sum, sy / sum)
}

fn focus(map: &Energy, smooth: &[f32]) -> (f32, f32) {
    let at = (0..smooth.len())
        .max_by(|one, other| smooth[*one].total_cmp(&smooth[*other]))
        .unwrap_or(0);
    (
        ((at % map.width) as f32 + 0.5) / map.width as f32,
        ((at / map.width) as f32 + 0.5) / map.height as f32,
    )
}

fn horizon(map: &Energy) -> Option<(f32, f32)> {
    if map.height < 16 {
        return None;
    }
    // A level line counts by how much of the row it crosses, not by how strong it is in one spot.
    let rows: Vec<f32> = (0..map.height)
        .map(|y| {
            let row = &map.level[y * map.width..][..map.width];
            row.iter().filter(|edge| **edge > 0.05).count() as f32 / map.width as f32
        })
        .collect();
    let margin = map.height / 12;
    let at =
        (margin..map.height - margin).max_by(|one, other| rows[*one].total_cmp(&rows[*other]))?;
    let clear = rows[at].max(rows[at - 1]).max(rows[at + 1]);
    // An edge shows in the rows on both its sides: it lies where their weight is.
    let near = at - 1..=at + 1;
    let weight: f32 = rows[near.clone()].iter().sum();
    let place: f32 = near.map(|y| (y as f32 + 0.5) * rows[y]).sum::<f32>() / weight;
    (clear > 0.45).then(|| (place / map.height as f32, clear))
}

fn symmetry(map: &Energy) -> f32 {
    let mut gap = 0.0;
    for row in map.light.chunks_exact(map.width) {
        gap += row
            .iter()
            .zip(row.iter().rev())
            .map(|(one, other)| (one - other).abs())
            .sum::<f32>();
    }
    (1.0 - gap / map.light.len() as f32 * 4.0).clamp(0.0, 1.0)
}

/// The strength of the crispest twentieth of second differences, in the middle band of the picture.
fn sharpness(source: &RgbImage) -> f32 {
    let (width, height) = (source.width() as usize, source.height() as usize);
    if width < 8 || height < 8 {
        return 0.0;
    }
    let luma = |x: usize, y: usize| {
        let at = (y * width + x) * 3;
        let raw = source.as_raw();
        f32::from(raw[at]) * 0.3 + f32::from(raw[at + 1]) * 0.59 + f32::from(raw[at + 2]) * 0.11
    };
    let (step_x, step_y) = ((width / 240).max(1), (height / 240).max(1));
    let mut found = Vec::new();
    for y in (1..height - 1).step_by(step_y) {
        for x in (1..width - 1).step_by(step_x) {
            let bend = 4.0 * luma(x, y)
                - luma(x - 1, y)
                - luma(x + 1, y)
                - luma(x, y - 1)
                - luma(x, y + 1);
            found.push(bend.abs() / 255.0);
        }
    }
    found.sort_by(f32::total_cmp);
    found[found.len() - 1 - found.len() / 20]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_horizon_is_found_where_it_is() {
        let picture = RgbImage::from_fn(300, 200, |_, y| {
            image::Rgb(if y < 124 {
                [180, 200, 230]
            } else {
                [20, 60, 70]
            })
        });
        let facts = facts(&picture);
        let (place, clear) = facts.horizon.expect("a clean edge");
        assert!((place - 0.62).abs() < 0.015, "{place}");
        assert!(clear > 0.95, "{clear}");
        assert!(facts.symmetry > 0.99);
    }

    #[test]
    fn the_eye_goes_to_the_spot() {
        let picture = RgbImage::from_fn(300, 200, |x, y| {
            let inside = (x as f32 - 240.0).hypot(y as f32 - 50.0) < 20.0;
            image::Rgb(if inside {
                [230, 40, 30]
            } else {
                [200, 200, 200]
            })
        });
        let facts = facts(&picture);
        assert!(
            (facts.weight.0 - 0.8).abs() < 0.05 && (facts.weight.1 - 0.25).abs() < 0.05,
            "{:?}",
            facts.weight
        );
        assert!(facts.horizon.is_none());
    }
}
