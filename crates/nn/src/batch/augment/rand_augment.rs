//! A few operations drawn from fourteen, all of one strength or of strengths around it.
//!
//! Cubuk et al. 2020, "RandAugment", arXiv 1909.13719. `mstd` and `inc` are those of timm, where
//! magnitudes end at 10: its m9-mstd0.5-inc1 is magnitude 27, mstd 1.5, inc.

use super::operation::{KINDS, Table};
use super::{EachImage, Image};
use crate::technique::{Door, Technique};
use serde::{Deserialize, Serialize};
use wellfit_core::card::{self, Card, Family, Range, Scale};
use wellfit_core::number::{Magnitude, NonNegative};
use wellfit_core::seed::Draw;

const CARD: Card = Card {
    id: "rand_augment",
    name: "RandAugment",
    door: card::Door::Batch,
    family: Family::DataBased,
    one_line: "Does a few of fourteen operations on each training image, all of one strength.",
    formula: "x' = op_N(... op_1(x)), each op uniform among 14, at N(magnitude, mstd²) / 30 of its \
              range",
    paper: "Cubuk et al. 2020, arXiv 1909.13719",
    when: "Photographs and enough epochs: two numbers to tune instead of a dozen techniques.",
    watch_out: "Shears, shifts, turns by up to 30 degrees, inverts bright pixels: look at some \
                pictures before you trust their labels. Needs longer training. Best alone: \
                rotation or colour jitter beside it add to the same changes.",
    example: "{ ops = 2, magnitude = 9.0 }",
    off: Some("{ ops = 0 }"),
    search: &[Range { key: "magnitude", low: 3.0, high: 20.0, scale: Scale::Linear }],
};

/// Strengths at magnitude 30.
pub const TABLE: Table = Table {
    kinds: &KINDS,
    shear: 0.3,
    translate: |side| 150.0 / 331.0 * side as f64,
    rotate: 30.0,
    color: 0.9,
    bits: [8.0, 4.0],
    grows: true,
};

/// Does a few operations of one strength.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RandAugment {
    /// Operations on each image, 0 to 255; 0 is off.
    #[serde(default = "two")]
    pub ops: u8,
    /// Their strength, in [0, 30].
    #[serde(default = "nine")]
    pub magnitude: Magnitude,
    /// Standard deviation of the strength, drawn anew for each operation and cut to [0, 30]; 0 draws
    /// nothing.
    #[serde(default = "none")]
    pub mstd: NonNegative,
    /// Whether all operations change the image the more, the higher the magnitude. Without, as in
    /// the first implementations, colours fade below 15 and glow above it, and posterizing to
    /// 4 magnitude / 30 bits and solarizing above magnitude / 30 get milder.
    #[serde(default = "yes")]
    pub inc: bool,
}

const fn two() -> u8 {
    2
}

const fn none() -> NonNegative {
    NonNegative::ZERO
}

const fn yes() -> bool {
    true
}

const fn nine() -> Magnitude {
    Magnitude::NINE
}

impl Technique for RandAugment {
    const CARD: Card = CARD;

    fn is_off(&self) -> bool {
        self.ops == 0
    }

    fn at_door(self) -> Door {
        Door::Batch(Box::new(self))
    }
}

impl EachImage for RandAugment {
    const NEEDS_PIXELS: bool = true;

    fn change(&self, image: &mut Image<'_>, draw: &mut Draw) {
        let table = Table { grows: self.inc, ..TABLE };
        image.in_pixels(|image| {
            for _ in 0..self.ops {
                let level = self.level(draw);
                table.drawn(level, image.shape, draw).apply(image);
            }
        });
    }
}

impl RandAugment {
    /// The strength of one operation, in [0, 1].
    fn level(&self, draw: &mut Draw) -> f64 {
        let noise = match self.mstd {
            NonNegative::ZERO => 0.0,
            std => std.get() * draw.standard_normal(),
        };
        ((self.magnitude.get() + noise) / 30.0).clamp(0.0, 1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::super::operation::Kind;
    use super::*;
    use crate::model::ImageShape;
    use wellfit_core::seed::Seed;

    #[test]
    fn strengths_lie_around_the_magnitude_and_never_outside_the_range() {
        let mut draw = Seed::new(1).stream("rand_augment").step(0);
        let mut levels = |text: &str| -> Vec<f64> {
            let technique: RandAugment = toml::from_str(text).unwrap();
            (0..20_000).map(|_| technique.level(&mut draw)).collect()
        };
        assert!(levels("magnitude = 15.0").iter().all(|&level| level == 0.5));
        let around = levels("magnitude = 15.0\nmstd = 3.0");
        let n = around.len() as f64;
        let mean = around.iter().sum::<f64>() / n;
        let variance = around.iter().map(|l| (l - 0.5).powi(2)).sum::<f64>() / n;
        assert!((mean - 0.5).abs() < 5.0 * (0.01 / n).sqrt(), "{mean}");
        assert!((variance - 0.01).abs() < 5.0 * 0.01 * (2.0 / n).sqrt(), "{variance}");
        // Half of N(30, 9) lies above the range.
        let cut = levels("magnitude = 30.0\nmstd = 3.0");
        let most = cut.iter().filter(|&&level| level == 1.0).count() as f64;
        assert!((most - n / 2.0).abs() < 5.0 * (n / 4.0).sqrt(), "{most}");
        assert!(cut.iter().all(|level| (0.0..=1.0).contains(level)));
    }

    #[test]
    fn without_inc_low_magnitudes_posterize_solarize_and_fade_most() {
        let (plain, shape) =
            (Table { grows: false, ..TABLE }, ImageShape { channels: 3, height: 8, width: 8 });
        let of = |table: Table, kind, level| table.strength(kind, level, 1.0, shape);
        for (kind, expected) in [
            (Kind::Posterize, [0.0, 2.0, 4.0]),
            (Kind::Solarize, [0.0, 0.5, 1.0]),
            (Kind::Color, [-0.9, 0.0, 0.9]),
            (Kind::ShearX, [0.0, 0.15, 0.3]),
        ] {
            assert_eq!([0.0, 0.5, 1.0].map(|level| of(plain, kind, level)), expected, "{kind:?}");
        }
        assert_eq!(of(TABLE, Kind::Solarize, 0.0), 1.0);
    }
}
