//! A table as a linear model takes it.

use super::Family;
use std::collections::BTreeMap;
use std::path::Path;
use wellfit::data::frame::Cells;
use wellfit::data::preprocessing::Step;
use wellfit::data::schema::{ColumnSchema, Role};
use wellfit::data::{
    Categories, Error, Frame, Preprocessing, Scaling, Schema, Target, Task, target,
};

/// Features and target, both in the units of the file.
pub struct Table {
    pub features: Vec<String>,
    /// Row after row.
    pub x: Vec<f64>,
    pub y: Vec<f64>,
    /// What the target is, told or inferred.
    pub family: Family,
    /// What was decided about the columns without being asked.
    pub notes: Vec<String>,
}

impl Table {
    /// Reads `path`; categories become one-hot, missing numbers the median.
    pub fn read(path: &Path, name: &str, family: Option<Family>) -> Result<Self, Error> {
        let frame = Frame::read(path, &[name])?;
        let schema = Schema::infer(&frame, name, &[], &BTreeMap::new())?;
        let task = family.map(|family| match family {
            Family::Logistic => Task::Classification,
            Family::Gaussian | Family::Poisson => Task::Regression,
        });
        let target = target::read(&frame, name, task)?;
        let rows: Vec<usize> = (0..frame.rows()).collect();
        let one_hot = Categories::OneHot;
        let steps = Preprocessing::fit(&frame, &schema, &target, &rows, Scaling::None, one_hot)?;
        let data = steps.apply(&frame)?;
        let mut x: Vec<f64> = data.inputs.iter().copied().map(f64::from).collect();
        restore(&mut x, &steps, &frame)?;
        let mut notes = schema.warnings();
        notes.extend(schema.columns.iter().filter_map(told));
        let (inferred, y) = numbers(path, name, target)?;
        if family.is_none() {
            let word = format!("{inferred:?}").to_lowercase();
            notes.push(format!("target `{name}`: {word}, by its values; --family overrides this"));
        }
        Ok(Self { features: data.features, x, y, family: family.unwrap_or(inferred), notes })
    }
}

/// What the target is by its values, and the numbers that stand for them.
fn numbers(path: &Path, name: &str, target: Target) -> Result<(Family, Vec<f64>), Error> {
    match target {
        Target::Values(values) => Ok((Family::Gaussian, values)),
        Target::Classes { labels, names } if names.len() == 2 => {
            Ok((Family::Logistic, labels.into_iter().map(f64::from).collect()))
        }
        Target::Classes { names, .. } => Err(Error::Format {
            path: path.to_owned(),
            expected: format!("numbers or two classes in `{name}` (--family gaussian for numbers)"),
            found: match names.as_slice() {
                [one] => format!("class `{one}` alone"),
                several => format!("{} classes", several.len()),
            },
        }),
    }
}

/// Networks take single precision; a linear model gets every bit of the file.
fn restore(x: &mut [f64], steps: &Preprocessing, frame: &Frame) -> Result<(), Error> {
    let (width, mut start) = (steps.width(), 0);
    for step in &steps.columns {
        let cells = &frame.column(step.name())?.cells;
        if let (Step::Number { median, .. }, Cells::Numbers(cells)) = (step, cells) {
            for (row, cell) in x.chunks_mut(width).zip(cells) {
                row[start] = cell.unwrap_or(median.get());
            }
        }
        start += step.width();
    }
    Ok(())
}

/// A sentence for a feature column that is not taken as it stands.
fn told(column: &ColumnSchema) -> Option<String> {
    let (name, missing, levels) = (&column.name, column.missing, column.levels);
    match column.role {
        Role::Number if missing > 0 => {
            Some(format!("column `{name}`: {missing} missing numbers became the median"))
        }
        Role::Category => {
            let gap = if missing > 0 { format!(", {missing} missing") } else { String::new() };
            Some(format!("column `{name}`: a category of {levels} levels{gap}, one-hot"))
        }
        _ => None,
    }
}
