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
            Scaling::Standard => standard(inputs, width),
        }
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
            Self::Standard { mean, std } => {
                if mean.len() != std.len() {
                    let what = "scaler: std for every mean".to_owned();
                    return Err(Error::Length { what, expected: mean.len(), found: std.len() });
                }
                whole_rows(inputs.len(), mean.len())?;
                for row in inputs.chunks_exact_mut(mean.len()) {
                    for ((x, mean), std) in row.iter_mut().zip(mean).zip(std) {
                        *x = ((f64::from(*x) - mean.get()) / std.get()) as f32;
                    }
                }
            }
        }
        Ok(())
    }
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

/// Mean and std of every column. Values are taken as distances from the first row, so that a
/// constant column has a std of exactly zero and a large offset costs no digits.
fn standard(inputs: &[f32], width: usize) -> Result<Scaler, Error> {
    let count = (inputs.len() / width) as f64;
    let (mut mean, mut std) = (Vec::with_capacity(width), Vec::with_capacity(width));
    for (column, &first) in inputs[..width].iter().enumerate() {
        let first = f64::from(first);
        let shifts = || inputs[column..].iter().step_by(width).map(|&x| f64::from(x) - first);
        let shift = shifts().sum::<f64>() / count;
        let variance = shifts().map(|x| (x - shift).powi(2)).sum::<f64>() / count;
        mean.push(Finite::new(first + shift)?);
        std.push(positive_or_one(variance.sqrt())?);
    }
    Ok(Scaler::Standard { mean, std })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn standard_uses_the_population_std_and_leaves_constants() {
        let train = [1.0, 0.1, 3.0, 0.1, 8.0, 0.1];
        let scaler = Scaler::fit(Scaling::Standard, &train, 2).unwrap();
        let mut new = [4.0, 0.1, 4.0 + 26_f32.sqrt() / 3_f32.sqrt(), 1.1];
        scaler.apply(&mut new).unwrap();
        assert_eq!((new[0], new[1]), (0.0, 0.0));
        assert!((new[2] - 1.0).abs() < 1e-6 && (new[3] - 1.0).abs() < 1e-6, "{new:?}");
    }

    #[test]
    fn a_large_offset_costs_no_digits() {
        let scaler = Scaler::fit(Scaling::Standard, &[1e7, 1e7 + 2.0], 1).unwrap();
        let Scaler::Standard { mean, std } = scaler else { panic!("{scaler:?}") };
        assert_eq!((mean[0].get(), std[0].get()), (10_000_001.0, 1.0));
    }

    #[test]
    fn unit_divides_by_the_largest_absolute_value() {
        let mut data = [1.0, -4.0, 2.0];
        Scaler::fit(Scaling::Unit, &data, 3).unwrap().apply(&mut data).unwrap();
        assert_eq!(data, [0.25, -1.0, 0.5]);
        let blank = Scaler::fit(Scaling::Unit, &[0.0; 4], 2).unwrap();
        assert_eq!(blank, Scaler::Unit { maximum: Positive::new(1.0).unwrap() });
    }

    #[test]
    fn a_scaler_survives_toml_and_bad_numbers_do_not() {
        for scaling in [Scaling::None, Scaling::Unit, Scaling::Standard] {
            let scaler = Scaler::fit(scaling, &[0.1, 0.7, 0.3, 1e-3], 2).unwrap();
            let text = toml::to_string(&scaler).unwrap();
            assert_eq!(toml::from_str::<Scaler>(&text).unwrap(), scaler, "{text}");
        }
        let zero = toml::from_str::<Scaler>("kind = \"unit\"\nmaximum = 0.0").unwrap_err();
        assert!(zero.message().contains("expected a finite number above 0, found 0"), "{zero}");
    }

    #[test]
    fn lengths_and_nan_are_refused() {
        let text = |error: Error| error.to_string();
        let ragged = text(Scaler::fit(Scaling::Standard, &[0.0; 5], 2).unwrap_err());
        assert_eq!(ragged, "inputs to scale, in whole examples of 2 numbers: expected 6, found 5");
        let empty = text(Scaler::fit(Scaling::Unit, &[], 2).unwrap_err());
        assert_eq!(empty, "inputs to fit a scale to: expected 2, found 0");
        assert!(Scaler::fit(Scaling::Unit, &[1.0], 0).is_err());
        for scaling in [Scaling::Unit, Scaling::Standard] {
            let found = text(Scaler::fit(scaling, &[f32::NAN, 1.0], 1).unwrap_err());
            assert!(found.ends_with("found NaN"), "{found}");
        }
        let scaler = Scaler::fit(Scaling::Standard, &[0.0; 4], 2).unwrap();
        assert!(scaler.apply(&mut [0.0; 3]).is_err());
        let uneven = "kind = \"standard\"\nmean = [0.0, 1.0]\nstd = [1.0]";
        let uneven: Scaler = toml::from_str(uneven).unwrap();
        let found = text(uneven.apply(&mut [0.0; 2]).unwrap_err());
        assert_eq!(found, "scaler: std for every mean: expected 2, found 1");
    }
}
