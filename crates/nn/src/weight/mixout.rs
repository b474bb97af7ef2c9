//! Mixout: in every pass some weights are those that training began with.
//!
//! w' = u + m (w - u), m ~ Bernoulli(1 - rate) / (1 - rate) for each weight, u the start
//!
//! Dropout of what fine-tuning has changed: a weight is u with probability rate, the others are
//! scaled so that w' has the mean w. The gradient of w is that of w' times m. With u = 0 it would be
//! DropConnect with one mask for a batch.
//!
//! Lee, Cho and Kang 2020, arXiv 1909.11299.

use super::WeightDoor;
use crate::batch::Chance;
use crate::chance::PART;
use crate::elementwise::{in_place, made};
use crate::fine_tune::matches;
use crate::host::Numbers;
use crate::penalty::Place;
use crate::technique::{Door, Technique};
use burn::tensor::Tensor;
use rayon::iter::{IndexedParallelIterator, ParallelIterator};
use rayon::slice::ParallelSliceMut;
use serde::{Deserialize, Serialize};
use wellfit_core::card::{self, Card, Family, Range, Scale};
use wellfit_core::number::Rate;
use wellfit_core::seed::Draw;

const CARD: Card = Card {
    id: "mixout",
    name: "Mixout",
    door: card::Door::Weight,
    family: Family::ArchitectureBased,
    one_line: "In every pass a share of the weights is that of the model training began with.",
    formula: "w' = u + m (w - u), m ~ Bernoulli(1 - rate) / (1 - rate), u the weights of the start",
    paper: "Lee et al. 2020, arXiv 1909.11299",
    when: "Fine-tuning a large model on few examples, where runs of other seeds end far apart.",
    watch_out: "Without fine_tune it goes back to random initial weights. The paper's rates are 0.7 \
                to 0.9. A new head is left out: give it dropout.",
    example: "{ rate = 0.5 }",
    off: Some("{ rate = 0.0 }"),
    search: &[Range { key: "rate", low: 0.1, high: 0.9, scale: Scale::Linear }],
};

/// Goes back to the start, weight by weight.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mixout {
    /// Share of the weights that are those of the start, in [0, 1); 0 is off.
    pub rate: Rate,
    /// Names of the parts that are new and left out, as in [`freeze`](crate::fine_tune::freeze).
    /// None unless told; a recipe with `new_head = true` in `[fine_tune]` tells `head`.
    #[serde(default)]
    pub new: Vec<String>,
}

impl Technique for Mixout {
    const CARD: Card = CARD;

    fn is_off(&self) -> bool {
        self.rate == Rate::ZERO
    }

    fn at_door(self) -> Door {
        Door::Weight(Box::new(self))
    }
}

impl Mixout {
    fn is_new(&self, place: Place<'_>) -> bool {
        self.new.iter().any(|name| matches(name, &place.parameter.path))
    }
}

impl WeightDoor for Mixout {
    fn id(&self) -> &'static str {
        CARD.id
    }

    fn acts_before(&self) -> bool {
        true
    }

    fn needs_start(&self) -> bool {
        true
    }

    fn before(&self, weights: Tensor<1>, place: Place<'_>, chance: &Chance) -> Tensor<1> {
        match place.start {
            Some(start) if !self.is_new(place) => {
                let mut draw = chance.draw_at(CARD.id, &place.parameter.path);
                mixout(weights, start, self.rate, &mut draw)
            }
            _ => weights,
        }
    }

    fn back(&self, gradient: Tensor<1>, place: Place<'_>, chance: &Chance) -> Tensor<1> {
        if place.start.is_none() || self.is_new(place) {
            return gradient;
        }
        let mut draw = chance.draw_at(CARD.id, &place.parameter.path);
        masked(gradient, self.rate, &mut draw)
    }

    fn names(&self) -> Vec<&str> {
        self.new.iter().map(String::as_str).collect()
    }

    fn describe(&self) -> String {
        format!("mixout: each pass sees the start's weight with probability {}", self.rate.get())
    }
}

