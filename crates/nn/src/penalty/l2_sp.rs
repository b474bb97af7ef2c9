//! L2-SP: weights are pulled towards where they began, for fine-tuning.
//!
//! C = C0 + λ/2n Σ (w - w0)² over what was trained before, + λ_new/2n Σ w² over what is new
//!
//! Li et al. 2018, "Explicit inductive bias for transfer learning with convolutional networks",
//! arXiv 1802.01483.

use super::{PenaltyDoor, Place, number};
use crate::elementwise::zip;
use crate::fine_tune::matches;
use crate::technique::{Door, Technique};
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};
use wellfit_core::card::{self, Card, Family, Range, Scale};
use wellfit_core::number::NonNegative;

const CARD: Card = Card {
    id: "l2_sp",
    name: "L2 towards the start (L2-SP)",
    door: card::Door::Penalty,
    family: Family::WeightBased,
    one_line: "Penalizes how far weights have moved from those that training began with.",
    formula: "C = C0 + λ/2n Σ (w - w0)² + λ_new/2n Σ w² over the new head",
    paper: "Li et al. 2018, arXiv 1802.01483",
    when: "Fine-tuning on few examples: what the model knew shall not be forgotten.",
    watch_out: "Without fine_tune it pulls towards random initial weights. Give no other decay \
                beside it.",
    example: "{ lambda = 1.0 }",
    off: Some("{ lambda = 0.0, lambda_new = 0.0 }"),
    search: &[Range { key: "lambda", low: 1e-2, high: 1e2, scale: Scale::Log }],
};

/// The squared distance from the start.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct L2Sp {
    /// λ of λ/2n Σ (w - w0)²; 0 leaves those weights alone.
    pub lambda: NonNegative,
    /// λ of λ/2n Σ w² for the new parts; 0 leaves them alone.
    #[serde(default = "one_tenth")]
    pub lambda_new: NonNegative,
    /// Names of the parts that are new, as in [`freeze`](crate::fine_tune::freeze). None unless
    /// told; a recipe with `new_head = true` in `[fine_tune]` tells `head`.
    #[serde(default)]
    pub new: Vec<String>,
}

fn one_tenth() -> NonNegative {
    NonNegative::TENTH
}

impl Technique for L2Sp {
    const CARD: Card = CARD;

    fn is_off(&self) -> bool {
        self.lambda == NonNegative::ZERO && self.lambda_new == NonNegative::ZERO
    }

    fn at_door(self) -> Door {
        Door::Penalty(Box::new(self))
    }
}

impl L2Sp {
    /// Strength, and where it pulls to: nothing is zero.
    fn at<'a>(&self, place: Place<'a>) -> (f64, Option<&'a Tensor<1>>) {
        let is_new = self.new.iter().any(|name| matches(name, &place.parameter.path));
        match is_new {
            true => (self.lambda_new.get() / place.n, None),
            false => (self.lambda.get() / place.n, place.start),
        }
    }
}

impl PenaltyDoor for L2Sp {
    fn id(&self) -> &'static str {
        CARD.id
    }

    fn value(&self, weights: &Tensor<1>, place: Place<'_>) -> f64 {
        let (strength, start) = self.at(place);
        let moved = match start {
            Some(start) => weights.clone() - start.clone(),
            None => weights.clone(),
        };
        strength / 2.0 * number(moved.square().sum())
    }

    fn add_gradient(
        &self,
        weights: &Tensor<1>,
        gradient: Tensor<1>,
        place: Place<'_>,
    ) -> Tensor<1> {
        let (strength, start) = self.at(place);
        let strength = strength as f32;
        let gradient = zip(gradient, weights, move |g, w| g + strength * w);
        match start {
            Some(start) => zip(gradient, start, move |g, start| g - strength * start),
            None => gradient,
        }
    }

    fn needs_start(&self) -> bool {
        true
    }

    fn names(&self) -> Vec<&str> {
        self.new.iter().map(String::as_str).collect()
    }

    fn describe(&self, n: f64) -> String {
        let (lambda, new) = (self.lambda.get(), self.lambda_new.get());
        format!(
            "l2_sp: λ/2n Σ(w - w0)² with λ = {lambda}, n = {n}; λ = {new} towards 0 for {:?}",
            self.new
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parameter::{Parameter, Role};
    use burn::tensor::Device;

    fn parameter(path: &str) -> Parameter {
        Parameter { path: path.into(), shape: vec![2, 1], role: Role::Weight }
    }

    #[test]
    fn old_weights_go_back_and_new_ones_to_zero() {
        let lambda = |x: f64| NonNegative::new(x).unwrap();
        let door =
            L2Sp { lambda: lambda(8.0), lambda_new: lambda(2.0), new: vec!["head".to_owned()] };
        let tensor = |values: [f32; 2]| Tensor::<1>::from_data(values, &Device::flex());
        let (start, w) = (tensor([1.0, -1.0]), tensor([3.0, -1.0]));
        for (path, value, gradient) in
            [("Mlp.blocks.0.weight", 4.0, [4.0, 0.0]), ("Mlp.head.weight", 2.5, [1.5, -0.5])]
        {
            let parameter = parameter(path);
            let place = Place { parameter: &parameter, start: Some(&start), n: 4.0, factor: 1.0 };
            assert_eq!(door.value(&w, place), value);
            let zero = tensor([0.0, 0.0]);
            let found = door.add_gradient(&w, zero, place);
            assert_eq!(found.into_data().try_into_vec::<f32>().unwrap(), gradient);
        }
    }
}
