//! From `[data]` to the parts that training sees.

use crate::{DataConfig, Dataset, Error, Scaler, Source, digits, images, noise, place, table};
use rand_core::Rng;
use std::path::Path;

/// The parts of one source, scaled and ready for batches.
#[derive(Debug, Clone, PartialEq)]
pub struct Splits {
    /// Examples to train on; shuffled, any beginning of them is representative.
    pub train: Dataset,
    /// Examples that choose the model, at least one.
    pub validation: Dataset,
    /// Examples to open once, at the end; `None` when `test = 0`.
    pub test: Option<Dataset>,
    /// What was done to the inputs, fitted on the training part alone.
    pub scaler: Scaler,
    /// How many training labels label noise made wrong.
    pub flipped: usize,
}

/// Reads the source that `config` names, splits it, makes the asked share of training labels
/// wrong, and scales all parts by the training part. Targets are not scaled.
///
/// Relative paths start at `base`, the recipe's folder. `split_rng` decides which rows go where,
/// `noise_rng` which labels change, so that noise leaves the split as it was.
///
/// # Errors
/// Those of [`digits`](digits::digits), [`images::read`], [`table::read`], [`place::resolve`],
/// [`Split::parts`](crate::Split::parts), [`noise::flip`] and [`Scaler::fit`].
pub fn load(
    config: &DataConfig,
    base: &Path,
    split_rng: &mut dyn Rng,
    noise_rng: &mut dyn Rng,
) -> Result<Splits, Error> {
    let (all, official) = open(&config.source, base)?;
    let parts = config.split.parts(&all.target, official.is_some(), split_rng)?;
    let mut train = all.select(&parts.train);
    let mut validation = all.select(&parts.validation);
    let own = (!parts.test.is_empty()).then(|| all.select(&parts.test));
    let mut test = official.or(own);
    let flipped = noise::flip(&mut train.target, config.label_noise, noise_rng)?.len();
    let scaling = config.scale.unwrap_or(config.source.scaling());
    let scaler = Scaler::fit(scaling, &train.inputs, train.width())?;
    for part in [Some(&mut train), Some(&mut validation), test.as_mut()].into_iter().flatten() {
        scaler.apply(&mut part.inputs)?;
    }
    Ok(Splits { train, validation, test, scaler, flipped })
}

/// All examples of a source, and its official test set where it has one.
fn open(source: &Source, base: &Path) -> Result<(Dataset, Option<Dataset>), Error> {
    match source {
        Source::Digits => Ok((digits::digits()?, None)),
        Source::Idx(folder) => images::read(&place::resolve(&folder.dir, base)?),
        Source::Csv(file) => {
            let path = place::resolve(&file.path, base)?;
            Ok((table::read(&path, &file.target, file.task)?, None))
        }
    }
}
