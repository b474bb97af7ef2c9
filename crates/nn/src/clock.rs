//! What a training loop and the layers of its model tell each other, at every pass.
//!
//! The loop says which step and pass it is in and what kind of pass; layers answer with terms for
//! the loss. Both hold the same clock, so that a layer deep in a user's own model needs no other
//! wire.

use burn::module::{Flag, Param};
use burn::tensor::Tensor;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The step and pass that a training loop is in, shared with every stochastic layer of its model.
///
/// A checkpoint holds the step and nothing else about chance.
#[derive(Debug, Clone, Default)]
pub struct StepClock {
    tick: Arc<Mutex<Tick>>,
    terms: Arc<Mutex<Vec<Tensor<1>>>>,
}

/// Where a pass stands.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Tick {
    /// The step.
    pub step: u64,
    /// The pass within the step.
    pub pass: u64,
    /// Epochs done, a fraction within an epoch.
    pub epoch: f64,
    /// What running statistics do.
    pub statistics: Statistics,
    /// Whether stochastic layers are live in evaluation too: Monte Carlo inference.
    pub sampling: bool,
    /// Whether stochastic layers are silent in training too: a look at validation examples.
    pub hushed: bool,
    /// Counts the calls of `begin`, so that a repeated address starts its calls again.
    pub(crate) begun: u64,
    /// Counts the collections of statistics, which begin at `Collect(0)`.
    pub(crate) collection: u64,
}

/// What running statistics do in a pass of training.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Statistics {
    /// They move towards the batch's.
    #[default]
    Move,
    /// They stay: another pass of this step has moved them.
    Hold,
    /// They become the plain mean over passes, of which so many are done: recalibration.
    Collect(u64),
}

impl StepClock {
    /// A clock at step 0.
    pub fn new() -> Self {
        Self::default()
    }

    /// Begins pass `pass` of step `step`. The same address brings the same draws again: SAM's two
    /// passes share one, Monte Carlo samples do not. Terms of another step that nobody has taken
    /// are dropped, for they hold all that its pass has computed.
    pub fn begin(&self, step: u64, pass: u64) {
        let mut tick = lock(&self.tick);
        if tick.step != step {
            lock(&self.terms).clear();
        }
        *tick = Tick { step, pass, begun: tick.begun + 1, ..*tick };
    }

    /// Says how many epochs are done, for schedules within layers.
    pub fn at_epoch(&self, epoch: f64) {
        lock(&self.tick).epoch = epoch;
    }

    /// Says what running statistics do from here on.
    pub fn statistics(&self, statistics: Statistics) {
        let mut tick = lock(&self.tick);
        tick.collection += u64::from(statistics == Statistics::Collect(0));
        tick.statistics = statistics;
    }

    /// Makes stochastic layers live in evaluation too, or ends that. Batch norms stay in
    /// evaluation: this is Monte Carlo inference, not training. (Gal and Ghahramani 2016, arXiv
    /// 1506.02142.)
    pub fn sample(&self, live: bool) {
        lock(&self.tick).sampling = live;
    }

    /// Makes stochastic layers silent although gradients are tracked, or ends that.
    pub fn hush(&self, silent: bool) {
        lock(&self.tick).hushed = silent;
    }

    /// Where the pass stands.
    pub fn tick(&self) -> Tick {
        *lock(&self.tick)
    }

    /// Whether a stochastic layer acts on `input`: in training, and in Monte Carlo inference; not
    /// while statistics are collected.
    pub fn is_live<const D: usize>(&self, training: &Param<Flag>, input: &Tensor<D>) -> bool {
        let tick = self.tick();
        let collects = matches!(tick.statistics, Statistics::Collect(_));
        let trains = training.is_enabled() && input.device().is_autodiff() && !collects;
        trains && !tick.hushed || tick.sampling
    }

    /// Adds a term to the loss of this pass, from within a layer: a sum over weights, which the
    /// loop divides by the number of training examples beside a mean over the batch. (The KL term
    /// of Bayesian layers.)
    pub fn add_term(&self, term: Tensor<1>) {
        lock(&self.terms).push(term);
    }

    /// Takes the sum of the terms that layers have added since the last call. It belongs into one
    /// backward pass with the loss of the outputs, which shares its way through the layers.
    pub fn take_terms(&self) -> Option<Tensor<1>> {
        lock(&self.terms).drain(..).reduce(|sum, term| sum + term)
    }
}

/// A panic elsewhere leaves these plain numbers whole.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::tensor::Device;

    #[test]
    fn terms_that_nobody_took_are_gone_with_their_step() {
        let (clock, device) = (StepClock::new(), Device::flex());
        let add = || clock.add_term(Tensor::ones([1], &device));
        let taken = || clock.take_terms().map(|terms| terms.into_scalar::<f32>());
        clock.begin(0, 0);
        add();
        clock.begin(0, 1);
        add();
        assert_eq!(taken(), Some(2.0), "those of all passes of a step");
        add();
        clock.begin(1, 0);
        assert_eq!(taken(), None);
        add();
        assert_eq!(taken(), Some(1.0));
    }
}
