//! The layer door: techniques that are layers of the model.
//!
//! Layers stay in the user's own model. In ours, configurable places are named sites, and each
//! technique says which of them it fills.

pub mod batch_norm;
pub mod dropout;
pub mod group_norm;
pub mod layer_norm;

use crate::Error;
use crate::chance::{Source, StepClock};
use crate::technique::{Doors, Shelved};
use burn::module::Module;
use burn::tensor::{Device, Tensor};
use wellfit_core::number::Positive;
use wellfit_core::seed::Seed;

/// Lists the layer techniques once: makes the enum that Burn's `Module` derive needs, and the
/// shelf.
macro_rules! layers {
    ($($file:ident::$name:ident),* $(,)?) => {
        /// A layer of one of the techniques of this door.
        #[derive(Module, Debug)]
        #[allow(missing_docs, reason = "each variant is a technique with a module of its own")]
        pub enum Layer {
            $($name($file::$name)),*
        }

        impl Layer {
            /// Sends `input` of shape [batch, features, ...] through the layer.
            pub fn forward<const D: usize>(&self, input: Tensor<D>) -> Tensor<D> {
                match self {
                    $(Self::$name(layer) => layer.forward(input)),*
                }
            }
        }

        /// The techniques of this door.
        pub const SHELF: &[Shelved] = &[$(Shelved::of::<$file::Config>()),*];
    };
}

layers! {
    batch_norm::BatchNorm,
    dropout::Dropout,
    group_norm::GroupNorm,
    layer_norm::LayerNorm,
}

/// A place in a model that a layer technique may fill.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SiteKind {
    /// In front of the first layer.
    Input,
    /// Between a layer and its activation. Holds one normalization at most.
    Norm,
    /// Behind an activation.
    Hidden,
}

/// What a technique is told about the place it may fill.
pub struct Site<'a> {
    /// Which place.
    pub kind: SiteKind,
    /// Path in the model, for messages.
    pub path: String,
    /// Number of features or channels there.
    pub features: usize,
    /// Device of the model.
    pub device: &'a Device,
    seed: Seed,
    clock: &'a StepClock,
}

impl Site<'_> {
    /// A source of chance for the layer of technique `id` here.
    pub fn source(&self, id: &str) -> Source {
        Source::new(self.seed, &format!("{id} at {}", self.path), self.clock)
    }
}

/// A technique that builds layers.
pub trait LayerDoor: Send + Sync {
    /// The layer for this site, or none where the technique does not stand.
    ///
    /// # Errors
    /// Values that do not fit the site, as groups that do not divide its features.
    fn build(&self, site: &Site<'_>) -> Result<Option<Layer>, Error>;
}

/// What a model needs to fill its sites.
pub struct Sites<'a> {
    /// The techniques of the run.
    pub doors: &'a Doors,
    /// The recipe's seed.
    pub seed: Seed,
    /// The clock that the training loop moves.
    pub clock: &'a StepClock,
    /// Device of the model.
    pub device: &'a Device,
}

impl Sites<'_> {
    /// Builds the layers of one site, in the recipe's order.
    ///
    /// # Errors
    /// A technique's values do not fit, or two normalizations want the same place.
    pub fn fill(&self, kind: SiteKind, path: &str, features: usize) -> Result<Vec<Layer>, Error> {
        let (seed, clock, device) = (self.seed, self.clock, self.device);
        let site = Site { kind, path: path.to_owned(), features, device, seed, clock };
        let built = self.doors.layers.iter().map(|door| door.build(&site));
        let layers: Vec<Layer> = built.filter_map(Result::transpose).collect::<Result<_, _>>()?;
        if kind == SiteKind::Norm && layers.len() > 1 {
            let message = format!("{} normalizations stand at `{path}`; keep one", layers.len());
            return Err(Error::Mismatch(message));
        }
        Ok(layers)
    }
}

/// What every normalization adds to its variance unless told otherwise.
fn epsilon() -> Positive {
    Positive::EPSILON
}

/// Sends `input` through the layers of a site.
pub fn through<const D: usize>(layers: &[Layer], input: Tensor<D>) -> Tensor<D> {
    layers.iter().fold(input, |x, layer| layer.forward(x))
}
