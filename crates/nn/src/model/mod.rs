//! Models by configuration.

pub mod activation;
pub mod embedding;
pub mod ensemble;
pub mod image;
pub mod initializer;
pub mod inputs;
pub mod lenet;
pub mod linear;
pub mod mlp;
pub mod resnet;

use crate::error::{Error, Subject};
use crate::layer::Sites;
use burn::module::Module;
use burn::tensor::Tensor;
pub use image::ImageShape;
pub use inputs::Inputs;
use serde::{Deserialize, Serialize};

/// What a training loop needs of a model: a forward pass on flat examples.
pub trait Network: Module + Sync {
    /// Logits or values.
    ///
    /// # Shapes
    /// [batch, features] -> [batch, outputs]; an image model reshapes its rows itself.
    fn forward(&self, inputs: Tensor<2>) -> Tensor<2>;

    /// The outputs of so many passes over the same inputs; `begin` is told each pass before its
    /// layers draw. A model may share among them what does not depend on draws.
    ///
    /// # Shapes
    /// [batch, features] -> [batch, outputs] of every pass
    fn passes(&self, inputs: Tensor<2>, count: u64, begin: &mut dyn FnMut(u64)) -> Vec<Tensor<2>> {
        each_pass(count, begin, |_| self.forward(inputs.clone()))
    }
}

/// The `[model]` table of a recipe: one key, the kind of model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Kinds", into = "Kinds")]
pub enum ModelConfig {
    /// Linear, logistic or softmax regression, by the loss.
    Linear(linear::Config),
    /// A multilayer perceptron.
    Mlp(mlp::Config),
    /// LeNet-5, for small images.
    Lenet(lenet::Config),
    /// A residual network for small images.
    Resnet(resnet::Config),
}

/// The keys as they are written.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Kinds {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    linear: Option<linear::Config>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    mlp: Option<mlp::Config>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    lenet: Option<lenet::Config>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    resnet: Option<resnet::Config>,
}

impl TryFrom<Kinds> for ModelConfig {
    type Error = &'static str;

    fn try_from(kinds: Kinds) -> Result<Self, &'static str> {
        match (kinds.linear, kinds.mlp, kinds.lenet, kinds.resnet) {
            (Some(linear), None, None, None) => Ok(Self::Linear(linear)),
            (None, Some(mlp), None, None) => Ok(Self::Mlp(mlp)),
            (None, None, Some(lenet), None) => Ok(Self::Lenet(lenet)),
            (None, None, None, Some(resnet)) => Ok(Self::Resnet(resnet)),
            _ => Err("expected one kind of model: `linear = {}`, `mlp = { widths = [64] }`, \
                      `lenet = {}` or `resnet = { depth = 8 }`"),
        }
    }
}

impl From<ModelConfig> for Kinds {
    fn from(config: ModelConfig) -> Self {
        match config {
            ModelConfig::Linear(linear) => Self { linear: Some(linear), ..Self::default() },
            ModelConfig::Mlp(mlp) => Self { mlp: Some(mlp), ..Self::default() },
            ModelConfig::Lenet(lenet) => Self { lenet: Some(lenet), ..Self::default() },
            ModelConfig::Resnet(resnet) => Self { resnet: Some(resnet), ..Self::default() },
        }
    }
}

impl ModelConfig {
    /// Builds the model for examples of this shape, a [`Dataset`](wellfit_data::Dataset) or
    /// [`Inputs`], its initial weights drawn from the seed of `sites`.
    ///
    /// # Errors
    /// Sizes that do not fit the model, techniques that do not fit, or embedded columns in front of
    /// a model that has no table for them.
    pub fn build<'a>(
        &self,
        examples: impl Into<Inputs<'a>>,
        outputs: usize,
        sites: &Sites<'_>,
    ) -> Result<Model, Error> {
        let inputs = examples.into();
        inputs.check()?;
        if inputs.features() == 0 || outputs == 0 {
            let found = format!("{} inputs and {outputs} outputs", inputs.features());
            return Err(Error::Mismatch(format!("a model needs at least one of each: {found}")));
        }
        let model = match self {
            Self::Mlp(config) => Model::Mlp(config.build(inputs, outputs, sites)?),
            _ if !inputs.embedded.is_empty() => return Err(no_tables()),
            Self::Linear(config) => {
                Model::Linear(config.build(inputs.features(), outputs, sites)?)
            }
            Self::Lenet(config) => {
                Model::LeNet(config.build(ImageShape::of(inputs.shape)?, outputs, sites)?)
            }
            Self::Resnet(config) => {
                Model::ResNet(config.build(ImageShape::of(inputs.shape)?, outputs, sites)?)
            }
        };
        sites.all_placed()?;
        Ok(model)
    }

    /// Numbers that each layer makes of one example, the inputs first, for an estimate of memory.
    ///
    /// # Errors
    /// Examples that are no images in front of a model that needs them, or smaller than it needs.
    pub fn layer_sizes<'a>(
        &self,
        examples: impl Into<Inputs<'a>>,
        outputs: usize,
    ) -> Result<Vec<usize>, Error> {
        let inputs = examples.into();
        Ok(match self {
            Self::Linear(_) => vec![inputs.features(), outputs],
            Self::Mlp(config) => config.layer_sizes(inputs, outputs),
            Self::Lenet(config) => config.layer_sizes(ImageShape::of(inputs.shape)?, outputs)?,
            Self::Resnet(config) => config.layer_sizes(ImageShape::of(inputs.shape)?, outputs),
        })
    }
}

