//! Errors of folds along λ, and which λ they speak for.

/// Why a chosen λ should be looked at twice.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Warning {
    /// The smallest error is at an end of the λ that were tried: a better one may lie beyond.
    Edge {
        /// The λ there.
        lambda: f64,
        /// Whether it is the largest that was tried.
        largest: bool,
    },
    /// Fits of a fold did not reach the tolerance.
    Unconverged {
        /// The fold, from 0.
        fold: usize,
        /// How many λ.
        count: usize,
    },
}

impl std::fmt::Display for Warning {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Edge { lambda, largest } => {
                let (which, beyond) =
                    if *largest { ("largest", "larger") } else { ("smallest", "smaller") };
                write!(
                    to,
                    "the best lambda, {}, is the {which} that was tried; try {beyond} ones",
                    short(*lambda)
                )
            }
            Self::Unconverged { fold, count } => {
                write!(to, "fold {fold}: {count} fits did not reach the tolerance")
            }
        }
    }
}

/// A number with six digits, as people read it.
fn short(value: f64) -> String {
    let size = value.abs();
    match size {
        0.0 => "0".to_owned(),
        _ if !(1e-4..1e7).contains(&size) => format!("{value:.5e}"),
        _ => format!("{value:.*}", (5.0 - size.log10().floor()).clamp(0.0, 9.0) as usize),
    }
}

/// Cross-validated error along λ.
#[derive(Debug, Clone, PartialEq)]
pub struct Curve {
    /// The λ.
    pub lambdas: Vec<f64>,
    /// Mean error for each λ: the deviance, which is the squared error for least squares, weighted
    /// by the samples.
    pub mean: Vec<f64>,
    /// Standard error of each mean, from the spread between folds.
    pub se: Vec<f64>,
    /// Error of each fold (rows) at each λ.
    pub folds: Vec<Vec<f64>>,
    /// Place of the smallest mean; of equal ones the larger λ.
    pub min: usize,
    /// Place of the largest λ whose mean is within one standard error of the smallest mean.
    pub one_se: usize,
    /// What to look at twice.
    pub warnings: Vec<Warning>,
}

impl Curve {
    /// Puts the errors of folds, which count as `weights` say, together.
    pub(crate) fn new(lambdas: Vec<f64>, folds: Vec<Vec<f64>>, weights: &[f64]) -> Self {
        let total: f64 = weights.iter().sum();
        let average = |values: &dyn Fn(usize) -> f64| -> f64 {
            weights.iter().enumerate().map(|(k, w)| w * values(k)).sum::<f64>() / total
        };
        let mean: Vec<f64> = (0..lambdas.len()).map(|l| average(&|k| folds[k][l])).collect();
        let spread = |l: usize| average(&|k| (folds[k][l] - mean[l]).powi(2));
        let between = (weights.len() - 1).max(1) as f64;
        let se: Vec<f64> = (0..lambdas.len()).map(|l| (spread(l) / between).sqrt()).collect();
        let larger = |a: &usize, b: &usize| lambdas[*b].total_cmp(&lambdas[*a]);
        let places = || 0..lambdas.len();
        let min =
            places().min_by(|a, b| mean[*a].total_cmp(&mean[*b]).then(larger(a, b))).unwrap_or(0);
        let limit = mean[min] + se[min];
        let one_se = places().filter(|&l| mean[l] <= limit).min_by(larger).unwrap_or(min);
        let mut curve = Self { lambdas, mean, se, folds, min, one_se, warnings: vec![] };
        curve.warn_of_edges();
        curve
    }

    fn warn_of_edges(&mut self) {
        let lambda = self.lambdas[self.min];
        let (mut smaller, mut larger) = (false, false);
        for other in &self.lambdas {
            (smaller, larger) = (smaller || *other < lambda, larger || *other > lambda);
        }
        if smaller != larger {
            self.warnings.push(Warning::Edge { lambda, largest: !larger });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_standard_error_means_the_larger_lambda() {
        let folds = vec![vec![3.0, 1.3, 1.0, 1.2], vec![5.0, 1.7, 1.4, 1.2]];
        let curve = Curve::new(vec![8.0, 4.0, 2.0, 1.0], folds.clone(), &[1.0, 1.0]);
        assert_eq!(curve.mean, [4.0, 1.5, 1.2, 1.2]);
        // Equal means: λ = 2 before λ = 1. Its standard error is .2, so that 1.5 is too much.
        assert!((curve.se[2] - 0.2).abs() < 1e-15);
        assert_eq!((curve.min, curve.one_se), (2, 2));
        let folds = vec![vec![3.0, 1.0, 0.8, 1.2], vec![5.0, 1.8, 1.6, 1.4]];
        let curve = Curve::new(vec![8.0, 4.0, 2.0, 1.0], folds, &[1.0, 1.0]);
        assert_eq!((curve.min, curve.one_se), (2, 1));
        // The order of the list does not matter.
        let folds = vec![vec![1.2, 1.0, 0.8, 3.0], vec![1.4, 1.8, 1.6, 5.0]];
        let curve = Curve::new(vec![1.0, 4.0, 2.0, 8.0], folds, &[1.0, 1.0]);
        assert_eq!((curve.min, curve.one_se), (2, 1));
        assert!(curve.warnings.is_empty());
    }

    #[test]
    fn folds_count_by_their_weight() {
        let curve = Curve::new(vec![1.0], vec![vec![1.0], vec![4.0]], &[1.0, 2.0]);
        assert_eq!(curve.mean, [3.0]);
        // (1 · 4 + 2 · 1) / 3 / (2 - 1).
        assert!((curve.se[0] - 2.0_f64.sqrt()).abs() < 1e-15);
        assert!(curve.warnings.is_empty());
    }

    #[test]
    fn an_edge_is_told() {
        let at = |errors: &[f64]| {
            let curve =
                Curve::new(vec![4.0, 2.0, 1.0], vec![errors.to_vec(), errors.to_vec()], &[1.0; 2]);
            curve.warnings.first().map(ToString::to_string)
        };
        assert_eq!(at(&[2.0, 1.0, 3.0]), None);
        let told = "the best lambda, 1.00000, is the smallest that was tried; try smaller ones";
        assert_eq!(at(&[3.0, 2.0, 1.0]).as_deref(), Some(told));
        assert!(at(&[1.0, 2.0, 3.0]).unwrap().contains("the largest that was tried"));
    }
}
