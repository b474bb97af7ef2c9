//! Shares: random numbers that sum to 1.
//!
//! Beta(a, b) is G_a / (G_a + G_b), Dirichlet(α) is G_α / Σ G_α of independent Gamma numbers. All of
//! it goes through logarithms: at α = 0.01 one Gamma number of a thousand is too small for any
//! float, and the quotient of two such is still a share.

use super::Draw;
use crate::number::Positive;
use rand_distr::{Distribution, Gamma};

/// The smallest shape that is told from 0; ln(u) / shape stays finite.
const SMALLEST: f64 = 1e-300;

impl Draw {
    /// One number from Beta(a, b), in [0, 1]. At a tiny a and b it is 0 or 1 nearly always.
    pub fn beta(&mut self, a: Positive, b: Positive) -> f64 {
        let (first, second) = (self.ln_gamma(a), self.ln_gamma(b));
        1.0 / (1.0 + (second - first).exp())
    }

    /// `count` shares from Dirichlet(alpha, ..., alpha), which sum to 1.
    pub fn dirichlet(&mut self, count: usize, alpha: Positive) -> Vec<f64> {
        let logarithms: Vec<f64> = (0..count).map(|_| self.ln_gamma(alpha)).collect();
        let largest = logarithms.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let numbers: Vec<f64> = logarithms.iter().map(|log| (log - largest).exp()).collect();
        let sum: f64 = numbers.iter().sum();
        numbers.into_iter().map(|number| number / sum).collect()
    }

    /// ln G_a, by G_a = G_(a+1) U^(1/a) for a below 1. (Marsaglia and Tsang 2000, ACM TOMS 26(3).)
    fn ln_gamma(&mut self, shape: Positive) -> f64 {
        let shape = shape.get().max(SMALLEST);
        // The law exists for every shape above 0.
        let mut gamma = |shape: f64| Gamma::new(shape, 1.0).map_or(0.0, |law| law.sample(self));
        if shape >= 1.0 {
            return gamma(shape).ln();
        }
        gamma(shape + 1.0).ln() + (1.0 - self.unit()).ln() / shape
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seed::Seed;

    fn positive(value: f64) -> Positive {
        Positive::new(value).unwrap()
    }

    fn draw() -> Draw {
        Seed::new(42).stream("shares").step(0)
    }

    /// The mean of f over `values` is `expected`, within five of its standard errors.
    fn assert_mean(values: &[f64], f: impl Fn(f64) -> f64, expected: f64, what: &str) {
        let n = values.len() as f64;
        let mean = values.iter().map(|&v| f(v)).sum::<f64>() / n;
        let variance = values.iter().map(|&v| (f(v) - mean).powi(2)).sum::<f64>() / n;
        let bound = 5.0 * (variance / n).sqrt();
        assert!((mean - expected).abs() < bound, "{what}: {mean}, expected {expected} +- {bound}");
    }

    #[test]
    fn beta_has_its_moments() {
        let laws = [(0.01, 0.01), (0.2, 0.2), (1.0, 1.0), (2.0, 5.0), (0.3, 4.0), (80.0, 20.0)];
        for (a, b) in laws {
            let mut draw = draw();
            let values: Vec<f64> =
                (0..200_000).map(|_| draw.beta(positive(a), positive(b))).collect();
            assert!(values.iter().all(|value| (0.0..=1.0).contains(value)));
            let (sum, what) = (a + b, format!("Beta({a}, {b})"));
            assert_mean(&values, |v| v, a / sum, &what);
            let variance = a * b / (sum * sum * (sum + 1.0));
            assert_mean(&values, |v| (v - a / sum).powi(2), variance, &what);
            let third = a * (a + 1.0) * (a + 2.0) / (sum * (sum + 1.0) * (sum + 2.0));
            assert_mean(&values, |v| v.powi(3), third, &what);
        }
    }

    /// Mixup's share of the weaker example: E min(λ, 1-λ), by SciPy's `beta.expect`.
    #[test]
    fn the_smaller_share_is_that_of_mixup() {
        for (alpha, expected) in [(0.2, 0.101_190_25), (1.0, 0.25)] {
            let (mut draw, alpha) = (draw(), positive(alpha));
            let values: Vec<f64> = (0..200_000).map(|_| draw.beta(alpha, alpha)).collect();
            assert_mean(&values, |v| v.min(1.0 - v), expected, "min(λ, 1-λ)");
        }
    }

    #[test]
    fn shares_of_any_shape_are_shares() {
        let mut draw = draw();
        for alpha in [f64::MIN_POSITIVE, 1e-12, 1e-3, 1.0, 1e12, f64::MAX] {
            for _ in 0..1000 {
                let share = draw.beta(positive(alpha), positive(alpha));
                assert!((0.0..=1.0).contains(&share), "Beta({alpha}, {alpha}): {share}");
                let shares = draw.dirichlet(3, positive(alpha));
                assert!(shares.iter().all(|share| (0.0..=1.0).contains(share)), "{shares:?}");
                assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-12, "{shares:?}");
            }
        }
        assert!(draw.dirichlet(0, Positive::ONE).is_empty());
    }

    #[test]
    fn dirichlet_has_its_moments() {
        for alpha in [0.01, 0.5, 3.0] {
            let mut draw = draw();
            let all: Vec<Vec<f64>> =
                (0..100_000).map(|_| draw.dirichlet(4, positive(alpha))).collect();
            for place in 0..4 {
                let values: Vec<f64> = all.iter().map(|shares| shares[place]).collect();
                let what = format!("Dirichlet({alpha})");
                assert_mean(&values, |v| v, 0.25, &what);
                let variance = 0.25 * 0.75 / (4.0 * alpha + 1.0);
                assert_mean(&values, |v| (v - 0.25).powi(2), variance, &what);
            }
            let products: Vec<f64> = all.iter().map(|shares| shares[0] * shares[1]).collect();
            assert_mean(&products, |v| v, 0.0625 - 0.0625 / (4.0 * alpha + 1.0), "covariance");
        }
    }

    /// Seeds stand in recipes and papers: an update of a library must not change what they mean.
    #[test]
    fn the_stream_stays_what_it_was() {
        let mut draw = draw();
        let shares = [0.2, 1.0, 0.01].map(|alpha| draw.beta(positive(alpha), positive(alpha)));
        let then =
            [0.056_311_711_545_473_22, 0.450_979_277_995_421_37, 2.109_918_868_959_338_5e-10];
        for (now, then) in shares.iter().zip(then) {
            // The last digits are those of the machine's logarithm.
            assert!((now / then - 1.0).abs() < 1e-12, "{now}, once {then}");
        }
    }
}
