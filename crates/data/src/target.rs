//! The target column of a table: telling classes from numbers, and reading more of the same.

use crate::frame::Column;
use crate::{Error, Frame, Target};
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;

/// What a model is to do with a table's target.
///
/// Unless it is told, a target of text alone is classification when there are at least 5 rows for
/// each distinct value on average; a target of numbers is when, besides, all are whole and at most
/// 20 are distinct. All other numbers are regression, and other text is an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Task {
    /// Each distinct target is a class; numbers rise, text is in alphabetic order.
    Classification,
    /// The target is a number.
    Regression,
}

/// Most distinct whole numbers that are taken for classes.
const FEW: usize = 20;
/// Fewest rows for each distinct value, on average, that are taken for classes.
const ROWS_PER_CLASS: usize = 5;

/// The target in the column `name`, by the rule of [`Task`].
///
/// # Errors
/// [`Error::NoColumn`], and [`Error::Cell`] for a cell that is missing or does not fit the task.
pub fn read(frame: &Frame, name: &str, task: Option<Task>) -> Result<Target, Error> {
    let column = frame.column(name)?;
    let cells = present(frame, column)?;
    let number = "a finite number (text needs `task = \"classification\"`)";
    let refuse = |row: usize| frame.refuse(row, name, number, &format!("`{}`", cells[row]));
    target(&cells, task).map_err(refuse)
}

/// The numbers of a regression target.
pub(crate) fn values(frame: &Frame, column: &Column) -> Result<Target, Error> {
    present(frame, column)?;
    Ok(Target::Values(column.numbers(frame)?.into_iter().flatten().collect()))
}

/// The target among classes that are known.
pub(crate) fn labels(frame: &Frame, column: &Column, names: &[String]) -> Result<Target, Error> {
    let label = |(row, cell): (usize, &String)| {
        let number = cell.parse().map(|number: f64| (number + 0.0).to_string());
        let same = |name: &String| name == cell || number.as_ref() == Ok(name);
        let unknown = || {
            let expected = format!("one of the classes {}", names.join(", "));
            frame.refuse(row, &column.name, &expected, &format!("`{cell}`"))
        };
        names.iter().position(same).map(|place| place as u32).ok_or_else(unknown)
    };
    let cells = present(frame, column)?;
    let labels = cells.iter().enumerate().map(label).collect::<Result<_, Error>>()?;
    Ok(Target::Classes { labels, names: names.to_vec() })
}

/// All cells, none of them missing.
fn present(frame: &Frame, column: &Column) -> Result<Vec<String>, Error> {
    let missing = |row| frame.refuse(row, &column.name, "a value", "a missing one");
    let cells = column.words().into_iter().enumerate();
    cells.map(|(row, cell)| cell.ok_or_else(|| missing(row))).collect()
}

/// The target of trimmed, non-empty `cells` by the rule of [`Task`], or the row of the cell that
/// does not fit it.
pub(crate) fn target(cells: &[String], task: Option<Task>) -> Result<Target, usize> {
    let numbers: Vec<Option<f64>> = cells.iter().map(|cell| cell.parse().ok()).collect();
    // Networks hold targets in single precision.
    let too_large = |number: f64| !number.is_finite() || number.abs() > f64::from(f32::MAX);
    let infinite = |number: &Option<f64>| number.is_some_and(too_large);
    if let Some(row) = numbers.iter().position(infinite) {
        return Err(row);
    }
    // Adding zero turns -0 into 0: one class, not two.
    let values: Vec<f64> = numbers.iter().flatten().map(|value| value + 0.0).collect();
    match numbers.iter().position(Option::is_none) {
        None => Ok(numeric(values, task)),
        Some(word) => textual(cells, values.is_empty(), task).ok_or(word),
    }
}

fn numeric(values: Vec<f64>, task: Option<Task>) -> Target {
    let (labels, distinct) = classes(&values, f64::total_cmp);
    let whole = distinct.iter().all(|value| value.fract() == 0.0);
    let few = distinct.len() <= FEW && many_each(&values, &distinct);
    match task {
        None if whole && few => {}
        Some(Task::Classification) => {}
        _ => return Target::Values(values),
    }
    Target::Classes { labels, names: distinct.iter().map(f64::to_string).collect() }
}

fn textual(cells: &[String], words_only: bool, task: Option<Task>) -> Option<Target> {
    let (labels, names) = classes(cells, String::cmp);
    match task {
        None if words_only && many_each(cells, &names) => {}
        Some(Task::Classification) => {}
        _ => return None,
    }
    Some(Target::Classes { labels, names })
}

fn many_each<T>(rows: &[T], distinct: &[T]) -> bool {
    rows.len() >= ROWS_PER_CLASS * distinct.len()
}

/// The distinct cells in order, and for each cell its place among them.
fn classes<T: Clone>(cells: &[T], order: fn(&T, &T) -> Ordering) -> (Vec<u32>, Vec<T>) {
    let mut distinct = cells.to_vec();
    distinct.sort_by(order);
    distinct.dedup_by(|a, b| order(a, b).is_eq());
    let place = |cell: &T| distinct.partition_point(|other| order(other, cell).is_lt()) as u32;
    (cells.iter().map(place).collect(), distinct)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(cells: &str, copies: usize, task: Option<Task>) -> Result<Target, usize> {
        let once: Vec<&str> = cells.split(' ').collect();
        let cells: Vec<String> = once.repeat(copies).into_iter().map(str::to_owned).collect();
        target(&cells, task)
    }

    fn names(read: Result<Target, usize>) -> String {
        match read.unwrap() {
            Target::Classes { names, .. } => names.join(" "),
            Target::Values(_) => "values".to_owned(),
        }
    }

    #[test]
    fn few_whole_numbers_are_classes_in_numeric_order() {
        assert_eq!(names(read("10 2.0 2 -0 0", 3, None)), "0 2 10");
        let target = read("10 2.0 2 -0 0", 3, None).unwrap().select(&[0, 1, 2, 3, 4]);
        assert!(matches!(target, Target::Classes { labels, .. } if labels == [2, 1, 1, 0, 0]));
        assert_eq!(names(read("1 2 3", 4, None)), "values", "four rows a value are too few");
        assert_eq!(names(read("1 2.5", 9, None)), "values");
        let twenty = (1..=20).map(|i| i.to_string()).collect::<Vec<_>>().join(" ");
        assert!(names(read(&twenty, 5, None)).starts_with("1 2 3"));
        assert_eq!(names(read(&(twenty + " 21"), 5, None)), "values");
    }

    #[test]
    fn words_are_classes_in_alphabetic_order() {
        assert_eq!(names(read("van bus", 5, None)), "bus van");
        assert_eq!(read("van bus", 4, None), Err(0), "names, not classes");
        assert_eq!(read("1 0 NA", 9, None), Err(2), "a stray word among numbers");
    }

    #[test]
    fn the_task_overrides_the_rule() {
        assert_eq!(names(read("1 0", 9, Some(Task::Regression))), "values");
        assert_eq!(names(read("1.5 0", 1, Some(Task::Classification))), "0 1.5");
        assert_eq!(names(read("3 x", 1, Some(Task::Classification))), "3 x");
        assert_eq!(read("1 x", 9, Some(Task::Regression)), Err(1));
    }

    #[test]
    fn what_is_not_finite_is_never_a_target() {
        for task in [None, Some(Task::Classification), Some(Task::Regression)] {
            assert_eq!(read("1 nan", 9, task), Err(1));
            assert_eq!(read("inf 1", 9, task), Err(0));
        }
    }
}
