//! Models by configuration.

pub mod activation;
pub mod initializer;
pub mod linear;
pub mod mlp;

use crate::Error;
use crate::layer::Sites;
use burn::module::Module;
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

/// What a training loop needs of a model: a forward pass on flat examples.
pub trait Network: Module {
    /// Logits or values.
    ///
    /// # Shapes
    /// [batch, features] -> [batch, outputs]; an image model reshapes its rows itself.
    fn forward(&self, inputs: Tensor<2>) -> Tensor<2>;
}

/// The `[model]` table of a recipe: one key, the kind of model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ModelConfig {
    /// Linear, logistic or softmax regression, by the loss.
    Linear(linear::Config),
    /// A multilayer perceptron.
    Mlp(mlp::Config),
}

impl ModelConfig {
    /// Builds the model, its initial weights drawn from the seed of `sites`.
    ///
    /// # Errors
    /// Sizes of zero, or techniques that do not fit.
    pub fn build(&self, inputs: usize, outputs: usize, sites: &Sites<'_>) -> Result<Model, Error> {
        if inputs == 0 || outputs == 0 {
            let found = format!("{inputs} inputs and {outputs} outputs");
            return Err(Error::Mismatch(format!("a model needs at least one of each: {found}")));
        }
        Ok(match self {
            Self::Linear(config) => Model::Linear(config.build(inputs, outputs, sites)?),
            Self::Mlp(config) => Model::Mlp(config.build(inputs, outputs, sites)?),
        })
    }
}

/// A model of one of our kinds.
#[derive(Module, Debug)]
#[allow(clippy::large_enum_variant, reason = "there is one model, and boxes are no modules")]
pub enum Model {
    /// Linear, logistic or softmax regression.
    Linear(linear::LinearModel),
    /// A multilayer perceptron.
    Mlp(mlp::Mlp),
}

impl Network for Model {
    fn forward(&self, inputs: Tensor<2>) -> Tensor<2> {
        match self {
            Self::Linear(model) => model.forward(inputs),
            Self::Mlp(model) => model.forward(inputs),
        }
    }
}
