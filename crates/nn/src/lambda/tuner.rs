//! The descent of ln λ on the validation loss.

use super::chosen::series;
use super::found::{Factors, Found, found};
use super::{LambdaFrom, LambdaState};
use crate::Error;
use crate::chance::Statistics;
use crate::elementwise::{sum, zip};
use crate::error::Subject;
use crate::model::Network;
use crate::parameter::{Parameter, slots};
use crate::train::{Batches, Job, Sampling};
use burn::tensor::Tensor;
use wellfit_core::run::{Part, Run};

/// Validation examples of a step of λ, at least, where there are so many.
const ROWS: usize = 64;
/// Training examples between two steps of λ for each validation example of one: λ costs a quarter
/// of the training.
const PER_ROW: usize = 4;
/// How much of the older derivatives the mean and the mean square keep.
const KEEP: (f64, f64) = (0.9, 0.99);

/// How one tensor behind a step changes with ln λ of one technique.
#[derive(Debug)]
pub struct Response {
    /// The technique.
    pub id: &'static str,
    /// Position of the tensor.
    pub index: usize,
    /// ∂w'/∂ ln λ, flat.
    pub change: Tensor<1>,
}

/// All λ that are found in the run.
pub(crate) struct Tuner<'a> {
    found: Vec<Found>,
    batches: Batches<'a>,
    every: u64,
    rate: f64,
    factors: Factors,
    state: LambdaState,
}

impl<'a> Tuner<'a> {
    /// The λ of `job` that are `"auto"`; none where there are none, or where the evidence finds
    /// them. They begin in the middle of their card's range.
    ///
    /// # Errors
    /// There are no validation examples.
    pub fn begin<M>(job: &Job<'a, M>, parameters: &[Parameter]) -> Result<Option<Self>, Error> {
        let found = match job.config.lambda_from {
            LambdaFrom::Validation => found(job.doors, parameters),
            LambdaFrom::Evidence => return Ok(None),
        };
        let Some(first) = found.first() else { return Ok(None) };
        if job.validation.is_empty() {
            let message = "lambda = \"auto\" looks at the validation loss, and there are no \
                           validation examples: hold some back, write train.lambda_from = \"evidence\", \
                           or give lambda a number";
            return Err(Error::refused(Subject::Technique(first.id), message));
        }
        let size = job.config.batch_size.get();
        let rows = size.max(ROWS).min(job.validation.len());
        let state = LambdaState::at(found.iter().map(Found::middle).collect());
        let batches = Batches::new(job.validation, rows, Sampling::default(), job.seed);
        let every = (PER_ROW * rows).div_ceil(size) as u64;
        let rate = job.config.lambda_rate.get();
        let mut tuner = Self { found, batches, every, rate, factors: Factors::default(), state };
        tuner.renew();
        Ok(Some(tuner))
    }

    /// Goes on with the state of a checkpoint.
    ///
    /// # Errors
    /// The checkpoint has another number of λ.
    pub fn resume(&mut self, state: LambdaState) -> Result<(), Error> {
        self.state = state.of(self.found.len())?;
        self.renew();
        Ok(())
    }

    /// For a checkpoint.
    pub fn state(&self) -> &LambdaState {
        &self.state
    }

    /// What each λ is now.
    pub fn factors(&self) -> &Factors {
        &self.factors
    }

    /// Whether λ moves behind this step, from 0: every few steps after the first epoch.
    pub fn acts_at(&self, step: u64, per_epoch: u64) -> bool {
        step >= per_epoch && (step + 1).is_multiple_of(self.every)
    }

    /// Moves every λ, given `model` behind a training step and how it responds to ln λ.
    pub fn learn<M: Network>(
        &mut self,
        model: &M,
        parameters: &[Parameter],
        responses: &[Response],
        job: &Job<'_, M>,
    ) {
        let slopes = self.slopes(model, parameters, responses, job);
        self.state.steps += 1;
        for (place, slope) in slopes.into_iter().enumerate() {
            self.descend(place, slope);
        }
        self.renew();
    }

    /// dV/d ln λ for each λ, over the next validation examples.
    fn slopes<M: Network>(
        &mut self,
        model: &M,
        parameters: &[Parameter],
        responses: &[Response],
        job: &Job<'_, M>,
    ) -> Vec<f64> {
        let batch = self.batches.at(self.state.steps, job.device);
        let before = job.clock.tick().statistics;
        job.clock.statistics(Statistics::Hold);
        job.clock.hush(true);
        let loss = job.loss.mean(model.forward(batch.inputs), batch.targets);
        job.clock.hush(false);
        job.clock.statistics(before);
        // A layer's divergence is no part of the validation loss.
        job.clock.take_terms();
        let slots = slots(model, parameters, &mut loss.backward());
        let slope = |found: &Found| {
            let own = |r: &&Response| r.id == found.id && r.index == found.index;
            let response = responses.iter().find(own)?;
            let slot = slots.iter().find(|slot| slot.index == found.index)?;
            Some(sum(&zip(slot.gradient.clone(), &response.change, |v, change| v * change)))
        };
        self.found.iter().map(|found| slope(found).unwrap_or(0.0)).collect()
    }

    /// One step of ln λ against its slope, as Adam makes it and never longer than the rate.
    fn descend(&mut self, place: usize, slope: f64) {
        let (state, rate) = (&mut self.state, self.rate);
        let parts = (state.means.get_mut(place), state.squares.get_mut(place));
        let ((Some(mean), Some(square)), true) = (parts, slope.is_finite()) else { return };
        *mean = KEEP.0 * *mean + (1.0 - KEEP.0) * slope;
        *square = KEEP.1 * *square + (1.0 - KEEP.1) * slope * slope;
        let unbiased = |mean: f64, keep: f64| mean / (1.0 - keep.powf(state.steps as f64));
        let root = unbiased(*square, KEEP.1).sqrt();
        let length = if root > 0.0 { unbiased(*mean, KEEP.0) / root } else { 0.0 };
        let factor = (-rate * length.clamp(-1.0, 1.0)).exp();
        if let (Some(lambda), Some(found)) = (state.lambdas.get_mut(place), self.found.get(place)) {
            *lambda = (*lambda * factor).clamp(found.low, found.high);
        }
    }

    fn renew(&mut self) {
        self.factors = Factors::new(&self.found, &self.state.lambdas);
    }

    /// Logs λ of every tensor, the recipe's own factor included.
    pub fn log(&self, log: &mut Run, parameters: &[Parameter], epoch: f64) {
        for (found, lambda) in self.found.iter().zip(&self.state.lambdas) {
            if let Some(parameter) = parameters.get(found.index) {
                let name = series(found.id, &parameter.path);
                log.push(Part::Online, &name, epoch, lambda * found.layer);
            }
        }
    }
}
