//! Student's law, by the incomplete beta function.

use libm::lgamma;

/// P(|T| > |t|) under `freedom` degrees of freedom, from both tails; NaN stays NaN.
pub(super) fn two_sided(t: f64, freedom: f64) -> f64 {
    incomplete_beta(0.5 * freedom, 0.5, freedom / (freedom + t * t))
}

/// The t that |T| exceeds with probability `p`, from both tails, p in (0, 1].
pub(super) fn critical(p: f64, freedom: f64) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    while two_sided(high, freedom) > p && high < 1e300 {
        high *= 2.0;
    }
    // The probability falls with t: halve until two neighbours are left.
    loop {
        let middle: f64 = 0.5 * (low + high);
        if middle <= low || middle >= high {
            return high;
        }
        if two_sided(middle, freedom) > p { low = middle } else { high = middle }
    }
}

/// The regularized incomplete beta function I_x(a, b).
///
/// By its continued fraction, which converges fast below the mean of the law; above it by
/// I_x(a, b) = 1 - I_{1-x}(b, a). (DLMF 8.17.22.)
fn incomplete_beta(a: f64, b: f64, x: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if x >= 1.0 {
        return 1.0;
    }
    let log_beta = lgamma(a) + lgamma(b) - lgamma(a + b);
    let front = (a * x.ln() + b * (-x).ln_1p() - log_beta).exp();
    if x < (a + 1.0) / (a + b + 2.0) {
        front * fraction(a, b, x) / a
    } else {
        1.0 - front * fraction(b, a, 1.0 - x) / b
    }
}

/// 1/(1 + d1/(1 + d2/(1 + ...))) by Lentz's method.
fn fraction(a: f64, b: f64, x: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let away = |value: f64| if value.abs() < TINY { TINY } else { value };
    let term = |i: u32| {
        let (m, two) = (f64::from(i / 2), 2.0 * f64::from(i / 2));
        match i.is_multiple_of(2) {
            true => m * (b - m) * x / ((a + two - 1.0) * (a + two)),
            false => -(a + m) * (a + b + m) * x / ((a + two) * (a + two + 1.0)),
        }
    };
    let mut d = 1.0 / away(1.0 + term(1));
    let (mut c, mut value) = (1.0, d);
    for i in 2..10_000 {
        let step = term(i);
        d = 1.0 / away(1.0 + step * d);
        c = away(1.0 + step / c);
        value *= c * d;
        if (c * d - 1.0).abs() < 1e-16 {
            break;
        }
    }
    value
}
