//! Palettes: a handful of colours that belong together, and grounds to put them on.

mod elements;

use image::RgbImage;

pub use self::elements::ELEMENTS;
use super::cluster;
use super::colour::{Lch, contrast};
use super::names::{self, Mood};
use super::seed::Rng;

/// Six key colours; everything drawn is one of them or a mix of neighbours.
#[derive(Clone, Debug, PartialEq)]
pub struct Harmony {
    /// Nearly black, tinted.
    pub deep: Lch,
    /// The main colour.
    pub main: Lch,
    /// The second colour.
    pub second: Lch,
    /// A softer, lighter neighbour of the second.
    pub soft: Lch,
    /// Nearly white, tinted.
    pub pale: Lch,
    /// The one that is unlike the others.
    pub accent: Lch,
    /// Below zero likes dark grounds, above zero light ones.
    pub light: f32,
}

/// What a drawing stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ground {
    Pale,
    Deep,
    Main,
    Soft,
}

/// A ground and the colours that show on it.
#[derive(Clone, Debug)]
pub struct Palette {
    pub ground: Lch,
    /// Where the ground goes to when it is a gradient.
    pub ground_far: Lch,
    /// From quiet to loud on this ground; never empty.
    pub inks: Vec<Lch>,
    pub accent: Lch,
    /// For lettering and fine lines: the best contrast to the ground.
    pub line: Lch,
}

impl Harmony {
    /// Colours named in the words lead, then the hues of places and times, then chance.
    pub fn from_words(words: &str, rng: &mut Rng) -> Self {
        let named = names::colours_in(words);
        let moods = names::moods_in(words);
        let chroma = moods
            .iter()
            .map(|mood| mood.chroma)
            .product::<f32>()
            .clamp(0.5, 1.4);
        let light = moods
            .iter()
            .map(|mood| mood.light)
            .sum::<f32>()
            .clamp(-1.0, 1.0);
        let hues = hues(&named, &moods, rng);
        Self::compose(&named, hues, chroma, light, rng)
    }

    fn compose(
        named: &[Lch],
        [first, second, third]: [f32; 3],
        chroma: f32,
        light: f32,
        rng: &mut Rng,
    ) -> Self {
        // Yellow at the lightness of a blue is olive: it has to be brighter to be itself.
        let yellow = (first - 92.0).to_radians().cos().max(0.0).powi(4);
        let main = named.first().copied().unwrap_or(Lch::new(
            rng.between(0.46, 0.56) + 0.19 * yellow,
            rng.between(0.11, 0.15) * chroma,
            first,
        ));
        let second_colour = named.get(1).copied().unwrap_or(Lch::new(
            rng.between(0.66, 0.72),
            rng.between(0.13, 0.17) * chroma,
            second,
        ));
        // Greens and blues look heavy at the lightness at which yellow begins to look right.
        let warmth = (second_colour.h - 80.0).to_radians().cos() * 0.5 + 0.5;
        Self {
            deep: Lch::new(0.24, (0.045 * chroma).max(main.c * 0.35).min(0.08), main.h),
            main,
            second: second_colour,
            soft: Lch::new(
                0.80 + 0.05 * warmth,
                (0.09 + 0.03 * warmth) * chroma,
                lean_to_yellow(second_colour.h, 16.0),
            ),
            pale: Lch::new(0.955, 0.022, lean_to_yellow(second_colour.h, 30.0)),
            accent: named
                .get(2)
                .copied()
                .unwrap_or(Lch::new(0.73, 0.16 * chroma.max(0.85), third)),
            light,
        }
    }

