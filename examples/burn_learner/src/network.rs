//! A residual network for the learner, with dropout and stochastic depth of wellfit in it.

use crate::digits::{Batch, CLASSES, PIXELS};
use crate::techniques::Techniques;
use burn::module::Module;
use burn::nn::loss::CrossEntropyLossConfig;
use burn::nn::{Linear, Relu};
use burn::optim::lr_scheduler::module_lr_scheduler::ModuleLearningRate;
use burn::optim::{GradientsParams, ModuleOptimizer};
use burn::tensor::{Device, Tensor};
use burn::train::{ClassificationOutput, InferenceStep, TrainOutput, TrainStep};
use std::error::Error;
use wellfit_core::number::Rate;
use wellfit_nn::chance::Source;
use wellfit_nn::layer::dropout::Dropout;
use wellfit_nn::layer::stochastic_depth::{Mode, StochasticDepth};
use wellfit_nn::loss::Loss;
use wellfit_nn::model::initializer::Init;

const WIDTH: usize = 128;

#[derive(Module, Debug)]
pub struct Network {
    stem: Linear,
    branch: Linear,
    depth: StochasticDepth,
    dropout: Dropout,
    head: Linear,
    #[module(skip)]
    pub techniques: Techniques,
}

impl Network {
    pub fn new(techniques: Techniques, device: &Device) -> Result<Self, Box<dyn Error>> {
        let seed = techniques.seed;
        let source = |path| Source::new(seed, path, &techniques.clock);
        let linear =
            |inputs, outputs, path| Init::KaimingNormal.linear(inputs, outputs, seed, path, device);
        Ok(Self {
            stem: linear(PIXELS, WIDTH, "stem"),
            branch: linear(WIDTH, WIDTH, "branch"),
            depth: StochasticDepth::new(Rate::new(0.2)?, Mode::Row, source("depth")),
            dropout: Dropout::new(Rate::new(0.3)?, source("dropout")),
            head: linear(WIDTH, CLASSES, "head"),
            techniques,
        })
    }

    fn forward(&self, pixels: Tensor<2>) -> Tensor<2> {
        let hidden = Relu::new().forward(self.stem.forward(pixels));
        let branch = Relu::new().forward(self.branch.forward(hidden.clone()));
        let hidden = hidden + self.depth.forward(branch);
        self.head.forward(self.dropout.forward(hidden))
    }
}

impl TrainStep for Network {
    type Input = Batch;
    type Output = ClassificationOutput;

    fn step(&self, batch: Batch) -> TrainOutput<ClassificationOutput> {
        let targets = batch.classes.clone().one_hot(CLASSES).float();
        let (pixels, targets) = self.techniques.on_batch(batch.pixels, targets);
        let outputs = self.forward(pixels);
        let loss = Loss::CrossEntropy.mean(outputs.clone(), targets);
        let grads = self.techniques.on_gradients(self, loss.backward());
        TrainOutput { grads, item: ClassificationOutput::new(loss, outputs, batch.classes) }
    }

    fn optimize(
        self,
        optimizer: &mut ModuleOptimizer,
        rate: ModuleLearningRate,
        gradients: GradientsParams,
    ) -> Self {
        let techniques = self.techniques.clone();
        techniques.before_step(&self);
        techniques.after_step(optimizer.step(rate, self, gradients))
    }
}

impl InferenceStep for Network {
    type Input = Batch;
    type Output = ClassificationOutput;

    fn step(&self, batch: Batch) -> ClassificationOutput {
        let outputs = self.forward(batch.pixels);
        let loss = CrossEntropyLossConfig::new().init(&outputs.device());
        let loss = loss.forward(outputs.clone(), batch.classes.clone());
        ClassificationOutput::new(loss, outputs, batch.classes)
    }
}
