//! A table as a linear model takes it.

use super::family::Family;
use std::collections::BTreeMap;
use std::path::PathBuf;
use wellfit_data::schema::{ColumnSchema, Role};
use wellfit_data::{
    Categories, Error, Frame, Preprocessing, Scaling, Schema, Target, Task, target,
};

/// A table whose columns are understood.
pub struct Source {
    frame: Frame,
    schema: Schema,
    target: Target,
    /// What the target is, told or inferred.
    pub family: Family,
    /// What was decided about the columns without being asked.
    pub notes: Vec<String>,
}

/// Features and target, both in the units of the file.
pub struct Table {
    /// Names of the features.
    pub features: Vec<String>,
    /// Row after row; none where the rows were not kept.
    pub x: Vec<f64>,
    /// Classes are 0, 1, ..
    pub y: Vec<f64>,
    /// Number of rows.
    pub rows: usize,
    /// Standard deviation of each feature.
    pub deviations: Vec<f64>,
    /// What the target is.
    pub family: Family,
    /// Names of the classes; none for numbers.
    pub classes: Vec<String>,
    /// How the columns became features.
    pub steps: Preprocessing,
}

impl Source {
    /// Reads `paths`, in which the column `name` is the target.
    ///
    /// # Errors
    /// What [`Frame::read_all`] refuses, and a target that no family, or not `family`, takes.
    pub fn read(paths: &[PathBuf], name: &str, family: Option<Family>) -> Result<Self, Error> {
        let frame = Frame::read_all(paths, &[name])?;
        let schema = Schema::infer(&frame, name, &[], &BTreeMap::new())?;
        let task = family.map(|family| match family {
            Family::Logistic | Family::Multinomial => Task::Classification,
            Family::Gaussian | Family::Poisson => Task::Regression,
        });
        let target = target::read(&frame, name, task)?;
        let mut notes: Vec<String> = schema.columns.iter().filter_map(told).collect();
        let found = Family::of(&target);
        let fits = match (found, family) {
            (None, _) | (Some(Family::Multinomial), Some(Family::Logistic)) => None,
            (found, None) => found,
            (_, told) => told,
        };
        let Some(taken) = fits else { return Err(unfit(&frame, name, &target)) };
        notes.extend(means(name, taken, &target, family.is_none()));
        Ok(Self { frame, schema, target, family: taken, notes })
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.frame.rows()
    }

    /// The table for a fit on some rows, which alone decide about levels and medians, and the same
    /// features of other rows.
    ///
    /// # Errors
    /// As [`Preprocessing::fit`] and [`Preprocessing::matrix`].
    pub fn parts(&self, rows: &[usize], others: &[usize]) -> Result<(Table, Table), Error> {
        let (scaling, one_hot) = (Scaling::None, Categories::OneHot);
        let (frame, schema, target) = (&self.frame, &self.schema, &self.target);
        let steps = Preprocessing::fit(frame, schema, target, rows, scaling, one_hot)?;
        let (features, width) = (steps.features(), steps.width());
        let matrix = steps.matrix(&self.frame)?;
        let (numbers, classes) = match &self.target {
            Target::Values(values) => (values.clone(), Vec::new()),
            Target::Classes { labels, names } => {
                (labels.iter().copied().map(f64::from).collect(), names.clone())
            }
        };
        let part = |rows: &[usize]| {
            let cells = rows.iter().flat_map(|&row| &matrix[row * width..(row + 1) * width]);
            let x: Vec<f64> = cells.copied().collect();
            Table {
                features: features.clone(),
                deviations: deviations(&x, width),
                x,
                y: rows.iter().map(|&row| numbers[row]).collect(),
                rows: rows.len(),
                family: self.family,
                classes: classes.clone(),
                steps: steps.clone(),
            }
        };
        Ok((part(rows), part(others)))
    }

    /// All rows.
    ///
    /// # Errors
    /// As [`Self::parts`].
    pub fn whole(&self) -> Result<Table, Error> {
        let rows: Vec<usize> = (0..self.rows()).collect();
        self.parts(&rows, &[]).map(|(table, _)| table)
    }
}

/// Standard deviations of the columns, with the number of rows in the denominator.
fn deviations(x: &[f64], width: usize) -> Vec<f64> {
    let n = (x.len() / width.max(1)) as f64;
    let column = |j: usize| x.iter().skip(j).step_by(width);
    let deviation = |j: usize| {
        let mean = column(j).sum::<f64>() / n;
        (column(j).map(|x| (x - mean).powi(2)).sum::<f64>() / n).sqrt()
    };
    (0..width).map(deviation).collect()
}

/// A target that no family, or not the one that was asked for, takes.
fn unfit(frame: &Frame, name: &str, target: &Target) -> Error {
    let (expected, found) = match target {
        Target::Classes { names, .. } if names.len() > 2 => (
            format!("two classes in `{name}` (--family multinomial takes more)"),
            format!("{} classes", names.len()),
        ),
        Target::Classes { names, .. } => (
            format!("numbers, or two classes or more, in `{name}` (--family gaussian for numbers)"),
            format!("class `{}` alone", names.first().map_or("", String::as_str)),
        ),
        Target::Values(_) => (format!("classes in `{name}`"), "numbers".to_owned()),
    };
    Error::Format { path: frame.path.clone(), expected, found }
}

/// A sentence on what the target is taken for.
fn means(name: &str, family: Family, target: &Target, inferred: bool) -> Option<String> {
    let how = if inferred { ", by its values; --family overrides this" } else { "" };
    let classes = match target {
        Target::Classes { names, .. } => names.as_slice(),
        Target::Values(_) => &[],
    };
    match (family, classes) {
        (Family::Logistic, [zero, one]) => Some(format!(
            "target `{name}`: logistic, the log-odds of `{one}` against `{zero}`{how}"
        )),
        _ => inferred.then(|| format!("target `{name}`: {}{how}", family.name())),
    }
}

/// A sentence for a feature column that is not taken as it stands.
pub fn told(column: &ColumnSchema) -> Option<String> {
    let (name, missing, levels) = (&column.name, column.missing, column.levels);
    match &column.role {
        Role::Dropped(why) => Some(format!("column `{name}` is dropped: {why}")),
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
