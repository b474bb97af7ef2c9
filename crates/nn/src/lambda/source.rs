//! Where a λ that the run finds comes from.

use serde::{Deserialize, Serialize};

/// What the run looks at to find λ where a technique has `lambda = "auto"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LambdaFrom {
    /// The loss on the validation examples, see [`lambda`](super).
    #[default]
    Validation,
    /// The marginal likelihood of the training examples, so that none need be held back, see
    /// [`evidence`](super::evidence). For `l2` alone.
    Evidence,
}

impl LambdaFrom {
    /// Whether it is what a recipe means that says nothing.
    pub(crate) fn is_default(&self) -> bool {
        *self == Self::default()
    }
}
