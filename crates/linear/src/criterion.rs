//! AIC, BIC and EBIC: choosing λ from one fit for each, without folds.

use crate::datafit::Datafit;
use crate::path::Fit;
use crate::penalty::Family;
use crate::prepared::Prepared;
use crate::solver::Block;
use crate::{Error, Problem, Settings};
use faer::linalg::solvers::DenseSolveCore;
use faer::{Mat, Side};
use wellfit_core::number::Fraction;

/// What a fit costs by three criteria; smaller is better.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Criteria {
    /// Effective number of parameters, with 1 for the intercept.
    pub df: f64,
    /// -2 log-likelihood, up to a constant that all λ share: n log(mean squared error) for least
    /// squares with unknown variance, n times the mean deviance for the others.
    pub misfit: f64,
    /// misfit + 2 df.
    ///
    /// # Paper
    /// Akaike 1974, *A new look at the statistical model identification*.
    pub aic: f64,
    /// misfit + log(n) df.
    ///
    /// # Paper
    /// Schwarz 1978, *Estimating the dimension of a model*.
    pub bic: f64,
    /// BIC + 2γ log of the number of models of this size.
    ///
    /// # Paper
    /// Chen & Chen 2008, *Extended Bayesian information criteria for model selection with large
    /// model spaces*.
    pub ebic: f64,
}

/// The criteria of one fit of a path; `gamma` is EBIC's γ.
///
/// Degrees of freedom are the trace of H (H + P'')^-1 over the features in use, for the curvature H
/// of the loss and P'' of the penalty: the number of non-zeros for the lasso (Zou, Hastie &
/// Tibshirani 2007; the rank, where columns depend on each other), less for the elastic net.
/// Coefficients at a bound count nothing. The penalty must know its curvature, else it counts as 0.
///
/// # Errors
/// As [`crate::path::fit`].
pub fn criteria<D: Datafit, F: Family>(
    problem: &Problem<'_>,
    datafit: &D,
    family: &F,
    fit: &Fit,
    settings: &Settings,
    gamma: Fraction,
) -> Result<Criteria, Error> {
    let mut all = along(problem, datafit, family, std::slice::from_ref(fit), settings, gamma)?;
    Ok(all.swap_remove(0))
}

/// The same for each fit of a path, which shares the preparation of the features.
///
/// # Errors
/// As [`criteria`].
pub fn along<D: Datafit, F: Family>(
    problem: &Problem<'_>,
    datafit: &D,
    family: &F,
    fits: &[Fit],
    settings: &Settings,
    gamma: Fraction,
) -> Result<Vec<Criteria>, Error> {
    let prepared = Prepared::new(problem, settings)?;
    let n = prepared.weights.len() as f64;
    let of = |fit: &Fit| {
        let deviance = crate::cross_validation::deviance(problem, datafit, fit)?;
        let misfit = if datafit.is_quadratic() { n * deviance.ln() } else { n * deviance };
        let df = degrees_of_freedom(problem, &prepared, datafit, family, fit)?;
        let intercept = f64::from(u8::from(settings.intercept));
        let bic = misfit + n.ln() * df;
        let models = log_choose(problem.design.cols() as f64, df - intercept);
        let ebic = bic + 2.0 * gamma.get() * models;
        Ok(Criteria { df, misfit, aic: misfit + 2.0 * df, bic, ebic })
    };
    fits.iter().map(of).collect()
}

fn degrees_of_freedom<D: Datafit, F: Family>(
    problem: &Problem<'_>,
    prepared: &Prepared,
    datafit: &D,
    family: &F,
    fit: &Fit,
) -> Result<f64, Error> {
    let eta = problem.design.times(&fit.coefficients, fit.intercept)?;
    let rows = problem.counted().0;
    let curvature =
        |(&row, w): (&usize, &f64)| w * datafit.curvature(problem.target[row], eta[row]);
    let h: Vec<f64> = rows.iter().zip(&prepared.weights).map(curvature).collect();
    let penalty = family.at(fit.lambda);
    let terms = prepared.terms(&penalty);
    let mut block = Block::new(&prepared.columns, &h, prepared.intercept);
    let mut bends = vec![];
    for (j, w) in fit.coefficients.iter().enumerate() {
        let scaled = w * prepared.columns.scale[j];
        let (low, high) = prepared.bounds[j];
        let unpenalized = prepared.factors[j] == 0.0 && !prepared.is_fixed(j);
        if (*w != 0.0 || unpenalized) && scaled > low && scaled < high {
            block.push(&prepared.columns, j);
            bends.push(terms.curvature(j, scaled).unwrap_or(0.0));
        }
    }
    let intercept = f64::from(u8::from(prepared.intercept));
    if bends.is_empty() {
        return Ok(intercept);
    }
    Ok(intercept + trace(block.products(0), &bends)?)
}

