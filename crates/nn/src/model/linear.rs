//! One linear layer: linear regression under squared error, softmax regression under
//! cross-entropy.

use super::fits;
use super::initializer::Init;
use crate::Error;
use crate::layer::reparameterization::Dense;
use crate::layer::{Layer, SiteKind, Sites, through};
use burn::module::Module;
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

/// The `linear` key of `[model]`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Initial weights; zeros unless told otherwise, for the loss is convex. Where a technique
    /// divides them by their length, N(0, 1/in).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub init: Option<Init>,
}

impl Config {
    /// Builds the model.
    ///
    /// # Errors
    /// A layer that no memory holds, or techniques that do not fit.
    pub fn build(
        &self,
        inputs: usize,
        outputs: usize,
        sites: &Sites<'_>,
    ) -> Result<LinearModel, Error> {
        fits(inputs, outputs)?;
        let usual = if sites.needs_lengths() { Init::LecunNormal } else { Init::Zeros };
        let init = self.init.unwrap_or(usual);
        Ok(LinearModel {
            input: sites.fill(SiteKind::Input, "input", inputs)?,
            head: sites
                .dense(init.linear(inputs, outputs, sites.seed, "head", sites.device), "head")?,
        })
    }
}

/// outputs = inputs W + b.
#[derive(Module, Debug)]
pub struct LinearModel {
    input: Vec<Layer>,
    head: Dense,
}

impl LinearModel {
    /// # Shapes
    /// [batch, features] -> [batch, outputs]
    pub fn forward(&self, inputs: Tensor<2>) -> Tensor<2> {
        self.head.forward(through(&self.input, inputs))
    }
}
