//! λ on its way up the evidence.

use super::SERIES;
use super::curvature::look;
use super::marginal::{Likelihood, Marginal};
use crate::Error;
use crate::lambda::chosen::series;
use crate::lambda::found::{Factors, Found, found};
use crate::lambda::{LambdaFrom, LambdaState};
use crate::loss::Loss;
use crate::model::Network;
use crate::parameter::Parameter;
use crate::train::{Job, target_width};
use wellfit_core::run::{Part, Run};

/// Looks at the evidence in a run, about.
const LOOKS: u64 = 16;
/// Share of the way that a step goes, at most: the whole way is the one that over-regularizes.
const DAMPED: f64 = 0.5;

/// All λ that the evidence finds.
pub(crate) struct Evidence {
    found: Vec<Found>,
    epochs: u64,
    /// Epochs from one look at the evidence to the next.
    every: u64,
    /// Share of the way to where the slope would vanish that a step behind a look goes.
    step: f64,
    factors: Factors,
    state: LambdaState,
}

impl Evidence {
    /// The λ of `job` that the evidence is to find; none where there are none. They begin in the
    /// middle of their card's range.
    pub fn begin<M>(job: &Job<'_, M>, parameters: &[Parameter]) -> Option<Self> {
        if job.config.lambda_from != LambdaFrom::Evidence {
            return None;
        }
        let mut found = found(job.doors, parameters);
        // A penalty that throws the weights further than they were is none.
        let stable = job.train.len() as f64 / (2.0 * job.config.learning_rate.get());
        for found in &mut found {
            found.high = found.high.min(stable).max(found.low);
        }
        if found.is_empty() {
            return None;
        }
        let state = LambdaState::at(found.iter().map(Found::middle).collect());
        let epochs = job.config.epochs.get();
        let every = epochs.div_ceil(LOOKS);
        let step = (job.config.lambda_rate.get() * every as f64).min(DAMPED);
        let factors = Factors::new(&found, &state.lambdas);
        Some(Self { found, epochs, every, step, factors, state })
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

    fn renew(&mut self) {
        self.factors = Factors::new(&self.found, &self.state.lambdas);
    }

    /// Whether it looks at the end of this epoch, from 1: at the first, so that the run has an
    /// evidence from then on, every few epochs, and at the last.
    pub fn acts_at(&self, epoch: u64) -> bool {
        epoch == 1 || epoch.is_multiple_of(self.every) || epoch == self.epochs
    }

    /// Whether the evidence of this epoch may choose the model: in the later half, when λ is no
    /// longer on its way.
    pub fn chooses_at(&self, epoch: u64) -> bool {
        2 * epoch > self.epochs
    }

    /// Logs the evidence at the end of `epoch` with the λ that it belongs to, and moves each λ.
    /// Those of the first epoch stay: the weights are still on their way.
    pub fn learn<M: Network>(
        &mut self,
        model: &M,
        parameters: &[Parameter],
        job: &Job<'_, M>,
        epoch: u64,
        log: &mut Run,
    ) {
        self.log(log, parameters, epoch as f64);
        let found = self.marginal(model, parameters, job);
        // Data that the model calls impossible: no weights, and no λ, are worse.
        let evidence = found.as_ref().map_or(f64::NEG_INFINITY, |found| found.evidence);
        log.push(Part::Train, SERIES, epoch as f64, evidence / job.train.len() as f64);
        if let Some(found) = found {
            let effective = found.effective.iter().sum();
            log.push(Part::Train, "effective_weights", epoch as f64, effective);
            if epoch > 1 {
                self.climb(&found);
            }
        }
    }

    /// The evidence of the moment; none where it is no number.
    fn marginal<M: Network>(
        &self,
        model: &M,
        parameters: &[Parameter],
        job: &Job<'_, M>,
    ) -> Option<Marginal> {
        let acting = || self.found.iter().zip(&self.state.lambdas).filter(|(f, _)| f.layer > 0.0);
        let wanted: Vec<usize> = acting().map(|(found, _)| found.index).collect();
        let lambdas: Vec<f64> = acting().map(|(found, lambda)| found.layer * lambda).collect();
        let seen = look(model, parameters, &wanted, job);
        let penalties = lambdas.iter().zip(&seen.squares).map(|(lambda, squares)| lambda * squares);
        let penalties: Vec<f64> = penalties.collect();
        let determinant = seen.kernel.determinant(&lambdas)?;
        let marginal = Marginal::of(likelihood(job, seen.loss), &penalties, determinant);
        marginal.evidence.is_finite().then_some(marginal)
    }

    /// A damped step of every ln λ.
    fn climb(&mut self, marginal: &Marginal) {
        let each = self.state.lambdas.iter_mut().zip(&self.found);
        let acting = each.filter(|(_, found)| found.layer > 0.0);
        for ((lambda, found), distance) in acting.zip(marginal.distances()) {
            *lambda = (*lambda * (self.step * distance).exp()).clamp(found.low, found.high);
        }
        self.state.steps += 1;
        self.renew();
    }

    /// Logs λ of every tensor, the recipe's own factor included.
    fn log(&self, log: &mut Run, parameters: &[Parameter], epoch: f64) {
        for (found, lambda) in self.found.iter().zip(&self.state.lambdas) {
            if let Some(parameter) = parameters.get(found.index) {
                let name = series(found.id, &parameter.path);
                log.push(Part::Online, &name, epoch, lambda * found.layer);
            }
        }
    }
}

fn likelihood<M>(job: &Job<'_, M>, loss: f64) -> Likelihood {
    match job.loss {
        Loss::SquaredError => {
            Likelihood::Values(loss, (job.train.len() * target_width(&job.train.target)) as f64)
        }
        Loss::CrossEntropy | Loss::SigmoidCrossEntropy => Likelihood::Classes(loss),
    }
}
