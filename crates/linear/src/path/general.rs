//! Any convex datafit along a path: proximal Newton on a working set.

mod ahead;
mod rows;

use ahead::Known;

use super::raw::Raw;
use crate::datafit::Datafit;
use crate::penalty::{Family, Terms};
use crate::prepared::Prepared;
use crate::solver::{Certificate, Model, Stop};
use wellfit_core::number::NonNegative;
use wellfit_core::penalty::{L1, Penalty};

/// Steps without progress before a descent ends.
const STALLS: usize = 3;
/// How much of what is left a step with old curvatures may leave.
const FALL: f64 = 0.25;
/// Halvings of a step before it is given up.
const HALVINGS: usize = 40;

/// The state of a path.
pub(super) struct General<'a, D> {
    prepared: &'a Prepared,
    datafit: &'a D,
    /// Features that may differ from zero.
    members: Vec<usize>,
    admitted: Vec<bool>,
    beta: Vec<f64>,
    intercept: f64,
    eta: Vec<f64>,
    slopes: Vec<f64>,
    /// What stands for the loss, and whether it was made where the weights are now.
    model: Option<(Model, bool)>,
    /// The last two λ, with members' weights and slopes there.
    last: Option<Known>,
    before: Option<Known>,
    /// Objective of the model without penalized features.
    pub null: f64,
}

impl<'a, D: Datafit> General<'a, D> {
    /// Fits what is not penalized.
    pub fn new(prepared: &'a Prepared, datafit: &'a D) -> Self {
        let (rows, features) = (prepared.weights.len(), prepared.features());
        let mean = prepared.mean(&prepared.target);
        let intercept = if prepared.intercept { datafit.link(mean) } else { 0.0 };
        let mut path = Self {
            prepared,
            datafit,
            members: vec![],
            admitted: vec![false; features],
            beta: vec![0.0; features],
            intercept,
            eta: vec![intercept; rows],
            slopes: vec![],
            model: None,
            last: None,
            before: None,
            null: 0.0,
        };
        path.null = path.loss(&path.eta);
        let free = prepared.unpenalized();
        if !free.is_empty() {
            path.admit(&free);
            let zero = L1 { strength: NonNegative::ZERO };
            let stop = Stop { gap: 1e-15 * path.null, distance: 0.0, passes: 1_000 };
            path.descend(&prepared.terms(&zero), stop);
            path.null = path.loss(&path.eta);
        }
        path.slopes = prepared.columns.correlations(&path.weighted_residual());
        path
    }

    /// X'u at the last λ, or where only what is not penalized was fitted.
    pub fn slopes(&self) -> &[f64] {
        &self.slopes
    }

    /// Starts from weights that another solver found, of a least squares problem.
    pub fn start_at(&mut self, raw: &Raw) {
        self.admit(&raw.weights.iter().map(|pair| pair.0).collect::<Vec<_>>());
        raw.weights.iter().for_each(|&(j, w)| self.beta[j] = w);
        self.intercept = raw.intercept;
        self.eta = self.predictor();
        self.slopes = self.prepared.columns.correlations(&self.weighted_residual());
    }

    /// Fits each λ from the one before.
    pub fn run<F: Family>(&mut self, family: &F, lambdas: &[f64], stop: Stop) -> Vec<Raw> {
        lambdas.iter().map(|&lambda| self.fit(&family.at(lambda), lambda, stop)).collect()
    }

    fn fit<P: Penalty>(&mut self, penalty: &P, lambda: f64, stop: Stop) -> Raw {
        let prepared = self.prepared;
        let terms = prepared.terms(penalty);
        let mut inner = Stop { gap: 0.3 * stop.gap, distance: 0.5 * stop.distance, ..stop };
        let mut passes = 0;
        self.drop_zeros();
        self.look_ahead(&terms, lambda);
        loop {
            let missing = self.missing(&terms);
            self.admit(&missing);
            passes += self.descend(&terms, inner);
            // Updates gather rounding; the certificate must not.
            self.eta = self.predictor();
            self.balance_intercept();
            let u = self.weighted_residual();
            self.slopes = prepared.columns.correlations(&u);
            let features = (0..prepared.features()).map(|j| (j, self.beta[j], self.slopes[j]));
            let certificate = self.certificate(&terms, features);
            let converged = stop.is_reached(&certificate);
            let none_missing = self.missing(&terms).is_empty();
            let spent = passes >= stop.passes || (none_missing && inner.gap < 1e-6 * stop.gap);
            if converged || spent {
                let weights = self.members.iter().filter(|&&j| self.beta[j] != 0.0);
                let weights = weights.map(|&j| (j, self.beta[j])).collect();
                let intercept = self.intercept;
                self.before = self.last.replace(self.known(lambda));
                return Raw { lambda, weights, intercept, certificate, passes, converged };
            }
            if none_missing {
                (inner.gap, inner.distance) = (0.01 * inner.gap, 0.1 * inner.distance);
            }
        }
    }

