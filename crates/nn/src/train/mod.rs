//! The training loop: the corridor, walked once per step.

mod batches;
mod check;
mod checkpoint;
mod config;
mod evaluate;
mod evaluation;
mod memory;
mod named;
mod online;
mod outcome;
mod sampling;
mod step;
mod training;
mod unheld;

pub use batches::smallest_batch;
pub(crate) use batches::{Batches, target_width, targets};
pub use check::{check, names_fit};
pub use checkpoint::{Best, Checkpoint};
pub use config::{Refit, TrainConfig};
pub use evaluate::{ROWS, Scores, evaluate, metrics, outputs};
pub use evaluation::{Evaluated, Evaluation};
pub use memory::memory;
pub use online::Online;
pub use outcome::{Progress, StoppedBy, Trained, Watch, Wish};
pub use sampling::Sampling;
pub use unheld::without_validation;

use crate::Error;
use crate::chance::StepClock;
use crate::loss::Loss;
use crate::model::Network;
use crate::technique::Doors;
use burn::tensor::{Device, Tensor};
use training::Training;
use wellfit_core::seed::Seed;
use wellfit_data::Dataset;

/// Everything that decides a run. The same job gives the same bits.
pub struct Job<'a, M> {
    /// Builds the untrained model; called again to restore a snapshot into.
    pub build: &'a (dyn Fn() -> Result<M, Error> + Sync),
    /// The clock that the model's stochastic layers read.
    pub clock: &'a StepClock,
    /// Training examples.
    pub train: &'a Dataset,
    /// Examples that choose the model; none where a series of the training part does.
    pub validation: &'a Dataset,
    /// The techniques.
    pub doors: &'a Doors,
    /// Epochs, batch size, optimizer, ...
    pub config: &'a TrainConfig,
    /// What C0 is the mean of.
    pub loss: Loss,
    /// The one seed.
    pub seed: Seed,
    /// Device of the model, with autodiff.
    pub device: &'a Device,
    /// Logits or values of a trained model on the same inputs, for techniques that learn from one.
    pub teacher: Option<&'a (dyn Fn(Tensor<2>) -> Tensor<2> + Sync)>,
}

/// Products from which on a step runs on a thread of rayon's pool. Elsewhere each of its parallel
/// operations waits for the pool to wake up, which is 10% of a large step; to wake up the pool for a
/// step of a tenth of a millisecond would cost more than that.
const FOR_POOL: usize = 1 << 22;

/// Trains to the end, until a control stops the run or `watch` interrupts it.
///
/// With `from`, goes on where that checkpoint was taken and ends with the bits of a run that was
/// never interrupted.
///
/// # Errors
/// Data that do not fit the model, a monitor that is not logged, a checkpoint of another model, or
/// what `watch` returns when it saves.
pub fn train<M: Network>(
    job: &Job<'_, M>,
    from: Option<Checkpoint>,
    watch: &mut dyn Watch,
) -> Result<Trained<M>, Error> {
    let mut run = Training::begin(job, from)?;
    let in_pool = run.products() >= FOR_POOL;
    let mut interrupted = false;
    while run.stopped_by.is_none() && !interrupted {
        let rate = run.learning_rate.at(run.step);
        match in_pool {
            true => rayon::scope(|_| run.step(rate)),
            false => run.step(rate),
        }
        if run.step.is_multiple_of(run.learning_rate.epoch) {
            run.end_epoch(watch)?;
        } else if run.stopped_by.is_some() {
            run.end_within_epoch(watch);
        }
        interrupted = match watch.after_step(&run.progress(rate)) {
            Wish::Continue => false,
            Wish::Save => {
                watch.save(&run.checkpoint())?;
                false
            }
            Wish::Interrupt => true,
        };
    }
    watch.save(&run.checkpoint())?;
    run.finish()
}
