//! The layer door: techniques that are layers of the model.
//!
//! Layers stay in the user's own model. In ours, configurable places are named sites, and each
//! technique says which of them it fills.

pub mod alpha_dropout;
pub mod batch_norm;
pub mod bayes;
pub mod bayes_conv;
pub mod bayes_linear;
pub mod concrete_dropout;
pub mod drop_block;
pub mod drop_connect;
pub mod dropout;
pub mod embedding_dropout;
pub mod estimator;
pub mod gaussian_dropout;
#[cfg(test)]
mod golden;
pub mod group_norm;
pub mod instance_norm;
pub mod layer_norm;
pub mod locked_dropout;
pub mod posterior;
pub mod reparameterization;
pub mod rms_norm;
pub mod schedule;
mod site;
pub mod spatial_dropout;
pub mod spectral_norm;
pub mod stochastic_depth;
pub mod variational_dropout;
pub mod weight_norm;
pub mod weight_standardization;

use crate::error::Error;
use crate::snapshot::Snapshot;
use crate::technique::{Shelved, Technique};
use burn::module::{Module, RunningState};
use burn::tensor::Tensor;
use burn::tensor::ops::ConvOptions;
use reparameterization::WeightSite;
use wellfit_core::number::{Positive, Rate};

pub use site::{Site, SiteKind, Sites};

/// Lists the layer techniques once: makes the enums that Burn's `Module` derive needs, and the
/// shelf.
macro_rules! layers {
    (
        layers: $($file:ident::$name:ident),* ;
        reparameterizations: $($over:ident::$over_name:ident),* $(,)?
    ) => {
        /// A layer of one of the techniques of this door.
        #[derive(Module, Debug)]
        #[allow(missing_docs, reason = "each variant is a technique with a module of its own")]
        pub enum Layer {
            $($name($file::$name)),*
        }

        impl Layer {
            /// Id of its technique.
            pub fn id(&self) -> &'static str {
                match self {
                    $(Self::$name(_) => <$file::Config as Technique>::CARD.id),*
                }
            }

            /// Sends `input` of shape [batch, features, ...] through the layer.
            pub fn forward<const D: usize>(&self, input: Tensor<D>) -> Tensor<D> {
                match self {
                    $(Self::$name(layer) => layer.forward(input)),*
                }
            }
        }

        /// A technique of this door that stands over the weights of a layer.
        #[derive(Module, Debug)]
        #[allow(missing_docs, reason = "each variant is a technique with a module of its own")]
        pub enum Reparameterization {
            $($over_name($over::$over_name)),*
        }

        impl Reparameterization {
            /// Id of its technique.
            pub fn id(&self) -> &'static str {
                match self {
                    $(Self::$over_name(_) => <$over::Config as Technique>::CARD.id),*
                }
            }

            /// A linear layer with weights [in, out]: [batch, in] -> [batch, out].
            pub fn linear(
                &self,
                weight: Tensor<2>,
                bias: Option<Tensor<1>>,
                input: Tensor<2>,
            ) -> Tensor<2> {
                match self {
                    $(Self::$over_name(over) => over.linear(weight, bias, input)),*
                }
            }

            /// A convolution with weights [out, in, height, width].
            pub fn convolution(
                &self,
                weight: Tensor<4>,
                bias: Option<Tensor<1>>,
                input: Tensor<4>,
                options: ConvOptions<2>,
            ) -> Tensor<4> {
                match self {
                    $(Self::$over_name(over) => over.convolution(weight, bias, input, options)),*
                }
            }
        }

        /// The techniques of this door.
        pub const SHELF: &[Shelved] =
            &[$(Shelved::of::<$file::Config>(),)* $(Shelved::of::<$over::Config>(),)*];
    };
}

