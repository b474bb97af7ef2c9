//! A rectangle of another image, and its share of the target.
//!
//! Inside a box x' = x_partner, elsewhere x' = x; t' = λ t + (1 - λ) t_partner,
//! λ = 1 - pixels in the box / pixels
//!
//! The box has sides of √(1 - l) of the image's, l ~ Beta(α, α), and any pixel as its middle. What
//! lies outside is cut off, and λ is what is left of the image after that. Yun et al. 2019, arXiv
//! 1905.04899.

use super::augment::Region;
use super::mixing::{Mix, Mode, Turn, is_over, rows_of_both};
use super::mixup::Mixup;
use super::{Batch, BatchDoor, Chance};
use crate::Error;
use crate::elementwise::each_row_among;
use crate::model::ImageShape;
use crate::technique::{Door, Technique};
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};
use wellfit_core::card::{self, Card, Family, Range, Scale};
use wellfit_core::number::{Fraction, NonNegative, Positive};
use wellfit_core::seed::Draw;

const CARD: Card = Card {
    id: "cutmix",
    name: "CutMix",
    door: card::Door::Batch,
    family: Family::DataBased,
    one_line: "Pastes a rectangle of another image, and as much of its label as of its area.",
    formula: "x' = x_partner in a box of sides √(1-l), else x; λ = 1 - box/area; l ~ Beta(α, α)",
    paper: "Yun et al. 2019, arXiv 1905.04899",
    when: "Classification of images by parts; where cutout helps, this wastes no pixels.",
    watch_out: "A box of background carries a label all the same: little subjects suffer. The \
                online loss is that of pasted images: compare the clean losses.",
    example: "{ alpha = 1.0 }",
    off: Some("{ alpha = 0.0 }"),
    search: &[Range { key: "alpha", low: 0.2, high: 2.0, scale: Scale::Log }],
};

/// Pastes rectangles.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CutMix {
    /// α of Beta(α, α), from which the area outside the box is drawn; 0 is off.
    #[serde(default = "one")]
    pub alpha: NonNegative,
    /// For what a box is drawn once.
    #[serde(default)]
    pub mode: Mode,
    /// Probability of acting, in [0, 1]: on a batch, a pair or an image, by the mode; 0 is off.
    #[serde(default = "always")]
    pub probability: Fraction,
    /// Where mixup stands in the recipe too: the share of the batches that are for CutMix, in
    /// [0, 1]. Mixup has the others, and after the end of one of them its batches stay plain.
    #[serde(default = "half")]
    pub switch: Fraction,
    /// The first epoch, from 0, that it leaves alone; all are mixed unless told otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub off_epoch: Option<u64>,
}

const fn one() -> NonNegative {
    NonNegative::ONE
}

const fn always() -> Fraction {
    Fraction::ONE
}

const fn half() -> Fraction {
    Fraction::HALF
}

/// What CutMix does to one batch.
#[derive(Debug, Clone, PartialEq)]
pub struct Paste {
    /// Partners, and the weights of the targets.
    pub mix: Mix,
    /// What each image takes from its partner.
    pub regions: Vec<Option<Region>>,
}

impl Paste {
    /// Partners and regions; the weights follow from them.
    pub fn new(shape: ImageShape, partners: Vec<usize>, regions: Vec<Option<Region>>) -> Self {
        let pixels = (shape.height * shape.width).max(1) as f64;
        let left = |region: &Region| 1.0 - (region.height * region.width) as f64 / pixels;
        let kept = regions.iter().map(|region| region.as_ref().map_or(1.0, left) as f32).collect();
        Self { mix: Mix { partners, kept }, regions }
    }

    /// Pastes each image's region.
    ///
    /// # Shapes
    /// images [batch, ...], each of `shape` -> the same
    pub fn paste<const D: usize>(&self, images: Tensor<D>, shape: ImageShape) -> Tensor<D> {
        each_row_among(images, |example, image, all| {
            let Some(region) = self.regions[example] else { return };
            let partner = &all[self.mix.partners[example] * image.len()..][..image.len()];
            region.rows(shape).for_each(|row| image[row.clone()].copy_from_slice(&partner[row]));
        })
    }
}

