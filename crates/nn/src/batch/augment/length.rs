//! A length in an image: pixels, or a share of its side.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::fmt;

const EXPECTED: &str = "a share of the side in [0, 1] such as 0.25, or a whole number of pixels \
                        such as 8";

/// A share of a side (TOML float, 0 to 1) or a number of pixels (TOML integer).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Length(Amount);

#[derive(Debug, Clone, Copy, PartialEq)]
enum Amount {
    Share(f64),
    Pixels(u32),
}

impl Length {
    /// One half of the side.
    pub const HALF: Self = Self(Amount::Share(0.5));
    /// One eighth of the side.
    pub const EIGHTH: Self = Self(Amount::Share(0.125));

    /// A number of pixels.
    pub const fn pixels(count: u32) -> Self {
        Self(Amount::Pixels(count))
    }

    /// Pixels on a side of `side`: share x side rounded to the nearest (halves up), or the number.
    pub fn on(self, side: usize) -> usize {
        match self.0 {
            Amount::Share(share) => (share * side as f64).round() as usize,
            Amount::Pixels(count) => count as usize,
        }
    }

    /// Whether it is no length at all.
    pub fn is_zero(self) -> bool {
        matches!(self.0, Amount::Pixels(0) | Amount::Share(0.0))
    }
}

impl Serialize for Length {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Amount::Share(share) => share.serialize(serializer),
            Amount::Pixels(count) => count.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Length {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader)
    }
}

/// Tells floats from integers, which decides between a share and pixels.
struct Reader;

impl de::Visitor<'_> for Reader {
    type Value = Length;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(EXPECTED)
    }

    fn visit_f64<E: de::Error>(self, share: f64) -> Result<Length, E> {
        if (0.0..=1.0).contains(&share) {
            return Ok(Length(Amount::Share(share)));
        }
        Err(E::custom(format!("expected {EXPECTED}, found {share}")))
    }

    fn visit_u64<E: de::Error>(self, count: u64) -> Result<Length, E> {
        let refused = |_| E::custom(format!("expected {EXPECTED}, found {count}"));
        u32::try_from(count).map(Length::pixels).map_err(refused)
    }

    fn visit_i64<E: de::Error>(self, count: i64) -> Result<Length, E> {
        let refused = |_| E::custom(format!("expected {EXPECTED}, found {count}"));
        u32::try_from(count).map(Length::pixels).map_err(refused)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(value: &str) -> Result<Length, String> {
        #[derive(Deserialize)]
        struct Table {
            size: Length,
        }
        let table: Result<Table, _> = toml::from_str(&format!("size = {value}"));
        table.map(|table| table.size).map_err(|error| error.message().to_owned())
    }

    #[test]
    fn floats_are_shares_and_integers_are_pixels() {
        assert_eq!(parse("0.5").unwrap(), Length::HALF);
        assert_eq!((parse("0.125").unwrap().on(32), parse("0.125").unwrap().on(28)), (4, 4));
        assert_eq!((parse("1").unwrap().on(32), parse("1.0").unwrap().on(32)), (1, 32));
        assert!(parse("0").unwrap().is_zero() && parse("0.0").unwrap().is_zero());
        assert!(!parse("0.1").unwrap().is_zero());
        for (bad, found) in [("1.5", "1.5"), ("-3", "-3"), ("nan", "NaN"), ("-0.1", "-0.1")] {
            assert_eq!(parse(bad).unwrap_err(), format!("expected {EXPECTED}, found {found}"));
        }
    }
}
