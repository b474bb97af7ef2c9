//! The values that one dimension may take, and its scale.

use crate::Error;
use serde::{Deserialize, Serialize};
use wellfit_core::card::Scale;

/// One value of a category.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Choice {
    /// Nothing, Python's `None`.
    Nothing(()),
    /// A switch.
    Switch(bool),
    /// A whole number.
    Whole(i64),
    /// A number.
    Number(f64),
    /// A word.
    Word(String),
}

/// The values of one dimension.
///
/// All are kept as one `f64`: a number is itself, a choice is its index. Optuna's journal has the
/// same convention.
#[derive(Debug, Clone, PartialEq)]
pub enum Domain {
    /// Numbers in [low, high].
    Float {
        /// Smallest.
        low: f64,
        /// Largest.
        high: f64,
        /// Equal differences or equal ratios.
        scale: Scale,
    },
    /// Whole numbers in [low, high].
    Integer {
        /// Smallest.
        low: i64,
        /// Largest.
        high: i64,
        /// Equal differences or equal ratios.
        scale: Scale,
    },
    /// One of several, without order.
    Category(Vec<Choice>),
}

impl Domain {
    /// Off and on, in this order.
    pub fn switch() -> Self {
        Self::Category(vec![Choice::Switch(false), Choice::Switch(true)])
    }

    /// Refuses a domain without values, or a logarithmic one with numbers of 0 and less.
    pub(super) fn check(&self, dimension: &str) -> Result<(), Error> {
        let refuse = |expected| Error::Dimension {
            dimension: dimension.to_owned(),
            expected,
            found: format!("{self:?}"),
        };
        let (low, high, scale) = match self {
            Self::Category(choices) if choices.is_empty() => return Err(refuse("a choice")),
            Self::Category(_) => return Ok(()),
            Self::Float { low, high, scale } => (*low, *high, *scale),
            Self::Integer { low, high, scale } => (*low as f64, *high as f64, *scale),
        };
        if !(low <= high && low.is_finite() && high.is_finite()) {
            return Err(refuse("finite ends with low <= high"));
        }
        match scale {
            Scale::Log if low <= 0.0 => Err(refuse("numbers above 0 on a logarithmic scale")),
            _ => Ok(()),
        }
    }

    /// Whether there is but one value.
    pub fn is_single(&self) -> bool {
        match self {
            Self::Float { low, high, .. } => low == high,
            Self::Integer { low, high, .. } => low == high,
            Self::Category(choices) => choices.len() == 1,
        }
    }

    /// Whether the value belongs to the domain.
    pub fn contains(&self, value: f64) -> bool {
        value.is_finite() && self.nearest(value) == value
    }

    /// The value of the domain that is nearest to a finite number.
    pub fn nearest(&self, value: f64) -> f64 {
        match self {
            Self::Float { low, high, .. } => value.clamp(*low, *high),
            Self::Integer { low, high, .. } => value.round().clamp(*low as f64, *high as f64),
            Self::Category(choices) => value.round().clamp(0.0, choices.len() as f64 - 1.0),
        }
    }

    /// Ends of the interval on whose scale values are drawn: around whole numbers, half a step
    /// wider, so that the first and the last have as much room as the others.
    pub(crate) fn interval(&self) -> (f64, f64) {
        let (low, high, scale) = match self {
            Self::Float { low, high, scale } => (*low, *high, *scale),
            Self::Integer { low, high, scale } => (*low as f64 - 0.5, *high as f64 + 0.5, *scale),
            Self::Category(choices) => (-0.5, choices.len() as f64 - 0.5, Scale::Linear),
        };
        match scale {
            Scale::Linear => (low, high),
            Scale::Log => (low.ln(), high.ln()),
        }
    }

    /// Where a value lies on the scale: itself, or its logarithm.
    pub(crate) fn to_scale(&self, value: f64) -> f64 {
        if self.is_log() { value.ln() } else { value }
    }

    /// The value at a place of the scale, moved to the nearest of the domain.
    pub(crate) fn at_scale(&self, place: f64) -> f64 {
        self.nearest(if self.is_log() { place.exp() } else { place })
    }

    fn is_log(&self) -> bool {
        let (Self::Float { scale, .. } | Self::Integer { scale, .. }) = self else { return false };
        *scale == Scale::Log
    }

    /// Where a value lies between the ends of its scale, in [0, 1]; in the middle if there is but
    /// one.
    pub fn position(&self, value: f64) -> f64 {
        let ((low, high), place) = (self.interval(), self.to_scale(value));
        if high > low { ((place - low) / (high - low)).clamp(0.0, 1.0) } else { 0.5 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOG: Domain = Domain::Float { low: 1e-3, high: 10.0, scale: Scale::Log };
    const WHOLE: Domain = Domain::Integer { low: 2, high: 9, scale: Scale::Linear };

    #[test]
    fn positions_follow_the_scale() {
        assert!((LOG.position(0.1) - 0.5).abs() < 1e-12);
        assert_eq!((LOG.position(1e-3), LOG.position(10.0)), (0.0, 1.0));
        assert_eq!(WHOLE.position(2.0), 0.0625);
    }

    #[test]
    fn values_outside_move_to_the_nearest() {
        assert_eq!((LOG.nearest(0.0), LOG.nearest(11.0), LOG.nearest(0.2)), (1e-3, 10.0, 0.2));
        assert_eq!((WHOLE.nearest(1.0), WHOLE.nearest(3.4), WHOLE.nearest(12.0)), (2.0, 3.0, 9.0));
        assert!(WHOLE.contains(3.0) && !WHOLE.contains(3.5) && !WHOLE.contains(f64::NAN));
        assert_eq!(Domain::switch().nearest(7.0), 1.0);
    }

    #[test]
    fn a_domain_without_values_is_refused() {
        let float = |low, high, scale| Domain::Float { low, high, scale };
        for bad in [
            float(2.0, 1.0, Scale::Linear),
            float(f64::NAN, 1.0, Scale::Linear),
            float(0.0, f64::INFINITY, Scale::Linear),
            float(0.0, 1.0, Scale::Log),
            Domain::Integer { low: 0, high: 3, scale: Scale::Log },
            Domain::Category(Vec::new()),
        ] {
            let message = bad.check("l2.lambda").unwrap_err().to_string();
            assert!(message.starts_with("l2.lambda: expected "), "{message}");
        }
        assert!(float(1.0, 1.0, Scale::Log).check("one").is_ok());
    }

    #[test]
    fn drawn_places_lead_back_into_the_domain() {
        for (domain, values) in [(LOG, [1e-3, 0.5, 10.0]), (WHOLE, [2.0, 5.0, 9.0])] {
            for value in values {
                assert!((domain.at_scale(domain.to_scale(value)) - value).abs() < 1e-12);
            }
        }
    }
}
