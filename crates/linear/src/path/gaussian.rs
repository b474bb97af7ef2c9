//! Least squares along a path: a Gram matrix of the features that matter, grown on the way.

mod batch;

use super::general::General;
use super::raw::{Raw, reach};
use crate::datafit;
use crate::penalty::Family;
use crate::prepared::Prepared;
use crate::solver::{Block, Certificate, Gram, Residual, State, Stop};

/// λ whose checks of all features share one pass over the data.
const BATCH: usize = 6;
/// Features in a Gram matrix at most, which then has 1.2 GB, and half as much in room at most.
const MOST: usize = 12_000;
/// Features for which there is room from the start, where there are so many.
const ROOM: usize = 512;

/// Share of the tolerance that the working set may use up.
const SHARE: f64 = 0.8;

/// The state of a path for least squares.
pub(super) struct Gaussian<'a> {
    prepared: &'a Prepared,
    block: Block,
    gram: Gram,
    state: State,
    /// The λ of the state, and the λ and state before.
    at: f64,
    before: Option<(f64, State)>,
    admitted: Vec<bool>,
    /// The target, less its mean where there is an intercept.
    target: Residual,
    mean: f64,
    /// X'u with the target as u.
    linear: Vec<f64>,
    /// X'u at the last λ.
    slopes: Vec<f64>,
    /// An earlier λ, and X'u there.
    earlier: Option<(f64, Vec<f64>)>,
    /// Objective of the model without penalized features.
    pub null: f64,
}

impl<'a> Gaussian<'a> {
    /// Fits what is not penalized.
    pub fn new(prepared: &'a Prepared) -> Self {
        let (columns, weights) = (&prepared.columns, &prepared.weights);
        let mut block = Block::new(columns, weights, prepared.intercept);
        let target = block.residual(prepared.target.iter().copied());
        let mean = if prepared.intercept { prepared.mean(&prepared.target) } else { 0.0 };
        let u = block.weighted_residuals(&target, &[vec![]]);
        let linear = columns.correlations(u.col_as_slice(0));
        let room = prepared.features().min(ROOM);
        let mut gram = Gram::new(room, block.norm2(&target));
        let (mut state, free) = (State::default(), prepared.unpenalized());
        gram.admit(&free, columns, &mut block, |j| linear[j], &mut state);
        let mut admitted = vec![false; prepared.features()];
        free.iter().for_each(|&j| admitted[j] = true);
        let null = 0.5 * gram.norm2;
        let mut path = Self {
            prepared,
            block,
            gram,
            state,
            at: f64::INFINITY,
            before: None,
            admitted,
            target,
            mean,
            slopes: linear.clone(),
            earlier: None,
            linear,
            null,
        };
        if !free.is_empty() {
            path.fit_unpenalized();
        }
        path
    }

    fn fit_unpenalized(&mut self) {
        let Prepared { factors, bounds, columns, .. } = self.prepared;
        self.gram.fit_unpenalized(factors, bounds, &mut self.state);
        self.null = self.gram.loss(&self.state);
        let beta = std::slice::from_ref(&self.state.beta);
        let u = self.block.weighted_residuals(&self.target, beta);
        self.slopes = columns.correlations(u.col_as_slice(0));
    }

    /// X'u at the last λ, or where only what is not penalized was fitted.
    pub fn slopes(&self) -> &[f64] {
        &self.slopes
    }

    /// Fits each λ from the one before. A working set that outgrows a Gram matrix goes on without.
    pub fn run_all<F: Family>(&mut self, family: &F, lambdas: &[f64], stop: Stop) -> Vec<Raw> {
        let mut found = self.run(family, lambdas, stop);
        if found.len() < lambdas.len() {
            let mut general = General::new(self.prepared, &datafit::Gaussian);
            found.last().into_iter().for_each(|raw| general.start_at(raw));
            found.extend(general.run(family, &lambdas[found.len()..], stop));
        }
        found
    }

    /// Stops early when the working set outgrows memory.
    fn run<F: Family>(&mut self, family: &F, lambdas: &[f64], stop: Stop) -> Vec<Raw> {
        let mut found: Vec<Raw> = Vec::with_capacity(lambdas.len());
        let mut inner = Stop { gap: SHARE * stop.gap, ..stop };
        while found.len() < lambdas.len() && self.gram.len() <= MOST {
            let end = (found.len() + BATCH).min(lambdas.len());
            let batch = &lambdas[found.len()..end];
            let before = found.len();
            let last = found.last().map(|raw| raw.lambda);
            self.admit_ahead(family, batch, last);
            let slopes = self.slopes.clone();
            found.extend(self.batch(family, batch, stop, &mut inner));
            if found.len() > before {
                self.earlier = last.map(|last| (last, slopes));
            }
            // After a success, or with new features, the inner accuracy begins anew.
            if found.len() > before {
                inner.gap = SHARE * stop.gap;
            }
        }
        found
    }

    fn raw(
        &self,
        lambda: f64,
        beta: &[f64],
        certificate: Certificate,
        passes: usize,
        stop: Stop,
    ) -> Raw {
        let weights = reach(&self.gram.members, beta);
        let sparse = self.prepared.columns.sparse().is_some();
        let mean = |k: usize| if sparse { self.block.mean(k) } else { 0.0 };
        let moved: f64 = beta.iter().enumerate().map(|(k, b)| b * mean(k)).sum();
        let intercept = if self.prepared.intercept { self.mean - moved } else { 0.0 };
        let converged = stop.is_reached(&certificate);
        Raw { lambda, weights, intercept, certificate, passes, converged }
    }
}
