//! Two numbers between which a value is drawn.

use super::{Fraction, Positive};
use crate::Error;
use serde::{Deserialize, Serialize};

/// From one number to another that is not below it; in a recipe `[low, high]`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(
    try_from = "[T; 2]",
    into = "[T; 2]",
    bound(
        serialize = "T: Serialize + Copy",
        deserialize = "T: Deserialize<'de> + Copy + Into<f64>"
    )
)]
pub struct Span<T> {
    low: T,
    high: T,
}

impl<T: Copy + Into<f64>> Span<T> {
    /// From `low` to `high`.
    ///
    /// # Errors
    /// [`Error::Number`] when `high` is below `low`.
    pub fn new(low: T, high: T) -> Result<Self, Error> {
        let found = high.into();
        if low.into() <= found {
            return Ok(Self { low, high });
        }
        let expected = "a range [low, high] whose second number is not below the first";
        Err(Error::Number { expected, found })
    }

    /// Its smallest number.
    pub fn low(&self) -> f64 {
        self.low.into()
    }

    /// Its largest number.
    pub fn high(&self) -> f64 {
        self.high.into()
    }
}

impl<T: Copy> Span<T> {
    /// Nothing but `value`.
    pub const fn at(value: T) -> Self {
        Self { low: value, high: value }
    }
}

impl Span<Fraction> {
    /// 0.08 to 1: the part of a photograph that Inception was trained on.
    pub const CROPPED: Self = Self { low: Fraction(0.08), high: Fraction(1.0) };
    /// 0.02 to 0.33: what random erasing takes.
    pub const ERASED: Self = Self { low: Fraction(0.02), high: Fraction(0.33) };
}

impl Span<Positive> {
    /// 3/4 to 4/3: aspects of Inception's parts.
    pub const CROPPED: Self = Self { low: Positive(3.0 / 4.0), high: Positive(4.0 / 3.0) };
    /// 0.3 to 3.3: aspects of what random erasing takes.
    pub const ERASED: Self = Self { low: Positive(0.3), high: Positive(3.3) };
    /// 0.1 to 2: widths of a Gaussian blur, in pixels.
    pub const BLURRED: Self = Self { low: Positive(0.1), high: Positive(2.0) };
}

impl<T: Copy + Into<f64>> TryFrom<[T; 2]> for Span<T> {
    type Error = Error;
    fn try_from([low, high]: [T; 2]) -> Result<Self, Error> {
        Self::new(low, high)
    }
}

impl<T> From<Span<T>> for [T; 2] {
    fn from(span: Span<T>) -> [T; 2] {
        [span.low, span.high]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Sizes {
        size: Span<Positive>,
    }

    #[test]
    fn it_is_written_as_two_numbers_in_order() {
        let read = |text: &str| toml::from_str::<Sizes>(text);
        let sizes = read("size = [0.5, 2]").unwrap();
        assert_eq!((sizes.size.low(), sizes.size.high()), (0.5, 2.0));
        assert_eq!(read(&toml::to_string(&sizes).unwrap()).unwrap(), sizes);
        assert!(read("size = [2, 2]").is_ok());
        for (bad, expected) in [
            ("[2.0, 0.5]", "whose second number is not below the first, found 0.5"),
            ("[0.0, 1.0]", "expected a finite number above 0, found 0"),
            ("[1.0]", "an array of length 2"),
            ("1.0", "expected an array"),
        ] {
            let error = read(&format!("size = {bad}")).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        }
    }
}
