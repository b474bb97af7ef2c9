//! The layers of a technique at every place of a model that they may fill.

use super::Bench;
use crate::Error;
use crate::chance::StepClock;
use crate::layer::reparameterization::{Convolution, Dense};
use crate::layer::{Layer, SiteKind, Sites};
use crate::model::initializer::{Init, Square};
use burn::module::Module;
use burn::tensor::Tensor;

const KINDS: [SiteKind; 5] = [
    SiteKind::Input,
    SiteKind::Levels,
    SiteKind::Norm,
    SiteKind::Hidden,
    SiteKind::Branch { index: 1, count: 2 },
];

/// Examples of a batch, and features or channels of each.
pub const COUNT: usize = 6;
pub const FEATURES: usize = 16;
pub const SIDE: usize = 6;
/// Inputs of a linear layer, channels into a convolution, and outputs of both.
pub const INPUTS: usize = 6;
pub const OUTPUTS: usize = 4;

/// A layer and what goes through it.
#[derive(Clone)]
pub enum Place {
    /// A layer over vectors of features.
    Vectors(Layer),
    /// A layer over images.
    Images(Layer),
    /// A technique over the weights of a linear layer.
    Dense(Dense),
    /// A technique over the weights of a convolution.
    Convolution(Convolution),
}

/// The layers of one technique in one model.
pub struct Placed {
    /// The clock that they read.
    pub clock: StepClock,
    /// All of them.
    pub places: Vec<Place>,
}

impl Placed {
    /// The layers of technique `id` in a model with `entries`. Where two techniques want the same
    /// place, or one refuses it, there are none of that kind.
    pub fn of(bench: &Bench, id: &str, entries: &[(&str, &str)]) -> Result<Self, Error> {
        let doors = bench.doors(entries)?;
        let (clock, device) = (StepClock::new(), bench.tracked());
        let sites = || Sites::new(&doors, bench.seed(), &clock, &device);
        let kinds = [vectors, images, dense, convolution].into_iter();
        let places = kinds.filter_map(|fill| fill(&sites(), id).ok()).flatten().collect();
        Ok(Self { clock, places })
    }

    /// The layers of a technique by itself, of which there is one at least.
    pub fn alone(bench: &Bench, id: &str, value: &str) -> Result<Self, Error> {
        let placed = Self::of(bench, id, &[(id, value)])?;
        match placed.places.is_empty() {
            true => Err(Error::Mismatch(format!("{id} finds no place on the bench"))),
            false => Ok(placed),
        }
    }
}

/// The layers of technique `id` at all sites that `fill` fills.
fn layers(
    id: &str,
    fill: impl Fn(SiteKind, &str) -> Result<Vec<Layer>, Error>,
) -> Result<Vec<Layer>, Error> {
    let mut all = Vec::new();
    for (index, kind) in KINDS.into_iter().enumerate() {
        all.extend(fill(kind, &format!("site {index}"))?);
    }
    all.retain(|layer| layer.id() == id);
    Ok(all)
}

fn vectors(sites: &Sites<'_>, id: &str) -> Result<Vec<Place>, Error> {
    let found = layers(id, |kind, path| sites.fill(kind, path, FEATURES))?;
    Ok(found.into_iter().map(Place::Vectors).collect())
}

fn images(sites: &Sites<'_>, id: &str) -> Result<Vec<Place>, Error> {
    let found = layers(id, |kind, path| sites.fill_channels(kind, path, FEATURES))?;
    Ok(found.into_iter().map(Place::Images).collect())
}

fn dense(sites: &Sites<'_>, id: &str) -> Result<Vec<Place>, Error> {
    let layer = Init::KaimingNormal.linear(INPUTS, OUTPUTS, sites.seed, "dense", sites.device);
    let dense = sites.dense(layer, "dense")?;
    let is_over = dense.over().is_some_and(|over| over.id() == id);
    Ok(is_over.then_some(Place::Dense(dense)).into_iter().collect())
}

