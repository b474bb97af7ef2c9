//! Gradient descent on the loss and its penalty, step by step.

use super::{Landscape, Weights};
use wellfit_core::number::{Fraction, NonNegative, Positive};
use wellfit_core::penalty::{L1, Penalty};

/// How descent goes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Descent {
    /// η, the learning rate.
    pub rate: Positive,
    /// λ.
    pub lambda: NonNegative,
    /// r, the share of L1.
    pub ratio: Fraction,
}

/// A weight beyond this has diverged, and is not followed further.
const FAR: f64 = 1e6;

impl Descent {
    /// The weights from `start` on, `steps` times further:
    ///
    /// w <- prox((1 - ηλ(1 - r)) w - η H (w - w*)), the prox being the soft threshold at ηλr.
    ///
    /// For r = 0 that is the textbook's shrinking step. Ends early where it diverges.
    pub fn from(&self, landscape: &Landscape, start: Weights, steps: usize) -> Vec<Weights> {
        let (rate, r) = (self.rate.get(), self.ratio.get());
        let shrink = 1.0 - rate * self.lambda.get() * (1.0 - r);
        let l1 = NonNegative::new(self.lambda.get() * r).map(|strength| L1 { strength });
        let mut trace = vec![start];
        let mut w = start;
        for _ in 0..steps {
            let slope = landscape.gradient(w);
            for (w, slope) in w.iter_mut().zip(slope) {
                let moved = shrink * *w - rate * slope;
                *w = l1.as_ref().map_or(moved, |l1| l1.prox(moved, rate));
            }
            if !w.iter().all(|w| w.abs() < FAR) {
                break;
            }
            trace.push(w);
        }
        trace
    }
}

/// 2 / (h + λ(1 - r)), h the largest curvature: from this learning rate on descent goes astray.
pub fn limit(landscape: &Landscape, lambda: NonNegative, ratio: Fraction) -> f64 {
    let ([steep, _], _) = landscape.curvatures();
    2.0 / (steep + lambda.get() * (1.0 - ratio.get()))
}
