//! Fit, predict, score: the models under the names that their users know.
//!
//! ```
//! use wellfit_linear::Design;
//! use wellfit_linear::estimator::Regression;
//!
//! let x = Design::from_rows(&[1.0, 5.0, 2.0, 3.0, 3.0, 8.0, 4.0, 1.0, 5.0, 4.0], 2)?;
//! let y = [2.1, 3.9, 6.2, 7.8, 10.1];
//! let model = Regression::lasso(0.3)?.fit(x, &y)?;
//! assert_eq!(model.coefficients().iter().filter(|w| **w != 0.0).count(), 1);
//! assert!(model.score(x, &y)? > 0.98);
//! # Ok::<(), wellfit_linear::Error>(())
//! ```

mod regression;
mod ridge;
mod softmax;

pub use regression::{Fitted, Regression};
pub use ridge::{Choose, FittedRidge, Ridge};
pub use softmax::{FittedSoftmax, Softmax};
