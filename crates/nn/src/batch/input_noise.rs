//! Noise on the inputs, in training only.
//!
//! gaussian x' = x + ε, ε ~ N(0, std²); uniform x' = x + ε, ε ~ U(-√3 std, √3 std), which has the
//! same standard deviation; salt_and_pepper x' = black or white with probability rate / 2 each.
//! Numbers of embedded levels stay as they are.
//!
//! For a linear model the first two are ridge with λ = n std². Bishop 1995, "Training with noise is
//! equivalent to Tikhonov regularization", Neural Computation 7(1).

use super::{Batch, BatchDoor, Chance, Moments};
use crate::chance::{normal_like, rows};
use crate::elementwise::each_row;
use crate::technique::{Door, Technique};
use burn::tensor::{Tensor, TensorData};
use serde::{Deserialize, Serialize};
use wellfit_core::card::{self, Card, Family, Range, Scale};
use wellfit_core::number::{NonNegative, Rate};
use wellfit_core::seed::Draw;
use wellfit_data::PixelScale;

const CARD: Card = Card {
    id: "input_noise",
    name: "Input noise",
    door: card::Door::Batch,
    family: Family::NoiseBased,
    one_line: "Adds fresh noise to every input of every training batch.",
    formula: "x' = x + ε, ε ~ N(0, std²)",
    paper: "Bishop 1995, Neural Computation 7(1):108-116",
    when: "Few examples with inputs that carry measurement noise anyway; tables, sensors, audio.",
    watch_out: "std is in the units of the scaled inputs: 0.1 is a tenth of a standard deviation \
                after standardizing; unit = \"feature\" makes it so for inputs that are not scaled. \
                For a linear model it is ridge with λ = n std². kind = \"uniform\" or \
                \"salt_and_pepper\" (a rate, for images) are other noises.",
    example: "{ std = 0.1 }",
    off: Some("{ std = 0.0 }"),
    search: &[Range { key: "std", low: 0.01, high: 1.0, scale: Scale::Log }],
};

/// Noise on the inputs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub enum InputNoise {
    /// From N(0, std²); std = 0 is off.
    Gaussian {
        /// Standard deviation.
        std: NonNegative,
        /// Its unit.
        unit: Unit,
    },
    /// Uniform between -√3 std and √3 std; std = 0 is off.
    Uniform {
        /// Standard deviation.
        std: NonNegative,
        /// Its unit.
        unit: Unit,
    },
    /// Some inputs become black or white, half of them each.
    SaltAndPepper {
        /// Share of the inputs, in [0, 1); 0 is off.
        rate: Rate,
    },
}

/// What a standard deviation of 1 is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// 1, as the scaled inputs are.
    #[default]
    Input,
    /// The input's own standard deviation over the training examples.
    Feature,
}

/// The keys as they are written.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(default)]
    kind: Kind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    std: Option<NonNegative>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    unit: Option<Unit>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    rate: Option<Rate>,
}

#[derive(Clone, Copy, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    #[default]
    Gaussian,
    Uniform,
    SaltAndPepper,
}

impl TryFrom<Written> for InputNoise {
    type Error = &'static str;

    fn try_from(written: Written) -> Result<Self, &'static str> {
        let unit = written.unit.unwrap_or_default();
        match (written.kind, written.std, written.rate) {
            (Kind::Gaussian, Some(std), None) => Ok(Self::Gaussian { std, unit }),
            (Kind::Uniform, Some(std), None) => Ok(Self::Uniform { std, unit }),
            (Kind::SaltAndPepper, None, Some(rate)) if written.unit.is_none() => {
                Ok(Self::SaltAndPepper { rate })
            }
            (Kind::SaltAndPepper, ..) => {
                Err("expected a rate and no std or unit with kind = \"salt_and_pepper\", as in \
                     `{ kind = \"salt_and_pepper\", rate = 0.05 }`")
            }
            _ => Err("expected a std and no rate, as in `{ std = 0.1 }`; a rate is for \
                      kind = \"salt_and_pepper\""),
        }
    }
}

impl From<InputNoise> for Written {
    fn from(noise: InputNoise) -> Self {
        let added = |kind, std, unit| Self { kind, std: Some(std), unit: Some(unit), rate: None };
        match noise {
            InputNoise::Gaussian { std, unit } => added(Kind::Gaussian, std, unit),
            InputNoise::Uniform { std, unit } => added(Kind::Uniform, std, unit),
            InputNoise::SaltAndPepper { rate } => {
                Self { kind: Kind::SaltAndPepper, rate: Some(rate), ..Self::default() }
            }
        }
    }
}

