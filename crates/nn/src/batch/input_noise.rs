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
mod tests {
    use super::*;
    use burn::tensor::Device;
    use std::sync::Arc;
    use wellfit_core::seed::{Address, Seed};

    /// E|(x + ε)w|² - |xw|² = std² |w|² per example: the identity behind "noise is ridge".
    #[test]
    fn the_expected_squared_output_grows_by_std_squared_times_the_weights() {
        let (rows, std) = (200_000, NonNegative::new(0.5).unwrap());
        let x = || Tensor::<2>::zeros([rows, 2], &Device::flex());
        let draw = || Seed::new(1).stream("input_noise").step(0);
        let uniform = uniform_like(&x(), std, &mut draw());
        // Mean of squares of s times a sum of independent numbers: variances of z² for z = 3a + 4b
        // of variance 25 are 2 · 25², and less for uniform a, b.
        for (kind, noisy) in
            [("gaussian", input_noise(x(), std, &mut draw())), ("uniform", uniform)]
        {
            let w = Tensor::<2>::from_data([[3.0], [4.0]], &Device::flex());
            let squared = noisy.matmul(w).square().mean().into_scalar::<f64>();
            let expected = 0.25 * 25.0;
            let error = expected * (2.0 / rows as f64).sqrt();
            assert!((squared - expected).abs() < 5.0 * error, "{kind}: {squared}");
        }
    }

    fn read(text: &str) -> InputNoise {
        toml::from_str(text).unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    /// What it makes of three columns of zeros, column by column.
    fn columns(noise: &InputNoise, pixels: Option<PixelScale>) -> [Vec<f32>; 3] {
        let rows = 40_000;
        let moments = Moments { mean: vec![5.0; 3], std: vec![1.0, 10.0, 0.0] };
        let batch = Batch {
            inputs: Tensor::<2>::zeros([rows, 3], &Device::flex()),
            shape: vec![3, 1, 1],
            pixels,
            moments: Some(Arc::new(moments)),
            embedded: Vec::new(),
            targets: Tensor::ones([rows, 1], &Device::flex()),
            classes: false,
        };
        let chance = Chance { seed: Seed::new(1), address: Address::default(), epoch: 0.0 };
        let inputs = noise.apply(batch, &chance).inputs;
        [0, 1, 2].map(|j| inputs.clone().narrow(1, j, 1).into_data().try_into_vec().unwrap())
    }

    fn variance(values: &[f32]) -> f64 {
        values.iter().map(|&x| f64::from(x).powi(2)).sum::<f64>() / values.len() as f64
    }

    #[test]
    fn the_unit_is_that_of_the_inputs_or_each_feature_s_own() {
        for kind in ["gaussian", "uniform"] {
            for (unit, stds) in [("input", [0.2, 0.2, 0.2]), ("feature", [0.2, 2.0, 0.0])] {
                let text = format!("kind = \"{kind}\"\nstd = 0.2\nunit = \"{unit}\"");
                for (column, std) in columns(&read(&text), None).iter().zip(stds) {
                    let (found, expected) = (variance(column), std * std);
                    let bound = 5.0 * expected * (2.0 / column.len() as f64).sqrt();
                    assert!((found - expected).abs() <= bound, "{text}: {found}");
                }
            }
        }
        let reach = 0.2 * 3f32.sqrt();
        let uniform = &columns(&read("kind = \"uniform\"\nstd = 0.2"), None)[0];
        assert!(uniform.iter().all(|x| x.abs() <= reach), "bounded, unlike a Gaussian");
    }

    #[test]
    fn salt_is_white_and_pepper_black_on_the_scale_of_the_inputs() {
        let noise = read("kind = \"salt_and_pepper\"\nrate = 0.3");
        let scale = PixelScale { mean: vec![0.5, 0.25, 0.5], std: vec![0.5, 0.25, 2.0] };
        let shades = [[-1.0, 1.0], [-1.0, 3.0], [-0.25, 0.25]];
        for (column, shades) in columns(&noise, Some(scale)).iter().zip(shades) {
            let n = column.len() as f64;
            for shade in shades {
                let found = column.iter().filter(|&&x| x == shade).count() as f64;
                let bound = 5.0 * (n * 0.15 * 0.85).sqrt();
                assert!((found - 0.15 * n).abs() < bound, "{shade}: {found}");
            }
            assert!(column.iter().all(|x| *x == 0.0 || shades.contains(x)));
        }
    }

    #[test]
    fn each_kind_has_its_own_key() {
        let old = read("std = 0.1");
        assert_eq!(old, InputNoise::gaussian(NonNegative::new(0.1).unwrap()));
        for text in ["kind = \"uniform\"\nstd = 0.1", "kind = \"salt_and_pepper\"\nrate = 0.1"] {
            assert_eq!(read(&toml::to_string(&read(text)).unwrap()), read(text));
        }
        for (text, told) in [
            ("", "expected a std"),
            ("rate = 0.1", "expected a std"),
            ("kind = \"uniform\"\nstd = 0.1\nrate = 0.1", "expected a std and no rate"),
            ("kind = \"salt_and_pepper\"\nstd = 0.1", "expected a rate"),
            ("kind = \"salt_and_pepper\"\nrate = 0.1\nunit = \"feature\"", "expected a rate"),
            ("kind = \"speckle\"\nstd = 0.1", "unknown variant `speckle`"),
        ] {
            let error = toml::from_str::<InputNoise>(text).unwrap_err().to_string();
            assert!(error.contains(told), "{text}: {error}");
        }
    }
}
