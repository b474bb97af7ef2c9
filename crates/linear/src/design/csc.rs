//! Sparse matrices by columns.

use crate::Error;

/// A matrix of which only the entries other than zero are stored, column by column (CSC).
///
/// The entries of column j are `indices[starts[j]..starts[j + 1]]` (row numbers, rising) and
/// `values` at the same places: `indptr`, `indices` and `data` of SciPy.
#[derive(Debug, Clone, PartialEq)]
pub struct Csc {
    rows: usize,
    starts: Vec<usize>,
    indices: Vec<usize>,
    values: Vec<f64>,
}

impl Csc {
    /// Puts a matrix of `rows` rows and `starts.len() - 1` columns together.
    ///
    /// # Errors
    /// [`Error::Sparse`] when `starts` does not rise from 0 to the number of entries, a row is not
    /// below `rows`, or the rows of a column do not rise.
    pub fn new(
        rows: usize,
        starts: Vec<usize>,
        indices: Vec<usize>,
        values: Vec<f64>,
    ) -> Result<Self, Error> {
        let refuse = |why| Err(Error::Sparse { why });
        if indices.len() != values.len() {
            let (rows, values) = (indices.len(), values.len());
            return refuse(format!("expected as many values as indices, {rows}, found {values}"));
        }
        let ends = (starts.first(), starts.last());
        if ends != (Some(&0), Some(&values.len())) || !starts.is_sorted() {
            let entries = values.len();
            return refuse(format!("expected starts that rise from 0 to {entries} (the entries)"));
        }
        for (column, ends) in starts.windows(2).enumerate() {
            let inside = &indices[ends[0]..ends[1]];
            if let Some(row) = inside.iter().find(|row| **row >= rows) {
                return refuse(format!("column {column}: expected rows below {rows}, found {row}"));
            }
            if let Some(pair) = inside.windows(2).find(|pair| pair[0] >= pair[1]) {
                let (a, b) = (pair[0], pair[1]);
                return refuse(format!(
                    "column {column}: expected rising rows, found {b} after {a}"
                ));
            }
        }
        Ok(Self { rows, starts, indices, values })
    }

    /// The entries other than zero of a matrix that is given by columns.
    pub fn from_columns<'a>(rows: usize, columns: impl IntoIterator<Item = &'a [f64]>) -> Self {
        let mut matrix = Self { rows, starts: vec![0], indices: vec![], values: vec![] };
        for column in columns {
            let entries = column.iter().take(rows).enumerate().filter(|(_, value)| **value != 0.0);
            matrix.push(entries.map(|(row, value)| (row, *value)));
        }
        matrix
    }

    /// Adds a column on the right, from entries whose rows rise.
    pub(crate) fn push(&mut self, entries: impl Iterator<Item = (usize, f64)>) {
        for (row, value) in entries {
            self.indices.push(row);
            self.values.push(value);
        }
        self.starts.push(self.values.len());
    }

    /// A matrix of no columns.
    pub(crate) fn empty(rows: usize) -> Self {
        Self { rows, starts: vec![0], indices: vec![], values: vec![] }
    }

    /// Rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Columns.
    pub fn cols(&self) -> usize {
        self.starts.len() - 1
    }

    /// Stored entries.
    pub fn entries(&self) -> usize {
        self.values.len()
    }

    /// The stored values, column after column.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// Row numbers and values of a column.
    pub fn column(&self, column: usize) -> (&[usize], &[f64]) {
        let range = self.starts[column]..self.starts[column + 1];
        (&self.indices[range.clone()], &self.values[range])
    }

    /// Row numbers and values of a column, in pairs.
    pub fn pairs(&self, column: usize) -> impl Iterator<Item = (usize, f64)> + '_ {
        let (rows, values) = self.column(column);
        rows.iter().copied().zip(values.iter().copied())
    }

    /// The rows that `rows` names, in that order; a row may be named several times.
    pub(crate) fn select(&self, rows: &[usize]) -> Self {
        let mut places = vec![vec![]; self.rows];
        rows.iter().enumerate().for_each(|(place, &row)| places[row].push(place));
        let mut selected = Self::empty(rows.len());
        for column in 0..self.cols() {
            let mut entries: Vec<(usize, f64)> = self
                .pairs(column)
                .flat_map(|(row, value)| places[row].iter().map(move |&place| (place, value)))
                .collect();
            entries.sort_unstable_by_key(|entry| entry.0);
            selected.push(entries.into_iter());
        }
        selected
    }

    /// Σ over the column's entries of value x `v`[row].
    pub(crate) fn dot(&self, column: usize, v: &[f64]) -> f64 {
        self.pairs(column).map(|(row, value)| value * v[row]).sum()
    }

    /// `v` += `factor` x column.
    pub(crate) fn add(&self, column: usize, factor: f64, v: &mut [f64]) {
        self.pairs(column).for_each(|(row, value)| v[row] += factor * value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_come_back() {
        let matrix = Csc::from_columns(3, [&[1.0, 0.0, 2.0][..], &[0.0; 3], &[0.0, 3.0, 0.0]]);
        assert_eq!((matrix.rows(), matrix.cols(), matrix.entries()), (3, 3, 3));
        assert_eq!(matrix.column(0), (&[0, 2][..], &[1.0, 2.0][..]));
        assert_eq!(matrix.column(1), (&[][..], &[][..]));
        let same = Csc::new(3, vec![0, 2, 2, 3], vec![0, 2, 1], vec![1.0, 2.0, 3.0]);
        assert_eq!(same, Ok(matrix));
    }

    #[test]
    fn rows_are_selected_in_order_and_repeatedly() {
        let matrix = Csc::from_columns(3, [&[1.0, 0.0, 2.0][..], &[0.0, 3.0, 0.0]]);
        let expected = Csc::from_columns(4, [&[2.0, 1.0, 2.0, 0.0][..], &[0.0, 0.0, 0.0, 3.0]]);
        assert_eq!(matrix.select(&[2, 0, 2, 1]), expected);
    }

    #[test]
    fn what_does_not_fit_together_is_refused() {
        let refused = |starts: &[usize], indices: &[usize]| {
            let values = vec![1.0; indices.len()];
            Csc::new(2, starts.to_vec(), indices.to_vec(), values).unwrap_err().to_string()
        };
        assert!(refused(&[0, 1], &[2]).contains("column 0: expected rows below 2, found 2"));
        assert!(refused(&[0, 2], &[1, 1]).contains("found 1 after 1"));
        assert!(refused(&[0, 2, 1], &[0, 1]).contains("starts that rise from 0 to 2"));
        assert!(refused(&[], &[]).contains("starts"));
        assert!(Csc::new(2, vec![0, 1], vec![0], vec![]).is_err());
    }
}
