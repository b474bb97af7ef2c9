//! The multilayer perceptron: hidden blocks of linear layer, normalization, activation, dropout.

use super::activation::Activation;
use super::fits;
use super::initializer::Init;
use crate::error::{Error, Subject};
use crate::layer::{Layer, SiteKind, Sites, through};
use burn::module::Module;
use burn::nn::Linear;
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

/// The `mlp` key of `[model]`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Units of each hidden layer, from the first to the last.
    pub widths: Vec<usize>,
    /// Activation of the hidden layers.
    #[serde(default)]
    pub activation: Activation,
    /// Initial weights; by the activation unless told otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub init: Option<Init>,
    /// Whether a hidden layer adds its input to its output, where both have the same width.
    #[serde(default)]
    pub skip: bool,
}

impl Config {
    /// Builds the model.
    ///
    /// # Errors
    /// A width of zero, or techniques that do not fit.
    pub fn build(&self, inputs: usize, outputs: usize, sites: &Sites<'_>) -> Result<Mlp, Error> {
        if let Some(index) = self.widths.iter().position(|&width| width == 0) {
            let message =
                format!("expected widths above 0, found 0 for hidden layer {}", index + 1);
            return Err(Error::refused(Subject::Model, message));
        }
        let init = self.init.unwrap_or(Init::before(self.activation));
        let mut width = inputs;
        let mut blocks = Vec::new();
        for (index, &units) in self.widths.iter().enumerate() {
            fits(width, units)?;
            let path = format!("blocks.{index}");
            blocks.push(Block {
                linear: init.linear(width, units, sites.seed, &path, sites.device),
                norm: sites.fill(SiteKind::Norm, &path, units)?,
                activation: self.activation,
                hidden: sites.fill(SiteKind::Hidden, &path, units)?,
                skip: self.skip && width == units,
            });
            width = units;
        }
        let input = sites.fill(SiteKind::Input, "input", inputs)?;
        fits(width, outputs)?;
        let head = init.linear(width, outputs, sites.seed, "head", sites.device);
        Ok(Mlp { input, blocks, head })
    }
}

/// A multilayer perceptron.
#[derive(Module, Debug)]
pub struct Mlp {
    input: Vec<Layer>,
    blocks: Vec<Block>,
    head: Linear,
}

/// One hidden layer with its sites.
#[derive(Module, Debug)]
pub struct Block {
    linear: Linear,
    norm: Vec<Layer>,
    #[module(skip)]
    activation: Activation,
    hidden: Vec<Layer>,
    #[module(skip)]
    skip: bool,
}

impl Block {
    fn forward(&self, input: Tensor<2>) -> Tensor<2> {
        let sums = through(&self.norm, self.linear.forward(input.clone()));
        let output = through(&self.hidden, self.activation.apply(sums));
        if self.skip { output + input } else { output }
    }
}

impl Mlp {
    /// # Shapes
    /// [batch, features] -> [batch, outputs]
    pub fn forward(&self, inputs: Tensor<2>) -> Tensor<2> {
        let hidden = through(&self.input, inputs);
        let hidden = self.blocks.iter().fold(hidden, |x, block| block.forward(x));
        self.head.forward(hidden)
    }
}
