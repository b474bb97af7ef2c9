//! Priors of weights, and the cross-entropy of a Gaussian posterior with them.

use crate::series::{exp, ln_1p, softplus};
use serde::{Deserialize, Serialize};
use wellfit_core::number::{Fraction, Positive};

/// A second part of the prior, N(0, std²), narrow so that it draws weights to zero.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mixture {
    /// Share of the first part, the one of `prior_std`.
    #[serde(default = "half")]
    pub share: Fraction,
    /// Standard deviation of the second part.
    pub std: Positive,
}

fn half() -> Fraction {
    Fraction::HALF
}

/// The prior of every weight, with mean 0.
#[derive(Debug, Clone, Copy)]
pub enum Prior {
    /// N(0, std²).
    Gaussian(Gaussian),
    /// Two such, one of them narrow.
    Mixture(Parts),
}

impl Prior {
    /// N(0, std²), or a mixture of it with a second part.
    pub fn new(std: Positive, mixture: Option<Mixture>) -> Self {
        let first = Gaussian::new(std.get(), 1.0);
        let Some(Mixture { share, std: narrow }) = mixture else { return Self::Gaussian(first) };
        // A share of exactly 0 or 1 is a prior of one part.
        let share = share.get().clamp(1e-30, 1.0 - 1e-16);
        let first = Gaussian::new(std.get(), share);
        Self::Mixture(Parts { first, second: Gaussian::new(narrow.get(), 1.0 - share) })
    }
}

/// What -E ln p is for a weight: its value and its derivatives in mean and standard deviation.
pub trait CrossEntropy: Send + Sync + Copy + std::fmt::Debug + 'static {
    /// -E_q ln p(w) for w ~ q = N(mean, std²), or one sample of it, at mean + std normal.
    fn at(&self, mean: f32, std: f32, normal: f32) -> [f32; 3];
}

/// share N(0, std²)
#[derive(Debug, Clone, Copy)]
pub struct Gaussian {
    precision: f32,
    /// -ln of the density at 0.
    depth: f32,
}

impl Gaussian {
    fn new(std: f64, share: f64) -> Self {
        let depth = (std / share).ln() + 0.5 * (2.0 * std::f64::consts::PI).ln();
        Self { precision: std.powi(-2) as f32, depth: depth as f32 }
    }
}

impl CrossEntropy for Gaussian {
    #[inline(always)]
    fn at(&self, mean: f32, std: f32, _: f32) -> [f32; 3] {
        let value = self.depth + 0.5 * self.precision * (mean * mean + std * std);
        [value, self.precision * mean, self.precision * std]
    }
}

/// The sum of two.
#[derive(Debug, Clone, Copy)]
pub struct Parts {
    first: Gaussian,
    second: Gaussian,
}

impl CrossEntropy for Parts {
    #[inline(always)]
    fn at(&self, mean: f32, std: f32, normal: f32) -> [f32; 3] {
        let Self { first, second } = self;
        let w = mean + std * normal;
        let square = 0.5 * w * w;
        let depths = [first, second].map(|part| part.depth + part.precision * square);
        let odds = depths[1] - depths[0];
        // -ln of a sum: the less deep part, and a correction of at most ln 2.
        let least = if odds > 0.0 { depths[0] } else { depths[1] };
        // Each to its own precision: the narrow part's is large, and its share may be tiny.
        let [share, rest] = [softplus(odds).1, softplus(-odds).1];
        let value = least - ln_1p(exp(-odds.abs()));
        let slope = w * (share * first.precision + rest * second.precision);
        [value, slope, slope * normal]
    }
}
