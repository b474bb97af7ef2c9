//! Checks of what the metrics are given, so that each error names its place.

use crate::Error;

/// How far a row of probabilities may be from summing to 1: wide enough for 32-bit softmax.
const ROW_TOLERANCE: f64 = 1e-3;

/// Fails unless there is at least one example.
pub(super) fn not_empty(metric: &'static str, examples: usize) -> Result<(), Error> {
    if examples == 0 {
        return Err(Error::Undefined { metric, why: "there are no examples".into() });
    }
    Ok(())
}

/// Fails unless `found` values were given where `expected` are asked for.
pub(super) fn length(what: &'static str, expected: usize, found: usize) -> Result<(), Error> {
    if expected != found {
        return Err(Error::Length { what, expected, found });
    }
    Ok(())
}

/// Fails at the first value that is refused by `test`.
pub(super) fn values(
    what: &'static str,
    values: &[f64],
    expected: &'static str,
    test: impl Fn(f64) -> bool,
) -> Result<(), Error> {
    match values.iter().position(|&value| !test(value)) {
        Some(index) => Err(Error::Value { what, index, expected, found: values[index] }),
        None => Ok(()),
    }
}

/// Fails at the first label that is not below `classes`.
pub(super) fn labels(what: &'static str, labels: &[usize], classes: usize) -> Result<(), Error> {
    match labels.iter().position(|&label| label >= classes) {
        Some(index) => Err(Error::Label { what, index, classes, found: labels[index] }),
        None => Ok(()),
    }
}

/// Checks labels beside a row-major table of probabilities, one row per example.
pub(super) fn probabilities(
    metric: &'static str,
    actual: &[usize],
    table: &[f64],
    classes: usize,
) -> Result<(), Error> {
    not_empty(metric, actual.len())?;
    if classes < 2 {
        return Err(Error::Undefined { metric, why: format!("{classes} classes, 2 are needed") });
    }
    length("probabilities", actual.len().saturating_mul(classes), table.len())?;
    labels("actual", actual, classes)?;
    values("probabilities", table, "a probability in [0, 1]", |p| (0.0..=1.0).contains(&p))?;
    let sums: Vec<f64> = table.chunks_exact(classes).map(|row| row.iter().sum()).collect();
    let sums_to_one = |sum: f64| (sum - 1.0).abs() <= ROW_TOLERANCE;
    values("row sums of probabilities", &sums, "1 within 0.001", sums_to_one)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_names_its_place() {
        let message =
            |table: &[f64]| probabilities("m", &[0, 1], table, 2).unwrap_err().to_string();
        assert_eq!(
            message(&[0.5, 0.5, f64::NAN, 1.0]),
            "probabilities[2]: expected a probability in [0, 1], found NaN"
        );
        assert_eq!(
            message(&[0.5, 0.5, 0.5, 0.75]),
            "row sums of probabilities[1]: expected 1 within 0.001, found 1.25"
        );
        assert_eq!(message(&[0.5]), "probabilities: expected 4 values, found 1");
    }

    #[test]
    fn labels_end_below_the_number_of_classes() {
        let found = labels("actual", &[0, 2, 3], 3).unwrap_err().to_string();
        assert_eq!(found, "actual[2]: expected a class below 3, found 3");
    }

    #[test]
    fn nothing_and_one_class_are_undefined() {
        assert!(matches!(probabilities("m", &[], &[], 2), Err(Error::Undefined { .. })));
        assert!(matches!(probabilities("m", &[0], &[1.0], 1), Err(Error::Undefined { .. })));
    }
}
