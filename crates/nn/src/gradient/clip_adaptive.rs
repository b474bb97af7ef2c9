//! Adaptive gradient clipping (AGC): unit by unit, relative to the unit's weights.
//!
//! g_u <- g_u min(1, ratio max(|w_u|, 1e-3) / |g_u|) for each output unit u: a column of a linear
//! layer [in, out], a filter of a convolution [out, in, ...], and a whole vector (biases, norms).
//!
//! Brock et al. 2021, arXiv 2102.06171; the floor of 1e-3 lets zero weights move.

use super::{Effect, GradientDoor};
use crate::batch::Chance;
use crate::elementwise::{on_host, taken};
use crate::fine_tune::matches;
use crate::groups::Groups;
use crate::parameter::Slot;
use crate::technique::{Door, Technique};
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
    /// Names of parts that are left alone, as in [`freeze`](crate::fine_tune::freeze); unless told,
    /// `head` in a model that has more than a head.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exclude: Option<Vec<String>>,
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
    fn id(&self) -> &'static str {
        CARD.id
    }

    fn apply(&self, slots: &mut [Slot<'_>], _: &Chance) -> Effect {
        let mut clipped = false;
        let has_body = slots.iter().any(|slot| !matches("head", &slot.parameter.path));
        let excluded = |path: &str| match &self.exclude {
            Some(names) => names.iter().any(|name| matches(name, path)),
            None => has_body && matches("head", path),
        };
        for slot in slots.iter_mut().filter(|slot| !excluded(&slot.parameter.path)) {
            let (groups, ratio) = (Groups::units(&slot.parameter.shape), self.ratio.get());
            let gradient = taken(&mut slot.gradient);
            slot.gradient = on_host(gradient, &slot.value, |g, w| {
                let norms = |flat: &[f32]| groups.norms(flat, groups.sums(flat, |x| x * x));
                let norms = norms(w).into_iter().zip(norms(g));
                // The least positive number keeps 0 / 0 away; such a gradient is zero anyway.
                let factor = |(w, g): (f64, f64)| w.max(FLOOR) * ratio / g.max(f64::MIN_POSITIVE);
                let factors: Vec<f32> = norms.map(factor).map(|f| f.min(1.0) as f32).collect();
                if factors.iter().any(|factor| *factor < 1.0) {
                    clipped = true;
                    groups.scale(g, &factors);
                }
            });
        }
        Effect { clipped: Some(clipped), ..Effect::default() }
    }

    fn names(&self) -> Vec<&str> {
        self.exclude.iter().flatten().map(String::as_str).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parameter::{Parameter, Role};
    use burn::tensor::{Device, Tensor};
    use wellfit_core::seed::{Address, Seed};

    fn clipped(shape: &[usize], weights: &[f32], gradient: &[f32], ratio: f64) -> Vec<f32> {
        let parameter =
            Parameter { path: "block.weight".into(), shape: shape.into(), role: Role::Weight };
        let tensor = |values: &[f32]| Tensor::<1>::from_data(values, &Device::flex());
        let (value, gradient) = (tensor(weights), tensor(gradient));
        let mut slots = [Slot { parameter: &parameter, index: 0, value, gradient }];
        let chance = Chance { seed: Seed::new(1), address: Address::default(), epoch: 0.0 };
        let door = ClipAdaptive { ratio: Positive::new(ratio).unwrap(), exclude: None };
        door.apply(&mut slots, &chance);
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
    fn units_keep_their_factors_on_several_threads() {
        // |w| = 8 for every unit, and unit u has the gradient u in all its elements.
        let (units, length) = (300, 256);
        let weights = vec![0.5; units * length];
        let column = |i: usize| i % units;
        let row = |i: usize| i / length;
        let shapes = [vec![length, units], vec![units, length, 1]];
        for (shape, in_columns) in shapes.iter().zip([true, false]) {
            let unit = |i: usize| if in_columns { column(i) } else { row(i) };
            let gradient: Vec<f32> = (0..units * length).map(|i| unit(i) as f32).collect();
            let clipped = clipped(shape, &weights, &gradient, 0.5);
            for (i, g) in clipped.iter().enumerate() {
                // Of norm 16 u, cut to 4.
                let expected = (unit(i) as f32).min(0.25);
                assert!((g - expected).abs() < 1e-5, "{i}: {g}");
            }
        }
    }

    #[test]
    fn gradients_whose_squares_overflow_are_scaled_and_not_erased() {
        assert_close(&clipped(&[2], &[3.0, 4.0], &[7e30, 24e30], 0.5), &[0.7, 2.4]);
        let (weights, gradient) = ([3.0, 0.1, 4.0, 0.0], [7e30, 0.01, 24e30, 0.0]);
        assert_close(&clipped(&[2, 2], &weights, &gradient, 0.5), &[0.7, 0.01, 2.4, 0.0]);
    }

    #[test]
    fn excluded_parts_keep_their_gradients_and_a_head_alone_is_clipped() {
        let changed = |exclude: Option<&[&str]>, paths: &[&str]| {
            let parameter = |path: &&str| Parameter {
                path: (*path).to_owned(),
                shape: vec![2],
                role: Role::Weight,
            };
            let parameters: Vec<Parameter> = paths.iter().map(parameter).collect();
            let tensor = |value: f32| Tensor::<1>::from_data([value, 0.0], &Device::flex());
            let slot = |(index, parameter)| Slot {
                parameter,
                index,
                value: tensor(1.0),
                gradient: tensor(9.0),
            };
            let mut slots: Vec<Slot<'_>> = parameters.iter().enumerate().map(slot).collect();
            let chance = Chance { seed: Seed::new(1), address: Address::default(), epoch: 0.0 };
            let exclude =
                exclude.map(|names| names.iter().map(|name| (*name).to_owned()).collect());
            ClipAdaptive { ratio: Positive::new(0.5).unwrap(), exclude }.apply(&mut slots, &chance);
            let first = |slot: &Slot<'_>| slot.gradient.to_data().iter::<f32>().next().unwrap();
            slots.iter().map(|slot| first(slot) < 9.0).collect::<Vec<_>>()
        };
        let paths = ["Mlp.blocks.0.weight", "Mlp.blocks.1.weight", "Mlp.head.weight"];
        assert_eq!(changed(None, &paths), [true, true, false]);
        assert_eq!(changed(Some(&["blocks.0"]), &paths), [false, true, true]);
        assert_eq!(changed(None, &["Linear.head.weight", "Linear.head.bias"]), [true, true]);
    }

    #[test]
    fn zero_weights_may_move_and_zero_gradients_stay() {
        assert_close(&clipped(&[2], &[0.0, 0.0], &[3.0, 4.0], 0.5), &[3e-4, 4e-4]);
        assert_eq!(clipped(&[2], &[1.0, 1.0], &[0.0, 0.0], 0.5), [0.0, 0.0]);
    }
}
