//! The body P(w) <= t: a disc for L2, a diamond for L1, and what lies between.

use super::Weights;
use wellfit_core::number::Fraction;

/// r Σ |w| + (1 - r)/2 Σ w², `ratio` being r.
pub fn penalty(w: Weights, ratio: Fraction) -> f64 {
    let r = ratio.get();
    r * (w[0].abs() + w[1].abs()) + (1.0 - r) / 2.0 * (w[0] * w[0] + w[1] * w[1])
}

/// `count` points around the body P(w) <= `t`, corners included where `count` is a multiple of 4;
/// all zero for `t` of 0 and less.
pub fn boundary(t: f64, ratio: Fraction, count: usize) -> Vec<Weights> {
    let turn = std::f64::consts::TAU / count.max(1) as f64;
    let at = |step: usize| {
        let (sin, cos) = (step as f64 * turn).sin_cos();
        // An axis is met exactly, not to the last bit of a sine.
        let clean = |x: f64| if x.abs() < 1e-15 { 0.0 } else { x };
        let (sin, cos) = (clean(sin), clean(cos));
        let reach = reach(t, ratio.get(), cos.abs() + sin.abs());
        [reach * cos, reach * sin]
    };
    (0..count).map(at).collect()
}

/// ρ >= 0 with r a ρ + (1 - r)/2 ρ² = t: how far the body goes in a direction whose components are
/// `a` together.
fn reach(t: f64, r: f64, a: f64) -> f64 {
    if t <= 0.0 {
        return 0.0;
    }
    let linear = r * a;
    // The root without a difference, which is right for r = 1 as well.
    2.0 * t / (linear + (linear * linear + 2.0 * (1.0 - r) * t).sqrt())
}
