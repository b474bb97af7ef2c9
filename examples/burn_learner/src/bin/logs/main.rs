//! Burn's own learner on few examples with noisy labels, stopped by the noise-aware rule.
//!
//! ```sh
//! cargo run --release --bin logs -- FOLDER
//! ```
//!
//! `FOLDER/run` then holds what the learner logs, and `FOLDER/expected.json` the same as Burn's event
//! store knew it. The logs of `wellfit diagnose`'s tests were made so.

mod examples;
mod model;
mod recorder;

use burn::optim::{AdamConfig, lr_scheduler::constant::ConstantLr};
use burn::tensor::Device;
use burn::train::metric::{AccuracyMetric, LearningRateMetric, LossMetric};
use burn::train::{Learner, SupervisedTraining};
use model::Network;
use recorder::Recorder;
use std::path::PathBuf;

const EPOCHS: usize = 60;

fn main() {
    let folder = PathBuf::from(std::env::args().nth(1).expect("the folder for the logs"));
    let device = Device::flex().autodiff();
    device.seed(1);
    let recorder = Recorder::default();
    let training =
        SupervisedTraining::new(folder.join("run"), examples::train(), examples::validation())
            .metrics((AccuracyMetric::new(), LossMetric::new()))
            .metric_train_numeric(LearningRateMetric::new())
            .num_epochs(EPOCHS)
            .early_stopping(recorder.clone());
    training.launch(Learner::new(
        Network::new(&device),
        AdamConfig::new().init(),
        ConstantLr::new(0.01),
    ));
    let (best, last) = recorder.write(&folder.join("expected.json"));
    println!("stopped after epoch {last} of {EPOCHS}; the best is epoch {best}");
    assert!(best < last && last < EPOCHS, "the rule stops a run that overfits");
}
