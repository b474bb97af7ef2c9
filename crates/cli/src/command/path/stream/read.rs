//! What the first rows of a stream tell of its columns, and what needs all of them.

use crate::error::Failure;
use crate::screen::{quiet, tell};
use indicatif::{ProgressBar, ProgressStyle};
use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::time::{Duration, Instant};
use wellfit::data::frame::Cells;
use wellfit::data::schema::Role;
use wellfit::data::{
    Categories, Frame, Parts, Preprocessing, Scaling, Schema, Target, Task, target,
};
use wellfit::linear_path::{Family, told};

/// Cells of a part, about: 16 bytes each as they are read.
const CELLS: usize = 1 << 21;
/// Levels of a category, at most.
const LEVELS: usize = 1_000;

/// Files whose columns are understood.
pub struct Reading {
    paths: Vec<PathBuf>,
    name: String,
    sample: Frame,
    schema: Schema,
    /// Rows that are read at once.
    rows: usize,
}

impl Reading {
    /// Looks at the first rows.
    pub fn begin(paths: &[PathBuf], name: &str, family: Option<Family>) -> Result<Self, Failure> {
        let first = |rows: usize| -> Result<Frame, wellfit::Error> {
            let mut parts = Parts::new(paths, &[], rows);
            // Without any row it is refused as when it is read whole.
            Ok(parts.next().unwrap_or_else(|| Frame::read_all(paths, &[]))?)
        };
        let rows = (CELLS / first(64)?.columns.len().max(1)).clamp(1024, 1 << 16);
        let sample = first(rows)?;
        let schema = Schema::infer(&sample, name, &[], &BTreeMap::new());
        let schema = schema.map_err(wellfit::Error::from)?;
        let task = family.map(|_| Task::Regression);
        let found = target::read(&sample, name, task).map_err(wellfit::Error::from)?;
        let other = family.is_some_and(|family| family != Family::Gaussian);
        if other || matches!(found, Target::Classes { .. }) {
            let message =
                "--stream fits least squares alone, whose sums are all it needs of the rows";
            let hint = format!(
                "if the numbers in `{name}` are amounts and no classes, add --family gaussian; \
                 else leave --stream out"
            );
            return Err(Failure::new(message, Some(hint)));
        }
        Ok(Self { paths: paths.to_vec(), name: name.to_owned(), sample, schema, rows })
    }

    /// What was decided without being asked.
    pub fn notes(&self) -> Vec<String> {
        let mut notes: Vec<String> = self.schema.columns.iter().filter_map(told).collect();
        let rows = self.sample.rows();
        notes.push(format!("columns are understood by the first {rows} rows"));
        notes.push(
            "rows are dealt to the folds in turn: in a sorted file, no fold is a random sample"
                .to_owned(),
        );
        notes
    }

    /// How columns become features; categories need a look at all rows.
    pub fn steps(&self) -> Result<Preprocessing, Failure> {
        let rows: Vec<usize> = (0..self.sample.rows()).collect();
        let (scaling, one_hot) = (Scaling::None, Categories::OneHot);
        let none = Target::Values(vec![]);
        let (sample, schema) = (&self.sample, &self.schema);
        let mut steps = Preprocessing::fit(sample, schema, &none, &rows, scaling, one_hot)
            .map_err(wellfit::Error::from)?;
        self.whole(sample)?;
        let mut levels: BTreeMap<&str, (BTreeSet<String>, bool)> =
            self.categories().map(|name| (name, Default::default())).collect();
        if levels.is_empty() {
            return Ok(steps);
        }
        let (bar, mut parts, mut seen) = (progress("levels"), self.parts(), 0);
        while let Some(frame) = parts.next().transpose().map_err(wellfit::Error::from)? {
            for (name, (levels, gap)) in &mut levels {
                let column = frame.column(name).map_err(wellfit::Error::from)?;
                let Cells::Words(cells) = &column.cells else { continue };
                for cell in cells {
                    match cell {
                        None => *gap = true,
                        Some(cell) if levels.contains(cell) => {}
                        Some(cell) => drop(levels.insert(cell.clone())),
                    }
                }
                if levels.len() > LEVELS {
                    return Err(many(name));
                }
            }
            seen += frame.rows();
            bar.at(parts.share(), seen);
        }
        bar.end();
        for (name, (levels, gap)) in levels {
            steps = steps.with_levels(name, levels, gap);
        }
        Ok(steps)
    }

