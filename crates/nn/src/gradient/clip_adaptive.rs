//! Adaptive gradient clipping (AGC): unit by unit, relative to the unit's weights.
//!
//! g_u <- g_u min(1, ratio max(|w_u|, 1e-3) / |g_u|) for each output unit u: a column of a linear
//! layer [in, out], a filter of a convolution [out, in, ...], and a whole vector (biases, norms).
//!
//! Brock et al. 2021, arXiv 2102.06171; the floor of 1e-3 lets zero weights move.

use super::GradientDoor;
use crate::parameter::Slot;
use crate::technique::{Door, Technique};
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};
use wellfit_core::card::{self, Card, Family, Range, Scale};
use wellfit_core::number::Positive;

/// Norm that a unit's weights count for at least.
const FLOOR: f64 = 1e-3;

const CARD: Card = Card {
    id: "clip_adaptive",
    name: "Adaptive gradient clipping",
    door: card::Door::Gradient,
    family: Family::TrainingControl,
    one_line: "Bounds the gradient of each unit by a share of the norm of the unit's weights.",
    formula: "g_u <- g_u min(1, ratio max(|w_u|, 1e-3) / |g_u|), for each output unit u",
    paper: "Brock et al. 2021, arXiv 2102.06171",
    when: "Large learning rates or batches without batch norm.",
    watch_out: "The paper leaves the last layer alone: `exclude` holds `head` unless told \
                otherwise. Small batches want a larger ratio, up to 0.16 at 128 examples.",
    example: "{ ratio = 0.01 }",
    off: None,
    search: &[Range { key: "ratio", low: 1e-3, high: 0.2, scale: Scale::Log }],
};

/// Bounds each unit's gradient by its weights.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClipAdaptive {
    /// Largest norm of a unit's gradient, as a share of the norm of its weights.
    pub ratio: Positive,
    /// Names of modules that are left alone.
    #[serde(default = "head")]
    pub exclude: Vec<String>,
}

fn head() -> Vec<String> {
    vec!["head".to_owned()]
}

impl Technique for ClipAdaptive {
    const CARD: Card = CARD;

    fn is_off(&self) -> bool {
        false
    }

    fn at_door(self) -> Door {
        Door::Gradient(Box::new(self))
    }
}

impl GradientDoor for ClipAdaptive {
    fn apply(&self, slots: &mut [Slot<'_>]) {
        for slot in slots.iter_mut().filter(|slot| !self.excludes(&slot.parameter.path)) {
            let (rows, columns, units) = layout(&slot.parameter.shape);
            let norm = |flat: &Tensor<1>| {
                flat.clone().reshape([rows, columns]).square().sum_dim(units).sqrt()
            };
            let bound = norm(&slot.value).clamp_min(FLOOR) * self.ratio.get();
            // The least positive number keeps 0 / 0 away; such a gradient is zero anyway.
            let factor = bound / norm(&slot.gradient).clamp_min(f64::from(f32::MIN_POSITIVE));
            let gradient = slot.gradient.clone().reshape([rows, columns]);
            slot.gradient = (gradient * factor.clamp_max(1.0)).flatten(0, 1);
        }
    }
}

impl ClipAdaptive {
    fn excludes(&self, path: &str) -> bool {
        path.split('.').any(|name| self.exclude.iter().any(|excluded| excluded == name))
    }
}

/// The tensor as a matrix, and the axis along which one unit lies.
fn layout(shape: &[usize]) -> (usize, usize, usize) {
    match shape {
        [inputs, outputs] => (*inputs, *outputs, 0),
        [outputs, inputs @ ..] if !inputs.is_empty() => (*outputs, inputs.iter().product(), 1),
        vector => (1, vector.iter().product(), 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parameter::{Parameter, Role};
    use burn::tensor::Device;

    fn clipped(shape: &[usize], weights: &[f32], gradient: &[f32], ratio: f64) -> Vec<f32> {
        let parameter =
            Parameter { path: "block.weight".into(), shape: shape.into(), role: Role::Weight };
        let tensor = |values: &[f32]| Tensor::<1>::from_data(values, &Device::flex());
        let (value, gradient) = (tensor(weights), tensor(gradient));
        let mut slots = [Slot { parameter: &parameter, index: 0, value, gradient }];
        ClipAdaptive { ratio: Positive::new(ratio).unwrap(), exclude: head() }.apply(&mut slots);
        slots[0].gradient.clone().into_data().try_into_vec().unwrap()
    }

    fn assert_close(found: &[f32], expected: &[f32]) {
        assert!(found.iter().zip(expected).all(|(f, e)| (f - e).abs() < 1e-6), "{found:?}");
    }

    #[test]
    fn a_vector_is_one_unit() {
        // |w| = 5, |g| = 25, ratio 0.5: the gradient is scaled to a norm of 2.5.
        assert_close(&clipped(&[2], &[3.0, 4.0], &[7.0, 24.0], 0.5), &[0.7, 2.4]);
    }

    #[test]
    fn a_unit_is_a_column_of_a_linear_layer_and_a_filter_of_a_convolution() {
        let (weights, gradient) = ([3.0, 0.1, 4.0, 0.0], [7.0, 0.01, 24.0, 0.0]);
        assert_close(&clipped(&[2, 2], &weights, &gradient, 0.5), &[0.7, 0.01, 2.4, 0.0]);
        let (weights, gradient) = ([3.0, 4.0, 0.1, 0.0], [7.0, 24.0, 0.01, 0.0]);
        assert_close(&clipped(&[2, 1, 1, 2], &weights, &gradient, 0.5), &[0.7, 2.4, 0.01, 0.0]);
    }

    #[test]
    fn zero_weights_may_move_and_zero_gradients_stay() {
        assert_close(&clipped(&[2], &[0.0, 0.0], &[3.0, 4.0], 0.5), &[3e-4, 4e-4]);
        assert_eq!(clipped(&[2], &[1.0, 1.0], &[0.0, 0.0], 0.5), [0.0, 0.0]);
    }
}