fn no_tables() -> Error {
    let message = "only mlp reads embedded categories, whose inputs are numbers of levels and no \
                   quantities: use mlp, or categories = \"one_hot\" in [data]";
    Error::refused(Subject::Model, message)
}

/// Weights of one layer that a model may have: 4 GiB in single precision.
const MOST_WEIGHTS: usize = 1 << 30;

/// Refuses a layer that no memory holds, before anything is allocated.
fn fits(inputs: usize, outputs: usize) -> Result<(), Error> {
    match inputs.checked_mul(outputs) {
        Some(weights) if weights <= MOST_WEIGHTS => Ok(()),
        _ => {
            let message = format!(
                "a layer from {inputs} to {outputs} units has more than {MOST_WEIGHTS} weights"
            );
            Err(Error::refused(Subject::Model, message))
        }
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
    /// LeNet-5.
    LeNet(lenet::LeNet),
    /// A residual network.
    ResNet(resnet::ResNet),
}

impl Network for Model {
    fn forward(&self, inputs: Tensor<2>) -> Tensor<2> {
        match self {
            Self::Linear(model) => model.forward(inputs),
            Self::Mlp(model) => model.forward(inputs),
            Self::LeNet(model) => model.forward(inputs),
            Self::ResNet(model) => model.forward(inputs),
        }
    }

    fn passes(&self, inputs: Tensor<2>, count: u64, begin: &mut dyn FnMut(u64)) -> Vec<Tensor<2>> {
        match self {
            Self::Mlp(model) => model.passes(inputs, count, begin),
            _ => each_pass(count, begin, |_| self.forward(inputs.clone())),
        }
    }
}

/// What `forward` gives for each pass.
fn each_pass(
    count: u64,
    begin: &mut dyn FnMut(u64),
    mut forward: impl FnMut(u64) -> Tensor<2>,
) -> Vec<Tensor<2>> {
    let pass = |pass| {
        begin(pass);
        forward(pass)
    };
    (0..count).map(pass).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use wellfit_data::Embedded;

    fn sizes(model: &str, inputs: Inputs<'_>) -> Vec<usize> {
        let config: ModelConfig = toml::from_str(model).unwrap();
        config.layer_sizes(inputs, 10).unwrap()
    }

    #[test]
    fn sizes_of_layers_are_those_of_the_papers() {
        let image = |shape| Inputs { shape, embedded: &[] };
        let lenet = sizes("lenet = {}", image(&[1, 28, 28]));
        assert_eq!(lenet, [784, 6 * 28 * 28, 16 * 10 * 10, 120, 84, 10]);
        let resnet = sizes("resnet = { depth = 8 }", image(&[3, 32, 32]));
        // Two convolutions a stage, and a shortcut where a stage takes every second pixel.
        let stages = [&[16_384; 3][..], &[8192; 3], &[4096; 3]].concat();
        assert_eq!(resnet, [&[3072][..], &stages, &[10]].concat());
        // Two numbers and, in place of the level, its vector of three.
        let embedded = &[Embedded { column: 1, levels: 7 }];
        let table = Inputs { shape: &[3], embedded };
        let mlp = sizes("mlp = { widths = [8, 4], embedding = { width = 3 } }", table);
        assert_eq!(mlp, [5, 8, 4, 10]);
    }
}
