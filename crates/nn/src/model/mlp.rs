//! The multilayer perceptron: hidden blocks of linear layer, normalization, activation, dropout.
//!
//! Embedded categories are looked up first; the site `input` stands behind the lookup, so that
//! dropout there drops numbers of the vectors and never the number of a level.

use super::activation::Activation;
use super::embedding::{self, Embedding, embed};
use super::initializer::Init;
use super::{Inputs, each_pass, fits};
use crate::error::{Error, Subject};
use crate::layer::reparameterization::Dense;
use crate::layer::{Layer, SiteKind, Sites, branch, through};
use burn::module::Module;
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
    /// Embedded categories; their widths follow from their levels unless told otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub embedding: Option<embedding::Config>,
}

impl Config {
    /// Builds the model.
    ///
    /// # Errors
    /// A width of zero, an `embedding` without an embedded column, or techniques that do not fit.
    pub fn build(
        &self,
        inputs: Inputs<'_>,
        outputs: usize,
        sites: &Sites<'_>,
    ) -> Result<Mlp, Error> {
        if let Some(index) = self.widths.iter().position(|&width| width == 0) {
            let message =
                format!("expected widths above 0, found 0 for hidden layer {}", index + 1);
            return Err(Error::refused(Subject::Model, message));
        }
        if self.embedding.is_some() && inputs.embedded.is_empty() {
            let message = "`embedding` finds no embedded column: give \
                           table = { .., categories = \"embedding\" } in [data]";
            return Err(Error::refused(Subject::Model, message));
        }
        let init = self.init.unwrap_or(Init::before(self.activation));
        let lookup = self.embedding.unwrap_or_default().build(inputs, sites)?;
        let mut width = lookup.width;
        let before = std::iter::once(width).chain(self.widths.iter().copied());
        let is_skipped = |(before, units): (usize, &usize)| self.skip && before == *units;
        let skips: Vec<bool> = before.zip(&self.widths).map(is_skipped).collect();
        let count = skips.iter().filter(|&&skip| skip).count();
        let mut residual = 0..count;
        let mut blocks = Vec::new();
        for (index, &units) in self.widths.iter().enumerate() {
            fits(width, units)?;
            let path = format!("blocks.{index}");
            let place = if skips[index] { residual.next() } else { None };
            let around = |index| sites.fill(SiteKind::Branch { index, count }, &path, units);
            blocks.push(Block {
                linear: sites
                    .dense(init.linear(width, units, sites.seed, &path, sites.device), &path)?,
                norm: sites.fill(SiteKind::Norm, &path, units)?,
                activation: self.activation,
                hidden: sites.fill(SiteKind::Hidden, &path, units)?,
                around: place.map_or_else(|| Ok(Vec::new()), around)?,
                skip: skips[index],
            });
            width = units;
        }
        let input = sites.fill(SiteKind::Input, "input", lookup.width)?;
        fits(width, outputs)?;
        let head = init.linear(width, outputs, sites.seed, "head", sites.device);
        let head = sites.dense(head, "head")?;
        Ok(Mlp { embeddings: lookup.tables, numbers: lookup.numbers, input, blocks, head })
    }

    /// Numbers that each layer makes of one example, the inputs first.
    pub fn layer_sizes(&self, inputs: Inputs<'_>, outputs: usize) -> Vec<usize> {
        let first = self.embedding.unwrap_or_default().width_behind(inputs);
        [&[first], self.widths.as_slice(), &[outputs]].concat()
    }
}

/// A multilayer perceptron.
#[derive(Module, Debug)]
pub struct Mlp {
    embeddings: Vec<Embedding>,
    /// Columns of the inputs that hold quantities.
    #[module(skip)]
    numbers: Vec<usize>,
    input: Vec<Layer>,
    blocks: Vec<Block>,
    head: Dense,
}

/// One hidden layer with its sites.
#[derive(Module, Debug)]
pub struct Block {
    linear: Dense,
    norm: Vec<Layer>,
    #[module(skip)]
    activation: Activation,
    hidden: Vec<Layer>,
    /// Around all of these, where the block adds its input.
    around: Vec<Layer>,
    #[module(skip)]
    skip: bool,
}

impl Block {
    fn forward(&self, input: Tensor<2>) -> Tensor<2> {
        self.behind(input.clone(), || self.active(input))
    }

