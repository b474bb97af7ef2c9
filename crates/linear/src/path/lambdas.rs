//! The strengths along a path.

use crate::Error;
use crate::error::check;

/// Which λ a path visits.
#[derive(Debug, Clone, PartialEq)]
pub enum Lambdas {
    /// `count` values, evenly spaced in the logarithm from λ_max, the smallest λ at which all
    /// penalized coefficients are zero, down to `ratio` λ_max.
    ///
    /// Without a ratio it is 1e-4, or 1e-2 where there are fewer samples than features, as in
    /// glmnet.
    Grid {
        /// How many, at least 1.
        count: usize,
        /// Smallest over largest, in (0, 1].
        ratio: Option<f64>,
    },
    /// These, in this order.
    List(Vec<f64>),
}

impl Default for Lambdas {
    /// 100 values.
    fn default() -> Self {
        Self::Grid { count: 100, ratio: None }
    }
}

impl Lambdas {
    /// The values for a problem with that λ_max and shape.
    ///
    /// Where nothing correlates with the target, λ_max is 0 and every λ gives zeros: the grid then
    /// begins at 1.
    ///
    /// # Errors
    /// [`Error::Settings`] for an empty grid or a ratio outside (0, 1], [`Error::Values`] for a λ
    /// that is negative or not finite.
    pub fn values(&self, lambda_max: f64, rows: usize, cols: usize) -> Result<Vec<f64>, Error> {
        match self {
            Self::List(values) => {
                let fits = |lambda: f64| lambda >= 0.0 && lambda.is_finite();
                check("lambdas", "finite numbers of at least 0", values, fits)?;
                some(values.len())?;
                Ok(values.clone())
            }
            Self::Grid { count, ratio } => {
                some(*count)?;
                let ratio = ratio.unwrap_or(if rows < cols { 1e-2 } else { 1e-4 });
                if !(ratio > 0.0 && ratio <= 1.0) {
                    let why =
                        format!("ratio of lambdas: expected above 0, at most 1, found {ratio}");
                    return Err(Error::Settings { why });
                }
                let top = if lambda_max > 0.0 { lambda_max } else { 1.0 };
                let step = ratio.ln() / (count - 1).max(1) as f64;
                // The first is λ_max to the last bit, so that its zeros are exact.
                Ok((0..*count)
                    .map(|k| if k == 0 { top } else { top * (step * k as f64).exp() })
                    .collect())
            }
        }
    }
}

fn some(count: usize) -> Result<(), Error> {
    let why = || "lambdas: expected at least one, found none".to_owned();
    if count > 0 { Ok(()) } else { Err(Error::Settings { why: why() }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grid_is_even_in_the_logarithm() {
        let grid = Lambdas::Grid { count: 5, ratio: Some(1e-2) }.values(3.0, 10, 2).unwrap();
        assert_eq!(grid[0], 3.0);
        assert!((grid[4] - 0.03).abs() < 1e-15);
        let steps = grid.windows(2).map(|pair| pair[1] / pair[0]);
        assert!(steps.into_iter().all(|step| (step - 0.1_f64.sqrt()).abs() < 1e-14));
        let last = |rows| *Lambdas::default().values(1.0, rows, 50).unwrap().last().unwrap();
        assert!((last(49) - 1e-2).abs() < 1e-14 && (last(50) - 1e-4).abs() < 1e-16);
        assert_eq!(Lambdas::Grid { count: 1, ratio: None }.values(2.0, 1, 1), Ok(vec![2.0]));
        assert_eq!(Lambdas::default().values(0.0, 1, 1).unwrap()[0], 1.0);
    }

    #[test]
    fn a_list_keeps_its_order_and_bad_values_are_refused() {
        let list = Lambdas::List(vec![0.1, 3.0, 0.0]);
        assert_eq!(list.values(1.0, 1, 1), Ok(vec![0.1, 3.0, 0.0]));
        for bad in [f64::NAN, -1.0, f64::INFINITY] {
            assert!(Lambdas::List(vec![1.0, bad]).values(1.0, 1, 1).is_err());
            assert!(Lambdas::Grid { count: 3, ratio: Some(bad) }.values(1.0, 1, 1).is_err());
        }
        assert!(Lambdas::List(vec![]).values(1.0, 1, 1).is_err());
        assert!(Lambdas::Grid { count: 0, ratio: None }.values(1.0, 1, 1).is_err());
    }
}
