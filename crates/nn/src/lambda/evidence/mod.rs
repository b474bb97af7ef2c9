//! λ of L2 from the training examples alone, by the evidence: how probable they are if the weights
//! come from the prior that λ stands for.
//!
//! The prior of layer l is N(0, σ²/λ_l), where σ² is 1 for a cross-entropy and the noise's variance
//! for the squared error. Laplace's method around the weights w of the moment gives, with S the sum
//! of the losses, n the targets, and H the generalized Gauss-Newton matrix of S:
//!
//! ```text
//! cross-entropy    ln Z = -S - ½ Σ_l λ_l |w_l|² - ½ ln det(I + H/λ)
//! squared error    ln Z = -n/2 (1 + ln 2πσ²)    - ½ ln det(I + H/λ)
//!                    σ² = (2S + Σ_l λ_l |w_l|²) / n, where ln Z is highest
//! d ln Z/d ln λ_l  = ½ (γ_l - λ_l |w_l|²/σ²),  γ_l = tr_l H (H + λ)⁻¹
//! ```
//!
//! γ_l counts the weights that the data decide, and not the prior; it lies between 0 and their
//! number. Where the slope is zero, σ² is 2S/(n - γ): MacKay's fixed point, and that of
//! scikit-learn's `BayesianRidge`.
//!
//! Going to that point in one stride over-regularizes: stronger λ makes smaller weights, which ask
//! for stronger λ still. So about sixteen times in a run ln λ goes half the way at most, and never
//! more than [`TrainConfig::lambda_rate`] for each epoch; and λ of a run is the one of the highest
//! evidence in its later half, logged as `train.evidence` in nats an example.
//!
//! # What it cannot see
//! H is not made: signed sums of the rows under its root stand for it, up to 512 of them, and what they
//! hide is put back, see [`Kernel`]. A model with more effective weights than sums is taken for a
//! simpler one. (Its diagonal alone, which is cheaper, takes ln det for much larger than it is: on
//! 1,000 digits it asked for twenty times the λ.) Biases have a flat prior and no part in the evidence. Other techniques have none either:
//! the likelihood is that of the clean examples. What stands in front of a batch norm has no
//! evidence, for its scale changes nothing; such models are refused.
//!
//! MacKay 1992, Neural Computation 4(3); Immer, Bauer, Fortuin, Rätsch and Khan 2021, arXiv
//! 2104.04975.
//!
//! [`TrainConfig::lambda_rate`]: crate::train::TrainConfig::lambda_rate

mod curvature;
mod finder;
mod kernel;
mod marginal;
mod positive;
mod sketch;

pub(crate) use finder::Evidence;
pub use kernel::{Determinant, Kernel};
pub use marginal::{Likelihood, Marginal};

/// The series of the evidence, in nats an example.
pub const SERIES: &str = "evidence";
