//! Residual networks for small images: 6n + 2 layers in three stages of 16, 32 and 64 channels.
//!
//! y = relu(x + norm(conv(relu(norm(conv(x)))))); where a stage begins, the first convolution takes
//! every second pixel, and a 1x1 convolution does the same for x (the paper's option B).
//!
//! He et al. 2016, arXiv 1512.03385, section 4.2.

use super::activation::Activation;
use super::fits;
use super::image::ImageShape;
use super::initializer::{Init, Square};
use crate::error::{Error, Subject};
use crate::layer::reparameterization::{Convolution, Dense};
use crate::layer::{Layer, SiteKind, Sites, branch, through};
use burn::module::Module;
use burn::tensor::Tensor;
use burn::tensor::activation::relu;
use serde::{Deserialize, Serialize};

/// The `resnet` key of `[model]`. Give it a normalization, as `batch_norm = {}`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Layers: 8, 14, 20, ... (6n + 2).
    pub depth: usize,
}

const CHANNELS: [usize; 3] = [16, 32, 64];

impl Config {
    /// Builds the model for images of `shape`.
    ///
    /// # Errors
    /// A depth that is not 6n + 2, images smaller than 8 pixels a side, a layer that no memory
    /// holds, or techniques that do not fit.
    pub fn build(
        &self,
        shape: ImageShape,
        outputs: usize,
        sites: &Sites<'_>,
    ) -> Result<ResNet, Error> {
        shape.at_least(8)?;
        if self.depth < 8 || self.depth > 200 || self.depth % 6 != 2 {
            let message = format!("expected a depth of 8, 14, 20, ... 200, found {}", self.depth);
            return Err(Error::refused(Subject::Model, message));
        }
        fits(CHANNELS[2], outputs)?;
        let stem = Unit::build([shape.channels, CHANNELS[0]], 1, "stem", sites)?;
        let mut channels = CHANNELS[0];
        let count = (self.depth - 2) / 2;
        let mut blocks = Vec::new();
        for (stage, outputs) in CHANNELS.into_iter().enumerate() {
            for index in 0..(self.depth - 2) / 6 {
                let stride = if stage > 0 && index == 0 { 2 } else { 1 };
                let place = [blocks.len(), count];
                blocks.push(Block::build([channels, outputs], stride, place, sites)?);
                channels = outputs;
            }
        }
        Ok(ResNet {
            input: sites.fill(SiteKind::Input, "input", shape.features())?,
            stem,
            blocks,
            pooled: sites.fill(SiteKind::Hidden, "pooled", channels)?,
            head: sites.dense(
                Init::KaimingNormal.linear(channels, outputs, sites.seed, "head", sites.device),
                "head",
            )?,
            shape,
        })
    }

    /// Numbers that each layer makes of one example, the inputs first.
    pub fn layer_sizes(&self, shape: ImageShape, outputs: usize) -> Vec<usize> {
        let mut sizes = vec![shape.features(), CHANNELS[0] * shape.height * shape.width];
        for (stage, channels) in CHANNELS.into_iter().enumerate() {
            let side = |side: usize| side.div_ceil(1 << stage);
            let size = channels * side(shape.height) * side(shape.width);
            let shortcut = usize::from(stage > 0);
            sizes.extend(vec![size; (self.depth - 2) / 3 + shortcut]);
        }
        sizes.push(outputs);
        sizes
    }
}

/// A residual network.
#[derive(Module, Debug)]
pub struct ResNet {
    input: Vec<Layer>,
    stem: Unit,
    blocks: Vec<Block>,
    pooled: Vec<Layer>,
    head: Dense,
    #[module(skip)]
    shape: ImageShape,
}

impl ResNet {
    /// # Shapes
    /// [batch, channels height width] -> [batch, outputs]
    pub fn forward(&self, inputs: Tensor<2>) -> Tensor<2> {
        let images = self.shape.images(through(&self.input, inputs));
        let stem = self.stem.activated(images);
        let last = self.blocks.iter().fold(stem, |x, block| block.forward(x));
        let means: Tensor<2> = last.flatten::<3>(2, 3).mean_dim(2).squeeze_dim(2);
        self.head.forward(through(&self.pooled, means))
    }
}

/// A convolution of 3x3 with its normalization.
#[derive(Module, Debug)]
pub struct Unit {
    convolution: Convolution,
    norm: Vec<Layer>,
}

impl Unit {
    fn build(
        channels: [usize; 2],
        stride: usize,
        path: &str,
        sites: &Sites<'_>,
    ) -> Result<Self, Error> {
        let norm = sites.fill_channels(SiteKind::Norm, path, channels[1])?;
        let square = Square { channels, size: 3, stride, padding: 1, bias: norm.is_empty() };
        let convolution = Init::KaimingNormal.convolution(square, sites.seed, path, sites.device);
        Ok(Self { convolution: sites.convolution(convolution, path)?, norm })
    }

    fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        through(&self.norm, self.convolution.forward(x))
    }

    /// The same with the activation behind it.
    fn activated(&self, x: Tensor<4>) -> Tensor<4> {
        match self.norm.is_empty() {
            true => self.convolution.activated(x, Activation::Relu),
            false => relu(self.forward(x)),
        }
    }
}

/// Two convolutions, the branch, beside a shortcut.
#[derive(Module, Debug)]
pub struct Block {
    first: Unit,
    /// Behind the activation between the two.
    between: Vec<Layer>,
    second: Unit,
    /// Around the branch.
    around: Vec<Layer>,
    shortcut: Option<Convolution>,
}

impl Block {
    fn build(
        channels: [usize; 2],
        stride: usize,
        [index, count]: [usize; 2],
        sites: &Sites<'_>,
    ) -> Result<Self, Error> {
        let ([inputs, outputs], path) = (channels, format!("blocks.{index}"));
        let one_by_one = || {
            let square = Square { channels, size: 1, stride, padding: 0, bias: false };
            let path = format!("{path}.shortcut");
            let layer = Init::KaimingNormal.convolution(square, sites.seed, &path, sites.device);
            sites.convolution(layer, &path)
        };
        Ok(Self {
            first: Unit::build(channels, stride, &format!("{path}.first"), sites)?,
            between: sites.fill_channels(SiteKind::Hidden, &format!("{path}.between"), outputs)?,
            around: sites.fill_channels(SiteKind::Branch { index, count }, &path, outputs)?,
            second: Unit::build([outputs, outputs], 1, &format!("{path}.second"), sites)?,
            shortcut: (stride != 1 || inputs != outputs).then(one_by_one).transpose()?,
        })
    }

    fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let branch = branch(&self.around, &x, || {
            let hidden = self.first.activated(x.clone());
            self.second.forward(through(&self.between, hidden))
        });
        let shortcut = match &self.shortcut {
            Some(convolution) => convolution.forward(x),
            None => x,
        };
        relu(match branch {
            Some(branch) => branch + shortcut,
            None => shortcut,
        })
    }
}
