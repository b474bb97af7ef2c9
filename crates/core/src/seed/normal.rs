//! Normal numbers in bulk, for noise on whole batches and weights.
//!
//! x, y = sqrt(-2 ln u) (cos 2πv, sin 2πv), u and v uniform
//!
//! Box and Muller 1958, Annals of Mathematical Statistics 29(2). Without a branch, the compiler
//! makes many at once: five times as fast as one after the other by rejection. Sines, cosines and
//! logarithms are our own series, so that the numbers are the same on every machine.

use super::philox32::{LANES, Words};
use core::f32::consts::{FRAC_PI_2, LN_2, SQRT_2};
use pulp::NullaryFnOnce;

/// Numbers from N(0, std²) at one address, any part of which can be made by itself.
#[derive(Debug, Clone)]
pub struct Normals {
    words: Words,
    std: f32,
}

impl Normals {
    /// Every part but the last begins and ends at a multiple of this.
    pub const GRAIN: usize = 4 * LANES;

    /// The address's own random words choose the stream.
    pub(super) const fn new([key, high, ..]: [u64; 4], std: f32) -> Self {
        Self { words: Words::new(key, high), std }
    }

    /// Makes the numbers from number `start` on, which is a multiple of [`Self::GRAIN`].
    pub fn fill(&self, start: usize, out: &mut [f32]) {
        // Compiles the series for wide registers too and takes the widest there are; no operation
        // is contracted, so that the bits are the same with any.
        pulp::Arch::new().dispatch(Fill { normals: self, start, out });
    }

    /// The numbers of the blocks from `first` on: two words make two numbers.
    #[inline(always)]
    fn grain(&self, first: u64) -> [f32; Self::GRAIN] {
        let [u, v, w, x] = self.words.blocks(first);
        let mut grain = [0.0; Self::GRAIN];
        let (front, back) = grain.split_at_mut(2 * LANES);
        self.points(&u, &v, front);
        self.points(&w, &x, back);
        grain
    }

    /// First coordinates first, then the second ones: no register has to be shuffled.
    #[inline(always)]
    fn points(&self, u: &[u32; LANES], v: &[u32; LANES], out: &mut [f32]) {
        let (x, y) = out.split_at_mut(LANES);
        for lane in 0..LANES {
            [x[lane], y[lane]] = point(self.std * radius(u[lane]), v[lane]);
        }
    }
}

/// A part to be made; not a closure, which the compiler may leave out of the wide registers.
struct Fill<'a> {
    normals: &'a Normals,
    start: usize,
    out: &'a mut [f32],
}

impl NullaryFnOnce for Fill<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let mut first = (self.start / 4) as u64;
        let (whole, rest) = self.out.as_chunks_mut::<{ Normals::GRAIN }>();
        for grain in whole {
            *grain = self.normals.grain(first);
            first += LANES as u64;
        }
        let last = self.normals.grain(first);
        rest.copy_from_slice(&last[..rest.len()]);
    }
}

/// sqrt(-2 ln u) for u = (k + ½) / 2²⁴, k the upper 24 bits; at most 5.9.
#[inline(always)]
fn radius(bits: u32) -> f32 {
    // Through i32, for which even old processors have an instruction.
    let u = ((bits >> 8) as i32 as f32 + 0.5) * (0.5f32).powi(24);
    // u = m 2^e with m in [1/sqrt 2, sqrt 2); ln m = 2 artanh s.
    let (mantissa, exponent) = (u.to_bits() & 0x7f_ffff | 0x3f80_0000, (u.to_bits() >> 23) as i32);
    let m = f32::from_bits(mantissa);
    let (m, e) = if m >= SQRT_2 { (m * 0.5, exponent - 126) } else { (m, exponent - 127) };
    let s = (m - 1.0) / (m + 1.0);
    let s2 = s * s;
    let series = 1.0 + s2 * (1.0 / 3.0 + s2 * (0.2 + s2 * (1.0 / 7.0 + s2 * (1.0 / 9.0))));
    let ln = e as f32 * LN_2 + 2.0 * s * series;
    (-2.0 * ln).max(0.0).sqrt()
}

