//! How much memory a run needs, told before its first step.

use crate::{Error, Experiment};
use wellfit_data::Dataset;
use wellfit_nn::chance::StepClock;
use wellfit_nn::parameter::parameters;
use wellfit_nn::train::{Refit, memory};

/// Bytes of the program itself, the figures and pages that it ends with included.
const PROGRAM: u64 = 50 << 20;

impl Experiment {
    /// Bytes of memory that a run needs at its peak, about: the program, the examples, and the
    /// larger of reading them and training. Within a factor of two where it was measured.
    ///
    /// # Errors
    /// The model cannot be built.
    pub fn memory(&self) -> Result<u64, Error> {
        self.memory_of(1)
    }

    /// The same for runs beside each other, which share the examples; each of a race may have a cut
    /// of its own.
    ///
    /// # Errors
    /// As [`Self::memory`].
    pub fn memory_of(&self, runs: usize) -> Result<u64, Error> {
        let parts = [Some(&self.data.train), Some(&self.data.validation), self.data.test.as_ref()];
        let examples = parts.into_iter().flatten().map(bytes).sum::<u64>();
        let model = self.build(&StepClock::new())?;
        let count = parameters(&model).iter().map(|p| p.shape.iter().product::<usize>()).sum();
        let layers = self.model.layer_sizes(&self.data.train, self.outputs())?;
        let training = memory(&layers, count, &self.config, &self.data.train);
        // The parts are cut out of what was read, and those of a last training are joined again.
        let again = if self.config.refit == Refit::None { 0 } else { examples };
        let runs = (runs as u64).saturating_mul(training.saturating_add(again));
        Ok(PROGRAM + examples + examples.max(runs))
    }
}

fn bytes(data: &Dataset) -> u64 {
    (data.inputs.len() * size_of::<f32>() + data.len() * size_of::<f64>()) as u64
}
