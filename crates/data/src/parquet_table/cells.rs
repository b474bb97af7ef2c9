//! The cells of one Arrow array.

use crate::frame::Cells;
use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Date32Type, Decimal128Type, Decimal256Type, DecimalType, Float16Type,
    Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, Time32MillisecondType,
    Time64MicrosecondType, Time64NanosecondType, TimestampMicrosecondType,
    TimestampMillisecondType, TimestampNanosecondType, UInt8Type, UInt16Type, UInt32Type,
    UInt64Type,
};
use arrow_array::{Array, ArrayRef};
use arrow_schema::{DataType, TimeUnit};

/// Numbers or words; `None` for a type that is neither. The types are those that Parquet itself
/// knows.
pub(super) fn cells(array: &ArrayRef) -> Option<Cells> {
    use TimeUnit::{Microsecond, Millisecond, Nanosecond};
    Some(match array.data_type() {
        DataType::Null => Cells::Numbers(vec![None; array.len()]),
        DataType::Int8 => numbers::<Int8Type>(array, f64::from),
        DataType::Int16 => numbers::<Int16Type>(array, f64::from),
        DataType::Int32 => numbers::<Int32Type>(array, f64::from),
        DataType::Int64 => numbers::<Int64Type>(array, |x| x as f64),
        DataType::UInt8 => numbers::<UInt8Type>(array, f64::from),
        DataType::UInt16 => numbers::<UInt16Type>(array, f64::from),
        DataType::UInt32 => numbers::<UInt32Type>(array, f64::from),
        DataType::UInt64 => numbers::<UInt64Type>(array, |x| x as f64),
        DataType::Float16 => numbers::<Float16Type>(array, f64::from),
        DataType::Float32 => numbers::<Float32Type>(array, f64::from),
        DataType::Float64 => numbers::<Float64Type>(array, |x| x),
        DataType::Decimal128(..) => decimals::<Decimal128Type>(array),
        DataType::Decimal256(..) => decimals::<Decimal256Type>(array),
        DataType::Date32 => numbers::<Date32Type>(array, f64::from),
        DataType::Time32(Millisecond) => {
            numbers::<Time32MillisecondType>(array, |x| f64::from(x) / 1e3)
        }
        DataType::Time64(Microsecond) => {
            numbers::<Time64MicrosecondType>(array, |x| x as f64 / 1e6)
        }
        DataType::Time64(Nanosecond) => numbers::<Time64NanosecondType>(array, |x| x as f64 / 1e9),
        DataType::Timestamp(Millisecond, _) => {
            numbers::<TimestampMillisecondType>(array, |x| x as f64 / 1e3)
        }
        DataType::Timestamp(Microsecond, _) => {
            numbers::<TimestampMicrosecondType>(array, |x| x as f64 / 1e6)
        }
        DataType::Timestamp(Nanosecond, _) => {
            numbers::<TimestampNanosecondType>(array, |x| x as f64 / 1e9)
        }
        DataType::Boolean => words(array.as_boolean().iter().map(|is| is.map(|is| is.to_string()))),
        DataType::Utf8 => words(array.as_string::<i32>().iter().map(|word| word.map(trimmed))),
        DataType::Binary => words(array.as_binary::<i32>().iter().map(|bytes| bytes.map(text))),
        DataType::FixedSizeBinary(_) => {
            words(array.as_fixed_size_binary().iter().map(|bytes| bytes.map(text)))
        }
        _ => return None,
    })
}

fn numbers<T: ArrowPrimitiveType>(array: &ArrayRef, number: impl Fn(T::Native) -> f64) -> Cells {
    let cell = |cell: Option<T::Native>| cell.map(&number).filter(|number| !number.is_nan());
    Cells::Numbers(array.as_primitive::<T>().iter().map(cell).collect())
}

/// By way of the digits, so that the nearest float is found however long they are.
fn decimals<T: DecimalType>(array: &ArrayRef) -> Cells {
    let array = array.as_primitive::<T>();
    let digits = |row| array.is_valid(row).then(|| array.value_as_string(row));
    Cells::Numbers((0..array.len()).map(|row| digits(row)?.parse().ok()).collect())
}

fn words(cells: impl Iterator<Item = Option<String>>) -> Cells {
    Cells::Words(cells.map(|cell| cell.filter(|word| !word.is_empty())).collect())
}

fn trimmed(word: &str) -> String {
    word.trim().to_owned()
}

/// Old writers do not mark text as such.
fn text(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(word) => trimmed(word),
        Err(_) => bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
    }
}
