//! One row: the types of its values, then the values.

use super::bytes::varint;
use super::pages::Encoding;
use crate::read::decode::utf16;
use std::borrow::Cow;

/// A value in a row.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::read) enum Value<'a> {
    Null,
    Integer(i64),
    Real(f64),
    Text(Cow<'a, str>),
    /// Bytes, which no log has.
    Blob,
}

impl Value<'_> {
    /// A number; an integer is stored for a whole one.
    pub fn number(&self) -> Option<f64> {
        match *self {
            Self::Integer(number) => Some(number as f64),
            Self::Real(number) => Some(number),
            _ => None,
        }
    }

    /// An integer.
    pub fn integer(&self) -> Option<i64> {
        match *self {
            Self::Integer(number) => Some(number),
            _ => None,
        }
    }

    /// A text that is not empty.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) if !text.is_empty() => Some(text),
            _ => None,
        }
    }
}

/// A row, not yet taken apart.
pub(super) struct Record<'a> {
    types: &'a [u8],
    values: &'a [u8],
}

impl<'a> Record<'a> {
    /// Nothing where the bytes are no record.
    pub fn of(payload: &'a [u8]) -> Option<Self> {
        let (length, size) = varint(payload)?;
        let (types, values) = payload.split_at_checked(usize::try_from(length).ok()?)?;
        Some(Self { types: types.get(size..)?, values })
    }

    /// The value at a place: an inner none where the row is older than the column, an outer none
    /// where it is damaged.
    pub fn get(&self, place: usize, encoding: Encoding) -> Option<Option<Value<'a>>> {
        let (mut types, mut values) = (self.types, self.values);
        for at in 0.. {
            if types.is_empty() {
                return Some(None);
            }
            let (kind, size) = varint(types)?;
            let length = usize::try_from(length(kind)?).ok()?;
            let (value, rest) = values.split_at_checked(length)?;
            if at == place {
                return Some(Some(value_of(kind, value, encoding)));
            }
            (types, values) = (&types[size..], rest);
        }
        None
    }
}

/// Bytes of a value of some type; nothing for the types that no file has.
fn length(kind: u64) -> Option<u64> {
    Some(match kind {
        0 | 8 | 9 => 0,
        1..=4 => kind,
        5 => 6,
        6 | 7 => 8,
        10 | 11 => return None,
        _ => (kind - 12) / 2,
    })
}

fn value_of(kind: u64, bytes: &[u8], encoding: Encoding) -> Value<'_> {
    match kind {
        0 => Value::Null,
        7 => Value::Real(f64::from_bits(integer(bytes) as u64)),
        1..=6 => Value::Integer(integer(bytes)),
        8 | 9 => Value::Integer(kind as i64 - 8),
        _ if kind.is_multiple_of(2) => Value::Blob,
        _ => Value::Text(match encoding {
            Encoding::Utf8 => String::from_utf8_lossy(bytes),
            Encoding::Utf16Le => Cow::Owned(utf16(bytes, u16::from_le_bytes)),
            Encoding::Utf16Be => Cow::Owned(utf16(bytes, u16::from_be_bytes)),
        }),
    }
}

/// An integer of up to eight bytes, the highest first, with its sign.
fn integer(bytes: &[u8]) -> i64 {
    let negative = bytes.first().is_some_and(|first| first & 0x80 != 0);
    bytes.iter().fold(-i64::from(negative), |number, &byte| number << 8 | i64::from(byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_keep_their_sign() {
        assert_eq!(integer(&[0xff]), -1);
        assert_eq!(integer(&[0x00, 0xff]), 255);
        assert_eq!(integer(&[0x80, 0, 0]), -0x80_0000);
        assert_eq!(integer(&[]), 0);
    }

    #[test]
    fn a_record_that_claims_too_much_is_none() {
        assert!(Record::of(&[9, 1]).is_none());
        let short = Record::of(&[2, 6, 0, 0]).unwrap();
        assert_eq!(short.get(0, Encoding::Utf8), None);
        let huge = [10, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1];
        assert_eq!(Record::of(&huge).unwrap().get(0, Encoding::Utf8), None);
        let one = Record::of(&[2, 1, 7]).unwrap();
        assert_eq!(one.get(0, Encoding::Utf8), Some(Some(Value::Integer(7))));
        assert_eq!(one.get(1, Encoding::Utf8), Some(None));
    }
}
