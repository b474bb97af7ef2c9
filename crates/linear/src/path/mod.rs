//! The whole path of solutions, from the λ where everything is zero down to weak penalties.

mod gaussian;
mod general;
mod lambdas;
mod raw;

pub use lambdas::Lambdas;

use crate::datafit::Datafit;
use crate::penalty::{Family, Terms};
use crate::prepared::Prepared;
use crate::solver::Stop;
use crate::{Error, Problem, Settings};
use gaussian::Gaussian;
use general::General;
use raw::Raw;

/// A fit at one λ.
#[derive(Debug, Clone, PartialEq)]
pub struct Fit {
    /// Strength of the penalty, beside the mean loss. The textbook's ridge λ is n times this.
    pub lambda: f64,
    /// b, on the original scale; 0 without an intercept.
    pub intercept: f64,
    /// w, on the original scale of the features.
    pub coefficients: Vec<f64>,
    /// Mean loss plus penalty.
    pub objective: f64,
    /// Duality gap: no coefficients have an objective below `objective` - `gap`. `None` for
    /// penalties that know no conjugate.
    pub gap: Option<f64>,
    /// Largest distance of a feature from its optimality (KKT) condition, in units of the gradient
    /// with respect to the coefficients that the penalty sees.
    pub kkt: f64,
    /// Whether the tolerance was reached.
    pub converged: bool,
    /// Passes of the solver.
    pub passes: usize,
}

impl Fit {
    /// Number of coefficients that are not zero.
    pub fn nonzero(&self) -> usize {
        self.coefficients.iter().filter(|w| **w != 0.0).count()
    }
}

/// Which solver a path ran with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Solver {
    /// Least squares through the Gram matrix of all features.
    WholeGram,
    /// Least squares through a Gram matrix that grows with the features in use.
    WorkingSet,
    /// Proximal Newton on the features in use.
    ProximalNewton,
    /// Least squares from sums, without the rows.
    Moments,
}

/// Fits along λ.
#[derive(Debug, Clone, PartialEq)]
pub struct Path {
    /// A fit for each λ, in the order of the λ.
    pub fits: Vec<Fit>,
    /// The smallest λ at which all penalized coefficients are zero; infinite where there is none.
    pub lambda_max: f64,
    /// Objective of the model without penalized features, of which the tolerance is a share.
    pub null_objective: f64,
    /// How it was done.
    pub solver: Solver,
}

impl Path {
    /// Places of fits that did not reach the tolerance.
    pub fn unconverged(&self) -> Vec<usize> {
        (0..self.fits.len()).filter(|&at| !self.fits[at].converged).collect()
    }
}

/// Minimizes mean loss + penalty for each λ.
///
/// Σ_i ω_i ℓ(y_i, x_i'w + b) + Σ_j f_j p_λ(s_j w_j), with sample weights ω that add up to 1,
/// penalty factors f, and s_j the standard deviation of feature j (1 if it is not to be
/// standardized). Each fit starts from the one before.
///
/// # Errors
/// [`Error`] when the problem has no samples or features, holds missing values, or settings do not
/// fit it. Not reaching the tolerance is no error: each [`Fit`] says so.
///
/// # Example
/// ```
/// use wellfit_core::number::Fraction;
/// use wellfit_linear::{Design, Lambdas, Problem, Settings, datafit::Gaussian, path, penalty::Mix};
///
/// let x = Design::from_rows(&[1.0, 0.0, 2.0, 1.0, 3.0, 0.0, 4.0, 1.0], 2)?;
/// let problem = Problem::new(x, &[1.0, 2.0, 3.0, 4.0]);
/// let lasso = Mix(Fraction::new(1.0)?);
/// let path = path::fit(&problem, &Gaussian, &lasso, &Lambdas::default(), &Settings::default())?;
/// assert_eq!(path.fits[0].nonzero(), 0);
/// assert!((path.fits[99].coefficients[0] - 1.0).abs() < 1e-3);
/// # Ok::<(), wellfit_linear::Error>(())
/// ```
pub fn fit<D: Datafit, F: Family>(
    problem: &Problem<'_>,
    datafit: &D,
    family: &F,
    lambdas: &Lambdas,
    settings: &Settings,
) -> Result<Path, Error> {
    let prepared = Prepared::new(problem, settings)?;
    datafit.check(&prepared.target, &prepared.weights)?;
    if datafit.is_quadratic() && !prepared.columns.are_thin() {
        let start = Gaussian::new(&prepared);
        return along(&prepared, family, lambdas, settings, start);
    }
    along(&prepared, family, lambdas, settings, General::new(&prepared, datafit))
}