/// Weights that are those of `start` with probability `rate`: for training loops of your own.
///
/// # Shapes
/// weights and start, flat and of one length -> the same
///
/// # Off
/// rate = 0 returns the weights and draws nothing.
pub fn mixout(weights: Tensor<1>, start: &Tensor<1>, rate: Rate, draw: &mut Draw) -> Tensor<1> {
    if rate == Rate::ZERO {
        return weights;
    }
    let (mask, starts) = (draw.mask_in_parts(start.dims()[0], rate), Numbers::of(start));
    made(&weights, PART, |at, mixed, weights| {
        mask.fill(at, mixed);
        let starts = &starts.values()[at..];
        for ((mixed, weight), start) in mixed.iter_mut().zip(weights).zip(starts) {
            *mixed = (weight - start) * *mixed + start;
        }
    })
}

/// The same mask on gradients.
fn masked(gradient: Tensor<1>, rate: Rate, draw: &mut Draw) -> Tensor<1> {
    let mask = draw.mask_in_parts(gradient.dims()[0], rate);
    in_place(gradient, |gradient| {
        gradient.par_chunks_mut(PART).enumerate().for_each(|(index, gradient)| {
            let mut kept = [0.0; PART];
            mask.fill(index * PART, &mut kept[..gradient.len()]);
            gradient.iter_mut().zip(kept).for_each(|(gradient, kept)| *gradient *= kept);
        });
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parameter::{Parameter, Role};
    use burn::tensor::Device;
    use wellfit_core::seed::{Address, Seed};

    const LEN: usize = 50_000;

    fn tensor(value: f32) -> Tensor<1> {
        Tensor::full([LEN], value, &Device::flex())
    }

    fn host(tensor: Tensor<1>) -> Vec<f32> {
        tensor.into_data().try_into_vec().unwrap()
    }

    fn chance() -> Chance {
        Chance { seed: Seed::new(1), address: Address::default(), epoch: 0.0 }
    }

    fn at(path: &str) -> Parameter {
        Parameter { path: path.into(), shape: vec![LEN, 1], role: Role::Weight }
    }

    #[test]
    fn a_weight_is_the_start_s_or_scaled_away_from_it_and_the_gradient_knows_which() {
        let door: Mixout = toml::from_str("rate = 0.75").unwrap();
        let (parameter, start) = (at("blocks.0"), tensor(2.0));
        let place = Place { parameter: &parameter, start: Some(&start), n: 1.0, factor: 1.0 };
        let mixed = host(door.before(tensor(3.0), place, &chance()));
        let gradient = host(door.back(tensor(1.0), place, &chance()));
        // The paper's (w - rate u) / (1 - rate): (3 - 1.5) / 0.25.
        let kept = mixed.iter().filter(|&&w| w == 6.0).count() as f64;
        let expected = 0.25 * LEN as f64;
        assert!((kept - expected).abs() < 5.0 * (expected * 0.75).sqrt(), "{kept}");
        for (w, g) in mixed.iter().zip(gradient) {
            assert!((*w, g) == (6.0, 4.0) || (*w, g) == (2.0, 0.0), "{w}, {g}");
        }
    }

    #[test]
    fn new_parts_and_loops_without_a_start_are_left_alone() {
        let door: Mixout = toml::from_str("rate = 0.75\nnew = [\"head\"]").unwrap();
        let (head, block, start) = (at("Mlp.head.weight"), at("blocks.0"), tensor(2.0));
        for place in [
            Place { parameter: &head, start: Some(&start), n: 1.0, factor: 1.0 },
            Place { parameter: &block, start: None, n: 1.0, factor: 1.0 },
        ] {
            assert!(host(door.before(tensor(3.0), place, &chance())).iter().all(|&w| w == 3.0));
            assert!(host(door.back(tensor(1.0), place, &chance())).iter().all(|&g| g == 1.0));
        }
    }
}
