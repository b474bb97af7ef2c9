//! What a checkpoint holds of λ on its way.

use crate::Error;
use serde::{Deserialize, Serialize};

/// What a checkpoint holds of the descent, in the order of techniques and tensors.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct LambdaState {
    /// λ.
    pub(super) lambdas: Vec<f64>,
    /// Moving means of the derivative by ln λ, and of its square; zeros where λ comes from the
    /// evidence, which needs no memory.
    pub(super) means: Vec<f64>,
    pub(super) squares: Vec<f64>,
    /// Steps of λ.
    pub(super) steps: u64,
}

impl LambdaState {
    /// A state before the first step.
    pub(super) fn at(lambdas: Vec<f64>) -> Self {
        let zeros = vec![0.0; lambdas.len()];
        Self { lambdas, means: zeros.clone(), squares: zeros, steps: 0 }
    }

    /// The state, if it is one of so many λ.
    pub(super) fn of(self, expected: usize) -> Result<Self, Error> {
        let lengths = [&self.lambdas, &self.means, &self.squares].map(Vec::len);
        if let Some(found) = lengths.into_iter().find(|&length| length != expected) {
            let message = format!("expected {expected} values of lambda, found {found}");
            return Err(Error::Stored { what: "checkpoint".to_owned(), message });
        }
        Ok(self)
    }
}
