//! From a table to a path with its cross-validated error, and the λ to take.

use super::table::Table;
use super::{Family, Select};
use wellfit::core::number::Fraction;
use wellfit::core::seed::Seed;
use wellfit::linear::criterion::criteria;
use wellfit::linear::cross_validation::{CrossValidated, Curve, Folds, fit};
use wellfit::linear::datafit::{Datafit, Gaussian, Logistic, Poisson};
use wellfit::linear::penalty::Mix;
use wellfit::linear::ridge::{self, RidgePath};
use wellfit::linear::{Design, Error, Fit, Lambdas, Problem, Settings};

/// What is asked of a path.
pub struct Ask<'a> {
    pub ratio: Fraction,
    pub select: Select,
    pub lambdas: &'a Lambdas,
    pub folds: usize,
    pub seed: Seed,
    pub settings: Settings,
}

/// A path with what speaks for each λ.
pub struct Solved {
    pub fits: Vec<Fit>,
    pub df: Vec<f64>,
    pub curve: Curve,
    pub selected: usize,
    pub solver: String,
    pub warnings: Vec<String>,
}

/// Fits the path, cross-validates it and chooses.
pub fn solve(table: &Table, ask: &Ask<'_>) -> Result<Solved, Error> {
    match table.family {
        Family::Gaussian => along(table, &Gaussian, &Folds::Random(ask.folds), ask),
        Family::Logistic => along(table, &Logistic, &Folds::Stratified(ask.folds), ask),
        Family::Poisson => along(table, &Poisson, &Folds::Random(ask.folds), ask),
    }
}

fn along<D: Datafit>(
    table: &Table,
    datafit: &D,
    folds: &Folds,
    ask: &Ask<'_>,
) -> Result<Solved, Error> {
    let problem = Problem::new(Design::from_rows(&table.x, table.features.len())?, &table.y);
    let (mix, settings) = (Mix(ask.ratio), &ask.settings);
    let found = fit(&problem, datafit, &mix, ask.lambdas, settings, (folds, ask.seed))?;
    let costs = |fit: &Fit| criteria(&problem, datafit, &mix, fit, settings, Fraction::ZERO);
    let costs = found.path.fits.iter().map(costs).collect::<Result<Vec<_>, Error>>()?;
    let (df, bic) = costs.iter().map(|cost| (cost.df, cost.bic)).unzip();
    let mut solved = begin(found, df);
    let mut closed = None;
    if datafit.is_quadratic() && ask.ratio == Fraction::ZERO {
        let path = ridge::fit(&problem, &Lambdas::List(solved.curve.lambdas.clone()), settings)?;
        solved.take(&path);
        closed = Some(path);
    }
    let best = |of: fn(&RidgePath) -> Option<usize>| closed.as_ref().and_then(of).unwrap_or(0);
    solved.selected = match ask.select {
        Select::Min => solved.curve.min,
        Select::OneSe => solved.curve.one_se,
        Select::Loo => best(RidgePath::best_leave_one_out),
        Select::Gcv => best(RidgePath::best_gcv),
        Select::Bic => lowest(&bic, &solved.curve.lambdas),
    };
    Ok(solved.warned())
}

fn begin(found: CrossValidated, df: Vec<f64>) -> Solved {
    let CrossValidated { path, curve } = found;
    let solver = format!("{:?}", path.solver);
    let warnings = curve.warnings.iter().map(ToString::to_string).collect();
    Solved { selected: curve.min, fits: path.fits, df, curve, solver, warnings }
}

/// Place of the smallest cost; of equal ones the larger λ.
fn lowest(costs: &[f64], lambdas: &[f64]) -> usize {
    let order = |a: &usize, b: &usize| {
        costs[*a].total_cmp(&costs[*b]).then(lambdas[*b].total_cmp(&lambdas[*a]))
    };
    (0..costs.len()).min_by(order).unwrap_or(0)
}

impl Solved {
    /// Takes the closed form's coefficients, which need no iterations and no gap.
    fn take(&mut self, path: &RidgePath) {
        for ((fit, df), exact) in self.fits.iter_mut().zip(&mut self.df).zip(&path.fits) {
            fit.coefficients.clone_from(&exact.coefficients);
            (fit.intercept, *df) = (exact.intercept, exact.df);
            (fit.gap, fit.converged) = (None, true);
        }
        self.solver = format!("ClosedForm{:?}", path.method);
    }

    fn warned(mut self) -> Self {
        let stuck = self.fits.iter().filter(|fit| !fit.converged).count();
        if stuck > 0 {
            self.warnings.push(format!("{stuck} fits of the path did not reach the tolerance"));
        }
        self
    }
}
