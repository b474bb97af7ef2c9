//! Rectangles that are erased from some images.
//!
//! With its probability, one rectangle per image: its share of the area is uniform, its aspect
//! log-uniform, its place any; ten tries, else nothing. Zhong et al. 2020, arXiv 1708.04896.

use super::{EachImage, Fill, Image, Region};
use crate::technique::{Door, Technique};
use serde::{Deserialize, Serialize};
use wellfit_core::card::{self, Card, Family, Range, Scale};
use wellfit_core::number::{Fraction, Positive, Span};
use wellfit_core::seed::Draw;

const CARD: Card = Card {
    id: "random_erasing",
    name: "Random erasing",
    door: card::Door::Batch,
    family: Family::DataBased,
    one_line: "Erases a rectangle of random size and shape from some training images.",
    formula: "area ~ U[area] of the image, width / height = exp U[ln aspect], with probability p",
    paper: "Zhong et al. 2020, arXiv 1708.04896",
    when: "Subjects that are partly hidden in use: finding persons and cars again.",
    watch_out: "A third of the image may hide the whole of a small subject, as a digit: then \
                lower the area. Noise is in units of the scaled inputs: use it after scale = \
                \"channel\" or \"standard\".",
    example: "{ probability = 0.25 }",
    off: Some("{ probability = 0.0 }"),
    search: &[Range { key: "probability", low: 0.1, high: 0.5, scale: Scale::Linear }],
};

/// Erases rectangles.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RandomErasing {
    /// Probability of acting, in [0, 1]; 0 is off.
    #[serde(default = "half")]
    pub probability: Fraction,
    /// Share of the image's area that goes, between these, each in [0, 1].
    #[serde(default = "usual_area")]
    pub area: Span<Fraction>,
    /// Width / height of the rectangle, between these, each above 0.
    #[serde(default = "usual_aspect")]
    pub aspect: Span<Positive>,
    /// What stands there then.
    #[serde(default = "constant")]
    pub mode: Content,
    /// Its colour, where that is constant.
    #[serde(default = "Fill::zero")]
    pub fill: Fill,
}

/// What stands in an erased rectangle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Content {
    /// One colour.
    Constant,
    /// A number from N(0, 1) in each place, in the units of the scaled inputs.
    Noise,
}

const fn half() -> Fraction {
    Fraction::HALF
}

const fn usual_area() -> Span<Fraction> {
    Span::<Fraction>::ERASED
}

const fn usual_aspect() -> Span<Positive> {
    Span::<Positive>::ERASED
}

const fn constant() -> Content {
    Content::Constant
}

impl Technique for RandomErasing {
    const CARD: Card = CARD;

    fn is_off(&self) -> bool {
        self.probability == Fraction::ZERO
    }

    fn at_door(self) -> Door {
        Door::Batch(Box::new(self))
    }
}

impl EachImage for RandomErasing {
    fn change(&self, image: &mut Image<'_>, draw: &mut Draw) {
        if !draw.happens(self.probability) {
            return;
        }
        let Some(region) = Region::drawn(image.shape, self.area, self.aspect, draw) else { return };
        match self.mode {
            Content::Constant => image.fill(region, self.fill),
            Content::Noise => image.paint(region, |_| draw.standard_normal() as f32),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ImageShape;
    use wellfit_core::seed::Seed;

    const SHAPE: ImageShape = ImageShape { channels: 2, height: 16, width: 16 };

    fn erased(erasing: &RandomErasing, draw: &mut Draw) -> Vec<f32> {
        let mut values = vec![9.0; SHAPE.features()];
        erasing.change(&mut Image::new(&mut values, SHAPE, None), draw);
        values
    }

    #[test]
    fn some_images_lose_a_rectangle_of_the_area_asked_for() {
        let erasing: RandomErasing =
            toml::from_str("probability = 0.3\narea = [0.1, 0.2]").unwrap();
        let mut draw = Seed::new(1).stream("random_erasing").step(0);
        let (count, mut acted, mut total) = (10_000, 0.0, 0.0);
        for _ in 0..count {
            let values = erased(&erasing, &mut draw);
            assert_eq!(values[..256], values[256..], "in all channels");
            assert!(values.iter().all(|&value| value == 0.0 || value == 9.0), "outside untouched");
            let share = values.iter().filter(|&&value| value == 0.0).count() as f64 / 512.0;
            assert!(share == 0.0 || (0.08..0.23).contains(&share), "{share}");
            (acted, total) = (acted + f64::from(u8::from(share > 0.0)), total + share);
        }
        let n = f64::from(count);
        assert!((acted / n - 0.3).abs() < 5.0 * (0.21 / n).sqrt(), "{acted}");
        // What rounding to whole pixels moves is below a hundredth of the area.
        assert!((total / acted - 0.15).abs() < 5.0 * 0.1 / (12.0 * acted).sqrt() + 0.002);
    }

    #[test]
    fn noise_is_standard_normal_in_every_place() {
        let erasing: RandomErasing =
            toml::from_str("probability = 1.0\nmode = \"noise\"\narea = [0.2, 0.3]").unwrap();
        let mut draw = Seed::new(1).stream("random_erasing").step(0);
        let noise: Vec<f64> = (0..500)
            .flat_map(|_| erased(&erasing, &mut draw))
            .filter(|&value| value != 9.0)
            .map(f64::from)
            .collect();
        let n = noise.len() as f64;
        assert!((noise.iter().sum::<f64>() / n).abs() < 5.0 / n.sqrt());
        let squares = noise.iter().map(|value| value * value).sum::<f64>() / n;
        assert!((squares - 1.0).abs() < 5.0 * (2.0 / n).sqrt(), "{squares}");
    }
}