impl CutMix {
    /// CutMix of whole batches, always.
    pub const fn new(alpha: NonNegative) -> Self {
        let (mode, probability) = (Mode::Batch, Fraction::ONE);
        Self { alpha, mode, probability, switch: Fraction::HALF, off_epoch: None }
    }

    /// What happens to a batch of `count` images; none where nothing does.
    pub fn paste(&self, count: usize, shape: ImageShape, chance: &Chance) -> Option<Paste> {
        if self.is_off() || is_over(self.off_epoch, chance) {
            return None;
        }
        let alpha = Positive::new(self.alpha.get()).ok()?;
        let mut draw = chance.draw(CARD.id);
        let drawn: Vec<Option<Region>> = (0..self.mode.draws(count))
            .map(|_| draw.happens(self.probability).then(|| region(shape, alpha, &mut draw)))
            .collect();
        let regions = (0..count).map(|i| drawn[self.mode.draw_of(i, count)]).collect();
        let acts = drawn.iter().any(Option::is_some);
        acts.then(|| Paste::new(shape, self.mode.partners(count, &mut draw), regions))
    }
}

/// A box of sides √(1 - l) around any pixel, clipped.
fn region(shape: ImageShape, alpha: Positive, draw: &mut Draw) -> Region {
    let share = (1.0 - draw.beta(alpha, alpha)).sqrt();
    let sides = [shape.height, shape.width];
    let size = sides.map(|side| (side as f64 * share).round() as usize);
    let middle = sides.map(|side| draw.below(side as u64) as usize);
    Region::around(shape, size, middle)
}

impl Technique for CutMix {
    const CARD: Card = CARD;

    fn is_off(&self) -> bool {
        self.alpha == NonNegative::ZERO
            || self.probability == Fraction::ZERO
            || self.off_epoch == Some(0)
    }

    fn at_door(self) -> Door {
        Door::Batch(Box::new(AtDoor { cutmix: self, turn: Turn::Always }))
    }
}

struct AtDoor {
    cutmix: CutMix,
    turn: Turn,
}

impl BatchDoor for AtDoor {
    fn id(&self) -> &'static str {
        CARD.id
    }

    fn needs_images(&self) -> bool {
        true
    }

    fn share_beside_mixup(&self) -> Option<Fraction> {
        Some(self.cutmix.switch)
    }

    fn meet(&mut self, other: &dyn BatchDoor) {
        if other.id() == Mixup::CARD.id {
            self.turn = Turn::Below(self.cutmix.switch);
        }
    }

    fn apply(&self, batch: Batch, chance: &Chance) -> Batch {
        // The check before training has refused what is no image.
        let Ok(shape) = ImageShape::of(&batch.shape) else { return batch };
        let [count, _] = batch.inputs.dims();
        let paste = self.turn.comes(chance).then(|| self.cutmix.paste(count, shape, chance));
        let Some(paste) = paste.flatten() else { return batch };
        let inputs = paste.paste(batch.inputs, shape);
        Batch { inputs, targets: paste.mix.blend(batch.targets), ..batch }
    }
}

/// Pastes rectangles and blends targets: for training loops of your own.
///
/// # Shapes
/// images [batch, channels, height, width], targets [batch, classes or values] -> the same
///
/// # Off
/// α = 0 returns both and draws nothing.
///
/// # Errors
/// Images and targets have not equally many rows.
///
/// # Watch out
/// No gradient flows back to the images.
pub fn cutmix(
    images: Tensor<4>,
    targets: Tensor<2>,
    technique: &CutMix,
    chance: &Chance,
) -> Result<(Tensor<4>, Tensor<2>), Error> {
    let count = rows_of_both(&images, &targets)?;
    let [_, channels, height, width] = images.dims();
    let shape = ImageShape { channels, height, width };
    Ok(match technique.paste(count, shape, chance) {
        Some(paste) => (paste.paste(images, shape), paste.mix.blend(targets)),
        None => (images, targets),
    })
}
