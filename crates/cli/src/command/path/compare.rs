//! `--compare`: ridge and lasso side by side, on rows that neither has seen.

use super::picture;
use super::report::{File, section};
use super::show::{self, number};
use crate::error::Failure;
use serde_json::{Value, json};
use wellfit::Number;
use wellfit::core::number::Fraction;
use wellfit::linear::datafit::{Datafit, Gaussian, Logistic, Poisson};
use wellfit::linear::grouped::{Multinomial, Outputs};
use wellfit::linear::{Design, Error};
use wellfit::linear_path::{Ask, Family, Point, Solved, Source, Table, solve};
use wellfit::plot::{Block, Report, Table as Grid};

/// One row in so many is held out.
const HELD_OUT: usize = 5;

/// Two paths on the same rows.
pub struct Compared {
    train: Table,
    test: Table,
    /// Ridge, then lasso.
    sides: [Side; 2],
}

struct Side {
    name: &'static str,
    solved: Solved,
    /// Error on the rows that were held out, at the λ that was chosen on the others.
    error: f64,
}

/// Fits both penalties on four fifths of the rows, and tests each one's chosen λ on the rest.
pub fn compare(source: &Source, ask: &Ask) -> Result<Compared, wellfit::Error> {
    let order = ask.seed.stream("held out").step(0).permutation(source.rows());
    let (test, train) = order.split_at(source.rows().div_ceil(HELD_OUT));
    let sorted = |rows: &[usize]| {
        let mut rows = rows.to_vec();
        rows.sort_unstable();
        rows
    };
    let (train, test) = source.parts(&sorted(train), &sorted(test))?;
    let side = |name: &'static str, ratio: Fraction| -> Result<Side, wellfit::Error> {
        let solved = solve(&train, &Ask { ratio, ..ask.clone() })?;
        let error = error(&test, solved.chosen())?;
        Ok(Side { name, solved, error })
    };
    let sides = [side("ridge", Fraction::ZERO)?, side("lasso", Fraction::new(1.0)?)?];
    Ok(Compared { train, test, sides })
}

/// Mean deviance of a fit.
fn error(table: &Table, point: &Point) -> Result<f64, Error> {
    let design = Design::from_rows(&table.x, table.features.len())?;
    let etas: Result<Vec<Vec<f64>>, Error> = (point.coefficients.iter().zip(&point.intercepts))
        .map(|(w, b)| design.times(w, *b))
        .collect();
    let etas = etas?;
    let of = |row: usize| {
        let (y, eta) = (table.y[row], etas[0][row]);
        match table.family {
            Family::Gaussian => Gaussian.deviance(y, eta),
            Family::Logistic => Logistic.deviance(y, eta),
            Family::Poisson => Poisson.deviance(y, eta),
            Family::Multinomial => {
                let eta: Vec<f64> = etas.iter().map(|eta| eta[row]).collect();
                let class = |k: usize| f64::from(u8::from(k as f64 == y));
                let target: Vec<f64> = (0..eta.len()).map(class).collect();
                2.0 * Multinomial(eta.len()).loss(&target, &eta)
            }
        }
    };
    Ok((0..table.y.len()).map(of).sum::<f64>() / table.y.len() as f64)
}

impl Compared {
    /// A line for each thing to compare, a column for each penalty.
    fn rows(&self) -> Vec<Vec<String>> {
        let row = |name: &str, of: &dyn Fn(&Side) -> String| {
            [name.to_owned()].into_iter().chain(self.sides.iter().map(of)).collect::<Vec<_>>()
        };
        let (all, at) = (self.train.features.len(), |side: &Side| side.solved.selected);
        vec![
            row("lambda", &|side| number(side.solved.chosen().lambda)),
            row("features used", &|side| format!("{} of {all}", side.solved.chosen().used())),
            row("df", &|side| number(side.solved.df[at(side)])),
            row("cv error", &|side| number(side.solved.curve.mean[at(side)])),
            row("se of it", &|side| number(side.solved.curve.se[at(side)])),
            row("test error", &|side| number(side.error)),
        ]
    }

    fn sentence(&self) -> String {
        format!(
            "{} on {} rows that were held out of {}",
            self.train.family.error(),
            self.test.y.len(),
            self.train.y.len() + self.test.y.len()
        )
    }

    /// For people.
    pub fn text(&self) -> String {
        let mut text = format!("test error: {}\n\n{:<14}", self.sentence(), "");
        self.sides.iter().for_each(|side| text += &format!(" {:>14}", side.name));
        for row in self.rows() {
            text += &format!("\n{:<14}", row[0]);
            row[1..].iter().for_each(|cell| text += &format!(" {cell:>14}"));
        }
        for side in &self.sides {
            for warning in &side.solved.warnings {
                text += &format!("\nwarning: {}: {warning}", side.name);
            }
        }
        text
    }

    /// For programs: the object of a path for each, with its test error.
    pub fn json(&self) -> Value {
        let (features, classes) = (&self.train.features, &self.train.classes);
        let mut object = json!({
            "schema": 1,
            "rows": { "train": self.train.y.len(), "test": self.test.y.len() },
        });
        for side in &self.sides {
            let mut path = show::json(features, classes, &side.solved);
            path["test_error"] = json!(Number(side.error));
            object[side.name] = path;
        }
        object
    }

    /// Picture, numbers and page.
    pub fn files(&self, title: &str) -> Result<Vec<File>, Failure> {
        let json = show::line(&self.json())? + "\n";
        let mut files = vec![("compare.json", json.into_bytes())];
        if self.sides[0].solved.points.iter().all(|point| point.lambda == 0.0) {
            return Ok(files);
        }
        let panel = |side: &Side| picture::coefficients(&self.train, &side.solved, side.name);
        let panels = self.sides.iter().map(panel).collect();
        let figure = picture::side_by_side(panels, title, self.sentence());
        let figure = figure.map_err(wellfit::Error::from)?;
        files.push(("compare.svg", figure.svg().as_bytes().to_vec()));
        files.push(("compare.png", figure.png(2.0).map_err(wellfit::Error::from)?));
        let head = ["", "ridge", "lasso"].map(str::to_owned).to_vec();
        let grid = Grid { caption: String::new(), head, rows: self.rows() };
        let sections = [section("Comparison", vec![Block::Table(grid)])];
        let [ridge, lasso] = &self.sides;
        let better = if lasso.error <= ridge.error { lasso } else { ridge };
        let report = Report {
            title,
            verdict: better.name,
            sentence: &format!("has the smaller {}", self.sentence()),
            first: &Block::Figure(figure),
            sections: &sections,
            footer: concat!("wellfit ", env!("CARGO_PKG_VERSION")),
        };
        files.push(("report.html", report.html().into_bytes()));
        Ok(files)
    }
}
