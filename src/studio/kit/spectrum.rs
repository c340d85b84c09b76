//! The frequencies in a sound.

use std::f32::consts::TAU;

/// Strength of each frequency in a window of samples, from zero up to half the sample rate.
/// The number of samples must be a power of two.
pub fn strengths(window: &[f32]) -> Vec<f32> {
    let count = window.len();
    debug_assert!(count.is_power_of_two());
    let mut values: Vec<(f32, f32)> = window
        .iter()
        .enumerate()
        // A Hann window: without it the cut ends would sound like clicks.
        .map(|(index, sample)| {
            (
                sample * (0.5 - 0.5 * (TAU * index as f32 / count as f32).cos()),
                0.0,
            )
        })
        .collect();
    transform(&mut values);
    values[..count / 2]
        .iter()
        .map(|(re, im)| re.hypot(*im) * 4.0 / count as f32)
        .collect()
}

/// The fast Fourier transform, in place.
fn transform(values: &mut [(f32, f32)]) {
    let count = values.len();
    let bits = count.trailing_zeros();
    for index in 0..count {
        let mirrored = (index as u32).reverse_bits() >> (32 - bits.max(1));
        let mirrored = if bits == 0 { 0 } else { mirrored as usize };
        if mirrored > index {
            values.swap(index, mirrored);
        }
    }
    let mut size = 2;
    while size <= count {
        let half = size / 2;
        let turns: Vec<(f32, f32)> = (0..half)
            .map(|step| {
                let (sin, cos) = (-TAU * step as f32 / size as f32).sin_cos();
                (cos, sin)
            })
            .collect();
        for block in values.chunks_exact_mut(size) {
            let (low, high) = block.split_at_mut(half);
            for ((a, b), (cos, sin)) in low.iter_mut().zip(high).zip(&turns) {
                let turned = (b.0 * cos - b.1 * sin, b.0 * sin + b.1 * cos);
                *b = (a.0 - turned.0, a.1 - turned.1);
                *a = (a.0 + turned.0, a.1 + turned.1);
            }
        }
        size *= 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pure_tone_is_found_at_its_frequency_with_its_strength() {
        let window: Vec<f32> = (0..1024)
            .map(|index| (TAU * 50.0 * index as f32 / 1024.0).sin() * 0.8)
            .collect();
        let found = strengths(&window);
        let loudest = (0..found.len())
            .max_by(|one, other| found[*one].total_cmp(&found[*other]))
            .expect("512 of them");
        assert_eq!(loudest, 50);
        assert!((found[50] - 0.8).abs() < 0.02, "{}", found[50]);
        assert!(found[200] < 0.001);
    }
}