    /// What the activation makes of the input.
    fn active(&self, input: Tensor<2>) -> Tensor<2> {
        match self.norm.is_empty() {
            true => self.linear.activated(input, self.activation),
            false => self.activation.apply(through(&self.norm, self.linear.forward(input))),
        }
    }

    /// The block over `input`, of which [`Self::active`] may be known already.
    fn behind(&self, input: Tensor<2>, active: impl FnOnce() -> Tensor<2>) -> Tensor<2> {
        let output = branch(&self.around, &input, || through(&self.hidden, active()));
        match output {
            Some(output) if self.skip => output + input,
            Some(output) => output,
            None => input,
        }
    }

    /// Whether [`Self::active`] is the same in every pass over the same input.
    fn is_steady(&self) -> bool {
        // A technique over the weights may draw, or keep a state that every pass moves.
        self.around.is_empty()
            && self.linear.over().is_none()
            && !self.norm.iter().any(Layer::draws)
    }
}

impl Mlp {
    /// # Shapes
    /// [batch, features] -> [batch, outputs]
    pub fn forward(&self, inputs: Tensor<2>) -> Tensor<2> {
        let inputs = embed(inputs, &self.embeddings, &self.numbers);
        let hidden = through(&self.input, inputs);
        self.behind(&self.blocks, hidden)
    }

    fn behind(&self, blocks: &[Block], hidden: Tensor<2>) -> Tensor<2> {
        self.head.forward(blocks.iter().fold(hidden, |x, block| block.forward(x)))
    }

    /// The outputs of so many passes, as [`Network::passes`](super::Network::passes) tells. The
    /// first layer, where most of the weights may be, is passed once if nothing in front of it or
    /// within it draws.
    pub fn passes(
        &self,
        inputs: Tensor<2>,
        count: u64,
        begin: &mut dyn FnMut(u64),
    ) -> Vec<Tensor<2>> {
        let plain = self.embeddings.is_empty() && self.input.is_empty();
        let steady = |(first, _): &(&Block, _)| plain && first.is_steady();
        let Some((first, others)) = self.blocks.split_first().filter(steady) else {
            return each_pass(count, begin, |_| self.forward(inputs.clone()));
        };
        // In the first pass, which alone may move running statistics.
        let mut shared = None;
        each_pass(count, begin, |_| {
            let active = shared.get_or_insert_with(|| first.active(inputs.clone())).clone();
            let hidden = first.behind(inputs.clone(), || active);
            self.behind(others, hidden)
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::chance::StepClock;
    use crate::layer::Sites;
    use crate::model::{ModelConfig, Network};
    use crate::technique::Doors;
    use burn::tensor::{Device, Tensor};
    use wellfit_core::recipe::Recipe;
    use wellfit_core::seed::Seed;

    /// Whether the first layer is shared or not.
    #[test]
    fn passes_together_are_the_passes_one_by_one() {
        let layers = [
            "dropout = { rate = 0.5 }",
            "dropout = { rate = 0.5, input_rate = 0.2 }",
            "drop_connect = { rate = 0.5 }",
            "layer_norm = {}\n[[regularize]]\ndropout = { rate = 0.5 }",
        ];
        for layers in layers {
            let recipe = format!(
                "[model]\nmlp = {{ widths = [8, 8], skip = true }}\n[[regularize]]\n{layers}\n"
            );
            let recipe = Recipe::parse("passes", &recipe).unwrap();
            let (clock, device) = (StepClock::new(), Device::flex().autodiff());
            let doors = Doors::read(&recipe).unwrap();
            let sites = Sites::new(&doors, Seed::new(1), &clock, &device);
            let model: ModelConfig = recipe.section("model").unwrap();
            let model = model.build(&[8], 3, &sites).unwrap();
            let inputs = Tensor::<2>::ones([4, 8], &device);
            let together = model.passes(inputs.clone(), 3, &mut |pass| clock.begin(5, pass));
            let apart = |pass| {
                clock.begin(5, pass);
                model.forward(inputs.clone())
            };
            let apart: Vec<_> = (0..3).map(|pass| apart(pass).into_data()).collect();
            let together: Vec<_> = together.into_iter().map(Tensor::into_data).collect();
            assert_eq!(together, apart, "{layers}");
            assert_ne!(apart[0], apart[1], "{layers}");
        }
    }
}
