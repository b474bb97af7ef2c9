//! Gradient noise: Gaussian noise on every gradient, less of it from step to step.
//!
//! g <- g + N(0, σ_t²), σ_t² = η / (1 + t)^γ, t the step from 0
//!
//! Neelakantan et al. 2015, arXiv 1511.06807.

use super::{Effect, GradientDoor};
use crate::batch::Chance;
use crate::chance::add_normals;
use crate::elementwise::taken;
use crate::parameter::Slot;
use crate::technique::{Door, Technique};
use serde::{Deserialize, Serialize};
use wellfit_core::card::{self, Card, Family, Range, Scale};
use wellfit_core::number::NonNegative;

const CARD: Card = Card {
    id: "gradient_noise",
    name: "Gradient noise",
    door: card::Door::Gradient,
    family: Family::NoiseBased,
    one_line: "Adds Gaussian noise to every gradient, whose variance falls with the steps.",
    formula: "g <- g + N(0, η / (1 + t)^γ)",
    paper: "Neelakantan et al. 2015, arXiv 1511.06807",
    when: "Very deep or badly initialized networks that get stuck early.",
    watch_out: "η here is no learning rate: the paper tries 0.01, 0.3 and 1. A gradient of a mean \
                loss is often smaller than that.",
    example: "{ eta = 0.01 }",
    off: Some("{ eta = 0.0 }"),
    search: &[Range { key: "eta", low: 1e-5, high: 1.0, scale: Scale::Log }],
};

/// Noise on gradients.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GradientNoise {
    /// η, the variance at the first step; 0 is off.
    pub eta: NonNegative,
    /// γ, how fast the variance falls.
    #[serde(default = "gamma")]
    pub gamma: NonNegative,
}

fn gamma() -> NonNegative {
    NonNegative::GRADIENT_NOISE
}

impl Technique for GradientNoise {
    const CARD: Card = CARD;

    fn is_off(&self) -> bool {
        self.eta == NonNegative::ZERO
    }

    fn at_door(self) -> Door {
        Door::Gradient(Box::new(self))
    }
}

impl GradientNoise {
    /// Standard deviation of the noise at a step.
    pub fn std(&self, step: u64) -> NonNegative {
        let std = (self.eta.get() / (1.0 + step as f64).powf(self.gamma.get())).sqrt();
        // A root of a quotient of such numbers is one.
        NonNegative::new(std).unwrap_or(NonNegative::ZERO)
    }
}

impl GradientDoor for GradientNoise {
    fn id(&self) -> &'static str {
        CARD.id
    }

    fn apply(&self, slots: &mut [Slot<'_>], chance: &Chance) -> Effect {
        let std = self.std(chance.address.step);
        for slot in slots {
            let mut draw = chance.draw_at(CARD.id, &slot.parameter.path);
            slot.gradient = add_normals(taken(&mut slot.gradient), std, &mut draw);
        }
        Effect::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_variance_falls_as_the_paper_says() {
        let number = |x| NonNegative::new(x).unwrap();
        let noise = GradientNoise { eta: number(0.3), gamma: number(0.55) };
        assert!((noise.std(0).get() - 0.3f64.sqrt()).abs() < 1e-12);
        // optax's add_noise: sqrt(η / (count + 1)^γ).
        assert!((noise.std(9).get() - (0.3 / 10f64.powf(0.55)).sqrt()).abs() < 1e-12);
    }
}
