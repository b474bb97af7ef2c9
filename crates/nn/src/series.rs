//! Exponential and logarithm in single precision, without a branch.
//!
//! The compiler makes many at once of them, which it cannot of the library's; and their bits are
//! the same on every machine: `mul_add` rounds once everywhere, and is one operation wherever
//! [`wide`](crate::elementwise::wide) finds registers for it. Relative error below 3e-7.
//! Polynomials are written with few operations that wait for each other, and not by Horner's rule.

use std::f32::consts::{FRAC_1_SQRT_2, LN_2, LOG2_E};

/// e^x; x below -87 counts as -87, so that the result is never 0, and above 88 as 88.
#[inline(always)]
pub fn exp(x: f32) -> f32 {
    // ln 2 in two parts: the product of the first with a whole number is exact.
    const LN_2_HIGH: f32 = 355.0 / 512.0;
    const LN_2_LOW: f32 = -2.121_944_4e-4;
    // Adding 1.5 * 2^23 leaves the nearest whole number in the lowest bits.
    const ROUNDER: f32 = 12_582_912.0;
    let x = within(x, -87.0, 88.0);
    let rounded = x.mul_add(LOG2_E, ROUNDER);
    let k = rounded - ROUNDER;
    let r = (-k).mul_add(LN_2_LOW, (-k).mul_add(LN_2_HIGH, x));
    let square = r * r;
    let high = square.mul_add(1.0 / 720.0, r.mul_add(1.0 / 120.0, 1.0 / 24.0));
    let series = square.mul_add(high, r.mul_add(1.0 / 6.0, 0.5));
    let two_to_k = f32::from_bits(rounded.to_bits().wrapping_add(127) << 23);
    square.mul_add(series, 1.0 + r) * two_to_k
}

/// x, brought into [low, high]. (`clamp` and `max` have NaN to think of, which costs.)
#[inline(always)]
pub fn within(x: f32, low: f32, high: f32) -> f32 {
    let x = if x < low { low } else { x };
    if x > high { high } else { x }
}

/// ln x for normal x > 0.
#[inline(always)]
pub fn ln(x: f32) -> f32 {
    // x = m 2^e with m in [1/sqrt 2, sqrt 2); ln m = 2 artanh((m - 1)/(m + 1)).
    let e = x.to_bits().wrapping_sub(FRAC_1_SQRT_2.to_bits()) as i32 >> 23;
    let m = f32::from_bits(x.to_bits().wrapping_sub((e << 23) as u32));
    (e as f32).mul_add(LN_2, twice_artanh((m - 1.0) / (m + 1.0)))
}

/// Σ ln x for normal x > 0, of which there are at most 2,000: the exponents are added, and of the
/// mantissas the product has its logarithm.
#[inline(always)]
pub fn sum_of_ln<const N: usize>(x: &[f32; N]) -> f64 {
    const { assert!(N <= 2000, "a lane of more mantissas, each below 2, could overflow") };
    let (mut products, mut exponents) = ([1.0f32; 16], [0i32; 16]);
    for lane in x.as_chunks::<16>().0 {
        for ((product, exponent), x) in products.iter_mut().zip(&mut exponents).zip(lane) {
            *product *= f32::from_bits(x.to_bits() & 0x7f_ffff | 0x3f80_0000);
            *exponent += (x.to_bits() >> 23) as i32 - 127;
        }
    }
    let rest: f32 = x.as_chunks::<16>().1.iter().map(|&x| ln(x)).sum();
    // Not `map`, which the compiler may leave out of the wide registers.
    for product in &mut products {
        *product = ln(*product);
    }
    let mantissas: f32 = products.iter().sum();
    let exponents: i32 = exponents.iter().sum();
    f64::from(exponents) * std::f64::consts::LN_2 + f64::from(mantissas + rest)
}

/// ln(1 + y) for y in [0, 1], as exact for tiny y as for large.
#[inline(always)]
pub fn ln_1p(y: f32) -> f32 {
    twice_artanh(y / (2.0 + y))
}

/// ln(1 + e^x) and its derivative 1 / (1 + e^-x), neither of which underflows to 0 or overflows.
#[inline(always)]
pub fn softplus(x: f32) -> (f32, f32) {
    let e = exp(-x.abs());
    let small = e / (1.0 + e);
    let positive = if x > 0.0 { x } else { 0.0 };
    (positive + ln_1p(e), if x > 0.0 { 1.0 - small } else { small })
}

/// 2 artanh s for |s| <= 1/3.
#[inline(always)]
fn twice_artanh(s: f32) -> f32 {
    let t = s * s;
    let square = t * t;
    let high = square.mul_add(1.0 / 15.0, t.mul_add(1.0 / 13.0, 1.0 / 11.0));
    let middle = square.mul_add(high, t.mul_add(1.0 / 9.0, 1.0 / 7.0));
    let series = square.mul_add(middle, t.mul_add(0.2, 1.0 / 3.0));
    (2.0 * s * t).mul_add(series, 2.0 * s)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(found: f32, expected: f64, what: &str) {
        let error = (f64::from(found) - expected).abs();
        assert!(error <= 3e-7 * expected.abs() + 1e-38, "{what}: {found}, expected {expected}");
    }

    #[test]
    fn they_are_those_of_double_precision() {
        for i in -8_700..8_800 {
            let x = i as f32 * 0.009_973;
            close(exp(x), f64::from(x).exp(), &format!("e^{x}"));
            let (value, slope) = softplus(x);
            close(value, f64::from(x).exp().ln_1p(), &format!("softplus {x}"));
            close(slope, 1.0 / (1.0 + (-f64::from(x)).exp()), &format!("sigmoid {x}"));
            let y = f64::from(x).exp() as f32;
            // Beside 1 the logarithm is small and its error is absolute.
            let error = (f64::from(ln(y)) - f64::from(y).ln()).abs();
            assert!(error < 3e-7 * f64::from(x).abs().max(1.0), "ln {y}: {error}");
        }
    }

    #[test]
    fn a_sum_of_logarithms_is_that_of_double_precision() {
        let of = |f: fn(f32) -> f32| -> [f32; 1000] { std::array::from_fn(|i| f(i as f32)) };
        let numbers =
            [of(|i| 0.05 + i * 1e-3), of(|_| 1e-37), of(|_| 1.999_999_9), of(|i| exp(i * 0.08))];
        for x in numbers {
            let expected: f64 = x.iter().map(|&x| f64::from(x).ln()).sum();
            let error = (sum_of_ln(&x) - expected).abs();
            assert!(error < 3e-6 * expected.abs() + 1e-4, "{} for {expected}", sum_of_ln(&x));
        }
    }

    #[test]
    fn the_ends_are_finite_and_positive() {
        assert!(exp(-1e4) > 0.0 && exp(1e4).is_finite());
        let (low, high) = (softplus(-1e4), softplus(1e4));
        assert!(low.0 > 0.0 && low.1 > 0.0 && high == (1e4, 1.0));
    }
}