/// What can follow λ from where only unpenalized features are fitted.
trait Follow {
    fn slopes(&self) -> &[f64];
    fn null(&self) -> f64;
    fn follow<F: Family>(&mut self, family: &F, lambdas: &[f64], stop: Stop) -> (Vec<Raw>, Solver);
}

impl<D: Datafit> Follow for General<'_, D> {
    fn slopes(&self) -> &[f64] {
        self.slopes()
    }

    fn null(&self) -> f64 {
        self.null
    }

    fn follow<F: Family>(&mut self, family: &F, lambdas: &[f64], stop: Stop) -> (Vec<Raw>, Solver) {
        (self.run(family, lambdas, stop), Solver::ProximalNewton)
    }
}

impl Follow for Gaussian<'_> {
    fn slopes(&self) -> &[f64] {
        self.slopes()
    }

    fn null(&self) -> f64 {
        self.null
    }

    fn follow<F: Family>(&mut self, family: &F, lambdas: &[f64], stop: Stop) -> (Vec<Raw>, Solver) {
        let solver = if self.is_whole() { Solver::WholeGram } else { Solver::WorkingSet };
        (self.run_all(family, lambdas, stop), solver)
    }
}

fn along<F: Family>(
    prepared: &Prepared,
    family: &F,
    lambdas: &Lambdas,
    settings: &Settings,
    mut path: impl Follow,
) -> Result<Path, Error> {
    let (rules, null) = ((&prepared.factors[..], &prepared.bounds[..]), path.null());
    let lambda_max = lambda_max(rules, family, path.slopes());
    let shape = (prepared.weights.len(), prepared.features());
    let lambdas = grid(rules, family, lambdas, lambda_max, (path.slopes(), shape))?;
    let (raws, solver) = path.follow(family, &lambdas, Stop::of(settings, null));
    let fits = raws.iter().map(|raw| raw.finish(prepared)).collect();
    Ok(Path { fits, lambda_max, null_objective: null, solver })
}

/// Penalty factors and bounds of each feature.
type Rules<'a> = (&'a [f64], &'a [(f64, f64)]);

/// The largest of the λ that keep each feature at zero.
pub(crate) fn lambda_max<F: Family>(
    (factors, bounds): Rules<'_>,
    family: &F,
    slopes: &[f64],
) -> f64 {
    let needed = |j: usize| {
        let (low, high) = bounds[j];
        let held = if slopes[j] > 0.0 { high == 0.0 } else { low == 0.0 };
        if held || factors[j] == 0.0 {
            0.0
        } else {
            family.lambda_max(slopes[j].abs() / factors[j])
        }
    };
    (0..slopes.len()).map(needed).fold(0.0, f64::max)
}

/// The λ of the path; where no λ gives zeros, the grid begins where a ratio of .001 would, as in
/// glmnet.
pub(crate) fn grid<F: Family>(
    (factors, bounds): Rules<'_>,
    family: &F,
    lambdas: &Lambdas,
    lambda_max: f64,
    (slopes, (rows, cols)): (&[f64], (usize, usize)),
) -> Result<Vec<f64>, Error> {
    if lambda_max.is_infinite() {
        let penalized = slopes.iter().zip(factors).filter(|(_, factor)| **factor > 0.0);
        let top = penalized.map(|(slope, factor)| slope.abs() / factor).fold(0.0, f64::max);
        return lambdas.values(1e3 * top, rows, cols);
    }
    let mut values = lambdas.values(lambda_max, rows, cols)?;
    if matches!(lambdas, Lambdas::List(_)) {
        return Ok(values);
    }
    // Last bits are raised until the zeros there are exact.
    let zeros = |lambda: f64| {
        let penalty = family.at(lambda);
        let terms = Terms { penalty: &penalty, factors, bounds };
        let mut penalized = (0..slopes.len()).filter(|&j| factors[j] > 0.0);
        penalized.all(|j| terms.distance(j, 0.0, -slopes[j]) == 0.0)
    };
    for _ in 0..8 {
        if zeros(values[0]) {
            break;
        }
        values[0] = values[0].next_up();
    }
    Ok(values)
}
