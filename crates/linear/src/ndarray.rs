//! Views of ndarray as designs, without a copy.

use crate::{Design, Error};
use ndarray::ArrayView2;

/// Rows or columns that follow each other in memory; what is neither is to be copied first
/// (`as_standard_layout`).
impl<'a> TryFrom<ArrayView2<'a, f64>> for Design<'a> {
    type Error = Error;

    fn try_from(view: ArrayView2<'a, f64>) -> Result<Self, Error> {
        let (rows, cols) = view.dim();
        if let Some(values) = view.to_slice() {
            return Self::from_rows(values, cols);
        }
        if let Some(values) = view.reversed_axes().to_slice() {
            return Self::from_columns(values, rows);
        }
        let why = format!(
            "view of {rows} x {cols}: expected rows or columns that follow each other in memory, \
             found gaps"
        );
        Err(Error::Settings { why })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{Array2, s};

    #[test]
    fn views_multiply_as_their_arrays() {
        let array = Array2::from_shape_fn((3, 2), |(i, j)| (10 * i + j) as f64);
        let times = |view| Design::try_from(view).unwrap().times(&[1.0, 2.0], 0.0).unwrap();
        assert_eq!(times(array.view()), [2.0, 32.0, 62.0]);
        let turned = array.t().as_standard_layout().to_owned();
        assert_eq!(times(turned.t()), [2.0, 32.0, 62.0]);
        assert_eq!(times(array.slice(s![1.., ..])), [32.0, 62.0]);
        let gaps = Design::try_from(array.slice(s![.., ..1])).unwrap_err().to_string();
        assert!(gaps.contains("view of 3 x 1") && gaps.contains("found gaps"), "{gaps}");
    }
}
