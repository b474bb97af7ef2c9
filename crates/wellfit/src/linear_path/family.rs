//! What the target is.

use crate::linear_model;
use wellfit_data::Target;

/// What the target is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// Numbers, least squares.
    Gaussian,
    /// Two classes.
    Logistic,
    /// Counts.
    Poisson,
    /// Several classes.
    Multinomial,
}

impl Family {
    /// What a target is by its values; none for a single class.
    pub fn of(target: &Target) -> Option<Self> {
        match target {
            Target::Values(_) => Some(Self::Gaussian),
            Target::Classes { names, .. } => match names.len() {
                0 | 1 => None,
                2 => Some(Self::Logistic),
                _ => Some(Self::Multinomial),
            },
        }
    }

    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Gaussian => "gaussian",
            Self::Logistic => "logistic",
            Self::Poisson => "poisson",
            Self::Multinomial => "multinomial",
        }
    }

    /// The same for a stored model.
    pub fn stored(self) -> linear_model::Family {
        match self {
            Self::Gaussian => linear_model::Family::Gaussian,
            Self::Logistic => linear_model::Family::Logistic,
            Self::Poisson => linear_model::Family::Poisson,
            Self::Multinomial => linear_model::Family::Multinomial,
        }
    }

    /// What the cross-validated error is.
    pub fn error(self) -> &'static str {
        match self {
            Self::Gaussian => "mean squared error",
            _ => "mean deviance",
        }
    }
}
