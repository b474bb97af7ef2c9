//! What stands where an image has nothing to show.

use serde::{Deserialize, Serialize};

/// A flat colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fill {
    /// A pixel of 0.
    Black,
    /// 0 of the scaled inputs: the mean of the training pixels after `scale = "channel"` or
    /// `"standard"`, black after `"unit"`.
    Zero,
    /// The mean of this image, channel by channel.
    Mean,
}

impl Fill {
    pub(super) const fn black() -> Self {
        Self::Black
    }

    pub(super) const fn zero() -> Self {
        Self::Zero
    }
}