impl InputNoise {
    /// Gaussian noise in the units of the scaled inputs.
    pub const fn gaussian(std: NonNegative) -> Self {
        Self::Gaussian { std, unit: Unit::Input }
    }

    fn unit(&self) -> Unit {
        match self {
            Self::Gaussian { unit, .. } | Self::Uniform { unit, .. } => *unit,
            Self::SaltAndPepper { .. } => Unit::Input,
        }
    }
}

impl Technique for InputNoise {
    const CARD: Card = CARD;

    fn is_off(&self) -> bool {
        match self {
            Self::Gaussian { std, .. } | Self::Uniform { std, .. } => *std == NonNegative::ZERO,
            Self::SaltAndPepper { rate } => *rate == Rate::ZERO,
        }
    }

    fn at_door(self) -> Door {
        Door::Batch(Box::new(self))
    }
}

impl BatchDoor for InputNoise {
    fn id(&self) -> &'static str {
        CARD.id
    }

    fn needs_pixels(&self) -> bool {
        matches!(self, Self::SaltAndPepper { .. })
    }

    fn needs_moments(&self) -> bool {
        self.unit() == Unit::Feature
    }

    fn apply(&self, batch: Batch, chance: &Chance) -> Batch {
        let moments = batch.moments.clone().filter(|_| self.needs_moments());
        let pixels = batch.pixels.clone();
        batch.map_inputs(|inputs| {
            let mut draw = chance.draw(CARD.id);
            let noise = match self {
                Self::Gaussian { std, .. } => normal_like(&inputs, *std, &mut draw),
                Self::Uniform { std, .. } => uniform_like(&inputs, *std, &mut draw),
                Self::SaltAndPepper { rate } => {
                    return salt_and_pepper(inputs, *rate, pixels.as_ref(), chance);
                }
            };
            inputs + in_units(noise, moments.as_deref())
        })
    }
}

/// Noise of standard deviation 1 in the units of each input, where they are told.
fn in_units(noise: Tensor<2>, moments: Option<&Moments>) -> Tensor<2> {
    match moments {
        Some(Moments { std, .. }) => {
            let row = rows(std.clone(), std.len(), &noise.device());
            noise * row
        }
        None => noise,
    }
}

/// Uniform noise of mean 0 and standard deviation `std` in the shape and type of `like`.
fn uniform_like<const D: usize>(like: &Tensor<D>, std: NonNegative, draw: &mut Draw) -> Tensor<D> {
    let (shape, reach) = (like.shape(), 3f64.sqrt() * std.get());
    let noise = draw.uniform(shape.num_elements(), -reach, reach);
    Tensor::from_data(TensorData::new(noise, shape), (&like.device(), like.dtype()))
}

/// Adds N(0, std²) to every element.
///
/// # Shapes
/// any -> the same
///
/// # Off
/// std = 0 returns the inputs and draws nothing.
pub fn input_noise<const D: usize>(
    inputs: Tensor<D>,
    std: NonNegative,
    draw: &mut Draw,
) -> Tensor<D> {
    if std == NonNegative::ZERO {
        return inputs;
    }
    let noise = normal_like(&inputs, std, draw);
    inputs + noise
}

/// Makes a share of the inputs black or white, half of them each and every one by itself.
///
/// `pixels` says where black and white lie; without, they are 0 and 1.
///
/// # Shapes
/// [batch, ...] -> the same
///
/// # Off
/// rate = 0 returns the inputs and draws nothing.
///
/// # Watch out
/// No gradient flows back to the inputs.
pub fn salt_and_pepper<const D: usize>(
    inputs: Tensor<D>,
    rate: Rate,
    pixels: Option<&PixelScale>,
    chance: &Chance,
) -> Tensor<D> {
    if rate == Rate::ZERO {
        return inputs;
    }
    let (default, rate) = (PixelScale::default(), rate.get());
    let scale = pixels.unwrap_or(&default);
    each_row(inputs, |example, row| {
        let (mut draw, count) = (chance.draw_for(CARD.id, example), row.len());
        for (place, x) in row.iter_mut().enumerate() {
            let number = draw.unit();
            if number < rate {
                let pixel = if number < 0.5 * rate { 0.0 } else { 1.0 };
                let of_place = |list: &[f32]| list[place * list.len() / count];
                *x = (pixel - of_place(&scale.mean)) / of_place(&scale.std);
            }
        }
    })
}

#[cfg(test)]
mod tests;
