//! Max-norm: the weights into each unit stay within a ball.
//!
//! w_u <- w_u min(1, max_norm / |w_u|) after every step, for each output unit u
//!
//! Srebro and Shraibman 2005, COLT; with dropout Srivastava et al. 2014, JMLR 15.

use super::WeightDoor;
use crate::elementwise::in_place;
use crate::groups::Groups;
use crate::parameter::Parameter;
use crate::technique::{Door, Technique};
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};
use wellfit_core::card::{self, Card, Family, Range, Scale};
use wellfit_core::number::Positive;

const CARD: Card = Card {
    id: "max_norm",
    name: "Max-norm constraint",
    door: card::Door::Weight,
    family: Family::WeightBased,
    one_line: "Scales the weights into each unit down to a norm of `max_norm` at most.",
    formula: "w_u <- w_u min(1, max_norm / |w_u|) after every step",
    paper: "Srebro and Shraibman 2005, COLT; Srivastava et al. 2014, JMLR 15:1929-1958",
    when: "Beside dropout with a large learning rate: weights cannot blow up.",
    watch_out: "The norm is that of one unit's weights (a column of a linear layer, a filter), and \
                grows with the square root of their number: 1 to 4 is usual.",
    example: "{ max_norm = 3.0 }",
    off: None,
    search: &[Range { key: "max_norm", low: 0.3, high: 10.0, scale: Scale::Log }],
};

/// Bounds the norm of each unit's weights.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MaxNorm {
    /// Largest Euclidean norm of the weights into one unit.
    pub max_norm: Positive,
}

impl Technique for MaxNorm {
    const CARD: Card = CARD;

    fn is_off(&self) -> bool {
        false
    }

    fn at_door(self) -> Door {
        Door::Weight(Box::new(self))
    }
}

impl WeightDoor for MaxNorm {
    fn id(&self) -> &'static str {
        CARD.id
    }

    fn after(&self, weights: Tensor<1>, parameter: &Parameter) -> Tensor<1> {
        let (groups, bound) = (Groups::units(&parameter.shape), self.max_norm.get());
        in_place(weights, |w| {
            let factor = |norm: f64| (bound / norm.max(f64::MIN_POSITIVE)).min(1.0) as f32;
            let norms = groups.norms(w, groups.sums(w, |w| w * w));
            let factors: Vec<f32> = norms.into_iter().map(factor).collect();
            if factors.iter().any(|factor| *factor < 1.0) {
                groups.scale(w, &factors);
            }
        })
    }

    fn describe(&self) -> String {
        format!("max_norm: |w| of each unit at most {} after every step", self.max_norm.get())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parameter::Role;
    use burn::tensor::Device;

    #[test]
    fn long_units_are_scaled_and_short_ones_stay_to_the_bit() {
        let parameter = Parameter { path: "w".into(), shape: vec![2, 2], role: Role::Weight };
        let w = Tensor::<1>::from_data([3.0f32, 0.3, 4.0, 0.1], &Device::flex());
        let door = MaxNorm { max_norm: Positive::new(1.0).unwrap() };
        let found: Vec<f32> = door.after(w, &parameter).into_data().try_into_vec().unwrap();
        assert!((found[0] - 0.6).abs() < 1e-6 && (found[2] - 0.8).abs() < 1e-6, "{found:?}");
        assert_eq!([found[1], found[3]], [0.3, 0.1]);
    }

    #[test]
    fn weights_whose_squares_overflow_are_scaled_and_not_erased() {
        let parameter = Parameter { path: "w".into(), shape: vec![2, 1], role: Role::Weight };
        let w = Tensor::<1>::from_data([3e30f32, 4e30], &Device::flex());
        let door = MaxNorm { max_norm: Positive::new(1.0).unwrap() };
        let found: Vec<f32> = door.after(w, &parameter).into_data().try_into_vec().unwrap();
        assert!((found[0] - 0.6).abs() < 1e-6 && (found[1] - 0.8).abs() < 1e-6, "{found:?}");
    }
}
