//! What is measured: models with their data and the numbers of their training step.
//!
//! A case stands here once. Our side reads it as a recipe, PyTorch's as JSON.

use bench_peer::Outcome;
use serde_json::{Value, json};
use wellfit_core::recipe::Recipe;
use wellfit_nn::model::ModelConfig;

/// One line of the table.
#[derive(Debug, Clone, Copy)]
pub struct Case {
    /// Name for `--cases`.
    pub id: &'static str,
    /// Model and batch in words.
    pub label: &'static str,
    /// The `[model]` table.
    model: &'static str,
    /// Shape of one example.
    pub shape: &'static [usize],
    /// Number of classes.
    pub classes: usize,
    /// Training examples; the batch divides them, so that all batches have one size on both sides.
    pub examples: usize,
    batch: usize,
    learning_rate: f64,
    momentum: f64,
    /// Share dropped behind each hidden activation.
    dropout: f64,
    /// What times the weights joins the gradient: λ/n here, `weight_decay` in PyTorch's SGD.
    decay: f64,
    batch_norm: bool,
    loss: &'static str,
    /// Steps of one turn: a third of a second, roughly.
    pub steps: usize,
}

/// What most cases have: SGD with momentum 0.9 on images as MNIST's, in batches of 128.
const USUAL: Case = Case {
    id: "",
    label: "",
    model: "",
    shape: &[1, 28, 28],
    classes: 10,
    examples: 16_000,
    batch: 128,
    learning_rate: 0.01,
    momentum: 0.9,
    dropout: 0.0,
    decay: 0.0,
    batch_norm: false,
    loss: "cross_entropy",
    steps: 50,
};

/// All cases.
pub const CASES: &[Case] = &[
    Case {
        id: "mlp",
        label: "784-512-512-10 ReLU, dropout 0.2, L2, momentum; batch 128",
        model: "mlp = { widths = [512, 512] }",
        dropout: 0.2,
        decay: 5e-4,
        ..USUAL
    },
    Case {
        id: "nielsen",
        label: "784-30-10 sigmoid, sigmoid cross-entropy, SGD; batch 10",
        model: "mlp = { widths = [30], activation = 'sigmoid', init = 'scaled_normal' }",
        batch: 10,
        learning_rate: 0.5,
        momentum: 0.0,
        loss: "sigmoid_cross_entropy",
        steps: 2000,
        ..USUAL
    },
    Case {
        id: "table",
        label: "20-128-128-128-2 ReLU, momentum; batch 64",
        model: "mlp = { widths = [128, 128, 128] }",
        shape: &[20],
        classes: 2,
        batch: 64,
        steps: 500,
        ..USUAL
    },
    Case {
        id: "lenet",
        label: "LeNet-5 on 1x28x28, momentum; batch 128",
        model: "lenet = {}",
        steps: 20,
        ..USUAL
    },
    Case {
        id: "resnet8",
        label: "ResNet-8 with batch norm on 3x32x32, momentum; batch 128",
        model: "resnet = { depth = 8 }",
        shape: &[3, 32, 32],
        examples: 3_840,
        batch_norm: true,
        steps: 5,
        ..USUAL
    },
];

impl Case {
    /// The case of this name.
    pub fn named(id: &str) -> Option<Self> {
        CASES.iter().find(|case| case.id == id).copied()
    }

    /// The same step without chance: no dropout, and one batch that is all there is, so that the
    /// order of the examples, which each side draws for itself, does not matter. The decay is a
    /// hundred times as strong, as what it does in a few steps would be lost in rounding.
    pub fn without_chance(self) -> Self {
        Self { dropout: 0.0, examples: self.batch, decay: 100.0 * self.decay, ..self }
    }

    /// The same case with so many examples.
    pub fn with_examples(self, examples: usize) -> Self {
        Self { examples, ..self }
    }

    /// The tables `[model]` and `[train]`, and the techniques.
    pub fn recipe(&self, epochs: u64) -> String {
        let Self { model, batch, learning_rate, momentum, loss, .. } = self;
        let mut recipe = format!(
            "[model]\n{model}\n[train]\nepochs = {epochs}\nbatch_size = {batch}\n\
             learning_rate = {learning_rate}\nloss = \"{loss}\"\n\
             optimizer = {{ sgd = {{ momentum = {momentum} }} }}\n"
        );
        let lambda = self.decay * self.examples as f64;
        let techniques = [
            (self.dropout > 0.0, format!("dropout = {{ rate = {} }}", self.dropout)),
            (self.decay > 0.0, format!("l2 = {{ lambda = {lambda} }}")),
            (self.batch_norm, "batch_norm = {}".to_owned()),
        ];
        for (_, technique) in techniques.into_iter().filter(|(on, _)| *on) {
            recipe += &format!("[[regularize]]\n{technique}\n");
        }
        recipe
    }

    /// The case for PyTorch's side.
    pub fn json(&self) -> Outcome<Value> {
        let model: ModelConfig = Recipe::parse(self.id, &self.recipe(1))?.section("model")?;
        Ok(json!({
            "model": model,
            "shape": self.shape,
            "classes": self.classes,
            "batch": self.batch,
            "learning_rate": self.learning_rate,
            "momentum": self.momentum,
            "dropout": self.dropout,
            "decay": self.decay,
            "loss": self.loss,
        }))
    }
}

#[cfg(test)]
impl Case {
    /// The same case with one number of its step changed a little.
    pub fn variants(self) -> [Self; 3] {
        [
            Self { learning_rate: self.learning_rate * 1.05, ..self },
            Self { momentum: self.momentum * 0.95, ..self },
            Self { decay: self.decay * 2.0, ..self },
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn batches_divide_the_examples() {
        for case in CASES {
            assert_eq!(case.examples % case.batch, 0, "{}", case.id);
            // The last step of an epoch does not count: of one step, a turn would never end.
            assert!(case.examples > case.batch, "{}", case.id);
        }
    }

    #[test]
    fn the_textbook_s_lambda_is_the_decay_times_the_examples() {
        let recipe = Case::named("mlp").unwrap().recipe(1);
        assert!(recipe.contains("l2 = { lambda = 8 }"), "{recipe}");
        assert!(recipe.contains("dropout = { rate = 0.2 }"), "{recipe}");
        assert!(!Case::named("mlp").unwrap().without_chance().recipe(1).contains("dropout"));
    }
}
