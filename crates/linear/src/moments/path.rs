//! A path of least squares from sums alone.

use super::Moments;
use crate::path::{Fit, Lambdas, Path, Solver, grid, lambda_max};
use crate::penalty::{Family, Terms};
use crate::solver::{Gram, State, Stop};
use crate::{Error, Settings};

/// Spreads this small beside the values differ by rounding only.
pub(super) const ROUNDING: f64 = 64.0 * f64::EPSILON;

/// Sums in the units of the solver.
struct Scaled {
    gram: Gram,
    scale: Vec<f64>,
    factors: Vec<f64>,
    bounds: Vec<(f64, f64)>,
}

impl Moments {
    /// Minimizes 1/(2n) ||y - Xw - b||² + penalty for each λ, as [`crate::path::fit`] does.
    ///
    /// # Errors
    /// As [`crate::path::fit`]; [`Error::Nothing`] when no sample was added.
    pub fn path<F: Family>(
        &self,
        family: &F,
        lambdas: &Lambdas,
        settings: &Settings,
    ) -> Result<Path, Error> {
        settings.check(self.features())?;
        if self.rows == 0 || self.features() == 0 {
            let why = "moments: expected samples and features, found none".to_owned();
            return Err(Error::Nothing { why });
        }
        let Scaled { mut gram, scale, factors, bounds } = self.scaled(settings);
        let rules = (&factors[..], &bounds[..]);
        let mut state = State { beta: vec![0.0; factors.len()], slope: vec![] };
        gram.refresh(&mut state);
        gram.fit_unpenalized(&factors, &bounds, &mut state);
        let null = gram.loss(&state);
        let lambda_max = lambda_max(rules, family, &state.slope);
        let shape = (self.rows, self.features());
        let lambdas = grid(rules, family, lambdas, lambda_max, (&state.slope, shape))?;
        let stop = Stop::of(settings, null);
        let mut fits: Vec<Fit> = Vec::with_capacity(lambdas.len());
        let (mut at, mut before) = (f64::INFINITY, None);
        for lambda in lambdas {
            let penalty = family.at(lambda);
            let terms = Terms { penalty: &penalty, factors: &factors, bounds: &bounds };
            let last = std::mem::replace(&mut at, lambda);
            if let Some((first, state_before)) = before.replace((last, state.clone())) {
                let length = (lambda - last) / (last - first);
                gram.follow_on(&terms, &mut state, &state_before, length);
            }
            let passes = gram.solve(&terms, &mut state, stop);
            gram.refresh(&mut state);
            let certificate = gram.certificate(&terms, &state);
            let (intercept, coefficients) = self.original(&state.beta, &scale, settings);
            fits.push(Fit {
                lambda,
                intercept,
                coefficients,
                objective: certificate.objective,
                gap: certificate.gap,
                kkt: certificate.distance,
                converged: stop.is_reached(&certificate),
                passes,
            });
        }
        Ok(Path { fits, lambda_max, null_objective: null, solver: Solver::Moments })
    }

    fn scaled(&self, settings: &Settings) -> Scaled {
        let features = self.features();
        let factors = settings.factors.clone().unwrap_or_else(|| vec![1.0; features]);
        let (mut scale, mut bounds) = (vec![1.0; features], vec![]);
        for j in 0..features {
            let deviation = (self.products[(j, j)] / self.weight).sqrt();
            let constant = deviation <= ROUNDING * self.largest[j];
            if (settings.standardize || factors[j] == 0.0) && !constant {
                scale[j] = deviation;
            }
            let free = (f64::NEG_INFINITY, f64::INFINITY);
            let (low, high) = settings.bounds.as_ref().map_or(free, |bounds| bounds[j]);
            let fixed = constant && settings.intercept;
            bounds.push(if fixed { (0.0, 0.0) } else { (low * scale[j], high * scale[j]) });
        }
        // Without an intercept products are about zero.
        let (means, target) = match settings.intercept {
            true => (vec![0.0; features], 0.0),
            false => (self.means.clone(), self.target_mean),
        };
        let product = |i: usize, j: usize| {
            let (i, j) = (i.max(j), i.min(j));
            (self.products[(i, j)] / self.weight + means[i] * means[j]) / (scale[i] * scale[j])
        };
        let linear = |j: usize| (self.with_target[j] / self.weight + means[j] * target) / scale[j];
        let norm2 = self.target_square / self.weight + target * target;
        let gram = Gram::whole(product, (0..features).map(linear).collect(), norm2);
        Scaled { gram, scale, factors, bounds }
    }

    fn original(&self, beta: &[f64], scale: &[f64], settings: &Settings) -> (f64, Vec<f64>) {
        let unscaled = |(b, s): (&f64, &f64)| if *b == 0.0 { 0.0 } else { b / s };
        let weights: Vec<f64> = beta.iter().zip(scale).map(unscaled).collect();
        let moved: f64 = weights.iter().zip(&self.means).map(|(w, m)| w * m).sum();
        (if settings.intercept { self.target_mean - moved } else { 0.0 }, weights)
    }
}
