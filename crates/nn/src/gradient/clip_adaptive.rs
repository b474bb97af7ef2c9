//! Adaptive gradient clipping (AGC): unit by unit, relative to the unit's weights.
//!
//! g_u <- g_u min(1, ratio max(|w_u|, 1e-3) / |g_u|) for each output unit u: a column of a linear
//! layer [in, out], a filter of a convolution [out, in, ...], and a whole vector (biases, norms).
//!
//! Brock et al. 2021, arXiv 2102.06171; the floor of 1e-3 lets zero weights move.

use super::{Effect, GradientDoor};
use crate::batch::Chance;
use crate::elementwise::{CHUNK, on_host, taken};
use crate::fine_tune::matches;
use crate::groups::Groups;
use crate::parameter::Slot;
use crate::technique::{Door, Technique};
use rayon::iter::{IndexedParallelIterator, ParallelIterator};
use rayon::slice::{ParallelSlice, ParallelSliceMut};
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
            let (units, ratio) = (Units::of(&slot.parameter.shape), self.ratio.get());
            let groups = Groups::units(&slot.parameter.shape);
            let gradient = taken(&mut slot.gradient);
            slot.gradient = on_host(gradient, &slot.value, |g, w| {
                let [of_w, of_g] = units.squares(w, g);
                let norms = groups.norms(w, of_w).into_iter().zip(groups.norms(g, of_g));
                // The least positive number keeps 0 / 0 away; such a gradient is zero anyway.
                let factor = |(w, g): (f64, f64)| w.max(FLOOR) * ratio / g.max(f64::MIN_POSITIVE);
                let factors: Vec<f32> = norms.map(factor).map(|f| f.min(1.0) as f32).collect();
                if factors.iter().any(|factor| *factor < 1.0) {
                    clipped = true;
                    units.scale(g, &factors);
                }
            });
        }
        Effect { clipped: Some(clipped), ..Effect::default() }
    }

    fn names(&self) -> Vec<&str> {
        self.exclude.iter().flatten().map(String::as_str).collect()
    }
}

/// How the weights of one unit lie in a flat tensor.
enum Units {
    /// Side by side: so many numbers a unit.
    Rows(usize),
    /// In the columns of a matrix with so many columns.
    Columns(usize),
}

impl Units {
    fn of(shape: &[usize]) -> Self {
        match shape {
            [_, outputs] => Self::Columns(*outputs),
            [_, inputs @ ..] if !inputs.is_empty() => Self::Rows(inputs.iter().product()),
            vector => Self::Rows(vector.iter().product()),
        }
    }

    /// Numbers that one thread takes at a time: whole rows.
    fn chunk(&self) -> usize {
        let (Self::Rows(length) | Self::Columns(length)) = self;
        length.max(&1) * (CHUNK / length.max(&1)).max(1)
    }

    /// Σ x² of each unit, in both tensors.
    fn squares(&self, w: &[f32], g: &[f32]) -> [Vec<f32>; 2] {
        let of = |(w, g)| [self.squares_of(w), self.squares_of(g)];
        // Collected in order, so that the sums do not depend on the threads.
        let parts: Vec<[Vec<f32>; 2]> = match self.chunk() {
            chunk if w.len() <= chunk => vec![of((w, g))],
            chunk => w.par_chunks(chunk).zip(g.par_chunks(chunk)).map(of).collect(),
        };
        let columns = |mut sums: Vec<f32>, part: Vec<f32>| {
            sums.iter_mut().zip(part).for_each(|(sum, part)| *sum += part);
            sums
        };
        let rows = |sums: Vec<f32>, part: Vec<f32>| [sums, part].concat();
        let joined = parts.into_iter().reduce(|[w, g], [v, h]| match self {
            Self::Rows(_) => [rows(w, v), rows(g, h)],
            Self::Columns(_) => [columns(w, v), columns(g, h)],
        });
        joined.unwrap_or_default()
    }

    fn squares_of(&self, rows: &[f32]) -> Vec<f32> {
        match *self {
            Self::Rows(length) => {
                let sum = |row: &[f32]| row.iter().map(|x| x * x).sum();
                rows.chunks(length.max(1)).map(sum).collect()
            }
            Self::Columns(columns) => {
                let mut sums = vec![0.0; columns];
                // Eight rows at a time, so that the sums are loaded and stored an eighth as often.
                let mut eights = rows.chunks_exact(8 * columns.max(1));
                for eight in eights.by_ref() {
                    let row = |index: usize| &eight[index * columns..][..columns];
                    let (a, b, c, d) = (row(0), row(1), row(2), row(3));
                    let (e, f, g, h) = (row(4), row(5), row(6), row(7));
                    for (i, sum) in sums.iter_mut().enumerate() {
                        let first = a[i] * a[i] + b[i] * b[i] + c[i] * c[i] + d[i] * d[i];
                        *sum += first + e[i] * e[i] + f[i] * f[i] + g[i] * g[i] + h[i] * h[i];
                    }
                }
                for row in eights.remainder().chunks(columns.max(1)) {
                    sums.iter_mut().zip(row).for_each(|(sum, x)| *sum += x * x);
                }
                sums
            }
        }
    }

    /// Multiplies each unit by its factor.
    fn scale(&self, flat: &mut [f32], factors: &[f32]) {
        match self.chunk() {
            chunk if flat.len() <= chunk => self.scale_part(flat, factors, 0),
            chunk => flat
                .par_chunks_mut(chunk)
                .enumerate()
                .for_each(|(index, part)| self.scale_part(part, factors, index * chunk)),
        }
    }

    /// The same for whole rows that begin at `start`.
    fn scale_part(&self, part: &mut [f32], factors: &[f32], start: usize) {
        match *self {
            Self::Rows(length) => {
                let factors = &factors[start / length.max(1)..];
                for (row, factor) in part.chunks_mut(length.max(1)).zip(factors) {
                    row.iter_mut().for_each(|x| *x *= factor);
                }
            }
            Self::Columns(columns) => {
                for row in part.chunks_mut(columns.max(1)) {
                    row.iter_mut().zip(factors).for_each(|(x, factor)| *x *= factor);
                }
            }
        }
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
