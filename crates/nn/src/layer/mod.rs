//! The layer door: techniques that are layers of the model.
//!
//! Layers stay in the user's own model. In ours, configurable places are named sites, and each
//! technique says which of them it fills.

pub mod batch_norm;
pub mod dropout;
pub mod group_norm;
pub mod layer_norm;

use crate::chance::{Source, StepClock};
use crate::error::{Error, Subject};
use crate::technique::{Doors, Shelved};
use burn::module::Module;
use burn::tensor::{Device, Tensor};
use std::cell::RefCell;
use std::collections::BTreeSet;
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
    /// Whether each channel is an image, and not one number.
    pub spatial: bool,
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
    /// The technique's id.
    fn id(&self) -> &'static str;

    /// The layer for this site, or none where the technique does not stand.
    ///
    /// # Errors
    /// Values that do not fit the site, as groups that do not divide its features.
    fn build(&self, site: &Site<'_>) -> Result<Option<Layer>, Error>;
}

/// What a model needs to fill its sites.
pub struct Sites<'a> {
    doors: &'a Doors,
    /// The recipe's seed.
    pub seed: Seed,
    clock: &'a StepClock,
    /// Device of the model.
    pub device: &'a Device,
    /// Ids of the techniques that have filled a site.
    placed: RefCell<BTreeSet<&'static str>>,
}

impl<'a> Sites<'a> {
    /// Sites for the techniques of a run, whose stochastic layers read `clock`.
    pub fn new(doors: &'a Doors, seed: Seed, clock: &'a StepClock, device: &'a Device) -> Self {
        Self { doors, seed, clock, device, placed: RefCell::default() }
    }

    /// Refuses techniques that filled no site of a model that is built.
    ///
    /// # Errors
    /// The first of them.
    pub fn all_placed(&self) -> Result<(), Error> {
        let placed = self.placed.borrow();
        match self.doors.layers.iter().map(|door| door.id()).find(|id| !placed.contains(id)) {
            None => Ok(()),
            Some(id) => {
                let message = format!("{id} finds no place in this model, which has none for it");
                Err(Error::refused(Subject::Technique(id), message))
            }
        }
    }

    /// Builds the layers of one site, in the recipe's order.
    ///
    /// # Errors
    /// A technique's values do not fit, or two normalizations want the same place.
    pub fn fill(&self, kind: SiteKind, path: &str, features: usize) -> Result<Vec<Layer>, Error> {
        self.fill_with(kind, path, features, false)
    }

    /// The same for a site whose features are the channels of an image.
    ///
    /// # Errors
    /// As [`Self::fill`].
    pub fn fill_channels(
        &self,
        kind: SiteKind,
        path: &str,
        channels: usize,
    ) -> Result<Vec<Layer>, Error> {
        self.fill_with(kind, path, channels, true)
    }

    fn fill_with(
        &self,
        kind: SiteKind,
        path: &str,
        features: usize,
        spatial: bool,
    ) -> Result<Vec<Layer>, Error> {
        let (seed, clock, device) = (self.seed, self.clock, self.device);
        let site = Site { kind, path: path.to_owned(), features, spatial, device, seed, clock };
        let mut layers = Vec::new();
        for door in &self.doors.layers {
            let Some(layer) = door.build(&site)? else { continue };
            if kind == SiteKind::Norm && !layers.is_empty() {
                let message = format!("`{path}` has a normalization already: keep one of them");
                return Err(Error::refused(Subject::Technique(door.id()), message));
            }
            self.placed.borrow_mut().insert(door.id());
            layers.push(layer);
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
