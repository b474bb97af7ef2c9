//! The matrix of features, dense or sparse, as the caller has it.

mod columns;
mod csc;
mod spread;

pub(crate) use columns::Columns;
pub use csc::Csc;

use crate::Error;
use crate::error::check_len;
use faer::{Mat, MatRef};

/// X: a row for each sample, a column for each feature. Nothing is copied.
///
/// # Example
/// ```
/// use wellfit_linear::Design;
///
/// let by_rows = Design::from_rows(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], 3)?;
/// assert_eq!((by_rows.rows(), by_rows.cols()), (2, 3));
/// # Ok::<(), wellfit_linear::Error>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub enum Design<'a> {
    /// All entries are there; any strides.
    Dense(MatRef<'a, f64>),
    /// Entries that are zero are left out.
    Sparse(&'a Csc),
}

impl<'a> Design<'a> {
    /// A matrix of `cols` columns from its rows, one after the other: the order of C, NumPy and a
    /// standard `ndarray` view.
    ///
    /// # Errors
    /// [`Error::Length`] when the values do not fill rows.
    pub fn from_rows(values: &'a [f64], cols: usize) -> Result<Self, Error> {
        let rows = lines(values, cols)?;
        Ok(Self::Dense(MatRef::from_row_major_slice(values, rows, cols)))
    }

    /// A matrix of `rows` rows from its columns, one after the other: the order of Fortran and R.
    ///
    /// # Errors
    /// [`Error::Length`] when the values do not fill columns.
    pub fn from_columns(values: &'a [f64], rows: usize) -> Result<Self, Error> {
        let cols = lines(values, rows)?;
        Ok(Self::Dense(MatRef::from_column_major_slice(values, rows, cols)))
    }

    /// Samples.
    pub fn rows(&self) -> usize {
        match self {
            Self::Dense(matrix) => matrix.nrows(),
            Self::Sparse(matrix) => matrix.rows(),
        }
    }

    /// Features.
    pub fn cols(&self) -> usize {
        match self {
            Self::Dense(matrix) => matrix.ncols(),
            Self::Sparse(matrix) => matrix.cols(),
        }
    }

    /// X w + `intercept`.
    ///
    /// # Errors
    /// [`Error::Length`] when there is not one weight for each column.
    pub fn times(&self, weights: &[f64], intercept: f64) -> Result<Vec<f64>, Error> {
        check_len("coefficients", self.cols(), weights.len())?;
        let mut eta = vec![intercept; self.rows()];
        for (column, &weight) in weights.iter().enumerate().filter(|(_, weight)| **weight != 0.0) {
            match self {
                Self::Dense(matrix) => {
                    let values = matrix.col(column).iter();
                    eta.iter_mut().zip(values).for_each(|(eta, x)| *eta += weight * x);
                }
                Self::Sparse(matrix) => matrix.add(column, weight, &mut eta),
            }
        }
        Ok(eta)
    }

    /// Refuses entries that are missing or infinite, with their count.
    pub(crate) fn check_finite(&self) -> Result<(), Error> {
        let refused = |count, row, column, value| {
            let place = format!("row {row}, column {column}: {value}");
            Err(Error::Values { what: "features", expected: "finite numbers", count, place })
        };
        let (mut count, mut first) = (0, (0, 0, 0.0));
        let mut see = |row: usize, column: usize, value: f64| {
            if !value.is_finite() {
                first = if count == 0 { (row, column, value) } else { first };
                count += 1;
            }
        };
        for column in 0..self.cols() {
            match self {
                Self::Dense(matrix) => {
                    let values = || matrix.col(column).iter();
                    // Without a branch, for all is well nearly always.
                    if !values().fold(false, |any, value| any | !value.is_finite()) {
                        continue;
                    }
                    let values = values().enumerate();
                    values.for_each(|(row, &value)| see(row, column, value));
                }
                Self::Sparse(matrix) => {
                    matrix.pairs(column).for_each(|(row, value)| see(row, column, value));
                }
            }
        }
        if count == 0 { Ok(()) } else { refused(count, first.0, first.1, first.2) }
    }

    /// A copy of the rows that `rows` names, in that order.
    pub(crate) fn select(&self, rows: &[usize]) -> Selected {
        match self {
            Self::Dense(_) => Selected::Dense(self.columns_of(rows)),
            Self::Sparse(matrix) => Selected::Sparse(matrix.select(rows)),
        }
    }

    /// A copy of the rows that `rows` names, with its zeros.
    pub(crate) fn columns_of(&self, rows: &[usize]) -> Mat<f64> {
        let follow = rows.windows(2).all(|pair| pair[1] == pair[0] + 1);
        match self {
            Self::Dense(matrix) if follow && !rows.is_empty() => {
                matrix.subrows(rows[0], rows.len()).to_owned()
            }
            Self::Dense(matrix) => {
                Mat::from_fn(rows.len(), matrix.ncols(), |i, column| matrix[(rows[i], column)])
            }
            Self::Sparse(matrix) => {
                let (part, mut copy) = (matrix.select(rows), Mat::zeros(rows.len(), matrix.cols()));
                for column in 0..matrix.cols() {
                    part.add(column, 1.0, copy.col_as_slice_mut(column));
                }
                copy
            }
        }
    }

    /// A copy of the columns that `columns` names, in that order.
    pub(crate) fn select_columns(&self, columns: &[usize]) -> Selected {
        match self {
            Self::Dense(matrix) => {
                let copy = |row: usize, k: usize| matrix[(row, columns[k])];
                Selected::Dense(Mat::from_fn(matrix.nrows(), columns.len(), copy))
            }
            Self::Sparse(matrix) => {
                let mut selected = Csc::empty(matrix.rows());
                columns.iter().for_each(|&column| selected.push(matrix.pairs(column)));
                Selected::Sparse(selected)
            }
        }
    }
}

/// Part of a design that was copied out.
pub(crate) enum Selected {
    Dense(Mat<f64>),
    Sparse(Csc),
}

impl Selected {
    pub(crate) fn design(&self) -> Design<'_> {
        match self {
            Self::Dense(matrix) => Design::Dense(matrix.as_ref()),
            Self::Sparse(matrix) => Design::Sparse(matrix),
        }
    }
}

