//! How much of the data a part takes: a share of all examples, or a number of them.

use crate::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::fmt;

const EXPECTED: &str = "a share between 0 and 1 such as 0.2, or a whole number of examples such \
                        as 1000 (0 for none)";

/// A share of the examples (TOML float, strictly between 0 and 1) or a count (TOML integer, 0 or
/// more, where 0 means none).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Share(Amount);

#[derive(Debug, Clone, Copy, PartialEq)]
enum Amount {
    Of(f64),
    Count(usize),
}

impl Share {
    /// One example in five: what validation and test take unless told.
    pub const FIFTH: Self = Self(Amount::Of(0.2));

    /// `share` of all examples.
    ///
    /// # Errors
    /// [`Error::Share`] when it does not lie strictly between 0 and 1.
    pub fn of(share: f64) -> Result<Self, Error> {
        if share > 0.0 && share < 1.0 {
            Ok(Self(Amount::Of(share)))
        } else {
            Err(Error::Share { expected: EXPECTED, found: format!("{share:?}") })
        }
    }

    /// Exactly `count` examples.
    pub const fn count(count: usize) -> Self {
        Self(Amount::Count(count))
    }

    /// Examples out of `total`: share x total rounded to the nearest (halves up), or the count,
    /// which may exceed the total.
    pub fn rows(self, total: usize) -> usize {
        match self.0 {
            Amount::Of(share) => (share * total as f64).round() as usize,
            Amount::Count(count) => count,
        }
    }

    /// Whether it asks for no example at all.
    pub fn is_none(self) -> bool {
        self.0 == Amount::Count(0)
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Amount::Of(share) => share.fmt(f),
            Amount::Count(count) => count.fmt(f),
        }
    }
}

impl Serialize for Share {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Amount::Of(share) => share.serialize(serializer),
            Amount::Count(count) => count.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Share {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader)
    }
}

/// Tells floats from integers, which decides between a share and a count.
struct Reader;

impl de::Visitor<'_> for Reader {
    type Value = Share;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(EXPECTED)
    }

    fn visit_f64<E: de::Error>(self, share: f64) -> Result<Share, E> {
        Share::of(share).map_err(E::custom)
    }

    fn visit_u64<E: de::Error>(self, count: u64) -> Result<Share, E> {
        let unexpected = de::Unexpected::Unsigned(count);
        usize::try_from(count).map(Share::count).map_err(|_| E::invalid_value(unexpected, &self))
    }

    fn visit_i64<E: de::Error>(self, count: i64) -> Result<Share, E> {
        let found = || Error::Share { expected: EXPECTED, found: count.to_string() };
        usize::try_from(count).map(Share::count).map_err(|_| E::custom(found()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(value: &str) -> Result<Share, String> {
        #[derive(Deserialize)]
        struct Table {
            share: Share,
        }
        let table: Result<Table, _> = toml::from_str(&format!("share = {value}"));
        table.map(|table| table.share).map_err(|error| error.message().to_owned())
    }

    #[test]
    fn floats_are_shares_and_integers_are_counts() {
        assert_eq!(parse("0.2").unwrap(), Share::FIFTH);
        assert_eq!(parse("1").unwrap(), Share::count(1));
        assert!(parse("0").unwrap().is_none() && !parse("0.01").unwrap().is_none());
        assert_eq!(Share::of(0.25).unwrap().rows(10), 3);
        assert_eq!(Share::FIFTH.rows(1797), 359);
        assert_eq!(Share::count(20).rows(10), 20);
    }

    #[test]
    fn what_is_neither_is_refused() {
        for (value, found) in [("0.0", "0.0"), ("1.0", "1.0"), ("-0.1", "-0.1"), ("-3", "-3")] {
            assert_eq!(parse(value).unwrap_err(), format!("expected {EXPECTED}, found {found}"));
        }
        assert_eq!(parse("nan").unwrap_err(), format!("expected {EXPECTED}, found NaN"));
        let text = parse("\"20%\"").unwrap_err();
        assert_eq!(text, format!("invalid type: string \"20%\", expected {EXPECTED}"));
    }
}
