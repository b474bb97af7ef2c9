//! Coordinate descent and Newton steps in turns, on the places of a Gram matrix that matter.

use super::gram::{Gram, State};
use super::{Certificate, certify};
use crate::Settings;
use crate::kernel::{add, dot};
use crate::penalty::Terms;
use faer::Mat;
use wellfit_core::number::NonNegative;
use wellfit_core::penalty::{L1, Penalty};

/// Sweeps before the first Newton step.
const SWEEPS_FIRST: usize = 3;

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
        let inner = Stop { gap: 0.5 * stop.gap, distance: 0.5 * stop.distance, ..stop };
        let mut passes = 0;
        while passes < stop.passes {
            if passes == 0 {
                // Often enough for loose tolerances, at less than the price of a part.
                self.sweep(terms, state);
                passes += 1;
            }
            if stop.is_reached(&self.certificate(terms, state)) {
                break;
            }
            let used = self.used(terms, state);
            if 10 * used.len() > 7 * self.len() {
                return passes + self.descend(terms, state, stop);
            }
            let (mut part, mut at) = self.part(&used, state);
            passes += part.descend(terms, &mut at, inner);
            for (&k, new) in used.iter().zip(&at.beta) {
                let old = std::mem::replace(&mut state.beta[k], *new);
                if *new != old {
                    add(old - new, self.column(k), &mut state.slope);
                }
            }
            (self.room, self.cholesky) = (part.matrix, part.cholesky);
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

    /// Places that are not zero, or want to leave it.
    fn used<P: Penalty>(&self, terms: &Terms<'_, P>, state: &State) -> Vec<usize> {
        let moves = |&k: &usize| {
            state.beta[k] != 0.0 || terms.distance(self.members[k], 0.0, -state.slope[k]) > 0.0
        };
        (0..self.len()).filter(moves).collect()
    }

    /// The problem in some places alone, with the others as they are.
    fn part(&mut self, places: &[usize], state: &State) -> (Self, State) {
        let size = places.len();
        let mut matrix = std::mem::replace(&mut self.room, Mat::new());
        if matrix.nrows() < size {
            matrix = Mat::zeros(size.next_multiple_of(64), size.next_multiple_of(64));
        }
        for (to, &k) in places.iter().enumerate() {
            let from = self.column(k);
            let to = matrix.col_as_slice_mut(to).iter_mut();
            to.zip(places).for_each(|(to, &k)| *to = from[k]);
        }
        let members = places.iter().map(|&k| self.members[k]).collect();
        let pick = |of: &[f64]| places.iter().map(|&k| of[k]).collect();
        let at = State { beta: pick(&state.beta), slope: pick(&state.slope) };
        let left = 2.0 * self.loss(state);
        let (mut part, at) = Self::around(members, matrix, left, at);
        part.cholesky = std::mem::take(&mut self.cholesky);
        (part, at)
    }

    /// A few sweeps find most signs, and do for loose tolerances; then Newton steps on the signs
    /// that were found and sweeps that correct them take turns.
    fn descend<P: Penalty>(
        &mut self,
        terms: &Terms<'_, P>,
        state: &mut State,
        stop: Stop,
    ) -> usize {
        let smooth = self.members.iter().all(|&j| terms.curvature(j, 1.0).is_some());
        let rounding = 1e-15 * self.linear.iter().fold(0.0_f64, |max, c| max.max(c.abs()));
        let mut cholesky = std::mem::take(&mut self.cholesky);
        let mut passes = stop.passes;
        for pass in 1..=stop.passes {
            let change = self.sweep(terms, state);
            if change <= rounding || stop.is_reached(&self.certificate(terms, state)) {
                passes = pass;
                break;
            }
            if smooth && pass >= SWEEPS_FIRST {
                super::newton::descend(self, terms, state, &mut cholesky);
            }
        }
        self.cholesky = cholesky;
        passes
    }
}
