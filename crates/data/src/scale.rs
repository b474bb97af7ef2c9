//! Bringing inputs to one scale, by what the training part alone tells.

use crate::Error;
use serde::{Deserialize, Serialize};
use wellfit_core::number::{Finite, Positive};

/// Which scale the inputs are brought to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scaling {
    /// Inputs stay as they are.
    None,
    /// Divided by the largest absolute value of the training part: pixels land in [0, 1].
    Unit,
    /// (x - mean) / std for every feature, with the population standard deviation (divisor n).
    Standard,
    /// (x - mean) / std with one mean and one std for all pixels of a channel; a column of a table
    /// is a channel.
    Channel,
}

/// A scaling with its numbers, as a model keeps it to treat new inputs like its training inputs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", deny_unknown_fields)]
pub enum Scaler {
    /// x
    None,
    /// x / maximum
    Unit {
        /// Largest absolute training value; 1 when all are zero.
        maximum: Positive,
    },
    /// (x - mean) / std
    Standard {
        /// Mean of every feature over the training part.
        mean: Vec<Finite>,
        /// Population standard deviation of every feature; 1 where the feature is constant.
        std: Vec<Positive>,
    },
    /// (x - mean) / std, channel by channel
    Channel {
        /// Pixels of one channel of one image, height x width.
        pixels: usize,
        /// Mean of every channel over all pixels of the training part.
        mean: Vec<Finite>,
        /// Population standard deviation of every channel; 1 where the channel is constant.
        std: Vec<Positive>,
    },
}

impl Scaler {
    /// Measures row-major training `inputs` of `width` numbers an example.
    ///
    /// # Errors
    /// [`Error::Length`] when the inputs are no whole number of examples or none at all,
    /// [`Error::Number`] when one is NaN or infinite.
    pub fn fit(scaling: Scaling, inputs: &[f32], width: usize) -> Result<Self, Error> {
        whole_rows(inputs.len(), width)?;
        if inputs.is_empty() {
            let what = "inputs to fit a scale to".to_owned();
            return Err(Error::Length { what, expected: width, found: 0 });
        }
        match scaling {
            Scaling::None => Ok(Self::None),
            Scaling::Unit => {
                // `total_cmp` puts NaN above everything, so that it is not passed over.
                let most = inputs.iter().map(|x| x.abs()).max_by(f32::total_cmp).unwrap_or(0.0);
                Ok(Self::Unit { maximum: positive_or_one(most.into())? })
            }
            Scaling::Standard | Scaling::Channel => standard(inputs, width),
        }
    }

    /// Measures images of `shape` `[channels, height, width]` for [`Scaling::Channel`].
    ///
    /// # Errors
    /// As [`Scaler::fit`].
    pub fn fit_channels(inputs: &[f32], shape: [usize; 3]) -> Result<Self, Error> {
        let [channels, height, width] = shape;
        let pixels = height * width;
        whole_rows(inputs.len(), channels * pixels)?;
        let (mut mean, mut std) = (Vec::with_capacity(channels), Vec::with_capacity(channels));
        for channel in 0..channels {
            let planes = inputs.chunks_exact(pixels).skip(channel).step_by(channels);
            let plane: Vec<f32> = planes.flatten().copied().collect();
            if let Self::Standard { mean: m, std: s } = Self::fit(Scaling::Standard, &plane, 1)? {
                mean.extend(m);
                std.extend(s);
            }
        }
        Ok(Self::Channel { pixels, mean, std })
    }

    /// Scales row-major `inputs` in place, in 64 bits, rounding once.
    ///
    /// # Errors
    /// [`Error::Length`] when the inputs are no whole number of examples of the fitted width, or
    /// when a scaler that was read from a file has not one std for each mean.
    pub fn apply(&self, inputs: &mut [f32]) -> Result<(), Error> {
        match self {
            Self::None => {}
            Self::Unit { maximum } => {
                inputs.iter_mut().for_each(|x| *x = (f64::from(*x) / maximum.get()) as f32);
            }
            Self::Standard { mean, std } => standardize(inputs, mean, std, 1)?,
            Self::Channel { pixels, mean, std } => standardize(inputs, mean, std, *pixels)?,
        }
        Ok(())
    }
}

/// (x - mean) / std, where each mean serves `pixels` numbers in a row.
fn standardize(
    inputs: &mut [f32],
    mean: &[Finite],
    std: &[Positive],
    pixels: usize,
) -> Result<(), Error> {
    if mean.len() != std.len() {
        let what = "scaler: std for every mean".to_owned();
        return Err(Error::Length { what, expected: mean.len(), found: std.len() });
    }
    whole_rows(inputs.len(), mean.len() * pixels)?;
    for row in inputs.chunks_exact_mut(mean.len() * pixels) {
        for ((plane, mean), std) in row.chunks_exact_mut(pixels).zip(mean).zip(std) {
            plane.iter_mut().for_each(|x| *x = ((f64::from(*x) - mean.get()) / std.get()) as f32);
        }
    }
    Ok(())
}

fn whole_rows(found: usize, width: usize) -> Result<(), Error> {
    if width > 0 && found.is_multiple_of(width) {
        return Ok(());
    }
    let what = format!("inputs to scale, in whole examples of {width} numbers");
    Err(Error::Length { what, expected: found.next_multiple_of(width.max(1)), found })
}

fn positive_or_one(value: f64) -> Result<Positive, Error> {
    Ok(Positive::new(if value == 0.0 { 1.0 } else { value })?)
}

fn standard(inputs: &[f32], width: usize) -> Result<Scaler, Error> {
    let (mut mean, mut std) = (Vec::with_capacity(width), Vec::with_capacity(width));
    for column in 0..width {
        let (center, spread) =
            moments(|| inputs[column..].iter().step_by(width).map(|&x| f64::from(x)));
        mean.push(Finite::new(center)?);
        std.push(positive_or_one(spread)?);
    }
    Ok(Scaler::Standard { mean, std })
}

/// Mean and population standard deviation; (0, 0) of nothing. Values are taken as distances from
/// the first, so that constants have a std of exactly zero and a large offset costs no digits.
pub(crate) fn moments<I: Iterator<Item = f64>>(values: impl Fn() -> I) -> (f64, f64) {
    let Some(first) = values().next() else { return (0.0, 0.0) };
    let (count, sum) = values().fold((0.0, 0.0), |(n, sum), x| (n + 1.0, sum + (x - first)));
    let shift = sum / count;
    let variance = values().map(|x| (x - first - shift).powi(2)).sum::<f64>() / count;
    (first + shift, variance.sqrt())
}

#[cfg(test)]
mod tests;