/// The point at this radius: two bits choose the quarter turn, the others the angle in it.
#[inline(always)]
fn point(radius: f32, bits: u32) -> [f32; 2] {
    let angle = FRAC_PI_2 * ((bits & 0x3fff_ffff) as i32 as f32 * (0.5f32).powi(30) - 0.5);
    let a2 = angle * angle;
    let sine = 1.0 + a2 * (-1.0 / 6.0 + a2 * (1.0 / 120.0 + a2 * (-1.0 / 5040.0 + a2 / 362_880.0)));
    let cosine = 1.0 + a2 * (-0.5 + a2 * (1.0 / 24.0 + a2 * (-1.0 / 720.0 + a2 / 40_320.0)));
    let (sine, cosine) = (radius * angle * sine, radius * cosine);
    let (x, y) = if bits & 0x4000_0000 == 0 { (cosine, sine) } else { (-sine, cosine) };
    if bits & 0x8000_0000 == 0 { [x, y] } else { [-x, -y] }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::number::NonNegative;
    use crate::seed::Seed;

    fn normals(len: usize, std: f64) -> Vec<f32> {
        let mut draw = Seed::new(3).stream("noise").step(0);
        let mut out = vec![0.0; len];
        draw.normals(NonNegative::new(std).unwrap()).fill(0, &mut out);
        out
    }

    #[test]
    fn radius_and_angle_are_those_of_the_formula() {
        for bits in (0..4000u32).map(|k| k.wrapping_mul(1_073_741)).chain([0, 1, u32::MAX]) {
            let u = (f64::from(bits >> 8) + 0.5) / 2f64.powi(24);
            let (expected, found) = ((-2.0 * u.ln()).sqrt(), f64::from(radius(bits)));
            // Next to u = 1 the numbers of single precision lie 2^-24 apart.
            assert!((found - expected).abs() < 4e-4f64.min(2e-7 / expected + 2e-6), "{bits}");
            let turn = (f64::from(bits & 0x3fff_ffff) / 2f64.powi(30) - 0.5
                + f64::from(bits >> 30))
                * std::f64::consts::FRAC_PI_2;
            let [x, y] = point(2.0, bits);
            assert!((f64::from(x) - 2.0 * turn.cos()).abs() < 1e-6, "{bits}");
            assert!((f64::from(y) - 2.0 * turn.sin()).abs() < 1e-6, "{bits}");
        }
    }

    /// Shares beyond each threshold, within five standard errors of the normal law's.
    #[test]
    fn the_law_is_normal_into_its_tails() {
        let n = 4_000_000;
        let values = normals(n, 1.0);
        let beyond = [(0.0, 0.5), (1.0, 0.158_655_25), (2.0, 0.022_750_13), (4.0, 3.167_124e-5)];
        for (threshold, p) in beyond {
            for sign in [1.0, -1.0] {
                let count = values.iter().filter(|&&x| sign * x > threshold).count() as f64;
                let std = (n as f64 * p * (1.0 - p)).sqrt();
                assert!((count - n as f64 * p).abs() < 5.0 * std, "{count} beyond {threshold}");
            }
        }
        let moment =
            |power: i32| values.iter().map(|&x| f64::from(x).powi(power)).sum::<f64>() / n as f64;
        for (power, expected, variance) in [(1, 0.0, 1.0), (2, 1.0, 2.0), (4, 3.0, 96.0f64)] {
            let bound = 5.0 * (variance / n as f64).sqrt();
            assert!((moment(power) - expected).abs() < bound, "moment {power}");
        }
    }

    #[test]
    fn neighbours_are_independent() {
        let values = normals(1_000_001, 1.0);
        for lag in [1, 2, 3, 7, 8, 16, 32, 63, 64, 128] {
            let products = values.windows(lag + 1).map(|w| f64::from(w[0]) * f64::from(w[lag]));
            let squares = values.windows(lag + 1).map(|w| f64::from(w[0] * w[lag]).powi(2) - 1.0);
            let n = (values.len() - lag) as f64;
            assert!((products.sum::<f64>() / n).abs() < 5.0 / n.sqrt(), "lag {lag}");
            // Variance of x²y² - 1 is 8; the two of a pair share a radius and must not show it.
            assert!((squares.sum::<f64>() / n).abs() < 5.0 * (8.0 / n).sqrt(), "lag {lag}");
        }
    }

    #[test]
    fn parts_are_the_same_as_the_whole_and_the_next_draw_begins_behind_them() {
        let whole = normals(1000, 0.5);
        let mut draw = Seed::new(3).stream("noise").step(0);
        let parts = draw.normals(NonNegative::new(0.5).unwrap());
        let mut again = vec![0.0; 1000];
        let (first, second) = again.split_at_mut(3 * Normals::GRAIN);
        parts.fill(3 * Normals::GRAIN, second);
        parts.fill(0, first);
        assert_eq!(again, whole);
        let next = draw.normals(NonNegative::new(0.5).unwrap());
        let mut after = [0.0; 8];
        next.fill(0, &mut after);
        assert!(!whole.windows(8).any(|window| window == after));
    }
}
