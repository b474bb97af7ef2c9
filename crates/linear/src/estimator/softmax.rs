//! Multinomial (softmax) regression of several classes.

use crate::grouped::{self, GroupedFit, GroupedProblem, Groups, Multinomial, Outputs};
use crate::{Design, Error, Lambdas, Settings};
use wellfit_core::number::{Fraction, NonNegative};

/// Softmax regression with λ (r Σ |w| + (1 - r)/2 Σ w²) over all classes' coefficients.
#[derive(Debug, Clone, PartialEq)]
pub struct Softmax {
    /// λ.
    pub lambda: NonNegative,
    /// r.
    pub ratio: Fraction,
    /// Whether a feature is used by all classes or by none: r Σ_j ||w_j|| instead of r Σ |w|.
    pub together: bool,
    /// Intercept, standardization, factors.
    pub settings: Settings,
}

impl Softmax {
    /// A regression in which each class has its own features.
    ///
    /// # Errors
    /// [`Error::Number`] when `lambda` is negative or not finite, or `ratio` outside [0, 1].
    pub fn new(lambda: f64, ratio: f64) -> Result<Self, Error> {
        let (lambda, ratio) = (NonNegative::new(lambda)?, Fraction::new(ratio)?);
        Ok(Self { lambda, ratio, together: false, settings: Settings::default() })
    }

    /// Fits classes 0, 1, .. up to the largest label.
    ///
    /// # Errors
    /// As [`grouped::fit`]; also when a class has no sample.
    pub fn fit<'a>(
        &self,
        x: impl Into<Design<'a>>,
        labels: &[usize],
    ) -> Result<FittedSoftmax, Error> {
        let design = x.into();
        let classes = labels.iter().max().map_or(0, |largest| largest + 1);
        if classes < 2 {
            let why = format!("target: expected two classes or more, found {classes}");
            return Err(Error::Nothing { why });
        }
        let outputs = Multinomial(classes);
        let labels: Vec<f64> = labels.iter().map(|&label| label as f64).collect();
        let targets = outputs.targets(&labels)?;
        let problem = GroupedProblem { design, targets: &targets, weights: None };
        let groups = match self.together {
            true => Groups::rows(design.cols(), classes, self.ratio),
            false => Groups::single(design.cols(), classes, self.ratio),
        };
        let lambdas = Lambdas::List(vec![self.lambda.get()]);
        let mut path = grouped::fit(&problem, &outputs, &groups, &lambdas, &self.settings)?;
        Ok(FittedSoftmax { fit: path.fits.swap_remove(0) })
    }
}

/// A softmax regression that was fitted.
#[derive(Debug, Clone, PartialEq)]
pub struct FittedSoftmax {
    /// Coefficients of each class, and how well they are known.
    pub fit: GroupedFit,
}

impl FittedSoftmax {
    /// Probabilities of each class (inner) for each row.
    ///
    /// # Errors
    /// [`Error::Length`] when `x` has other features.
    pub fn predict<'a>(&self, x: impl Into<Design<'a>>) -> Result<Vec<Vec<f64>>, Error> {
        let design = x.into();
        let etas: Result<Vec<Vec<f64>>, Error> = (self.fit.coefficients.iter())
            .zip(&self.fit.intercepts)
            .map(|(w, b)| design.times(w, *b))
            .collect();
        let etas = etas?;
        let outputs = Multinomial(etas.len());
        let probabilities = |row: usize| {
            let eta: Vec<f64> = etas.iter().map(|eta| eta[row]).collect();
            let mut p = vec![0.0; eta.len()];
            // What is left of a target of zeros is minus the probability.
            outputs.residual(&vec![0.0; eta.len()], &eta, &mut p);
            p.iter().map(|p| -p).collect()
        };
        Ok((0..design.rows()).map(probabilities).collect())
    }

    /// The most probable class of each row.
    ///
    /// # Errors
    /// As [`Self::predict`].
    pub fn classify<'a>(&self, x: impl Into<Design<'a>>) -> Result<Vec<usize>, Error> {
        let best = |p: &Vec<f64>| (0..p.len()).max_by(|&a, &b| p[a].total_cmp(&p[b])).unwrap_or(0);
        Ok(self.predict(x)?.iter().map(best).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_that_lie_apart_are_told_apart() {
        let x = [0.0, 0.2, 0.1, -0.1, 5.0, 0.1, 5.2, -0.2, 0.1, 4.9, -0.1, 5.1];
        let x = Design::from_rows(&x, 2).unwrap();
        let labels = [0, 0, 1, 1, 2, 2];
        for together in [false, true] {
            let model = Softmax { together, ..Softmax::new(0.01, 0.5).unwrap() };
            let model = model.fit(x, &labels).unwrap();
            assert!(model.fit.converged);
            assert_eq!(model.classify(x).unwrap(), labels);
            let sums = model.predict(x).unwrap();
            assert!(sums.iter().all(|p| (p.iter().sum::<f64>() - 1.0).abs() < 1e-14));
        }
        assert!(Softmax::new(0.1, 1.0).unwrap().fit(x, &[0; 6]).is_err());
        assert!(Softmax::new(0.1, 1.0).unwrap().fit(x, &[0, 0, 0, 2, 2, 2]).is_err());
    }
}
