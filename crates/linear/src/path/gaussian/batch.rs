//! Several λ at once, so that their checks of all features share one pass over the data.

use super::Gaussian;
use crate::path::raw::Raw;
use crate::penalty::{Family, Terms};
use crate::solver::{Certificate, State, Stop, certify};
use faer::Mat;
use wellfit_core::penalty::Penalty;

impl Gaussian<'_> {
    /// Fits each λ of a batch on the working set, and keeps those that all features agree with.
    pub(super) fn batch<F: Family>(
        &mut self,
        family: &F,
        batch: &[f64],
        stop: Stop,
        inner: &mut Stop,
    ) -> Vec<Raw> {
        let mut states: Vec<(State, usize)> = Vec::with_capacity(batch.len());
        for &lambda in batch {
            let penalty = family.at(lambda);
            let terms = self.prepared.terms(&penalty);
            self.predict(&terms, lambda);
            let passes = self.gram.solve(&terms, &mut self.state, *inner);
            states.push((self.state.clone(), passes));
        }
        let betas: Vec<Vec<f64>> = states.iter().map(|(state, _)| state.beta.clone()).collect();
        let u = self.block.weighted_residuals(&self.target, &betas);
        let slopes = self.prepared.columns.correlations_of_many(&u);
        let mut found = vec![];
        for (at, &lambda) in batch.iter().enumerate() {
            let penalty = family.at(lambda);
            let terms = self.prepared.terms(&penalty);
            let column = slopes.col_as_slice(at);
            let certificate = self.certificate(&terms, &betas[at], u.col_as_slice(at), column);
            let misses = |j: usize| !self.admitted[j] && terms.distance(j, 0.0, -column[j]) > 0.0;
            let reached = stop.is_reached(&certificate);
            let missing = !reached && (0..self.prepared.features()).any(misses);
            if !reached && (missing || inner.gap > 1e-6 * stop.gap) {
                self.retry(family, &batch[at..], &slopes, at, missing, inner);
                (self.state, self.at) = (states.swap_remove(at).0, lambda);
                self.state.beta.resize(self.gram.len(), 0.0);
                self.gram.refresh(&mut self.state);
                return found;
            }
            let (beta, passes) = (&betas[at], states[at].1);
            found.push(self.raw(lambda, beta, certificate, passes, stop));
            self.slopes.copy_from_slice(column);
        }
        found
    }

    /// Where the last two λ lead.
    pub(super) fn predict<P: Penalty>(&mut self, terms: &Terms<'_, P>, lambda: f64) {
        let before = self.before.replace((self.at, self.state.clone()));
        let from = std::mem::replace(&mut self.at, lambda);
        let Some((first, before)) = before else { return };
        let length = (lambda - from) / (from - first);
        self.gram.follow_on(terms, &mut self.state, &before, length);
    }

    /// Admits what was missing; or asks for more accuracy, if nothing was.
    fn retry<F: Family>(
        &mut self,
        family: &F,
        batch: &[f64],
        slopes: &Mat<f64>,
        at: usize,
        missing: bool,
        inner: &mut Stop,
    ) {
        if missing {
            self.admit_late(family, batch, slopes, at);
        } else {
            inner.gap *= 0.01;
        }
    }

    /// Admits features that the smallest λ of a batch will move, if slopes go on as they did.
    pub(super) fn admit_ahead<F: Family>(&mut self, family: &F, batch: &[f64], last: Option<f64>) {
        let smallest = batch.iter().copied().fold(f64::INFINITY, f64::min);
        let penalty = family.at(smallest);
        let terms = self.prepared.terms(&penalty);
        let ahead = match (&self.earlier, last) {
            (Some((first, slopes)), Some(last)) if smallest < last && last < *first => {
                Some((slopes, (last - smallest) / (first - last)))
            }
            _ => None,
        };
        let expected = |j: usize| {
            let now = self.slopes[j];
            ahead.map_or(now, |(before, length)| now + length * (now - before[j]))
        };
        let moves = |&j: &usize| !self.admitted[j] && terms.distance(j, 0.0, -expected(j)) > 0.0;
        let new = (0..self.prepared.features()).filter(moves).collect();
        self.admit(new);
    }

    /// Admits features that were missing at the λ of a batch from place `at` on.
    fn admit_late<F: Family>(&mut self, family: &F, batch: &[f64], slopes: &Mat<f64>, at: usize) {
        let mut wanted = vec![false; self.prepared.features()];
        for (offset, &lambda) in batch.iter().enumerate() {
            let (slopes, penalty) = (slopes.col_as_slice(at + offset), family.at(lambda));
            let terms = self.prepared.terms(&penalty);
            for (j, wanted) in wanted.iter_mut().enumerate() {
                *wanted |= !self.admitted[j] && terms.distance(j, 0.0, -slopes[j]) > 0.0;
            }
        }
        self.admit((0..wanted.len()).filter(|&j| wanted[j]).collect());
    }

    fn admit(&mut self, new: Vec<usize>) {
        if new.is_empty() {
            return;
        }
        new.iter().for_each(|&j| self.admitted[j] = true);
        let (columns, linear) = (&self.prepared.columns, &self.linear);
        self.gram.admit(&new, columns, &mut self.block, |j| linear[j], &mut self.state);
    }

    /// The certificate over all features, from residuals and slopes that the data gave.
    fn certificate<P: Penalty>(
        &self,
        terms: &Terms<'_, P>,
        beta: &[f64],
        u: &[f64],
        slopes: &[f64],
    ) -> Certificate {
        let mut full = vec![0.0; self.prepared.features()];
        beta.iter().zip(&self.gram.members).for_each(|(b, &j)| full[j] = *b);
        let weights = &self.prepared.weights;
        let loss: f64 = 0.5 * u.iter().zip(weights).map(|(u, w)| u * u / w).sum::<f64>();
        let with_target: f64 =
            u.iter().zip(&self.prepared.target).map(|(u, y)| u * (y - self.mean)).sum();
        let dual = |c: f64| c * (with_target - c * loss);
        certify(terms, (0..full.len()).map(|j| (j, full[j], slopes[j])), loss, dual)
    }
}
