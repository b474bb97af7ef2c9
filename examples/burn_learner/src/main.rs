//! Burn's own learner with nine of wellfit's techniques: mixup, label smoothing, dropout, stochastic
//! depth, clipping, L2, max-norm, a moving average of the weights and the noise-aware stop.
//!
//! ```sh
//! cargo run --release
//! ```

mod digits;
mod network;
mod techniques;

use burn::module::Module;
use burn::optim::SgdConfig;
use burn::optim::lr_scheduler::constant::ConstantLr;
use burn::optim::momentum::MomentumConfig;
use burn::tensor::Device;
use burn::train::metric::{AccuracyMetric, LossMetric};
use burn::train::{InferenceStep, Learner, SupervisedTraining};
use network::Network;
use std::error::Error;
use techniques::Techniques;
use wellfit_core::seed::Seed;
use wellfit_nn::control::learner::NoiseAwareStrategy;

const EPOCHS: usize = 40;

fn main() -> Result<(), Box<dyn Error>> {
    let (seed, device) = (Seed::new(1), Device::flex().autodiff());
    let (train, validation) = digits::loaders(seed)?;
    let techniques = Techniques::new(seed)?;
    let model = Network::new(techniques.clone(), &device)?;
    let momentum = MomentumConfig::new().with_momentum(0.9);
    let optimizer = SgdConfig::new().with_momentum(Some(momentum)).init();
    let folder = std::env::temp_dir().join("wellfit_burn_learner");
    let trained = SupervisedTraining::new(&folder, train, validation.clone())
        .metrics((AccuracyMetric::new(), LossMetric::new()))
        .num_epochs(EPOCHS)
        .early_stopping(NoiseAwareStrategy::loss())
        .launch(Learner::new(model, optimizer, ConstantLr::new(0.02)))
        .model;
    let averaged = techniques.averaged(&trained.clone().train()).map(|model| model.valid());
    println!("logs: {}", folder.display());
    println!(
        "accuracy on {} held-out digits: {:.3}",
        validation.num_items(),
        accuracy(&trained, &validation)?
    );
    if let Some(averaged) = averaged {
        println!("the same with averaged weights: {:.3}", accuracy(&averaged, &validation)?);
    }
    Ok(())
}

fn accuracy(model: &Network, examples: &digits::Loader) -> Result<f64, Box<dyn Error>> {
    let mut right = 0.0;
    for batch in examples.iter() {
        let item = InferenceStep::step(model, batch?);
        let predicted = item.output.argmax(1).squeeze_dim::<1>(1);
        right += predicted.equal(item.targets).int().sum().into_scalar::<f64>();
    }
    Ok(right / examples.num_items() as f64)
}
