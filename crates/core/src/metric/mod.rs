//! Metrics: one file per family, plain numbers in, one number out.
//!
//! Every number equals scikit-learn 1.9.1 to 1e-12 (expected calibration error, which scikit-learn
//! lacks, equals Guo et al. 2017). What scikit-learn answers with a warning is an error here.

mod auc;
mod average;
mod calibration;
mod confusion;
mod input;
mod probability;
mod regression;
mod threshold;
mod uncertainty;

pub use auc::{roc_auc, roc_auc_ovr};
pub use average::{Average, ZeroDivision};
pub use calibration::{Bin, ece, reliability};
pub use confusion::{ClassScores, ConfusionMatrix};
pub use probability::{brier, log_loss};
pub use regression::{mae, mse, r2, rmse};
pub use threshold::{Criterion, Threshold};
pub use uncertainty::{Entropies, coverage, decompose, entropy};
