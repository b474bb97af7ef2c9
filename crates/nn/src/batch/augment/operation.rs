//! The fourteen operations of RandAugment and its relatives, and how strong each of them is.
//!
//! The tables are torchvision's, and interpolation is bilinear. Images hold pixels from 0 to 1.

use super::color::{brightness, contrast, saturation};
use super::rotation::rotate;
use super::tone::{auto_contrast, equalize, posterize, sharpness, solarize};
use super::warp::{Motion, STILL, warp};
use super::{Fill, Image};
use crate::model::ImageShape;
use wellfit_core::seed::Draw;

/// What is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Nothing.
    Identity,
    /// Shear along the rows about the upper left corner; the strength is its tangent.
    ShearX,
    /// Shear along the columns about the upper left corner; the strength is its tangent.
    ShearY,
    /// Shift to the right, in pixels of which fractions are cut off.
    TranslateX,
    /// Shift down, in pixels of which fractions are cut off.
    TranslateY,
    /// Rotation counter-clockwise, in degrees.
    Rotate,
    /// Brightness by a factor of 1 + strength.
    Brightness,
    /// Saturation by a factor of 1 + strength.
    Color,
    /// Contrast by a factor of 1 + strength.
    Contrast,
    /// Sharpness by a factor of 1 + strength.
    Sharpness,
    /// 2^strength tones.
    Posterize,
    /// Pixels of the strength and more are inverted.
    Solarize,
    /// Contrast from black to white.
    AutoContrast,
    /// Tones alike frequent.
    Equalize,
}

/// All of them.
pub const KINDS: [Kind; 14] = [
    Kind::Identity,
    Kind::ShearX,
    Kind::ShearY,
    Kind::TranslateX,
    Kind::TranslateY,
    Kind::Rotate,
    Kind::Brightness,
    Kind::Color,
    Kind::Contrast,
    Kind::Sharpness,
    Kind::Posterize,
    Kind::Solarize,
    Kind::AutoContrast,
    Kind::Equalize,
];

/// An operation with its strength, in the unit of its kind.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Operation {
    /// What is done.
    pub kind: Kind,
    /// How much of it.
    pub strength: f64,
}

impl Operation {
    /// Does it.
    pub fn apply(self, image: &mut Image<'_>) {
        let (strength, ImageShape { height, width, .. }) = (self.strength, image.shape);
        let corner = [width as f64 / -2.0, height as f64 / -2.0];
        let shear = |shear: [f64; 2]| Motion {
            shear: shear.map(|tangent| tangent.atan().to_degrees()),
            about: corner,
            ..STILL
        };
        let shift = |translate: [f64; 2]| Motion { translate, ..STILL };
        let mut moved = |motion: Motion| warp(image, &motion, Fill::Black);
        match self.kind {
            Kind::Identity => {}
            Kind::ShearX => moved(shear([strength, 0.0])),
            Kind::ShearY => moved(shear([0.0, strength])),
            Kind::TranslateX => moved(shift([strength.trunc(), 0.0])),
            Kind::TranslateY => moved(shift([0.0, strength.trunc()])),
            Kind::Rotate => rotate(image, strength, Fill::Black),
            Kind::Brightness => brightness(image, 1.0 + strength),
            Kind::Color => saturation(image, 1.0 + strength),
            Kind::Contrast => contrast(image, 1.0 + strength),
            Kind::Sharpness => sharpness(image, 1.0 + strength),
            Kind::Posterize => posterize(image, strength as u32),
            Kind::Solarize => solarize(image, strength),
            Kind::AutoContrast => auto_contrast(image),
            Kind::Equalize => equalize(image),
        }
    }
}

/// How strong the operations are at the upper end of a technique's scale.
#[derive(Debug, Clone, Copy)]
pub struct Table {
    /// What may be drawn.
    pub kinds: &'static [Kind],
    /// Tangent of the shear.
    pub shear: f64,
    /// Shift along a side of so many pixels.
    pub translate: fn(usize) -> f64,
    /// Rotation, in degrees.
    pub rotate: f64,
    /// Distance of a colour's factor from 1.
    pub color: f64,
    /// Bits of posterizing at the lower and at the upper end.
    pub bits: [f64; 2],
    /// Whether colours, posterizing and solarizing change the image the more, the higher the level.
    pub grows: bool,
}

impl Table {
    /// Any of the operations, at `level` of its scale, in [0, 1]; those that have two directions
    /// take one of them.
    pub fn drawn(&self, level: f64, shape: ImageShape, draw: &mut Draw) -> Operation {
        let kind = self.kinds[draw.below(self.kinds.len() as u64) as usize];
        let sign = if draw.unit() < 0.5 { -1.0 } else { 1.0 };
        Operation { kind, strength: self.strength(kind, level, sign, shape) }
    }

    /// Strength of `kind` at `level` of its scale, in [0, 1], in the direction of `sign`.
    pub fn strength(&self, kind: Kind, level: f64, sign: f64, shape: ImageShape) -> f64 {
        let signed = |most: f64| sign * level * most;
        match kind {
            Kind::ShearX | Kind::ShearY => signed(self.shear),
            Kind::TranslateX => signed((self.translate)(shape.width)),
            Kind::TranslateY => signed((self.translate)(shape.height)),
            Kind::Rotate => signed(self.rotate),
            Kind::Brightness | Kind::Color | Kind::Contrast | Kind::Sharpness => match self.grows {
                true => signed(self.color),
                // A factor from 1 - color, nearly nothing is left, to 1 + color.
                false => (2.0 * level - 1.0) * self.color,
            },
            Kind::Posterize if !self.grows => (4.0 * level).trunc(),
            Kind::Posterize => {
                let [from, to] = self.bits;
                from - ((from - to) * level).round()
            }
            Kind::Solarize if self.grows => 1.0 - level,
            Kind::Solarize => level,
            Kind::Identity | Kind::AutoContrast | Kind::Equalize => 0.0,
        }
    }
}
