//! The three ways to a path: closed form, one output by rows, several classes.

use super::solve::{Ask, Point, Solved};
use super::table::Table;
use wellfit_core::number::{Fraction, Positive};
use wellfit_linear::criterion::{self, Criteria};
use wellfit_linear::cross_validation::{self, Curve, Folds};
use wellfit_linear::datafit::Datafit;
use wellfit_linear::grouped::{GroupedProblem, Groups, Multinomial};
use wellfit_linear::penalty::Mix;
use wellfit_linear::ridge::RidgePath;
use wellfit_linear::{Design, Error, Fit, Problem, Settings};

/// Non-zeros up to which degrees of freedom, a cube of them for each λ, are worth their time.
const MOST: usize = 500;

/// Tolerance for several classes, whose Newton steps are dear: a share of the deviance without
/// features, as for the others.
const CLASSES: f64 = 1e-8;

/// Ridge with a target of numbers: exact, with leave-one-out and GCV for nothing.
pub fn by_ridge(table: &Table, ask: &Ask) -> Result<Solved, Error> {
    let problem = Problem::new(design(table)?, &table.y);
    let folds = Folds::Random(ask.folds);
    let (lambdas, settings) = (&ask.lambdas, &ask.settings);
    let (path, curve) = cross_validation::ridge(&problem, lambdas, settings, (&folds, ask.seed))?;
    let RidgePath { fits, method } = &path;
    let n = table.y.len() as f64;
    let each = |of: &dyn Fn(usize) -> f64| (0..fits.len()).map(of).collect::<Vec<_>>();
    let others = vec![
        ("loo", each(&|at| fits[at].leave_one_out)),
        ("gcv", each(&|at| fits[at].gcv)),
        ("bic", each(&|at| n * fits[at].mse.ln() + n.ln() * fits[at].df)),
    ];
    let point = |at: usize| Point {
        lambda: fits[at].lambda,
        intercepts: vec![fits[at].intercept],
        coefficients: vec![fits[at].coefficients.clone()],
        gap: None,
        converged: true,
    };
    let points = (0..fits.len()).map(point).collect();
    let solver = format!("closed form ({method:?})");
    Ok(begin(points, each(&|at| fits[at].df), (curve, others), solver, table))
}

/// One output.
pub fn by_rows<D: Datafit>(table: &Table, datafit: &D, ask: &Ask) -> Result<Solved, Error> {
    let problem = Problem::new(design(table)?, &table.y);
    let folds = match table.classes.is_empty() {
        true => Folds::Random(ask.folds),
        false => Folds::Stratified(ask.folds),
    };
    let (mix, settings) = (Mix(ask.ratio), &ask.settings);
    let found =
        cross_validation::fit(&problem, datafit, &mix, &ask.lambdas, settings, (&folds, ask.seed))?;
    let fits = &found.path.fits;
    let some = fits.iter().filter(|fit| fit.nonzero() <= MOST).cloned().collect::<Vec<Fit>>();
    let costs = criterion::along(&problem, datafit, &mix, &some, settings, Fraction::ZERO)?;
    let mut costs = costs.iter();
    let unknown = Criteria { df: f64::NAN, misfit: 0.0, aic: 0.0, bic: f64::NAN, ebic: 0.0 };
    let cost = |fit: &Fit| if fit.nonzero() <= MOST { costs.next() } else { None };
    let costs: Vec<Criteria> =
        fits.iter().map(cost).map(|cost| cost.copied().unwrap_or(unknown)).collect();
    let df = costs.iter().map(|cost| cost.df).collect();
    let others = vec![("bic", costs.iter().map(|cost| cost.bic).collect())];
    let solver = match format!("{:?}", found.path.solver).as_str() {
        "WholeGram" => "coordinate descent on the whole Gram matrix",
        "WorkingSet" => "working set",
        "ProximalNewton" => "proximal Newton",
        _ => "sums",
    };
    let points = fits.iter().map(Point::from).collect();
    Ok(begin(points, df, (found.curve, others), solver.to_owned(), table))
}

/// Several classes; df counts what is not zero.
pub fn by_classes(table: &Table, ask: &Ask) -> Result<Solved, Error> {
    let (design, classes) = (design(table)?, table.classes.len());
    let outputs = Multinomial(classes);
    let targets = outputs.targets(&table.y)?;
    let problem = GroupedProblem { design, targets: &targets, weights: None };
    let groups = Groups::single(table.features.len(), classes, ask.ratio);
    let folds = Folds::Stratified(ask.folds);
    let tolerance = Positive::new(CLASSES)?;
    let (lambdas, settings) = (&ask.lambdas, &Settings { tolerance, ..ask.settings.clone() });
    let folds = (&folds, &table.y[..], ask.seed);
    let (path, curve) =
        cross_validation::outputs(&problem, &outputs, &groups, lambdas, settings, folds)?;
    let point = |fit: &wellfit_linear::grouped::GroupedFit| Point {
        lambda: fit.lambda,
        intercepts: fit.intercepts.clone(),
        coefficients: fit.coefficients.clone(),
        gap: Some(fit.gap),
        converged: fit.converged,
    };
    let points: Vec<Point> = path.fits.iter().map(point).collect();
    let nonzero = |point: &Point| {
        let all = point.coefficients.iter().flatten();
        // A shift of all intercepts changes nothing.
        let free = if settings.intercept { classes - 1 } else { 0 };
        (free + all.filter(|w| **w != 0.0).count()) as f64
    };
    let df = points.iter().map(nonzero).collect();
    Ok(begin(points, df, (curve, vec![]), "Newton on blocks".to_owned(), table))
}

fn design(table: &Table) -> Result<Design<'_>, Error> {
    Design::from_rows(&table.x, table.features.len())
}

fn begin(
    points: Vec<Point>,
    df: Vec<f64>,
    (curve, others): (Curve, Vec<(&'static str, Vec<f64>)>),
    solver: String,
    table: &Table,
) -> Solved {
    let (warnings, rows) = (vec![], table.y.len());
    Solved { points, df, selected: curve.min, curve, others, solver, warnings, rows }
}
