//! The density of one dimension over the values that were seen: a kernel on each, and a broad
//! one, the prior, over the whole range.

use crate::space::Domain;
use libm::{erf, erfc};
use std::f64::consts::FRAC_1_SQRT_2;
use wellfit_core::seed::Draw;

/// Observations of full weight; older ones count less (Optuna's and Hyperopt's).
const FULL_WEIGHT: usize = 25;

/// A kernel is never narrower than this share of the range ("magic clip").
const NARROWEST: f64 = 0.01;

/// Kernels that are farther away add less than 2e-16 of their height, while the prior is never
/// lower than 1e-5 of any.
const NEGLIGIBLE: f64 = -36.0;

/// A density on one dimension's scale, or a mass for whole numbers and choices.
#[derive(Debug)]
pub(super) enum Parzen {
    Kernels(Kernels),
    Choices(Vec<f64>),
}

/// From here on, the error function is 1 to the last bit.
const SATURATED: f64 = 5.87;

/// Truncated normal kernels, in the order of their means.
#[derive(Debug)]
pub(super) struct Kernels {
    interval: (f64, f64),
    means: Vec<f64>,
    precisions: Vec<f64>,
    /// Weight of each kernel, divided by its mass inside the interval.
    heights: Vec<f64>,
    /// Sums of the weights up to each kernel.
    cumulated: Vec<f64>,
}

impl Parzen {
    /// The density over `values`, the oldest first; the prior counts as much as `prior_weight`
    /// observations.
    pub(super) fn of(domain: &Domain, values: &[f64], prior_weight: f64) -> Self {
        match domain {
            Domain::Category(choices) => {
                Self::Choices(choices_of(choices.len(), values, prior_weight))
            }
            _ => Self::Kernels(Kernels::of(domain, values, prior_weight)),
        }
    }

    /// A value of the domain, drawn from the density.
    pub(super) fn sample(&self, domain: &Domain, draw: &mut Draw) -> f64 {
        match self {
            Self::Choices(masses) => {
                let mut left = draw.unit() * masses.iter().sum::<f64>();
                let drawn = masses.iter().position(|mass| {
                    left -= mass;
                    left < 0.0
                });
                drawn.unwrap_or(masses.len() - 1) as f64
            }
            Self::Kernels(kernels) => domain.at_scale(kernels.sample(draw)),
        }
    }

    /// The logarithm of the density at a value; on a logarithmic scale, of the logarithm.
    pub(super) fn log_density(&self, domain: &Domain, value: f64) -> f64 {
        match (self, domain) {
            (Self::Choices(masses), _) => masses[value as usize].ln(),
            (Self::Kernels(kernels), Domain::Integer { .. }) => {
                kernels.mass(domain.to_scale(value - 0.5), domain.to_scale(value + 0.5)).ln()
            }
            (Self::Kernels(kernels), _) => kernels.density(domain.to_scale(value)).ln(),
        }
    }
}

/// The mass of each choice: every observation is a kernel that gives all choices a little.
fn choices_of(choices: usize, values: &[f64], prior_weight: f64) -> Vec<f64> {
    let (weights, total) = weights(values.len(), prior_weight);
    let little = prior_weight / (values.len() as f64 + 1.0);
    let observed = 1.0 / (1.0 + little * choices as f64);
    // What all choices get: the prior's part, and a little of each observation.
    let shared = (total - prior_weight) * little * observed + prior_weight / choices as f64;
    let mut masses = vec![shared / total; choices];
    for (&value, weight) in values.iter().zip(weights) {
        masses[value as usize] += weight * observed / total;
    }
    masses
}

/// Weights of the observations, the oldest first, and their sum with the prior's: the last 25
/// count fully, those before rise to that from 1/n.
fn weights(count: usize, prior_weight: f64) -> (Vec<f64>, f64) {
    let ramp = count.saturating_sub(FULL_WEIGHT);
    let first = 1.0 / count.max(1) as f64;
    let rise = if ramp > 1 { (1.0 - first) / (ramp - 1) as f64 } else { 0.0 };
    let weight = |i: usize| if i < ramp { first + rise * i as f64 } else { 1.0 };
    let weights: Vec<f64> = (0..count).map(weight).collect();
    let total = if count == 0 { 1.0 } else { prior_weight + weights.iter().sum::<f64>() };
    (weights, total)
}