fn convolution(sites: &Sites<'_>, id: &str) -> Result<Vec<Place>, Error> {
    let channels = [INPUTS, OUTPUTS];
    let square = Square { channels, size: 3, stride: 1, padding: 1, bias: true };
    let init = Init::KaimingNormal;
    let layer = init.convolution(square, sites.seed, "convolution", sites.device);
    let convolution = sites.convolution(layer, "convolution")?;
    let is_over = convolution.over().is_some_and(|over| over.id() == id);
    Ok(is_over.then_some(Place::Convolution(convolution)).into_iter().collect())
}

impl Place {
    /// Whether both are of one kind.
    pub fn is_like(&self, other: &Self) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
    }

    /// Shape of a batch of inputs.
    pub fn inputs(&self) -> Vec<usize> {
        match self {
            Self::Vectors(_) => vec![COUNT, FEATURES],
            Self::Images(_) => vec![COUNT, FEATURES, SIDE, SIDE],
            Self::Dense(_) => vec![COUNT, INPUTS],
            Self::Convolution(_) => vec![COUNT, INPUTS, SIDE, SIDE],
        }
    }

    /// Outputs, or channels of them.
    pub const fn channels(&self) -> usize {
        match self {
            Self::Vectors(_) | Self::Images(_) => FEATURES,
            Self::Dense(_) | Self::Convolution(_) => OUTPUTS,
        }
    }

    /// Flat inputs to flat outputs, in training where the inputs track gradients.
    pub fn forward(&self, inputs: Tensor<1>) -> Vec<f64> {
        let (shape, out) = (self.inputs(), super::bench::host::<1>);
        let flat = |tensor: Tensor<2>| out(tensor.flatten(0, 1));
        let flat_images = |tensor: Tensor<4>| out(tensor.flatten(0, 3));
        match (self, &shape[..]) {
            (Self::Vectors(layer), &[n, c]) => flat(layer.forward(inputs.reshape([n, c]))),
            (Self::Dense(layer), &[n, c]) => flat(layer.forward(inputs.reshape([n, c]))),
            (Self::Images(layer), &[n, c, h, w]) => {
                flat_images(layer.forward(inputs.reshape([n, c, h, w])))
            }
            (Self::Convolution(layer), &[n, c, h, w]) => {
                flat_images(layer.forward(inputs.reshape([n, c, h, w])))
            }
            _ => Vec::new(),
        }
    }

    /// The same layer in evaluation.
    pub fn evaluated(&self) -> Self {
        match self {
            Self::Vectors(layer) => Self::Vectors(layer.valid()),
            Self::Images(layer) => Self::Images(layer.valid()),
            Self::Dense(layer) => Self::Dense(layer.valid()),
            Self::Convolution(layer) => Self::Convolution(layer.valid()),
        }
    }

    /// In training on these numbers.
    pub fn trained(&self, bench: &Bench, inputs: &[f32]) -> Vec<f64> {
        self.forward(bench.leaf(inputs, [inputs.len()]))
    }

    /// In evaluation on these numbers.
    pub fn evaluates(&self, bench: &Bench, inputs: &[f32]) -> Vec<f64> {
        self.evaluated().forward(bench.tensor(inputs, [inputs.len()]))
    }

    /// Ones for a batch of inputs.
    pub fn ones(&self) -> Vec<f32> {
        vec![1.0; self.inputs().iter().product()]
    }

    /// N(1, 1) for a batch of inputs.
    pub fn noise(&self, bench: &Bench, name: &str) -> Vec<f32> {
        let numbers = bench.normals(name, self.inputs().iter().product());
        numbers.into_iter().map(|x| x + 1.0).collect()
    }
}

/// The mean of each channel of flat outputs [batch, channels, ...] over examples and pixels.
pub fn channel_means(outputs: &[f64], channels: usize) -> Vec<f64> {
    let pixels = outputs.len() / (COUNT * channels);
    let of = |channel: usize| {
        let rows = (0..COUNT).map(|i| &outputs[(i * channels + channel) * pixels..][..pixels]);
        rows.flatten().sum::<f64>() / (COUNT * pixels) as f64
    };
    (0..channels).map(of).collect()
}