    /// All rows, from the first on.
    pub fn parts(&self) -> Parts {
        Parts::new(&self.paths, &self.categories().collect::<Vec<_>>(), self.rows)
    }

    fn categories(&self) -> impl Iterator<Item = &str> {
        let columns = self.schema.columns.iter();
        columns.filter(|column| column.role == Role::Category).map(|column| column.name.as_str())
    }

    /// The target of a part, none of which is missing; nor is a number among the features.
    pub fn target(&self, frame: &Frame) -> Result<Vec<f64>, Failure> {
        self.whole(frame)?;
        let column = frame.column(&self.name).map_err(wellfit::Error::from)?;
        if let Cells::Numbers(cells) = &column.cells {
            let finite = |cell: &Option<f64>| cell.filter(|y| y.abs() < 1e150);
            let all: Option<Vec<f64>> = cells.iter().map(finite).collect();
            if let Some(all) = all {
                return Ok(all);
            }
        }
        match target::read(frame, &self.name, Some(Task::Regression)) {
            Ok(Target::Values(values)) => Ok(values),
            Ok(Target::Classes { .. }) => Ok(vec![]),
            Err(error) => Err(wellfit::Error::from(error).into()),
        }
    }

    fn whole(&self, frame: &Frame) -> Result<(), Failure> {
        let numbers = self.schema.columns.iter().filter(|column| column.role == Role::Number);
        for column in numbers {
            let missing = frame.column(&column.name).map_err(wellfit::Error::from)?.missing();
            if missing > 0 {
                let (path, name) = (frame.path.display(), &column.name);
                let message = format!(
                    "{path}, column `{name}`: {missing} numbers are missing, and --stream imputes none: \
                     a median needs all rows at once"
                );
                let hint = "fill them or drop the column, or leave --stream out".to_owned();
                return Err(Failure::new(message, Some(hint)));
            }
        }
        Ok(())
    }
}

fn many(name: &str) -> Failure {
    let message = format!("column `{name}` has more than {LEVELS} levels, each a feature");
    Failure::new(message, Some("drop the column, or group its levels".to_owned()))
}

/// A bar on a terminal, and a line from time to time elsewhere.
pub struct Progress {
    bar: ProgressBar,
    what: &'static str,
    told: Cell<Instant>,
}

/// Seconds between two lines.
const EVERY: Duration = Duration::from_secs(10);

pub fn progress(what: &'static str) -> Progress {
    let bar = if quiet() { ProgressBar::hidden() } else { ProgressBar::new(1000) };
    if let Ok(style) = ProgressStyle::with_template("{bar:24} {percent}%, {eta} left  {msg}") {
        bar.set_style(style.progress_chars("━╸ "));
    }
    Progress { bar, what, told: Cell::new(Instant::now()) }
}

impl Progress {
    /// Tells the share that was read, and the rows.
    pub fn at(&self, share: f64, rows: usize) {
        self.bar.set_position((1000.0 * share) as u64);
        self.bar.set_message(format!("{}: {rows} rows", self.what));
        if self.bar.is_hidden() && self.told.get().elapsed() > EVERY {
            self.told.set(Instant::now());
            tell!("{:>3}%  {}: {rows} rows", (100.0 * share) as u64, self.what);
        }
    }

    pub fn end(&self) {
        self.bar.finish_and_clear();
    }
}
