//! Augmentation of images: each image of a training batch is changed by chance of its own.
//!
//! Images are worked on where they lie in host memory, many at once. A technique says what it does
//! to one [`Image`]; the rest is here.

pub mod color;
pub mod fill;
pub mod image;
pub mod length;
pub mod operation;
pub mod region;
pub mod tone;
pub mod warp;

pub mod affine;
pub mod aug_mix;
pub mod blur;
pub mod color_jitter;
pub mod crop;
pub mod cutout;
pub mod flip;
pub mod grayscale;
pub mod rand_augment;
pub mod random_erasing;
pub mod resized_crop;
pub mod rotation;
pub mod trivial_augment;

pub use fill::Fill;
pub use image::Image;
pub use length::Length;
pub use region::Region;

use super::{Batch, BatchDoor, Chance};
use crate::elementwise::each_row;
use crate::model::ImageShape;
use crate::technique::{Shelved, Technique};
use burn::tensor::Tensor;
use wellfit_core::seed::Draw;
use wellfit_data::PixelScale;

/// The techniques of this folder.
pub const SHELF: &[Shelved] = &[
    Shelved::of::<affine::Affine>(),
    Shelved::of::<aug_mix::AugMix>(),
    Shelved::of::<blur::Blur>(),
    Shelved::of::<color_jitter::ColorJitter>(),
    Shelved::of::<crop::Crop>(),
    Shelved::of::<cutout::Cutout>(),
    Shelved::of::<flip::Flip>(),
    Shelved::of::<grayscale::Grayscale>(),
    Shelved::of::<rand_augment::RandAugment>(),
    Shelved::of::<random_erasing::RandomErasing>(),
    Shelved::of::<resized_crop::ResizedCrop>(),
    Shelved::of::<rotation::Rotation>(),
    Shelved::of::<trivial_augment::TrivialAugment>(),
];

/// A technique that changes images one by one.
pub trait EachImage: Technique + Send + Sync {
    /// Whether it must know which inputs are black and white.
    const NEEDS_PIXELS: bool = false;

    /// Changes one image, drawing from `draw` alone.
    fn change(&self, image: &mut Image<'_>, draw: &mut Draw);
}

impl<T: EachImage> BatchDoor for T {
    fn id(&self) -> &'static str {
        T::CARD.id
    }

    fn needs_images(&self) -> bool {
        true
    }

    fn needs_pixels(&self) -> bool {
        T::NEEDS_PIXELS
    }

    fn apply(&self, batch: Batch, chance: &Chance) -> Batch {
        // The check before training has refused what is no image.
        let Ok(shape) = ImageShape::of(&batch.shape) else { return batch };
        let inputs = change_rows(self, batch.inputs, shape, batch.pixels.as_ref(), chance);
        Batch { inputs, ..batch }
    }
}

/// Changes every image by `technique`: for training loops of your own.
///
/// `pixels` says where black and white lie; without, the images hold pixels from 0 to 1.
///
/// # Shapes
/// images [batch, channels, height, width] -> the same
///
/// # Off
/// A technique that is off returns the images and draws nothing.
///
/// # Watch out
/// No gradient flows back through the images.
pub fn augment<T: EachImage>(
    technique: &T,
    images: Tensor<4>,
    pixels: Option<&PixelScale>,
    chance: &Chance,
) -> Tensor<4> {
    if technique.is_off() {
        return images;
    }
    let [_, channels, height, width] = images.dims();
    change_rows(technique, images, ImageShape { channels, height, width }, pixels, chance)
}

/// # Shapes
/// images [batch, ...], each of `shape` -> the same
fn change_rows<T: EachImage, const D: usize>(
    technique: &T,
    images: Tensor<D>,
    shape: ImageShape,
    pixels: Option<&PixelScale>,
    chance: &Chance,
) -> Tensor<D> {
    each_row(images, |example, values| {
        let mut draw = chance.draw_for(T::CARD.id, example);
        technique.change(&mut Image::new(values, shape, pixels), &mut draw);
    })
}