    /// Newton steps on the working set until `stop`; returns how many.
    fn descend<P: Penalty>(&mut self, terms: &Terms<'_, P>, stop: Stop) -> usize {
        let (mut nearest, mut stalled, mut left) = (f64::INFINITY, 0, f64::INFINITY);
        for pass in 1..=stop.passes {
            self.balance_intercept();
            let u = self.weighted_residual();
            let slope = |&j: &usize| (j, self.beta[j], self.prepared.columns.dot(j, &u));
            let slopes: Vec<_> = self.members.iter().map(slope).collect();
            let now = self.certificate(terms, slopes.iter().copied());
            if stop.is_reached(&now) {
                return pass;
            }
            stalled = if now.distance < 0.9 * nearest { 0 } else { stalled + 1 };
            nearest = nearest.min(now.distance);
            // Products are made anew when old curvatures lead only slowly on.
            if stop.left(&now) > FALL * left {
                self.forget_model();
            }
            left = stop.left(&now);
            let moved = self.step(terms, &u, &slopes, &now);
            let fresh = self.model.as_ref().is_some_and(|(_, fresh)| *fresh);
            if !moved && !fresh {
                (self.model, left) = (None, f64::INFINITY);
                continue;
            }
            if !self.datafit.is_quadratic() {
                self.model.iter_mut().for_each(|(_, fresh)| *fresh = false);
            }
            // Where the objective is flat to rounding, the distance may still shrink.
            if !moved && stalled > STALLS {
                return pass;
            }
        }
        stop.passes
    }

    /// Unless it stands for the loss where the weights are now.
    fn forget_model(&mut self) {
        self.model.take_if(|(_, fresh)| !*fresh);
    }

    /// One Newton step with a line search; false where the objective does not fall any more.
    fn step<P: Penalty>(
        &mut self,
        terms: &Terms<'_, P>,
        u: &[f64],
        slopes: &[(usize, f64, f64)],
        now: &Certificate,
    ) -> bool {
        let columns = &self.prepared.columns;
        let (mut model, fresh) = self.model.take().unwrap_or_else(|| {
            (Model::new(columns, self.curvatures(), self.prepared.intercept), true)
        });
        let inexact = Stop {
            gap: 0.01 * now.gap.unwrap_or(0.0),
            distance: 0.05 * now.distance,
            passes: 1_000,
        };
        let (moved, intercept) =
            model.minimize((columns, terms), &self.members, slopes, u, inexact);
        self.model = Some((model, fresh));
        let mut towards = vec![intercept; self.eta.len()];
        for (&j, &delta) in self.members.iter().zip(&moved).filter(|(_, delta)| **delta != 0.0) {
            self.prepared.columns.add(j, delta, &mut towards);
        }
        let before: f64 = slopes.iter().map(|&(j, w, _)| terms.value(j, w)).sum();
        let penalty = |length: f64| -> f64 {
            let pairs = slopes.iter().zip(&moved);
            pairs.map(|(&(j, w, _), delta)| terms.value(j, w + length * delta)).sum()
        };
        let linear: f64 = -u.iter().zip(&towards).map(|(u, d)| u * d).sum::<f64>();
        let expected = linear + penalty(1.0) - before;
        let mut length = 1.0;
        for _ in 0..HALVINGS {
            let eta: Vec<f64> =
                self.eta.iter().zip(&towards).map(|(eta, d)| eta + length * d).collect();
            let objective = self.loss(&eta) + penalty(length);
            // Near the optimum the change drowns in rounding; then a full step is right.
            let rounding = 4.0 * f64::EPSILON * now.objective.abs();
            if objective <= now.objective + 1e-4 * length * expected + rounding {
                for (&(j, w, _), delta) in slopes.iter().zip(&moved) {
                    self.beta[j] = if length == 1.0 { w + delta } else { w + length * delta };
                }
                self.intercept += length * intercept;
                self.eta = eta;
                return expected < -1e-3 * rounding;
            }
            length *= 0.5;
        }
        false
    }

    /// Features outside the working set that want to leave zero.
    fn missing<P: Penalty>(&self, terms: &Terms<'_, P>) -> Vec<usize> {
        let wants = |&j: &usize| !self.admitted[j] && terms.distance(j, 0.0, -self.slopes[j]) > 0.0;
        (0..self.admitted.len()).filter(wants).collect()
    }

    fn admit(&mut self, new: &[usize]) {
        for &j in new.iter().filter(|&&j| !self.admitted[j]) {
            self.members.push(j);
        }
        new.iter().for_each(|&j| self.admitted[j] = true);
    }

    /// Forgets members that are zero again, where they are many; the next check of all features
    /// would bring them back.
    fn drop_zeros(&mut self) {
        let (beta, factors) = (&self.beta, &self.prepared.factors);
        let stays = |&j: &usize| beta[j] != 0.0 || factors[j] == 0.0;
        let used = self.members.iter().filter(|&j| stays(j)).count();
        if self.members.len() > used + used / 2 + 20 {
            self.members.retain(stays);
            self.admitted.fill(false);
            self.members.iter().for_each(|&j| self.admitted[j] = true);
            self.model = None;
        }
    }
}