    /// The colours of a picture, cast in the six roles by lightness, share and chroma.
    pub fn from_picture(picture: &RgbImage, rng: &mut Rng) -> Self {
        let swatches = cluster::swatches(picture, 8, rng);
        let mut colours: Vec<(Lch, f32)> = swatches
            .iter()
            .map(|swatch| (Lch::from_pixel(swatch.pixel), swatch.share))
            .collect();
        let mean: f32 = colours.iter().map(|(colour, share)| colour.l * share).sum();
        colours.sort_by(|one, other| one.0.l.total_cmp(&other.0.l));
        let darkest = colours[0].0;
        let lightest = colours[colours.len() - 1].0;
        colours.sort_by(|one, other| loudness(*other).total_cmp(&loudness(*one)));
        let main = colours[0].0;
        let second = far_from(&colours, &[main]).unwrap_or(main.lighter(0.18));
        let accent = far_from(&colours, &[main, second]).unwrap_or(main.turned(150.0).with_l(0.7));
        Self {
            deep: darkest
                .with_l(darkest.l.clamp(0.16, 0.28))
                .with_c(darkest.c.min(0.09)),
            main: main.with_l(main.l.clamp(0.38, 0.62)),
            second: second.with_l(second.l.clamp(0.5, 0.8)),
            soft: second.with_l(0.83).with_c(second.c.clamp(0.04, 0.11)),
            pale: lightest
                .with_l(lightest.l.max(0.94))
                .with_c(lightest.c.min(0.035)),
            accent: accent.with_l(accent.l.clamp(0.55, 0.82)),
            light: (mean - 0.55) * 1.5,
        }
    }

    /// The built-in palette with this element id.
    pub fn element(id: &str) -> Option<Self> {
        let element = ELEMENTS.iter().find(|element| element.id == id)?;
        let [deep, main, second, soft, pale, accent] = element
            .colours
            .map(|hex| Lch::from_pixel([(hex >> 16) as u8, (hex >> 8) as u8, hex as u8]));
        Some(Self {
            deep,
            main,
            second,
            soft,
            pale,
            accent,
            light: element.light,
        })
    }

    /// Grounds in the order in which these colours look best.
    pub fn grounds(&self, rng: &mut Rng) -> [Ground; 4] {
        let lively = if rng.chance(0.5) {
            [Ground::Main, Ground::Soft]
        } else {
            [Ground::Soft, Ground::Main]
        };
        if self.light + rng.between(-0.3, 0.3) < 0.0 {
            [Ground::Deep, lively[0], Ground::Pale, lively[1]]
        } else {
            [Ground::Pale, lively[0], Ground::Deep, lively[1]]
        }
    }

    /// The colours on one of the grounds.
    pub fn on(&self, ground: Ground) -> Palette {
        // Halfway between opposites lies grey: there a lighter main colour serves better.
        let apart = (self.main.h - self.second.h + 540.0).rem_euclid(360.0) - 180.0;
        let halfway = if apart.abs() < 100.0 {
            self.main.mix(self.second, 0.5)
        } else {
            self.main.lighter(0.15)
        };
        let (base, far, inks) = match ground {
            Ground::Pale => (
                self.pale,
                self.pale.mix(self.soft, 0.28),
                vec![
                    self.soft,
                    self.second,
                    halfway,
                    self.main,
                    self.main.mix(self.deep, 0.55),
                ],
            ),
            Ground::Deep => (
                self.deep,
                self.deep.mix(self.main, 0.42),
                vec![
                    self.main.mix(self.deep, 0.25),
                    self.main.lighter(0.06),
                    self.second,
                    self.soft,
                    self.pale,
                ],
            ),
            Ground::Main => (
                self.main.mix(self.deep, 0.12),
                self.main.mix(self.second, 0.38),
                vec![
                    self.main.mix(self.deep, 0.55),
                    self.deep.lighter(0.04),
                    self.second,
                    self.soft,
                    self.pale,
                ],
            ),
            Ground::Soft => (
                self.soft,
                self.soft.mix(self.pale, 0.5),
                vec![
                    self.pale,
                    self.second,
                    self.main,
                    self.main.mix(self.deep, 0.4),
                    self.deep.lighter(0.05),
                ],
            ),
        };
        let inks = inks.into_iter().map(|ink| step_away(ink, base)).collect();
        let line = if contrast(self.deep.pixel(), base.pixel())
            > contrast(self.pale.pixel(), base.pixel())
        {
            self.deep
        } else {
            self.pale
        };
        Palette {
            ground: base,
            ground_far: far,
            inks,
            accent: step_away(self.accent, base),
            line,
        }
    }
}

impl Palette {
    /// The ink at `t` from quiet (0.0) to loud (1.0), mixed between neighbours.
    pub fn ink(&self, t: f32) -> Lch {
        super::colour::along(&self.inks, t)
    }

    /// Any ink, the accent now and then.
    pub fn any(&self, rng: &mut Rng) -> Lch {
        if rng.chance(0.12) {
            self.accent
        } else {
            *rng.pick(&self.inks)
        }
    }
}

