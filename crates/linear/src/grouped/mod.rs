//! Coefficients that become zero together, and several outputs or classes at once: group lasso,
//! sparse group lasso, multi-task lasso, multinomial regression.

mod block;
mod coordinates;
mod groups;
mod model;
mod multinomial;
mod outputs;
mod products;
mod solve;

pub use groups::{Group, Groups};
pub use multinomial::Multinomial;
pub use outputs::{Multivariate, Outputs, Single};

use crate::error::check_len;
use crate::path::Lambdas;
use crate::prepared::Prepared;
use crate::{Design, Error, Problem, Settings};
use solve::Solver;

/// Features, K targets for each sample (one sample after the other), and sample weights.
#[derive(Debug, Clone, Copy)]
pub struct GroupedProblem<'a> {
    /// X.
    pub design: Design<'a>,
    /// Targets, K for each row of X.
    pub targets: &'a [f64],
    /// As in [`Problem`].
    pub weights: Option<&'a [f64]>,
}

/// A fit at one λ.
#[derive(Debug, Clone, PartialEq)]
pub struct GroupedFit {
    /// Strength of the penalty, beside the mean loss.
    pub lambda: f64,
    /// b of each output; 0 without an intercept.
    pub intercepts: Vec<f64>,
    /// w of each output, on the original scale of the features.
    pub coefficients: Vec<Vec<f64>>,
    /// Mean loss plus penalty.
    pub objective: f64,
    /// No coefficients have an objective below `objective` - `gap`.
    pub gap: f64,
    /// Largest distance of a group from its optimality (KKT) condition.
    pub kkt: f64,
    /// Whether the tolerance was reached.
    pub converged: bool,
    /// Newton steps.
    pub passes: usize,
}

/// Fits along λ.
#[derive(Debug, Clone, PartialEq)]
pub struct GroupedPath {
    /// A fit for each λ, in the order of the λ.
    pub fits: Vec<GroupedFit>,
    /// The smallest λ at which all penalized groups are zero; infinite where there is none.
    pub lambda_max: f64,
    /// Objective of the model without penalized groups.
    pub null_objective: f64,
}

/// Minimizes mean loss + λ Σ_g penalty of group g for each λ.
///
/// The loss is that of `outputs`; penalties see coefficients times the standard deviation of their
/// feature where `settings` standardize. Factors multiply the penalty of a feature's group.
///
/// # Errors
/// As [`crate::path::fit`]; [`Error::Settings`] for groups that are no partition of the
/// coefficients, and for bounds.
///
/// # Example
/// ```
/// use wellfit_core::number::Fraction;
/// use wellfit_linear::datafit::Gaussian;
/// use wellfit_linear::grouped::{self, GroupedProblem, Groups, Single};
/// use wellfit_linear::{Design, Lambdas, Settings};
///
/// let x = [1.0, 0.0, 0.3, 2.0, 1.0, 0.1, 3.0, 0.0, 0.2, 4.0, 1.0, 0.4, 5.0, 2.0, 0.3];
/// let problem = GroupedProblem {
///     design: Design::from_rows(&x, 3)?,
///     targets: &[1.0, 2.5, 3.0, 4.5, 6.0],
///     weights: None,
/// };
/// let groups = Groups::of_features(&[vec![0, 1], vec![2]], Fraction::ZERO);
/// let lambdas = Lambdas::List(vec![0.5]);
/// let path = grouped::fit(&problem, &Single(Gaussian), &groups, &lambdas, &Settings::default())?;
/// let w = &path.fits[0].coefficients[0];
/// assert!(w[0] != 0.0 && w[1] != 0.0 && w[2] == 0.0);
/// # Ok::<(), wellfit_linear::Error>(())
/// ```
pub fn fit<O: Outputs>(
    problem: &GroupedProblem<'_>,
    outputs: &O,
    groups: &Groups,
    lambdas: &Lambdas,
    settings: &Settings,
) -> Result<GroupedPath, Error> {
    let (rows, features) = (problem.design.rows(), problem.design.cols());
    let count = outputs.count();
    check_len("targets", rows * count, problem.targets.len())?;
    crate::error::check("targets", "finite numbers", problem.targets, f64::is_finite)?;
    groups.check(features, count)?;
    if settings.bounds.is_some() {
        let why = "bounds: expected none for groups and several outputs".to_owned();
        return Err(Error::Settings { why });
    }
    // The target of a plain problem is not looked at; any column does.
    let first: Vec<f64> = problem.targets.chunks(count).map(|row| row[0]).collect();
    let plain = Problem { design: problem.design, target: &first, weights: problem.weights };
    let prepared = Prepared::new(&plain, settings)?;
    let groups = groups.times(&prepared.factors);
    let kept = plain.counted().0;
    let targets: Vec<f64> = kept
        .iter()
        .flat_map(|&row| problem.targets[row * count..(row + 1) * count].iter().copied())
        .collect();
    outputs.check(&targets, &prepared.weights)?;
    let mut solver = Solver::new(&prepared, outputs, &groups, targets);
    let lambda_max = solver.lambda_max();
    let top = if lambda_max.is_finite() { lambda_max } else { 1e3 * solver.largest_slope() };
    let lambdas = lambdas.values(top, kept.len(), features)?;
    let null_objective = solver.null;
    let gap = settings.tolerance.get() * null_objective;
    let fit = |&lambda: &f64| solver.fit(lambda, gap, settings.max_passes);
    Ok(GroupedPath { fits: lambdas.iter().map(fit).collect(), lambda_max, null_objective })
}
