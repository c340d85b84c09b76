//! Colour Transfer: the light of one picture on another.

use image::RgbImage;
use oklab::Oklab;

use crate::studio::job::{Failure, Job, Made, Technique};
use crate::studio::kit::answers;
use crate::studio::kit::colour::{self, Lch, Pixel, mix_lab};
use crate::studio::kit::lut::Lut;
use crate::studio::kit::picture;
use crate::studio::kit::schema::{Build, input, optional, output, technique};
use crate::wire::{self, IoType};

type Vector = [f32; 3];
type Matrix = [Vector; 3];

/// See the module.
pub struct ColourTransfer;

impl Technique for ColourTransfer {
    fn spec(&self) -> wire::Technique {
        technique(
            "Colour Transfer",
            0.02,
            "The light of one picture on another. Shapes stay, the colours and the contrast move over.",
        )
        .takes(input("picture", "Picture", IoType::ImageUrl, "The picture that keeps its shapes"))
        .takes(input("light", "Light from", IoType::ImageUrl, "The picture that gives its colours"))
        .takes(optional("strength", "Strength", IoType::Text, "0 to 100 %, usually 90 %"))
        .gives(output("picture", "Picture", IoType::ImageUrl))
    }

    fn run(&self, job: &Job<'_>) -> Result<Vec<Made>, Failure> {
        let strength = answers::number(job, "strength", "Strength", (0.0, 100.0, 90.0))? / 100.0;
        let mut source = answers::picture(job, "picture", "Picture", picture::WORKING_SIDE)?;
        job.step(0.15)?;
        let light = answers::picture(job, "light", "Light from", 512)?;
        job.step(0.25)?;
        let transfer = Transfer::between(&source, &light);
        let lut = Lut::new(|pixel| transfer.map(pixel, strength));
        job.step(0.4)?;
        let rows = source.height();
        for band in 0..8 {
            lut.apply(&mut source, rows * band / 8..rows * (band + 1) / 8);
            job.step(0.4 + 0.055 * (band + 1) as f32)?;
        }
        Ok(vec![picture::made_jpeg(&source)])
    }
}

/// The straight map that gives one cloud of colours the mean and the spread of another, moving each colour
/// as little as possible (Monge and Kantorovich's, in Oklab).
struct Transfer {
    from: Vector,
    to: Vector,
    turn: Matrix,
}

impl Transfer {
    fn between(source: &RgbImage, light: &RgbImage) -> Self {
        let (from, spread_from) = statistics(source);
        let (to, spread_to) = statistics(light);
        let root = power(&spread_from, 0.5);
        let inverse = power(&spread_from, -0.5);
        let middle = power(&product(&product(&root, &spread_to), &root), 0.5);
        Self {
            from,
            to,
            turn: product(&product(&inverse, &middle), &inverse),
        }
    }

    fn map(&self, pixel: Pixel, strength: f32) -> [f32; 3] {
        let lab = colour::lab(pixel);
        let offset = [
            lab.l - self.from[0],
            lab.a - self.from[1],
            lab.b - self.from[2],
        ];
        let moved = apply(&self.turn, offset);
        let target = Oklab {
            l: soft_limit(self.to[0] + moved[0]),
            a: self.to[1] + moved[1],
            b: self.to[2] + moved[2],
        };
        // Near black and white a picture has room for little colour; more would look like a stain.
        let room = (target.l.min(1.0 - target.l) * 5.0).clamp(0.0, 1.0);
        let kept = Oklab {
            a: target.a * room,
            b: target.b * room,
            ..target
        };
        Lch::from_lab(mix_lab(lab, kept, strength))
            .pixel()
            .map(f32::from)
    }
}

/// Bends lightness towards its limits instead of cutting it off there.
fn soft_limit(l: f32) -> f32 {
    if l > 0.9 {
        0.9 + 0.1 * ((l - 0.9) / 0.1).tanh()
    } else if l < 0.12 {
        0.12 - 0.12 * ((0.12 - l) / 0.12).tanh()
    } else {
        l
    }
}

/// Mean and covariance of a picture's colours.
fn statistics(picture: &RgbImage) -> (Vector, Matrix) {
    let small = picture::fit_within(picture, 160);
    let labs: Vec<Vector> = small
        .as_raw()
        .chunks_exact(3)
        .map(|p| {
            let lab = colour::lab([p[0], p[1], p[2]]);
            [lab.l, lab.a, lab.b]
        })
        .collect();
    let count = labs.len() as f32;
    let mut mean = [0.0; 3];
    for lab in &labs {
        for axis in 0..3 {
            mean[axis] += lab[axis] / count;
        }
    }
    let mut spread = [[0.0; 3]; 3];
    for lab in &labs {
        for row in 0..3 {
            for column in 0..3 {
                spread[row][column] +=
                    (lab[row] - mean[row]) * (lab[column] - mean[column]) / count;
            }
        }
    }
    // A floor keeps flat pictures from being stretched into noise.
    for (axis, floor) in [2e-3, 2.5e-4, 2.5e-4].into_iter().enumerate() {
        spread[axis][axis] += floor;
    }
    (mean, spread)
}