impl<'a> From<MatRef<'a, f64>> for Design<'a> {
    fn from(matrix: MatRef<'a, f64>) -> Self {
        Self::Dense(matrix)
    }
}

impl<'a> From<&'a Mat<f64>> for Design<'a> {
    fn from(matrix: &'a Mat<f64>) -> Self {
        Self::Dense(matrix.as_ref())
    }
}

impl<'a> From<&'a Csc> for Design<'a> {
    fn from(matrix: &'a Csc) -> Self {
        Self::Sparse(matrix)
    }
}

fn lines(values: &[f64], length: usize) -> Result<usize, Error> {
    let count = values.len().checked_div(length).unwrap_or(0);
    check_len("matrix", count * length, values.len())?;
    Ok(count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_multiplies_alike() {
        let by_rows = [1.0, 0.0, 2.0, 0.0, 3.0, 0.0];
        let by_columns = [1.0, 0.0, 0.0, 3.0, 2.0, 0.0];
        let sparse = Csc::from_columns(2, by_columns.chunks(2));
        let forms = [
            Design::from_rows(&by_rows, 3).unwrap(),
            Design::from_columns(&by_columns, 2).unwrap(),
            Design::from(&sparse),
        ];
        for form in forms {
            assert_eq!((form.rows(), form.cols()), (2, 3));
            assert_eq!(form.times(&[1.0, 10.0, 100.0], 0.5), Ok(vec![201.5, 30.5]));
            assert!(form.times(&[1.0], 0.0).is_err());
            let selected = form.select(&[1, 1, 0]);
            assert_eq!(selected.design().times(&[1.0, 1.0, 1.0], 0.0), Ok(vec![3.0, 3.0, 3.0]));
        }
        assert!(Design::from_rows(&by_rows, 4).is_err());
    }

    #[test]
    fn missing_values_are_counted() {
        let values = [1.0, f64::NAN, 2.0, f64::INFINITY];
        let error = Design::from_rows(&values, 2).unwrap().check_finite().unwrap_err();
        let expected = "features: expected finite numbers, found 2 other values, the first in row \
                        0, column 1: NaN";
        assert_eq!(error.to_string(), expected);
    }
}
