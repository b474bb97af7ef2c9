//! From `[data]` to the parts that training sees.

use crate::catalogue::Set;
use crate::split::{By, Given, Parts};
use crate::{Cache, digits, image_folder, images, load_table, noise, place, warning};
use crate::{
    DataConfig, Dataset, Error, Preprocessing, Scaler, Scaling, Schema, Source, Split, Target,
};
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
    /// What was done to the inputs of images, fitted on the training part alone;
    /// [`Scaler::None`] for a table.
    pub scaler: Scaler,
    /// What was done to the columns of a table, fitted on the training part alone.
    pub preprocessing: Option<Preprocessing>,
    /// What the columns of a table are.
    pub schema: Option<Schema>,
    /// How many training labels label noise made wrong.
    pub flipped: usize,
    /// What is odd about the data, a sentence each: examples in two parts, dropped or constant
    /// columns, uneven classes.
    pub warnings: Vec<String>,
}

/// Reads the source that `config` names, splits it, makes the asked share of training labels
/// wrong, and scales all parts by the training part. Targets are not scaled.
///
/// Relative paths start at `base`, the recipe's folder. `split_rng` decides which rows go where,
/// `noise_rng` which labels change, so that noise leaves the split as it was.
///
/// # Errors
/// Those of [`digits`](digits::digits), [`images::read`], [`image_folder::read`], [`Cache::holding`], [`Frame::read`](crate::Frame::read),
/// [`Schema::infer`], [`place::resolve`], [`Split::parts`](crate::Split::parts), [`noise::flip`],
/// [`Scaler::fit`] and [`Preprocessing::fit`].
pub fn load(
    config: &DataConfig,
    base: &Path,
    split_rng: &mut dyn Rng,
    noise_rng: &mut dyn Rng,
) -> Result<Splits, Error> {
    load_by(config, base, &mut |cut| cut.parts(split_rng), noise_rng)
}

/// As [`load`], with training and validation cut anew by `again_rng`, see [`Split::recut`]; the
/// test part is that of `load`.
///
/// # Errors
/// As [`load`].
pub fn load_again(
    config: &DataConfig,
    base: &Path,
    split_rng: &mut dyn Rng,
    again_rng: &mut dyn Rng,
    noise_rng: &mut dyn Rng,
) -> Result<Splits, Error> {
    let mut parts = |cut: &Cut<'_>| {
        let Cut { split, target, given, by } = *cut;
        split.recut(cut.parts(split_rng)?, target, given, by, again_rng)
    };
    load_by(config, base, &mut parts, noise_rng)
}

/// What decides beside chance which rows go where.
pub(crate) struct Cut<'a> {
    pub split: &'a Split,
    pub target: &'a Target,
    pub given: Given,
    pub by: &'a By,
}

impl Cut<'_> {
    fn parts(&self, rng: &mut dyn Rng) -> Result<Parts, Error> {
        self.split.parts_by(self.target, self.given, self.by, rng)
    }
}

fn load_by(
    config: &DataConfig,
    base: &Path,
    parts: &mut dyn FnMut(&Cut<'_>) -> Result<Parts, Error>,
    noise_rng: &mut dyn Rng,
) -> Result<Splits, Error> {
    let mut own_validation = None;
    let (all, official) = match &config.source {
        Source::Table(file) => return load_table::load(config, file, base, parts, noise_rng),
        Source::Digits => (digits::digits()?, None),
        Source::Idx(folder) => images::read(&place::resolve(&folder.dir, base)?)?,
        Source::Cached(name) => images::read(&Cache::of_user()?.holding(Set::named(name)?)?)?,
        Source::Images(folder) => {
            let pictures = image_folder::read(&place::resolve(&folder.dir, base)?, folder)?;
            own_validation = pictures.validation;
            (pictures.train, pictures.test)
        }
    };
    let given = Given { validation: own_validation.is_some(), test: official.is_some() };
    let by = By::Nothing;
    let parts = parts(&Cut { split: &config.split, target: &all.target, given, by: &by })?;
    let mut train = all.select(&parts.train);
    let mut validation = own_validation.unwrap_or_else(|| all.select(&parts.validation));
    let own = (!parts.test.is_empty()).then(|| all.select(&parts.test));
    let mut test = official.or(own);
    let flipped = noise::flip(&mut train.target, config.label_noise, noise_rng)?.len();
    let scaling = config.scale.unwrap_or(config.source.scaling());
    let scaler = match (scaling, train.shape.as_slice()) {
        (Scaling::Channel, &[channels, height, width]) => {
            Scaler::fit_channels(&train.inputs, [channels, height, width])?
        }
        _ => Scaler::fit(scaling, &train.inputs, train.width())?,
    };
    for part in [Some(&mut train), Some(&mut validation), test.as_mut()].into_iter().flatten() {
        part.scale(&scaler)?;
    }
    let warnings = warning::of_parts(&train, &validation, test.as_ref());
    let (preprocessing, schema) = (None, None);
    Ok(Splits { train, validation, test, scaler, preprocessing, schema, flipped, warnings })
}