fn product(one: &Matrix, other: &Matrix) -> Matrix {
    let mut out = [[0.0; 3]; 3];
    for row in 0..3 {
        for column in 0..3 {
            out[row][column] = (0..3).map(|k| one[row][k] * other[k][column]).sum();
        }
    }
    out
}

fn apply(matrix: &Matrix, vector: Vector) -> Vector {
    matrix.map(|row| row[0] * vector[0] + row[1] * vector[1] + row[2] * vector[2])
}

/// A symmetric positive matrix to a power, by its eigenvectors.
fn power(matrix: &Matrix, exponent: f32) -> Matrix {
    let (values, vectors) = eigen(matrix);
    let mut out = [[0.0; 3]; 3];
    for row in 0..3 {
        for column in 0..3 {
            out[row][column] = (0..3)
                .map(|k| vectors[row][k] * values[k].max(1e-9).powf(exponent) * vectors[column][k])
                .sum();
        }
    }
    out
}

/// Eigenvalues, and eigenvectors as columns, by Jacobi rotations.
fn eigen(matrix: &Matrix) -> (Vector, Matrix) {
    let mut a = *matrix;
    let mut vectors = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];
    for _ in 0..12 {
        for (p, q) in [(0, 1), (0, 2), (1, 2)] {
            if a[p][q].abs() < 1e-12 {
                continue;
            }
            let angle = 0.5 * (2.0 * a[p][q]).atan2(a[p][p] - a[q][q]);
            let (sin, cos) = angle.sin_cos();
            let mut turn = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];
            (turn[p][p], turn[p][q], turn[q][p], turn[q][q]) = (cos, -sin, sin, cos);
            let turned_back = [0, 1, 2].map(|row| [turn[0][row], turn[1][row], turn[2][row]]);
            a = product(&product(&turned_back, &a), &turn);
            vectors = product(&vectors, &turn);
        }
    }
    ([a[0][0], a[1][1], a[2][2]], vectors)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::studio::kit::answers::tests::{decoded, run, test_picture};

    #[test]
    fn the_result_has_the_other_pictures_mean_colour_and_its_own_shapes() {
        let light = RgbImage::from_fn(200, 200, |x, y| {
            image::Rgb([200, 80 + (x / 4) as u8, 40 + (y / 4) as u8])
        });
        let files = [
            ("picture", test_picture(400, 260)),
            ("light", picture::png(&light)),
        ];
        let made = run(&ColourTransfer, &[("strength", "100 %")], &files).expect("a picture");
        let result = decoded(&made[0]);
        assert_eq!(result.dimensions(), (400, 260));
        let (got, _) = statistics(&result);
        let (wanted, _) = statistics(&light);
        for axis in 0..3 {
            assert!(
                (got[axis] - wanted[axis]).abs() < 0.04,
                "axis {axis}: {got:?}, wanted {wanted:?}"
            );
        }
    }

    #[test]
    fn no_strength_changes_nothing_to_be_seen() {
        let files = [
            ("picture", test_picture(200, 130)),
            ("light", test_picture(60, 90)),
        ];
        let made = run(&ColourTransfer, &[("strength", "0")], &files).expect("a picture");
        let before = image::load_from_memory(&files[0].1)
            .expect("a picture")
            .into_rgb8();
        let after = decoded(&made[0]);
        let gap: u64 = before
            .as_raw()
            .iter()
            .zip(after.as_raw())
            .map(|(a, b)| u64::from(a.abs_diff(*b)))
            .sum();
        assert!(
            gap / (before.as_raw().len() as u64) < 4,
            "mean gap {}",
            gap / before.as_raw().len() as u64
        );
    }

    #[test]
    fn roots_of_a_matrix_multiply_back() {
        let matrix = [
            [0.04, 0.01, -0.004],
            [0.01, 0.02, 0.003],
            [-0.004, 0.003, 0.01],
        ];
        let root = power(&matrix, 0.5);
        let back = product(&root, &root);
        for row in 0..3 {
            for column in 0..3 {
                assert!((back[row][column] - matrix[row][column]).abs() < 1e-5);
            }
        }
    }
}
