//! Coordinate descent and Newton steps in turns, on the places of a Gram matrix that matter.

use super::extrapolation::MEMORY;
use super::gram::{Gram, State};
use super::part::Part;
use super::{Certificate, certify};
use crate::Settings;
use crate::kernel::{add, dot};
use crate::penalty::Terms;
use wellfit_core::number::NonNegative;
use wellfit_core::penalty::{L1, Penalty};

/// Sweeps before the first Newton step.
const SWEEPS_FIRST: usize = 3;
/// How much faster a factorization does its additions than a sweep, which waits for memory.
const SPEED: f64 = 7.0;
/// Factorizations that Newton steps are expected to need: signs change on the way.
const FACTORIZATIONS: f64 = 1.5;

/// When to stop.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stop {
    /// Duality gap.
    pub gap: f64,
    /// KKT distance, where there is no gap.
    pub distance: f64,
    /// Passes at most.
    pub passes: usize,
}

impl Stop {
    /// What settings ask for, for a null model of that objective.
    pub fn of(settings: &Settings, null: f64) -> Self {
        let tolerance = settings.tolerance.get();
        let distance = (2.0 * tolerance * null).sqrt();
        Self { gap: tolerance * null, distance, passes: settings.max_passes }
    }

    pub fn is_reached(&self, certificate: &Certificate) -> bool {
        match certificate.gap {
            Some(gap) => gap <= self.gap,
            None => certificate.distance <= self.distance,
        }
    }

    /// How far a point still is, in units of what is asked for.
    pub fn left(&self, certificate: &Certificate) -> f64 {
        match certificate.gap {
            Some(gap) => gap / self.gap,
            None => (certificate.distance / self.distance).powi(2),
        }
    }
}

impl Gram {
    /// One pass of coordinate descent; the largest change of slope that a step made.
    pub fn sweep<P: Penalty>(&self, terms: &Terms<'_, P>, state: &mut State) -> f64 {
        let mut largest = 0.0_f64;
        for k in 0..self.len() {
            let square = self.square(k);
            if square <= 0.0 {
                continue;
            }
            let old = state.beta[k];
            let new = terms.minimum(self.members[k], old + state.slope[k] / square, square);
            if new != old {
                state.beta[k] = new;
                add(old - new, self.column(k), &mut state.slope);
                largest = largest.max((new - old).abs() * square);
            }
        }
        largest
    }

    /// The certificate of the problem that has the working set alone.
    pub fn certificate<P: Penalty>(&self, terms: &Terms<'_, P>, state: &State) -> Certificate {
        let slopes = (0..self.len()).map(|k| (self.members[k], state.beta[k], state.slope[k]));
        let loss = self.loss(state);
        let with_target = self.norm2 - dot(&state.beta, &self.linear);
        let dual = |c: f64| c * (with_target - c * loss);
        certify(terms, slopes, loss, dual)
    }

    /// Minimizes ½ ||z - Zβ||² + penalty to a gap of `gap`, or a KKT distance of `distance` where
    /// there is no gap, from the weights in `state`; returns the passes it took.
    ///
    /// Weights that are zero and want to stay are left out, until the others are where they belong.
    pub fn solve<P: Penalty>(
        &mut self,
        terms: &Terms<'_, P>,
        state: &mut State,
        stop: Stop,
    ) -> usize {
        let inner = Stop { gap: 0.8 * stop.gap, distance: 0.8 * stop.distance, ..stop };
        let mut passes = 0;
        // One pass at least: what lies within the tolerance may still be zeros that want to move.
        while passes < stop.passes
            && (passes == 0 || !stop.is_reached(&self.certificate(terms, state)))
        {
            let used = self.used(terms, state);
            if 10 * used.len() > 7 * self.len() {
                return passes + self.descend(terms, state, stop);
            }
            let mut part = self.part.take().unwrap_or_else(|| Box::new(Part::new(self)));
            part.hold(self, &used);
            let mut at = part.pick(state);
            passes += part.gram.descend(terms, &mut at, inner);
            part.give_back(self, &at, state);
            self.part = Some(part);
        }
        passes
    }

    /// Fits the features that no penalty holds, with the others at zero.
    pub fn fit_unpenalized(&mut self, factors: &[f64], bounds: &[(f64, f64)], state: &mut State) {
        if factors.iter().all(|factor| *factor > 0.0) {
            return;
        }
        let held = |(factor, bound): (&f64, &(f64, f64))| match *factor {
            0.0 => *bound,
            _ => (0.0, 0.0),
        };
        let bounds: Vec<(f64, f64)> = factors.iter().zip(bounds).map(held).collect();
        let none = L1 { strength: NonNegative::ZERO };
        let terms = Terms { penalty: &none, factors, bounds: &bounds };
        let stop = Stop { gap: 0.5e-16 * self.norm2, distance: 0.0, passes: 1_000 };
        self.solve(&terms, state, stop);
        self.refresh(state);
    }

    /// Sweeps, and Newton steps on the signs they found where those are expected to cost less than
    /// the sweeps that are still to come.
    fn descend<P: Penalty>(
        &mut self,
        terms: &Terms<'_, P>,
        state: &mut State,
        stop: Stop,
    ) -> usize {
        let smooth = self.members.iter().all(|&j| terms.curvature(j, 1.0).is_some());
        let rounding = 1e-15 * self.linear.iter().fold(0.0_f64, |max, c| max.max(c.abs()));
        let mut cholesky = std::mem::take(&mut self.cholesky);
        let (mut passes, mut check, mut before) = (stop.passes, 1, None);
        let mut seen = vec![state.clone()];
        for pass in 1..=stop.passes {
            if self.sweep(terms, state) <= rounding {
                passes = pass;
                break;
            }
            seen.push(state.clone());
            if seen.len() > MEMORY {
                self.extrapolate(terms, state, &seen);
                seen = vec![state.clone()];
            }
            if pass < check {
                continue;
            }
            let certificate = self.certificate(terms, state);
            if stop.is_reached(&certificate) {
                passes = pass;
                break;
            }
            // Checks cost half a sweep: they may become rare.
            check = pass + 1 + pass / 4;
            let left = stop.left(&certificate);
            let sweeps = before.map_or(0.0, |(at, far)| sweeps_to_come((at, far), (pass, left)));
            before = Some((pass, left));
            if smooth && pass >= SWEEPS_FIRST && self.newton_pays(state, sweeps) {
                super::newton::descend(self, terms, state, &mut cholesky);
                (check, before, seen) = (pass + 1, None, vec![state.clone()]);
            }
        }
        self.cholesky = cholesky;
        passes
    }

    /// Whether a factorization costs less than so many sweeps.
    fn newton_pays(&self, state: &State, sweeps: f64) -> bool {
        let used = state.beta.iter().filter(|beta| **beta != 0.0).count() as f64;
        let sweep = 2.0 * used * self.len() as f64;
        FACTORIZATIONS * used.powi(3) / 3.0 < SPEED * sweep * (sweeps - 2.0)
    }
}

/// Sweeps until 1 is reached, by what was left at two passes.
fn sweeps_to_come(before: (usize, f64), now: (usize, f64)) -> f64 {
    let rate = (now.1 / before.1).ln() / (now.0 - before.0) as f64;
    if rate < 0.0 { now.1.ln() / -rate } else { f64::INFINITY }
}
