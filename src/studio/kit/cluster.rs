//! Finding the few colours a picture is made of, by clustering in Oklab.

use image::RgbImage;
use oklab::Oklab;

use super::colour::{self, Pixel};
use super::picture;
use super::seed::Rng;

/// One colour of a picture and how much of the picture it covers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Swatch {
    pub pixel: Pixel,
    /// 0.0 to 1.0; the shares of all swatches sum to 1.0.
    pub share: f32,
}

/// Up to `count` colours, largest share first. Colours that look the same are one; a picture of one colour
/// gives one swatch.
pub fn swatches(picture: &RgbImage, count: usize, rng: &mut Rng) -> Vec<Swatch> {
    let samples = histogram(&picture::fit_within(picture, 192));
    let mut centres = spread_out(&samples, count, rng);
    for _ in 0..12 {
        centres = move_to_means(&samples, &centres);
    }
    merge_alike(&mut centres);
    weigh(&samples, &centres)
}

/// Colours with counts; close ones are counted together, which makes every later step cheaper.
fn histogram(picture: &RgbImage) -> Vec<(Oklab, f32)> {
    let mut counts: Vec<(u32, [u32; 3])> = vec![(0, [0; 3]); 32 * 32 * 32];
    for pixel in picture.as_raw().chunks_exact(3) {
        let index = (usize::from(pixel[0]) >> 3) << 10
            | (usize::from(pixel[1]) >> 3) << 5
            | usize::from(pixel[2]) >> 3;
        let entry = &mut counts[index];
        entry.0 += 1;
        for (sum, channel) in entry.1.iter_mut().zip(pixel) {
            *sum += u32::from(*channel);
        }
    }
    let total = (picture.as_raw().len() / 3) as f32;
    counts
        .iter()
        .filter(|entry| entry.0 > 0)
        .map(|(count, sums)| {
            let mean = sums.map(|sum| ((sum + count / 2) / count) as u8);
            (colour::lab(mean), *count as f32 / total)
        })
        .collect()
}

/// k-means++: each further centre is likely to be far from those there are.
fn spread_out(samples: &[(Oklab, f32)], count: usize, rng: &mut Rng) -> Vec<Oklab> {
    let largest = samples
        .iter()
        .max_by(|one, other| one.1.total_cmp(&other.1))
        .map_or(samples[0].0, |entry| entry.0);
    let mut centres = vec![largest];
    while centres.len() < count {
        let weights: Vec<f32> = samples
            .iter()
            .map(|(lab, share)| closest(*lab, &centres).1.powi(2) * share.sqrt())
            .collect();
        let total: f32 = weights.iter().sum();
        if total <= f32::EPSILON {
            break;
        }
        let mut left = rng.unit() * total;
        let chosen = weights
            .iter()
            .position(|weight| {
                left -= weight;
                left <= 0.0
            })
            .unwrap_or(weights.len() - 1);
        centres.push(samples[chosen].0);
    }
    centres
}

fn closest(lab: Oklab, centres: &[Oklab]) -> (usize, f32) {
    centres
        .iter()
        .enumerate()
        .map(|(index, centre)| (index, colour::distance(lab, *centre)))
        .min_by(|one, other| one.1.total_cmp(&other.1))
        .unwrap_or((0, 0.0))
}

fn move_to_means(samples: &[(Oklab, f32)], centres: &[Oklab]) -> Vec<Oklab> {
    let mut sums = vec![(0.0, 0.0, 0.0, 0.0); centres.len()];
    for (lab, share) in samples {
        let sum = &mut sums[closest(*lab, centres).0];
        *sum = (
            sum.0 + lab.l * share,
            sum.1 + lab.a * share,
            sum.2 + lab.b * share,
            sum.3 + share,
        );
    }
    sums.iter()
        .zip(centres)
        .map(|(sum, centre)| {
            if sum.3 <= 0.0 {
                return *centre;
            }
            Oklab {
                l: sum.0 / sum.3,
                a: sum.1 / sum.3,
                b: sum.2 / sum.3,
            }
        })
        .collect()
}

fn merge_alike(centres: &mut Vec<Oklab>) {
    let mut kept: Vec<Oklab> = Vec::with_capacity(centres.len());
    for centre in centres.drain(..) {
        if kept
            .iter()
            .all(|other| colour::distance(*other, centre) > 0.035)
        {
            kept.push(centre);
        }
    }
    *centres = kept;
}

fn weigh(samples: &[(Oklab, f32)], centres: &[Oklab]) -> Vec<Swatch> {
    // The swatch shows the commonest colour near its centre, which is in the picture, rather than the mean,
    // which may not be.
    let mut members: Vec<(f32, Oklab, f32)> =
        centres.iter().map(|centre| (0.0, *centre, 0.0)).collect();
    for (lab, share) in samples {
        let (index, gap) = closest(*lab, centres);
        let member = &mut members[index];
        member.0 += share;
        let fit = share / (0.02 + gap);
        if fit > member.2 {
            (member.1, member.2) = (*lab, fit);
        }
    }
    let mut swatches: Vec<Swatch> = members
        .iter()
        .filter(|member| member.0 > 0.0)
        .map(|(share, lab, _)| Swatch {
            pixel: colour::pixel(*lab),
            share: *share,
        })
        .collect();
    swatches.sort_by(|one, other| {
        other
            .share
            .total_cmp(&one.share)
            .then(one.pixel.cmp(&other.pixel))
    });
    swatches
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_colours_of_a_flat_picture_are_found_with_their_shares() {
        let colours = [
            [200u8, 40, 40],
            [20, 120, 110],
            [245, 240, 220],
            [30, 30, 60],
        ];
        let picture = RgbImage::from_fn(100, 100, |x, _| {
            image::Rgb(
                colours[match x {
                    0..50 => 0,
                    50..75 => 1,
                    75..90 => 2,
                    _ => 3,
                }],
            )
        });
        let found = swatches(&picture, 6, &mut Rng::new(5));
        let pixels: Vec<Pixel> = found.iter().map(|swatch| swatch.pixel).collect();
        assert_eq!(pixels, colours);
        let shares: Vec<u32> = found
            .iter()
            .map(|swatch| (swatch.share * 100.0).round() as u32)
            .collect();
        assert_eq!(shares, [50, 25, 15, 10]);
    }
}
