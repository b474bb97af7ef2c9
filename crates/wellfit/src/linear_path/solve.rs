//! From a table to a path with its cross-validated error, and the λ to take.

use super::along::{by_classes, by_ridge, by_rows};
use super::family::Family;
use super::number;
use super::table::Table;
use wellfit_core::number::Fraction;
use wellfit_core::seed::Seed;
use wellfit_linear::cross_validation::Curve;
use wellfit_linear::datafit::{Gaussian, Logistic, Poisson};
use wellfit_linear::{Error, Fit, Lambdas, Settings};

/// How λ is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Select {
    /// The smallest cross-validated error.
    #[default]
    Min,
    /// The largest lambda within one standard error of it.
    OneSe,
    /// The smallest exact leave-one-out error.
    Loo,
    /// The smallest generalized cross-validation error.
    Gcv,
    /// The smallest Bayesian information criterion.
    Bic,
}

/// What is asked of a path.
#[derive(Debug, Clone)]
pub struct Ask {
    /// Share of the L1 part: 0 for ridge, 1 for the lasso.
    pub ratio: Fraction,
    /// How one is chosen.
    pub select: Select,
    /// Which λ.
    pub lambdas: Lambdas,
    /// Folds of the cross-validation.
    pub folds: usize,
    /// Seed of the folds.
    pub seed: Seed,
    /// Intercept, standardization, tolerance.
    pub settings: Settings,
}

impl Ask {
    /// A grid reaches down to where the penalty no longer shows.
    ///
    /// Ridge has no λ that gives zeros, and its grid begins three decades above the largest slope:
    /// it needs three more than the lasso's to end at the same place. Several classes are told
    /// apart without error long before, and their coefficients then grow without a bound.
    pub fn reaching(mut self, family: Family, (rows, features): (usize, usize)) -> Self {
        let Lambdas::Grid { count, ratio: None } = self.lambdas else { return self };
        let ridge = self.ratio == Fraction::ZERO;
        let decades = match (family, rows < features) {
            (Family::Multinomial, _) | (_, true) => -2,
            _ => -4,
        };
        let ratio = 10_f64.powi(if ridge { decades - 3 } else { decades });
        self.lambdas = Lambdas::Grid { count, ratio: Some(ratio) };
        self
    }
}

/// A fit at one λ: an intercept and coefficients for each output, of which there are several for
/// several classes alone.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// Strength of the penalty, beside the mean loss.
    pub lambda: f64,
    /// b of each output.
    pub intercepts: Vec<f64>,
    /// w of each output, in the units of the table.
    pub coefficients: Vec<Vec<f64>>,
    /// Duality gap; none of a closed form.
    pub gap: Option<f64>,
    /// Whether the tolerance was reached.
    pub converged: bool,
}

impl Point {
    /// Features that an output uses.
    pub fn used(&self) -> usize {
        let features = self.coefficients.first().map_or(0, Vec::len);
        (0..features).filter(|&j| self.coefficients.iter().any(|w| w[j] != 0.0)).count()
    }
}

impl From<&Fit> for Point {
    fn from(fit: &Fit) -> Self {
        Self {
            lambda: fit.lambda,
            intercepts: vec![fit.intercept],
            coefficients: vec![fit.coefficients.clone()],
            gap: fit.gap,
            converged: fit.converged,
        }
    }
}

/// A path with what speaks for each λ.
pub struct Solved {
    /// A fit for each λ.
    pub points: Vec<Point>,
    /// Effective number of parameters for each λ; NaN where it would take too long to say.
    pub df: Vec<f64>,
    /// The cross-validated error.
    pub curve: Curve,
    /// Errors other than those of the folds, by name, for each λ.
    pub others: Vec<(&'static str, Vec<f64>)>,
    /// Place of the λ that was chosen.
    pub selected: usize,
    /// How it was solved, in words.
    pub solver: String,
    /// What to look at twice.
    pub warnings: Vec<String>,
    /// Samples, to turn λ into the textbook's.
    pub rows: usize,
}

impl Solved {
    /// The fit at the λ that was chosen.
    pub fn chosen(&self) -> &Point {
        &self.points[self.selected]
    }
}

/// Fits the path, cross-validates it and chooses.
///
/// # Errors
/// What [`wellfit_linear::cross_validation`] refuses.
pub fn solve(table: &Table, ask: &Ask) -> Result<Solved, Error> {
    let ask = &ask.clone().reaching(table.family, (table.rows, table.features.len()));
    let mut solved = match table.family {
        Family::Gaussian if ask.ratio == Fraction::ZERO => by_ridge(table, ask),
        Family::Gaussian => by_rows(table, &Gaussian, ask),
        Family::Logistic => by_rows(table, &Logistic, ask),
        Family::Poisson => by_rows(table, &Poisson, ask),
        Family::Multinomial => by_classes(table, ask),
    }?;
    solved.choose(ask.select);
    Ok(solved)
}

impl Solved {
    /// Chooses λ, and tells what to look at twice.
    pub fn choose(&mut self, select: Select) {
        let name = match select {
            Select::Min | Select::OneSe => "",
            Select::Loo => "loo",
            Select::Gcv => "gcv",
            Select::Bic => "bic",
        };
        let costs = self.others.iter().find(|(other, _)| *other == name);
        self.selected = match (costs, select) {
            (Some((_, costs)), _) => lowest(costs, &self.points),
            (None, Select::OneSe) => self.curve.one_se,
            (None, _) => self.curve.min,
        };
        self.warnings.extend(self.curve.warnings.iter().map(ToString::to_string));
        if costs.is_some() {
            self.warn_of_edges();
        }
        let stuck = self.points.iter().filter(|point| !point.converged).count();
        if stuck > 0 {
            self.warnings.push(format!("{stuck} fits of the path did not reach the tolerance"));
        }
    }

    fn warn_of_edges(&mut self) {
        let lambda = self.chosen().lambda;
        let smaller = self.points.iter().any(|point| point.lambda < lambda);
        let larger = self.points.iter().any(|point| point.lambda > lambda);
        let end = match (smaller, larger) {
            (true, false) => "largest that was tried; try larger ones",
            (false, true) => "smallest that was tried; try smaller ones",
            _ => return,
        };
        self.warnings.push(format!("the selected lambda, {}, is the {end}", number(lambda)));
    }
}

/// Place of the smallest cost; of equal ones the larger λ.
fn lowest(costs: &[f64], points: &[Point]) -> usize {
    let order = |a: &usize, b: &usize| {
        let larger = points[*b].lambda.total_cmp(&points[*a].lambda);
        costs[*a].total_cmp(&costs[*b]).then(larger)
    };
    (0..costs.len()).min_by(order).unwrap_or(0)
}