impl Kernels {
    fn of(domain: &Domain, values: &[f64], prior_weight: f64) -> Self {
        let interval = domain.interval();
        let (low, high) = interval;
        let (weights, total) = weights(values.len(), prior_weight);
        let mut sorted: Vec<(f64, f64)> =
            values.iter().map(|&value| domain.to_scale(value)).zip(weights).collect();
        sorted.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
        let kernels = values.len() + 1;
        let widths = (high - low) * NARROWEST.max(1.0 / (1.0 + kernels as f64))..=high - low;
        let mut made = Self {
            interval,
            means: Vec::with_capacity(kernels),
            precisions: Vec::with_capacity(kernels),
            heights: Vec::with_capacity(kernels),
            cumulated: Vec::with_capacity(kernels),
        };
        let kernel = |(i, &(mean, weight)): (usize, &(f64, f64))| {
            (mean, gap(&sorted, i, interval).clamp(*widths.start(), *widths.end()), weight / total)
        };
        let mut placed: Vec<(f64, f64, f64)> = sorted.iter().enumerate().map(kernel).collect();
        // Whole numbers come often: kernels that are the same are one.
        placed.dedup_by(|next, kept| {
            let same = (next.0, next.1) == (kept.0, kept.1);
            kept.2 += if same { next.2 } else { 0.0 };
            same
        });
        placed.into_iter().for_each(|(mean, width, weight)| made.push(mean, width, weight));
        let prior = if values.is_empty() { 1.0 } else { prior_weight };
        made.push(0.5 * (low + high), high - low, prior / total);
        made
    }

    fn push(&mut self, mean: f64, width: f64, weight: f64) {
        let (low, high) = self.interval;
        let precision = 1.0 / width;
        let inside = mass((low - mean) * precision, (high - mean) * precision);
        self.means.push(mean);
        self.precisions.push(precision);
        self.heights.push(weight / inside);
        self.cumulated.push(self.cumulated.last().unwrap_or(&0.0) + weight);
    }

    /// A mean lies inside the interval and a kernel is no wider than it, so that at least a third
    /// of the draws stay.
    fn sample(&self, draw: &mut Draw) -> f64 {
        let place = draw.unit() * self.cumulated.last().unwrap_or(&0.0);
        let last = self.means.len() - 1;
        let kernel = self.cumulated.partition_point(|&sum| sum <= place).min(last);
        let (low, high) = self.interval;
        loop {
            let drawn = self.means[kernel] + draw.standard_normal() / self.precisions[kernel];
            if low <= drawn && drawn <= high {
                return drawn;
            }
        }
    }

    fn density(&self, place: f64) -> f64 {
        const NORMAL: f64 = 0.398_942_280_401_432_7;
        let kernels = self.means.iter().zip(&self.precisions).zip(&self.heights);
        let mut sum = 0.0;
        for ((mean, precision), height) in kernels {
            let distance = (place - mean) * precision;
            let exponent = -0.5 * distance * distance;
            if exponent > NEGLIGIBLE {
                sum += height * precision * exponent.exp();
            }
        }
        NORMAL * sum
    }

    fn mass(&self, from: f64, to: f64) -> f64 {
        let kernels = self.means.iter().zip(&self.precisions).zip(&self.heights);
        let of = |((mean, precision), height): ((&f64, &f64), &f64)| {
            height * mass((from - mean) * precision, (to - mean) * precision)
        };
        kernels.map(of).sum()
    }
}

/// The larger of the distances to both neighbours; the first and the last have but one, unless
/// they are alone and look at the ends of the interval.
fn gap(sorted: &[(f64, f64)], i: usize, (low, high): (f64, f64)) -> f64 {
    let mean = sorted[i].0;
    match (i.checked_sub(1).map(|left| sorted[left].0), sorted.get(i + 1).map(|right| right.0)) {
        (None, None) => (mean - low).max(high - mean),
        (None, Some(right)) => right - mean,
        (Some(left), None) => mean - left,
        (Some(left), Some(right)) => (mean - left).max(right - mean),
    }
}

/// The mass of the standard normal law between two points, exact in both tails.
fn mass(from: f64, to: f64) -> f64 {
    let (a, b) = (from * FRAC_1_SQRT_2, to * FRAC_1_SQRT_2);
    match (a, b) {
        (a, b) if a < -SATURATED && b > SATURATED => 1.0,
        (a, b) if a > 0.0 => 0.5 * (erfc(a) - erfc(b)),
        (a, b) if b < 0.0 => 0.5 * (erfc(-b) - erfc(-a)),
        (a, b) => 0.5 * (erf(b) - erf(a)),
    }
}

#[cfg(test)]
#[path = "parzen_tests.rs"]
mod tests;
