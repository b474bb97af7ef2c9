//! A mixture of the image and of several chains of operations on it.
//!
//! x' = (1 - m) x + m Σ w_k chain_k(x), m ~ Beta(α, α), w ~ Dirichlet(α, ..., α). Hendrycks et al.
//! 2020, "AugMix", arXiv 1912.02781. The paper's consistency loss is
//! [`jensen_shannon`](crate::loss::jensen_shannon).

use super::operation::{KINDS, Table};
use super::{EachImage, Image};
use crate::technique::{Door, Technique};
use serde::{Deserialize, Serialize};
use wellfit_core::card::{self, Card, Family, Range, Scale};
use wellfit_core::number::{Positive, Severity};
use wellfit_core::seed::Draw;

const CARD: Card = Card {
    id: "aug_mix",
    name: "AugMix",
    door: card::Door::Batch,
    family: Family::DataBased,
    one_line: "Mixes each training image with several chains of mild operations on it.",
    formula: "x' = (1 - m) x + m Σ w_k chain_k(x), m ~ Beta(α, α), w ~ Dirichlet(α)",
    paper: "Hendrycks et al. 2020, arXiv 1912.02781",
    when: "Pictures in use are worse than those of training: noise, weather, compression. Stays \
           nearer to the data than RandAugment.",
    watch_out: "Costs width chains an image. The paper gains much by its consistency loss on \
                three views, jensen_shannon, which makes views of its own.",
    example: "{ severity = 3.0 }",
    off: Some("{ width = 0 }"),
    search: &[Range { key: "severity", low: 1.0, high: 10.0, scale: Scale::Linear }],
};

/// Strengths at the last of ten steps.
pub const TABLE: Table = Table {
    // A chain that does nothing would be the image once more.
    kinds: KINDS.split_at(1).1,
    shear: 0.3,
    translate: |side| side as f64 / 3.0,
    rotate: 30.0,
    color: 0.9,
    bits: [4.0, 0.0],
    grows: true,
};

/// Longest chain where the length is drawn.
const LONGEST: u64 = 3;

/// Mixes chains of operations.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AugMix {
    /// Strength: the first so many of ten steps are drawn from, in [1, 10].
    #[serde(default = "three")]
    pub severity: Severity,
    /// Number of chains, 0 to 255; 0 is off.
    #[serde(default = "three_chains")]
    pub width: u8,
    /// Operations in a chain; 0 draws 1, 2 or 3 for each.
    #[serde(default)]
    pub depth: u8,
    /// Of Beta(alpha, alpha) and Dirichlet(alpha); above 0.
    #[serde(default = "one")]
    pub alpha: Positive,
}

const fn three() -> Severity {
    Severity::THREE
}

const fn three_chains() -> u8 {
    3
}

const fn one() -> Positive {
    Positive::ONE
}

impl Technique for AugMix {
    const CARD: Card = CARD;

    fn is_off(&self) -> bool {
        self.width == 0
    }

    fn at_door(self) -> Door {
        Door::Batch(Box::new(self))
    }
}

impl EachImage for AugMix {
    const NEEDS_PIXELS: bool = true;

    fn change(&self, image: &mut Image<'_>, draw: &mut Draw) {
        image.in_pixels(|image| {
            // Beta(α, α) is Dirichlet(α, α).
            let share = dirichlet(2, self.alpha, draw)[0];
            let weights = dirichlet(self.width, self.alpha, draw);
            let (before, shape) = (image.values.to_vec(), image.shape);
            image.values.iter_mut().for_each(|pixel| *pixel *= (1.0 - share) as f32);
            for weight in weights {
                let mut values = before.clone();
                self.chain(&mut Image::new(&mut values, shape, None), draw);
                let weight = (share * weight) as f32;
                for (pixel, changed) in image.values.iter_mut().zip(values) {
                    *pixel += weight * changed;
                }
            }
        });
    }
}

impl AugMix {
    fn chain(&self, image: &mut Image<'_>, draw: &mut Draw) {
        let depth = match self.depth {
            0 => 1 + draw.below(LONGEST),
            depth => u64::from(depth),
        };
        for _ in 0..depth {
            let step = draw.between(0.0, self.severity.get()).floor();
            TABLE.drawn(step / 9.0, image.shape, draw).apply(image);
        }
    }
}

/// `count` weights from Dirichlet(alpha, ..., alpha), which sum to 1.
fn dirichlet(count: u8, alpha: Positive, draw: &mut Draw) -> Vec<f64> {
    // A gamma number of tiny alpha may be 0 in 64 bits: then all of them are the same.
    let numbers: Vec<f64> = (0..count).map(|_| draw.gamma(alpha).max(f64::MIN_POSITIVE)).collect();
    let sum: f64 = numbers.iter().sum();
    numbers.into_iter().map(|number| number / sum).collect()
}

#[cfg(test)]
mod tests {
    use super::super::image::tests::{SHAPE, numbers};
    use super::*;
    use wellfit_core::seed::Seed;

    /// Dirichlet(α, ..., α) on K: mean 1/K, variance (1/K)(1 - 1/K) / (Kα + 1).
    #[test]
    fn weights_are_dirichlet() {
        for alpha in [0.3, 1.0, 4.0] {
            let mut draw = Seed::new(1).stream("aug_mix").step(0);
            let (n, mut mean, mut square) = (20_000, 0.0, 0.0);
            for _ in 0..n {
                let weights = dirichlet(3, Positive::new(alpha).unwrap(), &mut draw);
                assert!((weights.iter().sum::<f64>() - 1.0).abs() < 1e-12);
                mean += weights[0] / f64::from(n);
                square += (weights[0] - 1.0 / 3.0).powi(2) / f64::from(n);
            }
            let variance = 2.0 / 9.0 / (3.0 * alpha + 1.0);
            assert!((mean - 1.0 / 3.0).abs() < 5.0 * (variance / f64::from(n)).sqrt(), "{mean}");
            // Squares of what lies in [0, 1] vary by less than 4/9 of their mean.
            let error = 5.0 * (4.0 / 9.0 * variance / f64::from(n)).sqrt();
            assert!((square - variance).abs() < error, "{square}, {variance}");
        }
    }

    #[test]
    fn mixtures_are_pixels_and_nearly_always_another_image() {
        let mix: AugMix = toml::from_str("").unwrap();
        let mut draw = Seed::new(1).stream("aug_mix").step(0);
        let mut changed = 0;
        for _ in 0..200 {
            let mut values = numbers(SHAPE);
            mix.change(&mut Image::new(&mut values, SHAPE, None), &mut draw);
            assert!(values.iter().all(|pixel| (-1e-6..=1.0 + 1e-6).contains(pixel)));
            changed += usize::from(values != numbers(SHAPE));
        }
        assert!(changed > 190, "{changed}");
    }
}
