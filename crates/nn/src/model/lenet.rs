//! LeNet-5: two convolutions with pooling, three linear layers. (LeCun et al. 1998, Proc. IEEE
//! 86(11); with ReLU and max pooling in place of the sigmoids and averages of its time.)

use super::activation::Activation;
use super::fits;
use super::image::ImageShape;
use super::initializer::{Init, Square};
use crate::Error;
use crate::layer::reparameterization::{Convolution, Dense};
use crate::layer::{Layer, SiteKind, Sites, through};
use burn::module::Module;
use burn::tensor::Tensor;
use burn::tensor::module::max_pool2d;
use burn::tensor::ops::MaxPoolOptions;
use serde::{Deserialize, Serialize};

/// The `lenet` key of `[model]`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Activation of all hidden layers.
    #[serde(default)]
    pub activation: Activation,
}

/// Channels of the two convolutions, and units of the hidden linear layers.
const CHANNELS: [usize; 2] = [6, 16];
const UNITS: [usize; 2] = [120, 84];
/// The least number of pixels of a side.
const SIDE: usize = 12;

impl Config {
    /// Builds the model for images of `shape`.
    ///
    /// # Errors
    /// Images smaller than 12 pixels a side, a layer that no memory holds, or techniques that do
    /// not fit.
    pub fn build(
        &self,
        shape: ImageShape,
        outputs: usize,
        sites: &Sites<'_>,
    ) -> Result<LeNet, Error> {
        shape.at_least(SIDE)?;
        let (init, seed, device) = (Init::before(self.activation), sites.seed, sites.device);
        let convolution = |index: usize, inputs: usize, padding: usize| {
            let path = format!("convolutions.{index}");
            let norm = sites.fill_channels(SiteKind::Norm, &path, CHANNELS[index])?;
            let channels = [inputs, CHANNELS[index]];
            let square = Square { channels, size: 5, stride: 1, padding, bias: norm.is_empty() };
            let layer = init.convolution(square, seed, &path, device);
            let pooled = sites.fill_channels(SiteKind::Hidden, &path, CHANNELS[index])?;
            let convolution = sites.convolution(layer, &path)?;
            Ok::<_, Error>(Filters { convolution, norm, pooled })
        };
        let convolutions =
            vec![convolution(0, shape.channels, 2)?, convolution(1, CHANNELS[0], 0)?];
        let mut width = CHANNELS[1] * (left(shape.height) / 2) * (left(shape.width) / 2);
        let mut hidden = Vec::new();
        for (index, units) in UNITS.into_iter().enumerate() {
            fits(width, units)?;
            let path = format!("hidden.{index}");
            hidden.push(Hidden {
                linear: sites.dense(init.linear(width, units, seed, &path, device), &path)?,
                after: sites.fill(SiteKind::Hidden, &path, units)?,
            });
            width = units;
        }
        fits(width, outputs)?;
        Ok(LeNet {
            input: sites.fill(SiteKind::Input, "input", shape.features())?,
            convolutions,
            hidden,
            head: sites.dense(init.linear(width, outputs, seed, "head", device), "head")?,
            activation: self.activation,
            shape,
        })
    }

    /// Numbers that each layer makes of one example, the inputs first.
    ///
    /// # Errors
    /// Images smaller than 12 pixels a side.
    pub fn layer_sizes(&self, shape: ImageShape, outputs: usize) -> Result<Vec<usize>, Error> {
        shape.at_least(SIDE)?;
        let first = CHANNELS[0] * shape.height * shape.width;
        let second = CHANNELS[1] * left(shape.height) * left(shape.width);
        Ok(vec![shape.features(), first, second, UNITS[0], UNITS[1], outputs])
    }
}

/// Pixels of a side behind the second convolution: the first keeps them, pooling halves them, the
/// second takes four off.
fn left(side: usize) -> usize {
    side / 2 - 4
}

/// LeNet-5.
#[derive(Module, Debug)]
pub struct LeNet {
    input: Vec<Layer>,
    convolutions: Vec<Filters>,
    hidden: Vec<Hidden>,
    head: Dense,
    #[module(skip)]
    activation: Activation,
    #[module(skip)]
    shape: ImageShape,
}

/// One convolution with its norm and the site behind its pooling.
#[derive(Module, Debug)]
pub struct Filters {
    convolution: Convolution,
    norm: Vec<Layer>,
    pooled: Vec<Layer>,
}

/// One linear layer with its site.
#[derive(Module, Debug)]
pub struct Hidden {
    linear: Dense,
    after: Vec<Layer>,
}

impl LeNet {
    /// # Shapes
    /// [batch, channels height width] -> [batch, outputs]
    pub fn forward(&self, inputs: Tensor<2>) -> Tensor<2> {
        let images = self.shape.images(through(&self.input, inputs));
        let pooled = self.convolutions.iter().fold(images, |x, filters| {
            let active = match filters.norm.is_empty() {
                true => filters.convolution.activated(x, self.activation),
                false => {
                    self.activation.apply(through(&filters.norm, filters.convolution.forward(x)))
                }
            };
            through(&filters.pooled, max_pool2d(active, halved()))
        });
        let hidden = self.hidden.iter().fold(pooled.flatten(1, 3), |x, hidden| {
            through(&hidden.after, hidden.linear.activated(x, self.activation))
        });
        self.head.forward(hidden)
    }
}

fn halved() -> MaxPoolOptions<2> {
    MaxPoolOptions::new([2, 2])
}
