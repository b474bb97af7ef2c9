//! The same perceptron as a user of Burn alone writes it.

// The derive of `Module` names this crate.
use wellfit_nn::burn;

use burn::module::Module;
use burn::nn::{Dropout, DropoutConfig, Linear};
use burn::tensor::activation::relu;
use burn::tensor::{Device, Tensor};
use wellfit_core::seed::Seed;
use wellfit_nn::model::Network;
use wellfit_nn::model::initializer::Init;

/// 784-512-512-10 with ReLU, and Burn's dropout behind both hidden layers.
#[derive(Module, Debug)]
pub struct ByHand {
    first: Linear,
    second: Linear,
    head: Linear,
    dropout: Dropout,
}

impl ByHand {
    /// The initial weights of our own model. Burn's dropout at rate 0 passes its input on.
    pub fn new(rate: f64, seed: Seed, device: &Device) -> Self {
        let linear = |inputs, outputs, path: &str| {
            Init::KaimingNormal.linear(inputs, outputs, seed, path, device)
        };
        Self {
            first: linear(784, 512, "blocks.0"),
            second: linear(512, 512, "blocks.1"),
            head: linear(512, 10, "head"),
            dropout: DropoutConfig::new(rate).init(),
        }
    }
}

impl Network for ByHand {
    fn forward(&self, inputs: Tensor<2>) -> Tensor<2> {
        let hidden = self.dropout.forward(relu(self.first.forward(inputs)));
        let hidden = self.dropout.forward(relu(self.second.forward(hidden)));
        self.head.forward(hidden)
    }
}