/// tr H (H + diag bends)^-1.
pub(crate) fn trace(h: Mat<f64>, bends: &[f64]) -> Result<f64, Error> {
    let size = bends.len();
    let failed = |_| Error::Decomposition { what: "eigendecomposition", rows: size, cols: size };
    let values = h.self_adjoint_eigenvalues(Side::Lower).map_err(failed)?;
    let largest = values.iter().copied().fold(0.0, f64::max);
    let rank = values.iter().filter(|v| **v > 1e-12 * largest * size as f64).count();
    if bends.iter().all(|bend| *bend == 0.0) {
        return Ok(rank as f64);
    }
    let mut sum = h.clone();
    bends.iter().enumerate().for_each(|(k, bend)| sum[(k, k)] += bend);
    match sum.llt(Side::Lower) {
        Ok(factor) => {
            let inverse = factor.inverse();
            Ok((0..size).map(|k| 1.0 - bends[k] * inverse[(k, k)]).sum())
        }
        Err(_) => Ok(rank as f64),
    }
}

/// log of the binomial coefficient, by Stirling's series for log Γ.
fn log_choose(n: f64, k: f64) -> f64 {
    let k = k.clamp(0.0, n);
    log_gamma(n + 1.0) - log_gamma(k + 1.0) - log_gamma(n - k + 1.0)
}

/// log Γ(x) for x >= 1: the recurrence up to 10, then Stirling's series, to about 1e-13.
fn log_gamma(mut x: f64) -> f64 {
    let mut shift = 0.0;
    while x < 10.0 {
        shift += x.ln();
        x += 1.0;
    }
    let (r, half_log_tau) = (x.recip(), 0.918_938_533_204_672_8);
    let series = r / 12.0 - r.powi(3) / 360.0 + r.powi(5) / 1260.0 - r.powi(7) / 1680.0;
    (x - 0.5) * x.ln() - x + half_log_tau + series - shift
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::datafit::Gaussian;
    use crate::penalty::Mix;
    use crate::{Design, Lambdas};
    use wellfit_core::seed::Seed;

    #[test]
    fn binomials_are_those_of_pascal() {
        for (n, k, expected) in [(5.0, 2.0, 10.0), (10.0, 0.0, 1.0), (30.0, 15.0, 155_117_520.0)] {
            let expected: f64 = expected;
            assert!((log_choose(n, k) - expected.ln()).abs() < 1e-10, "{n} {k}");
        }
    }

    /// For ridge, df must equal the closed form's trace; for the lasso, the non-zeros.
    #[test]
    fn degrees_of_freedom_are_the_trace() {
        let mut draw = Seed::new(3).stream("criterion").step(0);
        let x: Vec<f64> = (0..120).map(|_| draw.standard_normal()).collect();
        let y: Vec<f64> = (0..30).map(|i| 2.0 * x[4 * i] + draw.standard_normal()).collect();
        let problem = Problem::new(Design::from_rows(&x, 4).unwrap(), &y);
        let tolerance = wellfit_core::number::Positive::new(1e-20).unwrap();
        let settings = Settings { tolerance, ..Settings::default() };
        let half = Fraction::new(0.5).unwrap();
        let list = Lambdas::List(vec![0.3]);
        let ridge = crate::ridge::fit(&problem, &list, &settings).unwrap();
        let of = |ratio: f64| {
            let mix = Mix(Fraction::new(ratio).unwrap());
            let path = crate::path::fit(&problem, &Gaussian, &mix, &list, &settings).unwrap();
            let fit = path.fits[0].clone();
            (criteria(&problem, &Gaussian, &mix, &fit, &settings, half).unwrap(), fit)
        };
        let (found, _) = of(0.0);
        assert!((found.df - ridge.fits[0].df).abs() < 1e-10);
        assert!((found.misfit - 30.0 * ridge.fits[0].mse.ln()).abs() < 1e-10);
        let (found, fit) = of(1.0);
        assert_eq!(found.df, 1.0 + fit.nonzero() as f64);
        assert!((found.aic - found.misfit - 2.0 * found.df).abs() < 1e-12);
        assert!((found.bic - found.misfit - 30.0_f64.ln() * found.df).abs() < 1e-12);
        let models = log_choose(4.0, fit.nonzero() as f64);
        assert!((found.ebic - found.bic - models).abs() < 1e-12);
    }
}