layers! {
    layers:
        batch_norm::BatchNorm,
        layer_norm::LayerNorm,
        group_norm::GroupNorm,
        instance_norm::InstanceNorm,
        rms_norm::RmsNorm,
        dropout::Dropout,
        spatial_dropout::SpatialDropout,
        alpha_dropout::AlphaDropout,
        gaussian_dropout::GaussianDropout,
        locked_dropout::LockedDropout,
        embedding_dropout::EmbeddingDropout,
        drop_block::DropBlock,
        stochastic_depth::StochasticDepth;
    reparameterizations:
        bayes_conv::BayesConv,
        bayes_linear::BayesLinear,
        concrete_dropout::ConcreteDropout,
        drop_connect::DropConnect,
        weight_norm::WeightNorm,
        spectral_norm::SpectralNorm,
        weight_standardization::WeightStandardization,
        variational_dropout::VariationalDropout,
}

impl Layer {
    /// Whether it may draw: two passes over the same input then differ.
    pub const fn draws(&self) -> bool {
        !matches!(
            self,
            Self::BatchNorm(_)
                | Self::LayerNorm(_)
                | Self::GroupNorm(_)
                | Self::InstanceNorm(_)
                | Self::RmsNorm(_)
        )
    }
}

/// A technique that builds layers.
pub trait LayerDoor: Send + Sync {
    /// The technique's id.
    fn id(&self) -> &'static str;

    /// Whether its layers draw in training, so that two passes over the same inputs differ.
    fn is_stochastic(&self) -> bool {
        false
    }

    /// Whether a place in front of the first layer is not all that it asks for.
    fn needs_hidden(&self) -> bool {
        false
    }

    /// What a model must have for it, in words.
    fn needs(&self) -> &'static str {
        "a hidden layer"
    }

    /// The layer for this site, or none where the technique does not stand.
    ///
    /// # Errors
    /// Values that do not fit the site, as groups that do not divide its features.
    fn build(&self, site: &Site<'_>) -> Result<Option<Layer>, Error>;

    /// What stands over these weights, or nothing where the technique does not stand.
    ///
    /// # Errors
    /// Values that do not fit the weights.
    fn reparameterize(&self, site: &WeightSite<'_>) -> Result<Option<Reparameterization>, Error> {
        let _ = site;
        Ok(None)
    }

    /// Whether it divides weights by a length, which zeros have not.
    fn needs_lengths(&self) -> bool {
        false
    }

    /// Whether [`Self::settle`] sets weights to exactly zero.
    fn prunes(&self) -> bool {
        false
    }

    /// Changes the tensors of a trained model once and for all, as a technique does that prunes.
    fn settle(&self, tensors: &mut Snapshot) {
        let _ = tensors;
    }
}

/// What every normalization adds to its variance unless told otherwise.
fn epsilon() -> Positive {
    Positive::EPSILON
}

/// The rate of what drops nothing unless told to.
fn nothing() -> Rate {
    Rate::ZERO
}

/// The default of what is on unless switched off.
fn yes() -> bool {
    true
}

/// Gives a state its value at once; Burn alone would show it to a visitor only after the next pass.
fn settle<const D: usize>(state: &RunningState<Tensor<D>>, value: Tensor<D>) {
    let tracks = state.value().is_autodiff();
    state.update(if tracks { Tensor::from_inner(value) } else { value });
    state.value_sync();
}

/// Sends `input` through the layers of a site.
pub fn through<const D: usize>(layers: &[Layer], input: Tensor<D>) -> Tensor<D> {
    layers.iter().fold(input, |x, layer| layer.forward(x))
}

/// The branch of a residual block over `input`, as the layers of its site leave it; none where it
/// is left out, and then it is not computed.
pub fn branch<const I: usize, const D: usize>(
    layers: &[Layer],
    input: &Tensor<I>,
    compute: impl FnOnce() -> Tensor<D>,
) -> Option<Tensor<D>> {
    match layers {
        [Layer::StochasticDepth(depth)] => depth.around(input, compute),
        layers => Some(through(layers, compute())),
    }
}
