//! From a table to the parts that training sees.

use crate::load::Cut;
use crate::split::{By, Given, Parts};
use crate::{DataConfig, Dataset, Error, Frame, Preprocessing, Scaler, Splits, TableFile};
use crate::{noise, place, warning};
use rand_core::Rng;
use std::path::Path;

/// Reads a table, splits it, fits the preprocessing on the training part and applies it to all.
pub(crate) fn load(
    config: &DataConfig,
    file: &TableFile,
    base: &Path,
    parts: &mut dyn FnMut(&Cut<'_>) -> Result<Parts, Error>,
    noise_rng: &mut dyn Rng,
) -> Result<Splits, Error> {
    let table = file.open(base)?;
    let (frame, schema) = (&table.frame, table.schema);
    let given =
        Given { validation: file.validation_file.is_some(), test: file.test_file.is_some() };
    let by = by(file, frame)?;
    let parts = parts(&Cut { split: &config.split, target: &table.target, given, by: &by })?;
    let scaling = config.scale.unwrap_or(config.source.scaling());
    let rows = &parts.train;
    let preprocessing =
        Preprocessing::fit(frame, &schema, &table.target, rows, scaling, file.categories)?;
    let all = Dataset { target: table.target, ..preprocessing.apply(frame)? };
    let own = |path: &Option<String>| {
        path.as_ref().map(|path| open(&preprocessing, &place::resolve(path, base)?)).transpose()
    };
    let mut train = all.select(rows);
    let validation = own(&file.validation_file)?.unwrap_or_else(|| all.select(&parts.validation));
    let cut = (!parts.test.is_empty()).then(|| all.select(&parts.test));
    let test = own(&file.test_file)?.or(cut);
    let mut warnings = schema.warnings();
    warnings.extend(warning::constant_columns(frame, &schema, rows));
    warnings.extend(warning::of_parts(&train, &validation, test.as_ref()));
    let flipped = noise::flip(&mut train.target, config.label_noise, noise_rng)?.len();
    let (scaler, preprocessing, schema) = (Scaler::None, Some(preprocessing), Some(schema));
    Ok(Splits { train, validation, test, scaler, preprocessing, schema, flipped, warnings })
}

fn by(file: &TableFile, frame: &Frame) -> Result<By, Error> {
    match (&file.group, &file.time) {
        (Some(name), _) => By::group(frame, name),
        (None, Some(name)) => By::time(frame, name),
        (None, None) => Ok(By::Nothing),
    }
}

/// A file of the user's own for one part, whose targets must be there.
fn open(preprocessing: &Preprocessing, path: &Path) -> Result<Dataset, Error> {
    let frame = preprocessing.read(path)?;
    let target = &preprocessing.target.name;
    let data = preprocessing.apply(&frame)?;
    if frame.column(target)?.missing() > 0 {
        return Err(frame.refuse(0, target, "a value", "a missing one"));
    }
    Ok(data)
}