fn hues(named: &[Lch], moods: &[Mood], rng: &mut Rng) -> [f32; 3] {
    let mut hues: Vec<f32> = named.iter().map(|colour| colour.h).collect();
    hues.extend(moods.iter().filter_map(|mood| mood.hue));
    // Chance alone picks a hue that is not in the muddy stretch between yellow and green.
    let first = hues.first().copied().unwrap_or_else(|| {
        *rng.pick(&[
            12.0, 28.0, 45.0, 150.0, 172.0, 195.0, 225.0, 250.0, 275.0, 300.0, 335.0, 355.0,
        ])
    }) + if named.is_empty() {
        rng.between(-10.0, 10.0)
    } else {
        0.0
    };
    let scheme = *rng.pick(&[
        (40.0, 190.0),
        (-45.0, 165.0),
        (62.0, 215.0),
        (150.0, 60.0),
        (-150.0, -70.0),
        (180.0, 42.0),
    ]);
    let second = hues.get(1).copied().unwrap_or(first + scheme.0)
        + if named.len() > 1 {
            0.0
        } else {
            rng.between(-8.0, 8.0)
        };
    let third = hues.get(2).copied().unwrap_or(first + scheme.1);
    [first, second, third].map(|hue| hue.rem_euclid(360.0))
}

/// Moves a hue towards yellow, the way light surfaces do in daylight.
fn lean_to_yellow(hue: f32, degrees: f32) -> f32 {
    let gap = (95.0 - hue + 540.0).rem_euclid(360.0) - 180.0;
    (hue + gap.signum() * degrees.min(gap.abs())).rem_euclid(360.0)
}

fn loudness((colour, share): (Lch, f32)) -> f32 {
    (colour.c + 0.015)
        * share.powf(0.65)
        * if (0.25..0.88).contains(&colour.l) {
            1.0
        } else {
            0.4
        }
}

fn far_from(colours: &[(Lch, f32)], taken: &[Lch]) -> Option<Lch> {
    colours
        .iter()
        .map(|(colour, share)| {
            let gap = taken
                .iter()
                .map(|other| colour.distance(*other))
                .fold(f32::INFINITY, f32::min);
            (*colour, gap, gap * (colour.c + 0.03) * share.powf(0.4))
        })
        .filter(|(_, gap, _)| *gap > 0.08)
        .max_by(|one, other| one.2.total_cmp(&other.2))
        .map(|(colour, _, _)| colour)
}

/// Keeps an ink visible: one too close to the ground moves away from it in lightness.
fn step_away(ink: Lch, ground: Lch) -> Lch {
    let gap = ink.distance(ground);
    if gap >= 0.12 {
        return ink;
    }
    let direction = if ink.l == ground.l {
        if ground.l > 0.5 { -1.0 } else { 1.0 }
    } else {
        (ink.l - ground.l).signum()
    };
    let moved = ink.lighter(direction * (0.14 - gap));
    if moved.distance(ground) >= 0.1 {
        moved
    } else {
        ink.lighter(-direction * 0.2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::studio::kit::colour::hex;

    #[test]
    fn named_colours_are_in_the_palette() {
        let harmony = Harmony::from_words("teal and rust", &mut Rng::new(1));
        assert_eq!(hex(harmony.main.pixel()), "#187A7C");
        assert_eq!(hex(harmony.second.pixel()), "#A9482A");
    }

    #[test]
    fn inks_can_be_seen_on_every_ground() {
        for seed in 0..60 {
            let mut rng = Rng::new(seed);
            let harmony = Harmony::from_words("untitled", &mut rng);
            for ground in harmony.grounds(&mut rng) {
                let palette = harmony.on(ground);
                for ink in &palette.inks {
                    let gap = ink.distance(palette.ground);
                    assert!(
                        gap > 0.07,
                        "seed {seed}, {ground:?}: {ink:?} is {gap} from {:?}",
                        palette.ground
                    );
                }
                assert!(
                    contrast(palette.line.pixel(), palette.ground.pixel()) > 3.0,
                    "seed {seed}, {ground:?}"
                );
            }
        }
    }

    #[test]
    fn elements_are_found_by_id_only() {
        assert!(Harmony::element("elem_dusk").is_some());
        assert!(Harmony::element("Dusk").is_none());
    }
}
