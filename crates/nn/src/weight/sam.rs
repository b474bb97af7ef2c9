//! SAM: the gradient is taken where the loss near the weights is worst, and moves the weights.
//!
//! e = ρ g / |g|, g = ∇C0(w), w <- w - update(∇C0(w + e)); adaptive (ASAM): e = ρ T² g / |T g|,
//! T = diag |w|, so that the neighbourhood scales with the weights
//!
//! Foret et al. 2021, arXiv 2010.01412; Kwon et al. 2021, arXiv 2102.11600. The norm is over all
//! trained tensors at once. Both passes see the same examples with the same masks; clipping,
//! penalties and decay act on the second gradient, at w; running statistics move in the first pass.

use super::AscentDoor;
use crate::elementwise::{sum_of_squares, taken, zip};
use crate::parameter::Slot;
use crate::technique::{Door, Technique};
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};
use std::num::NonZeroU64;
use wellfit_core::card::{self, Card, Family, Range, Scale};
use wellfit_core::number::NonNegative;

const CARD: Card = Card {
    id: "sam",
    name: "Sharpness-aware minimization",
    door: card::Door::Weight,
    family: Family::TrainingControl,
    one_line: "Takes the gradient at the worst weights near the present ones: flat minima win.",
    formula: "e = ρ g / |g|, w <- w - η ∇C0(w + e); adaptive: e = ρ w² g / |w g|",
    paper: "Foret et al. 2021, arXiv 2010.01412",
    when: "Labels are noisy or data few, and a step may cost twice the time.",
    watch_out: "A step has two passes. `interval = k` takes the second every k steps only, and \
                wants a larger rho. ASAM wants a rho ten to forty times that of SAM.",
    example: "{ rho = 0.05 }",
    off: Some("{ rho = 0.0 }"),
    search: &[Range { key: "rho", low: 0.01, high: 1.0, scale: Scale::Log }],
};

/// How far away the gradient is taken.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sam {
    /// ρ, the length of the ascent; 0 is off.
    pub rho: NonNegative,
    /// Whether the ascent is measured in units of each weight's size (ASAM).
    #[serde(default)]
    pub adaptive: bool,
    /// Every how many steps the second pass is made; the other steps are plain.
    #[serde(default = "every_step")]
    pub interval: NonZeroU64,
}

fn every_step() -> NonZeroU64 {
    NonZeroU64::MIN
}

impl Technique for Sam {
    const CARD: Card = CARD;

    fn is_off(&self) -> bool {
        self.rho == NonNegative::ZERO
    }

    fn at_door(self) -> Door {
        Door::Ascent(Box::new(self))
    }
}

impl AscentDoor for Sam {
    fn id(&self) -> &'static str {
        CARD.id
    }

    fn acts_at(&self, step: u64) -> bool {
        (step + 1).is_multiple_of(self.interval.get())
    }

    fn ascend(&self, slots: Vec<Slot<'_>>) -> Vec<Tensor<1>> {
        let mut slots = slots;
        if self.adaptive {
            for slot in &mut slots {
                slot.gradient = zip(taken(&mut slot.gradient), &slot.value, move |g, w| g * w);
            }
        }
        let squares = slots.iter_mut().map(|slot| sum_of_squares(&slot.gradient));
        let norm = squares.sum::<f64>().sqrt();
        // At a stationary point there is nowhere to climb.
        let factor = if norm > 0.0 { (self.rho.get() / norm) as f32 } else { 0.0 };
        let higher = |slot: Slot<'_>| match self.adaptive {
            true => zip(slot.value, &slot.gradient, move |w, wg| w + factor * w * wg),
            false => zip(slot.value, &slot.gradient, move |w, g| w + factor * g),
        };
        slots.into_iter().map(higher).collect()
    }

    fn describe(&self) -> String {
        let formula = if self.adaptive { "w² g / |w g|" } else { "g / |g|" };
        format!("sam: the gradient is taken at w + {} {formula}", self.rho.get())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parameter::{Parameter, Role};
    use burn::tensor::Device;

    const DIAGONAL: [f64; 2] = [4.0, 1.0];

    fn tensor(values: &[f64]) -> Tensor<1> {
        let values: Vec<f32> = values.iter().map(|&value| value as f32).collect();
        Tensor::from_data(values.as_slice(), &Device::flex())
    }

    fn ascended(sam: &Sam, weights: &[f64], gradient: &[f64]) -> Vec<f64> {
        let parameter = Parameter { path: "w".to_owned(), shape: vec![], role: Role::Weight };
        let slot = |index: usize| Slot {
            parameter: &parameter,
            index,
            value: tensor(&weights[index..=index]),
            gradient: tensor(&gradient[index..=index]),
        };
        // Two tensors: the norm is over both.
        let higher = sam.ascend(vec![slot(0), slot(1)]);
        higher.into_iter().map(|value| value.into_scalar::<f64>()).collect()
    }

    fn sam(adaptive: bool) -> Sam {
        toml::from_str(&format!("rho = 0.05\nadaptive = {adaptive}")).unwrap()
    }

    #[test]
    fn steps_on_a_quadratic_are_those_of_autograd() {
        let text = include_str!("../../tests/golden/averages.json");
        let golden: serde_json::Value = serde_json::from_str(text).unwrap();
        let gradient = |w: &[f64]| vec![DIAGONAL[0] * w[0], DIAGONAL[1] * w[1]];
        for (name, adaptive, first) in [
            ("sam", false, [1.180_154_44, -0.899_379_83]),
            ("asam", true, [1.160_077_90, -0.899_688_11]),
        ] {
            let trace: Vec<[f64; 2]> = serde_json::from_value(golden[name].clone()).unwrap();
            assert!(trace[0].iter().zip(first).all(|(a, b)| (a - b).abs() < 1e-8), "{name}");
            let mut w = vec![2.0, -1.0];
            for expected in trace {
                let uphill = gradient(&ascended(&sam(adaptive), &w, &gradient(&w)));
                w.iter_mut().zip(uphill).for_each(|(w, g)| *w -= 0.1 * g);
                let close = w.iter().zip(expected).all(|(w, e)| (w - e).abs() < 1e-6);
                assert!(close, "{name}: {w:?}, expected {expected:?}");
            }
        }
    }

    #[test]
    fn the_ascent_has_the_length_rho_whatever_the_gradient_s() {
        for scale in [1e-12, 1.0, 1e30] {
            let higher = ascended(&sam(false), &[0.0, 0.0], &[3.0 * scale, 4.0 * scale]);
            let length = higher[0].hypot(higher[1]);
            assert!((length - 0.05).abs() < 1e-7, "{length}");
        }
    }

    #[test]
    fn scaling_weights_up_and_gradients_down_scales_the_adaptive_ascent() {
        let at = |c: f64| ascended(&sam(true), &[2.0 * c, -c], &[0.5 / c, 3.0 / c]);
        for (a, b) in at(1.0).iter().zip(at(8.0)) {
            assert!((8.0 * a - b).abs() < 1e-5);
        }
    }

    #[test]
    fn at_a_stationary_point_nothing_moves() {
        for adaptive in [false, true] {
            assert_eq!(ascended(&sam(adaptive), &[1.0, -2.0], &[0.0, 0.0]), [1.0, -2.0]);
        }
    }

    #[test]
    fn an_interval_leaves_steps_plain() {
        let sam: Sam = toml::from_str("rho = 0.5\ninterval = 3").unwrap();
        let acting: Vec<u64> = (0..9).filter(|&step| sam.acts_at(step)).collect();
        assert_eq!(acting, [2, 5, 8]);
    }
}
