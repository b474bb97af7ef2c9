//! Numbers that refuse bad values while they are parsed, so that an error points at its place.

mod span;

pub use span::Span;

use crate::Error;
use serde::{Deserialize, Serialize};

/// Defines a newtype over `f64` whose constructor and deserializer check one condition.
macro_rules! number {
    ($(#[$doc:meta])* $name:ident, $expected:literal, $test:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize)]
        #[serde(try_from = "f64", into = "f64")]
        pub struct $name(f64);

        impl $name {
            /// Wraps `value`.
            ///
            /// # Errors
            /// [`Error::Number`] when the value is outside the range, NaN or infinite.
            pub fn new(value: f64) -> Result<Self, Error> {
                let inside: fn(f64) -> bool = $test;
                if inside(value) {
                    Ok(Self(value))
                } else {
                    Err(Error::Number { expected: $expected, found: value })
                }
            }

            /// The plain number.
            pub const fn get(self) -> f64 {
                self.0
            }
        }

        impl TryFrom<f64> for $name {
            type Error = Error;
            fn try_from(value: f64) -> Result<Self, Error> {
                Self::new(value)
            }
        }

        impl From<$name> for f64 {
            fn from(number: $name) -> f64 {
                number.0
            }
        }
    };
}

number!(
    /// A share that may be dropped, in [0, 1).
    Rate, "a rate in [0, 1)", |v| (0.0..1.0).contains(&v)
);
number!(
    /// A share, in [0, 1].
    Fraction, "a fraction in [0, 1]", |v| (0.0..=1.0).contains(&v)
);
number!(
    /// A finite number above zero.
    Positive, "a finite number above 0", |v| v > 0.0 && v.is_finite()
);
number!(
    /// A finite number, zero or more.
    NonNegative, "a finite number of at least 0", |v| v >= 0.0 && v.is_finite()
);
number!(
    /// A finite number.
    Finite, "a finite number", |v: f64| v.is_finite()
);
number!(
    /// A share of the colour circle, in [0, 0.5]; 0.5 reaches the opposite colour.
    Hue, "a share of the colour circle in [0, 0.5]", |v| (0.0..=0.5).contains(&v)
);
number!(
    /// A strength on the scale of RandAugment, in [0, 30].
    Magnitude, "a magnitude in [0, 30]", |v| (0.0..=30.0).contains(&v)
);
number!(
    /// A strength on the scale of AugMix, in [1, 10].
    Severity, "a severity in [1, 10]", |v| (1.0..=10.0).contains(&v)
);

impl Rate {
    /// Nothing is dropped.
    pub const ZERO: Self = Self(0.0);
    /// One half.
    pub const HALF: Self = Self(0.5);
    /// One tenth.
    pub const TENTH: Self = Self(0.1);
    /// 0.9, decay of Adam's first moment.
    pub const BETA1: Self = Self(0.9);
    /// 0.999, decay of Adam's second moment.
    pub const BETA2: Self = Self(0.999);
    /// Three quarters.
    pub const THREE_QUARTERS: Self = Self(0.75);
    /// The share that is kept, 1 - rate, in (0, 1].
    pub const fn keep(self) -> f64 {
        1.0 - self.0
    }
}

impl Fraction {
    /// Nothing.
    pub const ZERO: Self = Self(0.0);
    /// One tenth.
    pub const TENTH: Self = Self(0.1);
    /// One half.
    pub const HALF: Self = Self(0.5);
    /// All of it.
    pub const ONE: Self = Self(1.0);
}

impl Hue {
    /// Every colour stays.
    pub const ZERO: Self = Self(0.0);
}

impl Severity {
    /// 3, AugMix's own.
    pub const THREE: Self = Self(3.0);
}

impl Magnitude {
    /// 9, what RandAugment's paper takes for ResNet-50.
    pub const NINE: Self = Self(9.0);
}

impl Positive {
    /// One.
    pub const ONE: Self = Self(1.0);
    /// Four.
    pub const FOUR: Self = Self(4.0);
    /// Three.
    pub const THREE: Self = Self(3.0);
    /// One hundredth.
    pub const HUNDREDTH: Self = Self(0.01);
    /// 1/10.
    pub const TENTH: Self = Self(0.1);
    /// One twentieth.
    pub const TWENTIETH: Self = Self(0.05);
    /// 1e-5, what normalizations add to a variance.
    pub const EPSILON: Self = Self(1e-5);
    /// 255, the largest byte: white.
    pub const BYTE: Self = Self(255.0);
    /// 1e-8, what Adam adds to the root of its second moment.
    pub const TINY: Self = Self(1e-8);
}

impl Finite {
    /// Zero.
    pub const ZERO: Self = Self(0.0);
}

impl NonNegative {
    /// Zero.
    pub const ZERO: Self = Self(0.0);
    /// One.
    pub const ONE: Self = Self(1.0);
    /// One hundredth, AdamW's decay.
    pub const HUNDREDTH: Self = Self(0.01);
    /// One tenth, L2-SP's strength for new parts.
    pub const TENTH: Self = Self(0.1);
    /// 0.55, how fast gradient noise falls in its paper.
    pub const GRADIENT_NOISE: Self = Self(0.55);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_end_where_they_say() {
        assert!(Rate::new(0.0).is_ok() && Rate::new(1.0).is_err() && Rate::new(-1e-9).is_err());
        assert!(Fraction::new(1.0).is_ok() && Fraction::new(1.0 + 1e-12).is_err());
        assert!(Positive::new(0.0).is_err() && Positive::new(f64::MIN_POSITIVE).is_ok());
        assert!(NonNegative::new(0.0).is_ok() && NonNegative::new(f64::INFINITY).is_err());
        assert!(Finite::new(-3.0).is_ok());
    }

    #[test]
    fn nan_is_no_number() {
        assert!(Rate::new(f64::NAN).is_err() && Fraction::new(f64::NAN).is_err());
        assert!(Positive::new(f64::NAN).is_err() && NonNegative::new(f64::NAN).is_err());
        assert!(Finite::new(f64::NAN).is_err());
    }

    #[test]
    fn the_error_says_what_was_expected_and_found() {
        let message = Rate::new(1.5).unwrap_err().to_string();
        assert_eq!(message, "expected a rate in [0, 1), found 1.5");
    }
}
