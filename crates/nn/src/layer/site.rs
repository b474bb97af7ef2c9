//! Places in a model that layer techniques may fill, and how they are filled.

use super::reparameterization::{Convolution, Dense, WeightSite};
use super::{Layer, Reparameterization};
use crate::chance::{Source, StepClock};
use crate::clock::lock;
use crate::error::{Error, Subject};
use crate::technique::Doors;
use burn::nn::Linear;
use burn::nn::conv::Conv2d;
use burn::tensor::{Device, Tensor};
use std::collections::BTreeSet;
use std::sync::Mutex;
use wellfit_core::seed::Seed;

/// A place in a model that a layer technique may fill.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SiteKind {
    /// In front of the first layer.
    Input,
    /// Over the table of an embedded category: one row for each level.
    Levels,
    /// Between a layer and its activation. Holds one normalization at most.
    Norm,
    /// Behind an activation.
    Hidden,
    /// Around the branch of a residual block.
    Branch {
        /// Number of the block, from 0.
        index: usize,
        /// Number of residual blocks.
        count: usize,
    },
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
    pub(super) clock: &'a StepClock,
}

impl Site<'_> {
    /// A source of chance for the layer of technique `id` here.
    pub fn source(&self, id: &str) -> Source {
        Source::new(self.seed, &format!("{id} at {}", self.path), self.clock)
    }
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
    placed: Mutex<BTreeSet<&'static str>>,
}

impl<'a> Sites<'a> {
    /// Sites for the techniques of a run, whose stochastic layers read `clock`.
    pub fn new(doors: &'a Doors, seed: Seed, clock: &'a StepClock, device: &'a Device) -> Self {
        Self { doors, seed, clock, device, placed: Mutex::default() }
    }

    /// Whether a technique divides weights by a length, so that they must not begin as zeros.
    pub fn needs_lengths(&self) -> bool {
        self.doors.layers.iter().any(|door| door.needs_lengths())
    }

    /// Refuses techniques that filled no site of a model that is built.
    ///
    /// # Errors
    /// The first of them.
    pub fn all_placed(&self) -> Result<(), Error> {
        let placed = lock(&self.placed);
        match self.doors.layers.iter().find(|door| !placed.contains(door.id())) {
            None => Ok(()),
            Some(door) => {
                let (id, needs) = (door.id(), door.needs());
                let message = format!("{id} finds no place in this model: it needs {needs}");
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

    /// A linear layer of the model, with the technique that stands over its weights.
    ///
    /// # Errors
    /// A technique's values do not fit, or two want the same weights.
    pub fn dense(&self, layer: Linear, path: &str) -> Result<Dense, Error> {
        let over = self.reparameterize(layer.weight.val(), path)?;
        Ok(Dense::new(layer, over))
    }

    /// The same for a convolution.
    ///
    /// # Errors
    /// As [`Self::dense`] and [`Convolution::new`].
    pub fn convolution(&self, layer: Conv2d, path: &str) -> Result<Convolution, Error> {
        let over = self.reparameterize(layer.weight.val(), path)?;
        Convolution::new(layer, over)
    }

    fn reparameterize<const D: usize>(
        &self,
        weights: Tensor<D>,
        path: &str,
    ) -> Result<Option<Reparameterization>, Error> {
        let (seed, clock, device) = (self.seed, self.clock, self.device);
        let (path, shape) = (path.to_owned(), weights.dims().to_vec());
        let weights = weights.inner().flatten(0, D - 1);
        let is_head = path == "head";
        let site = WeightSite { is_head, path, shape, weights, device, seed, clock };
        let mut over = None;
        for door in &self.doors.layers {
            let Some(next) = door.reparameterize(&site)? else { continue };
            if over.replace(next).is_some() {
                let message = format!(
                    "another technique stands over the weights of `{}`: keep one",
                    site.path
                );
                return Err(Error::refused(Subject::Technique(door.id()), message));
            }
            lock(&self.placed).insert(door.id());
        }
        Ok(over)
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
            if kind != SiteKind::Input || !door.needs_hidden() {
                lock(&self.placed).insert(door.id());
            }
            layers.push(layer);
        }
        Ok(layers)
    }
}
